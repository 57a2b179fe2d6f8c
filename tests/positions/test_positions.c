/* SPDX-License-Identifier: Apache-2.0 */
/* Any value at any position of any model: decoding never fails, the members beside it stay typed, the value
 * can be read, and the same JSON value goes back. The documents are made from the models' rows; cJSON, a
 * second implementation, compares them. Where the build says so, the longest sweeps are over every
 * POSITIONS_STEPth model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "okta/okta.h"
#include "positions/all_models.h"
#include "positions/documents.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define KIND(name)   (1u << OKTAI_KIND_##name)
#define DEEP_10      "[[[[[[[[[["
#define END_10       "]]]]]]]]]]"

enum {
    NUMBERS = KIND(INT) | KIND(DOUBLE) | KIND(JSON),
    TEXTS = KIND(STRING) | KIND(ENUM) | KIND(JSON),
    ARRAYS = KIND(ENUMS) | KIND(OBJECTS) | KIND(JSON),
    OBJECTS = KIND(OBJECT) | KIND(MAP_OBJECTS) | KIND(JSON),
};

/* A value that stands anywhere. */
typedef struct stranger {
    const char *json;
    unsigned takers;  /* the kinds of members that hold it, as bits */
    const char *text; /* what it says, of a string */
} stranger;

static const stranger strangers[] = {
    {"null", 0, NULL},
    {"true", KIND(BOOL) | KIND(JSON), NULL},
    {"false", KIND(BOOL) | KIND(JSON), NULL},
    {"0", NUMBERS, NULL},
    {"-12", NUMBERS, NULL},
    {"-0", KIND(DOUBLE) | KIND(JSON), NULL},
    {"0.5", KIND(DOUBLE) | KIND(JSON), NULL},
    {"1e300", KIND(DOUBLE) | KIND(JSON), NULL},
    {"9007199254740993", NUMBERS, NULL},
    {"123456789012345678901234567890", KIND(DOUBLE) | KIND(JSON), NULL},
    {"\"\"", TEXTS, ""},
    {"\"newer \\u00fc\\n\"", TEXTS, "newer \xc3\xbc\n"},
    {"\"12\"", TEXTS, "12"},
    {"{}", OBJECTS | KIND(MAP_STRINGS), NULL},
    {"{\"a\":\"b\",\"c d\":null}", OBJECTS | KIND(MAP_STRINGS), NULL},
    {"{\"newer\":{\"deep\":[1,{\"x\":null}]}}", OBJECTS, NULL},
    {"[]", ARRAYS | KIND(STRINGS), NULL},
    {"[\"newer\",\"other\"]", ARRAYS | KIND(STRINGS), NULL},
    {"[null,1,\"a\",true,{},[]]", ARRAYS, NULL},
    {"[{\"newer\":1}]", ARRAYS, NULL},
    {DEEP_10 DEEP_10 DEEP_10 DEEP_10 DEEP_10 END_10 END_10 END_10 END_10 END_10, ARRAYS, NULL},
};

/* What a failure is about. */
static char label[512];

static const okta_descriptor *const *models;
static size_t model_count;

static void say_where(const okta_descriptor *type, const oktai_row *row, const char *value)
{
    snprintf(label, sizeof label, "%s%s%s: %.80s", type->schema, row == NULL ? "" : ".",
             row == NULL ? "" : row->name, value);
}

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fail_msg("%s: not so: %s", label, #condition);                                                   \
        }                                                                                                    \
    } while (0)

static void expect_success(okta_error *error)
{
    if (error != NULL) {
        fail_msg("%s: %s", label, okta_error_message(error));
    }
}

/* The same JSON value, whatever the order of members. */
static void expect_same(const char *expected, const char *json)
{
    cJSON *a = cJSON_Parse(expected);
    cJSON *b = cJSON_Parse(json);
    bool same = a != NULL && b != NULL && cJSON_Compare(a, b, true);
    cJSON_Delete(a);
    cJSON_Delete(b);
    if (!same) {
        fail_msg("%s:\n%s\nbecame\n%s", label, expected, json);
    }
}

static void expect_encodes(const okta_descriptor *type, const void *model, okta_json_form form,
                           const char *expected)
{
    char *json = NULL;
    expect_success(okta_to_json(type, model, form, &json, NULL));
    expect_same(expected, json);
    okta_free(json);
}

/* Decodes a document that goes back as it came, and so does its copy. */
static void *decode_lossless(const okta_descriptor *type, const oktai_buffer *document)
{
    void *model = NULL;
    void *copy = NULL;
    expect_success(okta_from_json(type, document->data, document->length, &model));
    expect_encodes(type, model, OKTA_JSON_WHOLE, document->data);
    expect_success(okta_copy(type, model, &copy));
    expect_encodes(type, copy, OKTA_JSON_WHOLE, document->data);
    okta_free(copy);
    return model;
}

/* All names but one have one member that is set, and are no extras. */
static void expect_typed_but(const okta_descriptor *type, const void *model, const oktai_row *but)
{
    for (size_t i = 0; i < type->row_count; i++) {
        const oktai_row *row = &type->rows[i];
        size_t count;
        if (row == but || !is_first_of_name(type, row)) {
            continue;
        }
        if (set_row(row, model, &count) == NULL || count != 1 ||
            (okta_extra(model, row->name) != NULL && row->kind != OKTAI_KIND_ENUM)) {
            fail_msg("%s: %s is not typed", label, row->name);
        }
    }
}

static void *load(const oktai_row *row, const void *model)
{
    void *pointer;
    memcpy(&pointer, (const char *)model + row->offset, sizeof pointer);
    return pointer;
}

static void finds_every_model_of_the_library(void **state)
{
    (void)state;
    FILE *header = fopen(OKTA_SOURCE_DIR "/src/models/models.h", "r");
    /* Those of links and of errors are written by hand. */
    size_t declared = 5;
    char line[256];
    assert_non_null(header);
    while (fgets(line, sizeof line, header) != NULL) {
        declared += strncmp(line, "extern const okta_descriptor ", 29) == 0;
    }
    fclose(header);
    assert_true(declared > 1000);
    assert_int_equal(model_count, declared);
}

static void decodes_every_member_of_every_model_as_typed(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    oktai_buffer request = {0};
    for (size_t i = 0; i < model_count; i++) {
        const okta_descriptor *type = models[i];
        const okta_descriptor *object = type->item == NULL ? type : type->item;
        for (size_t choice = 0; choice < 4; choice++) {
            document_plan plan = {.depth = 3, .choice = choice};
            plan.first = choice * object->row_count / 4;
            oktai_buffer_reset(&document);
            write_document(&document, type, &plan);
            plan.request = true;
            oktai_buffer_reset(&request);
            write_document(&request, type, &plan);
            say_where(type, NULL, document.data);
            void *model = decode_lossless(type, &document);
            expect_encodes(type, model, OKTA_JSON_REQUEST, request.data);
            if (type->item == NULL) {
                expect_typed_but(type, model, NULL);
                EXPECT(((const okta_model *)model)->extra_count == 0);
            } else {
                EXPECT(((const oktai_any_list *)model)->count == 2);
                expect_typed_but(object, ((const oktai_any_list *)model)->items[1], NULL);
            }
            okta_free(model);
        }
    }
    oktai_buffer_clear(&document);
    oktai_buffer_clear(&request);
}

static void decodes_every_value_of_every_enum(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    char value[256];
    size_t values = 0;
    for (size_t i = 0; i < model_count; i++) {
        for (size_t r = 0; r < models[i]->row_count; r++) {
            const oktai_row *row = &models[i]->rows[r];
            for (size_t t = 0; row->kind == OKTAI_KIND_ENUM && t < row->of.texts->count; t++) {
                const char *text = row->of.texts->texts[t];
                const document_plan plan = {.strange = row, .value = value};
                int number;
                snprintf(value, sizeof value, "\"%s\"", text);
                oktai_buffer_reset(&document);
                write_document(&document, models[i], &plan);
                say_where(models[i], row, value);
                char *model = decode_lossless(models[i], &document);
                memcpy(&number, model + row->offset, sizeof number);
                EXPECT((size_t)number == t + 2);
                EXPECT(okta_extra(model, row->name) == NULL);
                EXPECT(strcmp(okta_enum_text(model, row->name), text) == 0);
                okta_free(model);
                values++;
            }
        }
    }
    oktai_buffer_clear(&document);
    assert_true(values > 2000);
}

/* Names that differ by one letter, one more and one less; those that are no members, as an object's text. */
static size_t write_near_misses(oktai_buffer *out, const okta_descriptor *type)
{
    size_t count = 0;
    for (size_t i = 0; i < type->row_count; i++) {
        const char *name = type->rows[i].name;
        int length = type->rows[i].name_length;
        char misses[3][300];
        snprintf(misses[0], sizeof misses[0], "%s2", name);
        snprintf(misses[1], sizeof misses[1], "%.*s", length - 1, name);
        snprintf(misses[2], sizeof misses[2], "%.*s~", length - 1, name);
        for (size_t m = 0; m < COUNT(misses); m++) {
            char known[304];
            snprintf(known, sizeof known, "\"%.290s\":", misses[m]);
            bool is_member = false;
            for (size_t k = 0; k < type->row_count; k++) {
                is_member = is_member || strcmp(type->rows[k].name, misses[m]) == 0;
            }
            if (!is_member && strstr(out->data, known) == NULL) {
                oktai_buffer_printf(out, ",%s{\"near\":[%zu]}", known, count++);
            }
        }
    }
    return count;
}

static void keeps_unknown_members_of_every_model(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    oktai_buffer expected = {0};
    for (size_t i = 0; i < model_count; i++) {
        const okta_descriptor *type = models[i];
        if (type->item != NULL) {
            continue;
        }
        oktai_buffer_reset(&document);
        write_document(&document, type, &(document_plan){.depth = 1});
        document.data[--document.length] = '\0';
        oktai_buffer_add_text(&document, document.length == 1 ? "" : ",");
        oktai_buffer_add_text(&document, "\"z/\\u00fc \\\"\":\"\\u00fc\"");
        const size_t near = write_near_misses(&document, type);
        oktai_buffer_reset(&expected);
        oktai_buffer_printf(&expected, "%s,\"set by hand\":[1.50]}", document.data);
        oktai_buffer_add_char(&document, '}');
        say_where(type, NULL, document.data);
        void *model = decode_lossless(type, &document);
        EXPECT(((const okta_model *)model)->extra_count == near + 1);
        EXPECT(strcmp(okta_extra_text(model, "z/\xc3\xbc \""), "\xc3\xbc") == 0);
        expect_typed_but(type, model, NULL);
        expect_success(okta_set_extra(model, model, "set by hand", "[1.50]"));
        expect_encodes(type, model, OKTA_JSON_WHOLE, expected.data);
        okta_free(model);
    }
    oktai_buffer_clear(&document);
    oktai_buffer_clear(&expected);
}

/* Whether the value is in the member and, apart from what the member shows, also among the extras. */
static bool is_kept_beside(const oktai_row *row, const stranger *one)
{
    if (row->kind == OKTAI_KIND_ENUM) {
        return !has_text(row->of.texts, one->text);
    }
    if (row->kind == OKTAI_KIND_DOUBLE) {
        return strlen(one->json) > 15;
    }
    return row->kind == OKTAI_KIND_ENUMS && strcmp(one->json, "[]") != 0;
}

/* cJSON has doubles only: whether a long number goes back with all its digits is seen in the text. */
static void expect_all_digits(const okta_descriptor *type, const void *model, const stranger *one)
{
    char *json = NULL;
    if (strlen(one->json) > 15 && one->json[0] >= '0' && one->json[0] <= '9') {
        expect_success(okta_to_json(type, model, OKTA_JSON_WHOLE, &json, NULL));
        EXPECT(strstr(json, one->json) != NULL);
        okta_free(json);
    }
}

static void expect_shown(const oktai_row *row, const void *model, const stranger *one)
{
    const char *slot = (const char *)model + row->offset;
    okta_opt_int integer;
    okta_opt_double number;
    okta_opt_bool flag;
    int value;
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
        EXPECT(strcmp(load(row, model), one->text) == 0);
        break;
    case OKTAI_KIND_JSON:
        EXPECT(strcmp(load(row, model), one->json) == 0);
        break;
    case OKTAI_KIND_BOOL:
        memcpy(&flag, slot, sizeof flag);
        EXPECT(flag.value == (one->json[0] == 't'));
        break;
    case OKTAI_KIND_INT:
        memcpy(&integer, slot, sizeof integer);
        EXPECT(integer.value == strtoll(one->json, NULL, 10));
        break;
    case OKTAI_KIND_DOUBLE:
        memcpy(&number, slot, sizeof number);
        EXPECT(number.value == strtod(one->json, NULL));
        break;
    case OKTAI_KIND_ENUM:
        memcpy(&value, slot, sizeof value);
        EXPECT((value == 1) == is_kept_beside(row, one));
        EXPECT(strcmp(okta_enum_text(model, row->name), one->text) == 0);
        break;
    case OKTAI_KIND_OBJECT:
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        break;
    }
}

/* The value is in the member that takes it, or among the extras as it came. */
static void expect_reachable(const oktai_row *first, const void *model, const stranger *one)
{
    bool taken = false;
    size_t count;
    for (size_t i = 0; i < rows_of_name(first); i++) {
        taken = taken || (one->takers & (1u << first[i].kind)) != 0;
    }
    const oktai_row *row = set_row(first, model, &count);
    const char *extra = okta_extra(model, first->name);
    EXPECT(count == taken);
    if (row != NULL) {
        expect_shown(row, model, one);
    }
    if (row == NULL || is_kept_beside(row, one)) {
        EXPECT(extra != NULL);
        EXPECT(strcmp(extra, one->json) == 0);
        EXPECT(one->text == NULL || strcmp(okta_extra_text(model, first->name), one->text) == 0);
    } else {
        EXPECT(extra == NULL);
    }
}

static void keeps_any_value_at_every_position(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    size_t positions = 0;
    for (size_t i = 0; i < model_count; i += POSITIONS_STEP) {
        for (size_t r = 0; r < models[i]->row_count; r++) {
            const oktai_row *row = &models[i]->rows[r];
            if (!is_first_of_name(models[i], row)) {
                continue;
            }
            positions++;
            for (size_t s = 0; s < COUNT(strangers); s++) {
                const document_plan plan = {.strange = row, .value = strangers[s].json, .choice = s % 2};
                oktai_buffer_reset(&document);
                write_document(&document, models[i], &plan);
                say_where(models[i], row, strangers[s].json);
                void *model = decode_lossless(models[i], &document);
                expect_typed_but(models[i], model, row);
                expect_reachable(row, model, &strangers[s]);
                expect_all_digits(models[i], model, &strangers[s]);
                okta_free(model);
            }
        }
    }
    oktai_buffer_clear(&document);
    assert_true(positions > 4000 / POSITIONS_STEP);
}

static void keeps_any_value_in_objects_inside_of_every_model(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    for (size_t i = 0; i < model_count; i += POSITIONS_STEP) {
        for (size_t s = 0; s < COUNT(strangers); s++) {
            const document_plan plan = {.depth = 2, .strange_inside = true, .value = strangers[s].json};
            oktai_buffer_reset(&document);
            write_document(&document, models[i], &plan);
            say_where(models[i], NULL, strangers[s].json);
            void *model = decode_lossless(models[i], &document);
            if (models[i]->item == NULL) {
                expect_typed_but(models[i], model, NULL);
            }
            okta_free(model);
        }
    }
    oktai_buffer_clear(&document);
}

/* Numbers beyond any double are no cJSON: their text is looked at. */
static void keeps_numbers_that_nothing_holds(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    size_t numbers = 0;
    for (size_t i = 0; i < model_count; i++) {
        for (size_t r = 0; r < models[i]->row_count; r++) {
            const oktai_row *row = &models[i]->rows[r];
            const document_plan plan = {.strange = row, .value = "-1.50E+400"};
            if ((row->kind != OKTAI_KIND_INT && row->kind != OKTAI_KIND_DOUBLE) || rows_of_name(row) > 1) {
                continue;
            }
            void *model = NULL;
            char *json = NULL;
            numbers++;
            oktai_buffer_reset(&document);
            write_document(&document, models[i], &plan);
            say_where(models[i], row, plan.value);
            expect_success(okta_from_json(models[i], document.data, document.length, &model));
            expect_success(okta_to_json(models[i], model, OKTA_JSON_WHOLE, &json, NULL));
            EXPECT(!is_set(row, model));
            EXPECT(strcmp(okta_extra(model, row->name), plan.value) == 0);
            EXPECT(strstr(json, ":-1.50E+400") != NULL);
            okta_free(json);
            okta_free(model);
        }
    }
    oktai_buffer_clear(&document);
    assert_true(numbers > 100);
}

/* One bad element never fails a list, and shows by its text. */
static void keeps_every_element_of_every_list(void **state)
{
    (void)state;
    oktai_buffer document = {0};
    size_t lists = 0;
    for (size_t i = 0; i < model_count; i++) {
        if (models[i]->item == NULL) {
            continue;
        }
        lists++;
        oktai_buffer_reset(&document);
        oktai_buffer_add_char(&document, '[');
        for (size_t s = 0; s < COUNT(strangers); s++) {
            oktai_buffer_printf(&document, "%s,", strangers[s].json);
        }
        write_document(&document, models[i]->item, &(document_plan){.depth = 1});
        oktai_buffer_add_char(&document, ']');
        say_where(models[i], NULL, document.data);
        oktai_any_list *list = decode_lossless(models[i], &document);
        EXPECT(list->count == COUNT(strangers) + 1);
        for (size_t s = 0; s < COUNT(strangers); s++) {
            size_t length;
            const char *source = okta_source(list->items[s], &length);
            EXPECT(length == strlen(strangers[s].json));
            EXPECT(memcmp(source, strangers[s].json, length) == 0);
        }
        expect_typed_but(models[i]->item, list->items[COUNT(strangers)], NULL);
        okta_free(list);
    }
    oktai_buffer_clear(&document);
    assert_true(lists > 50);
}

/* What is not the operation's document at all is a broken protocol, and nothing worse. */
static void refuses_what_is_no_document_of_the_model(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_count; i++) {
        for (size_t s = 0; s < COUNT(strangers); s++) {
            char first = strangers[s].json[0];
            if (first == '{' || (first == '[' && models[i]->item != NULL)) {
                continue;
            }
            void *model = &model;
            say_where(models[i], NULL, strangers[s].json);
            okta_error *error =
                okta_from_json(models[i], strangers[s].json, strlen(strangers[s].json), &model);
            EXPECT(okta_error_status(error) == OKTA_E_PROTOCOL);
            EXPECT(strstr(okta_error_message(error), models[i]->schema) != NULL);
            EXPECT(model == NULL);
            okta_free(error);
        }
    }
}

static int set_up(void **state)
{
    (void)state;
    models = all_models(&model_count);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_model_of_the_library),
        cmocka_unit_test(decodes_every_member_of_every_model_as_typed),
        cmocka_unit_test(decodes_every_value_of_every_enum),
        cmocka_unit_test(keeps_unknown_members_of_every_model),
        cmocka_unit_test(keeps_any_value_at_every_position),
        cmocka_unit_test(keeps_any_value_in_objects_inside_of_every_model),
        cmocka_unit_test(keeps_numbers_that_nothing_holds),
        cmocka_unit_test(keeps_every_element_of_every_list),
        cmocka_unit_test(refuses_what_is_no_document_of_the_model),
    };
    return cmocka_run_group_tests_name("positions", tests, set_up, NULL);
}
