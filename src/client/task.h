/* SPDX-License-Identifier: Apache-2.0 */
/* What a loop does beside its calls, such as a batch that reads on. It is run in the loop's thread whenever
 * it is due, and the loop is not at its end before it. */
#ifndef OKTA_CLIENT_TASK_H
#define OKTA_CLIENT_TASK_H

#include <stdatomic.h>

#include "okta/loop.h"

typedef struct oktai_task {
    struct oktai_task *next;
    atomic_bool is_due;
    void (*run)(struct oktai_task *task);
    /* The loop is canceled or released: it ends in one of its next runs. */
    void (*cancel)(struct oktai_task *task);
} oktai_task;

/* Why a loop takes nothing further; NULL: it does. */
okta_error *oktai_loop_refuse(const okta_loop *loop);
/* Have a loop run it, at once for the first time. NULL, or why the loop does not take it. */
okta_error *oktai_loop_begin_task(okta_loop *loop, oktai_task *task);
/* From within its run: it was the last one. */
void oktai_loop_end_task(okta_loop *loop, oktai_task *task);
/* It is due. From any thread; what runs in the loop's thread may set `is_due` itself. */
void oktai_loop_wake_task(okta_loop *loop, oktai_task *task);

/* Take a call that was just submitted as far as it goes without waiting: its request leaves where the
 * connection takes it. In the loop's thread, while the loop is driven. */
void oktai_loop_advance(okta_call *call);

#endif
