/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/thumbprint.h"

#include <stdio.h>

#include "core/digest.h"

_Static_assert(OKTA_THUMBPRINT_SIZE == OKTAI_DIGEST_SIZE, "a thumbprint is a SHA-256 in base64url");

/* {"e":"...","kty":"RSA","n":"..."} of the largest key */
#define CANONICAL_MAX 2800u

/* RFC 7638, section 3: the required members in the order of their names, without white space. */
okta_error *oktai_thumbprint(const oktai_jwk_texts *texts, char out[OKTA_THUMBPRINT_SIZE])
{
    char canonical[CANONICAL_MAX];
    int length;
    if (texts->crv != NULL) {
        length =
            snprintf(canonical, sizeof canonical, "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}",
                     texts->crv, texts->x, texts->y);
    } else {
        length = snprintf(canonical, sizeof canonical, "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}",
                          texts->e, texts->n);
    }
    return oktai_digest_within(canonical, (size_t)length, out);
}
