/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop, as the rest of src/client sees it. */
#ifndef OKTA_CLIENT_LOOP_H
#define OKTA_CLIENT_LOOP_H

#include "client/task.h"
#include "okta/loop.h"

/* Why a loop takes nothing further; NULL: it does. */
okta_error *oktai_loop_refuse(const okta_loop *loop);
/* Have a loop run a task, at once for the first time. NULL, or why the loop does not take it. */
okta_error *oktai_loop_begin_task(okta_loop *loop, oktai_task *task);
/* From within its run: it was the last one. */
void oktai_loop_end_task(okta_loop *loop, oktai_task *task);
/* It is due. From any thread; what runs in the loop's thread may set `is_due` itself. */
void oktai_loop_wake_task(okta_loop *loop, oktai_task *task);

#endif
