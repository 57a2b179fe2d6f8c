/* SPDX-License-Identifier: Apache-2.0 */
/* The call object, as the rest of src/client sees it. */
#ifndef OKTA_CLIENT_CALL_H
#define OKTA_CLIENT_CALL_H

#include <stdatomic.h>

#include "client/body.h"
#include "client/client.h"
#include "client/driver.h"
#include "client/listing.h"
#include "client/operation.h"
#include "client/outcome.h"
#include "client/own_headers.h"
#include "client/secrets.h"
#include "client/sending.h"
#include "client/settling.h"
#include "client/waiting.h"
#include "core/buffer.h"
#include "core/list.h"
#include "core/watch.h"
#include "okta/call.h"

/* Where a call is. Whatever it has got so far is in the call: it may leave each stage and come back to it in
 * another thread. */
typedef enum oktai_stage {
    OKTAI_STAGE_BEGIN,
    OKTAI_STAGE_LIST_BEFORE, /* a child lists what is there, before a create that nothing tells from others */
    OKTAI_STAGE_TOKEN,       /* an access token for the next attempt, by a child or by another call */
    OKTAI_STAGE_ADMIT,       /* its turn among the requests of the client */
    OKTAI_STAGE_SIGN,        /* the request is made, with its proof */
    OKTAI_STAGE_SEND,        /* the driver sends it and receives the answer */
    OKTAI_STAGE_ANSWER,
    OKTAI_STAGE_BACKOFF, /* until the next attempt may follow */
    OKTAI_STAGE_LOOK,    /* a child looks at the org, or a pause before that */
    OKTAI_STAGE_DONE,
} oktai_stage;

struct oktai_cancel_link;
struct oktai_conduct;
struct oktai_token_visit;
struct oktai_submission;

struct okta_call {
    oktai_link run;      /* of a root, among those that run; under the client's lock */
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
    int64_t latest_ms; /* its deadline by the client's clock, however long it may take; INT64_MAX: none */
    unsigned max_retries;
    oktai_own_headers own_headers;

    okta_call *root;                       /* the call that this one helps; itself. Its cancel ends both */
    bool is_patient;                       /* of a root: see client/patience.h */
    atomic_bool canceled;                  /* of a root */
    oktai_driver *driver;                  /* of a root while it runs; under the client's lock */
    struct oktai_submission *submission;   /* of a root in a loop; the loop's */
    struct oktai_cancel_link *cancel_link; /* NULL: it never had a cancel token */

    const struct oktai_conduct *conduct; /* what is special about its requests; see client/conduct.h */
    oktai_stage stage;
    okta_call *child;    /* that it waits for; its own */
    okta_error *outcome; /* when it is done */
    int64_t until_ms;    /* it goes on then, at the latest */
    bool queued;         /* it entered a queue, and did not look yet whether it was let go */
    oktai_waiter waiter; /* under the client's lock while it is queued */
    bool waited;         /* for its turn, since it got its token */
    bool bides;          /* its time-out stands still, since: */
    int64_t bides_since_ms;
    int64_t bided_ms; /* how long its time-out stood still before */
    oktai_pacing_turn turn;
    oktai_settling settling;

    oktai_retry_state retry; /* of the page at hand, where the answer is a list */
    oktai_sending sending;
    oktai_attempt attempt; /* what became of it */
    oktai_response response;
    oktai_listing listing;
    oktai_secrets sent_secrets;
    int64_t started_ms;
    const char *first_request_id; /* NULL: none yet */

    oktai_token *token;                /* of the latest attempt, held; NULL: none that changes. Of a request
                                          for one: it */
    oktai_service_app *app;            /* that its request says it comes from, held; NULL: none */
    uint64_t refused;                  /* number of the token that the server refused; 0: none */
    uint64_t flight;                   /* of oktai_tokens, that it waits for while it is queued; of the call
                                          that asks: `changes` when it began */
    bool asks_early;                   /* it has asked for a token while the one at hand is still good */
    struct oktai_signature *signature; /* that comes later; NULL: none was asked for */
    void (*drop_signature)(struct okta_call *call); /* where there is one */
    struct oktai_token_visit *visit;                /* of a request for a token; NULL: it is none */
    char *nonce;                                    /* of its latest proof; NULL: it had none */
    bool nonce_replayed;                            /* sent again with the nonce that the server asked for */
    bool said_done;                                 /* an answer of 2xx began, whether or not it came whole */
    bool reconciled;         /* the answer was lost, and a look at the org told the outcome */
    void *result;            /* of the operation's response type, until it is taken; NULL: none */
    const char *result_text; /* the body that it was decoded from, in its memory; NULL: none */
    size_t result_length;
};

oktai_answer oktai_call_answer(okta_call *call);
/* What no text of this call may show. Valid as long as the call has its access token. */
oktai_call_secrets oktai_call_secrets_of(const okta_call *call);
int64_t oktai_call_now_ms(const okta_call *call);
/* Until its deadline, at least 1. */
int64_t oktai_call_left_ms(const okta_call *call);
/* Its deadline and whoever cancels it, for work on its behalf. Valid as long as the call. */
oktai_watch oktai_call_watch(const okta_call *call);
bool oktai_call_is_canceled(const okta_call *call);
/* Stand in a queue of the client, whose lock is held. */
void oktai_call_enter(okta_call *call, oktai_queue *queue);
/* What an answer that just came says about rate limits and time, as far as it is believed. */
okta_rate_limit oktai_response_rate(const oktai_response *response, const oktai_clock *clock);
oktai_server_times oktai_response_times(const oktai_response *response, const oktai_clock *clock);

/* For a caller that asks for the pages of a list by calls of their own: which one this call asks for. */
void oktai_call_set_page(okta_call *call, unsigned page);

/* Whether its next attempt needs a token that changes: the client asks for its tokens, or has another one
 * than it was made with. */
bool oktai_call_needs_token(const okta_call *call);
/* The descriptor of the result; NULL: it has none. */
const okta_descriptor *oktai_call_result_type(const okta_call *call);
/* Whether all pages of a list become its result. */
bool oktai_call_is_list(const okta_call *call);

/* A call for a page of the list that another call is about, with what was set on that. NULL: out of memory.
 */
okta_call *oktai_call_for_page(okta_call *first, const char *target);
/* A call with the base URL of its client. NULL: out of memory. */
okta_call *oktai_call_alone(okta_client *client, const oktai_operation *operation);
/* A call on the same client with the first `url_length` bytes of this one's URL. NULL: out of memory. */
okta_call *oktai_call_beside(const okta_call *call, const oktai_operation *operation, size_t url_length);
/* Refuse what a setter was given. Takes the error; the first one counts. */
void oktai_call_set_problem(okta_call *call, okta_error *problem);
/* Why a call cannot be run; NULL: it can, once. */
okta_error *oktai_call_refuse(okta_call *call);
/* What is wrong with a call so far, which is the caller's from here on; NULL: nothing. */
okta_error *oktai_call_take_problem(okta_call *call);
/* The outcome of a call that is done, which is the caller's from here on. */
okta_error *oktai_call_take_outcome(okta_call *call);
/* The result, which is the caller's from here on. NULL: none, or taken. */
void *oktai_call_take_result(okta_call *call);

/* Make a call a part of another one: within its deadline, and canceled with it. NULL, or why it cannot be: no
 * memory was left for it (`child` is NULL), or no time. */
okta_error *oktai_call_adopt(okta_call *call, okta_call *child);

/* Whether an attempt may have changed something. */
bool oktai_call_is_unsettled(const okta_call *call);

#endif
