/* SPDX-License-Identifier: Apache-2.0 */
/* The examples for users, groups, apps, policies, the log and governance, as programs of their own. The
 * answers have the members that Okta's reference describes; the requests are compared with it, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "example_world.h"
#include "expect_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USER_ID  "00u1exampleuser000g4"
#define GROUP_ID "00g1examplegroup00g4"
#define APP_ID   "0oa9exampleapp0000g4"
#define RULES    "/api/v1/policies/00p1examplepolicy0g4/rules"

#define USER(status, team)                                                                                   \
    "{\"id\":\"" USER_ID "\",\"status\":\"" status "\",\"profile\":{\"login\":\"ann@example.com\","          \
    "\"email\":\"ann@example.com\",\"firstName\":\"Ann\",\"lastName\":\"Lee\",\"team\":\"" team "\"}}"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static int set_up(void **state)
{
    *state = example_world_start(NULL);
    return 0;
}

static void run(example_world *f, const char *program, const char *const *arguments)
{
    example_run(f, program, arguments,
                (const char *const[]){"OKTA_CLIENT_TOKEN=mock-token",
                                      "OKTA_LOG_SINCE=2026-01-02T03:04:05.000Z", NULL});
}

static void answer_with(const example_world *f, const char *method, const char *path, unsigned status,
                        const char *const *headers, const char *body)
{
    const mock_fault canned = {
        .method = method, .path_contains = path, .status = status, .headers = headers, .body = body};
    assert_true(mock_org_fail_next(f->org, &canned));
}

static void answer(const example_world *f, const char *method, const char *path, unsigned status,
                   const char *body)
{
    answer_with(f, method, path, status, NULL, body);
}

/* A page, and the path of the one behind it. */
static void answer_page(const example_world *f, const char *path, const char *body, const char *next)
{
    char link[256];
    snprintf(link, sizeof link, "Link: <%s%s>; rel=\"next\"", mock_org_url(f->org), next);
    answer_with(f, "GET", path, 200, (const char *const[]){link, NULL}, body);
}

static void assert_done(const example_world *f, const char *printed)
{
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_string_equal(f->result.out, printed);
}

static void assert_failed(const example_world *f, int exit_code, const char *said)
{
    assert_int_equal(f->result.exit_code, exit_code);
    assert_contains(f->result.err, said);
    assert_lacks(f->result.err, "mock-token");
}

static void assert_request(const example_world *f, size_t index, const char *method, const char *target,
                           const char *body)
{
    const mock_request *request = mock_org_request_at(f->org, index);
    assert_non_null(request);
    assert_string_equal(request->method, method);
    assert_string_equal(request->target, target);
    assert_string_equal(request->body, body);
}

static void each_example_refuses_wrong_arguments(void **state)
{
    static const char *const runs[][5] = {
        {EXAMPLE_USERS, NULL},
        {EXAMPLE_USERS, "add", "ann@example.com", NULL},
        {EXAMPLE_USERS, "rename", "ann@example.com", NULL},
        {EXAMPLE_GROUPS, "red", NULL},
        {EXAMPLE_OIDC_SERVICE_APP, "a label", "key.pem", NULL},
        {EXAMPLE_POLICY_RULE, "00p1", "a name", NULL},
        {EXAMPLE_POLL_LOG, NULL},
        {EXAMPLE_CAMPAIGNS, "ACTIVE", "SCHEDULED", NULL},
    };
    example_world *f = *state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        run(f, runs[i][0], runs[i] + 1);
        assert_failed(f, 2, "usage: ");
        assert_string_equal(f->result.out, "");
    }
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void each_example_reports_a_refusal(void **state)
{
    example_world *f = *state;
    const char *const runs[][5] = {
        {EXAMPLE_USERS, "find", "red", NULL},
        {EXAMPLE_GROUPS, "red", "ann@example.com", NULL},
        {EXAMPLE_OIDC_SERVICE_APP, "a label", f->pem_file, "okta.users.read", NULL},
        {EXAMPLE_POLICY_RULE, "00p1examplepolicy0g4", "a name", GROUP_ID, NULL},
        {EXAMPLE_POLL_LOG, f->state_file, NULL},
        {EXAMPLE_CAMPAIGNS, NULL},
    };
    for (size_t i = 0; i < COUNT(runs); i++) {
        answer(f, NULL, NULL, 403, NULL);
        run(f, runs[i][0], runs[i] + 1);
        assert_failed(f, 1, "E0000006");
        assert_int_equal(mock_org_request_count(f->org), i + 1);
    }
}

static void users_adds_one_with_a_custom_attribute(void **state)
{
    example_world *f = *state;
    answer(f, "POST", "/api/v1/users", 200, USER("ACTIVE", "red"));
    run(f, EXAMPLE_USERS, (const char *const[]){"add", "ann@example.com", "Ann", "Lee", "red", NULL});
    assert_done(f, USER_ID " ann@example.com ACTIVE red\n");
    assert_request(f, 0, "POST", "/api/v1/users",
                   "{\"profile\":{\"email\":\"ann@example.com\",\"firstName\":\"Ann\",\"lastName\":\"Lee\","
                   "\"login\":\"ann@example.com\",\"team\":\"red\"}}");
}

static void users_adds_nobody_twice(void **state)
{
    example_world *f = *state;
    const mock_fault lost = {.method = "POST", .drop_before = true};
    assert_true(mock_org_fail_next(f->org, &lost));
    run(f, EXAMPLE_USERS, (const char *const[]){"add", "ann@example.com", "Ann", "Lee", "red", NULL});
    assert_failed(f, 1, "the outcome is unknown");
    assert_contains(f->result.err, "look whether ann@example.com is there");
    assert_int_equal(mock_org_request_count(f->org), 1);
}

static void users_finds_those_of_a_team_on_all_pages(void **state)
{
    example_world *f = *state;
    answer_page(f, "/api/v1/users", "[" USER("ACTIVE", "red") "]", "/api/v1/users?after=1");
    answer(f, "GET", "/api/v1/users", 200, "[{\"id\":\"00u2\",\"status\":\"ON_LEAVE\"}]");
    run(f, EXAMPLE_USERS, (const char *const[]){"find", "r\"ed", NULL});
    assert_done(f, USER_ID " ann@example.com ACTIVE red\n00u2 - ON_LEAVE -\n");
    assert_request(f, 0, "GET", "/api/v1/users?search=profile.team%20eq%20%22r%5C%22ed%22", "");
    assert_request(f, 1, "GET", "/api/v1/users?after=1", "");
}

static void users_changes_one_attribute_only(void **state)
{
    example_world *f = *state;
    answer(f, "POST", "/api/v1/users/", 200, USER("ACTIVE", "blue"));
    run(f, EXAMPLE_USERS, (const char *const[]){"move", "ann@example.com", "blue", NULL});
    assert_done(f, USER_ID " ann@example.com ACTIVE blue\n");
    assert_request(f, 0, "POST", "/api/v1/users/ann%40example.com", "{\"profile\":{\"team\":\"blue\"}}");
}

static void users_deactivates(void **state)
{
    example_world *f = *state;
    answer(f, "POST", "/lifecycle/deactivate", 200, "{}");
    run(f, EXAMPLE_USERS, (const char *const[]){"remove", USER_ID, NULL});
    assert_done(f, "");
    assert_request(f, 0, "POST", "/api/v1/users/" USER_ID "/lifecycle/deactivate", "");
}

static void groups_puts_users_in_by_their_logins(void **state)
{
    example_world *f = *state;
    answer(f, "POST", "/api/v1/groups", 200,
           "{\"id\":\"" GROUP_ID "\",\"type\":\"OKTA_GROUP\",\"profile\":{\"name\":\"red\"}}");
    answer(f, "GET", "/api/v1/users/ann", 200, USER("ACTIVE", "red"));
    answer(f, "PUT", "/users/" USER_ID, 204, "");
    answer(f, "GET", "/users", 200, "[" USER("ACTIVE", "red") "]");
    run(f, EXAMPLE_GROUPS, (const char *const[]){"red", "ann@example.com", NULL});
    assert_done(f, GROUP_ID " red\n  " USER_ID " ann@example.com\n");
    assert_request(f, 0, "POST", "/api/v1/groups", "{\"profile\":{\"name\":\"red\"}}");
    assert_request(f, 1, "GET", "/api/v1/users/ann%40example.com", "");
    assert_request(f, 2, "PUT", "/api/v1/groups/" GROUP_ID "/users/" USER_ID, "");
    assert_request(f, 3, "GET", "/api/v1/groups/" GROUP_ID "/users", "");
}

static void answer_app(const example_world *f)
{
    answer(f, "POST", "/api/v1/apps", 200,
           "{\"id\":\"" APP_ID "\",\"name\":\"oidc_client\",\"label\":\"reports\",\"status\":\"ACTIVE\","
           "\"signOnMode\":\"OPENID_CONNECT\"}");
}

/* The members that a key of the curve P-256 has, and no private one. */
static void assert_app_request(const example_world *f, const char *kid)
{
    char expected[1024], x[64], y[64];
    const char *body = mock_org_request_at(f->org, 0)->body;
    const char *at = strstr(body, "\"x\":\"");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "\"x\":\"%63[^\"]\",\"y\":\"%63[^\"]\"", x, y), 2);
    snprintf(expected, sizeof expected,
             "{\"label\":\"reports\",\"signOnMode\":\"OPENID_CONNECT\","
             "\"credentials\":{\"oauthClient\":{\"token_endpoint_auth_method\":\"private_key_jwt\"}},"
             "\"name\":\"oidc_client\",\"settings\":{\"oauthClient\":{\"application_type\":\"service\","
             "\"grant_types\":[\"client_credentials\"],\"jwks\":{\"keys\":[{\"kid\":\"%s\",\"kty\":\"EC\","
             "\"alg\":\"ES256\",\"use\":\"sig\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]},"
             "\"response_types\":[\"token\"]}}}",
             kid, x, y);
    assert_request(f, 0, "POST", "/api/v1/apps", expected);
}

static void oidc_service_app_prints_its_own_configuration(void **state)
{
    char expected[1024], kid[64], grant[256];
    example_world *f = *state;
    answer_app(f);
    answer(f, "POST", "/grants", 201, "{\"id\":\"oag1\",\"scopeId\":\"okta.users.read\"}");
    answer(f, "POST", "/grants", 201, "{\"id\":\"oag2\",\"scopeId\":\"okta.groups.read\"}");
    run(f, EXAMPLE_OIDC_SERVICE_APP,
        (const char *const[]){"reports", f->pem_file, "okta.users.read", "okta.groups.read", NULL});
    const char *at = strstr(f->result.out, "PRIVATEKEYID=");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "PRIVATEKEYID=%63[^\n]", kid), 1);
    snprintf(expected, sizeof expected,
             "export OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey\nexport OKTA_CLIENT_CLIENTID=" APP_ID "\n"
             "export OKTA_CLIENT_PRIVATEKEY=%s\nexport OKTA_CLIENT_PRIVATEKEYID=%s\n"
             "export OKTA_CLIENT_SCOPES='okta.users.read okta.groups.read'\n",
             f->pem_file, kid);
    assert_done(f, expected);
    assert_app_request(f, kid);
    snprintf(grant, sizeof grant, "{\"issuer\":\"%s\",\"scopeId\":\"okta.groups.read\"}",
             mock_org_url(f->org));
    assert_request(f, 2, "POST", "/api/v1/apps/" APP_ID "/grants", grant);
    assert_int_equal(mock_org_request_count(f->org), 3);
}

/* The value of a variable in what oidc_service_app printed, as `NAME=VALUE`. */
static void printed_variable(const char *printed, const char *name, char *out, size_t size)
{
    const char *at = strstr(printed, name);
    assert_non_null(at);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
}

static void service_app_signs_in_as_the_app_that_oidc_service_app_made(void **state)
{
    char client_id[96], key_file[160], key_id[96];
    example_world *f = *state;
    run(f, EXAMPLE_OIDC_SERVICE_APP, (const char *const[]){"reports", f->pem_file, "okta.apps.read", NULL});
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    printed_variable(f->result.out, "OKTA_CLIENT_CLIENTID=", client_id, sizeof client_id);
    printed_variable(f->result.out, "OKTA_CLIENT_PRIVATEKEY=", key_file, sizeof key_file);
    printed_variable(f->result.out, "OKTA_CLIENT_PRIVATEKEYID=", key_id, sizeof key_id);
    const char *kid = strchr(key_id, '=') + 1;
    const struct {
        const char *scopes;
        int exit_code;
    } cases[] = {{"OKTA_CLIENT_SCOPES=okta.apps.read", 0}, {"OKTA_CLIENT_SCOPES=okta.users.read", 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const variables[] = {"OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey",
                                         client_id,
                                         key_file,
                                         key_id,
                                         cases[i].scopes,
                                         "NO_PROXY=127.0.0.1",
                                         NULL};
        example_run(f, EXAMPLE_SERVICE_APP, (const char *const[]){strchr(client_id, '=') + 1, NULL},
                    variables);
        assert_int_equal(f->result.exit_code, cases[i].exit_code);
        if (cases[i].exit_code == 0) {
            assert_string_equal(f->result.err, "");
            assert_contains(f->result.out, kid);
            assert_contains(f->result.out, " ACTIVE\n");
        } else {
            assert_contains(f->result.err, "invalid_scope");
        }
    }
}

static void oidc_service_app_names_the_app_that_lacks_a_grant(void **state)
{
    example_world *f = *state;
    answer_app(f);
    answer(f, "POST", "/grants", 403, NULL);
    run(f, EXAMPLE_OIDC_SERVICE_APP, (const char *const[]){"reports", f->pem_file, "okta.users.read", NULL});
    assert_failed(f, 1, "the app " APP_ID " is there; grant it the rest");
    assert_string_equal(f->result.out, "");
}

static void oidc_service_app_never_writes_over_a_key(void **state)
{
    example_world *f = *state;
    FILE *file = fopen(f->pem_file, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    run(f, EXAMPLE_OIDC_SERVICE_APP, (const char *const[]){"reports", f->pem_file, "okta.users.read", NULL});
    assert_failed(f, 1, f->pem_file);
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void policy_rule_asks_a_group_for_a_second_factor(void **state)
{
    example_world *f = *state;
    answer(f, "POST", RULES, 200, "{\"id\":\"0pr2\",\"name\":\"admins\",\"type\":\"SIGN_ON\"}");
    answer(f, "GET", RULES, 200,
           "[{\"id\":\"0pr2\",\"name\":\"admins\",\"priority\":1,\"status\":\"ACTIVE\",\"type\":\"SIGN_ON\"},"
           "{\"id\":\"0pr1\",\"name\":\"Default Rule\",\"priority\":2,\"status\":\"ACTIVE\",\"system\":true,"
           "\"type\":\"SIGN_ON\"}]");
    run(f, EXAMPLE_POLICY_RULE, (const char *const[]){"00p1examplepolicy0g4", "admins", GROUP_ID, NULL});
    assert_done(f, "1 0pr2 ACTIVE admins\n2 0pr1 ACTIVE Default Rule\n");
    assert_request(f, 0, "POST", RULES,
                   "{\"name\":\"admins\",\"type\":\"SIGN_ON\",\"actions\":{\"signon\":{\"access\":\"ALLOW\","
                   "\"factorPromptMode\":\"ALWAYS\",\"requireFactor\":true,\"session\":"
                   "{\"maxSessionIdleMinutes\":30,\"usePersistentCookie\":false}}},"
                   "\"conditions\":{\"people\":{\"groups\":{\"include\":[\"" GROUP_ID "\"]}}}}");
    assert_request(f, 1, "GET", RULES, "");
}

#define EVENT(id)                                                                                            \
    "[{\"uuid\":\"" id "\",\"published\":\"2026-01-02T03:04:06.789Z\","                                      \
    "\"eventType\":\"user.session.start\",\"actor\":{\"alternateId\":\"ann@example.com\"},"                  \
    "\"outcome\":{\"result\":\"SUCCESS\"}}]"
#define EVENT_LINE(id) "2026-01-02T03:04:06.789Z user.session.start ann@example.com SUCCESS " id "\n"

static void assert_state(const example_world *f, const char *expected)
{
    char text[512];
    FILE *file = fopen(f->state_file, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

/* The log of Okta without `until` has a next link on each page, on an empty one as well. */
static void poll_log_goes_on_where_the_last_run_ended(void **state)
{
    example_world *f = *state;
    answer_page(f, "/api/v1/logs", EVENT("e1"), "/api/v1/logs?limit=1000&after=1");
    answer_page(f, "/api/v1/logs", EVENT("e2"), "/api/v1/logs?limit=1000&after=2");
    answer_page(f, "/api/v1/logs", "[]", "/api/v1/logs?limit=1000&after=3");
    run(f, EXAMPLE_POLL_LOG, (const char *const[]){f->state_file, NULL});
    assert_done(f, EVENT_LINE("e1") EVENT_LINE("e2"));
    assert_request(f, 0, "GET", "/api/v1/logs?since=2026-01-02T03%3A04%3A05.000Z&limit=1000", "");
    assert_request(f, 2, "GET", "/api/v1/logs?limit=1000&after=2", "");
    assert_int_equal(mock_org_request_count(f->org), 3);
    assert_state(f, "/api/v1/logs?limit=1000&after=3\n");

    answer_page(f, "/api/v1/logs", EVENT("e3"), "/api/v1/logs?limit=1000&after=4");
    answer_page(f, "/api/v1/logs", "[]", "/api/v1/logs?limit=1000&after=4");
    run(f, EXAMPLE_POLL_LOG, (const char *const[]){f->state_file, NULL});
    assert_done(f, EVENT_LINE("e3"));
    assert_request(f, 3, "GET", "/api/v1/logs?limit=1000&after=3", "");
    assert_state(f, "/api/v1/logs?limit=1000&after=4\n");
}

static void poll_log_keeps_the_cursor_that_the_stand_in_org_gives(void **state)
{
    char cursor[512], again[512];
    example_world *f = *state;
    run(f, EXAMPLE_POLL_LOG, (const char *const[]){f->state_file, NULL});
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_contains(f->result.out, "Z ");
    FILE *file = fopen(f->state_file, "r");
    assert_non_null(file);
    assert_non_null(fgets(cursor, sizeof cursor, file));
    fclose(file);
    assert_contains(cursor, "/api/v1/logs?after=");
    run(f, EXAMPLE_POLL_LOG, (const char *const[]){f->state_file, NULL});
    assert_done(f, "");
    file = fopen(f->state_file, "r");
    assert_non_null(file);
    assert_non_null(fgets(again, sizeof again, file));
    fclose(file);
    assert_string_equal(again, cursor);
}

static void poll_log_loses_nothing_when_a_page_fails(void **state)
{
    example_world *f = *state;
    answer_page(f, "/api/v1/logs", EVENT("e1"), "/api/v1/logs?after=1");
    answer(f, "GET", "/api/v1/logs", 403, NULL);
    run(f, EXAMPLE_POLL_LOG, (const char *const[]){f->state_file, NULL});
    assert_failed(f, 1, "E0000006");
    assert_string_equal(f->result.out, EVENT_LINE("e1"));
    assert_state(f, "/api/v1/logs?after=1\n");
}

static void poll_log_begins_nowhere_else_when_its_cursor_is_damaged(void **state)
{
    static const char *const damaged[] = {"", "/api/v1/logs?aft"};
    example_world *f = *state;
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        FILE *file = fopen(f->state_file, "w");
        assert_non_null(file);
        assert_true(fputs(damaged[i], file) >= 0);
        assert_int_equal(fclose(file), 0);
        run(f, EXAMPLE_POLL_LOG, (const char *const[]){f->state_file, NULL});
        assert_failed(f, 1, f->state_file);
        assert_string_equal(f->result.out, "");
        assert_state(f, damaged[i]);
    }
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void campaigns_lists_those_of_a_status_on_all_pages(void **state)
{
    example_world *f = *state;
    char body[512];
    snprintf(body, sizeof body,
             "{\"data\":[{\"id\":\"ici1\",\"name\":\"quarterly\",\"status\":\"ACTIVE\","
             "\"startDate\":\"2026-01-01T00:00:00.000Z\",\"endDate\":\"2026-02-01T00:00:00.000Z\"}],"
             "\"_links\":{\"next\":{\"href\":\"%s/governance/api/v1/campaigns?after=ici1\"}}}",
             mock_org_url(f->org));
    answer(f, "GET", "/governance/api/v1/campaigns", 200, body);
    answer(f, "GET", "/governance/api/v1/campaigns", 200,
           "{\"data\":[{\"id\":\"ici2\",\"status\":\"ACTIVE\"}],\"_links\":{}}");
    run(f, EXAMPLE_CAMPAIGNS, (const char *const[]){"ACTIVE", NULL});
    assert_done(f, "ici1 ACTIVE 2026-01-01T00:00:00.000Z to 2026-02-01T00:00:00.000Z: quarterly\n"
                   "ici2 ACTIVE - to -: -\n");
    assert_request(f, 0, "GET", "/governance/api/v1/campaigns?filter=status%20eq%20%22ACTIVE%22&limit=200",
                   "");
    assert_request(f, 1, "GET", "/governance/api/v1/campaigns?after=ici1", "");
}

/* The first word of what the last run printed. */
static void first_word(const example_world *f, char word[64])
{
    assert_int_equal(sscanf(f->result.out, "%63s", word), 1);
}

/* Without made-up answers: the stand-in keeps what it is sent. */
static void what_the_examples_make_is_there(void **state)
{
    char user[64], group[64], expected[256];
    example_world *f = *state;
    run(f, EXAMPLE_USERS, (const char *const[]){"add", "ann@example.com", "Ann", "Lee", "red", NULL});
    first_word(f, user);
    run(f, EXAMPLE_USERS, (const char *const[]){"move", user, "blue", NULL});
    run(f, EXAMPLE_GROUPS, (const char *const[]){"painters", user, NULL});
    first_word(f, group);
    snprintf(expected, sizeof expected, "%s painters\n  %s ann@example.com\n", group, user);
    assert_done(f, expected);

    run(f, EXAMPLE_USERS, (const char *const[]){"remove", user, NULL});
    assert_done(f, "");
    run(f, EXAMPLE_USERS, (const char *const[]){"find", "blue", NULL});
    snprintf(expected, sizeof expected, "%s ann@example.com DEPROVISIONED blue\n", user);
    assert_done(f, expected);

    run(f, EXAMPLE_OIDC_SERVICE_APP, (const char *const[]){"reports", f->pem_file, "okta.users.read", NULL});
    assert_string_equal(f->result.err, "");
    assert_contains(f->result.out, "export OKTA_CLIENT_SCOPES='okta.users.read'\n");
    unlink(f->pem_file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, example_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_example_refuses_wrong_arguments),
        TEST(each_example_reports_a_refusal),
        TEST(users_adds_one_with_a_custom_attribute),
        TEST(users_adds_nobody_twice),
        TEST(users_finds_those_of_a_team_on_all_pages),
        TEST(users_changes_one_attribute_only),
        TEST(users_deactivates),
        TEST(groups_puts_users_in_by_their_logins),
        TEST(oidc_service_app_prints_its_own_configuration),
        TEST(service_app_signs_in_as_the_app_that_oidc_service_app_made),
        TEST(oidc_service_app_names_the_app_that_lacks_a_grant),
        TEST(oidc_service_app_never_writes_over_a_key),
        TEST(policy_rule_asks_a_group_for_a_second_factor),
        TEST(poll_log_goes_on_where_the_last_run_ended),
        TEST(poll_log_keeps_the_cursor_that_the_stand_in_org_gives),
        TEST(poll_log_loses_nothing_when_a_page_fails),
        TEST(poll_log_begins_nowhere_else_when_its_cursor_is_damaged),
        TEST(campaigns_lists_those_of_a_status_on_all_pages),
        TEST(what_the_examples_make_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
