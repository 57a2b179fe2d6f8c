/* SPDX-License-Identifier: Apache-2.0 */
/* Whether and when a request is sent again. Pure functions of what happened, the time and chance. */
#ifndef OKTA_HTTP_RETRY_H
#define OKTA_HTTP_RETRY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "okta/error.h"
#include "okta/rate_limits.h"

/* What a request does to the org; it decides when repeating is safe. */
typedef enum oktai_effect {
    OKTAI_EFFECT_READ,    /* nothing */
    OKTAI_EFFECT_REPLACE, /* PUT: the same state again */
    OKTAI_EFFECT_DELETE,  /* gone stays gone; not found, says Okta after a lost answer, is success */
    OKTAI_EFFECT_STATE,   /* activate, deactivate: the same state again */
    /* Once is not twice: never sent again once the server may have seen it. */
    OKTAI_EFFECT_CREATE, /* another object each time */
    OKTAI_EFFECT_UPDATE, /* a part of an object; what somebody else changed meanwhile is overwritten */
    OKTAI_EFFECT_ACTION, /* something happens each time: a mail goes out, a second delete does more */
} oktai_effect;

/* Whether a request of that effect is never sent again once the server may have seen it. */
static inline bool oktai_effect_is_once(oktai_effect effect)
{
    return effect == OKTAI_EFFECT_CREATE || effect == OKTAI_EFFECT_UPDATE || effect == OKTAI_EFFECT_ACTION;
}

/* What ended an attempt that took too long. */
typedef enum oktai_limit {
    OKTAI_LIMIT_NONE,
    OKTAI_LIMIT_CONNECT, /* connect_timeout_ms */
    OKTAI_LIMIT_REQUEST, /* the time that the request was given */
} oktai_limit;

/* What became of one attempt. */
typedef struct oktai_attempt {
    okta_status failure; /* OKTA_OK: a whole answer arrived, with `http_status`. Else TRANSPORT, TIMEOUT,
                            PROTOCOL, NOMEM, CONFIG, CANCELED or, of a proxy, AUTH */
    bool unsettled;      /* it failed after the server may have seen the request */
    bool permanent;      /* failed in a way that the next attempt would too */
    int http_status;     /* 0: none arrived */
    int begun_status;    /* of an answer that began, whether or not it came whole; 0: none did */
    bool foreign;        /* a whole answer that nothing in it shows to be Okta's */
    okta_status refused; /* what a refusal of the credential comes to, that tells so by more than its HTTP
                            status; OKTA_OK: it is none */
    oktai_limit limit;   /* of a TIMEOUT */
    unsigned resent;     /* how often libcurl sent the request again by itself */
    const char *reason;  /* why it failed, in words for people; borrowed from the transport until its next
                            attempt begins */
    const char
        *code; /* one word that names the refusal, not ended by a NUL; lives with the answer; NULL: none */
    size_t code_length;
} oktai_attempt;

/* What the server said about time with an answer. */
typedef struct oktai_server_times {
    okta_rate_limit rate;
    bool has_retry_after;
    int64_t retry_after_ms;
} oktai_server_times;

/* Limits repetitions over all calls of a client: 100 tokens, a repetition takes 10, a success gives 1. */
typedef struct oktai_retry_budget {
    atomic_int spent; /* 0 to 100 */
} oktai_retry_budget;

/* One call. Begins zeroed but for the first four; `is_patient` and what follows are for the caller to set. */
typedef struct oktai_retry_state {
    oktai_effect effect;
    bool redirects; /* an answer that leads elsewhere is a good one */
    unsigned max_retries;
    int64_t deadline_ms;
    unsigned attempts;   /* times that the request was sent */
    bool unsettled;      /* an attempt so far may have taken effect, and no answer tells */
    bool is_patient;     /* a repetition of what never reached the server takes nothing of the budget */
    int64_t patience_ms; /* how far behind the deadline a wait after a 429 may end */
} oktai_retry_state;

typedef enum oktai_verdict {
    OKTAI_VERDICT_SUCCESS,
    OKTAI_VERDICT_RETRY, /* after wait_ms */
    OKTAI_VERDICT_FAIL,  /* with `status` */
} oktai_verdict;

typedef struct oktai_decision {
    oktai_verdict verdict;
    int64_t wait_ms;        /* RETRY: how long to wait */
    okta_status status;     /* FAIL: the error's status; RETRY: what it would be */
    bool unfunded;          /* FAIL: it would be a repetition, but for the budget */
    bool retryable;         /* FAIL: repeating the call may help and does no harm */
    int64_t retry_after_ms; /* FAIL: when, as far as the server said; 0: unknown */
    int64_t retry_at_s;     /* FAIL after a 429: when that is by the server's clock, without chance: its
                               reset, or its date and Retry-After; 0: unknown */
} oktai_decision;

/* The status of an HTTP answer that is not 2xx. */
okta_status oktai_status_of_http(int http_status);

/* Whether a refusal of this HTTP status counts only where the answer is Okta's own: that something is gone,
 * or that the request is wrong, may be what a gateway says of itself. */
bool oktai_retry_needs_word(int http_status);

/* Take the price of a repetition. False: the budget is used up. */
bool oktai_retry_take(oktai_retry_budget *budget);

/* Count the attempt and decide. `random` is 32 bits by chance.
 *
 * The wait before a repetition is what the server asks for, by Retry-After or by the reset of a rate limit
 * and its own Date, with the chance of oktai_pacing_spread_within_ms(). Where the server asks for nothing,
 * the wait doubles with each attempt, and half of it is chance. After a 429 no wait but that before the last
 * repetition is longer than OKTAI_PACING_PROBE_MS and its chance, so that one wrong answer costs a minute.
 * What the server asks for, without chance, decides whether the deadline leaves time for it. */
oktai_decision oktai_retry_decide(oktai_retry_state *state, oktai_retry_budget *budget,
                                  const oktai_attempt *attempt, const oktai_server_times *times,
                                  int64_t now_ms, uint32_t random);

#endif
