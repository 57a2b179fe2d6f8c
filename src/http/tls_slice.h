/* SPDX-License-Identifier: Apache-2.0 */
/* Slices of time for the reading of TLS. While records come that hold nothing for a request, libcurl and
 * OpenSSL read on without a look at the time. Once a slice is over, their source seems dry, and libcurl comes
 * back to whoever drives it; what waits in the socket is read in the next slice. */
#ifndef OKTA_HTTP_TLS_SLICE_H
#define OKTA_HTTP_TLS_SLICE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

/* Before the others here, once a pool. False: out of memory. */
bool oktai_tls_slice_start(void);

/* Read for `ssl` in slices from here on, before its handshake sent or received anything. `*ends_ms` is when
 * the current one ends, by the system's clock, and lives as long as `ssl`. False: out of memory, and it is
 * not. */
bool oktai_tls_slice(SSL *ssl, const int64_t *ends_ms);

#endif
