/* SPDX-License-Identifier: Apache-2.0 */
/* When the next request may go: the org's rate limits and how many requests run at once, over all threads of
 * a client. Pure: the caller brings time and chance, and holds a lock around every function.
 *
 * A request waits for its turn: the permission to be sent. A turn begins with oktai_pacing_enter() and ends
 * with oktai_pacing_leave().
 *
 * A bucket is a rate limit of the org. Okta counts the calls of several operations in one bucket, and does
 * not say of which. The policy learns it from the answers:
 * - Two operations share a bucket when their answers show the same limit and the same reset.
 * - An operation leaves its bucket when its answer shows another reset although the reset of the bucket is
 *   still ahead.
 * - It also leaves when its answer shows as many calls left as the bucket had when the request was sent, or
 *   more: each call of a bucket and a window is told a smaller number.
 * - A bucket begins its next window with the first answer that shows the next reset, for all of its
 *   operations.
 * - Two buckets of the same limit and reset become one when an answer of the one continues the numbers of the
 *   other, and when a request of the one is refused while the other has no call left.
 * Where two buckets are taken for one, both count with the smaller of their numbers: a call may wait too
 * long then, but it is not refused.
 *
 * The calls left in a window are the smallest number that an answer showed, less the requests in flight, less
 * the requests that ended without an answer. After the reset a window with all calls of the limit is assumed
 * until an answer shows the number. When as many requests as the limit has ended without an answer, the
 * bucket is forgotten.
 *
 * No answer closes a bucket for long: a reset more than an hour ahead is not believed, and where a bucket has
 * no call left, one request goes in each minute all the same, to see whether that still holds. That request
 * is the probe. */
#ifndef OKTA_HTTP_PACING_H
#define OKTA_HTTP_PACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "okta/rate_limits.h"

#define OKTAI_PACING_BUCKETS   32u
#define OKTAI_PACING_ENDPOINTS 128u

/* `percent` and `reserve` keep calls of each limit unused; the one that keeps more counts. Where they keep
 * all calls of a limit, one call of a window still goes if nobody else made one: otherwise the client would
 * never learn that the limit has changed. With percent 100 and reserve 0, calls go as long as one is left. */
typedef struct oktai_pacing_options {
    bool off;               /* of rate limits; the number of requests at once is limited all the same */
    unsigned percent;       /* of a limit that may be used, 1 to 100; 0: 100 */
    unsigned reserve;       /* calls of a limit that stay unused */
    unsigned max_in_flight; /* requests at once, at least 1; 0: 1 */
} oktai_pacing_options;

typedef struct oktai_pacing_bucket {
    bool used;           /* at least one endpoint is in it */
    bool open;           /* the reset has passed, and no answer has told of the next window yet */
    int64_t limit;       /* calls in a window, 1 to 1e9 */
    int64_t remaining;   /* of the latest answer, never raised within a window; `limit` when open */
    int64_t lost;        /* requests that ended without an answer since `remaining` was told */
    int64_t reset_s;     /* the server's time, seconds since 1970 */
    int64_t reset_at_ms; /* the same on our clock, one second later */
    int64_t heard_at_ms; /* when an answer spoke of it, or a probe went, for the last time */
    unsigned in_flight;  /* sent and not answered */
    /* Each of these is the number of the first request that was sent after the event: the answer to a request
     * with a smaller number may be older than the event. */
    uint64_t begun_at;  /* the window began or was assumed */
    uint64_t told_at;   /* `remaining` was told */
    uint64_t lost_at;   /* the latest of `lost` ended */
    uint64_t last_used; /* the bucket that was not used for longest makes room for another */
} oktai_pacing_bucket;

typedef struct oktai_pacing_endpoint {
    bool used;
    uint64_t key;
    const char *name;   /* for people, by the caller; nullable */
    int16_t bucket;     /* index; -1: not known yet */
    unsigned in_flight; /* they count in its bucket, too, and move with it to another bucket */
    uint64_t last_used;
} oktai_pacing_endpoint;

/* Begins zeroed but for `options`. */
typedef struct oktai_pacing {
    oktai_pacing_options options;
    unsigned in_flight;
    unsigned cap;       /* of requests at once; a concurrency 429 lowers it, successes raise it. 0: it never
                           changed, and is max_in_flight */
    unsigned successes; /* since the cap was last changed */
    uint64_t cap_epoch; /* number of the first request sent after the cap was lowered. Only these lower it
                           further */
    uint64_t sent;
    uint64_t uses;
    oktai_pacing_bucket buckets[OKTAI_PACING_BUCKETS];
    oktai_pacing_endpoint endpoints[OKTAI_PACING_ENDPOINTS];
} oktai_pacing;

/* The turn of one request; oktai_pacing_leave() ends it. Its endpoint is not forgotten before. The bucket of
 * the endpoint may change before the answer comes, so the turn notes what the bucket was like at first. */
typedef struct oktai_pacing_turn {
    int16_t endpoint;  /* index; -1: all endpoints were busy, and the request only counts as one at once */
    int16_t bucket;    /* index; -1: none was known */
    int64_t reset_s;   /* of the bucket */
    int64_t remaining; /* of the bucket: the answer shows less, or it is of another bucket */
    uint64_t number;   /* from 0, in the order of sending */
} oktai_pacing_turn;

typedef enum oktai_pacing_verdict {
    OKTAI_PACING_GO,            /* send; `turn` is filled */
    OKTAI_PACING_AWAIT_REQUEST, /* wait until one of the requests in flight has ended, or until `until_ms`
                                   where that is not 0, then ask again. Either as many requests run as may run
                                   at once, or those in flight may use up the calls that are left. At least
                                   one is in flight */
    OKTAI_PACING_AWAIT_TIME,    /* wait until `until_ms`, then ask again */
} oktai_pacing_verdict;

typedef struct oktai_pacing_answer {
    oktai_pacing_verdict verdict;
    oktai_pacing_turn turn; /* GO */
    /* AWAIT_TIME; and AWAIT_REQUEST where a reset would help too, else 0. */
    int64_t
        ready_at_ms;  /* when a request may go next by our clock: the window ends, or the next probe is due */
    int64_t until_ms; /* the same with up to 10 s of chance, so that many who wait do not ask again at once.
                         A deadline that lies between the two is no reason to give up: see
                         oktai_pacing_spread_within_ms() */
    int64_t reset_s;  /* when the window ends by the server's clock, seconds since 1970 */
} oktai_pacing_answer;

/* What names an operation: `method` and the path with its ids taken out, which is either an operation row's
 * template with {placeholders} or the path of a raw call. A query does not count.
 *
 * Taken out is the text of a segment, not its place, so that a list and an item of it differ: of one with a
 * placeholder, a digit, '@' or '%', or of more than 24 bytes; but never of "v1", "oauth2", and what follows
 * "v1", which are names. The rule holds for templates too: the typed and the raw call of an operation have
 * the same key as long as their ids look like ids. An id that looks like a name (a short login, "default")
 * makes an endpoint of its own, which learns its bucket by itself. */
uint64_t oktai_pacing_key(const char *method, const char *path);

/* Ask whether a request of that endpoint may go. `random` spreads until_ms, and decides nothing else. With
 * AWAIT_TIME, ready_at_ms is in the future, and never further away than 61 s from the latest answer of the
 * bucket. */
oktai_pacing_answer oktai_pacing_enter(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms,
                                       uint32_t random);

/* Whether as many requests run as may run at once. */
bool oktai_pacing_is_full(const oktai_pacing *pacing);

/* The status of a request that the server never saw. */
#define OKTAI_PACING_NOT_SENT (-1)

/* End the turn of a request, exactly once for each GO. `http_status`: 0 when no answer came. `rate`: what the
 * answer said, as oktai_pacing_believe() gives it; all absent when there was none.
 *
 * An answer speaks of its bucket when it has limit, remaining, reset and date, and they make sense: a limit
 * of 1 to 1e9, a reset ahead of the date by an hour at most. After a 429 that does, no call is left.
 *
 * A concurrency 429 halves the number of requests at once. Further ones to requests that were sent before it
 * came back change nothing. As many answers (2xx to 4xx, but 429) as may run at once raise the number by
 * one. */
void oktai_pacing_leave(oktai_pacing *pacing, const oktai_pacing_turn *turn, int http_status,
                        const okta_rate_limit *rate, int64_t now_ms);

/* Whether a 429 speaks of too many requests at once, not of a window (limit 0 and remaining 0). */
bool oktai_pacing_is_concurrency(const okta_rate_limit *rate);

/* What an answer said, with the machine's time of day in place of the server's Date where that is more likely
 * to be right: where the two differ by more than ten minutes, and the reset is ahead of the machine's clock
 * by an hour at most, and nearer than the Date makes it. A Date may come out of a cache, or of a gateway
 * whose clock is wrong. */
okta_rate_limit oktai_pacing_believe(const okta_rate_limit *said, int64_t wall_s);

/* Milliseconds until asking again makes sense: from the date of an answer to one second behind its reset.
 * 0: there is no reset ahead, or it is more than an hour ahead. */
int64_t oktai_pacing_reset_wait_ms(const okta_rate_limit *rate);

/* A wait that the server asked for, with up to 10 s of chance more, so that of many clients that wait for one
 * reset no more than 15 per cent wake in the same second. A wait below one second stays as it is. */
int64_t oktai_pacing_spread_ms(int64_t wait_ms, uint32_t random);

/* The same where `left_ms` are left of a deadline: one second stays for the request behind the wait, and
 * chance adds no more than that allows. */
int64_t oktai_pacing_spread_within_ms(int64_t wait_ms, int64_t left_ms, uint32_t random);

/* Of a bucket without a call left, one request goes all the same when nothing was heard for this long. It is
 * a minute, and the second that a wait for a reset takes longer: a window of a minute ends before. */
#define OKTAI_PACING_PROBE_MS 61000

/* A number from 0 up to `range_ms`. */
int64_t oktai_pacing_chance_ms(int64_t range_ms, uint32_t random);

#endif
