/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL 3 marks engines as deprecated, and the compiler would warn of them. They are used since Debian 12
 * has no PKCS#11 provider. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "auth/openssl_engine.h"

#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <string.h>

#include "core/error.h"

#define ID_MAX 64u

#ifndef OPENSSL_NO_ENGINE

static ENGINE *open_engine(const char *id)
{
    OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL);
    ENGINE *engine = ENGINE_by_id(id);
    if (engine != NULL && ENGINE_init(engine) != 1) {
        ENGINE_free(engine);
        return NULL;
    }
    return engine;
}

okta_error *oktai_openssl_engine_load(const char *name, UI_METHOD *method, void *data, EVP_PKEY **out)
{
    char id[ID_MAX];
    size_t length = strcspn(name, ":");
    if (length == 0 || length >= sizeof id || name[length] != ':') {
        return oktai_error_new(OKTA_E_CONFIG, "the URI must name an engine, a colon and a key");
    }
    memcpy(id, name, length);
    id[length] = '\0';
    ENGINE *engine = open_engine(id);
    if (engine == NULL) {
        return oktai_error_new(OKTA_E_CONFIG,
                               "OpenSSL has no engine of the name in the URI, or cannot start it");
    }
    *out = ENGINE_load_private_key(engine, name + length + 1, method, data);
    /* The key has a reference of its own to the engine. */
    ENGINE_finish(engine);
    ENGINE_free(engine);
    return *out != NULL ? NULL : oktai_error_new(OKTA_E_CONFIG, "the engine cannot load the key of the URI");
}

#else

okta_error *oktai_openssl_engine_load(const char *name, UI_METHOD *method, void *data, EVP_PKEY **out)
{
    (void)name;
    (void)method;
    (void)data;
    *out = NULL;
    return oktai_error_new(OKTA_E_CONFIG, "OpenSSL is built without engines");
}

#endif
