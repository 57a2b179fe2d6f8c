/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer is decoded into, and whether nothing of it is lost. */
#ifndef OKTA_REPLAY_ANSWER_H
#define OKTA_REPLAY_ANSWER_H

#include "client/operation.h"
#include "exchange.h"
#include "run.h"

/* The model of a recorded answer; NULL: it has none. */
const okta_descriptor *answer_type(const oktai_operation *operation, const exchange *one);

/* Compare a decoded answer with its text, behind which a NUL stands, and count its members. `type` NULL: it
 * was decoded into nothing. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *answer_check(replay_run *run, oktai_arena *arena, const oktai_operation *operation,
                         const okta_descriptor *type, const void *model, const recorded_body *text);

/* Refuse a recorded answer without the body that its status brings. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *answer_check_presence(const oktai_operation *operation, const exchange *one);

#endif
