/* SPDX-License-Identifier: Apache-2.0 */
/* TLS sessions to resume, so that a further connection of a client needs no certificates. What is kept is a
 * copy: the connection that a session came from goes on writing to its own. The caller locks. */
#ifndef OKTA_HTTP_TLS_SESSIONS_H
#define OKTA_HTTP_TLS_SESSIONS_H

#include <openssl/ssl.h>

/* A server gives two at a time, a proxy may have TLS too, and many connections may begin at once. */
#define OKTAI_TLS_SESSIONS 32u

/* Zeroed: none. */
typedef struct oktai_tls_sessions {
    struct {
        SSL_SESSION *session; /* NULL: a free slot */
        char *host;
    } slots[OKTAI_TLS_SESSIONS];
    unsigned next; /* the slot that is written next: free, or the oldest */
} oktai_tls_sessions;

/* Keep a copy; without memory none is kept. `host`: as the client named it in the handshake; "" for an
 * address. */
void oktai_tls_sessions_put(oktai_tls_sessions *sessions, const char *host, SSL_SESSION *session);

/* The latest for that host, or NULL: it is the caller's alone. A session of TLS 1.3 is handed out once (RFC
 * 8446, appendix C.4). */
SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const char *host);

/* Forget all. */
void oktai_tls_sessions_drop(oktai_tls_sessions *sessions);

#endif
