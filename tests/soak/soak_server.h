/* SPDX-License-Identifier: Apache-2.0 */
/* A server on a free port of 127.0.0.1 whose answers are made by chance. It has a thread for each connection;
 * nothing that it does goes on for longer than SOAK_ACT_MS, or beyond its end. */
#ifndef OKTA_TESTS_SOAK_SERVER_H
#define OKTA_TESTS_SOAK_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "soak/soak_random.h"

#define SOAK_ACT_MS 2500

/* The path of the token endpoint. */
#define SOAK_TOKEN_PATH "/oauth2/v1/token"

typedef struct soak_server soak_server;

/* One connection. */
typedef struct soak_peer {
    struct soak_peer *next;
    soak_server *server;
    int socket;
    SSL *tls; /* NULL: plain HTTP */
    soak_random random;
    char input[16384];
    size_t input_length;
} soak_peer;

/* `tls` is borrowed; NULL: plain HTTP. Ends the program when the machine has no port, thread or memory. */
soak_server *soak_server_start(SSL_CTX *tls, uint64_t seed);
unsigned soak_server_port(const soak_server *server);
/* How many requests were answered. */
unsigned soak_server_answers(soak_server *server);
/* Hang up on everybody and free. */
void soak_server_stop(soak_server *server);

/* For what speaks over a connection. False: it is over. */
bool soak_send(soak_peer *peer, const void *data, size_t length);
/* Append to the input what arrives. False also when there is no room. */
bool soak_receive(soak_peer *peer);
/* Take no notice of what the client sends, until it hangs up or time is up. */
void soak_ignore(soak_peer *peer);
/* End the connection; `reset` it by TCP. */
void soak_hang_up(soak_peer *peer, bool reset);
/* Whether the server ends. */
bool soak_is_over(soak_peer *peer);
void soak_count_answer(soak_peer *peer);

/* A body by chance; `out` has room for SOAK_BODY_MAX bytes. `good`: it must be what the request asks for. */
#define SOAK_BODY_MAX 65536u
size_t soak_make_body(soak_random *random, bool token, bool good, char *out);

/* Serve until the connection is over. */
void soak_serve_http1(soak_peer *peer);
void soak_serve_http2(soak_peer *peer);

#endif
