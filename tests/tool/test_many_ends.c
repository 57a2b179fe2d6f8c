/* SPDX-License-Identifier: Apache-2.0 */
/* What ends one command on several apps before each had its turn. */
#include <cjson/cJSON.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define SECOND           "0oa3second0000000g4"
#define THIRD            "0oa4third00000000g4"
#define FOURTH           "0oa5fourth0000000g4"
#define PAD_SIZE         30000u
#define LINE_SIZE        (PAD_SIZE + 1024u)
#define MORE_THAN_A_PIPE 200000u

/* Four apps, APP the first of them. */
static int begin(void **state)
{
    static const char *const apps[] = {SECOND, THIRD, FOURTH};
    int failed = world_begin(state);
    const tool_world *world = *state;
    for (size_t i = 0; failed == 0 && i < 3; i++) {
        failed = mock_org_add_app(world->org, apps[i], "client_secret_basic") ? 0 : -1;
    }
    return failed;
}

#define ENDS_TEST(function) cmocka_unit_test_setup_teardown(function, begin, world_end)

/* A key of the kid `old` in each app. `pad` makes what is printed of it longer. */
static void put_keys(const tool_world *world, size_t pad)
{
    static const char *const apps[] = {APP, SECOND, THIRD, FOURTH};
    char *text = calloc(1, pad + 128);
    assert_non_null(text);
    for (size_t i = 0; i < 4; i++) {
        int length =
            snprintf(text, 128, "{\"id\":\"pks%zu\",\"kid\":\"old\",\"status\":\"ACTIVE\",\"pad\":\"", i);
        memset(text + length, 'x', pad);
        memcpy(text + (size_t)length + pad, "\"}", 3);
        assert_true(mock_org_put(world->org, apps[i], "jwks", text));
    }
    free(text);
}

/* How many requests of a method came. */
static size_t count_method(tool_world *world, const char *method)
{
    size_t count = 0;
    for (size_t i = 0; i < world->requests; i++) {
        count += strcmp(world_request(world, i)->method, method) == 0;
    }
    return count;
}

static void stops_at_the_first_failure_when_told(void **state)
{
    static const mock_fault refusal = {.method = "POST", .path_contains = SECOND, .status = 403};
    tool_world *world = *state;
    put_keys(world, 0);
    assert_true(mock_org_fail_next(world->org, &refusal));
    RUN(world, "deactivate", APP, SECOND, THIRD, FOURTH, "kid:old", "--stop", "--concurrency", "1");
    assert_exit(world, 4);
    assert_int_equal(count_method(world, "POST"), 2);
    assert_err_has(world, "\nokta-keys: 1 done, 1 failed, 2 not begun (the first is " THIRD "): --stop\n");
    assert_int_equal(world_count(world->err, "\n"), 2);
    assert_true(mock_org_fail_next(world->org, &refusal));
    RUN(world, "deactivate", APP, SECOND, THIRD, FOURTH, "kid:old", "--concurrency", "1");
    assert_exit(world, 4);
    assert_err_has(world, "\nokta-keys: 3 done, 1 failed\n");
}

/* An app without the key is found before the first change. */
static void changes_nothing_where_a_key_is_missing_and_it_stops(void **state)
{
    tool_world *world = *state;
    put_keys(world, 0);
    RUN(world, "deactivate", APP, MOCK_SERVICE_APP, SECOND, "kid:old", "--stop", "--json");
    assert_exit(world, 3);
    assert_int_equal(count_method(world, "POST"), 0);
    assert_err_has(world, "okta-keys: 0 done, 1 failed, 2 not begun (the first is " APP "): --stop\n");
    assert_out(world, "[{\"app\":\"" APP
                      "\",\"error\":{\"message\":\"it was not begun\",\"status\":\"CANCELED\"}},\n"
                      "{\"app\":\"" MOCK_SERVICE_APP
                      "\",\"error\":{\"message\":\"no key has the kid old\",\"status\":\"NOT_FOUND\"}},\n"
                      "{\"app\":\"" SECOND
                      "\",\"error\":{\"message\":\"it was not begun\",\"status\":\"CANCELED\"}}]\n");
    RUN(world, "deactivate", APP, MOCK_SERVICE_APP, SECOND, "kid:old");
    assert_exit(world, 3);
    assert_int_equal(count_method(world, "POST"), 2);
    assert_err_has(world, "okta-keys: 2 done, 1 failed\n");
}

static void stops_when_the_credential_is_refused(void **state)
{
    tool_world *world = *state;
    world->token = "wrong";
    RUN(world, "generate", APP, SECOND, THIRD, "--type", "p256", "--out", "k-%a.pem", "--concurrency", "1");
    assert_exit(world, 4);
    assert_requests(world, 1);
    assert_out(world, "");
    assert_err_has(world, "; Okta does not hold the key, and the private key is removed: k-" APP ".pem\n");
    assert_err_has(world, "okta-keys: 0 done, 1 failed, 2 not begun (the first is " SECOND
                          "): the credential is refused\n");
    assert_null(world_read(world_path(world, "k-" APP ".pem")));
    assert_null(world_read(world_path(world, "k-" SECOND ".pem")));
    /* A right that is missing may be missing for one app only. */
    world_reset(world);
    static const mock_fault refusal = {.status = 403};
    assert_true(mock_org_fail_next(world->org, &refusal));
    RUN(world, "list", APP, SECOND, "--concurrency", "1");
    assert_exit(world, 4);
    assert_err_has(world, "okta-keys: 1 done, 1 failed\n");
}

static void stops_when_a_service_app_gets_no_token(void **state)
{
    static const char *const service[] = {"OKTA_CLIENT_AUTHORIZATIONMODE=ClientSecret",
                                          "OKTA_CLIENT_CLIENTID=" APP, "OKTA_CLIENT_CLIENTSECRET=wrong",
                                          "OKTA_CLIENT_SCOPES=okta.apps.manage", NULL};
    tool_world *world = *state;
    world->token = NULL;
    world->variables = service;
    RUN(world, "list", APP, SECOND, THIRD, "--concurrency", "1");
    assert_exit(world, 4);
    assert_requests(world, 1);
    assert_err_has(world, "2 not begun (the first is " SECOND "): the credential is refused\n");
}

/* Nobody reads from the start. */
static void begins_no_change_for_nobody(void **state)
{
    tool_world *world = *state;
    put_keys(world, 0);
    world->unread = true;
    RUN(world, "deactivate", APP, SECOND, "kid:old");
    assert_exit(world, 1);
    assert_requests(world, 0);
    assert_err(world, "okta-keys: cannot write to standard output: Broken pipe\n"
                      "okta-keys: 0 done, 2 not begun (the first is " APP "): standard output is gone\n");
    RUN(world, "generate", APP, SECOND, "--type", "p256", "--out", "k-%a.pem");
    assert_exit(world, 1);
    assert_requests(world, 0);
    assert_null(world_read(world_path(world, "k-" APP ".pem")));
}

/* A reader that goes away while results come. How far the changes are by then is open, but each that was made
 * is counted, and the last ones are not begun: their results do not fit into a pipe that nobody reads. */
static void stops_when_its_reader_goes_away(void **state)
{
    static const char *const words[] = {"deactivate", APP,      SECOND,          THIRD, FOURTH,
                                        "kid:old",    "--json", "--concurrency", "1",   NULL};
    tool_world *world = *state;
    char line[2];
    char sum[64];
    put_keys(world, PAD_SIZE);
    world_process process = world_start(world, words);
    world_read_line(&process, line, sizeof line);
    (void)close(process.out_fd);
    world_finish(world, &process);
    assert_int_equal(world->signal, 0);
    assert_int_equal(world->code, 1);
    size_t changes = count_method(world, "POST");
    assert_in_range(changes, 1, 3);
    (void)snprintf(sum, sizeof sum, "okta-keys: %zu done, %zu not begun (", changes, 4 - changes);
    assert_err_has(world, sum);
    assert_err_has(world, "): standard output is gone\n");
    assert_err_has(world, "okta-keys: cannot write to standard output: Broken pipe\n");
}

/* A list for nobody ends silently, as everywhere. */
static void a_list_ends_with_its_reader(void **state)
{
    static const char *const words[] = {"list",          APP, SECOND, THIRD, FOURTH, "--json",
                                        "--concurrency", "1", NULL};
    tool_world *world = *state;
    char line[2];
    put_keys(world, PAD_SIZE);
    world_process process = world_start(world, words);
    world_read_line(&process, line, sizeof line);
    (void)close(process.out_fd);
    world_finish(world, &process);
    assert_int_equal(world->signal, SIGPIPE);
}

static const cJSON *error_at(const cJSON *array, int index)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(array, index), "error");
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* The first change is done, the second is on its way, the third has not begun. */
static void tells_what_it_did_when_a_signal_comes(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    static const char *const words[] = {"deactivate",    APP, SECOND, THIRD, "kid:old", "--json",
                                        "--concurrency", "1", NULL};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        char *text = calloc(3, LINE_SIZE);
        mock_org_options options = {.users = 0};
        mock_fault slow = {.method = "POST", .path_contains = SECOND, .delay_ms = 20000};
        assert_non_null(text);
        world_restart(world, &options);
        assert_true(mock_org_add_app(world->org, SECOND, "client_secret_basic"));
        assert_true(mock_org_add_app(world->org, THIRD, "client_secret_basic"));
        assert_true(mock_org_add_app(world->org, FOURTH, "client_secret_basic"));
        put_keys(world, 0);
        assert_true(mock_org_fail_next(world->org, &slow));
        world_process process = world_start(world, words);
        world_wait_for_requests(world, 5);
        world_read_line(&process, text, LINE_SIZE);
        assert_int_equal(kill(process.child, signals[i]), 0);
        world_read_line(&process, text + strlen(text), LINE_SIZE);
        world_read_line(&process, text + strlen(text), LINE_SIZE);
        (void)close(process.out_fd);
        world_finish(world, &process);
        assert_int_equal(world->signal, signals[i]);
        assert_requests(world, 5);
        cJSON *array = cJSON_Parse(text);
        assert_int_equal(cJSON_GetArraySize(array), 3);
        assert_null(error_at(array, 0));
        assert_string_equal(text_of(error_at(array, 1), "status"), "OUTCOME_UNKNOWN");
        assert_string_equal(text_of(error_at(array, 2), "message"), "it was not begun");
        cJSON_Delete(array);
        free(text);
        assert_err_has(world, "; to find out, run: okta-keys list " SECOND "\n");
        assert_err_has(world,
                       "okta-keys: 1 done, 1 failed, 1 not begun (the first is " THIRD "): a signal came\n");
    }
}

/* The private key of a change on its way stays, and the command that finishes is told; others leave none. */
static void leaves_no_private_key_that_nobody_knows_of(void **state)
{
    static const char *const words[] = {"generate", APP,        SECOND,          "--type", "p256",
                                        "--out",    "k-%a.pem", "--concurrency", "1",      NULL};
    tool_world *world = *state;
    mock_fault slow = {.method = "POST", .path_contains = APP, .delay_ms = 20000};
    assert_true(mock_org_fail_next(world->org, &slow));
    world_process process = world_start(world, words);
    world_wait_for_requests(world, 1);
    assert_int_equal(kill(process.child, SIGINT), 0);
    world_finish(world, &process);
    (void)close(process.out_fd);
    assert_int_equal(world->signal, SIGINT);
    assert_requests(world, 1);
    assert_err_has(world, "the private key is in k-" APP ".pem; to finish, run: okta-keys generate " APP
                          " --type p256 --out k-%a.pem --resume\n");
    char *pem = world_read(world_path(world, "k-" APP ".pem"));
    assert_non_null(pem);
    free(pem);
    assert_null(world_read(world_path(world, "k-" SECOND ".pem")));
    RUN(world, "generate", APP, SECOND, "--type", "p256", "--out", "k-%a.pem", "--resume");
    assert_exit(world, 0);
    assert_requests(world, 2);
}

/* What it prints of the first app does not fit into the pipe, so that it cannot end by itself. */
static void a_second_signal_ends_it_at_once(void **state)
{
    static const char *const words[] = {"deactivate", APP, SECOND, THIRD, FOURTH, "kid:old", "--json", NULL};
    tool_world *world = *state;
    char line[2];
    put_keys(world, MORE_THAN_A_PIPE);
    world_process process = world_start(world, words);
    world_read_line(&process, line, sizeof line);
    /* Two that come before the first is seen are one. */
    siginfo_t ended = {.si_pid = 0};
    while (ended.si_pid == 0) {
        assert_int_equal(kill(process.child, SIGINT), 0);
        assert_int_equal(waitid(P_PID, (id_t)process.child, &ended, WEXITED | WNOHANG | WNOWAIT), 0);
        sched_yield();
    }
    world_finish(world, &process);
    (void)close(process.out_fd);
    assert_int_equal(world->signal, SIGINT);
    assert_err(world, "");
}

int test_many_ends_group(void)
{
    const struct CMUnitTest tests[] = {
        ENDS_TEST(stops_at_the_first_failure_when_told),
        ENDS_TEST(changes_nothing_where_a_key_is_missing_and_it_stops),
        ENDS_TEST(stops_when_the_credential_is_refused),
        ENDS_TEST(stops_when_a_service_app_gets_no_token),
        ENDS_TEST(begins_no_change_for_nobody),
        ENDS_TEST(stops_when_its_reader_goes_away),
        ENDS_TEST(a_list_ends_with_its_reader),
        ENDS_TEST(tells_what_it_did_when_a_signal_comes),
        ENDS_TEST(leaves_no_private_key_that_nobody_knows_of),
        ENDS_TEST(a_second_signal_ends_it_at_once),
    };
    return cmocka_run_group_tests_name("tool: ends of many apps", tests, NULL, NULL);
}
