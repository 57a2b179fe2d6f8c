/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_sessions.h"

#include <stdlib.h>
#include <string.h>

static void empty(oktai_tls_sessions *sessions, unsigned at)
{
    SSL_SESSION_free(sessions->slots[at].session);
    free(sessions->slots[at].host);
    sessions->slots[at].session = NULL;
    sessions->slots[at].host = NULL;
}

void oktai_tls_sessions_put(oktai_tls_sessions *sessions, const char *host, SSL_SESSION *session)
{
    size_t size = strlen(host) + 1;
    SSL_SESSION *copy = SSL_SESSION_dup(session);
    char *name = malloc(size);
    if (copy == NULL || name == NULL) {
        SSL_SESSION_free(copy);
        free(name);
        return;
    }
    unsigned at = sessions->next;
    sessions->next = (at + 1) % OKTAI_TLS_SESSIONS;
    empty(sessions, at);
    memcpy(name, host, size);
    sessions->slots[at].session = copy;
    sessions->slots[at].host = name;
}

/* One of TLS 1.2 may serve several connections, and each writes to its own. */
static SSL_SESSION *hand_out(oktai_tls_sessions *sessions, unsigned at)
{
    SSL_SESSION *session = sessions->slots[at].session;
    if (SSL_SESSION_get_protocol_version(session) < TLS1_3_VERSION) {
        return SSL_SESSION_dup(session);
    }
    sessions->slots[at].session = NULL;
    empty(sessions, at);
    return session;
}

SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const char *host)
{
    for (unsigned i = 1; i <= OKTAI_TLS_SESSIONS; i++) {
        unsigned at = (sessions->next + OKTAI_TLS_SESSIONS - i) % OKTAI_TLS_SESSIONS;
        if (sessions->slots[at].session != NULL && strcmp(sessions->slots[at].host, host) == 0) {
            return hand_out(sessions, at);
        }
    }
    return NULL;
}

void oktai_tls_sessions_drop(oktai_tls_sessions *sessions)
{
    for (unsigned i = 0; i < OKTAI_TLS_SESSIONS; i++) {
        empty(sessions, i);
    }
}
