/* SPDX-License-Identifier: Apache-2.0 */
/* What a create left behind whose result cannot be told from others: the ids in its list that were not there
 * before. */
#ifndef OKTA_CLIENT_NEWCOMERS_H
#define OKTA_CLIENT_NEWCOMERS_H

#include "client/look.h"

/* The ids that were there before, in order. A zeroed one is empty. */
typedef struct oktai_known_ids {
    oktai_any_list *list; /* that the ids are texts of */
    oktai_arena arena;
    const char **ids;
    size_t count;
} oktai_known_ids;

/* Note what there is. */
okta_error *oktai_newcomers_note(okta_call *call, oktai_known_ids *out);
void oktai_known_ids_clear(oktai_known_ids *known);

/* Look at the list again. Returns `unknown`, which it takes, with the ids that are there since. It says
 * nothing of them where the list cannot be had, the call is over or memory is out. */
okta_error *oktai_newcomers_report(okta_call *call, okta_error *unknown, const oktai_known_ids *known);

#endif
