/* SPDX-License-Identifier: Apache-2.0 */
/* Is compiled with headers that lack what made_up.py makes up, and finds it among the extras, whether the
 * library that it runs with knows the member or not. What it prints must be the same with both. */
#include <okta/api/user.h>
#include <okta/okta.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void check(okta_error *error, const char *what)
{
    if (error != NULL) {
        failures++;
        printf("before: %s: %s\n", what, okta_error_message(error));
        okta_free(error);
    }
}

static void show(const char *what, const okta_user *user)
{
    const char *dream = okta_extra(user, "aDream");
    const char *alias = okta_extra(user, "anAlias");
    const char *text = okta_extra_text(user, "anAlias");
    char *json = NULL;
    check(okta_to_json(okta_user_descriptor(), user, OKTA_JSON_REQUEST, &json, NULL), what);
    printf("before: %s: %s %s %s %zu %s\n", what, dream != NULL ? dream : "-", alias != NULL ? alias : "-",
           text != NULL ? text : "-", user->model.extra_count, json != NULL ? json : "-");
    okta_free(json);
}

int main(void)
{
    static const char json[] = "{\"aDream\":{\"length\":7,\"deep\":[1]},\"anAlias\":\"a\"}";
    okta_user *user = NULL;
    check(okta_from_json(okta_user_descriptor(), json, strlen(json), &user), "decode");
    if (user == NULL) {
        return 1;
    }
    show("as it came", user);
    okta_user copy = *user;
    copy.model.struct_size = sizeof copy;
    show("copied by value", &copy);
    check(okta_set_extra_text(user, user, "anAlias", "b"), "set");
    check(okta_set_extra(user, user, "aDream", "{\"length\":8}"), "set");
    show("changed", user);
    check(okta_set_extra(user, user, "anAlias", "[5]"), "set");
    check(okta_set_extra(user, user, "aDream", "null"), "set");
    show("of another type", user);
    check(okta_set_extra(user, user, "anAlias", NULL), "remove");
    check(okta_set_extra_text(user, user, "aDream", NULL), "remove");
    show("removed", user);
    check(okta_set_extra_text(user, &copy, "anAlias", "c"), "set");
    show("copied by value and changed", &copy);
    const okta_member extras[] = {{"anAlias", NULL, "mine"}, {"aDream", "{\"length\":9}", NULL}};
    const okta_user own = {.model = OKTA_INIT_EXTRAS(okta_user, extras)};
    show("of its own", &own);
    okta_free(user);
    printf("before: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
