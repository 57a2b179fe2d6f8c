/* SPDX-License-Identifier: Apache-2.0 */
/* What the public half of an EC key must be. */
#ifndef OKTA_KEYS_EC_PUBLIC_H
#define OKTA_KEYS_EC_PUBLIC_H

#include "keys/curves.h"
#include "okta/error.h"

/* Refuse what is no point of the curve. The curves have as many points as their order says, so that each of
 * their points is a public key. Of a compressed point only the form is looked at. OpenSSL would take eight
 * times as long, most of it to set the curve up. To be called inside a stretch of OpenSSL. Errors:
 * OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_ec_check_public(const oktai_key_curve *curve, oktai_bytes point);

#endif
