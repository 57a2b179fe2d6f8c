/* SPDX-License-Identifier: Apache-2.0 */
/* okta.yaml as YAML: what is read, what is refused, and that the words of a file come back as they were. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "config/yaml.h"
#include "core/error.h"
#include "unit/mutate.h"

#define FILE_NAME "a/okta.yaml"

/* Reads a text, whose memory ends where it ends. The caller releases the options; NULL: refused. */
static okta_error *read_bytes(const char *text, size_t length, okta_client_options *options,
                              oktai_arena *arena)
{
    char *exact = exact_text(text, length);
    oktai_config config = {.arena = arena, .options = options};
    oktai_file_content content = {false, false};
    okta_error *error = oktai_config_read_text(&config, FILE_NAME, exact, length, &content);
    free(exact);
    return error;
}

static void expect_refused(const char *text, size_t length, const char *phrase)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    oktai_arena arena = {0};
    okta_error *error = read_bytes(text, length, &options, &arena);
    if (error == NULL || okta_error_status(error) != OKTA_E_CONFIG ||
        strstr(okta_error_message(error), phrase) == NULL) {
        fail_msg("\"%s\" instead of \"%s\" for: %s", okta_error_message(error), phrase, text);
    }
    okta_free(error);
    oktai_arena_clear(&arena);
}

static void expect_client_id(const char *text, size_t length, const char *value)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    oktai_arena arena = {0};
    okta_error *error = read_bytes(text, length, &options, &arena);
    if (error != NULL) {
        fail_msg("%s for: %s", okta_error_message(error), text);
    }
    if (value == NULL) {
        assert_null(options.client_id);
    } else {
        assert_non_null(options.client_id);
        assert_string_equal(options.client_id, value);
    }
    oktai_arena_clear(&arena);
}

/* Forms of the same file. */
static void reads_what_is_yaml(void **state)
{
    static const char *const texts[] = {
        "okta:\n  client:\n    clientId: c1\n",
        "okta: {client: {clientId: c1}}",
        "{okta: {client: {clientId: 'c1'}}}",
        "\"okta\": {\"client\": {\"clientId\": \"c1\"}}",
        "{\"okta\":{\"client\":{\"clientId\":\"\\u0063\\x31\"}}}",
        "%YAML 1.1\n---\nokta: {client: {clientId: c1}}\n...\n",
        "---\r\nokta:\r\n  client:\r\n    clientId: c1\r\n",
        "okta:\r  client:\r    clientId: c1\r",
        "\xef\xbb\xbfokta: {client: {clientId: c1}}",
        "# c9\nokta: # c9\n # c9\n  client: # c9\n    clientId: c1 # c9\n# c9\n",
        "other: [1, {two: 3}, [4]]\nokta:\n  idx: {a: b}\n  client:\n    cache: {enabled: true, defaultTtl: "
        "300}\n"
        "    clientId: c1\n    rateLimit: {maxBackoff: 30}\n    testing: {disableHttpsCheck: false}\nlast: "
        "1\n",
        "okta:\n  client:\n    clientId: |-\n      c1\n",
        "okta:\n  client:\n    clientId: |- # c9 c9\n      c1\n",
        "okta:\n  client:\n    clientId: >2-\n      c1\n",
        "okta:\n  client:\n    ? clientId\n    : c1\n",
        "okta: {client: {clientId: c1, a.b: c2, \xc3\xa9: \xc3\xa9}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        expect_client_id(texts[i], strlen(texts[i]), "c1");
    }
}

static void reads_a_file_that_says_nothing(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "---\n",
        "# only a comment",
        "\xef\xbb\xbf",
        "~",
        "null",
        "okta:",
        "okta: ~",
        "okta: {}",
        "okta:\n  client:\n",
        "okta: {client: }",
        "other: {client: {clientId: c1}}",
        "client: {clientId: c1}",
        "okta: {clientId: c1}",
        "Okta: {client: {clientId: c1}}",
        "okta: {client: {clientid: c1}}",
        "okta: {client: {a: {clientId: c1}}}",
        "okta.client.clientId: c1",
        "okta: {client.clientId: c1}",
        "okta: {client: {proxy: ~, rateLimit: , assertion: null}}",
        "okta: {x: {client: {clientId: c1}}}",
        "x: {okta: {client: {clientId: c1}}}",
        "[]: ",
        "okta: {client: {\"rateLimit.percent\": 500}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (strcmp(texts[i], "[]: ") == 0) {
            expect_refused(texts[i], strlen(texts[i]), FILE_NAME ":1: a key must be text");
        } else {
            expect_client_id(texts[i], strlen(texts[i]), NULL);
        }
    }
}

typedef struct refused_file {
    const char *text;
    const char *phrase;
} refused_file;

static const refused_file refused[] = {
    {"okta: x", ":1: okta must be a mapping of names to values"},
    {"okta: [client]", ":1: okta must be a mapping"},
    {"just text", ":1: the file must be a mapping"},
    {"- okta", ":1: the file must be a mapping"},
    {"\n\nokta:\n  client: x", ":4: okta.client must be a mapping"},
    {"okta: {client: {proxy: http://p.example}}", ":1: okta.client.proxy must be a mapping"},
    {"okta: {client: {rateLimit: 5}}", ":1: okta.client.rateLimit must be a mapping"},
    {"okta: {client: {token: [s3cr3t]}}", ":1: okta.client.token must be text"},
    {"okta: {client: {token: {s3cr3t: 1}}}", ":1: okta.client.token must be text"},
    {"okta: {client: {scopes: {a: b}}}", ":1: okta.client.scopes must be text, or a list of texts"},
    {"okta: {client: {scopes: [a, [b]]}}", ":1: okta.client.scopes must be text, or a list of texts"},
    {"okta: {client: {scopes: [a, {b: c}]}}", ":1: okta.client.scopes must be text, or a list of texts"},
    {"okta:\n  client:\n    token: s3cr3t\n    clientId: a\n    token: s3cr3t\n",
     ":5: this key was there before"},
    {"okta: {client: {token: s3cr3t, \"tok\\x65n\": s3cr3t}}", ":1: this key was there before"},
    {"a: 1\nb: {c: 1, c: 2}", ":2: this key was there before"},
    {"okta: {}\nokta: {}", ":2: this key was there before"},
    {"~: 1\n~: 2", ":2: this key was there before"},
    {"okta:\n  client:\n\ttoken: s3cr3t",
     ":3: this is not YAML: found character that cannot start any token"},
    {"okta: &a {client: {}}", ":1: anchors and aliases are not accepted"},
    {"okta: {client: {token: &s3cr3t x}}", ":1: anchors and aliases are not accepted"},
    {"okta: [&a x]", ":1: okta must be a mapping"},
    {"x: [&a x]", ":1: anchors and aliases are not accepted"},
    {"x: &a\n  y: 1\nokta: *a", ":1: anchors and aliases are not accepted"},
    {"okta: *a", ":1: anchors and aliases are not accepted"},
    {"okta: {client: {token: *s3cr3t}}", ":1: anchors and aliases are not accepted"},
    {"&a x: 1", ":1: anchors and aliases are not accepted"},
    {"okta: {client: {token: !s3cr3t x}}", ":1: tags are not accepted"},
    {"okta: !!map {client: {}}", ":1: tags are not accepted"},
    {"x: !!binary aGVsbG8=", ":1: tags are not accepted"},
    {"x: !!seq [a]", ":1: tags are not accepted"},
    {"!t x: 1", ":1: tags are not accepted"},
    {"okta: {}\n---\nokta: {}", ":2: a second document is not accepted"},
    {"okta: {}\n...\n---\nx: 1", ":3: a second document is not accepted"},
    {"okta: {client: {token: \"s3cr3t\\0x\"}}", ":1: a NUL byte is not accepted"},
    {"okta: {client: {\"to\\x00ken\": s3cr3t}}", ":1: a NUL byte is not accepted"},
    {"a: 1\nokta: {client: {token: \"\\uE000\"}}", ":2: the escape of a character for private use"},
    {"\"\\U0000e000\": 1", ":1: the escape of a character for private use"},
    {"okta: {client: {token: \"s3cr3t", ":1: this is not YAML"},
    {"okta: {client: {token: s3cr3t", ": this is not YAML"},
    {"okta: }", ":1: this is not YAML"},
    {"okta:\n  client: {}\n x: 1", ":3: this is not YAML"},
    {"okta: \"\\q\"", ":1: this is not YAML"},
    {"? [a]\n: b", ":1: a key must be text"},
    {"{a: b}: c", ":1: a key must be text"},
    {"okta: {client: {token: \x01}}", ":1: a control character is not accepted"},
    {"a: 1\nb: \x7f", ":2: a control character is not accepted"},
    {"a: \xc2\x9f", ":1: a control character is not accepted"},
    {"a: \xef\xbf\xbe", ":1: a control character is not accepted"},
    {"a: \xef\xbf\xbf", ":1: a control character is not accepted"},
    {"a: 1\nb: \xef\xbb\xbf", ":2: a control character is not accepted"},
    {"a: \xff", ":1: is not UTF-8"},
    {"a: \xc3", ":1: is not UTF-8"},
    {"a: \xc0\xaf", ":1: is not UTF-8"},
    {"a: \xed\xa0\x80", ":1: is not UTF-8"},
    {"a: \xf5\x80\x80\x80", ":1: is not UTF-8"},
    {"%YAML 9.9\n---\na: 1", ": this is not YAML: found incompatible YAML document"},
};

static void refuses_what_it_cannot_be_sure_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        oktai_arena arena = {0};
        expect_refused(refused[i].text, strlen(refused[i].text), refused[i].phrase);
        okta_error *error = read_bytes(refused[i].text, strlen(refused[i].text), &options, &arena);
        assert_null(strstr(okta_error_message(error), "s3cr3t"));
        assert_non_null(strstr(okta_error_message(error), FILE_NAME ":"));
        okta_free(error);
        oktai_arena_clear(&arena);
    }
}

static void refuses_other_encodings_and_nul_bytes(void **state)
{
    static const char nul[] = "okta: {client: {clientId: c1}}\n\0\nx: 1";
    static const char little[] = "\xff\xfe"
                                 "o\0k\0t\0a\0:\0";
    static const char big[] = "\xfe\xff"
                              "\0o\0k\0t\0a\0:";
    static const char bare[] = "o\0k\0t\0a\0:\0";
    (void)state;
    expect_refused(nul, sizeof nul - 1, ":2: a NUL byte is not accepted");
    expect_refused(little, sizeof little - 1, ":1: is not UTF-8");
    expect_refused(big, sizeof big - 1, ":1: is not UTF-8");
    expect_refused(bare, sizeof bare - 1, ":1: a NUL byte is not accepted");
}

/* `count` times `open`, then a word, then as many `close`. */
static char *nest(const char *open, const char *close, size_t count)
{
    char *text = calloc(1, count * (strlen(open) + strlen(close)) + 2);
    assert_non_null(text);
    char *at = text;
    for (size_t i = 0; i < count; i++, at += strlen(open)) {
        memcpy(at, open, strlen(open));
    }
    *at++ = 'x';
    for (size_t i = 0; i < count; i++, at += strlen(close)) {
        memcpy(at, close, strlen(close));
    }
    return text;
}

static void limits_how_deep_it_goes(void **state)
{
    static const size_t deep[] = {17, 100, 1001, 20000};
    (void)state;
    char *text = nest("{a: ", "}", 16);
    expect_client_id(text, strlen(text), NULL);
    free(text);
    for (size_t i = 0; i < COUNT(deep); i++) {
        text = nest("{a: ", "}", deep[i]);
        expect_refused(text, strlen(text), ":1: this is nested deeper than 16 levels");
        free(text);
        text = nest("- ", "", deep[i]);
        expect_refused(text, strlen(text), FILE_NAME ":1: ");
        free(text);
        text = nest("[", "]", deep[i]);
        expect_refused(text, strlen(text), FILE_NAME ":1: ");
        free(text);
    }
}

static void limits_how_many_keys_it_compares(void **state)
{
    (void)state;
    size_t size = 65536;
    char *text = calloc(1, size);
    assert_non_null(text);
    size_t used = 0;
    for (unsigned i = 0; i < 4096; i++) {
        used += (size_t)snprintf(text + used, size - used, "k%u:\n", i);
    }
    expect_client_id(text, used, NULL);
    used += (size_t)snprintf(text + used, size - used, "one-more:\n");
    expect_refused(text, used, ":4097: there are more than 4,096 keys");
    free(text);
}

/* Scalars of all styles, read by libyaml from the text itself and by way of marks. */
typedef struct plain_event {
    yaml_event_type_t type;
    size_t length;
    char *text;
    bool special; /* has what oktai_yaml refuses */
} plain_event;

static bool next_plain(yaml_parser_t *parser, plain_event *out)
{
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event)) {
        return false;
    }
    *out = (plain_event){.type = event.type, .special = event.type == YAML_ALIAS_EVENT};
    if (event.type == YAML_SCALAR_EVENT) {
        out->text = exact_text((const char *)event.data.scalar.value, event.data.scalar.length);
        out->length = event.data.scalar.length;
        out->special = event.data.scalar.anchor != NULL || event.data.scalar.tag != NULL ||
                       memchr(out->text, '\0', out->length) != NULL;
    } else if (event.type == YAML_MAPPING_START_EVENT) {
        out->special = event.data.mapping_start.anchor != NULL || event.data.mapping_start.tag != NULL;
    } else if (event.type == YAML_SEQUENCE_START_EVENT) {
        out->special = event.data.sequence_start.anchor != NULL || event.data.sequence_start.tag != NULL;
    }
    yaml_event_delete(&event);
    return true;
}

/* Returns how many scalars were the same; SIZE_MAX when both refuse the text. */
static size_t compare(const char *text)
{
    yaml_parser_t parser;
    oktai_yaml yaml = {0};
    oktai_yaml_node node = {0};
    size_t scalars = 0;
    okta_error *error = oktai_yaml_begin(&yaml, FILE_NAME, text, strlen(text));
    assert_int_equal(yaml_parser_initialize(&parser), 1);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    while (error == NULL && node.type != YAML_STREAM_END_EVENT) {
        plain_event event = {0};
        bool has_event = next_plain(&parser, &event);
        error = oktai_yaml_next(&yaml, &node);
        bool may_refuse = !has_event || event.special || event.type == YAML_DOCUMENT_START_EVENT;
        if (error == NULL ? !has_event || event.special || node.type != event.type : !may_refuse) {
            fail_msg("%s for: %s", okta_error_message(error), text);
        }
        if (error == NULL && node.type == YAML_SCALAR_EVENT) {
            if (strcmp(node.text, event.text) != 0) {
                fail_msg("\"%s\" instead of \"%s\" for: %s", node.text, event.text, text);
            }
            scalars++;
        }
        free(event.text);
    }
    yaml_parser_delete(&parser);
    oktai_yaml_end(&yaml);
    okta_free(error);
    return error == NULL ? scalars : SIZE_MAX;
}

static const char *const seeds[] = {
    "a: b12\nc: 'it''s 5'\nd: \"x\\ty\\x41\\u00e9\\\\n\"\n",
    "a: |\n  l1\n   l2\n\n  l3\nb: >-\n  f1\n  f2\n\n  f3\n",
    "a: |2-\n    in 2\nb: |+ # co1\n  x1\n\n\nc: >1\n  y\n",
    "{a: 1, 'b': [c2, \"d\", {e: f}], g: }",
    "- a1\n- - b2\n  - c3\n-\n  d: e5\n",
    "%YAML 1.1\n%TAG !e! tag:x,2:\n---\na: 1 # co\n...\n",
    "? k1\n: v1\n? |\n  k2\n: - v2\n",
    "a: p1 p2\n  p3\n\n  p4\nb: 'q1\n  q2\n\n  q3'\nc: \"r1\\\n  r2\n  r3\"\n",
    "k: &an1 v\nl: *an1\nm: !!str 5\nn: !<tag:x> y\n",
    "\xc3\xa9: \xee\x80\x80x\xee\x80\x80\na\xee\x80\x80: \xe2\x98\x83 # \xee\x80\x80\n",
    "a: C:\\new\\x41\\U0001F600 | 5 > 6\nb: |5 x\nc: a&b *c !d %e\n",
    "key: -----BEGIN X-----\\nMIIE+/=\\n-----END X-----\n",
    "a: x\xc2\x85"
    "b: y\xe2\x80\xa8"
    "c: |\n  z1\xe2\x80\xa9  z2\n",
    "a: | # c1\xc2\x85  z1\nb: >\r\n  z2\r\n  z3\r\n",
};

static void gives_back_the_words_of_each_style(void **state)
{
    (void)state;
    size_t read = 0;
    for (size_t i = 0; i < COUNT(seeds); i++) {
        size_t scalars = compare(seeds[i]);
        read += scalars == SIZE_MAX ? 0 : scalars;
    }
    assert_true(read >= 50);
}

static void gives_back_the_words_of_any_text(void **state)
{
    (void)state;
    uint64_t random = 20;
    size_t read = 0;
    for (size_t i = 0; i < 60000; i++) {
        char *text = mutate(&random, seeds, COUNT(seeds), "aA1 :-?[]{},#&*!|>'\"%@`\\\n\r\t0ueUx+.~");
        size_t scalars = compare(text);
        read += scalars != SIZE_MAX && scalars > 0;
        free(text);
    }
    assert_true(read > 10000);
}

/* Whatever a file holds, it is read or refused with its name. */
static void survives_any_file(void **state)
{
    static const char *const files[] = {
        "okta:\n  client:\n    orgUrl: https://a.example\n    token: t0\n    scopes:\n    - a\n    - b\n",
        "okta: {client: {proxy: {host: h, port: 1, username: u, password: p}, dpop: always}}",
        "x: 1\nokta:\n  client:\n    privateKey: |\n      -----BEGIN PRIVATE KEY-----\n      MIIE\n    "
        "rateLimit:\n"
        "      maxRetries: 2\n",
    };
    (void)state;
    uint64_t random = 21;
    size_t taken = 0;
    for (size_t i = 0; i < 30000; i++) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        oktai_arena arena = {0};
        char *text = mutate(&random, files, COUNT(files), "a1 :-?[]{},#&*!|>'\"%\\\n\r\t\x01\xff");
        okta_error *error = read_bytes(text, strlen(text), &options, &arena);
        assert_true(error == NULL || (okta_error_status(error) == OKTA_E_CONFIG &&
                                      strncmp(okta_error_message(error), FILE_NAME ":", 12) == 0));
        taken += error == NULL;
        okta_free(error);
        oktai_arena_clear(&arena);
        free(text);
    }
    assert_true(taken > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_yaml),
        cmocka_unit_test(reads_a_file_that_says_nothing),
        cmocka_unit_test(refuses_what_it_cannot_be_sure_of),
        cmocka_unit_test(refuses_other_encodings_and_nul_bytes),
        cmocka_unit_test(limits_how_deep_it_goes),
        cmocka_unit_test(limits_how_many_keys_it_compares),
        cmocka_unit_test(gives_back_the_words_of_each_style),
        cmocka_unit_test(gives_back_the_words_of_any_text),
        cmocka_unit_test(survives_any_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
