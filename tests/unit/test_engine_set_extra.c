/* SPDX-License-Identifier: Apache-2.0 */
/* Custom attributes: extras that a program reads, sets and removes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "okta/links.h"
#include "okta/values.h"
#include "unit/allocations.h"
#include "unit/json_models.h"
#include "json/model_parts.h"

/* A model without members: all is extras. */
static const okta_descriptor open_model = {.schema = "Open", .size = sizeof(okta_model)};

static void expect_refusal(okta_error *error, const char *message)
{
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_string_equal(okta_error_message(error), message);
    okta_free(error);
}

static void a_text_is_written_as_a_string(void **state)
{
    (void)state;
    const okta_member extras[] = {
        {.name = "costCenter", .text = "a \"b\"\n\xc3\xbc"},
        {.name = "level", .json = "5"},
        {.name = "both", .json = "true", .text = "json goes first"},
        {.name = "gone", .text = OKTA_NULL},
        {.name = "empty", .text = ""},
    };
    okta_model profile = {.struct_size = sizeof profile, .extras = extras, .extra_count = 5};
    const char *json = "{\"costCenter\":\"a \\\"b\\\"\\n\xc3\xbc\",\"level\":5,\"both\":true,\"gone\":null,"
                       "\"empty\":\"\"}";
    assert_encodes(&open_model, &profile, OKTA_JSON_REQUEST, json);
    assert_string_equal(okta_extra_text(&profile, "costCenter"), "a \"b\"\n\xc3\xbc");
    assert_null(okta_extra(&profile, "costCenter"));
    assert_null(okta_extra_text(&profile, "level"));
    assert_null(okta_extra_text(&profile, "gone"));
    assert_string_equal(okta_extra_text(&profile, "empty"), "");
    okta_model *copy = NULL;
    assert_success(okta_copy(&open_model, &profile, &copy));
    assert_string_equal(okta_extra(copy, "gone"), "null");
    assert_string_equal(okta_extra_text(copy, "costCenter"), "a \"b\"\n\xc3\xbc");
    assert_encodes(&open_model, copy, OKTA_JSON_WHOLE, json);
    okta_free(copy);
    const okta_member bad[] = {{.name = "a", .text = "\xff"}, {.name = "b"}, {.json = "1"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        profile.extras = &bad[i];
        profile.extra_count = 1;
        assert_int_equal(encode_status(&open_model, &profile, OKTA_JSON_WHOLE), OKTA_E_ARG);
    }
}

/* A text stands where JSON text does: for an enum value newer than the library, and for secrets. */
static void a_text_stands_for_a_member_too(void **state)
{
    (void)state;
    const okta_member extras[] = {{.name = "color", .text = "PINK"}, {.name = "pin", .text = "1234"}};
    everything all = {.model = OKTA_INIT(everything), .color = TEST_COLOR_OTHER};
    all.model.extras = extras;
    all.model.extra_count = 2;
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"color\":\"PINK\",\"pin\":\"1234\"}");
    assert_encodes(&everything_model, &all, OKTA_JSON_REDACTED, "{\"color\":\"PINK\",\"pin\":\"***\"}");
    all.color = TEST_COLOR_ABSENT;
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"color\":\"PINK\",\"pin\":\"1234\"}");
}

static void a_decoded_model_is_changed_and_sent(void **state)
{
    (void)state;
    okta_model *profile =
        decode(&open_model, "{\"login\":\"a\",\"level\":1,\"old\":[],\"old\":2,\"last\":\"z\"}");
    assert_string_equal(okta_extra_text(profile, "login"), "a");
    assert_success(okta_set_extra_text(profile, profile, "costCenter", "10\n"));
    assert_success(okta_set_extra(profile, profile, "level", "{\"a\": [1]}"));
    assert_success(okta_set_extra(profile, profile, "old", NULL));
    assert_success(okta_set_extra(profile, profile, "never", NULL));
    assert_success(okta_set_extra_text(profile, profile, "login", OKTA_NULL));
    assert_success(okta_set_extra(profile, profile, "quoted", "\"b\\u00fc\""));
    assert_encodes(&open_model, profile, OKTA_JSON_REQUEST,
                   "{\"login\":null,\"level\":{\"a\": [1]},\"last\":\"z\",\"costCenter\":\"10\\n\","
                   "\"quoted\":\"b\\u00fc\"}");
    assert_string_equal(okta_extra_text(profile, "costCenter"), "10\n");
    assert_string_equal(okta_extra(profile, "costCenter"), "\"10\\n\"");
    assert_string_equal(okta_extra_text(profile, "quoted"), "b\xc3\xbc");
    assert_null(okta_extra_text(profile, "login"));
    assert_null(okta_extra(profile, "old"));
    assert_success(okta_set_extra_text(profile, profile, "last", NULL));
    assert_null(okta_extra(profile, "last"));
    okta_free(profile);
}

/* The first of a repeated name is replaced, and the others go. */
static void setting_leaves_one_of_a_repeated_name(void **state)
{
    (void)state;
    okta_model *profile = decode(&open_model, "{\"a\":1,\"b\":2,\"a\":3,\"c\":4,\"a\":5}");
    assert_success(okta_set_extra(profile, profile, "a", "6"));
    assert_encodes(&open_model, profile, OKTA_JSON_WHOLE, "{\"a\":6,\"b\":2,\"c\":4}");
    okta_free(profile);
}

static void a_member_of_the_struct_is_set_by_its_name(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"text\":\"old\",\"number\":null,\"child\":{\"key\":\"k\"},"
                                        "\"more\":{\"size\":5}}");
    char json[] = " { \"id\" : \"i\", \"zz\":1 }";
    assert_success(okta_set_extra(all, all, "number", "5"));
    assert_true(all->number.has && all->number.value == 5);
    assert_success(okta_set_extra_text(all, all, "text", "a\"b"));
    assert_string_equal(all->text, "a\"b");
    assert_success(okta_set_extra(all, all, "flag", "false"));
    assert_success(okta_set_extra(all, all, "names", "[\"a\",\"b\"]"));
    assert_int_equal(all->names_count, 2);
    assert_success(okta_set_extra(all, all, "child", json));
    memset(json, 'x', sizeof json - 1);
    assert_string_equal(all->child->id, "i");
    assert_string_equal(okta_extra(all->child, "zz"), "1");
    assert_success(okta_set_extra(all, all->more, "size", "\"large\""));
    assert_false(all->more->size.has);
    assert_string_equal(all->more->size_text, "large");
    assert_int_equal(all->model.extra_count, 0);
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE,
                   "{\"text\":\"a\\\"b\",\"flag\":false,\"number\":5,\"child\":{\"id\":\"i\",\"zz\":1},"
                   "\"names\":[\"a\",\"b\"],\"more\":{\"size\":\"large\"}}");
    assert_success(okta_set_extra(all, all, "text", NULL));
    assert_success(okta_set_extra(all, all, "names", "null"));
    assert_success(okta_set_extra(all, all, "flag", NULL));
    assert_success(okta_set_extra(all, all, "child", NULL));
    assert_null(all->names);
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE,
                   "{\"number\":5,\"more\":{\"size\":\"large\"},\"names\":null}");
    okta_free(all);
}

/* A value of an enum that is newer than the library, in one member and in a list. */
static void a_newer_enum_text_is_set_by_its_name(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"color\":\"RED\",\"colors\":[\"NEW1\",\"NEW2\",\"RED\"]}");
    assert_success(okta_set_extra_text(all, all, "color", "NEWER"));
    assert_int_equal(all->color, TEST_COLOR_OTHER);
    assert_string_equal(okta_enum_text(all, "color"), "NEWER");
    all->colors_count = 1;
    assert_int_equal(encode_status(&everything_model, all, OKTA_JSON_WHOLE), OKTA_E_ARG);
    assert_success(okta_set_extra(all, all, "colors", "[\"NEW2\",\"GREEN\"]"));
    assert_encodes(&everything_model, all, OKTA_JSON_REQUEST,
                   "{\"color\":\"NEWER\",\"colors\":[\"NEW2\",\"GREEN\"]}");
    assert_success(okta_set_extra_text(all, all, "color", "GREEN"));
    assert_int_equal(all->color, TEST_COLOR_GREEN);
    assert_success(okta_set_extra(all, all, "colors", NULL));
    assert_encodes(&everything_model, all, OKTA_JSON_REQUEST, "{\"color\":\"GREEN\"}");
    all->color = TEST_COLOR_ABSENT;
    assert_encodes(&everything_model, all, OKTA_JSON_REQUEST, "{}");
    okta_free(all);
}

static void a_value_that_does_not_fit_its_member_is_refused(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"number\":null,\"more\":{\"size\":true}}");
    static const struct {
        const char *name, *json;
    } bad[] = {
        {"number", "\"5\""}, {"number", "1e300"}, {"text", "5"},  {"flag", "\"true\""},  {"names", "[1]"},
        {"names", "{}"},     {"child", "[]"},     {"color", "1"}, {"colors", "\"RED\""}, {"real", "1e999"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char message[96];
        snprintf(message, sizeof message, "%s is a member of the struct, and its value is of another type",
                 bad[i].name);
        expect_refusal(okta_set_extra(all, all, bad[i].name, bad[i].json), message);
    }
    expect_refusal(okta_set_extra(all, all->more, "size", "true"),
                   "size is a member of the struct, and its value is of another type");
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, "{\"more\":{\"size\":true},\"number\":null}");
    assert_success(okta_set_extra(all, all, "number", NULL));
    assert_success(okta_set_extra(all, all->more, "size", " null"));
    assert_success(okta_set_extra_text(all, all, "flag", OKTA_NULL));
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, "{\"more\":{\"size\": null},\"flag\":null}");
    okta_free(all);
}

static void what_takes_no_extras_is_refused(void **state)
{
    (void)state;
    everything_list *list = decode(&everything_list_model, "[{},5]");
    expect_refusal(okta_set_extra(list, list, "a", "1"), "the model is a list: set it in an element");
    expect_refusal(okta_set_extra(list, list->items[1], "a", "1"),
                   "the model is no object: it has nothing but its text");
    everything *all = list->items[0];
    expect_refusal(okta_set_extra(NULL, all, "a", "1"), "root must not be NULL");
    expect_refusal(okta_set_extra(list, NULL, "a", "1"), "model must not be NULL");
    expect_refusal(okta_set_extra(list, all, NULL, "1"), "name must not be NULL");
    expect_refusal(okta_set_extra_text(list, all, NULL, "1"), "name must not be NULL");
    expect_refusal(okta_set_extra(list, all, "\xff", "1"), "name is not UTF-8");
    expect_refusal(okta_set_extra_text(list, all, "a", "\xc3"), "a is not UTF-8");
    static const char *const bad[] = {"", "x", "1 2", "{", "\"\xff\"", "\xef\xbb\xbf[]", "nul", "'a'"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_refusal(okta_set_extra(list, all, "a", bad[i]), "a is given as text that is not JSON");
    }
    okta_model none = {0};
    expect_refusal(okta_set_extra(list, &none, "a", "1"),
                   "the model has no struct_size: begin it with OKTA_INIT()");
    assert_int_equal(all->model.extra_count, 0);
    okta_free(list);
    okta_string_list *strings = decode(okta_string_list_descriptor(), "[\"a\"]");
    expect_refusal(okta_set_extra(strings, strings, "a", "1"), "the model is no object");
    okta_free(strings);
    okta_links *links = decode(okta_links_descriptor(), "{\"self\":{\"href\":\"h\"}}");
    expect_refusal(okta_set_extra(links, links, "self", "{}"), "self is a link: change it there");
    expect_refusal(okta_set_extra(links, links, "self", NULL), "self is a link: change it there");
    assert_success(okta_set_extra(links, links, "other", NULL));
    assert_success(okta_set_extra_text(links, links, "note", "n"));
    assert_encodes(okta_links_descriptor(), links, OKTA_JSON_WHOLE,
                   "{\"self\":{\"href\":\"h\"},\"note\":\"n\"}");
    okta_free(links);
}

/* A model of the program takes its memory from any root. */
static void a_model_on_the_stack_takes_extras(void **state)
{
    (void)state;
    const okta_member own[] = {{.name = "a", .text = "1"}};
    okta_model *root = decode(&open_model, "{}");
    okta_model profile = {.struct_size = sizeof profile, .extras = own, .extra_count = 1};
    assert_success(okta_set_extra(root, &profile, "b", "2"));
    assert_success(okta_set_extra_text(root, &profile, "a", "3"));
    assert_encodes(&open_model, &profile, OKTA_JSON_WHOLE, "{\"a\":\"3\",\"b\":2}");
    assert_string_equal(own[0].text, "1");
    okta_free(root);
}

/* A struct that was copied by value and its original do not change each other. */
static void a_copy_by_value_has_extras_of_its_own(void **state)
{
    (void)state;
    okta_model *profile = decode(&open_model, "{\"a\":1}");
    assert_success(okta_set_extra(profile, profile, "b", "2"));
    okta_model copy = *profile;
    assert_success(okta_set_extra(profile, &copy, "b", "3"));
    assert_success(okta_set_extra(profile, profile, "c", "4"));
    assert_success(okta_set_extra(profile, &copy, "a", NULL));
    assert_encodes(&open_model, profile, OKTA_JSON_WHOLE, "{\"a\":1,\"b\":2,\"c\":4}");
    assert_encodes(&open_model, &copy, OKTA_JSON_WHOLE, "{\"b\":3}");
    okta_free(profile);
}

static void check_many(const okta_model *model, const int *values, int count)
{
    size_t set = 0;
    for (int i = 0; i < count; i++) {
        char name[16], value[16];
        snprintf(name, sizeof name, "m%d", i * 7919 % 10007);
        snprintf(value, sizeof value, "%d", values[i]);
        const char *found = okta_extra(model, name);
        set += found != NULL;
        assert_true((found == NULL) == (values[i] < 0));
        if (found != NULL) {
            assert_string_equal(found, value);
        }
    }
    assert_int_equal(model->extra_count, set);
}

/* Against a table: thousands of changes in an order that repeats in no pattern. */
static void many_changes_are_all_found(void **state)
{
    (void)state;
    enum { COUNT = 1000, CHANGES = 6000 };
    static int values[COUNT];
    okta_model *model = decode(&open_model, "{}");
    for (int i = 0; i < COUNT; i++) {
        values[i] = -1;
    }
    for (unsigned i = 0; i < CHANGES; i++) {
        unsigned number = i * 2654435761u % 4294967291u % COUNT;
        char name[16], value[16];
        snprintf(name, sizeof name, "m%u", number * 7919 % 10007);
        snprintf(value, sizeof value, "%u", i);
        bool away = i % 5 == 4;
        assert_success(okta_set_extra(model, model, name, away ? NULL : value));
        values[number] = away ? -1 : (int)i;
        if (i % 997 == 0 || i == CHANGES - 1) {
            check_many(model, values, COUNT);
        }
    }
    okta_model *copy = NULL;
    assert_success(okta_copy(&open_model, model, &copy));
    check_many(copy, values, COUNT);
    okta_free(copy);
    okta_free(model);
}

/* Removing from either end and from the middle, with additions between: what is left keeps its order. */
static void what_is_removed_leaves_the_others_in_their_order(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    for (int from = 0; from < COUNT; from += 3) {
        int left[COUNT * 2];
        int count = 0;
        okta_model *model = decode(&open_model, "{}");
        for (int i = 0; i < COUNT; i++) {
            char name[16];
            snprintf(name, sizeof name, "m%d", i * 37 % COUNT);
            assert_success(okta_set_extra(model, model, name, "1"));
            left[count++] = i * 37 % COUNT;
        }
        for (int i = 0; i < COUNT; i++) {
            char name[16];
            int at = from * count / COUNT;
            snprintf(name, sizeof name, "m%d", left[at]);
            assert_success(okta_set_extra(model, model, name, NULL));
            assert_null(okta_extra(model, name));
            memmove(&left[at], &left[at + 1], (size_t)(count - at - 1) * sizeof left[0]);
            count--;
            if (i % 4 == 0) {
                snprintf(name, sizeof name, "m%d", COUNT + i);
                assert_success(okta_set_extra(model, model, name, "2"));
                left[count++] = COUNT + i;
            }
            assert_int_equal(model->extra_count, count);
            for (int k = 0; k < count; k++) {
                snprintf(name, sizeof name, "m%d", left[k]);
                assert_string_equal(model->extras[k].name, name);
                assert_ptr_equal(okta_extra(model, name), model->extras[k].json);
            }
        }
        okta_free(model);
    }
}

/* What a program adds does not count to what its document may take in memory. */
static void a_program_may_add_more_than_a_document_may_take(void **state)
{
    (void)state;
    okta_model *model = decode(&open_model, "{}");
    size_t length = 40u * 1024 * 1024;
    char *text = malloc(length + 1);
    assert_non_null(text);
    memset(text, 'a', length);
    text[length] = '\0';
    assert_success(okta_set_extra_text(model, model, "large", text));
    assert_string_equal(okta_extra_text(model, "large"), text);
    free(text);
    okta_free(model);
}

/* Setting, replacing and removing, each allocation failing in turn: the model is as it was. */
static void each_allocation_may_fail(void **state)
{
    (void)state;
    static const struct {
        const char *name, *json, *text;
        const char *expected;
    } cases[] = {
        {"c", "[3]", NULL, "{\"a\":\"1\",\"b\":2,\"c\":[3]}"},
        {"a", NULL, "other", "{\"a\":\"other\",\"b\":2}"},
        {"b", "null", NULL, "{\"a\":\"1\",\"b\":null}"},
        {"a", NULL, NULL, "{\"b\":2}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool struck = true;
        for (size_t nth = 1; struck; nth++) {
            okta_model *model = decode(&open_model, "{\"a\":\"1\",\"b\":2}");
            /* Fill what the arena has in stock, so that it asks for more. */
            static char stock[900];
            memset(stock, 'x', sizeof stock - 1);
            assert_success(okta_set_extra_text(model, model, "stock", stock));
            assert_success(okta_set_extra(model, model, "stock", NULL));
            okta_model before = *model;
            allocations_begin(nth, false);
            okta_error *error = cases[i].text != NULL
                                    ? okta_set_extra_text(model, &before, cases[i].name, cases[i].text)
                                    : okta_set_extra(model, &before, cases[i].name, cases[i].json);
            struck = allocations_end();
            assert_int_equal(take_status(error), struck ? OKTA_E_NOMEM : OKTA_OK);
            assert_encodes(&open_model, &before, OKTA_JSON_WHOLE,
                           struck ? "{\"a\":\"1\",\"b\":2}" : cases[i].expected);
            okta_free(model);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_written_as_a_string),
        cmocka_unit_test(a_text_stands_for_a_member_too),
        cmocka_unit_test(a_decoded_model_is_changed_and_sent),
        cmocka_unit_test(setting_leaves_one_of_a_repeated_name),
        cmocka_unit_test(a_member_of_the_struct_is_set_by_its_name),
        cmocka_unit_test(a_newer_enum_text_is_set_by_its_name),
        cmocka_unit_test(a_value_that_does_not_fit_its_member_is_refused),
        cmocka_unit_test(what_takes_no_extras_is_refused),
        cmocka_unit_test(a_model_on_the_stack_takes_extras),
        cmocka_unit_test(a_copy_by_value_has_extras_of_its_own),
        cmocka_unit_test(many_changes_are_all_found),
        cmocka_unit_test(what_is_removed_leaves_the_others_in_their_order),
        cmocka_unit_test(a_program_may_add_more_than_a_document_may_take),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
