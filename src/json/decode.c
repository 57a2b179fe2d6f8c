/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "okta/links.h"
#include "json/engine.h"
#include "json/number.h"
#include "json/reader.h"
#include "json/walk.h"

/* What a document may take beside its text: a hostile one of many empty elements would take a hundred times
 * as much. */
#define MEMORY_FACTOR 4u
#define MEMORY_FREE   ((size_t)64 * 1024 * 1024)

typedef struct decoder {
    oktai_reader reader;
    oktai_arena *arena;
    oktai_decode_report *report;
    const char *repeated; /* the row's name that had the latest object refused */
    oktai_orders *orders; /* NULL: of one member only */
} decoder;

/* How a value and its place in the struct got along. */
typedef enum fit {
    FIT_GOOD,
    FIT_PARTLY,   /* the struct shows it as far as it can, and its text is kept as well; like FIT_MISMATCH */
    FIT_MISMATCH, /* well-formed, but not what the struct takes; the reader may stand anywhere inside it */
    FIT_DEAD,     /* the reader died */
} fit;

/* A place in the text to go back to. */
typedef struct place {
    const char *next;
    unsigned depth;
} place;

static place place_of(const decoder *d)
{
    return (place){d->reader.next, d->reader.depth};
}

static void go_back(decoder *d, place before)
{
    d->reader.next = before.next;
    d->reader.depth = before.depth;
}

static fit decode_object(decoder *d, const okta_descriptor *type, void *object);
static fit decode_variant(decoder *d, const okta_descriptor *type, oktai_any_variant *object);
static fit decode_links(decoder *d, const okta_descriptor *type, okta_links *links);

/* The object ahead into a struct. */
static fit decode_model(decoder *d, const okta_descriptor *type, void *object)
{
    if ((type->flags & OKTAI_DESCRIPTOR_LINKS) != 0) {
        return decode_links(d, type, object);
    }
    return type->variants != NULL ? decode_variant(d, type, object) : decode_object(d, type, object);
}

static bool text_is(const char *text, okta_text span)
{
    return strlen(text) == span.length && memcmp(text, span.text, span.length) == 0;
}

/* Members of many pointer types are written by one engine: by memcpy, since no pointer type may alias all
 * others. */
static void store(void *slot, void *pointer)
{
    memcpy(slot, &pointer, sizeof pointer);
}

static bool no_memory(decoder *d)
{
    d->reader.no_memory = true;
    if (d->reader.problem == NULL) {
        d->reader.problem = "out of memory";
    }
    return false;
}

static void *push(decoder *d, oktai_vector *v, size_t size)
{
    void *element = oktai_arena_push(d->arena, v, size);
    if (element == NULL) {
        no_memory(d);
    }
    return element;
}

/* The data of an array that is present: non-NULL also when it is empty. */
static void *finish_vector(decoder *d, oktai_vector *v, size_t size)
{
    if (v->data == NULL) {
        v->data = oktai_arena_zalloc(d->arena, size);
        if (v->data == NULL) {
            no_memory(d);
        }
    }
    return v->data;
}

/* `shown` is the row whose member in the struct shows the value; NULL: none does. */
static bool add_extra(decoder *d, oktai_vector *extras, okta_text name, okta_text value,
                      const oktai_row *shown)
{
    okta_member *extra = push(d, extras, sizeof *extra);
    if (extra == NULL) {
        return false;
    }
    extra->name = shown != NULL ? shown->name : oktai_arena_copy(d->arena, name.text, name.length);
    extra->json = oktai_arena_copy(d->arena, value.text, value.length);
    if (extra->name == NULL || extra->json == NULL) {
        return no_memory(d);
    }
    oktai_reader string = {.next = value.text, .end = d->reader.end};
    if (*value.text == '"') {
        extra->text = oktai_reader_string(&string, d->arena, NULL);
    }
    return string.problem == NULL || no_memory(d);
}

static fit decode_string(decoder *d, const char **out)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_STRING) {
        return FIT_MISMATCH;
    }
    *out = oktai_reader_string(&d->reader, d->arena, NULL);
    return *out == NULL ? FIT_DEAD : FIT_GOOD;
}

/* An unknown text sets OTHER. */
static fit decode_enum(decoder *d, const oktai_enum_texts *texts, int *out)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_STRING) {
        return FIT_MISMATCH;
    }
    okta_text text;
    if (!oktai_reader_text(&d->reader, d->arena, &text)) {
        return FIT_DEAD;
    }
    *out = oktai_enum_value(texts, text.text, text.length);
    return *out == 1 ? FIT_PARTLY : FIT_GOOD;
}

static fit decode_bool(decoder *d, okta_opt_bool *out)
{
    oktai_json_type type = oktai_reader_peek(&d->reader);
    if (type != OKTAI_JSON_TRUE && type != OKTAI_JSON_FALSE) {
        return FIT_MISMATCH;
    }
    *out = okta_bool(type == OKTAI_JSON_TRUE);
    return oktai_reader_literal(&d->reader) ? FIT_GOOD : FIT_DEAD;
}

static fit decode_number(decoder *d, oktai_kind kind, void *slot)
{
    okta_text text;
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_NUMBER) {
        return FIT_MISMATCH;
    }
    if (!oktai_reader_skip(&d->reader, &text)) {
        return FIT_DEAD;
    }
    int64_t integer;
    double number;
    if (kind == OKTAI_KIND_INT && oktai_number_to_int(text.text, text.length, &integer)) {
        *(okta_opt_int *)slot = okta_int(integer);
        return FIT_GOOD;
    }
    if (kind == OKTAI_KIND_DOUBLE && oktai_number_to_double(text.text, text.length, &number)) {
        *(okta_opt_double *)slot = okta_double(number);
        return oktai_number_is_exact(text.text, text.length, number) ? FIT_GOOD : FIT_PARTLY;
    }
    return FIT_MISMATCH;
}

static fit decode_json(decoder *d, const char **out)
{
    okta_text text;
    if (oktai_reader_peek(&d->reader) == OKTAI_JSON_NULL) {
        return FIT_MISMATCH;
    }
    if (!oktai_reader_skip(&d->reader, &text)) {
        return FIT_DEAD;
    }
    *out = oktai_arena_copy(d->arena, text.text, text.length);
    return *out != NULL || no_memory(d) ? FIT_GOOD : FIT_DEAD;
}

static fit decode_new_object(decoder *d, const okta_descriptor *type, void *slot)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_OBJECT) {
        return FIT_MISMATCH;
    }
    void *object = oktai_arena_zalloc(d->arena, type->size);
    if (object == NULL) {
        no_memory(d);
        return FIT_DEAD;
    }
    fit result = decode_model(d, type, object);
    if (result == FIT_GOOD) {
        store(slot, object);
    }
    return result;
}

/* An element that is no object, or a refused one, becomes a model that holds nothing but its text. */
static bool decode_element(decoder *d, const okta_descriptor *type, void *slot)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    const place before = place_of(d);
    if (json_type == OKTAI_JSON_INVALID) {
        return false;
    }
    fit result = decode_new_object(d, type, slot);
    if (result != FIT_MISMATCH) {
        return result == FIT_GOOD;
    }
    go_back(d, before);
    okta_text text;
    okta_model *blank = oktai_arena_zalloc(d->arena, type->size);
    if (blank == NULL) {
        return no_memory(d);
    }
    if (!oktai_reader_skip(&d->reader, &text)) {
        return false;
    }
    blank->struct_size = type->size;
    blank->source = text.text;
    blank->source_length = text.length;
    store(slot, blank);
    return true;
}

static bool decode_elements(decoder *d, const okta_descriptor *type, void *slot, size_t *count)
{
    oktai_vector elements = {0};
    if (!oktai_reader_enter(&d->reader)) {
        return false;
    }
    for (bool first = true; oktai_reader_element(&d->reader, first); first = false) {
        void *element = push(d, &elements, sizeof(void *));
        if (element == NULL || !decode_element(d, type, element)) {
            return false;
        }
    }
    store(slot, finish_vector(d, &elements, sizeof(void *)));
    *count = elements.count;
    return d->reader.problem == NULL;
}

static fit decode_strings(decoder *d, void *slot, size_t *count)
{
    oktai_vector strings = {0};
    if (!oktai_reader_enter(&d->reader)) {
        return FIT_DEAD;
    }
    for (bool first = true; oktai_reader_element(&d->reader, first); first = false) {
        const char **string = push(d, &strings, sizeof(char *));
        fit result = string == NULL ? FIT_DEAD : decode_string(d, string);
        if (result != FIT_GOOD) {
            return result;
        }
    }
    if (d->reader.problem != NULL) {
        return FIT_DEAD;
    }
    *count = strings.count;
    store(slot, finish_vector(d, &strings, sizeof(char *)));
    return d->reader.problem == NULL ? FIT_GOOD : FIT_DEAD;
}

/* Elements that are no known text are OTHER; the whole array is then kept beside the struct. */
static fit decode_enums(decoder *d, const oktai_enum_texts *texts, void *slot, size_t *count)
{
    oktai_vector values = {0};
    fit whole = FIT_GOOD;
    if (!oktai_reader_enter(&d->reader)) {
        return FIT_DEAD;
    }
    for (bool first = true; oktai_reader_element(&d->reader, first); first = false) {
        int *value = push(d, &values, sizeof(int));
        if (value == NULL) {
            return FIT_DEAD;
        }
        const place before = place_of(d);
        fit result = decode_enum(d, texts, value);
        if (result == FIT_PARTLY || result == FIT_MISMATCH) {
            *value = 1;
            whole = FIT_PARTLY;
            go_back(d, before);
            result = oktai_reader_skip(&d->reader, NULL) ? FIT_GOOD : FIT_DEAD;
        }
        if (result == FIT_DEAD) {
            return FIT_DEAD;
        }
    }
    if (d->reader.problem != NULL) {
        return FIT_DEAD;
    }
    *count = values.count;
    store(slot, finish_vector(d, &values, sizeof(int)));
    return d->reader.problem == NULL ? whole : FIT_DEAD;
}

static fit decode_array(decoder *d, const oktai_row *row, void *slot, size_t *count)
{
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_ARRAY) {
        return FIT_MISMATCH;
    }
    if (row->kind == OKTAI_KIND_STRINGS) {
        return decode_strings(d, slot, count);
    }
    if (row->kind == OKTAI_KIND_ENUMS) {
        return decode_enums(d, row->of.texts, slot, count);
    }
    return decode_elements(d, row->of.object, slot, count) ? FIT_GOOD : FIT_DEAD;
}

static fit decode_map_value(decoder *d, const oktai_row *row, void *slot)
{
    if (row->kind == OKTAI_KIND_MAP_OBJECTS) {
        return decode_element(d, row->of.object, slot) ? FIT_GOOD : FIT_DEAD;
    }
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_NULL) {
        return decode_string(d, slot);
    }
    *(const char **)slot = okta_null;
    return oktai_reader_literal(&d->reader) ? FIT_GOOD : FIT_DEAD;
}

/* An entry that stands twice is there twice, as in the extras. */
static fit decode_map(decoder *d, const oktai_row *row, void *slot, size_t *count)
{
    oktai_vector entries = {0};
    okta_text name;
    if (oktai_reader_peek(&d->reader) != OKTAI_JSON_OBJECT) {
        return FIT_MISMATCH;
    }
    if (!oktai_reader_enter(&d->reader)) {
        return FIT_DEAD;
    }
    for (bool first = true; oktai_reader_member(&d->reader, first, d->arena, &name); first = false) {
        char *entry = push(d, &entries, sizeof(oktai_any_entry));
        char *copy = entry == NULL ? NULL : oktai_arena_copy(d->arena, name.text, name.length);
        if (copy == NULL) {
            no_memory(d);
            return FIT_DEAD;
        }
        store(entry + offsetof(oktai_any_entry, name), copy);
        fit result = decode_map_value(d, row, entry + offsetof(oktai_any_entry, value));
        if (result != FIT_GOOD) {
            return result;
        }
    }
    if (d->reader.problem != NULL) {
        return FIT_DEAD;
    }
    *count = entries.count;
    store(slot, finish_vector(d, &entries, sizeof(oktai_any_entry)));
    return d->reader.problem == NULL ? FIT_GOOD : FIT_DEAD;
}

static fit decode_value(decoder *d, const oktai_row *row, char *object)
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
    return FIT_MISMATCH;
}

/* The same, where a member that came to the struct later is kept beside it as well: programs that have the
 * struct without it look for an extra. */
static fit decode_row(decoder *d, const oktai_row *row, char *object)
{
    fit result = decode_value(d, row, object);
    return result == FIT_GOOD && (row->flags & OKTAI_ROW_ADDED) != 0 ? FIT_PARTLY : result;
}

/* The type of the first value inside the array or object ahead; OKTAI_JSON_INVALID: there is none. */
static oktai_json_type type_inside(const decoder *d, oktai_json_type json_type)
{
    oktai_reader ahead = d->reader;
    okta_text name;
    bool filled = oktai_reader_enter(&ahead) &&
                  (json_type == OKTAI_JSON_ARRAY ? oktai_reader_element(&ahead, true)
                                                 : oktai_reader_member(&ahead, true, NULL, &name));
    return filled ? oktai_reader_peek(&ahead) : OKTAI_JSON_INVALID;
}

/* Whether a row takes a value like the one ahead. What is empty suits every row of its type. */
static bool suits(const decoder *d, const oktai_row *row, oktai_json_type json_type)
{
    oktai_json_type inner = OKTAI_JSON_STRING;
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
    case OKTAI_KIND_ENUM:
        return json_type == OKTAI_JSON_STRING;
    case OKTAI_KIND_JSON:
        return json_type != OKTAI_JSON_NULL;
    case OKTAI_KIND_BOOL:
        return json_type == OKTAI_JSON_TRUE || json_type == OKTAI_JSON_FALSE;
    case OKTAI_KIND_INT:
    case OKTAI_KIND_DOUBLE:
        return json_type == OKTAI_JSON_NUMBER;
    case OKTAI_KIND_OBJECT:
        return json_type == OKTAI_JSON_OBJECT;
    case OKTAI_KIND_OBJECTS:
    case OKTAI_KIND_MAP_OBJECTS:
        inner = OKTAI_JSON_OBJECT;
        break;
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_MAP_STRINGS:
        break;
    }
    bool map = row->kind == OKTAI_KIND_MAP_STRINGS || row->kind == OKTAI_KIND_MAP_OBJECTS;
    if (json_type != (map ? OKTAI_JSON_OBJECT : OKTAI_JSON_ARRAY)) {
        return false;
    }
    oktai_json_type inside = type_inside(d, json_type);
    return inside == inner || inside == OKTAI_JSON_INVALID;
}

/* Whether a row takes every value of the JSON type, since an element that is no object shows by its text. */
static bool takes_all(const oktai_row *row, oktai_json_type json_type)
{
    return (row->kind == OKTAI_KIND_OBJECTS && json_type == OKTAI_JSON_ARRAY) ||
           (row->kind == OKTAI_KIND_MAP_OBJECTS && json_type == OKTAI_JSON_OBJECT);
}

/* The value of a name that has several rows: the first that suits and takes it, else the first that takes
 * all. */
static fit decode_by_type(decoder *d, const oktai_row *row, char *object)
{
    const oktai_json_type json_type = oktai_reader_peek(&d->reader);
    const place before = place_of(d);
    for (const oktai_row *each = row; each != NULL; each = oktai_row_next(each)) {
        if (suits(d, each, json_type)) {
            fit result = decode_row(d, each, object);
            if (result != FIT_MISMATCH) {
                return result;
            }
            go_back(d, before);
        }
    }
    while (row != NULL && !takes_all(row, json_type)) {
        row = oktai_row_next(row);
    }
    return row == NULL ? FIT_MISMATCH : decode_row(d, row, object);
}

/* The value of a name whose first row this is. */
static fit decode_named(decoder *d, const oktai_row *row, char *object)
{
    return oktai_row_next(row) == NULL ? decode_row(d, row, object) : decode_by_type(d, row, object);
}

static bool decode_member(decoder *d, const oktai_row *row, okta_text name, char *object,
                          oktai_vector *extras)
{
    const place before = place_of(d);
    fit result = decode_named(d, row, object);
    if (result == FIT_GOOD || result == FIT_DEAD) {
        return result == FIT_GOOD;
    }
    if (d->reader.problem != NULL) {
        return false; /* no value is ahead: its place stays where the reader found that */
    }
    go_back(d, before);
    /* Null fits no member, and is none that the server should not send. */
    const bool surprise = result == FIT_MISMATCH && oktai_reader_peek(&d->reader) != OKTAI_JSON_NULL;
    okta_text text;
    if (!oktai_reader_skip(&d->reader, &text) ||
        !add_extra(d, extras, name, text, result == FIT_MISMATCH ? NULL : row)) {
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

static bool finish_model(decoder *d, okta_model *model, const okta_descriptor *type,
                         const oktai_vector *extras, const char *start)
{
    model->struct_size = type->size;
    model->type = type;
    model->extras = extras->data;
    model->extra_count = extras->count;
    model->source = start;
    model->source_length = (size_t)(d->reader.next - start);
    return oktai_extras_sort(d->arena, model) || no_memory(d);
}

/* FIT_MISMATCH: a member that must be unique stands twice. Of other repetitions the first counts. */
static fit decode_object(decoder *d, const okta_descriptor *type, void *object)
{
    uint64_t seen[OKTAI_ROWS_MAX / 64] = {0};
    oktai_vector extras = {0};
    const char *refused = NULL;
    oktai_walk walk = oktai_walk_begin(d->orders, type);
    oktai_named member;
    const char *start = d->reader.next;
    if (!oktai_reader_enter(&d->reader)) {
        return FIT_DEAD;
    }
    for (bool first = true; oktai_walk_next(&walk, &d->reader, first, d->arena, &member); first = false) {
        const oktai_row *row = member.row;
        const okta_text name = member.name;
        bool good;
        if (row == NULL) {
            okta_text value;
            good = oktai_reader_skip(&d->reader, &value) && add_extra(d, &extras, name, value, NULL);
        } else if (is_repeated(seen, (size_t)(row - type->rows))) {
            refused = refused == NULL && (row->flags & OKTAI_ROW_UNIQUE) != 0 ? row->name : refused;
            good = oktai_reader_skip(&d->reader, NULL);
        } else {
            good = decode_member(d, row, name, object, &extras);
        }
        if (!good) {
            return FIT_DEAD;
        }
    }
    if (d->reader.problem != NULL) {
        return FIT_DEAD;
    }
    if (!finish_model(d, object, type, &extras, start)) {
        return FIT_DEAD;
    }
    d->repeated = refused;
    return refused != NULL ? FIT_MISMATCH : FIT_GOOD;
}

/* Whether the value ahead is a link, or an array of nothing else; `*is_array` tells which. */
static bool is_link(decoder *d, bool *is_array)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    *is_array = json_type == OKTAI_JSON_ARRAY;
    if (!*is_array) {
        return json_type == OKTAI_JSON_OBJECT;
    }
    oktai_reader ahead = d->reader;
    oktai_reader_enter(&ahead);
    for (bool first = true; oktai_reader_element(&ahead, first); first = false) {
        if (oktai_reader_peek(&ahead) != OKTAI_JSON_OBJECT || !oktai_reader_skip(&ahead, NULL)) {
            return false;
        }
    }
    return true;
}

static bool decode_link_entry(decoder *d, okta_text name, bool is_array, oktai_vector *entries)
{
    okta_link_entry *entry = push(d, entries, sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    entry->is_array = is_array;
    entry->name = oktai_arena_copy(d->arena, name.text, name.length);
    if (entry->name == NULL) {
        return no_memory(d);
    }
    if (is_array) {
        return decode_elements(d, &oktai_link_model, &entry->links, &entry->count);
    }
    entry->count = 1;
    entry->links = oktai_arena_alloc(d->arena, sizeof *entry->links);
    return entry->links == NULL ? no_memory(d) : decode_element(d, &oktai_link_model, entry->links);
}

static fit decode_links(decoder *d, const okta_descriptor *type, okta_links *links)
{
    oktai_vector entries = {0};
    oktai_vector extras = {0};
    okta_text name;
    okta_text value;
    bool is_array;
    const char *start = d->reader.next;
    if (!oktai_reader_enter(&d->reader)) {
        return FIT_DEAD;
    }
    for (bool first = true; oktai_reader_member(&d->reader, first, d->arena, &name); first = false) {
        if (is_link(d, &is_array)
                ? !decode_link_entry(d, name, is_array, &entries)
                : !oktai_reader_skip(&d->reader, &value) || !add_extra(d, &extras, name, value, NULL)) {
            return FIT_DEAD;
        }
    }
    if (d->reader.problem != NULL) {
        return FIT_DEAD;
    }
    links->entries = finish_vector(d, &entries, sizeof(okta_link_entry));
    links->entries_count = entries.count;
    return finish_model(d, &links->model, type, &extras, start) && links->entries != NULL ? FIT_GOOD
                                                                                          : FIT_DEAD;
}

/* Which variant the object ahead is; nothing is consumed. 1: none that the library knows. 0: no memory. */
static int find_variant(decoder *d, const oktai_variants *variants)
{
    oktai_reader ahead = d->reader;
    okta_text name;
    okta_text value;
    bool first = true;
    for (oktai_reader_enter(&ahead); oktai_reader_member(&ahead, first, d->arena, &name); first = false) {
        if (!text_is(variants->discriminator, name)) {
            oktai_reader_skip(&ahead, NULL);
            continue;
        }
        bool string =
            oktai_reader_peek(&ahead) == OKTAI_JSON_STRING && oktai_reader_text(&ahead, d->arena, &value);
        for (size_t i = 0; string && i < variants->count; i++) {
            if (text_is(variants->items[i].value, value)) {
                return (int)i + 2;
            }
        }
        break;
    }
    return ahead.no_memory ? no_memory(d) : 1;
}

/* A variant that the library does not know is OTHER, and has its text. */
static fit decode_variant(decoder *d, const okta_descriptor *type, oktai_any_variant *object)
{
    const char *start = d->reader.next;
    const oktai_vector none = {0};
    int kind = find_variant(d, type->variants);
    if (kind == 0) {
        return FIT_DEAD;
    }
    if (kind == 1) {
        oktai_reader_skip(&d->reader, NULL);
    } else {
        fit result = decode_new_object(d, type->variants->items[kind - 2].type, &object->as);
        if (result != FIT_GOOD) {
            return result;
        }
    }
    object->kind = kind;
    finish_model(d, &object->model, type, &none, start);
    return d->reader.problem == NULL ? FIT_GOOD : FIT_DEAD;
}

static bool is_wrapper(const okta_descriptor *type, okta_text name)
{
    for (const char *const *w = type->wrappers; w != NULL && *w != NULL; w++) {
        if (text_is(*w, name)) {
            return true;
        }
    }
    return false;
}

static bool leads_on(decoder *d, const okta_descriptor *type, okta_text name, bool found)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    return !found && (json_type == OKTAI_JSON_ARRAY || json_type == OKTAI_JSON_OBJECT) &&
           is_wrapper(type, name);
}

/* Looks for the array in `{"jwks":{"keys":[...]}}` and the like; what stands beside it is kept. */
static bool decode_wrapped(decoder *d, const okta_descriptor *type, oktai_any_list *list,
                           oktai_vector *extras, bool *found)
{
    oktai_json_type json_type = oktai_reader_peek(&d->reader);
    if (json_type == OKTAI_JSON_ARRAY) {
        *found = true;
        return decode_elements(d, type->item, &list->items, &list->count);
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
        if (leads_on(d, type, name, *found)
                ? !decode_wrapped(d, type, list, extras, found)
                : !oktai_reader_skip(&d->reader, &value) || !add_extra(d, extras, name, value, NULL)) {
            return false;
        }
    }
    return d->reader.problem == NULL;
}

bool oktai_engine_has_member(const okta_descriptor *type, oktai_reader *reader, oktai_arena *arena)
{
    oktai_reader ahead = *reader;
    okta_text name;
    bool first = true;
    for (oktai_reader_enter(&ahead); oktai_reader_member(&ahead, first, arena, &name); first = false) {
        /* Links stand beside the array of a page, too. */
        if (name.length > 0 && name.text[0] != '_' && oktai_row_find(type, name.text, name.length) != NULL) {
            return true;
        }
        oktai_reader_skip(&ahead, NULL);
    }
    reader->no_memory = reader->no_memory || ahead.no_memory;
    return false;
}

bool oktai_engine_is_element(const okta_descriptor *type, oktai_reader *reader, oktai_arena *arena)
{
    return type->item != NULL && type->wrappers == NULL && oktai_reader_peek(reader) == OKTAI_JSON_OBJECT &&
           oktai_engine_has_member(type->item, reader, arena);
}

/* The object ahead as the only element. */
static bool decode_single(decoder *d, const okta_descriptor *type, oktai_any_list *list)
{
    oktai_vector elements = {0};
    void *element = push(d, &elements, sizeof(void *));
    if (element == NULL || !decode_element(d, type->item, element)) {
        return false;
    }
    list->items = elements.data;
    list->count = 1;
    return true;
}

static fit decode_list(decoder *d, const okta_descriptor *type, oktai_any_list *list)
{
    oktai_vector extras = {0};
    bool found = false;
    oktai_reader_peek(&d->reader); /* passes over white space */
    const char *start = d->reader.next;
    if (oktai_engine_is_element(type, &d->reader, d->arena)) {
        found = true;
        if (!decode_single(d, type, list)) {
            return FIT_DEAD;
        }
    } else if (!decode_wrapped(d, type, list, &extras, &found)) {
        return FIT_DEAD;
    }
    if (!finish_model(d, &list->model, type, &extras, start)) {
        return FIT_DEAD;
    }
    return found ? FIT_GOOD : FIT_MISMATCH;
}

okta_error *oktai_engine_damage(const oktai_reader *reader)
{
    if (reader->no_memory) {
        return oktai_error_nomem();
    }
    if (reader->ended != OKTA_OK) {
        return oktai_error_new(reader->ended, "the JSON: %s", reader->problem);
    }
    return oktai_error_new(OKTA_E_PROTOCOL, "the JSON is not valid: %s at byte %zu", reader->problem,
                           (size_t)(reader->next - reader->start));
}

okta_error *oktai_engine_damage_within(const oktai_reader *reader, const oktai_arena *arena)
{
    return arena->over_limit
               ? oktai_error_new(OKTA_E_PROTOCOL, "the JSON takes far more memory than its length")
               : oktai_engine_damage(reader);
}

static okta_error *decode_failure(const decoder *d, const okta_descriptor *type)
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
static okta_error *decode_document(decoder *d, const okta_descriptor *type, oktai_buffer *body, void *object)
{
    if (!oktai_buffer_reserve(body, body->length)) {
        return oktai_error_nomem();
    }
    const oktai_watch *watch = d->reader.watch;
    oktai_reader_init(&d->reader, body->data, body->length);
    d->reader.watch = watch;
    fit result = FIT_MISMATCH;
    bool array = oktai_reader_peek(&d->reader) == OKTAI_JSON_ARRAY;
    if (type->item != NULL) {
        result = decode_list(d, type, object);
    } else if (oktai_reader_peek(&d->reader) == OKTAI_JSON_OBJECT) {
        result = decode_model(d, type, object);
    } else {
        oktai_reader_skip(&d->reader, NULL);
    }
    if (oktai_reader_finish(&d->reader) && array && type->item == NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the JSON is an array, not an object: it is no %s",
                               type->schema);
    }
    if (d->reader.problem != NULL || result != FIT_GOOD) {
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
    decoder d = {
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
    decoder d = {
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

okta_error *oktai_engine_decode_member(const oktai_row *row, const char *json, oktai_arena *arena,
                                       void *object, oktai_member_fit *out)
{
    decoder d = {.arena = arena};
    oktai_reader_init(&d.reader, json, strlen(json));
    fit result = decode_named(&d, row, object);
    *out = result == FIT_GOOD     ? OKTAI_MEMBER_SHOWN
           : result == FIT_PARTLY ? OKTAI_MEMBER_SHOWN_PARTLY
                                  : OKTAI_MEMBER_NOT_SHOWN;
    return result == FIT_DEAD ? oktai_engine_damage(&d.reader) : NULL;
}

okta_error *oktai_engine_check(const char *json, size_t length, const oktai_watch *watch)
{
    oktai_reader reader;
    oktai_reader_init(&reader, json, length);
    reader.watch = watch;
    bool good = oktai_reader_skip(&reader, NULL) && oktai_reader_finish(&reader);
    return good ? NULL : oktai_engine_damage(&reader);
}
