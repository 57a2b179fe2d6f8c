/* SPDX-License-Identifier: Apache-2.0 */
/* Options as they are shown: all of them, and no secret. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "http/route.h"

#define CANARY "c4n4ry"

static okta_option_values *describe(const okta_client_options *options)
{
    okta_option_values *values = NULL;
    okta_error *error = okta_client_options_describe(options, &values);
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
    return values;
}

static void expect_shown(const okta_option_values *values, const char *name, const char *value,
                         const char *source)
{
    const okta_option_value *item = value_named(values, name);
    assert_non_null(item);
    if (value == NULL) {
        assert_null(item->value);
    } else {
        assert_non_null(item->value);
        assert_string_equal(item->value, value);
    }
    assert_string_equal(item->source, source);
}

static void shows_what_holds_when_nothing_is_set(void **state)
{
    static const struct {
        const char *name, *value;
    } defaults[] = {
        {"org_url", NULL},
        {"authorization_mode", "SSWS"},
        {"token", NULL},
        {"user_agent", NULL},
        {"ca_file", NULL},
        {"proxy", NULL},
        {"timeout_ms", "60000"},
        {"connect_timeout_ms", "10000"},
        {"max_retries", "3"},
        {"max_response_bytes", "16777216"},
        {"log_level", "none"},
        {"log", NULL},
        {"log_ctx", NULL},
        {"client_id", NULL},
        {"scopes", NULL},
        {"signer", NULL},
        {"private_key", NULL},
        {"private_key_id", NULL},
        {"private_key_alg", NULL},
        {"assertion_audience", NULL},
        {"assertion_type", "JWT"},
        {"client_secret", NULL},
        {"client_auth_method", "client_secret_basic"},
        {"dpop", "auto"},
        {"pacing", "on"},
        {"rate_limit_percent", "100"},
        {"rate_limit_reserve", "0"},
        {"max_in_flight", "10"},
        {"private_key_readable", "false"},
        {"admin_host", "false"},
        {"http_version", "auto"},
        {"token_source", NULL},
        {"token_source_ctx", NULL},
        {"assertion_file", NULL},
    };
    config_world *world = *state;
    okta_option_values *values = describe(&world->code);
    assert_int_equal(values->count, COUNT(defaults));
    for (size_t i = 0; i < COUNT(defaults); i++) {
        assert_string_equal(values->items[i].name, defaults[i].name);
        expect_shown(values, defaults[i].name, defaults[i].value, "default");
    }
    okta_free(values);
}

static void log_nothing(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    (void)event;
}

static void shows_what_a_program_sets_itself(void **state)
{
    config_world *world = *state;
    world->code.org_url = "https://a.example";
    world->code.token = CANARY;
    world->code.client_secret = CANARY;
    world->code.timeout_ms = 5;
    world->code.max_retries = (okta_opt_int){true, 0};
    world->code.max_response_bytes = SIZE_MAX;
    world->code.log = log_nothing;
    world->code.log_level = OKTA_LOG_DEBUG;
    world->code.dpop = OKTA_DPOP_NEVER;
    world->code.pacing = 77;
    world->code.proxy = "";
    okta_option_values *values = describe(&world->code);
    expect_shown(values, "org_url", "https://a.example", "code");
    expect_shown(values, "token", "***", "code");
    expect_shown(values, "client_secret", "***", "code");
    expect_shown(values, "timeout_ms", "5", "code");
    expect_shown(values, "max_retries", "0", "code");
    expect_shown(values, "max_response_bytes", SIZE_MAX > UINT32_MAX ? "9223372036854775807" : "4294967295",
                 "code");
    expect_shown(values, "log", "set", "code");
    expect_shown(values, "log_ctx", NULL, "default");
    expect_shown(values, "log_level", "debug", "code");
    expect_shown(values, "dpop", "never", "code");
    expect_shown(values, "pacing", "unknown", "code");
    expect_shown(values, "proxy", "", "code");
    assert_non_null(strstr(values->text, "\nproxy                 \"\" "));
    okta_free(values);
}

/* A program may change what it has loaded. */
static void knows_what_was_changed_after_loading(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_REQUESTTIMEOUT", "5");
    config_set(world, "OKTA_CLIENT_CLIENTID", "c1");
    config_set(world, "OKTA_CLIENT_RATELIMIT_MAXRETRIES", "2");
    okta_client_options *options = config_load(world);
    options->timeout_ms = 6000;
    options->client_id = NULL;
    options->user_agent = "mine";
    okta_option_values *values = describe(options);
    expect_shown(values, "timeout_ms", "6000", "code");
    expect_shown(values, "client_id", NULL, "default");
    expect_shown(values, "user_agent", "mine", "code");
    expect_shown(values, "max_retries", "2", "OKTA_CLIENT_RATELIMIT_MAXRETRIES");
    okta_free(values);
    options->max_retries.value = 4;
    values = describe(options);
    expect_shown(values, "max_retries", "4", "code");
    okta_free(values);
    okta_free(options);
}

static void aligns_its_table(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_ORGURL", "https://a.example");
    config_set(world, "OKTA_CLIENT_CAFILE", "/\xc3\xa9/ca");
    okta_client_options *options = config_load(world);
    okta_option_values *values = describe(options);
    static const char *const lines[] = {
        "org_url               https://a.example    OKTA_CLIENT_ORGURL\n",
        "authorization_mode    SSWS                 default\n",
        "token                 -                    default\n",
        "ca_file               /\xc3\xa9/ca                OKTA_CLIENT_CAFILE\n",
        "max_in_flight         10                   default\n",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        if (strstr(values->text, lines[i]) == NULL) {
            fail_msg("no line \"%s\" in:\n%s", lines[i], values->text);
        }
    }
    okta_free(values);
    okta_free(options);
}

static void masks_passwords_in_urls(void **state)
{
    static const struct {
        const char *url, *shown;
    } cases[] = {
        {"http://h:1", "http://h:1"},
        {"http://u:" CANARY "@h:1", "http://u:***@h:1"},
        {"http://" CANARY "@h:1", "http://***@h:1"},
        {"u:" CANARY "@h:1", "u:***@h:1"},
        {CANARY "@h:1", "***@h:1"},
        {"http://u:" CANARY "/x@y:" CANARY "@h:1", "http://u:***@h:1"},
        {"http://u:" CANARY "://x@h", "http://u:***@h"},
        {"u:" CANARY "://" CANARY "@h", "u:***@h"},
        {"http:/u:" CANARY "@h", "http:***@h"},
        {"http//u:" CANARY "@h", "http//u:***@h"},
        {"//u:" CANARY "@h", "//u:***@h"},
        {"https://[::1]:80", "https://[::1]:80"},
        {":" CANARY "@", ":***@"},
        {"@", "***@"},
        {"", ""},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        world->code.proxy = cases[i].url;
        world->code.org_url = cases[i].url;
        world->code.assertion_audience = cases[i].url;
        okta_option_values *values = describe(&world->code);
        expect_shown(values, "proxy", cases[i].shown, "code");
        expect_shown(values, "org_url", cases[i].shown, "code");
        expect_shown(values, "assertion_audience", cases[i].shown, "code");
        assert_null(strstr(values->text, CANARY));
        okta_free(values);
    }
}

/* Each secret from each place that can hold it. */
static void never_shows_a_secret(void **state)
{
    static const char *const keys[] = {
        "-----BEGIN PRIVATE KEY-----\\n" CANARY "\\n-----END PRIVATE KEY-----",
        " {\"kty\":\"EC\",\"d\":\"" CANARY "\"}",
        CANARY,
        "MII/" CANARY "/==",
    };
    static const char *const variables[] = {"OKTA_CLIENT_TOKEN", "OKTA_CLIENT_PROXY_PASSWORD"};
    config_world *world = *state;
    for (unsigned round = 0; round < 2 * (COUNT(keys) + COUNT(variables)); round++) {
        unsigned n = round / 2;
        const char *name = n < COUNT(keys) ? "OKTA_CLIENT_PRIVATEKEY" : variables[n - COUNT(keys)];
        const char *value = n < COUNT(keys) ? keys[n] : CANARY;
        config_reset(world);
        config_set(world, "OKTA_CLIENT_PROXY_HOST", "h");
        config_set(world, "OKTA_CLIENT_PROXY_USERNAME", "u");
        if (round % 2 == 0) {
            config_set(world, name, value);
        } else {
            char quoted[128];
            (void)snprintf(quoted, sizeof quoted, "'%s'", value);
            char *text = config_yaml_of(row_of_variable(name), quoted);
            config_write_home(world, text);
            free(text);
        }
        okta_client_options *options = config_load(world);
        okta_option_values *values = describe(options);
        bool set =
            options->token != NULL || options->private_key != NULL || strstr(options->proxy, CANARY) != NULL;
        assert_true(set);
        assert_null(strstr(values->text, CANARY));
        assert_non_null(strstr(values->text, "***"));
        for (size_t i = 0; i < values->count; i++) {
            assert_true(values->items[i].value == NULL || strstr(values->items[i].value, CANARY) == NULL);
            assert_null(strstr(values->items[i].source, CANARY));
        }
        okta_free(values);
        okta_free(options);
    }
}

static void shows_the_path_of_a_key(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_PRIVATEKEY", "/keys/app.pem");
    okta_client_options *options = config_load(world);
    okta_option_values *values = describe(options);
    expect_shown(values, "private_key", "/keys/app.pem", "OKTA_CLIENT_PRIVATEKEY");
    okta_free(values);
    okta_free(options);
}

static void expect_route(const char *org_url, const char *url)
{
    oktai_route route;
    oktai_arena arena = {0};
    assert_true(oktai_route_find(&arena, org_url, NULL, NULL, &route));
    assert_string_equal(route.proxy, url);
    oktai_arena_clear(&arena);
}

/* Small letters come first, an empty variable is none, NO_PROXY names hosts, domains and networks. What is
 * shown is what a client's connections take. */
static void shows_the_proxy_that_is_taken_from_the_environment(void **state)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",   "no_proxy",    "NO_PROXY"};
    static const struct {
        const char *set[COUNT(names)];
        const char *url, *shown, *source;
    } cases[] = {
        {{NULL}, "https://a.example", NULL, "default"},
        {{"http://one", "http://two"}, "https://a.example", "http://one", "https_proxy"},
        {{"", "http://two"}, "https://a.example", "http://two", "HTTPS_PROXY"},
        {{NULL, NULL, NULL, "socks5://u:" CANARY "@h"}, "https://a.example", "socks5://u:***@h", "ALL_PROXY"},
        {{"http://one", NULL, NULL, NULL, "a.example"}, "https://a.example", "", "no_proxy"},
        {{"http://one", NULL, NULL, NULL, "a.example"}, "https://b.a.EXAMPLE:8443/", "", "no_proxy"},
        {{"http://one", NULL, NULL, NULL, "a.example"}, "https://ba.example", "http://one", "https_proxy"},
        {{"http://one", NULL, NULL, NULL, NULL, ".a.example, c"}, "https://c.", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, ".a.example"}, "https://a.example", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "*"}, "https://a.example", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "10.0.0.0/8"}, "https://10.1.2.3", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "10.0.0.0/9"},
         "https://10.128.2.3",
         "http://one",
         "https_proxy"},
        {{"http://one", NULL, NULL, NULL, NULL, "fd00::/8"}, "https://[fd12::1]:1", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "[fd12::1]"}, "https://[fd12::1]:1", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "0.0.0.0/0"}, "https://10.1.2.3", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "10.1.2.3/"},
         "https://10.1.2.3",
         "http://one",
         "https_proxy"},
        {{"http://one", NULL, NULL, NULL, NULL, "10.0.0.0/8x"},
         "https://10.1.2.3",
         "http://one",
         "https_proxy"},
        {{"http://one", NULL, NULL, NULL, "", "a.example.\n"}, "https://A.example", "", "NO_PROXY"},
        {{"http://one", NULL, NULL, NULL, NULL, "a.example.."},
         "https://a.example",
         "http://one",
         "https_proxy"},
        {{"http://one", NULL, NULL, NULL, NULL, "a.example"}, NULL, "http://one", "https_proxy"},
        {{"http://one"}, "http://127.0.0.1:1", NULL, "default"},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t n = 0; n < COUNT(names); n++) {
            assert_int_equal(
                cases[i].set[n] == NULL ? unsetenv(names[n]) : setenv(names[n], cases[i].set[n], 1), 0);
        }
        world->code.org_url = cases[i].url;
        okta_option_values *values = describe(&world->code);
        expect_shown(values, "proxy", cases[i].shown, cases[i].source);
        if (cases[i].url != NULL) {
            bool is_used = cases[i].shown != NULL && cases[i].shown[0] != '\0';
            expect_route(cases[i].url, is_used ? getenv(cases[i].source) : "");
        }
        assert_null(strstr(values->text, CANARY));
        okta_free(values);
    }
    for (size_t n = 0; n < COUNT(names); n++) {
        assert_int_equal(unsetenv(names[n]), 0);
    }
}

/* A value may hold bytes that are not text: no line of the table is broken by them. */
static void shows_one_line_a_value(void **state)
{
    config_world *world = *state;
    world->code.user_agent = "a\nb\x1b[31m\xff"
                             "c";
    okta_option_values *values = describe(&world->code);
    expect_shown(values, "user_agent", "a b [31m c", "code");
    size_t lines = 0;
    for (const char *c = values->text; *c != '\0'; c++) {
        lines += *c == '\n';
        assert_true(*c == '\n' || (unsigned char)*c >= ' ');
    }
    assert_int_equal(lines, values->count);
    okta_free(values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(shows_what_holds_when_nothing_is_set),
        CONFIG_TEST(shows_what_a_program_sets_itself),
        CONFIG_TEST(knows_what_was_changed_after_loading),
        CONFIG_TEST(aligns_its_table),
        CONFIG_TEST(masks_passwords_in_urls),
        CONFIG_TEST(never_shows_a_secret),
        CONFIG_TEST(shows_the_path_of_a_key),
        CONFIG_TEST(shows_the_proxy_that_is_taken_from_the_environment),
        CONFIG_TEST(shows_one_line_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
