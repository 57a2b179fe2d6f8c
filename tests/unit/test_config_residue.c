/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of the secrets of a configuration in memory that was given back, libyaml's too: nothing. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/error.h"
#include "unit/residue.h"

#define TOKEN    "00c4n4ryTOKENthatIsLongerThanOneBuffer-0123456789_abcdefghijklmnop"
#define KEY_LINE "MIIEvQc4n4ryKEYADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9"
#define PASSWORD "c4n4ryPASSWORD@with/signs:and%more"

OKTA_API void *yaml_malloc(size_t size);
OKTA_API void *yaml_realloc(void *memory, size_t size);
OKTA_API void yaml_free(void *memory);
OKTA_API yaml_char_t *yaml_strdup(const yaml_char_t *text);

void *yaml_malloc(size_t size)
{
    return malloc(size == 0 ? 1 : size);
}

void *yaml_realloc(void *memory, size_t size)
{
    return realloc(memory, size == 0 ? 1 : size);
}

void yaml_free(void *memory)
{
    free(memory);
}

yaml_char_t *yaml_strdup(const yaml_char_t *text)
{
    size_t size = strlen((const char *)text) + 1;
    yaml_char_t *copy = malloc(size);
    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

static size_t found(const char *needle)
{
    return residue_found(needle, strlen(needle));
}

/* So many characters of a secret that stand together are too many: in the heap, eight; on a stack, more than
 * a register holds, since a sanitizer saves what its functions have in them. */
#define IN_HEAP  8u
#define ON_STACK 16u

static size_t found_secrets(size_t width)
{
    static const char *const secrets[] = {TOKEN, KEY_LINE, PASSWORD};
    size_t hits = 0;
    for (size_t i = 0; i < COUNT(secrets); i++) {
        for (size_t at = 0; at + width <= strlen(secrets[i]); at += 4) {
            char needle[ON_STACK + 1] = "";
            memcpy(needle, secrets[i] + at, width);
            hits += found(needle);
        }
    }
    return hits;
}

static const char *const files[] = {
    "okta:\n  client:\n    token: " TOKEN "\n    proxy:\n      host: h\n      username: u\n"
    "      password: '" PASSWORD "'\n    privateKey: |\n      -----BEGIN X-----\n      " KEY_LINE
    "\n      " KEY_LINE "\n      -----END X-----\n",
    "{okta: {client: {token: \"" TOKEN "\", privateKey: \"-----BEGIN X-----\\n" KEY_LINE "\\n" KEY_LINE
    "\\n-----END X-----\", proxy: {host: h, username: u, password: \"" PASSWORD "\"}}}}",
    "okta:\n  client:\n    token: >-\n      " TOKEN "\n    privateKey: '-----BEGIN X-----\n      " KEY_LINE
    "\n      " KEY_LINE "'\n    proxy: {host: h, username: u, password: '" PASSWORD "'}\n",
};

/* Refused behind the secret, or within it. */
static const char *const bad_files[] = {
    "okta: {client: {token: " TOKEN ", dpop: perhaps}}",
    "okta: {client: {token: " TOKEN ", token: " TOKEN "}}",
    "okta:\n  client:\n    token: \"" TOKEN "\n",
    "okta:\n  client:\n    token: \"" TOKEN "\\q\"\n",
    "okta:\n  client:\n    token: " TOKEN " " KEY_LINE "\n",
    "okta:\n  client:\n    token: " TOKEN "\n   x: '" KEY_LINE "\n",
    "okta:\n  client:\n    privateKey: |\n      " KEY_LINE "\n      " KEY_LINE "\n\t" KEY_LINE "\n",
    "okta:\n  client:\n    " TOKEN ": [" KEY_LINE ", {" KEY_LINE ": ]\n",
    "# " TOKEN "\nokta: {client: {token: [" TOKEN "]}}",
    "okta: {client: {token: " TOKEN "}}\n---\n" KEY_LINE,
    "okta: {client: {token: " TOKEN "}}\n\x01",
    "okta: {client: {authorizationMode: " TOKEN "}}",
    "okta: {client: {requestTimeout: " TOKEN "}}",
    "okta: {client: {proxy: {host: h, password: '" PASSWORD "'}}}",
    "okta: {client: {proxy: {host: 'h:x:y', username: u, password: '" PASSWORD "'}}}",
};

static void load(const config_world *world, bool good)
{
    okta_client_options *options = NULL;
    okta_option_values *values = NULL;
    residue_begin();
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    assert_true((error == NULL) == good);
    if (good) {
        assert_null(okta_client_options_describe(options, &values));
    }
    okta_free(values);
    okta_free(options);
    okta_free(error);
    residue_end();
    assert_true(residue_count() >= 3);
}

/* libyaml alone leaves much: without this the other tests would pass with needles that are never found. */
static void finds_what_libyaml_would_leave(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        yaml_parser_t parser;
        yaml_event_type_t type = YAML_NO_EVENT;
        residue_begin();
        assert_int_equal(yaml_parser_initialize(&parser), 1);
        yaml_parser_set_input_string(&parser, (const unsigned char *)files[i], strlen(files[i]));
        while (type != YAML_STREAM_END_EVENT) {
            yaml_event_t event;
            assert_int_equal(yaml_parser_parse(&parser, &event), 1);
            type = event.type;
            yaml_event_delete(&event);
        }
        yaml_parser_delete(&parser);
        residue_end();
        assert_true(found(TOKEN) > 1);
        assert_true(found(KEY_LINE) > 1);
        assert_true(found(PASSWORD) > 1);
        assert_true(found_secrets(IN_HEAP) > 100);
        residue_forget();
    }
}

static void nothing_is_left_of_a_file(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(files); i++) {
        config_write_home(world, files[i]);
        load(world, true);
        assert_int_equal(found_secrets(IN_HEAP), 0);
        residue_forget();
    }
}

static void nothing_is_left_of_a_refused_file(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(bad_files); i++) {
        config_write_folder(world, bad_files[i]);
        load(world, false);
        if (found_secrets(IN_HEAP) != 0) {
            fail_msg("left of: %s", bad_files[i]);
        }
        residue_forget();
    }
}

static void nothing_is_left_of_variables_and_code(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_TOKEN", TOKEN);
    config_set(world, "OKTA_CLIENT_PRIVATEKEY", "-----BEGIN X-----\\n" KEY_LINE);
    config_set(world, "OKTA_CLIENT_PROXY_HOST", "h");
    config_set(world, "OKTA_CLIENT_PROXY_USERNAME", "u");
    config_set(world, "OKTA_CLIENT_PROXY_PASSWORD", PASSWORD);
    load(world, true);
    assert_int_equal(found_secrets(IN_HEAP), 0);
    residue_forget();
    world->code.token = TOKEN;
    world->code.private_key = KEY_LINE;
    world->code.proxy = "http://u:" PASSWORD "@h";
    load(world, true);
    assert_int_equal(found_secrets(IN_HEAP), 0);
    residue_forget();
}

static void *load_home(void *ctx)
{
    const config_world *world = ctx;
    okta_client_options *options = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    okta_free(options);
    return error;
}

static void nothing_is_left_on_the_stack(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(files); i++) {
        config_write_home(world, files[i]);
        assert_null(residue_of_stack(load_home, world));
        assert_int_equal(found_secrets(ON_STACK), 0);
        residue_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(finds_what_libyaml_would_leave),    CONFIG_TEST(nothing_is_left_of_a_file),
        CONFIG_TEST(nothing_is_left_of_a_refused_file), CONFIG_TEST(nothing_is_left_of_variables_and_code),
        CONFIG_TEST(nothing_is_left_on_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
