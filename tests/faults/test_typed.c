/* SPDX-License-Identifier: Apache-2.0 */
/* What typed functions make of answers that came whole but are not what the operation returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

#define RETRIES 2
#define PAGE    "<!DOCTYPE html>\n<html><body onload=\"x()\">Log in</body></html>\n"

typedef enum kind {
    KIND_GET,
    KIND_CREATE,
    KIND_ACTIVATE,
    KIND_DELETE,
    KINDS,
} kind;

static const char *const kind_names[KINDS] = {"get", "create", "activate", "delete"};
static const char *const kind_methods[KINDS] = {"GET", "POST", "POST", "DELETE"};

static okta_error *run(fault_world *world, kind which)
{
    okta_oauth2_client_secret *secret = NULL;
    okta_error *error = NULL;
    switch (which) {
    case KIND_GET:
        error = okta_get_oauth2_client_secret(world->client, "app", "s1", &secret);
        break;
    case KIND_CREATE:
        error = okta_create_oauth2_client_secret(world->client, "app", NULL, &secret);
        break;
    case KIND_ACTIVATE:
        error = okta_activate_oauth2_client_secret(world->client, "app", "s1", &secret);
        break;
    case KIND_DELETE:
    case KINDS:
        error = okta_delete_oauth2_client_secret(world->client, "app", "s1");
        break;
    }
    assert_int_equal(secret != NULL, error == NULL && which != KIND_DELETE);
    okta_free(secret);
    return error;
}

typedef struct typed_row {
    const char *name;
    fault_step script[4];
    okta_status status[KINDS];
    unsigned sends[KINDS];
} typed_row;

#define ONCE                                                                                                 \
    {                                                                                                        \
        1, 1, 1, 1                                                                                           \
    }
#define BUT_CREATE                                                                                           \
    {                                                                                                        \
        RETRIES + 1, 1, RETRIES + 1, RETRIES + 1                                                             \
    }
#define NONE     "Content-Length: 0\r\n\r\n"
#define HTML     "Content-Type: text/html; charset=utf-8\r\nContent-Length: 62\r\n\r\n" PAGE
#define JSON(n)  "Content-Type: application/json\r\nContent-Length: " #n "\r\n\r\n"
#define UNKNOWN  OKTA_E_OUTCOME_UNKNOWN
#define PROTOCOL OKTA_E_PROTOCOL
#define SERVER   OKTA_E_SERVER

static const typed_row rows[] = {
    {"the answer that is due", {READ, SEND(FAULT_GOOD)}, {OKTA_OK, OKTA_OK, OKTA_OK, OKTA_OK}, ONCE},
    {"H18 empty 200", {READ, SEND(STATUS TYPE NONE)}, {PROTOCOL, UNKNOWN, UNKNOWN, OKTA_OK}, ONCE},
    {"H18 204", {READ, SEND("HTTP/1.1 204 No Content\r\n\r\n")}, {PROTOCOL, UNKNOWN, UNKNOWN, OKTA_OK}, ONCE},
    {"H13 204 with a length",
     {READ, SEND("HTTP/1.1 204 x\r\n" TYPE LENGTH "\r\n"), CLOSE},
     {PROTOCOL, UNKNOWN, UNKNOWN, OKTA_OK},
     ONCE},
    {"H18 web page", {READ, SEND(STATUS HTML)}, {PROTOCOL, UNKNOWN, UNKNOWN, UNKNOWN}, ONCE},
    {"H18 web page, its type in capitals",
     {READ, SEND(STATUS "CONTENT-TYPE: TEXT/HTML\r\nContent-Length: 62\r\n\r\n" PAGE)},
     {PROTOCOL, UNKNOWN, UNKNOWN, UNKNOWN},
     ONCE},
    {"H18 web page that calls itself JSON",
     {READ, SEND(STATUS JSON(62) PAGE)},
     {PROTOCOL, UNKNOWN, UNKNOWN, UNKNOWN},
     ONCE},
    {"white space only", {READ, SEND(STATUS JSON(3) " \r\n")}, {PROTOCOL, UNKNOWN, UNKNOWN, UNKNOWN}, ONCE},
    {"J01 cut",
     {READ, SEND(STATUS JSON(12) "{\"id\":\"good\"")},
     {PROTOCOL, UNKNOWN, UNKNOWN, UNKNOWN},
     ONCE},
    {"J02 two documents",
     {READ, SEND(STATUS JSON(15) "{\"id\":\"good\"}{}")},
     {PROTOCOL, UNKNOWN, UNKNOWN, UNKNOWN},
     ONCE},
    {"an array for an object",
     {READ, SEND(STATUS JSON(15) "[" FAULT_GOOD_BODY "]")},
     {PROTOCOL, UNKNOWN, UNKNOWN, OKTA_OK},
     ONCE},
    {"a text for an object",
     {READ, SEND(STATUS JSON(6) "\"good\"")},
     {PROTOCOL, UNKNOWN, UNKNOWN, OKTA_OK},
     ONCE},
    {"J12 no id", {READ, SEND(STATUS JSON(2) "{}")}, {OKTA_OK, UNKNOWN, OKTA_OK, OKTA_OK}, ONCE},
    {"J12 empty id",
     {READ, SEND(STATUS JSON(9) "{\"id\":\"\"}")},
     {OKTA_OK, UNKNOWN, OKTA_OK, OKTA_OK},
     ONCE},
    {"J10 id of a wrong type",
     {READ, SEND(STATUS JSON(8) "{\"id\":7}")},
     {OKTA_OK, UNKNOWN, OKTA_OK, OKTA_OK},
     ONCE},
    {"H13 206 unasked",
     {READ, SEND("HTTP/1.1 206 Partial Content\r\n" TYPE LENGTH BODY)},
     {PROTOCOL, UNKNOWN, PROTOCOL, PROTOCOL},
     ONCE},
    {"H13 304 unasked",
     {READ, SEND("HTTP/1.1 304 Not Modified\r\n\r\n")},
     {PROTOCOL, PROTOCOL, PROTOCOL, PROTOCOL},
     ONCE},
    {"H13 300",
     {READ, SEND("HTTP/1.1 300 Multiple Choices\r\n" HTML)},
     {PROTOCOL, PROTOCOL, PROTOCOL, PROTOCOL},
     ONCE},
    {"H19 502 with a page",
     {READ, SEND("HTTP/1.1 502 Bad Gateway\r\n" HTML), END},
     {SERVER, UNKNOWN, SERVER, SERVER},
     BUT_CREATE},
    {"H19 503 with nothing",
     {READ, SEND("HTTP/1.1 503 x\r\n" NONE), END},
     {SERVER, UNKNOWN, SERVER, SERVER},
     BUT_CREATE},
    {"H19 504 with a page of 1 MiB",
     {READ, SEND("HTTP/1.1 504 x\r\nContent-Type: text/html\r\nContent-Length: 1048576\r\n\r\n"),
      SEND_TIMES(FILL, 16384), END},
     {SERVER, UNKNOWN, SERVER, SERVER},
     BUT_CREATE},
    {"H19 500 that is cut",
     {READ, SEND("HTTP/1.1 500 x\r\n" TYPE LENGTH "\r\n{"), CLOSE},
     {OKTA_E_TRANSPORT, UNKNOWN, UNKNOWN, UNKNOWN},
     BUT_CREATE},
    {"T24 417",
     {READ, SEND("HTTP/1.1 417 Expectation Failed\r\n" NONE)},
     {OKTA_E_INVALID, OKTA_E_INVALID, OKTA_E_INVALID, OKTA_E_INVALID},
     ONCE},
};

/* One line for people, without the markup of somebody's page. */
static void check_message(const char *label, okta_error *error)
{
    const char *message = okta_error_message(error);
    if (strpbrk(message, "\r\n<>") != NULL || strlen(message) > 512) {
        fail_msg("%s: the message is \"%s\"", label, message);
    }
}

/* The answer of a row for each of so many requests, which come over one connection unless it closes that. */
static fault_plan plan_of(const typed_row *row, unsigned sends, fault_step *script, size_t capacity)
{
    size_t length = 0;
    bool closes = false;
    for (unsigned i = 0; i < sends && !closes; i++) {
        for (size_t k = 0; k < COUNT(row->script) && row->script[k].act != FAULT_END; k++) {
            assert_true(length + 1 < capacity);
            script[length++] = row->script[k];
            closes = row->script[k].act == FAULT_CLOSE;
        }
    }
    script[length] = (fault_step)END;
    return (fault_plan){.script = script, .connections = closes ? sends : 1};
}

static void check_row(fault_world *world, const typed_row *row, kind which)
{
    char label[128];
    fault_step script[16];
    unsigned sends = row->sends[which];
    fault_plan plan = plan_of(row, sends, script, COUNT(script));
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.max_retries = okta_int(RETRIES);
    snprintf(label, sizeof label, "%s, %s", row->name, kind_names[which]);
    fault_world_start(world, &plan, &options);
    okta_error *error = run(world, which);
    if (okta_error_status(error) != row->status[which] ||
        (error != NULL && okta_error_attempts(error) != sends)) {
        fail_msg("%s: %s after %u attempts: %s", label, okta_status_name(okta_error_status(error)),
                 okta_error_attempts(error), okta_error_message(error));
    }
    check_message(label, error);
    okta_free(error);
    fault_expect_good(label, world);
    fault_world_finish(world);
    assert_int_equal(fault_server_request_count(world->server), sends + 1);
    fault_expect_requests(label, world, kind_methods[which], sends + (which == KIND_GET ? 1 : 0));
    fault_world_stop(world);
}

static void judges_whole_answers(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int which = 0; which < KINDS; which++) {
            check_row(world, &rows[i], (kind)which);
        }
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
    options.max_retries = okta_int(0);
    size_t length = 0;
    fault_world_start(world, &plan, &options);
    okta_error *error = run(world, KIND_GET);
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

static int begin(void **state)
{
    static fault_world world;
    *state = &world;
    return 0;
}

static int clean_up(void **state)
{
    fault_world_stop(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(judges_whole_answers, begin, clean_up),
        cmocka_unit_test_setup_teardown(keeps_the_page_of_a_gateway, begin, clean_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
