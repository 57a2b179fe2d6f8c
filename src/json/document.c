/* SPDX-License-Identifier: Apache-2.0 */
#include "json/engine.h"

#include <string.h>

#include "core/error.h"
#include "json/decode.h"
#include "json/walk.h"

/* What a document may take beside its text: a hostile one of many empty elements would take a hundred times
 * as much. */
#define MEMORY_FACTOR 4u
#define MEMORY_FREE   ((size_t)64 * 1024 * 1024)

/* Lists. */

static bool is_wrapper(const okta_descriptor *type, okta_text name)
{
    for (const char *const *w = type->wrappers; w != NULL && *w != NULL; w++) {
        if (oktai_text_is(*w, name)) {
            return true;
        }
    }
    return false;
}

static bool leads_on(oktai_decoder *d, const okta_descriptor *type, okta_text name, bool found)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    return !found && (json_type == OKTAI_JSON_ARRAY || json_type == OKTAI_JSON_OBJECT) &&
           is_wrapper(type, name);
}

/* Looks for the array in `{"jwks":{"keys":[...]}}` and the like; what stands beside it is kept. */
static bool decode_wrapped(oktai_decoder *d, const okta_descriptor *type, oktai_any_list *list,
                           oktai_vector *extras, bool *found)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    if (json_type == OKTAI_JSON_ARRAY) {
        *found = true;
        return oktai_decode_elements(d, type->item, &list->items, &list->count);
    }
    if (json_type != OKTAI_JSON_OBJECT || type->wrappers == NULL) {
        return oktai_reader_skip(&d->reader, NULL);
    }
    if (!oktai_reader_enter(&d->reader)) {
        return false;
    }
    okta_text name;
    for (bool first = true; oktai_reader_member(&d->reader, first, d->arena, &name); first = false) {
        okta_text value;
        if (leads_on(d, type, name, *found) ? !decode_wrapped(d, type, list, extras, found)
                                            : !oktai_reader_skip(&d->reader, &value) ||
                                                  !oktai_decoder_add_extra(d, extras, name, value, NULL)) {
            return false;
        }
    }
    return d->reader.problem == NULL;
}

/* The object ahead as the only element. */
static bool decode_single(oktai_decoder *d, const okta_descriptor *type, oktai_any_list *list)
{
    oktai_vector elements = {0};
    void *element = oktai_decoder_push(d, &elements, sizeof(void *));
    if (element == NULL || !oktai_decode_element(d, type->item, element)) {
        return false;
    }
    list->items = elements.data;
    list->count = 1;
    return true;
}

static oktai_fit decode_list(oktai_decoder *d, const okta_descriptor *type, oktai_any_list *list)
{
    oktai_vector extras = {0};
    bool found = false;
    oktai_reader_peek(&d->reader); /* passes over white space */
    const char *start = d->reader.next;
    if (oktai_engine_is_element(type, &d->reader, d->arena)) {
        found = true;
        if (!decode_single(d, type, list)) {
            return OKTAI_FIT_DEAD;
        }
    } else if (!decode_wrapped(d, type, list, &extras, &found)) {
        return OKTAI_FIT_DEAD;
    }
    if (!oktai_decoder_finish_model(d, &list->model, type, &extras, start)) {
        return OKTAI_FIT_DEAD;
    }
    return found ? OKTAI_FIT_GOOD : OKTAI_FIT_MISMATCH;
}

/* Documents. */

static okta_error *decode_failure(const oktai_decoder *d, const okta_descriptor *type)
{
    if (d->arena->over_limit || d->reader.problem != NULL) {
        return oktai_engine_damage_within(&d->reader, d->arena);
    }
    return type->item == NULL && d->repeated != NULL
               ? oktai_error_new(OKTA_E_PROTOCOL, "the JSON has %s twice in one %s", d->repeated,
                                 type->schema)
               : oktai_error_new(OKTA_E_PROTOCOL, "the JSON is no %s", type->schema);
}

size_t oktai_engine_memory_limit(size_t length)
{
    return MEMORY_FACTOR * length + MEMORY_FREE;
}

/* `object` lies in the decoder's arena, which takes the body where it was decoded. */
static okta_error *decode_document(oktai_decoder *d, const okta_descriptor *type, oktai_buffer *body,
                                   void *object)
{
    if (!oktai_buffer_reserve(body, body->length)) {
        return oktai_error_nomem();
    }
    const oktai_watch *watch = d->reader.watch;
    oktai_reader_init(&d->reader, body->data, body->length);
    d->reader.watch = watch;
    oktai_fit result = OKTAI_FIT_MISMATCH;
    bool array = oktai_reader_peek(&d->reader) == OKTAI_JSON_ARRAY;
    if (type->item != NULL) {
        result = decode_list(d, type, object);
    } else if (oktai_reader_peek(&d->reader) == OKTAI_JSON_OBJECT) {
        result = oktai_decode_model(d, type, object);
    } else {
        oktai_reader_skip(&d->reader, NULL);
    }
    if (oktai_reader_finish(&d->reader) && array && type->item == NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the JSON is an array, not an object: it is no %s",
                               type->schema);
    }
    if (d->reader.problem != NULL || result != OKTAI_FIT_GOOD) {
        return decode_failure(d, type);
    }
    return oktai_buffer_give(body, d->arena) ? NULL : oktai_error_nomem();
}

static okta_error *decode_within(const okta_descriptor *type, oktai_buffer *body, void **out,
                                 const oktai_watch *watch, oktai_decode_report *report, size_t memory_limit)
{
    size_t length = body->length;
    void *object = oktai_root_new(type->size, length + length / 2 + 512, NULL);
    if (object == NULL) {
        return oktai_error_nomem();
    }
    oktai_orders orders;
    oktai_decoder d = {
        .reader = {.watch = watch}, .arena = oktai_root_arena(object), .report = report, .orders = &orders};
    oktai_orders_init(&orders);
    d.arena->limit = memory_limit;
    okta_error *error = decode_document(&d, type, body, object);
    if (error != NULL) {
        okta_free(object);
        return error;
    }
    *out = object;
    return NULL;
}

okta_error *oktai_engine_decode(const okta_descriptor *type, oktai_buffer *body, const oktai_watch *watch,
                                void **out, oktai_decode_report *report)
{
    return decode_within(type, body, out, watch, report, oktai_engine_memory_limit(body->length));
}

okta_error *oktai_engine_decode_more(const okta_descriptor *type, oktai_buffer *body,
                                     const oktai_watch *watch, void *root, void **out,
                                     oktai_decode_report *report)
{
    oktai_orders orders;
    oktai_decoder d = {
        .reader = {.watch = watch}, .arena = oktai_root_arena(root), .report = report, .orders = &orders};
    oktai_orders_init(&orders);
    d.arena->limit += d.arena->limit == 0 ? 0 : MEMORY_FACTOR * body->length;
    void *object = oktai_arena_zalloc(d.arena, type->size);
    if (object == NULL) {
        return d.arena->over_limit ? decode_failure(&d, type) : oktai_error_nomem();
    }
    okta_error *error = decode_document(&d, type, body, object);
    if (error == NULL) {
        *out = object;
    }
    return error;
}

okta_error *oktai_engine_decode_own(const okta_descriptor *type, oktai_buffer *body, void **out)
{
    return decode_within(type, body, out, NULL, NULL, 0);
}
