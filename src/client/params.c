/* SPDX-License-Identifier: Apache-2.0 */
#include "client/params.h"

#include "client/values.h"
#include "core/error.h"

/* The call at work. */
typedef struct params_writer {
    okta_call *call;
    oktai_values values;
    char separator; /* in front of the next query parameter */
    bool *seen;     /* one for each row */
} params_writer;

/* An extra is a query parameter that is newer than the library. */
static unsigned flags_of(const params_writer *writer, const oktai_value *value)
{
    const oktai_params *params = writer->call->operation->params;
    return value->row == NULL ? OKTAI_PARAM_REPEATED : params->flags[value->row - params->type->rows];
}

static okta_error *add(params_writer *writer, oktai_value *value)
{
    unsigned flags = flags_of(writer, value);
    if (value->row != NULL) {
        writer->seen[value->row - writer->call->operation->params->type->rows] = true;
    }
    if ((flags & OKTAI_PARAM_HEADER) == 0) {
        return oktai_values_put(&writer->values, value, (flags & OKTAI_PARAM_REPEATED) != 0,
                                &writer->separator, &writer->call->url);
    }
    okta_error *error = oktai_value_refuse_null(value);
    return error != NULL ? error : oktai_call_put_header(writer->call, value->name, value->text);
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
    params_writer writer = {.call = call, .separator = '?'};
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
