/* SPDX-License-Identifier: Apache-2.0 */
/* How a service app says who it is by its key: the kid that it sends, and what it says when it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/service_app.h"
#include "core/base64url.h"

#define APP "0oa9identity0000g4"

/* A key of its own, a signer that nobody named a kid for, and an app that is given keys by each test. */
typedef struct identity {
    service_world *world;
    okta_key *key;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
} identity;

static int identity_setup(void **state)
{
    identity *self = calloc(1, sizeof *self);
    void *world = NULL;
    assert_non_null(self);
    assert_int_equal(service_setup(&world), 0);
    self->world = world;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &self->key));
    assert_null(okta_key_thumbprint(self->key, self->thumbprint));
    assert_true(mock_org_add_app(self->world->api.org, APP, "private_key_jwt"));
    *state = self;
    return 0;
}

static int identity_teardown(void **state)
{
    identity *self = *state;
    void *world = self->world;
    okta_free(self->key);
    free(self);
    return service_teardown(&world);
}

/* Register a key of the app. `kid` is nullable: the thumbprint. */
static void add_key(const identity *self, const okta_key *key, const char *kid)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = NULL;
    size_t length;
    options.kid = kid;
    assert_null(okta_key_to_jwk_request(key, &options, &jwk));
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &json, &length));
    assert_null(mock_org_add_key(self->world->api.org, APP, json));
    okta_free(json);
    okta_free(jwk);
}

/* The app of which nobody knows the kid of the key. */
static void add_foreign_key(const identity *self, const char *kid)
{
    okta_key *key = NULL;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    add_key(self, key, kid);
    okta_free(key);
}

/* A client by a signer. `kid` as in okta_signer_from_key(). */
static void begin(const identity *self, const char *kid)
{
    okta_signer *signer = NULL;
    okta_client_options options = service_options(self->world);
    assert_null(okta_signer_from_key(self->key, NULL, kid, &signer));
    options.client_id = APP;
    options.signer = signer;
    service_renew(self->world, &options);
    okta_free(signer);
    api_forget(&self->world->api);
}

/* The kid in the header of the i-th token request; "" where there is none. */
static void kid_of(const identity *self, size_t i, char out[300])
{
    unsigned char header[1024];
    size_t size = 0;
    for (size_t at = 0; at < mock_org_request_count(self->world->api.org); at++) {
        const mock_request *request = mock_org_request_at(self->world->api.org, at);
        if (strncmp(request->target, MOCK_TOKEN_PATH, strlen(MOCK_TOKEN_PATH)) != 0 || i-- != 0) {
            continue;
        }
        const char *jwt = strstr(request->body, "client_assertion=");
        assert_non_null(jwt);
        jwt += strlen("client_assertion=");
        assert_true(strcspn(jwt, ".") < sizeof header);
        assert_true(oktai_base64url_decode(jwt, strcspn(jwt, "."), header, &size));
        header[size] = '\0';
        const char *kid = strstr((const char *)header, "\"kid\":\"");
        kid = kid == NULL ? "\"" : kid + strlen("\"kid\":\"");
        snprintf(out, 300, "%.*s", (int)strcspn(kid, "\""), kid);
        return;
    }
    fail_msg("there are not so many token requests");
}

/* The kids of all token requests, in order: "T" is the thumbprint, "-" none. */
static void expect_kids(const identity *self, const char *label, const char *expected)
{
    char heard[320] = "";
    char kid[300] = "";
    size_t count = service_requests(self->world, MOCK_TOKEN_PATH);
    for (size_t i = 0; i < count && i < 8; i++) {
        kid_of(self, i, kid);
        const char *word = strcmp(kid, self->thumbprint) == 0 ? "T" : kid[0] == '\0' ? "-" : kid;
        snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s%.30s", i == 0 ? "" : " ", word);
    }
    api_expect_text(label, "kids", heard, expected);
    api_forget(&self->world->api);
}

static void renew_token(const identity *self, const char *label)
{
    mock_org_revoke_tokens(self->world->api.org);
    api_expect_success(label, service_call(self->world));
}

static void a_thumbprint_that_is_registered_is_sent_alone(void **state)
{
    const identity *self = *state;
    add_key(self, self->key, NULL);
    add_foreign_key(self, "other");
    begin(self, NULL);
    api_expect_success("by thumbprint", service_call(self->world));
    expect_kids(self, "by thumbprint", "T");
    renew_token(self, "again");
    expect_kids(self, "again", "T");
}

static void a_thumbprint_that_is_not_registered_is_left_out_from_then_on(void **state)
{
    const identity *self = *state;
    add_key(self, self->key, "another name");
    begin(self, NULL);
    api_expect_success("the only key", service_call(self->world));
    expect_kids(self, "the only key", "T -");
    for (int i = 0; i < 3; i++) {
        renew_token(self, "remembered");
        expect_kids(self, "remembered", "-");
    }
    /* Another client has to find out by itself. */
    begin(self, NULL);
    api_expect_success("another client", service_call(self->world));
    expect_kids(self, "another client", "T -");
}

/* What worked may stop to: a key that came along makes a kid necessary. */
static void what_worked_is_no_promise(void **state)
{
    const identity *self = *state;
    add_key(self, self->key, "another name");
    begin(self, NULL);
    api_expect_success("first", service_call(self->world));
    api_forget(&self->world->api);
    add_key(self, self->key, NULL);
    renew_token(self, "a second key");
    expect_kids(self, "a second key", "- T");
    renew_token(self, "remembered");
    expect_kids(self, "remembered", "T");
}

static void two_ways_are_tried_and_no_more(void **state)
{
    const identity *self = *state;
    add_foreign_key(self, "other");
    begin(self, NULL);
    okta_error *error = service_call(self->world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_string_equal(okta_error_code(error), "invalid_client");
    assert_int_equal(okta_error_attempts(error), 2);
    char expected[160];
    snprintf(
        expected, sizeof expected,
        "listJwk: the token request was refused (kid \"%s\", the thumbprint of the key, then no kid): HTTP "
        "401 invalid_client: ",
        self->thumbprint);
    assert_memory_equal(okta_error_message(error), expected, strlen(expected));
    expect_kids(self, "refused", "T -");
    okta_free(error);
    /* Within the quiet time nobody asks again. */
    error = service_call(self->world);
    assert_memory_equal(okta_error_message(error), expected, strlen(expected));
    expect_kids(self, "quiet", "");
    okta_free(error);
}

static void only_a_client_that_is_not_known_tries_another_way(void **state)
{
    static const char *const codes[] = {"invalid_scope", "unauthorized_client", "invalid_request",
                                        "access_denied"};
    const identity *self = *state;
    add_key(self, self->key, "another name");
    for (size_t i = 0; i < COUNT(codes); i++) {
        char body[64];
        begin(self, NULL);
        snprintf(body, sizeof body, "{\"error\":\"%s\"}", codes[i]);
        api_fault(&self->world->api,
                  (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 400, .body = body});
        okta_error *error = service_call(self->world);
        api_expect_text(codes[i], "code", okta_error_code(error), codes[i]);
        expect_kids(self, codes[i], "T");
        okta_free(error);
    }
}

/* A kid that somebody chose is sent as it is, also when it is wrong. */
static void a_kid_that_was_chosen_is_never_left_out(void **state)
{
    identity *self = *state;
    add_key(self, self->key, "another name");
    begin(self, "wrong");
    api_expect_refusal("by the program", service_call(self->world), OKTA_E_AUTH,
                       "listJwk: the token request was refused (kid \"wrong\" of the signer): HTTP 401");
    expect_kids(self, "by the program", "wrong");
    begin(self, "another name");
    api_expect_success("the right one", service_call(self->world));
    expect_kids(self, "the right one", "another name");
}

static void no_kid_is_sent_where_none_is_asked_for(void **state)
{
    const identity *self = *state;
    add_key(self, self->key, "another name");
    begin(self, "");
    api_expect_success("one key", service_call(self->world));
    expect_kids(self, "one key", "-");
    add_foreign_key(self, "other");
    begin(self, "");
    api_expect_refusal("two keys", service_call(self->world), OKTA_E_AUTH,
                       "listJwk: the token request was refused (no kid): HTTP 401 invalid_client: ");
    expect_kids(self, "two keys", "-");
}

/* The private key as an option of the client. */
static void options_say_where_the_kid_came_from(void **state)
{
    const identity *self = *state;
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(self->key, &pem));
    const struct {
        const char *label, *key_id, *kids, *says;
    } cases[] = {
        {"given", "given", "given", "(kid \"given\" from private_key_id): HTTP 401"},
        {"none", "", "-", "(no kid): HTTP 401"},
        {"derived", NULL, "T -", "the thumbprint of the key, then no kid): HTTP 401"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_client_options options = service_options(self->world);
        options.client_id = APP;
        options.signer = NULL;
        options.private_key = pem;
        options.private_key_id = cases[i].key_id;
        service_renew(self->world, &options);
        api_forget(&self->world->api);
        api_expect_refusal(cases[i].label, service_call(self->world), OKTA_E_AUTH, cases[i].says);
        expect_kids(self, cases[i].label, cases[i].kids);
    }
    okta_free(pem);
}

static void write_home(const char *home, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/.okta", home);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/.okta/okta.yaml", home);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_home(const char *home)
{
    char path[128];
    snprintf(path, sizeof path, "%s/.okta/okta.yaml", home);
    assert_int_equal(unlink(path), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(home), 0);
}

/* The name of the variable, or file and line, is what a person has to change. */
static void a_kid_of_a_file_or_variable_is_named_by_its_place(void **state)
{
    const identity *self = *state;
    char home[] = "/tmp/okta-identity-XXXXXX";
    char says[128];
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(self->key, &pem));
    assert_non_null(mkdtemp(home));
    write_home(home, "okta:\n  client:\n    privateKeyId: of-file\n");
    assert_int_equal(setenv("HOME", home, 1), 0);
    for (int by_variable = 0; by_variable <= 1; by_variable++) {
        okta_client_options code = service_options(self->world);
        okta_client_options *loaded = NULL;
        code.client_id = APP;
        code.signer = NULL;
        code.private_key = pem;
        if (by_variable == 1) {
            assert_int_equal(setenv("OKTA_CLIENT_PRIVATEKEYID", "of-variable", 1), 0);
        }
        assert_null(okta_client_options_load(&code, &loaded));
        service_renew(self->world, loaded);
        okta_free(loaded);
        snprintf(says, sizeof says, "(kid \"of-file\" from %s/.okta/okta.yaml:3): HTTP 401", home);
        api_expect_refusal("place", service_call(self->world), OKTA_E_AUTH,
                           by_variable == 1 ? "(kid \"of-variable\" from OKTA_CLIENT_PRIVATEKEYID): HTTP 401"
                                            : says);
    }
    assert_int_equal(unsetenv("OKTA_CLIENT_PRIVATEKEYID"), 0);
    remove_home(home);
    okta_free(pem);
}

/* RFC 7517, appendix A.2: the EC key, with a kid. */
static void a_kid_of_a_jwk_is_named_as_that(void **state)
{
    static const char jwk[] =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\","
        "\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\",\"use\":\"enc\",\"kid\":\"1\"}";
    const identity *self = *state;
    char text[sizeof jwk];
    memcpy(text, jwk, sizeof jwk);
    memcpy(strstr(text, "enc"), "sig", 3);
    okta_client_options options = service_options(self->world);
    options.client_id = APP;
    options.signer = NULL;
    options.private_key = text;
    service_renew(self->world, &options);
    api_forget(&self->world->api);
    api_expect_refusal("JWK", service_call(self->world), OKTA_E_AUTH,
                       "listJwk: the token request was refused (kid \"1\" of the JWK): HTTP 401");
    expect_kids(self, "JWK", "1");
}

static void a_clock_that_is_far_off_is_named(void **state)
{
    static const struct {
        int64_t wall_skew_s; /* of the machine's clock */
        const char *says;
    } cases[] = {
        {-86400, "; this machine's clock is 86,400 s behind the org's): HTTP 401 invalid_client: "},
        {86400, "; this machine's clock is 86,400 s ahead of the org's): HTTP 401 invalid_client: "},
        {-7200, "; this machine's clock is 7,200 s behind the org's): HTTP 401 invalid_client: "},
        {-31536000, "; this machine's clock is 31,536,000 s behind the org's): HTTP 401 invalid_client: "},
    };
    const identity *self = *state;
    add_key(self, self->key, "a name");
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin(self, "a name");
        self->world->api.clock.wall_skew_ms = cases[i].wall_skew_s * 1000;
        api_expect_refusal(cases[i].says, service_call(self->world), OKTA_E_AUTH, cases[i].says);
    }
    /* What the client makes up for is not the reason. */
    begin(self, "wrong");
    self->world->api.clock.wall_skew_ms = -590 * 1000;
    okta_error *error = service_call(self->world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_null(strstr(okta_error_message(error), "clock"));
    okta_free(error);
}

/* One refusal, many calls: each names itself, once. */
static void each_call_names_itself_when_no_token_came(void **state)
{
    const identity *self = *state;
    add_foreign_key(self, "other");
    begin(self, "wrong");
    for (int i = 0; i < 3; i++) {
        okta_error *error = service_call(self->world);
        assert_memory_equal(okta_error_message(error), "listJwk: the token request was refused (", 40);
        okta_free(error);
        okta_oauth2_client_secret_list *secrets = NULL;
        error = okta_list_oauth2_client_secrets(self->world->api.client, APP, &secrets);
        assert_memory_equal(okta_error_message(error),
                            "listOAuth2ClientSecrets: the token request was refused (", 56);
        assert_int_equal(okta_error_http_status(error), 401);
        assert_string_equal(okta_error_code(error), "invalid_client");
        okta_free(error);
    }
}

/* Answers that are no refusal of the identity say nothing about it. */
static void trouble_is_named_after_the_token_request(void **state)
{
    static const struct {
        mock_fault fault;
        okta_status status;
        const char *says;
    } cases[] = {
        {{.status = 503, .times = 4}, OKTA_E_SERVER, "listJwk: the token request failed: HTTP 503"},
        {{.status = 200, .body = "{}"},
         OKTA_E_PROTOCOL,
         "listJwk: the token request failed: the token endpoint's"},
        {{.status = 404,
          .body = "<html><head><title>Not here</title></head></html>",
          .content_type = "text/html"},
         OKTA_E_PROTOCOL,
         "listJwk: the token request failed: HTTP 404: an HTML page titled \"Not here\", not from Okta"},
        {{.status = 302}, OKTA_E_PROTOCOL, "listJwk: the token request failed: HTTP 302"},
        {{.drop_before = true, .times = 4}, OKTA_E_TRANSPORT, "listJwk: the token request failed: "},
    };
    const identity *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        mock_fault fault = cases[i].fault;
        begin(self, "a name");
        fault.path_contains = MOCK_TOKEN_PATH;
        api_fault(&self->world->api, fault);
        okta_error *error = service_call(self->world);
        api_expect_number(cases[i].says, "status", okta_error_status(error), cases[i].status);
        if (strncmp(okta_error_message(error), cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("\"%s\" instead of \"%s\"", okta_error_message(error), cases[i].says);
        }
        okta_free(error);
    }
}

typedef struct heard {
    size_t count;
    struct {
        okta_log_level level;
        char message[512];
        char operation[32];
        char path[64];
        int http_status;
        unsigned attempt;
        int64_t wait_ms;
    } events[16];
} heard;

static void write_down(void *ctx, const okta_log_event *event)
{
    heard *book = ctx;
    assert_true(book->count < COUNT(book->events));
    book->events[book->count].level = event->level;
    snprintf(book->events[book->count].message, 512, "%s", event->message);
    snprintf(book->events[book->count].operation, 32, "%s", event->operation);
    snprintf(book->events[book->count].path, 64, "%s", event->path);
    book->events[book->count].http_status = event->http_status;
    book->events[book->count].attempt = event->attempt;
    book->events[book->count].wait_ms = event->wait_ms;
    book->count++;
}

static void a_token_request_has_log_events_of_its_own(void **state)
{
    static const struct {
        okta_log_level level;
        const char *operation;
        const char *message;
        int http_status;
        unsigned attempt;
        int64_t wait_ms;
    } story[] = {
        {OKTA_LOG_WARN, "token", "token: POST /oauth2/v1/token: attempt 1: HTTP 503; next in 375 ms", 503, 1,
         375},
        {OKTA_LOG_WARN, "token",
         "token: POST /oauth2/v1/token: attempt 2: HTTP 401 invalid_client; next in 0 ms", 401, 2, 0},
        {OKTA_LOG_DEBUG, "token", "token: POST /oauth2/v1/token: attempt 3: HTTP 200", 200, 3, 0},
        {OKTA_LOG_INFO, "token", "token: POST /oauth2/v1/token: done after 3 attempts", 200, 0, 0},
        {OKTA_LOG_DEBUG, "listJwk", NULL, 200, 1, 0},
        {OKTA_LOG_INFO, "listJwk", NULL, 200, 0, 0},
    };
    const identity *self = *state;
    heard book = {0};
    okta_signer *signer = NULL;
    okta_client_options options = service_options(self->world);
    add_key(self, self->key, "another name");
    assert_null(okta_signer_from_key(self->key, NULL, NULL, &signer));
    options.client_id = APP;
    options.signer = signer;
    options.log = write_down;
    options.log_ctx = &book;
    options.log_level = OKTA_LOG_DEBUG;
    service_renew(self->world, &options);
    api_fault(&self->world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 503});
    api_expect_success("logged", service_call(self->world));
    assert_int_equal(book.count, COUNT(story));
    for (size_t i = 0; i < COUNT(story); i++) {
        assert_int_equal(book.events[i].level, story[i].level);
        assert_string_equal(book.events[i].operation, story[i].operation);
        assert_int_equal(book.events[i].http_status, story[i].http_status);
        assert_int_equal(book.events[i].attempt, story[i].attempt);
        assert_int_equal(book.events[i].wait_ms, story[i].wait_ms);
        if (story[i].message != NULL) {
            assert_string_equal(book.events[i].message, story[i].message);
            assert_string_equal(book.events[i].path, MOCK_TOKEN_PATH);
        }
    }
    /* The end of a request that failed, also of an early renewal whose call goes on with the old token. */
    book.count = 0;
    mock_org_revoke_tokens(self->world->api.org);
    mock_org_grant_scopes(self->world->api.org, APP, "");
    okta_error *error = service_call(self->world);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    okta_free(error);
    bool told = false;
    for (size_t i = 0; i < book.count; i++) {
        told = told ||
               (book.events[i].level == OKTA_LOG_WARN &&
                strcmp(book.events[i].message, "token: POST /oauth2/v1/token: AUTH after 1 attempt") == 0);
    }
    assert_true(told);
    okta_free(signer);
}

int main(void)
{
#define IDENTITY_TEST(name) cmocka_unit_test_setup_teardown(name, identity_setup, identity_teardown)
    const struct CMUnitTest tests[] = {
        IDENTITY_TEST(a_thumbprint_that_is_registered_is_sent_alone),
        IDENTITY_TEST(a_thumbprint_that_is_not_registered_is_left_out_from_then_on),
        IDENTITY_TEST(what_worked_is_no_promise),
        IDENTITY_TEST(two_ways_are_tried_and_no_more),
        IDENTITY_TEST(only_a_client_that_is_not_known_tries_another_way),
        IDENTITY_TEST(a_kid_that_was_chosen_is_never_left_out),
        IDENTITY_TEST(no_kid_is_sent_where_none_is_asked_for),
        IDENTITY_TEST(options_say_where_the_kid_came_from),
        IDENTITY_TEST(a_kid_of_a_file_or_variable_is_named_by_its_place),
        IDENTITY_TEST(a_kid_of_a_jwk_is_named_as_that),
        IDENTITY_TEST(a_clock_that_is_far_off_is_named),
        IDENTITY_TEST(each_call_names_itself_when_no_token_came),
        IDENTITY_TEST(trouble_is_named_after_the_token_request),
        IDENTITY_TEST(a_token_request_has_log_events_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
