/* SPDX-License-Identifier: Apache-2.0 */
/* Any request of the org's APIs. */
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "files.h"
#include "output.h"
#include "report.h"

#define SECRETS_PATH "/credentials/secrets"

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* One character of a path, percent-decoded; `*path` moves behind it. */
static char next_character(const char **path)
{
    const char *at = *path;
    int high = at[0] == '%' ? hex_digit(at[1]) : -1;
    int low = high >= 0 ? hex_digit(at[2]) : -1;
    *path = at + (low >= 0 ? 3 : 1);
    return low >= 0 ? (char)(high * 16 + low) : at[0];
}

static bool begins_with_secrets(const char *path)
{
    for (const char *expected = SECRETS_PATH; *expected != '\0'; expected++) {
        char got = *path == '\0' ? '\0' : next_character(&path);
        if (got >= 'A' && got <= 'Z') {
            got = (char)(got - 'A' + 'a');
        }
        if (got != *expected) {
            return false;
        }
    }
    return true;
}

/* Whether answers of this path hold client secrets. Spellings that a server may take for the same path count
 * too: escapes and capitals. */
static bool holds_secrets(const char *path)
{
    for (; *path != '\0' && *path != '?'; path++) {
        if (begins_with_secrets(path)) {
            return true;
        }
    }
    return false;
}

static const okta_descriptor *mask_for(const command_line *options, bool is_list)
{
    if (options_has(options, OPTION_SHOW_SECRETS) || !holds_secrets(options->arguments[1])) {
        return NULL;
    }
    return is_list ? okta_oauth2_client_secret_list_descriptor() : okta_oauth2_client_secret_descriptor();
}

static int print_all_pages(const command_line *options, okta_client *client)
{
    okta_pages *pages = okta_request_pages(client, options->arguments[1]);
    if (options_has(options, OPTION_MEMBER)) {
        okta_pages_set_list(pages, options_value(options, OPTION_MEMBER));
    }
    output_array array = {.mask = mask_for(options, false)};
    okta_error *error = NULL;
    const okta_page *page = NULL;
    while (error == NULL && output_works() && (page = okta_pages_next(pages)) != NULL) {
        for (size_t i = 0; i < page->count && error == NULL; i++) {
            error = output_array_add(&array, page->items[i].text, page->items[i].length);
        }
    }
    if (error == NULL) {
        error = okta_pages_error(pages);
    }
    int code = EXIT_DONE;
    if (error == NULL) {
        output_array_end(&array);
    } else if (array.count > 0) {
        /* The array stays open: nobody can take a part of the list for the whole. */
        output_array_cut(&array);
        const char *cursor = okta_pages_cursor(pages);
        code = report_error(error, "%zu items were printed; the rest begins at %s", array.count,
                            cursor == NULL ? "an unknown page" : cursor);
    } else {
        code = report_error(error, NULL);
    }
    okta_free(pages);
    return code;
}

static int report_call(okta_error *error)
{
    bool is_open = okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN;
    return report_error(error, is_open ? "look at what is there before you repeat it" : NULL);
}

static int send_request(const command_line *options, okta_client *client, const char *body)
{
    okta_call *call = okta_request_call(client, options->arguments[0], options->arguments[1], body);
    int code = report_call(okta_call_run(call));
    if (code == EXIT_DONE) {
        size_t length = 0;
        const char *answer = okta_call_body(call, &length);
        if (answer != NULL && length > 0) {
            bool is_list = answer[strspn(answer, " \t\r\n")] == '[';
            code = report_error(output_text(mask_for(options, is_list), answer, length), NULL);
        }
    }
    okta_free(call);
    return code;
}

int command_request(const command_line *options, okta_client *client)
{
    const char *path = options_value(options, OPTION_DATA);
    if (options_has(options, OPTION_ALL_PAGES)) {
        if (strcmp(options->arguments[0], "GET") != 0 || path != NULL) {
            return report(EXIT_USAGE,
                          "--all-pages goes with GET and without --data; see okta-keys help request");
        }
        return print_all_pages(options, client);
    }
    if (options_has(options, OPTION_MEMBER)) {
        return report(EXIT_USAGE, "--member goes with --all-pages; see okta-keys help request");
    }
    file_text body = {0};
    int code = path == NULL ? EXIT_DONE : file_read(path, FILES_BODY_MAX, &body);
    if (code == EXIT_DONE) {
        code = send_request(options, client, body.text);
    }
    file_text_clear(&body);
    return code;
}
