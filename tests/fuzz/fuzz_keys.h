/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every key that was read from a text. */
#ifndef OKTA_TESTS_FUZZ_FUZZ_KEYS_H
#define OKTA_TESTS_FUZZ_FUZZ_KEYS_H

#include "okta/key.h"

/* OpenSSL judges an RSA modulus by chance: one that is no product of two large primes passes at times. From
 * here on chance takes the same course as after every other call, so that a key gets the same verdict twice.
 */
void fuzz_rewind_chance(void);

/* It has a name and a thumbprint, its request passes the checks of requests and is the same key, and so is
 * its PEM. OpenSSL's error queue is empty. */
void fuzz_check_key(const okta_key *key);

#endif
