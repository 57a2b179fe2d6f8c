/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "core/error.h"
#include "members.h"
#include "okta/memory.h"

okta_error *check_json(oktai_arena *arena, const okta_descriptor *type, const json_node *document,
                       const char *json, size_t length)
{
    json_node actual;
    json_node single = {.type = OKTAI_JSON_ARRAY, .items = (json_node *)(uintptr_t)document, .count = 1};
    oktai_buffer pointer = {0};
    bool same = false;
    if (type != NULL && type->item != NULL) {
        const json_node *list = members_list(type, document);
        document = list == NULL ? &single : list;
    }
    okta_error *error = json_tree_read(arena, json, length, &actual);
    if (error == NULL) {
        error = json_tree_compare(arena, document, &actual, &pointer, &same);
    }
    if (error == NULL && !same) {
        error = oktai_error_new(OKTA_E_PROTOCOL, "differs at %.500s",
                                pointer.length == 0 ? "its root" : pointer.data);
    }
    oktai_buffer_clear(&pointer);
    return error;
}

okta_error *check_model(oktai_arena *arena, const okta_descriptor *type, const void *model,
                        okta_json_form form, const json_node *document)
{
    char *json = NULL;
    size_t length = 0;
    okta_error *error = okta_to_json(type, model, form, &json, &length);
    error = error == NULL ? check_json(arena, type, document, json, length) : error;
    okta_free(json);
    return error;
}

static okta_error *drop_inside(const oktai_row *row, json_node *value, notes *into)
{
    okta_error *error = NULL;
    if (row->kind == OKTAI_KIND_OBJECT) {
        return check_drop_read_only(row->of.object, value, into);
    }
    if (row->kind == OKTAI_KIND_OBJECTS || row->kind == OKTAI_KIND_MAP_OBJECTS) {
        for (size_t i = 0; error == NULL && i < value->count; i++) {
            error = check_drop_read_only(row->of.object, &value->items[i], into);
        }
    }
    return error;
}

static okta_error *drop_members(const okta_descriptor *type, json_node *object, notes *into)
{
    size_t kept = 0;
    okta_error *error = NULL;
    for (size_t i = 0; error == NULL && i < object->count; i++) {
        json_node *member = &object->items[i];
        const oktai_row *row = members_row(type, member);
        if (row != NULL && (row->flags & OKTAI_ROW_READ_ONLY) != 0) {
            bool noted =
                notes_add(into, NOTE_READ_ONLY, type->schema, member->name.text, member->name.length);
            error = noted ? NULL : oktai_error_nomem();
            continue;
        }
        error = row == NULL ? NULL : drop_inside(row, member, into);
        object->items[kept++] = *member;
    }
    object->count = error == NULL ? kept : object->count;
    return error;
}

okta_error *check_drop_read_only(const okta_descriptor *type, json_node *document, notes *into)
{
    okta_error *error = NULL;
    if (type->item != NULL && document->type == OKTAI_JSON_ARRAY) {
        for (size_t i = 0; error == NULL && i < document->count; i++) {
            error = check_drop_read_only(type->item, &document->items[i], into);
        }
        return error;
    }
    bool model = type->form == OKTAI_FORM_MODEL && (type->flags & OKTAI_DESCRIPTOR_LINKS) == 0;
    return model && document->type == OKTAI_JSON_OBJECT ? drop_members(type, document, into) : NULL;
}
