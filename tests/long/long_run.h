/* SPDX-License-Identifier: Apache-2.0 */
/* What the long runs have in common: a server, clients, calls one behind the other in a loop, and figures. */
#ifndef OKTA_TESTS_LONG_RUN_H
#define OKTA_TESTS_LONG_RUN_H

#include <stddef.h>

#include "client/client.h"
#include "long/long_server.h"
#include "okta/loop.h"
#include "okta/okta.h"

/* How much is done. */
typedef struct long_size {
    unsigned rate_calls;
    unsigned rounds; /* of calls beside sleepers, at most */
    unsigned memory_calls;
    unsigned clients;
} long_size;

/* Each is a run; false: a figure is above its limit, or something failed. */
bool long_run_rate(const long_size *size);
bool long_run_waiters(const long_size *size);
bool long_run_sleepers(const long_size *size);
bool long_run_memory(const long_size *size);
bool long_run_clients(const long_size *size);
bool long_run_cancel(const long_size *size);

/* Prints `name`: a figure with its limit. Returns whether it keeps it. */
bool long_figure(const char *name, double figure, double limit, const char *unit);
/* On a terminal: how far a run is. */
void long_progress(const char *name, unsigned long done, unsigned long all);

/* Ends the program when there is none. With `virtual` its clock is the server's, which passes when a call
 * waits. */
okta_client *long_client(const long_server *server, unsigned max_in_flight, bool virtual);
okta_loop *long_loop(void);

/* Calls for keys in a loop, in `chains` of them: each call begins when the one before it in its chain ended.
 */
typedef struct long_chains {
    const char *name; /* for progress; NULL: none is shown */
    okta_client *client;
    okta_loop *loop;
    unsigned chains;
    unsigned calls; /* of all chains */
    unsigned begun;
    unsigned ended;
    unsigned failed;
    unsigned next[LONG_APPS]; /* number of the chain's next call */
} long_chains;

/* Runs them to their end. False: one failed. */
bool long_chains_run(long_chains *self);

/* Of this process: resident memory, and what is allocated. */
long long_rss_bytes(void);
double long_heap_bytes(void);
unsigned long_descriptors(void);

/* CPU time and voluntary context switches. */
typedef struct long_cost {
    double cpu_us;
    double switches;
} long_cost;

long_cost long_cost_now(void);

#endif
