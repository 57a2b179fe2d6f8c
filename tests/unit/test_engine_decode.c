/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding members: what the struct shows and what is kept of the rest. */

#include <stdio.h>
#include <string.h>

#include "unit/json_models.h"

static void every_kind_is_decoded(void **state)
{
    (void)state;
    everything *all = decode_everything(
        "{\"id\":\"i\",\"key\":\"k\",\"text\":\"a\\u00fc\\n\",\"any\":{ \"x\" : [1.10] },\"flag\":false,"
        "\"number\":-9007199254740993,\"real\":0.1,\"color\":\"light blue\",\"child\":{\"text\":\"c\"},"
        "\"names\":[\"\",\"b\"],\"colors\":[\"GREEN\",\"RED\"],\"children\":[{\"key\":\"1\"},{\"key\":\"2\"}]"
        ","
        "\"password\":\"p\",\"token\":17,\"vault\":{\"pin\":1},\"codes\":[\"x\"],\"seen\":3,\"state\":"
        "\"RED\","
        "\"_owner\":{\"id\":\"o\"},\"added\":\"n\",\"tags\":[\"t\"]}");
    assert_int_equal(all->model.struct_size, sizeof *all);
    assert_ptr_equal(all->model.type, &everything_model);
    assert_string_equal(all->id, "i");
    assert_string_equal(all->key, "k");
    assert_string_equal(all->text, "a\xc3\xbc\n");
    assert_string_equal(all->any, "{ \"x\" : [1.10] }");
    assert_true(all->flag.has && !all->flag.value);
    assert_true(all->number.has && all->number.value == INT64_C(-9007199254740993));
    const double tenth = 0.1; /* a constant may have more digits than a double */
    assert_true(all->real.has && all->real.value == tenth);
    assert_int_equal(all->color, TEST_COLOR_BLUE);
    assert_string_equal(all->child->text, "c");
    assert_int_equal(all->child->model.struct_size, sizeof *all);
    assert_int_equal(all->names_count, 2);
    assert_string_equal(all->names[0], "");
    assert_string_equal(all->names[1], "b");
    assert_int_equal(all->colors_count, 2);
    assert_int_equal(all->colors[0], TEST_COLOR_GREEN);
    assert_int_equal(all->colors[1], TEST_COLOR_RED);
    assert_int_equal(all->children_count, 2);
    assert_string_equal(all->children[0]->key, "1");
    assert_string_equal(all->children[1]->key, "2");
    assert_string_equal(all->password, "p");
    assert_string_equal(all->token, "17");
    assert_string_equal(okta_extra(all->vault, "pin"), "1");
    assert_string_equal(all->codes[0], "x");
    assert_true(all->seen.has && all->seen.value == 3);
    assert_int_equal(all->state, TEST_COLOR_RED);
    assert_string_equal(all->owner->id, "o");
    assert_string_equal(all->added, "n");
    assert_string_equal(all->tags[0], "t");
    assert_int_equal(all->model.extra_count, 0);
    okta_free(all);
}

static void assert_all_absent(const everything *all)
{
    everything zero = {.model = all->model};
    assert_memory_equal((const char *)all + sizeof all->model, (const char *)&zero + sizeof zero.model,
                        sizeof zero - sizeof zero.model);
}

static void what_is_not_there_is_absent(void **state)
{
    (void)state;
    everything *all = decode_everything(" {} ");
    assert_all_absent(all);
    assert_int_equal(all->model.extra_count, 0);
    assert_null(okta_extra(all, "text"));
    assert_null(okta_enum_text(all, "color"));
    assert_source(all, "{}");
    okta_free(all);
}

static void present_zeros_are_not_absent(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"flag\":false,\"number\":0,\"real\":0,\"text\":\"\",\"names\":[],"
                                        "\"colors\":[],\"children\":[],\"child\":{},\"any\":\"\"}");
    assert_true(all->flag.has && !all->flag.value);
    assert_true(all->number.has && all->number.value == 0);
    assert_true(all->real.has && all->real.value == 0);
    assert_string_equal(all->text, "");
    assert_string_equal(all->any, "\"\"");
    assert_non_null(all->names);
    assert_int_equal(all->names_count, 0);
    assert_non_null(all->colors);
    assert_int_equal(all->colors_count, 0);
    assert_non_null(all->children);
    assert_int_equal(all->children_count, 0);
    assert_non_null(all->child);
    assert_all_absent(all->child);
    okta_free(all);
}

static void unknown_members_keep_their_text(void **state)
{
    (void)state;
    static const char *const values[] = {
        "9007199254740993",
        "1.10",
        "1e999",
        "-0",
        "\"a\\u0041\\/\"",
        "{ \"a\" :\t[ 1.0 ,\n{} ] }",
        "[ ]",
        "true",
        "false",
        "null",
        "\"\"",
        "\"\xc3\xbc\"",
        "{\"text\":1}",
        "12345678901234567890123456789012345678901234567890",
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char json[200];
        snprintf(json, sizeof json, "{\"a\": 1,\"neu\\u0061\" :  %s \n, \"text\":\"t\"}", values[i]);
        everything *all = decode_everything(json);
        assert_string_equal(okta_extra(all, "neua"), values[i]);
        assert_string_equal(okta_extra(all, "a"), "1");
        assert_null(okta_extra(all, "neu"));
        assert_null(okta_extra(all, "neuaa"));
        assert_null(okta_extra(all, ""));
        assert_int_equal(all->model.extra_count, 2);
        assert_string_equal(all->model.extras[1].name, "neua");
        assert_string_equal(all->text, "t");
        okta_free(all);
    }
}

static void names_match_exactly_after_unescaping(void **state)
{
    (void)state;
    everything *all =
        decode_everything("{\"Text\":\"a\",\"TEXT\":\"b\",\"text \":\"c\",\"tex\":\"d\",\"texts\":\"e\","
                          "\"\":\"f\",\"\\u0074ex\\u0074\":\"right\"}");
    assert_string_equal(all->text, "right");
    assert_int_equal(all->model.extra_count, 6);
    assert_string_equal(okta_extra(all, "Text"), "\"a\"");
    assert_string_equal(okta_extra(all, ""), "\"f\"");
    assert_null(okta_extra(all, "text"));
    okta_free(all);
}

static void string_extras_are_also_there_unescaped(void **state)
{
    (void)state;
    everything *all =
        decode_everything("{\"a\":\"x\\u00fc\\n\",\"b\":1,\"c\":[\"x\"],\"d\":\"\",\"color\":\"P\\u0049NK\","
                          "\"number\":\"1\\t\",\"e\":null}");
    static const char *const names[] = {"a", "b", "c", "d", "color", "number", "e"};
    static const char *const texts[] = {"x\xc3\xbc\n", NULL, NULL, "", "PINK", "1\t", NULL};
    assert_int_equal(all->model.extra_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(all->model.extras[i].name, names[i]);
        if (texts[i] == NULL) {
            assert_null(all->model.extras[i].text);
        } else {
            assert_string_equal(all->model.extras[i].text, texts[i]);
        }
    }
    okta_free(all);
}

/* A value of another type than the member's is absent and kept to the last digit. */
static void wrong_types_and_numbers_that_do_not_fit_become_extras(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
    } cases[] = {
        {"text", "1"},
        {"text", "true"},
        {"text", "[]"},
        {"text", "{}"},
        {"flag", "\"true\""},
        {"flag", "0"},
        {"flag", "1"},
        {"flag", "[]"},
        {"number", "1.5"},
        {"number", "\"1\""},
        {"number", "1e999"},
        {"number", "9223372036854775808"},
        {"number", "-0"},
        {"number", "true"},
        {"number", "[1]"},
        {"number", "1e-400"},
        {"real", "1e999"},
        {"real", "\"0.1\""},
        {"real", "-1E400"},
        {"real", "{}"},
        {"color", "1"},
        {"color", "[\"RED\"]"},
        {"color", "{\"a\":1}"},
        {"color", "false"},
        {"child", "[]"},
        {"child", "\"{}\""},
        {"child", "0"},
        {"child", "[{}]"},
        {"names", "\"a\""},
        {"names", "{}"},
        {"names", "1"},
        {"names", "{\"0\":\"a\"}"},
        {"names", "[1]"},
        {"names", "[\"a\",null]"},
        {"names", "[\"a\", [\"b\"]]"},
        {"colors", "\"RED\""},
        {"colors", "{}"},
        {"children", "{}"},
        {"children", "\"x\""},
        {"children", "1.10"},
        {"password", "17"},
        {"codes", "\"c\""},
        {"codes", "[1]"},
        {"seen", "\"1\""},
        {"state", "2"},
        {"_owner", "[ ]"},
        {"id", "1.0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[200];
        snprintf(json, sizeof json, "{\"%s\":%s}", cases[i].name, cases[i].value);
        everything *all = decode_everything(json);
        assert_all_absent(all);
        assert_int_equal(all->model.extra_count, 1);
        assert_string_equal(okta_extra(all, cases[i].name), cases[i].value);
        assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, json);
        okta_free(all);
    }
}

static void null_is_absent_and_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < everything_model.row_count; i++) {
        const oktai_row *row = &everything_model.rows[i];
        char json[64];
        snprintf(json, sizeof json, "{\"%s\":null}", row->name);
        everything *all = decode_everything(json);
        if (row->kind != OKTAI_KIND_JSON) {
            assert_all_absent(all);
            assert_string_equal(okta_extra(all, row->name), "null");
        }
        assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, json);
        okta_free(all);
    }
}

static void unknown_enum_values_are_other_with_their_text(void **state)
{
    (void)state;
    static const char *const others[] = {"red",   "RE",     "REDD",  "RED ",  "",
                                         "light", "PURPLE", "OTHER", "ABSENT"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char json[64];
        snprintf(json, sizeof json, "{\"color\":\"%s\"}", others[i]);
        everything *all = decode_everything(json);
        assert_int_equal(all->color, TEST_COLOR_OTHER);
        assert_string_equal(okta_enum_text(all, "color"), others[i]);
        assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, json);
        okta_free(all);
    }
}

static void enum_texts_are_unescaped(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"color\":\"R\\u0045D\",\"state\":\"P\\u00fcr\\\"ple\"}");
    assert_int_equal(all->color, TEST_COLOR_RED);
    assert_string_equal(okta_enum_text(all, "color"), "RED");
    assert_int_equal(all->state, TEST_COLOR_OTHER);
    assert_string_equal(okta_enum_text(all, "state"), "P\xc3\xbcr\"ple");
    okta_free(all);
}

static void enum_text_follows_the_member(void **state)
{
    (void)state;
    everything *all =
        decode_everything("{\"color\":\"PINK\",\"text\":\"RED\",\"new\":\"RED\",\"state\":null}");
    all->color = TEST_COLOR_GREEN;
    assert_string_equal(okta_enum_text(all, "color"), "GREEN");
    all->color = TEST_COLOR_ABSENT;
    assert_null(okta_enum_text(all, "color"));
    assert_null(okta_enum_text(all, "text"));
    assert_null(okta_enum_text(all, "new"));
    assert_null(okta_enum_text(all, "state"));
    assert_null(okta_enum_text(all, "none"));
    okta_free(all);
    everything built = {.model = OKTA_INIT(everything), .color = TEST_COLOR_RED};
    assert_null(okta_enum_text(&built, "color"));
}

static void enum_arrays_keep_unknown_values(void **state)
{
    (void)state;
    const char *json = "{\"colors\":[\"PINK\",\"RED\", \"\",\"b\\u006Cue\"]}";
    everything *all = decode_everything(json);
    assert_int_equal(all->colors_count, 4);
    assert_int_equal(all->colors[0], TEST_COLOR_OTHER);
    assert_int_equal(all->colors[1], TEST_COLOR_RED);
    assert_int_equal(all->colors[2], TEST_COLOR_OTHER);
    assert_int_equal(all->colors[3], TEST_COLOR_OTHER);
    assert_string_equal(okta_extra(all, "colors"), "[\"PINK\",\"RED\", \"\",\"b\\u006Cue\"]");
    okta_free(all);
    all = decode_everything("{\"colors\":[\"RED\"]}");
    assert_null(okta_extra(all, "colors"));
    okta_free(all);
}

/* An enum array with an element that is no text is kept whole, whatever the struct shows of it. */
static void enum_arrays_with_other_types_lose_nothing(void **state)
{
    (void)state;
    static const char *const arrays[] = {"[\"RED\",5]", "[null]", "[[\"RED\"],\"GREEN\"]", "[{},\"PINK\"]"};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        char json[64];
        snprintf(json, sizeof json, "{\"colors\":%s}", arrays[i]);
        everything *all = decode_everything(json);
        assert_string_equal(okta_extra(all, "colors"), arrays[i]);
        assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, json);
        okta_free(all);
    }
}

static void unique_members_are_refused_twice_at_the_root(void **state)
{
    (void)state;
    everything *none = NULL;
    const char *repeated =
        "{\"text\":\"t\",\"key\":\"a\",\"child\":{\"id\":\"1\",\"id\":\"2\"},\"key\":\"b\"}";
    okta_error *error = okta_from_json(&everything_model, repeated, strlen(repeated), &none);
    assert_string_equal(okta_error_message(error), "the JSON has key twice in one Everything");
    assert_int_equal(take_status(error), OKTA_E_PROTOCOL);
    static const char *const documents[] = {
        "{\"id\":\"a\",\"id\":\"a\"}",
        "{\"key\":\"a\",\"text\":\"t\",\"key\":\"b\"}",
        "{\"key\":\"a\",\"k\\u0065y\":\"b\"}",
        "{\"\\u006bey\":\"a\",\"key\":\"b\"}",
        "{\"key\":null,\"key\":\"b\"}",
        "{\"key\":1,\"key\":\"b\"}",
        "{\"key\":\"a\",\"key\":null}",
        "{\"key\":\"a\",\"key\":{}}",
        "{\"id\":\"a\",\"key\":\"a\",\"id\":\"b\",\"key\":\"b\"}",
        "{\"key\":\"a\",\"key\":\"b\",\"key\":\"c\"}",
        "{\"key\":\"a\",\"key\":\"b\",\"text\":\"a\",\"text\":\"b\"}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        assert_int_equal(decode_status(&everything_model, documents[i], strlen(documents[i])),
                         OKTA_E_PROTOCOL);
    }
    /* Equal names on different levels, and names that differ by case, are no duplicates. */
    okta_free(decode_everything(
        "{\"key\":\"a\",\"Key\":\"b\",\"KEY\":\"c\",\"child\":{\"key\":\"d\"},\"x\":{\"key\":1,"
        "\"key\":2}}"));
}

static void a_refused_object_is_a_value_of_the_wrong_type(void **state)
{
    (void)state;
    const char *twice = "{\"key\":\"a\", \"key\":\"b\"}";
    char json[256];
    snprintf(json, sizeof json, "{\"child\":%s,\"children\":[%s,{\"key\":\"c\"},{\"child\":%s}]}", twice,
             twice, twice);
    everything *all = decode_everything(json);
    assert_null(all->child);
    assert_string_equal(okta_extra(all, "child"), twice);
    assert_int_equal(all->children_count, 3);
    assert_all_absent(all->children[0]);
    assert_source(all->children[0], twice);
    assert_string_equal(all->children[1]->key, "c");
    assert_null(all->children[2]->child);
    assert_string_equal(okta_extra(all->children[2], "child"), twice);
    okta_free(all);
    /* Damage inside a refused object is damage of the document. */
    const char *damaged = "{\"child\":{\"key\":\"a\",\"key\":\"b\",\"x\":01}}";
    assert_int_equal(decode_status(&everything_model, damaged, strlen(damaged)), OKTA_E_PROTOCOL);
}

static void of_other_duplicates_the_first_wins(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"text\":\"1\",\"text\":\"2\",\"number\":1,\"number\":2,\"child\":{"
                                        "\"text\":\"1\"},\"child\":{\"text\":\"2\"},"
                                        "\"names\":[\"1\"],\"names\":[\"2\",\"3\"],\"flag\":false,\"flag\":"
                                        "true,\"color\":\"RED\",\"color\":\"PINK\","
                                        "\"added\":5,\"added\":\"late\",\"real\":null,\"real\":1,\"zz\":1,"
                                        "\"zz\":2,\"colors\":[\"RED\"],\"colors\":[],"
                                        "\"children\":[{}],\"children\":[{},{}]}");
    assert_string_equal(all->text, "1");
    assert_int_equal(all->number.value, 1);
    assert_string_equal(all->child->text, "1");
    assert_int_equal(all->names_count, 1);
    assert_string_equal(all->names[0], "1");
    assert_false(all->flag.value);
    assert_int_equal(all->color, TEST_COLOR_RED);
    assert_string_equal(okta_enum_text(all, "color"), "RED");
    assert_null(all->added);
    assert_string_equal(okta_extra(all, "added"), "5");
    assert_false(all->real.has);
    assert_string_equal(okta_extra(all, "real"), "null");
    assert_string_equal(okta_extra(all, "zz"), "1");
    assert_int_equal(all->colors_count, 1);
    assert_int_equal(all->children_count, 1);
    /* A program that clears a member does not get the second value back. */
    assert_null(okta_extra(all, "text"));
    assert_null(okta_extra(all, "child"));
    okta_free(all);
}

static void the_source_is_the_text_byte_for_byte(void **state)
{
    (void)state;
    everything *all =
        decode_everything("\xef\xbb\xbf\n { \"text\" :\"\\u0061\" , \"children\": [ {} , { \"zz\":1.10\t} ], "
                          "\"child\":  {\"number\":1.0 }  } \r\n");
    assert_source(all, "{ \"text\" :\"\\u0061\" , \"children\": [ {} , { \"zz\":1.10\t} ], "
                       "\"child\":  {\"number\":1.0 }  }");
    assert_source(all->children[0], "{}");
    assert_source(all->children[1], "{ \"zz\":1.10\t}");
    assert_source(all->child, "{\"number\":1.0 }");
    okta_free(all);
    everything built = {.model = OKTA_INIT(everything)};
    size_t length = 4711;
    assert_null(okta_source(&built, &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_decoded),
        cmocka_unit_test(what_is_not_there_is_absent),
        cmocka_unit_test(present_zeros_are_not_absent),
        cmocka_unit_test(unknown_members_keep_their_text),
        cmocka_unit_test(string_extras_are_also_there_unescaped),
        cmocka_unit_test(names_match_exactly_after_unescaping),
        cmocka_unit_test(wrong_types_and_numbers_that_do_not_fit_become_extras),
        cmocka_unit_test(null_is_absent_and_kept),
        cmocka_unit_test(unknown_enum_values_are_other_with_their_text),
        cmocka_unit_test(enum_texts_are_unescaped),
        cmocka_unit_test(enum_text_follows_the_member),
        cmocka_unit_test(enum_arrays_keep_unknown_values),
        cmocka_unit_test(enum_arrays_with_other_types_lose_nothing),
        cmocka_unit_test(unique_members_are_refused_twice_at_the_root),
        cmocka_unit_test(a_refused_object_is_a_value_of_the_wrong_type),
        cmocka_unit_test(of_other_duplicates_the_first_wins),
        cmocka_unit_test(the_source_is_the_text_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
