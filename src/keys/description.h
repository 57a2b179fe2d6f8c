/* SPDX-License-Identifier: Apache-2.0 */
/* A key's kind, for people. */
#ifndef OKTA_KEYS_DESCRIPTION_H
#define OKTA_KEYS_DESCRIPTION_H

#include "keys/curves.h"
#include "okta/key.h"

/* "EC " and the curve; where `curve` is NULL, "RSA " and the bits. */
void oktai_key_describe(const oktai_key_curve *curve, size_t rsa_bits, char out[OKTA_KEY_DESCRIPTION_SIZE]);

#endif
