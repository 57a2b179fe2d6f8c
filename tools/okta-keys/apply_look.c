/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_look.h"

#include <stdlib.h>
#include <string.h>

/* The thumbprint of a key of the app. False: its material cannot be read. */
static bool take_thumbprint(const okta_oauth2_client_jwk *jwk, char out[OKTA_THUMBPRINT_SIZE],
                            okta_error **error)
{
    okta_key *key = NULL;
    *error = okta_key_from_jwk_model(jwk, &key);
    if (*error == NULL) {
        *error = okta_key_thumbprint(key, out);
    }
    okta_free(key);
    bool is_unreadable = okta_error_status(*error) == OKTA_E_ARG;
    if (is_unreadable) {
        okta_free(*error);
        *error = NULL;
    }
    return !is_unreadable && *error == NULL;
}

static okta_error *take_key(const okta_oauth2_client_jwk *jwk, char thumbprint[OKTA_THUMBPRINT_SIZE],
                            apply_held *out)
{
    okta_error *error = NULL;
    if (jwk->id == NULL) {
        return okta_error_new(OKTA_E_PROTOCOL, "Okta lists a key without an id");
    }
    *out = (apply_held){
        .id = jwk->id,
        .kid = jwk->kid,
        .alg = jwk->alg,
        .encrypts = jwk->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC,
        /* Older keys have no status, and work. */
        .is_active = jwk->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE,
    };
    out->thumbprint = take_thumbprint(jwk, thumbprint, &error) ? thumbprint : NULL;
    return error;
}

okta_error *apply_look_make(const apply_app *app, bool prune, okta_oauth2_client_jwk_list *keys,
                            apply_look *out)
{
    okta_error *error = NULL;
    *out = (apply_look){.keys = keys};
    if (keys == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    out->held = calloc(keys->count + 1, sizeof *out->held);
    out->thumbprints = calloc(keys->count + 1, sizeof *out->thumbprints);
    if (out->held == NULL || out->thumbprints == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    for (size_t i = 0; error == NULL && i < keys->count; i++) {
        error = take_key(keys->items[i], out->thumbprints[i], &out->held[i]);
    }
    const apply_question question = {
        .wanted = app->wanted,
        .wanted_count = app->count,
        .held = out->held,
        .held_count = keys->count,
        .line = app->line,
        .prune = prune,
    };
    if (error == NULL && !apply_plan_make(&question, &out->plan)) {
        error = okta_error_new(OKTA_E_NOMEM, NULL);
    }
    return error;
}

void apply_look_clear(apply_look *look)
{
    apply_plan_clear(&look->plan);
    free(look->held);
    free(look->thumbprints);
    okta_free(look->keys);
    *look = (apply_look){0};
}
