/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader: what it accepts, what it refuses, and where it stands after each step. */
#include "json/reader.h"

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
static const char *const good[] = {
    "{}", "[]", "\"\"", "0", "true", "false", "null",
    " \t\r\n{ \t\r\n\"a\" \t\r\n: \t\r\n1 \t\r\n, \"b\" : [ 1 , 2 ] } \t\r\n",
    "[[],{},\"\",0,true,false,null]", "{\"\":{\"\":{}}}", "{\"a\":1,\"a\":2}", "[true,false,null]",
    "\xef\xbb\xbf{}", "\xef\xbb\xbf \"\xef\xbb\xbf\" ",
    /* numbers */
    "-0", "-0.0", "0.0", "0e0", "0E+00", "1e-0", "-1.50E-007", "1E400", "1e99999999999999999999",
    "9007199254740993", "0.1", "10", "-9223372036854775809",
    "100000000000000000000000000000000000000000000000000000000000000", "[0]", "[-1,0.5e1]", "{\"a\":-0}",
    "1 ", "1\n",
};

static const char *const bad_structure[] = {
    "", " ", "\t\r\n ", "\xef\xbb\xbf", "\xef\xbb\xbf ", "\xef\xbb", "[", "]", "{", "}", "[}", "{]", "[[]",
    "[]]", "{}}", ",", ":", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "[\"a\":1]", "{,}", "{\"a\"}",
    "{\"a\":}", "{\"a\":1,}", "{,\"a\":1}", "{\"a\":1,,\"b\":2}", "{\"a\":1 \"b\":2}", "{\"a\" 1}",
    "{\"a\",1}", "{\"a\"::1}", "{\"a\":1:2}", "{a:1}", "{'a':1}", "{1:2}", "{null:1}", "{[]:1}", "{{}:1}",
    "{\"a\":1;}", "{\"a\":1", "{\"a\":", "{\"a\"", "{}{}", "[][]", "{}[]", "1 1", "1,", "{},", "{} x",
    "\"\"\"\"", "null null", "[]\x1a", "//\n[]", "[/**/]", "#\n[]", "[1]//", "\v[]", "[]\f", "\xc2\xa0[]",
    "[]\xe2\x80\xa8", "[\xef\xbb\xbf]", "[]\xef\xbb\xbf", " \xef\xbb\xbf[]", "\xef\xbb\xbf\xef\xbb\xbf[]",
    "\xef\xbb{}", "<html></html>", ")]}',\n{}", "\x1f\x8b\x08", "data: {}", "{}\n{}", "{\"a\":[}",
    "[{\"a\":]}", "{\"a\":{]}", "[[[]],", "{\"a\":1]", "[1}",
};

static const char *const bad_scalars[] = {
    "nul", "nulll", "n", "NULL", "Null", "tru", "True", "truefalse", "fals", "falsey", "[tru]", "[nul,1]",
    "{\"a\":fals}", "undefined", "true1", "null\"", "t", "[t", "f]", "yes",
    /* numbers */
    "01", "00", "-01", "-00", "00.5", "1.", "1.e1", ".5", "-.5", "+1", "-", "--1", "- 1", "-a", "1e", "1e+",
    "1E-", "1e1.5", "1e 5", "1 e5", "0x10", "0b1", "1_000", "1,000", "1.2.3", "1e5e5", "NaN", "nan",
    "Infinity", "-Infinity", "inf", "-inf", "1f", "1L", "0e", "0.", "-0.", "[1.]", "[-]", "[1e]",
    "{\"a\":01}", "[+1]", "1.5.e3", "e5", "0xffp1", "1-1", "1+1", "\xd9\xa1", "\xef\xbc\x91",
};

static const test_text bad_nul[] = {
    TEXT("{}\0"), TEXT("{} \0x"), TEXT("\0{}"), TEXT("{\0}"), TEXT("[1\0]"), TEXT("1\0"), TEXT("\0"),
    TEXT("\xfe\xff\0[\0]"), TEXT("\xff\xfe[\0]\0"), TEXT("\0[\0]"), TEXT("[\0]\0"), TEXT("\0\0\0[\0\0\0]"),
    TEXT("[\0\0\0]\0\0\0"), TEXT("\xff\xfe\0\0[\0\0\0]\0\0\0"), TEXT("\0\0\xfe\xff\0\0\0["),
    TEXT("\0\"\0a\0\""), TEXT("\"\0a\0\"\0"), TEXT("nul\0"), TEXT("tr\0e"), TEXT("\"\\\0\""),
    TEXT("\"a\0b\""), TEXT("\"\0\""), TEXT("{\"\0\":1}"),
};
/* clang-format on */

static void accepts_all_structure_of_rfc_8259(void **state)
{
    (void)state;
    ASSERT_TABLE(good, true);
}

static void refuses_damaged_structure(void **state)
{
    (void)state;
    ASSERT_TABLE(bad_structure, false);
}

static void refuses_damaged_scalars(void **state)
{
    (void)state;
    ASSERT_TABLE(bad_scalars, false);
}

static void refuses_nul_bytes_and_other_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_nul / sizeof bad_nul[0]; i++) {
        assert_false(oracle_accepts(bad_nul[i].text, bad_nul[i].length));
        assert_verdict(bad_nul[i].text, bad_nul[i].length, false);
    }
}

static const char *const fixtures[] = {
    "{\"keys\":[{\"kid\":\"k\\u00fc1\",\"e\":\"AQAB\",\"n\":\"\\ud83d\\ude00\\\\\"}], \"x\" : null}",
    "[ -12.50E+3 , true,false , null, {\"\xc3\xbc\":\"\xe2\x82\xac\xf0\x9f\x98\x80\\n\"}, [ [ ] , { } ] ]",
    "\"a\\\"\\/\\b\\f\\n\\r\\t\\u20AC\xf4\x8f\xbf\xbf\"",
    "[{\"id\":\"o\",\"client_secret\":\"x\",\"_links\":{\"delete\":{\"hints\":{\"allow\":[\"PUT\"]}}}}]",
    "{\"errorCode\":\"E0000001\",\"errorCauses\":[{\"errorSummary\":\"a\"},{}]}",
};
#define FIXTURES (sizeof fixtures / sizeof fixtures[0])

static void refuses_every_proper_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        size_t length = strlen(fixtures[i]);
        assert_verdict(fixtures[i], length, true);
        for (size_t cut = 0; cut < length; cut++) {
            assert_verdict(fixtures[i], cut, false);
        }
    }
}

static void refuses_every_byte_behind_the_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            char text[256];
            size_t length = strlen(fixtures[i]);
            memcpy(text, fixtures[i], length);
            text[length++] = (char)byte;
            bool space = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
            assert_verdict(text, length, space);
            text[length++] = '\n';
            text[length++] = ']';
            assert_verdict(text, length, false);
        }
    }
}

/* `count` times `open`, a zero, `count` times `close` */
static void assert_nesting(const char *open, const char *close, size_t count, bool accepted)
{
    oktai_buffer text = {0};
    append_times(&text, open, count);
    append_times(&text, "0", 1);
    append_times(&text, close, count);
    assert_verdict(text.data, text.length, accepted);
    oktai_buffer_clear(&text);
}

static void holds_64_levels_and_refuses_65(void **state)
{
    (void)state;
    static const struct {
        const char *open, *close;
        size_t levels;
    } shapes[] = {
        {"[", "]", 1},         {"{\"a\":", "}", 1}, {"[{\"a\":", "}]", 2},
        {"{\"a\":[", "]}", 2}, {"[1, ", "]", 1},    {"{\"a\":[],\"b\":", ",\"c\":{}}", 1},
        {" [ ", " ] ", 1},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t most = OKTAI_JSON_DEPTH_MAX / shapes[i].levels;
        bool room = i != 5; /* its side branches are one level deeper */
        assert_nesting(shapes[i].open, shapes[i].close, most - 1, true);
        assert_nesting(shapes[i].open, shapes[i].close, most, room);
        assert_nesting(shapes[i].open, shapes[i].close, most + 1, false);
        assert_nesting(shapes[i].open, shapes[i].close, 2000, false);
    }
}

static void counts_levels_not_brackets(void **state)
{
    (void)state;
    oktai_buffer text = {0};
    append_times(&text, "[", 63);
    append_times(&text, "[],{\"a\":1},", 10000);
    append_times(&text, "[]", 1);
    append_times(&text, "]", 63);
    assert_verdict(text.data, text.length, true);
    oktai_buffer_clear(&text);
}

static void skipping_counts_the_levels_that_were_entered(void **state)
{
    (void)state;
    for (size_t inner = 63; inner <= 64; inner++) {
        oktai_buffer text = {0};
        append_times(&text, "[", 1 + inner);
        append_times(&text, "]", 1 + inner);
        oktai_reader reader;
        okta_text span;
        oktai_reader_init(&reader, text.data, text.length);
        assert_true(oktai_reader_enter(&reader));
        assert_true(oktai_reader_element(&reader, true));
        assert_int_equal(oktai_reader_skip(&reader, &span), inner == 63);
        oktai_buffer_clear(&text);
    }
}

static void ten_million_brackets_do_not_exhaust_the_stack(void **state)
{
    (void)state;
    /* clang-format off */
static const char *const openings[] = {
    "[", "{\"a\":", "[{\"\":",
};
    /* clang-format on */
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        oktai_buffer text = {0};
        append_times(&text, openings[i], 10000000 / strlen(openings[i]));
        assert_verdict(text.data, text.length, false);
        assert_int_equal(decode_status(&everything_model, text.data, text.length), OKTA_E_PROTOCOL);
        oktai_buffer_clear(&text);
    }
}

static void peek_tells_the_type_and_consumes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        oktai_json_type type;
    } cases[] = {
        {" {} ", OKTAI_JSON_OBJECT},
        {"\n[1]", OKTAI_JSON_ARRAY},
        {"\t\"a\"", OKTAI_JSON_STRING},
        {" -1 ", OKTAI_JSON_NUMBER},
        {"0", OKTAI_JSON_NUMBER},
        {"9e1", OKTAI_JSON_NUMBER},
        {"true ", OKTAI_JSON_TRUE},
        {" false", OKTAI_JSON_FALSE},
        {"\xef\xbb\xbf null", OKTAI_JSON_NULL},
        {"\xef\xbb\xbf{}", OKTAI_JSON_OBJECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_reader reader;
        okta_text span;
        oktai_reader_init(&reader, cases[i].text, strlen(cases[i].text));
        assert_int_equal(oktai_reader_peek(&reader), cases[i].type);
        assert_int_equal(oktai_reader_peek(&reader), cases[i].type);
        assert_true(oktai_reader_skip(&reader, &span));
        assert_true(oktai_reader_finish(&reader));
    }
    oktai_reader reader;
    oktai_reader_init(&reader, "?", 1);
    assert_int_equal(oktai_reader_peek(&reader), OKTAI_JSON_INVALID);
    oktai_reader_init(&reader, "", 0);
    assert_int_equal(oktai_reader_peek(&reader), OKTAI_JSON_INVALID);
}

static void skip_gives_the_value_without_the_space_around_it(void **state)
{
    (void)state;
    const char *text = " { \"a\" : [ 1 , 2 ] , \"b\" :\t-1.50e+3\n,\"c\":\"\\u0041\" } ";
    /* clang-format off */
static const char *const spans[] = {
    "[ 1 , 2 ]", "-1.50e+3", "\"\\u0041\"",
};
    /* clang-format on */
    oktai_arena arena = {0};
    oktai_reader reader;
    okta_text span;
    oktai_reader_init(&reader, text, strlen(text));
    assert_true(oktai_reader_enter(&reader));
    for (size_t i = 0; i < 3; i++) {
        assert_true(oktai_reader_member(&reader, i == 0, &arena, &span));
        assert_int_equal(span.length, 1);
        assert_int_equal(span.text[0], 'a' + (int)i);
        assert_true(oktai_reader_skip(&reader, &span));
        assert_int_equal(span.length, strlen(spans[i]));
        assert_memory_equal(span.text, spans[i], span.length);
    }
    assert_false(oktai_reader_member(&reader, false, &arena, &span));
    assert_true(reader_alive(&reader));
    assert_true(oktai_reader_finish(&reader));
    oktai_reader_init(&reader, text, strlen(text));
    assert_true(oktai_reader_skip(&reader, &span));
    assert_int_equal(span.length, strlen(text) - 2);
    assert_ptr_equal(span.text, text + 1);
    oktai_arena_clear(&arena);
}

static void judges_damaged_documents_as_the_oracle_does(void **state)
{
    (void)state;
    test_random random = {1};
    oktai_buffer text = {0};
    size_t accepted = 0, count = 60000;
    for (size_t i = 0; i < count; i++) {
        const char *fixture = fixtures[i % FIXTURES];
        oktai_buffer_reset(&text);
        assert_true(oktai_buffer_add_text(&text, fixture));
        random_damage(&random, &text);
        bool due = oracle_accepts(text.data, text.length);
        accepted += due;
        assert_verdict(text.data, text.length, due);
    }
    oktai_buffer_clear(&text);
    /* The damage is neither always harmless nor always fatal, so that both verdicts are tried. */
    assert_in_range(accepted, count / 50, count - count / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_all_structure_of_rfc_8259),
        cmocka_unit_test(refuses_damaged_structure),
        cmocka_unit_test(refuses_damaged_scalars),
        cmocka_unit_test(refuses_nul_bytes_and_other_encodings),
        cmocka_unit_test(refuses_every_proper_prefix),
        cmocka_unit_test(refuses_every_byte_behind_the_document),
        cmocka_unit_test(holds_64_levels_and_refuses_65),
        cmocka_unit_test(counts_levels_not_brackets),
        cmocka_unit_test(skipping_counts_the_levels_that_were_entered),
        cmocka_unit_test(ten_million_brackets_do_not_exhaust_the_stack),
        cmocka_unit_test(peek_tells_the_type_and_consumes_nothing),
        cmocka_unit_test(skip_gives_the_value_without_the_space_around_it),
        cmocka_unit_test(judges_damaged_documents_as_the_oracle_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
