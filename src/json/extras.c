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
    for (size_t i = 0; model->extras != NULL && i < model->extra_count; i++) {
        if (model->extras[i].name == NULL) {
            return "has an extra without a name";
        }
    }
    return NULL;
}

/* Why a name can be no extra, as the rest of a sentence that begins with the name; NULL: it can. */
static const char *refuse_name(const okta_model *model, const char *name, bool is_null)
{
    const okta_descriptor *type = model->type;
    if (type == NULL) {
        return NULL;
    }
    if (oktai_row_find(type, name, strlen(name)) != NULL) {
        return is_null ? NULL : "is a member of the struct: set it there";
    }
    bool is_link = (type->flags & OKTAI_DESCRIPTOR_LINKS) != 0 &&
                   okta_links_find((const okta_links *)(const void *)model, name, 0) != NULL;
    return is_link ? "is a link: change it there" : NULL;
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

static okta_error *put_extra(oktai_arena *arena, okta_model *model, const char *name, const char *json)
{
    okta_member extra = {0};
    /* What a program adds does not count to what its document may take. */
    size_t limit = arena->limit;
    arena->limit = 0;
    bool good = json == NULL
                    ? oktai_extras_remove(arena, model, name)
                    : make_extra(arena, name, json, &extra) && oktai_extras_put(arena, model, &extra);
    arena->limit = limit;
    return good ? NULL : oktai_error_nomem();
}

static bool is_null(const char *json)
{
    oktai_reader reader;
    oktai_reader_init(&reader, json, strlen(json));
    return oktai_reader_peek(&reader) == OKTAI_JSON_NULL;
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
    reason = json == NULL ? NULL : refuse_name(model, name, is_null(json));
    oktai_buffer scratch = {0};
    bool good = is_utf8(name, &scratch);
    bool no_memory = scratch.failed;
    oktai_buffer_clear(&scratch);
    if (no_memory) {
        return oktai_error_nomem();
    }
    if (!good || reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "%s %s", good ? name : "name", good ? reason : "is not UTF-8");
    }
    return put_extra(oktai_root_arena(root), model, name, json);
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
