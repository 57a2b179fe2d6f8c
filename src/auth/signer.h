/* SPDX-License-Identifier: Apache-2.0 */
/* Signers, as the rest of src/auth and src/client see them. */
#ifndef OKTA_AUTH_SIGNER_H
#define OKTA_AUTH_SIGNER_H

#include "auth/kid.h"
#include "core/buffer.h"
#include "okta/signer.h"

/* Who chose the kid of a signer. */
oktai_kid_origin oktai_signer_kid_origin(const okta_signer *signer);

/* Whether both have the same kid for different keys. */
bool oktai_signer_shares_kid(const okta_signer *a, const okta_signer *b);

/* Append `base64url(header).base64url(claims).base64url(signature)` (RFC 7515, section 7.1). `header` and
 * `claims` are JSON texts. Errors: OKTA_E_AUTH (the signer failed or gave no valid signature), OKTA_E_NOMEM;
 * then nothing is appended. */
okta_error *oktai_signer_sign_jws(const okta_signer *signer, const oktai_buffer *header,
                                  const oktai_buffer *claims, oktai_buffer *out);

/* Append the unsigned half of a JWS, `base64url(header).base64url(claims)`. False: out of memory. */
bool oktai_signer_add_unsigned(const oktai_buffer *header, const oktai_buffer *claims, oktai_buffer *out);

/* Append a signature, in whatever form the signer has, to the half that it signs; it may be none at all.
 * Errors: OKTA_E_AUTH, OKTA_E_NOMEM. */
okta_error *oktai_signer_add_signature(const okta_signer *signer, unsigned char signature[OKTA_SIGNATURE_MAX],
                                       size_t size, oktai_buffer *out);

#endif
