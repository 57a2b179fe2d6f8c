/* SPDX-License-Identifier: Apache-2.0 */
/* Members that came to a struct which programs have: those programs look for an extra, later ones for the
 * member, and both send the value once. */
#include <stdio.h>
#include <string.h>

#include "unit/allocations.h"
#include "unit/json_models.h"
#include "json/model_parts.h"

/* The struct of programs with older headers. */
typedef struct grown_before {
    okta_model model;
    const char *id;
    okta_opt_int size; /* "size", an integer */
} grown_before;

typedef struct grown grown;
struct grown {
    okta_model model;
    const char *id;
    okta_opt_int size;
    const char *size_text; /* "size", a string */
    const char *text;
    const char *any;
    okta_opt_bool flag;
    okta_opt_int number;
    okta_opt_double real;
    test_color color;
    grown *child;
    const char **names;
    size_t names_count;
    test_color *colors;
    size_t colors_count;
    grown **children;
    size_t children_count;
    okta_string_entry *labels;
    size_t labels_count;
    const char *pin; /* secret */
};

static const char *const color_texts[] = {"RED", "GREEN", "light blue"};
static const oktai_enum_texts color = {color_texts, 3};

extern const okta_descriptor grown_model;

#define ROW(member, json, kind, flags) OKTAI_ROW(grown, member, json, kind, flags)
#define COUNT(member)                  .count_offset = offsetof(grown, member)

static const oktai_row rows[] = {
    {ROW(id, "id", OKTAI_KIND_STRING, 0)},
    {ROW(size, "size", OKTAI_KIND_INT, OKTAI_ROW_MORE)},
    {ROW(size_text, "size", OKTAI_KIND_STRING, OKTAI_ROW_ADDED)},
    {ROW(text, "text", OKTAI_KIND_STRING, OKTAI_ROW_ADDED)},
    {ROW(any, "any", OKTAI_KIND_JSON, OKTAI_ROW_ADDED)},
    {ROW(flag, "flag", OKTAI_KIND_BOOL, OKTAI_ROW_ADDED)},
    {ROW(number, "number", OKTAI_KIND_INT, OKTAI_ROW_ADDED)},
    {ROW(real, "real", OKTAI_KIND_DOUBLE, OKTAI_ROW_ADDED)},
    {ROW(color, "color", OKTAI_KIND_ENUM, OKTAI_ROW_ADDED), .of.texts = &color},
    {ROW(child, "child", OKTAI_KIND_OBJECT, OKTAI_ROW_ADDED), .of.object = &grown_model},
    {ROW(names, "names", OKTAI_KIND_STRINGS, OKTAI_ROW_ADDED), COUNT(names_count)},
    {ROW(colors, "colors", OKTAI_KIND_ENUMS, OKTAI_ROW_ADDED), COUNT(colors_count), .of.texts = &color},
    {ROW(children, "children", OKTAI_KIND_OBJECTS, OKTAI_ROW_ADDED), COUNT(children_count),
     .of.object = &grown_model},
    {ROW(labels, "labels", OKTAI_KIND_MAP_STRINGS, OKTAI_ROW_ADDED), COUNT(labels_count)},
    {ROW(pin, "pin", OKTAI_KIND_STRING, OKTAI_ROW_ADDED | OKTAI_ROW_SECRET)},
};

const okta_descriptor grown_model = {
    .schema = "Grown", .size = sizeof(grown), .rows = rows, .row_count = sizeof rows / sizeof rows[0]};

/* The same as older libraries have it: what programs saw before. */
static const oktai_row rows_before[] = {
    {OKTAI_ROW(grown_before, id, "id", OKTAI_KIND_STRING, 0)},
    {OKTAI_ROW(grown_before, size, "size", OKTAI_KIND_INT, 0)},
};

static const okta_descriptor model_before = {
    .schema = "Grown", .size = sizeof(grown_before), .rows = rows_before, .row_count = 2};

static const struct {
    const char *name, *json, *other;
} values[] = {
    {"size", "\"large\"", "\"b\""},
    {"text", "\"a\\u00e4 \\\"\"", "\"b\""},
    {"any", "{ \"a\":[1, 2]}", "[]"},
    {"flag", "true", "false"},
    {"number", "7", "-8"},
    {"real", "2.50", "1e3"},
    {"color", "\"GREEN\"", "\"NEWER\""},
    {"child", "{\"id\": \"i\",\"zz\":1}", "{\"id\":\"k\",\"number\":5}"},
    {"names", "[\"a\", \"b\"]", "[]"},
    {"colors", "[\"RED\",\"NEW\"]", "[\"NEWER\"]"},
    {"children", "[{\"id\":\"i\"}, 5]", "[]"},
    {"labels", "{\"a\":\"b\",\"c\":null}", "{\"d\":\"e\"}"},
    {"pin", "\"1234\"", "\"5678\""},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void *decode_one(const okta_descriptor *type, const char *name, const char *json)
{
    char text[128];
    snprintf(text, sizeof text, "{\"id\":\"x\",\"%s\":%s,\"last\":1}", name, json);
    return decode(type, text);
}

static void assert_same_text(const char *one, const char *two)
{
    assert_true((one == NULL) == (two == NULL));
    if (one != NULL) {
        assert_string_equal(one, two);
    }
}

/* What an older program finds with the library that it knows, it finds with the later one. */
static void assert_same(const void *before, const void *model)
{
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        assert_same_text(okta_extra(model, values[i].name), okta_extra(before, values[i].name));
        assert_same_text(okta_extra_text(model, values[i].name), okta_extra_text(before, values[i].name));
    }
    const okta_model *one = before;
    const okta_model *two = model;
    assert_int_equal(two->extra_count, one->extra_count);
    for (size_t i = 0; i < one->extra_count; i++) {
        assert_string_equal(two->extras[i].name, one->extras[i].name);
        assert_same_text(two->extras[i].json, one->extras[i].json);
        assert_same_text(two->extras[i].text, one->extras[i].text);
    }
}

/* The model sends the value once; NULL: not at all. */
static void assert_sent(const void *model, const char *name, const char *json)
{
    char *text = encode(&grown_model, model, OKTA_JSON_REQUEST);
    grown *due = json == NULL ? decode(&grown_model, "{\"id\":\"x\",\"last\":1}")
                              : decode_one(&grown_model, name, json);
    char *expected = encode(&grown_model, due, OKTA_JSON_WHOLE);
    assert_string_equal(text, expected);
    okta_free(expected);
    okta_free(due);
    okta_free(text);
}

static void an_older_program_finds_an_extra(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        grown_before *before = decode_one(&model_before, values[i].name, values[i].json);
        grown *model = decode_one(&grown_model, values[i].name, values[i].json);
        assert_same(before, model);
        assert_string_equal(okta_extra(model, values[i].name), values[i].json);
        assert_sent(model, values[i].name, values[i].json);
        grown *copy = NULL;
        assert_success(okta_copy(&grown_model, model, &copy));
        assert_sent(copy, values[i].name, values[i].json);
        assert_non_null(okta_extra(copy, values[i].name));
        okta_free(copy);
        okta_free(model);
        okta_free(before);
    }
}

/* A struct that an older program copied by value ends before the members: they go back from the extras. */
static void a_copy_by_value_sends_what_lies_beyond_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        char expected[128];
        grown *model = decode_one(&grown_model, values[i].name, values[i].json);
        grown_before copy;
        memcpy(&copy, model, sizeof copy);
        copy.model.struct_size = sizeof copy;
        snprintf(expected, sizeof expected, "{\"id\":\"x\",\"%s\":%s,\"last\":1}", values[i].name,
                 values[i].json);
        assert_encodes(&grown_model, &copy, OKTA_JSON_REQUEST, expected);
        assert_success(okta_set_extra(model, &copy, values[i].name, values[i].other));
        snprintf(expected, sizeof expected, "{\"id\":\"x\",\"%s\":%s,\"last\":1}", values[i].name,
                 values[i].other);
        assert_encodes(&grown_model, &copy, OKTA_JSON_REQUEST, expected);
        assert_sent(model, values[i].name, values[i].json);
        assert_success(okta_set_extra(model, &copy, values[i].name, NULL));
        assert_encodes(&grown_model, &copy, OKTA_JSON_REQUEST, "{\"id\":\"x\",\"last\":1}");
        okta_free(model);
    }
}

/* okta_set_extra() changes both, so that a program with either headers sees the value that is sent. Of the
 * first name older programs have a member. */
static void setting_the_extra_sets_the_member(void **state)
{
    (void)state;
    for (size_t i = 1; i < COUNT_OF(values); i++) {
        const char *name = values[i].name;
        grown_before *before = decode_one(&model_before, name, values[i].json);
        grown *model = decode_one(&grown_model, name, values[i].json);
        assert_success(okta_set_extra(before, before, name, values[i].other));
        assert_success(okta_set_extra(model, model, name, values[i].other));
        assert_same(before, model);
        assert_sent(model, name, values[i].other);
        static const char *const others[] = {"null", "[[1]]", "-1e999", NULL};
        for (size_t k = 0; k < COUNT_OF(others); k++) {
            assert_success(okta_set_extra(before, before, name, others[k]));
            assert_success(okta_set_extra(model, model, name, others[k]));
            assert_same(before, model);
            assert_sent(model, name, others[k]);
        }
        okta_free(model);
        okta_free(before);
    }
}

static void a_later_program_uses_the_member(void **state)
{
    (void)state;
    grown *model = decode(&grown_model, "{\"text\":\"a\",\"number\":7,\"size\":\"large\",\"flag\":5}");
    assert_string_equal(model->text, "a");
    assert_true(model->number.has && model->number.value == 7);
    assert_string_equal(model->size_text, "large");
    assert_false(model->flag.has);
    model->text = "b";
    model->number = (okta_opt_int){0};
    assert_encodes(&grown_model, model, OKTA_JSON_REQUEST, "{\"size\":\"large\",\"text\":\"b\",\"flag\":5}");
    model->size_text = NULL;
    model->size = okta_int(5);
    model->flag = okta_bool(true);
    assert_encodes(&grown_model, model, OKTA_JSON_REQUEST, "{\"size\":5,\"text\":\"b\",\"flag\":true}");
    okta_free(model);
}

static void a_struct_that_an_older_program_made_sends_its_extras(void **state)
{
    (void)state;
    const okta_member extras[] = {{.name = "text", .text = "a"}, {.name = "number", .json = "\"seven\""}};
    const grown_before own = {.model = OKTA_INIT_EXTRAS(grown_before, extras), .id = "x"};
    assert_encodes(&grown_model, &own, OKTA_JSON_REQUEST,
                   "{\"id\":\"x\",\"text\":\"a\",\"number\":\"seven\"}");
}

static void a_secret_that_is_an_extra_as_well_is_redacted_once(void **state)
{
    (void)state;
    grown *model = decode(&grown_model, "{\"pin\":\"1234\"}");
    assert_encodes(&grown_model, model, OKTA_JSON_REDACTED, "{\"pin\":\"***\"}");
    grown_before copy;
    memcpy(&copy, model, sizeof copy);
    copy.model.struct_size = sizeof copy;
    assert_encodes(&grown_model, &copy, OKTA_JSON_REDACTED, "{\"pin\":\"***\"}");
    okta_free(model);
}

/* Each allocation failing in turn: the model is as it was. */
static void each_allocation_may_fail(void **state)
{
    (void)state;
    static char large[2100];
    memset(large, '1', sizeof large - 1);
    memcpy(large, "[\"\\u0061", 8);
    memcpy(large + sizeof large - 3, "\"]", 2);
    static const char *const names[] = {"names", "colors", "any"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        bool struck = true;
        for (size_t nth = 1; struck; nth++) {
            grown *model = decode(&grown_model, "{\"names\":[\"a\"],\"colors\":[\"NEW\"],\"any\":1}");
            allocations_begin(nth, false);
            okta_error *error = okta_set_extra(model, model, names[i], large);
            struck = allocations_end();
            assert_int_equal(take_status(error), struck ? OKTA_E_NOMEM : OKTA_OK);
            allocations_begin(nth, false);
            char *text = NULL;
            error = okta_to_json(&grown_model, model, OKTA_JSON_WHOLE, &text, NULL);
            struck = allocations_end() || struck;
            okta_status status = take_status(error);
            assert_true(status == OKTA_OK || status == OKTA_E_NOMEM);
            okta_free(text);
            okta_free(model);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_older_program_finds_an_extra),
        cmocka_unit_test(a_copy_by_value_sends_what_lies_beyond_it),
        cmocka_unit_test(setting_the_extra_sets_the_member),
        cmocka_unit_test(a_later_program_uses_the_member),
        cmocka_unit_test(a_struct_that_an_older_program_made_sends_its_extras),
        cmocka_unit_test(a_secret_that_is_an_extra_as_well_is_redacted_once),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
