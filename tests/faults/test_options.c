/* SPDX-License-Identifier: Apache-2.0 */
/* Options of libcurl: each is in force, and not only set. docs/reliability.md has the table of all. */
#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/init.h"
#include "faults/fault_script.h"
#include "faults/fault_tls_world.h"
#include "http/transport.h"

static atomic_int seconds_later;

/* What the C library's clock_gettime() has in this program, where time has 64 bits also on a machine of 32.
 */
#if defined(SYS_clock_gettime64) && defined(__USE_TIME_BITS64)
#define CLOCK_CALL SYS_clock_gettime64

/* ... and in libcurl, which is built with time of 32 bits there: another function of the same name. */
typedef struct narrow_timespec {
    long tv_sec;
    long tv_nsec;
} narrow_timespec;

int narrow_clock_gettime(clockid_t clock_id, narrow_timespec *tp) __asm__("clock_gettime");

__attribute__((visibility("default"))) int narrow_clock_gettime(clockid_t clock_id, narrow_timespec *tp)
{
    int result = (int)syscall(SYS_clock_gettime, clock_id, tp);
    if (clock_id != CLOCK_REALTIME) {
        tp->tv_sec += atomic_load(&seconds_later);
    }
    return result;
}
#else
#define CLOCK_CALL SYS_clock_gettime
#endif

/* In the place of the C library's, also for libcurl: a clock that the test can move on. */
__attribute__((visibility("default"))) int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    int result = (int)syscall(CLOCK_CALL, clock_id, tp);
    if (clock_id != CLOCK_REALTIME) {
        tp->tv_sec += atomic_load(&seconds_later);
    }
    return result;
}

static void later(int seconds)
{
    atomic_fetch_add(&seconds_later, seconds);
}

static oktai_transport_options plain_options(void)
{
    static const oktai_route direct = {.proxy = ""};
    return (oktai_transport_options){.user_agent = "test",
                                     .route = &direct,
                                     .plain_http = true,
                                     .connect_timeout_ms = 5000,
                                     .max_response_bytes = 65536,
                                     .clock = &oktai_system_clock};
}

/* One GET by a transport of its own, below all that the client checks. */
static oktai_attempt get(const oktai_transport_options *options, const char *url)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    atomic_bool canceled = false;
    oktai_response response = {0};
    const oktai_request request = {
        .method = "GET", .url = url, .headers = headers, .timeout_ms = 5000, .canceled = &canceled};
    oktai_transport *transport = oktai_transport_new(options);
    assert_non_null(transport);
    oktai_attempt attempt = oktai_transport_perform(transport, &request, &response);
    attempt.reason = NULL; /* the transport's */
    assert_true(attempt.failure == OKTA_OK || response.body.length == 0);
    oktai_response_clear(&response);
    oktai_transport_free(transport);
    return attempt;
}

static void expect_line(fault_world *world, size_t which, const char *line)
{
    const fault_request *request = fault_server_request_at(world->server, which);
    assert_non_null(request);
    if (strncmp(request->text, line, strlen(line)) != 0) {
        fail_msg("the server heard \"%.60s\", not \"%s\"", request->text, line);
    }
}

static void path_as_is_keeps_dot_segments(void **state)
{
    static const char *const paths[] = {"/a/../b", "/./x", "/a/b/..", "/.."};
    fault_world *world = &((fault_tls_world *)*state)->world;
    const fault_plan plan = {0};
    const oktai_transport_options options = plain_options();
    fault_world_start(world, &plan, NULL);
    for (size_t i = 0; i < COUNT(paths); i++) {
        char url[128];
        char line[64];
        snprintf(url, sizeof url, "%s%s", fault_server_url(world->server), paths[i]);
        snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", paths[i]);
        assert_int_equal(get(&options, url).failure, OKTA_OK);
        expect_line(world, i, line);
    }
}

static void a_url_with_a_user_or_another_protocol_is_not_fetched(void **state)
{
    static const char *const urls[] = {"http://user:word@127.0.0.1:%u/", "https://127.0.0.1:%u/",
                                       "ftp://127.0.0.1:%u/", "dict://127.0.0.1:%u/d:x",
                                       "file:///etc/hostname?%u"};
    fault_world *world = &((fault_tls_world *)*state)->world;
    const fault_plan plan = {0};
    oktai_transport_options options = plain_options();
    char url[128];
    fault_world_start(world, &plan, NULL);
    for (size_t i = 0; i < COUNT(urls); i++) {
        snprintf(url, sizeof url, urls[i], fault_server_port(world->server));
        oktai_attempt attempt = get(&options, url);
        assert_int_not_equal(attempt.failure, OKTA_OK);
        assert_false(attempt.unsettled);
    }
    options.plain_http = false;
    assert_int_not_equal(get(&options, fault_server_url(world->server)).failure, OKTA_OK);
    fault_world_finish(world);
    assert_int_equal(fault_server_connection_count(world->server), 0);
}

static void a_redirect_is_an_answer(void **state)
{
    static const fault_step script[] = {
        READ, SEND("HTTP/1.1 301 x\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"), END};
    fault_world *world = &((fault_tls_world *)*state)->world;
    const fault_plan plan = {.script = script};
    const oktai_transport_options options = plain_options();
    fault_world_start(world, &plan, NULL);
    oktai_attempt attempt = get(&options, fault_server_url(world->server));
    assert_int_equal(attempt.failure, OKTA_OK);
    assert_int_equal(attempt.http_status, 301);
    fault_world_finish(world);
    assert_int_equal(fault_server_request_count(world->server), 1);
}

/* The server is the proxy: it hears a whole URL then. */
static void a_proxy_is_used_as_the_option_says(void **state)
{
    static const struct {
        const char *variable;
        bool option; /* the proxy by the option; else "" */
        const char *line;
    } cases[] = {
        {"NO_PROXY", true, "GET http://"},
        {"no_proxy", true, "GET http://"},
        {"http_proxy", false, "GET / "},
        {"ALL_PROXY", false, "GET / "},
    };
    fault_world *world = &((fault_tls_world *)*state)->world;
    const fault_plan plan = {0};
    fault_world_start(world, &plan, NULL);
    const char *url = fault_server_url(world->server);
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_transport_options options = plain_options();
        const oktai_route route = {.proxy = cases[i].option ? url : "", .proxy_label = "the proxy"};
        options.route = &route;
        setenv(cases[i].variable, cases[i].option ? "*" : "http://127.0.0.1:1", 1);
        oktai_attempt attempt = get(&options, url);
        unsetenv(cases[i].variable);
        assert_int_equal(attempt.failure, OKTA_OK);
        expect_line(world, i, cases[i].line);
    }
}

static void expect_good_over(fault_world *world, unsigned connections)
{
    fault_expect_good("time", world);
    fault_expect_connections("time", world, connections);
}

static void a_connection_that_was_idle_for_long_is_not_used(void **state)
{
    fault_world *world = &((fault_tls_world *)*state)->world;
    const fault_plan plan = {0};
    fault_world_start(world, &plan, NULL);
    expect_good_over(world, 1);
    later(29);
    expect_good_over(world, 1);
    later(32);
    expect_good_over(world, 2);
}

static void a_connection_is_not_used_for_ever(void **state)
{
    fault_world *world = &((fault_tls_world *)*state)->world;
    const fault_plan plan = {0};
    fault_world_start(world, &plan, NULL);
    for (int seconds = 0; seconds < 300; seconds += 20) {
        expect_good_over(world, 1);
        later(20);
    }
    later(2);
    expect_good_over(world, 2);
}

static void start_proxy(fault_tls_world *self, const fault_tls_options *options, const char *ca_file)
{
    static const fault_step script[] = {READ, SEND("HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"), END};
    static const fault_tls_options issued = {.issued = true};
    char proxy[64];
    fault_tls_start(&self->tls, options);
    fault_tls_start(&self->other, &issued);
    const fault_plan plan = {.script = script, .tls = self->tls.context};
    fault_world_begin(&self->world, &plan);
    snprintf(proxy, sizeof proxy, "%s", fault_server_url(self->world.server));
    okta_client_options client = OKTA_CLIENT_OPTIONS_INIT;
    client.org_url = "https://org.invalid";
    client.proxy = proxy;
    client.ca_file = ca_file == NULL ? self->tls.ca_file : self->other.ca_file;
    fault_world_renew(&self->world, &client);
}

/* An https:// proxy is held to what a server is held to. */
static void a_proxy_is_verified_like_a_server(void **state)
{
    static const fault_tls_options good = {.issued = true};
    static const fault_tls_options tls11 = {.min_version = TLS1_1_VERSION,
                                            .max_version = TLS1_1_VERSION,
                                            .ciphers = "DEFAULT@SECLEVEL=0",
                                            .rsa = true};
    static const fault_tls_options cbc = {
        .max_version = TLS1_2_VERSION, .ciphers = "ECDHE-RSA-AES128-SHA256", .rsa = true};
    static const fault_tls_options elsewhere = {.address = "127.0.0.2", .host = "elsewhere.test"};
    static const struct {
        const char *name;
        const fault_tls_options *options;
        bool other; /* its authority is not in ca_file */
        unsigned heard;
        const char *says;
    } cases[] = {
        {"good", &good, false, 1, ""},
        {"unknown authority", &good, true, 0, "unable to get local issuer certificate"},
        {"other host", &elsewhere, false, 0, "127.0.0.1"},
        {"TLS 1.1", &tls11, false, 0, ""},
        {"CBC", &cbc, false, 0, ""},
    };
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        start_proxy(self, cases[i].options, cases[i].other ? "other" : NULL);
        fault_outcome outcome = fault_request_once(&self->world, "GET", NULL, 0);
        fault_expect_status(cases[i].name, &outcome, OKTA_E_TRANSPORT);
        if (strstr(outcome.message, cases[i].says) == NULL) {
            fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].name, outcome.message, cases[i].says);
        }
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_request_count(self->world.server), cases[i].heard);
        if (cases[i].heard > 0) {
            expect_line(&self->world, 0, "CONNECT org.invalid:443 HTTP/1.1\r\n");
        }
        fault_world_stop(&self->world);
        fault_tls_stop(&self->tls);
        fault_tls_stop(&self->other);
    }
}

/* What a proxy says before the tunnel is no part of the server's answer. */
static void headers_of_a_proxy_are_not_the_answers(void **state)
{
    static const fault_step script[] = {
        READ,
        SEND("HTTP/1.1 200 OK\r\nX-Okta-Request-Id: of-the-proxy\r\nX-From: proxy\r\n\r\n"),
        {FAULT_TUNNEL, NULL, 0, 0},
        END};
    static const fault_tls_options issued = {.issued = true};
    fault_tls_world *self = *state;
    fault_tls_start(&self->tls, &issued);
    const fault_plan plan = {.script = script, .tunnel = self->tls.context};
    fault_world_begin(&self->world, &plan);
    char org[64];
    snprintf(org, sizeof org, "https://127.0.0.1:%u", fault_server_port(self->world.server));
    okta_client_options client = OKTA_CLIENT_OPTIONS_INIT;
    client.org_url = org;
    client.proxy = fault_server_url(self->world.server);
    client.ca_file = self->tls.ca_file;
    fault_world_renew(&self->world, &client);
    okta_call *call = okta_request_call(self->world.client, "GET", FAULT_PATH, NULL);
    okta_error *error = okta_call_run(call);
    assert_null(error);
    assert_null(okta_call_header(call, "X-From", 0));
    assert_null(okta_call_header(call, "X-Okta-Request-Id", 0));
    assert_non_null(okta_call_header(call, "Content-Type", 0));
    okta_free(call);
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_request_count(self->world.server), 2);
}

static int begin(void **state)
{
    (void)state;
    return okta_error_status(oktai_init(true)) == OKTA_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TLS_TEST(path_as_is_keeps_dot_segments),
        FAULT_TLS_TEST(a_url_with_a_user_or_another_protocol_is_not_fetched),
        FAULT_TLS_TEST(a_redirect_is_an_answer),
        FAULT_TLS_TEST(a_proxy_is_used_as_the_option_says),
        FAULT_TLS_TEST(a_connection_that_was_idle_for_long_is_not_used),
        FAULT_TLS_TEST(a_connection_is_not_used_for_ever),
        FAULT_TLS_TEST(a_proxy_is_verified_like_a_server),
        FAULT_TLS_TEST(headers_of_a_proxy_are_not_the_answers),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
