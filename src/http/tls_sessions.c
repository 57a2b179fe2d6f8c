/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_sessions.h"

#include <string.h>

static void empty(oktai_tls_sessions *sessions, unsigned at)
{
    SSL_SESSION_free(sessions->slots[at].session);
    X509_STORE_free(sessions->slots[at].store);
    sessions->slots[at].session = NULL;
    sessions->slots[at].store = NULL;
}

void oktai_tls_sessions_put(oktai_tls_sessions *sessions, X509_STORE *store, const char *host,
                            SSL_SESSION *session)
{
    size_t length = strlen(host);
    if (length >= OKTAI_TLS_HOST_MAX || X509_STORE_up_ref(store) != 1) {
        SSL_SESSION_free(session);
        return;
    }
    unsigned at = sessions->next;
    sessions->next = (at + 1) % OKTAI_TLS_SESSIONS;
    empty(sessions, at);
    sessions->slots[at].session = session;
    sessions->slots[at].store = store;
    memcpy(sessions->slots[at].host, host, length + 1);
}

SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const X509_STORE *store, const char *host)
{
    for (unsigned i = 1; i <= OKTAI_TLS_SESSIONS; i++) {
        unsigned at = (sessions->next + OKTAI_TLS_SESSIONS - i) % OKTAI_TLS_SESSIONS;
        SSL_SESSION *session = sessions->slots[at].session;
        /* One whose connection broke is resumable no more. */
        if (session == NULL || sessions->slots[at].store != store ||
            strcmp(sessions->slots[at].host, host) != 0 || SSL_SESSION_is_resumable(session) != 1) {
            continue;
        }
        if (SSL_SESSION_up_ref(session) != 1) {
            return NULL;
        }
        if (SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION) {
            empty(sessions, at);
        }
        return session;
    }
    return NULL;
}

void oktai_tls_sessions_clear(oktai_tls_sessions *sessions)
{
    for (unsigned i = 0; i < OKTAI_TLS_SESSIONS; i++) {
        empty(sessions, i);
    }
    sessions->next = 0;
}
