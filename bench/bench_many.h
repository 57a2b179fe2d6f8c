/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of scripts/bench-load have in common: their arguments, and what they print. */
#ifndef OKTA_BENCH_MANY_H
#define OKTA_BENCH_MANY_H

#include <stdbool.h>

#define BENCH_MANY_USERS 50 /* in a list */

/* PROGRAM URL CA_FILE|- key|users IN_FLIGHT WARM CALLS: so many calls in flight at a time, WARM of them
 * before the figures begin and CALLS while they are taken. */
typedef struct bench_many {
    const char *url;
    const char *ca_file; /* NULL: the URL is not https */
    bool users;          /* lists of users; else one key */
    unsigned in_flight;
    unsigned long warm;
    unsigned long calls;
} bench_many;

/* False: the arguments are not such. `warm` and `calls` become multiples of `in_flight`. */
bool bench_many_read(int argc, char **argv, bench_many *out);

/* Around what is measured. The second one prints calls, microseconds of CPU in user and in system mode, waits
 * (voluntary context switches) and microseconds by the clock, of this process. Under callgrind with
 * --instr-atstart=no, what is between them is what is counted. */
void bench_many_begin(void);
void bench_many_end(const bench_many *many);

/* Makes all calls on `in_flight` threads, each of which runs `call` with a context of its own. False: one of
 * them failed. */
bool bench_many_threads(const bench_many *many, bool (*call)(void *context), void *const *contexts);

#endif
