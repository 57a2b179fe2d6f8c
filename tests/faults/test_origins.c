/* SPDX-License-Identifier: Apache-2.0 */
/* A credential goes to the configured origin and nowhere else: redirects are not followed, and of a `next`
 * link only path and query are used. A second server listens for what must not come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

typedef struct origins {
    fault_world world;
    fault_server *other;
} origins;

/* `form` with ^ for the port of the other server and ~ for that of the client's own. */
static void fill_in(char *out, size_t size, const char *form, unsigned other, unsigned own)
{
    size_t length = 0;
    for (; *form != '\0'; form++) {
        if (*form == '^' || *form == '~') {
            length += (size_t)snprintf(out + length, size - length, "%u", *form == '^' ? other : own);
        } else {
            out[length++] = *form;
        }
        assert_true(length + 8 < size);
    }
    out[length] = '\0';
}

/* Behind it, nobody has called. */
static void stop_silent(const char *label, origins *self)
{
    fault_world_stop(&self->world);
    fault_server_finish(self->other);
    if (fault_server_connection_count(self->other) > 0) {
        fail_msg("%s: the other server was called", label);
    }
    fault_server_free(self->other);
    self->other = NULL;
}

/* Scripts are fixed when a server starts, but tell its own port: so the own one begins without a script's
 * text. */
static void start_both(origins *self, char *answer, size_t size, const char *form, const fault_step *script)
{
    static const fault_plan silent = {0};
    fault_plan plan = {.script = script, .connections = 1, .refuse = true};
    self->other = fault_server_start(&silent);
    fault_world_start(&self->world, &plan, NULL);
    fill_in(answer, size, form, fault_server_port(self->other), fault_server_port(self->world.server));
}

static const char *const locations[] = {
    "/api/v1/elsewhere",
    "http://127.0.0.1:~/api/v1/elsewhere",
    "http://127.0.0.1:^/api/v1/things",
    "http://127.0.0.1:~@127.0.0.1:^/api/v1/things",
    "http://localhost:^/api/v1/things",
    "https://127.0.0.1:^/api/v1/things",
    "//127.0.0.1:^/api/v1/things",
    "ftp://127.0.0.1:^/api/v1/things",
    "gopher://127.0.0.1:^/_x",
    "file:///etc/passwd",
    "http:^",
    "",
};

static void follows_no_redirect(void **state)
{
    static const int statuses[] = {300, 301, 302, 303, 305, 307, 308, 399};
    static const struct {
        const char *method;
        const char *body;
    } requests[] = {{"GET", NULL}, {"POST", "{\"a\":1}"}, {"POST", NULL}, {"PUT", "{}"}, {"DELETE", NULL}};
    origins *self = *state;
    for (size_t i = 0; i < COUNT(locations) * COUNT(statuses); i++) {
        char form[512];
        char answer[512];
        int status = statuses[i % COUNT(statuses)];
        const char *location = locations[i / COUNT(statuses)];
        size_t which = i % COUNT(requests);
        snprintf(form, sizeof form, "HTTP/1.1 %d x\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", status,
                 location);
        fault_step script[] = {READ, {FAULT_SEND, answer, 0, 1}, END};
        start_both(self, answer, sizeof answer, form, script);
        script[1].length = strlen(answer);
        fault_server_accept(self->world.server);
        fault_outcome outcome =
            fault_request_once(&self->world, requests[which].method, requests[which].body, 5);
        fault_expect_status(form, &outcome, OKTA_E_PROTOCOL);
        fault_expect_attempts(form, &outcome, 1);
        assert_int_equal(outcome.http_status, status);
        fault_expect_good(form, &self->world);
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_request_count(self->world.server), 2);
        stop_silent(form, self);
    }
}

/* What follows a first page with this Link header. */
typedef struct link_row {
    const char *link;
    const char *target; /* of the second request; NULL: PROTOCOL instead */
} link_row;

#define NEXT_PAGE "/api/v1/things?after=2"
#define AFTER     ">; rel=\"next\""

static const link_row links[] = {
    {"<" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<http://127.0.0.1:~" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<http://127.0.0.1:^" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<https://127.0.0.1:^" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<https://evil.example" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<//127.0.0.1:^" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<http://127.0.0.1:~@127.0.0.1:^" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<http://[::1]:^" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<http://0x7f000001:^" NEXT_PAGE AFTER, NEXT_PAGE},
    {"<http://127.0.0.1:^/api/v1/things?after=http://127.0.0.1:^/>; rel=\"next\"",
     "/api/v1/things?after=http://127.0.0.1:^/"},
    {"<http://127.0.0.1:^/elsewhere/api/v1/things?after=2" AFTER, "/elsewhere/api/v1/things?after=2"},
    {"<http://127.0.0.1:^" NEXT_PAGE AFTER ", <http://127.0.0.1:^/api/v1/things>; rel=\"self\"", NEXT_PAGE},
    {"<http:\\\\127.0.0.1:^\\api\\v1\\things?after=2" AFTER, NULL},
    {"<http://127.0.0.1:^\\" NEXT_PAGE AFTER, NULL},
    {"<http://127.0.0.1:^" AFTER, NULL},
    {"<http://127.0.0.1:^/" AFTER, NULL},
    {"<http://127.0.0.1:^/admin?after=2" AFTER, NULL},
    {"<http://127.0.0.1:^/api/v1/../../admin" AFTER, NULL},
    {"<http://127.0.0.1:^/api/v1/%2e%2e/%2e%2e/admin" AFTER, NULL},
    {"<http://127.0.0.1:^//127.0.0.1:^" NEXT_PAGE AFTER, NULL},
    {"<////127.0.0.1:^" NEXT_PAGE AFTER, NULL},
    {"<file:///api/v1/things" AFTER, NULL},
    {"<ftp://127.0.0.1:^" NEXT_PAGE AFTER, NULL},
    {"<javascript:alert(1)" AFTER, NULL},
    {"<api/v1/things?after=2" AFTER, NULL},
    {"<?after=2" AFTER, NULL},
    {"<" AFTER, NULL},
    {"<" NEXT_PAGE "#there" AFTER, NULL},
    {"<" NEXT_PAGE " x" AFTER, NULL},
    {"<" NEXT_PAGE, NULL},
    {"<" NEXT_PAGE AFTER "\r\nLink: </api/v1/things?after=3" AFTER, NULL},
    {"<" NEXT_PAGE ">;\r\n rel=\"next\"", NULL},
};

#define PAGE "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]"

static void check_link(origins *self, const link_row *row)
{
    char form[1024];
    char answer[1024];
    char start[512];
    char target[256];
    snprintf(form, sizeof form, STATUS "Link: %s\r\n" PAGE, row->link);
    fault_step script[] = {READ, {FAULT_SEND, answer, 0, 1}, READ, SEND(STATUS PAGE), END};
    start_both(self, answer, sizeof answer, form, script);
    script[1].length = strlen(answer);
    fault_server_accept(self->world.server);
    okta_pages *pages = okta_request_pages(self->world.client, "/api/v1/things");
    const okta_page *page = okta_pages_next(pages);
    bool second = page != NULL && okta_pages_next(pages) != NULL;
    assert_null(okta_pages_next(pages));
    okta_error *error = okta_pages_error(pages);
    okta_status status = okta_error_status(error);
    okta_free(error);
    okta_free(pages);
    if (second != (row->target != NULL) || status != (row->target != NULL ? OKTA_OK : OKTA_E_PROTOCOL)) {
        fail_msg("%s: %s page, %s", row->link, second ? "a second" : "no second", okta_status_name(status));
    }
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_request_count(self->world.server), row->target == NULL ? 1 : 2);
    if (row->target != NULL) {
        fill_in(target, sizeof target, row->target, fault_server_port(self->other), 0);
        snprintf(start, sizeof start, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", target,
                 fault_server_port(self->world.server));
        const char *text = fault_server_request_at(self->world.server, 1)->text;
        if (strncmp(text, start, strlen(start)) != 0) {
            fail_msg("%s: the second request is %s", row->link, text);
        }
        assert_non_null(strstr(text, "\r\nAuthorization: SSWS " FAULT_TOKEN "\r\n"));
    }
    stop_silent(row->link, self);
}

static void stays_at_home_with_next_links(void **state)
{
    for (size_t i = 0; i < COUNT(links); i++) {
        check_link(*state, &links[i]);
    }
}

/* Links that are not the answer's own: of an interim answer, of a trailer. */
static void takes_no_link_from_elsewhere(void **state)
{
    static const fault_step scripts[][4] = {
        {READ, SEND("HTTP/1.1 103 Early Hints\r\nLink: <" NEXT_PAGE AFTER "\r\n\r\n" STATUS PAGE), END},
        {READ,
         SEND(STATUS TYPE "Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\nLink: <" NEXT_PAGE AFTER
                          "\r\n\r\n"),
         END},
    };
    origins *self = *state;
    for (size_t i = 0; i < COUNT(scripts); i++) {
        fault_plan plan = {.script = scripts[i], .connections = 1};
        fault_world_start(&self->world, &plan, NULL);
        okta_pages *pages = okta_request_pages(self->world.client, "/api/v1/things");
        assert_non_null(okta_pages_next(pages));
        assert_null(okta_pages_next(pages));
        assert_null(okta_pages_error(pages));
        okta_free(pages);
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_request_count(self->world.server), 1);
        fault_world_stop(&self->world);
    }
}

/* The second page is cut each time; the cursor leads there once it is whole. */
static void resumes_where_a_page_failed(void **state)
{
#define FIRST STATUS "Link: <" NEXT_PAGE AFTER "\r\n" PAGE
#define CUT   STATUS "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1"
    static const fault_step script[] = {READ, SEND(FIRST), READ, SEND(CUT), CLOSE, END};
    origins *self = *state;
    fault_plan plan = {.script = script, .connections = 1};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.max_retries = okta_int(0);
    fault_world_start(&self->world, &plan, &options);
    okta_pages *pages = okta_request_pages(self->world.client, "/api/v1/things");
    assert_non_null(okta_pages_next(pages));
    assert_null(okta_pages_next(pages));
    okta_error *error = okta_pages_error(pages);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    assert_string_equal(okta_pages_cursor(pages), NEXT_PAGE);
    okta_free(error);
    okta_pages *rest = okta_request_pages(self->world.client, okta_pages_cursor(pages));
    okta_free(pages);
    /* The good answer is an object, and so no page: enough to see that it was asked for. */
    assert_null(okta_pages_next(rest));
    error = okta_pages_error(rest);
    assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
    okta_free(error);
    okta_free(rest);
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_request_count(self->world.server), 3);
    assert_int_equal(strncmp(fault_server_request_at(self->world.server, 2)->text, "GET " NEXT_PAGE " ",
                             strlen("GET " NEXT_PAGE " ")),
                     0);
    fault_world_stop(&self->world);
}

static int begin(void **state)
{
    static origins self;
    *state = &self;
    return 0;
}

static int clean_up(void **state)
{
    origins *self = *state;
    fault_world_stop(&self->world);
    fault_server_free(self->other);
    self->other = NULL;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(follows_no_redirect),
        TEST(stays_at_home_with_next_links),
        TEST(takes_no_link_from_elsewhere),
        TEST(resumes_where_a_page_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
