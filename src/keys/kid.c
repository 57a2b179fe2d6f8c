/* SPDX-License-Identifier: Apache-2.0 */
/* The kid of a key that nobody named: its thumbprint. */
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/growing.h"
#include "core/openssl.h"
#include "keys/jwk_view.h"
#include "keys/keys.h"
#include "keys/thumbprint.h"
#include "json/engine.h"

okta_error *oktai_jwk_thumbprint(const okta_oauth2_client_jwk *jwk, char out[OKTA_THUMBPRINT_SIZE])
{
    const oktai_jwk_texts given = oktai_jwk_view_texts(jwk);
    oktai_arena arena = {0};
    oktai_key_parts parts;
    oktai_jwk_texts texts;
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    error = oktai_jwk_read(&given, OKTAI_JWK_LENIENT, &arena, &parts);
    if (error == NULL) {
        error = oktai_jwk_write(&parts, &arena, &texts) ? oktai_thumbprint(&texts, out) : oktai_error_nomem();
    }
    oktai_arena_clear(&arena);
    return oktai_openssl_end(stretch, error);
}

okta_error *oktai_jwk_complete(oktai_arena *arena, const void **model)
{
    okta_oauth2_client_jwk jwk;
    okta_error *error = oktai_jwk_view(*model, &jwk);
    const okta_oauth2_client_jwk *given = *model;
    bool has_room = oktai_growing_has(given, offsetof(okta_oauth2_client_jwk, kid), sizeof jwk.kid);
    bool says_null = error == NULL && has_room && given->kid == OKTA_NULL;
    if (error != NULL || jwk.kid != NULL || says_null || oktai_extra_find(&jwk.model, "kid") != NULL) {
        return error;
    }
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    error = oktai_jwk_thumbprint(&jwk, thumbprint);
    if (error != NULL) {
        return error;
    }
    okta_oauth2_client_jwk *copy = oktai_arena_zalloc(arena, sizeof *copy);
    if (copy == NULL) {
        return oktai_error_nomem();
    }
    size_t size = given->model.struct_size < sizeof *copy ? given->model.struct_size : sizeof *copy;
    memcpy(copy, given, size);
    copy->model.struct_size = sizeof *copy;
    copy->kid = oktai_arena_strdup(arena, thumbprint);
    *model = copy;
    return copy->kid == NULL ? oktai_error_nomem() : NULL;
}
