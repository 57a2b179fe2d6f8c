/* SPDX-License-Identifier: Apache-2.0 */
#include "config/report.h"

#include <stdio.h>
#include <string.h>

#include "config/option_rows.h"
#include "core/buffer.h"
#include "core/error.h"

#define MESSAGE_SIZE     512u
#define UNKNOWN_TOLD_MAX 3u

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

/* What a client is told by: without one of those it cannot be made. */
static const char *const identities[] = {"org_url", "authorization_mode", "token",         "client_id",
                                         "scopes",  "private_key",        "client_secret", "assertion_file"};

static bool is_identity(const oktai_option_row *row)
{
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
        if (strcmp(row->name, identities[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether an unknown name may stand for something that is required and was not set. A name of a file that is
 * near none of them stands for a whole group. */
static bool may_be_missing(const okta_client_options *options, const oktai_unknown_name *unknown)
{
    const oktai_option_row *row = unknown->row;
    return row == NULL ? unknown->nearest != NULL
                       : is_identity(row) && oktai_option_source(row, options) == NULL;
}

/* `name (file:line) is no option; is it meant to be this?` */
static void tell_unknown(const oktai_unknown_name *unknown, char *out, size_t size)
{
    bool is_in_file = strcmp(unknown->source, unknown->name) != 0;
    bool is_near = unknown->nearest != NULL;
    (void)snprintf(out, size, "%.160s%s%.160s%s is no option%s%s%s", unknown->name, is_in_file ? " (" : "",
                   is_in_file ? unknown->source : "", is_in_file ? ")" : "",
                   is_near ? "; is it meant to be " : "", is_near ? unknown->nearest : "",
                   is_near ? "?" : "");
}

static void add_unknown(const okta_client_options *options, oktai_buffer *out)
{
    unsigned told = 0;
    for (size_t i = 0; i < options->origins->unknown_count && told < UNKNOWN_TOLD_MAX; i++) {
        char text[MESSAGE_SIZE];
        if (may_be_missing(options, &options->origins->unknown[i])) {
            tell_unknown(&options->origins->unknown[i], text, sizeof text);
            oktai_buffer_printf(out, "; %s", text);
            told++;
        }
    }
}

okta_error *oktai_options_refuse_missing(const okta_client_options *options, const char *name,
                                         const char *why, const char *advice)
{
    const oktai_option_row *row = oktai_option_rows;
    oktai_buffer text = {0};
    while (strcmp(row->name, name) != 0) {
        row++;
    }
    oktai_buffer_printf(&text, "%s is required%s", name, why);
    /* Options that were not loaded read no variable and no file. */
    if (options->origins != NULL) {
        oktai_buffer_printf(&text, " (%s, or %s in okta.yaml)", row->variable, row->path);
    }
    oktai_buffer_add_text(&text, advice);
    if (options->origins != NULL) {
        add_unknown(options, &text);
    }
    okta_error *error = text.failed ? oktai_error_nomem() : oktai_error_new(OKTA_E_CONFIG, "%s", text.data);
    oktai_buffer_clear(&text);
    return error;
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
        char message[MESSAGE_SIZE] = "configuration: ";
        size_t length = strlen(message);
        if (unknown->is_foreign) {
            continue;
        }
        tell_unknown(unknown, message + length, sizeof message - length);
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
