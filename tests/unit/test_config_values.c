/* SPDX-License-Identifier: Apache-2.0 */
/* What a value may be, and what is said of one that is refused. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/org_url.h"
#include "core/error.h"

#define CANARY "c4n4ry"

typedef struct bad_value {
    const char *variable;
    const char *value;  /* as in the environment */
    const char *reason; /* behind the name */
} bad_value;

static const bad_value bad_values[] = {
    {"OKTA_CLIENT_ORGURL", CANARY, "has no https:// in front of the host"},
    {"OKTA_CLIENT_ORGURL", CANARY ".okta.com", "has no https:// in front of the host"},
    {"OKTA_CLIENT_ORGURL", "https://" CANARY ":x", "is not a URL"},
    {"OKTA_CLIENT_ORGURL", "http://" CANARY ".example.com", "must begin with https://"},
    {"OKTA_CLIENT_ORGURL", "https://u:" CANARY "@example.com", "must not hold a user or password"},
    {"OKTA_CLIENT_ORGURL", "https://example.com/" CANARY, "must end behind the host"},
    {"OKTA_CLIENT_ORGURL", "https://exa mple.com", "has a character that a URL cannot have"},
    {"OKTA_CLIENT_AUTHORIZATIONMODE", CANARY, "must be SSWS, Bearer, PrivateKey or ClientSecret"},
    {"OKTA_CLIENT_AUTHORIZATIONMODE", "SSWS ", "must be SSWS, Bearer, PrivateKey or ClientSecret"},
    {"OKTA_CLIENT_AUTHORIZATIONMODE", "SSW", "must be SSWS, Bearer, PrivateKey or ClientSecret"},
    {"OKTA_CLIENT_AUTHORIZATIONMODE", "SSWSS", "must be SSWS, Bearer, PrivateKey or ClientSecret"},
    {"OKTA_CLIENT_TOKEN", CANARY " x", "must be printable ASCII without spaces"},
    {"OKTA_CLIENT_TOKEN", CANARY "\xc3\xa9", "must be printable ASCII without spaces"},
    {"OKTA_CLIENT_TOKEN", "SSWS " CANARY, "begins with its scheme: leave out \"SSWS\""},
    {"OKTA_CLIENT_TOKEN", "bearer " CANARY, "begins with its scheme: leave out \"Bearer\""},
    {"OKTA_CLIENT_TOKEN", "DPoP " CANARY, "begins with its scheme: leave out \"DPoP\""},
    {"OKTA_CLIENT_TOKEN", "Authorization: SSWS " CANARY,
     "is a whole header: leave out all but the credential"},
    {"OKTA_CLIENT_TOKEN", CANARY " ", "ends in a space"},
    {"OKTA_CLIENT_TOKEN", " " CANARY, "begins with a space"},
    {"OKTA_CLIENT_CLIENTID", CANARY " ", "ends in a space"},
    {"OKTA_CLIENT_CLIENTID", " " CANARY, "begins with a space"},
    {"OKTA_CLIENT_USERAGENT", CANARY "\xc3\xa9", "must be printable ASCII"},
    {"OKTA_CLIENT_CAFILE", CANARY "\t", "must be the name of a file"},
    {"OKTA_CLIENT_PROXY_HOST", CANARY "/path", "must be a host name or address"},
    {"OKTA_CLIENT_PROXY_HOST", "user:" CANARY "@proxy.example", "must be a host name or address"},
    {"OKTA_CLIENT_PROXY_HOST", "http://", "must be a host name or address"},
    {"OKTA_CLIENT_PROXY_HOST", "ht_tp://proxy", "must be a host name or address"},
    {"OKTA_CLIENT_PROXY_HOST", "a@b://proxy", "must be a host name or address"},
    {"OKTA_CLIENT_PROXY_HOST", "proxy\texample", "must be a host name or address"},
    {"OKTA_CLIENT_PROXY_HOST", "ftp://proxy.example", "must be a URL with http, https, socks4"},
    {"OKTA_CLIENT_PROXY_HOST", "proxy.example:80:80:80x", "must be a URL with http, https, socks4"},
    {"OKTA_CLIENT_PROXY_PORT", "0", "must be a whole number from 1 to 65535"},
    {"OKTA_CLIENT_PROXY_PORT", "65536", "must be a whole number from 1 to 65535"},
    {"OKTA_CLIENT_PROXY_PORT", CANARY, "must be a whole number from 1 to 65535"},
    {"OKTA_CLIENT_PROXY_USERNAME", "a:" CANARY, "must not hold a colon or control characters"},
    {"OKTA_CLIENT_PROXY_PASSWORD", CANARY "\t", "must not hold control characters"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "86401", "must be a whole number of seconds from 0 to 86400"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "-1", "must be a whole number of seconds from 0 to 86400"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "1.5", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "1e3", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "0x10", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "010", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "+1", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "1 s", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "1_0", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "18446744073709551617", "must be a whole number of seconds"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", CANARY, "must be a whole number of seconds"},
    {"OKTA_CLIENT_CONNECTIONTIMEOUT", "86401", "must be a whole number of seconds from 0 to 86400"},
    {"OKTA_CLIENT_RATELIMIT_MAXRETRIES", "21", "must be a whole number from 0 to 20"},
    {"OKTA_CLIENT_MAXRESPONSEBYTES", "0", "must be a whole number of bytes from 1 to 1073741824"},
    {"OKTA_CLIENT_MAXRESPONSEBYTES", "1073741825", "must be a whole number of bytes from 1"},
    {"OKTA_CLIENT_LOGLEVEL", CANARY, "must be none, warn, info or debug"},
    {"OKTA_CLIENT_CLIENTID", CANARY " x", "must be printable ASCII without spaces"},
    {"OKTA_CLIENT_SCOPES", "okta.apps.read " CANARY "\xc3\xa9",
     "must be OAuth scopes with one space between them"},
    {"OKTA_CLIENT_SCOPES", "a" CANARY "\\b", "must be OAuth scopes with one space between them"},
    {"OKTA_CLIENT_PRIVATEKEYID", CANARY "\xc3\xa9", "must be printable ASCII, at most 255 bytes"},
    {"OKTA_CLIENT_CLIENTSECRET", CANARY "\t", "must be printable ASCII"},
    {"OKTA_CLIENT_CLIENTSECRET", CANARY "\xc3\xa9", "must be printable ASCII"},
    {"OKTA_CLIENT_CLIENTAUTHMETHOD", CANARY, "must be client_secret_basic or client_secret_post"},
    {"OKTA_CLIENT_CLIENTAUTHMETHOD", "private_key_jwt", "must be client_secret_basic or client_secret_post"},
    {"OKTA_CLIENT_PRIVATEKEYALG", CANARY " x", "must be printable ASCII without spaces"},
    {"OKTA_CLIENT_ASSERTION_AUDIENCE", CANARY " x", "must be printable ASCII without spaces"},
    {"OKTA_CLIENT_ASSERTION_TYPE", CANARY " x", "must be printable ASCII without spaces"},
    {"OKTA_CLIENT_ASSERTION_FILE", "eyJhbGciOiJFUzI1NiJ9.e30." CANARY,
     "looks like an assertion: put that into a file"},
    {"OKTA_CLIENT_ASSERTION_FILE", "\"eyJhbGciOiJFUzI1NiJ9.e30." CANARY "\"",
     "looks like an assertion: put that into"},
    {"OKTA_CLIENT_DPOP", CANARY, "must be auto, always or never"},
    {"OKTA_CLIENT_PACING", "yes", "must be on or off"},
    {"OKTA_CLIENT_RATELIMIT_PERCENT", "0", "must be a whole number from 1 to 100"},
    {"OKTA_CLIENT_RATELIMIT_PERCENT", "101", "must be a whole number from 1 to 100"},
    {"OKTA_CLIENT_RATELIMIT_RESERVE", "1000001", "must be a whole number from 0 to 1000000"},
    {"OKTA_CLIENT_MAXINFLIGHT", "0", "must be a whole number from 1 to 75"},
    {"OKTA_CLIENT_MAXINFLIGHT", "76", "must be a whole number from 1 to 75"},
    {"OKTA_CLIENT_PRIVATEKEYREADABLE", "yes", "must be false or true"},
    {"OKTA_CLIENT_ADMINHOST", "1", "must be false or true"},
    {"OKTA_CLIENT_HTTPVERSION", "2", "must be auto or 1.1"},
};

static void expect_bad_in_environment(config_world *world, const bad_value *bad)
{
    char phrase[256];
    config_reset(world);
    config_set(world, bad->variable, bad->value);
    /* What is put together is named with a colon. */
    bool whole = strncmp(bad->reason, "must be a URL", 13) == 0;
    (void)snprintf(phrase, sizeof phrase, whole ? "%s: the proxy %s" : "%s %s", bad->variable, bad->reason);
    config_refused(world, phrase, CANARY);
}

/* The value in single quotes, below two lines of another root. */
static void expect_bad_in_file(config_world *world, const bad_value *bad)
{
    const oktai_option_row *row = row_of_variable(bad->variable);
    char quoted[128];
    char phrase[512];
    config_reset(world);
    (void)snprintf(quoted, sizeof quoted, "'%s'", bad->value);
    char *value = config_yaml_of(row, quoted);
    char *text = malloc(strlen(value) + 64);
    assert_non_null(text);
    (void)snprintf(text, strlen(value) + 64, "---\n# comment\n%s", value);
    config_write_folder(world, text);
    unsigned line = strncmp(row->path, "okta.client.proxy.", 18) == 0 ||
                            strchr(row->path + strlen("okta.client."), '.') != NULL
                        ? 6
                        : 5;
    bool whole = strncmp(bad->reason, "must be a URL", 13) == 0;
    if (whole) {
        (void)snprintf(phrase, sizeof phrase, "/okta.yaml:%u: the proxy %s", line, bad->reason);
    } else {
        (void)snprintf(phrase, sizeof phrase, "/okta.yaml:%u: %s %s", line, row->path, bad->reason);
    }
    config_refused(world, phrase, CANARY);
    free(value);
    free(text);
}

/* As a variable has it that was set from a file. YAML folds a line break into a space. */
static void tells_of_a_line_break_behind_a_value(void **state)
{
    static const bad_value values[] = {
        {"OKTA_CLIENT_TOKEN", CANARY "\n", "ends in a line break"},
        {"OKTA_CLIENT_TOKEN", CANARY "\r\n", "ends in a line break"},
        {"OKTA_CLIENT_TOKEN", "SSWS " CANARY "\n", "begins with its scheme: leave out \"SSWS\""},
        {"OKTA_CLIENT_CLIENTID", CANARY "\n", "ends in a line break"},
        {"OKTA_CLIENT_CLIENTSECRET", CANARY "\n", "ends in a line break"},
        {"OKTA_CLIENT_ASSERTION_AUDIENCE", CANARY "\n", "ends in a line break"},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        expect_bad_in_environment(*state, &values[i]);
    }
}

static void refuses_bad_values_and_names_their_place(void **state)
{
    config_world *world = *state;
    bool refused[OKTAI_OPTION_ROWS] = {false};
    for (size_t i = 0; i < COUNT(bad_values); i++) {
        expect_bad_in_environment(world, &bad_values[i]);
        expect_bad_in_file(world, &bad_values[i]);
        refused[row_of_variable(bad_values[i].variable) - oktai_option_rows] = true;
    }
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        bool any_text = oktai_option_rows[i].view == OKTAI_VIEW_KEY;
        assert_true(refused[i] || any_text || oktai_option_rows[i].variable == NULL);
    }
}

/* A bad value in one place is no better for a good one in the next. */
static void refuses_a_bad_value_that_another_place_overrides(void **state)
{
    config_world *world = *state;
    config_write_home(world, "okta: {client: {requestTimeout: soon}}");
    config_set(world, "OKTA_CLIENT_REQUESTTIMEOUT", "5");
    world->code.timeout_ms = 5;
    config_refused(world, "okta.yaml:1: okta.client.requestTimeout must be a whole number", "soon");
}

static void refuses_texts_beyond_their_limit(void **state)
{
    static const struct {
        const char *variable;
        size_t most;
    } limits[] = {{"OKTA_CLIENT_TOKEN", 16384},         {"OKTA_CLIENT_CLIENTID", 4096},
                  {"OKTA_CLIENT_SCOPES", 4096},         {"OKTA_CLIENT_PRIVATEKEY", 65536},
                  {"OKTA_CLIENT_ASSERTION_TYPE", 4096}, {"OKTA_CLIENT_PROXY_HOST", 255},
                  {"OKTA_CLIENT_CLIENTSECRET", 4096},   {"OKTA_CLIENT_PRIVATEKEYID", 255},
                  {"OKTA_CLIENT_ASSERTION_FILE", 255}};
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        char *text = malloc(limits[i].most + 2);
        assert_non_null(text);
        memset(text, 'a', limits[i].most + 1);
        text[limits[i].most + 1] = '\0';
        config_reset(world);
        config_set(world, limits[i].variable, text);
        config_refused(world, limits[i].variable, "aaaa");
        text[limits[i].most] = '\0';
        config_reset(world);
        config_set(world, limits[i].variable, text);
        okta_free(config_load(world));
        free(text);
    }
}

static void takes_values_at_their_limits(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        for (unsigned high = 0; row->max != 0 && row->type != OKTAI_OPTION_PART && high < 2; high++) {
            char text[32];
            int64_t number = high == 1 ? row->max : row->min;
            config_reset(world);
            (void)snprintf(text, sizeof text, "%lld", (long long)number);
            config_set(world, row->variable, text);
            okta_client_options *options = config_load(world);
            assert_int_equal(oktai_option_number(row, options), number * oktai_option_scale(row));
            okta_free(options);
        }
    }
}

/* In the files of other SDKs, 0 is "no limit of its own". */
static void takes_no_seconds_for_the_default(void **state)
{
    config_world *world = *state;
    okta_option_values *values = NULL;
    config_write_home(world, "okta: {client: {requestTimeout: 5}}");
    config_set(world, "OKTA_CLIENT_REQUESTTIMEOUT", "0");
    okta_client_options *options = config_load(world);
    assert_int_equal(options->timeout_ms, 0);
    assert_null(okta_client_options_describe(options, &values));
    assert_string_equal(value_named(values, "timeout_ms")->value, "60000");
    assert_string_equal(value_named(values, "timeout_ms")->source, "default");
    okta_free(values);
    okta_free(options);
}

static void tells_no_retries_from_the_default(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_RATELIMIT_MAXRETRIES", "0");
    okta_client_options *options = config_load(world);
    assert_true(options->max_retries.has);
    assert_int_equal(options->max_retries.value, 0);
    okta_free(options);
}

/* The word stands for no kid in files and variables; a program has "" for it, and may have a key of that
 * name.
 */
static void reads_none_for_no_key_id(void **state)
{
    static const char *const texts[] = {"none", "None", "NONE"};
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        okta_option_values *values = NULL;
        char text[64];
        config_reset(world);
        config_write_home(world, "okta: {client: {privateKeyId: from-home}}");
        (void)snprintf(text, sizeof text, "okta: {client: {privateKeyId: %s}}", texts[i]);
        if (i == 0) {
            config_write_folder(world, text);
        } else {
            config_set(world, "OKTA_CLIENT_PRIVATEKEYID", texts[i]);
        }
        okta_client_options *options = config_load(world);
        assert_string_equal(options->private_key_id, "");
        assert_null(okta_client_options_describe(options, &values));
        assert_string_equal(value_named(values, "private_key_id")->value, "");
        assert_string_not_equal(value_named(values, "private_key_id")->source, "default");
        okta_free(values);
        okta_free(options);
        world->code.private_key_id = texts[i];
        options = config_load(world);
        assert_string_equal(options->private_key_id, texts[i]);
        okta_free(options);
    }
}

static void reads_choices_in_any_case(void **state)
{
    static const char *const texts[] = {"privatekey", "PRIVATEKEY", "PrivateKey", "pRiVaTeKeY"};
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        config_reset(world);
        config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", texts[i]);
        config_set(world, "OKTA_CLIENT_DPOP", "ALWAYS");
        okta_client_options *options = config_load(world);
        assert_int_equal(options->authorization_mode, OKTA_AUTHORIZATION_PRIVATE_KEY);
        assert_int_equal(options->dpop, OKTA_DPOP_ALWAYS);
        okta_free(options);
    }
}

static void separates_scopes_by_single_spaces(void **state)
{
    static const char *const texts[] = {"a.b c.d",       " a.b  c.d ", "a.b,c.d",
                                        ",a.b,, c.d,\t", "a.b\nc.d\n", "a.b\r\n c.d"};
    static const char *const yaml[] = {"a.b c.d",
                                       "\"a.b,c.d\"",
                                       "[a.b, c.d]",
                                       "[ 'a.b', \"c.d\", ]",
                                       "[a.b c.d]",
                                       "[a.b, ~, '', c.d]",
                                       "\n      - a.b\n      - c.d",
                                       "|\n      a.b\n      c.d\n",
                                       ">\n      a.b\n      c.d\n"};
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        config_reset(world);
        config_set(world, "OKTA_CLIENT_SCOPES", texts[i]);
        okta_client_options *options = config_load(world);
        assert_string_equal(options->scopes, "a.b c.d");
        okta_free(options);
    }
    for (size_t i = 0; i < COUNT(yaml); i++) {
        config_reset(world);
        char *text = config_yaml_of(row_named("scopes"), yaml[i]);
        config_write_folder(world, text);
        free(text);
        okta_client_options *options = config_load(world);
        assert_string_equal(options->scopes, "a.b c.d");
        okta_free(options);
    }
    static const char *const empty[] = {" ", ",", " , \t", ""};
    for (size_t i = 0; i < COUNT(empty); i++) {
        config_reset(world);
        config_set(world, "OKTA_CLIENT_SCOPES", empty[i]);
        okta_client_options *options = config_load(world);
        assert_null(options->scopes);
        okta_free(options);
    }
}

typedef struct proxy_case {
    const char *host, *port, *user, *password; /* NULL: not set */
    const char *url;
} proxy_case;

static const proxy_case proxies[] = {
    {"proxy.example", NULL, NULL, NULL, "http://proxy.example"},
    {"proxy.example", "3128", NULL, NULL, "http://proxy.example:3128"},
    {"proxy.example:3128", NULL, NULL, NULL, "http://proxy.example:3128"},
    {"https://proxy.example", "1", NULL, NULL, "https://proxy.example:1"},
    {"socks5h://proxy.example", "1080", "u", "p", "socks5h://u:p@proxy.example:1080"},
    {"10.0.0.1", "65535", "u", NULL, "http://u@10.0.0.1:65535"},
    {"::1", "8080", NULL, NULL, "http://[::1]:8080"},
    {"[::1]", "8080", NULL, NULL, "http://[::1]:8080"},
    {"https://[2001:db8::1]", "8080", NULL, NULL, "https://[2001:db8::1]:8080"},
    {"h", "1", "a@b", "p@q:r/s?t#u", "http://a%40b:p%40q%3Ar%2Fs%3Ft%23u@h:1"},
    {"h", "1", "dom\\user", "100% \"sure\"", "http://dom%5Cuser:100%25%20%22sure%22@h:1"},
    {"h", "1", "\xc3\xbc", "\xff\xfe", "http://%C3%BC:%FF%FE@h:1"},
    {"h", "1", "u", "-._~AZaz09", "http://u:-._~AZaz09@h:1"},
    {"h", "1", "u", "@evil.example:80/", "http://u:%40evil.example%3A80%2F@h:1"},
};

static void puts_the_proxy_together(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(proxies); i++) {
        config_reset(world);
        config_set(world, "OKTA_CLIENT_PROXY_HOST", proxies[i].host);
        config_set(world, "OKTA_CLIENT_PROXY_PORT", proxies[i].port);
        config_set(world, "OKTA_CLIENT_PROXY_USERNAME", proxies[i].user);
        config_set(world, "OKTA_CLIENT_PROXY_PASSWORD", proxies[i].password);
        okta_client_options *options = config_load(world);
        assert_string_equal(options->proxy, proxies[i].url);
        assert_null(oktai_proxy_refuse(options->proxy));
        okta_free(options);
    }
}

/* Every byte that a password may hold comes out as one that cannot end it. */
static void escapes_every_byte_of_a_password(void **state)
{
    config_world *world = *state;
    for (int c = 1; c < 256; c++) {
        char password[] = {'x', (char)c, 'y', '\0'};
        char text[64];
        config_reset(world);
        config_set(world, "OKTA_CLIENT_PROXY_HOST", "h");
        config_set(world, "OKTA_CLIENT_PROXY_USERNAME", "u");
        config_set(world, "OKTA_CLIENT_PROXY_PASSWORD", password);
        if (c < ' ' || c == 0x7f) {
            config_refused(world, "OKTA_CLIENT_PROXY_PASSWORD must not hold control characters", NULL);
            continue;
        }
        okta_client_options *options = config_load(world);
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-._~", c) != NULL;
        (void)snprintf(text, sizeof text, plain ? "http://u:x%cy@h" : "http://u:x%%%02Xy@h", c);
        assert_string_equal(options->proxy, text);
        okta_free(options);
    }
}

static void refuses_parts_of_a_proxy_without_the_others(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_PROXY_PORT", "3128");
    config_refused(world, "OKTA_CLIENT_PROXY_PORT: the proxy needs a host", NULL);
    config_reset(world);
    config_write_folder(world, "okta: {client: {proxy: {password: " CANARY "}}}");
    config_refused(world, "okta.yaml:1: the proxy needs a host", CANARY);
    config_reset(world);
    config_set(world, "OKTA_CLIENT_PROXY_HOST", "h");
    config_set(world, "OKTA_CLIENT_PROXY_PASSWORD", CANARY);
    config_refused(world, "OKTA_CLIENT_PROXY_PASSWORD: the proxy needs a user", CANARY);
    config_set(world, "OKTA_CLIENT_PROXY_USERNAME", "u");
    okta_free(config_load(world));
    config_reset(world);
    config_set(world, "OKTA_CLIENT_PROXY_PORT", "3128");
    world->code.proxy = "http://other.example";
    okta_free(config_load(world));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(refuses_bad_values_and_names_their_place),
        CONFIG_TEST(tells_of_a_line_break_behind_a_value),
        CONFIG_TEST(refuses_a_bad_value_that_another_place_overrides),
        CONFIG_TEST(refuses_texts_beyond_their_limit),
        CONFIG_TEST(takes_values_at_their_limits),
        CONFIG_TEST(takes_no_seconds_for_the_default),
        CONFIG_TEST(tells_no_retries_from_the_default),
        CONFIG_TEST(reads_none_for_no_key_id),
        CONFIG_TEST(reads_choices_in_any_case),
        CONFIG_TEST(separates_scopes_by_single_spaces),
        CONFIG_TEST(puts_the_proxy_together),
        CONFIG_TEST(escapes_every_byte_of_a_password),
        CONFIG_TEST(refuses_parts_of_a_proxy_without_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
