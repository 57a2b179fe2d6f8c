/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_sessions.h"

#include <string.h>

/* A session holds the peer's own certificate, and a ticket of the server's. */
#define SESSION_BYTES_MAX 65536

static bool write_session(const SSL_SESSION *session, oktai_buffer *out)
{
    int length = i2d_SSL_SESSION(session, NULL);
    if (length <= 0 || length > SESSION_BYTES_MAX || !oktai_buffer_reserve(out, (size_t)length)) {
        return false;
    }
    unsigned char *at = (unsigned char *)out->data;
    out->length = (size_t)i2d_SSL_SESSION(session, &at);
    return true;
}

void oktai_tls_sessions_put(oktai_tls_sessions *sessions, const char *host, const SSL_SESSION *session)
{
    size_t length = strlen(host);
    oktai_buffer bytes = {0};
    if (length >= OKTAI_TLS_HOST_MAX || !write_session(session, &bytes)) {
        oktai_buffer_clear(&bytes);
        return;
    }
    unsigned at = sessions->next;
    sessions->next = (at + 1) % OKTAI_TLS_SESSIONS;
    oktai_buffer_clear(&sessions->slots[at].bytes);
    sessions->slots[at].bytes = bytes;
    memcpy(sessions->slots[at].host, host, length + 1);
}

SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const char *host)
{
    for (unsigned i = 1; i <= OKTAI_TLS_SESSIONS; i++) {
        unsigned at = (sessions->next + OKTAI_TLS_SESSIONS - i) % OKTAI_TLS_SESSIONS;
        oktai_buffer *bytes = &sessions->slots[at].bytes;
        if (bytes->length > 0 && strcmp(sessions->slots[at].host, host) == 0) {
            const unsigned char *data = (const unsigned char *)bytes->data;
            SSL_SESSION *session = d2i_SSL_SESSION(NULL, &data, (long)bytes->length);
            oktai_buffer_clear(bytes);
            return session;
        }
    }
    return NULL;
}

void oktai_tls_sessions_clear(oktai_tls_sessions *sessions)
{
    for (unsigned i = 0; i < OKTAI_TLS_SESSIONS; i++) {
        oktai_buffer_clear(&sessions->slots[i].bytes);
    }
    *sessions = (oktai_tls_sessions){0};
}
