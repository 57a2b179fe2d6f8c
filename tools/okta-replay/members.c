/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"

#include <string.h>

#include "core/error.h"
#include "okta/links.h"
#include "okta/models/error.h"
#include "okta/values.h"
#include "json/engine.h"
#include "json/model_parts.h"

static void count_object(member_tally *tally, const okta_descriptor *type, const void *model,
                         const json_node *object);

static void note(member_tally *tally, unsigned beyond, const char *owner, const json_node *member)
{
    if (!notes_add(tally->notes, (note_kind)(tally->notes_from + beyond), owner, member->name.text,
                   member->name.length)) {
        tally->no_memory = true;
    }
}

static void count_unknown(member_tally *tally, const char *owner, const json_node *member)
{
    tally->counts.unknown++;
    note(tally, 0, owner, member);
}

static void count_other_type(member_tally *tally, const char *owner, const json_node *member)
{
    tally->counts.other_type++;
    note(tally, 1, owner, member);
}

static void count_newer_value(member_tally *tally, const char *owner, const json_node *member)
{
    tally->counts.newer_values++;
    note(tally, 2, owner, member);
}

/* A pointer among the members of a model. */
static const void *pointer_at(const void *model, size_t offset)
{
    const void *pointer;
    memcpy(&pointer, (const char *)model + offset, sizeof pointer);
    return pointer;
}

static size_t count_at(const void *model, const oktai_row *row)
{
    size_t count;
    memcpy(&count, (const char *)model + row->count_offset, sizeof count);
    return count;
}

static int enum_at(const void *model, size_t offset)
{
    int value;
    memcpy(&value, (const char *)model + offset, sizeof value);
    return value;
}

/* Whether an enum, or one of a list of them, has a value that the library does not know. */
static bool is_newer(const oktai_row *row, const void *model)
{
    if (row->kind == OKTAI_KIND_ENUM) {
        return enum_at(model, row->offset) == 1;
    }
    const char *values = row->kind == OKTAI_KIND_ENUMS ? pointer_at(model, row->offset) : NULL;
    for (size_t i = 0; values != NULL && i < count_at(model, row); i++) {
        if (enum_at(values, i * sizeof(int)) == 1) {
            return true;
        }
    }
    return false;
}

/* An element of a list or a value of a map. One that was no object, or was refused, holds its text alone. */
static void count_element(member_tally *tally, const char *owner, const okta_descriptor *type,
                          const void *model, const json_node *element, const json_node *member)
{
    if (!oktai_model_is_blank(model)) {
        count_object(tally, type, model, element);
    } else if (element->type != OKTAI_JSON_NULL) {
        count_other_type(tally, owner, member);
    }
}

static void count_inside(member_tally *tally, const char *owner, const oktai_row *row, const void *model,
                         const json_node *member)
{
    const char *data = pointer_at(model, row->offset);
    if (row->kind == OKTAI_KIND_OBJECT) {
        count_object(tally, row->of.object, data, member);
        return;
    }
    if (row->kind != OKTAI_KIND_OBJECTS && row->kind != OKTAI_KIND_MAP_OBJECTS) {
        return;
    }
    bool map = row->kind == OKTAI_KIND_MAP_OBJECTS;
    size_t size = map ? sizeof(oktai_any_entry) : sizeof(void *);
    size_t offset = map ? offsetof(oktai_any_entry, value) : 0;
    for (size_t i = 0; i < count_at(model, row) && i < member->count; i++) {
        const void *element = pointer_at(data, i * size + offset);
        count_element(tally, owner, row->of.object, element, &member->items[i], member);
    }
}

/* What an error document of the OAuth endpoints has (RFC 6749, section 5.2): the error object shows it. */
static bool is_oauth_error(const okta_descriptor *type, const json_node *member)
{
    static const char *const names[] = {"error", "error_description"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == member->name.length &&
            memcmp(names[i], member->name.text, member->name.length) == 0) {
            return type == okta_error_body_descriptor() && member->type == OKTAI_JSON_STRING;
        }
    }
    return false;
}

static void count_rowless(member_tally *tally, const okta_descriptor *type, const json_node *member)
{
    if (is_oauth_error(type, member)) {
        tally->counts.typed++;
    } else if ((type->flags & OKTAI_DESCRIPTOR_OPEN) == 0) {
        count_unknown(tally, type->schema, member);
    }
}

static void count_member(member_tally *tally, const okta_descriptor *type, const oktai_row *row,
                         const void *model, const json_node *member)
{
    while (row != NULL && !oktai_row_is_set(row, model)) {
        row = oktai_row_next(row);
    }
    if (member->type == OKTAI_JSON_NULL) {
        tally->counts.typed++;
    } else if (row == NULL) {
        count_other_type(tally, type->schema, member);
    } else {
        tally->counts.typed++;
        if (is_newer(row, model)) {
            count_newer_value(tally, type->schema, member);
        }
        count_inside(tally, type->schema, row, model, member);
    }
}

/* A link, or a list of links, under a name that is the org's own. */
static void count_link(member_tally *tally, const okta_link_entry *entry, const json_node *member)
{
    for (size_t i = 0; i < entry->count; i++) {
        const json_node *link = entry->is_array ? &member->items[i] : member;
        count_element(tally, "links", &oktai_link_model, entry->links[i], link, member);
    }
}

static void count_links(member_tally *tally, const okta_links *links, const json_node *object)
{
    size_t next = 0;
    for (size_t i = 0; i < object->count; i++) {
        const json_node *member = &object->items[i];
        const okta_link_entry *entry = next < links->entries_count ? &links->entries[next] : NULL;
        if (entry != NULL && strlen(entry->name) == member->name.length &&
            memcmp(entry->name, member->name.text, member->name.length) == 0) {
            next++;
            count_link(tally, entry, member);
        } else if (member->type != OKTAI_JSON_NULL) {
            count_other_type(tally, "links", member);
        }
    }
}

static void count_variant(member_tally *tally, const okta_descriptor *type, const oktai_any_variant *variant,
                          const json_node *object)
{
    if (variant->kind < 2) {
        members_count_unknown(tally, type->schema, object);
    } else {
        count_object(tally, type->variants->items[variant->kind - 2].type, variant->as, object);
    }
}

static void count_object(member_tally *tally, const okta_descriptor *type, const void *model,
                         const json_node *object)
{
    bool seen[OKTAI_ROWS_MAX] = {false};
    if ((type->flags & OKTAI_DESCRIPTOR_LINKS) != 0) {
        count_links(tally, model, object);
        return;
    }
    if (type->variants != NULL) {
        count_variant(tally, type, model, object);
        return;
    }
    for (size_t i = 0; i < object->count; i++) {
        const json_node *member = &object->items[i];
        const oktai_row *row = oktai_row_find(type, member->name.text, member->name.length);
        if (row == NULL) {
            count_rowless(tally, type, member);
        } else if (!seen[row - type->rows]) {
            seen[row - type->rows] = true;
            count_member(tally, type, row, model, member);
        }
    }
}

void members_count_unknown(member_tally *tally, const char *owner, const json_node *document)
{
    for (size_t i = 0; document->type == OKTAI_JSON_OBJECT && i < document->count; i++) {
        count_unknown(tally, owner, &document->items[i]);
    }
}

okta_error *members_count_doubled(member_tally *tally, oktai_arena *arena, const char *owner,
                                  const json_node *document)
{
    oktai_vector found = {0};
    bool good = json_tree_doubled(arena, document, &found);
    const okta_text *names = found.data;
    for (size_t i = 0; good && i < found.count; i++) {
        good = notes_add(tally->notes, NOTE_DOUBLED, owner, names[i].text, names[i].length);
    }
    tally->counts.doubled += found.count;
    return good ? NULL : oktai_error_nomem();
}

static bool is_wrapper(const okta_descriptor *type, const json_node *member)
{
    for (const char *const *name = type->wrappers; name != NULL && *name != NULL; name++) {
        if (strlen(*name) == member->name.length &&
            memcmp(*name, member->name.text, member->name.length) == 0) {
            return member->type == OKTAI_JSON_ARRAY || member->type == OKTAI_JSON_OBJECT;
        }
    }
    return false;
}

const json_node *members_list(const okta_descriptor *type, const json_node *document)
{
    const json_node *found = document->type == OKTAI_JSON_ARRAY ? document : NULL;
    for (size_t i = 0; found == NULL && document->type == OKTAI_JSON_OBJECT && i < document->count; i++) {
        if (is_wrapper(type, &document->items[i])) {
            found = members_list(type, &document->items[i]);
        }
    }
    return found;
}

static void count_list(member_tally *tally, const okta_descriptor *type, const oktai_any_list *list,
                       const json_node *document)
{
    const json_node *array = members_list(type, document);
    for (size_t i = 0; i < list->model.extra_count; i++) {
        const char *name = list->model.extras[i].name;
        const json_node extra = {.name = {name, strlen(name)}};
        count_unknown(tally, type->schema, &extra);
    }
    for (size_t i = 0; i < list->count && (array == NULL || i < array->count); i++) {
        const json_node *element = array == NULL ? document : &array->items[i];
        count_element(tally, type->schema, type->item, list->items[i], element, element);
    }
}

void members_count(member_tally *tally, const okta_descriptor *type, const void *model,
                   const json_node *document)
{
    if (type->item != NULL) {
        count_list(tally, type, model, document);
    } else if (type->form == OKTAI_FORM_MODEL && document->type == OKTAI_JSON_OBJECT) {
        count_object(tally, type, model, document);
    }
}

/* Whether a row takes values of a JSON type. */
static bool takes(const oktai_row *row, oktai_json_type json_type)
{
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
    case OKTAI_KIND_ENUM:
        return json_type == OKTAI_JSON_STRING;
    case OKTAI_KIND_BOOL:
        return json_type == OKTAI_JSON_TRUE || json_type == OKTAI_JSON_FALSE;
    case OKTAI_KIND_INT:
    case OKTAI_KIND_DOUBLE:
        return json_type == OKTAI_JSON_NUMBER;
    case OKTAI_KIND_OBJECT:
    case OKTAI_KIND_MAP_STRINGS:
    case OKTAI_KIND_MAP_OBJECTS:
        return json_type == OKTAI_JSON_OBJECT;
    case OKTAI_KIND_STRINGS:
    case OKTAI_KIND_ENUMS:
    case OKTAI_KIND_OBJECTS:
        return json_type == OKTAI_JSON_ARRAY;
    case OKTAI_KIND_JSON:
        break;
    }
    return true;
}

const oktai_row *members_row(const okta_descriptor *type, const json_node *member)
{
    const oktai_row *first = oktai_row_find(type, member->name.text, member->name.length);
    const oktai_row *row = first;
    while (row != NULL && !takes(row, member->type)) {
        row = oktai_row_next(row);
    }
    return row == NULL ? first : row;
}

void member_counts_add(member_counts *to, const member_counts *more)
{
    to->typed += more->typed;
    to->unknown += more->unknown;
    to->other_type += more->other_type;
    to->newer_values += more->newer_values;
    to->doubled += more->doubled;
}
