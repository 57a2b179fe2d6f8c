/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a user, with a custom attribute of the org, `team`:
 *
 *   users add LOGIN FIRST_NAME LAST_NAME TEAM    create and activate
 *   users find TEAM                              who is in a team
 *   users move LOGIN TEAM                        change the custom attribute, and nothing else
 *   users remove LOGIN                           deactivate; nobody can sign in as the user any more */
#include <okta/api/user.h>
#include <okta/api/user_lifecycle.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static void print_user(const okta_user *user)
{
    const okta_user_profile *profile = user->profile;
    printf("%s %s %s %s\n", or_dash(user->id), or_dash(profile != NULL ? profile->login : NULL),
           or_dash(okta_enum_text(user, "status")),
           or_dash(profile != NULL ? okta_extra_text(profile, "team") : NULL));
}

static okta_error *add(okta_client *client, char **words)
{
    const okta_member custom[] = {{.name = "team", .text = words[3]}};
    okta_user_profile profile = {
        .model = OKTA_INIT_EXTRAS(okta_user_profile, custom),
        .login = words[0],
        .email = words[0],
        .first_name = words[1],
        .last_name = words[2],
    };
    const okta_create_user_request request = {
        .model = OKTA_INIT(okta_create_user_request),
        .profile = &profile,
    };
    okta_user *user = NULL;
    okta_error *error = okta_create_user(client, NULL, &request, &user);
    if (error == NULL) {
        print_user(user);
    } else if (okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN) {
        fprintf(stderr, "users: look whether %s is there before you try again\n", words[0]);
    }
    okta_free(user);
    return error;
}

static okta_error *find(okta_client *client, char **words)
{
    char *search = NULL;
    okta_error *error =
        okta_filter_format("profile.team eq ?", (const char *const[]){words[0], NULL}, &search);
    if (error != NULL) {
        return error;
    }
    const okta_list_users_params params = {
        .model = OKTA_INIT(okta_list_users_params),
        .search = search,
    };
    okta_pages *pages = okta_list_users_pages(client, &params);
    for (okta_user *user; (user = OKTA_NEXT(pages, okta_user)) != NULL;) {
        print_user(user);
    }
    error = okta_pages_error(pages);
    okta_free(pages);
    okta_free(search);
    return error;
}

/* An update leaves alone what it does not name, so it names one attribute only. */
static okta_error *move(okta_client *client, char **words)
{
    const okta_member custom[] = {{.name = "team", .text = words[1]}};
    okta_user_profile profile = {.model = OKTA_INIT_EXTRAS(okta_user_profile, custom)};
    const okta_update_user_request request = {
        .model = OKTA_INIT(okta_update_user_request),
        .profile = &profile,
    };
    okta_user *user = NULL;
    okta_error *error = okta_update_user(client, words[0], NULL, &request, &user);
    if (error == NULL) {
        print_user(user);
    }
    okta_free(user);
    return error;
}

static okta_error *deactivate(okta_client *client, char **words)
{
    return okta_deactivate_user(client, words[0], NULL);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int words;
        okta_error *(*run)(okta_client *client, char **words);
    } commands[] = {{"add", 4, add}, {"find", 1, find}, {"move", 2, move}, {"remove", 1, deactivate}};
    size_t i = 0;
    while (i < sizeof commands / sizeof commands[0] &&
           !(argc == commands[i].words + 2 && strcmp(argv[1], commands[i].name) == 0)) {
        i++;
    }
    if (i == sizeof commands / sizeof commands[0]) {
        fprintf(stderr, "usage: users add LOGIN FIRST_NAME LAST_NAME TEAM | find TEAM | move LOGIN TEAM | "
                        "remove LOGIN\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = commands[i].run(client, argv + 2);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "users: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(client);
    return exit_code;
}
