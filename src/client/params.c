/* SPDX-License-Identifier: Apache-2.0 */
#include "client/params.h"

#include <string.h>

#include "client/values.h"
#include "core/error.h"
#include "core/uri.h"

/* The call at work, and what its URL has. */
typedef struct params_writer {
    okta_call *call;
    oktai_values values;
    bool has_query;
    bool *seen; /* one for each row */
} params_writer;

/* An extra is a query parameter that is newer than the library. */
static unsigned flags_of(const params_writer *writer, const oktai_value *value)
{
    const oktai_params *params = writer->call->operation->params;
    return value->row == NULL ? OKTAI_PARAM_REPEATED : params->flags[value->row - params->type->rows];
}

static okta_error *refuse_null(const oktai_value *value)
{
    return value->type == OKTAI_JSON_NULL
               ? oktai_error_new(OKTA_E_ARG, "%s is null, which no parameter can be", value->name)
               : NULL;
}

static bool begin_key(params_writer *writer, const char *name)
{
    oktai_buffer *url = &writer->call->url;
    bool good = oktai_buffer_add_char(url, writer->has_query ? '&' : '?') && oktai_uri_encode(url, name) &&
                oktai_buffer_add_char(url, '=');
    writer->has_query = true;
    return good;
}

static okta_error *add_list(params_writer *writer, oktai_value *value, bool repeated)
{
    oktai_buffer *url = &writer->call->url;
    bool more = false;
    okta_error *error = oktai_values_element(&writer->values, value, &more);
    for (bool first = true; error == NULL && more; first = false) {
        error = refuse_null(value);
        if (error != NULL) {
            break;
        }
        bool good = first || repeated ? begin_key(writer, value->name) : oktai_buffer_add_char(url, ',');
        error = good && oktai_uri_encode(url, value->text)
                    ? oktai_values_element(&writer->values, value, &more)
                    : oktai_error_nomem();
    }
    return error;
}

static okta_error *add_query(params_writer *writer, oktai_value *value, unsigned flags)
{
    if (value->type == OKTAI_JSON_ARRAY) {
        return add_list(writer, value, (flags & OKTAI_PARAM_REPEATED) != 0);
    }
    return begin_key(writer, value->name) && oktai_uri_encode(&writer->call->url, value->text)
               ? NULL
               : oktai_error_nomem();
}

static okta_error *add(params_writer *writer, oktai_value *value)
{
    okta_error *error = refuse_null(value);
    if (error != NULL) {
        return error;
    }
    unsigned flags = flags_of(writer, value);
    if (value->row != NULL) {
        writer->seen[value->row - writer->call->operation->params->type->rows] = true;
    }
    return (flags & OKTAI_PARAM_HEADER) != 0 ? oktai_call_put_header(writer->call, value->name, value->text)
                                             : add_query(writer, value, flags);
}

static okta_error *add_all(params_writer *writer, const void *params)
{
    okta_call *call = writer->call;
    const okta_descriptor *type = call->operation->params->type;
    oktai_value value;
    bool more = false;
    okta_error *error = oktai_values_begin(&writer->values, type, params, &call->body_secrets);
    while (error == NULL) {
        error = oktai_values_next(&writer->values, &value, &more);
        if (error != NULL || !more) {
            break;
        }
        error = add(writer, &value);
    }
    return error;
}

static okta_error *refuse_missing(const params_writer *writer)
{
    const oktai_params *params = writer->call->operation->params;
    for (size_t i = 0; i < params->type->row_count; i++) {
        if ((params->flags[i] & OKTAI_PARAM_REQUIRED) != 0 && !writer->seen[i]) {
            return oktai_error_new(OKTA_E_ARG, "the parameter %s is required", params->type->rows[i].name);
        }
    }
    return NULL;
}

okta_error *oktai_params_add(okta_call *call, const void *params)
{
    params_writer writer = {.call = call};
    if (call->operation->params == NULL) {
        return NULL;
    }
    writer.seen = oktai_arena_zalloc(&writer.values.arena, call->operation->params->type->row_count);
    okta_error *error = writer.seen == NULL ? oktai_error_nomem() : NULL;
    if (error == NULL && params != NULL) {
        error = add_all(&writer, params);
    }
    if (error == NULL) {
        error = refuse_missing(&writer);
    }
    oktai_values_clear(&writer.values);
    return error;
}
