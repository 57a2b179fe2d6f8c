/* SPDX-License-Identifier: Apache-2.0 */
/* One command on several apps. */
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define OTHER "0oa3otherwebapp000g4"
#define KEY_1 "{\"id\":\"pks1\",\"kid\":\"old\",\"kty\":\"EC\",\"status\":\"ACTIVE\"}"
#define KEY_2 "{\"id\":\"pks2\",\"kid\":\"old\",\"kty\":\"EC\",\"status\":\"ACTIVE\"}"
#define TITLE "ID    KID  KTY  USE  ALG  STATUS  CREATED\n"

/* With a further app. */
static int begin(void **state)
{
    int failed = world_begin(state);
    const tool_world *world = *state;
    return failed == 0 && mock_org_add_app(world->org, OTHER, "client_secret_basic") ? 0 : -1;
}

#define MANY_TEST(function) cmocka_unit_test_setup_teardown(function, begin, world_end)

/* A key of the same kid in both apps. */
static void put_keys(const tool_world *world)
{
    assert_true(mock_org_put(world->org, APP, "jwks", KEY_1));
    assert_true(mock_org_put(world->org, OTHER, "jwks", KEY_2));
}

static void lists_each_app_in_the_order_given(void **state)
{
    tool_world *world = *state;
    put_keys(world);
    RUN(world, "list", OTHER, "0oanosuchapp", APP);
    assert_exit(world, 3);
    assert_out(world, OTHER ":\n" TITLE "pks2  old  EC   -    -    ACTIVE  -\n\n" APP ":\n" TITLE
                            "pks1  old  EC   -    -    ACTIVE  -\n");
    assert_err_has(world, "okta-keys: 0oanosuchapp: ");
    assert_err_has(world, "E0000007");
    assert_err_has(world, "\nokta-keys: 2 done, 1 failed\n");
    assert_int_equal(world_count(world->err, "\n"), 2);
    RUN(world, "list", APP, OTHER);
    assert_exit(world, 0);
    assert_err(world, "okta-keys: 2 done\n");
}

/* One document, in which nothing is missing. */
static void prints_one_json_document(void **state)
{
    tool_world *world = *state;
    put_keys(world);
    RUN(world, "list", APP, "0oa\"no", OTHER, "--json");
    assert_exit(world, 3);
    cJSON *array = cJSON_Parse(world->out);
    assert_int_equal(cJSON_GetArraySize(array), 3);
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(array, 1), "error");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "message")),
                        "There is no AppInstance with the id 0oa\"no");
    assert_err_has(world, "okta-keys: 0oa\"no: There is no AppInstance with the id 0oa\"no [E0000007;");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "status")), "NOT_FOUND");
    assert_int_equal((int)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(error, "httpStatus")), 404);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "errorCode")),
                        "E0000007");
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(array, 1), "app")),
        "0oa\"no");
    cJSON_Delete(array);
    RUN(world, "list", APP, OTHER, "--json");
    assert_exit(world, 0);
    assert_out(world, "[{\"app\":\"" APP "\",\"keys\":[" KEY_1 "]},\n{\"app\":\"" OTHER "\",\"keys\":[" KEY_2
                      "]}]\n");
    RUN(world, "deactivate", APP, OTHER, "kid:old", "--json");
    assert_exit(world, 0);
    array = cJSON_Parse(world->out);
    const cJSON *key = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(array, 1), "key");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(key, "id")), "pks2");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(key, "status")), "INACTIVE");
    cJSON_Delete(array);
    RUN(world, "delete", APP, OTHER, "kid:old", "--json");
    assert_exit(world, 0);
    assert_out(world, "[{\"app\":\"" APP "\",\"deleted\":\"pks1\"},\n{\"app\":\"" OTHER
                      "\",\"deleted\":\"pks2\"}]\n");
}

static void reads_the_apps_from_a_file(void **state)
{
    static const char *const texts[] = {
        APP "\n" OTHER "\n",
        "\xef\xbb\xbf# apps\r\n\r\n  " APP "\t# web\r\n" OTHER,
        "\n\n#" OTHER "\n" APP "\r\n   \n\t" OTHER "  \n#",
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        RUN(world, "list", "--apps-file", world_write(world, "apps", texts[i]));
        assert_exit(world, 0);
        assert_out(world, APP ":\nno keys\n\n" OTHER ":\nno keys\n");
        world->input = texts[i];
        RUN(world, "list", "--apps-file", "-");
        assert_exit(world, 0);
        assert_out(world, APP ":\nno keys\n\n" OTHER ":\nno keys\n");
        world_reset(world);
    }
    /* A script finds the same form, however many apps there are. */
    RUN(world, "list", "--apps-file", world_write(world, "apps", APP), "--json");
    assert_exit(world, 0);
    assert_out(world, "[{\"app\":\"" APP "\",\"keys\":[]}]\n");
}

static void refuses_a_bad_list_of_apps_before_anything_is_sent(void **state)
{
    static const struct {
        const char *text, *err;
    } cases[] = {
        {"", "names no app"},
        {"# none\n\n", "names no app"},
        {APP "\n..\n", "apps, line 2: app '..': "},
        {APP "\n\n0oa one\n", "apps, line 3: app '0oa one': no id has a space (byte 4)\n"},
        {APP "\n# x\n0oa/1\r\n", "apps, line 3: app '0oa/1': "},
        {"\x1b[31m\n", "apps, line 1: app '\\x1b[31m': "},
        {"a#b\n", "apps, line 1: app 'a#b': "},
        {OTHER "\n" APP "\nx\n" APP "\n", "apps, line 4: app '" APP "' is on line 2 already"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        RUN(world, "delete", "kid:old", "--apps-file", world_write(world, "apps", cases[i].text));
        assert_exit(world, 2);
        assert_err_has(world, cases[i].err);
        assert_one_line(world);
        assert_out(world, "");
        assert_requests(world, 0);
    }
    RUN(world, "list", "--apps-file", world_write_bytes(world, "nul", "a\0b", 3));
    assert_exit(world, 2);
    assert_err_has(world, "NUL byte");
    RUN(world, "list", "--apps-file", world_path(world, "missing"));
    assert_exit(world, 2);
    assert_err_has(world, "cannot open ");
    RUN(world, "list", APP, OTHER, APP);
    assert_exit(world, 2);
    assert_err_has(world, "app '" APP "': it is there twice");
    RUN(world, "list", APP, "a b");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: app 'a b': no id has a space (byte 2)\n");
    assert_requests(world, 0);
}

/* The reason stands behind it, and a character is not cut in two. */
static void cuts_a_long_line_where_it_names_it(void **state)
{
    enum { LONG = 5000 };
    static const char euro[] = "\xe2\x82\xac";
    tool_world *world = *state;
    char *text = calloc(LONG + 1, strlen(euro));
    assert_non_null(text);
    for (size_t i = 0; i < LONG; i++) {
        memcpy(text + i * strlen(euro), euro, strlen(euro));
    }
    RUN(world, "list", "--apps-file", world_write(world, "apps", text));
    free(text);
    assert_exit(world, 2);
    assert_err_has(world, "\xac...': it is longer than 512 bytes\n");
    assert_lacks(world->err, "\\x");
    assert_true(strlen(world->err) < 300);
    assert_one_line(world);
}

static void writes_nothing_of_probes_to_its_log(void **state)
{
    tool_world *world = *state;
    world->variable = "OKTA_CLIENT_LOGLEVEL=warn";
    RUN(world, "list", APP, OTHER);
    assert_exit(world, 0);
    assert_err(world, "okta-keys: 2 done\n");
    RUN(world, "generate", APP, "--type", "p256", "--out", "k.pem");
    assert_exit(world, 0);
    assert_err(world, "");
}

/* Far more than there are calls at once; what fails is told in the order of the apps, too. */
static void one_that_fails_hides_no_other(void **state)
{
    enum { UNKNOWN = 300 };
    tool_world *world = *state;
    char *text = calloc(1, UNKNOWN * 16 + 64);
    char *end = text;
    assert_non_null(text);
    for (int i = 0; i < UNKNOWN; i++) {
        end += snprintf(end, 16, "app%d\n", i);
        end += i == UNKNOWN / 2 ? snprintf(end, 32, APP "\n") : 0;
    }
    RUN(world, "list", "--concurrency", "3", "--apps-file", world_write(world, "apps", text));
    free(text);
    assert_exit(world, 3);
    assert_out(world, APP ":\nno keys\n");
    assert_err_has(world, "\nokta-keys: 1 done, 300 failed\n");
    assert_requests(world, UNKNOWN + 1);
    const char *at = world->err;
    for (int i = 0; i < UNKNOWN; i++) {
        char line[32];
        (void)snprintf(line, sizeof line, "okta-keys: app%d: ", i);
        assert_int_equal(strncmp(at, line, strlen(line)), 0);
        at = strchr(at, '\n') + 1;
    }
}

static void changes_the_key_of_the_same_kid_in_each(void **state)
{
    tool_world *world = *state;
    put_keys(world);
    RUN(world, "deactivate", APP, "0oanosuchapp", OTHER, "kid:old");
    assert_exit(world, 3);
    assert_out(world, "APP                   ID                    STATUS\n" APP
                      "  pks1                  INACTIVE\n" OTHER "  pks2                  INACTIVE\n");
    assert_err_has(world, "okta-keys: 2 done, 1 failed\n");
    assert_requests(world, 5);
    RUN(world, "activate", OTHER, APP, "kid:old");
    assert_exit(world, 0);
    assert_out(world, "APP                   ID                    STATUS\n" OTHER
                      "  pks2                  ACTIVE\n" APP "  pks1                  ACTIVE\n");
    RUN(world, "delete", OTHER, APP, "kid:old");
    assert_exit(world, 1);
    assert_out(world, ""); /* Okta deletes inactive keys only */
    assert_err_has(world, "okta-keys: 0 done, 2 failed\n");
    assert_int_equal(world_count(world->err, "okta-keys: " OTHER ": "), 1);
    RUN(world, "deactivate", OTHER, "pks2");
    assert_exit(world, 0);
    RUN(world, "delete", OTHER, APP, "kid:old");
    assert_exit(world, 1);
    assert_out(world, "APP                   ID                    STATUS\n" OTHER
                      "  pks2                  DELETED\n");
    RUN(world, "delete", OTHER, APP, "kid:old");
    assert_exit(world, 1); /* for two reasons */
    assert_err_has(world, "okta-keys: " OTHER ": no key has the kid old\n");
}

static void refuses_the_id_of_one_key_for_several_apps(void **state)
{
    static const char *const commands[] = {"activate", "deactivate", "delete"};
    tool_world *world = *state;
    for (size_t i = 0; i < 3; i++) {
        RUN(world, commands[i], APP, OTHER, "pks1");
        assert_exit(world, 2);
        assert_err(
            world,
            "okta-keys: with several apps KEY is kid:KID, not 'pks1': an id is that of one app's key\n");
        RUN(world, commands[i], "--apps-file", world_write(world, "apps", APP), "pks1");
        assert_exit(world, 2);
        RUN(world, commands[i], APP, OTHER, "kid:");
        assert_exit(world, 2);
        assert_err_has(world, "there is no kid behind kid:");
        assert_requests(world, 0);
    }
}

static bool is_private_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && (about.st_mode & 0777) == 0600 && about.st_size > 100;
}

static void generates_a_key_for_each(void **state)
{
    tool_world *world = *state;
    RUN(world, "generate", APP, "0oanosuchapp", OTHER, "--type", "p256", "--out", "k-%a.pem", "--kid", "new");
    assert_exit(world, 3);
    assert_out_has(world, "APP                   ID                    KID\n" APP "  pks");
    assert_int_equal(world_count(world->out, "  new\n"), 2);
    assert_err_has(world, "okta-keys: 0oanosuchapp: ");
    assert_err_has(world,
                   "; Okta does not hold the key, and the private key is removed: k-0oanosuchapp.pem\n");
    assert_err_has(world, "okta-keys: 2 done, 1 failed\n");
    assert_true(is_private_file(world_path(world, "k-" APP ".pem")));
    assert_true(is_private_file(world_path(world, "k-" OTHER ".pem")));
    assert_false(is_private_file(world_path(world, "k-0oanosuchapp.pem")));
    char *first = world_read(world_path(world, "k-" APP ".pem"));
    char *second = world_read(world_path(world, "k-" OTHER ".pem"));
    assert_string_not_equal(first, second);
    free(first);
    free(second);
    RUN(world, "generate", APP, "--type", "p256", "--out", "one-%a.pem");
    assert_exit(world, 0);
    assert_out_has(world, "PRIVATE KEY   one-" APP ".pem\n");
    assert_true(is_private_file(world_path(world, "one-" APP ".pem")));
}

/* A folder that is there and takes no file: it is removed, and this process holds it open. */
static int make_dead_folder(tool_world *world, const char *link)
{
    char target[64];
    const char *folder = world_path(world, "dead");
    assert_int_equal(mkdir(folder, 0700), 0);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(rmdir(folder), 0);
    (void)snprintf(target, sizeof target, "/proc/%d/fd/%d", (int)getpid(), fd);
    assert_int_equal(symlink(target, world_path(world, link)), 0);
    return fd;
}

/* A key that cannot be stored is not added; the others are. */
static void adds_no_key_that_is_not_stored(void **state)
{
    tool_world *world = *state;
    const char *folder = world_path(world, "d-" APP);
    assert_int_equal(mkdir(folder, 0700), 0);
    int dead = make_dead_folder(world, "d-" OTHER);
    RUN(world, "generate", OTHER, APP, "--type", "p256", "--out", "d-%a/key.pem");
    (void)close(dead);
    assert_exit(world, 1);
    assert_requests(world, 1);
    assert_non_null(strstr(world_request(world, 0)->target, APP));
    assert_err_has(world, "okta-keys: " OTHER ": ");
    assert_lacks(world->err, "Okta does not hold");
    assert_err_has(world, "okta-keys: 1 done, 1 failed\n");
    const char *path = world_path(world, "d-" APP "/key.pem");
    assert_true(is_private_file(path));
    assert_int_equal(remove(path), 0);
    assert_int_equal(remove(folder), 0);
}

/* After a run that was broken off: one app has its key, one only a file, one nothing. */
static void resumes_for_each(void **state)
{
    tool_world *world = *state;
    char line[128];
    RUN(world, "generate", APP, "--type", "p256", "--out", "k-%a.pem");
    assert_exit(world, 0);
    RUN(world, "key", "generate", "--type", "p256", "--out", "k-" OTHER ".pem");
    assert_exit(world, 0);
    const char *kid = strstr(world->out, "KID");
    assert_non_null(kid);
    (void)snprintf(line, sizeof line, "%.43s\n", kid + strlen("KID") + strspn(kid + strlen("KID"), " "));
    RUN(world, "generate", APP, OTHER, MOCK_SERVICE_APP, "--type", "p256", "--out", "k-%a.pem", "--resume");
    assert_exit(world, 0);
    assert_requests(world, 4);
    assert_int_equal(world_count(world->out, "\n"), 4);
    assert_out_has(world, line); /* of the other app */
    assert_err(world, "okta-keys: 3 done\n");
    RUN(world, "generate", APP, OTHER, MOCK_SERVICE_APP, "--type", "p256", "--out", "k-%a.pem", "--resume",
        "--json");
    assert_exit(world, 0);
    assert_requests(world, 3);
    cJSON *array = cJSON_Parse(world->out);
    assert_int_equal(cJSON_GetArraySize(array), 3);
    assert_non_null(cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(array, 2), "key"), "id"));
    cJSON_Delete(array);
}

static void tells_the_kind_of_failure_where_there_is_one(void **state)
{
    static const struct {
        unsigned first, second;
        int code;
    } cases[] = {{404, 404, 3}, {403, 403, 4}, {429, 429, 5}, {404, 403, 1}, {400, 400, 1}};
    const char *const reset[] = {"Retry-After: 7200", NULL};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mock_fault faults[] = {{.path_contains = APP, .status = cases[i].first, .headers = reset},
                               {.path_contains = OTHER, .status = cases[i].second, .headers = reset}};
        assert_true(mock_org_fail_next(world->org, &faults[0]));
        assert_true(mock_org_fail_next(world->org, &faults[1]));
        RUN(world, "list", APP, MOCK_SERVICE_APP, OTHER, "--max-retries", "0", "--json");
        assert_exit(world, cases[i].code);
        assert_err_has(world, "okta-keys: 1 done, 2 failed\n");
    }
    mock_fault causes = {.status = 400,
                         .body = "{\"errorCode\":\"E1\",\"errorSummary\":\"no\",\"errorId\":\"oae1\","
                                 "\"errorCauses\":[{\"errorSummary\":\"a\"},{\"errorSummary\":\"b\"}]}"};
    assert_true(mock_org_fail_next(world->org, &causes));
    RUN(world, "list", "--apps-file", world_write(world, "apps", APP), "--json");
    assert_exit(world, 1);
    assert_out_has(
        world, "\"error\":{\"message\":\"no\",\"status\":\"INVALID\",\"httpStatus\":400,\"errorCode\":\"E1\","
               "\"causes\":[\"a\",\"b\"],\"requestId\":\"");
}

static void refuses_where_private_keys_cannot_go(void **state)
{
    tool_world *world = *state;
    (void)world_write(world, "k-" OTHER ".pem", "mine");
    RUN(world, "generate", APP, OTHER, "--type", "p256", "--out", "k.pem");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: with several apps --out needs %a, which stands for the id of each\n");
    RUN(world, "generate", APP, OTHER, "--type", "p256", "--out", "k-%a.pem");
    assert_exit(world, 2);
    assert_err(world,
               "okta-keys: k-" OTHER
               ".pem exists, and a private key never replaces a file; --resume goes on with the key in it\n");
    RUN(world, "generate", APP, OTHER, "--type", "p256", "--out", "k-%a.pem", "--resume");
    assert_exit(world, 2);
    assert_err_has(world, "k-" OTHER ".pem: ");
    assert_one_line(world);
    RUN(world, "generate", APP, OTHER, "--type", "p256", "--out", "no folder/%a.pem");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: cannot create no folder/" APP ".pem: No such file or directory\n");
    RUN(world, "generate", APP, OTHER, "--type", "p256", "--out", "n-%a.pem", "--use", "enc");
    assert_exit(world, 2);
    assert_one_line(world);
    RUN(world, "generate", APP, ".hidden", "--type", "p256", "--out", "k-%a.pem");
    assert_exit(world, 2);
    assert_err_has(world, "app '.hidden': it cannot stand for %a in the name of a file");
    RUN(world, "generate", "a*b", "--type", "p256", "--out", "k-%a.pem");
    assert_exit(world, 2);
    assert_err_has(world, "app 'a*b': it cannot stand for %a in the name of a file");
    assert_requests(world, 0);
    assert_null(world_read(world_path(world, "k-" APP ".pem")));
}

/* The answers to the changes are lost, and so are those to a look at what became of them. */
static void tells_each_app_whose_outcome_is_unknown(void **state)
{
    tool_world *world = *state;
    static const mock_fault faults[] = {{.method = "POST", .status = 503, .times = 2},
                                        {.method = "GET", .status = 503, .times = 2}};
    assert_true(mock_org_fail_next(world->org, &faults[0]));
    assert_true(mock_org_fail_next(world->org, &faults[1]));
    RUN(world, "generate", APP, OTHER, "--type", "p256", "--out", "k-%a.pem", "--max-retries", "0");
    assert_exit(world, 7);
    assert_err_has(world, "okta-keys: " APP ": ");
    assert_err_has(world, "okta-keys: " OTHER ": ");
    assert_err_has(world, "the private key is in k-" APP ".pem; to finish, run: okta-keys generate " APP
                          " --type p256 --out k-%a.pem --resume\n");
    assert_err_has(world,
                   "the private key is in k-" OTHER ".pem; to finish, run: okta-keys generate " OTHER " ");
    assert_err_has(world, "okta-keys: 0 done, 2 failed\n");
}

static void lists_secrets_masked(void **state)
{
    tool_world *world = *state;
    assert_true(mock_org_put(world->org, APP, "secrets",
                             "{\"id\":\"ocs1\",\"client_secret\":\"hunter2\",\"status\":\"ACTIVE\"}"));
    RUN(world, "secrets", "list", APP, OTHER);
    assert_exit(world, 0);
    assert_out_has(world, APP ":\nID    CLIENT SECRET  SECRET HASH  STATUS  CREATED\nocs1  ***  ");
    assert_out_has(world, "\n\n" OTHER ":\nno secrets\n");
    RUN(world, "secrets", "list", APP, OTHER, "--json");
    assert_exit(world, 0);
    assert_out(world, "[{\"app\":\"" APP
                      "\",\"secrets\":[{\"id\":\"ocs1\",\"client_secret\":\"***\",\"status\":\"ACTIVE\"}]},\n"
                      "{\"app\":\"" OTHER "\",\"secrets\":[]}]\n");
    RUN(world, "secrets", "list", APP, OTHER, "--json", "--show-secrets");
    assert_out_has(world, "hunter2");
}

int test_many_group(void)
{
    const struct CMUnitTest tests[] = {
        MANY_TEST(lists_each_app_in_the_order_given),
        MANY_TEST(prints_one_json_document),
        MANY_TEST(reads_the_apps_from_a_file),
        MANY_TEST(refuses_a_bad_list_of_apps_before_anything_is_sent),
        MANY_TEST(cuts_a_long_line_where_it_names_it),
        MANY_TEST(writes_nothing_of_probes_to_its_log),
        MANY_TEST(one_that_fails_hides_no_other),
        MANY_TEST(changes_the_key_of_the_same_kid_in_each),
        MANY_TEST(refuses_the_id_of_one_key_for_several_apps),
        MANY_TEST(generates_a_key_for_each),
        MANY_TEST(adds_no_key_that_is_not_stored),
        MANY_TEST(resumes_for_each),
        MANY_TEST(tells_the_kind_of_failure_where_there_is_one),
        MANY_TEST(refuses_where_private_keys_cannot_go),
        MANY_TEST(tells_each_app_whose_outcome_is_unknown),
        MANY_TEST(lists_secrets_masked),
    };
    return cmocka_run_group_tests_name("tool: many apps", tests, NULL, NULL);
}
