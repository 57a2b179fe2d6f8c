/* SPDX-License-Identifier: Apache-2.0 */
/* Answers whose first header line is a folded one, which is read as if it were not there (RFC 9112,
 * section 2.2), on a connection and a handle of libcurl that served an answer before. libcurl before 8.1.0
 * would follow freed memory there, which shows under AddressSanitizer and valgrind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_tls.h"
#include "faults/fault_world.h"

typedef struct folded_world {
    fault_tls tls;
    fault_world world;
} folded_world;

#define REST TYPE LENGTH BODY

/* The second answer of each connection. `status`: what becomes of the call. */
static const struct {
    const char *name;
    fault_step answer;
    okta_status status;
} answers[] = {
    {"space", SEND(STATUS " folded: line\r\n" REST), OKTA_OK},
    {"tab", SEND(STATUS "\tfolded: line\r\n" REST), OKTA_OK},
    {"several blanks", SEND(STATUS " \t  folded: line\r\n" REST), OKTA_OK},
    {"without a colon", SEND(STATUS " folded\r\n" REST), OKTA_E_PROTOCOL},
    {"two of them", SEND(STATUS " folded: line\r\n and: another\r\n" REST), OKTA_OK},
    {"bare line feed", SEND("HTTP/1.1 200 OK\n folded: line\n" REST), OKTA_OK},
    {"long", SEND(STATUS " " FILL FILL FILL FILL FILL FILL FILL FILL "\r\n" REST), OKTA_OK},
    {"behind an interim answer", SEND("HTTP/1.1 100 Continue\r\n\r\n" STATUS " folded: line\r\n" REST),
     OKTA_OK},
    {"within an interim answer", SEND("HTTP/1.1 103 Hints\r\n folded: line\r\n\r\n" FAULT_GOOD), OKTA_OK},
    {"behind a field, as often before", SEND(STATUS "X: a\r\n folded: line\r\n" REST), OKTA_OK},
    {"a length of its own", SEND(STATUS " Content-Length: 5\r\n" REST), OKTA_OK},
    {"a status line in small letters", SEND("http/1.1 200 OK\r\n folded: line\r\n" REST), OKTA_E_TRANSPORT},
};

static void start(folded_world *self, bool tls, const fault_step *script, unsigned connections)
{
    fault_plan plan = {.script = script, .connections = connections};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.proxy = "";
    if (tls) {
        static const fault_tls_options any;
        fault_tls_start(&self->tls, &any);
        plan.tls = self->tls.context;
        options.ca_file = self->tls.ca_file;
    }
    fault_world_start(&self->world, &plan, &options);
}

static void stop(folded_world *self, bool tls)
{
    fault_world_stop(&self->world);
    if (tls) {
        fault_tls_stop(&self->tls);
    }
}

static void a_folded_line_at_the_head_of_an_answer_continues_nothing(void **state)
{
    folded_world *self = *state;
    for (size_t i = 0; i < 2 * COUNT(answers); i++) {
        bool tls = i >= COUNT(answers);
        size_t which = i % COUNT(answers);
        const char *name = answers[which].name;
        const fault_step script[] = {READ, SEND(STATUS "X-Last: value\r\n" REST), READ, answers[which].answer,
                                     END};
        start(self, tls, script, 1);
        fault_expect_good(name, &self->world);
        fault_outcome outcome = fault_request_once(&self->world, "GET", NULL, 0);
        fault_expect_status(name, &outcome, answers[which].status);
        if (outcome.status == OKTA_OK) {
            fault_expect_body(name, &outcome, FAULT_GOOD_BODY);
        }
        fault_expect_good(name, &self->world);
        fault_world_finish(&self->world);
        /* On the connection that answered before: else this shows nothing. */
        assert_int_equal(fault_server_request_at(self->world.server, 1)->connection, 1);
        stop(self, tls);
    }
}

/* A handle outlives its connections. */
static void nor_does_it_on_another_connection(void **state)
{
    static const fault_step script[] = {READ,  SEND(STATUS "X-Last: value\r\nConnection: close\r\n" REST),
                                        CLOSE, NEXT,
                                        READ,  SEND(STATUS " folded: line\r\n" REST),
                                        END};
    folded_world *self = *state;
    for (unsigned tls = 0; tls < 2; tls++) {
        start(self, tls != 0, script, 2);
        fault_expect_good("first", &self->world);
        fault_expect_good("second", &self->world);
        fault_world_finish(&self->world);
        fault_expect_connections("two", &self->world, 2);
        stop(self, tls != 0);
    }
}

int main(void)
{
    static folded_world world;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_folded_line_at_the_head_of_an_answer_continues_nothing, &world),
        cmocka_unit_test_prestate(nor_does_it_on_another_connection, &world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
