/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and secrets that are replaced from the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define SERVICE MOCK_SERVICE_APP
#define JWKS    "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/jwks"

/* The usual words, with a journal and files in the folder. */
#define ROTATE(world, ...)                                                                                   \
    RUN(world, "rotate", SERVICE, "--type", "p256", "--journal", world_path(world, "journal"), __VA_ARGS__)

/* How many keys of a status the app has. */
static size_t count_keys(tool_world *world, const char *status)
{
    char part[32];
    RUN(world, "list", SERVICE, "--json");
    assert_exit(world, 0);
    (void)snprintf(part, sizeof part, "\"status\":\"%s\"", status);
    return world_count(world->out, part);
}

/* The kid of the key in a file, as the tool itself tells it. */
static void read_kid(tool_world *world, const char *path, char out[64])
{
    RUN(world, "thumbprint", "--pem", path);
    assert_exit(world, 0);
    (void)snprintf(out, 64, "%.*s", (int)strcspn(world->out, "\n"), world->out);
}

static void forget(tool_world *world)
{
    static const char *const names[] = {"journal", "journal-wal", "journal-shm", "journal-journal",
                                        "a.pem",   "b.pem",       "c.pem",       "kid",
                                        "secret",  "a.pem.part",  "log"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unlink(world_path(world, names[i]));
    }
}

static void replaces_a_key(void **state)
{
    tool_world *world = *state;
    const char *first = world_path(world, "a.pem");
    const char *second = world_path(world, "b.pem");
    struct stat about;
    char kid[64];
    ROTATE(world, "--out", first, "--grace", "0s");
    assert_exit(world, 0);
    assert_out_has(world, "  done   -\n");
    assert_err(world, "");
    assert_int_equal(stat(first, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    ROTATE(world, "--out", second, "--grace", "0s", "--json");
    assert_exit(world, 0);
    assert_out_has(world, "[{\"app\":\"" SERVICE "\",\"rotation\":{\"state\":\"done\",\"kid\":\"");
    read_kid(world, second, kid);
    RUN(world, "list", SERVICE);
    assert_out_has(world, kid);
    assert_int_equal(count_keys(world, "ACTIVE"), 1);
    assert_int_equal(count_keys(world, "INACTIVE"), 0);
    forget(world);
}

/* The old key is kept; the same command goes on from then, and asks the org nothing before. */
static void waits_for_the_grace_period(void **state)
{
    tool_world *world = *state;
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--overlap", "0s", "--grace", "2h");
    assert_exit(world, 0);
    assert_out_has(world, "  retired  2");
    assert_err_has(world, "run the same command with --resume from ");
    assert_int_equal(count_keys(world, "INACTIVE"), 1);
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume");
    assert_exit(world, 0);
    assert_requests(world, 0);
    assert_out_has(world, "  retired  2");
    ROTATE(world, "--out", world_path(world, "c.pem"), "--undo");
    assert_exit(world, 1);
    assert_err_has(world, "since services may use the new one; --resume goes on with it\n");
    forget(world);
}

/* An app that was deleted ends its rotation, once and for all; what was stored stays where it is. */
static void a_deleted_app_is_told_once(void **state)
{
    tool_world *world = *state;
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--grace", "0s", "--switch", "false");
    assert_exit(world, 1);
    mock_org_fail_next(world->org, &(mock_fault){.path_contains = JWKS, .status = 404, .times = 2});
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume", "--switch", "true", "--json");
    assert_exit(world, 3);
    assert_out_has(world, "[{\"app\":\"" SERVICE "\",\"error\":{\"message\":\"app " SERVICE " is gone");
    assert_out_has(world, "\",\"status\":\"NOT_FOUND\",\"httpStatus\":404,\"errorCode\":\"E0000007\"");
    assert_out_has(world, ",\"requestId\":\"");
    assert_err_has(world, "app " SERVICE " is gone");
    assert_err_has(world, "the journal has forgotten the rotation");
    assert_int_equal(access(world_path(world, "b.pem"), F_OK), 0);
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume");
    assert_exit(world, 3);
    assert_err_has(world, "the journal has no rotation");
    forget(world);
}

static void prints_a_plan(void **state)
{
    tool_world *world = *state;
    ROTATE(world, "--out", world_path(world, "a.pem"), "--dry-run");
    assert_exit(world, 0);
    assert_out(world, SERVICE ": begins\n  make\n  store\n  add\n  prove\n  switch\n  finish\n");
    assert_int_equal(access(world_path(world, "a.pem"), F_OK), -1);
    assert_requests(world, 1);
    forget(world);
}

/* A command gets the key and its names, and what it prints does not mix with the result. */
static void a_command_stores(void **state)
{
    tool_world *world = *state;
    char kid[64];
    char *stored;
    ROTATE(world, "--grace", "0s", "--store",
           "cat > a.pem; printf '%s %s' \"$OKTA_APP_ID\" \"$OKTA_KID\" > kid; echo heard");
    assert_exit(world, 0);
    assert_err(world, "heard\n");
    assert_lacks(world->out, "heard");
    read_kid(world, world_path(world, "a.pem"), kid);
    stored = world_read(world_path(world, "kid"));
    assert_non_null(stored);
    assert_int_equal(strncmp(stored, SERVICE " ", strlen(SERVICE) + 1), 0);
    assert_string_equal(stored + strlen(SERVICE) + 1, kid);
    free(stored);
    forget(world);
}

/* What the commands make is a key, or tells of one: nobody else reads it. One may say otherwise. */
static void commands_make_private_files(void **state)
{
    tool_world *world = *state;
    struct stat about;
    ROTATE(world, "--grace", "0s", "--store", "cat > a.pem", "--switch", "echo done > log; umask 022; >kid");
    assert_exit(world, 0);
    assert_int_equal(stat(world_path(world, "a.pem"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(world_path(world, "log"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(world_path(world, "kid"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
    forget(world);
}

/* The second command runs when the key is at the org and works; one that fails is run again. */
static void a_command_switches(void **state)
{
    tool_world *world = *state;
    char check[WORLD_PATH_SIZE * 2];
    (void)snprintf(check, sizeof check, "test -f kid || { touch kid; exit 9; }; '%s' list '%s' > log",
                   world_tool, SERVICE);
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--grace", "0s", "--switch", check);
    assert_exit(world, 1);
    assert_err_has(world,
                   "--switch: the command exits with 9; the old one still works: --resume goes on, and "
                   "runs --switch again\n");
    assert_int_equal(count_keys(world, "ACTIVE"), 2);
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume", "--switch", check);
    assert_exit(world, 0);
    char *seen = world_read(world_path(world, "log"));
    assert_non_null(seen);
    assert_int_equal(world_count(seen, " ACTIVE "), 2);
    free(seen);
    assert_int_equal(count_keys(world, "ACTIVE"), 1);
    forget(world);
}

/* A rotation that another command began may need a switch, which only that one knew: the old key stays until
 * somebody says that nothing uses it. */
static void goes_on_behind_the_proof_only_with_a_switch(void **state)
{
    tool_world *world = *state;
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--grace", "0s", "--switch", "false");
    assert_exit(world, 1);
    ROTATE(world, "--store", "cat > c.pem", "--resume");
    assert_exit(world, 2);
    assert_err(world,
               "okta-keys: app '" SERVICE "': the new one works, but services may still use the old one: "
               "name --switch COMMAND, or --switch true where they use the new one already\n");
    assert_requests(world, 0);
    assert_int_equal(count_keys(world, "ACTIVE"), 2);
    ROTATE(world, "--out", world_path(world, "c.pem"));
    assert_exit(world, 1);
    assert_err_has(world,
                   "is under way (proven): go on with it first; --resume with --switch goes on with it\n");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume", "--dry-run");
    assert_exit(world, 0);
    assert_out_has(world, ": proven\n  switch\n");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume", "--switch", "true");
    assert_exit(world, 0);
    assert_err(world, "");
    assert_int_equal(count_keys(world, "ACTIVE"), 1);
    forget(world);
}

/* A command that fails, is ended or does not read: nothing is left of the new key. */
static void a_command_that_fails_leaves_nothing(void **state)
{
    static const struct {
        const char *command;
        const char *said;
    } commands[] = {{"exit 3", "the command exits with 3"},
                    {"cat >/dev/null; exit 1", "the command exits with 1"},
                    {"kill -9 $$", "the command was ended by signal 9"},
                    {"/nonexistent/program", "the command exits with 127"}};
    tool_world *world = *state;
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        ROTATE(world, "--store", commands[i].command);
        assert_exit(world, 1);
        assert_err_has(world, commands[i].said);
        assert_err_has(world, "nothing is left of it");
        assert_int_equal(count_keys(world, "ACTIVE"), 1);
    }
    ROTATE(world, "--resume", "--store", "cat");
    assert_exit(world, 3);
    assert_err_has(world, "the journal has no rotation");
    forget(world);
}

/* The org's answer is lost, and so is each look: the next run finishes with the key in the file. */
static void goes_on_after_a_lost_answer(void **state)
{
    tool_world *world = *state;
    const mock_fault lost = {.method = "POST", .path_contains = "/jwks", .drop_after = true};
    const mock_fault blind = {
        .method = "GET", .path_contains = "/jwks", .skip = 1, .times = 1000, .status = 503};
    char kid[64];
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    assert_true(mock_org_fail_next(world->org, &lost));
    assert_true(mock_org_fail_next(world->org, &blind));
    ROTATE(world, "--out", world_path(world, "b.pem"), "--grace", "0s", "--timeout", "1");
    assert_exit(world, 7);
    mock_org_forget_faults(world->org);
    ROTATE(world, "--out", world_path(world, "b.pem"), "--grace", "0s");
    assert_exit(world, 2);
    assert_err_has(world, "b.pem exists");
    ROTATE(world, "--out", world_path(world, "c.pem"), "--grace", "0s");
    assert_exit(world, 1);
    assert_err_has(world, "is under way (stored): go on with it first; --resume goes on with it\n");
    ROTATE(world, "--out", world_path(world, "b.pem"), "--resume");
    assert_exit(world, 0);
    assert_err(world, "okta-keys: note: app " SERVICE
                      ": there is no --switch: the old one goes as soon as the new one works\n");
    assert_out_has(world, "  done   -\n");
    read_kid(world, world_path(world, "b.pem"), kid);
    RUN(world, "list", SERVICE);
    assert_out_has(world, kid);
    assert_int_equal(count_keys(world, "ACTIVE"), 1);
    forget(world);
}

/* What another process has left is taken back, the file with the private key, too. */
static void takes_back_what_was_interrupted(void **state)
{
    tool_world *world = *state;
    const mock_fault lost = {.method = "POST", .path_contains = "/jwks", .drop_after = true};
    const mock_fault blind = {
        .method = "GET", .path_contains = "/jwks", .skip = 1, .times = 1000, .status = 503};
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    assert_true(mock_org_fail_next(world->org, &lost));
    assert_true(mock_org_fail_next(world->org, &blind));
    ROTATE(world, "--out", world_path(world, "b.pem"), "--timeout", "1");
    assert_exit(world, 7);
    mock_org_forget_faults(world->org);
    ROTATE(world, "--out", world_path(world, "b.pem"), "--undo", "--timeout", "1");
    assert_exit(world, 0);
    assert_out_has(world, "  undone ");
    assert_int_equal(access(world_path(world, "b.pem"), F_OK), -1);
    assert_int_equal(access(world_path(world, "a.pem"), F_OK), 0);
    assert_int_equal(count_keys(world, "ACTIVE"), 1);
    forget(world);
}

/* A process that was killed while it wrote has left a part, which is a private key. */
static void removes_the_part_of_a_file(void **state)
{
    tool_world *world = *state;
    const char *part = world_write(world, "a.pem.part", "half of a key");
    ROTATE(world, "--out", world_path(world, "a.pem"), "--grace", "0s");
    assert_exit(world, 0);
    assert_int_equal(access(part, F_OK), -1);
    forget(world);
}

static void never_replaces_a_file(void **state)
{
    tool_world *world = *state;
    const char *path = world_write(world, "a.pem", "precious");
    ROTATE(world, "--out", path);
    assert_exit(world, 2);
    assert_err_has(world, "exists");
    assert_requests(world, 0);
    char *text = world_read(path);
    assert_string_equal(text, "precious");
    free(text);
    forget(world);
}

/* A plan names a secret by its id, as the list of secrets does. */
static void plans_a_secret_by_its_id(void **state)
{
    tool_world *world = *state;
    char id[64];
    RUN(world, "secrets", "rotate", MOCK_WEB_APP, "--journal", world_path(world, "journal"), "--out",
        world_path(world, "secret"), "--grace", "0s");
    assert_exit(world, 0);
    const char *found = strstr(world->out, "  ocs");
    assert_non_null(found);
    (void)snprintf(id, sizeof id, "  deactivate %.*s\n", (int)strcspn(found + 2, " "), found + 2);
    RUN(world, "secrets", "rotate", MOCK_WEB_APP, "--journal", world_path(world, "journal"), "--out",
        world_path(world, "a.pem"), "--dry-run");
    assert_exit(world, 0);
    assert_out_has(world, id);
    forget(world);
}

static void replaces_a_secret(void **state)
{
    tool_world *world = *state;
    const char *journal = world_path(world, "journal");
    RUN(world, "secrets", "rotate", APP, "--journal", journal, "--out", world_path(world, "secret"),
        "--grace", "0s");
    assert_exit(world, 0);
    char *text = world_read(world_path(world, "secret"));
    assert_non_null(text);
    assert_int_equal(strcspn(text, "\n"), 64);
    assert_string_equal(text + 64, "\n");
    text[64] = '\0';
    RUN(world, "secrets", "list", APP, "--json", "--show-secrets");
    assert_out_has(world, text);
    assert_int_equal(world_count(world->out, "\"id\""), 1);
    free(text);
    RUN(world, "secrets", "rotate", APP, "--journal", journal, "--store",
        "cat > a.pem; printf %s \"$OKTA_SECRET_ID\" > kid", "--grace", "0s");
    assert_exit(world, 0);
    text = world_read(world_path(world, "kid"));
    assert_non_null(text);
    assert_out_has(world, text);
    free(text);
    forget(world);
}

/* The proof logs in as the app does. */
static void proves_a_secret_by_the_method_of_the_settings(void **state)
{
    tool_world *world = *state;
    const char *journal = world_path(world, "journal");
    assert_true(mock_org_add_app(world->org, "0oa9post", "client_secret_post"));
    RUN(world, "secrets", "create", "0oa9post");
    assert_exit(world, 0);
    RUN(world, "secrets", "rotate", "0oa9post", "--journal", journal, "--store", "cat > secret");
    assert_exit(world, 4);
    assert_err_has(world, "; nothing is left of it\n");
    world->variable = "OKTA_CLIENT_CLIENTAUTHMETHOD=client_secret_post";
    RUN(world, "secrets", "rotate", "0oa9post", "--journal", journal, "--store", "cat > secret");
    assert_exit(world, 0);
    RUN(world, "secrets", "list", "0oa9post", "--json");
    assert_int_equal(world_count(world->out, "\"status\":\"ACTIVE\""), 1);
    world->variable = NULL;
    forget(world);
}

static void many_apps_run_side_by_side(void **state)
{
    tool_world *world = *state;
    char pattern[WORLD_PATH_SIZE];
    for (unsigned i = 0; i < 12; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "0oaMany%u", i);
        assert_true(mock_org_add_app(world->org, id, "private_key_jwt"));
    }
    (void)snprintf(pattern, sizeof pattern, "%s/%%a.pem", world->folder);
    const char *apps =
        world_write(world, "log", "0oaMany0\n0oaMany1\n0oaMany2\n0oaMany3\n0oaNone\n0oaMany4\n0oaMany5\n");
    RUN(world, "rotate", "--apps-file", apps, "--type", "p256", "--journal", world_path(world, "journal"),
        "--out", pattern, "--grace", "0s");
    assert_exit(world, 3);
    assert_int_equal(world_count(world->out, "  done "), 6);
    assert_err_has(world, "okta-keys: 0oaNone: ");
    for (unsigned i = 0; i < 6; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "0oaMany%u.pem", i);
        assert_int_equal(unlink(world_path(world, name)), 0);
    }
    forget(world);
}

/* What is wrong on the command line: nothing is sent, and no file is made. */
static void refuses_bad_options(void **state)
{
    static const struct {
        const char *words[9];
        const char *said;
    } lines[] = {
        {{"rotate", SERVICE}, "needs one of --out FILE and --store COMMAND"},
        {{"rotate", SERVICE, "--out", "x", "--store", "y"}, "not several"},
        {{"rotate", SERVICE, "--out", "x", "--grace", "1"}, "--grace is a time"},
        {{"rotate", SERVICE, "--out", "x", "--grace", "366d"}, "--grace is a time"},
        {{"rotate", SERVICE, "--out", "x", "--overlap", "-1s"}, "--overlap is a time"},
        {{"rotate", SERVICE, "--out", "x", "--retire", "newest"}, "--retire is kid:KID"},
        {{"rotate", SERVICE, "--out", "x", "--retire", "kid:"}, "--retire is kid:KID"},
        {{"rotate", SERVICE, "--out", "x", "--undo", "--resume"}, "--resume does not go with --undo"},
        {{"rotate", SERVICE, "--out", "x", "--type", "p256", "--use", "enc"}, "--use enc"},
        {{"rotate", SERVICE, APP, "--out", "x"}, "--out needs %a"},
        {{"rotate", "..", "--out", "x"}, ".."},
        {{"secrets", "rotate", APP, "--out", "x", "--type", "p256"}, "takes no --type"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *words[12] = {NULL};
        size_t count = 0;
        for (; lines[i].words[count] != NULL; count++) {
            words[count] = lines[i].words[count];
        }
        words[count] = "--journal";
        words[count + 1] = world_path(world, "journal");
        world_run(world, words);
        assert_exit(world, 2);
        assert_err_has(world, lines[i].said);
        assert_requests(world, 0);
        assert_int_equal(access("x", F_OK), -1);
    }
    ROTATE(world, "--out", world_path(world, "a.pem"), "--journal=/nonexistent/journal");
    assert_exit(world, 2);
    const char *journal =
        world_write(world, "log", "this is no journal of anything, but a text that is long");
    RUN(world, "rotate", SERVICE, "--out", world_path(world, "a.pem"), "--journal", journal);
    assert_exit(world, 2);
    assert_err_has(world, "--journal: ");
    assert_requests(world, 0);
    forget(world);
}

/* A journal is that of the org that used it first. */
static void refuses_a_journal_of_another_org(void **state)
{
    tool_world *world = *state;
    char said[512];
    ROTATE(world, "--out", world_path(world, "a.pem"));
    assert_exit(world, 0);
    mock_org_forget_requests(world->org);
    (void)snprintf(said, sizeof said,
                   "/journal is of the org %s, and the configured org is http://127.0.0.1:9: name another",
                   mock_org_url(world->org));
    ROTATE(world, "--out", world_path(world, "b.pem"), "--org-url", "http://127.0.0.1:9");
    assert_exit(world, 2);
    assert_err_has(world, said);
    assert_requests(world, 0);
    assert_int_equal(access(world_path(world, "b.pem"), F_OK), -1);
    forget(world);
}

int test_rotate_group(void)
{
#ifndef WITH_SQLITE
    return 0; /* without a journal there are no rotations */
#endif
    const struct CMUnitTest tests[] = {
        WORLD_TEST(replaces_a_key),
        WORLD_TEST(refuses_a_journal_of_another_org),
        WORLD_TEST(waits_for_the_grace_period),
        WORLD_TEST(a_deleted_app_is_told_once),
        WORLD_TEST(prints_a_plan),
        WORLD_TEST(a_command_stores),
        WORLD_TEST(commands_make_private_files),
        WORLD_TEST(a_command_switches),
        WORLD_TEST(goes_on_behind_the_proof_only_with_a_switch),
        WORLD_TEST(a_command_that_fails_leaves_nothing),
        WORLD_TEST(goes_on_after_a_lost_answer),
        WORLD_TEST(takes_back_what_was_interrupted),
        WORLD_TEST(removes_the_part_of_a_file),
        WORLD_TEST(never_replaces_a_file),
        WORLD_TEST(plans_a_secret_by_its_id),
        WORLD_TEST(replaces_a_secret),
        WORLD_TEST(proves_a_secret_by_the_method_of_the_settings),
        WORLD_TEST(many_apps_run_side_by_side),
        WORLD_TEST(refuses_bad_options),
    };
    return cmocka_run_group_tests_name("rotate", tests, NULL, NULL);
}
