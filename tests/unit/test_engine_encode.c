/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding: the exact text, what is left out, and what is refused. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit/json_models.h"
#include "json/engine.h"

#define ASSERT_REFUSED(model)                                                                                \
    assert_int_equal(encode_status(&everything_model, (model), OKTA_JSON_WHOLE), OKTA_E_ARG)

static void members_are_written_compact_in_row_order(void **state)
{
    (void)state;
    everything child = {.model = OKTA_INIT(everything), .text = "c"};
    everything *children[] = {&child, &child};
    const char *names[] = {"", "b"};
    test_color colors[] = {TEST_COLOR_BLUE, TEST_COLOR_RED};
    okta_member extras[] = {{.name = "zz", .json = "{ \"a\" : 1.10 }"}, {.name = "aa", .json = "null"}};
    everything all = {
        .tags = names,
        .tags_count = 1,
        .added = "n",
        .owner = &child,
        .state = TEST_COLOR_GREEN,
        .seen = okta_int(3),
        .codes = names + 1,
        .codes_count = 1,
        .vault = &child,
        .token = "[1]",
        .password = "p",
        .children = children,
        .children_count = 2,
        .colors = colors,
        .colors_count = 2,
        .names = names,
        .names_count = 2,
        .child = &child,
        .color = TEST_COLOR_RED,
        .real = okta_double(-0.5),
        .number = okta_int(-7),
        .flag = okta_bool(false),
        .any = "{\"x\":[]}",
        .text = "t",
        .key = "k",
        .id = "i",
    };
    all.model = (okta_model)OKTA_INIT(everything);
    all.model.extras = extras;
    all.model.extra_count = 2;
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE,
                   "{\"id\":\"i\",\"key\":\"k\",\"text\":\"t\",\"any\":{\"x\":[]},\"flag\":false,\"number\":-"
                   "7,\"real\":-0.5,"
                   "\"color\":\"RED\",\"child\":{\"text\":\"c\"},\"names\":[\"\",\"b\"],\"colors\":[\"light "
                   "blue\",\"RED\"],"
                   "\"children\":[{\"text\":\"c\"},{\"text\":\"c\"}],\"password\":\"p\",\"token\":[1],"
                   "\"vault\":{\"text\":\"c\"},\"codes\":[\"b\"],\"seen\":3,\"state\":\"GREEN\",\"_owner\":{"
                   "\"text\":\"c\"},"
                   "\"added\":\"n\",\"tags\":[\"\"],\"zz\":{ \"a\" : 1.10 },\"aa\":null}");
}

static void absent_members_are_left_out_and_empty_ones_are_not(void **state)
{
    (void)state;
    everything none = {.model = OKTA_INIT(everything)};
    assert_encodes(&everything_model, &none, OKTA_JSON_WHOLE, "{}");
    const char *no_names[1] = {NULL};
    test_color no_colors[1] = {TEST_COLOR_ABSENT};
    everything *no_children[1] = {NULL};
    everything empty = {.model = OKTA_INIT(everything),
                        .text = "",
                        .names = no_names,
                        .colors = no_colors,
                        .children = no_children,
                        .child = &none,
                        .flag = okta_bool(false),
                        .number = okta_int(0),
                        .real = okta_double(0)};
    assert_encodes(
        &everything_model, &empty, OKTA_JSON_REQUEST,
        "{\"text\":\"\",\"flag\":false,\"number\":0,\"real\":0,\"child\":{},\"names\":[],\"colors\":[],"
        "\"children\":[]}");
    /* The value of an optional without `has` means nothing. */
    everything stale = {
        .model = OKTA_INIT(everything), .flag = {false, true}, .number = {false, 7}, .real = {false, NAN}};
    assert_encodes(&everything_model, &stale, OKTA_JSON_WHOLE, "{}");
}

static void strings_are_escaped_no_more_than_needed(void **state)
{
    (void)state;
    char text[140];
    size_t length = 0;
    for (int c = 1; c < 0x80; c++) {
        text[length++] = (char)c;
    }
    memcpy(text + length, "\xc3\xbc\xe2\x80\xa8\xf0\x9f\x98\x80", 10);
    everything all = {.model = OKTA_INIT(everything), .text = text};
    assert_encodes(
        &everything_model, &all, OKTA_JSON_WHOLE,
        "{\"text\":\"\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
        "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
        "\\u001e\\u001f !\\\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`"
        "abcdefghijklmnopqrstuvwxyz{|}~\x7f\xc3\xbc\xe2\x80\xa8\xf0\x9f\x98\x80\"}");
    okta_member extra = {.name = "a\"\\\n/\xc3\xbc", .json = "1"};
    everything named = {.model = OKTA_INIT(everything)};
    named.model.extras = &extra;
    named.model.extra_count = 1;
    assert_encodes(&everything_model, &named, OKTA_JSON_WHOLE, "{\"a\\\"\\\\\\n/\xc3\xbc\":1}");
}

static void numbers_are_exact(void **state)
{
    (void)state;
    everything all = {
        .model = OKTA_INIT(everything), .number = okta_int(INT64_MIN), .real = okta_double(0.1)};
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE,
                   "{\"number\":-9223372036854775808,\"real\":0.1}");
    all.number = okta_int(INT64_MAX);
    all.real = okta_double(-100);
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE,
                   "{\"number\":9223372036854775807,\"real\":-100}");
    all.number = okta_int(INT64_C(9007199254740993));
    all.real = okta_double(1.0 / 3);
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE,
                   "{\"number\":9007199254740993,\"real\":0.3333333333333333}");
    all.number = okta_int(-1);
    all.real = okta_double(-0.0);
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"number\":-1,\"real\":-0}");
}

static void numbers_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < 3; i++) {
        everything all = {.model = OKTA_INIT(everything), .real = okta_double(bad[i])};
        ASSERT_REFUSED(&all);
    }
}

static void okta_null_is_sent_as_null(void **state)
{
    (void)state;
    char same[] = "null";
    assert_string_equal(OKTA_NULL, "null");
    okta_member extra = {.name = "key", .json = "\"late\""};
    everything all = {.model = OKTA_INIT(everything), .key = OKTA_NULL, .text = same, .password = OKTA_NULL};
    all.model.extras = &extra;
    all.model.extra_count = 1;
    assert_encodes(&everything_model, &all, OKTA_JSON_REQUEST,
                   "{\"key\":null,\"text\":\"null\",\"password\":null}");
}

static void null_comes_back_unless_the_program_sets_the_member(void **state)
{
    (void)state;
    const char *json = "{\"text\":null,\"number\":\"7\",\"child\":[],\"flag\":null,\"color\":null,\"names\":["
                       "1],\"zz\":null}";
    everything *all = decode_everything(json);
    assert_encodes(&everything_model, all, OKTA_JSON_REQUEST, json);
    const char *names[] = {"n"};
    everything child = {.model = OKTA_INIT(everything)};
    all->text = "t";
    all->number = okta_int(8);
    all->child = &child;
    all->flag = okta_bool(true);
    all->color = TEST_COLOR_RED;
    all->names = names;
    all->names_count = 1;
    assert_encodes(&everything_model, all, OKTA_JSON_REQUEST,
                   "{\"text\":\"t\",\"flag\":true,\"number\":8,\"color\":\"RED\",\"child\":{},\"names\":["
                   "\"n\"],\"zz\":null}");
    okta_free(all);
}

static void read_only_members_are_left_out_of_requests(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"id\":\"i\",\"text\":\"t\",\"seen\":1,\"state\":\"PINK\",\"_"
                                        "owner\":{\"text\":\"o\"},\"child\":{\"id\":\"c\",\"key\":\"k\"},"
                                        "\"children\":[{\"seen\":\"wrong\",\"zz\":1},{\"state\":null,\"id\":"
                                        "5,\"_owner\":[]},{\"children\":[{\"id\":\"d\"}]}]}");
    assert_encodes(
        &everything_model, all, OKTA_JSON_REQUEST,
        "{\"text\":\"t\",\"child\":{\"key\":\"k\"},\"children\":[{\"zz\":1},{},{\"children\":[{}]}]}");
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE,
                   "{\"id\":\"i\",\"text\":\"t\",\"child\":{\"id\":\"c\",\"key\":\"k\"},\"children\":[{"
                   "\"seen\":\"wrong\",\"zz\":1},"
                   "{\"state\":null,\"id\":5,\"_owner\":[]},{\"children\":[{\"id\":\"d\"}]}],\"seen\":1,"
                   "\"state\":\"PINK\","
                   "\"_owner\":{\"text\":\"o\"}}");
    okta_free(all);
    /* What is not sent is not looked at either. */
    everything bad = {.model = OKTA_INIT(everything), .id = "\xff", .state = TEST_COLOR_OTHER, .text = "t"};
    assert_encodes(&everything_model, &bad, OKTA_JSON_REQUEST, "{\"text\":\"t\"}");
    ASSERT_REFUSED(&bad);
}

static void extras_follow_in_their_order_and_yield_to_members(void **state)
{
    (void)state;
    okta_member extras[] = {
        {.name = "text", .json = "1"},           {.name = "zz", .json = "9007199254740993"},
        {.name = "flag", .json = "1.10"},        {.name = "", .json = "1e999"},
        {.name = "Text", .json = "\"\\u0041\""}, {.name = "id", .json = "5"}};
    everything all = {.model = OKTA_INIT(everything), .text = "t"};
    all.model.extras = extras;
    all.model.extra_count = sizeof extras / sizeof extras[0];
    assert_encodes(
        &everything_model, &all, OKTA_JSON_WHOLE,
        "{\"text\":\"t\",\"zz\":9007199254740993,\"flag\":1.10,\"\":1e999,\"Text\":\"\\u0041\",\"id\":5}");
    assert_encodes(&everything_model, &all, OKTA_JSON_REQUEST,
                   "{\"text\":\"t\",\"zz\":9007199254740993,\"flag\":1.10,\"\":1e999,\"Text\":\"\\u0041\"}");
    assert_string_equal(okta_extra(&all, "flag"), "1.10");
    assert_null(okta_extra(&all, "names"));
}

/* `json` as an extra and as a free-form member */
static void assert_json_refused(const char *json)
{
    okta_member extra = {.name = "zz", .json = json};
    everything with_extra = {.model = OKTA_INIT(everything)};
    with_extra.model.extras = &extra;
    with_extra.model.extra_count = 1;
    everything with_member = {.model = OKTA_INIT(everything), .any = json};
    if (encode_status(&everything_model, &with_extra, OKTA_JSON_REQUEST) != OKTA_E_ARG ||
        encode_status(&everything_model, &with_member, OKTA_JSON_REQUEST) != OKTA_E_ARG) {
        fail_msg("accepted: %s", json);
    }
}

static void json_that_is_not_json_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "}",
        "01",
        "1.",
        "1 2",
        "{}x",
        "nul",
        "tru",
        "[1,]",
        "{\"a\":1,}",
        "'a'",
        "\"",
        "\"\\u0000\"",
        "\"\xff\"",
        "\"\\ud800\"",
        "\xff",
        "\xef\xbb\xbf[]",
        "1,\"admin\":true",
        "1}",
        "1},{",
        "NaN",
        "-",
        "\"a\nb\"",
        "//",
        "{\"a\":}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_json_refused(bad[i]);
    }
}

static void extras_without_name_or_value_are_refused(void **state)
{
    (void)state;
    okta_member bad[] = {{.name = NULL, .json = "1"},
                         {.name = "zz", .json = NULL},
                         {.name = "\xff", .json = "1"},
                         {.name = NULL, .json = NULL}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        everything all = {.model = OKTA_INIT(everything)};
        all.model.extras = &bad[i];
        all.model.extra_count = 1;
        ASSERT_REFUSED(&all);
        assert_null(okta_extra(&all, "other"));
    }
}

static void strings_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\xff",     "a\x80", "\xc0\x80",       "\xed\xa0\x80",         "\xf4\x90\x80\x80",
        "\xe2\x82", "\xc3",  "ok\xf0\x9f\x98", "\xf8\x88\x80\x80\x80", "\"\xfe"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *names[] = {"ok", bad[i]};
        everything text = {.model = OKTA_INIT(everything), .text = bad[i]};
        everything array = {.model = OKTA_INIT(everything), .names = names, .names_count = 2};
        everything *children[] = {&text};
        everything child = {.model = OKTA_INIT(everything), .child = &text};
        everything element = {.model = OKTA_INIT(everything), .children = children, .children_count = 1};
        ASSERT_REFUSED(&text);
        ASSERT_REFUSED(&array);
        ASSERT_REFUSED(&child);
        ASSERT_REFUSED(&element);
    }
}

static void array_elements_that_are_null_are_refused(void **state)
{
    (void)state;
    const char *names[] = {"a", NULL};
    everything *children[] = {NULL};
    everything bad_names = {.model = OKTA_INIT(everything), .names = names, .names_count = 2};
    everything bad_children = {.model = OKTA_INIT(everything), .children = children, .children_count = 1};
    everything_list bad_list = {.model = OKTA_INIT(everything_list), .items = children, .count = 1};
    ASSERT_REFUSED(&bad_names);
    ASSERT_REFUSED(&bad_children);
    assert_int_equal(encode_status(&everything_list_model, &bad_list, OKTA_JSON_WHOLE), OKTA_E_ARG);
}

static void enum_values_need_a_text(void **state)
{
    (void)state;
    static const int bad[] = {TEST_COLOR_OTHER, TEST_COLOR_BLUE + 1, 99, -1, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        test_color colors[] = {TEST_COLOR_RED, (test_color)bad[i]};
        everything one = {.model = OKTA_INIT(everything), .color = (test_color)bad[i]};
        everything many = {.model = OKTA_INIT(everything), .colors = colors, .colors_count = 2};
        ASSERT_REFUSED(&one);
        ASSERT_REFUSED(&many);
    }
    test_color absent[] = {TEST_COLOR_ABSENT};
    everything hole = {.model = OKTA_INIT(everything), .colors = absent, .colors_count = 1};
    ASSERT_REFUSED(&hole);
}

static void other_takes_its_text_from_the_extra(void **state)
{
    (void)state;
    okta_member extras[] = {{.name = "zz", .json = "1"}, {.name = "color", .json = "\"P\\u0049NK\""}};
    everything all = {.model = OKTA_INIT(everything), .color = TEST_COLOR_OTHER};
    all.model.extras = extras;
    all.model.extra_count = 2;
    assert_encodes(&everything_model, &all, OKTA_JSON_REQUEST, "{\"color\":\"P\\u0049NK\",\"zz\":1}");
    extras[1].json = "\"PINK";
    ASSERT_REFUSED(&all);
    extras[1].json = "";
    ASSERT_REFUSED(&all);
    extras[1].json = NULL;
    ASSERT_REFUSED(&all);
    extras[1].name = "Color";
    ASSERT_REFUSED(&all);
}

static void other_elements_take_the_texts_that_are_not_known(void **state)
{
    (void)state;
    test_color colors[] = {TEST_COLOR_OTHER, TEST_COLOR_RED, TEST_COLOR_OTHER};
    okta_member extra = {.name = "colors", .json = "[ \"A\" , \"\\u0052ED\", \"C\\n\" ]"};
    everything all = {.model = OKTA_INIT(everything), .colors = colors, .colors_count = 3};
    all.model.extras = &extra;
    all.model.extra_count = 1;
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"colors\":[\"A\",\"RED\",\"C\\n\"]}");
    extra.json = "[17,\"B\"]";
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"colors\":[17,\"RED\",\"B\"]}");
    extra.json = "[\"A\",\"A\",\"A\"]";
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"colors\":[\"A\",\"RED\",\"A\"]}");
    all.colors_count = 1;
    extra.json = "[\"A\",\"B\"]";
    ASSERT_REFUSED(&all);
    all.colors_count = 3;
    static const char *const bad[] = {"[\"A\",\"RED\"",
                                      "[\"A\",\"B\",\"C\"]",
                                      "[\"A\"]",
                                      "[]",
                                      "\"A\"",
                                      "{}",
                                      "null",
                                      "[\"A\",\"B\",",
                                      "",
                                      "[\"A\" \"B\",\"C\"]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        extra.json = bad[i];
        ASSERT_REFUSED(&all);
    }
    extra.json = NULL;
    ASSERT_REFUSED(&all);
    all.model.extra_count = 0;
    ASSERT_REFUSED(&all);
}

/* What a program does to a list in place, and what may be sent then: nothing, where it is not known which of
 * the newer texts are left. */
static void a_changed_list_sends_each_newer_enum_text_or_none(void **state)
{
    (void)state;
    enum { OTHER = TEST_COLOR_OTHER, RED = TEST_COLOR_RED, GREEN = TEST_COLOR_GREEN };
    static const struct {
        const char *came;
        int colors[4];
        size_t count;
        const char *sent; /* NULL: refused */
    } cases[] = {
        {"[\"NEW1\",\"NEW2\",\"RED\"]", {OTHER, OTHER, RED}, 3, "[\"NEW1\",\"NEW2\",\"RED\"]"},
        {"[\"NEW1\",\"NEW2\",\"RED\"]", {OTHER, RED}, 2, NULL},
        {"[\"NEW1\",\"NEW2\",\"RED\"]", {OTHER, GREEN, RED}, 3, NULL},
        {"[\"NEW1\",\"NEW2\",\"RED\"]", {OTHER, OTHER, OTHER, RED}, 4, NULL},
        {"[\"NEW1\",\"NEW2\",\"RED\"]", {RED}, 1, "[\"RED\"]"},
        {"[\"NEW1\",\"NEW2\",\"RED\"]", {OTHER, OTHER}, 2, "[\"NEW1\",\"NEW2\"]"},
        {"[\"RED\",\"NEW1\"]", {OTHER, RED}, 2, "[\"NEW1\",\"RED\"]"},
        {"[\"RED\",\"NEW1\"]", {OTHER}, 1, "[\"NEW1\"]"},
        {"[\"RED\",\"NEW1\"]", {GREEN, OTHER}, 2, "[\"GREEN\",\"NEW1\"]"},
        {"[\"NEW1\",\"NEW1\"]", {OTHER}, 1, "[\"NEW1\"]"},
        {"[\"R\\u0045D\",\"NEW1\"]", {OTHER, RED}, 2, "[\"NEW1\",\"RED\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[128];
        test_color colors[4];
        snprintf(json, sizeof json, "{\"colors\":%s}", cases[i].came);
        everything *all = decode_everything(json);
        for (size_t k = 0; k < cases[i].count; k++) {
            colors[k] = (test_color)cases[i].colors[k];
        }
        all->colors = colors;
        all->colors_count = cases[i].count;
        if (cases[i].sent == NULL) {
            char *text = NULL;
            okta_error *error = okta_to_json(&everything_model, all, OKTA_JSON_REQUEST, &text, NULL);
            assert_int_equal(okta_error_status(error), OKTA_E_ARG);
            assert_non_null(strstr(okta_error_message(error), "colors has "));
            assert_non_null(strstr(okta_error_message(error), "okta_set_extra()"));
            okta_free(error);
        } else {
            snprintf(json, sizeof json, "{\"colors\":%s}", cases[i].sent);
            assert_encodes(&everything_model, all, OKTA_JSON_REQUEST, json);
        }
        okta_free(all);
    }
}

static void known_values_need_no_extra(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"color\":\"PINK\",\"colors\":[\"PINK\",\"RED\",\"BROWN\"]}");
    all->color = TEST_COLOR_GREEN;
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE,
                   "{\"color\":\"GREEN\",\"colors\":[\"PINK\",\"RED\",\"BROWN\"]}");
    all->colors[0] = TEST_COLOR_BLUE;
    all->colors[2] = TEST_COLOR_GREEN;
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE,
                   "{\"color\":\"GREEN\",\"colors\":[\"light blue\",\"RED\",\"GREEN\"]}");
    okta_free(all);
}

static void digits_that_a_double_cannot_hold_go_back_until_the_member_is_changed(void **state)
{
    (void)state;
    static const char long_pi[] = "{\"real\":3.14159265358979323846}";
    static const double pi = 3.14159265358979323846; /* a constant may have more digits than a double */
    everything *all = decode_everything(long_pi);
    assert_true(all->real.has && all->real.value == pi);
    assert_string_equal(okta_extra(all, "real"), "3.14159265358979323846");
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, long_pi);
    all->real = okta_double(2.5);
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, "{\"real\":2.5}");
    all->real = (okta_opt_double){0};
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, "{}");
    okta_free(all);
    /* One that no double comes near is an extra and nothing else. */
    assert_becomes(&everything_model, "{\"real\":-1e999}", OKTA_JSON_WHOLE, "{\"real\":-1e999}");
    /* Of what a program puts there itself, only a number counts. */
    const okta_member extras[] = {{"real", "\"2.5\"", NULL}};
    const everything own = {.model = {sizeof own, NULL, extras, 1, NULL, 0, NULL}, .real = okta_double(2.5)};
    assert_encodes(&everything_model, &own, OKTA_JSON_WHOLE, "{\"real\":2.5}");
}

static void a_list_is_written_as_an_array(void **state)
{
    (void)state;
    everything a = {.model = OKTA_INIT(everything), .id = "1", .key = "a"};
    everything b = {.model = OKTA_INIT(everything), .key = "b"};
    everything *items[] = {&a, &b};
    everything_list list = {.model = OKTA_INIT(everything_list), .items = items, .count = 2};
    assert_encodes(&everything_list_model, &list, OKTA_JSON_REQUEST, "[{\"key\":\"a\"},{\"key\":\"b\"}]");
    assert_encodes(&everything_list_model, &list, OKTA_JSON_WHOLE,
                   "[{\"id\":\"1\",\"key\":\"a\"},{\"key\":\"b\"}]");
    everything_list none = {.model = OKTA_INIT(everything_list)};
    assert_encodes(&everything_list_model, &none, OKTA_JSON_WHOLE, "[]");
}

static void a_text_is_appended_to_what_the_buffer_holds(void **state)
{
    (void)state;
    oktai_buffer out = {0};
    everything all = {.model = OKTA_INIT(everything), .text = "t"};
    append_times(&out, "body=", 1);
    assert_success(oktai_engine_encode(&everything_model, &all, OKTA_JSON_REQUEST, &out));
    assert_string_equal(out.data, "body={\"text\":\"t\"}");
    oktai_buffer_clear(&out);
}

/* What a program or a server named does not break a line of a log. */
static void messages_are_one_line_of_utf8(void **state)
{
    (void)state;
    okta_member bad[] = {{.name = "a\nERROR forged", .json = "{"},
                         {.name = "a\xff\r\n", .json = "1"},
                         {.name = "\x1b[2J", .json = ""}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        everything all = {.model = OKTA_INIT(everything)};
        all.model.extras = &bad[i];
        all.model.extra_count = 1;
        char *json = NULL;
        okta_error *error = okta_to_json(&everything_model, &all, OKTA_JSON_WHOLE, &json, NULL);
        assert_int_equal(okta_error_status(error), OKTA_E_ARG);
        for (const char *c = okta_error_message(error); *c != '\0'; c++) {
            assert_in_range((unsigned char)*c, 0x20, 0x7e);
        }
        okta_free(error);
    }
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    everything all = {.model = OKTA_INIT(everything), .text = "t"};
    char *json = NULL;
    size_t length = 7;
    assert_int_equal(take_status(okta_to_json(&everything_model, &all, OKTA_JSON_WHOLE, NULL, &length)),
                     OKTA_E_ARG);
    assert_int_equal(encode_status(NULL, &all, OKTA_JSON_WHOLE), OKTA_E_ARG);
    assert_int_equal(encode_status(&everything_model, NULL, OKTA_JSON_WHOLE), OKTA_E_ARG);
    assert_int_equal(encode_status(&everything_model, &all, (okta_json_form)99), OKTA_E_ARG);
    assert_success(okta_to_json(&everything_model, &all, OKTA_JSON_WHOLE, &json, NULL));
    assert_string_equal(json, "{\"text\":\"t\"}");
    okta_free(json);
    assert_null(okta_extra(&all, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_that_a_double_cannot_hold_go_back_until_the_member_is_changed),
        cmocka_unit_test(members_are_written_compact_in_row_order),
        cmocka_unit_test(absent_members_are_left_out_and_empty_ones_are_not),
        cmocka_unit_test(strings_are_escaped_no_more_than_needed),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(numbers_that_are_not_finite_are_refused),
        cmocka_unit_test(okta_null_is_sent_as_null),
        cmocka_unit_test(null_comes_back_unless_the_program_sets_the_member),
        cmocka_unit_test(read_only_members_are_left_out_of_requests),
        cmocka_unit_test(extras_follow_in_their_order_and_yield_to_members),
        cmocka_unit_test(json_that_is_not_json_is_refused),
        cmocka_unit_test(extras_without_name_or_value_are_refused),
        cmocka_unit_test(strings_that_are_not_utf8_are_refused),
        cmocka_unit_test(array_elements_that_are_null_are_refused),
        cmocka_unit_test(enum_values_need_a_text),
        cmocka_unit_test(other_takes_its_text_from_the_extra),
        cmocka_unit_test(other_elements_take_the_texts_that_are_not_known),
        cmocka_unit_test(a_changed_list_sends_each_newer_enum_text_or_none),
        cmocka_unit_test(known_values_need_no_extra),
        cmocka_unit_test(a_list_is_written_as_an_array),
        cmocka_unit_test(a_text_is_appended_to_what_the_buffer_holds),
        cmocka_unit_test(messages_are_one_line_of_utf8),
        cmocka_unit_test(null_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
