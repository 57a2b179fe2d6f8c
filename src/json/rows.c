/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a row by its JSON name. */
#include <string.h>

#include "json/descriptor.h"

static bool is_before(const oktai_row *row, const char *name, size_t length)
{
    size_t common = row->name_length < length ? row->name_length : length;
    int order = memcmp(row->name, name, common);
    return order < 0 || (order == 0 && row->name_length < length);
}

static const oktai_row *find_one_by_one(const okta_descriptor *type, const char *name, size_t length)
{
    for (size_t i = 0; i < type->row_count; i++) {
        if (oktai_row_is(&type->rows[i], name, length)) {
            return &type->rows[i];
        }
    }
    return NULL;
}

const oktai_row *oktai_row_find(const okta_descriptor *type, const char *name, size_t length)
{
    if (type->by_name == NULL) {
        return find_one_by_one(type, name, length);
    }
    size_t low = 0;
    size_t high = type->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(&type->rows[type->by_name[middle]], name, length)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const oktai_row *found = low < type->row_count ? &type->rows[type->by_name[low]] : NULL;
    return found != NULL && oktai_row_is(found, name, length) ? found : NULL;
}

const oktai_row *oktai_row_of_kind(const okta_descriptor *type, const char *name, oktai_kind kind)
{
    const oktai_row *row = oktai_row_find(type, name, strlen(name));
    while (row != NULL && row->kind != kind) {
        row = oktai_row_next(row);
    }
    return row;
}

bool oktai_row_is_added(const oktai_row *row)
{
    while (row != NULL && (row->flags & OKTAI_ROW_ADDED) == 0) {
        row = oktai_row_next(row);
    }
    return row != NULL;
}

size_t oktai_row_size(const oktai_row *row)
{
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
    case OKTAI_KIND_JSON:
    case OKTAI_KIND_OBJECT:
        return sizeof(void *);
    case OKTAI_KIND_BOOL:
        return sizeof(okta_opt_bool);
    case OKTAI_KIND_INT:
        return sizeof(okta_opt_int);
    case OKTAI_KIND_DOUBLE:
        return sizeof(okta_opt_double);
    case OKTAI_KIND_ENUM:
        return sizeof(int);
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        break;
    }
    return row->count_offset - (size_t)row->offset + sizeof(size_t);
}

int oktai_enum_value(const oktai_enum_texts *texts, const char *text, size_t length)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strlen(texts->texts[i]) == length && memcmp(texts->texts[i], text, length) == 0) {
            return (int)i + 2;
        }
    }
    return 1;
}

const char *oktai_row_text(const okta_descriptor *type, const void *model, const char *name)
{
    const oktai_row *row = oktai_row_of_kind(type, name, OKTAI_KIND_STRING);
    const char *text = NULL;
    if (row != NULL) {
        memcpy(&text, (const char *)model + row->offset, sizeof text);
    }
    return text;
}
