/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/assertion.h"

#include <openssl/rand.h>

#include "auth/jwt.h"
#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"
#include "core/openssl.h"

#define JTI_BYTES 16u

_Static_assert(OKTAI_JTI_SIZE == (JTI_BYTES * 8 + 5) / 6 + 1, "base64url of the bytes, and a NUL");

/* OpenSSL seeds anew in a child process, so that parent and child draw different ones. */
okta_error *oktai_jti(char out[OKTAI_JTI_SIZE])
{
    unsigned char bytes[JTI_BYTES];
    out[0] = '\0';
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    if (RAND_bytes(bytes, sizeof bytes) == 1) {
        oktai_base64url_encode(bytes, sizeof bytes, out);
    } else {
        error = oktai_error_new(OKTA_E_CONFIG, "OpenSSL has no randomness");
    }
    oktai_wipe(bytes, sizeof bytes);
    return oktai_openssl_end(stretch, error);
}

static okta_error *finish(oktai_jwt *jwt, bool added, const oktai_assertion *assertion, oktai_buffer *out)
{
    oktai_buffer message = {0};
    if (!oktai_signer_is_late(assertion->signer)) {
        return oktai_jwt_finish(jwt, added, assertion->signer, out);
    }
    okta_error *error = oktai_jwt_finish(jwt, added, NULL, &message);
    if (error == NULL) {
        error = oktai_later_begin(assertion->later, assertion->signer, &message);
    }
    oktai_buffer_clear(&message);
    return error;
}

okta_error *oktai_assertion_write(const oktai_assertion *assertion, oktai_buffer *out)
{
    if (oktai_later_is_asked(assertion->later)) {
        return oktai_later_take(assertion->later, out);
    }
    char jti[OKTAI_JTI_SIZE];
    okta_error *error = oktai_jti(jti);
    if (error != NULL) {
        return error;
    }
    const okta_signer *signer = assertion->signer;
    int64_t now_s = assertion->now_s;
    oktai_jwt jwt = {0};
    bool added =
        oktai_jwt_text(&jwt.header, "alg", okta_signer_alg(signer)) &&
        oktai_jwt_text(&jwt.header, "typ", assertion->type == NULL ? "JWT" : assertion->type) &&
        oktai_jwt_text(&jwt.header, "kid", assertion->without_kid ? NULL : okta_signer_kid(signer)) &&
        oktai_jwt_text(&jwt.claims, "iss", assertion->client_id) &&
        oktai_jwt_text(&jwt.claims, "sub", assertion->client_id) &&
        oktai_jwt_text(&jwt.claims, "aud", assertion->audience) &&
        /* a clock that stands at 1970 gives no negative date */
        oktai_jwt_number(&jwt.claims, "iat",
                         now_s > OKTAI_ASSERTION_BACKDATE_S ? now_s - OKTAI_ASSERTION_BACKDATE_S : 0) &&
        oktai_jwt_number(&jwt.claims, "exp", now_s + OKTAI_ASSERTION_LIFE_S) &&
        oktai_jwt_text(&jwt.claims, "jti", jti);
    oktai_wipe(jti, sizeof jti);
    return finish(&jwt, added, assertion, out);
}
