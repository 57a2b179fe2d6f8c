/* SPDX-License-Identifier: Apache-2.0 */
/* Uses all that made_up.py makes up, by the names that it must have in C. */
#include <okta/api/dream.h>
#include <okta/api/org_setting_general.h>
#include <okta/api/policy.h>
#include <okta/api/user.h>
#include <okta/api/user_type.h>
#include <okta/okta.h>
#include <okta/operations.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void check(bool good, const char *what, const okta_error *error)
{
    if (!good) {
        failures++;
        printf("made_up: %s: %s\n", what, error != NULL ? okta_error_message(error) : "is otherwise");
    }
}

static void decode(const okta_descriptor *type, const char *json, void *out)
{
    okta_error *error = okta_from_json(type, json, strlen(json), out);
    check(error == NULL, json, error);
    okta_free(error);
}

static void members_come_at_the_end(void)
{
    okta_user *user = NULL;
    decode(okta_user_descriptor(), "{\"status\":\"DREAMING\",\"aDream\":{\"length\":7},\"anAlias\":\"a\"}",
           &user);
    check(user != NULL && user->status == OKTA_USER_STATUS_DREAMING, "a value of an enum", NULL);
    check(user != NULL && user->a_dream != NULL && user->a_dream->length.value == 7,
          "a member of a made-up schema", NULL);
    check(user != NULL && user->an_alias != NULL && strcmp(user->an_alias, "a") == 0, "a member", NULL);
    check(OKTA_USER_STATUS_DREAMING > OKTA_USER_STATUS_ACTIVE, "the number of a value", NULL);
    okta_free(user);
    okta_access_policy *policy = NULL;
    decode(okta_access_policy_descriptor(), "{\"type\":\"DREAM\",\"dreams\":[\"a\",\"b\"]}", &policy);
    check(policy != NULL && policy->dreams_count == 2, "a member of a variant", NULL);
    okta_free(policy);
}

static void expect(okta_call *call, const char *request, const char *answer, const okta_descriptor *type)
{
    okta_call_add_header(call, "x-function", request);
    okta_call_add_header(call, "x-request", request);
    okta_call_add_header(call, "x-status", "200");
    okta_call_add_header(call, "x-answer", answer);
    okta_error *error = okta_call_run(call);
    check(error == NULL, request, error);
    okta_model *result = error == NULL ? okta_call_take(call, type) : NULL;
    check(result != NULL, request, NULL);
    okta_free(result);
    okta_free(error);
    okta_free(call);
}

static void operations_and_parameters_come(okta_client *client)
{
    okta_get_dream_params deep = {.model = OKTA_INIT(okta_get_dream_params), .is_deep = okta_bool(true)};
    expect(okta_get_dream_call(client, "a", &deep), "GET /api/v1/dreams/a", "{}", okta_dream_descriptor());
    okta_list_users_params users = {.model = OKTA_INIT(okta_list_users_params), .dream = "a"};
    expect(okta_list_users_call(client, &users), "GET /api/v1/users", "[]", okta_user_list_descriptor());
    okta_get_org_settings_params org = {.model = OKTA_INIT(okta_get_org_settings_params), .dream = "a"};
    expect(okta_get_org_settings_with_params_call(client, &org), "GET /api/v1/org", "{}",
           okta_org_setting_descriptor());
    expect(okta_get_org_settings_call(client), "GET /api/v1/org", "{}", okta_org_setting_descriptor());
    expect(okta_get_user_type_list_call(client, "a"), "GET /api/v1/meta/types/user/a", "[{}]",
           okta_user_type_list_descriptor());
    expect(okta_get_user_type_call(client, "a"), "GET /api/v1/meta/types/user/a", "{}",
           okta_user_type_descriptor());
    check(okta_operation_scopes("getDream") != NULL, "the name of an operation", NULL);
}

int main(int argc, char **argv)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = argc == 2 ? argv[1] : "";
    options.token = "made-up";
    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    check(error == NULL, "a client", error);
    members_come_at_the_end();
    operations_and_parameters_come(client);
    okta_free(client);
    okta_free(error);
    printf("made_up: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
