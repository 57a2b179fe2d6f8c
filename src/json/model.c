/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions over models. */
#include "okta/model.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/growing.h"
#include "json/engine.h"
#include "json/plain.h"
#include "json/reader.h"

okta_error *oktai_text_hand_out(oktai_buffer *buffer, char **out, size_t *out_length)
{
    char *text = oktai_root_new(buffer->length + 1, 0, NULL);
    if (text != NULL) {
        memcpy(text, buffer->data, buffer->length);
        *out = text;
        if (out_length != NULL) {
            *out_length = buffer->length;
        }
    }
    oktai_buffer_clear(buffer);
    return text == NULL ? oktai_error_nomem() : NULL;
}

static void clear_outputs(char **out, size_t *out_length)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (out_length != NULL) {
        *out_length = 0;
    }
}

static okta_error *decode(const okta_descriptor *type, oktai_buffer *body, void **out)
{
    if (type->form == OKTAI_FORM_MODEL) {
        return oktai_engine_decode(type, body, NULL, out, NULL);
    }
    return oktai_plain_has_json(type) ? oktai_plain_decode(type, body, NULL, out)
                                      : oktai_error_new(OKTA_E_ARG, "%s is no JSON", type->schema);
}

okta_error *okta_from_json(const okta_descriptor *type, const char *json, size_t length, void *out)
{
    void *model = NULL;
    if (out != NULL) {
        memcpy(out, &model, sizeof model);
    }
    if (type == NULL || json == NULL || out == NULL) {
        return oktai_error_null(type == NULL ? "type" : json == NULL ? "json" : "out");
    }
    oktai_buffer body = {0};
    if (!oktai_buffer_append(&body, json, length)) {
        return oktai_error_nomem();
    }
    okta_error *error = decode(type, &body, &model);
    oktai_buffer_clear(&body);
    memcpy(out, &model, sizeof model);
    return error;
}

okta_error *okta_to_json(const okta_descriptor *type, const void *model, okta_json_form form, char **out_json,
                         size_t *out_length)
{
    clear_outputs(out_json, out_length);
    if (type == NULL || model == NULL || out_json == NULL) {
        return oktai_error_null(type == NULL ? "type" : model == NULL ? "model" : "out_json");
    }
    if (form != OKTA_JSON_WHOLE && form != OKTA_JSON_REQUEST && form != OKTA_JSON_REDACTED) {
        return oktai_error_new(OKTA_E_ARG, "form is no okta_json_form");
    }
    oktai_buffer buffer = {0};
    okta_error *error = type->form == OKTAI_FORM_MODEL ? oktai_engine_encode(type, model, form, &buffer)
                                                       : oktai_plain_encode(type, model, &buffer);
    if (error != NULL) {
        oktai_buffer_clear(&buffer);
        return error;
    }
    return oktai_text_hand_out(&buffer, out_json, out_length);
}

/* A list's element that was no object: all it has is its text. */
static okta_error *copy_blank(const okta_descriptor *type, const okta_model *model, void **out)
{
    okta_model *copy = oktai_root_new(type->size, model->source_length, NULL);
    char *text =
        copy == NULL ? NULL : oktai_arena_copy(oktai_root_arena(copy), model->source, model->source_length);
    if (text == NULL) {
        okta_free(copy);
        return oktai_error_nomem();
    }
    copy->struct_size = type->size;
    copy->source = text;
    copy->source_length = model->source_length;
    *out = copy;
    return NULL;
}

/* What stands beside the array of a list goes into no JSON text, but into a copy. */
static okta_error *copy_list_extras(const okta_model *model, okta_model *copy)
{
    oktai_arena *arena = oktai_root_arena(copy);
    okta_member *extras = oktai_arena_array(arena, model->extra_count, sizeof *extras);
    if (extras == NULL) {
        return oktai_error_nomem();
    }
    for (size_t i = 0; i < model->extra_count; i++) {
        extras[i] = (okta_member){oktai_arena_strdup(arena, model->extras[i].name),
                                  oktai_arena_strdup(arena, model->extras[i].json),
                                  oktai_arena_strdup(arena, model->extras[i].text)};
        if ((extras[i].name == NULL) != (model->extras[i].name == NULL) ||
            (extras[i].json == NULL) != (model->extras[i].json == NULL) ||
            (extras[i].text == NULL) != (model->extras[i].text == NULL)) {
            return oktai_error_nomem();
        }
    }
    copy->extras = extras;
    copy->extra_count = model->extra_count;
    return oktai_extras_sort(arena, copy) ? NULL : oktai_error_nomem();
}

okta_error *okta_copy(const okta_descriptor *type, const void *model, void *out)
{
    void *copy = NULL;
    if (out != NULL) {
        memcpy(out, &copy, sizeof copy);
    }
    if (type == NULL || model == NULL || out == NULL) {
        return oktai_error_null(type == NULL ? "type" : model == NULL ? "model" : "out");
    }
    if (type->form != OKTAI_FORM_MODEL) {
        okta_error *refusal = oktai_plain_copy(type, model, &copy);
        memcpy(out, &copy, sizeof copy);
        return refusal;
    }
    oktai_buffer buffer = {0};
    okta_error *error = oktai_engine_encode(type, model, OKTA_JSON_WHOLE, &buffer);
    if (error == NULL) {
        error = oktai_model_is_blank(model) ? copy_blank(type, model, &copy)
                                            : oktai_engine_decode_own(type, &buffer, &copy);
    }
    oktai_buffer_clear(&buffer);
    const okta_model *header = model;
    if (error == NULL && copy != NULL && type->item != NULL && header->extras != NULL) {
        error = copy_list_extras(header, copy);
    }
    if (error != NULL) {
        okta_free(copy);
        copy = NULL;
    }
    memcpy(out, &copy, sizeof copy);
    return error;
}

okta_error *okta_redact_json(const okta_descriptor *type, const char *json, size_t length, char **out_json,
                             size_t *out_length)
{
    clear_outputs(out_json, out_length);
    if (type == NULL || json == NULL || out_json == NULL) {
        return oktai_error_null(type == NULL ? "type" : json == NULL ? "json" : "out_json");
    }
    oktai_buffer redacted = {0};
    okta_error *error = oktai_engine_redact(type, json, length, &redacted);
    if (error != NULL) {
        oktai_buffer_clear(&redacted);
        return error;
    }
    return oktai_text_hand_out(&redacted, out_json, out_length);
}

const char *okta_enum_text(const void *model, const char *name)
{
    const okta_model *header = model;
    if (model == NULL || name == NULL || header->type == NULL) {
        return NULL;
    }
    const oktai_row *row = oktai_row_of_kind(header->type, name, OKTAI_KIND_ENUM);
    if (row == NULL) {
        return NULL;
    }
    int value;
    if (!oktai_growing_has(model, row->offset, sizeof value)) {
        return NULL;
    }
    memcpy(&value, (const char *)model + row->offset, sizeof value);
    if (value >= 2 && (size_t)value - 2 < row->of.texts->count) {
        return row->of.texts->texts[value - 2];
    }
    const okta_member *extra = value == 1 ? oktai_extra_find(header, name) : NULL;
    return extra == NULL ? NULL : extra->text;
}

const char *okta_source(const void *model, size_t *length)
{
    const okta_model *header = model;
    if (length != NULL) {
        *length = model == NULL ? 0 : header->source_length;
    }
    return model == NULL ? NULL : header->source;
}
