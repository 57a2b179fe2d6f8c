/* SPDX-License-Identifier: Apache-2.0 */
/* Encrypted keys. */
#ifndef OKTA_KEYS_ENCRYPTED_H
#define OKTA_KEYS_ENCRYPTED_H

#include "core/openssl.h"
#include "keys/pem_text.h"
#include "okta/key.h"

/* Where a passphrase comes from. */
typedef struct oktai_passphrase {
    okta_passphrase_fn *ask; /* nullable */
    void *ctx;
} oktai_passphrase;

/* The stretch of OpenSSL is interrupted while the program is asked. Errors of both: OKTA_E_ARG, OKTA_E_NOMEM.
 */

/* Decrypt what stood behind headers (RFC 1421, section 4.6.1.3) in place. */
okta_error *oktai_traditional_decrypt(okta_text header, const oktai_passphrase *passphrase,
                                      oktai_arena *arena, oktai_openssl *stretch, oktai_octets *der);

/* Decrypt an EncryptedPrivateKeyInfo (RFC 5958, section 3). The PrivateKeyInfo in the arena takes its place.
 */
okta_error *oktai_pkcs8_decrypt(const oktai_passphrase *passphrase, oktai_arena *arena,
                                oktai_openssl *stretch, oktai_octets *der);

#endif
