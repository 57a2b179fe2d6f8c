/* SPDX-License-Identifier: Apache-2.0 */
#include "client/body.h"

#include <stdio.h>
#include <string.h>

#include "client/multipart.h"
#include "client/values.h"
#include "core/error.h"
#include "json/engine.h"
#include "json/plain.h"

#define FORM "application/x-www-form-urlencoded"

static const char *const *types_of(const okta_call *call)
{
    const oktai_wire *wire = call->operation->wire;
    return wire == NULL ? NULL : wire->body_types;
}

/* The header line for the row's first media type, or for `usual` where it has none. */
static okta_error *set_type(okta_call *call, const char *usual)
{
    const char *const *types = types_of(call);
    return oktai_call_set_body_type(call, types == NULL ? usual : types[0]);
}

okta_error *oktai_body_set_json(okta_call *call, const char *json)
{
    okta_error *error = oktai_engine_check(json, strlen(json), NULL);
    if (okta_error_status(error) == OKTA_E_PROTOCOL) {
        okta_error *refusal = oktai_error_new(OKTA_E_ARG, "body: %s", okta_error_message(error));
        okta_free(error);
        error = refusal;
    }
    call->has_body = true;
    if (error != NULL) {
        return error;
    }
    bool good = oktai_buffer_add_text(&call->body, json) &&
                oktai_secrets_of_raw_body(&call->body_secrets, call->body.data, call->body.length);
    return good ? set_type(call, "application/json") : oktai_error_nomem();
}

static okta_error *set_model(okta_call *call, const void *model)
{
    const oktai_operation *operation = call->operation;
    const oktai_care *care = oktai_care_of(call);
    okta_error *error = care->complete == NULL ? NULL : care->complete(oktai_root_arena(call), &model);
    if (error == NULL && care->check != NULL) {
        error = care->check(model);
    }
    call->model = model;
    if (error == NULL) {
        error = oktai_engine_encode(operation->request, model, OKTA_JSON_REQUEST, &call->body);
    }
    if (error == NULL) {
        error =
            oktai_engine_secrets(operation->request, call->body.data, call->body.length, &call->body_secrets);
    }
    return error == NULL ? set_type(call, "application/json") : error;
}

/* What says in a form who the client is (RFC 6749, section 2.3.1; RFC 7521, section 4.2). */
static bool names_client(const char *name)
{
    return strcmp(name, "client_id") == 0 || strcmp(name, "client_assertion") == 0;
}

static okta_error *put_fields(okta_call *call, const void *model, oktai_values *values)
{
    char separator = '\0';
    oktai_value value;
    bool more = false;
    okta_error *error = oktai_values_begin(values, call->operation->request, model, &call->body_secrets);
    while (error == NULL) {
        error = oktai_values_next(values, &value, &more);
        if (error != NULL || !more) {
            break;
        }
        call->names_client = call->names_client || names_client(value.name);
        error = oktai_values_put(values, &value, true, &separator, &call->body);
    }
    return error;
}

static okta_error *set_form(okta_call *call, const void *model)
{
    oktai_values values = {0};
    okta_error *error = put_fields(call, model, &values);
    oktai_values_clear(&values);
    return error == NULL ? set_type(call, FORM) : error;
}

static okta_error *set_multipart(okta_call *call, const void *model)
{
    char boundary[OKTAI_BOUNDARY_SIZE];
    char type[sizeof "multipart/form-data; boundary=" + OKTAI_BOUNDARY_SIZE];
    const oktai_clock *clock = call->client->clock;
    for (size_t i = 0; i < OKTAI_BOUNDARY_SIZE - 1; i += 8) {
        snprintf(boundary + i, 9, "%08x", (unsigned)clock->random(clock));
    }
    snprintf(type, sizeof type, "multipart/form-data; boundary=%s", boundary);
    okta_error *error = oktai_multipart_write(call, model, boundary);
    return error == NULL ? oktai_call_set_body_type(call, type) : error;
}

/* The one that the program chose, if the operation takes it. */
static okta_error *set_type_of_bytes(okta_call *call, const char *chosen)
{
    const char *const *types = types_of(call);
    if (chosen == NULL) {
        return set_type(call, "application/octet-stream");
    }
    for (size_t i = 0; types != NULL && types[i] != NULL; i++) {
        if (strcmp(chosen, types[i]) == 0) {
            return oktai_call_set_body_type(call, types[i]);
        }
    }
    return oktai_error_new(OKTA_E_ARG, "%s takes no %s", call->operation->name, chosen);
}

static okta_error *set_bytes(okta_call *call, const okta_bytes *bytes)
{
    if (bytes->model.struct_size < sizeof *bytes) {
        return oktai_error_new(OKTA_E_ARG, "okta_bytes has no struct_size: begin it with OKTA_INIT()");
    }
    if (bytes->data == NULL && bytes->length > 0) {
        return oktai_error_null("data");
    }
    return oktai_buffer_append(&call->body, bytes->data == NULL ? "" : bytes->data, bytes->length)
               ? set_type_of_bytes(call, bytes->media_type)
               : oktai_error_nomem();
}

okta_error *oktai_body_set(okta_call *call, const void *body)
{
    const oktai_operation *operation = call->operation;
    if (operation->body == OKTAI_BODY_NONE) {
        return NULL;
    }
    if (body == NULL) {
        bool optional = (operation->flags & OKTAI_OPERATION_BODY_OPTIONAL) != 0;
        return optional ? NULL
                        : oktai_error_null(operation->request == NULL ? "body" : operation->request->schema);
    }
    call->has_body = true;
    switch ((oktai_body)operation->body) {
    case OKTAI_BODY_MODEL:
        return set_model(call, body);
    case OKTAI_BODY_JSON:
        return oktai_body_set_json(call, body);
    case OKTAI_BODY_FORM:
        return set_form(call, body);
    case OKTAI_BODY_MULTIPART:
        return set_multipart(call, body);
    case OKTAI_BODY_BYTES:
        return set_bytes(call, body);
    case OKTAI_BODY_NONE:
        break;
    }
    return NULL;
}
