/* SPDX-License-Identifier: Apache-2.0 */
/* TLS: whom the client trusts, what it speaks, and that the rest holds over it too. */
#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_tls_world.h"

#define RETRIES 2

static const struct {
    const char *method;
    const char *body;
} requests[] = {{"GET", NULL}, {"POST", "{\"a\":1}"}, {"POST", NULL}, {"DELETE", NULL}};

/* A client that does not ask the environment for a proxy, and trusts the server's own certificate alone when
 * `trusts`. */
static void start(fault_tls_world *self, const fault_tls_options *options, const fault_step *script,
                  bool trusts)
{
    fault_tls_start(&self->tls, options);
    fault_plan plan = {.script = script, .connections = 1, .tls = self->tls.context};
    okta_client_options client = OKTA_CLIENT_OPTIONS_INIT;
    client.ca_file = trusts ? self->tls.ca_file : NULL;
    client.proxy = "";
    fault_world_start(&self->world, &plan, &client);
}

/* Whether libcurl with its own settings, or as lax as they get, takes what the server offers. */
static CURLcode get_by_libcurl(fault_tls_world *self, const char *ciphers, long versions)
{
    char answer[64] = "";
    CURL *easy = curl_easy_init();
    FILE *sink = fmemopen(answer, sizeof answer, "w");
    assert_non_null(easy);
    assert_non_null(sink);
    curl_easy_setopt(easy, CURLOPT_URL, fault_server_url(self->world.server));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CAINFO, self->tls.ca_file);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, versions);
    curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, ciphers);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, sink);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_cleanup(easy);
    fclose(sink);
    return code;
}

/* Nothing was sent, the outcome of a write is known, and the client holds nothing that would be in the way.
 */
static void expect_refusal(const char *label, fault_tls_world *self, size_t which, bool again)
{
    fault_world *world = &self->world;
    unsigned before = fault_server_connection_count(world->server);
    fault_outcome outcome = fault_request_once(world, requests[which].method, requests[which].body, RETRIES);
    fault_expect_status(label, &outcome, OKTA_E_TRANSPORT);
    fault_expect_attempts(label, &outcome, again ? RETRIES + 1 : 1);
    assert_int_equal(outcome.retryable, again);
    assert_int_equal(outcome.http_status, 0);
    fault_world_finish(world);
    fault_expect_connections(label, world, before + (again ? RETRIES + 1 : 1));
}

/* The server offers HTTP/2, and sends the good answer by either. */
static void speaks_the_http_it_is_told_to(void **state)
{
    static const struct {
        okta_http_version version;
        const char *spoken;
    } cases[] = {{OKTA_HTTP_AUTO, " HTTP/2\r\n"}, {OKTA_HTTP_1_1, " HTTP/1.1\r\n"}};
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fault_tls_start(&self->tls, &(fault_tls_options){.h2 = true});
        fault_plan plan = {.tls = self->tls.context};
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        options.ca_file = self->tls.ca_file;
        options.proxy = "";
        options.http_version = cases[i].version;
        fault_world_start(&self->world, &plan, &options);
        for (size_t k = 0; k < COUNT(requests); k++) {
            fault_outcome outcome =
                fault_request_once(&self->world, requests[k].method, requests[k].body, RETRIES);
            fault_expect_status(cases[i].spoken, &outcome, OKTA_OK);
            const fault_request *heard = fault_server_request_at(self->world.server, k);
            assert_non_null(heard);
            assert_non_null(strstr(heard->text, cases[i].spoken));
        }
        fault_tls_world_stop(self);
    }
}

static void trusts_the_certificate_it_is_told_to(void **state)
{
    static const fault_tls_options cases[] = {
        {.max_version = 0},
        {.rsa = true},
        {.min_version = TLS1_3_VERSION},
        {.max_version = TLS1_2_VERSION},
        {.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"},
        {.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384"},
        {.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305"},
        {.max_version = TLS1_2_VERSION, .rsa = true, .ciphers = "ECDHE-RSA-AES128-GCM-SHA256"},
    };
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char label[32];
        snprintf(label, sizeof label, "TLS case %zu", i);
        start(self, &cases[i], NULL, true);
        /* All over one connection: what TLS itself sends in between does not end it. */
        for (size_t k = 0; k < 5; k++) {
            fault_expect_good(label, &self->world);
        }
        fault_outcome outcome = fault_request_once(&self->world, "POST", "{}", 0);
        fault_expect_status(label, &outcome, OKTA_OK);
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_request_count(self->world.server), 6);
        fault_expect_connections(label, &self->world, 1);
        fault_tls_world_stop(self);
    }
}

/* Each server is shown to work with a client that is less strict: it is the strictness that refuses it. */
static void refuses_weak_tls(void **state)
{
    static const struct {
        const char *name;
        fault_tls_options options;
        const char *lax_ciphers; /* NULL: libcurl's own */
        long lax_versions;
    } cases[] = {
        {"L03 TLS 1.1",
         {.min_version = TLS1_1_VERSION,
          .max_version = TLS1_1_VERSION,
          .ciphers = "DEFAULT@SECLEVEL=0",
          .rsa = true},
         "DEFAULT@SECLEVEL=0",
         (long)CURL_SSLVERSION_TLSv1_0},
        {"L03 TLS 1.0",
         {.min_version = TLS1_VERSION,
          .max_version = TLS1_VERSION,
          .ciphers = "DEFAULT@SECLEVEL=0",
          .rsa = true},
         "DEFAULT@SECLEVEL=0",
         (long)CURL_SSLVERSION_TLSv1_0},
        {"L04 RSA key exchange with CBC",
         {.max_version = TLS1_2_VERSION, .ciphers = "AES128-SHA", .rsa = true},
         NULL,
         (long)CURL_SSLVERSION_DEFAULT},
        {"L04 RSA key exchange",
         {.max_version = TLS1_2_VERSION, .ciphers = "AES128-GCM-SHA256", .rsa = true},
         NULL,
         (long)CURL_SSLVERSION_DEFAULT},
        {"L04 CBC",
         {.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-RSA-AES128-SHA256", .rsa = true},
         NULL,
         (long)CURL_SSLVERSION_DEFAULT},
        {"L04 CBC and SHA-1",
         {.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES256-SHA"},
         NULL,
         (long)CURL_SSLVERSION_DEFAULT},
    };
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        start(self, &cases[i].options, NULL, true);
        if (get_by_libcurl(self, cases[i].lax_ciphers, cases[i].lax_versions) != CURLE_OK) {
            fail_msg("%s: the server does not work", cases[i].name);
        }
        expect_refusal(cases[i].name, self, i % COUNT(requests), true);
        assert_int_equal(fault_server_handshake_count(self->world.server), 1);
        assert_int_equal(fault_server_request_count(self->world.server), 1);
        fault_tls_world_stop(self);
    }
}

static void sends_a_post_once_over_tls(void **state)
{
    static const fault_step dies[] = {READ, SEND(FAULT_GOOD), READ, CLOSE, END};
    const fault_tls_options options = {.rsa = false};
    fault_tls_world *self = *state;
    start(self, &options, dies, true);
    fault_expect_good("first", &self->world);
    fault_outcome outcome = fault_request_once(&self->world, "POST", "{\"a\":1}", RETRIES);
    fault_expect_status("T15", &outcome, OKTA_E_OUTCOME_UNKNOWN);
    fault_expect_good("T15", &self->world);
    fault_world_finish(&self->world);
    fault_expect_requests("T15", &self->world, "POST", 1);
    fault_tls_world_stop(self);
}

static void takes_no_answer_that_nobody_asked_for(void **state)
{
    static const fault_step late[] = {READ, SEND(FAULT_GOOD),
                                      SEND(STATUS TYPE "Content-Length: 13\r\n\r\n{\"id\":\"evil\"}"), END};
    const fault_tls_options options = {.rsa = false};
    fault_tls_world *self = *state;
    start(self, &options, late, true);
    fault_expect_good("first", &self->world);
    fault_server_await_script_ends(self->world.server, 1);
    fault_expect_good("T13", &self->world);
    fault_expect_good("T13", &self->world);
    fault_world_finish(&self->world);
    fault_expect_connections("T13", &self->world, 2);
    fault_tls_world_stop(self);
}

#define EVIL STATUS TYPE "Content-Length: 13\r\n\r\n{\"id\":\"evil\"}"

/* What came in the record that ended a body is in OpenSSL, where a look at the socket does not find it. */
static void takes_no_answer_out_of_the_record_of_another(void **state)
{
    static const struct {
        const char *name;
        fault_step script[5];
        bool swallowed; /* by libcurl, together with the end of the body */
    } cases[] = {
        {"an answer", {READ, SEND(STATUS TYPE LENGTH "\r\n"), SEND(FAULT_GOOD_BODY EVIL), END}, false},
        {"half an answer",
         {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\":"), SEND("\"good\"}HTTP/1.1 200 OK\r\n"), END},
         false},
        {"a byte", {READ, SEND(STATUS TYPE LENGTH "\r\n"), SEND(FAULT_GOOD_BODY "H"), END}, false},
        {"an answer in the next record, whose beginning was read",
         {READ, SEND(STATUS TYPE LENGTH "\r\n"), SEND(FAULT_GOOD_BODY "\r\n"), SEND(EVIL), END},
         false},
        {"an answer behind chunks",
         {READ, SEND(CHUNKED), SEND("d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n" EVIL), END},
         true},
        {"an answer behind a 204", {READ, SEND("HTTP/1.1 204 x\r\n"), SEND("\r\n" EVIL), END}, true},
    };
    static const fault_tls_options versions[] = {{.rsa = false}, {.max_version = TLS1_2_VERSION}};
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases) * COUNT(versions); i++) {
        const char *name = cases[i % COUNT(cases)].name;
        start(self, &versions[i / COUNT(cases)], cases[i % COUNT(cases)].script, true);
        fault_outcome outcome = fault_request_once(&self->world, "GET", NULL, 1);
        fault_expect_status(name, &outcome, OKTA_OK);
        fault_server_await_script_ends(self->world.server, 1);
        outcome = fault_request_once(&self->world, "DELETE", NULL, 0);
        fault_expect_status(name, &outcome, OKTA_OK);
        fault_expect_body(name, &outcome, FAULT_GOOD_BODY);
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_request_count(self->world.server), 2);
        if (!cases[i % COUNT(cases)].swallowed) {
            fault_expect_connections(name, &self->world, 2);
        }
        fault_tls_world_stop(self);
    }
}

/* In a child, so that no other test sees the environment. */
static void does_not_start_where_tls_secrets_are_logged(void **state)
{
    int status = 0;
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        okta_client *client = NULL;
        options.org_url = "https://127.0.0.1:1";
        options.token = FAULT_TOKEN;
        bool works = okta_client_new(&options, &client) == NULL && client != NULL;
        okta_free(client);
        bool set = setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1) == 0;
        okta_error *error = okta_client_new(&options, &client);
        bool refused = okta_error_status(error) == OKTA_E_CONFIG && client == NULL &&
                       strstr(okta_error_message(error), "SSLKEYLOGFILE") != NULL;
        okta_free(error);
        _exit(works && set && refused ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TLS_TEST(does_not_start_where_tls_secrets_are_logged),
        FAULT_TLS_TEST(speaks_the_http_it_is_told_to),
        FAULT_TLS_TEST(trusts_the_certificate_it_is_told_to),
        FAULT_TLS_TEST(refuses_weak_tls),
        FAULT_TLS_TEST(sends_a_post_once_over_tls),
        FAULT_TLS_TEST(takes_no_answer_that_nobody_asked_for),
        FAULT_TLS_TEST(takes_no_answer_out_of_the_record_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
