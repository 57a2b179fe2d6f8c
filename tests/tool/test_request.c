/* SPDX-License-Identifier: Apache-2.0 */
/* The raw request and lists in pages. */
#include <stdio.h>
#include <stdlib.h>

#include "test_groups.h"
#include "tool_world.h"

#define SECRETS "/api/v1/apps/" MOCK_WEB_APP "/credentials/secrets"
#define SECRET  "{\"id\":\"ocs1\",\"client_secret\":\"canary-0123456789\",\"status\":\"ACTIVE\"}"

static const char app_path[] = "/api/v1/apps/" APP;
static const char keys_path[] = KEYS;
static const char key_path[] = KEYS "/pks1";
static const char secrets_path[] = SECRETS;
static const char secret_path[] = SECRETS "/ocs1";
static const char activate_path[] = SECRETS "/ocs1/lifecycle/activate";

static void prints_the_answer_as_it_came(void **state)
{
    static const struct {
        const char *body, *out;
    } cases[] = {
        {" {\"a\" : 1.50,\"b\":9007199254740993} ", " {\"a\" : 1.50,\"b\":9007199254740993} \n"},
        {"[1]\n", "[1]\n"},
        {"{\"client_secret\":\"on another path\"}", "{\"client_secret\":\"on another path\"}\n"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mock_fault fault = {.status = 200, .body = cases[i].body};
        assert_true(mock_org_fail_next(world->org, &fault));
        RUN(world, "request", "GET", "/api/v1/anything?q=a%20b&x=1");
        assert_exit(world, 0);
        assert_out(world, cases[i].out);
        assert_string_equal(world_request(world, 0)->target, "/api/v1/anything?q=a%20b&x=1");
    }
}

static void sends_data(void **state)
{
    tool_world *world = *state;
    const char *body = "{\"kid\":\"raw\", \"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}\n";
    RUN(world, "request", "POST", keys_path, "--data", world_write(world, "body", body));
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 0)->method, "POST");
    assert_string_equal(world_request(world, 0)->body, body);
    assert_out_has(world, "\"kid\":\"raw\"");
    world->input = "{\"client_secret\":\"a secret of my own\"}";
    RUN(world, "request", "POST", secrets_path, "--data=-");
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 0)->body, world->input);
    assert_out_has(world, "\"client_secret\":\"***\"");
    RUN(world, "request", "POST", keys_path, "--data", world_write(world, "body", "{not json}"));
    assert_exit(world, 2);
    assert_requests(world, 0);
    assert_one_line(world);
}

static void prints_nothing_for_an_empty_answer(void **state)
{
    tool_world *world = *state;
    assert_true(mock_org_put(world->org, APP, "jwks", "{\"id\":\"pks1\",\"status\":\"INACTIVE\"}"));
    RUN(world, "request", "DELETE", key_path);
    assert_exit(world, 0);
    assert_out(world, "");
    assert_err(world, "");
}

static void masks_secrets_below_their_path(void **state)
{
    static const char *const paths[] = {
        SECRETS,
        SECRETS "?a=b",
        "/api/v1/apps/" MOCK_WEB_APP "/credentials/secret%73",
        "/api/v1/apps/" MOCK_WEB_APP "/credentials/SECRETS",
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        mock_fault fault = {.status = 200, .body = "[" SECRET "]", .times = 2};
        assert_true(mock_org_fail_next(world->org, &fault));
        RUN(world, "request", "GET", paths[i]);
        assert_exit(world, 0);
        assert_out(world, "[{\"id\":\"ocs1\",\"client_secret\":\"***\",\"status\":\"ACTIVE\"}]\n");
        RUN(world, "request", "GET", paths[i], "--show-secrets");
        assert_out(world, "[" SECRET "]\n");
    }
    assert_true(mock_org_put(world->org, APP, "secrets", SECRET));
    RUN(world, "request", "GET", secret_path);
    assert_exit(world, 0);
    assert_out(world, "{\"id\":\"ocs1\",\"client_secret\":\"***\",\"status\":\"ACTIVE\"}\n");
    RUN(world, "request", "GET", secrets_path, "--all-pages");
    assert_exit(world, 0);
    assert_out(world, "[{\"id\":\"ocs1\",\"client_secret\":\"***\",\"status\":\"ACTIVE\"}]\n");
    RUN(world, "request", "GET", secrets_path, "--all-pages", "--show-secrets");
    assert_out(world, "[" SECRET "]\n");
    mock_fault second = {.status = 200, .body = SECRET};
    assert_true(mock_org_fail_next(world->org, &second));
    RUN(world, "request", "POST", activate_path);
    assert_exit(world, 0);
    assert_lacks(world->out, "canary");
}

static void prints_all_pages_as_one_array(void **state)
{
    tool_world *world = *state;
    mock_org_options options = {.users = 7};
    world_restart(world, &options);
    RUN(world, "request", "GET", "/api/v1/users?limit=3", "--all-pages");
    assert_exit(world, 0);
    assert_requests(world, 3);
    assert_int_equal(world_count(world->out, "\"status\":\"ACTIVE\""), 7);
    assert_int_equal(world_count(world->out, "},\n{\"id\":"), 6);
    assert_int_equal(strncmp(world->out, "[{\"id\":", 7), 0);
    assert_string_equal(world->out + strlen(world->out) - 3, "}]\n");
    RUN(world, "request", "GET", "/api/v1/users", "--all-pages", "--json");
    assert_exit(world, 0);
    assert_requests(world, 1);
}

static void prints_the_list_inside_an_object(void **state)
{
    static const char first[] =
        "{\"roles\":[{\"id\":1}, {\"id\":2}],\"_links\":{\"next\":{\"href\":\"/api/v1/iam/roles?after=x\"}}}";
    static const char last[] = "{\"roles\":[{\"id\":3}],\"_links\":{}}";
    static const char both[] = "{\"roles\":[1],\"members\":[2]}";
    tool_world *world = *state;
    assert_true(mock_org_fail_next(world->org, &(mock_fault){.status = 200, .body = first}));
    assert_true(mock_org_fail_next(world->org, &(mock_fault){.status = 200, .body = last}));
    RUN(world, "request", "GET", "/api/v1/iam/roles", "--all-pages");
    assert_exit(world, 0);
    assert_out(world, "[{\"id\":1},\n{\"id\":2},\n{\"id\":3}]\n");
    assert_string_equal(world_request(world, 1)->target, "/api/v1/iam/roles?after=x");
    assert_true(mock_org_fail_next(world->org, &(mock_fault){.status = 200, .body = both, .times = 2}));
    RUN(world, "request", "GET", "/api/v1/iam/roles", "--all-pages");
    assert_exit(world, 7);
    assert_err_has(world, "\"roles\" or \"members\"");
    RUN(world, "request", "GET", "/api/v1/iam/roles", "--all-pages", "--member", "members");
    assert_exit(world, 0);
    assert_out(world, "[2]\n");
    RUN(world, "request", "GET", "/api/v1/iam/roles", "--member", "members");
    assert_exit(world, 2);
    assert_err_has(world, "--member goes with --all-pages");
}

static void prints_an_empty_list(void **state)
{
    tool_world *world = *state;
    RUN(world, "request", "GET", "/api/v1/users", "--all-pages");
    assert_exit(world, 0);
    assert_out(world, "[]\n");
}

static void leaves_the_array_open_when_a_page_fails(void **state)
{
    tool_world *world = *state;
    mock_org_options options = {.users = 5};
    world_restart(world, &options);
    mock_fault fault = {.status = 403, .skip = 1};
    assert_true(mock_org_fail_next(world->org, &fault));
    RUN(world, "request", "GET", "/api/v1/users?limit=2", "--all-pages");
    assert_exit(world, 4);
    assert_one_line(world);
    assert_err_has(world, "2 items were printed; the rest begins at /api/v1/users?after=");
    assert_null(strchr(world->out, ']'));
    assert_int_equal(world->out[strlen(world->out) - 1], '\n');
    /* The line names a path that goes on where the list broke. */
    const char *cursor = strstr(world->err, "begins at ") + strlen("begins at ");
    char path[WORLD_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%.*s", (int)strcspn(cursor, "\n"), cursor);
    RUN(world, "request", "GET", path, "--all-pages");
    assert_exit(world, 0);
    assert_int_equal(world_count(world->out, "{\"id\":"), 3);
}

static void prints_nothing_when_the_first_page_fails(void **state)
{
    tool_world *world = *state;
    RUN(world, "request", "GET", app_path, "--all-pages");
    assert_exit(world, 7);
    assert_out(world, "");
    assert_one_line(world);
    RUN(world, "request", "GET", "/api/v1/nothing", "--all-pages");
    assert_exit(world, 3);
    assert_out(world, "");
}

/* Closed, standard output's number must not go to the connection. */
static void stops_fetching_when_nobody_can_read_it(void **state)
{
    static const char *const outputs[] = {"/dev/full", ""};
    tool_world *world = *state;
    mock_org_options options = {.users = 1000};
    world_restart(world, &options);
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        world->output = outputs[i];
        RUN(world, "request", "GET", "/api/v1/users?limit=50", "--all-pages");
        assert_exit(world, 1);
        assert_one_line(world);
        assert_requests(world, 1);
    }
}

static void warns_that_a_lost_change_may_have_happened(void **state)
{
    tool_world *world = *state;
    mock_fault lost = {.method = "POST", .drop_after = true};
    assert_true(mock_org_fail_next(world->org, &lost));
    world->input = "{\"kid\":\"raw\",\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}";
    RUN(world, "request", "POST", keys_path, "--data", "-");
    assert_exit(world, 7);
    assert_one_line(world);
    assert_err_has(world, "look at what is there before you repeat it");
    assert_requests(world, 1);
}

int test_request_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(prints_the_answer_as_it_came),
        WORLD_TEST(sends_data),
        WORLD_TEST(prints_nothing_for_an_empty_answer),
        WORLD_TEST(masks_secrets_below_their_path),
        WORLD_TEST(prints_all_pages_as_one_array),
        WORLD_TEST(prints_the_list_inside_an_object),
        WORLD_TEST(prints_an_empty_list),
        WORLD_TEST(leaves_the_array_open_when_a_page_fails),
        WORLD_TEST(prints_nothing_when_the_first_page_fails),
        WORLD_TEST(stops_fetching_when_nobody_can_read_it),
        WORLD_TEST(warns_that_a_lost_change_may_have_happened),
    };
    return cmocka_run_group_tests_name("tool: request", tests, NULL, NULL);
}
