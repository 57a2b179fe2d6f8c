/* SPDX-License-Identifier: Apache-2.0 */
/* A program that takes the items of a list by another type. In a library that does not check pointers that is
 * an error, before any request. */
#include <okta/api/user.h>
#include <okta/models/group.h>
#include <okta/okta.h>

#include <stdio.h>
#include <string.h>

static int expect_refusal(okta_pages *pages, const char *is, const char *asked_for)
{
    const okta_group *group = OKTA_NEXT(pages, okta_group);
    okta_error *error = okta_pages_error(pages);
    const char *message = error == NULL ? "no error" : okta_error_message(error);
    int good = group == NULL && okta_error_status(error) == OKTA_E_ARG && strstr(message, is) != NULL &&
               strstr(message, asked_for) != NULL && OKTA_NEXT(pages, okta_group) == NULL;
    printf("%s\n", message);
    okta_free(error);
    okta_free(pages);
    return good;
}

int main(void)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;
    options.org_url = "http://127.0.0.1:1";
    options.token = "00token";
    okta_error *error = okta_client_new(&options, &client);
    int good = error == NULL && expect_refusal(okta_list_users_pages(client, NULL), "User", "Group") &&
               expect_refusal(okta_request_pages(client, "/api/v1/users"), "no model", "Group");
    okta_free(error);
    okta_free(client);
    return good ? 0 : 1;
}
