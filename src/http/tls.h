/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the TLS connections of a client trust, and the sessions that they resume. For any number of threads.
 * It stands in the place of libcurl's own handling, and only where libcurl's TLS is the OpenSSL of this
 * process. */
#ifndef OKTA_HTTP_TLS_H
#define OKTA_HTTP_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "okta/error.h"

typedef struct oktai_tls oktai_tls;

/* Whether libcurl uses the same OpenSSL as this library. */
bool oktai_tls_is_available(void);

/* `ca_file` (nullable: the system's authorities) is borrowed. It is read at the first handshake. NULL: out of
 * memory. */
oktai_tls *oktai_tls_new(const char *ca_file);
/* No connection may be left. NULL is allowed. */
void oktai_tls_free(oktai_tls *tls);

/* The authorities to verify a server with; the reference is the caller's, and nobody changes their number.
 * They are read again when their file looks changed or ten minutes are over; while a changed file cannot be
 * read, what it was before holds for the rest of those ten minutes. Errors: as oktai_trust_read(). */
okta_error *oktai_tls_store(oktai_tls *tls, int64_t now_ms, X509_STORE **out);

/* More authorities than `store`, which were left out for their cost; the reference is the caller's. NULL:
 * there are no more, or they cannot be read. */
X509_STORE *oktai_tls_widen(oktai_tls *tls, const X509_STORE *store);

/* Sessions of servers that were verified with `store`, which is the latest: those of others are of no use any
 * more. See http/tls_sessions.h. */
void oktai_tls_keep_session(oktai_tls *tls, const X509_STORE *store, const char *host, SSL_SESSION *session);
SSL_SESSION *oktai_tls_take_session(oktai_tls *tls, const X509_STORE *store, const char *host);
void oktai_tls_drop_sessions(oktai_tls *tls);

#endif
