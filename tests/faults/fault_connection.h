/* SPDX-License-Identifier: Apache-2.0 */
/* One connection of a fault_server, for what speaks over it: HTTP/1 or HTTP/2. */
#ifndef OKTA_TESTS_FAULTS_FAULT_CONNECTION_H
#define OKTA_TESTS_FAULTS_FAULT_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

#include "faults/fault_server.h"

typedef struct fault_connection {
    struct fault_connection *next;
    fault_server *server;
    pthread_t thread;
    unsigned number;
    SSL *tls;
    char *input; /* what arrived and is not part of a request yet */
    size_t input_length;
    size_t input_capacity;
    char target[256];         /* of the latest request over HTTP/1 */
    const fault_step *answer; /* to the latest request, by the routes; NULL: the good one */
    pthread_mutex_t lock;     /* of `socket` */
    int socket;               /* -1: closed */
} fault_connection;

/* What the server counts. */
typedef enum fault_event {
    FAULT_EVENT_HANDSHAKE,
    FAULT_EVENT_RESUMPTION,
    FAULT_EVENT_SCRIPT_END,
    FAULT_EVENT_HANG_UP,
    FAULT_EVENT_START,
} fault_event;

/* False: the client hung up. */
bool fault_connection_send(fault_connection *self, const char *data, size_t length);
/* Append at most `most` bytes to the input. False: the client hung up. */
bool fault_connection_receive(fault_connection *self, size_t most);
void fault_connection_hang_up(fault_connection *self, bool reset);
/* What an act means in any protocol: AWAIT, DEAF, DRAIN, CLOSE, RESET, FLOOD, TICKETS. False: the connection
 * is over. */
bool fault_connection_act(fault_connection *self, const fault_step *step);

/* The good answer to a request for that target, as the plan has it. Returns `out`. */
const char *fault_connection_good_body(const fault_connection *self, const char *target, char *out,
                                       size_t size);

/* The body of the connection's thread. */
void *fault_connection_serve(void *context);

/* Implemented by the server. */
const fault_plan *fault_server_plan(const fault_server *server);
void fault_server_note(fault_server *server, fault_event event);
/* Keep a copy of a whole request. Returns the answer by the plan's routes, up to FAULT_NEXT or FAULT_END;
 * NULL: the good one. */
const fault_step *fault_server_keep(fault_server *server, unsigned connection, const char *text,
                                    size_t length);

#endif
