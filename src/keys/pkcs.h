/* SPDX-License-Identifier: Apache-2.0 */
/* The forms in which keys stand in PEM blocks, between DER and parts. */
#ifndef OKTA_KEYS_PKCS_H
#define OKTA_KEYS_PKCS_H

#include "keys/der.h"
#include "keys/key.h"
#include "keys/parts.h"

typedef enum oktai_key_form {
    OKTAI_FORM_PKCS8,       /* PrivateKeyInfo: RFC 5208, section 5, and RFC 5958, section 2 */
    OKTAI_FORM_RSA_PRIVATE, /* RFC 8017, appendix A.1.2 */
    OKTAI_FORM_EC_PRIVATE,  /* RFC 5915, section 3 */
    OKTAI_FORM_SPKI,        /* SubjectPublicKeyInfo: RFC 5280, section 4.1.2.7 */
    OKTAI_FORM_RSA_PUBLIC,  /* RFC 8017, appendix A.1.1 */
} oktai_key_form;

/* The parts of a key, which point into `der`. To be called inside a stretch of OpenSSL. Errors: OKTA_E_ARG,
 * OKTA_E_NOMEM. */
okta_error *oktai_key_read_der(oktai_key_form form, oktai_bytes der, oktai_key_parts *out);

/* Bytes that hold the PrivateKeyInfo of any key. */
#define OKTAI_PKCS8_MAX (8 * (OKTAI_RSA_BYTES_MAX + 5) + 64)

/* Write a private key as PrivateKeyInfo that stops short of `end`, the end of OKTAI_PKCS8_MAX bytes. Returns
 * where it starts; NULL: out of memory. */
const unsigned char *oktai_key_write_der(const okta_key *key, unsigned char *end);

#endif
