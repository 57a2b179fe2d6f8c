/* SPDX-License-Identifier: Apache-2.0 */
/* Copies are equal, deep, and roots of their own. */
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"

static const char document[] =
    "{\"key\":\"k\",\"text\":null,\"any\":[1.10],\"flag\":7,\"number\":9007199254740993,\"color\":"
    "\"P\\u0049NK\","
    "\"child\":{\"key\":1,\"key\":2},\"names\":[\"a\",\"\xc3\xbc\"],\"colors\":[\"RED\",\"PINK\"],"
    "\"children\":[{\"id\":\"1\",\"zz\":1e999},null,[ 1 "
    "],{\"id\":1,\"id\":2}],\"password\":\"p\",\"pin\":\"1\","
    "\"seen\":3,\"_owner\":{\"text\":\"o\"},\"zz\":{ \"a\" : -0 }}";

static void a_copy_outlives_the_original(void **state)
{
    (void)state;
    everything *all = decode_everything(document);
    char *before = encode(&everything_model, all, OKTA_JSON_WHOLE);
    everything *copy = NULL;
    assert_success(okta_copy(&everything_model, all, &copy));
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, before);
    okta_free(all);
    assert_encodes(&everything_model, copy, OKTA_JSON_WHOLE, before);
    assert_int_equal(copy->model.struct_size, sizeof *copy);
    assert_string_equal(copy->key, "k");
    assert_null(copy->text);
    assert_string_equal(okta_extra(copy, "text"), "null");
    assert_string_equal(okta_extra(copy, "flag"), "7");
    assert_int_equal(copy->color, TEST_COLOR_OTHER);
    assert_string_equal(okta_enum_text(copy, "color"), "PINK");
    assert_null(copy->child);
    assert_string_equal(okta_extra(copy, "child"), "{\"key\":1,\"key\":2}");
    assert_int_equal(copy->number.value, INT64_C(9007199254740993));
    assert_int_equal(copy->colors[1], TEST_COLOR_OTHER);
    assert_int_equal(copy->children_count, 4);
    assert_string_equal(okta_extra(copy->children[0], "zz"), "1e999");
    assert_source(copy->children[1], "null");
    assert_source(copy->children[2], "[ 1 ]");
    assert_source(copy->children[3], "{\"id\":1,\"id\":2}");
    assert_string_equal(copy->owner->text, "o");
    assert_true(copy->seen.has);
    assert_string_equal(okta_extra(copy, "zz"), "{ \"a\" : -0 }");
    okta_free(before);
    okta_free(copy);
}

static void changes_of_one_do_not_reach_the_other(void **state)
{
    (void)state;
    everything *all =
        decode_everything("{\"text\":\"a\",\"child\":{\"number\":1},\"colors\":[\"RED\"],\"names\":[\"n\"]}");
    everything *copy = NULL;
    assert_success(okta_copy(&everything_model, all, &copy));
    assert_ptr_not_equal(all->child, copy->child);
    all->child->number.value = 2;
    all->colors[0] = TEST_COLOR_BLUE;
    all->names[0] = "m";
    all->text = "b";
    assert_encodes(&everything_model, copy, OKTA_JSON_WHOLE,
                   "{\"text\":\"a\",\"child\":{\"number\":1},\"names\":[\"n\"],\"colors\":[\"RED\"]}");
    okta_free(copy);
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE,
                   "{\"text\":\"b\",\"child\":{\"number\":2},\"names\":[\"m\"],\"colors\":[\"light blue\"]}");
    okta_free(all);
}

static void a_model_built_by_hand_is_copied(void **state)
{
    (void)state;
    char text[] = "text", name[] = "name", extra_name[] = "zz", extra_json[] = "[1]";
    const char *names[] = {name};
    okta_member extra = {.name = extra_name, .json = extra_json};
    everything child = {.model = OKTA_INIT(everything), .text = text};
    everything *children[] = {&child, &child};
    everything all = {.model = OKTA_INIT(everything),
                      .key = "k",
                      .names = names,
                      .names_count = 1,
                      .child = &child,
                      .children = children,
                      .children_count = 2,
                      .real = okta_double(-0.0),
                      .id = text};
    all.model.extras = &extra;
    all.model.extra_count = 1;
    char *before = encode(&everything_model, &all, OKTA_JSON_WHOLE);
    everything *copy = NULL;
    assert_success(okta_copy(&everything_model, &all, &copy));
    memset(text, 'x', sizeof text - 1);
    memset(name, 'x', sizeof name - 1);
    memset(extra_name, 'x', sizeof extra_name - 1);
    memset(extra_json, '7', sizeof extra_json - 1);
    names[0] = NULL;
    assert_encodes(&everything_model, copy, OKTA_JSON_WHOLE, before);
    assert_int_equal(copy->children_count, 2);
    assert_string_equal(copy->id, "text");
    okta_free(before);
    okta_free(copy);
}

static void a_null_that_is_to_be_sent_is_copied(void **state)
{
    (void)state;
    everything all = {.model = OKTA_INIT(everything), .text = OKTA_NULL};
    everything *copy = NULL;
    assert_success(okta_copy(&everything_model, &all, &copy));
    assert_encodes(&everything_model, copy, OKTA_JSON_REQUEST, "{\"text\":null}");
    okta_free(copy);
}

static void a_list_is_copied(void **state)
{
    (void)state;
    everything_list *list =
        decode(&everything_list_model, "{\"n\":1,\"items\":[{\"key\":\"a\"},7,{\"color\":\"PINK\"}]}");
    everything_list *copy = NULL;
    assert_success(okta_copy(&everything_list_model, list, &copy));
    okta_free(list);
    assert_int_equal(copy->count, 3);
    assert_source(copy->items[1], "7");
    assert_string_equal(okta_enum_text(copy->items[2], "color"), "PINK");
    everything *one = NULL;
    assert_success(okta_copy(&everything_model, copy->items[0], &one));
    okta_free(copy);
    assert_string_equal(one->key, "a");
    okta_free(one);
}

/* An element that is no object is a model too: copying it loses no text. */
static void an_element_without_members_is_copied(void **state)
{
    (void)state;
    everything_list *list = decode(&everything_list_model, "[[ 1 ],{\"key\":1,\"key\":2}]");
    static const char *const texts[] = {"[ 1 ]", "{\"key\":1,\"key\":2}"};
    for (size_t i = 0; i < 2; i++) {
        everything *copy = NULL;
        assert_success(okta_copy(&everything_model, list->items[i], &copy));
        assert_source(copy, texts[i]);
        assert_null(copy->key);
        assert_encodes(&everything_model, copy, OKTA_JSON_WHOLE, texts[i]);
        okta_free(copy);
    }
    okta_free(list);
}

static void what_cannot_be_written_cannot_be_copied(void **state)
{
    (void)state;
    okta_member twice[] = {{.name = "key", .json = "1"}, {.name = "key", .json = "2"}};
    everything bad[] = {
        {.model = OKTA_INIT(everything), .text = "\xff"},
        {.model = OKTA_INIT(everything), .any = "{"},
        {.model = OKTA_INIT(everything), .color = TEST_COLOR_OTHER},
        {.model = OKTA_INIT(everything), .child = &bad[3]},
        {.text = "no header"},
        /* A document that no decoder takes, the library's included. */
        {.model = {sizeof(everything), NULL, twice, 2, NULL, 0, NULL}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        everything *copy = &bad[0];
        assert_int_equal(take_status(okta_copy(&everything_model, &bad[i], &copy)), OKTA_E_ARG);
        assert_null(copy);
    }
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    everything all = {.model = OKTA_INIT(everything)};
    everything *copy = &all;
    assert_int_equal(take_status(okta_copy(NULL, &all, &copy)), OKTA_E_ARG);
    assert_null(copy);
    copy = &all;
    assert_int_equal(take_status(okta_copy(&everything_model, NULL, &copy)), OKTA_E_ARG);
    assert_null(copy);
    assert_int_equal(take_status(okta_copy(&everything_model, &all, NULL)), OKTA_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_outlives_the_original),
        cmocka_unit_test(changes_of_one_do_not_reach_the_other),
        cmocka_unit_test(a_model_built_by_hand_is_copied),
        cmocka_unit_test(a_null_that_is_to_be_sent_is_copied),
        cmocka_unit_test(a_list_is_copied),
        cmocka_unit_test(an_element_without_members_is_copied),
        cmocka_unit_test(what_cannot_be_written_cannot_be_copied),
        cmocka_unit_test(null_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
