/* SPDX-License-Identifier: Apache-2.0 */
/* The client object, as the rest of src/client sees it. */
#ifndef OKTA_CLIENT_INTERNAL_H
#define OKTA_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "auth/dpop.h"
#include "auth/token.h"
#include "config/option_rows.h"
#include "core/clock.h"
#include "http/pacing.h"
#include "http/retry.h"
#include "http/server_time.h"
#include "http/transport.h"
#include "okta/client.h"

/* The access tokens of a service app. What follows `mode` is under the client's lock. */
typedef struct oktai_tokens {
    oktai_service_app app;
    okta_dpop_mode mode;
    oktai_token *token;                      /* the latest; NULL: none yet */
    uint64_t count;                          /* of tokens so far */
    bool asking;                             /* a thread is at the token endpoint */
    uint64_t flights;                        /* how often one was there */
    const okta_error *failure;               /* why the latest one failed, if that is true for all */
    unsigned failures;                       /* such failures in a row */
    int64_t quiet_until_ms;                  /* until then `failure` is the answer to all who ask */
    bool without_kid;                        /* the latest token came to an assertion without a derived kid;
                                                only for the thread that asks */
    oktai_dpop_key *key;                     /* NULL: proofs are not asked for; once set it stays */
    char token_nonce[OKTAI_DPOP_NONCE_SIZE]; /* of the token endpoint; "": none */
    char api_nonce[OKTAI_DPOP_NONCE_SIZE];   /* of all other paths */
    oktai_server_time time;
} oktai_tokens;

/* Held by the caller, and by each of its calls and pages. */
struct okta_client {
    pid_t owner;               /* the process that made it */
    const char *base_url;      /* without a slash at its end */
    const char *authorization; /* the header line; NULL: `tokens` has it */
    int64_t timeout_ms;
    unsigned max_retries;
    okta_log_level log_level;
    okta_log_fn *log;
    void *log_ctx;
    oktai_transport_options transport;
    oktai_route route;
    oktai_clock const *clock;
    oktai_retry_budget budget;

    pthread_mutex_t lock;   /* of what follows */
    pthread_cond_t changed; /* a request ended, a token came or a call was canceled */
    oktai_transport *idle;
    unsigned idle_count;
    oktai_pacing pacing;
    oktai_tokens tokens;
};

/* Whether the client comes from a parent process. */
bool oktai_client_is_inherited(const okta_client *client);

/* Wait for a change, at most so long. The lock is held, and free meanwhile. */
void oktai_client_wait(okta_client *client, int64_t ms);
/* There is a change. The lock is held. */
void oktai_client_changed(okta_client *client);

/* An idle transport, or another; NULL: out of memory. */
oktai_transport *oktai_client_take_transport(okta_client *client);
void oktai_client_give_transport(okta_client *client, oktai_transport *transport);

/* For tests: another clock, before the first call. */
void oktai_client_set_clock(okta_client *client, const oktai_clock *clock);

#endif
