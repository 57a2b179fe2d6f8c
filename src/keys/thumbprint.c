/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/thumbprint.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "core/base64url.h"
#include "core/error.h"

/* {"e":"...","kty":"RSA","n":"..."} of the largest key */
#define CANONICAL_MAX 2800u

/* RFC 7638, section 3: the required members in the order of their names, without white space. */
okta_error *oktai_thumbprint(const oktai_jwk_texts *texts, char out[OKTA_THUMBPRINT_SIZE])
{
    char canonical[CANONICAL_MAX];
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t size = 0;
    int length;
    if (texts->crv != NULL) {
        length =
            snprintf(canonical, sizeof canonical, "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}",
                     texts->crv, texts->x, texts->y);
    } else {
        length = snprintf(canonical, sizeof canonical, "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}",
                          texts->e, texts->n);
    }
    if (EVP_Q_digest(NULL, "SHA256", NULL, canonical, (size_t)length, digest, &size) != 1) {
        return oktai_error_new(OKTA_E_CONFIG, "OpenSSL cannot compute SHA-256");
    }
    oktai_base64url_encode(digest, size, out);
    return NULL;
}
