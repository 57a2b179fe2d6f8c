/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/json_models.h"

#include <stdlib.h>
#include <string.h>

static const char *const color_texts[] = {"RED", "GREEN", "light blue"};
static const oktai_enum_texts color = {color_texts, sizeof color_texts / sizeof color_texts[0]};

#define ROW(member, json, kind, flags) OKTAI_ROW(everything, member, json, kind, flags)
#define COUNT(member)                  .count_offset = offsetof(everything, member)

static const oktai_row rows[] = {
    {ROW(id, "id", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY | OKTAI_ROW_UNIQUE)},
    {ROW(key, "key", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(text, "text", OKTAI_KIND_STRING, 0)},
    {ROW(any, "any", OKTAI_KIND_JSON, 0)},
    {ROW(flag, "flag", OKTAI_KIND_BOOL, 0)},
    {ROW(number, "number", OKTAI_KIND_INT, 0)},
    {ROW(real, "real", OKTAI_KIND_DOUBLE, 0)},
    {ROW(color, "color", OKTAI_KIND_ENUM, 0), .of.texts = &color},
    {ROW(child, "child", OKTAI_KIND_OBJECT, 0), .of.object = &everything_model},
    {ROW(names, "names", OKTAI_KIND_STRINGS, 0), COUNT(names_count)},
    {ROW(colors, "colors", OKTAI_KIND_ENUMS, 0), COUNT(colors_count), .of.texts = &color},
    {ROW(children, "children", OKTAI_KIND_OBJECTS, 0), COUNT(children_count), .of.object = &everything_model},
    {ROW(password, "password", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {ROW(token, "token", OKTAI_KIND_JSON, OKTAI_ROW_SECRET)},
    {ROW(vault, "vault", OKTAI_KIND_OBJECT, OKTAI_ROW_SECRET), .of.object = &everything_model},
    {ROW(codes, "codes", OKTAI_KIND_STRINGS, OKTAI_ROW_SECRET), COUNT(codes_count)},
    {ROW(seen, "seen", OKTAI_KIND_INT, OKTAI_ROW_READ_ONLY)},
    {ROW(state, "state", OKTAI_KIND_ENUM, OKTAI_ROW_READ_ONLY), .of.texts = &color},
    {ROW(owner, "_owner", OKTAI_KIND_OBJECT, OKTAI_ROW_READ_ONLY), .of.object = &everything_model},
    {ROW(added, "added", OKTAI_KIND_STRING, 0)},
    {ROW(tags, "tags", OKTAI_KIND_STRINGS, 0), COUNT(tags_count)},
    {ROW(more, "more", OKTAI_KIND_OBJECT, 0), .of.object = &variety_model},
};

static const uint16_t by_name[] = {18, 19, 3, 8,  11, 15, 7,  10, 4, 0,  1,
                                   21, 9,  5, 12, 6,  16, 17, 20, 2, 13, 14};

static const char *const secret_names[] = {"hidden", "pin", NULL};

const okta_descriptor everything_model = {
    .schema = "Everything",
    .size = sizeof(everything),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .by_name = by_name,
    .secret_extras = secret_names,
};

#undef ROW
#define ROW(member, json, kind, flags) OKTAI_ROW(variety, member, json, kind, flags)
#undef COUNT
#define COUNT(member) .count_offset = offsetof(variety, member)

static const oktai_row variety_rows[] = {
    {ROW(size, "size", OKTAI_KIND_INT, OKTAI_ROW_MORE)},
    {ROW(size_text, "size", OKTAI_KIND_STRING, OKTAI_ROW_MORE)},
    {ROW(size_real, "size", OKTAI_KIND_DOUBLE, OKTAI_ROW_MORE)},
    {ROW(size_object, "size", OKTAI_KIND_OBJECT, OKTAI_ROW_MORE), .of.object = &everything_model},
    {ROW(size_list, "size", OKTAI_KIND_STRINGS, OKTAI_ROW_MORE), COUNT(size_list_count)},
    {ROW(size_objects, "size", OKTAI_KIND_OBJECTS, 0), COUNT(size_objects_count),
     .of.object = &everything_model},
    {ROW(labels, "labels", OKTAI_KIND_MAP_STRINGS, 0), COUNT(labels_count)},
    {ROW(places, "urn:x/places#1", OKTAI_KIND_MAP_OBJECTS, 0), COUNT(places_count),
     .of.object = &everything_model},
    {ROW(codes, "codes", OKTAI_KIND_MAP_STRINGS, OKTAI_ROW_SECRET), COUNT(codes_count)},
    {ROW(kind, "kind", OKTAI_KIND_ENUM, OKTAI_ROW_MORE), .of.texts = &color},
    {ROW(kinds, "kind", OKTAI_KIND_STRINGS, 0), COUNT(kinds_count)},
};

static const uint16_t variety_by_name[] = {8, 9, 10, 6, 0, 1, 2, 3, 4, 5, 7};

const okta_descriptor variety_model = {
    .schema = "Variety",
    .size = sizeof(variety),
    .rows = variety_rows,
    .row_count = sizeof variety_rows / sizeof variety_rows[0],
    .by_name = variety_by_name,
    .secret_extras = secret_names,
};

static const char *const wrapper_names[] = {"items", "page", NULL};

const okta_descriptor everything_list_model = {
    .schema = "Everything list",
    .size = sizeof(everything_list),
    .item = &everything_model,
    .wrappers = wrapper_names,
};

char *exact_copy(const char *text, size_t length)
{
    char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

okta_status take_status(okta_error *error)
{
    okta_status status = okta_error_status(error);
    okta_free(error);
    return status;
}

void assert_success(okta_error *error)
{
    if (error != NULL) {
        fail_msg("%s: %s", okta_status_name(okta_error_status(error)), okta_error_message(error));
    }
}

okta_status decode_status(const okta_descriptor *type, const char *json, size_t length)
{
    char untouched = 0;
    void *out = &untouched;
    char *copy = exact_copy(json, length);
    okta_error *error = okta_from_json(type, copy, length, &out);
    free(copy);
    if (error != NULL) {
        assert_null(out);
    } else {
        assert_non_null(out);
        assert_ptr_not_equal(out, &untouched);
        okta_free(out);
    }
    return take_status(error);
}

void *decode(const okta_descriptor *type, const char *json)
{
    void *out = NULL;
    char *copy = exact_copy(json, strlen(json));
    okta_error *error = okta_from_json(type, copy, strlen(json), &out);
    free(copy);
    assert_success(error);
    assert_non_null(out);
    return out;
}

everything *decode_everything(const char *json)
{
    return decode(&everything_model, json);
}

char *encode(const okta_descriptor *type, const void *model, okta_json_form form)
{
    char *json = NULL;
    size_t length = 0;
    assert_success(okta_to_json(type, model, form, &json, &length));
    assert_non_null(json);
    assert_int_equal(strlen(json), length);
    return json;
}

okta_status encode_status(const okta_descriptor *type, const void *model, okta_json_form form)
{
    char untouched = 0;
    char *json = &untouched;
    okta_error *error = okta_to_json(type, model, form, &json, NULL);
    if (error != NULL) {
        assert_null(json);
    } else {
        assert_non_null(json);
        assert_ptr_not_equal(json, &untouched);
        okta_free(json);
    }
    return take_status(error);
}

void assert_encodes(const okta_descriptor *type, const void *model, okta_json_form form, const char *expected)
{
    char *json = encode(type, model, form);
    assert_string_equal(json, expected);
    okta_free(json);
}

void assert_becomes(const okta_descriptor *type, const char *json, okta_json_form form, const char *expected)
{
    void *model = decode(type, json);
    assert_encodes(type, model, form, expected);
    okta_free(model);
}

void assert_redacts(const okta_descriptor *type, const char *json, const char *expected)
{
    char *out = NULL;
    size_t length = 0;
    char *copy = exact_copy(json, strlen(json));
    okta_error *error = okta_redact_json(type, copy, strlen(json), &out, &length);
    free(copy);
    assert_success(error);
    assert_string_equal(out, expected);
    assert_int_equal(length, strlen(expected));
    okta_free(out);
}

void assert_source(const void *model, const char *expected)
{
    size_t length = 0;
    const char *source = okta_source(model, &length);
    assert_non_null(source);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(source, expected, length);
    assert_ptr_equal(okta_source(model, NULL), source);
}

void append_times(oktai_buffer *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(oktai_buffer_add_text(out, text));
    }
}
