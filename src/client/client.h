/* SPDX-License-Identifier: Apache-2.0 */
/* The client object, as the rest of src/client sees it. */
#ifndef OKTA_CLIENT_INTERNAL_H
#define OKTA_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "client/tokens.h"
#include "client/waiting.h"
#include "config/option_rows.h"
#include "core/clock.h"
#include "core/list.h"
#include "core/process.h"
#include "core/redaction.h"
#include "core/worker.h"
#include "http/pacing.h"
#include "http/retry.h"
#include "http/transport.h"
#include "okta/client.h"

/* Held by the caller, and by each of its calls and pages. */
struct okta_client {
    oktai_process owner;  /* the process that made it */
    const char *base_url; /* without a slash at its end */
    okta_authorization_mode mode;
    const char *authorization; /* the header line that it was made with; NULL: `tokens` has it */
    atomic_bool is_replaced;   /* by now `tokens` has another one */
    int64_t timeout_ms;
    const char *timeout_place; /* the variable, or file and line, that it comes from; NULL: the program */
    const char *connect_timeout_place;
    unsigned max_retries;
    okta_log_level log_level;
    okta_log_fn *log;
    void *log_ctx;
    oktai_transport_options transport;
    oktai_route route;
    oktai_clock const *clock;
    oktai_retry_budget budget;
    oktai_secrets secrets; /* that no text shows */

    pthread_mutex_t lock;  /* of what follows */
    bool is_shut;          /* all calls are canceled from the start */
    oktai_list running;    /* calls that run, the latest in front */
    uint64_t places;       /* that were given to calls in the order in which they waited */
    size_t waiting;        /* calls that wait for anything */
    oktai_queue gate;      /* calls that wait for another request to end */
    oktai_queue for_token; /* calls that wait while another one asks for a token */
    oktai_transport *idle;
    unsigned idle_count;
    oktai_pacing pacing;
    oktai_tokens tokens;
    oktai_worker *worker; /* NULL: nothing was made beside a loop so far */
};

/* Whether the client comes from a parent process, whose threads may have held its locks: nobody may take one
 * then. */
bool oktai_client_is_inherited(const okta_client *client);

/* Why a client cannot be used: it is inherited. NULL: it can. */
okta_error *oktai_client_refuse(const okta_client *client);

/* What does for the client what would hold a loop up; lives as long as the client. NULL: out of memory. */
oktai_worker *oktai_client_worker(okta_client *client);

/* Of the header that has its token. */
const char *oktai_client_scheme(const okta_client *client);

/* An idle transport, or another; NULL: out of memory. */
oktai_transport *oktai_client_take_transport(okta_client *client);
void oktai_client_give_transport(okta_client *client, oktai_transport *transport);

/* For tests: another clock, before the first call. */
void oktai_client_set_clock(okta_client *client, const oktai_clock *clock);

#endif
