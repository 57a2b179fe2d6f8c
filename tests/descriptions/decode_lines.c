/* SPDX-License-Identifier: Apache-2.0 */
/* decode_lines
 * Reads lines `METHOD<TAB>PATH<TAB>request or status<TAB>JSON` and decodes each JSON document as
 * what the operation takes or gives. Writes a line of JSON for each: `{"refused":"why"}`, or
 * `{"typed":N,"extras":[["/pointer","kind"],...],"json":...}` with what encoding gives. The kinds of extras:
 * "unknown" (the struct has no such member), "attribute" (the struct has no members at all), "null", "part"
 * (the struct shows a part of it: an enum value newer than the library, a number with more digits than a
 * double holds), "other type". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/all_operations.h"
#include "models/error.h"
#include "okta/okta.h"
#include "positions/documents.h"
#include "json/plain.h"
#include "json/writer.h"

/* What is found in one document. */
typedef struct findings {
    size_t typed;
    oktai_buffer pointer; /* of the object that is looked at */
    oktai_buffer extras;  /* a JSON array without its brackets */
} findings;

static void look_at(findings *f, const okta_descriptor *type, const okta_model *model);

/* Go down to a member; returns where to go back to. */
static size_t go_down(findings *f, const char *name)
{
    size_t before = f->pointer.length;
    oktai_buffer_add_char(&f->pointer, '/');
    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '~' || *p == '/') {
            oktai_buffer_add_text(&f->pointer, *p == '~' ? "~0" : "~1");
        } else {
            oktai_buffer_add_char(&f->pointer, *p);
        }
    }
    return before;
}

static size_t go_down_to(findings *f, size_t number)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", number);
    return go_down(f, name);
}

static void go_back(findings *f, size_t before)
{
    f->pointer.length = before;
    f->pointer.data[before] = '\0';
}

static void add_extra(findings *f, const char *kind)
{
    oktai_buffer_add_text(&f->extras, f->extras.length == 0 ? "[" : ",[");
    oktai_write_string(&f->extras, f->pointer.data, f->pointer.length);
    oktai_buffer_printf(&f->extras, ",\"%s\"]", kind);
}

static void look_at_objects(findings *f, const oktai_row *row, void *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t before = go_down_to(f, i);
        look_at(f, row->of.object, items[i]);
        go_back(f, before);
    }
}

static void look_at_entries(findings *f, const oktai_row *row, const oktai_any_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t before = go_down(f, entries[i].name);
        look_at(f, row->of.object, entries[i].value);
        go_back(f, before);
    }
}

static void look_at_row(findings *f, const oktai_row *row, const okta_model *model)
{
    const char *slot = (const char *)model + row->offset;
    void *pointer;
    size_t count = 0;
    size_t before = go_down(f, row->name);
    f->typed++;
    memcpy(&pointer, slot, sizeof pointer);
    if (row->count_offset != 0) {
        memcpy(&count, (const char *)model + row->count_offset, sizeof count);
    }
    if (row->kind == OKTAI_KIND_OBJECT) {
        look_at(f, row->of.object, pointer);
    } else if (row->kind == OKTAI_KIND_OBJECTS) {
        look_at_objects(f, row, pointer, count);
    } else if (row->kind == OKTAI_KIND_MAP_OBJECTS) {
        look_at_entries(f, row, pointer, count);
    }
    go_back(f, before);
}

static void look_at_links(findings *f, const okta_links *links)
{
    for (size_t i = 0; i < links->entries_count; i++) {
        const okta_link_entry *entry = &links->entries[i];
        size_t before = go_down(f, entry->name);
        f->typed++;
        for (size_t k = 0; k < entry->count; k++) {
            size_t inside = entry->is_array ? go_down_to(f, k) : f->pointer.length;
            look_at(f, &oktai_link_model, &entry->links[k]->model);
            go_back(f, inside);
        }
        go_back(f, before);
    }
}

static const char *kind_of(const okta_descriptor *type, const okta_model *model, const okta_member *extra)
{
    const oktai_row *row = oktai_row_find(type, extra->name, strlen(extra->name));
    size_t count;
    if (row == NULL) {
        bool has_members = type->row_count > 0 || (type->flags & OKTAI_DESCRIPTOR_LINKS) != 0;
        return has_members ? "unknown" : "attribute";
    }
    if (strcmp(extra->json, "null") == 0) {
        return "null";
    }
    return set_row(row, model, &count) != NULL ? "part" : "other type";
}

static void look_at(findings *f, const okta_descriptor *type, const okta_model *model)
{
    if (model->type == NULL) {
        add_extra(f, "other type");
        return;
    }
    for (size_t i = 0; i < type->row_count; i++) {
        if (is_set(&type->rows[i], model)) {
            look_at_row(f, &type->rows[i], model);
        }
    }
    if ((type->flags & OKTAI_DESCRIPTOR_LINKS) != 0) {
        look_at_links(f, (const okta_links *)(const void *)model);
    }
    for (size_t i = 0; i < model->extra_count; i++) {
        size_t before = go_down(f, model->extras[i].name);
        add_extra(f, kind_of(type, model, &model->extras[i]));
        go_back(f, before);
    }
}

static void look_at_document(findings *f, const okta_descriptor *type, void *model)
{
    if (type->form != OKTAI_FORM_MODEL) {
        return;
    }
    if (type->item == NULL) {
        look_at(f, type, model);
        return;
    }
    const oktai_row row = {.of.object = type->item};
    const oktai_any_list *list = model;
    look_at_objects(f, &row, list->items, list->count);
}

/* NULL: the operation has no JSON there. */
static const okta_descriptor *type_at(const oktai_operation *operation, const char *where)
{
    if (strcmp(where, "request") == 0) {
        return operation->body == OKTAI_BODY_JSON ? &oktai_json_model : operation->request;
    }
    if (where[0] != '2') {
        return &oktai_error_body_model;
    }
    return operation->response != NULL && oktai_plain_has_json(operation->response) ? operation->response
                                                                                    : NULL;
}

static void print_refusal(const char *why)
{
    oktai_buffer line = {0};
    oktai_buffer_add_text(&line, "{\"refused\":");
    oktai_write_string(&line, why, strlen(why));
    printf("%s}\n", line.data);
    oktai_buffer_clear(&line);
}

static void answer(const okta_descriptor *type, const char *json)
{
    findings f = {0};
    void *model = NULL;
    char *encoded = NULL;
    okta_error *error = okta_from_json(type, json, strlen(json), &model);
    if (error == NULL) {
        error = okta_to_json(type, model, OKTA_JSON_WHOLE, &encoded, NULL);
    }
    if (error != NULL) {
        print_refusal(okta_error_message(error));
    } else {
        oktai_buffer_add_text(&f.pointer, ""); /* a text from the start */
        look_at_document(&f, type, model);
        printf("{\"typed\":%zu,\"extras\":[%s],\"json\":%s}\n", f.typed,
               f.extras.data == NULL ? "" : f.extras.data, encoded);
    }
    okta_free(error);
    okta_free(encoded);
    okta_free(model);
    oktai_buffer_clear(&f.pointer);
    oktai_buffer_clear(&f.extras);
}

/* What the operations of a method and path have there. Several may have one path, and only one of them JSON.
 */
static const okta_descriptor *find_type(const char *method, const char *path, const char *where)
{
    const okta_descriptor *type = NULL;
    for (size_t i = 0; type == NULL && i < oktai_operation_count; i++) {
        const oktai_operation *operation = oktai_operations[i];
        if (strcmp(operation->path, path) == 0 && strcmp(oktai_method_name(operation->method), method) == 0) {
            type = type_at(operation, where);
        }
    }
    return type;
}

/* The next field of a line, ended by a tab. */
static char *cut(char **rest)
{
    char *field = *rest;
    char *tab = strchr(field, '\t');
    if (tab != NULL) {
        *tab = '\0';
        *rest = tab + 1;
    }
    return field;
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) > 0) {
        char *rest = line;
        line[length - 1] = '\0';
        const char *method = cut(&rest);
        const char *path = cut(&rest);
        const char *where = cut(&rest);
        const okta_descriptor *type = find_type(method, path, where);
        if (type == NULL) {
            print_refusal("no operation has JSON there");
        } else {
            answer(type, rest);
        }
    }
    free(line);
    return 0;
}
