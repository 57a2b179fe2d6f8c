/* SPDX-License-Identifier: Apache-2.0 */
/* TLS sessions to resume, so that a further connection of a client needs no certificates. Not for several
 * threads at a time: the owner has a lock. A session is kept as bytes, so that no two connections ever share
 * an object of OpenSSL. */
#ifndef OKTA_HTTP_TLS_SESSIONS_H
#define OKTA_HTTP_TLS_SESSIONS_H

#include <openssl/ssl.h>

#include "core/buffer.h"

#define OKTAI_TLS_SESSIONS 8u
#define OKTAI_TLS_HOST_MAX 256u /* bytes of a host's name with its NUL (RFC 1035, section 2.3.4) */

/* Zeroed: none. */
typedef struct oktai_tls_sessions {
    struct {
        oktai_buffer bytes; /* DER; empty: a free slot */
        char host[OKTAI_TLS_HOST_MAX];
    } slots[OKTAI_TLS_SESSIONS];
    unsigned next; /* the slot that is written next: free, or the oldest */
} oktai_tls_sessions;

/* Keep a session. `host`: as the client named it in the handshake; "" for an address. Where memory is out, it
 * is not kept. */
void oktai_tls_sessions_put(oktai_tls_sessions *sessions, const char *host, const SSL_SESSION *session);

/* The latest for that host, or NULL. It is the caller's, and nobody else gets it (RFC 8446, appendix C.4): a
 * connection that resumed it well may put it again. */
SSL_SESSION *oktai_tls_sessions_take(oktai_tls_sessions *sessions, const char *host);

void oktai_tls_sessions_clear(oktai_tls_sessions *sessions);

#endif
