/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>

#include "client/client.h"
#include "core/error.h"

static pthread_mutex_t init_lock = PTHREAD_MUTEX_INITIALIZER;
static bool initialised;
static bool tls_ready;

/* OpenSSL 3.0 crashes later when its default context could not be made for want of memory: so that comes
 * first, and each further step only behind a good one. */
static okta_error *init_libraries(void)
{
    if (OSSL_LIB_CTX_get0_global_default() == NULL || OPENSSL_init_crypto(0, NULL) != 1) {
        return okta_error_nomem();
    }
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code == CURLE_OUT_OF_MEMORY) {
        return okta_error_nomem();
    }
    if (code != CURLE_OK) {
        return okta_error_new(OKTA_E_TRANSPORT, "libcurl does not start: %s", curl_easy_strerror(code));
    }
    if (curl_version_info(CURLVERSION_NOW)->version_num < 0x075800) {
        return okta_error_new(OKTA_E_TRANSPORT, "libcurl is older than 7.88.0");
    }
    return NULL;
}

/* The random generator loads OpenSSL's providers, which costs as much as all else that starts; only TLS needs
 * it. */
static okta_error *init_tls(void)
{
    unsigned char byte;
    if (RAND_bytes(&byte, 1) != 1) {
        return okta_error_new(OKTA_E_CONFIG, "OpenSSL has no source of randomness");
    }
    return NULL;
}

okta_error *okta_init(bool tls)
{
    if (getenv("SSLKEYLOGFILE") != NULL) {
        return okta_error_new(OKTA_E_CONFIG,
                              "SSLKEYLOGFILE is set: libcurl would write TLS secrets to a file");
    }
    okta_error *error = NULL;
    pthread_mutex_lock(&init_lock);
    if (!initialised) {
        error = init_libraries();
        initialised = error == NULL;
    }
    if (error == NULL && tls && !tls_ready) {
        error = init_tls();
        tls_ready = error == NULL;
    }
    pthread_mutex_unlock(&init_lock);
    return error;
}
