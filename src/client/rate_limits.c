/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/rate_limits.h"

#include "client/client.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

static bool copy_operations(oktai_arena *arena, const oktai_pacing *pacing, int16_t index,
                            okta_rate_limit_bucket *out)
{
    oktai_vector names = {0};
    for (size_t i = 0; i < OKTAI_PACING_ENDPOINTS; i++) {
        const oktai_pacing_endpoint *endpoint = &pacing->endpoints[i];
        if (!endpoint->used || endpoint->bucket != index || endpoint->name == NULL) {
            continue;
        }
        const char **slot = oktai_arena_push(arena, &names, sizeof *slot);
        if (slot == NULL) {
            return false;
        }
        *slot = endpoint->name;
    }
    out->operations = names.data;
    out->operation_count = names.count;
    return true;
}

static bool copy_buckets(oktai_arena *arena, const oktai_pacing *pacing, int64_t now_ms,
                         okta_rate_limits *out)
{
    oktai_vector buckets = {0};
    for (size_t i = 0; i < OKTAI_PACING_BUCKETS; i++) {
        const oktai_pacing_bucket *bucket = &pacing->buckets[i];
        if (!bucket->used) {
            continue;
        }
        okta_rate_limit_bucket **slot = oktai_arena_push(arena, &buckets, sizeof *slot);
        okta_rate_limit_bucket *copy = oktai_arena_alloc(arena, sizeof *copy);
        if (slot == NULL || copy == NULL) {
            return false;
        }
        bool over = bucket->open || now_ms >= bucket->reset_at_ms;
        *slot = copy;
        *copy = (okta_rate_limit_bucket){.limit = bucket->limit,
                                         .remaining = over ? bucket->limit : bucket->remaining,
                                         .reset = bucket->reset_s,
                                         .in_flight = bucket->in_flight};
        if (!copy_operations(arena, pacing, (int16_t)i, copy)) {
            return false;
        }
    }
    out->items = (const okta_rate_limit_bucket *const *)buckets.data;
    out->count = buckets.count;
    out->in_flight = pacing->in_flight;
    out->max_in_flight = pacing->cap == 0 ? pacing->options.max_in_flight : pacing->cap;
    return true;
}

okta_error *okta_client_rate_limits(okta_client *client, okta_rate_limits **out)
{
    oktai_expect_root(__func__, client);
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (client == NULL) {
        return oktai_error_null("client");
    }
    okta_error *error = oktai_client_refuse(client);
    if (error != NULL) {
        return error;
    }
    okta_rate_limits *limits = oktai_root_new(sizeof *limits, 0, NULL);
    if (limits == NULL) {
        return oktai_error_nomem();
    }
    pthread_mutex_lock(&client->lock);
    bool good =
        copy_buckets(oktai_root_arena(limits), &client->pacing, client->clock->now_ms(client->clock), limits);
    pthread_mutex_unlock(&client->lock);
    if (!good) {
        okta_free(limits);
        return oktai_error_nomem();
    }
    *out = limits;
    return NULL;
}
