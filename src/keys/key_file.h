/* SPDX-License-Identifier: Apache-2.0 */
/* The private key that an option names: as text, or as a file. */
#ifndef OKTA_KEYS_KEY_FILE_H
#define OKTA_KEYS_KEY_FILE_H

#include <stdbool.h>

#include "okta/key.h"

/* Read a private key: text as keys/key_text.h tells, or else the path of a file with such text, which must be
 * as core/secret_file.h tells. `readable`: everyone may read the file. The text is wiped before it is freed.
 *
 * Errors, whose messages begin with "private_key" and never show key material: OKTA_E_ARG (NULL),
 * OKTA_E_CONFIG (no such key: all that okta_key_from_pem() and okta_key_from_jwk() refuse, a public key, a
 * key with a passphrase; or the file is refused), OKTA_E_NOMEM. `*out` is NULL after an error. */
okta_error *oktai_key_load(const char *text_or_path, bool readable, okta_key **out);

/* Whether the value is a path that may be shown. Text that is neither PEM nor a JWK may be damaged key
 * material: only what looks like a path, and unlike base64 and tokens, is shown, or what a file has for a
 * name. */
bool oktai_key_is_shown(const char *text_or_path);

#endif
