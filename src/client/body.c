/* SPDX-License-Identifier: Apache-2.0 */
#include "client/body.h"

#include <stdio.h>
#include <string.h>

#include "client/multipart.h"
#include "client/secrets.h"
#include "client/values.h"
#include "core/error.h"
#include "json/engine.h"
#include "json/plain.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define JSON_LINE "Content-Type: application/json"

/* A body that is being written. */
typedef struct body_writer {
    oktai_request_body *body;
    const oktai_operation *operation;
    oktai_arena *arena;
    const oktai_clock *clock;
} body_writer;

static const char *const *types_of(const oktai_operation *operation)
{
    return operation->wire == NULL ? NULL : operation->wire->body_types;
}

static okta_error *set_type(const body_writer *writer, const char *type)
{
    writer->body->type = oktai_arena_join(writer->arena, "Content-Type: ", type);
    return writer->body->type == NULL ? oktai_error_nomem() : NULL;
}

/* The row's first media type, or `usual` where it has none. */
static okta_error *set_first_type(const body_writer *writer, const char *usual)
{
    const char *const *types = types_of(writer->operation);
    return set_type(writer, types == NULL ? usual : types[0]);
}

/* Most bodies are plain JSON, and need no line of their own. */
static okta_error *set_json_type(const body_writer *writer)
{
    writer->body->type = JSON_LINE;
    return types_of(writer->operation) == NULL ? NULL : set_first_type(writer, "");
}

okta_error *oktai_body_write_json(oktai_request_body *body, const char *json)
{
    okta_error *error = oktai_engine_check(json, strlen(json), NULL);
    body->present = true;
    body->type = JSON_LINE;
    if (okta_error_status(error) == OKTA_E_PROTOCOL) {
        okta_error *refusal = oktai_error_new(OKTA_E_ARG, "body: %s", okta_error_message(error));
        okta_free(error);
        error = refusal;
    }
    if (error != NULL) {
        return error;
    }
    bool good = oktai_buffer_add_text(&body->text, json) &&
                oktai_secrets_of_raw_body(&body->secrets, body->text.data, body->text.length);
    return good ? NULL : oktai_error_nomem();
}

static okta_error *write_json(const body_writer *writer, const char *json)
{
    okta_error *error = oktai_body_write_json(writer->body, json);
    return error == NULL ? set_json_type(writer) : error;
}

static okta_error *write_model(const body_writer *writer, const void *model)
{
    oktai_request_body *body = writer->body;
    const okta_descriptor *type = writer->operation->request;
    const oktai_care *care = oktai_care_of(writer->operation);
    okta_error *error = care->complete == NULL ? NULL : care->complete(writer->arena, &model);
    if (error == NULL && care->check != NULL) {
        error = care->check(model);
    }
    body->model = model;
    if (error == NULL) {
        error = oktai_engine_encode(type, model, OKTA_JSON_REQUEST, &body->text);
    }
    if (error == NULL) {
        error = oktai_engine_secrets(type, body->text.data, body->text.length, &body->secrets);
    }
    return error == NULL ? set_json_type(writer) : error;
}

/* What says in a form who the client is (RFC 6749, section 2.3.1; RFC 7521, section 4.2). */
static bool names_client(const char *name)
{
    return strcmp(name, "client_id") == 0 || strcmp(name, "client_assertion") == 0;
}

static okta_error *put_fields(const body_writer *writer, const void *model, oktai_values *values)
{
    oktai_request_body *body = writer->body;
    char separator = '\0';
    oktai_value value;
    bool more = false;
    okta_error *error = oktai_values_begin(values, writer->operation->request, model, &body->secrets);
    while (error == NULL) {
        error = oktai_values_next(values, &value, &more);
        if (error != NULL || !more) {
            break;
        }
        body->names_client = body->names_client || names_client(value.name);
        error = oktai_values_put(values, &value, true, &separator, &body->text);
    }
    return error;
}

static okta_error *write_form(const body_writer *writer, const void *model)
{
    oktai_values values = {0};
    okta_error *error = put_fields(writer, model, &values);
    oktai_values_clear(&values);
    return error == NULL ? set_first_type(writer, FORM_TYPE) : error;
}

static okta_error *write_multipart(const body_writer *writer, const void *model)
{
    char boundary[OKTAI_BOUNDARY_SIZE];
    char type[sizeof "multipart/form-data; boundary=" + OKTAI_BOUNDARY_SIZE];
    for (size_t i = 0; i < OKTAI_BOUNDARY_SIZE - 1; i += 8) {
        snprintf(boundary + i, 9, "%08x", (unsigned)writer->clock->random(writer->clock));
    }
    snprintf(type, sizeof type, "multipart/form-data; boundary=%s", boundary);
    okta_error *error = oktai_multipart_write(writer->operation, model, boundary, &writer->body->secrets,
                                              &writer->body->text);
    return error == NULL ? set_type(writer, type) : error;
}

/* The one that the program chose, if the operation takes it. */
static okta_error *set_chosen_type(const body_writer *writer, const char *chosen)
{
    const char *const *types = types_of(writer->operation);
    if (chosen == NULL) {
        return set_first_type(writer, "application/octet-stream");
    }
    for (size_t i = 0; types != NULL && types[i] != NULL; i++) {
        if (strcmp(chosen, types[i]) == 0) {
            return set_type(writer, types[i]);
        }
    }
    return oktai_error_new(OKTA_E_ARG, "the operation takes no %s", chosen);
}

static okta_error *write_bytes(const body_writer *writer, const okta_bytes *bytes)
{
    if (bytes->model.struct_size < sizeof *bytes) {
        return oktai_error_new(OKTA_E_ARG, "okta_bytes has no struct_size: begin it with OKTA_INIT()");
    }
    if (bytes->data == NULL && bytes->length > 0) {
        return oktai_error_null("data");
    }
    return oktai_buffer_append(&writer->body->text, bytes->data == NULL ? "" : bytes->data, bytes->length)
               ? set_chosen_type(writer, bytes->media_type)
               : oktai_error_nomem();
}

static okta_error *refuse_missing(const oktai_operation *operation)
{
    bool optional =
        operation->body == OKTAI_BODY_NONE || (operation->flags & OKTAI_OPERATION_BODY_OPTIONAL) != 0;
    return optional ? NULL
                    : oktai_error_null(operation->request == NULL ? "body" : operation->request->schema);
}

okta_error *oktai_body_write(oktai_request_body *body, const oktai_operation *operation, const void *argument,
                             oktai_arena *arena, const oktai_clock *clock)
{
    const body_writer writer = {body, operation, arena, clock};
    if (argument == NULL) {
        return refuse_missing(operation);
    }
    body->present = operation->body != OKTAI_BODY_NONE;
    switch ((oktai_body)operation->body) {
    case OKTAI_BODY_MODEL:
        return write_model(&writer, argument);
    case OKTAI_BODY_JSON:
        return write_json(&writer, argument);
    case OKTAI_BODY_FORM:
        return write_form(&writer, argument);
    case OKTAI_BODY_MULTIPART:
        return write_multipart(&writer, argument);
    case OKTAI_BODY_BYTES:
        return write_bytes(&writer, argument);
    case OKTAI_BODY_NONE:
        break;
    }
    return NULL;
}

okta_error *oktai_body_keep(oktai_request_body *body, const oktai_operation *operation)
{
    okta_error *error = NULL;
    if (body->copy == NULL && body->model != NULL && oktai_care_of(operation)->settlement != NULL) {
        error = okta_copy(operation->request, body->model, &body->copy);
    }
    body->model = body->copy;
    return error;
}

void oktai_body_clear(oktai_request_body *body)
{
    okta_free(body->copy);
    oktai_buffer_clear(&body->text);
    oktai_secrets_clear(&body->secrets);
}
