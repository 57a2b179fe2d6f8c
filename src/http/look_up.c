/* SPDX-License-Identifier: Apache-2.0 */
#include "http/look_up.h"

#include <stdio.h>

#include "core/clock.h"
#include "http/verdict.h"

int64_t oktai_look_up_until_ms(const oktai_transfer *t)
{
    int64_t connected_ms = t->began_ms + t->options->connect_timeout_ms;
    return connected_ms < t->give_up_ms ? connected_ms : t->give_up_ms;
}

static oktai_attempt failed(oktai_transfer *t, oktai_found found, size_t which, const char *reason)
{
    const oktai_route *route = t->options->route;
    const char *host = route->names[which].host;
    const char *what = route->proxy_label != NULL && which == 0 ? "the proxy's name" : "the name";
    oktai_attempt attempt = {.failure = OKTA_E_TRANSPORT, .reason = t->problem};
    switch (found) {
    case OKTAI_FIND_NO_MEMORY:
        return oktai_verdict_no_memory();
    case OKTAI_FIND_CANCELED:
        return oktai_verdict_canceled();
    case OKTAI_FOUND_TOO_LATE:
        attempt.failure = OKTA_E_TIMEOUT;
        attempt.limit = oktai_verdict_connect_limit(t);
        reason = "the look-up takes too long";
        break;
    case OKTAI_FOUND:
    case OKTAI_NOT_FOUND:
        break;
    }
    snprintf(t->problem, sizeof t->problem, "%s %.160s was not found: %s", what, host, reason);
    return attempt;
}

/* All of them in one list, as libcurl replaces what it has of a name. It reads the list when the transfer
 * begins. */
static bool hand_over(oktai_transfer *t)
{
    struct curl_slist *list = NULL;
    for (size_t i = t->options->route->name_count; i > 0; i--) {
        t->addresses[i - 1].item = (struct curl_slist){t->addresses[i - 1].line.data, list};
        list = &t->addresses[i - 1].item;
    }
    if (curl_easy_setopt(t->easy, CURLOPT_RESOLVE, list) != CURLE_OK) {
        return false;
    }
    for (size_t i = 0; i < t->options->route->name_count; i++) {
        t->addresses[i].told = t->addresses[i].number;
    }
    return true;
}

/* How a search is to be done. */
typedef struct manner {
    bool needed;
    bool blocks;
} manner;

static oktai_found find(oktai_transfer *t, const oktai_request *request, size_t which, manner how,
                        const char **reason)
{
    const oktai_transport_options *options = t->options;
    oktai_addresses *at_hand = &t->addresses[which];
    oktai_search search = {
        .now_ms = options->clock->now_ms(options->clock),
        .wait_ms = how.needed && how.blocks ? oktai_look_up_until_ms(t) - oktai_clock_system_ms() : 0,
        .canceled = request->canceled,
        .number = at_hand->number,
        .ticket = at_hand->ticket};
    oktai_found found = oktai_resolver_find(options->resolver, which, &search, &at_hand->line);
    at_hand->ticket = found == OKTAI_FOUND_TOO_LATE ? search.ticket : 0;
    at_hand->number = search.number;
    *reason = search.reason;
    return found;
}

/* The addresses of all names; of none where libcurl looks them up. */
static oktai_attempt look_up(oktai_transfer *t, const oktai_request *request, manner how, bool *pending)
{
    const size_t names = t->options->resolver != NULL ? t->options->route->name_count : 0;
    bool changed = false;
    for (size_t i = 0; i < names; i++) {
        oktai_addresses *at_hand = &t->addresses[i];
        const char *reason = NULL;
        oktai_found found = find(t, request, i, how, &reason);
        bool suffices = !how.needed && at_hand->number != 0 && found != OKTAI_FIND_NO_MEMORY;
        if (found == OKTAI_FOUND_TOO_LATE && !how.blocks && !suffices &&
            oktai_clock_system_ms() < oktai_look_up_until_ms(t)) {
            *pending = true;
        } else if (found != OKTAI_FOUND && !suffices) {
            at_hand->number = 0;
            return failed(t, found, i, reason);
        }
        changed = changed || at_hand->number != at_hand->told;
    }
    if (!*pending && changed && !hand_over(t)) {
        oktai_look_up_forget(t);
        return oktai_verdict_no_memory();
    }
    return (oktai_attempt){.failure = OKTA_OK};
}

oktai_attempt oktai_look_up(oktai_transfer *t, const oktai_request *request, bool needed)
{
    bool pending = false;
    const manner how = {.needed = needed, .blocks = true};
    return look_up(t, request, how, &pending);
}

oktai_attempt oktai_look_up_try(oktai_transfer *t, const oktai_request *request, bool needed, bool *pending)
{
    const manner how = {.needed = needed};
    *pending = false;
    return look_up(t, request, how, pending);
}

void oktai_look_up_forget(oktai_transfer *t)
{
    for (size_t i = 0; i < OKTAI_NAMES_MAX; i++) {
        t->addresses[i].number = 0;
        t->addresses[i].told = 0;
        t->addresses[i].ticket = 0;
    }
}

void oktai_look_up_clear(oktai_transfer *t)
{
    for (size_t i = 0; i < OKTAI_NAMES_MAX; i++) {
        oktai_buffer_clear(&t->addresses[i].line);
    }
}
