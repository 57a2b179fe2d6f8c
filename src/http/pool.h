/* SPDX-License-Identifier: Apache-2.0 */
/* All connections of a client in one event loop, and the requests in flight over them: one thread drives many
 * at once, over HTTP/1.1 or as streams of HTTP/2. It waits for nothing itself: by its hooks it says which
 * sockets to watch and when to call again. What a transport guarantees for its one request holds for each of
 * them.
 *
 * All calls come from the thread of the loop, none from inside a hook. Each of them may end requests: ask
 * oktai_pool_next() behind it. */
#ifndef OKTA_HTTP_POOL_H
#define OKTA_HTTP_POOL_H

#include "http/exchange.h"
#include "http/multi.h"
#include "http/retry.h"

typedef struct oktai_pool oktai_pool;

/* One request, from its beginning until oktai_pool_next() has told its end. */
typedef struct oktai_flight oktai_flight;

/* `options` and `hooks` are borrowed for the life of the pool, which keeps so many connections. NULL: out of
 * memory. */
oktai_pool *oktai_pool_new(const oktai_transport_options *options, const oktai_pool_hooks *hooks,
                           unsigned connections_max);
/* Close all connections and free. What is in flight ends without a word. NULL is allowed. */
void oktai_pool_free(oktai_pool *pool);

/* Send a request and receive its answer. `response` is emptied first; it, and what the request points to, are
 * borrowed until the end is told. The request's time begins to run. `owner` comes back with the end. NULL:
 * out of memory, and nothing began. */
oktai_flight *oktai_pool_begin(oktai_pool *pool, const oktai_request *request, oktai_response *response,
                               void *owner);

/* End it early; its end is told as that of others. Other requests over its connection go on. Harmless where
 * its end waits to be told already. */
void oktai_pool_cancel(oktai_pool *pool, oktai_flight *flight);

/* The owner of a request that ended, and what became of it; NULL: no further one did. The attempt's `reason`
 * is borrowed until the next call of the pool. Ask once behind many sockets that were ready. */
void *oktai_pool_next(oktai_pool *pool, oktai_attempt *attempt);

/* The socket is ready for OKTAI_WATCH_INPUT, OKTAI_WATCH_OUTPUT or both; 0: it has an error. */
void oktai_pool_on_socket(oktai_pool *pool, int socket, unsigned what);
/* The time of the timer is there. */
void oktai_pool_on_timer(oktai_pool *pool);
/* A look-up ended. */
void oktai_pool_on_look_up(oktai_pool *pool);

#endif
