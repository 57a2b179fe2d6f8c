/* SPDX-License-Identifier: Apache-2.0 */
/* A recorded call, made through the client. */
#ifndef OKTA_REPLAY_CALL_H
#define OKTA_REPLAY_CALL_H

#include "route.h"
#include "run.h"

/* Make the call, and compare what arrived at the run's server, if it has one, and what came back. Returns
 * what differs; NULL: nothing. */
okta_error *call_play(replay_run *run, oktai_arena *arena, const route *of, const exchange *one);

#endif
