/* SPDX-License-Identifier: Apache-2.0 */
/* What the public half of an RSA key must be. */
#ifndef OKTA_KEYS_RSA_PUBLIC_H
#define OKTA_KEYS_RSA_PUBLIC_H

#include "keys/bytes.h"
#include "okta/error.h"

/* Refuse an RSA public key that is not of a size that Okta takes, and one that anybody can break: with an
 * exponent that RSA does not allow or that only a short private exponent goes with, a small factor, two equal
 * factors, two that are close together or in the ratio of two small numbers, or the mark of a faulty
 * generator. Whether the modulus is the product of two primes is not found out:
 * that would take a hundred times as long as the request that the key is for. Numbers are without leading
 * zero octets. To be called inside a stretch of OpenSSL. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_rsa_check_public(oktai_bytes n, oktai_bytes e);

#endif
