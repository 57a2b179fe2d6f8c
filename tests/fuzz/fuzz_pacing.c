/* SPDX-License-Identifier: Apache-2.0 */
/* The first line of the input is a path. The rest are requests that come and go, and what their answers say
 * about rate limits. */
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "fuzz/fuzz.h"
#include "http/pacing.h"

#define TICKETS_MAX 64u
#define DAY_MS      INT64_C(86400000)
#define NOW_S       INT64_C(1750000000)

typedef struct world {
    oktai_pacing pacing;
    oktai_pacing_turn turns[TICKETS_MAX];
    unsigned count;
    int64_t now_ms;
    uint64_t sent;
} world;

/* Ids and the query say nothing about the endpoint. */
static void check_key(fuzz_input *input)
{
    fuzz_text path = fuzz_line(input);
    oktai_buffer longer = {0};
    uint64_t key = oktai_pacing_key("GET", path.text);
    size_t length = strcspn(path.text, "?");
    FUZZ_CHECK(oktai_buffer_append(&longer, path.text, length) && oktai_buffer_add_text(&longer, "?x=/a/1"));
    FUZZ_CHECK(oktai_pacing_key("GET", longer.data) == key);
    oktai_buffer_clear(&longer);
    free(path.text);
}

static void check_state(const world *w)
{
    const oktai_pacing *pacing = &w->pacing;
    unsigned in_flight[OKTAI_PACING_BUCKETS] = {0};
    bool spoken_of[OKTAI_PACING_BUCKETS] = {false};
    unsigned all = 0;
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        const oktai_pacing_endpoint *endpoint = &pacing->endpoints[i];
        FUZZ_CHECK(endpoint->used || endpoint->in_flight == 0);
        all += endpoint->in_flight;
        if (endpoint->used && endpoint->bucket >= 0) {
            FUZZ_CHECK((size_t)endpoint->bucket < OKTAI_PACING_BUCKETS);
            in_flight[endpoint->bucket] += endpoint->in_flight;
            spoken_of[endpoint->bucket] = true;
        }
    }
    for (size_t i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        const oktai_pacing_bucket *bucket = &pacing->buckets[i];
        FUZZ_CHECK(bucket->used == spoken_of[i]);
        if (bucket->used) {
            FUZZ_CHECK(bucket->in_flight == in_flight[i] && bucket->limit >= 1 && bucket->lost >= 0);
            FUZZ_CHECK(bucket->remaining >= 0 && bucket->remaining <= bucket->limit);
        }
    }
    FUZZ_CHECK(all <= w->count && pacing->in_flight == w->count && pacing->sent == w->sent);
    FUZZ_CHECK(pacing->cap <= pacing->options.max_in_flight || pacing->cap <= 1);
}

static void enter(world *w, fuzz_input *input)
{
    uint64_t endpoint = fuzz_choice(input, 200);
    if (w->count == TICKETS_MAX) {
        return;
    }
    oktai_pacing_answer answer = oktai_pacing_enter(&w->pacing, endpoint, w->now_ms, fuzz_u32(input));
    switch (answer.verdict) {
    case OKTAI_PACING_GO:
        FUZZ_CHECK(w->count == 0 || w->count < w->pacing.options.max_in_flight);
        FUZZ_CHECK(w->pacing.cap == 0 || w->count < w->pacing.cap);
        FUZZ_CHECK(answer.turn.number == w->sent);
        w->turns[w->count++] = answer.turn;
        w->sent++;
        break;
    case OKTAI_PACING_AWAIT_REQUEST:
        /* Who waits for another one must be woken some day. */
        FUZZ_CHECK(w->count > 0);
        FUZZ_CHECK(answer.until_ms == 0 || answer.until_ms > w->now_ms);
        break;
    case OKTAI_PACING_AWAIT_TIME:
        FUZZ_CHECK(!w->pacing.options.off);
        FUZZ_CHECK(answer.until_ms > w->now_ms && answer.until_ms <= w->now_ms + 71000);
        FUZZ_CHECK(answer.ready_at_ms > w->now_ms && answer.ready_at_ms <= answer.until_ms);
        break;
    }
}

/* Often what servers say, at times anything. */
static okta_rate_limit take_rate(world *w, fuzz_input *input)
{
    uint8_t how = fuzz_byte(input);
    int64_t date_s = NOW_S + w->now_ms / 1000;
    okta_rate_limit rate = {.limit = okta_int(fuzz_range(input, 0, 8)),
                            .remaining = okta_int(fuzz_range(input, 0, 8)),
                            .reset = okta_int(date_s / 60 * 60 + 60),
                            .date = okta_int(date_s)};
    if (how % 4 == 1) {
        rate.limit = okta_int(fuzz_range(input, 0, INT64_MAX));
        rate.remaining = okta_int(fuzz_range(input, 0, INT64_MAX));
        rate.reset = okta_int(fuzz_range(input, INT64_C(946684800), INT64_C(4102444800)));
        rate.date = okta_int(fuzz_range(input, 0, INT64_C(253402300800)));
    }
    rate.limit.has = (how & 0x80) == 0;
    rate.date.has = (how & 0xc0) != 0xc0;
    if (how % 8 == 2) {
        rate = (okta_rate_limit){0};
    }
    return rate;
}

/* How many may run at once. */
static unsigned cap_of(const world *w)
{
    unsigned most = w->pacing.options.max_in_flight > 0 ? w->pacing.options.max_in_flight : 1;
    return w->pacing.cap > 0 ? w->pacing.cap : most;
}

static void leave(world *w, fuzz_input *input)
{
    static const int statuses[] = {200, 0, 429, 404, 503, 200, 429, 401};
    if (w->count == 0) {
        return;
    }
    size_t which = fuzz_choice(input, w->count);
    oktai_pacing_turn turn = w->turns[which];
    okta_rate_limit rate = take_rate(w, input);
    w->turns[which] = w->turns[--w->count];
    int http_status = statuses[fuzz_choice(input, COUNT(statuses))];
    unsigned before = cap_of(w);
    bool crowded = http_status == 429 && oktai_pacing_is_concurrency(&rate);
    bool counts = turn.number >= w->pacing.cap_epoch;
    oktai_pacing_leave(&w->pacing, &turn, http_status, &rate, w->now_ms);
    /* Too many at once: half of them, but never none. Else one more at most. */
    FUZZ_CHECK(cap_of(w) >= 1);
    FUZZ_CHECK(crowded && counts ? cap_of(w) == (before > 1 ? before / 2 : 1)
                                 : cap_of(w) == before || cap_of(w) == before + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    world *w = calloc(1, sizeof *w);
    FUZZ_CHECK(w != NULL);
    check_key(&input);
    w->pacing.options = (oktai_pacing_options){.off = fuzz_choice(&input, 8) == 7,
                                               .percent = (unsigned)fuzz_range(&input, 0, 100),
                                               .reserve = (unsigned)fuzz_range(&input, 0, UINT32_MAX),
                                               .max_in_flight = (unsigned)fuzz_range(&input, 0, 75)};
    while (fuzz_more(&input)) {
        uint8_t what = fuzz_byte(&input);
        if (what % 8 < 4) {
            enter(w, &input);
        } else if (what % 8 < 7) {
            leave(w, &input);
        } else {
            w->now_ms += fuzz_range(&input, 0, DAY_MS);
        }
        check_state(w);
    }
    free(w);
    return 0;
}
