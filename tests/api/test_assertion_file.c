/* SPDX-License-Identifier: Apache-2.0 */
/* A service app whose client assertion others make and write into a file. */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/service_app.h"
#include "auth/assertion.h"
#include "auth/assertion_file.h"
#include "client/client.h"
#include "core/base64url.h"
#include "core/buffer.h"
#include "unit/allocations.h"

#define FORM                                                                                                 \
    "grant_type=client_credentials&scope=okta.apps.read%20okta.apps.manage%20okta.users.read"                \
    "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"                \
    "&client_assertion="

/* base64url of a header, and of no signature. */
#define HEADER    "eyJhbGciOiJFUzI1NiJ9"
#define SIGNATURE "bm8tc2lnbmF0dXJl"

typedef struct file_world {
    service_world *service;
    char folder[PATH_MAX]; /* without links */
    char path[PATH_MAX + 32];
} file_world;

static int begin_world(void **state)
{
    file_world *self = calloc(1, sizeof *self);
    char made[] = "/tmp/okta-assertion-XXXXXX";
    void *service = NULL;
    if (self == NULL || service_setup(&service) != 0 || mkdtemp(made) == NULL ||
        realpath(made, self->folder) == NULL) {
        return -1;
    }
    self->service = service;
    snprintf(self->path, sizeof self->path, "%s/assertion", self->folder);
    *state = self;
    return 0;
}

static int end_world(void **state)
{
    file_world *self = *state;
    void *service = self->service;
    unlink(self->path);
    int code = rmdir(self->folder);
    free(self);
    return service_teardown(&service) != 0 ? -1 : code;
}

/* An assertion as the client would make it, without a line end. */
static void make_assertion(const file_world *self, oktai_buffer *out)
{
    char url[256];
    snprintf(url, sizeof url, "%s" MOCK_TOKEN_PATH, mock_org_url(self->service->api.org));
    const oktai_assertion assertion = {
        .signer = self->service->signer, .client_id = MOCK_SERVICE_APP, .audience = url, .now_s = API_NOW_S};
    assert_null(oktai_assertion_write(&assertion, out));
}

/* In one step, as a kubelet or an agent does. */
static void put_at(const char *path, const char *text, size_t length, mode_t mode)
{
    char other[PATH_MAX + 64];
    snprintf(other, sizeof other, "%s.new", path);
    FILE *file = fopen(other, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fchmod(fileno(file), mode), 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(other, path), 0);
}

static void put(const file_world *self, const char *text)
{
    put_at(self->path, text, strlen(text), 0600);
}

static void put_new(const file_world *self)
{
    oktai_buffer jwt = {0};
    make_assertion(self, &jwt);
    put(self, jwt.data);
    oktai_buffer_clear(&jwt);
}

static okta_client_options with_file(const file_world *self)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = MOCK_SERVICE_APP;
    options.scopes = SERVICE_SCOPES;
    options.assertion_file = self->path;
    return options;
}

static void begin(const file_world *self)
{
    okta_client_options options = with_file(self);
    service_renew(self->service, &options);
    api_forget(&self->service->api);
}

static void expect_sends(const char *label, const file_world *self, size_t tokens, size_t calls)
{
    api_expect_number(label, "token requests", (int64_t)service_requests(self->service, MOCK_TOKEN_PATH),
                      (int64_t)tokens);
    api_expect_number(label, "calls", (int64_t)service_requests(self->service, "/api/"), (int64_t)calls);
}

/* The i-th request of all asks for a token, by this assertion. */
static void expect_assertion(const char *label, const file_world *self, size_t i, const oktai_buffer *jwt)
{
    oktai_buffer form = {0};
    assert_true(oktai_buffer_add_text(&form, FORM) && oktai_buffer_add_text(&form, jwt->data));
    api_expect_request(label, &self->service->api, i, "POST", MOCK_TOKEN_PATH, form.data);
    api_expect_header(label, &self->service->api, i, "Authorization", NULL);
    oktai_buffer_clear(&form);
}

static void each_token_request_has_what_the_file_holds(void **state)
{
    const file_world *self = *state;
    oktai_buffer first = {0};
    oktai_buffer second = {0};
    make_assertion(self, &first);
    make_assertion(self, &second);
    put(self, first.data);
    begin(self);
    api_expect_success("first", service_call(self->service));
    api_expect_success("the same token", service_call(self->service));
    expect_assertion("first", self, 0, &first);
    expect_sends("first", self, 1, 2);
    assert_true(oktai_buffer_add_char(&second, '\n'));
    put(self, second.data);
    second.data[second.length - 1] = '\0';
    mock_org_revoke_tokens(self->service->api.org);
    api_forget(&self->service->api);
    api_expect_success("replaced", service_call(self->service));
    expect_assertion("replaced", self, 1, &second);
    expect_sends("replaced", self, 1, 2);
    oktai_buffer_clear(&first);
    oktai_buffer_clear(&second);
}

/* assertion -> ..data/assertion, ..data -> ..1: the volume is replaced by another `..data`. */
static void a_projected_volume_is_replaced_behind_links(void **state)
{
    const file_world *self = *state;
    char before[PATH_MAX];
    oktai_buffer jwt = {0};
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(self->folder), 0);
    assert_int_equal(mkdir("..1", 0755), 0);
    assert_int_equal(mkdir("..2", 0755), 0);
    assert_int_equal(symlink("..1", "..data"), 0);
    assert_int_equal(symlink("..data/assertion", "assertion"), 0);
    make_assertion(self, &jwt);
    put_at("..1/assertion", jwt.data, jwt.length, 0600);
    begin(self);
    api_expect_success("first", service_call(self->service));
    oktai_buffer_clear(&jwt);
    make_assertion(self, &jwt);
    put_at("..2/assertion", jwt.data, jwt.length, 0600);
    assert_int_equal(symlink("..2", "..next"), 0);
    assert_int_equal(rename("..next", "..data"), 0);
    mock_org_revoke_tokens(self->service->api.org);
    api_forget(&self->service->api);
    api_expect_success("replaced", service_call(self->service));
    expect_assertion("replaced", self, 1, &jwt);
    oktai_buffer_clear(&jwt);
    static const char *const files[] = {"assertion", "..data", "..1/assertion", "..2/assertion"};
    for (size_t i = 0; i < COUNT(files); i++) {
        assert_int_equal(unlink(files[i]), 0);
    }
    assert_int_equal(rmdir("..1"), 0);
    assert_int_equal(rmdir("..2"), 0);
    assert_int_equal(chdir(before), 0);
}

/* A JWT with these claims, which are text. */
static void make_jwt(const char *claims, oktai_buffer *out)
{
    char text[512];
    assert_true(oktai_base64url_length(strlen(claims)) < sizeof text);
    oktai_base64url_encode((const unsigned char *)claims, strlen(claims), text);
    assert_true(oktai_buffer_printf(out, HEADER ".%s." SIGNATURE, text));
}

static void expect_refused(const char *label, const file_world *self, const char *says)
{
    char phrase[PATH_MAX + 512];
    begin(self);
    okta_error *error = service_call(self->service);
    if (strstr(okta_error_message(error), HEADER) != NULL ||
        strstr(okta_error_message(error), "Canary") != NULL) {
        fail_msg("%s: %s", label, okta_error_message(error));
    }
    snprintf(phrase, sizeof phrase, says, self->path);
    api_expect_refusal(label, error, OKTA_E_CONFIG, phrase);
    expect_sends(label, self, 0, 0);
}

#define OTHERS                                                                                               \
    "listJwk: assertion_file: the file \"%s\" holds an assertion of another client: its sub is not "         \
    "client_id"
#define NO_JWT                                                                                               \
    "listJwk: assertion_file: the file \"%s\" holds no client assertion: that is a JWT of three parts"
#define TOO_BIG "listJwk: assertion_file: the file \"%s\" holds more than 16,384 bytes"

static void claims_must_be_those_of_the_client(void **state)
{
    static const struct {
        const char *claims, *says;
    } cases[] = {
        {"{\"iss\":\"x\"}", OTHERS},
        {"{\"sub\":\"system:serviceaccount:apps:Canary\"}", OTHERS},
        {"{\"sub\":\"" MOCK_SERVICE_APP "x\"}", OTHERS},
        {"{\"sub\":\"\"}", OTHERS},
        {"{\"sub\":null}", OTHERS},
        {"{\"sub\":[\"" MOCK_SERVICE_APP "\"]}", OTHERS},
        {"{\"claims\":{\"sub\":\"" MOCK_SERVICE_APP "\"}}", OTHERS},
        {"{\"sub\":\"" MOCK_SERVICE_APP "\",\"sub\":\"Canary\"}", NO_JWT},
        {"[\"sub\",\"" MOCK_SERVICE_APP "\"]", NO_JWT},
        {"{\"sub\":\"" MOCK_SERVICE_APP "\"", NO_JWT},
        {"{\"sub\":\"" MOCK_SERVICE_APP "\"} Canary", NO_JWT},
        {"null", NO_JWT},
        {"Canary", NO_JWT},
    };
    const file_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_buffer jwt = {0};
        make_jwt(cases[i].claims, &jwt);
        put(self, jwt.data);
        expect_refused(cases[i].claims, self, cases[i].says);
        oktai_buffer_clear(&jwt);
    }
}

/* What is put in the place of a good assertion. `%s` stands for it in `form`. */
static void the_text_must_be_a_compact_jwt(void **state)
{
    static const char *const forms[] = {
        "\n",
        "%s\n\n",
        "%s\r\n",
        " %s",
        "%s ",
        "Bearer %s",
        "\"%s\"",
        "%s.",
        ".%s",
        "%s.e30",
        "%s.e30.e30",
        "%s=",
        "%s+",
        "%s/",
        "%s\x01",
        "%s\xc3\xa9",
        HEADER,
        HEADER ".",
        HEADER ".e30",
        "..",
        HEADER "..",
        "Canary",
        "{\"a\":1}",
        HEADER ".e31.e30",
        HEADER ".e30.e",
        "-----BEGIN PRIVATE KEY-----\nCanary\n",
    };
    const file_world *self = *state;
    oktai_buffer good = {0};
    make_jwt("{\"sub\":\"" MOCK_SERVICE_APP "\"}", &good);
    for (size_t i = 0; i < COUNT(forms); i++) {
        oktai_buffer text = {0};
        const char *place = strstr(forms[i], "%s");
        int before = place == NULL ? (int)strlen(forms[i]) : (int)(place - forms[i]);
        assert_true(oktai_buffer_printf(&text, "%.*s%s%s", before, forms[i], place == NULL ? "" : good.data,
                                        place == NULL ? "" : place + 2));
        put(self, text.data);
        expect_refused(forms[i], self, NO_JWT);
        oktai_buffer_clear(&text);
    }
    /* A NUL, in the middle and at the end. */
    for (size_t i = 0; i < 2; i++) {
        oktai_buffer text = {0};
        assert_true(oktai_buffer_append(&text, good.data, good.length + (i == 0 ? 0 : 1)));
        text.data[i == 0 ? text.length / 2 : text.length - 1] = '\0';
        put_at(self->path, text.data, text.length, 0600);
        expect_refused("NUL", self, NO_JWT);
        oktai_buffer_clear(&text);
    }
    oktai_buffer_clear(&good);
}

/* A JWT of so many bytes. */
static void make_long(size_t length, oktai_buffer *out)
{
    make_jwt("{\"sub\":\"" MOCK_SERVICE_APP "\"}", out);
    while (out->length < length) {
        assert_true(oktai_buffer_add_char(out, 'A'));
    }
}

static void an_assertion_has_16384_bytes_at_most(void **state)
{
    const file_world *self = *state;
    oktai_buffer jwt = {0};
    oktai_buffer larger = {0};
    make_long(OKTAI_ASSERTION_MAX, &jwt);
    put(self, jwt.data);
    begin(self);
    /* The org gets it, and knows it is none of the client's. */
    api_expect_refusal("the longest", service_call(self->service), OKTA_E_AUTH, "invalid_client");
    expect_assertion("the longest", self, 0, &jwt);
    assert_true(oktai_buffer_add_char(&jwt, '\n'));
    put(self, jwt.data);
    begin(self);
    api_expect_refusal("with its line end", service_call(self->service), OKTA_E_AUTH, "invalid_client");
    jwt.data[jwt.length - 1] = 'A';
    put(self, jwt.data);
    expect_refused("one more", self, TOO_BIG);
    make_long(65537, &larger);
    put(self, larger.data);
    expect_refused("larger than any secret", self,
                   "assertion_file: the file \"%s\" is larger than 65,536 bytes");
    oktai_buffer_clear(&jwt);
    oktai_buffer_clear(&larger);
}

static void the_file_must_be_one_for_secrets(void **state)
{
    const file_world *self = *state;
    expect_refused("missing", self,
                   "listJwk: assertion_file: cannot open \"%s\": No such file or directory (errno 2)");
    put(self, "");
    expect_refused("empty", self, "assertion_file: the file \"%s\" is empty");
    assert_int_equal(unlink(self->path), 0);
    assert_int_equal(mkdir(self->path, 0700), 0);
    expect_refused("a folder", self, "assertion_file: the file \"%s\" is not a regular file");
    assert_int_equal(rmdir(self->path), 0);
    assert_int_equal(mkfifo(self->path, 0600), 0);
    expect_refused("a fifo", self, "assertion_file: the file \"%s\" is not a regular file");
    assert_int_equal(unlink(self->path), 0);
    put_new(self);
    assert_int_equal(chmod(self->path, 0644), 0);
    expect_refused(
        "open to others", self,
        "assertion_file: the file \"%s\" is open to others (mode 0644): chmod 600; where everyone may "
        "read it, set private_key_readable (OKTA_CLIENT_PRIVATEKEYREADABLE=true)");
    okta_client_options options = with_file(self);
    options.private_key_readable = OKTA_SWITCH_ON;
    service_renew(self->service, &options);
    api_expect_success("that may be", service_call(self->service));
    assert_int_equal(chmod(self->path, 0666), 0);
    service_renew(self->service, &options);
    api_expect_refusal("written by others", service_call(self->service), OKTA_E_CONFIG, "chmod go-w");
    assert_int_equal(chmod(self->path, 0600), 0);
    assert_int_equal(chmod(self->folder, 0777), 0);
    expect_refused("an open folder", self,
                   "assertion_file: the file \"%s\" stands in a folder that everyone can write to");
    assert_int_equal(chmod(self->folder, 0700), 0);
}

/* A file that comes later is found as soon as the quiet time after the failure is over. */
static void a_file_may_come_later(void **state)
{
    const file_world *self = *state;
    expect_refused("missing", self, "assertion_file: cannot open \"%s\"");
    put_new(self);
    api_expect_refusal("quiet", service_call(self->service), OKTA_E_CONFIG, "cannot open");
    self->service->api.clock.now_ms += 1000;
    api_expect_success("a second later", service_call(self->service));
}

/* As soon as the org has heard a number of requests, the file is replaced: while the answer is on its way. */
static struct {
    const file_world *self;
    const char *text[2]; /* behind the first and the second request; NULL: nothing */
    size_t done;
} replacing;

static int64_t look_and_replace(const oktai_clock *clock)
{
    const api_clock *self = (const api_clock *)clock;
    size_t heard = mock_org_request_count(self->org);
    while (replacing.done < COUNT(replacing.text) && heard > replacing.done) {
        if (replacing.text[replacing.done] != NULL) {
            put(replacing.self, replacing.text[replacing.done]);
        }
        replacing.done++;
    }
    return self->now_ms;
}

static void begin_replacing(const file_world *self, const char *first, const char *second)
{
    begin(self);
    replacing.self = self;
    replacing.text[0] = first;
    replacing.text[1] = second;
    replacing.done = 0;
    self->service->api.clock.clock.now_ms = look_and_replace;
}

static void a_401_is_asked_about_once_where_the_file_has_changed(void **state)
{
    static const struct {
        const char *label;
        mock_fault fault;
        bool again;
    } faults[] = {
        {"invalid_client", {.status = 401, .body = "{\"error\":\"invalid_client\"}"}, true},
        {"invalid_client as 400", {.status = 400, .body = "{\"error\":\"invalid_client\"}"}, true},
        {"another word", {.status = 401, .body = "{\"error\":\"unauthorized\"}"}, true},
        {"no word", {.status = 401, .body = ""}, true},
        {"another refusal", {.status = 400, .body = "{\"error\":\"invalid_scope\"}"}, false},
        {"forbidden", {.status = 403, .body = "{\"error\":\"invalid_client\"}"}, false},
    };
    const file_world *self = *state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        oktai_buffer before = {0};
        oktai_buffer after = {0};
        make_assertion(self, &before);
        make_assertion(self, &after);
        put(self, before.data);
        begin_replacing(self, after.data, NULL);
        mock_fault fault = faults[i].fault;
        fault.path_contains = MOCK_TOKEN_PATH;
        api_fault(&self->service->api, fault);
        okta_error *error = service_call(self->service);
        api_expect_number(faults[i].label, "good", error == NULL, faults[i].again);
        expect_sends(faults[i].label, self, faults[i].again ? 2 : 1, faults[i].again ? 1 : 0);
        expect_assertion(faults[i].label, self, 0, &before);
        if (faults[i].again) {
            expect_assertion(faults[i].label, self, 1, &after);
        }
        okta_free(error);
        oktai_buffer_clear(&before);
        oktai_buffer_clear(&after);
    }
}

static void nothing_goes_again_where_the_file_has_nothing_else(void **state)
{
    const file_world *self = *state;
    oktai_buffer jwt = {0};
    oktai_buffer same = {0};
    char says[PATH_MAX + 128];
    snprintf(says, sizeof says,
             "listJwk: the token request was refused (the assertion in \"%s\"): HTTP 401 invalid_client",
             self->path);
    make_assertion(self, &jwt);
    assert_true(oktai_buffer_printf(&same, "%s\n", jwt.data));
    const char *const texts[] = {NULL, same.data, "", "Canary", HEADER ".e30.e30"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        put(self, jwt.data);
        begin_replacing(self, texts[i], NULL);
        api_fault(&self->service->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                                    .status = 401,
                                                    .body = "{\"error\":\"invalid_client\"}"});
        api_expect_refusal("refused", service_call(self->service), OKTA_E_AUTH, says);
        expect_sends("refused", self, 1, 0);
    }
    oktai_buffer_clear(&jwt);
    oktai_buffer_clear(&same);
}

static void two_assertions_are_tried_and_no_more(void **state)
{
    const file_world *self = *state;
    oktai_buffer jwts[3] = {{0}, {0}, {0}};
    for (size_t i = 0; i < COUNT(jwts); i++) {
        make_assertion(self, &jwts[i]);
    }
    put(self, jwts[0].data);
    begin_replacing(self, jwts[1].data, jwts[2].data);
    api_fault(&self->service->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                                .status = 401,
                                                .body = "{\"error\":\"invalid_client\"}",
                                                .times = 2});
    okta_error *error = service_call(self->service);
    assert_int_equal(okta_error_attempts(error), 2);
    api_expect_refusal("twice", error, OKTA_E_AUTH, "the assertion in ");
    expect_sends("twice", self, 2, 0);
    self->service->api.clock.now_ms += 1000;
    api_expect_success("the third", service_call(self->service));
    expect_assertion("the third", self, 2, &jwts[2]);
    for (size_t i = 0; i < COUNT(jwts); i++) {
        oktai_buffer_clear(&jwts[i]);
    }
}

/* Others dated the assertion: to send it again mends nothing. */
static void a_clock_that_is_off_changes_nothing(void **state)
{
    const file_world *self = *state;
    put(self, HEADER ".eyJzdWIiOiIwb2EybW9ja3NlcnZpY2UwMDBnNCJ9." SIGNATURE);
    begin(self);
    self->service->api.clock.wall_skew_ms = INT64_C(-86400) * 1000;
    okta_error *error = service_call(self->service);
    assert_null(strstr(okta_error_message(error), "clock"));
    api_expect_refusal("skew", error, OKTA_E_AUTH, "the assertion in ");
    expect_sends("skew", self, 1, 0);
}

static void proofs_go_along(void **state)
{
    const file_world *self = *state;
    okta_client_options options = with_file(self);
    options.dpop = OKTA_DPOP_ALWAYS;
    assert_true(mock_org_require_dpop(self->service->api.org, MOCK_SERVICE_APP, true));
    assert_true(mock_org_set_oauth(self->service->api.org, &(mock_oauth_options){.no_token_nonce = true}));
    put_new(self);
    service_renew(self->service, &options);
    api_forget(&self->service->api);
    api_expect_success("always", service_call(self->service));
    expect_sends("always", self, 1, 1);
    const mock_request *last = mock_org_request_at(self->service->api.org, 1);
    assert_memory_equal(mock_request_header(last, "Authorization"), "DPoP ", 5);
}

/* The org keeps the `jti` of what it has refused for want of a proof: the writer has to be quicker. */
static void an_assertion_for_one_use_is_used_up_by_a_challenge(void **state)
{
    const file_world *self = *state;
    oktai_buffer next = {0};
    assert_true(mock_org_require_dpop(self->service->api.org, MOCK_SERVICE_APP, true));
    put_new(self);
    begin(self);
    api_expect_refusal("the same", service_call(self->service), OKTA_E_AUTH, "its jti was used before");
    expect_sends("the same", self, 2, 0);
    assert_true(mock_org_set_oauth(self->service->api.org, &(mock_oauth_options){.no_token_nonce = true}));
    put_new(self);
    make_assertion(self, &next);
    begin_replacing(self, next.data, NULL);
    api_expect_success("another one", service_call(self->service));
    expect_sends("another one", self, 2, 1);
    oktai_buffer_clear(&next);
}

/* Each text that reaches the log; the test fails where one shows the assertion. */
static void look_for_canary(void *ctx, const okta_log_event *event)
{
    unsigned *events = ctx;
    assert_null(strstr(event->message, SIGNATURE));
    assert_true(event->request_id == NULL || strstr(event->request_id, SIGNATURE) == NULL);
    ++*events;
}

static void an_assertion_comes_back_hidden(void **state)
{
    const file_world *self = *state;
    static const int statuses[] = {400, 401, 403, 500};
    put(self, HEADER ".eyJzdWIiOiIwb2EybW9ja3NlcnZpY2UwMDBnNCJ9." SIGNATURE);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        unsigned events = 0;
        okta_client_options options = with_file(self);
        options.log = look_for_canary;
        options.log_ctx = &events;
        options.log_level = OKTA_LOG_DEBUG;
        options.max_retries = okta_int(0);
        service_renew(self->service, &options);
        api_forget(&self->service->api);
        api_fault(&self->service->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                                    .status = (unsigned)statuses[i],
                                                    .echo = MOCK_ECHO_PLAIN});
        okta_error *error = service_call(self->service);
        assert_int_equal(okta_error_http_status(error), statuses[i]);
        assert_non_null(strstr(okta_error_message(error), "***"));
        assert_null(strstr(okta_error_message(error), SIGNATURE));
        assert_null(strstr(okta_error_summary(error), SIGNATURE));
        assert_true(events > 0);
        okta_free(error);
    }
}

static void refuses_what_does_not_go_with_a_file(void **state)
{
    static const struct {
        okta_authorization_mode mode;
        size_t member;
        const char *value, *says;
    } cases[] = {
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, private_key), "k.pem",
         "assertion_file does not go with private_key: set one of them"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, token), "00token",
         "token does not go with a private key"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, client_secret), "s",
         "client_secret does not go with a private key"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, client_id), NULL,
         "client_id is required"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, scopes), NULL, "scopes is required"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, assertion_file), NULL,
         "private_key is required where there is neither signer nor assertion_file"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, assertion_file), "",
         "assertion_file must be the name of a file"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, assertion_file), "/a\nb",
         "assertion_file must be the name of a file"},
        {OKTA_AUTHORIZATION_PRIVATE_KEY, offsetof(okta_client_options, assertion_file),
         HEADER ".e30." SIGNATURE, "assertion_file looks like an assertion: put that into a file"},
        {OKTA_AUTHORIZATION_CLIENT_SECRET, offsetof(okta_client_options, client_secret), "s",
         "assertion_file does not go with a client secret"},
        {OKTA_AUTHORIZATION_SSWS, offsetof(okta_client_options, token), "00token",
         "assertion_file is refused in this mode: set authorization_mode to OKTA_AUTHORIZATION_PRIVATE_KEY"},
        {OKTA_AUTHORIZATION_BEARER, offsetof(okta_client_options, token), "00token",
         "assertion_file is refused in this mode"},
    };
    const file_world *self = *state;
    okta_client *client = NULL;
    okta_client_options options;
    for (size_t i = 0; i < COUNT(cases); i++) {
        options = with_file(self);
        options.org_url = mock_org_url(self->service->api.org);
        options.authorization_mode = cases[i].mode;
        memcpy((char *)&options + cases[i].member, &cases[i].value, sizeof cases[i].value);
        okta_error *error = okta_client_new(&options, &client);
        assert_null(strstr(okta_error_message(error), SIGNATURE));
        api_expect_refusal(cases[i].says, error, OKTA_E_CONFIG, cases[i].says);
        assert_null(client);
    }
    options = with_file(self);
    options.org_url = mock_org_url(self->service->api.org);
    options.signer = self->service->signer;
    api_expect_refusal("signer", okta_client_new(&options, &client), OKTA_E_CONFIG,
                       "assertion_file does not go with signer: set one of them");
}

/* What is said about assertions that the client makes is not said about those of others. */
static void ignores_how_the_client_would_sign(void **state)
{
    const file_world *self = *state;
    oktai_buffer jwt = {0};
    okta_client_options options = with_file(self);
    options.assertion_audience = "https://elsewhere.example";
    options.assertion_type = "client-authentication+jwt";
    options.private_key_id = "other";
    options.private_key_alg = "RS256";
    make_assertion(self, &jwt);
    put(self, jwt.data);
    service_renew(self->service, &options);
    api_forget(&self->service->api);
    api_expect_success("as it is", service_call(self->service));
    expect_assertion("as it is", self, 0, &jwt);
    oktai_buffer_clear(&jwt);
}

static void takes_no_other_credential_in_its_place(void **state)
{
    const file_world *self = *state;
    begin(self);
    okta_client *client = self->service->api.client;
    api_expect_refusal("reload", okta_client_reload(client), OKTA_E_ARG, "the file of a private key");
    api_expect_refusal("signer", okta_client_set_signer(client, self->service->signer), OKTA_E_ARG,
                       "was not made with a private key");
    api_expect_refusal("secret", okta_client_set_client_secret(client, "secret-Canary"), OKTA_E_ARG,
                       "was not made with a client secret");
    api_expect_refusal("token", okta_client_set_token(client, API_TOKEN), OKTA_E_ARG,
                       "was not made with a token");
}

static okta_client_options *load(const okta_client_options *code)
{
    okta_client_options *loaded = NULL;
    okta_error *error = okta_client_options_load(code, &loaded);
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
    return loaded;
}

/* The name of the variable, or file and line, is what a person has to change. */
static void messages_name_the_place_of_the_option(void **state)
{
    const file_world *self = *state;
    okta_client *client = NULL;
    char says[PATH_MAX + 128];
    okta_client_options code = with_file(self);
    code.assertion_file = NULL;
    code.org_url = mock_org_url(self->service->api.org);
    assert_int_equal(setenv("OKTA_CLIENT_ASSERTION_FILE", self->path, 1), 0);
    okta_client_options *loaded = load(&code);
    service_renew(self->service, loaded);
    okta_free(loaded);
    snprintf(says, sizeof says, "OKTA_CLIENT_ASSERTION_FILE: assertion_file: cannot open \"%s\"", self->path);
    api_expect_refusal("missing", service_call(self->service), OKTA_E_CONFIG, says);
    assert_int_equal(setenv("OKTA_CLIENT_PRIVATEKEY", "k.pem", 1), 0);
    loaded = load(&code);
    api_expect_refusal("both", okta_client_new(loaded, &client), OKTA_E_CONFIG,
                       "OKTA_CLIENT_ASSERTION_FILE: assertion_file does not go with private_key "
                       "(OKTA_CLIENT_PRIVATEKEY): set one of them");
    okta_free(loaded);
    /* For a program in another mode it is not there. */
    code.authorization_mode = OKTA_AUTHORIZATION_CLIENT_SECRET;
    code.client_secret = "secret-Canary";
    loaded = load(&code);
    assert_null(loaded->assertion_file);
    assert_null(okta_client_new(loaded, &client));
    okta_free(client);
    okta_free(loaded);
    code = (okta_client_options)OKTA_CLIENT_OPTIONS_INIT;
    code.org_url = mock_org_url(self->service->api.org);
    code.token = API_TOKEN;
    loaded = load(&code);
    assert_null(okta_client_new(loaded, &client));
    okta_free(client);
    okta_free(loaded);
    assert_int_equal(unsetenv("OKTA_CLIENT_PRIVATEKEY"), 0);
    code.token = NULL;
    loaded = load(&code);
    api_expect_refusal("another mode", okta_client_new(loaded, &client), OKTA_E_CONFIG,
                       "for an assertion file set authorization_mode");
    okta_free(loaded);
    assert_int_equal(unsetenv("OKTA_CLIENT_ASSERTION_FILE"), 0);
}

/* The working folder's file has no file sent that is not below that folder, also where a link leads there
 * later. */
static void a_file_stays_below_the_folder_that_named_it(void **state)
{
    const file_world *self = *state;
    char before[PATH_MAX];
    char outside[] = "/tmp/okta-outside-XXXXXX";
    okta_client_options *loaded = NULL;
    okta_client_options code = with_file(self);
    int file = mkstemp(outside);
    code.assertion_file = NULL;
    code.org_url = mock_org_url(self->service->api.org);
    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(self->folder), 0);
    static const char yaml[] = "okta: {client: {assertion: {file: assertion}}}";
    put_at("okta.yaml", yaml, strlen(yaml), 0600);
    put_new(self);
    loaded = load(&code);
    service_renew(self->service, loaded);
    api_expect_success("inside", service_call(self->service));
    oktai_buffer jwt = {0};
    make_assertion(self, &jwt);
    put_at(outside, jwt.data, jwt.length, 0600);
    assert_int_equal(unlink(self->path), 0);
    assert_int_equal(symlink(outside, self->path), 0);
    service_renew(self->service, NULL);
    okta_client *client = NULL;
    static const char says[] = "okta.yaml:1: assertion.file is a file outside that folder";
    api_expect_refusal("a link", okta_client_new(loaded, &client), OKTA_E_CONFIG, says);
    okta_free(loaded);
    assert_int_equal(unlink(self->path), 0);
    loaded = load(&code);
    service_renew(self->service, loaded); /* there is no file yet */
    assert_int_equal(symlink(outside, self->path), 0);
    api_forget(&self->service->api);
    api_expect_refusal(
        "a later link", service_call(self->service), OKTA_E_CONFIG,
        "okta.yaml:1: assertion_file: the file \"assertion\" is not below the working folder that named "
        "it");
    expect_sends("a later link", self, 0, 0);
    okta_free(loaded);
    api_expect_refusal("loading", okta_client_options_load(&code, &loaded), OKTA_E_CONFIG, says);
    /* By the word of the environment it may. */
    assert_int_equal(setenv("OKTA_CLIENT_ASSERTION_FILE", "assertion", 1), 0);
    loaded = load(&code);
    service_renew(self->service, loaded);
    api_expect_success("allowed", service_call(self->service));
    okta_free(loaded);
    assert_int_equal(unsetenv("OKTA_CLIENT_ASSERTION_FILE"), 0);
    oktai_buffer_clear(&jwt);
    assert_int_equal(unlink("okta.yaml"), 0);
    assert_int_equal(unlink(outside), 0);
    assert_int_equal(chdir(before), 0);
}

/* A refusal with the file changed, so that all of it runs. */
static void survives_without_memory(void **state)
{
    const file_world *self = *state;
    for (int lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            okta_client_options options = with_file(self);
            okta_client *client = NULL;
            oktai_buffer next = {0};
            options.org_url = mock_org_url(self->service->api.org);
            put_new(self);
            make_assertion(self, &next);
            begin_replacing(self, next.data, NULL);
            api_fault(&self->service->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH,
                                                        .status = 401,
                                                        .body = "{\"error\":\"invalid_client\"}"});
            allocations_begin(n, lasting == 1);
            okta_error *error = okta_client_new(&options, &client);
            assert_int_equal(client == NULL, error != NULL);
            okta_free(client);
            okta_error *of_call = error == NULL ? service_call(self->service) : NULL;
            failed = allocations_end();
            okta_status status = okta_error_status(of_call);
            assert_true(status == OKTA_OK || status == OKTA_E_NOMEM || status == OKTA_E_TRANSPORT ||
                        status == OKTA_E_CONFIG || (failed && status == OKTA_E_AUTH));
            assert_true(failed || (error == NULL && of_call == NULL));
            okta_free(error);
            okta_free(of_call);
            mock_org_forget_faults(self->service->api.org);
            replacing.done = COUNT(replacing.text);
            put_new(self);
            self->service->api.clock.now_ms += 1000;
            api_expect_success("with memory", service_call(self->service));
            oktai_buffer_clear(&next);
        }
    }
}

int main(void)
{
#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, begin_world, end_world)
    const struct CMUnitTest tests[] = {
        FILE_TEST(each_token_request_has_what_the_file_holds),
        FILE_TEST(a_projected_volume_is_replaced_behind_links),
        FILE_TEST(claims_must_be_those_of_the_client),
        FILE_TEST(the_text_must_be_a_compact_jwt),
        FILE_TEST(an_assertion_has_16384_bytes_at_most),
        FILE_TEST(the_file_must_be_one_for_secrets),
        FILE_TEST(a_file_may_come_later),
        FILE_TEST(a_401_is_asked_about_once_where_the_file_has_changed),
        FILE_TEST(nothing_goes_again_where_the_file_has_nothing_else),
        FILE_TEST(two_assertions_are_tried_and_no_more),
        FILE_TEST(a_clock_that_is_off_changes_nothing),
        FILE_TEST(proofs_go_along),
        FILE_TEST(an_assertion_for_one_use_is_used_up_by_a_challenge),
        FILE_TEST(an_assertion_comes_back_hidden),
        FILE_TEST(refuses_what_does_not_go_with_a_file),
        FILE_TEST(ignores_how_the_client_would_sign),
        FILE_TEST(takes_no_other_credential_in_its_place),
        FILE_TEST(messages_name_the_place_of_the_option),
        FILE_TEST(a_file_stays_below_the_folder_that_named_it),
        FILE_TEST(survives_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
