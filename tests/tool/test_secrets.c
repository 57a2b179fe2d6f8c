/* SPDX-License-Identifier: Apache-2.0 */
/* The secrets of an app: what is shown of them, and what is not. */
#include <stdio.h>

#include "test_groups.h"
#include "tool_world.h"

#define SECRETS "/api/v1/apps/" MOCK_WEB_APP "/credentials/secrets"
#define HIDDEN  "canary-0123456789"
#define SECRET_BEFORE                                                                                        \
    "{ \"id\":\"ocs1\", \"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:58.000Z\", \"client_secret\" "  \
    ": "
#define SECRET_AFTER " ,\"secret_hash\":\"h-1\",\"future\":[1.0] }"
#define SECRET       SECRET_BEFORE "\"" HIDDEN "\"" SECRET_AFTER
#define MASKED       SECRET_BEFORE "\"***\"" SECRET_AFTER

static void put_secret(const tool_world *world)
{
    assert_true(mock_org_put(world->org, APP, "secrets", SECRET));
}

static void masks_secrets_unless_asked(void **state)
{
    tool_world *world = *state;
    RUN(world, "secrets", "list", APP);
    assert_exit(world, 0);
    assert_out(world, "no secrets\n");
    put_secret(world);
    RUN(world, "secrets", "list", APP);
    assert_exit(world, 0);
    assert_out(world, "ID    CLIENT SECRET  SECRET HASH  STATUS  CREATED\n"
                      "ocs1  ***            h-1          ACTIVE  2026-01-06T19:50:58.000Z\n");
    RUN(world, "secrets", "list", APP, "--show-secrets");
    assert_exit(world, 0);
    assert_out_has(world, "ocs1  " HIDDEN "  h-1 ");
    RUN(world, "secrets", "list", APP, "--json");
    assert_exit(world, 0);
    assert_out(world, "[" MASKED "]\n");
    RUN(world, "secrets", "list", APP, "--json", "--show-secrets");
    assert_exit(world, 0);
    assert_out(world, "[" SECRET "]\n");
}

static void shows_one_secret(void **state)
{
    tool_world *world = *state;
    put_secret(world);
    RUN(world, "secrets", "get", APP, "ocs1");
    assert_exit(world, 0);
    assert_out(world, "ID             ocs1\n"
                      "CLIENT SECRET  ***\n"
                      "SECRET HASH    h-1\n"
                      "STATUS         ACTIVE\n"
                      "CREATED        2026-01-06T19:50:58.000Z\n"
                      "LAST UPDATED   -\n");
    RUN(world, "secrets", "get", APP, "ocs1", "--show-secrets");
    assert_out_has(world, "\nCLIENT SECRET  " HIDDEN "\n");
    RUN(world, "secrets", "get", APP, "ocs1", "--json");
    assert_out(world, MASKED "\n");
    RUN(world, "secrets", "get", APP, "ocs1", "--json", "--show-secrets");
    assert_out(world, SECRET "\n");
    RUN(world, "secrets", "get", APP, "ocs2");
    assert_exit(world, 3);
    assert_err_has(world, "There is no OAuth2ClientSecret with the id ocs2");
}

static void masks_a_secret_of_any_json_type(void **state)
{
    static const char *const values[] = {"12345", "[\"" HIDDEN "\"]", "{\"a\":\"" HIDDEN "\"}",
                                         "\"c\\u0061nary\""};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char body[512];
        (void)snprintf(body, sizeof body, "[" SECRET_BEFORE "%s" SECRET_AFTER "]", values[i]);
        mock_fault fault = {.status = 200, .body = body, .times = 2};
        assert_true(mock_org_fail_next(world->org, &fault));
        RUN(world, "secrets", "list", APP, "--json");
        assert_exit(world, 0);
        assert_out(world, "[" MASKED "]\n");
        RUN(world, "secrets", "list", APP);
        assert_exit(world, 0);
        assert_lacks(world->out, "c\\u0061nary");
        assert_lacks(world->out, "canary");
    }
}

static void creates_a_secret_that_okta_makes(void **state)
{
    tool_world *world = *state;
    RUN(world, "secrets", "create", APP);
    assert_exit(world, 0);
    assert_requests(world, 2);
    assert_string_equal(world_request(world, 0)->method, "GET");
    assert_string_equal(world_request(world, 0)->target, SECRETS);
    assert_string_equal(world_request(world, 1)->method, "POST");
    assert_string_equal(world_request(world, 1)->target, SECRETS);
    assert_int_equal(world_request(world, 1)->body_length, 0);
    assert_out_has(world, "CLIENT SECRET  ***\n");
    assert_err_has(world, "note: Okta made the secret; to see it, run: okta-keys secrets get " APP " ocs");
    assert_err_has(world, " --show-secrets\n");
    assert_one_line(world);
    RUN(world, "secrets", "create", APP, "--status", "INACTIVE", "--show-secrets");
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 1)->body, "{\"status\":\"INACTIVE\"}");
    assert_out_has(world, "STATUS         INACTIVE\n");
    assert_lacks(world->out, "***");
    assert_err(world, "");
    RUN(world, "secrets", "create", APP);
    assert_exit(world, 1);
    assert_err_has(world, "The app holds two secrets");
}

static void creates_a_secret_of_ones_own(void **state)
{
    static const char *const texts[] = {"my own \"secret\" ~42", "my own \"secret\" ~42\n",
                                        "my own \"secret\" ~42\r\n"};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mock_org_options options = {.users = 0};
        world_restart(world, &options);
        RUN(world, "secrets", "create", APP, "--secret-file", world_write(world, "own", texts[i]), "--json");
        assert_exit(world, 0);
        assert_string_equal(world_request(world, 0)->body,
                            "{\"client_secret\":\"my own \\\"secret\\\" ~42\"}");
        assert_out_has(world, "\"client_secret\":\"***\"");
        assert_lacks(world->out, "my own");
        assert_err(world, "");
    }
    world->input = "from standard input\n";
    RUN(world, "secrets", "create", APP, "--secret-file=-");
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 0)->body, "{\"client_secret\":\"from standard input\"}");
}

static void refuses_a_secret_that_is_not_one_line(void **state)
{
    static const char *const texts[] = {"",
                                        "\n",
                                        "two\nlines of text",
                                        "long enough \xc3\xa9",
                                        "tab\there and there",
                                        "long enough line\n\n"};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        RUN(world, "secrets", "create", APP, "--secret-file", world_write(world, "own", texts[i]));
        assert_exit(world, 2);
        assert_one_line(world);
        assert_requests(world, 0);
        assert_lacks(world->err, "long enough");
    }
    RUN(world, "secrets", "create", APP, "--secret-file", world_write(world, "own", "too short"));
    assert_exit(world, 1);
    assert_err_has(world, "client_secret is shorter than 14 characters");
    assert_lacks(world->err, "too short");
}

static void life_of_a_secret(void **state)
{
    tool_world *world = *state;
    put_secret(world);
    RUN(world, "secrets", "create", APP);
    assert_exit(world, 0);
    RUN(world, "secrets", "delete", APP, "ocs1");
    assert_exit(world, 1);
    assert_err_has(world, "An active secret is not deleted; deactivate it first");
    RUN(world, "secrets", "deactivate", APP, "ocs1");
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 0)->target, SECRETS "/ocs1/lifecycle/deactivate");
    assert_out_has(world, "STATUS         INACTIVE\n");
    assert_lacks(world->out, HIDDEN);
    RUN(world, "secrets", "activate", APP, "ocs1", "--json");
    assert_exit(world, 0);
    assert_out_has(world, "\"status\":\"ACTIVE\"");
    assert_lacks(world->out, HIDDEN);
    RUN(world, "secrets", "deactivate", APP, "ocs1", "--json", "--show-secrets");
    assert_out_has(world, HIDDEN);
    RUN(world, "secrets", "delete", APP, "ocs1");
    assert_exit(world, 0);
    assert_out(world, "deleted secret ocs1\n");
    RUN(world, "secrets", "delete", APP, "ocs1", "--json");
    assert_exit(world, 3);
    assert_out(world, "");
}

static void says_how_to_find_out_about_a_lost_answer(void **state)
{
    tool_world *world = *state;
    mock_fault lost = {.method = "POST", .drop_after = true};
    mock_fault blind = {.method = "GET", .status = 403};
    assert_true(mock_org_fail_next(world->org, &lost));
    assert_true(mock_org_fail_next(world->org, &blind));
    RUN(world, "secrets", "create", APP, "--secret-file", world_write(world, "own", HIDDEN));
    assert_exit(world, 7);
    assert_one_line(world);
    assert_err_has(world, "to find out, run: okta-keys secrets list " APP "\n");
    assert_lacks(world->err, HIDDEN);
    assert_requests(world, 2);
}

static void finds_the_secret_whose_answer_was_lost(void **state)
{
    tool_world *world = *state;
    mock_fault lost = {.method = "POST", .drop_after = true};
    assert_true(mock_org_fail_next(world->org, &lost));
    RUN(world, "secrets", "create", APP, "--secret-file", world_write(world, "own", HIDDEN));
    assert_exit(world, 0);
    assert_err(world, "");
    assert_out_has(world, "CLIENT SECRET  ***\n");
    assert_lacks(world->out, HIDDEN);
    assert_requests(world, 2);
}

/* Which of them is Okta's answer to this call, nobody can tell. */
static void names_the_secret_that_is_new(void **state)
{
    tool_world *world = *state;
    mock_fault lost = {.method = "POST", .drop_after = true};
    put_secret(world);
    assert_true(mock_org_fail_next(world->org, &lost));
    RUN(world, "secrets", "create", APP);
    assert_exit(world, 7);
    assert_one_line(world);
    assert_requests(world, 3);
    assert_err_has(world, "; 1 is there that was not before: ocs");
    assert_lacks(world->err, "before: ocs1");
    assert_lacks(world->err, ", ocs1");
    assert_err_has(world, "to find out, run: okta-keys secrets list " APP "\n");
}

/* A page of a gateway in the place of the list would fill the screen: only so many are named. */
static void names_at_most_eight_secrets_in_one_line(void **state)
{
    tool_world *world = *state;
    mock_fault none = {.method = "GET", .status = 200, .body = "[]"};
    mock_fault many = {.method = "GET",
                       .status = 200,
                       .body = "[{\"id\":\"s1\"},{\"id\":\"s2\"},{\"id\":\"s3\"},{\"id\":\"s4\"},"
                               "{\"id\":\"s5\"},{\"id\":\"s6\"},{\"id\":\"s7\"},{\"id\":\"s8\\u001b\"},"
                               "{\"id\":\"s9\"},{\"id\":\"s10\"}]"};
    mock_fault lost = {.method = "POST", .drop_after = true};
    assert_true(mock_org_fail_next(world->org, &none));
    assert_true(mock_org_fail_next(world->org, &many));
    assert_true(mock_org_fail_next(world->org, &lost));
    RUN(world, "secrets", "create", APP);
    assert_exit(world, 7);
    assert_one_line(world);
    assert_err_has(world,
                   "; 10 are there that were not before: s1, s2, s3, s4, s5, s6, s7, s8\\x1b and 2 more");
}

int test_secrets_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(masks_secrets_unless_asked),
        WORLD_TEST(shows_one_secret),
        WORLD_TEST(masks_a_secret_of_any_json_type),
        WORLD_TEST(creates_a_secret_that_okta_makes),
        WORLD_TEST(creates_a_secret_of_ones_own),
        WORLD_TEST(refuses_a_secret_that_is_not_one_line),
        WORLD_TEST(life_of_a_secret),
        WORLD_TEST(says_how_to_find_out_about_a_lost_answer),
        WORLD_TEST(finds_the_secret_whose_answer_was_lost),
        WORLD_TEST(names_the_secret_that_is_new),
        WORLD_TEST(names_at_most_eight_secrets_in_one_line),
    };
    return cmocka_run_group_tests_name("tool: secrets", tests, NULL, NULL);
}
