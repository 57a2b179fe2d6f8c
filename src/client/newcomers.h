/* SPDX-License-Identifier: Apache-2.0 */
/* What a create left behind whose result cannot be told from others: the ids in its list that were not there
 * before. */
#ifndef OKTA_CLIENT_NEWCOMERS_H
#define OKTA_CLIENT_NEWCOMERS_H

#include "client/call.h"

/* Note what there is. Takes the list. Errors: OKTA_E_NOMEM. */
okta_error *oktai_newcomers_note(const okta_call *call, oktai_any_list *list, oktai_known_ids *out);

/* Returns `unknown`, which it takes, with the ids in the list that the call did not note before. It says
 * nothing of them where the call is over or memory is out. */
okta_error *oktai_newcomers_report(const okta_call *call, okta_error *unknown, const oktai_any_list *list);

#endif
