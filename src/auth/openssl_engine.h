/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys behind engines of OpenSSL, which is how Debian 12 reaches PKCS#11 tokens. */
#ifndef OKTA_AUTH_OPENSSL_ENGINE_H
#define OKTA_AUTH_OPENSSL_ENGINE_H

#include <openssl/evp.h>
#include <openssl/ui.h>

#include "okta/error.h"

/* The scheme of URIs that name an engine. OpenSSL's own programs read such URIs, its library does not. */
#define OKTAI_OPENSSL_ENGINE_SCHEME "org.openssl.engine"

/* Load the private key that `name`, such as `pkcs11:pkcs11:token=okta`, says: an engine, a colon, and what
 * the engine calls the key. `method` and `data` answer its questions. To be called inside a stretch of
 * OpenSSL. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *oktai_openssl_engine_load(const char *name, UI_METHOD *method, void *data, EVP_PKEY **out);

#endif
