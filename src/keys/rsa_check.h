/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the private half of an RSA key belongs to its public half. */
#ifndef OKTA_KEYS_RSA_CHECK_H
#define OKTA_KEYS_RSA_CHECK_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "keys/parts.h"

/* `parts` are those of `pkey`, and private. The numbers fit together as RFC 8017, section 3.2, says, and a
 * signature verifies, which it does not where p or q is no prime. EVP_PKEY_pairwise_check() takes ten times
 * as long and leaves p - 1 and q - 1 in memory. False: they do not, or memory is out. */
bool oktai_rsa_belongs(EVP_PKEY *pkey, const oktai_key_parts *parts);

#endif
