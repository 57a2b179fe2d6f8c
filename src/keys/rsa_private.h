/* SPDX-License-Identifier: Apache-2.0 */
/* What the private half of an RSA key must be. */
#ifndef OKTA_KEYS_RSA_PRIVATE_H
#define OKTA_KEYS_RSA_PRIVATE_H

#include <openssl/evp.h>

#include "keys/parts.h"
#include "okta/error.h"

/* Refuse an RSA private key that lacks a number, whose numbers do not fit together as RFC 8017, section 3.2,
 * says, or that is weak in a way that its public half does not show: primes of very different lengths, that
 * are close together or in the ratio of two small numbers, or a short `d`. `parts` have passed
 * oktai_rsa_check_public(). Errors: OKTA_E_ARG, OKTA_E_NOMEM. To be called inside a stretch of OpenSSL. */
okta_error *oktai_rsa_check_private(const oktai_key_parts *parts);

/* Refuse the OpenSSL key of such parts when what it signs does not verify, which shows that p or q is no
 * prime. EVP_PKEY_pairwise_check() takes ten times as long and leaves p - 1 and q - 1 in memory. Errors:
 * OKTA_E_ARG. To be called inside a stretch of OpenSSL. */
okta_error *oktai_rsa_check_signature(EVP_PKEY *pkey);

#endif
