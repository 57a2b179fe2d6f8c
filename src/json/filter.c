/* SPDX-License-Identifier: Apache-2.0 */
/* Strings in filter expressions are those of JSON, and so is what writes them. */
#include "okta/filter.h"

#include <stdbool.h>
#include <string.h>

#include "core/error.h"
#include "json/engine.h"
#include "json/writer.h"

/* Behind the string that begins with the quote at `p`; NULL: it has no end. */
static const char *behind_string(const char *p)
{
    for (p++; *p != '\0' && *p != '"'; p++) {
        if (*p == '\\' && p[1] != '\0') {
            p++;
        }
    }
    return *p == '"' ? p + 1 : NULL;
}

/* Behind what `pattern` has up to the next `?`, or up to its end; NULL: a quote is not closed. */
static const char *behind_fixed_part(const char *p)
{
    while (p != NULL && *p != '\0' && *p != '?') {
        p = *p == '"' ? behind_string(p) : p + 1;
    }
    return p;
}

static okta_error *write_expression(const char *pattern, const char *const *values, oktai_buffer *out)
{
    size_t used = 0;
    for (const char *p = pattern;; p++) {
        const char *end = behind_fixed_part(p);
        if (end == NULL) {
            return oktai_error_new(OKTA_E_ARG, "the filter has a quote that is not closed: %s", pattern);
        }
        if (!oktai_buffer_append(out, p, (size_t)(end - p))) {
            return oktai_error_nomem();
        }
        p = end;
        if (*p == '\0') {
            break;
        }
        const char *value = values[used];
        if (value == NULL) {
            return oktai_error_new(OKTA_E_ARG, "the filter has more ? than its %zu values: %s", used,
                                   pattern);
        }
        used++;
        if (!oktai_write_string(out, value, strlen(value))) {
            return out->failed ? oktai_error_nomem()
                               : oktai_error_new(OKTA_E_ARG, "value %zu of the filter is not UTF-8: %s", used,
                                                 pattern);
        }
    }
    return values[used] == NULL
               ? NULL
               : oktai_error_new(OKTA_E_ARG, "the filter has only %zu ? for its values: %s", used, pattern);
}

okta_error *okta_filter_format(const char *pattern, const char *const *values, char **expression)
{
    if (expression != NULL) {
        *expression = NULL;
    }
    if (pattern == NULL || values == NULL || expression == NULL) {
        return oktai_error_null(pattern == NULL ? "pattern" : values == NULL ? "values" : "expression");
    }
    oktai_buffer text = {0};
    okta_error *error = write_expression(pattern, values, &text);
    if (error == NULL) {
        return oktai_text_hand_out(&text, expression, NULL);
    }
    oktai_buffer_clear(&text);
    return error;
}
