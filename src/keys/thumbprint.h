/* SPDX-License-Identifier: Apache-2.0 */
/* The thumbprint that names a key (RFC 7638). */
#ifndef OKTA_KEYS_THUMBPRINT_H
#define OKTA_KEYS_THUMBPRINT_H

#include "keys/jwk_text.h"
#include "okta/key.h"

/* The thumbprint of the public members, which are as oktai_jwk_write() writes them. To be called inside a
 * stretch of OpenSSL. Errors: OKTA_E_CONFIG (OpenSSL has no SHA-256). */
okta_error *oktai_thumbprint(const oktai_jwk_texts *texts, char out[OKTA_THUMBPRINT_SIZE]);

#endif
