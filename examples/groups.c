/* SPDX-License-Identifier: Apache-2.0 */
/* Make a group, put users into it by their logins, and list it: groups NAME LOGIN... */
#include <okta/api/group.h>
#include <okta/api/user.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static okta_error *make_group(okta_client *client, const char *name, okta_group **group)
{
    okta_group_profile profile = {
        .model = OKTA_INIT(okta_group_profile),
        .name = name,
    };
    const okta_add_group_request request = {
        .model = OKTA_INIT(okta_add_group_request),
        .profile = &profile,
    };
    okta_error *error = okta_add_group(client, &request, group);
    if (okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN) {
        fprintf(stderr, "groups: look whether %s is there before you try again\n", name);
    }
    return error;
}

/* getUser takes a login for an id; a membership takes the id itself. Who is a member already stays one: this
 * is a PUT, which says how it shall be. */
static okta_error *put_in(okta_client *client, const char *group_id, const char *login)
{
    okta_user_get_singleton *user = NULL;
    okta_error *error = okta_get_user(client, login, NULL, &user);
    if (error == NULL) {
        error = okta_assign_user_to_group(client, group_id, user->id);
    }
    okta_free(user);
    return error;
}

static okta_error *print_members(okta_client *client, const char *group_id)
{
    okta_pages *pages = okta_list_group_users_pages(client, group_id, NULL);
    for (okta_user *user; (user = OKTA_NEXT(pages, okta_user)) != NULL;) {
        printf("  %s %s\n", or_dash(user->id), or_dash(user->profile != NULL ? user->profile->login : NULL));
    }
    okta_error *error = okta_pages_error(pages);
    okta_free(pages);
    return error;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: groups NAME LOGIN...\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_group *group = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = make_group(client, argv[1], &group);
    }
    for (int i = 2; error == NULL && i < argc; i++) {
        error = put_in(client, group->id, argv[i]);
    }
    if (error == NULL) {
        printf("%s %s\n", or_dash(group->id), argv[1]);
        error = print_members(client, group->id);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "groups: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(group);
    okta_free(client);
    return exit_code;
}
