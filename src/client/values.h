/* SPDX-License-Identifier: Apache-2.0 */
/* What is set in a model, as text: for queries, headers and forms, which are not JSON. */
#ifndef OKTA_CLIENT_VALUES_H
#define OKTA_CLIENT_VALUES_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/redaction.h"
#include "okta/error.h"
#include "json/descriptor.h"
#include "json/reader.h"

/* A walk over the members of a model, its extras at the end. Zeroed before it begins; cleared by the caller.
 */
typedef struct oktai_values {
    const okta_descriptor *type;
    oktai_buffer json;
    oktai_arena arena;
    oktai_reader reader;
    bool first;
    oktai_reader list; /* of the value at hand */
    bool first_element;
} oktai_values;

/* One of them. The texts live as long as the walk. */
typedef struct oktai_value {
    const char *name;
    const oktai_row *row; /* NULL: an extra without a row */
    oktai_json_type type;
    const char *text; /* NUL-terminated: a string unescaped, any other value as JSON */
} oktai_value;

/* Begin. `secrets` receives the values of secret members. Errors: those of oktai_engine_encode(). */
okta_error *oktai_values_begin(oktai_values *values, const okta_descriptor *type, const void *model,
                               oktai_secrets *secrets);

/* The next member. `*out_more` is false behind the last one. Errors: OKTA_E_NOMEM. */
okta_error *oktai_values_next(oktai_values *values, oktai_value *out, bool *out_more);

/* The next element of the array at hand, in place of it. */
okta_error *oktai_values_element(oktai_values *values, oktai_value *value, bool *out_more);

/* NULL, or OKTA_E_ARG: it is null, and the text cannot say so. */
okta_error *oktai_value_refuse_null(const oktai_value *value);

/* Append the value as `name=text`, percent-encoded (RFC 3986, section 2.1), behind a separator; '\0': none.
 * Of a list all elements stand in one pair between commas, or each in a pair of its own where it is
 * `repeated`, and nothing is appended for an empty one. `*separator` becomes '&' with the first pair. Errors:
 * OKTA_E_ARG (null), OKTA_E_NOMEM. */
okta_error *oktai_values_put(oktai_values *values, oktai_value *value, bool repeated, char *separator,
                             oktai_buffer *out);

void oktai_values_clear(oktai_values *values);

#endif
