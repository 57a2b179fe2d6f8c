/* SPDX-License-Identifier: Apache-2.0 */
/* A server that sends back what it was sent: no text of an error or of a log event shows a secret of the
 * request, whatever form it comes in. What is handed out as sent stays as sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "api/operations.h"
#include "api/service_app.h"
#include "okta/api/org_as.h"
#include "okta/api/user.h"
#include "okta/api/user_factor.h"

#define BODY_SECRET "bS4-Canary_Qw8/eRtY+uIoPaSdFgHjKlZx=2"
#define LONG_TOKEN  "bearer-Canary_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define CLIENT_SECRET         "cS7-Canary/Zx+Cv=BnMaSdFgHjKl QwErTy"
#define CLIENT_SECRET_ENCODED "cS7-Canary%2FZx%2BCv%3DBnMaSdFgHjKl%20QwErTy"

#define SIXTY "sixty bytes, so that a title of a hundred bytes ends in it: "

#define SECRETS_MAX 4u

typedef struct heard {
    const char *secrets[SECRETS_MAX];
    size_t count;
    unsigned texts; /* that were looked at */
    unsigned hidden;
} heard;

/* Whether a text has a secret in it, in one of the forms in which the mock sends it. */
static bool holds_form(const char *text, const char *secret, mock_echo how)
{
    static const size_t shared[] = {0, 2, 3};
    char form[16384] = "";
    size_t length = strlen(secret);
    size_t at = 0;
    if (how == MOCK_ECHO_PLAIN) {
        return strstr(text, secret) != NULL;
    }
    for (size_t i = 0; (how == MOCK_ECHO_PERCENT || how == MOCK_ECHO_JSON) && i < length; i++) {
        at += (size_t)snprintf(form + at, sizeof form - at, how == MOCK_ECHO_JSON ? "\\u%04X" : "%%%02x",
                               (unsigned char)secret[i]);
    }
    if (at > 0) {
        return strstr(text, form) != NULL;
    }
    for (size_t before = 0; before < 3; before++) {
        char bytes[8192];
        snprintf(bytes, sizeof bytes, "%.*s%s", (int)before, "xx", secret);
        (void)EVP_EncodeBlock((unsigned char *)form, (const unsigned char *)bytes, (int)strlen(bytes));
        form[(before + length) * 8 / 6] = '\0';
        for (char *p = form; how == MOCK_ECHO_BASE64URL && *p != '\0'; p++) {
            *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
        }
        if (strstr(text, form + shared[before]) != NULL) {
            return true;
        }
    }
    return false;
}

static void look(heard *self, const char *what, const char *text)
{
    if (text == NULL) {
        return;
    }
    self->texts++;
    self->hidden += strstr(text, "***") != NULL;
    for (size_t i = 0; i < self->count; i++) {
        char piece[24];
        snprintf(piece, sizeof piece, "%.20s", self->secrets[i] + strlen(self->secrets[i]) / 2);
        for (mock_echo how = MOCK_ECHO_PLAIN; how <= MOCK_ECHO_BASE64URL; how++) {
            /* Not whole, and not cut either. */
            if (holds_form(text, self->secrets[i], how) || holds_form(text, piece, how)) {
                fail_msg("%s shows secret %zu in form %d: %s", what, i, (int)how, text);
            }
        }
    }
}

/* Log events come before the test knows what was sent: they are kept. */
typedef struct event_log {
    char *texts[256];
    size_t count;
} event_log;

static void keep(event_log *log, const char *text)
{
    if (text != NULL && log->count < COUNT(log->texts)) {
        log->texts[log->count++] = strdup(text);
    }
}

static void write_event(void *ctx, const okta_log_event *event)
{
    keep(ctx, event->message);
    keep(ctx, event->path);
    keep(ctx, event->request_id);
}

static void expect_hidden(heard *self, const okta_error *error, event_log *log)
{
    look(self, "message", okta_error_message(error));
    look(self, "code", okta_error_code(error));
    look(self, "summary", okta_error_summary(error));
    look(self, "id", okta_error_id(error));
    look(self, "request id", okta_error_request_id(error));
    for (size_t i = 0; i < okta_error_cause_count(error); i++) {
        look(self, "cause", okta_error_cause_summary(error, i));
    }
    for (size_t i = 0; i < log->count; i++) {
        look(self, "log", log->texts[i]);
        free(log->texts[i]);
    }
    log->count = 0;
}

/* The body is what came. */
static void expect_body_as_sent(const heard *self, const okta_error *error, mock_echo how)
{
    size_t length = 0;
    const char *body = okta_error_response_body(error, &length);
    assert_non_null(body);
    if (how == MOCK_ECHO_PLAIN) {
        assert_non_null(strstr(body, self->secrets[0]));
        assert_non_null(strstr(okta_error_document(error)->error_summary, self->secrets[0]));
    }
}

/* The part of a text between two others, for free(). */
static char *between(const char *text, const char *begin, const char *end)
{
    const char *start = text == NULL ? NULL : strstr(text, begin);
    assert_non_null(start);
    start += strlen(begin);
    char *copy = strndup(start, strcspn(start, end));
    assert_non_null(copy);
    assert_true(strlen(copy) > 8);
    return copy;
}

static okta_client_options logged(okta_client_options options, event_log *log)
{
    options.log = write_event;
    options.log_ctx = log;
    options.log_level = OKTA_LOG_DEBUG;
    return options;
}

static void an_api_token_comes_back_hidden(void **state)
{
    api_world *world = *state;
    static const okta_authorization_mode modes[] = {OKTA_AUTHORIZATION_SSWS, OKTA_AUTHORIZATION_BEARER};
    static const char *const tokens[] = {API_TOKEN, LONG_TOKEN};
    static const unsigned statuses[] = {400, 401, 403, 404, 500};
    for (size_t i = 0; i < 5 * COUNT(modes) * COUNT(statuses); i++) {
        mock_echo how = (mock_echo)(1 + i % 5);
        event_log log = {.count = 0};
        heard self = {.secrets = {tokens[i / 5 % 2]}, .count = 1};
        okta_client_options options = logged(api_options(world), &log);
        options.token = self.secrets[0];
        options.authorization_mode = modes[i / 5 % 2];
        options.max_retries = okta_int(0);
        api_world_renew(world, &options);
        api_fault(world, (mock_fault){.status = statuses[i / 10], .echo = how});
        okta_call *call = okta_list_jwk_call(world->client, API_APP);
        okta_error *error = okta_call_run(call);
        assert_int_equal(okta_error_http_status(error), statuses[i / 10]);
        look(&self, "request id of the call", okta_call_request_id(call));
        expect_hidden(&self, error, &log);
        expect_body_as_sent(&self, error, how);
        assert_true(self.texts >= 8);
        assert_true(self.hidden >= 4);
        okta_free(error);
        okta_free(call);
    }
}

static void a_secret_of_the_body_comes_back_hidden(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < 15; i++) {
        mock_echo how = (mock_echo)(1 + i % 5);
        event_log log = {.count = 0};
        heard self = {.secrets = {BODY_SECRET, API_TOKEN}, .count = 2};
        okta_client_options options = logged(api_options(world), &log);
        api_world_renew(world, &options);
        api_fault(world, (mock_fault){.method = "POST", .status = 400, .echo = how});
        okta_oauth2_client_secret_request_body body = {.model =
                                                           OKTA_INIT(okta_oauth2_client_secret_request_body)};
        body.client_secret = BODY_SECRET;
        static const char *const raw[] = {
            "{\"client_secret\":\"bS4-Canary_Qw8\\/eRtY+uIoPaSdFgHjKlZx\\u003d2\"}",
            "{\"credentials\":{\"password\":{\"value\":\"" BODY_SECRET "\"}}}"};
        okta_call *call = i < 5 ? okta_create_oauth2_client_secret_call(world->client, API_APP, &body)
                                : okta_request_call(world->client, "POST", "/api/v1/users", raw[i / 5 - 1]);
        okta_error *error = okta_call_run(call);
        assert_int_equal(okta_error_http_status(error), 400);
        expect_hidden(&self, error, &log);
        assert_non_null(okta_error_response_body(error, NULL));
        assert_true(self.hidden >= 4);
        okta_free(error);
        okta_free(call);
    }
}

#define HINT  "hN3-Canary_eyJhbGciOi.J9+Zx/Qw=Er"
#define STATE "sT5-Canary_0123456789abcdef"

/* One of many operations that say nothing of secrets themselves. */
static okta_call *call_with_a_passcode(okta_client *client)
{
    okta_user_factor_verify_request body = {.model = OKTA_INIT(okta_user_factor_verify_request)};
    body.pass_code = BODY_SECRET;
    return okta_verify_factor_call(client, "00u1", "opf1", NULL, &body);
}

static okta_call *call_with_a_secret_in_untyped_json(okta_client *client)
{
    const okta_member extras[] = {{.name = "later", .json = "{\"sharedSecret\":\"" BODY_SECRET "\"}"}};
    okta_user_factor_verify_request body = {.model =
                                                OKTA_INIT_EXTRAS(okta_user_factor_verify_request, extras)};
    return okta_verify_factor_call(client, "00u1", "opf1", NULL, &body);
}

static okta_call *call_with_a_session_token(okta_client *client)
{
    okta_authorize_params params = {.model = OKTA_INIT(okta_authorize_params)};
    params.client_id = API_APP;
    params.response_type = OKTA_RESPONSE_TYPES_SUPPORTED_CODE;
    params.redirect_uri = "https://app.example/";
    params.scope = "openid";
    params.nonce = "n";
    params.session_token = BODY_SECRET;
    params.request = HINT;
    params.state = STATE;
    return okta_authorize_call(client, &params);
}

static okta_call *call_with_a_hint(okta_client *client)
{
    okta_logout_params params = {.model = OKTA_INIT(okta_logout_params)};
    params.id_token_hint = HINT;
    params.state = STATE;
    return okta_logout_call(client, &params);
}

static okta_call *call_with_a_parameter_of_later(okta_client *client)
{
    const okta_member extras[] = {{.name = "device_secret", .text = BODY_SECRET}};
    okta_list_users_params params = {.model = OKTA_INIT_EXTRAS(okta_list_users_params, extras)};
    return okta_list_users_call(client, &params);
}

static okta_call *call_with_a_raw_query(okta_client *client)
{
    return okta_request_call(
        client, "GET", "/oauth2/v1/logout?id_token_hint=hN3-Canary_eyJhbGciOi.J9%2BZx%2FQw%3DEr&state=" STATE,
        NULL);
}

static void secrets_of_any_operation_come_back_hidden(void **state)
{
    static okta_call *(*const calls[])(okta_client *) = {
        call_with_a_passcode, call_with_a_secret_in_untyped_json, call_with_a_session_token,
        call_with_a_hint,     call_with_a_parameter_of_later,     call_with_a_raw_query};
    api_world *world = *state;
    for (size_t i = 0; i < 5 * COUNT(calls); i++) {
        mock_echo how = (mock_echo)(1 + i % 5);
        event_log log = {.count = 0};
        heard self = {.secrets = {BODY_SECRET, API_TOKEN, HINT, STATE}, .count = 4};
        okta_client_options options = logged(api_options(world), &log);
        api_world_renew(world, &options);
        api_fault(world, (mock_fault){.status = 400, .echo = how});
        okta_call *call = calls[i / 5](world->client);
        okta_error *error = okta_call_run(call);
        assert_int_equal(okta_error_http_status(error), 400);
        expect_hidden(&self, error, &log);
        assert_true(self.hidden >= 4);
        okta_free(error);
        okta_free(call);
    }
}

/* Access token and proof at the API, assertion and proof at the token endpoint. */
static void what_a_service_app_sends_comes_back_hidden(void **state)
{
    service_world *world = *state;
    for (size_t i = 0; i < 20; i++) {
        mock_echo how = (mock_echo)(1 + i % 5);
        bool at_token = i % 10 >= 5;
        event_log log = {.count = 0};
        okta_client_options options = logged(service_options(world), &log);
        options.max_retries = okta_int(0);
        options.dpop = OKTA_DPOP_ALWAYS;
        service_renew(world, &options);
        api_forget(&world->api);
        api_fault(&world->api, (mock_fault){.path_contains = at_token ? MOCK_TOKEN_PATH : "/api/v1/",
                                            .status = i < 10 ? 403 : 400,
                                            .echo = how});
        okta_error *error = service_call(world);
        assert_non_null(error);
        const mock_request *last =
            mock_org_request_at(world->api.org, mock_org_request_count(world->api.org) - 1);
        char *proof = between(mock_request_header(last, "DPoP"), "", " ");
        char *other = at_token ? between(last->body, "client_assertion=", "&")
                               : between(mock_request_header(last, "Authorization"), "DPoP ", " ");
        heard self = {.secrets = {other, proof}, .count = 2};
        expect_hidden(&self, error, &log);
        expect_body_as_sent(&self, error, how);
        assert_true(self.hidden >= 4);
        okta_free(error);
        free(proof);
        free(other);
    }
}

/* In the body, or in the header, where it is form-encoded below base64. */
static void a_client_secret_comes_back_hidden(void **state)
{
    service_world *world = *state;
    for (size_t i = 0; i < 10; i++) {
        mock_echo how = (mock_echo)(1 + i % 5);
        event_log log = {.count = 0};
        heard self = {.secrets = {CLIENT_SECRET, CLIENT_SECRET_ENCODED}, .count = 2};
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.authorization_mode = OKTA_AUTHORIZATION_CLIENT_SECRET;
        options.client_id = MOCK_SERVICE_APP;
        options.scopes = SERVICE_SCOPES;
        options.client_secret = CLIENT_SECRET;
        options.client_auth_method =
            i < 5 ? OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC : OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST;
        options = logged(options, &log);
        service_renew(world, &options);
        api_forget(&world->api);
        api_fault(&world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 401, .echo = how});
        okta_error *error = service_call(world);
        const mock_request *sent = mock_org_request_at(world->api.org, 0);
        if (i < 5) {
            char *credential = between(mock_request_header(sent, "Authorization"), "Basic ", " ");
            self.secrets[self.count++] = credential;
            expect_hidden(&self, error, &log);
            free(credential);
        } else {
            assert_non_null(strstr(sent->body, CLIENT_SECRET_ENCODED));
            expect_hidden(&self, error, &log);
        }
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        assert_true(self.hidden >= 4);
        okta_free(error);
    }
}

/* Secrets hold the marks at which titles, targets and challenges are cut: none shows up to there. */
static void a_secret_is_hidden_whole_before_a_text_is_cut(void **state)
{
#define CUT_TOKEN "bearer-Canary_0123<4567?89ab#cdef@ghij"
    api_world *world = *state;
    static const char *const query[] = {"Location: https://portal.example/x" CUT_TOKEN, NULL};
    static const char *const user[] = {"Location: https://" CUT_TOKEN "portal.example/", NULL};
    static const char *const challenge[] = {
        "WWW-Authenticate: Bearer error=\"x\", error_description=\"bearer-Canary_\"012345678\"", NULL};
    static const struct {
        const char *token;
        mock_fault fault;
    } cases[] = {
        {CUT_TOKEN,
         {.status = 404, .content_type = "text/html", .body = "<html><title>" CUT_TOKEN "</title>"}},
        {CUT_TOKEN,
         {.status = 404,
          .content_type = "text/html",
          .body = "<html><title>&#98;earer-Canary_0123&lt;4567&#63;89ab&#x23;cdef@ghij</title>"}},
        {CUT_TOKEN, {.status = 302, .headers = query, .body = ""}},
        {CUT_TOKEN, {.status = 302, .headers = user, .body = ""}},
        {"bearer-Canary_\"012345678", {.status = 403, .headers = challenge, .body = ""}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_client_options options = api_options(world);
        options.token = cases[i].token;
        options.authorization_mode = OKTA_AUTHORIZATION_BEARER;
        api_world_renew(world, &options);
        api_fault(world, cases[i].fault);
        okta_error *error = okta_delete_jwk(world->client, API_APP, API_KEY);
        assert_non_null(error);
        assert_non_null(strstr(okta_error_message(error), "***"));
        assert_null(strstr(okta_error_message(error), "Canary"));
        assert_true(okta_error_summary(error) == NULL || strstr(okta_error_summary(error), "Canary") == NULL);
        okta_free(error);
    }
}

/* A quoted title, target or message is cut: a secret that the cut would halve is hidden all the same. */
static void what_answers_in_oktas_place_is_quoted_hidden(void **state)
{
    api_world *world = *state;
    static const char *const to[] = {"Location: https://portal.example/" LONG_TOKEN, NULL};
    static const mock_fault answers[] = {
        {.status = 200, .content_type = "text/html", .body = "<html><title>" SIXTY LONG_TOKEN "</title>"},
        {.status = 404, .content_type = "text/html", .body = "<html><title>" SIXTY LONG_TOKEN "</title>"},
        {.status = 302, .headers = to, .body = ""},
        {.status = 404, .body = "{\"status\":404,\"message\":\"" SIXTY LONG_TOKEN "\"}"},
        {.status = 403, .body = "{\"status\":403,\"message\":\"" LONG_TOKEN "\"}"},
    };
    for (size_t i = 0; i < COUNT(answers); i++) {
        event_log log = {.count = 0};
        heard self = {.secrets = {LONG_TOKEN}, .count = 1};
        okta_client_options options = logged(api_options(world), &log);
        options.token = LONG_TOKEN;
        options.authorization_mode = OKTA_AUTHORIZATION_BEARER;
        api_world_renew(world, &options);
        api_fault(world, answers[i]);
        okta_error *error = okta_delete_jwk(world->client, API_APP, API_KEY);
        assert_non_null(error);
        expect_hidden(&self, error, &log);
        assert_true(self.hidden >= 1);
        assert_null(strstr(okta_error_message(error), "bearer-Canary_0123"));
        okta_free(error);
    }
}

/* A next link is the server's own text, and its path is in the log. */
static void a_path_of_the_server_is_logged_hidden(void **state)
{
    api_world *world = *state;
    static const char *const next[] = {"Link: </api/v1/" API_TOKEN "/x?after=1>; rel=\"next\"", NULL};
    event_log log = {.count = 0};
    heard self = {.secrets = {API_TOKEN}, .count = 1};
    okta_client_options options = logged(api_options(world), &log);
    api_world_renew(world, &options);
    api_fault(world, (mock_fault){.status = 200, .headers = next, .body = "[]"});
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/apps/" API_APP "/credentials/jwks");
    api_expect_number("pages", "first", okta_pages_next(pages) != NULL, true);
    assert_null(okta_pages_next(pages));
    okta_error *error = okta_pages_error(pages);
    assert_int_equal(okta_error_status(error), OKTA_E_NOT_FOUND);
    expect_hidden(&self, error, &log);
    assert_true(self.hidden >= 2);
    okta_free(error);
    okta_free(pages);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_api_token_comes_back_hidden),
        TEST(a_secret_of_the_body_comes_back_hidden),
        TEST(secrets_of_any_operation_come_back_hidden),
        cmocka_unit_test_setup_teardown(what_a_service_app_sends_comes_back_hidden, service_setup,
                                        service_teardown),
        cmocka_unit_test_setup_teardown(a_client_secret_comes_back_hidden, service_setup, service_teardown),
        TEST(a_secret_is_hidden_whole_before_a_text_is_cut),
        TEST(what_answers_in_oktas_place_is_quoted_hidden),
        TEST(a_path_of_the_server_is_logged_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
