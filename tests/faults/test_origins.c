/* SPDX-License-Identifier: Apache-2.0 */
/* Where a list goes on after a failure. Where redirects and next links may lead, the fault table shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

#define NEXT_PAGE "/api/v1/things?after=2"
#define AFTER     ">; rel=\"next\""

#define PAGE "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]"

/* The second page is cut each time; the cursor leads there once it is whole. */
static void resumes_where_a_page_failed(void **state)
{
#define FIRST STATUS "Link: <" NEXT_PAGE AFTER "\r\n" PAGE
#define CUT   STATUS "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1"
    static const fault_step script[] = {READ, SEND(FIRST), READ, SEND(CUT), CLOSE, END};
    fault_world *world = *state;
    fault_plan plan = {.script = script, .connections = 1};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.max_retries = okta_int(0);
    fault_world_start(world, &plan, &options);
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/things");
    assert_non_null(okta_pages_next(pages));
    assert_null(okta_pages_next(pages));
    okta_error *error = okta_pages_error(pages);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    assert_string_equal(okta_pages_cursor(pages), NEXT_PAGE);
    okta_free(error);
    okta_pages *rest = okta_request_pages(world->client, okta_pages_cursor(pages));
    okta_free(pages);
    /* The good answer is an object, and so no page: enough to see that it was asked for. */
    assert_null(okta_pages_next(rest));
    error = okta_pages_error(rest);
    assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
    okta_free(error);
    okta_free(rest);
    fault_world_finish(world);
    assert_int_equal(fault_server_request_count(world->server), 3);
    assert_int_equal(strncmp(fault_server_request_at(world->server, 2)->text, "GET " NEXT_PAGE " ",
                             strlen("GET " NEXT_PAGE " ")),
                     0);
    fault_world_stop(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(resumes_where_a_page_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
