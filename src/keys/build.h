/* SPDX-License-Identifier: Apache-2.0 */
/* From the pieces of a key to a key that is checked. */
#ifndef OKTA_KEYS_BUILD_H
#define OKTA_KEYS_BUILD_H

#include "keys/parts.h"
#include "okta/key.h"

/* Refuse a public half that is no key that Okta takes, or is weak, without making a key of it. To be called
 * inside a stretch of OpenSSL. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_key_check_public(const oktai_key_parts *parts);

/* Build a key, which is checked against all that key.h promises of one: kind, size, a public half that is
 * valid and not weak, and a private half that belongs to it. To be called inside a stretch of OpenSSL.
 * Errors: OKTA_E_ARG, OKTA_E_CONFIG (OpenSSL lacks an algorithm), OKTA_E_NOMEM. */
okta_error *oktai_key_build(const oktai_key_parts *parts, okta_key **out);

#endif
