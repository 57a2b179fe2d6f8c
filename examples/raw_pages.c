/* SPDX-License-Identifier: Apache-2.0 */
/* Print every element of a list that comes in pages, one JSON text a line: raw_pages PATH_OR_CURSOR
 *
 * For instance: raw_pages '/api/v1/users?limit=200' */
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static okta_error *print_all(okta_client *client, const char *path)
{
    okta_pages *pages = okta_request_pages(client, path);
    for (const okta_page *page; (page = okta_pages_next(pages)) != NULL;) {
        for (size_t i = 0; i < page->count; i++) {
            fwrite(page->items[i].text, 1, page->items[i].length, stdout);
            putchar('\n');
        }
    }
    okta_error *error = okta_pages_error(pages);
    const char *cursor = okta_pages_cursor(pages);
    if (error != NULL && cursor != NULL) {
        fprintf(stderr, "raw_pages: go on with '%s'\n", cursor);
    }
    okta_free(pages);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: raw_pages PATH_OR_CURSOR\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = print_all(client, argv[1]);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "raw_pages: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(client);
    return exit_code;
}
