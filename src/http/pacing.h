/* SPDX-License-Identifier: Apache-2.0 */
/* When the next request may go: the org's rate limits and how many requests run at once, over all threads of
 * a client. Pure: the caller brings time and chance, and holds a lock around every function.
 *
 * Okta counts calls in buckets that cover several operations, and does not say which. They are learnt:
 * operations that report the same limit and the same reset share a bucket. One that then reports another
 * reset while the bucket's own is still ahead leaves it. So does one that reports as many calls left as the
 * bucket had when the request was sent, or more: each call of a bucket and a window is told a smaller number.
 * Until they are told apart, two buckets taken for one have the smaller number of both: a call may wait too
 * long then, but is not refused. A bucket moves on to its next window as a whole, with the first answer that
 * reports it. It becomes one with another bucket of the same limit and reset when that answer continues the
 * other's numbers, and when one of them is refused while the other has nothing left.
 *
 * Calls left are the smallest number reported in a window, less the requests in flight, less those that ended
 * and told nothing. When the reset has passed, a window with all calls of the limit is assumed until an
 * answer tells. When as many requests as the limit has told nothing, the bucket is forgotten. */
#ifndef OKTA_HTTP_PACING_H
#define OKTA_HTTP_PACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "okta/rate_limits.h"

#define OKTAI_PACING_BUCKETS   32u
#define OKTAI_PACING_ENDPOINTS 128u

/* A limit that `percent` and `reserve` leave no call of still lets one through in a window that nobody else
 * uses: a client that may never call would never learn that it may. Which of the two leaves more unused
 * counts. With percent 100 and reserve 0, a call goes as long as one is left. */
typedef struct oktai_pacing_options {
    bool off;               /* of rate limits; the number of requests at once is limited all the same */
    unsigned percent;       /* of a limit that may be used, 1 to 100; 0: 100 */
    unsigned reserve;       /* calls of a limit that stay unused */
    unsigned max_in_flight; /* requests at once, at least 1; 0: 1 */
} oktai_pacing_options;

/* Of a used one at least one endpoint speaks. */
typedef struct oktai_pacing_bucket {
    bool used;
    bool open;           /* the reset has passed, and no answer has told of the next window yet */
    int64_t limit;       /* calls in a window, 1 to 1e9 */
    int64_t remaining;   /* of the latest answer, never raised within a window; `limit` when open */
    int64_t lost;        /* requests that ended and told nothing, and are in no number yet */
    int64_t reset_s;     /* the server's time, seconds since 1970 */
    int64_t reset_at_ms; /* the same on our clock, one second later */
    unsigned in_flight;  /* sent and not answered */
    /* Numbers of requests: what was sent before them is older than what happened. */
    uint64_t begun_at;  /* the window began or was assumed */
    uint64_t told_at;   /* `remaining` was told */
    uint64_t lost_at;   /* the latest of `lost` ended */
    uint64_t last_used; /* for the least recently used one to make room */
} oktai_pacing_bucket;

typedef struct oktai_pacing_endpoint {
    bool used;
    uint64_t key;
    const char *name;   /* for people, by the caller; nullable */
    int16_t bucket;     /* index; -1: not known yet */
    unsigned in_flight; /* a part of its bucket's; it takes them along to another bucket */
    uint64_t last_used;
} oktai_pacing_endpoint;

/* Begins zeroed but for `options`. */
typedef struct oktai_pacing {
    oktai_pacing_options options;
    unsigned in_flight;
    unsigned cap; /* requests at once, lowered by a concurrency 429 and raised by successes; 0: not yet set,
                     the same as max_in_flight */
    unsigned successes; /* since the cap was last changed */
    uint64_t cap_epoch; /* number of the first request sent after the cap was lowered: what was sent before
                           lowers it no more */
    uint64_t sent;
    uint64_t uses;
    oktai_pacing_bucket buckets[OKTAI_PACING_BUCKETS];
    oktai_pacing_endpoint endpoints[OKTAI_PACING_ENDPOINTS];
} oktai_pacing;

/* A request that may go; oktai_pacing_leave() takes it back. It belongs to an endpoint, which keeps its place
 * as long as a request of it is in flight. The bucket may be another when the answer comes: what is said of
 * it here is only compared with. */
typedef struct oktai_pacing_ticket {
    int16_t endpoint;  /* index; -1: all endpoints were busy, and the request counts as one at once only */
    int16_t bucket;    /* index, when it was sent; -1: none */
    int64_t reset_s;   /* of the bucket, when it was sent */
    int64_t remaining; /* the same: the answer's must be smaller, or it is of another bucket */
    uint64_t number;   /* from 0, in the order of sending */
} oktai_pacing_ticket;

typedef enum oktai_pacing_verdict {
    OKTAI_PACING_GO,   /* `ticket` is filled */
    OKTAI_PACING_SLOT, /* wait for another request to end, or until `until_ms` where it is not 0, whichever
                         comes first; then ask again. Either all places are taken, or those in flight may use
                         up what is left of the limit. At least one is in flight */
    OKTAI_PACING_WAIT, /* wait until `until_ms`, then ask again */
} oktai_pacing_verdict;

typedef struct oktai_pacing_answer {
    oktai_pacing_verdict verdict;
    oktai_pacing_ticket ticket; /* GO */
    /* WAIT; and SLOT where a reset would help too, else 0. */
    int64_t until_ms; /* reset_at_ms and up to 10 s of chance, so that many waiters do not wake at once. Who
                         asks again then finds the window open, and gets no second chance on top */
    int64_t reset_at_ms; /* when the window ends on our clock: a deadline behind it, but before until_ms, is
                            no reason to give up; see oktai_pacing_spread_within_ms() */
    int64_t reset_s;     /* the same, seconds since 1970 by the server */
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

/* Ask whether a request of that endpoint may go. Chance is part of until_ms only. WAIT is always in the
 * future, and at most what the server said and 11 s away. */
oktai_pacing_answer oktai_pacing_enter(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms,
                                       uint32_t random);

/* The status of a request that the server never saw. */
#define OKTAI_PACING_NOT_SENT (-1)

/* The request of a ticket ended; exactly once for each GO. `http_status`: 0 when no answer came. `rate`: what
 * the answer said, all absent when there was none.
 *
 * An answer tells of its bucket when it has limit, remaining, reset and date, and they make sense: a limit of
 * 1 to 1e9, a reset ahead of the date by 24 hours at most. After a 429 that does, no call is left.
 *
 * A concurrency 429 halves the number of requests at once, but only once for all that were sent before it
 * came back. As many answers (2xx to 4xx, but 429) as run at once raise it by one. */
void oktai_pacing_leave(oktai_pacing *pacing, const oktai_pacing_ticket *ticket, int http_status,
                        const okta_rate_limit *rate, int64_t now_ms);

/* Whether a 429 speaks of too many requests at once, not of a window (limit 0 and remaining 0). */
bool oktai_pacing_is_concurrency(const okta_rate_limit *rate);

/* Milliseconds from a server's reset by its own date to when asking again makes sense: one second behind it.
 * 0: no reset ahead, or one more than 24 hours ahead. */
int64_t oktai_pacing_reset_wait_ms(const okta_rate_limit *rate);

/* A wait that the server asked for, with up to 10 s of chance more, so that of many clients that wait for one
 * reset no more than 15 per cent wake in the same second. A wait below one second stays as it is. */
int64_t oktai_pacing_spread_ms(int64_t wait_ms, uint32_t random);

/* The same where `left_ms` are left of a deadline: chance takes no more than leaves one second for the
 * request after the wait, and nothing where there is not so much. */
int64_t oktai_pacing_spread_within_ms(int64_t wait_ms, int64_t left_ms, uint32_t random);

/* A number from 0 up to `range_ms`. */
int64_t oktai_pacing_chance_ms(int64_t range_ms, uint32_t random);

#endif
