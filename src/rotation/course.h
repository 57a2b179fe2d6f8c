/* SPDX-License-Identifier: Apache-2.0 */
/* A rotation as a task of a loop: what it is at, what it waits for, and how it ends. */
#ifndef OKTA_ROTATION_COURSE_H
#define OKTA_ROTATION_COURSE_H

#include "rotation/run.h"

/* One that does steps by `rows`. NULL: out of memory. */
oktai_course *oktai_course_new(const oktai_step_row *rows);

/* Begin a run. As okta_rotation_submit(). */
okta_error *oktai_course_submit(oktai_course *self, okta_loop *loop, okta_rotation_done_fn *done, void *ctx);

/* From any thread. */
void oktai_course_cancel(oktai_course *self);

/* What steps use. */

bool oktai_course_is_plan(const oktai_course *self);
/* Seconds since 1970. */
int64_t oktai_course_now_s(const oktai_course *self);

/* Have a call run for the move at hand, which it takes; NULL: out of memory. */
okta_error *oktai_course_send(oktai_course *self, okta_call *call);
/* Have the program be asked for the move at hand. */
okta_error *oktai_course_ask_for(oktai_course *self, okta_rotation_ask_fn *function);
/* Have a key be made beside the loop, which comes as an answer of the program does. */
okta_error *oktai_course_make_beside(oktai_course *self);

/* Whether the move at hand is the first one of a rotation. */
bool oktai_course_is_first(const oktai_course *self);
/* Enter the one that is at hand into the journal, by this name. */
okta_error *oktai_course_enter_new(oktai_course *self, const char *name);

/* The run ends: it waits for a time, or all is done and the journal has forgotten it. */
void oktai_course_wait(oktai_course *self, int64_t until_s);
okta_error *oktai_course_finish(oktai_course *self);

#endif
