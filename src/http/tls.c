/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "http/tls_sessions.h"
#include "http/trust.h"

/* So old may what was read become. */
#define TRUST_MAX_AGE_MS 600000

struct oktai_tls {
    const char *ca_file;
    pthread_mutex_t lock; /* of what follows */
    oktai_trust trust;
    oktai_trust_reach reach;
    int64_t read_ms;
    oktai_tls_sessions sessions; /* with servers that `trust` verified */
};

bool oktai_tls_is_available(void)
{
    static const char name[] = "OpenSSL/";
    const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return theirs != NULL && strncmp(theirs, name, sizeof name - 1) == 0 &&
           strcmp(theirs + sizeof name - 1, OpenSSL_version(OPENSSL_VERSION_STRING)) == 0;
}

oktai_tls *oktai_tls_new(const char *ca_file)
{
    oktai_tls *tls = calloc(1, sizeof *tls);
    if (tls != NULL) {
        tls->ca_file = ca_file;
        pthread_mutex_init(&tls->lock, NULL);
    }
    return tls;
}

void oktai_tls_free(oktai_tls *tls)
{
    if (tls == NULL) {
        return;
    }
    oktai_tls_sessions_drop(&tls->sessions);
    oktai_trust_clear(&tls->trust);
    pthread_mutex_destroy(&tls->lock);
    oktai_wipe(tls, sizeof *tls);
    free(tls);
}

/* The lock is held. */
static okta_error *read_trust(oktai_tls *tls, oktai_trust_reach reach)
{
    oktai_trust trust = {0};
    okta_error *error = oktai_trust_read(tls->ca_file, reach, &trust);
    if (error == NULL) {
        oktai_tls_sessions_drop(&tls->sessions);
        oktai_trust_clear(&tls->trust);
        tls->trust = trust;
        tls->reach = reach;
    }
    return error;
}

/* The lock is held. */
static okta_error *renew_trust(oktai_tls *tls, int64_t now_ms)
{
    bool old = tls->trust.store == NULL || now_ms - tls->read_ms >= TRUST_MAX_AGE_MS;
    if (!old && !oktai_trust_is_outdated(&tls->trust)) {
        return NULL;
    }
    okta_error *error = read_trust(tls, tls->reach);
    if (error == NULL) {
        tls->read_ms = now_ms;
    } else if (!old) {
        okta_free(error); /* a file that is being written may be whole at the next look */
        error = NULL;
    }
    return error;
}

/* The lock is held. NULL: it has no more references to give. */
static X509_STORE *share_store(oktai_tls *tls)
{
    return X509_STORE_up_ref(tls->trust.store) == 1 ? tls->trust.store : NULL;
}

okta_error *oktai_tls_store(oktai_tls *tls, int64_t now_ms, X509_STORE **out)
{
    pthread_mutex_lock(&tls->lock);
    okta_error *error = renew_trust(tls, now_ms);
    *out = error == NULL ? share_store(tls) : NULL;
    pthread_mutex_unlock(&tls->lock);
    return error;
}

X509_STORE *oktai_tls_widen(oktai_tls *tls, const X509_STORE *store)
{
    pthread_mutex_lock(&tls->lock);
    if (tls->trust.store == store && tls->trust.has_more) {
        okta_free(read_trust(tls, OKTAI_TRUST_WHOLE));
    }
    X509_STORE *wider = tls->trust.store == store ? NULL : share_store(tls);
    pthread_mutex_unlock(&tls->lock);
    return wider;
}

void oktai_tls_keep_session(oktai_tls *tls, const X509_STORE *store, const char *host, SSL_SESSION *session)
{
    pthread_mutex_lock(&tls->lock);
    if (tls->trust.store == store) {
        oktai_tls_sessions_put(&tls->sessions, host, session);
    }
    pthread_mutex_unlock(&tls->lock);
}

SSL_SESSION *oktai_tls_take_session(oktai_tls *tls, const X509_STORE *store, const char *host)
{
    pthread_mutex_lock(&tls->lock);
    SSL_SESSION *session = tls->trust.store == store ? oktai_tls_sessions_take(&tls->sessions, host) : NULL;
    pthread_mutex_unlock(&tls->lock);
    return session;
}

void oktai_tls_drop_sessions(oktai_tls *tls)
{
    pthread_mutex_lock(&tls->lock);
    oktai_tls_sessions_drop(&tls->sessions);
    pthread_mutex_unlock(&tls->lock);
}
