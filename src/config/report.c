/* SPDX-License-Identifier: Apache-2.0 */
#include "config/report.h"

#include <stdio.h>
#include <string.h>

#include "config/option_rows.h"
#include "core/error.h"

#define MESSAGE_SIZE 512u

static bool begins_with(const char *message, const char *name)
{
    size_t length = strlen(name);
    return strncmp(message, name, length) == 0 && (message[length] == ' ' || message[length] == ':');
}

/* The place of the option that a message begins with; NULL: the program itself set it. */
static const char *place_of(const okta_client_options *options, const char *message)
{
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (row->type != OKTAI_OPTION_PART && begins_with(message, row->name)) {
            return oktai_option_place(options, row->name);
        }
    }
    return NULL;
}

okta_error *oktai_options_name_place(const okta_client_options *options, okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_CONFIG) {
        return error;
    }
    const char *place = place_of(options, okta_error_message(error));
    if (place == NULL) {
        return error;
    }
    okta_error *named = oktai_error_new(OKTA_E_CONFIG, "%.300s: %s", place, okta_error_message(error));
    okta_free(error);
    return named;
}

void oktai_options_warn(const okta_client_options *options)
{
    const struct okta_option_origins *origins = options->origins;
    bool is_heard = options->log != NULL && options->log_level >= OKTA_LOG_WARN;
    if (origins == NULL || !is_heard || atomic_flag_test_and_set(origins->warned)) {
        return;
    }
    for (size_t i = 0; i < origins->unknown_count; i++) {
        const oktai_unknown_name *unknown = &origins->unknown[i];
        char message[MESSAGE_SIZE];
        if (unknown->is_foreign) {
            continue;
        }
        bool is_in_file = strcmp(unknown->source, unknown->name) != 0;
        bool is_near = unknown->nearest != NULL;
        (void)snprintf(message, sizeof message, "configuration: %.160s%s%.160s%s is no option%s%s%s",
                       unknown->name, is_in_file ? " (" : "", is_in_file ? unknown->source : "",
                       is_in_file ? ")" : "", is_near ? "; is it meant to be " : "",
                       is_near ? unknown->nearest : "", is_near ? "?" : "");
        const okta_log_event event = {
            .struct_size = sizeof event,
            .level = OKTA_LOG_WARN,
            .message = message,
            .operation = "configuration",
            .method = "",
        };
        options->log(options->log_ctx, &event);
    }
}
