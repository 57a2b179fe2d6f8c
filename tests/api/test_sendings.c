/* SPDX-License-Identifier: Apache-2.0 */
/* How often, and where, a request goes out: used connections, lost answers, redirects, closed ports. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

static void use_a_connection(const api_world *world)
{
    okta_call *call = okta_request_call(world->client, "GET", "/api/v1/users", NULL);
    api_expect_success("the call before", okta_call_run(call, NULL));
    okta_free(call);
}

/* libcurl sends a request again by itself when a connection that it used before dies. A read may be repeated
 * so, at once; all else goes by the policy. Whoever repeats, it counts. */
static void counts_every_sending_on_a_used_connection(void **state)
{
    static const int64_t waits[] = {375};
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (unsigned retries = 0; retries <= 1; retries++) {
            unsigned expected = operation->effect == API_CREATE || retries == 0 ? 1 : 2;
            size_t waited = operation->effect == API_READ ? 0 : expected - 1;
            api_world_renew(world, NULL);
            use_a_connection(world);
            api_forget(world);
            api_fault(world, (mock_fault){.drop_after = true, .times = expected});
            okta_call *call = operation->call(world->client, operation->ids);
            okta_call_set_max_retries(call, retries);
            okta_error *error = okta_call_run(call, NULL);
            api_expect_number(operation->name, "attempts", okta_error_attempts(error), expected);
            api_expect_number(operation->name, "attempts", okta_call_attempts(call), expected);
            okta_free(error);
            okta_free(call);
            api_expect_requests(operation->name, world, expected);
            api_expect_waits(operation->name, world, waits, waited);
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
            api_expect_success(operation->name, okta_call_run(call, &out));
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

static void never_follows_a_redirect(void **state)
{
    api_world *world = *state;
    api_world other;
    char location[256];
    const char *const headers[] = {location, NULL};
    static const unsigned statuses[] = {301, 302, 303, 307, 308};
    api_world_start(&other, NULL, NULL);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < 2 * COUNT(statuses); j++) {
            const char *origin = j % 2 == 0 ? mock_org_url(other.org) : mock_org_url(world->org);
            snprintf(location, sizeof location, "Location: %s%s", origin, operation->target);
            api_forget(world);
            api_fault(world, (mock_fault){.status = statuses[j / 2], .headers = headers, .body = ""});
            api_expected expected = {OKTA_E_PROTOCOL, .http_status = (int)statuses[j / 2], .attempts = 1,
                                     .request_id = API_ANY};
            void *out = NULL;
            api_expect_error(operation->name, operation->run(world->client, operation->ids, &out), &expected);
            api_expect_requests(operation->name, world, 1);
        }
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
        TEST(a_delete_of_what_is_not_there_is_not_found),
        TEST(never_follows_a_redirect),
        TEST(tries_again_where_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
