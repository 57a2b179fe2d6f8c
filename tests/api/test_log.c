/* SPDX-License-Identifier: Apache-2.0 */
/* What the log callback hears, and what it never hears. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

#define EVENTS_MAX 32u

/* What the log heard, copied: texts live only during the callback. */
typedef struct event {
    okta_log_level level;
    char message[512];
    char operation[64];
    char method[16];
    char path[512];
    char request_id[64];
    int http_status;
    unsigned attempt;
    int64_t elapsed_ms;
    int64_t wait_ms;
} event;

typedef struct journal {
    event events[EVENTS_MAX];
    size_t count;
} journal;

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text == NULL ? "(none)" : text);
}

static void write_down(void *ctx, const okta_log_event *told)
{
    journal *book = ctx;
    assert_true(book->count < EVENTS_MAX);
    assert_int_equal(told->struct_size, sizeof *told);
    event *one = &book->events[book->count++];
    one->level = told->level;
    copy(one->message, sizeof one->message, told->message);
    copy(one->operation, sizeof one->operation, told->operation);
    copy(one->method, sizeof one->method, told->method);
    copy(one->path, sizeof one->path, told->path);
    copy(one->request_id, sizeof one->request_id, told->request_id);
    one->http_status = told->http_status;
    one->attempt = told->attempt;
    one->elapsed_ms = told->elapsed_ms;
    one->wait_ms = told->wait_ms;
}

static void log_into(api_world *world, journal *book, okta_log_level level)
{
    okta_client_options options = api_options(world);
    options.log = write_down;
    options.log_ctx = book;
    options.log_level = level;
    api_world_renew(world, &options);
    *book = (journal){.count = 0};
}

/* Twice in trouble, then good, with a member that does not fit. */
static void run_logged_call(api_world *world)
{
    static const char *const headers[] = {"X-Okta-Request-Id: req-1", NULL};
    okta_oauth2_client_jwk *key = NULL;
    api_fault(world, (mock_fault){.status = 503, .headers = headers});
    api_fault(world, (mock_fault){.status = 200, .body = "{\"id\":\"a\"}", .cut_body_at = 3});
    api_fault(world, (mock_fault){.status = 200, .body = "{\"id\":\"a\",\"kid\":7,\"status\":\"NEW\"}"});
    api_expect_success("getJwk", okta_get_jwk(world->client, API_APP, API_KEY, &key));
    okta_free(key);
}

static void each_level_hears_its_events(void **state)
{
    static const struct {
        okta_log_level level;
        size_t count;
    } cases[] = {{OKTA_LOG_NONE, 0}, {OKTA_LOG_WARN, 2}, {OKTA_LOG_INFO, 3}, {OKTA_LOG_DEBUG, 5}};
    api_world *world = *state;
    journal book;
    for (size_t i = 0; i < COUNT(cases); i++) {
        log_into(world, &book, cases[i].level);
        run_logged_call(world);
        api_expect_number("getJwk", "events", (int64_t)book.count, (int64_t)cases[i].count);
        for (size_t j = 0; j < book.count; j++) {
            assert_in_range(book.events[j].level, OKTA_LOG_WARN, cases[i].level);
        }
    }
}

static void events_tell_the_story_of_a_call(void **state)
{
    api_world *world = *state;
    journal book;
    static const struct {
        okta_log_level level;
        int http_status;
        unsigned attempt;
        int64_t wait_ms;
        int64_t elapsed_ms;
        const char *request_id;
        const char *part;
    } story[] = {
        {OKTA_LOG_WARN, 503, 1, 375, 0, "req-1", "attempt 1: HTTP 503; next in 375 ms"},
        {OKTA_LOG_WARN, 0, 2, 750, 375, NULL, "attempt 2: "},
        {OKTA_LOG_DEBUG, 200, 3, 0, 1125, NULL, "attempt 3: HTTP 200"},
        {OKTA_LOG_DEBUG, 200, 0, 0, 1125, NULL, "1 member of"},
        {OKTA_LOG_INFO, 200, 0, 0, 1125, NULL, "done after 3 attempts"},
    };
    log_into(world, &book, OKTA_LOG_DEBUG);
    run_logged_call(world);
    assert_int_equal(book.count, COUNT(story));
    for (size_t i = 0; i < COUNT(story); i++) {
        const event *one = &book.events[i];
        assert_int_equal(one->level, story[i].level);
        assert_int_equal(one->http_status, story[i].http_status);
        assert_int_equal(one->attempt, story[i].attempt);
        assert_int_equal(one->wait_ms, story[i].wait_ms);
        assert_int_equal(one->elapsed_ms, story[i].elapsed_ms);
        assert_string_equal(one->operation, "getJwk");
        assert_string_equal(one->method, "GET");
        assert_string_equal(one->path, "/api/v1/apps/" API_APP "/credentials/jwks/" API_KEY);
        if (strstr(one->message, story[i].part) == NULL || strstr(one->message, one->path) == NULL) {
            fail_msg("event %zu is %s", i, one->message);
        }
        if (story[i].request_id != NULL) {
            assert_string_equal(one->request_id, story[i].request_id);
        }
    }
}

static void expect_event(const event *one, const char *operation, const char *method, const char *path)
{
    assert_string_equal(one->operation, operation);
    assert_string_equal(one->method, method);
    assert_string_equal(one->path, path);
}

/* A look is a call of its own. */
static void expect_looks(const journal *book, const api_operation *operation)
{
    for (unsigned i = 0; i < operation->looks_before; i++) {
        expect_event(&book->events[i], operation->look_name, "GET", operation->look_target);
        assert_non_null(strstr(book->events[i].message, "done after 1 attempt"));
    }
}

static void every_operation_is_logged_by_its_name(void **state)
{
    api_world *world = *state;
    journal book;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        const event *own = &book.events[operation->looks_before];
        void *out = NULL;
        log_into(world, &book, OKTA_LOG_INFO);
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
        assert_int_equal(book.count, operation->looks_before + 1);
        expect_looks(&book, operation);
        expect_event(own, operation->id, operation->method, operation->target);
        assert_int_equal(own->level, OKTA_LOG_INFO);
        book.count = 0;
        api_fault(world, (mock_fault){.method = operation->method, .status = 400});
        okta_error *error = operation->run(world->client, operation->ids, &out);
        okta_free(error);
        assert_int_equal(book.count, operation->looks_before + 1);
        expect_looks(&book, operation);
        expect_event(own, operation->id, operation->method, operation->target);
        assert_int_equal(own->level, OKTA_LOG_WARN);
        assert_int_equal(own->http_status, 400);
        assert_non_null(strstr(own->message, "INVALID after 1 attempt"));
    }
}

/* One look, which finds it: what the log tells of a lost answer. */
static void tells_how_a_lost_answer_was_settled(void **state)
{
    api_world *world = *state;
    journal book;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        if (operation->effect != API_CREATE || operation->found == NULL) {
            continue;
        }
        log_into(world, &book, OKTA_LOG_INFO);
        api_fault(world, (mock_fault){.method = "POST", .drop_before = true});
        api_queue_looks(world, operation, 1, operation->found);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
        assert_int_equal(book.count, 3);
        expect_event(&book.events[0], operation->look_name, "GET", operation->look_target);
        expect_event(&book.events[1], operation->id, "POST", operation->target);
        assert_int_equal(book.events[1].level, OKTA_LOG_INFO);
        assert_non_null(strstr(book.events[1].message, "the answer was lost; looking for the outcome"));
        expect_event(&book.events[2], operation->id, "POST", operation->target);
        assert_int_equal(book.events[2].level, OKTA_LOG_INFO);
        assert_non_null(strstr(book.events[2].message, "done after 1 attempt"));
    }
}

/* Texts that must not get out: of the request, and of the answer. */
static const char *const canaries[] = {API_TOKEN,       "canary-query",  "canary-body",   "canary-header",
                                       "canary-answer", "canary-member", "canary-summary"};

static void expect_no_canary(const journal *book)
{
    for (size_t i = 0; i < book->count; i++) {
        const event *one = &book->events[i];
        const char *const texts[] = {one->message, one->operation, one->method, one->path, one->request_id};
        for (size_t j = 0; j < COUNT(texts); j++) {
            for (size_t k = 0; k < COUNT(canaries); k++) {
                if (strstr(texts[j], canaries[k]) != NULL) {
                    fail_msg("%s stands in: %s", canaries[k], texts[j]);
                }
            }
        }
    }
}

static void the_log_hears_no_secret(void **state)
{
    static const char *const headers[] = {"X-Canary: canary-answer", "Set-Cookie: a=canary-answer", NULL};
    static const mock_fault faults[] = {
        {.status = 200, .body = "{\"id\":\"a\",\"client_secret\":\"canary-answer\",\"canary-member\":1}"},
        {.status = 200,
         .body = "{\"id\":7,\"status\":\"canary-answer\",\"secret_hash\":{\"canary-member\":1}}"},
        {.status = 200, .body = "{\"canary-answer"},
        {.status = 400, .body = "{\"errorCode\":\"canary-answer\",\"errorSummary\":\"canary-summary\"}"},
        {.status = 502, .body = "canary-answer", .content_type = "text/plain"},
        {.drop_after = true},
    };
    api_world *world = *state;
    journal book;
    for (size_t i = 0; i < COUNT(faults); i++) {
        mock_fault fault = faults[i];
        okta_oauth2_client_secret *secret = NULL;
        fault.headers = headers;
        log_into(world, &book, OKTA_LOG_DEBUG);
        api_fault(world, fault);
        okta_free(okta_get_oauth2_client_secret(world->client, API_APP, API_SECRET, &secret));
        okta_free(secret);
        api_fault(world, fault);
        okta_call *call = okta_request_call(world->client, "POST", "/api/v1/users?q=canary-query",
                                            "{\"password\":\"canary-body\"}");
        okta_call_add_header(call, "X-Canary", "canary-header");
        okta_free(okta_call_run(call));
        okta_free(call);
        assert_true(book.count >= 4);
        expect_no_canary(&book);
    }
}

#define OTHER_SECRET    "{\"id\":\"ocs1\",\"client_secret\":\"canary-answer\"}"
#define LIST_WITH_IT    "[" OTHER_SECRET ",{\"id\":\"ocs2\",\"client_secret\":\"canary-body-of-14\"}]"
#define LIST_WITHOUT_IT "[" OTHER_SECRET ",{\"canary-member\":1}]"
#define CUT_LIST        "[" OTHER_SECRET

/* The secret that was sent is compared with those in the list, and is told to nobody; nor are they. */
static void looking_for_a_secret_tells_none(void **state)
{
    static const char *const lists[] = {LIST_WITH_IT, LIST_WITHOUT_IT, CUT_LIST};
    api_world *world = *state;
    journal book;
    for (size_t i = 0; i < 2 * COUNT(lists); i++) {
        const okta_oauth2_client_secret_request_body body = {
            .model = OKTA_INIT(okta_oauth2_client_secret_request_body), .client_secret = "canary-body-of-14"};
        okta_oauth2_client_secret *secret = NULL;
        bool own = i % 2 == 0;
        log_into(world, &book, OKTA_LOG_DEBUG);
        api_fault(world, (mock_fault){.method = "POST", .status = 500});
        api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = lists[i / 2], .times = 4});
        okta_error *error =
            okta_create_oauth2_client_secret(world->client, API_APP, own ? &body : NULL, &secret);
        assert_int_equal(error == NULL, own && i == 0);
        assert_null(strstr(okta_error_message(error), "canary"));
        okta_free(error);
        okta_free(secret);
        assert_true(book.count >= 3);
        expect_no_canary(&book);
        api_world_stop(world);
        api_world_start(world, NULL, NULL);
    }
}

static void a_refused_call_is_not_logged(void **state)
{
    api_world *world = *state;
    journal book;
    okta_oauth2_client_jwk_list *list = NULL;
    log_into(world, &book, OKTA_LOG_DEBUG);
    api_expect_refusal("listJwk", okta_list_jwk(world->client, "..", &list), OKTA_E_ARG, "appId");
    assert_int_equal(book.count, 0);
}

static void a_long_path_is_cut_in_the_log(void **state)
{
    static char id[513];
    api_world *world = *state;
    journal book;
    okta_oauth2_client_jwk_list *list = NULL;
    memset(id, 'a', sizeof id - 1);
    log_into(world, &book, OKTA_LOG_DEBUG);
    api_expect_refusal("listJwk", okta_list_jwk(world->client, id, &list), OKTA_E_NOT_FOUND, "404");
    for (size_t i = 0; i < book.count; i++) {
        assert_int_equal(strncmp(book.events[i].path, "/api/v1/apps/aaaa", 17), 0);
        assert_true(strlen(book.events[i].path) < 512);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_level_hears_its_events),
        TEST(events_tell_the_story_of_a_call),
        TEST(every_operation_is_logged_by_its_name),
        TEST(tells_how_a_lost_answer_was_settled),
        TEST(the_log_hears_no_secret),
        TEST(looking_for_a_secret_tells_none),
        TEST(a_refused_call_is_not_logged),
        TEST(a_long_path_is_cut_in_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
