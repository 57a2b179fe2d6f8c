/* SPDX-License-Identifier: Apache-2.0 */
#include "json/plain.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/growing.h"
#include "json/engine.h"
#include "json/writer.h"

const okta_descriptor oktai_string_list_model = {
    .schema = "okta_string_list", .size = sizeof(okta_string_list), .form = OKTAI_FORM_STRINGS};
const okta_descriptor oktai_json_model = {
    .schema = "okta_json", .size = sizeof(okta_json), .form = OKTAI_FORM_JSON};
const okta_descriptor oktai_bytes_model = {
    .schema = "okta_bytes", .size = sizeof(okta_bytes), .form = OKTAI_FORM_BYTES};
const okta_descriptor oktai_location_model = {
    .schema = "okta_location", .size = sizeof(okta_location), .form = OKTAI_FORM_LOCATION};

const okta_descriptor *okta_string_list_descriptor(void)
{
    return &oktai_string_list_model;
}

const okta_descriptor *okta_json_descriptor(void)
{
    return &oktai_json_model;
}

const okta_descriptor *okta_bytes_descriptor(void)
{
    return &oktai_bytes_model;
}

const okta_descriptor *okta_location_descriptor(void)
{
    return &oktai_location_model;
}

bool oktai_plain_has_json(const okta_descriptor *type)
{
    return type->form != OKTAI_FORM_BYTES && type->form != OKTAI_FORM_LOCATION;
}

/* A root of that type; NULL: out of memory. */
static void *new_value(const okta_descriptor *type, size_t room)
{
    okta_model *model = oktai_root_new(type->size, room, NULL);
    if (model != NULL) {
        model->struct_size = type->size;
        model->type = type;
    }
    return model;
}

/* An element that is no string: null by its address, another value as text that is among the extras. */
static bool add_other(oktai_arena *arena, oktai_vector *others, okta_text text, const char **slot)
{
    if (text.length == strlen(okta_null) && memcmp(text.text, okta_null, text.length) == 0) {
        *slot = okta_null;
        return true;
    }
    char *copy = oktai_arena_copy(arena, text.text, text.length);
    okta_member *other = copy == NULL ? NULL : oktai_arena_push(arena, others, sizeof *other);
    if (other != NULL) {
        *other = (okta_member){.name = "", .json = copy};
        *slot = copy;
    }
    return other != NULL;
}

/* False: the reader died, or memory ended, which the reader is told. */
static bool read_element(oktai_reader *reader, oktai_arena *arena, oktai_vector *items, oktai_vector *others)
{
    const char **slot = oktai_arena_push(arena, items, sizeof *slot);
    if (slot == NULL) {
        reader->no_memory = true;
        return false;
    }
    if (oktai_reader_peek(reader) == OKTAI_JSON_STRING) {
        size_t length;
        *slot = oktai_reader_string(reader, arena, &length);
        return *slot != NULL;
    }
    okta_text text;
    if (!oktai_reader_skip(reader, &text)) {
        return false;
    }
    reader->no_memory = !add_other(arena, others, text, slot);
    return !reader->no_memory;
}

/* The value ahead. */
static bool read_strings(oktai_reader *reader, okta_string_list *list)
{
    oktai_arena *arena = oktai_root_arena(list);
    oktai_vector items = {0};
    oktai_vector others = {0};
    if (oktai_reader_peek(reader) == OKTAI_JSON_ARRAY) {
        if (!oktai_reader_enter(reader)) {
            return false;
        }
        for (bool first = true; oktai_reader_element(reader, first); first = false) {
            if (!read_element(reader, arena, &items, &others)) {
                return false;
            }
        }
    } else if (!read_element(reader, arena, &items, &others)) {
        return false;
    }
    list->items = items.data == NULL ? oktai_arena_array(arena, 1, sizeof *list->items) : items.data;
    list->count = items.count;
    list->model.extras = others.data;
    list->model.extra_count = others.count;
    reader->no_memory = reader->no_memory || list->items == NULL;
    return reader->problem == NULL && list->items != NULL;
}

static okta_error *read_document(const okta_descriptor *type, const oktai_buffer *body,
                                 const oktai_watch *watch, okta_model *value)
{
    oktai_reader reader;
    okta_text text;
    oktai_arena *arena = oktai_root_arena(value);
    oktai_reader_init(&reader, body->data, body->length);
    reader.watch = watch;
    oktai_reader_peek(&reader);
    const char *start = reader.next;
    bool good = type->form == OKTAI_FORM_STRINGS ? read_strings(&reader, (okta_string_list *)(void *)value)
                                                 : oktai_reader_skip(&reader, &text);
    value->source = start;
    value->source_length = (size_t)(reader.next - start);
    return good && oktai_reader_finish(&reader) ? NULL : oktai_engine_damage_within(&reader, arena);
}

/* `limit`: of the memory beside the text; 0: none. */
static okta_error *decode_within(const okta_descriptor *type, oktai_buffer *body, const oktai_watch *watch,
                                 size_t limit, void **out)
{
    if (!oktai_buffer_reserve(body, body->length)) {
        return oktai_error_nomem();
    }
    okta_model *value = new_value(type, body->length / 2);
    if (value == NULL) {
        return oktai_error_nomem();
    }
    oktai_root_arena(value)->limit = limit;
    okta_error *error = read_document(type, body, watch, value);
    if (error == NULL && type->form == OKTAI_FORM_JSON) {
        body->data[value->source - body->data + (ptrdiff_t)value->source_length] = '\0';
        ((okta_json *)(void *)value)->json = value->source;
    }
    if (error == NULL && !oktai_buffer_give(body, oktai_root_arena(value))) {
        error = oktai_error_nomem();
    }
    if (error != NULL) {
        okta_free(value);
        return error;
    }
    *out = value;
    return NULL;
}

okta_error *oktai_plain_decode(const okta_descriptor *type, oktai_buffer *body, const oktai_watch *watch,
                               void **out)
{
    return decode_within(type, body, watch, oktai_engine_memory_limit(body->length), out);
}

/* Whether an item is the JSON text of an element that was no string. `*at`: where the last one was found. */
static bool is_other(const okta_string_list *list, const char *item, size_t *at)
{
    size_t count = list->model.extras == NULL ? 0 : list->model.extra_count;
    for (size_t i = 0; i < count; i++) {
        size_t k = (*at + i) % count;
        if (list->model.extras[k].json == item) {
            *at = k;
            return true;
        }
    }
    return false;
}

static okta_error *write_strings(const okta_string_list *list, oktai_buffer *out)
{
    size_t at = 0;
    size_t count = list->items == NULL ? 0 : list->count;
    oktai_buffer_add_char(out, '[');
    for (size_t i = 0; i < count && !out->failed; i++) {
        const char *item = list->items[i];
        if (i > 0) {
            oktai_buffer_add_char(out, ',');
        }
        if (item == NULL) {
            return oktai_error_new(OKTA_E_ARG, "okta_string_list has an element that is NULL");
        }
        if (item == okta_null || is_other(list, item, &at)) {
            oktai_buffer_add_text(out, item);
        } else if (!oktai_write_string(out, item, strlen(item)) && !out->failed) {
            return oktai_error_new(OKTA_E_ARG, "okta_string_list has an element that is not UTF-8");
        }
    }
    return oktai_buffer_add_char(out, ']') ? NULL : oktai_error_nomem();
}

static okta_error *write_json(const okta_json *value, oktai_buffer *out)
{
    if (value->json == NULL) {
        return oktai_error_new(OKTA_E_ARG, "okta_json has no json");
    }
    okta_error *error = oktai_engine_check(value->json, strlen(value->json), NULL);
    if (okta_error_status(error) == OKTA_E_PROTOCOL) {
        okta_error *refusal = oktai_error_new(OKTA_E_ARG, "okta_json: %s", okta_error_message(error));
        okta_free(error);
        return refusal;
    }
    if (error != NULL) {
        return error;
    }
    return oktai_buffer_add_text(out, value->json) ? NULL : oktai_error_nomem();
}

okta_error *oktai_plain_encode(const okta_descriptor *type, const void *value, oktai_buffer *out)
{
    const char *reason = oktai_plain_has_json(type)
                             ? oktai_growing_refuse(value, sizeof(okta_model), type->size)
                             : "is no JSON";
    if (reason == NULL && ((const okta_model *)value)->struct_size < type->size) {
        reason = "is shorter than its members";
    }
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "%s %s", type->schema, reason);
    }
    return type->form == OKTAI_FORM_STRINGS ? write_strings(value, out) : write_json(value, out);
}

okta_error *oktai_plain_copy(const okta_descriptor *type, const void *value, void **out)
{
    oktai_buffer text = {0};
    okta_error *error = oktai_plain_encode(type, value, &text);
    if (error == NULL) {
        error = decode_within(type, &text, NULL, 0, out);
    }
    oktai_buffer_clear(&text);
    return error;
}

okta_error *oktai_bytes_take(oktai_buffer *body, const char *media_type, void **out)
{
    okta_bytes *bytes = new_value(&oktai_bytes_model, 64);
    if (bytes == NULL) {
        return oktai_error_nomem();
    }
    bytes->data = body->length == 0 ? "" : body->data;
    bytes->length = body->length;
    bytes->media_type = oktai_arena_strdup(oktai_root_arena(bytes), media_type);
    if ((bytes->media_type == NULL) != (media_type == NULL) ||
        !oktai_buffer_give(body, oktai_root_arena(bytes))) {
        okta_free(bytes);
        return oktai_error_nomem();
    }
    *out = bytes;
    return NULL;
}

okta_error *oktai_location_new(const char *url, void **out)
{
    okta_location *location = new_value(&oktai_location_model, 256);
    if (location != NULL) {
        location->url = oktai_arena_strdup(oktai_root_arena(location), url);
    }
    if (location == NULL || (location->url == NULL) != (url == NULL)) {
        okta_free(location);
        return oktai_error_nomem();
    }
    *out = location;
    return NULL;
}
