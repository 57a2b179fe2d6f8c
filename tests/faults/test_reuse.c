/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that are used again: what is counted, what dies, and what must not be sent twice. */
#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

/* The second request on the first connection is heard, and the connection dies. */
static const fault_step dies[] = {READ, SEND(FAULT_GOOD), READ, CLOSE, END};
static const fault_step is_reset[] = {READ, SEND(FAULT_GOOD), READ, RESET, END};

static const fault_step *const deaths[] = {dies, is_reset};

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

/* Two POSTs by libcurl alone, over one connection that dies under the second. */
static CURLcode post_twice_by_libcurl(fault_world *world, const char *body)
{
    CURL *easy = curl_easy_init();
    CURLcode code = CURLE_OK;
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, fault_server_url(world->server));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    for (int i = 0; i < 2 && code == CURLE_OK; i++) {
        code = curl_easy_perform(easy);
    }
    curl_easy_cleanup(easy);
    return code;
}

/* The fault is real: without the library's precautions the server hears three POSTs of two, and nobody is
 * told.
 */
static void control_libcurl_sends_a_post_again(void **state)
{
    static const char *const bodies[] = {"{\"a\":1}", ""};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        fault_plan plan = {.script = dies, .connections = 1};
        fault_world_start(world, &plan, NULL);
        assert_int_equal(post_twice_by_libcurl(world, bodies[i]), CURLE_OK);
        fault_world_finish(world);
        fault_expect_requests("libcurl", world, "POST", 3);
        fault_world_stop(world);
    }
}

/* A GET, and then the request on the same connection, which dies under it. */
static fault_outcome send_on_dying(fault_world *world, const fault_step *script, const char *method,
                                   const char *body, unsigned max_retries)
{
    fault_plan plan = {.script = script, .connections = 1};
    fault_world_start(world, &plan, NULL);
    fault_expect_good("first", world);
    return fault_request_once(world, method, body, max_retries);
}

static void sends_a_post_with_a_body_once(void **state)
{
    static const char *const methods[] = {"POST", "PATCH"};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(deaths) * COUNT(methods); i++) {
        const char *method = methods[i / COUNT(deaths)];
        fault_outcome outcome = send_on_dying(world, deaths[i % COUNT(deaths)], method, "{\"a\":1}", 5);
        fault_expect_status("T15", &outcome, OKTA_E_OUTCOME_UNKNOWN);
        fault_expect_attempts("T15", &outcome, 1);
        assert_false(outcome.retryable);
        fault_expect_good("T15", world);
        fault_world_finish(world);
        fault_expect_requests("T15", world, method, 1);
        /* On the connection that died: else this shows nothing. */
        assert_int_equal(fault_server_request_at(world->server, 1)->connection, 1);
        fault_world_stop(world);
    }
}

/* It gets a connection of its own, so that an old connection cannot die under it. When that one dies, it is
 * not sent again either. */
static void sends_a_post_without_a_body_once(void **state)
{
    fault_world *world = *state;
    fault_outcome outcome = send_on_dying(world, dies, "POST", NULL, 5);
    fault_expect_status("T16", &outcome, OKTA_OK);
    fault_expect_attempts("T16", &outcome, 1);
    fault_world_finish(world);
    fault_expect_requests("T16", world, "POST", 1);
    assert_int_equal(fault_server_request_at(world->server, 1)->connection, 2);
    fault_world_stop(world);

    static const fault_step lost[] = {READ, CLOSE, END};
    fault_plan plan = {.script = lost, .connections = 1};
    fault_world_start(world, &plan, NULL);
    outcome = fault_request_once(world, "POST", NULL, 5);
    fault_expect_status("T16", &outcome, OKTA_E_OUTCOME_UNKNOWN);
    fault_expect_good("T16", world);
    fault_world_finish(world);
    fault_expect_requests("T16", world, "POST", 1);
    fault_world_stop(world);
}

static void repeats_a_get_at_once(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(deaths); i++) {
        fault_outcome outcome = send_on_dying(world, deaths[i], "GET", NULL, 1);
        fault_expect_status("T14", &outcome, OKTA_OK);
        fault_expect_body("T14", &outcome, FAULT_GOOD_BODY);
        fault_expect_attempts("T14", &outcome, 2);
        fault_world_finish(world);
        fault_expect_requests("T14", world, "GET", 3);
        fault_expect_connections("T14", world, 2);
        fault_world_stop(world);
    }
}

static void repeats_no_get_without_retries(void **state)
{
    fault_world *world = *state;
    fault_outcome outcome = send_on_dying(world, dies, "GET", NULL, 0);
    fault_expect_status("T14", &outcome, OKTA_E_TRANSPORT);
    fault_expect_attempts("T14", &outcome, 1);
    fault_expect_good("T14", world);
    fault_world_finish(world);
    fault_expect_requests("T14", world, "GET", 3);
    fault_world_stop(world);
}

/* What the client counts as sent is what the server heard, also where libcurl repeats by itself. */
static void counts_every_sending(void **state)
{
    fault_world *world = *state;
    for (unsigned max_retries = 0; max_retries <= 4; max_retries++) {
        fault_plan plan = {.script = dies, .connections = 0};
        fault_world_start(world, &plan, NULL);
        fault_expect_good("first", world);
        /* Dies under the second request, answers the third on another connection. */
        fault_outcome outcome = fault_request_once(world, "GET", NULL, max_retries);
        fault_expect_attempts("T14", &outcome, max_retries == 0 ? 1 : 2);
        fault_world_finish(world);
        fault_expect_requests("T14", world, "GET", 1 + outcome.attempts);
        fault_world_stop(world);
    }
}

/* The server deleted the thing and could not say so: not found is then what was asked for. */
static void takes_not_found_after_a_lost_delete_for_success(void **state)
{
    static const fault_step gone[] = {
        READ, SEND("HTTP/1.1 404 Not Found\r\nContent-Length: 18\r\n\r\n{\"errorCode\":\"E1\"}"), END};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(deaths); i++) {
        fault_outcome outcome = send_on_dying(world, deaths[i], "DELETE", NULL, 3);
        fault_expect_status("DELETE", &outcome, OKTA_OK);
        fault_expect_attempts("DELETE", &outcome, 2);
        fault_world_finish(world);
        fault_expect_requests("DELETE", world, "DELETE", 2);
        fault_world_stop(world);
    }
    fault_plan plan = {.script = gone};
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "DELETE", NULL, 3);
    fault_expect_status("DELETE of nothing", &outcome, OKTA_E_NOT_FOUND);
    fault_expect_attempts("DELETE of nothing", &outcome, 1);
    fault_world_stop(world);
}

/* A connection that ended while it was idle is not used: nothing is sent that could be lost. */
static void finds_that_an_idle_connection_went_away(void **state)
{
    static const fault_step closed[] = {READ, SEND(FAULT_GOOD), CLOSE, END};
    static const fault_step was_reset[] = {READ, SEND(FAULT_GOOD), RESET, END};
    static const struct {
        const char *name;
        const fault_step *script;
        const char *method;
        const char *body;
    } cases[] = {
        {"closed, GET", closed, "GET", NULL},
        {"closed, POST", closed, "POST", "{\"a\":1}"},
        {"closed, DELETE", closed, "DELETE", NULL},
        {"reset, GET", was_reset, "GET", NULL},
        {"reset, POST", was_reset, "POST", "{\"a\":1}"},
    };
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fault_plan plan = {.script = cases[i].script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        fault_expect_good(cases[i].name, world);
        fault_server_await_hang_ups(world->server, 1);
        fault_outcome outcome = fault_request_once(world, cases[i].method, cases[i].body, 0);
        fault_expect_status(cases[i].name, &outcome, OKTA_OK);
        fault_expect_attempts(cases[i].name, &outcome, 1);
        fault_world_finish(world);
        fault_expect_connections(cases[i].name, world, 2);
        fault_world_stop(world);
    }
}

static void uses_one_connection_for_all(void **state)
{
    static const char *const methods[] = {"GET", "GET", "PUT", "DELETE", "PATCH", "GET"};
    fault_world *world = *state;
    fault_plan plan = {0};
    fault_world_start(world, &plan, NULL);
    for (size_t i = 0; i < COUNT(methods); i++) {
        bool bare = strcmp(methods[i], "GET") == 0 || strcmp(methods[i], "DELETE") == 0;
        fault_outcome outcome = fault_request_once(world, methods[i], bare ? NULL : "{\"a\":1}", 3);
        fault_expect_status(methods[i], &outcome, OKTA_OK);
        fault_expect_attempts(methods[i], &outcome, 1);
    }
    fault_world_finish(world);
    assert_int_equal(fault_server_request_count(world->server), COUNT(methods));
    fault_expect_connections("keep-alive", world, 1);
    fault_world_stop(world);
}

#define EVIL "Content-Length: 13\r\n\r\n{\"id\":\"evil\"}"

typedef struct ending {
    const char *name;
    fault_step script[5];
    unsigned connections; /* of three requests; 0: as the bytes happen to arrive */
} ending;

/* Answers after which a connection cannot be used again, and one after which it can. */
static const ending endings[] = {
    {"nothing special", {READ, SEND(FAULT_GOOD), END}, 1},
    {"Connection: close", {READ, SEND(STATUS TYPE LENGTH "Connection: close\r\n" BODY), END}, 3},
    {"HTTP/1.0", {READ, SEND("HTTP/1.0 200 OK\r\n" TYPE LENGTH BODY), END}, 3},
    {"T13 bytes behind the body", {READ, SEND(STATUS TYPE LENGTH BODY "garbage"), END}, 3},
    {"T13 an answer behind the body", {READ, SEND(FAULT_GOOD STATUS TYPE EVIL), END}, 3},
    {"T13 bytes after the answer", {READ, SEND(FAULT_GOOD), SEND("garbage"), END}, 3},
    {"T13 an answer after the answer", {READ, SEND(FAULT_GOOD), SEND(STATUS TYPE EVIL), END}, 3},
    {"T13 an interim answer after the answer",
     {READ, SEND(FAULT_GOOD), SEND("HTTP/1.1 100 Continue\r\n\r\n"), END},
     3},
    {"T13 a 408 while nothing is asked",
     {READ, SEND(FAULT_GOOD), SEND("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"), CLOSE},
     3},
    {"T13 an answer far behind the body",
     {READ, SEND(FAULT_GOOD), SEND_TIMES(FILL, 1024), SEND(STATUS TYPE EVIL), END},
     3},
    {"T13 an answer behind chunks",
     {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n"), SEND(STATUS TYPE EVIL), END},
     0},
};

static void keeps_answers_apart(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        fault_plan plan = {.script = endings[i].script};
        fault_world_start(world, &plan, NULL);
        for (unsigned k = 0; k < 3; k++) {
            fault_outcome outcome = fault_request_once(world, "GET", NULL, 1);
            fault_expect_status(endings[i].name, &outcome, OKTA_OK);
            fault_expect_attempts(endings[i].name, &outcome, 1);
            fault_expect_body(endings[i].name, &outcome, FAULT_GOOD_BODY);
            fault_server_await_script_ends(world->server, fault_server_connection_count(world->server));
        }
        fault_world_finish(world);
        assert_int_equal(fault_server_request_count(world->server), 3);
        if (endings[i].connections > 0) {
            fault_expect_connections(endings[i].name, world, endings[i].connections);
        }
        fault_world_stop(world);
    }
}

/* No body is due behind a 204: whatever stands there is not the next answer, wherever a read ends. */
static void takes_nothing_behind_a_204_for_an_answer(void **state)
{
    static const char head[] = "HTTP/1.1 204 No Content\r\n\r\n";
    static const char evil[] = STATUS TYPE EVIL;
    static const size_t gaps[] = {0,    1, 1000, 16384 - (sizeof head - 1), 16384, 32768 - (sizeof head - 1),
                                  65536};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(gaps); i++) {
        size_t length = sizeof head - 1 + gaps[i] + sizeof evil - 1;
        char *bytes = malloc(length);
        assert_non_null(bytes);
        memset(bytes, 'x', length);
        memcpy(bytes, head, sizeof head - 1);
        memcpy(bytes + length - (sizeof evil - 1), evil, sizeof evil - 1);
        const fault_step script[] = {READ, {FAULT_SEND, bytes, length, 1}, END};
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        fault_outcome outcome = fault_request_once(world, "DELETE", NULL, 0);
        fault_expect_status("T13", &outcome, OKTA_OK);
        assert_int_equal(outcome.http_status, 204);
        assert_int_equal(outcome.body_length, 0);
        fault_server_await_script_ends(world->server, 1);
        fault_expect_good("T13", world);
        fault_expect_good("T13", world);
        fault_world_stop(world);
        free(bytes);
    }
}

/* A creation opens a connection beside the one that is kept. Whichever is kept then, it is looked at. */
static void watches_a_fresh_connection_too(void **state)
{
    static const fault_step script[] = {
        READ, SEND(FAULT_GOOD), NEXT, READ, SEND(FAULT_GOOD), READ, SEND(FAULT_GOOD), SEND(STATUS TYPE EVIL),
        END};
    fault_world *world = *state;
    fault_plan plan = {.script = script, .connections = 2};
    fault_world_start(world, &plan, NULL);
    fault_expect_good("first", world);
    fault_outcome outcome = fault_request_once(world, "POST", NULL, 0);
    fault_expect_status("fresh", &outcome, OKTA_OK);
    fault_expect_good("second", world);
    if (fault_server_request_at(world->server, 2)->connection == 2) {
        fault_server_await_script_ends(world->server, 2);
    }
    fault_expect_good("third", world);
    fault_expect_good("fourth", world);
    fault_world_finish(world);
    assert_int_equal(fault_server_request_at(world->server, 1)->connection, 2);
    fault_world_stop(world);
}

/* What arrives meanwhile on the connection that was kept before is no answer: neither when the fresh one
 * takes its place nor when that is over at once. */
static void watches_the_connection_beside_a_fresh_one(void **state)
{
#define MEANWHILE READ, SEND(FAULT_GOOD), AWAIT(2), SEND(STATUS TYPE EVIL), NEXT
    static const fault_step scripts[][9] = {
        {MEANWHILE, READ, SEND(STATUS TYPE "Connection: close\r\n" LENGTH BODY), CLOSE, END},
        {MEANWHILE, READ, SEND(FAULT_GOOD), END},
    };
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(scripts); i++) {
        fault_plan plan = {.script = scripts[i], .connections = 2};
        fault_world_start(world, &plan, NULL);
        fault_expect_good("first", world);
        fault_outcome outcome = fault_request_once(world, "POST", NULL, 0);
        fault_expect_status("fresh", &outcome, OKTA_OK);
        fault_server_await_script_ends(world->server, 2);
        fault_expect_good("second", world);
        fault_expect_good("third", world);
        fault_world_finish(world);
        assert_int_equal(fault_server_request_count(world->server), 4);
        fault_world_stop(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(control_libcurl_sends_a_post_again),
        FAULT_TEST(sends_a_post_with_a_body_once),
        FAULT_TEST(sends_a_post_without_a_body_once),
        FAULT_TEST(repeats_a_get_at_once),
        FAULT_TEST(repeats_no_get_without_retries),
        FAULT_TEST(counts_every_sending),
        FAULT_TEST(takes_not_found_after_a_lost_delete_for_success),
        FAULT_TEST(finds_that_an_idle_connection_went_away),
        FAULT_TEST(uses_one_connection_for_all),
        FAULT_TEST(keeps_answers_apart),
        FAULT_TEST(takes_nothing_behind_a_204_for_an_answer),
        FAULT_TEST(watches_a_fresh_connection_too),
        FAULT_TEST(watches_the_connection_beside_a_fresh_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
