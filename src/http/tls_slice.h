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

/* What is left of a slice. It is over when its time is, and with that its reads or its bytes. */
typedef struct oktai_slice {
    int64_t ends_ms; /* by the system's clock */
    size_t reads_left;
    size_t bytes_left;
} oktai_slice;

/* Read for `ssl` in slices from here on, before its handshake sent or received anything. `*slice` is the
 * current one, and lives as long as `ssl`. False: out of memory, and it is not. */
bool oktai_tls_slice(SSL *ssl, oktai_slice *slice);

#endif
