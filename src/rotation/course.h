/* SPDX-License-Identifier: Apache-2.0 */
/* A rotation as a task of a loop, which goes from stage to stage. A run begins in start.c and ends in
 * ending.c; between them the policy says what comes next, and a row of steps.c does it. */
#ifndef OKTA_ROTATION_COURSE_H
#define OKTA_ROTATION_COURSE_H

#include "rotation/run.h"

/* One that does steps by `rows`. NULL: out of memory. */
oktai_course *oktai_course_new(const oktai_step_row *rows);

/* Begin a run. As okta_rotation_submit(). */
okta_error *oktai_course_submit(oktai_course *self, okta_loop *loop, okta_rotation_done_fn *done, void *ctx);

/* From any thread. */
void oktai_course_cancel(oktai_course *self);

#endif
