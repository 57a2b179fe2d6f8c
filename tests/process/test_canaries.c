/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that a program gives the library are not in what the library says, and after all is released not in
 * the memory of the process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "faults/fault_script.h"
#include "faults/fault_server.h"
#include "faults/fault_tls.h"
#include "mock_oauth.h"
#include "mock_org.h"
#include "okta/okta.h"
#include "process/canary_world.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define TOKEN          "00tK7qWx-Canary_mZr4vB9sHcJ2dLpNfGy8uTeA"
#define SECRET         "cS5-Canary_Xn3oQeRiW7yUzPaDkVbMtGhJlFs1E"
#define PROXY_PASSWORD "pX9-Canary_Kw2hYjTbNvCrSgZqLmFdEuPoIa6x"

#define ACCESS_TOKEN "aT6-Canary_Yb5wRkZnXqVdLs2uMhGtJpFcEoIe9Q"

#define NUMBER_MAX 512u

/* How many secrets of a kind are looked for, of those that the server heard, and how much of each end. */
#define HEARD_MAX 8u
#define END_BYTES 60u

typedef struct number {
    const char *name;
    const char *param;
    unsigned char bytes[NUMBER_MAX];
    size_t length;
} number;

typedef struct world {
    char pem[4096];
    number numbers[4];
    mock_org *org;
    fault_tls tls;
    fault_server *server;
    fault_server *proxy;
    char answers[5][512];
    fault_step script[32];
    atomic_bool offered_h2;
    canary_run run;
} world;

static void make_key(world *self)
{
    static const char *const names[][2] = {{"private exponent", OSSL_PKEY_PARAM_RSA_D},
                                           {"first prime", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                           {"second prime", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                           {"coefficient", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};
    EVP_PKEY *key = EVP_RSA_gen(2048);
    BIO *out = BIO_new(BIO_s_mem());
    assert_non_null(key);
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
    int length = BIO_read(out, self->pem, sizeof self->pem - 1);
    assert_true(length > 0);
    self->pem[length] = '\0';
    for (size_t i = 0; i < COUNT(names); i++) {
        BIGNUM *value = NULL;
        number *to = &self->numbers[i];
        assert_int_equal(EVP_PKEY_get_bn_param(key, names[i][1], &value), 1);
        to->name = names[i][0];
        to->length = (size_t)BN_bn2bin(value, to->bytes);
        BN_clear_free(value);
    }
    BIO_free(out);
    EVP_PKEY_free(key);
}

static int set_up(void **state)
{
    world *self = calloc(1, sizeof *self);
    assert_non_null(self);
    *state = self;
    make_key(self);
    return 0;
}

static void stop_servers(world *self)
{
    canary_free(&self->run);
    mock_org_stop(self->org);
    fault_server_free(self->server);
    fault_server_free(self->proxy);
    fault_tls_stop(&self->tls);
    self->org = NULL;
    self->server = NULL;
    self->proxy = NULL;
}

static int stop_test(void **state)
{
    stop_servers(*state);
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static bool says(const world *self, const char *secret)
{
    char part[CANARY_NEEDLE + 1];
    unsigned char base64[CANARY_NEEDLE + 1];
    for (size_t at = 0; at + CANARY_NEEDLE <= strlen(secret); at++) {
        memcpy(part, secret + at, CANARY_NEEDLE);
        part[CANARY_NEEDLE] = '\0';
        EVP_EncodeBlock(base64, (const unsigned char *)secret + at, 9);
        if (strstr(self->run.text, part) != NULL || strstr(self->run.text, (char *)base64) != NULL) {
            return true;
        }
    }
    return false;
}

/* One that the client made, or got, on the way: it ends before one of `stops`. Its end says most: the head of
 * a JWT is no secret. */
static void look_for_heard(world *self, const char *name, const char *secret, const char *stops)
{
    char end[END_BYTES + 1];
    size_t count = 0;
    size_t length = strcspn(secret, stops);
    for (size_t i = 0; i < self->run.find_count; i++) {
        count += strcmp(self->run.finds[i].name, name) == 0;
    }
    if (count == HEARD_MAX) {
        return;
    }
    size_t size = length < END_BYTES ? length : END_BYTES;
    memcpy(end, secret + length - size, size);
    end[size] = '\0';
    canary_look_for_text(&self->run, name, end);
    assert_false(says(self, end));
}

static void look_for_authorization(world *self, const char *value, const char *stops)
{
    if (value != NULL && (strncmp(value, "Bearer ", 7) == 0 || strncmp(value, "DPoP ", 5) == 0)) {
        look_for_heard(self, "access token", strchr(value, ' ') + 1, stops);
    }
}

static void look_for_what_the_mock_heard(world *self)
{
    const mock_request *request;
    for (size_t i = 0; (request = mock_org_request_at(self->org, i)) != NULL; i++) {
        const char *assertion = strstr(request->body, "client_assertion=");
        const char *proof = mock_request_header(request, "DPoP");
        look_for_authorization(self, mock_request_header(request, "Authorization"), "");
        if (assertion != NULL) {
            look_for_heard(self, "client assertion", assertion + strlen("client_assertion="), "&");
        }
        if (proof != NULL) {
            look_for_heard(self, "proof", proof, "");
        }
    }
}

static void look_for_what_the_server_heard(world *self)
{
    const fault_request *request;
    for (size_t i = 0; (request = fault_server_request_at(self->server, i)) != NULL; i++) {
        const char *authorization = strstr(request->text, "\r\nAuthorization: ");
        const char *assertion = strstr(request->text, "client_assertion=");
        const char *proof = strstr(request->text, "\r\nDPoP: ");
        look_for_authorization(self, authorization == NULL ? NULL : authorization + 17, "\r");
        if (assertion != NULL) {
            look_for_heard(self, "client assertion", assertion + strlen("client_assertion="), "&\r");
        }
        if (proof != NULL) {
            look_for_heard(self, "proof", proof + 8, "\r");
        }
    }
}

/* The program tells the keys of its proofs, masked. */
static void look_for_keys_of_proofs(world *self)
{
    static const char label[] = "\ndpop-key ";
    for (const char *at = strstr(self->run.text, label); at != NULL; at = strstr(at + 1, label)) {
        unsigned char bytes[32];
        for (size_t i = 0; i < sizeof bytes; i++) {
            char digits[3] = {at[strlen(label) + 2 * i], at[strlen(label) + 2 * i + 1], '\0'};
            bytes[i] = (unsigned char)(strtoul(digits, NULL, 16) ^ CANARY_MASK);
        }
        canary_look_for_number(&self->run, "key of proofs", bytes, sizeof bytes);
    }
}

static void run_program(world *self, const char *mode, const char *org_url, const char *ca_file,
                        unsigned proxy_port)
{
    char proxy[256];
    snprintf(proxy, sizeof proxy, "http://user:" PROXY_PASSWORD "@127.0.0.1:%u", proxy_port);
    const char *const settings[CANARY_SETTINGS] = {[CANARY_TOKEN] = TOKEN,
                                                   [CANARY_SECRET] = SECRET,
                                                   [CANARY_PROXY] = proxy,
                                                   [CANARY_PRIVATE_KEY] = self->pem};
    canary_start(&self->run, mode, org_url, ca_file, settings);
    canary_look_for_text(&self->run, "token", TOKEN);
    canary_look_for_text(&self->run, "client secret", SECRET);
    canary_look_for_text(&self->run, "proxy password", PROXY_PASSWORD);
    for (size_t i = 0; i < COUNT(self->numbers); i++) {
        canary_look_for_number(&self->run, self->numbers[i].name, self->numbers[i].bytes,
                               self->numbers[i].length);
    }
    look_for_keys_of_proofs(self);
    if (self->org != NULL) {
        look_for_what_the_mock_heard(self);
    } else {
        look_for_what_the_server_heard(self);
    }
    canary_finish(&self->run);
    /* A heap and a few stacks at least: the search was no empty one. */
    assert_true(self->run.scanned > (size_t)1024 * 1024);
}

/* The key is that of the mock's service app. */
static void register_key(world *self)
{
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = NULL;
    size_t length;
    assert_null(okta_key_from_pem(self->pem, strlen(self->pem), NULL, NULL, &key));
    assert_null(okta_key_to_jwk_request(key, NULL, &jwk));
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &json, &length));
    assert_null(mock_org_add_key(self->org, MOCK_SERVICE_APP, json));
    okta_free(json);
    okta_free(jwk);
    okta_free(key);
}

/* Apps that sign in with the secret, under the name of the way they do it. */
static void register_secret(world *self)
{
    static const char *const methods[] = {"client_secret_basic", "client_secret_post"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        assert_true(mock_org_add_app(self->org, methods[i], methods[i]));
        assert_true(mock_org_put(self->org, methods[i], "secrets",
                                 "{\"id\":\"ocs1\",\"status\":\"ACTIVE\",\"client_secret\":\"" SECRET "\"}"));
    }
}

static void run_over_loopback(world *self, const char *mode)
{
    const mock_org_options options = {.token = TOKEN, .access_token = TOKEN};
    const mock_fault echo = {
        .path_contains = "/factors/", .times = 100, .status = 400, .echo = MOCK_ECHO_PLAIN};
    self->org = mock_org_start(&options);
    assert_non_null(self->org);
    assert_true(mock_org_fail_next(self->org, &echo));
    register_key(self);
    register_secret(self);
    run_program(self, mode, mock_org_url(self->org), "", 9);
}

static void make_answers(world *self)
{
    static const char *const bodies[] = {
        "{\"id\":\"ocs1\",\"status\":\"ACTIVE\",\"client_secret\":\"" SECRET "\"}",
        "[{\"id\":\"ocs1\",\"status\":\"ACTIVE\",\"client_secret\":\"" SECRET "\"}]",
        "{\"errorCode\":\"E0000001\",\"errorSummary\":\"no\",\"client_secret\":\"" SECRET "\"}",
        "{\"access_token\":\"" ACCESS_TOKEN "\",\"token_type\":\"Bearer\",\"expires_in\":3600}",
        "{\"access_token\":\"" ACCESS_TOKEN "\",\"token_type\":\"DPoP\",\"expires_in\":3600}"};
    static const char *const statuses[] = {"201 Created", "200 OK", "400 Bad Request", "200 OK", "200 OK"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        snprintf(self->answers[i], sizeof self->answers[i],
                 "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 statuses[i], strlen(bodies[i]), bodies[i]);
    }
}

static fault_step say(const char *text, size_t without)
{
    return (fault_step){.act = FAULT_SEND, .data = text, .length = strlen(text) - without, .times = 1};
}

/* Answers with the secret, whole and cut short; at last on each connection one that is good and one cut. */
static void write_script(world *self)
{
    const fault_step steps[] = {
        READ,
        say(self->answers[0], 0),
        READ,
        say(self->answers[0], 7),
        RESET,
        NEXT,
        READ,
        say(self->answers[1], 0),
        READ,
        say(self->answers[0], 0),
        READ,
        say(self->answers[2], 0),
        NEXT,
        READ,
        say(self->answers[2], 0),
        READ,
        say(self->answers[1], 9),
        RESET,
        NEXT,
        READ,
        say(self->answers[0], 0),
        READ,
        say(self->answers[0], 7),
        RESET,
        END,
    };
    memcpy(self->script, steps, sizeof steps);
}

/* The first request on each connection is for a token. */
static void write_token_script(world *self, bool dpop)
{
    const fault_step steps[] = {READ, say(self->answers[dpop ? 4 : 3], 0), READ, say(self->answers[0], 0),
                                END};
    memcpy(self->script, steps, sizeof steps);
}

/* Whether a client says that it speaks HTTP/2; the server goes on without. */
static int on_alpn(SSL *tls, const unsigned char **out, unsigned char *out_length,
                   const unsigned char *offered, unsigned length, void *context)
{
    (void)tls;
    (void)out;
    (void)out_length;
    for (unsigned i = 0; i < length; i += offered[i] + 1U) {
        if (offered[i] == 2 && memcmp(offered + i + 1, "h2", 2) == 0) {
            atomic_store((atomic_bool *)context, true);
        }
    }
    return SSL_TLSEXT_ERR_NOACK;
}

static void run_over_tls(world *self, const char *mode)
{
    static const fault_step refusing[] = {
        READ,  SEND("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"),
        CLOSE, NEXT,
        READ,  SEND("HTTP/1.1 200 OK\r\n\r\n"),
        CLOSE, END};
    const fault_tls_options certificate = {.rsa = false};
    fault_tls_start(&self->tls, &certificate);
    atomic_store(&self->offered_h2, false);
    SSL_CTX_set_alpn_select_cb(self->tls.context, on_alpn, &self->offered_h2);
    make_answers(self);
    if (strcmp(mode, "api-token") != 0 && strcmp(mode, "no-wiping") != 0) {
        write_token_script(self, mode[0] == 'd');
    } else {
        write_script(self);
    }
    const fault_plan plan = {.script = self->script, .tls = self->tls.context};
    const fault_plan proxy_plan = {.script = refusing};
    self->server = fault_server_start(&plan);
    self->proxy = fault_server_start(&proxy_plan);
    run_program(self, mode, fault_server_url(self->server), self->tls.ca_file,
                fault_server_port(self->proxy));
    assert_true(fault_server_handshake_count(self->server) > 8);
    assert_true(fault_server_request_count(self->proxy) > 1);
}

static void expect_nothing_found(const world *self)
{
    for (size_t i = 0; i < self->run.find_count; i++) {
        const canary_find *find = &self->run.finds[i];
        if (find->hits != 0) {
            fail_msg("the %s was found %zu times", find->name, find->hits);
        }
    }
}

/* A line of the PEM stands for the key. */
static void expect_nothing_said(world *self)
{
    char line[64];
    memcpy(line, self->pem + strlen(self->pem) / 2, sizeof line - 1);
    line[sizeof line - 1] = '\0';
    line[strcspn(line, "\n")] = '\0';
    assert_false(says(self, TOKEN));
    assert_false(says(self, SECRET));
    assert_false(says(self, PROXY_PASSWORD));
    if (strlen(line) >= CANARY_NEEDLE) {
        assert_false(says(self, line));
    }
}

static void expect_a_full_life(world *self)
{
    static const char *const lines[] = {
        "wiping: OK", "client: OK",       "create: OK", "list: ", "get: ",
        "key: OK",    "damaged key: ARG", "pem: OK",    "add: ",  "canceled: CANCELED",
        "event 1 ",   "event 2 ",         "event 3 "};
    for (size_t i = 0; i < COUNT(lines); i++) {
        if (strstr(self->run.text, lines[i]) == NULL) {
            fail_msg("no line with \"%s\" in: %s", lines[i], self->run.text);
        }
    }
}

static void nothing_is_left_after_calls_over_loopback(void **state)
{
    world *self = *state;
    run_over_loopback(self, "api-token");
    expect_a_full_life(self);
    /* The server sent the one-time code back, and the program printed all of the error. */
    assert_non_null(strstr(self->run.text, "passcode: "));
    assert_non_null(strstr(self->run.text, "\"passCode\":\"***\""));
    expect_nothing_found(self);
    expect_nothing_said(self);
}

static void nothing_is_left_after_calls_over_tls(void **state)
{
    world *self = *state;
    run_over_tls(self, "api-token");
    expect_a_full_life(self);
    assert_non_null(strstr(self->run.text, ": OUTCOME_UNKNOWN"));
    assert_non_null(strstr(self->run.text, "through a proxy: TRANSPORT"));
    assert_false(self->offered_h2); /* its memory could not be wiped */
    expect_nothing_found(self);
    expect_nothing_said(self);
}

static void nothing_is_left_of_a_service_apps_tokens(void **state)
{
    static const char *const modes[] = {"bearer", "dpop"};
    world *self = *state;
    for (size_t i = 0; i < 2 * COUNT(modes); i++) {
        (i % 2 == 0 ? run_over_loopback : run_over_tls)(self, modes[i / 2]);
        expect_a_full_life(self);
        expect_nothing_found(self);
        expect_nothing_said(self);
        assert_int_equal(canary_hits(&self->run, "access token"), 0);
        assert_int_equal(canary_hits(&self->run, "client assertion"), 0);
        if (i / 2 == 1) {
            assert_int_equal(canary_hits(&self->run, "proof"), 0);
            assert_int_equal(canary_hits(&self->run, "key of proofs"), 0);
        }
        stop_servers(self);
    }
}

static void nothing_is_left_of_the_secret_that_a_client_signs_in_with(void **state)
{
    static const char *const modes[] = {"secret-basic", "secret-post"};
    world *self = *state;
    for (size_t i = 0; i < 2 * COUNT(modes); i++) {
        (i % 2 == 0 ? run_over_loopback : run_over_tls)(self, modes[i / 2]);
        expect_a_full_life(self);
        expect_nothing_found(self);
        expect_nothing_said(self);
        assert_int_equal(canary_hits(&self->run, "client secret"), 0);
        assert_int_equal(canary_hits(&self->run, "access token"), 0);
        stop_servers(self);
    }
}

/* Without the allocator libcurl leaves the token behind: what it is for, and that it would be found. */
static void finds_what_libcurl_leaves_without_the_allocator(void **state)
{
    world *self = *state;
    run_over_tls(self, "no-wiping");
    assert_true(canary_hits(&self->run, "token") > 0);
    bool speaks_h2 = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;
    assert_int_equal(self->offered_h2, speaks_h2);
    expect_nothing_said(self);
}

static void finds_what_is_planted(void **state)
{
    static const struct {
        const char *mode;
        const char *secret;
    } plants[] = {{"freed", "token"},      {"stack", "token"},          {"static", "token"},
                  {"client", "token"},     {"key", "private exponent"}, {"key", "first prime"},
                  {"key", "second prime"}, {"key", "coefficient"}};
    world *self = *state;
    for (size_t i = 0; i < COUNT(plants); i++) {
        run_over_loopback(self, plants[i].mode);
        if (canary_hits(&self->run, plants[i].secret) == 0) {
            fail_msg("%s: the %s was not found", plants[i].mode, plants[i].secret);
        }
        expect_nothing_said(self);
        stop_servers(self);
    }
    run_over_loopback(self, "print");
    assert_true(says(self, SECRET));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, stop_test)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_left_after_calls_over_loopback),
        TEST(nothing_is_left_after_calls_over_tls),
        TEST(nothing_is_left_of_a_service_apps_tokens),
        TEST(nothing_is_left_of_the_secret_that_a_client_signs_in_with),
        TEST(finds_what_libcurl_leaves_without_the_allocator),
        TEST(finds_what_is_planted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
