/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include <string.h>

#include "core/error.h"
#include "okta/memory.h"
#include "okta/upload.h"
#include "pairs.h"
#include "json/writer.h"

bool arguments_lack_body(const route *of, const exchange *one)
{
    const oktai_operation *operation = of->operation;
    return one->request.data == NULL && operation->body != OKTAI_BODY_NONE &&
           (operation->flags & OKTAI_OPERATION_BODY_OPTIONAL) == 0;
}

/* Decode a model, and keep the document beside it. A NUL stands behind the text, which lives as long as the
 * arena. */
static okta_error *decode(oktai_arena *arena, const okta_descriptor *type, const char *json, size_t length,
                          arguments *out)
{
    okta_error *error = okta_from_json(type, json, length, &out->model);
    out->body = out->model;
    return error == NULL ? json_tree_read(arena, json, length, &out->document) : error;
}

/* The same for text in a buffer, which is cleared. */
static okta_error *decode_buffer(oktai_arena *arena, const okta_descriptor *type, oktai_buffer *json,
                                 arguments *out)
{
    const char *copy = oktai_arena_copy(arena, json->data, json->length);
    okta_error *error = copy == NULL ? oktai_error_nomem() : decode(arena, type, copy, json->length, out);
    oktai_buffer_clear(json);
    return error;
}

/* Whether each pair has a name as fields have them, and a value. What else stands there may hold a secret,
 * and is not shown. */
static bool is_form(const char *text)
{
    static const char known[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    while (*text != '\0') {
        size_t name = strspn(text, known);
        if (name == 0 || text[name] != '=') {
            return false;
        }
        text += strcspn(text, "&");
        text += *text == '&';
    }
    return true;
}

static okta_error *make_form(oktai_arena *arena, const oktai_operation *operation, const recorded_body *body,
                             arguments *out)
{
    pair_list pairs;
    oktai_buffer json = {0};
    okta_error *error = is_form(body->data) ? pairs_read(arena, body->data, &pairs)
                                            : oktai_error_new(OKTA_E_PROTOCOL, "the body is no form");
    error = error == NULL ? pairs_write_json(&pairs, operation->request, NULL, &json) : error;
    if (error != NULL) {
        oktai_buffer_clear(&json);
        return error;
    }
    return decode_buffer(arena, operation->request, &json, out);
}

static const oktai_upload_row *find_upload(const oktai_operation *operation, const part *one)
{
    for (size_t i = 0; operation->wire != NULL && i < operation->wire->upload_count; i++) {
        if (strcmp(operation->wire->uploads[i].name, one->name) == 0) {
            return &operation->wire->uploads[i];
        }
    }
    return NULL;
}

/* The parts that are no files, as JSON. */
static okta_error *write_texts(const oktai_operation *operation, const part_list *parts, oktai_buffer *out)
{
    oktai_buffer_add_char(out, '{');
    for (size_t i = 0; i < parts->count; i++) {
        const part *one = &parts->items[i];
        if (find_upload(operation, one) != NULL) {
            continue;
        }
        if (one->file_name != NULL) {
            return oktai_error_new(OKTA_E_PROTOCOL, "the operation takes no file %.100s", one->name);
        }
        if (out->length > 1) {
            oktai_buffer_add_char(out, ',');
        }
        bool good = oktai_write_string(out, one->name, strlen(one->name)) &&
                    oktai_buffer_add_char(out, ':') &&
                    oktai_write_string(out, one->data.text, one->data.length);
        if (!good && !out->failed) {
            return oktai_error_new(OKTA_E_PROTOCOL, "the part %.100s is not UTF-8", one->name);
        }
    }
    return oktai_buffer_add_char(out, '}') ? NULL : oktai_error_nomem();
}

static okta_error *put_uploads(oktai_arena *arena, const oktai_operation *operation, const part_list *parts,
                               void *model)
{
    for (size_t i = 0; i < parts->count; i++) {
        const part *one = &parts->items[i];
        const oktai_upload_row *row = find_upload(operation, one);
        okta_upload *upload = row == NULL ? NULL : oktai_arena_zalloc(arena, sizeof *upload);
        if (row == NULL) {
            continue;
        }
        if (upload == NULL) {
            return oktai_error_nomem();
        }
        *upload = (okta_upload)OKTA_UPLOAD_INIT;
        upload->file_name = one->file_name == NULL ? one->name : one->file_name;
        upload->media_type = one->media_type;
        upload->data = one->data.text;
        upload->length = one->data.length;
        memcpy((char *)model + row->offset, &upload, sizeof upload);
    }
    return NULL;
}

static okta_error *make_multipart(oktai_arena *arena, const oktai_operation *operation,
                                  const recorded_body *body, arguments *out)
{
    part_list parts;
    oktai_buffer json = {0};
    okta_error *error = parts_read(arena, body, &parts);
    error = error == NULL ? write_texts(operation, &parts, &json) : error;
    if (error != NULL) {
        oktai_buffer_clear(&json);
        return error;
    }
    error = decode_buffer(arena, operation->request, &json, out);
    return error == NULL ? put_uploads(arena, operation, &parts, out->model) : error;
}

static okta_error *make_json(oktai_arena *arena, const recorded_body *body, arguments *out)
{
    out->body = body->data;
    return json_tree_read(arena, body->data, body->length, &out->document);
}

okta_error *arguments_make_body(oktai_arena *arena, const route *of, const exchange *one, arguments *out)
{
    const oktai_operation *operation = of->operation;
    const recorded_body *body = &one->request;
    if (body->data == NULL) {
        return NULL;
    }
    switch ((oktai_body)operation->body) {
    case OKTAI_BODY_MODEL:
        return decode(arena, operation->request, body->data, body->length, out);
    case OKTAI_BODY_JSON:
        return make_json(arena, body, out);
    case OKTAI_BODY_FORM:
        return make_form(arena, operation, body, out);
    case OKTAI_BODY_MULTIPART:
        return make_multipart(arena, operation, body, out);
    case OKTAI_BODY_BYTES:
        out->bytes = (okta_bytes){.model = OKTA_INIT(okta_bytes), .data = body->data, .length = body->length};
        out->body = &out->bytes;
        return NULL;
    case OKTAI_BODY_NONE:
        break;
    }
    return body->length == 0 || strcmp(body->data, "{}") == 0
               ? NULL
               : oktai_error_new(OKTA_E_PROTOCOL, "the operation takes no body");
}

okta_error *arguments_make_params(oktai_arena *arena, const route *of, const exchange *one, arguments *out)
{
    pair_list pairs;
    oktai_buffer json = {0};
    const oktai_params *params = of->operation->params;
    okta_error *error = pairs_read(arena, one->query, &pairs);
    if (error != NULL || params == NULL || pairs.count == 0) {
        return error;
    }
    error = pairs_write_json(&pairs, params->type, params->flags, &json);
    error = error == NULL ? okta_from_json(params->type, json.data, json.length, &out->params) : error;
    oktai_buffer_clear(&json);
    return error;
}

void arguments_clear(arguments *self)
{
    okta_free(self->params);
    okta_free(self->model);
    *self = (arguments){.params = NULL};
}
