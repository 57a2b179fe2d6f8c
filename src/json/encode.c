/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/growing.h"
#include "okta/links.h"
#include "json/engine.h"
#include "json/number.h"
#include "json/others.h"
#include "json/reader.h"
#include "json/writer.h"

typedef struct encoder {
    oktai_buffer *out;
    okta_json_form form;
    unsigned depth;
    okta_error *error; /* the first; NULL while all is well */
} encoder;

static bool encode_object(encoder *e, const okta_descriptor *type, const void *object);
static bool encode_list(encoder *e, const okta_descriptor *type, const void *object);

static bool refuse(encoder *e, const char *name, const char *reason)
{
    if (e->error == NULL) {
        e->error = oktai_error_new(OKTA_E_ARG, "%s %s", name, reason);
    }
    return false;
}

static bool put(encoder *e, const char *text, size_t length)
{
    return oktai_buffer_append(e->out, text, length);
}

static bool put_text(encoder *e, const char *text)
{
    return put(e, text, strlen(text));
}

/* A string of the model; OKTA_NULL stands for null. */
static bool put_string(encoder *e, const char *name, const char *text)
{
    if (text == okta_null) {
        return put_text(e, "null");
    }
    return oktai_write_string(e->out, text, strlen(text)) || e->out->failed ||
           refuse(e, name, "is not UTF-8");
}

static bool enter(encoder *e, const char *name, char open)
{
    if (e->depth >= OKTAI_JSON_DEPTH_MAX) {
        return refuse(e, name, "is nested deeper than 64 levels");
    }
    e->depth++;
    return oktai_buffer_add_char(e->out, open);
}

static bool leave(encoder *e, char close)
{
    e->depth--;
    return oktai_buffer_add_char(e->out, close);
}

/* JSON text that came from elsewhere, with secrets hidden where that is asked for. It is a `type`, or, where
 * `row` is not NULL, what this row of the type holds. */
static bool put_source(encoder *e, const okta_descriptor *type, const oktai_row *row, const char *json,
                       size_t length)
{
    if (e->form != OKTA_JSON_REDACTED) {
        return put(e, json, length);
    }
    okta_error *error = row == NULL ? oktai_engine_redact(type, json, length, e->out)
                                    : oktai_engine_redact_value(type, row, json, length, e->out);
    e->error = e->error == NULL ? error : e->error;
    return error == NULL;
}

/* The same for text that a program may have made: it is checked. */
static bool put_json(encoder *e, const okta_descriptor *type, const oktai_row *row, const char *name,
                     const char *json)
{
    if (!oktai_reader_is_value(json, e->depth)) {
        return refuse(e, name, "is given as text that is not JSON");
    }
    return put_source(e, type, row, json, strlen(json));
}

/* The value of an extra. */
static bool put_member(encoder *e, const okta_descriptor *type, const oktai_row *row,
                       const okta_member *extra)
{
    return extra->json != NULL ? put_json(e, type, row, extra->name, extra->json)
                               : put_string(e, extra->name, extra->text);
}

static const void *load(const void *slot)
{
    const void *pointer;
    memcpy(&pointer, slot, sizeof pointer);
    return pointer;
}

static bool put_enum(encoder *e, const okta_descriptor *type, const oktai_row *row, const okta_model *model,
                     int value)
{
    const oktai_enum_texts *texts = row->of.texts;
    if (value >= 2 && (size_t)value - 2 < texts->count) {
        return put_string(e, row->name, texts->texts[value - 2]);
    }
    const okta_member *text = value == 1 ? oktai_extra_find(model, row->name) : NULL;
    if (text == NULL || (text->json == NULL && text->text == NULL)) {
        return refuse(e, row->name, "has an enum value without a text");
    }
    return put_member(e, type, row, text);
}

/* The text that is kept beside a double, when it is that number with more digits. */
static bool find_digits(const oktai_row *row, const okta_model *model, double value, okta_text *out)
{
    const okta_member *extra = oktai_extra_find(model, row->name);
    const char *json = extra == NULL || extra->json == NULL ? "" : extra->json;
    oktai_reader reader;
    double kept;
    oktai_reader_init(&reader, json, strlen(json));
    return oktai_reader_peek(&reader) == OKTAI_JSON_NUMBER && oktai_reader_skip(&reader, out) &&
           oktai_number_to_double(out->text, out->length, &kept) && kept == value;
}

static bool put_number(encoder *e, const oktai_row *row, const okta_model *model, const void *slot)
{
    char text[OKTAI_NUMBER_SIZE];
    okta_text digits;
    if (row->kind == OKTAI_KIND_INT) {
        return oktai_buffer_printf(e->out, "%lld", (long long)((const okta_opt_int *)slot)->value);
    }
    double value = ((const okta_opt_double *)slot)->value;
    if (!isfinite(value)) {
        return refuse(e, row->name, "is not a finite number");
    }
    if (find_digits(row, model, value, &digits)) {
        return put(e, digits.text, digits.length);
    }
    return put(e, text, oktai_number_from_double(value, text));
}

/* Without a text for an element that is OTHER nothing is sent: a guess would be another value. */
static bool open_others(encoder *e, const oktai_row *row, const okta_model *model, const int *values,
                        size_t count, oktai_others *others)
{
    size_t needed = 0;
    for (size_t i = 0; i < count; i++) {
        needed += values[i] == 1;
    }
    if (needed == 0 || oktai_others_open(others, row, model, e->depth - 1, needed)) {
        return true;
    }
    if (e->error == NULL && !others->no_memory) {
        e->error =
            others->count == 0
                ? oktai_error_new(OKTA_E_ARG, "%s has an enum value without a text", row->name)
                : oktai_error_new(OKTA_E_ARG,
                                  "%s has %zu elements that are ..._OTHER and texts for %zu, so that it "
                                  "is not known which ones they are: set the whole list with "
                                  "okta_set_extra()",
                                  row->name, needed, others->count);
    }
    return false;
}

static bool put_enums(encoder *e, const okta_descriptor *type, const oktai_row *row, const okta_model *model,
                      const int *values, size_t count)
{
    oktai_others others = {0};
    okta_text text;
    bool good = open_others(e, row, model, values, count, &others);
    for (size_t i = 0; good && i < count; i++) {
        good = i == 0 || oktai_buffer_add_char(e->out, ',');
        if (good && values[i] == 1) {
            good = oktai_others_next(&others, &text) && put_source(e, type, row, text.text, text.length);
        } else if (good) {
            good = put_enum(e, type, row, model, values[i]);
        }
    }
    oktai_others_close(&others);
    return good;
}

static bool put_element(encoder *e, const oktai_row *row, const void *item)
{
    if (item == NULL) {
        return refuse(e, row->name, "has an element that is NULL");
    }
    return row->kind == OKTAI_KIND_STRINGS ? put_string(e, row->name, item)
                                           : encode_object(e, row->of.object, item);
}

static bool put_items(encoder *e, const oktai_row *row, const char *items, size_t count)
{
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = (i == 0 || oktai_buffer_add_char(e->out, ',')) &&
               put_element(e, row, load(items + i * sizeof(void *)));
    }
    return good;
}

static bool put_array(encoder *e, const okta_descriptor *type, const oktai_row *row, const char *object)
{
    const okta_model *model = (const okta_model *)(const void *)object;
    const void *items = load(object + row->offset);
    size_t count;
    memcpy(&count, object + row->count_offset, sizeof count);
    return enter(e, row->name, '[') &&
           (row->kind == OKTAI_KIND_ENUMS ? put_enums(e, type, row, model, items, count)
                                          : put_items(e, row, items, count)) &&
           leave(e, ']');
}

/* `plain`: a row's name, which needs no escape. */
static bool put_name(encoder *e, const char *name, size_t plain, bool *first)
{
    bool good = *first || oktai_buffer_add_char(e->out, ',');
    *first = false;
    if (plain > 0) {
        good = good && oktai_buffer_add_char(e->out, '"') && put(e, name, plain) &&
               oktai_buffer_add_char(e->out, '"');
    } else {
        good = good && put_string(e, name, name);
    }
    return good && oktai_buffer_add_char(e->out, ':');
}

static bool hides(const encoder *e, bool secret)
{
    return secret && e->form == OKTA_JSON_REDACTED;
}

static bool put_entry(encoder *e, const okta_descriptor *type, const oktai_row *row, const char *name,
                      const void *value)
{
    if (row->kind == OKTAI_KIND_MAP_OBJECTS) {
        return value == NULL ? put_text(e, "null") : encode_object(e, row->of.object, value);
    }
    if (value == NULL) {
        return refuse(e, name, "has no value in a map of strings");
    }
    /* A map of strings is looked at as the model around it and as free-form JSON. */
    size_t length = strlen(name);
    return hides(e, oktai_is_secret_name(name, length) ||
                        oktai_is_secret(type, oktai_row_find(type, name, length), name, length))
               ? put_text(e, "\"***\"")
               : put_string(e, name, value);
}

static bool put_map(encoder *e, const okta_descriptor *type, const oktai_row *row, const char *object)
{
    const char *entries = load(object + row->offset);
    size_t count;
    bool first = true;
    memcpy(&count, object + row->count_offset, sizeof count);
    bool good = enter(e, row->name, '{');
    for (size_t i = 0; good && i < count; i++) {
        const char *entry = entries + i * sizeof(oktai_any_entry);
        const char *name = load(entry + offsetof(oktai_any_entry, name));
        if (name == NULL) {
            return refuse(e, row->name, "has an entry without a name");
        }
        good = put_name(e, name, 0, &first) &&
               put_entry(e, type, row, name, load(entry + offsetof(oktai_any_entry, value)));
    }
    return good && leave(e, '}');
}

bool oktai_row_is_set(const oktai_row *row, const okta_model *model)
{
    const char *slot = (const char *)model + row->offset;
    if (!oktai_growing_has(model, row->offset, oktai_row_size(row))) {
        return false;
    }
    int value;
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_BOOL:
        return ((const okta_opt_bool *)(const void *)slot)->has;
    case OKTAI_KIND_INT:
        return ((const okta_opt_int *)(const void *)slot)->has;
    case OKTAI_KIND_DOUBLE:
        return ((const okta_opt_double *)(const void *)slot)->has;
    case OKTAI_KIND_ENUM:
        memcpy(&value, slot, sizeof value);
        return value != 0;
    case OKTAI_KIND_STRING:
    case OKTAI_KIND_JSON:
    case OKTAI_KIND_OBJECT:
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        break;
    }
    return load(slot) != NULL;
}

/* Whether one of the rows of a name is set. */
static bool is_any_set(const oktai_row *row, const okta_model *model)
{
    while (row != NULL && !oktai_row_is_set(row, model)) {
        row = oktai_row_next(row);
    }
    return row != NULL;
}

static const char *kind_name(const oktai_row *row)
{
    static const char *const names[] = {
        [OKTAI_KIND_STRING] = "a string",
        [OKTAI_KIND_JSON] = "JSON text",
        [OKTAI_KIND_BOOL] = "a boolean",
        [OKTAI_KIND_INT] = "an integer",
        [OKTAI_KIND_DOUBLE] = "a number",
        [OKTAI_KIND_ENUM] = "an enum",
        [OKTAI_KIND_OBJECT] = "an object",
        [OKTAI_KIND_STRINGS] = "a list of strings",
        [OKTAI_KIND_ENUMS] = "a list of enums",
        [OKTAI_KIND_OBJECTS] = "a list of objects",
        [OKTAI_KIND_MAP_STRINGS] = "a map of strings",
        [OKTAI_KIND_MAP_OBJECTS] = "a map of objects",
    };
    return names[row->kind];
}

/* A name with several rows has several members, and the program sets one of them. */
static bool check_single(encoder *e, const oktai_row *row, const okta_model *model)
{
    for (const oktai_row *other = oktai_row_next(row); other != NULL; other = oktai_row_next(other)) {
        if (oktai_row_is_set(other, model)) {
            if (e->error == NULL) {
                e->error =
                    oktai_error_new(OKTA_E_ARG, "%s is set twice, as %s and as %s: clear one of the two",
                                    row->name, kind_name(row), kind_name(other));
            }
            return false;
        }
    }
    return true;
}

static bool put_value(encoder *e, const okta_descriptor *type, const oktai_row *row, const okta_model *model)
{
    const char *object = (const char *)model;
    const char *slot = object + row->offset;
    int value;
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
        return put_string(e, row->name, load(slot));
    case OKTAI_KIND_JSON:
        return put_json(e, type, row, row->name, load(slot));
    case OKTAI_KIND_BOOL:
        return put_text(e, ((const okta_opt_bool *)(const void *)slot)->value ? "true" : "false");
    case OKTAI_KIND_INT:
    case OKTAI_KIND_DOUBLE:
        return put_number(e, row, model, slot);
    case OKTAI_KIND_ENUM:
        memcpy(&value, slot, sizeof value);
        return put_enum(e, type, row, model, value);
    case OKTAI_KIND_OBJECT:
        return encode_object(e, row->of.object, load(slot));
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
        return put_array(e, type, row, object);
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        return put_map(e, type, row, object);
    }
    return false;
}

static bool encode_rows(encoder *e, const okta_descriptor *type, const okta_model *model, bool *first)
{
    for (size_t i = 0; i < type->row_count; i++) {
        const oktai_row *row = &type->rows[i];
        if (!oktai_row_is_set(row, model) ||
            (e->form == OKTA_JSON_REQUEST && (row->flags & OKTAI_ROW_READ_ONLY) != 0)) {
            continue;
        }
        bool good = check_single(e, row, model) && put_name(e, row->name, row->name_length, first);
        if (good) {
            good = hides(e, row->flags & OKTAI_ROW_SECRET) ? put_text(e, "\"***\"")
                                                           : put_value(e, type, row, model);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

/* Whether the program cleared a member of a decoded model whose value is kept beside it. What lies beyond the
 * struct of a program with older headers was not the program's to clear. */
static bool was_cleared(const oktai_row *row, const okta_model *model, const okta_member *extra)
{
    if (model->type == NULL || !oktai_extra_is_shown(extra, row)) {
        return false;
    }
    while (row != NULL && oktai_growing_has(model, row->offset, oktai_row_size(row))) {
        row = oktai_row_next(row);
    }
    return row == NULL;
}

/* Whether an extra is sent: a member that the struct has set comes first, a read-only one goes into no
 * request. */
static bool goes_out(const encoder *e, const oktai_row *row, const okta_model *model,
                     const okta_member *extra)
{
    return row == NULL || !(is_any_set(row, model) || was_cleared(row, model, extra) ||
                            (e->form == OKTA_JSON_REQUEST && (row->flags & OKTAI_ROW_READ_ONLY) != 0));
}

static bool put_extra(encoder *e, const okta_descriptor *type, const oktai_row *row, const okta_member *extra)
{
    if (hides(e, oktai_is_secret(type, row, extra->name, strlen(extra->name)))) {
        return put_text(e, "\"***\"");
    }
    return put_member(e, type, row, extra);
}

static bool encode_extras(encoder *e, const okta_descriptor *type, const okta_model *model, bool *first)
{
    for (size_t i = 0; model->extras != NULL && i < model->extra_count; i++) {
        const okta_member *extra = &model->extras[i];
        if (extra->name == NULL || (extra->json == NULL && extra->text == NULL)) {
            return refuse(e, "an extra", "has no name or no value");
        }
        const oktai_row *row = oktai_row_find(type, extra->name, strlen(extra->name));
        if (!goes_out(e, row, model, extra)) {
            continue;
        }
        if (row != NULL && oktai_extra_find(model, extra->name) != extra) {
            return refuse(e, extra->name, "stands twice among the extras");
        }
        if (!put_name(e, extra->name, 0, first) || !put_extra(e, type, row, extra)) {
            return false;
        }
    }
    return true;
}

static bool check_header(encoder *e, const okta_descriptor *type, const okta_model *model)
{
    const char *reason = oktai_growing_refuse(model, sizeof *model, type->size);
    return reason == NULL || refuse(e, type->schema, reason);
}

/* The text was checked where it came from; only its levels may be too many here. */
static bool put_blank(encoder *e, const okta_descriptor *type, const okta_model *model)
{
    oktai_reader reader;
    oktai_reader_init(&reader, model->source, model->source_length);
    reader.depth = e->depth;
    if (!oktai_reader_skip(&reader, NULL)) {
        return refuse(e, type->schema, reader.problem);
    }
    return put_source(e, type, NULL, model->source, model->source_length);
}

static bool encode_variant(encoder *e, const okta_descriptor *type, const oktai_any_variant *object)
{
    const oktai_variants *variants = type->variants;
    if (object->model.struct_size < sizeof *object) {
        return refuse(e, type->schema, "is shorter than its members");
    }
    const void *as = load(&object->as);
    if (object->kind >= 2 && (size_t)object->kind - 2 < variants->count && as != NULL) {
        return encode_object(e, variants->items[object->kind - 2].type, as);
    }
    if (object->kind == 1 && object->model.source != NULL) {
        return put_blank(e, type, &object->model);
    }
    return refuse(e, type->schema, "has a kind without a value");
}

static bool encode_link_entry(encoder *e, const okta_link_entry *entry, bool *first)
{
    if (entry->name == NULL) {
        return refuse(e, "an entry of links", "has no name");
    }
    bool is_array = entry->is_array || entry->count > 1;
    if ((entry->count == 0 && !is_array) || (entry->count > 0 && entry->links == NULL)) {
        return refuse(e, entry->name, "has no link");
    }
    bool good = put_name(e, entry->name, 0, first) && (!is_array || enter(e, entry->name, '['));
    for (size_t i = 0; good && i < entry->count; i++) {
        if (entry->links[i] == NULL) {
            return refuse(e, entry->name, "has an element that is NULL");
        }
        good = (i == 0 || oktai_buffer_add_char(e->out, ',')) &&
               encode_object(e, &oktai_link_model, entry->links[i]);
    }
    return good && (!is_array || leave(e, ']'));
}

static bool encode_links(encoder *e, const okta_descriptor *type, const okta_links *links, bool *first)
{
    if (links->model.struct_size < sizeof *links) {
        return refuse(e, type->schema, "is shorter than its members");
    }
    for (size_t i = 0; links->entries != NULL && i < links->entries_count; i++) {
        if (!encode_link_entry(e, &links->entries[i], first)) {
            return false;
        }
    }
    return true;
}

static bool encode_members(encoder *e, const okta_descriptor *type, const void *object, bool *first)
{
    return (type->flags & OKTAI_DESCRIPTOR_LINKS) != 0 ? encode_links(e, type, object, first)
                                                       : encode_rows(e, type, object, first);
}

static bool encode_object(encoder *e, const okta_descriptor *type, const void *object)
{
    const okta_model *model = object;
    bool first = true;
    if (!check_header(e, type, model)) {
        return false;
    }
    if (oktai_model_is_blank(model)) {
        return put_blank(e, type, model);
    }
    if (type->variants != NULL) {
        return encode_variant(e, type, object);
    }
    return enter(e, type->schema, '{') && encode_members(e, type, model, &first) &&
           encode_extras(e, type, model, &first) && leave(e, '}');
}

static bool encode_list(encoder *e, const okta_descriptor *type, const void *object)
{
    const oktai_row row = {.name = type->schema,
                           .kind = OKTAI_KIND_OBJECTS,
                           .offset = offsetof(oktai_any_list, items),
                           .count_offset = offsetof(oktai_any_list, count),
                           .of.object = type->item};
    if (!check_header(e, type, object)) {
        return false;
    }
    return oktai_row_is_set(&row, object) ? put_array(e, type, &row, object) : put_text(e, "[]");
}

okta_error *oktai_engine_encode(const okta_descriptor *type, const void *model, okta_json_form form,
                                oktai_buffer *out)
{
    const okta_model *header = model;
    encoder e = {.out = out, .form = form};
    /* What was decoded is about as long as it came. A program's own model has no length to go by. */
    if (header->struct_size >= sizeof *header && header->type != NULL &&
        !oktai_buffer_reserve(out, out->length + header->source_length)) {
        return oktai_error_nomem();
    }
    bool good = type->item != NULL ? encode_list(&e, type, model) : encode_object(&e, type, model);
    if (good || e.error != NULL) {
        return e.error;
    }
    return oktai_error_nomem();
}
