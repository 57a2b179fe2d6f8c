/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions over what a struct does not show. */
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/growing.h"
#include "okta/links.h"
#include "json/engine.h"
#include "json/reader.h"
#include "json/writer.h"

const char *okta_extra(const void *model, const char *name)
{
    const okta_member *extra = model == NULL || name == NULL ? NULL : oktai_extra_find(model, name);
    return extra == NULL ? NULL : extra->json;
}

const char *okta_extra_text(const void *model, const char *name)
{
    const okta_member *extra = model == NULL || name == NULL ? NULL : oktai_extra_find(model, name);
    return extra == NULL || oktai_member_is_null(extra) ? NULL : extra->text;
}

/* Why a model takes no extras, as the rest of a sentence that begins with its name; NULL: it does. */
static const char *refuse_model(const okta_model *model)
{
    const okta_descriptor *type = model->type;
    const char *reason =
        oktai_growing_refuse(model, sizeof *model, type == NULL ? sizeof *model : type->size);
    if (reason != NULL && (type != NULL || model->struct_size < sizeof *model)) {
        return reason;
    }
    if (oktai_model_is_blank(model)) {
        return "is no object: it has nothing but its text";
    }
    if (type != NULL && type->form != OKTAI_FORM_MODEL) {
        return "is no object";
    }
    if (type != NULL && type->item != NULL) {
        return "is a list: set it in an element";
    }
    if (type != NULL && type->variants != NULL) {
        return "is one of several types: set it in that one";
    }
    return oktai_extras_have_names(model) ? NULL : "has an extra without a name";
}

static bool is_link(const okta_model *model, const char *name)
{
    return model->type != NULL && (model->type->flags & OKTAI_DESCRIPTOR_LINKS) != 0 &&
           okta_links_find((const okta_links *)(const void *)model, name, 0) != NULL;
}

static bool is_utf8(const char *text, oktai_buffer *scratch)
{
    oktai_buffer_reset(scratch);
    return oktai_write_string(scratch, text, strlen(text));
}

/* Make the extra in the arena: `json` is good. */
static bool make_extra(oktai_arena *arena, const char *name, const char *json, okta_member *out)
{
    oktai_reader reader;
    oktai_reader_init(&reader, json, strlen(json));
    oktai_json_type json_type = oktai_reader_peek(&reader);
    out->name = oktai_arena_strdup(arena, name);
    out->json = oktai_arena_strdup(arena, json);
    if (json_type == OKTAI_JSON_STRING) {
        out->text = oktai_reader_string(&reader, arena, NULL);
    }
    return out->name != NULL && out->json != NULL && (json_type != OKTAI_JSON_STRING || out->text != NULL);
}

static bool is_null(const char *json)
{
    oktai_reader reader;
    oktai_reader_init(&reader, json, strlen(json));
    return oktai_reader_peek(&reader) == OKTAI_JSON_NULL;
}

/* What all members of a name are to be. They stand in a struct like the model's, which is zeroed at first. */
static void use_members(const oktai_row *row, okta_model *model, const char *from)
{
    for (; row != NULL; row = oktai_row_next(row)) {
        size_t size = oktai_row_size(row);
        if (oktai_growing_has(model, row->offset, size)) {
            memcpy((char *)model + row->offset, from + row->offset, size);
        }
    }
}

/* Set the extra, and the members of its name, if there are any: `row` is the first of them. Of what the
 * struct shows in full, no extra is left. */
static okta_error *put_extra(oktai_arena *arena, okta_model *model, const oktai_row *row, okta_member *extra,
                             char *members)
{
    oktai_member_fit fit = OKTAI_MEMBER_NOT_SHOWN;
    if (row != NULL && extra->json != NULL && !is_null(extra->json)) {
        okta_error *error = oktai_engine_decode_member(row, extra->json, arena, members, &fit);
        if (error != NULL) {
            return error;
        }
        if (fit == OKTAI_MEMBER_NOT_SHOWN && !oktai_row_is_added(row)) {
            return oktai_error_new(
                OKTA_E_ARG, "%s is a member of the struct, and its value is of another type", row->name);
        }
    }
    if (fit == OKTAI_MEMBER_NOT_SHOWN && row != NULL) {
        oktai_wipe(members, model->type->size);
    }
    extra->name = fit == OKTAI_MEMBER_NOT_SHOWN ? extra->name : row->name;
    if (extra->json == NULL || fit == OKTAI_MEMBER_SHOWN ? !oktai_extras_remove(arena, model, extra->name)
                                                         : !oktai_extras_put(arena, model, extra)) {
        return oktai_error_nomem();
    }
    use_members(row, model, members);
    return NULL;
}

/* `json` is good; NULL: removed. */
static okta_error *set_extra(oktai_arena *arena, okta_model *model, const char *name, const char *json)
{
    const oktai_row *row = model->type == NULL ? NULL : oktai_row_find(model->type, name, strlen(name));
    oktai_arena scratch = {0};
    okta_member extra = {.name = name};
    char *members = row == NULL ? NULL : oktai_arena_zalloc(&scratch, model->type->size);
    okta_error *error = NULL;
    if ((row != NULL && members == NULL) || (json != NULL && !make_extra(arena, name, json, &extra))) {
        error = oktai_error_nomem();
    } else {
        error = put_extra(arena, model, row, &extra, members);
    }
    oktai_arena_clear(&scratch);
    return error;
}

okta_error *okta_set_extra(void *root, void *model, const char *name, const char *json)
{
    if (root == NULL || model == NULL || name == NULL) {
        return oktai_error_null(root == NULL ? "root" : model == NULL ? "model" : "name");
    }
    const char *reason = refuse_model(model);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the model %s", reason);
    }
    if (json != NULL && !oktai_reader_is_value(json, 0)) {
        return oktai_error_new(OKTA_E_ARG, "%s is given as text that is not JSON", name);
    }
    oktai_buffer scratch = {0};
    bool good = is_utf8(name, &scratch);
    bool no_memory = scratch.failed;
    oktai_buffer_clear(&scratch);
    if (no_memory) {
        return oktai_error_nomem();
    }
    if (!good) {
        return oktai_error_new(OKTA_E_ARG, "name is not UTF-8");
    }
    if (is_link(model, name)) {
        return oktai_error_new(OKTA_E_ARG, "%s is a link: change it there", name);
    }
    oktai_arena *arena = oktai_root_arena(root);
    /* What a program adds does not count to what its document may take. */
    size_t limit = arena->limit;
    arena->limit = 0;
    okta_error *error = set_extra(arena, model, name, json);
    arena->limit = limit;
    return error;
}

okta_error *okta_set_extra_text(void *root, void *model, const char *name, const char *text)
{
    if (text == NULL || text == okta_null) {
        return okta_set_extra(root, model, name, text);
    }
    oktai_buffer json = {0};
    okta_error *error = NULL;
    if (!is_utf8(text, &json)) {
        error = json.failed ? oktai_error_nomem()
                            : oktai_error_new(OKTA_E_ARG, "%s is not UTF-8", name == NULL ? "text" : name);
    } else {
        error = okta_set_extra(root, model, name, json.data);
    }
    oktai_buffer_clear(&json);
    return error;
}
