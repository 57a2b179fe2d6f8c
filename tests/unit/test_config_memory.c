/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of the configuration fails in turn, those of libyaml too. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "core/error.h"
#include "keys/key_file.h"
#include "unit/allocations.h"

/* libyaml's allocator: the program's takes the place of the library's. */
OKTA_API void *yaml_malloc(size_t size);
OKTA_API void *yaml_realloc(void *memory, size_t size);
OKTA_API void yaml_free(void *memory);
OKTA_API yaml_char_t *yaml_strdup(const yaml_char_t *text);

static size_t yaml_allocations;

void *yaml_malloc(size_t size)
{
    yaml_allocations++;
    return malloc(size == 0 ? 1 : size);
}

void *yaml_realloc(void *memory, size_t size)
{
    yaml_allocations++;
    return realloc(memory, size == 0 ? 1 : size);
}

void yaml_free(void *memory)
{
    free(memory);
}

yaml_char_t *yaml_strdup(const yaml_char_t *text)
{
    yaml_allocations++;
    size_t size = text == NULL ? 0 : strlen((const char *)text) + 1;
    yaml_char_t *copy = text == NULL ? NULL : malloc(size);
    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

static const char home_file[] =
    "okta:\n  client:\n    orgUrl: https://a.example\n    authorizationMode: Bearer\n    tokn: x\n    token: "
    "a-token-that-is-longer-than-sixteen\n"
    "    scopes: [one, two]\n    proxy: {host: h, port: 1, username: u, password: p}\n    requestTimeout: 5\n"
    "other:\n  deep: [[1, 2], {a: b}]\n  text: |\n    one\n    two\n  folded: 'x\n\n    y'\n";
static const char folder_file[] = "okta: {client: {dpop: always, pacing: off}}";

/* One run of what a test is about: NULL, or an error that it released itself. */
typedef okta_error *run_fn(config_world *world);

static okta_error *load(config_world *world)
{
    okta_client_options *options = NULL;
    okta_option_values *values = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    assert_true((error == NULL) == (options != NULL));
    if (error == NULL) {
        assert_string_equal(options->scopes, "one two");
        assert_string_equal(options->proxy, "http://u:p@h:1");
        assert_int_equal(options->authorization_mode, OKTA_AUTHORIZATION_BEARER);
        error = okta_client_options_describe(options, &values);
        assert_true((error == NULL) == (values != NULL));
    }
    okta_free(values);
    okta_free(options);
    return error;
}

static okta_error *load_bad(config_world *world)
{
    okta_client_options *options = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    assert_non_null(error);
    assert_null(options);
    if (okta_error_status(error) == OKTA_E_CONFIG) {
        okta_free(error);
        return NULL;
    }
    return error;
}

/* A missing option, with slips of the pen to tell. */
static okta_error *miss_an_option(config_world *world)
{
    okta_client_options *options = NULL;
    okta_client *client = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    if (error == NULL) {
        error = okta_client_new(options, &client);
        assert_non_null(error);
        assert_null(client);
    }
    if (okta_error_status(error) == OKTA_E_CONFIG) {
        assert_non_null(strstr(okta_error_message(error), "is it meant to be OKTA_CLIENT_SCOPES?"));
        okta_free(error);
        error = NULL;
    }
    okta_free(options);
    return error;
}

static okta_error *load_key(config_world *world)
{
    okta_key *key = NULL;
    okta_error *error = oktai_key_load(config_path(world, ".okta.yaml"), false, &key);
    assert_true((error == NULL) == (key != NULL));
    okta_free(key);
    return error;
}

/* Returns how many allocations a run has. */
static size_t fail_each(config_world *world, run_fn *run)
{
    size_t count = 0;
    for (unsigned lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            allocations_begin(n, lasting == 1);
            okta_error *error = run(world);
            failed = allocations_end();
            if (failed ? okta_error_status(error) != OKTA_E_NOMEM && error != NULL : error != NULL) {
                fail_msg("allocation %zu: %s", n, okta_error_message(error));
            }
            okta_free(error);
            count = n;
        }
    }
    return count;
}

static void loads_or_says_that_memory_is_out(void **state)
{
    config_world *world = *state;
    config_write_home(world, home_file);
    config_write_folder(world, folder_file);
    config_set(world, "OKTA_CLIENT_CLIENT_ID", "c1");
    config_set(world, "OKTA_CLIENT_CLIENTID", "c1");
    config_set(world, "OKTA_CLIENT_NOTHING", "x");
    world->code.user_agent = "mine";
    yaml_allocations = 0;
    okta_error *error = load(world);
    assert_null(error);
    assert_true(yaml_allocations > 20);
    assert_true(fail_each(world, load) > 60);
}

static void misses_an_option_or_says_that_memory_is_out(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_ORGURL", "https://a.example");
    config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    config_set(world, "OKTA_CLIENT_CLIENTID", "c1");
    config_set(world, "OKTA_CLIENT_SCOPE", "s");
    config_write_folder(world, "client: {scopes: s}");
    assert_null(miss_an_option(world));
    assert_true(fail_each(world, miss_an_option) > 10);
}

static void refuses_or_says_that_memory_is_out(void **state)
{
    static const char *const files[] = {
        "okta: {client: {requestTimeout: soon}}",
        "okta: {client: {orgUrl: https://a.example/x}}",
        "okta: {client: {dpop: perhaps}}",
        "okta: {client: {token: 'a b'}}",
        "okta: {client: {token: \"x\\q\"}}",
        "okta: {client: {token: x",
        "okta: {client: &a {}}",
        "okta: {client: {proxy: {port: 5}}}",
        "a: \xff",
        "a: 1\n---\nb: 2",
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(files); i++) {
        config_write_folder(world, files[i]);
        (void)fail_each(world, load_bad);
    }
}

static const char *key_value;

static okta_error *load_key_value(config_world *world)
{
    (void)world;
    okta_key *key = NULL;
    okta_error *error = oktai_key_load(key_value, false, &key);
    assert_true((error == NULL) == (key != NULL));
    okta_free(key);
    return error;
}

static okta_error *read_key_text(config_world *world)
{
    (void)world;
    okta_key *key = NULL;
    okta_error *error = okta_key_from_text(key_value, strlen(key_value), NULL, NULL, &key);
    assert_true((error == NULL) == (key != NULL));
    okta_free(key);
    return error;
}

/* RFC 7517, appendix A.2, as an escaped set in quotes, and as base64 of PEM without line ends. */
static void reads_each_shape_of_a_key_or_says_that_memory_is_out(void **state)
{
    static const char set[] = "'{\\\"keys\\\":[{\\\"kty\\\":\\\"EC\\\",\\\"crv\\\":\\\"P-256\\\","
                              "\\\"x\\\":\\\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\\\","
                              "\\\"y\\\":\\\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\\\","
                              "\\\"d\\\":\\\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\\\"}]}'";
    static const char base64[] =
        "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tIE1FRUNBUUF3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFj"
        "RUp6QWxBZ0VCQkNEenZRd0hxQis1TW5nZTFTZFMgOWd6SW1tdmw1UmswL2dHVGpkdFYyUGQ0QVE9PSAtLS0t"
        "LUVORCBQUklWQVRFIEtFWS0tLS0t";
    config_world *world = *state;
    key_value = set;
    assert_null(load_key_value(world));
    assert_true(fail_each(world, load_key_value) > 5);
    assert_true(fail_each(world, read_key_text) > 5);
    key_value = base64;
    assert_null(load_key_value(world));
    assert_true(fail_each(world, load_key_value) > 5);
    assert_true(fail_each(world, read_key_text) > 5);
}

static void loads_a_key_or_says_that_memory_is_out(void **state)
{
    static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCDzvQwHqB+5Mnge1SdS\n"
                              "9gzImmvl5Rk0/gGTjdtV2Pd4AQ==\n"
                              "-----END PRIVATE KEY-----\n";
    config_world *world = *state;
    config_write_dot(world, pem);
    okta_error *error = load_key(world);
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
    assert_true(fail_each(world, load_key) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(loads_or_says_that_memory_is_out),
        CONFIG_TEST(misses_an_option_or_says_that_memory_is_out),
        CONFIG_TEST(refuses_or_says_that_memory_is_out),
        CONFIG_TEST(loads_a_key_or_says_that_memory_is_out),
        CONFIG_TEST(reads_each_shape_of_a_key_or_says_that_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
