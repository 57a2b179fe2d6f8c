/* SPDX-License-Identifier: Apache-2.0 */
/* The call object, as the rest of src/client sees it. */
#ifndef OKTA_CLIENT_CALL_H
#define OKTA_CLIENT_CALL_H

#include <pthread.h>
#include <stdatomic.h>

#include "client/body.h"
#include "client/client.h"
#include "client/listing.h"
#include "client/operation.h"
#include "client/outcome.h"
#include "client/own_headers.h"
#include "client/secrets.h"
#include "core/buffer.h"
#include "core/watch.h"
#include "http/transport.h"
#include "okta/call.h"

struct okta_call {
    okta_client *client; /* held; NULL when the constructor was given none */
    const oktai_operation *operation;
    okta_error *problem; /* what the constructor or a setter refused first */
    bool ran;
    oktai_buffer url; /* base URL, path and query */
    size_t path_at;   /* where in `url` the path begins */
    oktai_request_body body;
    const char *accept; /* header line */
    bool is_page;       /* its answer is a page, which somebody else reads */
    bool takes_bytes;   /* it asks for a media type that is not JSON */
    uint64_t endpoint;  /* of pacing */
    bool fresh;         /* over a connection of its own */
    int64_t timeout_ms;
    unsigned max_retries;
    oktai_own_headers own_headers;

    oktai_retry_state retry; /* of the page at hand, where the answer is a list */
    oktai_response response;
    oktai_listing listing;
    oktai_secrets sent_secrets;
    int64_t started_ms;
    char first_request_id[128];
    char reason[512]; /* why the latest attempt failed; "": it brought an answer */

    oktai_token *token;                /* of the latest attempt, held; NULL: none */
    uint64_t refused;                  /* number of the token that the server refused; 0: none */
    char nonce[OKTAI_DPOP_NONCE_SIZE]; /* of its latest proof */
    bool nonce_replayed;               /* sent again with the nonce that the server asked for */
    bool said_done;                    /* an answer of 2xx began, whether or not it came whole */
    bool reconciled;                   /* the answer was lost, and a look at the org told the outcome */
    void *result;                      /* of the operation's response type, until it is taken; NULL: none */
    const char *result_text;           /* the body that it was decoded from, in its memory; NULL: none */
    size_t result_length;

    pthread_mutex_t lock; /* of `transport` and `child` */
    oktai_transport *transport;
    okta_call *child; /* a call that this one runs to find out something */
    atomic_bool canceled;

    uint64_t place;       /* among the calls that wait, from 1; 0: it has not waited yet */
    oktai_waiter *waiter; /* under the client's lock; NULL: it does not wait */
};

oktai_answer oktai_call_answer(okta_call *call);
/* What no text of this call may show. Valid as long as the call has its access token. */
oktai_call_secrets oktai_call_secrets_of(const okta_call *call);
int64_t oktai_call_now_ms(const okta_call *call);
/* Until its deadline, at least 1. */
int64_t oktai_call_left_ms(const okta_call *call);
/* Its deadline and whoever cancels it, for work on its behalf. Valid as long as the call. */
oktai_watch oktai_call_watch(const okta_call *call);
/* What an answer that just came says about rate limits and time, as far as it is believed. */
okta_rate_limit oktai_response_rate(const oktai_response *response, const oktai_clock *clock);
oktai_server_times oktai_response_times(const oktai_response *response, const oktai_clock *clock);

/* For a caller that asks for the pages of a list by calls of their own: which one this call asks for. */
void oktai_call_set_page(okta_call *call, unsigned page);

/* Whether its requests have an access token. */
bool oktai_call_uses_token(const okta_call *call);
/* The descriptor of the result; NULL: it has none. */
const okta_descriptor *oktai_call_result_type(const okta_call *call);

/* A call for a page of the list that another call is about, with what was set on that. NULL: out of memory.
 */
okta_call *oktai_call_for_page(const okta_call *first, const char *target);
/* What is wrong with a call so far, which is the caller's from here on; NULL: nothing. */
okta_error *oktai_call_take_problem(okta_call *call);

/* Send the call's request. An error: there was no attempt. */
okta_error *oktai_call_send(okta_call *call, const oktai_buffer *proof, oktai_attempt *out);

/* Send a request of the call over its transport, and remember what of it is secret. */
oktai_attempt oktai_call_perform(okta_call *call, const oktai_request *request, oktai_response *response);

/* A call on the same client with the first `url_length` bytes of this one's URL. NULL: out of memory. */
okta_call *oktai_call_beside(const okta_call *call, const oktai_operation *operation, size_t url_length);
/* Run another call as a part of this one: within its deadline, and canceled with it. `out`: address of a
 * pointer, which receives the result. */
okta_error *oktai_call_run_child(okta_call *call, okta_call *child, void *out);
/* The result, which is the caller's from here on. NULL: none, or taken. */
void *oktai_call_take_result(okta_call *call);

/* Wait that long, or until the call is canceled. */
void oktai_call_sleep(okta_call *call, int64_t ms);

/* Wait in a queue of the client within the call's deadline, and until `until_ms` by the client's clock; 0: no
 * such time. Where that clock is not the system's, it is looked at now and then. The client's lock is held,
 * and free meanwhile. */
void oktai_call_wait_for_change(okta_call *call, oktai_queue *queue, int64_t until_ms, oktai_waiter *self);

/* NULL, or the error of a call that is canceled or late; `what` it was at then, for people. */
okta_error *oktai_call_check(okta_call *call, const char *what);

/* Whether an attempt may have changed something. */
bool oktai_call_is_unsettled(const okta_call *call);

/* The error of a call that ended before an attempt could be made or had an answer: `status`, or that the
 * outcome is unknown where an earlier attempt may have taken effect. */
okta_error *oktai_call_ended(okta_call *call, okta_status status, const char *reason);
/* The same for a cause at hand, which it takes. */
okta_error *oktai_call_failed(okta_call *call, okta_error *cause);

/* The same for an answer that came, and whose reading the call's watch ended: a write may have happened. */
okta_error *oktai_call_interrupted(okta_call *call, okta_error *cause);

/* Wait for the turn of the next attempt: until few enough requests of the client are under way, and for the
 * rate limit. Errors: OKTA_E_RATE_LIMITED, OKTA_E_TIMEOUT, OKTA_E_CANCELED. */
okta_error *oktai_admit(okta_call *call, oktai_pacing_turn *out);
/* The attempt is over, and its answer, if any, is in the call. `left`: the server may have counted it. */
void oktai_admit_end(okta_call *call, const oktai_pacing_turn *turn, bool left);

/* See that the call has a token for its next attempt; the client's transport at hand is used to ask for one.
 * Errors: OKTA_E_AUTH and whatever a call can fail with. */
okta_error *oktai_authorize(okta_call *call);
/* Append the proof that goes with the token, if it needs one. */
okta_error *oktai_authorize_proof(okta_call *call, oktai_buffer *out);
/* Learn from an answer. True: it refuses the request for its token or proof, and the request may go again. */
bool oktai_authorize_again(okta_call *call, const oktai_attempt *attempt);

/* One attempt after the other, until there is an outcome. */
okta_error *oktai_drive(okta_call *call);

/* Judge a good answer, and keep the result that it brings. */
okta_error *oktai_accept(okta_call *call);

/* OKTAI_STATUS_... of an HTTP status; 0: it has none. */
unsigned oktai_status_bit(int http_status);
/* NULL: the object is the one that the path of a lifecycle call names, in the state that the call is for. */
okta_error *oktai_call_check_state(const okta_call *call, const void *model);
/* Whether an object that a create brought has no id, without which the program can do nothing with it. */
bool oktai_call_lacks_id(const okta_call *call, const void *model);

/* Log events. */
void oktai_log_attempt(const okta_call *call, const oktai_attempt *attempt, const oktai_decision *decision);
void oktai_log_end(const okta_call *call, const okta_error *error);
/* The same about the token request that a call makes. `wait_ms`: until its next attempt; NULL: none follows.
 */
void oktai_log_token_attempt(const okta_call *call, const oktai_response *response, unsigned number,
                             const oktai_attempt *attempt, const int64_t *wait_ms);
void oktai_log_token_end(const okta_call *call, const oktai_response *response, unsigned attempts,
                         const okta_error *error);
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
void oktai_log_note(const okta_call *call, okta_log_level level, int64_t wait_ms, const char *format, ...);
void oktai_log_set_aside(const okta_call *call, size_t count, const char *first_name);

#endif
