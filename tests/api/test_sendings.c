/* SPDX-License-Identifier: Apache-2.0 */
/* How often, and where, a request goes out: used connections, lost answers, redirects, closed ports. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

static void use_a_connection(const api_world *world)
{
    okta_call *call = okta_request_call(world->client, "GET", "/api/v1/users", NULL);
    api_expect_success("the call before", okta_call_run(call));
    okta_free(call);
}

static void loses_every_answer_on_a_used_connection(api_world *world, const api_operation *operation,
                                                    unsigned retries)
{
    int64_t waits[API_WAITS_MAX] = {375};
    api_story story;
    bool creates = operation->effect == API_CREATE;
    unsigned expected = retries == 0 ? 1 : creates ? operation->sends : 2;
    size_t waited = operation->effect == API_READ ? 0 : expected - 1;
    if (creates) {
        waited = api_lost_waits(operation, expected, waits);
    }
    api_world_renew(world, NULL);
    use_a_connection(world);
    api_forget(world);
    /* What is created would be found. */
    api_fault(world, (mock_fault){.method = operation->method,
                                  .drop_after = !creates,
                                  .drop_before = creates,
                                  .times = expected});
    okta_call *call = operation->call(world->client, operation->ids);
    okta_call_set_max_retries(call, retries);
    okta_error *error = okta_call_run(call);
    api_expect_number(operation->name, "attempts", okta_error_attempts(error), expected);
    api_expect_number(operation->name, "attempts", okta_call_attempts(call), expected);
    okta_free(error);
    okta_free(call);
    if (operation->effect == API_READ) {
        api_expect_requests(operation->name, world, expected);
    } else {
        api_lost_story(operation, expected, story);
        api_expect_story(operation->name, world, operation, story, NULL);
    }
    api_expect_waits(operation->name, world, waits, waited);
}

/* libcurl sends a request again by itself when a connection that it used before dies. A read may be repeated
 * so, at once; all else goes by the policy. Whoever repeats, it counts. */
static void counts_every_sending_on_a_used_connection(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        for (unsigned retries = 0; retries <= 1; retries++) {
            loses_every_answer_on_a_used_connection(*state, &api_operations[i], retries);
        }
    }
}

static void repeats_a_read_at_once_on_a_used_connection(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        if (operation->effect == API_READ) {
            void *out = NULL;
            api_world_renew(world, NULL);
            use_a_connection(world);
            api_forget(world);
            api_fault(world, (mock_fault){.drop_before = true});
            api_queue_good_answer(world, operation);
            okta_call *call = operation->call(world->client, operation->ids);
            api_expect_success(operation->name, api_run_call(operation, call, &out));
            api_expect_number(operation->name, "attempts", okta_call_attempts(call), 2);
            okta_free(call);
            okta_free(out);
            api_expect_requests(operation->name, world, 2);
            api_expect_waits(operation->name, world, NULL, 0);
        }
    }
}

static void a_delete_whose_answer_was_lost_counts_as_done(void **state)
{
    api_world *world = *state;
    static const char *const paths[][2] = {{"jwks", "/credentials/jwks/"},
                                           {"secrets", "/credentials/secrets/"}};
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        /* once on a connection of its own, once on one that served before */
        for (int used = 0; used <= 1 && operation->effect == API_DELETE; used++) {
            char json[128];
            snprintf(json, sizeof json, "{\"id\":\"%s\",\"status\":\"INACTIVE\"}", operation->ids[1]);
            api_put(world, paths[strstr(operation->target, paths[1][1]) != NULL][0], json);
            api_world_renew(world, NULL);
            if (used == 1) {
                use_a_connection(world);
            }
            api_forget(world);
            api_fault(world, (mock_fault){.drop_after = true});
            api_expect_success(operation->name, operation->run(world->client, operation->ids, NULL));
            api_expect_requests(operation->name, world, 2);
            for (size_t j = 0; j < 2; j++) {
                api_expect_request(operation->name, world, j, "DELETE", operation->target, "");
                api_expect_header(operation->name, world, j, "X-Okta-Retry-Count", j == 0 ? NULL : "1");
            }
        }
    }
}

/* Of the mock's own doing: what it made is in its list, with an id of its own. */
static void a_create_whose_answer_was_lost_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i / 2];
        if (operation->effect != API_CREATE || operation->found == NULL) {
            continue;
        }
        api_world world;
        void *out = NULL;
        api_world_start(&world, NULL, NULL);
        if (i % 2 == 1) {
            use_a_connection(&world);
        }
        api_forget(&world);
        api_fault(&world, (mock_fault){.method = "POST", .drop_after = true});
        okta_call *call = operation->call(world.client, operation->ids);
        api_expect_success(operation->name, api_run_call(operation, call, &out));
        assert_non_null(out);
        assert_true(okta_call_was_reconciled(call));
        api_expect_number(operation->name, "attempts", okta_call_attempts(call), 1);
        api_expect_story(operation->name, &world, operation, "sl", NULL);
        api_expect_waits(operation->name, &world, NULL, 0);
        okta_free(call);
        okta_free(out);
        api_world_stop(&world);
    }
}

static void tells_the_id_of_the_secret_that_a_lost_answer_left(void **state)
{
    api_world *world = *state;
    okta_oauth2_client_secret_list *list = NULL;
    okta_oauth2_client_secret *secret = NULL;
    api_put(world, "secrets",
            "{\"id\":\"ocs-before\",\"client_secret\":\"canary-before\",\"status\":\"ACTIVE\"}");
    api_fault(world, (mock_fault){.method = "POST", .drop_after = true});
    okta_error *error = okta_create_oauth2_client_secret(world->client, API_APP, NULL, &secret);
    assert_null(secret);
    assert_int_equal(mock_org_request_count(world->org), 3);
    api_expect_success("list", okta_list_oauth2_client_secrets(world->client, API_APP, &list));
    assert_int_equal(list->count, 2);
    assert_null(strstr(okta_error_message(error), "ocs-before"));
    assert_null(strstr(okta_error_message(error), "canary-before"));
    assert_null(strstr(okta_error_message(error), list->items[1]->client_secret));
    api_expect_number("create", "newcomers", (int64_t)okta_error_newcomer_count(error), 1);
    api_expect_text("create", "the newcomer", okta_error_newcomer_id(error, 0), list->items[1]->id);
    assert_null(okta_error_newcomer_id(error, 1));
    api_expect_refusal("create", error, OKTA_E_OUTCOME_UNKNOWN, "; 1 is there that was not before");
    okta_free(list);
}

#define NONE_NEW "; nothing is there that was not before"

/* Ids as no org gives them. The data is as it came; the message quotes none of it. */
static void tells_every_new_id_as_data_and_their_number_in_words(void **state)
{
    static const struct {
        const char *before;
        const char *behind;
        const char *ids[11]; /* NULL behind the last */
        const char *end;     /* of the message */
    } cases[] = {
        {"[]", "[]", {NULL}, NONE_NEW},
        {"[{\"id\":\"a\"}]", "[{\"id\":\"a\"}]", {NULL}, NONE_NEW},
        {"[{\"id\":\"a\"}]", "[{\"id\":\"\"},{\"id\":7},{},9]", {NULL}, NONE_NEW},
        {"[]", "[{\"id\":\"\"}]", {NULL}, NONE_NEW},
        {"[{\"id\":\"b\"},{\"id\":\"a\"}]", "[{\"id\":\"a\"},{\"id\":\"b\"}]", {NULL}, NONE_NEW},
        {"[{\"id\":\"ab\"}]",
         "[{\"id\":\"b\"},{\"id\":\"a\"}]",
         {"b", "a"},
         "; 2 are there that were not before"},
        {"[{\"id\":\"a\"}]", "[{\"id\":\"\\na\"}]", {"\na"}, "; 1 is there that was not before"},
        {"[{\"id\":\"x\"},{\"id\":\"a\"},{\"id\":\"a\"}]",
         "[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"a\"},{\"id\":\"3\"},{\"id\":\"4\"},{\"id\":\"5\"},"
         "{\"id\":\"6\"},{\"id\":\"7\"},{\"id\":\"8\"},{\"id\":\"9\"},{\"id\":\"10\"}]",
         {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"},
         "; 10 are there that were not before"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_oauth2_client_secret *secret = NULL;
        api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = cases[i].before});
        api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = cases[i].behind});
        api_fault(world, (mock_fault){.method = "POST", .status = 500});
        okta_error *error = okta_create_oauth2_client_secret(world->client, API_APP, NULL, &secret);
        const char *message = okta_error_message(error);
        size_t at = strlen(message) - strlen(cases[i].end);
        size_t count = 0;
        for (; cases[i].ids[count] != NULL; count++) {
            api_expect_text(cases[i].behind, "an id", okta_error_newcomer_id(error, count),
                            cases[i].ids[count]);
        }
        api_expect_number(cases[i].behind, "ids", (int64_t)okta_error_newcomer_count(error), (int64_t)count);
        assert_null(okta_error_newcomer_id(error, count));
        api_expect_text(cases[i].behind, "the end of the message", message + at, cases[i].end);
        api_expect_refusal(cases[i].behind, error, OKTA_E_OUTCOME_UNKNOWN, "the outcome is unknown");
        assert_null(secret);
    }
    assert_int_equal(okta_error_newcomer_count(NULL), 0);
    assert_null(okta_error_newcomer_id(NULL, 0));
}

/* A list whose ids are large parts of each other: what is looked up is compared as a whole, once. */
static void finds_a_newcomer_beside_an_id_of_megabytes(void **state)
{
    enum { LARGE = 14 * 1024 * 1024, SMALL = 4500 };
    static const char head[] = "[{\"id\":\"";
    static const char tail[] = "\"}]";
    api_world *world = *state;
    char *before = malloc(LARGE + sizeof head + sizeof tail);
    assert_non_null(before);
    memcpy(before, head, sizeof head - 1);
    memset(before + sizeof head - 1, 'a', LARGE);
    memcpy(before + sizeof head - 1 + LARGE, tail, sizeof tail);
    char *behind = malloc(SMALL + sizeof head + sizeof tail);
    assert_non_null(behind);
    memcpy(behind, before, sizeof head - 1 + SMALL);
    memcpy(behind + sizeof head - 1 + SMALL, tail, sizeof tail);
    okta_oauth2_client_secret *secret = NULL;
    api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = before});
    api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = behind});
    api_fault(world, (mock_fault){.method = "POST", .drop_before = true});
    okta_error *error = okta_create_oauth2_client_secret(world->client, API_APP, NULL, &secret);
    assert_int_equal(okta_error_newcomer_count(error), 1);
    assert_int_equal(strlen(okta_error_newcomer_id(error, 0)), SMALL);
    api_expect_refusal("large ids", error, OKTA_E_OUTCOME_UNKNOWN, "; 1 is there that was not before");
    free(before);
    free(behind);
}

static void a_delete_of_what_is_not_there_is_not_found(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        if (operation->effect == API_DELETE) {
            /* A 429 in between proves nothing: that request was not processed. */
            static const char *const soon[] = {"X-Rate-Limit-Reset:", NULL};
            api_fault(world, (mock_fault){.status = 429, .headers = soon});
            okta_error *error = operation->run(world->client, operation->ids, NULL);
            api_expect_number(operation->name, "attempts", okta_error_attempts(error), 2);
            api_expect_refusal(operation->name, error, OKTA_E_NOT_FOUND, "HTTP 404 E0000007");
        }
    }
}

/* `host` is where the redirect leads. */
static void stops_at_a_redirect(api_world *world, const api_operation *operation, unsigned status,
                                const char *host)
{
    char location[256];
    api_story story;
    void *out = NULL;
    const char *const headers[] = {location, NULL};
    snprintf(location, sizeof location, "Location: %s%s", host, operation->target);
    api_forget(world);
    api_fault(world,
              (mock_fault){.method = operation->method, .status = status, .headers = headers, .body = ""});
    api_expected expected = {OKTA_E_PROTOCOL, .http_status = (int)status, .attempts = 1,
                             .request_id = API_ANY};
    api_expect_error(operation->name, operation->run(world->client, operation->ids, &out), &expected);
    api_ended_story(operation, 1, story);
    api_expect_story(operation->name, world, operation, story, NULL);
}

static void never_follows_a_redirect(void **state)
{
    api_world *world = *state;
    api_world other;
    static const unsigned statuses[] = {301, 302, 303, 307, 308};
    api_world_start(&other, NULL, NULL);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        for (size_t j = 0; j < COUNT(statuses); j++) {
            stops_at_a_redirect(world, &api_operations[i], statuses[j], mock_org_url(other.org));
            stops_at_a_redirect(world, &api_operations[i], statuses[j], mock_org_url(world->org));
        }
    }
    api_expect_requests("the other origin", &other, 0);
    api_world_stop(&other);
}

/* Nor where the look is redirected. */
static void a_look_follows_no_redirect(void **state)
{
    api_world *world = *state;
    api_world other;
    char location[256];
    const char *const headers[] = {location, NULL};
    api_world_start(&other, NULL, NULL);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        okta_status status = operation->effect == API_CREATE ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_SERVER;
        void *out = NULL;
        if (operation->looks_behind == 0 || operation->looks_before > 0) {
            continue;
        }
        snprintf(location, sizeof location, "Location: %s%s", mock_org_url(other.org),
                 operation->look_target);
        api_forget(world);
        api_fault(world, (mock_fault){.method = "POST", .status = 500});
        api_fault(world, (mock_fault){.method = "GET", .status = 307, .headers = headers, .body = ""});
        okta_call *call = operation->call(world->client, operation->ids);
        okta_call_set_max_retries(call, 0);
        okta_error *error = api_run_call(operation, call, &out);
        okta_free(call);
        api_expect_number(operation->name, "the HTTP status", okta_error_http_status(error), 500);
        api_expect_refusal(operation->name, error, status, "HTTP 500");
        assert_null(out);
        api_expect_story(operation->name, world, operation, "sl", NULL);
    }
    api_expect_requests("the other origin", &other, 0);
    api_world_stop(&other);
}

/* A port that nobody listens on, for as long as the socket lives. */
static int closed_port(char *url, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    snprintf(url, size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return fd;
}

static void tries_again_where_nobody_listens(void **state)
{
    api_world *world = *state;
    char url[64];
    int fd = closed_port(url, sizeof url);
    static const int64_t waits[] = {375, 750, 1500};
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *out = NULL;
        api_world_renew_at(world, url);
        api_forget(world);
        /* Nothing can have happened: creates are tried again too. */
        api_expected expected = {OKTA_E_TRANSPORT, .attempts = 4, .retryable = true};
        api_expect_error(operation->name, operation->run(world->client, operation->ids, &out), &expected);
        api_expect_waits(operation->name, world, waits, COUNT(waits));
    }
    close(fd);
    api_expect_requests("the mock", world, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(counts_every_sending_on_a_used_connection),
        TEST(repeats_a_read_at_once_on_a_used_connection),
        TEST(a_delete_whose_answer_was_lost_counts_as_done),
        cmocka_unit_test(a_create_whose_answer_was_lost_is_found),
        TEST(tells_the_id_of_the_secret_that_a_lost_answer_left),
        TEST(tells_every_new_id_as_data_and_their_number_in_words),
        TEST(finds_a_newcomer_beside_an_id_of_megabytes),
        TEST(a_delete_of_what_is_not_there_is_not_found),
        TEST(never_follows_a_redirect),
        TEST(a_look_follows_no_redirect),
        TEST(tries_again_where_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
