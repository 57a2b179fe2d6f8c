/* SPDX-License-Identifier: Apache-2.0 */
/* Whose word an answer is: what a gateway says, what a challenge says, and what messages tell of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/operations.h"
#include "api/service_app.h"
#include "okta/reconcile.h"

#define PAGE    "<html><head><title>Not here</title></head></html>"
#define GATEWAY "{\"status\":404,\"message\":\"no Route matched\"}"
#define OKTAS   "{\"errorCode\":\"E0000007\",\"errorSummary\":\"Not found\"}"

/* Behind a 502, which leaves the delete unsettled, and at once. */
static void only_okta_says_that_something_is_gone(void **state)
{
    static const char *const challenge[] = {"WWW-Authenticate: Bearer error=\"invalid_token\"", NULL};
    static const struct {
        const char *label;
        mock_fault fault;
        bool okta;
    } answers[] = {
        {"a page", {.status = 404, .content_type = "text/html", .body = PAGE}, false},
        {"a page with 410", {.status = 410, .content_type = "text/html", .body = PAGE}, false},
        {"a gateway's message", {.status = 404, .body = GATEWAY}, false},
        {"nothing", {.status = 404, .body = ""}, false},
        {"text", {.status = 404, .content_type = "text/plain", .body = "404 page not found"}, false},
        {"a gateway in OAuth's words",
         {.status = 404, .body = "{\"status\":404,\"error\":\"not_found\",\"path\":\"/x\"}"},
         false},
        {"410 in OAuth's words", {.status = 410, .body = "{\"error\":\"gone\"}"}, false},
        {"a page with a challenge",
         {.status = 404, .headers = challenge, .content_type = "text/html", .body = PAGE},
         false},
        {"cut JSON", {.status = 404, .body = "{\"errorCode\":\"E0000007\""}, false},
        {"Okta", {.status = 404, .body = OKTAS}, true},
        {"Okta with 410", {.status = 410, .body = OKTAS}, true},
    };
    api_world *world = *state;
    for (size_t i = 0; i < 2 * COUNT(answers); i++) {
        const mock_fault *fault = &answers[i / 2].fault;
        bool behind = i % 2 == 1;
        okta_status expected = !answers[i / 2].okta ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_NOT_FOUND;
        api_world_renew(world, NULL);
        api_forget(world);
        if (behind) {
            api_fault(world, (mock_fault){.status = 502, .content_type = "text/html", .body = PAGE});
        }
        api_fault(world, *fault);
        okta_error *error = okta_delete_jwk(world->client, API_APP, API_KEY);
        if (behind && answers[i / 2].okta) {
            api_expect_success(answers[i / 2].label, error);
        } else {
            api_expect_number(answers[i / 2].label, "retryable", okta_error_is_retryable(error),
                              !answers[i / 2].okta);
            api_expect_refusal(answers[i / 2].label, error, expected, "deletejwk: ");
        }
        api_expect_requests(answers[i / 2].label, world, behind ? 2 : 1);
    }
}

/* "Adding again is safe" is Okta's to say. */
static void only_okta_says_that_a_key_is_not_there(void **state)
{
    static const struct {
        mock_fault fault;
        okta_status status;
        const char *part;
    } answers[] = {
        {{.status = 404, .content_type = "text/html", .body = PAGE},
         OKTA_E_PROTOCOL,
         "listJwk: HTTP 404: an HTML page titled \"Not here\", not from Okta"},
        {{.status = 404, .body = GATEWAY}, OKTA_E_PROTOCOL, "\"no Route matched\", not from Okta"},
        {{.status = 410, .body = ""}, OKTA_E_PROTOCOL, "an answer without Okta's error document"},
        {{.status = 200, .content_type = "text/html", .body = PAGE},
         OKTA_E_PROTOCOL,
         "HTTP 200: an HTML page"},
        {{.status = 203, .body = "[]"}, OKTA_E_PROTOCOL, "HTTP 203 is no answer that Okta gives"},
        {{.status = 404, .body = OKTAS}, OKTA_E_NOT_FOUND, "E0000007"},
        {{.status = 200, .body = "[]"}, OKTA_E_NOT_FOUND, "the org has no key of that kid"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        okta_oauth2_client_jwk *key = NULL;
        api_fault(world, answers[i].fault);
        okta_error *error = okta_reconcile_jwk(world->client, API_APP, &api_jwk_request, &key);
        api_expect_refusal(answers[i].part, error, answers[i].status, answers[i].part);
        assert_null(key);
    }
}

/* Who answers in Okta's place with a status that needs no word of Okta's is named all the same. */
static void a_page_is_named_whatever_its_status_means(void **state)
{
    static const struct {
        unsigned http_status;
        unsigned times; /* that it is sent */
        okta_status status;
    } cases[] = {
        {401, 1, OKTA_E_AUTH},   {403, 1, OKTA_E_FORBIDDEN}, {429, 4, OKTA_E_RATE_LIMITED},
        {500, 4, OKTA_E_SERVER}, {502, 4, OKTA_E_SERVER},    {503, 4, OKTA_E_SERVER},
    };
    static const char *const no_reset[] = {"X-Rate-Limit-Reset:", NULL};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char message[128];
        okta_oauth2_client_jwk *key = NULL;
        api_world_renew(world, NULL);
        snprintf(message, sizeof message, "getJwk: HTTP %u: an HTML page titled \"Not here\", not from Okta",
                 cases[i].http_status);
        api_fault(world, (mock_fault){.status = cases[i].http_status,
                                      .headers = no_reset,
                                      .content_type = "text/html",
                                      .body = PAGE,
                                      .times = cases[i].times});
        okta_error *error = okta_get_jwk(world->client, API_APP, API_KEY, &key);
        assert_int_equal(okta_error_status(error), cases[i].status);
        assert_int_equal(okta_error_attempts(error), cases[i].times);
        assert_string_equal(okta_error_message(error), message);
        assert_null(okta_error_code(error));
        assert_null(okta_error_summary(error));
        assert_string_equal(okta_error_response_body(error, NULL), PAGE);
        okta_free(error);
    }
}

static void expect_message(api_world *world, const mock_fault *fault, const char *message)
{
    okta_oauth2_client_jwk *key = NULL;
    api_fault(world, *fault);
    okta_error *error = okta_get_jwk(world->client, API_APP, API_KEY, &key);
    assert_string_equal(okta_error_message(error), message);
    okta_free(error);
}

static void a_redirect_is_told_without_what_it_may_hide(void **state)
{
    static const struct {
        const char *line;
        const char *told;
    } cases[] = {
        {"Location: https://login.example/in",
         "a redirect to \"https://login.example/in\", which is not followed"},
        {"Location: https://login.example/in?token=canary#canary",
         "a redirect to \"https://login.example/in\", which is not followed"},
        {"Location: https://me:canary@login.example/",
         "a redirect to \"login.example/\", which is not followed"},
        {"Location: //canary@login.example", "a redirect to \"login.example\", which is not followed"},
        {"Location: /login?canary", "a redirect to \"/login\", which is not followed"},
        {"Location: <script>\"x\"", "a redirect to \"script 'x'\", which is not followed"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char message[256];
        const char *const headers[] = {cases[i].line, NULL};
        snprintf(message, sizeof message, "getJwk: HTTP 302: %s", cases[i].told);
        expect_message(
            world,
            &(mock_fault){.status = 302, .headers = headers, .content_type = "text/html", .body = PAGE},
            message);
    }
    expect_message(world, &(mock_fault){.status = 302, .body = ""}, "getJwk: HTTP 302");
}

/* Of a text of any length at most a hundred bytes are quoted, and of a page only the beginning is read. */
static void a_foreign_text_is_quoted_in_part(void **state)
{
    static const char title[] = "<title>\n Bad \x1b[2J\t\"gate\" \n";
    enum { LONG = 40000 };
    api_world *world = *state;
    char *body = malloc(LONG + 1);
    char message[256];
    assert_non_null(body);
    memset(body, 'x', LONG);
    memcpy(body, title, sizeof title - 1);
    memcpy(body + 300, "</title>", 8);
    body[LONG] = '\0';
    snprintf(message, sizeof message,
             "getJwk: HTTP 400: an HTML page titled \"Bad [2J 'gate' %.*s...\", not from Okta", 100 - 15,
             body + 100);
    expect_message(world, &(mock_fault){.status = 400, .content_type = "text/html", .body = body}, message);
    memset(body, ' ', LONG);
    memcpy(body, "<!doctype html>", 15);
    memcpy(body + 20000, "<title>late</title>", 19);
    expect_message(world, &(mock_fault){.status = 400, .body = body},
                   "getJwk: HTTP 400: an HTML page, not from Okta");
    free(body);
}

/* What refuses the credential is told by its challenge, also where the status says something else. */
static void a_challenge_counts_more_than_its_status(void **state)
{
    static const struct {
        unsigned http_status;
        const char *line;
        const char *body;
        okta_status status;
    } cases[] = {
        {400, "WWW-Authenticate: Bearer error=\"invalid_token\"", "", OKTA_E_AUTH},
        {400, "WWW-Authenticate: Bearer error=\"invalid_token\"", OKTAS, OKTA_E_AUTH},
        {400, "WWW-Authenticate: DPoP error=\"invalid_dpop_proof\"", "", OKTA_E_AUTH},
        {400, "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"", "", OKTA_E_AUTH},
        {400, "X: y", "{\"error\":\"use_dpop_nonce\"}", OKTA_E_AUTH},
        {400, "X: y", "{\"error\":\"invalid_dpop_proof\"}", OKTA_E_AUTH},
        {400, "WWW-Authenticate: Bearer error=\"insufficient_scope\"", "", OKTA_E_FORBIDDEN},
        {403, "WWW-Authenticate: Bearer error=\"invalid_token\"", "", OKTA_E_AUTH},
        {403, "WWW-Authenticate: Bearer error=\"insufficient_scope\"", "", OKTA_E_FORBIDDEN},
        {400, "WWW-Authenticate: Bearer error=\"invalid_request\"", "", OKTA_E_INVALID},
        {400, "X: y", "{\"error\":\"invalid_token\"}", OKTA_E_INVALID},
        {400, "X: y", OKTAS, OKTA_E_INVALID},
        {400, "WWW-Authenticate: Basic realm=\"proxy\"", "", OKTA_E_PROTOCOL},
        {404, "WWW-Authenticate: Bearer error=\"invalid_token\"", OKTAS, OKTA_E_NOT_FOUND},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const headers[] = {cases[i].line, NULL};
        okta_oauth2_client_jwk *key = NULL;
        api_fault(world,
                  (mock_fault){.status = cases[i].http_status, .headers = headers, .body = cases[i].body});
        okta_error *error = okta_get_jwk(world->client, API_APP, API_KEY, &key);
        api_expect_number(cases[i].line, "attempts", okta_error_attempts(error), 1);
        api_expect_refusal(cases[i].line, error, cases[i].status, "getJwk: HTTP ");
    }
}

/* The first token takes two requests: the mock challenges a proof without a nonce. */
static void expect_calls(const char *label, const service_world *world, size_t tokens, size_t calls)
{
    api_expect_number(label, "token requests", (int64_t)service_requests(world, MOCK_TOKEN_PATH),
                      (int64_t)tokens);
    api_expect_number(label, "calls", (int64_t)service_requests(world, "/api/"), (int64_t)calls);
}

static void renew(service_world *world)
{
    okta_client_options options = service_options(world);
    options.dpop = OKTA_DPOP_ALWAYS;
    service_renew(world, &options);
    api_forget(&world->api);
}

/* A challenge for a nonce with 400, by header or by body, is answered once, as with 401. */
static void a_nonce_challenge_with_400_is_answered(void **state)
{
    static const struct {
        const char *headers[3];
        const char *body;
    } challenges[] = {
        {{"WWW-Authenticate: DPoP error=\"use_dpop_nonce\"", "DPoP-Nonce: n-1", NULL}, ""},
        {{"DPoP-Nonce: n-2", NULL},
         "{\"error\":\"use_dpop_nonce\",\"error_description\":\"a nonce, please\"}"},
    };
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(challenges); i++) {
        mock_fault fault = {.path_contains = "/api/",
                            .status = 400,
                            .headers = challenges[i].headers,
                            .body = challenges[i].body};
        renew(world);
        api_fault(&world->api, fault);
        api_expect_success(challenges[i].headers[0], service_call(world));
        expect_calls("answered", world, 2, 2);
        fault.times = 2;
        renew(world);
        api_fault(&world->api, fault);
        okta_error *error = service_call(world);
        assert_string_equal(okta_error_code(error), "use_dpop_nonce");
        api_expect_refusal("it stays", error, OKTA_E_AUTH, "use_dpop_nonce");
        expect_calls("it stays", world, 2, 2);
    }
}

static void a_token_that_is_refused_with_400_is_renewed_once(void **state)
{
    static const char *const headers[] = {"WWW-Authenticate: DPoP error=\"invalid_token\"", NULL};
    service_world *world = *state;
    mock_fault fault = {.path_contains = "/api/", .status = 400, .headers = headers, .body = ""};
    renew(world);
    api_fault(&world->api, fault);
    api_expect_success("renewed", service_call(world));
    expect_calls("renewed", world, 3, 2);
    fault.times = 2;
    renew(world);
    api_fault(&world->api, fault);
    api_expect_refusal("it stays", service_call(world), OKTA_E_AUTH, "HTTP 400 invalid_token");
    expect_calls("it stays", world, 3, 2);
}

int main(void)
{
#define TEST(name)         cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        TEST(only_okta_says_that_something_is_gone),
        TEST(only_okta_says_that_a_key_is_not_there),
        TEST(a_page_is_named_whatever_its_status_means),
        TEST(a_redirect_is_told_without_what_it_may_hide),
        TEST(a_foreign_text_is_quoted_in_part),
        TEST(a_challenge_counts_more_than_its_status),
        SERVICE_TEST(a_nonce_challenge_with_400_is_answered),
        SERVICE_TEST(a_token_that_is_refused_with_400_is_renewed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
