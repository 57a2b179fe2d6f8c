/* SPDX-License-Identifier: Apache-2.0 */
#include "http/look_up.h"

#include <stdio.h>

#include "http/verdict.h"

static int64_t real_ms(void)
{
    return oktai_system_clock.now_ms(&oktai_system_clock);
}

/* At least 1: 0 is no limit. */
static int64_t less(int64_t limit_ms, int64_t took_ms)
{
    return limit_ms - took_ms > 1 ? limit_ms - took_ms : 1;
}

/* The connection of the transfer before, unless libcurl finds it too old by then. */
static bool has_connection(const oktai_transport *t, int64_t now_ms)
{
    return t->idle_since_ms != 0 && now_ms - t->idle_since_ms < OKTAI_CONNECTION_MAX_IDLE_S * INT64_C(1000);
}

static oktai_attempt failed(oktai_transport *t, oktai_found found, size_t which, const char *reason)
{
    const oktai_route *route = t->options->route;
    const char *host = route->names[which].host;
    const char *what = route->proxy_label != NULL && which == 0 ? "the proxy's name" : "the name";
    oktai_attempt attempt = {.failure = OKTA_E_TRANSPORT, .reason = t->problem};
    switch (found) {
    case OKTAI_FIND_NO_MEMORY:
        return oktai_verdict_no_memory();
    case OKTAI_FIND_CANCELED:
        attempt.failure = OKTA_E_CANCELED;
        attempt.reason = "the call was canceled";
        return attempt;
    case OKTAI_FOUND_TOO_LATE:
        attempt.failure = OKTA_E_TIMEOUT;
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
static bool hand_over(oktai_transport *t)
{
    struct curl_slist *list = NULL;
    for (size_t i = t->options->route->name_count; i > 0; i--) {
        t->addresses[i - 1].item = (struct curl_slist){t->addresses[i - 1].line.data, list};
        list = &t->addresses[i - 1].item;
    }
    return curl_easy_setopt(t->easy, CURLOPT_RESOLVE, list) == CURLE_OK;
}

oktai_attempt oktai_look_up(oktai_transport *t, const oktai_request *request, int64_t *left_ms)
{
    const oktai_transport_options *options = t->options;
    int64_t now_ms = options->clock->now_ms(options->clock);
    int64_t began_ms = real_ms();
    int64_t limit_ms =
        options->connect_timeout_ms < request->timeout_ms ? options->connect_timeout_ms : request->timeout_ms;
    bool waits = request->fresh || !has_connection(t, now_ms);
    bool changed = false;
    for (size_t i = 0; i < options->route->name_count; i++) {
        oktai_addresses *at_hand = &t->addresses[i];
        oktai_search search = {.now_ms = now_ms,
                               .wait_ms = waits ? limit_ms - (real_ms() - began_ms) : 0,
                               .canceled = request->canceled,
                               .number = at_hand->number};
        oktai_found found = oktai_resolver_find(options->resolver, i, &search, &at_hand->line);
        if (found != OKTAI_FOUND && (waits || at_hand->number == 0 || found == OKTAI_FIND_NO_MEMORY)) {
            at_hand->number = 0;
            return failed(t, found, i, search.reason);
        }
        changed = changed || search.number != at_hand->number;
        at_hand->number = search.number;
    }
    if (changed && !hand_over(t)) {
        oktai_look_up_forget(t);
        return oktai_verdict_no_memory();
    }
    int64_t took_ms = real_ms() - began_ms;
    *left_ms = less(request->timeout_ms, took_ms);
    curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)less(options->connect_timeout_ms, took_ms));
    return (oktai_attempt){.failure = OKTA_OK};
}

void oktai_look_up_forget(oktai_transport *t)
{
    for (size_t i = 0; i < OKTAI_NAMES_MAX; i++) {
        t->addresses[i].number = 0;
    }
}

void oktai_look_up_clear(oktai_transport *t)
{
    for (size_t i = 0; i < OKTAI_NAMES_MAX; i++) {
        oktai_buffer_clear(&t->addresses[i].line);
    }
}
