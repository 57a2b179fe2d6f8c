/* SPDX-License-Identifier: Apache-2.0 */
#include "json/ahead.h"

#include "json/engine.h"

/* The type of the first value inside the array or object ahead; OKTAI_JSON_INVALID: there is none. */
static oktai_json_type type_inside(const oktai_reader *reader, oktai_json_type json_type)
{
    oktai_reader ahead = *reader;
    okta_text name;
    bool filled = oktai_reader_enter(&ahead) &&
                  (json_type == OKTAI_JSON_ARRAY ? oktai_reader_element(&ahead, true)
                                                 : oktai_reader_member(&ahead, true, NULL, &name));
    return filled ? oktai_reader_peek(&ahead) : OKTAI_JSON_INVALID;
}

bool oktai_ahead_suits(const oktai_reader *reader, const oktai_row *row, oktai_json_type json_type)
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
    oktai_json_type inside = type_inside(reader, json_type);
    return inside == inner || inside == OKTAI_JSON_INVALID;
}

bool oktai_ahead_takes_all(const oktai_row *row, oktai_json_type json_type)
{
    return (row->kind == OKTAI_KIND_OBJECTS && json_type == OKTAI_JSON_ARRAY) ||
           (row->kind == OKTAI_KIND_MAP_OBJECTS && json_type == OKTAI_JSON_OBJECT);
}

bool oktai_ahead_is_link(oktai_reader *reader, bool *is_array)
{
    oktai_json_type json_type = oktai_reader_peek(reader);
    *is_array = json_type == OKTAI_JSON_ARRAY;
    if (!*is_array) {
        return json_type == OKTAI_JSON_OBJECT;
    }
    oktai_reader ahead = *reader;
    oktai_reader_enter(&ahead);
    for (bool first = true; oktai_reader_element(&ahead, first); first = false) {
        if (oktai_reader_peek(&ahead) != OKTAI_JSON_OBJECT || !oktai_reader_skip(&ahead, NULL)) {
            return false;
        }
    }
    return true;
}

int oktai_ahead_variant(const oktai_reader *reader, oktai_arena *arena, const oktai_variants *variants)
{
    oktai_reader ahead = *reader;
    okta_text name;
    okta_text value;
    bool first = true;
    for (oktai_reader_enter(&ahead); oktai_reader_member(&ahead, first, arena, &name); first = false) {
        if (!oktai_text_is(variants->discriminator, name)) {
            oktai_reader_skip(&ahead, NULL);
            continue;
        }
        bool string =
            oktai_reader_peek(&ahead) == OKTAI_JSON_STRING && oktai_reader_text(&ahead, arena, &value);
        for (size_t i = 0; string && i < variants->count; i++) {
            if (oktai_text_is(variants->items[i].value, value)) {
                return (int)i + 2;
            }
        }
        break;
    }
    return ahead.no_memory ? 0 : 1;
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
