/* SPDX-License-Identifier: Apache-2.0 */
/* Making clients: what options are refused, what they do, and how long a client lives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "client/client.h"

static okta_error *make(const okta_client_options *options, okta_client **out)
{
    *out = (okta_client *)(uintptr_t)options; /* must not stay */
    return okta_client_new(options, out);
}

static void refuses(const char *label, const okta_client_options *options, okta_status status,
                    const char *part)
{
    okta_client *client;
    api_expect_refusal(label, make(options, &client), status, part);
    assert_null(client);
}

static okta_client_options good_options(void)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = "https://org.example.com";
    options.token = API_TOKEN;
    return options;
}

/* No client for these: the credential would go where it must not, or nowhere. */
static const char *const refused_urls[] = {
    NULL,
    "",
    " ",
    "org.example.com",
    "//org.example.com",
    "/api/v1",
    "https",
    "https:",
    "https:/",
    "https://",
    "https:///",
    "https:///path",
    "https:/org.example.com",
    "https:///org.example.com",
    "https://exa%6dple.com",
    "https://[::1%25eth0]",
    "https://org|example.com",
    "https://org.example.com;x",
    "https://?",
    "https://:443",
    "ftp://org.example.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "ws://org.example.com",
    "https://user@org.example.com",
    "https://user:password@org.example.com",
    "https://:password@org.example.com",
    "https://@org.example.com",
    "https://org.example.com@evil.example",
    "https://org.example.com/path",
    "https://org.example.com//",
    "https://org.example.com/.",
    "https://org.example.com/..",
    "https://org.example.com/%2e",
    "https://org.example.com?",
    "https://org.example.com?a=b",
    "https://org.example.com/?a=b",
    "https://org.example.com#",
    "https://org.example.com#f",
    "https://org.example.com/#f",
    "https://org.example.com:0",
    "https://org.example.com:00",
    "https://org.example.com:65536",
    "https://org.example.com:99999999999",
    "https://org.example.com:-1",
    "https://org.example.com:x",
    "https://org.example.com:443x",
    "https://org example.com",
    "https://org.example.com ",
    " https://org.example.com",
    "https://org.example.com\t",
    "https://org.example.com\n",
    "https://org.example.com\r\nX-Evil: 1",
    "https://org.example.com\\@evil.example",
    "https:\\\\org.example.com",
    "https://org\x01.example.com",
    "https://org.example.com\x7f",
    "https://\xc3\xa9.example.com",
    "https://org.example.com%00.evil.example",
    "https://org.example.com%2f.evil.example",
    "https://org.example.com%40evil.example",
    "https://[::1",
    "https://::1]",
    "https://[zz]",
    "http://org.example.com",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1@evil.example",
    "http://127.evil.example",
    "http://localhost.evil.example",
    "http://localhost.",
    "http://evil.example:127",
    "http://128.0.0.1",
    "http://0.0.0.0",
    "http://10.0.0.1",
    "http://192.168.0.1",
    "http://[::]",
    "http://[::2]",
    "http://[::ffff:10.0.0.1]",
    "http://[fe80::1%25lo]",
    /* Names that only look like addresses: a resolver could send them anywhere. */
    "http://127.0.0.1.5",
    "http://127.0.0.256",
    "http://127.999.1.1",
    "http://127.",
    "http://127..1",
    "http://127.0.0.1..",
};

static void refuses_what_is_no_org_url(void **state)
{
    (void)state;
    static char long_url[4096];
    okta_client_options options = good_options();
    for (size_t i = 0; i < COUNT(refused_urls); i++) {
        options.org_url = refused_urls[i];
        refuses(refused_urls[i] == NULL ? "NULL" : refused_urls[i], &options, OKTA_E_CONFIG, "org_url ");
    }
    snprintf(long_url, sizeof long_url, "https://%03000d.example.com", 0);
    options.org_url = long_url;
    refuses("a long URL", &options, OKTA_E_CONFIG, "org_url is longer than 2,048 bytes");
}

static void takes_org_urls_and_uses_their_origin(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *origin;
    } cases[] = {
        {"https://org.example.com", "https://org.example.com"},
        {"https://org.example.com/", "https://org.example.com"},
        {"https://org.example.com:8443", "https://org.example.com:8443"},
        {"https://org.example.com:8443/", "https://org.example.com:8443"},
        {"HTTPS://org.example.com", "https://org.example.com"},
        {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
        {"https://192.0.2.1", "https://192.0.2.1"},
        {"https://[2001:db8::1]", "https://[2001:db8::1]"},
        {"https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"},
        {"http://localhost", "http://localhost"},
        {"http://LocalHost", "http://localhost"},
        {"http://localhost:8080/", "http://localhost:8080"},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
        {"http://127.1", "http://127.0.0.1"},
        {"http://0x7f.0.0.1:80", "http://127.0.0.1"}, /* RFC 3986, section 6.2.3 */
        {"https://org.example.com:443/", "https://org.example.com"},
        {"https://org.example.com:80", "https://org.example.com:80"},
        {"https://Org.EXAMPLE.com", "https://org.example.com"}, /* RFC 3986, section 6.2.2.1 */
        {"http://127.255.255.254", "http://127.255.255.254"},
        {"http://[::1]:8080", "http://[::1]:8080"},
    };
    okta_client_options options = good_options();
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_client *client;
        options.org_url = cases[i].url;
        api_expect_success(cases[i].url, make(&options, &client));
        assert_string_equal(client->base_url, cases[i].origin);
        okta_free(client);
    }
}

static void refuses_bad_tokens(void **state)
{
    (void)state;
    static char long_token[16386];
    static const char *const tokens[] = {"",     " ",     "a b",     "a\tb", "a\nb", "a\r\nX-Evil: 1",
                                         "\x01", "a\x7f", "\xc3\xa9"};
    okta_client_options options = good_options();
    options.token = NULL;
    refuses("no token", &options, OKTA_E_CONFIG, "token is required");
    for (size_t i = 0; i < COUNT(tokens); i++) {
        options.token = tokens[i];
        refuses("a token", &options, OKTA_E_CONFIG, "token ");
    }
    memset(long_token, 'a', sizeof long_token - 1);
    options.token = long_token;
    refuses("a long token", &options, OKTA_E_CONFIG, "token is longer than 16,384 bytes");
    options.token = long_token + 1;
    okta_client *client;
    api_expect_success("the longest token", make(&options, &client));
    okta_free(client);
}

static void refuses_bad_options_one_by_one(void **state)
{
    (void)state;
#define CASE(part, member, bad)                                                                              \
    do {                                                                                                     \
        okta_client_options options = good_options();                                                        \
        options.member = (bad);                                                                              \
        refuses(part, &options, OKTA_E_CONFIG, part);                                                        \
    } while (0)
    CASE("authorization_mode must be ", authorization_mode, (okta_authorization_mode)4);
    CASE("authorization_mode", authorization_mode, (okta_authorization_mode)-1);
    CASE("user_agent", user_agent, "a\nb");
    CASE("user_agent", user_agent, "a\r\nX-Evil: 1");
    CASE("user_agent", user_agent, "\x7f");
    CASE("user_agent", user_agent, "\xc3\xa9");
    CASE("timeout_ms", timeout_ms, -1);
    CASE("timeout_ms", timeout_ms, 86400001);
    CASE("timeout_ms", timeout_ms, INT64_MIN);
    CASE("timeout_ms", timeout_ms, INT64_MAX);
    CASE("connect_timeout_ms", connect_timeout_ms, -1);
    CASE("connect_timeout_ms", connect_timeout_ms, 86400001);
    CASE("max_retries", max_retries, okta_int(-1));
    CASE("max_retries", max_retries, okta_int(21));
    CASE("max_retries", max_retries, okta_int(INT64_C(1) << 32));
    CASE("log_level", log_level, (okta_log_level)4);
    CASE("log_level", log_level, (okta_log_level)-1);
    CASE("client_auth_method must be ", client_auth_method, (okta_client_auth_method)2);
    CASE("client_auth_method", client_auth_method, (okta_client_auth_method)-1);
    CASE("dpop", dpop, (okta_dpop_mode)3);
    CASE("dpop", dpop, (okta_dpop_mode)-1);
    CASE("pacing", pacing, (okta_pacing_mode)2);
    CASE("pacing", pacing, (okta_pacing_mode)-1);
    CASE("rate_limit_percent", rate_limit_percent, 101);
    CASE("rate_limit_percent", rate_limit_percent, UINT32_MAX);
    CASE("rate_limit_reserve", rate_limit_reserve, 1000001);
    CASE("rate_limit_reserve", rate_limit_reserve, UINT32_MAX);
    CASE("http_version must be auto or 1.1", http_version, (okta_http_version)2);
    CASE("http_version", http_version, (okta_http_version)-1);
    CASE("max_in_flight", max_in_flight, 76);
    CASE("max_in_flight", max_in_flight, UINT32_MAX);
#undef CASE
}

static void takes_options_at_their_limits(void **state)
{
    (void)state;
    static const int64_t times[] = {1, 86400000};
    static const int64_t retries[] = {0, 20};
    static const unsigned percents[] = {1, 100};
    static const unsigned reserves[] = {0, 1000000};
    static const unsigned in_flight[] = {1, 75};
    for (size_t i = 0; i < 2; i++) {
        okta_client *client;
        okta_client_options options = good_options();
        options.timeout_ms = times[i];
        options.connect_timeout_ms = times[i];
        options.max_retries = okta_int(retries[i]);
        options.max_response_bytes = i == 0 ? 1 : SIZE_MAX;
        options.log_level = OKTA_LOG_DEBUG;
        options.proxy = "";
        options.dpop = OKTA_DPOP_NEVER;
        options.pacing = OKTA_PACING_OFF;
        options.rate_limit_percent = percents[i];
        options.rate_limit_reserve = reserves[i];
        options.max_in_flight = in_flight[i];
        api_expect_success("limits", make(&options, &client));
        assert_int_equal(client->timeout_ms, times[i]);
        assert_int_equal(client->max_retries, retries[i]);
        assert_true(client->pacing.options.off);
        assert_int_equal(client->pacing.options.percent, percents[i]);
        assert_int_equal(client->pacing.options.reserve, reserves[i]);
        assert_int_equal(client->pacing.options.max_in_flight, in_flight[i]);
        okta_free(client);
    }
}

/* What stands behind the struct of its headers is no option. */
static void takes_the_options_of_an_older_program(void **state)
{
    (void)state;
    okta_client *client = NULL;
    okta_client_options options = good_options();
    options.struct_size = offsetof(okta_client_options, http_version);
    options.http_version = (okta_http_version)77;
    api_expect_success("older", make(&options, &client));
    assert_false(client->transport.http_1_1);
    okta_free(client);
}

static void defaults_are_as_documented(void **state)
{
    const api_world *world = *state;
    assert_int_equal(world->client->timeout_ms, 60000);
    assert_int_equal(world->client->max_retries, 3);
    assert_int_equal(world->client->transport.connect_timeout_ms, 10000);
    assert_int_equal(world->client->transport.max_response_bytes, 16777216);
    assert_int_equal(world->client->log_level, OKTA_LOG_NONE);
    assert_false(world->client->pacing.options.off);
    assert_int_equal(world->client->pacing.options.percent, 100);
    assert_int_equal(world->client->pacing.options.reserve, 0);
    assert_int_equal(world->client->pacing.options.max_in_flight, 10);
}

static void refuses_foreign_sizes_and_null(void **state)
{
    (void)state;
    okta_client_options options = good_options();
    okta_client *client = (okta_client *)state;
    static const size_t sizes[] = {0, 1, offsetof(okta_client_options, log_ctx), SIZE_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        options.struct_size = sizes[i];
        refuses("a struct without a size", &options, OKTA_E_ARG, "OKTA_CLIENT_OPTIONS_INIT");
    }
    struct {
        okta_client_options ours;
        unsigned char more[8];
    } longer = {.ours = good_options(), .more = {0}};
    longer.ours.struct_size = sizeof longer;
    api_expect_success("a longer struct", make(&longer.ours, &client));
    okta_free(client);
    longer.more[7] = 1;
    refuses("a longer struct", &longer.ours, OKTA_E_ARG, "newer headers");
    api_expect_refusal("no options", okta_client_new(NULL, &client), OKTA_E_ARG, "options must not be NULL");
    assert_null(client);
    api_expect_refusal("no out", okta_client_new(&options, NULL), OKTA_E_ARG, "out must not be NULL");
}

static void does_not_start_where_tls_secrets_are_written(void **state)
{
    (void)state;
    okta_client_options options = good_options();
    assert_int_equal(setenv("SSLKEYLOGFILE", "/nowhere", 1), 0);
    refuses("SSLKEYLOGFILE", &options, OKTA_E_CONFIG, "SSLKEYLOGFILE");
    assert_int_equal(unsetenv("SSLKEYLOGFILE"), 0);
    okta_client *client;
    api_expect_success("without it", make(&options, &client));
    okta_free(client);
}

static void puts_the_programs_user_agent_first(void **state)
{
    static const struct {
        const char *given;
        const char *begins;
    } cases[] = {
        {"provisioner/2.1 (x; y)", "provisioner/2.1 (x; y) libokta/"}, {"", "libokta/"}, {NULL, "libokta/"}};
    api_world *world = *state;
    okta_client_options options = api_options(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_oauth2_client_jwk_list *list = NULL;
        options.user_agent = cases[i].given;
        api_world_renew(world, &options);
        api_forget(world);
        api_expect_success("listJwk", okta_list_jwk(world->client, API_APP, &list));
        okta_free(list);
        const char *sent = mock_request_header(mock_org_request_at(world->org, 0), "User-Agent");
        assert_int_equal(strncmp(sent, cases[i].begins, strlen(cases[i].begins)), 0);
        assert_non_null(strstr(sent, " libcurl/"));
    }
}

static void copies_what_it_is_made_from(void **state)
{
    api_world *world = *state;
    char url[64];
    char token[64];
    char agent[64];
    okta_client_options options = api_options(world);
    okta_oauth2_client_jwk_list *list = NULL;
    okta_client *client;
    snprintf(url, sizeof url, "%s/", mock_org_url(world->org));
    snprintf(token, sizeof token, "%s", API_TOKEN);
    snprintf(agent, sizeof agent, "agent");
    options.org_url = url;
    options.token = token;
    options.user_agent = agent;
    api_expect_success("new", make(&options, &client));
    memset(url, 'x', sizeof url - 1);
    memset(token, 'x', sizeof token - 1);
    memset(agent, 'x', sizeof agent - 1);
    memset(&options, 0, sizeof options);
    api_expect_success("listJwk", okta_list_jwk(client, API_APP, &list));
    okta_free(list);
    okta_free(client);
    api_expect_header("listJwk", world, 0, "Authorization", "SSWS " API_TOKEN);
}

static void a_wrong_token_is_an_authentication_error(void **state)
{
    api_world *world = *state;
    okta_client_options options = api_options(world);
    options.token = "00wrong";
    api_world_renew(world, &options);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        void *out = NULL;
        okta_error *error = api_operations[i].run(world->client, api_operations[i].ids, &out);
        assert_string_equal(okta_error_code(error), "E0000011");
        api_expect_refusal(api_operations[i].name, error, OKTA_E_AUTH, "HTTP 401");
    }
    api_expect_requests("all", world, API_OPERATION_COUNT);
}

/* A client on plain HTTP is on loopback, where a proxy of the environment would read its credential. */
static void no_proxy_of_the_environment_sees_a_plain_credential(void **state)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"};
    api_world *world = *state;
    api_world proxy;
    api_world_start(&proxy, NULL, NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        okta_oauth2_client_jwk_list *list = NULL;
        assert_int_equal(setenv(names[i], mock_org_url(proxy.org), 1), 0);
        api_world_renew(world, NULL);
        api_expect_success(names[i], okta_list_jwk(world->client, API_APP, &list));
        okta_free(list);
        assert_int_equal(unsetenv(names[i]), 0);
    }
    api_expect_requests("the org", world, COUNT(names));
    api_expect_requests("the proxy", &proxy, 0);
    api_world_stop(&proxy);
}

static void refuses_a_proxy_before_a_plain_org(void **state)
{
    const api_world *world = *state;
    okta_client_options options = api_options(world);
    options.proxy = "http://127.0.0.1:3128";
    refuses("a proxy", &options, OKTA_E_CONFIG, "proxy ");
    options.proxy = "";
    okta_client *client;
    api_expect_success("no proxy", make(&options, &client));
    okta_free(client);
}

/* A create without a body, and the look ahead of it, are the requests that open a connection each time; the
 * next ones use what is there. */
static void reuses_its_connection(void **state)
{
    api_world *world = *state;
    int64_t connection = 1;
    size_t next = 0;
    for (size_t i = 0; i < 3 * API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i % API_OPERATION_COUNT];
        bool fresh = operation->effect == API_CREATE && operation->body[0] == '\0';
        void *out = NULL;
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, operation->run(world->client, operation->ids, &out));
        okta_free(out);
        for (unsigned k = 0; k <= operation->looks_before; k++) {
            connection += fresh;
            api_expect_number(operation->name, "the connection",
                              mock_org_request_at(world->org, next++)->connection, connection);
        }
    }
    api_expect_requests("all", world, next);
}

static void lives_as_long_as_its_calls_and_pages(void **state)
{
    api_world *world = *state;
    okta_call *calls[API_OPERATION_COUNT];
    okta_pages *pages = okta_request_pages(world->client, "/api/v1/users");
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        calls[i] = api_operations[i].call(world->client, api_operations[i].ids);
    }
    okta_free(world->client);
    world->client = NULL;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        void *out = NULL;
        api_queue_good_answer(world, &api_operations[i]);
        api_expect_success(api_operations[i].name, api_run_call(&api_operations[i], calls[i], &out));
        okta_free(out);
        okta_free(calls[i]);
    }
    assert_non_null(okta_pages_next(pages));
    assert_null(okta_pages_next(pages));
    api_expect_success("pages", okta_pages_error(pages));
    okta_free(pages);
}

static void has_the_version_of_its_headers(void **state)
{
    (void)state;
    assert_string_equal(okta_version(), OKTA_VERSION);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_org_url),
        cmocka_unit_test(takes_org_urls_and_uses_their_origin),
        cmocka_unit_test(refuses_bad_tokens),
        cmocka_unit_test(refuses_bad_options_one_by_one),
        cmocka_unit_test(takes_options_at_their_limits),
        cmocka_unit_test(takes_the_options_of_an_older_program),
        TEST(defaults_are_as_documented),
        cmocka_unit_test(refuses_foreign_sizes_and_null),
        cmocka_unit_test(does_not_start_where_tls_secrets_are_written),
        TEST(puts_the_programs_user_agent_first),
        TEST(copies_what_it_is_made_from),
        TEST(a_wrong_token_is_an_authentication_error),
        TEST(no_proxy_of_the_environment_sees_a_plain_credential),
        TEST(refuses_a_proxy_before_a_plain_org),
        TEST(reuses_its_connection),
        TEST(lives_as_long_as_its_calls_and_pages),
        cmocka_unit_test(has_the_version_of_its_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
