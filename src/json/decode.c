/* SPDX-License-Identifier: Apache-2.0 */
#include "json/decode.h"

#include "okta/links.h"
#include "json/ahead.h"
#include "json/number.h"
#include "json/walk.h"

static oktai_fit decode_object(oktai_decoder *d, const okta_descriptor *type, void *object);
static oktai_fit decode_variant(oktai_decoder *d, const okta_descriptor *type, oktai_any_variant *object);
static oktai_fit decode_links(oktai_decoder *d, const okta_descriptor *type, okta_links *links);

oktai_fit oktai_decode_model(oktai_decoder *d, const okta_descriptor *type, void *object)
{
    if ((type->flags & OKTAI_DESCRIPTOR_LINKS) != 0) {
        return decode_links(d, type, object);
    }
    return type->variants != NULL ? decode_variant(d, type, object) : decode_object(d, type, object);
}

/* Values that hold no objects. */

static oktai_fit decode_string(oktai_decoder *d, const char **out)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_STRING) {
        return OKTAI_FIT_MISMATCH;
    }
    *out = oktai_reader_string(&d->reader, d->arena, NULL);
    return *out == NULL ? OKTAI_FIT_DEAD : OKTAI_FIT_GOOD;
}

/* An unknown text sets OTHER. */
static oktai_fit decode_enum(oktai_decoder *d, const oktai_enum_texts *texts, int *out)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_STRING) {
        return OKTAI_FIT_MISMATCH;
    }
    okta_text text;
    if (!oktai_reader_text(&d->reader, d->arena, &text)) {
        return OKTAI_FIT_DEAD;
    }
    *out = oktai_enum_value(texts, text.text, text.length);
    return *out == 1 ? OKTAI_FIT_PARTLY : OKTAI_FIT_GOOD;
}

static oktai_fit decode_bool(oktai_decoder *d, okta_opt_bool *out)
{
    oktai_json_type type = oktai_reader_peek(&d->reader);
    if (type != OKTAI_JSON_TRUE && type != OKTAI_JSON_FALSE) {
        return OKTAI_FIT_MISMATCH;
    }
    *out = okta_bool(type == OKTAI_JSON_TRUE);
    return oktai_reader_literal(&d->reader) ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

static oktai_fit decode_number(oktai_decoder *d, oktai_kind kind, void *slot)
{
    okta_text text;
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_NUMBER) {
        return OKTAI_FIT_MISMATCH;
    }
    if (!oktai_reader_skip(&d->reader, &text)) {
        return OKTAI_FIT_DEAD;
    }
    int64_t integer;
    double number;
    if (kind == OKTAI_KIND_INT && oktai_number_to_int(text.text, text.length, &integer)) {
        *(okta_opt_int *)slot = okta_int(integer);
        return OKTAI_FIT_GOOD;
    }
    if (kind == OKTAI_KIND_DOUBLE && oktai_number_to_double(text.text, text.length, &number)) {
        *(okta_opt_double *)slot = okta_double(number);
        return oktai_number_is_exact(text.text, text.length, number) ? OKTAI_FIT_GOOD : OKTAI_FIT_PARTLY;
    }
    return OKTAI_FIT_MISMATCH;
}

static oktai_fit decode_json(oktai_decoder *d, const char **out)
{
    okta_text text;
    if (oktai_reader_peek(&d->reader) == OKTAI_JSON_NULL) {
        return OKTAI_FIT_MISMATCH;
    }
    if (!oktai_reader_skip(&d->reader, &text)) {
        return OKTAI_FIT_DEAD;
    }
    *out = oktai_arena_copy(d->arena, text.text, text.length);
    return *out != NULL || oktai_decoder_no_memory(d) ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

static oktai_fit decode_strings(oktai_decoder *d, void *slot, size_t *count)
{
    oktai_vector strings = {0};
    if (!oktai_reader_enter(&d->reader)) {
        return OKTAI_FIT_DEAD;
    }
    for (bool first = true; oktai_reader_element(&d->reader, first); first = false) {
        const char **string = oktai_decoder_push(d, &strings, sizeof(char *));
        oktai_fit result = string == NULL ? OKTAI_FIT_DEAD : decode_string(d, string);
        if (result != OKTAI_FIT_GOOD) {
            return result;
        }
    }
    if (d->reader.problem != NULL) {
        return OKTAI_FIT_DEAD;
    }
    *count = strings.count;
    oktai_decoder_store(slot, oktai_decoder_finish_vector(d, &strings, sizeof(char *)));
    return d->reader.problem == NULL ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

/* Elements that are no known text are OTHER; the whole array is then kept beside the struct. */
static oktai_fit decode_enums(oktai_decoder *d, const oktai_enum_texts *texts, void *slot, size_t *count)
{
    oktai_vector values = {0};
    oktai_fit whole = OKTAI_FIT_GOOD;
    if (!oktai_reader_enter(&d->reader)) {
        return OKTAI_FIT_DEAD;
    }
    for (bool first = true; oktai_reader_element(&d->reader, first); first = false) {
        int *value = oktai_decoder_push(d, &values, sizeof(int));
        if (value == NULL) {
            return OKTAI_FIT_DEAD;
        }
        const oktai_place before = oktai_decoder_place(d);
        oktai_fit result = decode_enum(d, texts, value);
        if (result == OKTAI_FIT_PARTLY || result == OKTAI_FIT_MISMATCH) {
            *value = 1;
            whole = OKTAI_FIT_PARTLY;
            oktai_decoder_go_back(d, before);
            result = oktai_reader_skip(&d->reader, NULL) ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
        }
        if (result == OKTAI_FIT_DEAD) {
            return OKTAI_FIT_DEAD;
        }
    }
    if (d->reader.problem != NULL) {
        return OKTAI_FIT_DEAD;
    }
    *count = values.count;
    oktai_decoder_store(slot, oktai_decoder_finish_vector(d, &values, sizeof(int)));
    return d->reader.problem == NULL ? whole : OKTAI_FIT_DEAD;
}

/* Values that hold objects. */

static oktai_fit decode_new_object(oktai_decoder *d, const okta_descriptor *type, void *slot)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_OBJECT) {
        return OKTAI_FIT_MISMATCH;
    }
    void *object = oktai_arena_zalloc(d->arena, type->size);
    if (object == NULL) {
        oktai_decoder_no_memory(d);
        return OKTAI_FIT_DEAD;
    }
    oktai_fit result = oktai_decode_model(d, type, object);
    if (result == OKTAI_FIT_GOOD) {
        oktai_decoder_store(slot, object);
    }
    return result;
}

bool oktai_decode_element(oktai_decoder *d, const okta_descriptor *type, void *slot)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    const oktai_place before = oktai_decoder_place(d);
    if (json_type == OKTAI_JSON_INVALID) {
        return false;
    }
    oktai_fit result = decode_new_object(d, type, slot);
    if (result != OKTAI_FIT_MISMATCH) {
        return result == OKTAI_FIT_GOOD;
    }
    oktai_decoder_go_back(d, before);
    okta_text text;
    okta_model *blank = oktai_arena_zalloc(d->arena, type->size);
    if (blank == NULL) {
        return oktai_decoder_no_memory(d);
    }
    if (!oktai_reader_skip(&d->reader, &text)) {
        return false;
    }
    blank->struct_size = type->size;
    blank->source = text.text;
    blank->source_length = text.length;
    oktai_decoder_store(slot, blank);
    return true;
}

bool oktai_decode_elements(oktai_decoder *d, const okta_descriptor *type, void *slot, size_t *count)
{
    oktai_vector elements = {0};
    if (!oktai_reader_enter(&d->reader)) {
        return false;
    }
    for (bool first = true; oktai_reader_element(&d->reader, first); first = false) {
        void *element = oktai_decoder_push(d, &elements, sizeof(void *));
        if (element == NULL || !oktai_decode_element(d, type, element)) {
            return false;
        }
    }
    oktai_decoder_store(slot, oktai_decoder_finish_vector(d, &elements, sizeof(void *)));
    *count = elements.count;
    return d->reader.problem == NULL;
}

static oktai_fit decode_array(oktai_decoder *d, const oktai_row *row, void *slot, size_t *count)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_ARRAY) {
        return OKTAI_FIT_MISMATCH;
    }
    if (row->kind == OKTAI_KIND_STRINGS) {
        return decode_strings(d, slot, count);
    }
    if (row->kind == OKTAI_KIND_ENUMS) {
        return decode_enums(d, row->of.texts, slot, count);
    }
    return oktai_decode_elements(d, row->of.object, slot, count) ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

static oktai_fit decode_map_value(oktai_decoder *d, const oktai_row *row, void *slot)
{
    if (row->kind == OKTAI_KIND_MAP_OBJECTS) {
        return oktai_decode_element(d, row->of.object, slot) ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
    }
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_NULL) {
        return decode_string(d, slot);
    }
    *(const char **)slot = okta_null;
    return oktai_reader_literal(&d->reader) ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

/* An entry that stands twice is there twice, as in the extras. */
static oktai_fit decode_map(oktai_decoder *d, const oktai_row *row, void *slot, size_t *count)
{
    oktai_vector entries = {0};
    okta_text name;
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_OBJECT) {
        return OKTAI_FIT_MISMATCH;
    }
    if (!oktai_reader_enter(&d->reader)) {
        return OKTAI_FIT_DEAD;
    }
    for (bool first = true; oktai_reader_member(&d->reader, first, d->arena, &name); first = false) {
        char *entry = oktai_decoder_push(d, &entries, sizeof(oktai_any_entry));
        char *copy = entry == NULL ? NULL : oktai_arena_copy(d->arena, name.text, name.length);
        if (copy == NULL) {
            oktai_decoder_no_memory(d);
            return OKTAI_FIT_DEAD;
        }
        oktai_decoder_store(entry + offsetof(oktai_any_entry, name), copy);
        oktai_fit result = decode_map_value(d, row, entry + offsetof(oktai_any_entry, value));
        if (result != OKTAI_FIT_GOOD) {
            return result;
        }
    }
    if (d->reader.problem != NULL) {
        return OKTAI_FIT_DEAD;
    }
    *count = entries.count;
    oktai_decoder_store(slot, oktai_decoder_finish_vector(d, &entries, sizeof(oktai_any_entry)));
    return d->reader.problem == NULL ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

static oktai_fit decode_value(oktai_decoder *d, const oktai_row *row, char *object)
{
    void *slot = object + row->offset;
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
        return decode_string(d, slot);
    case OKTAI_KIND_JSON:
        return decode_json(d, slot);
    case OKTAI_KIND_BOOL:
        return decode_bool(d, slot);
    case OKTAI_KIND_INT:
    case OKTAI_KIND_DOUBLE:
        return decode_number(d, (oktai_kind)row->kind, slot);
    case OKTAI_KIND_ENUM:
        return decode_enum(d, row->of.texts, slot);
    case OKTAI_KIND_OBJECT:
        return decode_new_object(d, row->of.object, slot);
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
        return decode_array(d, row, slot, (size_t *)(void *)(object + row->count_offset));
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        return decode_map(d, row, slot, (size_t *)(void *)(object + row->count_offset));
    }
    return OKTAI_FIT_MISMATCH;
}

/* The same, where a member that came to the struct later is kept beside it as well: programs that have the
 * struct without it look for an extra. */
static oktai_fit decode_row(oktai_decoder *d, const oktai_row *row, char *object)
{
    oktai_fit result = decode_value(d, row, object);
    return result == OKTAI_FIT_GOOD && (row->flags & OKTAI_ROW_ADDED) != 0 ? OKTAI_FIT_PARTLY : result;
}

/* The value of a name that has several rows: the first that suits and takes it, else the first that takes
 * all. */
static oktai_fit decode_by_type(oktai_decoder *d, const oktai_row *row, char *object)
{
    const oktai_json_type json_type = oktai_reader_peek(&d->reader);
    const oktai_place before = oktai_decoder_place(d);
    for (const oktai_row *each = row; each != NULL; each = oktai_row_next(each)) {
        if (oktai_ahead_suits(&d->reader, each, json_type)) {
            oktai_fit result = decode_row(d, each, object);
            if (result != OKTAI_FIT_MISMATCH) {
                return result;
            }
            oktai_decoder_go_back(d, before);
        }
    }
    while (row != NULL && !oktai_ahead_takes_all(row, json_type)) {
        row = oktai_row_next(row);
    }
    return row == NULL ? OKTAI_FIT_MISMATCH : decode_row(d, row, object);
}

/* The value of a name whose first row this is. */
static oktai_fit decode_named(oktai_decoder *d, const oktai_row *row, char *object)
{
    return oktai_row_next(row) == NULL ? decode_row(d, row, object) : decode_by_type(d, row, object);
}

/* Objects. */

static bool decode_member(oktai_decoder *d, const oktai_row *row, okta_text name, char *object,
                          oktai_vector *extras)
{
    const oktai_place before = oktai_decoder_place(d);
    oktai_fit result = decode_named(d, row, object);
    if (result == OKTAI_FIT_GOOD || result == OKTAI_FIT_DEAD) {
        return result == OKTAI_FIT_GOOD;
    }
    if (d->reader.problem != NULL) {
        return false; /* no value is ahead: its place stays where the reader found that */
    }
    oktai_decoder_go_back(d, before);
    /* Null fits no member, and is none that the server should not send. */
    const bool surprise = result == OKTAI_FIT_MISMATCH && oktai_reader_peek(&d->reader) != OKTAI_JSON_NULL;
    okta_text text;
    if (!oktai_reader_skip(&d->reader, &text) ||
        !oktai_decoder_add_extra(d, extras, name, text, result == OKTAI_FIT_MISMATCH ? NULL : row)) {
        return false;
    }
    if (surprise && d->report != NULL && d->report->set_aside++ == 0) {
        d->report->first_name = row->name;
    }
    return true;
}

/* Whether this row came before in the same object; marks it. */
static bool is_repeated(uint64_t *seen, size_t index)
{
    uint64_t bit = UINT64_C(1) << (index % 64);
    bool repeated = (seen[index / 64] & bit) != 0;
    seen[index / 64] |= bit;
    return repeated;
}

/* OKTAI_FIT_MISMATCH: a member that must be unique stands twice. Of other repetitions the first counts. */
static oktai_fit decode_object(oktai_decoder *d, const okta_descriptor *type, void *object)
{
    uint64_t seen[OKTAI_ROWS_MAX / 64] = {0};
    oktai_vector extras = {0};
    const char *refused = NULL;
    oktai_walk walk = oktai_walk_begin(d->orders, type);
    oktai_named member;
    const char *start = d->reader.next;
    if (!oktai_reader_enter(&d->reader)) {
        return OKTAI_FIT_DEAD;
    }
    for (bool first = true; oktai_walk_next(&walk, &d->reader, first, d->arena, &member); first = false) {
        const oktai_row *row = member.row;
        const okta_text name = member.name;
        bool good;
        if (row == NULL) {
            okta_text value;
            good = oktai_reader_skip(&d->reader, &value) &&
                   oktai_decoder_add_extra(d, &extras, name, value, NULL);
        } else if (is_repeated(seen, (size_t)(row - type->rows))) {
            refused = refused == NULL && (row->flags & OKTAI_ROW_UNIQUE) != 0 ? row->name : refused;
            good = oktai_reader_skip(&d->reader, NULL);
        } else {
            good = decode_member(d, row, name, object, &extras);
        }
        if (!good) {
            return OKTAI_FIT_DEAD;
        }
    }
    if (d->reader.problem != NULL) {
        return OKTAI_FIT_DEAD;
    }
    if (!oktai_decoder_finish_model(d, object, type, &extras, start)) {
        return OKTAI_FIT_DEAD;
    }
    d->repeated = refused;
    return refused != NULL ? OKTAI_FIT_MISMATCH : OKTAI_FIT_GOOD;
}

/* A variant that the library does not know is OTHER, and has its text. */
static oktai_fit decode_variant(oktai_decoder *d, const okta_descriptor *type, oktai_any_variant *object)
{
    const char *start = d->reader.next;
    const oktai_vector none = {0};
    int kind = oktai_ahead_variant(&d->reader, d->arena, type->variants);
    if (kind == 0) {
        oktai_decoder_no_memory(d);
        return OKTAI_FIT_DEAD;
    }
    if (kind == 1) {
        oktai_reader_skip(&d->reader, NULL);
    } else {
        oktai_fit result = decode_new_object(d, type->variants->items[kind - 2].type, &object->as);
        if (result != OKTAI_FIT_GOOD) {
            return result;
        }
    }
    object->kind = kind;
    oktai_decoder_finish_model(d, &object->model, type, &none, start);
    return d->reader.problem == NULL ? OKTAI_FIT_GOOD : OKTAI_FIT_DEAD;
}

static bool decode_link_entry(oktai_decoder *d, okta_text name, bool is_array, oktai_vector *entries)
{
    okta_link_entry *entry = oktai_decoder_push(d, entries, sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    entry->is_array = is_array;
    entry->name = oktai_arena_copy(d->arena, name.text, name.length);
    if (entry->name == NULL) {
        return oktai_decoder_no_memory(d);
    }
    if (is_array) {
        return oktai_decode_elements(d, &oktai_link_model, &entry->links, &entry->count);
    }
    entry->count = 1;
    entry->links = oktai_arena_alloc(d->arena, sizeof *entry->links);
    return entry->links == NULL ? oktai_decoder_no_memory(d)
                                : oktai_decode_element(d, &oktai_link_model, entry->links);
}

static oktai_fit decode_links(oktai_decoder *d, const okta_descriptor *type, okta_links *links)
{
    oktai_vector entries = {0};
    oktai_vector extras = {0};
    okta_text name;
    okta_text value;
    bool is_array;
    const char *start = d->reader.next;
    if (!oktai_reader_enter(&d->reader)) {
        return OKTAI_FIT_DEAD;
    }
    for (bool first = true; oktai_reader_member(&d->reader, first, d->arena, &name); first = false) {
        if (oktai_ahead_is_link(&d->reader, &is_array)
                ? !decode_link_entry(d, name, is_array, &entries)
                : !oktai_reader_skip(&d->reader, &value) ||
                      !oktai_decoder_add_extra(d, &extras, name, value, NULL)) {
            return OKTAI_FIT_DEAD;
        }
    }
    if (d->reader.problem != NULL) {
        return OKTAI_FIT_DEAD;
    }
    links->entries = oktai_decoder_finish_vector(d, &entries, sizeof(okta_link_entry));
    links->entries_count = entries.count;
    return oktai_decoder_finish_model(d, &links->model, type, &extras, start) && links->entries != NULL
               ? OKTAI_FIT_GOOD
               : OKTAI_FIT_DEAD;
}

/* A member by itself. */

okta_error *oktai_engine_decode_member(const oktai_row *row, const char *json, oktai_arena *arena,
                                       void *object, oktai_member_fit *out)
{
    oktai_decoder d = {.arena = arena};
    oktai_reader_init(&d.reader, json, strlen(json));
    oktai_fit result = decode_named(&d, row, object);
    *out = result == OKTAI_FIT_GOOD     ? OKTAI_MEMBER_SHOWN
           : result == OKTAI_FIT_PARTLY ? OKTAI_MEMBER_SHOWN_PARTLY
                                        : OKTAI_MEMBER_NOT_SHOWN;
    return result == OKTAI_FIT_DEAD ? oktai_engine_damage(&d.reader) : NULL;
}
