/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pacing.h"

#include <string.h>

#define SPREAD_MS     10000
#define MARGIN_MS     1000 /* a server's seconds are cut off, not rounded */
#define REQUEST_MS    1000
#define WINDOW_MAX_S  3600
#define DATE_OFF_S    600
#define LIMIT_MAX     1000000000
#define ID_LENGTH_MIN 25

/* What an answer says about its bucket. */
typedef struct told {
    int64_t limit;
    int64_t remaining;
    int64_t reset_s;
    int64_t date_s;
    int64_t now_ms;      /* when it came */
    int64_t reset_at_ms; /* by our clock */
    uint64_t number;     /* of the request */
    bool refused;        /* it is a 429 */
    bool not_less; /* it shows at least as many calls left as the bucket had when the request was sent */
} told;

/* How an answer relates to the bucket that its endpoint is in. */
typedef enum relation {
    RELATION_SAME,  /* the same window */
    RELATION_NEXT,  /* the bucket's next window */
    RELATION_OTHER, /* another bucket */
    RELATION_STALE, /* it may be of a window that is over: nothing in it is sure to hold any more */
} relation;

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* `ms` is not negative. */
static int64_t later(int64_t now_ms, int64_t ms)
{
    return now_ms > INT64_MAX - ms ? INT64_MAX : now_ms + ms;
}

int64_t oktai_pacing_chance_ms(int64_t range_ms, uint32_t random)
{
    return (int64_t)(((uint64_t)range_ms * random) >> 32);
}

bool oktai_pacing_is_concurrency(const okta_rate_limit *rate)
{
    return rate->limit.has && rate->limit.value == 0 && rate->remaining.has && rate->remaining.value == 0;
}

int64_t oktai_pacing_reset_wait_ms(const okta_rate_limit *rate)
{
    if (!rate->reset.has || !rate->date.has || rate->date.value < 0 ||
        rate->reset.value <= rate->date.value) {
        return 0;
    }
    int64_t ahead_s = rate->reset.value - rate->date.value;
    return ahead_s <= WINDOW_MAX_S ? ahead_s * 1000 + MARGIN_MS : 0;
}

okta_rate_limit oktai_pacing_believe(const okta_rate_limit *said, int64_t wall_s)
{
    okta_rate_limit believed = *said;
    if (!said->reset.has || !said->date.has || wall_s <= 0 || said->date.value < 0 ||
        distance(said->date.value, wall_s) <= DATE_OFF_S) {
        return believed;
    }
    int64_t by_date_s = said->reset.value - said->date.value;
    int64_t by_wall_s = said->reset.value - wall_s;
    if (by_wall_s > 0 && by_wall_s <= WINDOW_MAX_S && (by_date_s <= 0 || by_wall_s < by_date_s)) {
        believed.date.value = wall_s;
    }
    return believed;
}

int64_t oktai_pacing_spread_within_ms(int64_t wait_ms, int64_t left_ms, uint32_t random)
{
    if (wait_ms < 1000 || left_ms <= wait_ms || left_ms - wait_ms <= REQUEST_MS) {
        return wait_ms;
    }
    return wait_ms + oktai_pacing_chance_ms(smaller(SPREAD_MS, left_ms - wait_ms - REQUEST_MS), random);
}

int64_t oktai_pacing_spread_ms(int64_t wait_ms, uint32_t random)
{
    return oktai_pacing_spread_within_ms(wait_ms, INT64_MAX, random);
}

/* FNV-1a. */
static uint64_t hash_bytes(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static bool is_word(const char *segment, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(segment, word, length) == 0;
}

static bool looks_like_id(const char *segment, size_t length)
{
    bool strange = length >= ID_LENGTH_MIN;
    for (size_t i = 0; i < length; i++) {
        strange = strange || (segment[i] >= '0' && segment[i] <= '9') || segment[i] == '@' ||
                  segment[i] == '%' || segment[i] == '{';
    }
    return strange && !is_word(segment, length, "v1") && !is_word(segment, length, "oauth2");
}

uint64_t oktai_pacing_key(const char *method, const char *path)
{
    uint64_t hash = hash_bytes(UINT64_C(14695981039346656037), method, strlen(method));
    bool after_version = false;
    for (;;) {
        size_t length = strcspn(path, "/?");
        if (after_version || !looks_like_id(path, length)) {
            hash = hash_bytes(hash, path, length);
        }
        if (path[length] != '/') {
            return hash;
        }
        hash = hash_bytes(hash, "/", 1);
        after_version = is_word(path, length, "v1");
        path += length + 1;
    }
}

static unsigned max_in_flight(const oktai_pacing *pacing)
{
    return pacing->options.max_in_flight > 0 ? pacing->options.max_in_flight : 1;
}

static unsigned cap_of(const oktai_pacing *pacing)
{
    return pacing->cap > 0 ? pacing->cap : max_in_flight(pacing);
}

static oktai_pacing_endpoint *find_endpoint(oktai_pacing *pacing, uint64_t key)
{
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        if (pacing->endpoints[i].used && pacing->endpoints[i].key == key) {
            return &pacing->endpoints[i];
        }
    }
    return NULL;
}

static oktai_pacing_bucket *bucket_of(oktai_pacing *pacing, const oktai_pacing_endpoint *endpoint)
{
    return endpoint->bucket < 0 ? NULL : &pacing->buckets[endpoint->bucket];
}

static bool has_endpoints(const oktai_pacing *pacing, int16_t bucket)
{
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        if (pacing->endpoints[i].used && pacing->endpoints[i].bucket == bucket) {
            return true;
        }
    }
    return false;
}

/* Put an endpoint into a bucket, with what it has in flight. NULL: into none. A bucket that nobody speaks of
 * any more is let go. */
static void move_endpoint(oktai_pacing *pacing, oktai_pacing_endpoint *endpoint, oktai_pacing_bucket *to)
{
    oktai_pacing_bucket *from = bucket_of(pacing, endpoint);
    int16_t left = endpoint->bucket;
    endpoint->bucket = to == NULL ? -1 : (int16_t)(to - pacing->buckets);
    if (to != NULL) {
        to->in_flight += endpoint->in_flight;
    }
    if (from != NULL) {
        from->in_flight -= endpoint->in_flight;
        from->used = has_endpoints(pacing, left);
    }
}

static void move_all(oktai_pacing *pacing, const oktai_pacing_bucket *from, oktai_pacing_bucket *to)
{
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        oktai_pacing_endpoint *endpoint = &pacing->endpoints[i];
        if (endpoint->used && bucket_of(pacing, endpoint) == from) {
            move_endpoint(pacing, endpoint, to);
        }
    }
}

/* A free endpoint, or the one that was not used for longest and has nothing in flight. NULL: all are busy. */
static oktai_pacing_endpoint *make_endpoint(oktai_pacing *pacing, uint64_t key)
{
    oktai_pacing_endpoint *oldest = NULL;
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        oktai_pacing_endpoint *endpoint = &pacing->endpoints[i];
        if (endpoint->in_flight == 0 && (oldest == NULL || endpoint->last_used < oldest->last_used)) {
            oldest = endpoint;
        }
    }
    if (oldest == NULL) {
        return NULL;
    }
    if (oldest->used) {
        move_endpoint(pacing, oldest, NULL);
    }
    *oldest = (oktai_pacing_endpoint){.used = true, .key = key, .bucket = -1};
    return oldest;
}

static oktai_pacing_bucket *make_bucket(oktai_pacing *pacing, int64_t limit)
{
    oktai_pacing_bucket *oldest = NULL;
    for (size_t i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        oktai_pacing_bucket *bucket = &pacing->buckets[i];
        if (!bucket->used) {
            oldest = bucket;
            break;
        }
        if (bucket->in_flight == 0 && (oldest == NULL || bucket->last_used < oldest->last_used)) {
            oldest = bucket;
        }
    }
    if (oldest == NULL) {
        return NULL;
    }
    if (oldest->used) {
        move_all(pacing, oldest, NULL);
    }
    *oldest = (oktai_pacing_bucket){.used = true, .limit = limit};
    return oldest;
}

/* Each call of a bucket and a window is told another number, and a later call a smaller one. One that is
 * refused comes after all that are in flight. */
static bool contradicts(const oktai_pacing_bucket *bucket, const told *news)
{
    if (news->refused) {
        return bucket->remaining > (int64_t)bucket->in_flight;
    }
    return news->remaining == bucket->remaining ||
           (news->remaining > bucket->remaining && news->number >= bucket->told_at);
}

/* Of an answer that does not contradict: whether it speaks for the bucket. */
static bool continues(const oktai_pacing_bucket *bucket, const told *news)
{
    return news->refused || (news->remaining < bucket->remaining && news->number >= bucket->told_at);
}

/* Another bucket than `not_this` that the answer may be of. */
static oktai_pacing_bucket *find_bucket(oktai_pacing *pacing, const oktai_pacing_bucket *not_this,
                                        const told *news)
{
    for (size_t i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        oktai_pacing_bucket *bucket = &pacing->buckets[i];
        if (bucket->used && bucket != not_this && !bucket->open && bucket->limit == news->limit &&
            bucket->reset_s == news->reset_s && !contradicts(bucket, news)) {
            return bucket;
        }
    }
    return NULL;
}

static relation relate(const oktai_pacing_bucket *bucket, const told *news)
{
    bool late = news->number < bucket->begun_at;
    if (bucket->limit != news->limit || news->not_less) {
        return RELATION_OTHER;
    }
    if (news->reset_s == bucket->reset_s) {
        return bucket->open && late ? RELATION_STALE : RELATION_SAME;
    }
    if (news->reset_s < bucket->reset_s) {
        return late ? RELATION_STALE : RELATION_OTHER;
    }
    return news->date_s < bucket->reset_s ? RELATION_OTHER : RELATION_NEXT;
}

static void note(oktai_pacing *pacing, oktai_pacing_bucket *bucket, const told *news)
{
    bool begins = bucket->open || bucket->reset_s != news->reset_s;
    if (begins || news->remaining < bucket->remaining) {
        bucket->remaining = news->remaining;
        bucket->told_at = pacing->sent;
    }
    if (begins) {
        bucket->open = false;
        bucket->reset_s = news->reset_s;
        bucket->begun_at = pacing->sent;
    }
    /* Dates have whole seconds, and answers take their time: the smallest is the nearest to the truth. */
    bucket->reset_at_ms = begins ? news->reset_at_ms : smaller(bucket->reset_at_ms, news->reset_at_ms);
    if (news->number >= bucket->lost_at) {
        bucket->lost = 0;
    }
    bucket->heard_at_ms = news->now_ms;
    bucket->last_used = ++pacing->uses;
}

static void learn(oktai_pacing *pacing, oktai_pacing_endpoint *endpoint, const told *news)
{
    oktai_pacing_bucket *bucket = bucket_of(pacing, endpoint);
    relation how = bucket == NULL ? RELATION_OTHER : relate(bucket, news);
    if (how == RELATION_STALE) {
        return;
    }
    bool settled = how == RELATION_SAME && !news->refused;
    oktai_pacing_bucket *other = settled ? NULL : find_bucket(pacing, bucket, news);
    if (how == RELATION_OTHER) {
        move_endpoint(pacing, endpoint, NULL);
        bucket = other != NULL ? other : make_bucket(pacing, news->limit);
        move_endpoint(pacing, endpoint, bucket);
    } else if (other != NULL && continues(other, news)) {
        move_all(pacing, bucket, other);
        bucket = other;
    }
    if (bucket != NULL) {
        note(pacing, bucket, news);
    }
}

/* Calls that may be made as far as is known, those in flight among them. */
static int64_t room_of(const oktai_pacing *pacing, const oktai_pacing_bucket *bucket)
{
    unsigned percent = pacing->options.percent;
    int64_t floor = pacing->options.reserve;
    int64_t spared =
        percent > 0 && percent < 100 ? bucket->limit - bucket->limit * (int64_t)percent / 100 : 0;
    floor = floor > spared ? floor : spared;
    return bucket->remaining - bucket->lost - smaller(floor, bucket->limit - 1);
}

/* Of a bucket whose window is not over and that has no room: what to wait for. */
static oktai_pacing_answer wait_for(const oktai_pacing_bucket *bucket, int64_t room, int64_t now_ms,
                                    uint32_t random)
{
    int64_t probe_at_ms = later(bucket->heard_at_ms, OKTAI_PACING_PROBE_MS);
    bool due = now_ms >= probe_at_ms;
    if (due && bucket->in_flight == 0) {
        return (oktai_pacing_answer){.verdict = OKTAI_PACING_GO};
    }
    int64_t ready_at_ms = due ? bucket->reset_at_ms : smaller(bucket->reset_at_ms, probe_at_ms);
    /* The answers of requests in flight tell how many calls are left, and do the work of a probe. */
    bool await_request = room > 0 || due;
    return (oktai_pacing_answer){.verdict =
                                     await_request ? OKTAI_PACING_AWAIT_REQUEST : OKTAI_PACING_AWAIT_TIME,
                                 .ready_at_ms = ready_at_ms,
                                 .until_ms = later(ready_at_ms, oktai_pacing_chance_ms(SPREAD_MS, random)),
                                 .reset_s = bucket->reset_s};
}

static oktai_pacing_answer ask(oktai_pacing *pacing, oktai_pacing_bucket *bucket, int64_t now_ms,
                               uint32_t random)
{
    if (!bucket->open && now_ms >= bucket->reset_at_ms) {
        bucket->open = true;
        bucket->remaining = bucket->limit;
        bucket->lost = 0;
        bucket->begun_at = pacing->sent;
    }
    int64_t room = room_of(pacing, bucket);
    if (pacing->options.off || room > (int64_t)bucket->in_flight) {
        return (oktai_pacing_answer){.verdict = OKTAI_PACING_GO};
    }
    if (!bucket->open) {
        return wait_for(bucket, room, now_ms, random);
    }
    if (bucket->in_flight > 0) {
        return (oktai_pacing_answer){.verdict = OKTAI_PACING_AWAIT_REQUEST};
    }
    move_all(pacing, bucket, NULL);
    return (oktai_pacing_answer){.verdict = OKTAI_PACING_GO};
}

static oktai_pacing_turn admit(oktai_pacing *pacing, oktai_pacing_endpoint *endpoint, uint64_t key,
                               int64_t now_ms)
{
    oktai_pacing_turn turn = {.endpoint = -1, .bucket = -1, .number = pacing->sent++};
    pacing->in_flight++;
    if (endpoint == NULL) {
        endpoint = make_endpoint(pacing, key);
    }
    if (endpoint == NULL) {
        return turn;
    }
    turn.endpoint = (int16_t)(endpoint - pacing->endpoints);
    endpoint->in_flight++;
    endpoint->last_used = ++pacing->uses;
    oktai_pacing_bucket *bucket = bucket_of(pacing, endpoint);
    if (bucket != NULL) {
        if (!bucket->open && room_of(pacing, bucket) <= (int64_t)bucket->in_flight) {
            bucket->heard_at_ms = now_ms; /* this is a probe */
        }
        bucket->in_flight++;
        bucket->last_used = pacing->uses;
        turn.bucket = endpoint->bucket;
        turn.reset_s = bucket->reset_s;
        turn.remaining = bucket->remaining;
    }
    return turn;
}

bool oktai_pacing_is_full(const oktai_pacing *pacing)
{
    return pacing->in_flight >= cap_of(pacing);
}

oktai_pacing_answer oktai_pacing_enter(oktai_pacing *pacing, uint64_t endpoint, int64_t now_ms,
                                       uint32_t random)
{
    oktai_pacing_answer answer = {.verdict = OKTAI_PACING_GO};
    oktai_pacing_endpoint *known = find_endpoint(pacing, endpoint);
    if (known != NULL && known->bucket >= 0) {
        answer = ask(pacing, bucket_of(pacing, known), now_ms, random);
    }
    if (answer.verdict == OKTAI_PACING_GO && oktai_pacing_is_full(pacing)) {
        answer.verdict = OKTAI_PACING_AWAIT_REQUEST;
    }
    if (answer.verdict == OKTAI_PACING_GO) {
        answer.turn = admit(pacing, known, endpoint, now_ms);
    }
    return answer;
}

static void adjust_cap(oktai_pacing *pacing, uint64_t number, int http_status, bool crowded)
{
    unsigned cap = cap_of(pacing);
    if (number < pacing->cap_epoch) {
        return;
    }
    if (crowded) {
        pacing->cap = cap > 1 ? cap / 2 : 1;
        pacing->successes = 0;
        pacing->cap_epoch = pacing->sent;
    } else if (http_status >= 200 && http_status <= 499 && http_status != 429 &&
               cap < max_in_flight(pacing) && ++pacing->successes >= cap) {
        pacing->cap = cap + 1;
        pacing->successes = 0;
    }
}

/* Whether an answer tells of a bucket. */
static bool read_news(const okta_rate_limit *rate, int http_status, int64_t now_ms, told *out)
{
    int64_t wait_ms = oktai_pacing_reset_wait_ms(rate);
    if (!rate->limit.has || rate->limit.value < 1 || rate->limit.value > LIMIT_MAX || !rate->remaining.has ||
        rate->remaining.value < 0 || wait_ms == 0) {
        return false;
    }
    *out = (told){.limit = rate->limit.value,
                  .remaining = smaller(rate->remaining.value, rate->limit.value),
                  .reset_s = rate->reset.value,
                  .date_s = rate->date.value,
                  .now_ms = now_ms,
                  .reset_at_ms = later(now_ms, wait_ms),
                  .refused = http_status == 429};
    if (out->refused) {
        out->remaining = 0;
    }
    return true;
}

void oktai_pacing_leave(oktai_pacing *pacing, const oktai_pacing_turn *turn, int http_status,
                        const okta_rate_limit *rate, int64_t now_ms)
{
    pacing->in_flight--;
    adjust_cap(pacing, turn->number, http_status, http_status == 429 && oktai_pacing_is_concurrency(rate));
    if (turn->endpoint < 0) {
        return;
    }
    oktai_pacing_endpoint *endpoint = &pacing->endpoints[turn->endpoint];
    oktai_pacing_bucket *bucket = bucket_of(pacing, endpoint);
    endpoint->in_flight--;
    if (bucket != NULL) {
        bucket->in_flight--;
    }
    told news;
    if (http_status == OKTAI_PACING_NOT_SENT) {
        return;
    }
    if (read_news(rate, http_status, now_ms, &news)) {
        news.number = turn->number;
        /* Only what was done is certain to be counted. */
        news.not_less = http_status >= 200 && http_status <= 299 && bucket != NULL &&
                        turn->bucket == endpoint->bucket && turn->reset_s == bucket->reset_s &&
                        turn->reset_s == news.reset_s && news.remaining >= turn->remaining;
        learn(pacing, endpoint, &news);
    } else if (bucket != NULL) {
        bucket->lost++;
        bucket->lost_at = pacing->sent;
    }
}
