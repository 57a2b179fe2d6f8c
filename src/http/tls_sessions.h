/* SPDX-License-Identifier: Apache-2.0 */
/* TLS sessions to resume, so that a further connection of a client needs no certificates. Not for several
 * threads at a time: the owner has a lock. */
#ifndef OKTA_HTTP_TLS_SESSIONS_H
#define OKTA_HTTP_TLS_SESSIONS_H

#include <openssl/ssl.h>

#define OKTAI_TLS_SESSIONS 8u
#define OKTAI_TLS_HOST_MAX 256u /* bytes of a host's name with its NUL (RFC 1035, section 2.3.4) */

/* Zeroed: none. */
typedef struct oktai_tls_sessions {
    struct {
        SSL_SESSION *session; /* NULL: a free slot */
        char host[OKTAI_TLS_HOST_MAX];
    } slots[OKTAI_TLS_SESSIONS];
    unsigned next; /* the slot that is written next: free, or the oldest */
} oktai_tls_sessions;

/* Take a reference of the caller's over. `host`: as the client named it in the handshake; "" for an address.
 */
void oktai_tls_sessions_put(oktai_tls_sessions *sessions, const char *host, SSL_SESSION *session);

/* The latest for that host, or NULL. The reference is the caller's. A session of TLS 1.3 is handed out once
 * (RFC 8446, appendix C.4). */
SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const char *host);

void oktai_tls_sessions_clear(oktai_tls_sessions *sessions);

#endif
