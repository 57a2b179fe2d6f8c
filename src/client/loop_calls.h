/* SPDX-License-Identifier: Apache-2.0 */
/* The calls in an event loop. Each waits for something, or is ready to be stepped; the outcome of one that
 * has ended is told at once. */
#ifndef OKTA_CLIENT_LOOP_CALLS_H
#define OKTA_CLIENT_LOOP_CALLS_H

#include "client/call.h"
#include "client/loop_client.h"
#include "client/loop_waking.h"

typedef struct oktai_loop_calls {
    oktai_driver driver; /* the first member; of each of them */
    oktai_loop_waking *waking;
    oktai_list waiting; /* for anything */
    oktai_list ready;   /* to be stepped, in their turn */
} oktai_loop_calls;

/* A call in a loop; lies in the call's memory. */
typedef struct oktai_submission oktai_submission;

/* Empty. `waking` is the loop's. */
void oktai_loop_calls_init(oktai_loop_calls *calls, oktai_loop_waking *waking);
size_t oktai_loop_calls_count(const oktai_loop_calls *calls);

/* Room for all that a call will need in a loop, which it is not in yet. NULL: out of memory. */
oktai_submission *oktai_submission_new(okta_call *call, oktai_loop_client *its, okta_done_fn *done,
                                       void *ctx);
/* The call runs from here on, and is ready to be stepped. */
void oktai_loop_calls_add(oktai_loop_calls *calls, oktai_submission *self);
void oktai_loop_calls_cancel(const oktai_loop_calls *calls);

/* Take a call that was just submitted as far as it goes without waiting: its request leaves where the
 * connection takes it. In the loop's thread, while the loop is driven. */
void oktai_loop_calls_advance(okta_call *call);

/* Those that were woken become ready. */
void oktai_loop_calls_take_woken(oktai_loop_calls *calls);
/* Those of a client whose time is there, or whose requests have ended by now, become ready. */
void oktai_loop_calls_take_due(oktai_loop_client *its);
/* A socket of a client is ready for `what`. oktai_loop_calls_take_due() takes the calls whose requests end by
 * that. */
void oktai_loop_calls_take_input(oktai_loop_client *its, int socket, unsigned what);
/* Step those that are ready, and what that makes ready. */
void oktai_loop_calls_run(oktai_loop_calls *calls);

#endif
