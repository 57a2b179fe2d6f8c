/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/description.h"

#include <stdio.h>

#include "core/arena.h"
#include "core/error.h"
#include "keys/jwk_view.h"

void oktai_key_describe(const oktai_key_curve *curve, size_t rsa_bits, char out[OKTA_KEY_DESCRIPTION_SIZE])
{
    if (curve != NULL) {
        snprintf(out, OKTA_KEY_DESCRIPTION_SIZE, "EC %s", curve->crv);
    } else {
        snprintf(out, OKTA_KEY_DESCRIPTION_SIZE, "RSA %zu", rsa_bits);
    }
}

okta_error *okta_jwk_description(const okta_oauth2_client_jwk *jwk, char out[OKTA_KEY_DESCRIPTION_SIZE])
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    out[0] = '\0';
    if (jwk == NULL) {
        return oktai_error_null("jwk");
    }
    okta_oauth2_client_jwk view;
    okta_error *error = oktai_jwk_view(jwk, &view);
    if (error != NULL) {
        return error;
    }
    const oktai_jwk_texts texts = oktai_jwk_view_texts(&view);
    oktai_arena arena = {0};
    oktai_key_parts parts;
    error = oktai_jwk_read(&texts, OKTAI_JWK_LENIENT, &arena, &parts);
    if (error == NULL) {
        oktai_key_describe(parts.curve, oktai_bytes_bits(parts.n), out);
    }
    oktai_arena_clear(&arena);
    return error;
}
