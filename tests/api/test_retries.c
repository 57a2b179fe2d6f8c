/* SPDX-License-Identifier: Apache-2.0 */
/* When a request goes out again, after which wait, and when it does not. No wait of these tests is real. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

#define NO_RESET "X-Rate-Limit-Reset:"
#define NO_LIMIT "X-Rate-Limit-Limit:"

/* Answers that ask for patience, struck until the client gives up or the wait is over. */
typedef struct patience_case {
    const char *name;
    unsigned status;
    const char *headers[6];
    unsigned sendings; /* the last one succeeds; 0: given up after the first */
    int64_t waits[3];
    int64_t retry_after_ms; /* of the error when it is not repeated at all */
} patience_case;

/* Half of the ten seconds of chance; less where the deadline, after 60 seconds, leaves less. */
static const patience_case patience[] = {
    {"429 with a reset in 19 s", 429, {"X-Rate-Limit-Reset: 1750000019"}, 2, {20000 + 5000}, 25000},
    {"429 with a reset beyond the deadline", 429, {"X-Rate-Limit-Reset: 1750000060"}, 0, {0}, 61000 + 5000},
    {"429 with a reset at the deadline", 429, {"X-Rate-Limit-Reset: 1750000059"}, 0, {0}, 60000 + 5000},
    {"429 with a reset before the deadline",
     429,
     {"X-Rate-Limit-Reset: 1750000053"},
     2,
     {54000 + 2500},
     59000},
    {"429 with a reset that has passed", 429, {"X-Rate-Limit-Reset: 1749999999"}, 4, {750, 1500, 3000}, 0},
    {"429 with a reset now", 429, {"X-Rate-Limit-Reset: 1750000000"}, 4, {750, 1500, 3000}, 0},
    {"429 with a reset in two days", 429, {"X-Rate-Limit-Reset: 1750172800"}, 3, {750, 1500}, 0},
    {"429 with a reset in the year 9999", 429, {"X-Rate-Limit-Reset: 253370764800"}, 3, {750, 1500}, 0},
    {"429 with a reset that is no number", 429, {"X-Rate-Limit-Reset: soon"}, 3, {750, 1500}, 0},
    {"429 with two resets",
     429,
     {"X-Rate-Limit-Reset: 1750000003", "X-Rate-Limit-Reset: 1750000019"},
     2,
     {25000},
     25000},
    {"429 that says nothing", 429, {NO_RESET, NO_LIMIT, "Date:"}, 3, {750, 1500}, 0},
    {"429 without a date", 429, {"X-Rate-Limit-Reset: 1750000019", "Date:"}, 2, {750}, 0},
    {"429 with Retry-After", 429, {NO_RESET, "Retry-After: 8"}, 2, {13000}, 13000},
    {"429 with Retry-After as a date",
     429,
     {NO_RESET, "Retry-After: Sun, 15 Jun 2025 15:06:48 GMT"},
     2,
     {13000},
     13000},
    {"429 with Retry-After: 0", 429, {NO_RESET, "Retry-After: 0"}, 3, {750, 1500}, 0},
    {"429 with Retry-After beyond the deadline", 429, {NO_RESET, "Retry-After: 60"}, 0, {0}, 65000},
    {"429 with Retry-After that is no number", 429, {NO_RESET, "Retry-After: 1.5"}, 3, {750, 1500}, 0},
    {"429 of concurrent calls",
     429,
     {"X-Rate-Limit-Limit: 0", "X-Rate-Limit-Remaining: 0", "X-Rate-Limit-Reset: 1750000060"},
     4,
     {375, 750, 1500},
     0},
};

static bool gives_up(const patience_case *one)
{
    return one->sendings == 0;
}

/* It strikes the operation itself, not the looks at the org. */
static void queue(api_world *world, const patience_case *one, const api_operation *operation, unsigned times)
{
    api_fault(world, (mock_fault){.method = operation->method,
                                  .status = one->status,
                                  .headers = one->headers,
                                  .body = "{}",
                                  .times = times});
}

/* What 429 refused was not processed: it goes out again whatever the operation is. */
static void waits_as_the_server_asks(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(patience); j++) {
            const patience_case *one = &patience[j];
            unsigned sendings = gives_up(one) ? 1 : one->sendings;
            void *out = NULL;
            char label[256];
            snprintf(label, sizeof label, "%s: %s", operation->name, one->name);
            mock_org_set_now(world->org, API_NOW_S);
            world->clock.now_ms = 0;
            api_world_renew(world, NULL);
            api_forget(world);
            queue(world, one, operation, gives_up(one) ? 1 : sendings - 1);
            if (!gives_up(one)) {
                api_queue_good_answer(world, operation);
            }
            okta_error *error = operation->run(world->client, operation->ids, &out);
            api_expect_number(label, "success", error == NULL, !gives_up(one));
            api_expect_number(label, "retry_after_ms", okta_error_retry_after_ms(error),
                              gives_up(one) ? one->retry_after_ms : 0);
            okta_free(error);
            okta_free(out);
            api_expect_requests(label, world, operation->looks_before + sendings);
            api_expect_waits(label, world, one->waits, sendings - 1);
        }
    }
}

static void tells_when_to_come_back(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(patience); j++) {
            api_world_renew(world, NULL);
            api_forget(world);
            queue(world, &patience[j], operation, 1);
            okta_call *call = operation->call(world->client, operation->ids);
            okta_call_set_max_retries(call, 0);
            api_expected expected = {OKTA_E_RATE_LIMITED,
                                     .http_status = 429,
                                     .attempts = 1,
                                     .retryable = true,
                                     .retry_after_ms = patience[j].retry_after_ms,
                                     .request_id = API_ANY,
                                     .document = true,
                                     .body = "{}"};
            api_expect_error(patience[j].name, okta_call_run(call), &expected);
            okta_free(call);
            api_expect_requests(patience[j].name, world, operation->looks_before + 1);
            api_expect_waits(patience[j].name, world, NULL, 0);
        }
    }
}

static void a_rate_limit_that_stays_ends_the_call(void **state)
{
    static const int64_t waits[] = {750, 1500, 3000};
    static const char *const headers[] = {NO_RESET, NULL};
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        api_forget(world);
        api_fault(world,
                  (mock_fault){.method = operation->method, .status = 429, .headers = headers, .times = 4});
        api_expected expected = {OKTA_E_RATE_LIMITED, .http_status = 429,    .attempts = 4,
                                 .retryable = true,   .code = "E0000047",    .summary = API_ANY,
                                 .id = API_ANY,       .request_id = API_ANY, .document = true,
                                 .body = API_ANY};
        api_expect_error(operation->name, operation->run(world->client, operation->ids, &out), &expected);
        api_expect_requests(operation->name, world, operation->looks_before + 4);
        api_expect_waits(operation->name, world, waits, 3);
    }
}

/* The mock's own limit: the wait of the client is what opens the next window. With pacing the wait comes
 * before the request, without it after a refusal. */
static void a_rate_limit_of_the_org_clears(void **state)
{
    (void)state;
    static const int64_t waits[] = {31000 + 5000};
    for (int paced = 0; paced <= 1; paced++) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.pacing = paced ? OKTA_PACING_ON : OKTA_PACING_OFF;
        api_world world;
        api_world_start(&world, &(mock_org_options){.rate_limit = 1, .rate_window_s = 30}, &options);
        api_put(&world, "jwks",
                "{\"id\":\"" API_KEY "\",\"kid\":\"a\",\"kty\":\"RSA\",\"status\":\"ACTIVE\"}");
        for (int i = 0; i < 2; i++) {
            okta_oauth2_client_jwk *key = NULL;
            api_expect_success("getJwk", okta_get_jwk(world.client, API_APP, API_KEY, &key));
            assert_string_equal(key->kid, "a");
            okta_free(key);
        }
        api_expect_requests("getJwk", &world, paced ? 2 : 3);
        api_expect_waits("getJwk", &world, waits, 1);
        api_world_stop(&world);
    }
}

static void waits_for_a_server_in_trouble_as_it_asks(void **state)
{
    static const struct {
        const char *header;
        unsigned sendings;
        int64_t wait;
        int64_t retry_after_ms;
    } cases[] = {
        {"Retry-After: 8", 2, 13000, 13000},
        {"Retry-After: 0", 2, 375, 0},
        {"Retry-After: -1", 2, 375, 0},
        {"Retry-After: 60", 1, 0, 65000},
        {"Retry-After: 99999999999999999999", 2, 375, 0},
    };
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(cases) && operation->effect != API_CREATE; j++) {
            const char *const headers[] = {cases[j].header, NULL};
            void *out = NULL;
            api_story story;
            api_world_renew(world, NULL);
            api_forget(world);
            api_fault(world, (mock_fault){.method = operation->method,
                                          .status = 503,
                                          .headers = headers,
                                          .times = cases[j].sendings});
            okta_call *call = operation->call(world->client, operation->ids);
            okta_call_set_max_retries(call, cases[j].sendings - 1);
            okta_error *error = api_run_call(operation, call, &out);
            okta_free(call);
            api_expect_number(cases[j].header, "retry_after_ms", okta_error_retry_after_ms(error),
                              cases[j].retry_after_ms);
            api_expect_refusal(cases[j].header, error, OKTA_E_SERVER, "HTTP 503");
            api_lost_story(operation, cases[j].sendings, story);
            api_expect_story(cases[j].header, world, operation, story, API_ANY);
            api_expect_number(cases[j].header, "the first wait",
                              cases[j].sendings == 1 ? 0 : world->clock.waits[0], cases[j].wait);
        }
    }
}

/* libcurl takes what is left of the deadline as its own limit, by the real clock: seconds are left in each.
 * A wait is 8 seconds, and half of the chance that the deadline leaves. */
static void never_waits_past_the_deadline(void **state)
{
    static const struct {
        int64_t timeout_ms;
        unsigned count;
        int64_t waits[3];
    } cases[] = {{8000, 0, {0}},
                 {12000, 1, {8000 + 1500}},
                 {18000, 1, {8000 + 4500}},
                 {27000, 2, {13000, 8000 + 2500}},
                 {60000, 3, {13000, 13000, 13000}}};
    static const char *const headers[] = {"Retry-After: 8", NULL};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world_renew(world, NULL);
        api_forget(world);
        api_fault(world, (mock_fault){.status = 500, .headers = headers, .times = cases[i].count + 1});
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_call_set_timeout_ms(call, cases[i].timeout_ms);
        api_expect_refusal("listJwk", okta_call_run(call), OKTA_E_SERVER, "HTTP 500");
        okta_free(call);
        api_expect_requests("listJwk", world, cases[i].count + 1);
        api_expect_waits("listJwk", world, cases[i].waits, cases[i].count);
    }
}

static void repeats_as_often_as_told(void **state)
{
    api_world *world = *state;
    static const char *const headers[] = {NO_RESET, NULL};
    static const unsigned retries[] = {0, 1, 2, 20};
    okta_client_options options = api_options(world);
    for (size_t i = 0; i < COUNT(retries); i++) {
        for (int by_call = 0; by_call <= 1; by_call++) {
            options.max_retries = by_call ? okta_int(7) : okta_int(retries[i]);
            api_world_renew(world, &options);
            api_forget(world);
            api_fault(world, (mock_fault){.status = 429, .headers = headers, .times = retries[i] + 1});
            okta_call *call = okta_list_jwk_call(world->client, API_APP);
            okta_call_set_timeout_ms(call, 86400000);
            if (by_call) {
                okta_call_set_max_retries(call, retries[i]);
            }
            api_expect_refusal("listJwk", okta_call_run(call), OKTA_E_RATE_LIMITED, "HTTP 429");
            api_expect_number("listJwk", "attempts", okta_call_attempts(call), retries[i] + 1);
            okta_free(call);
            api_expect_requests("listJwk", world, retries[i] + 1);
            api_expect_number("listJwk", "waits", (int64_t)world->clock.wait_count, retries[i]);
        }
    }
}

static void names_the_first_request_on_every_retry(void **state)
{
    api_world *world = *state;
    static const char *const ids[][2] = {{"X-Okta-Request-Id: first", NULL},
                                         {"X-Okta-Request-Id: second", NULL}};
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        if (operation->effect == API_CREATE) {
            continue;
        }
        void *out = NULL;
        api_world_renew(world, NULL);
        api_forget(world);
        api_fault(world, (mock_fault){.method = operation->method, .drop_before = true});
        api_fault(world, (mock_fault){.method = operation->method, .status = 503, .headers = ids[0]});
        api_fault(world, (mock_fault){.method = operation->method, .status = 503, .headers = ids[1]});
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
        /* A look between two sendings names nothing. */
        size_t step = operation->effect == API_LIFECYCLE ? 2 : 1;
        api_expect_requests(operation->name, world, 1 + 3 * step);
        static const char *const counts[] = {NULL, "1", "2", "3"};
        static const char *const names[] = {NULL, NULL, "first", "first"};
        for (size_t j = 0; j < 4; j++) {
            api_expect_header(operation->name, world, j * step, "X-Okta-Retry-Count", counts[j]);
            api_expect_header(operation->name, world, j * step, "X-Okta-Retry-For", names[j]);
        }
        for (size_t j = 1; step == 2 && j < 6; j += 2) {
            api_expect_request(operation->name, world, j, "GET", operation->look_target, "");
            api_expect_header(operation->name, world, j, "X-Okta-Retry-Count", NULL);
            api_expect_header(operation->name, world, j, "X-Okta-Retry-For", NULL);
        }
    }
}

static void sends_no_strange_request_id_back(void **state)
{
    api_world *world = *state;
    static char long_id[256];
    static const char *const strange[] = {"X-Okta-Request-Id: a b", "X-Okta-Request-Id: a\tb",
                                          "X-Okta-Request-Id: \xc3\xa9", long_id};
    snprintf(long_id, sizeof long_id, "X-Okta-Request-Id: %0200d", 0);
    for (size_t i = 0; i < COUNT(strange); i++) {
        const char *const headers[] = {strange[i], NULL};
        okta_oauth2_client_jwk_list *list = NULL;
        api_world_renew(world, NULL);
        api_forget(world);
        api_fault(world, (mock_fault){.status = 503, .headers = headers});
        api_expect_success("listJwk", okta_list_jwk(world->client, API_APP, &list));
        okta_free(list);
        api_expect_requests("listJwk", world, 2);
        api_expect_header("listJwk", world, 1, "X-Okta-Retry-Count", "1");
        api_expect_header("listJwk", world, 1, "X-Okta-Retry-For", NULL);
    }
}

/* An outage must not multiply the load: after ten repetitions the client repeats no more, until calls
 * succeed. */
static void an_outage_uses_up_the_repetitions_of_a_client(void **state)
{
    api_world *world = *state;
    okta_oauth2_client_jwk_list *list = NULL;
    api_fault(world, (mock_fault){.status = 500, .times = 10 + 100});
    for (int i = 0; i < 100; i++) {
        api_expect_refusal("listJwk", okta_list_jwk(world->client, API_APP, &list), OKTA_E_SERVER, "500");
        world->clock.wait_count = 0;
    }
    api_expect_requests("a hundred calls", world, 100 + 10);
    for (int i = 0; i < 10; i++) {
        api_expect_success("listJwk", okta_list_jwk(world->client, API_APP, &list));
        okta_free(list);
    }
    api_forget(world);
    api_fault(world, (mock_fault){.status = 500, .times = 2});
    api_expect_refusal("listJwk", okta_list_jwk(world->client, API_APP, &list), OKTA_E_SERVER, "500");
    api_expect_requests("after ten successes", world, 2);
}

static void a_repeated_write_is_done_when_it_succeeds(void **state)
{
    api_world *world = *state;
    static const mock_fault faults[] = {
        {.drop_before = true}, {.drop_after = true}, {.status = 503}, {.status = 500, .body = ""}};
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(faults) && operation->effect != API_CREATE; j++) {
            void *out = NULL;
            api_story story;
            mock_fault fault = faults[j];
            fault.method = operation->method;
            api_world_renew(world, NULL);
            api_forget(world);
            api_fault(world, fault);
            api_queue_good_answer(world, operation);
            okta_call *call = operation->call(world->client, operation->ids);
            api_expect_success(operation->name, api_run_call(operation, call, &out));
            api_expect_number(operation->name, "attempts", okta_call_attempts(call), 2);
            api_expect_number(operation->name, "status", okta_call_http_status(call), operation->good_status);
            api_expect_number(operation->name, "reconciled", okta_call_was_reconciled(call), false);
            assert_int_equal(out != NULL, operation->type != NULL);
            okta_free(out);
            okta_free(call);
            api_ended_story(operation, 2, story);
            api_expect_story(operation->name, world, operation, story, API_ANY);
        }
    }
}

/* What the first attempt came to, what the second one is refused with, and what that leaves of a write. */
typedef struct refusal_case {
    const char *name;
    mock_fault first;
    unsigned second;
    okta_status refusal;
    bool unsettled; /* the first attempt may have been carried out */
} refusal_case;

#define REFUSAL "{\"errorCode\":\"E1\"}"

static const char *const no_window[] = {NO_RESET, NULL};
static const char *const other_id[] = {NO_RESET, "X-Okta-Request-Id: second", NULL};
static const refusal_case refusals[] = {
    {"503, then 403", {.status = 503}, 403, OKTA_E_FORBIDDEN, true},
    {"408, then 400", {.status = 408}, 400, OKTA_E_INVALID, true},
    {"500, then 401", {.status = 500}, 401, OKTA_E_AUTH, true},
    {"504, then 409", {.status = 504}, 409, OKTA_E_CONFLICT, true},
    {"502, then 429", {.status = 502}, 429, OKTA_E_RATE_LIMITED, true},
    {"503, then 307", {.status = 503}, 307, OKTA_E_PROTOCOL, true},
    {"lost, then 403", {.drop_after = true}, 403, OKTA_E_FORBIDDEN, true},
    {"lost, then 404", {.drop_after = true}, 404, OKTA_E_NOT_FOUND, true},
    {"429, then 403", {.status = 429, .headers = no_window}, 403, OKTA_E_FORBIDDEN, false},
    {"429, then 404", {.status = 429, .headers = no_window}, 404, OKTA_E_NOT_FOUND, false},
    {"429, then 429", {.status = 429, .headers = no_window}, 429, OKTA_E_RATE_LIMITED, false},
};

/* Everything that the second answer says is told, but what became of the first attempt is not known. */
static void is_refused_at_last(api_world *world, const api_operation *operation, const refusal_case *one)
{
    char label[256];
    api_story story;
    void *out = NULL;
    mock_fault first = one->first;
    bool unknown = one->unsettled && operation->effect != API_READ;
    snprintf(label, sizeof label, "%s: %s", operation->name, one->name);
    first.method = operation->method;
    api_world_renew(world, NULL);
    api_forget(world);
    api_fault(world, first);
    api_fault(world,
              (mock_fault){
                  .method = operation->method, .status = one->second, .headers = other_id, .body = REFUSAL});
    api_queue_looks(world, operation, unknown ? 2 * operation->looks_behind : 0, operation->absent);
    okta_call *call = operation->call(world->client, operation->ids);
    okta_call_set_max_retries(call, 1);
    okta_error *error = api_run_call(operation, call, &out);
    okta_free(call);
    assert_null(out);
    if (operation->effect == API_DELETE && unknown && one->second == 404) {
        api_expect_success(label, error);
    } else {
        api_expected expected = {unknown ? OKTA_E_OUTCOME_UNKNOWN : one->refusal,
                                 .http_status = (int)one->second,
                                 .attempts = 2,
                                 .retryable = unknown || one->second == 429,
                                 .code = "E1",
                                 .request_id = "second",
                                 .document = true,
                                 .body = REFUSAL};
        api_expect_error(label, error, &expected);
    }
    api_lost_story(operation, 2, story);
    api_expect_story(label, world, operation, unknown ? story : "ss", API_ANY);
}

static void a_refusal_after_a_retry_leaves_a_write_unknown(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(refusals) && operation->effect != API_CREATE; j++) {
            is_refused_at_last(*state, operation, &refusals[j]);
        }
    }
}

/* The refusal is of the second attempt, the state of the first. */
static void a_refused_lifecycle_call_is_done_when_the_object_is(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        if (operation->effect != API_LIFECYCLE) {
            continue;
        }
        api_world_renew(world, NULL);
        api_forget(world);
        api_fault(world, (mock_fault){.method = "POST", .status = 503});
        api_fault(world, (mock_fault){.method = "POST", .status = 400});
        api_queue_looks(world, operation, 1, operation->absent);
        api_queue_looks(world, operation, 1, operation->found);
        okta_call *call = operation->call(world->client, operation->ids);
        api_expect_success(operation->name, api_run_call(operation, call, &out));
        api_expect_number(operation->name, "reconciled", okta_call_was_reconciled(call), true);
        api_expect_number(operation->name, "attempts", okta_call_attempts(call), 2);
        assert_non_null(out);
        okta_free(out);
        okta_free(call);
        api_expect_story(operation->name, world, operation, "slsl", API_ANY);
    }
}

/* Neither the answer nor what the look brings counts where it is about another object or state. */
static void a_lifecycle_call_is_done_when_its_object_is(void **state)
{
    enum { OBJECT, EMPTY, OTHER_STATE, OTHER_OBJECT, KINDS };
    api_world *world = *state;
    for (size_t i = 0; i < (size_t)API_OPERATION_COUNT * KINDS * 2; i++) {
        const api_operation *operation = &api_operations[i / KINDS / 2];
        bool looked_at = i % 2 == 1;
        void *out = NULL;
        char other[4096];
        if (operation->effect != API_LIFECYCLE) {
            continue;
        }
        snprintf(other, sizeof other, "%s", operation->found);
        *(strstr(other, operation->ids[1]) + 1) ^= 1;
        const char *const bodies[KINDS] = {operation->found, "{}", operation->absent, other};
        const char *body = bodies[i / 2 % KINDS];
        bool good = i / 2 % KINDS == OBJECT;
        api_world_renew(world, NULL);
        api_forget(world);
        if (looked_at) {
            api_fault(world, (mock_fault){.method = "POST", .status = 200, .body = "{}"});
            api_queue_looks(world, operation, 1, body);
        } else {
            api_fault(world, (mock_fault){.method = "POST", .status = 200, .body = body});
            api_queue_looks(world, operation, good ? 0 : 1, operation->absent);
        }
        okta_call *call = operation->call(world->client, operation->ids);
        okta_error *error = api_run_call(operation, call, &out);
        if (good) {
            api_expect_success(operation->name, error);
            api_expect_number(operation->name, "reconciled", okta_call_was_reconciled(call), looked_at);
        } else {
            api_expect_refusal(operation->name, error, OKTA_E_OUTCOME_UNKNOWN, operation->id);
            assert_null(out);
        }
        okta_free(out);
        okta_free(call);
    }
}

static void a_canceled_call_sends_nothing(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = operation->type == NULL ? NULL : world;
        okta_call *call = operation->call(world->client, operation->ids);
        okta_call_cancel(call);
        okta_call_cancel(call);
        api_expected expected = {.status = OKTA_E_CANCELED};
        api_expect_error(operation->name, api_run_call(operation, call, &out), &expected);
        assert_null(out);
        okta_free(call);
    }
    api_expect_requests("all", world, 0);
}

/* The limit is real here, and short: what counts is the outcome, not the time. */
static void waits_in_vain(const api_world *world, const api_operation *operation)
{
    void *out = NULL;
    unsigned heard = 0;
    okta_call *call = operation->call(world->client, operation->ids);
    okta_call_set_timeout_ms(call, 20);
    okta_call_set_max_retries(call, 0);
    okta_error *error = api_run_call(operation, call, &out);
    okta_status status = okta_error_status(error);
    for (size_t i = 0; i < mock_org_request_count(world->org); i++) {
        heard += strcmp(mock_org_request_at(world->org, i)->method, operation->method) == 0;
    }
    /* What the mock heard may have been done. What it did not hear may be on its way. */
    bool may_time_out = operation->effect == API_READ || heard == 0;
    bool may_be_unknown = operation->effect != API_READ;
    if (heard > 1 || (!(status == OKTA_E_TIMEOUT && may_time_out) &&
                      !(status == OKTA_E_OUTCOME_UNKNOWN && may_be_unknown))) {
        fail_msg("%s: %s", operation->name, okta_error_message(error));
    }
    api_expect_number(operation->name, "HTTP status", okta_error_http_status(error), 0);
    api_expect_number(operation->name, "attempts", okta_error_attempts(error), 1);
    assert_null(out);
    okta_free(error);
    okta_free(call);
}

static void an_answer_that_does_not_come_ends_the_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        api_world world;
        api_world_start(&world, NULL, NULL);
        api_fault(&world, (mock_fault){.delay_ms = 600000, .times = 10});
        waits_in_vain(&world, &api_operations[i]);
        api_world_stop(&world);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(waits_as_the_server_asks),
        TEST(tells_when_to_come_back),
        TEST(a_rate_limit_that_stays_ends_the_call),
        cmocka_unit_test(a_rate_limit_of_the_org_clears),
        TEST(waits_for_a_server_in_trouble_as_it_asks),
        TEST(never_waits_past_the_deadline),
        TEST(repeats_as_often_as_told),
        TEST(names_the_first_request_on_every_retry),
        TEST(sends_no_strange_request_id_back),
        TEST(an_outage_uses_up_the_repetitions_of_a_client),
        TEST(a_repeated_write_is_done_when_it_succeeds),
        TEST(a_refusal_after_a_retry_leaves_a_write_unknown),
        TEST(a_refused_lifecycle_call_is_done_when_the_object_is),
        TEST(a_lifecycle_call_is_done_when_its_object_is),
        TEST(a_canceled_call_sends_nothing),
        cmocka_unit_test(an_answer_that_does_not_come_ends_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
