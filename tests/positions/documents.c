/* SPDX-License-Identifier: Apache-2.0 */
#include "positions/documents.h"

#include <string.h>

static void write_object(oktai_buffer *out, const okta_descriptor *type, const document_plan *plan,
                         bool outermost);

bool is_first_of_name(const okta_descriptor *type, const oktai_row *row)
{
    return row == type->rows || (row[-1].flags & OKTAI_ROW_MORE) == 0;
}

size_t rows_of_name(const oktai_row *row)
{
    size_t count = 1;
    for (; (row->flags & OKTAI_ROW_MORE) != 0; row++) {
        count++;
    }
    return count;
}

/* An object one level down. */
static void write_inner(oktai_buffer *out, const okta_descriptor *type, const document_plan *plan)
{
    document_plan inner = *plan;
    if (plan->depth == 0) {
        oktai_buffer_add_text(out, "{}");
        return;
    }
    inner.depth--;
    write_object(out, type, &inner, false);
}

/* An enum without a text has no value that is known: then the document has a newer one. */
static const char *text_of(const oktai_enum_texts *texts, size_t index)
{
    return texts->count == 0 ? "newer" : texts->texts[index % texts->count];
}

static void write_good(oktai_buffer *out, const oktai_row *row, const document_plan *plan)
{
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
        oktai_buffer_printf(out, plan->plain ? "\"%.8s\"" : "\"%.40s \\u00fc\"", row->name);
        break;
    case OKTAI_KIND_JSON:
        oktai_buffer_add_text(out, "{\"free\":[1,\"a\",null]}");
        break;
    case OKTAI_KIND_BOOL:
        oktai_buffer_add_text(out, row->name_length % 2 == 0 ? "true" : "false");
        break;
    case OKTAI_KIND_INT:
        oktai_buffer_printf(out, "%d", (int)row->offset);
        break;
    case OKTAI_KIND_DOUBLE:
        oktai_buffer_printf(out, "%d.25", (int)row->offset);
        break;
    case OKTAI_KIND_ENUM:
        oktai_buffer_printf(out, "\"%s\"", text_of(row->of.texts, row->offset));
        break;
    case OKTAI_KIND_OBJECT:
        write_inner(out, row->of.object, plan);
        break;
    case OKTAI_KIND_STRINGS:
        oktai_buffer_add_text(out, plan->plain ? "[\"a\",\"b\"]" : "[\"a\",\"\",\"\\u00fc\"]");
        break;
    case OKTAI_KIND_ENUMS:
        oktai_buffer_printf(out, "[\"%s\",\"%s\"]", text_of(row->of.texts, 0), text_of(row->of.texts, 1));
        break;
    case OKTAI_KIND_OBJECTS:
        oktai_buffer_add_char(out, '[');
        write_inner(out, row->of.object, plan);
        oktai_buffer_add_text(out, ",{}]");
        break;
    case OKTAI_KIND_MAP_STRINGS:
        oktai_buffer_add_text(out, "{\"a\":\"b\",\"c d\":null,\"\\u00fc\":\"\"}");
        break;
    case OKTAI_KIND_MAP_OBJECTS:
        oktai_buffer_add_text(out, "{\"a b\":");
        write_inner(out, row->of.object, plan);
        oktai_buffer_add_text(out, ",\"\":{}}");
        break;
    }
}

static void write_member(oktai_buffer *out, const oktai_row *first, const document_plan *plan, bool outermost,
                         bool *is_empty)
{
    size_t count = rows_of_name(first);
    const oktai_row *row = first + (plan->choice < count ? plan->choice : count - 1);
    if (plan->request && (row->flags & OKTAI_ROW_READ_ONLY) != 0) {
        return;
    }
    oktai_buffer_printf(out, "%s\"%s\":", *is_empty ? "" : ",", row->name);
    *is_empty = false;
    if (outermost ? plan->strange == first : plan->strange_inside) {
        oktai_buffer_add_text(out, plan->value);
    } else {
        write_good(out, row, plan);
    }
}

static void write_object(oktai_buffer *out, const okta_descriptor *type, const document_plan *plan,
                         bool outermost)
{
    bool is_empty = true;
    oktai_buffer_add_char(out, '{');
    for (size_t i = 0; i < type->row_count; i++) {
        const oktai_row *row = &type->rows[(plan->first + i) % type->row_count];
        if (is_first_of_name(type, row)) {
            write_member(out, row, plan, outermost, &is_empty);
        }
    }
    if ((type->flags & OKTAI_DESCRIPTOR_LINKS) != 0) {
        oktai_buffer_add_text(out, "\"self\":{\"href\":\"u\"},\"two\":[{\"href\":\"v\"},{}]");
    }
    oktai_buffer_add_char(out, '}');
}

void write_document(oktai_buffer *out, const okta_descriptor *type, const document_plan *plan)
{
    if (type->item == NULL) {
        write_object(out, type, plan, true);
        return;
    }
    oktai_buffer_add_char(out, '[');
    write_object(out, type->item, plan, true);
    oktai_buffer_add_char(out, ',');
    write_object(out, type->item, plan, true);
    oktai_buffer_add_char(out, ']');
}

bool is_set(const oktai_row *row, const void *model)
{
    const char *slot = (const char *)model + row->offset;
    okta_opt_bool flag;
    okta_opt_int integer;
    okta_opt_double number;
    int value;
    void *pointer;
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_BOOL:
        memcpy(&flag, slot, sizeof flag);
        return flag.has;
    case OKTAI_KIND_INT:
        memcpy(&integer, slot, sizeof integer);
        return integer.has;
    case OKTAI_KIND_DOUBLE:
        memcpy(&number, slot, sizeof number);
        return number.has;
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
    memcpy(&pointer, slot, sizeof pointer);
    return pointer != NULL;
}

const oktai_row *set_row(const oktai_row *first, const void *model, size_t *count)
{
    const oktai_row *found = NULL;
    *count = 0;
    for (size_t i = 0; i < rows_of_name(first); i++) {
        if (is_set(&first[i], model)) {
            found = found == NULL ? &first[i] : found;
            ++*count;
        }
    }
    return found;
}

bool has_text(const oktai_enum_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->texts[i], text) == 0) {
            return true;
        }
    }
    return false;
}
