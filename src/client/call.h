/* SPDX-License-Identifier: Apache-2.0 */
/* The call object, as the rest of src/client sees it. */
#ifndef OKTA_CLIENT_CALL_H
#define OKTA_CLIENT_CALL_H

#include <pthread.h>
#include <stdatomic.h>

#include "client/client.h"
#include "client/operation.h"
#include "core/buffer.h"
#include "http/transport.h"
#include "okta/call.h"

#define OKTA_EXTRA_HEADERS_MAX 32u

struct okta_call {
    okta_client *client; /* held; NULL when the constructor was given none */
    const okta_operation *operation;
    okta_error *problem; /* what the constructor or a setter refused first */
    bool ran;
    okta_buffer url; /* base URL, path and query */
    size_t path_at;  /* where in `url` the path begins */
    okta_buffer body;
    bool has_body;
    int64_t timeout_ms;
    unsigned max_retries;
    const char *extra_headers[OKTA_EXTRA_HEADERS_MAX];
    size_t extra_header_count;

    okta_retry_state retry;
    okta_response response;
    int64_t started_ms;
    char first_request_id[128];

    pthread_mutex_t lock; /* of `transport` */
    okta_transport *transport;
    atomic_bool canceled;
};

/* The request id of the answer at hand; NULL: none. */
const char *okta_call_answer_id(const okta_call *call);

/* The error of a call that failed, with all that the server said. Takes the response body. */
okta_error *okta_outcome_error(okta_call *call, const okta_decision *decision, const okta_attempt *attempt);
/* ... whose answer came whole but makes no sense: `cause` (taken) says why. */
okta_error *okta_outcome_bad_answer(okta_call *call, okta_error *cause);

/* Whether this is the call that stands in where memory was too short. */
bool okta_call_is_static(const okta_call *call);

/* Log events. */
void okta_log_attempt(const okta_call *call, const okta_attempt *attempt, const okta_decision *decision);
void okta_log_end(const okta_call *call, const okta_error *error);
void okta_log_set_aside(const okta_call *call, size_t count, const char *first_name);

#endif
