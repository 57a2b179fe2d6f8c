/* SPDX-License-Identifier: Apache-2.0 */
/* A creation whose answer came whole but is not what the operation returns: it may have happened, and is not
 * sent again. What other typed functions make of such answers is in the fault table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

#define PAGE    "<!DOCTYPE html>\n<html><body onload=\"x()\">Log in</body></html>\n"
#define NONE    "Content-Length: 0\r\n\r\n"
#define HTML    "Content-Type: text/html; charset=utf-8\r\nContent-Length: 62\r\n\r\n" PAGE
#define JSON(n) "Content-Type: application/json\r\nContent-Length: " #n "\r\n\r\n"
/* What the org is asked before: which secrets there are. */
#define NO_SECRETS READ, SEND(STATUS JSON(2) "[]")

typedef struct create_row {
    const char *name;
    fault_step answer;
    okta_status status;
} create_row;

static const create_row rows[] = {
    {"the answer that is due", SEND(FAULT_GOOD), OKTA_OK},
    {"H18 empty 200", SEND(STATUS TYPE NONE), OKTA_E_OUTCOME_UNKNOWN},
    {"H13 204", SEND("HTTP/1.1 204 No Content\r\n\r\n"), OKTA_E_OUTCOME_UNKNOWN},
    {"H13 206", SEND("HTTP/1.1 206 x\r\n" TYPE LENGTH BODY), OKTA_E_OUTCOME_UNKNOWN},
    {"H13 304", SEND("HTTP/1.1 304 Not Modified\r\n\r\n"), OKTA_E_PROTOCOL},
    {"P01 300", SEND("HTTP/1.1 300 Multiple Choices\r\n" HTML), OKTA_E_PROTOCOL},
    {"H18 web page", SEND(STATUS HTML), OKTA_E_OUTCOME_UNKNOWN},
    {"H18 web page that calls itself JSON", SEND(STATUS JSON(62) PAGE), OKTA_E_OUTCOME_UNKNOWN},
    {"H18 white space only", SEND(STATUS JSON(3) " \r\n"), OKTA_E_OUTCOME_UNKNOWN},
    {"H19 502 with a page", SEND("HTTP/1.1 502 Bad Gateway\r\n" HTML), OKTA_E_OUTCOME_UNKNOWN},
    {"H19 503 with nothing", SEND("HTTP/1.1 503 x\r\n" NONE), OKTA_E_OUTCOME_UNKNOWN},
    {"J01 cut", SEND(STATUS JSON(12) "{\"id\":\"good\""), OKTA_E_OUTCOME_UNKNOWN},
    {"J02 two documents", SEND(STATUS JSON(15) "{\"id\":\"good\"}{}"), OKTA_E_OUTCOME_UNKNOWN},
    {"J04 id twice", SEND(STATUS JSON(24) "{\"id\":\"good\",\"id\":\"bad\"}"), OKTA_E_OUTCOME_UNKNOWN},
    {"J05 id in other letters", SEND(STATUS JSON(13) "{\"ID\":\"good\"}"), OKTA_E_OUTCOME_UNKNOWN},
    {"J10 an array for an object", SEND(STATUS JSON(15) "[" FAULT_GOOD_BODY "]"), OKTA_E_OUTCOME_UNKNOWN},
    {"J10 a text for an object", SEND(STATUS JSON(6) "\"good\""), OKTA_E_OUTCOME_UNKNOWN},
    {"J10 id of a wrong type", SEND(STATUS JSON(8) "{\"id\":7}"), OKTA_E_OUTCOME_UNKNOWN},
    {"J12 no id", SEND(STATUS JSON(2) "{}"), OKTA_E_OUTCOME_UNKNOWN},
    {"J12 empty id", SEND(STATUS JSON(9) "{\"id\":\"\"}"), OKTA_E_OUTCOME_UNKNOWN},
    {"T24 417", SEND("HTTP/1.1 417 Expectation Failed\r\n" JSON(18) "{\"errorCode\":\"E1\"}"),
     OKTA_E_INVALID},
    {"T24 417 that says nothing", SEND("HTTP/1.1 417 Expectation Failed\r\n" NONE), OKTA_E_OUTCOME_UNKNOWN},
    {"H18 404 with a page", SEND("HTTP/1.1 404 Not Found\r\n" HTML), OKTA_E_OUTCOME_UNKNOWN},
};

static void creates_once(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        /* The creation has a connection of its own. */
        const fault_step script[] = {NO_SECRETS, NEXT, READ, rows[i].answer, END};
        fault_plan plan = {.script = script, .connections = 2};
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        okta_oauth2_client_secret *secret = NULL;
        options.max_retries = okta_int(2);
        fault_world_start(world, &plan, &options);
        okta_error *error = okta_create_oauth2_client_secret(world->client, "app", NULL, &secret);
        if (okta_error_status(error) != rows[i].status ||
            (error != NULL && okta_error_attempts(error) != 1)) {
            fail_msg("%s: %s after %u attempts: %s", rows[i].name, okta_status_name(okta_error_status(error)),
                     okta_error_attempts(error), okta_error_message(error));
        }
        assert_null(strpbrk(okta_error_message(error), "\r\n<>"));
        assert_int_equal(secret != NULL, error == NULL);
        okta_free(secret);
        okta_free(error);
        fault_expect_good(rows[i].name, world);
        fault_world_finish(world);
        fault_expect_requests(rows[i].name, world, "POST", 1);
        fault_world_stop(world);
    }
}

/* The page of a gateway can be read, and is not mistaken for Okta's words. */
static void keeps_the_page_of_a_gateway(void **state)
{
    static const fault_step script[] = {
        READ, SEND("HTTP/1.1 502 Bad Gateway\r\nX-Okta-Request-Id: r1\r\n" HTML), END};
    fault_world *world = *state;
    fault_plan plan = {.script = script};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_oauth2_client_secret *secret = NULL;
    options.max_retries = okta_int(0);
    size_t length = 0;
    fault_world_start(world, &plan, &options);
    okta_error *error = okta_get_oauth2_client_secret(world->client, "app", "s1", &secret);
    assert_null(secret);
    assert_int_equal(okta_error_status(error), OKTA_E_SERVER);
    assert_int_equal(okta_error_http_status(error), 502);
    assert_true(okta_error_is_retryable(error));
    assert_string_equal(okta_error_request_id(error), "r1");
    assert_null(okta_error_code(error));
    assert_null(okta_error_summary(error));
    assert_null(okta_error_document(error));
    assert_string_equal(okta_error_response_body(error, &length), PAGE);
    assert_int_equal(length, strlen(PAGE));
    okta_free(error);
    fault_world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(creates_once),
        FAULT_TEST(keeps_the_page_of_a_gateway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
