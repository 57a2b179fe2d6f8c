/* SPDX-License-Identifier: Apache-2.0 */
/* What a function of the API would be given for a recorded request. */
#ifndef OKTA_REPLAY_ARGUMENTS_H
#define OKTA_REPLAY_ARGUMENTS_H

#include "json_tree.h"
#include "okta/values.h"
#include "parts.h"
#include "route.h"

/* Zeroed before it is made. */
typedef struct arguments {
    void *params;       /* a root; NULL: none */
    const void *body;   /* as the row's kind of body wants it; NULL: none */
    void *model;        /* the root that `body` is, where it is a model; else NULL */
    json_node document; /* what the model was decoded from; OKTAI_JSON_INVALID: there is no model */
    okta_bytes bytes;
} arguments;

/* Whether the request was recorded without the body that its operation needs. */
bool arguments_lack_body(const route *of, const exchange *one);

/* Make them in the arena; the roots are released by arguments_clear(), also after an error. Where no function
 * takes a query, the one that was recorded is left out. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *arguments_make_body(oktai_arena *arena, const route *of, const exchange *one, arguments *out);
okta_error *arguments_make_params(oktai_arena *arena, const route *of, const exchange *one, arguments *out);

void arguments_clear(arguments *self);

#endif
