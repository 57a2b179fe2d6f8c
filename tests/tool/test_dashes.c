/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and kids that begin with dashes, as one thumbprint in 64 does. */
#include <stdio.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define SECRETS "/api/v1/apps/" MOCK_WEB_APP "/credentials/secrets"

#define ID         "-pks1Ab"
#define KID        "--Kid1Ab"
#define DASHED_APP "-app1"
#define KEY                                                                                                  \
    "{\"id\":\"" ID "\",\"kid\":\"" KID "\",\"kty\":\"RSA\",\"use\":\"sig\",\"n\":\"" RSA_N                  \
    "\",\"e\":\"AQAB\",\"status\":\"ACTIVE\"}"
#define SECRET_ID "--ocs1Ab"
#define SECRET    "{\"id\":\"" SECRET_ID "\",\"client_secret\":\"canary-0123456789\",\"status\":\"ACTIVE\"}"

#define MAX_WORDS 8

/* A command, and the request that it ends in. */
typedef struct dashed_case {
    const char *words[MAX_WORDS];
    const char *method;
    const char *target;
    size_t requests; /* with the list that a kid is looked up in */
} dashed_case;

static const dashed_case taken[] = {
    {{"get", "--", APP, ID}, "GET", KEYS "/" ID, 1},
    {{"get", APP, "--", ID}, "GET", KEYS "/" ID, 1},
    {{"get", APP, ("kid:" KID)}, "GET", KEYS "/" ID, 2},
    {{"get", "--", APP, ("kid:" KID)}, "GET", KEYS "/" ID, 2},
    {{"deactivate", "--", APP, ID}, "POST", KEYS "/" ID "/lifecycle/deactivate", 1},
    {{"activate", "--", APP, ID}, "POST", KEYS "/" ID "/lifecycle/activate", 1},
    {{"deactivate", APP, ("kid:" KID)}, "POST", KEYS "/" ID "/lifecycle/deactivate", 2},
    {{"activate", APP, ("kid:" KID)}, "POST", KEYS "/" ID "/lifecycle/activate", 2},
    {{"deactivate", "--json", "--", APP, ID}, "POST", KEYS "/" ID "/lifecycle/deactivate", 1},
    {{"delete", "--", APP, ID}, "DELETE", KEYS "/" ID, 1},
    {{"secrets", "get", "--", APP, SECRET_ID}, "GET", SECRETS "/" SECRET_ID, 1},
    {{"secrets", "get", "--show-secrets", "--", APP, SECRET_ID}, "GET", SECRETS "/" SECRET_ID, 1},
    {{"secrets", "activate", APP, "--", SECRET_ID}, "POST", SECRETS "/" SECRET_ID "/lifecycle/activate", 1},
    {{"secrets", "deactivate", "--", APP, SECRET_ID},
     "POST",
     SECRETS "/" SECRET_ID "/lifecycle/deactivate",
     1},
    {{"secrets", "delete", "--", APP, SECRET_ID}, "DELETE", SECRETS "/" SECRET_ID, 1},
};

static void put_both(const tool_world *world)
{
    assert_true(mock_org_put(world->org, APP, "jwks", KEY));
    assert_true(mock_org_put(world->org, APP, "secrets", SECRET));
}

static void takes_ids_behind_dashes_and_kids_as_they_are(void **state)
{
    tool_world *world = *state;
    put_both(world);
    /* The last active secret of an app stays. */
    assert_true(mock_org_put(world->org, APP, "secrets", "{\"id\":\"ocs2\",\"status\":\"ACTIVE\"}"));
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        world_run(world, taken[i].words);
        assert_err(world, "");
        assert_exit(world, 0);
        assert_requests(world, taken[i].requests);
        const mock_request *last = world_request(world, taken[i].requests - 1);
        assert_string_equal(last->method, taken[i].method);
        assert_string_equal(last->target, taken[i].target);
    }
}

static void takes_apps_behind_dashes(void **state)
{
    tool_world *world = *state;
    RUN(world, "list", "--", DASHED_APP);
    assert_exit(world, 3);
    assert_string_equal(world_request(world, 0)->target, "/api/v1/apps/" DASHED_APP "/credentials/jwks");
    RUN(world, "deactivate", "--", APP, DASHED_APP, "kid:" KID);
    assert_exit(world, 3);
    assert_requests(world, 2); /* each is listed */
    assert_err_has(world, DASHED_APP ": ");
    RUN(world, "list", "--apps-file", world_write(world, "apps", DASHED_APP "\n"));
    assert_exit(world, 3);
    assert_string_equal(world_request(world, 0)->target, "/api/v1/apps/" DASHED_APP "/credentials/jwks");
    unlink(world_path(world, "apps"));
}

/* The answer to the next write is lost, and nobody may look what became of it. */
static void lose_answer(tool_world *world)
{
    assert_true(mock_org_fail_next(world->org, &(mock_fault){.method = "POST", .drop_after = true}));
    assert_true(mock_org_fail_next(world->org, &(mock_fault){.method = "GET", .status = 403}));
}

/* A command that is advised can be run as it stands. */
static void advises_what_can_be_run(void **state)
{
    tool_world *world = *state;
    char expected[512];
    const char *file = world_path(world, "a.pem");
    assert_true(mock_org_add_app(world->org, DASHED_APP, "client_secret_basic"));
    lose_answer(world);
    RUN(world, "generate", "--type", "p256", "--out", file, "--kid", KID, "--", DASHED_APP);
    assert_exit(world, 7);
    (void)snprintf(expected, sizeof expected,
                   "to finish, run: okta-keys generate --type p256 --out %s --resume --kid " KID
                   " -- " DASHED_APP "\n",
                   file);
    assert_err_has(world, expected);
    RUN(world, "generate", "--type", "p256", "--out", file, "--resume", "--kid", KID, "--", DASHED_APP);
    assert_exit(world, 0);
    unlink(file);
    lose_answer(world);
    RUN(world, "secrets", "create", "--secret-file", world_write(world, "own", "canary-0123456789"), "--",
        DASHED_APP);
    assert_exit(world, 7);
    assert_err_has(world, "to find out, run: okta-keys secrets list -- " DASHED_APP "\n");
    RUN(world, "secrets", "list", "--", DASHED_APP);
    assert_exit(world, 0);
    assert_out_has(world, "ACTIVE");
    RUN(world, "secrets", "create", "--", DASHED_APP);
    assert_exit(world, 0);
    assert_err_has(world, "to see it, run: okta-keys secrets get --show-secrets -- " DASHED_APP " ocs");
    unlink(world_path(world, "own"));
}

static void names_a_key_by_a_kid_with_dashes(void **state)
{
    static const char *const kids[] = {"-Kid1Ab", KID, "--k"};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof kids / sizeof kids[0]; i++) {
        char expected[64];
        const char *file = world_path(world, "a.pem");
        (void)snprintf(expected, sizeof expected, "  %s\n", kids[i]);
        RUN(world, "key", "generate", "--type", "p256", "--out", file, "--kid", kids[i]);
        assert_exit(world, 0);
        assert_out_has(world, expected);
        RUN(world, "key", "show", "--pem", file, "--kid", kids[i]);
        assert_exit(world, 0);
        assert_out_has(world, expected);
        RUN(world, "add", APP, "--kid", kids[i], "--pem", file);
        assert_exit(world, 0);
        (void)snprintf(expected, sizeof expected, "\"kid\":\"%s\"", kids[i]);
        assert_non_null(strstr(world_request(world, world->requests - 1)->body, expected));
        unlink(file);
        RUN(world, "generate", MOCK_SERVICE_APP, "--type", "p256", "--out", file, "--kid", kids[i]);
        assert_exit(world, 0);
        assert_non_null(strstr(world_request(world, world->requests - 1)->body, expected));
        unlink(file);
    }
}

static void retires_what_begins_with_dashes(void **state)
{
    tool_world *world = *state;
    const char *journal = world_path(world, "journal");
    put_both(world);
    RUN(world, "rotate", APP, "--out", "x", "--journal", journal, "--dry-run", "--retire", "kid:" KID);
    assert_exit(world, 0);
    assert_out_has(world, "\n  delete " KID "\n");
    RUN(world, "secrets", "rotate", APP, "--out", "x", "--journal", journal, "--dry-run", "--retire",
        SECRET_ID);
    assert_exit(world, 0);
    assert_out_has(world, "\n  delete " SECRET_ID "\n");
    unlink(journal);
}

typedef struct refused_case {
    const char *words[MAX_WORDS];
    const char *err;
} refused_case;

#define ADVICE " (is it meant to be an id or a kid? write -- in front of it, or kid:KID); see okta-keys help "

static const refused_case refused[] = {
    {{"get", APP, ID}, "there is no option '-p'; options begin with two dashes" ADVICE "get\n"},
    {{"get", APP, "-2026-11"}, "there is no option '-2'; options begin with two dashes" ADVICE "get\n"},
    {{"get", APP, KID}, "there is no option '" KID "'" ADVICE "get\n"},
    {{"secrets", "get", APP, SECRET_ID}, "there is no option '" SECRET_ID "'" ADVICE "secrets get\n"},
    {{"get", APP, "-v"}, "there is no option '-v'; options begin with two dashes; see"},
    {{"get", APP, "--bogus"}, "there is no option '--bogus'; see"},
    {{"get", APP, "--timeOut"}, "'--timeOut' (is it meant to be --timeout?); see"},
    {{"add", APP, "-", "--kid", "--json"}, "--kid needs a value, as in --kid=KID; see"},
    {{"add", APP, "-", "--kid", "--jsn"}, "--kid needs a value, as in --kid=KID; see"},
    {{"add", APP, "-", "--kid", "--"}, "--kid needs a value, as in --kid=KID; see"},
    {{"add", APP, "--pem", KID}, "--pem needs a value, as in --pem=FILE; see"},
};

static void tells_where_an_id_goes(void **state)
{
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        world_run(world, refused[i].words);
        assert_exit(world, 2);
        assert_err_has(world, refused[i].err);
        assert_one_line(world);
        assert_requests(world, 0);
    }
}

int test_dashes_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(takes_ids_behind_dashes_and_kids_as_they_are),
        WORLD_TEST(takes_apps_behind_dashes),
        WORLD_TEST(advises_what_can_be_run),
        WORLD_TEST(names_a_key_by_a_kid_with_dashes),
        WORLD_TEST(retires_what_begins_with_dashes),
        WORLD_TEST(tells_where_an_id_goes),
    };
    return cmocka_run_group_tests_name("tool: dashes", tests, NULL, NULL);
}
