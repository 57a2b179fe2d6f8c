/* SPDX-License-Identifier: Apache-2.0 */
/* What every model has in front of its members: extras, and the text that it came from. */
#ifndef OKTA_JSON_MODEL_PARTS_H
#define OKTA_JSON_MODEL_PARTS_H

#include <stdbool.h>

#include "core/arena.h"
#include "okta/model.h"
#include "json/descriptor.h"

/* Extras of a model in the order of their names. It holds for that array and count only: a program may give
 * the model other extras. */
typedef struct okta_extra_index oktai_extra_index;

/* So many extras are looked through one by one. */
#define OKTAI_EXTRAS_FEW 64u

/* Make the index of a model with more than a few extras. False: out of memory. */
bool oktai_extras_sort(oktai_arena *arena, okta_model *model);

/* Whether all extras have names, as those that are sorted have. */
bool oktai_extras_have_names(const okta_model *model);

/* Replace the extras of that name by one, or append it. What it points to lives in the arena. False: out of
 * memory, and the model is as it was. No extra of the model is without a name. */
bool oktai_extras_put(oktai_arena *arena, okta_model *model, const okta_member *extra);

/* Remove the extras of that name. The same holds. */
bool oktai_extras_remove(oktai_arena *arena, okta_model *model, const char *name);

/* The first extra of that name; NULL: none. */
const okta_member *oktai_extra_find(const okta_model *model, const char *name);

/* Whether the row's member shows what an extra of its name holds. Such an extra has the row's own name for
 * its name; one that nothing shows has a copy. */
bool oktai_extra_is_shown(const okta_member *extra, const oktai_row *row);

/* Whether an extra stands for null. */
bool oktai_member_is_null(const okta_member *member);

/* Whether a model is an element of a list that was no object: it holds nothing but its text. */
bool oktai_model_is_blank(const okta_model *model);

#endif
