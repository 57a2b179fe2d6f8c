/* SPDX-License-Identifier: Apache-2.0 */
/* What time the server has. Signatures are dated by its clock, since it is the one that judges them. Pure. */
#ifndef OKTA_HTTP_SERVER_TIME_H
#define OKTA_HTTP_SERVER_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* A server's date is believed as far as it differs from the machine's time of day by no more than this. */
#define OKTAI_SKEW_MAX_MS 600000

/* Begins zeroed. Times of day are in milliseconds since 1970; `now_ms` never goes back and has any start. */
typedef struct oktai_server_time {
    bool begun;
    bool known;
    int64_t own_ms;    /* the machine's time of day, less `now_ms`, when this began */
    int64_t server_ms; /* the server's, less `now_ms` */
} oktai_server_time;

/* A server said that it is `date_s`. What the machine's clock said at the start counts too, so that a jump of
 * it does no harm. */
void oktai_server_time_learn(oktai_server_time *time, int64_t date_s, int64_t now_ms, int64_t wall_ms);

/* By how many seconds the machine's clock differs from a server's date, where that is more than is believed;
 * positive: it is behind. 0: the client makes up for it. */
int64_t oktai_server_time_excess_s(oktai_server_time *time, int64_t date_s, int64_t now_ms, int64_t wall_ms);

/* The server's time in seconds; the machine's while nothing is known. */
int64_t oktai_server_time_s(oktai_server_time *time, int64_t now_ms, int64_t wall_ms);

#endif
