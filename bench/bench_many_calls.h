/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of scripts/bench-load that use libokta have in common. */
#ifndef OKTA_BENCH_MANY_CALLS_H
#define OKTA_BENCH_MANY_CALLS_H

#include <okta/okta.h>

#include "bench_many.h"

/* Whether there is no error; says what there is, and frees it. */
bool bench_many_ended(okta_error *error);

/* The client of all calls. NULL: said why not. */
okta_client *bench_many_client(const bench_many *many);

/* One of the calls, and whether what it brought is good. */
okta_call *bench_many_begin_call(okta_client *client, bool users);
bool bench_many_take(okta_call *call, bool users);

#endif
