/* SPDX-License-Identifier: Apache-2.0 */
#include "config/check.h"

#include <inttypes.h>

#include "config/option_rows.h"
#include "core/error.h"
#include "core/growing.h"

okta_error *oktai_options_known(const okta_client_options *options, okta_client_options *out)
{
    static const okta_client_options empty = OKTA_CLIENT_OPTIONS_INIT;
    *out = empty;
    return oktai_growing_copy(options, offsetof(okta_client_options, log_ctx) + sizeof(void *), out,
                              "options", "OKTA_CLIENT_OPTIONS_INIT");
}

/* Where 0 is the default, the least that says something is 1. */
static okta_error *refuse_number(const oktai_option_row *row, int64_t max)
{
    oktai_buffer limit = {0};
    int64_t min = row->type == OKTAI_OPTION_INT64 && row->min == 0 ? 1 : row->min;
    oktai_buffer_add_grouped(&limit, max);
    okta_error *error = limit.failed ? oktai_error_nomem()
                                     : oktai_error_new(OKTA_E_CONFIG, "%s must be %" PRId64 " to %s",
                                                       row->name, min, limit.data);
    oktai_buffer_clear(&limit);
    return error;
}

/* A program may allow a body of any size; the limit of a file or variable is there for slips of the pen. */
static okta_error *check_number(const oktai_option_row *row, int64_t number)
{
    int64_t max = row->max * oktai_option_scale(row);
    bool ok = row->type == OKTAI_OPTION_SIZE || (number >= row->min && number <= max);
    return ok ? NULL : refuse_number(row, max);
}

static okta_error *check_choice(const oktai_option_row *row, int64_t number)
{
    int64_t count = 0;
    while (row->choices[count] != NULL) {
        count++;
    }
    return number < count ? NULL : oktai_option_refuse_choice(row, row->name);
}

static okta_error *check_text(const oktai_option_row *row, const char *text)
{
    okta_error *error = row->check == NULL ? NULL : row->check(text);
    return oktai_option_name_error(row->name, error);
}

okta_error *oktai_options_check(const okta_client_options *options)
{
    okta_error *error = NULL;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS && error == NULL; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (row->type == OKTAI_OPTION_PART || row->type == OKTAI_OPTION_POINTER ||
            !oktai_option_is_set(row, options)) {
            continue;
        }
        if (row->type == OKTAI_OPTION_TEXT) {
            error = check_text(row, oktai_option_text(row, options));
        } else if (row->type == OKTAI_OPTION_CHOICE) {
            error = check_choice(row, oktai_option_number(row, options));
        } else {
            error = check_number(row, oktai_option_number(row, options));
        }
    }
    return error;
}

void oktai_options_complete(okta_client_options *options)
{
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (row->max != 0 && row->type != OKTAI_OPTION_PART && !oktai_option_is_set(row, options)) {
            oktai_option_set_number(row, options, row->fallback);
        }
    }
}
