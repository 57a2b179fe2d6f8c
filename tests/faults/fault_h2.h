/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/2 for a fault_server: a connection whose TLS handshake chose it (ALPN) follows its script by streams.
 * A request is kept as "METHOD PATH HTTP/2", a line for each of its fields, an empty line and its body. */
#ifndef OKTA_TESTS_FAULTS_FAULT_H2_H
#define OKTA_TESTS_FAULTS_FAULT_H2_H

#include <stdbool.h>

#include "faults/fault_connection.h"

/* Let a TLS context choose HTTP/2 where the client offers it, HTTP/1.1 elsewhere. */
void fault_h2_offer(SSL_CTX *context);

bool fault_h2_is_chosen(const fault_connection *connection);

/* The script (NULL: none), then good answers for as long as the client asks. Returns when the connection is
 * over. */
void fault_h2_serve(fault_connection *connection, const fault_step *script);

#endif
