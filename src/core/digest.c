/* SPDX-License-Identifier: Apache-2.0 */
#include "core/digest.h"

#include <openssl/evp.h>

#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"
#include "core/openssl.h"

#define SHA256_BYTES 32u

okta_error *oktai_digest_within(const char *text, size_t length, char out[OKTAI_DIGEST_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    okta_error *error = NULL;
    out[0] = '\0';
    if (EVP_Q_digest(NULL, "SHA256", NULL, text, length, digest, &size) == 1 && size == SHA256_BYTES) {
        oktai_base64url_encode(digest, size, out);
    } else {
        error = oktai_error_new(OKTA_E_CONFIG, "OpenSSL cannot compute SHA-256");
    }
    oktai_wipe(digest, sizeof digest);
    return error;
}

okta_error *oktai_digest(const char *text, size_t length, char out[OKTAI_DIGEST_SIZE])
{
    oktai_openssl stretch;
    out[0] = '\0';
    okta_error *error = oktai_openssl_begin(&stretch);
    return error != NULL ? error : oktai_openssl_end(stretch, oktai_digest_within(text, length, out));
}
