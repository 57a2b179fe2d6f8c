/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader on strings: escapes, surrogates, UTF-8, and what comes out unescaped. */
#include "json/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "unit/json_oracle.h"
#include "unit/json_verdict.h"

/* The oracle must be right before it judges: it gives the verdict of the tables. */
static void assert_table(const char *const *table, size_t count, bool accepted)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(table[i]);
        assert_int_equal(oracle_accepts(table[i], length), accepted);
        assert_verdict(table[i], length, accepted);
    }
}

#define ASSERT_TABLE(table, accepted) assert_table((table), sizeof(table) / sizeof(table)[0], (accepted))

/* clang-format off */
static const char *const good_strings[] = {
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0001\\u001f\\u007f\\u0080\\uFFFF\\ufffe\"", "\"\\uD83D\\ude00\"",
    "\"\\ud800\\udc00\\udbff\\udfff\"", "\"\\u00e9\\u00E9\"", "\"\x7f\"", "\"/'\"", "\"\\\\u0000\"",
    "\"\\\\\"", "\"\\\\\\\"\"", "\"\\uD7FF\\uE000\"", "{\"\\u0061\\n\":\"b\"}",
    /* UTF-8: the first and last of each length, the edges of the surrogates, noncharacters */
    "\"\xc2\x80\xdf\xbf\"", "\"\xe0\xa0\x80\xef\xbf\xbd\"", "\"\xed\x9f\xbf\xee\x80\x80\"",
    "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", "\"\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90\xef\xb7\xaf\"",
    "\"\xf0\x9f\xbf\xbe\xf0\x9f\xbf\xbf\"", "{\"\xc3\xbc\":\"\xe2\x82\xac\"}",
};

static const char *const bad_strings[] = {
    "\"", "\"a", "'a'", "a", "\"\\\"", "\"\\\\\\\"", "\"\\", "\"a\\", "\"\\x41\"", "\"\\'\"", "\"\\a\"",
    "\"\\v\"", "\"\\0\"", "\"\\e\"", "\"\\ \"", "\"\\\n\"", "\"\\U0041\"", "\"\\N\"", "\"\\u\"", "\"\\u1\"",
    "\"\\u12\"", "\"\\u123\"", "\"\\u123", "\"\\u12", "\"\\u", "\"\\u00g0\"", "\"\\u 041\"", "\"\\u+041\"",
    "\"\\u-041\"", "\"\\u0x41\"", "\"\\u{41}\"", "\"\\u00\\u41\"", "\"\\u0000\"", "\"k1\\u0000evil\"",
    "{\"a\\u0000b\":1}", "\"\\\xc3\xbc\"", "\"\\\x80\"",
    /* surrogates */
    "\"\\ud800\"", "\"\\udbff\"", "\"\\udc00\"", "\"\\udfff\"", "\"\\uD800a\"", "\"\\ud800\\n\"",
    "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud800\\ud800\\udc00\"",
    "\"\\ud83d\\ude00\\ude00\"", "\"\\ud83d \\ude00\"", "\"\\ud83d\\ude0\"", "\"\\ud83d\\u\"",
    "\"\\ud83d\\\"", "\"\\ud83d\\", "\"\\ud83d", "\"\\ud83d\\ude0", "\"\\ud83d\xed\xb8\x80\"",
    "\"\\ud83d/ude00\"", "\"\\ud83d\\xde00\"", "\"\\ud800\\uE000\"", "\"\\ud800\\udbff\"", "{\"\\ud800\":1}",
    "\"\\ud83d\\u0000\"",
};

static const char *const bad_utf8[] = {
    "\"\x80\"", "\"\xbf\"", "\"a\x80\"", "\"\xc3\xbc\xbc\"", "\"\xc0\x80\"", "\"\xc0\xaf\"", "\"\xc1\xbf\"",
    "\"\xe0\x80\x80\"", "\"\xe0\x9f\xbf\"", "\"\xf0\x80\x80\x80\"", "\"\xf0\x8f\xbf\xbf\"",
    "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"", "\"\xed\xa0\xbd\xed\xb8\x80\"", "\"\xf4\x90\x80\x80\"",
    "\"\xf5\x80\x80\x80\"", "\"\xf7\xbf\xbf\xbf\"", "\"\xf8\x88\x80\x80\x80\"", "\"\xfb\xbf\xbf\xbf\xbf\"",
    "\"\xfc\x84\x80\x80\x80\x80\"", "\"\xfd\xbf\xbf\xbf\xbf\xbf\"", "\"\xfe\"", "\"\xff\"", "\"\xc2\"",
    "\"\xe2\x82\"", "\"\xe2\"", "\"\xf0\x9f\x98\"", "\"\xf0\x9f\"", "\"\xf0\"", "\"\xc2", "\"\xe2\x82",
    "\"\xf0\x9f\x98", "\"\xe2(\xa1\"", "\"\xe2\x82(\"", "\"\xf0\x9f\x98(\"", "\"\xc2\xc2\x80\"", "\"\xe9\"",
    "\"\xe2\x82\\n\"", "{\"\xc0\x80\":1}", "{\"\xff\":1}", "[\"a\",\"\xed\xa0\x80\"]", "\xc3\xbc",
    "[\xc3\xbc]", "[1\xff]", "{}\xff", "\"\xef\xbf\xc0\"",
};
/* clang-format on */

static void accepts_all_strings_of_rfc_8259(void **state)
{
    (void)state;
    ASSERT_TABLE(good_strings, true);
}

static void refuses_damaged_strings(void **state)
{
    (void)state;
    ASSERT_TABLE(bad_strings, false);
}

static void refuses_damaged_utf8(void **state)
{
    (void)state;
    ASSERT_TABLE(bad_utf8, false);
}

static void refuses_every_raw_control_character(void **state)
{
    (void)state;
    for (int c = 0; c < 0x20; c++) {
        char value[] = {'"', 'a', (char)c, 'b', '"'};
        char name[] = {'{', '"', (char)c, '"', ':', '1', '}'};
        assert_verdict(value, sizeof value, false);
        assert_verdict(name, sizeof name, false);
    }
}

/* Read one string in each way the reader offers and compare. */
static void assert_unescaped(const char *json, size_t json_length, const char *expected,
                             size_t expected_length)
{
    char *copy = terminated_copy(json, json_length);
    oktai_arena arena = {0};
    oktai_reader reader;
    okta_text span;
    size_t length = 0;
    oktai_reader_init(&reader, copy, json_length);
    char *text = oktai_reader_string(&reader, &arena, &length);
    assert_non_null(text);
    assert_int_equal(length, expected_length);
    assert_memory_equal(text, expected, length);
    assert_int_equal(text[length], '\0');
    assert_true(oktai_reader_finish(&reader));

    oktai_reader_init(&reader, copy, json_length);
    assert_true(oktai_reader_text(&reader, &arena, &span));
    assert_int_equal(span.length, expected_length);
    assert_memory_equal(span.text, expected, span.length);

    oktai_reader_init(&reader, copy, json_length);
    assert_true(oktai_reader_text(&reader, NULL, &span));
    assert_int_equal(span.length, json_length - 2);
    assert_ptr_equal(span.text, copy + 1);
    oktai_arena_clear(&arena);
    free(copy);
}

/* An arena with so much left. */
static void leave(oktai_arena *arena, size_t left)
{
    assert_non_null(oktai_arena_alloc(arena, 1));
    assert_true(arena->left > left);
    assert_non_null(oktai_arena_text(arena, arena->left - left - 1));
    assert_int_equal(arena->left, left);
}

/* Strings are read a word at a time, or otherwise, by the room that is left: it is the same. A reader that
 * dies leaves nothing of the string where the arena takes nothing as written. */
static void reads_strings_into_any_room(void **state)
{
    (void)state;
    static const struct {
        test_text json, value;
    } cases[] = {
        {TEXT("\"\""), TEXT("")},
        {TEXT("\"1234567\""), TEXT("1234567")},
        {TEXT("\"12345678\""), TEXT("12345678")},
        {TEXT("\"123456789012345678901234\",\"secret\""), TEXT("123456789012345678901234")},
        {TEXT("\"1234567890\\n234567890\""), TEXT("1234567890\n234567890")},
        {TEXT("\"12345678\xc3\xbc\""), TEXT("12345678\xc3\xbc")},
        {TEXT("\"1234567890\x01\""), {NULL, 0}},
        {TEXT("\"1234567890\xff\""), {NULL, 0}},
        {TEXT("\"12345678901234567890"), {NULL, 0}},
        {TEXT("\"1234567890\\x\""), {NULL, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t left = 0; left <= 40; left++) {
            char *copy = terminated_copy(cases[i].json.text, cases[i].json.length);
            oktai_arena arena = {0};
            oktai_reader reader;
            size_t length = 0;
            leave(&arena, left);
            memset(arena.next, 'x', left);
            oktai_reader_init(&reader, copy, cases[i].json.length);
            char *text = oktai_reader_string(&reader, &arena, &length);
            assert_int_equal(text != NULL, cases[i].value.text != NULL);
            assert_int_equal(reader.problem == NULL, text != NULL);
            if (text != NULL) {
                assert_int_equal(length, cases[i].value.length);
                assert_memory_equal(text, cases[i].value.text, length + 1);
            } else {
                for (size_t k = 0; k < arena.left; k++) {
                    assert_true(arena.next[k] == 'x' || arena.next[k] == '\0');
                }
            }
            oktai_arena_clear(&arena);
            free(copy);
        }
    }
}

static void unescapes_strings(void **state)
{
    (void)state;
    static const struct {
        test_text json, value;
    } cases[] = {
        {TEXT("\"\""), TEXT("")},
        {TEXT("\"abc\""), TEXT("abc")},
        {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TEXT("\"\\/\b\f\n\r\t")},
        {TEXT("\"a\\nb\""), TEXT("a\nb")},
        {TEXT("\"\\\\n\""), TEXT("\\n")},
        {TEXT("\"\\u0041\\u00e9\\u20AC\""), TEXT("A\xc3\xa9\xe2\x82\xac")},
        {TEXT("\"\\u0001\\u007f\\u0080\\u07ff\\u0800\\uffff\""),
         TEXT("\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf")},
        {TEXT("\"\\ud83d\\uDE00\""), TEXT("\xf0\x9f\x98\x80")},
        {TEXT("\"\\uD800\\uDC00\\uDBFF\\uDFFF\""), TEXT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")},
        {TEXT("\"\xc3\xbc\\u00fc\xf0\x9f\x98\x80\""), TEXT("\xc3\xbc\xc3\xbc\xf0\x9f\x98\x80")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_unescaped(cases[i].json.text, cases[i].json.length, cases[i].value.text,
                         cases[i].value.length);
    }
}

static void unescapes_every_code_unit(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x10000; c++) {
        char text[16], value[4];
        int length = snprintf(text, sizeof text, c % 2 == 0 ? "\"\\u%04x\"" : "\"\\u%04X\"", (unsigned)c);
        if (c == 0 || (c >= 0xd800 && c <= 0xdfff)) {
            assert_verdict(text, (size_t)length, false);
        } else {
            size_t size = oracle_utf8(c, value);
            assert_unescaped(text, (size_t)length, value, size);
        }
    }
}

static void reads_every_code_point_raw_and_as_surrogates(void **state)
{
    (void)state;
    oktai_buffer raw = {0}, escaped = {0}, value = {0};
    append_times(&raw, "\"", 1);
    append_times(&escaped, "\"", 1);
    for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff) {
            continue;
        }
        char utf8[4];
        size_t size = oracle_utf8(c, utf8);
        assert_true(oktai_buffer_append(&raw, utf8, size));
        assert_true(oktai_buffer_append(&value, utf8, size));
        if (c < 0x10000) {
            assert_true(oktai_buffer_append(&escaped, utf8, size));
        } else {
            assert_true(oktai_buffer_printf(&escaped, "\\u%x\\u%x", (unsigned)(0xd7c0 + (c >> 10)),
                                            (unsigned)(0xdc00 | (c & 0x3ff))));
        }
    }
    append_times(&raw, "\"", 1);
    append_times(&escaped, "\"", 1);
    assert_unescaped(raw.data, raw.length, value.data, value.length);
    assert_unescaped(escaped.data, escaped.length, value.data, value.length);
    oktai_buffer_clear(&raw);
    oktai_buffer_clear(&escaped);
    oktai_buffer_clear(&value);
}

static void assert_same_as_oracle(const char *text, size_t length)
{
    oktai_reader reader;
    okta_text span;
    oktai_reader_init(&reader, text, length);
    bool accepted = oktai_reader_skip(&reader, &span) && oktai_reader_finish(&reader);
    if (accepted != oracle_accepts(text, length)) {
        assert_verdict(text, length, !accepted);
    }
}

static void judges_every_utf8_sequence_as_the_oracle_does(void **state)
{
    (void)state;
    static const unsigned char edges[] = {0x22, 0x41, 0x5c, 0x7f, 0x80, 0x8f,
                                          0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    char text[8] = {'"'};
    for (unsigned lead = 0x80; lead < 0x100; lead++) {
        for (unsigned second = 0; second < 0x100; second++) {
            text[1] = (char)lead;
            text[2] = (char)second;
            memcpy(text + 3, "\"", 2);
            assert_same_as_oracle(text, 4);
            for (size_t i = 0; i < sizeof edges; i++) {
                text[3] = (char)edges[i];
                memcpy(text + 4, "\"", 2);
                assert_same_as_oracle(text, 5);
                for (size_t j = 0; j < sizeof edges && lead >= 0xf0; j++) {
                    text[4] = (char)edges[j];
                    memcpy(text + 5, "\"", 2);
                    assert_same_as_oracle(text, 6);
                }
            }
        }
    }
}

static void names_are_unescaped_and_may_repeat(void **state)
{
    (void)state;
    const char *text = "{\"k\\u0069d\":1,\"\":2,\"kid\":3}";
    /* clang-format off */
static const char *const names[] = {
    "kid", "", "kid",
};
    /* clang-format on */
    oktai_arena arena = {0};
    oktai_reader reader;
    okta_text span;
    oktai_reader_init(&reader, text, strlen(text));
    assert_true(oktai_reader_enter(&reader));
    for (size_t i = 0; i < 3; i++) {
        assert_true(oktai_reader_member(&reader, i == 0, &arena, &span));
        assert_int_equal(span.length, strlen(names[i]));
        assert_memory_equal(span.text, names[i], span.length);
        assert_true(oktai_reader_skip(&reader, &span));
    }
    assert_false(oktai_reader_member(&reader, false, &arena, &span));
    assert_true(oktai_reader_finish(&reader));
    oktai_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_all_strings_of_rfc_8259),
        cmocka_unit_test(refuses_damaged_strings),
        cmocka_unit_test(refuses_damaged_utf8),
        cmocka_unit_test(refuses_every_raw_control_character),
        cmocka_unit_test(reads_strings_into_any_room),
        cmocka_unit_test(unescapes_strings),
        cmocka_unit_test(unescapes_every_code_unit),
        cmocka_unit_test(reads_every_code_point_raw_and_as_surrogates),
        cmocka_unit_test(judges_every_utf8_sequence_as_the_oracle_does),
        cmocka_unit_test(names_are_unescaped_and_may_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
