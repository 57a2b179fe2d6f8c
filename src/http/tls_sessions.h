/* SPDX-License-Identifier: Apache-2.0 */
/* TLS sessions to resume, so that a further connection of a transport needs no certificates. They never leave
 * the transport: its connections are of one thread at a time, and a session goes on being read by the
 * connection that it came from. */
#ifndef OKTA_HTTP_TLS_SESSIONS_H
#define OKTA_HTTP_TLS_SESSIONS_H

#include <openssl/ssl.h>

#define OKTAI_TLS_SESSIONS 4u   /* a server gives two at a time, and a proxy may have TLS too */
#define OKTAI_TLS_HOST_MAX 256u /* bytes of a host's name with its NUL (RFC 1035, section 2.3.4) */

/* Zeroed: none. */
typedef struct oktai_tls_sessions {
    struct {
        SSL_SESSION *session; /* NULL: a free slot */
        X509_STORE *store;    /* it was verified with these authorities; held */
        char host[OKTAI_TLS_HOST_MAX];
    } slots[OKTAI_TLS_SESSIONS];
    unsigned next; /* the slot that is written next: free, or the oldest */
} oktai_tls_sessions;

/* Take a reference of the caller's over. `host`: as the client named it in the handshake; "" for an address.
 */
void oktai_tls_sessions_put(oktai_tls_sessions *sessions, X509_STORE *store, const char *host,
                            SSL_SESSION *session);

/* The latest for that host that was verified with the same authorities, or NULL. The reference is the
 * caller's. A session of TLS 1.3 is handed out once (RFC 8446, appendix C.4). */
SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const X509_STORE *store, const char *host);

void oktai_tls_sessions_clear(oktai_tls_sessions *sessions);

#endif
