/* SPDX-License-Identifier: Apache-2.0 */
/* Ask the members of a group for a second factor at each sign-in: policy_rule POLICY NAME GROUP
 *
 * POLICY is the id of a policy of the type OKTA_SIGN_ON, GROUP that of a group. The rules of the policy are
 * printed in the order in which Okta tries them. */
#include <okta/api/policy.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static okta_error *add_rule(okta_client *client, const char *policy_id, const char *name,
                            const char *group_id)
{
    okta_group_condition groups = {
        .model = OKTA_INIT(okta_group_condition),
        .include = (const char *[]){group_id},
        .include_count = 1,
    };
    okta_policy_people_condition people = {
        .model = OKTA_INIT(okta_policy_people_condition),
        .groups = &groups,
    };
    okta_policy_rule_conditions conditions = {
        .model = OKTA_INIT(okta_policy_rule_conditions),
        .people = &people,
    };
    okta_okta_sign_on_policy_rule_signon_session_actions session = {
        .model = OKTA_INIT(okta_okta_sign_on_policy_rule_signon_session_actions),
        .max_session_idle_minutes = okta_int(30),
        .use_persistent_cookie = okta_bool(false),
    };
    okta_okta_sign_on_policy_rule_signon_actions signon = {
        .model = OKTA_INIT(okta_okta_sign_on_policy_rule_signon_actions),
        .access = OKTA_OKTA_SIGN_ON_POLICY_RULE_SIGNON_ACTIONS_ACCESS_ALLOW,
        .factor_prompt_mode = OKTA_OKTA_SIGN_ON_POLICY_FACTOR_PROMPT_MODE_ALWAYS,
        .require_factor = okta_bool(true),
        .session = &session,
    };
    okta_policy_rule_actions actions = {
        .model = OKTA_INIT(okta_policy_rule_actions),
        .signon = &signon,
    };
    const okta_policy_rule request = {
        .model = OKTA_INIT(okta_policy_rule),
        .name = name,
        .type = OKTA_POLICY_RULE_TYPE_SIGN_ON,
        .actions = &actions,
        .conditions = &conditions,
    };
    okta_policy_rule *rule = NULL;
    okta_error *error = okta_create_policy_rule(client, policy_id, NULL, &request, &rule);
    okta_free(rule);
    return error;
}

static okta_error *print_rules(okta_client *client, const char *policy_id)
{
    okta_policy_rule_list *rules = NULL;
    okta_error *error = okta_list_policy_rules(client, policy_id, NULL, &rules);
    for (size_t i = 0; error == NULL && i < rules->count; i++) {
        const okta_policy_rule *rule = rules->items[i];
        printf("%lld %s %s %s\n", rule->priority.has ? (long long)rule->priority.value : 0, or_dash(rule->id),
               or_dash(okta_enum_text(rule, "status")), or_dash(rule->name));
    }
    okta_free(rules);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: policy_rule POLICY NAME GROUP\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = add_rule(client, argv[1], argv[2], argv[3]);
    }
    if (error == NULL) {
        error = print_rules(client, argv[1]);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "policy_rule: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(client);
    return exit_code;
}
