/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine and the pipeline take for granted of rows holds for all that the generator writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/all_operations.h"
#include "api/find.h"

#define MODELS_MAX 8192u
#define FEW_ROWS   8u

static const okta_descriptor *models[MODELS_MAX];
static size_t model_count;

static void meet(const okta_descriptor *type)
{
    if (type == NULL) {
        return;
    }
    for (size_t i = 0; i < model_count; i++) {
        if (models[i] == type) {
            return;
        }
    }
    assert_true(model_count < MODELS_MAX);
    models[model_count++] = type;
}

static bool has_object(const oktai_row *row)
{
    return row->kind == OKTAI_KIND_OBJECT || row->kind == OKTAI_KIND_OBJECTS ||
           row->kind == OKTAI_KIND_MAP_OBJECTS;
}

static bool has_texts(const oktai_row *row)
{
    return row->kind == OKTAI_KIND_ENUM || row->kind == OKTAI_KIND_ENUMS;
}

static bool has_count(const oktai_row *row)
{
    return row->kind >= OKTAI_KIND_STRINGS;
}

/* All models that operations reach. */
static int meet_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const oktai_operation *operation = oktai_operations[i];
        meet(operation->request);
        meet(operation->response);
        meet(operation->params != NULL ? operation->params->type : NULL);
        meet(operation->paging != NULL ? operation->paging->item : NULL);
    }
    for (size_t i = 0; i < model_count; i++) {
        meet(models[i]->item);
        for (size_t j = 0; j < models[i]->row_count; j++) {
            if (has_object(&models[i]->rows[j])) {
                assert_non_null(models[i]->rows[j].of.object);
                meet(models[i]->rows[j].of.object);
            }
        }
    }
    return 0;
}

static size_t size_of_kind(const oktai_row *row)
{
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_BOOL:
        return sizeof(okta_opt_bool);
    case OKTAI_KIND_INT:
        return sizeof(okta_opt_int);
    case OKTAI_KIND_DOUBLE:
        return sizeof(okta_opt_double);
    case OKTAI_KIND_ENUM:
        return sizeof(int);
    case OKTAI_KIND_STRING:
    case OKTAI_KIND_JSON:
    case OKTAI_KIND_OBJECT:
        return sizeof(void *);
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        return sizeof(void *) + sizeof(size_t);
    }
    return 0;
}

static void each_member_has_room_of_its_own(void **state)
{
    (void)state;
    assert_true(model_count > 0);
    for (size_t i = 0; i < model_count; i++) {
        const okta_descriptor *type = models[i];
        char *taken = calloc(type->size, 1);
        assert_non_null(taken);
        for (size_t j = 0; j < type->row_count; j++) {
            const oktai_row *row = &type->rows[j];
            size_t size = size_of_kind(row);
            assert_true(row->offset >= sizeof(okta_model));
            assert_true(row->offset + size <= type->size);
            if (has_count(row)) {
                assert_int_equal(row->count_offset, row->offset + sizeof(void *));
            }
            for (size_t at = row->offset; at < row->offset + size; at++) {
                assert_int_equal(taken[at]++, 0);
            }
        }
        free(taken);
    }
}

static void each_row_names_what_its_kind_needs(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_count; i++) {
        assert_true(models[i]->schema != NULL && models[i]->schema[0] != '\0');
        assert_true(models[i]->size >= sizeof(okta_model));
        assert_true(models[i]->row_count <= OKTAI_ROWS_MAX);
        for (size_t j = 0; j < models[i]->row_count; j++) {
            const oktai_row *row = &models[i]->rows[j];
            assert_int_equal(strlen(row->name), row->name_length);
            assert_true(row->name_length > 0);
            if (has_texts(row)) {
                assert_non_null(row->of.texts);
                for (size_t k = 0; k < row->of.texts->count; k++) {
                    assert_non_null(row->of.texts->texts[k]);
                }
            }
        }
    }
}

static void each_row_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_count; i++) {
        const okta_descriptor *type = models[i];
        assert_true(type->by_name != NULL || type->row_count <= FEW_ROWS);
        for (size_t j = 0; j < type->row_count; j++) {
            const oktai_row *row = &type->rows[j];
            const oktai_row *found = oktai_row_find(type, row->name, row->name_length);
            while (found != NULL && found != row) {
                found = oktai_row_next(found);
            }
            assert_ptr_equal(found, row);
        }
        assert_null(oktai_row_find(type, "no such member", strlen("no such member")));
    }
}

static void rows_of_one_name_stand_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_count; i++) {
        for (size_t j = 0; j < models[i]->row_count; j++) {
            const oktai_row *row = &models[i]->rows[j];
            bool last = j + 1 == models[i]->row_count;
            bool same = !last && strcmp(row[0].name, row[1].name) == 0;
            assert_int_equal((row->flags & OKTAI_ROW_MORE) != 0, same);
            for (size_t k = j + 2; !same && k < models[i]->row_count; k++) {
                assert_string_not_equal(row->name, models[i]->rows[k].name);
            }
        }
    }
}

static void operations_stand_in_the_order_of_their_names(void **state)
{
    (void)state;
    assert_true(oktai_operation_count > 0);
    for (size_t i = 1; i < oktai_operation_count; i++) {
        assert_true(strcmp(oktai_operations[i - 1]->name, oktai_operations[i]->name) < 0);
    }
}

static void siblings_have_the_operation_of_another_row(void **state)
{
    (void)state;
    assert_non_null(oktai_operation_siblings[0]);
    for (size_t i = 0; oktai_operation_siblings[i] != NULL; i++) {
        const oktai_operation *sibling = oktai_operation_siblings[i];
        const oktai_operation *found = oktai_operation_find(sibling->name);
        assert_non_null(found);
        assert_ptr_not_equal(found, sibling);
        assert_int_equal(found->method, sibling->method);
        assert_string_equal(found->path, sibling->path);
    }
}

static void bodies_have_what_their_kind_needs(void **state)
{
    (void)state;
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const oktai_operation *operation = oktai_operations[i];
        bool model = operation->body == OKTAI_BODY_MODEL || operation->body == OKTAI_BODY_FORM ||
                     operation->body == OKTAI_BODY_MULTIPART;
        assert_int_equal(operation->request != NULL, model);
        assert_int_equal(operation->path[0], '/');
        assert_int_equal(operation->empty_statuses & ~operation->statuses, 0);
        if (operation->body == OKTAI_BODY_BYTES) {
            assert_non_null(operation->wire);
            assert_non_null(operation->wire->body_types);
        }
    }
}

static void parameters_are_of_kinds_that_a_request_line_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const oktai_params *params = oktai_operations[i]->params;
        for (size_t j = 0; params != NULL && j < params->type->row_count; j++) {
            const oktai_row *row = &params->type->rows[j];
            bool list = row->kind == OKTAI_KIND_STRINGS || row->kind == OKTAI_KIND_ENUMS;
            assert_true(list || row->kind <= OKTAI_KIND_ENUM);
            assert_int_not_equal(row->kind, OKTAI_KIND_JSON);
            assert_true(list || (params->flags[j] & OKTAI_PARAM_REPEATED) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_has_room_of_its_own),
        cmocka_unit_test(each_row_names_what_its_kind_needs),
        cmocka_unit_test(each_row_is_found_by_its_name),
        cmocka_unit_test(rows_of_one_name_stand_together),
        cmocka_unit_test(operations_stand_in_the_order_of_their_names),
        cmocka_unit_test(siblings_have_the_operation_of_another_row),
        cmocka_unit_test(bodies_have_what_their_kind_needs),
        cmocka_unit_test(parameters_are_of_kinds_that_a_request_line_takes),
    };
    return cmocka_run_group_tests(tests, meet_all, NULL);
}
