/* SPDX-License-Identifier: Apache-2.0 */
/* What OpenSSL calls for the connections that transfers make. Through it a client has its own authorities and
 * sessions, a call ends in time whatever the server sends, an error names who signed a certificate, and what
 * is left in OpenSSL behind an answer is found. A transfer whose options have no `tls` has none of it. */
#ifndef OKTA_HTTP_TLS_HOOKS_H
#define OKTA_HTTP_TLS_HOOKS_H

#include "http/transfer.h"

/* Once a process and before all others here, while no other thread calls it; again is harmless. False: out of
 * memory. */
bool oktai_tls_hooks_start(void);

/* Set them for transfers of `easy`. False: out of memory. */
bool oktai_tls_hooks_set(oktai_transfer *transfer, CURL *easy);

/* A request is about to be sent, and its connection is known. */
void oktai_tls_hooks_sending(oktai_transfer *transfer);

/* Whether the request in flight is over its time or canceled. It says so in `hung_up` too. */
bool oktai_tls_hooks_hang_up(oktai_transfer *transfer);

/* Whether the connection of the latest request, which libcurl kept, cannot be used again: bytes that nobody
 * asked for wait in OpenSSL, or nothing is known about it. HTTP/1 only. */
bool oktai_tls_hooks_has_input(const oktai_transfer *transfer);

#endif
