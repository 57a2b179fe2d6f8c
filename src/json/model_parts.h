/* SPDX-License-Identifier: Apache-2.0 */
/* What every model has in front of its members: extras, and the text that it came from. */
#ifndef OKTA_JSON_MODEL_PARTS_H
#define OKTA_JSON_MODEL_PARTS_H

#include <stdbool.h>

#include "core/arena.h"
#include "okta/model.h"

/* Extras of a model that was decoded, in the order of their names. It holds for that array and count only: a
 * program may give the model other extras. */
typedef struct okta_extra_index oktai_extra_index;

/* So many extras are looked through one by one. */
#define OKTAI_EXTRAS_FEW 64u

/* Make the index of a model with more than a few extras. False: out of memory. */
bool oktai_extras_sort(oktai_arena *arena, okta_model *model);

/* The first extra of that name; NULL: none. */
const okta_member *oktai_extra_find(const okta_model *model, const char *name);

/* Whether a model is an element of a list that was no object: it holds nothing but its text. */
bool oktai_model_is_blank(const okta_model *model);

#endif
