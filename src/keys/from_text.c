/* SPDX-License-Identifier: Apache-2.0 */
/* A key in any shape that cannot mean another one. */
#include "core/error.h"
#include "keys/key.h"
#include "keys/key_text.h"

#define TEXT_MAX 65536u

/* What the text is belongs to the caller here, not to an option. */
static okta_error *refused_text(okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_CONFIG) {
        return error;
    }
    okta_error *refused = oktai_error_new(OKTA_E_ARG, "%s", okta_error_message(error));
    okta_free(error);
    return refused;
}

okta_error *okta_key_from_text(const char *text, size_t length, okta_passphrase_fn *passphrase, void *ctx,
                               okta_key **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (text == NULL) {
        return oktai_error_null("text");
    }
    if (length > TEXT_MAX) {
        return oktai_error_new(OKTA_E_ARG, "the key is longer than %u bytes", TEXT_MAX);
    }
    oktai_buffer plain = {0};
    oktai_key_shape shape = OKTAI_KEY_SHAPE_NONE;
    okta_error *error = refused_text(oktai_key_text_read(text, length, &plain, &shape));
    if (error == NULL && shape == OKTAI_KEY_SHAPE_JWK) {
        error = okta_key_from_jwk(plain.data, plain.length, out);
    } else if (error == NULL && shape == OKTAI_KEY_SHAPE_PEM) {
        error = okta_key_from_pem(plain.data, plain.length, passphrase, ctx, out);
    } else if (error == NULL) {
        error = oktai_error_new(OKTA_E_ARG, "the text %s", oktai_key_text_other(text, length));
    }
    oktai_buffer_clear(&plain);
    return error;
}
