/* SPDX-License-Identifier: Apache-2.0 */
/* A server on loopback that answers one request as it was recorded and remembers how it came. It runs in a
 * thread of its own. */
#ifndef OKTA_REPLAY_SERVER_H
#define OKTA_REPLAY_SERVER_H

#include <stdbool.h>

#include "exchange.h"

typedef struct replay_server replay_server;

/* What arrived, valid until the next server_expect(). */
typedef struct seen_request {
    const char *method; /* NULL: nothing came */
    const char *target; /* path and query */
    recorded_body body;
    unsigned strange; /* requests that nobody expected */
} seen_request;

/* Errors: OKTA_E_TRANSPORT, OKTA_E_NOMEM. */
okta_error *server_start(replay_server **out);
/* `http://127.0.0.1:PORT`. */
const char *server_url(const replay_server *self);
/* Answer as in this exchange, which lives until the next one, and forget what came before. The first request
 * with the exchange's method gets the recorded answer. A GET beside it, with which the library looks for what
 * a create would make or asks for the next page, gets an empty list. */
void server_expect(replay_server *self, const exchange *one);
seen_request server_seen(replay_server *self);
/* NULL is allowed. */
void server_stop(replay_server *self);

#endif
