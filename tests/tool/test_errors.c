/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong on the way, the exit code it gets, and the line that says it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

typedef struct error_case {
    unsigned status;
    int code;
    const char *body;
    const char *content_type;
    const char *err[4]; /* parts of the line, up to NULL */
} error_case;

#define CAUSES                                                                                               \
    "{\"errorCode\":\"E0000001\",\"errorSummary\":\"Validation "                                             \
    "failed\",\"errorId\":\"oae1\",\"errorCauses\":"                                                         \
    "[{\"errorSummary\":\"first cause\"},{\"errorSummary\":\"second cause\"},{\"errorSummary\":\"third\"}]}"

static const error_case answers[] = {
    {400,
     1,
     CAUSES,
     NULL,
     {"Validation failed [E0000001; HTTP 400; cause: first cause; cause: second cause; cause: third; "
      "request id "}},
    {400, 1, NULL, NULL, {"The request is not valid", "E0000001", "HTTP 400"}},
    {401, 4, NULL, NULL, {"This token opens nothing here", "E0000011", "HTTP 401"}},
    {403, 4, NULL, NULL, {"The caller has no right to do this", "E0000006", "HTTP 403"}},
    {404, 3, NULL, NULL, {"There is no such thing here", "E0000007", "HTTP 404"}},
    {410, 3, NULL, NULL, {"HTTP 410"}},
    {409, 1, NULL, NULL, {"HTTP 409"}},
    {422, 1, NULL, NULL, {"HTTP 422"}},
    {429, 5, NULL, NULL, {"Too many calls in this window", "E0000047", "HTTP 429"}},
    {500, 1, NULL, NULL, {"Something broke inside the org", "HTTP 500"}},
    {503, 1, "<html>\x1b[2J</html>", "text/html", {"HTTP 503"}},
    {400,
     1,
     "{\"error\":\"invalid_client\",\"error_description\":\"who are you\"}",
     NULL,
     {"who are you", "invalid_client", "HTTP 400"}},
    {200, 7, "<html>sign in</html>", "text/html", {"okta-keys: "}},
    {200, 7, "[{\"id\":\"a\"}", NULL, {"okta-keys: "}},
    {200, 7, "[{\"id\":\"a\"}] x", NULL, {"okta-keys: "}},
    {200, 7, "{\"unexpected\":true}", NULL, {"okta-keys: "}},
    {200, 7, "", NULL, {"okta-keys: "}},
    {302, 7, "", NULL, {"okta-keys: "}},
};

static void gives_each_answer_its_exit_code(void **state)
{
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const error_case *c = &answers[i];
        mock_fault fault = {.status = c->status, .body = c->body, .content_type = c->content_type};
        assert_true(mock_org_fail_next(world->org, &fault));
        RUN(world, "list", APP, "--max-retries", "0");
        assert_exit(world, c->code);
        assert_requests(world, 1);
        assert_one_line(world);
        assert_out(world, "");
        assert_null(strchr(world->err, '\x1b'));
        for (size_t part = 0; part < sizeof c->err / sizeof c->err[0] && c->err[part] != NULL; part++) {
            assert_err_has(world, c->err[part]);
            assert_int_equal(world_count(world->err, c->err[part]), 1);
        }
    }
}

/* An answer that is not Okta's says nothing about the app or the key: exit status 7. The line names it. */
static const struct {
    const char *words[4];
    unsigned status;
    const char *type;
    const char *body;
    const char *location; /* a header line; nullable */
    const char *err;
} foreign[] = {
    {{"list", APP},
     404,
     "text/html",
     "<title>Not here</title>",
     NULL,
     "listJwk: HTTP 404: an HTML page titled \"Not here\", not from Okta ["},
    {{"list", APP},
     404,
     NULL,
     "{\"status\":404,\"message\":\"no Route\"}",
     NULL,
     "listJwk: HTTP 404: \"no Route\", not from Okta ["},
    {{"list", APP}, 410, NULL, "", NULL, "listJwk: HTTP 410: an answer without Okta's error document ["},
    {{"list", APP},
     302,
     NULL,
     "",
     "Location: https://user:pass@login.example/in?token=1",
     "listJwk: HTTP 302: a redirect to \"login.example/in\", which is not followed ["},
    {{"delete", APP, "pks1"}, 404, "text/html", "<p>", NULL, "HTTP 404: an HTML page, not from Okta"},
    {{"delete", APP, "pks1"}, 200, "text/html", "<p>", NULL, "HTTP 200: an HTML page, not from Okta"},
    {{"delete", APP, "pks1"}, 200, NULL, "{}", NULL, "HTTP 200 is no answer that Okta gives"},
    {{"request", "GET", "/api/v1/users"},
     200,
     "text/html",
     "<p>",
     NULL,
     "HTTP 200: an HTML page, not from Okta"},
    {{"request", "POST", "/api/v1/users"},
     200,
     "text/html",
     "<p>",
     NULL,
     "HTTP 200: an HTML page, not from Okta"},
};

static void tells_an_answer_that_is_not_oktas(void **state)
{
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        const char *const headers[] = {foreign[i].location, NULL};
        mock_fault fault = {.status = foreign[i].status,
                            .content_type = foreign[i].type,
                            .body = foreign[i].body,
                            .headers = foreign[i].location == NULL ? NULL : headers};
        assert_true(mock_org_fail_next(world->org, &fault));
        world_run(world, foreign[i].words);
        assert_exit(world, 7);
        assert_one_line(world);
        assert_out(world, "");
        assert_err_has(world, foreign[i].err);
        assert_requests(world, 1);
    }
}

/* A page of a gateway twice: the key is there, whatever the second one says. */
static void a_page_deletes_nothing(void **state)
{
    tool_world *world = *state;
    mock_fault broken = {.status = 502, .content_type = "text/html", .body = "<title>Bad</title>"};
    mock_fault gone = {.status = 404, .content_type = "text/html", .body = "<title>Gone</title>"};
    assert_true(mock_org_fail_next(world->org, &broken));
    assert_true(mock_org_fail_next(world->org, &gone));
    RUN(world, "delete", APP, "pks1");
    assert_exit(world, 7);
    assert_out(world, "");
    assert_err_has(world, "the outcome is unknown: HTTP 404: an HTML page titled \"Gone\", not from Okta");
    assert_requests(world, 2);
}

static void shows_the_body_of_a_failed_answer_when_asked(void **state)
{
    tool_world *world = *state;
    mock_fault page = {.status = 404,
                       .content_type = "text/html",
                       .body = "<title>Not\there</title>\r\n\x1b[2J<p>\n\xff",
                       .times = 2};
    assert_true(mock_org_fail_next(world->org, &page));
    RUN(world, "list", APP);
    assert_one_line(world);
    RUN(world, "list", APP, "--show-body");
    assert_exit(world, 7);
    assert_err_has(world, "]\n<title>Not\there</title>\n\\x1b[2J<p>\n\\xff\n");
    mock_fault empty = {.status = 404, .body = ""};
    assert_true(mock_org_fail_next(world->org, &empty));
    RUN(world, "list", APP, "--show-body");
    assert_one_line(world);
    RUN(world, "list", APP, "--show-body");
    assert_exit(world, 0);
    assert_err(world, "");
}

static void says_what_the_server_said(void **state)
{
    tool_world *world = *state;
    world->token = "wrong";
    RUN(world, "list", APP);
    assert_exit(world, 4);
    assert_requests(world, 1);
    assert_err_has(world, "E0000011");
    assert_err_has(world, "request id ");
    assert_lacks(world->err, "wrong");
    world->token = TOKEN;
    RUN(world, "list", "0oaNoSuchApp");
    assert_exit(world, 3);
    assert_err_has(world,
                   "There is no AppInstance with the id 0oaNoSuchApp [E0000007; HTTP 404; request id ");
    assert_one_line(world);
}

static void keeps_control_characters_of_the_server_off_the_terminal(void **state)
{
    tool_world *world = *state;
    mock_fault fault = {.status = 400,
                        .body = "{\"errorCode\":\"E1\\u0007\",\"errorSummary\":\"a\\u001b[31m\\nb\","
                                "\"errorCauses\":[{\"errorSummary\":\"c\\u009b2J\\u202ed\"}]}"};
    assert_true(mock_org_fail_next(world->org, &fault));
    RUN(world, "list", APP);
    assert_exit(world, 1);
    assert_one_line(world);
    assert_err_has(world,
                   "okta-keys: a\\x1b[31m\\x0ab [E1\\x07; HTTP 400; cause: c\\x9b2J\\u202ed; request id ");
}

static void add_key(tool_world *world, const char *const *more)
{
    const char *words[10] = {"add", APP, "-"};
    for (size_t i = 0; more[i] != NULL && i + 4 < 10; i++) {
        words[i + 3] = more[i];
    }
    world->input = EC_JWK;
    world_run(world, words);
}

static const struct {
    mock_fault fault;
    bool done; /* the key is there */
} lost_answers[] = {
    {{.method = "POST", .drop_after = true}, true},
    {{.method = "POST", .cut_body_at = 10}, true},
    {{.method = "POST", .drop_before = true}, false},
    {{.method = "POST", .status = 201, .body = "<html>", .content_type = "text/html"}, false},
};

static void lose_answer(tool_world *world, size_t i)
{
    mock_org_options options = {.users = 0};
    world_restart(world, &options);
    assert_true(mock_org_fail_next(world->org, &lost_answers[i].fault));
}

static void assert_lost(tool_world *world)
{
    assert_exit(world, 7);
    assert_one_line(world);
    assert_out(world, "");
    assert_err_has(world, "; kid \"");
    assert_err_has(world, "to find out, run: okta-keys list " APP "\n");
    assert_requests(world, 2);
    assert_string_equal(world_request(world, 0)->method, "POST");
    assert_string_equal(world_request(world, 1)->method, "GET");
}

/* No time is left to look twice, and none to send it again. */
static void sends_a_change_once_when_its_answer_is_lost(void **state)
{
    static const char *const brief[] = {"--timeout", "0.7", NULL};
    for (size_t i = 0; i < sizeof lost_answers / sizeof lost_answers[0]; i++) {
        tool_world *world = *state;
        lose_answer(world, i);
        add_key(world, brief);
        if (!lost_answers[i].done) {
            assert_lost(world);
            continue;
        }
        assert_exit(world, 0);
        assert_err(world, "");
        assert_out_has(world, "STATUS        ACTIVE\n");
        assert_requests(world, 2);
    }
}

static void tells_that_it_cannot_look(void **state)
{
    static const char *const none[] = {NULL};
    static const mock_fault blind = {.method = "GET", .status = 403};
    for (size_t i = 0; i < sizeof lost_answers / sizeof lost_answers[0]; i++) {
        tool_world *world = *state;
        lose_answer(world, i);
        assert_true(mock_org_fail_next(world->org, &blind));
        add_key(world, none);
        assert_lost(world);
    }
}

static void repeats_a_call_until_the_limit_clears(void **state)
{
    static const char *const headers[] = {"X-Rate-Limit-Limit: 10", "X-Rate-Limit-Remaining: 0",
                                          "X-Rate-Limit-Reset: 1", NULL};
    tool_world *world = *state;
    mock_fault fault = {.status = 429, .headers = headers};
    assert_true(mock_org_fail_next(world->org, &fault));
    RUN(world, "list", APP, "--json");
    assert_exit(world, 0);
    assert_out(world, "[]\n");
    assert_requests(world, 2);
    assert_true(mock_org_fail_next(world->org, &fault));
    static const char *const json[] = {"--json", NULL};
    add_key(world, json);
    assert_exit(world, 0);
    assert_requests(world, 2);
}

static void gives_up_at_once_on_a_limit_that_lasts(void **state)
{
    char reset[64];
    (void)snprintf(reset, sizeof reset, "X-Rate-Limit-Reset: %lld", (long long)time(NULL) + 3600);
    const char *const headers[] = {"X-Rate-Limit-Limit: 10", "X-Rate-Limit-Remaining: 0", reset, NULL};
    tool_world *world = *state;
    mock_fault fault = {.status = 429, .headers = headers, .times = 9};
    assert_true(mock_org_fail_next(world->org, &fault));
    RUN(world, "list", APP);
    assert_exit(world, 5);
    assert_one_line(world);
    assert_requests(world, 1);
    assert_err_has(world, "Too many calls in this window");
    assert_err_has(world, "; try again in about ");
}

/* A port that is taken and does not listen; it is free again when the socket is closed. */
static int silent_port_url(char *out, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(out, size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return fd;
}

static void reports_a_connection_that_is_refused(void **state)
{
    static const char *const no_retry[] = {"--max-retries", "0", NULL};
    char url[64];
    tool_world *world = *state;
    int port = silent_port_url(url, sizeof url);
    world->org_url = url;
    RUN(world, "list", APP, "--max-retries", "0");
    assert_exit(world, 6);
    assert_one_line(world);
    add_key(world, no_retry);
    assert_exit(world, 6);
    RUN(world, "generate", APP, "--type", "p256", "--out", world_path(world, "key.pem"), "--max-retries",
        "0");
    assert_exit(world, 6);
    assert_one_line(world);
    assert_err_has(world, "; Okta does not hold the key, and the private key is removed: ");
    assert_null(world_read(world_path(world, "key.pem")));
    (void)close(port);
}

static void reports_a_connection_that_breaks(void **state)
{
    char url[64];
    tool_world *world = *state;
    mock_fault dropped = {.drop_before = true};
    assert_true(mock_org_fail_next(world->org, &dropped));
    RUN(world, "list", APP, "--max-retries", "0");
    assert_exit(world, 6);
    assert_one_line(world);
    assert_requests(world, 1);
    (void)snprintf(url, sizeof url, "https%s", strchr(mock_org_url(world->org), ':'));
    world->org_url = url;
    RUN(world, "list", APP, "--max-retries", "0");
    assert_exit(world, 6);
    assert_one_line(world);
    assert_requests(world, 0);
}

static void repeats_as_often_as_it_is_told(void **state)
{
    tool_world *world = *state;
    mock_fault down = {.status = 503, .times = 3};
    assert_true(mock_org_fail_next(world->org, &down));
    RUN(world, "list", APP, "--max-retries", "1");
    assert_exit(world, 1);
    assert_one_line(world);
    assert_requests(world, 2);
}

static void keeps_to_its_time(void **state)
{
    static const char *const limit[] = {"--timeout", "8.0", NULL};
    tool_world *world = *state;
    mock_fault slow = {.delay_ms = 20000};
    mock_fault slow_post = {.method = "POST", .delay_ms = 20000};
    assert_true(mock_org_fail_next(world->org, &slow));
    RUN(world, "list", APP, "--timeout", "0.05");
    assert_exit(world, 6);
    assert_one_line(world);
    assert_true(mock_org_fail_next(world->org, &slow_post));
    assert_true(mock_org_fail_next(world->org, &slow));
    add_key(world, limit);
    assert_exit(world, 7);
    assert_one_line(world);
    assert_requests(world, 2);
    /* The half of the time is for the look, and the key is there. */
    world_restart(world, &(mock_org_options){.users = 0});
    assert_true(mock_org_fail_next(world->org, &slow_post));
    add_key(world, limit);
    assert_exit(world, 0);
    assert_requests(world, 2);
}

/* A failure that came after several attempts says how many. */
static void counts_the_attempts(void **state)
{
    tool_world *world = *state;
    world->org_url = "http://127.0.0.1:1";
    RUN(world, "list", APP, "--max-retries", "1");
    assert_exit(world, 6);
    assert_one_line(world);
    assert_err_has(world, " [2 attempts]");
    RUN(world, "list", APP, "--max-retries", "0");
    assert_exit(world, 6);
    assert_lacks(world->err, "attempt");
}

/* The code of a refusal says why the same is sent once more. */
static void names_the_code_of_a_refusal_when_verbose(void **state)
{
    tool_world *world = *state;
    RUN(world, "--verbose", "list", "0oa0another0app0000g4");
    assert_exit(world, 3);
    assert_err_has(world, "attempt 1: HTTP 404 E0000007 (");
}

static void tells_what_it_does_when_verbose(void **state)
{
    tool_world *world = *state;
    mock_fault fault = {.status = 503};
    assert_true(mock_org_fail_next(world->org, &fault));
    RUN(world, "--verbose", "request", "GET", "/api/v1/users?filter=canary", "--json");
    assert_exit(world, 0);
    assert_requests(world, 2);
    assert_err_has(world, "okta-keys: request: GET /api/v1/users: attempt 1: HTTP 503; next in ");
    assert_err_has(world, "okta-keys: request: GET /api/v1/users: attempt 2: HTTP 200 (");
    assert_err_has(world, " ms, request id ");
    assert_lacks(world->err, TOKEN);
    assert_lacks(world->err, "canary");
}

int test_errors_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(gives_each_answer_its_exit_code),
        WORLD_TEST(tells_an_answer_that_is_not_oktas),
        WORLD_TEST(a_page_deletes_nothing),
        WORLD_TEST(shows_the_body_of_a_failed_answer_when_asked),
        WORLD_TEST(says_what_the_server_said),
        WORLD_TEST(keeps_control_characters_of_the_server_off_the_terminal),
        WORLD_TEST(sends_a_change_once_when_its_answer_is_lost),
        WORLD_TEST(tells_that_it_cannot_look),
        WORLD_TEST(repeats_a_call_until_the_limit_clears),
        WORLD_TEST(gives_up_at_once_on_a_limit_that_lasts),
        WORLD_TEST(reports_a_connection_that_is_refused),
        WORLD_TEST(reports_a_connection_that_breaks),
        WORLD_TEST(repeats_as_often_as_it_is_told),
        WORLD_TEST(keeps_to_its_time),
        WORLD_TEST(tells_what_it_does_when_verbose),
        WORLD_TEST(counts_the_attempts),
        WORLD_TEST(names_the_code_of_a_refusal_when_verbose),
    };
    return cmocka_run_group_tests_name("tool: errors", tests, NULL, NULL);
}
