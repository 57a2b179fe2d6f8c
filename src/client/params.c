/* SPDX-License-Identifier: Apache-2.0 */
#include "client/params.h"

#include "client/values.h"
#include "core/error.h"
#include "core/uri.h"

/* Parameters that are being written. */
typedef struct params_writer {
    const oktai_params *rows;
    const oktai_params_target *target;
    oktai_values values;
    char separator; /* in front of the next query parameter */
    bool *seen;     /* one for each row */
} params_writer;

/* The first parameter with which the URL is too long is the one that is named. */
static okta_error *add_to_query(params_writer *writer, oktai_value *value, bool repeated)
{
    oktai_buffer *url = writer->target->url;
    okta_error *error = oktai_values_put(&writer->values, value, repeated, &writer->separator, url);
    return error == NULL && url->length > OKTAI_URL_MAX
               ? oktai_error_new(OKTA_E_ARG, "the parameter %s makes a URL of more than %u bytes",
                                 value->name, OKTAI_URL_MAX)
               : error;
}

/* An extra is a query parameter that is newer than the library. */
static okta_error *add(params_writer *writer, oktai_value *value)
{
    const oktai_params_target *target = writer->target;
    size_t number = value->row == NULL ? 0 : (size_t)(value->row - writer->rows->type->rows);
    unsigned flags = value->row == NULL ? OKTAI_PARAM_REPEATED : writer->rows->flags[number];
    if (value->row != NULL) {
        writer->seen[number] = true;
    }
    if ((flags & OKTAI_PARAM_HEADER) == 0) {
        return add_to_query(writer, value, (flags & OKTAI_PARAM_REPEATED) != 0);
    }
    okta_error *error = oktai_value_refuse_null(value);
    return error != NULL ? error
                         : oktai_own_headers_put(target->headers, target->arena, value->name, value->text);
}

static okta_error *add_all(params_writer *writer, const void *params)
{
    oktai_value value;
    bool more = false;
    okta_error *error =
        oktai_values_begin(&writer->values, writer->rows->type, params, writer->target->secrets);
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
    const oktai_params *rows = writer->rows;
    for (size_t i = 0; i < rows->type->row_count; i++) {
        if ((rows->flags[i] & OKTAI_PARAM_REQUIRED) != 0 && !writer->seen[i]) {
            return oktai_error_new(OKTA_E_ARG, "the parameter %s is required", rows->type->rows[i].name);
        }
    }
    return NULL;
}

okta_error *oktai_params_write(const oktai_params *rows, const void *params,
                               const oktai_params_target *target)
{
    params_writer writer = {.rows = rows, .target = target, .separator = '?'};
    if (rows == NULL) {
        return NULL;
    }
    writer.seen = oktai_arena_zalloc(&writer.values.arena, rows->type->row_count);
    okta_error *error = NULL;
    if (writer.seen == NULL) {
        error = oktai_error_nomem();
    } else {
        error = params != NULL ? add_all(&writer, params) : NULL;
        error = error == NULL ? refuse_missing(&writer) : error;
    }
    oktai_values_clear(&writer.values);
    return error;
}
