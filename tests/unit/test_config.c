/* SPDX-License-Identifier: Apache-2.0 */
/* Every option from every place, and which place wins. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

enum { HOME, FOLDER, ENVIRONMENT, CODE, PLACES };

/* What programs and documents rely on, spelled out a second time. */
static const struct {
    const char *name, *variable, *path;
} names[] = {
    {"org_url", "OKTA_CLIENT_ORGURL", "okta.client.orgUrl"},
    {"authorization_mode", "OKTA_CLIENT_AUTHORIZATIONMODE", "okta.client.authorizationMode"},
    {"token", "OKTA_CLIENT_TOKEN", "okta.client.token"},
    {"user_agent", "OKTA_CLIENT_USERAGENT", "okta.client.userAgent"},
    {"ca_file", "OKTA_CLIENT_CAFILE", "okta.client.caFile"},
    {"proxy", NULL, NULL},
    {"proxy", "OKTA_CLIENT_PROXY_HOST", "okta.client.proxy.host"},
    {"proxy", "OKTA_CLIENT_PROXY_PORT", "okta.client.proxy.port"},
    {"proxy", "OKTA_CLIENT_PROXY_USERNAME", "okta.client.proxy.username"},
    {"proxy", "OKTA_CLIENT_PROXY_PASSWORD", "okta.client.proxy.password"},
    {"timeout_ms", "OKTA_CLIENT_REQUESTTIMEOUT", "okta.client.requestTimeout"},
    {"connect_timeout_ms", "OKTA_CLIENT_CONNECTIONTIMEOUT", "okta.client.connectionTimeout"},
    {"max_retries", "OKTA_CLIENT_RATELIMIT_MAXRETRIES", "okta.client.rateLimit.maxRetries"},
    {"max_response_bytes", "OKTA_CLIENT_MAXRESPONSEBYTES", "okta.client.maxResponseBytes"},
    {"log_level", "OKTA_CLIENT_LOGLEVEL", "okta.client.logLevel"},
    {"log", NULL, NULL},
    {"log_ctx", NULL, NULL},
    {"client_id", "OKTA_CLIENT_CLIENTID", "okta.client.clientId"},
    {"scopes", "OKTA_CLIENT_SCOPES", "okta.client.scopes"},
    {"signer", NULL, NULL},
    {"private_key", "OKTA_CLIENT_PRIVATEKEY", "okta.client.privateKey"},
    {"private_key_id", "OKTA_CLIENT_PRIVATEKEYID", "okta.client.privateKeyId"},
    {"private_key_alg", "OKTA_CLIENT_PRIVATEKEYALG", "okta.client.privateKeyAlg"},
    {"assertion_audience", "OKTA_CLIENT_ASSERTION_AUDIENCE", "okta.client.assertion.audience"},
    {"assertion_type", "OKTA_CLIENT_ASSERTION_TYPE", "okta.client.assertion.type"},
    {"client_secret", "OKTA_CLIENT_CLIENTSECRET", "okta.client.clientSecret"},
    {"client_auth_method", "OKTA_CLIENT_CLIENTAUTHMETHOD", "okta.client.clientAuthMethod"},
    {"dpop", "OKTA_CLIENT_DPOP", "okta.client.dpop"},
    {"pacing", "OKTA_CLIENT_PACING", "okta.client.pacing"},
    {"rate_limit_percent", "OKTA_CLIENT_RATELIMIT_PERCENT", "okta.client.rateLimit.percent"},
    {"rate_limit_reserve", "OKTA_CLIENT_RATELIMIT_RESERVE", "okta.client.rateLimit.reserve"},
    {"max_in_flight", "OKTA_CLIENT_MAXINFLIGHT", "okta.client.maxInFlight"},
    {"private_key_readable", "OKTA_CLIENT_PRIVATEKEYREADABLE", "okta.client.privateKeyReadable"},
    {"admin_host", "OKTA_CLIENT_ADMINHOST", "okta.client.adminHost"},
    {"http_version", "OKTA_CLIENT_HTTPVERSION", "okta.client.httpVersion"},
    {"token_source", NULL, NULL},
    {"token_source_ctx", NULL, NULL},
    {"assertion_file", "OKTA_CLIENT_ASSERTION_FILE", "okta.client.assertion.file"},
};

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void has_the_names_of_the_other_sdks(void **state)
{
    (void)state;
    size_t end = offsetof(okta_client_options, org_url);
    assert_int_equal(COUNT(names), OKTAI_OPTION_ROWS);
    for (size_t i = 0; i < COUNT(names); i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        assert_string_equal(row->name, names[i].name);
        assert_true(is_same_text(row->variable, names[i].variable));
        assert_true(is_same_text(row->path, names[i].path));
        assert_true(row->type == OKTAI_OPTION_PART || row->offset >= end);
        end = row->type == OKTAI_OPTION_PART ? end : row->offset + 1u;
    }
}

/* The value that a sample becomes, as describing shows it; secrets as they are. */
static const char *expected(const oktai_option_row *row, const char *sample)
{
    static char text[64];
    if (row->max == 0 || row->type == OKTAI_OPTION_PART) {
        return sample;
    }
    (void)snprintf(text, sizeof text, "%lld", strtoll(sample, NULL, 10) * oktai_option_scale(row));
    return text;
}

static const char *actual(const oktai_option_row *row, const okta_client_options *options)
{
    static char text[64];
    if (row->type == OKTAI_OPTION_TEXT) {
        return oktai_option_text(row, options);
    }
    if (row->type == OKTAI_OPTION_CHOICE) {
        return row->choices[oktai_option_number(row, options)];
    }
    (void)snprintf(text, sizeof text, "%lld", (long long)oktai_option_number(row, options));
    return text;
}

static void put(config_world *world, const oktai_option_row *row, unsigned place, const char *sample)
{
    if (place == ENVIRONMENT) {
        config_set(world, row->variable, sample);
    } else if (place == CODE && row->type == OKTAI_OPTION_TEXT) {
        oktai_option_set_text(row, &world->code, sample);
    } else if (place == CODE && row->type == OKTAI_OPTION_CHOICE) {
        int64_t choice = 0;
        while (strcmp(row->choices[choice], sample) != 0) {
            choice++;
        }
        oktai_option_set_number(row, &world->code, choice);
    } else if (place == CODE) {
        oktai_option_set_number(row, &world->code, strtoll(sample, NULL, 10) * oktai_option_scale(row));
    } else {
        char *text = config_yaml_of(row, sample);
        (place == HOME ? config_write_home : config_write_folder)(world, text);
        free(text);
    }
}

static const char *origin_of(const config_world *world, const oktai_option_row *row, unsigned place)
{
    static char text[WORLD_PATH];
    unsigned line = 1;
    for (const char *c = row->path; c != NULL && *c != '\0'; c++) {
        line += *c == '.';
    }
    if (place == HOME) {
        (void)snprintf(text, sizeof text, "%s/.okta/okta.yaml:%u", world->home, line);
    } else if (place == FOLDER) {
        (void)snprintf(text, sizeof text, "%s/okta.yaml:%u", world->folder, line);
    }
    return place == CODE ? "code" : place == ENVIRONMENT ? row->variable : text;
}

static void expect_winner(config_world *world, const oktai_option_row *row, unsigned winner,
                          const char *sample)
{
    okta_client_options *options = config_load(world);
    okta_option_values *values = NULL;
    assert_string_equal(actual(row, options), expected(row, sample));
    assert_int_equal(options->struct_size, sizeof *options);
    assert_null(okta_client_options_describe(options, &values));
    for (size_t i = 0; i < values->count; i++) {
        bool is_row = strcmp(values->items[i].name, row->name) == 0;
        assert_string_equal(values->items[i].source, is_row ? origin_of(world, row, winner) : "default");
    }
    okta_free(values);
    okta_free(options);
}

/* All 15 sets of places for each row that all of them may set. */
static void takes_the_last_place_that_says_something(void **state)
{
    config_world *world = *state;
    size_t seen = 0;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (row->variable == NULL || row->type == OKTAI_OPTION_PART) {
            continue;
        }
        for (unsigned set = 1; set < 1u << PLACES; set++) {
            const char *sample = NULL;
            unsigned winner = 0;
            config_reset(world);
            for (unsigned place = 0; place < PLACES; place++) {
                if ((set & 1u << place) != 0) {
                    winner = place;
                    sample = config_sample(row, place);
                    put(world, row, place, sample);
                }
            }
            expect_winner(world, row, winner, sample);
            seen++;
        }
    }
    assert_int_equal(seen, 28 * 15);
}

/* Neither nothing nor a word for it takes back what an earlier place says. */
static void takes_nothing_for_not_set(void **state)
{
    static const char *const nothings[] = {"", "~", "null", "Null", "NULL", "\"\"", "''", "# a comment"};
    config_world *world = *state;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        for (size_t n = 0; row->variable != NULL && row->type != OKTAI_OPTION_PART && n < COUNT(nothings);
             n++) {
            config_reset(world);
            put(world, row, HOME, config_sample(row, 1));
            put(world, row, FOLDER, nothings[n]);
            put(world, row, ENVIRONMENT, "");
            expect_winner(world, row, HOME, config_sample(row, 1));
        }
    }
}

static void takes_each_part_of_the_proxy_from_its_last_place(void **state)
{
    config_world *world = *state;
    config_write_home(
        world, "okta:\n  client:\n    proxy: {host: one.example, port: 1, username: u1, password: p1}");
    config_write_folder(world, "okta:\n  client:\n    proxy: {username: u2, password: p2}");
    config_set(world, "OKTA_CLIENT_PROXY_PORT", "2");
    okta_client_options *options = config_load(world);
    assert_string_equal(options->proxy, "http://u2:p2@one.example:2");
    okta_free(options);
    config_set(world, "OKTA_CLIENT_PROXY_PASSWORD", "p3");
    options = config_load(world);
    assert_string_equal(options->proxy, "http://u2:p3@one.example:2");
    okta_free(options);
    world->code.proxy = "http://code.example:4";
    options = config_load(world);
    assert_string_equal(options->proxy, "http://code.example:4");
    okta_free(options);
    world->code.proxy = "";
    options = config_load(world);
    assert_string_equal(options->proxy, "");
    okta_free(options);
}

static void log_nothing(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    (void)event;
}

static void borrows_pointers_of_code_and_copies_its_texts(void **state)
{
    config_world *world = *state;
    int context = 0;
    char text[] = "a-client";
    world->code.log = log_nothing;
    world->code.log_ctx = &context;
    world->code.client_id = text;
    okta_client_options *options = config_load(world);
    text[0] = 'X';
    assert_true(options->log == log_nothing);
    assert_ptr_equal(options->log_ctx, &context);
    assert_string_equal(options->client_id, "a-client");
    okta_free(options);
}

static void loads_nothing_from_nowhere(void **state)
{
    static const okta_client_options none = OKTA_CLIENT_OPTIONS_INIT;
    config_world *world = *state;
    const oktai_config_places nowhere = {NULL, NULL, NULL, NULL};
    const oktai_config_places empty = {"", "/nonexistent", NULL, NULL};
    const oktai_config_places *const all[] = {&nowhere, &empty, &world->places};
    for (size_t i = 0; i < COUNT(all); i++) {
        okta_client_options *options = NULL;
        assert_null(oktai_config_load(all[i], &none, &options));
        for (size_t r = 0; r < OKTAI_OPTION_ROWS; r++) {
            assert_true(oktai_option_rows[r].type == OKTAI_OPTION_PART ||
                        !oktai_option_is_set(&oktai_option_rows[r], options));
        }
        okta_free(options);
    }
}

static void looks_at_the_hidden_file_only_where_the_other_is_missing(void **state)
{
    config_world *world = *state;
    config_write_dot(world, "okta: {client: {clientId: hidden}}");
    okta_client_options *options = config_load(world);
    assert_string_equal(options->client_id, "hidden");
    okta_free(options);
    config_write_folder(world, "okta: {client: {privateKeyId: k}}");
    options = config_load(world);
    assert_null(options->client_id);
    assert_string_equal(options->private_key_id, "k");
    okta_free(options);
}

/* A program that runs with more rights than its user has must not be told by the user where to go. */
static void trusts_no_place_when_it_has_foreign_rights(void **state)
{
    (void)state;
    oktai_config_places places = oktai_config_places_of_process(true);
    assert_null(places.home);
    assert_null(places.folder);
    assert_true(places.variable == NULL);
    places = oktai_config_places_of_process(false);
    assert_string_equal(places.folder, ".");
    assert_true(places.variable != NULL);
}

static void reads_the_places_of_the_process(void **state)
{
    config_world *world = *state;
    okta_client_options *options = NULL;
    char before[WORLD_PATH];
    assert_non_null(getcwd(before, sizeof before));
    config_write_home(world, "okta: {client: {clientId: from-home, privateKeyId: from-home}}");
    config_write_folder(world, "okta: {client: {privateKeyId: from-folder}}");
    assert_int_equal(chdir(world->folder), 0);
    assert_int_equal(setenv("HOME", world->home, 1), 0);
    assert_int_equal(setenv("OKTA_CLIENT_USERAGENT", "from-variable", 1), 0);
    assert_null(okta_client_options_load(NULL, &options));
    assert_string_equal(options->client_id, "from-home");
    assert_string_equal(options->private_key_id, "from-folder");
    assert_string_equal(options->user_agent, "from-variable");
    okta_option_values *values = NULL;
    assert_null(okta_client_options_describe(options, &values));
    assert_string_equal(value_named(values, "private_key_id")->source, "./okta.yaml:1");
    okta_free(values);
    okta_free(options);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_null(okta_client_options_load(NULL, &options));
    assert_null(options->client_id);
    okta_free(options);
    assert_int_equal(chdir(before), 0);
}

/* A file may hold the credentials of several programs. */
static void drops_credentials_of_other_modes_from_other_places(void **state)
{
    static const struct {
        const char *mode;
        bool token, private_key, client_secret; /* what is left */
    } cases[] = {
        {"SSWS", true, true, true},
        {"Bearer", true, true, true},
        {"PrivateKey", false, true, false},
        {"ClientSecret", false, false, true},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_option_values *values = NULL;
        config_reset(world);
        config_write_home(world, "okta: {client: {token: t0, privateKey: k0, clientSecret: s0}}");
        config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", cases[i].mode);
        okta_client_options *options = config_load(world);
        assert_true(is_same_text(options->token, cases[i].token ? "t0" : NULL));
        assert_true(is_same_text(options->private_key, cases[i].private_key ? "k0" : NULL));
        assert_true(is_same_text(options->client_secret, cases[i].client_secret ? "s0" : NULL));
        assert_null(okta_client_options_describe(options, &values));
        bool shown = strcmp(value_named(values, "token")->source, "default") != 0;
        assert_int_equal(shown, cases[i].token);
        assert_int_equal(value_named(values, "token")->value != NULL, cases[i].token);
        okta_free(values);
        okta_free(options);
        world->code.token = "t1";
        world->code.private_key = "k1";
        world->code.client_secret = "s1";
        options = config_load(world);
        assert_string_equal(options->token, "t1");
        assert_string_equal(options->private_key, "k1");
        assert_string_equal(options->client_secret, "s1");
        okta_free(options);
    }
}

static void refuses_bad_arguments(void **state)
{
    config_world *world = *state;
    okta_client_options *options = &world->code;
    okta_option_values *values = NULL;
    static const size_t sizes[] = {0, 8, offsetof(okta_client_options, log_ctx), SIZE_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        okta_client_options bad = OKTA_CLIENT_OPTIONS_INIT;
        bad.struct_size = sizes[i];
        options = &world->code;
        okta_error *error = okta_client_options_load(&bad, &options);
        assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        assert_null(options);
        okta_free(error);
        error = okta_client_options_describe(&bad, &values);
        assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        assert_null(values);
        okta_free(error);
    }
    okta_error *error = okta_client_options_load(NULL, NULL);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
    error = okta_client_options_describe(&world->code, NULL);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
    error = okta_client_options_describe(NULL, &values);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
}

/* A program that was compiled against an older header has a shorter struct. */
static void reads_no_byte_beyond_an_older_struct(void **state)
{
    config_world *world = *state;
    size_t size = offsetof(okta_client_options, client_id);
    char *memory = malloc(size);
    assert_non_null(memory);
    okta_client_options *options = NULL;
    world->code.token = "t";
    world->code.struct_size = size;
    memcpy(memory, &world->code, size);
    assert_null(oktai_config_load(&world->places, (const void *)memory, &options));
    free(memory);
    assert_string_equal(options->token, "t");
    assert_null(options->client_id);
    okta_free(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(has_the_names_of_the_other_sdks),
        CONFIG_TEST(takes_the_last_place_that_says_something),
        CONFIG_TEST(takes_nothing_for_not_set),
        CONFIG_TEST(takes_each_part_of_the_proxy_from_its_last_place),
        CONFIG_TEST(borrows_pointers_of_code_and_copies_its_texts),
        CONFIG_TEST(loads_nothing_from_nowhere),
        CONFIG_TEST(looks_at_the_hidden_file_only_where_the_other_is_missing),
        CONFIG_TEST(trusts_no_place_when_it_has_foreign_rights),
        CONFIG_TEST(reads_the_places_of_the_process),
        CONFIG_TEST(drops_credentials_of_other_modes_from_other_places),
        CONFIG_TEST(refuses_bad_arguments),
        CONFIG_TEST(reads_no_byte_beyond_an_older_struct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
