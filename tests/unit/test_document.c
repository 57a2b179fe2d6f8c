/* SPDX-License-Identifier: Apache-2.0 */
/* tools/common/document.h: what is read from YAML and JSON, and what is refused on which line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "allocations.h"
#include "common/document_read.h"
#include "mutate.h"
#include "okta/okta.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[] = {"text", "number", "truth", "list", "choice", "inner", NULL};
static const char *const choices[] = {"one", "two", "three", NULL};

/* What the members of one mapping say. */
typedef struct values {
    const char *text;
    int64_t number;
    bool truth;
    size_t choice;
    size_t count;
    const char *words[4];
} values;

static void read_values(document *file, values *out)
{
    const document_node *root = document_root(file);
    const document_node *list = document_member(root, "list");
    *out = (values){0};
    if (!document_mapping(file, root, names)) {
        return;
    }
    out->text = document_text(file, document_member(root, "text"));
    out->number = document_integer(file, document_member(root, "number"), -5, 100, 7);
    out->truth = document_truth(file, document_member(root, "truth"), true);
    out->choice = document_choice(file, document_member(root, "choice"), choices, 2);
    (void)document_sequence(file, list);
    for (const document_node *item = document_first(list); item != NULL && out->count < COUNT(out->words);
         item = document_next(item)) {
        out->words[out->count++] = document_text(file, item);
    }
}

static document *read(const char *text)
{
    document *file = NULL;
    char *exact = exact_text(text, strlen(text));
    okta_error *error = document_read("file.yaml", exact, strlen(text), &file);
    free(exact);
    if (error != NULL) {
        print_error("%s\n", okta_error_message(error));
    }
    assert_null(error);
    assert_non_null(file);
    return file;
}

static void yaml_and_json_say_the_same(void **state)
{
    static const char *const texts[] = {
        "text: a b\nnumber: 42\ntruth: false\nchoice: two\nlist:\n  - x\n  - 'y: z'\n",
        "# words\n---\ntext:   \"a b\" # quoted\nnumber: 42\ntruth: false\nchoice: 'two'\nlist: [x, \"y: "
        "z\"]\n",
        "{\"text\":\"a b\",\"number\":42,\"truth\":false,\"choice\":\"two\",\"list\":[\"x\",\"y: z\"]}",
        "{\n\t\"text\":\t\"\\u0061 b\",\n\t\"number\":\t42,\n\t\"truth\":\tfalse,\n"
        "\t\"choice\":\t\"two\",\n\t\"list\":\t[\"x\",\n\t\t\"y: z\"]\n}\n",
        "\xef\xbb\xbftext: a b\r\nnumber: 42\r\ntruth: false\r\nchoice: two\r\nlist: [x, 'y: z']\r\n",
        "text: >-\n  a\n  b\nnumber: 42\ntruth: false\nchoice: two\nlist:\n- x\n- |-\n  y: z\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        values got;
        document *file = read(texts[i]);
        read_values(file, &got);
        assert_null(document_error(file));
        assert_string_equal(got.text, "a b");
        assert_int_equal(got.number, 42);
        assert_false(got.truth);
        assert_int_equal(got.choice, 1);
        assert_int_equal(got.count, 2);
        assert_string_equal(got.words[0], "x");
        assert_string_equal(got.words[1], "y: z");
        document_free(file);
    }
}

static void what_is_not_there_has_its_default(void **state)
{
    values got;
    (void)state;
    document *file = read("{}");
    read_values(file, &got);
    assert_null(document_error(file));
    assert_null(got.text);
    assert_int_equal(got.number, 7);
    assert_true(got.truth);
    assert_int_equal(got.choice, 2);
    assert_int_equal(got.count, 0);
    document_free(file);
}

static void members_and_lines_are_told_in_their_order(void **state)
{
    (void)state;
    document *file = read("a: 1\nb:\n  - c\n\n  - d: e\n");
    const document_node *a = document_first(document_root(file));
    const document_node *b = document_next(a);
    const document_node *last = document_next(document_first(b));
    assert_string_equal(document_member_name(a), "a");
    assert_string_equal(document_member_name(b), "b");
    assert_null(document_next(b));
    assert_int_equal(document_line(b), 2);
    assert_int_equal(document_line(document_first(b)), 3);
    assert_int_equal(document_line(last), 5);
    assert_null(document_member_name(last));
    assert_null(document_next(last));
    assert_null(document_member(last, "f"));
    assert_null(document_member(document_first(b), "f"));
    document_refuse(file, document_member(last, "d"), "%d %s", 3, "words");
    document_refuse(file, a, "the first counts");
    okta_error *error = document_error(file);
    assert_string_equal(okta_error_message(error), "file.yaml:5: d: 3 words");
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    okta_free(error);
    document_refuse(file, last, "an element has the name of its list");
    error = document_error(file);
    assert_string_equal(okta_error_message(error), "file.yaml:5: b: an element has the name of its list");
    okta_free(error);
    assert_null(document_need(file, last, "kid"));
    error = document_error(file);
    assert_string_equal(okta_error_message(error), "file.yaml:5: b: there is no kid");
    okta_free(error);
    document_free(file);
}

static void numbers_reach_their_bounds(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {{"0", 0},
                {"-0", 0},
                {"-9223372036854775807", -INT64_MAX},
                {"9223372036854775807", INT64_MAX},
                {"9223372036854775808", -1},
                {"-9223372036854775808", -1},
                {"-9223372036854775809", -1},
                {"007", -1},
                {"+7", -1},
                {"7.0", -1},
                {"7e0", -1},
                {"0x7", -1},
                {"'7'", -1},
                {"[7]", -1},
                {"7 8", -1},
                {"", -1}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "- %s\n", rows[i].text);
        document *file = read(text);
        const document_node *node = document_first(document_root(file));
        assert_int_equal(document_integer(file, node, -INT64_MAX, INT64_MAX, -1), rows[i].value);
        okta_error *error = document_error(file);
        assert_int_equal(error != NULL, rows[i].value == -1);
        okta_free(error);
        document_free(file);
    }
}

/* Texts that a program which reads YAML may take for something else. */
static void a_text_without_quotes_must_be_one(void **state)
{
    static const char *const refused[] = {
        "2026",  "-1",   "+1",   "1.5",  ".5",   "1.",    "1e5",      "1E+05", "0x1F", "0xdeadBEEF",
        "0o17",  "0o0",  "0",    "007",  "08",   "-.5e3", "123e4567", "00e1",  ".inf", "-.Inf",
        "+.INF", ".nan", ".NaN", ".NAN", "",     "~",     "yes",      "Off",   "ON",   "false",
        "null",  "No",   "true", "''",   "\"\"", "[a]",   "{}"};
    /* Ids of Okta among them: an app's begins with 0oa, a user's with 00u. */
    static const char *const taken[] = {"0oa00000000000000000",
                                        "0oaf",
                                        "0o18",
                                        "0o",
                                        "0O17",
                                        "0X1f",
                                        "-0x1f",
                                        "+0o17",
                                        "00u1e5",
                                        "00u00000000000001e5",
                                        "1e5g4",
                                        "12:30",
                                        "190:20:30",
                                        "1_000",
                                        "0b1",
                                        ".Nan",
                                        ".infx",
                                        "-.nan",
                                        "inf",
                                        "NaN",
                                        "2026-11",
                                        "30s",
                                        "1.2.3",
                                        "e5",
                                        "1e",
                                        "1e+",
                                        ".",

                                        "0x",
                                        "0xg",
                                        "nope",
                                        "'12'",
                                        "\"~\"",
                                        "'yes'",
                                        "'null'",
                                        "1 2",
                                        "nulls"};
    (void)state;
    for (size_t i = 0; i < COUNT(refused) + COUNT(taken); i++) {
        char text[64];
        bool is_taken = i >= COUNT(refused);
        const char *word = is_taken ? taken[i - COUNT(refused)] : refused[i];
        (void)snprintf(text, sizeof text, "text: %s\n", word);
        document *file = read(text);
        const char *got = document_text(file, document_member(document_root(file), "text"));
        okta_error *error = document_error(file);
        if ((got != NULL) != is_taken || (error == NULL) != is_taken) {
            fail_msg("'%s' is %s", word, got == NULL ? "refused" : "taken");
        }
        okta_free(error);
        document_free(file);
    }
}

typedef struct refusal {
    const char *text;
    const char *message; /* behind "file.yaml:" */
} refusal;

static const refusal not_read[] = {
    {"", "1: there is nothing in this file"},
    {"# only a comment\n", "1: there is nothing in this file"},
    {"a: 1\nb: 2\na: 3\n", "3: a: it is on line 1 already"},
    {"{\"a\":1,\n \"\\u0061\":2}", "2: a: it is on line 1 already"},
    {"a: 1\n---\nb: 1\n", "2: a second document is not accepted"},
    {"a: 1\n...\nb: 1\n", "3: this is neither YAML nor JSON: did not find expected <document start>"},
    {"a: &x 1\n", "1: anchors and aliases are not accepted: quote a value that begins with & or *"},
    {"a: 1\nb: *x\n", "2: anchors and aliases are not accepted: quote a value that begins with & or *"},
    {"a: &x [1]\n", "1: anchors and aliases are not accepted: quote a value that begins with & or *"},
    {"a: &x {b: 1}\n", "1: anchors and aliases are not accepted: quote a value that begins with & or *"},
    {"? *x\n: 1\n", "1: anchors and aliases are not accepted: quote a value that begins with & or *"},
    {"a: !!str 1\n", "1: tags are not accepted: quote a value that begins with !"},
    {"a: !x [1]\n", "1: tags are not accepted: quote a value that begins with !"},
    {"!x\na: 1\n", "1: tags are not accepted: quote a value that begins with !"},
    {"%TAG !x! tag:x,2026:\n---\na: 1\n", "1: tags are not accepted"},
    {"%YAML 1.2\n%TAG ! !\n---\na: 1\n", "2: tags are not accepted"},
    {"a: 1\n...\r%TAG ! !\n---\nb: 1\n", "2: tags are not accepted"},
    {"[a]: 1\n", "1: the name of a member is a text"},
    {"{a: 1}: 1\n", "1: the name of a member is a text"},
    {"a: \"b\\0c\"\n", "1: a NUL is not accepted"},
    {"a: 1\n\"b\\x00\": 1\n", "2: a NUL is not accepted"},
    {"a: 1\nb: [1, 2\n", "3: this is neither YAML nor JSON: did not find expected ',' or ']'"},
    {"{\"a\":1}}", "1: this is neither YAML nor JSON: did not find expected <document start>"},
    {"a: 1\n b: 2\n", "2: this is neither YAML nor JSON: mapping values are not allowed in this context"},
    {"a:\n\t- 1\n", "2: this is neither YAML nor JSON: found character that cannot start any token"},
    {"a: 1\nb: \xff\n", "2: this is neither YAML nor JSON: invalid leading UTF-8 octet"},
    {"a: 1\nb: \xc0\xaf\n", "2: this is neither YAML nor JSON: invalid length of a UTF-8 sequence"},
    {"a: 1\nb: \xed\xa0\x80\n", "2: this is neither YAML nor JSON: invalid Unicode character"},
    {"a: 1\n\nb: \x01\n", "3: this is neither YAML nor JSON: control characters are not allowed"},
    {"\"\\ud83d\\ude00\"", "1: this is neither YAML nor JSON: found invalid Unicode character escape code"},
};

static void check_refusal(okta_error *error, const char *wanted)
{
    char message[1100];
    (void)snprintf(message, sizeof message, "file.yaml:%s", wanted);
    assert_non_null(error);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_string_equal(okta_error_message(error), message);
    okta_free(error);
}

static void what_is_not_read_is_refused_on_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(not_read); i++) {
        document *file = NULL;
        char *exact = exact_text(not_read[i].text, strlen(not_read[i].text));
        okta_error *error = document_read("file.yaml", exact, strlen(exact), &file);
        free(exact);
        assert_null(file);
        check_refusal(error, not_read[i].message);
    }
}

static void a_nul_in_the_text_is_refused(void **state)
{
    document *file = NULL;
    (void)state;
    check_refusal(document_read("file.yaml", "a: 1\nb: \0c\n", 11, &file),
                  "2: this is neither YAML nor JSON: control characters are not allowed");
    assert_null(file);
}

static const refusal of_wrong_type[] = {
    {"- a\n", "1: this is to be a mapping with the members text, number, truth, list, choice and inner"},
    {"text: a\nwords: b\n",
     "2: words: there is no such member here; what is known is text, number, truth, list, choice and inner"},
    {"text: 1\n", "1: text: this is a number: put a text into quotes"},
    {"text: no\n", "1: text: this is a truth value: put a text into quotes"},
    {"text:\n", "1: text: there is no value"},
    {"text: ''\n", "1: text: the text is empty"},
    {"text:\n  - a\n", "1: text: this is to be a text"},
    {"number: 101\n", "1: number: this is a number from -5 to 100"},
    {"number: -6\n", "1: number: this is a number from -5 to 100"},
    {"number: '7'\n", "1: number: this is a number from -5 to 100, without quotes"},
    {"number: [7]\n", "1: number: this is a number from -5 to 100"},
    {"truth: yes\n", "1: truth: this is true or false"},
    {"truth: 'true'\n", "1: truth: this is true or false, without quotes"},
    {"truth: {}\n", "1: truth: this is true or false"},
    {"choice: four\n", "1: choice: this is one, two or three, not 'four'"},
    {"choice: []\n", "1: choice: this is one, two or three"},
    {"choice:\n", "1: choice: this is one, two or three, not ''"},
    {"list: a\n", "1: list: this is to be a list"},
    {"list: {a: b}\n", "1: list: this is to be a list"},
    {"list:\n - a\n - 12\n", "3: list: this is a number: put a text into quotes"},
    {"truth: 1\ntext: 2\n", "2: text: this is a number: put a text into quotes"},
};

static void values_of_a_wrong_type_are_refused_on_their_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(of_wrong_type); i++) {
        values got;
        document *file = read(of_wrong_type[i].text);
        read_values(file, &got);
        check_refusal(document_error(file), of_wrong_type[i].message);
        assert_null(document_error(file));
        document_free(file);
    }
}

/* `count` times `piece` between a beginning and an end. Free it. */
static char *repeat(const char *begin, const char *piece, size_t count, const char *end)
{
    size_t size = strlen(piece);
    char *text = malloc(strlen(begin) + count * size + strlen(end) + 1);
    assert_non_null(text);
    memcpy(text, begin, strlen(begin));
    char *at = text + strlen(begin);
    for (size_t i = 0; i < count; i++, at += size) {
        memcpy(at, piece, size);
    }
    memcpy(at, end, strlen(end) + 1);
    return text;
}

static void refuse_long(char *text, size_t length, const char *message)
{
    document *file = NULL;
    okta_error *error = document_read("file.yaml", text, length, &file);
    free(text);
    assert_null(file);
    check_refusal(error, message);
}

static void depth_size_and_count_have_an_end(void **state)
{
    char members[65 * 8 + 1] = "";
    (void)state;
    char *text = repeat("", "[", 33, "");
    refuse_long(text, 33, "1: values are nested too deeply");
    text = repeat("", "[", 1000000, "");
    refuse_long(text, 1000000, "1: values are nested too deeply");
    text = repeat("", "- ", 100, "a\n");
    refuse_long(text, strlen(text), "1: values are nested too deeply");
    text = repeat("- a\n", "-\n", 1000000, "");
    refuse_long(text, strlen(text), "1000000: there are too many values in this file");
    text = repeat("", "a", DOCUMENT_MAX + 1, "");
    refuse_long(text, DOCUMENT_MAX + 1, "1: this file is larger than 16 MiB");
    for (int i = 0; i < 65; i++) {
        (void)snprintf(members + strlen(members), sizeof members - strlen(members), "m%d: 1\n", i);
    }
    refuse_long(repeat("", members, 1, ""), strlen(members), "65: a mapping has more than 64 members");
}

static void thirty_two_levels_are_read(void **state)
{
    char text[65] = "";
    (void)state;
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    document_free(read(text));
}

static void each_allocation_may_fail(void **state)
{
    static const char text[] = "text: 1\nlist:\n  - a\n  - {b: c}\ninner: {}\n";
    (void)state;
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        document *file = NULL;
        allocations_begin(nth, false);
        okta_error *error = document_read("file.yaml", text, sizeof text - 1, &file);
        if (error == NULL) {
            values got;
            read_values(file, &got);
            error = document_error(file);
        }
        failed = allocations_end();
        assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_E_CONFIG);
        okta_free(error);
        document_free(file);
    }
}

static void any_text_is_read_or_refused(void **state)
{
    static const char *const seeds[] = {
        "text: a b\nnumber: 42\ntruth: false\nchoice: two\nlist:\n  - x\n  - 'y: z'\n",
        "{\"text\":\"a b\",\"number\":42,\"list\":[\"x\",\"y: z\"]}",
        "apps:\n  - id: a\n    keys:\n      - {kid: '1', status: absent}\n",
    };
    uint64_t chance = 20260101;
    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        values got;
        document *file = NULL;
        char *text = mutate(&chance, seeds, COUNT(seeds), "-:[]{},&*!|>'\"%?# \t\n\\0a\xff");
        okta_error *error = document_read("file.yaml", text, strlen(text), &file);
        assert_int_equal(error == NULL, file != NULL);
        if (error == NULL) {
            read_values(file, &got);
            error = document_error(file);
        }
        assert_true(error == NULL || strncmp(okta_error_message(error), "file.yaml:", 10) == 0);
        okta_free(error);
        document_free(file);
        free(text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_and_json_say_the_same),
        cmocka_unit_test(what_is_not_there_has_its_default),
        cmocka_unit_test(members_and_lines_are_told_in_their_order),
        cmocka_unit_test(numbers_reach_their_bounds),
        cmocka_unit_test(a_text_without_quotes_must_be_one),
        cmocka_unit_test(what_is_not_read_is_refused_on_its_line),
        cmocka_unit_test(a_nul_in_the_text_is_refused),
        cmocka_unit_test(values_of_a_wrong_type_are_refused_on_their_line),
        cmocka_unit_test(depth_size_and_count_have_an_end),
        cmocka_unit_test(thirty_two_levels_are_read),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(any_text_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
