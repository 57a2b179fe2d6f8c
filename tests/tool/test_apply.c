/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by a file of those that are wanted. */
#include <cjson/cJSON.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define SERVICE   MOCK_SERVICE_APP
#define JWKS      "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/jwks"
#define TEXT_SIZE 4096u

/* Keys of an app that the file names by their kid. */
#define OLD  "{\"id\":\"pksold\",\"kid\":\"old\",\"kty\":\"EC\",\"use\":\"sig\",\"status\":\"ACTIVE\"}"
#define GONE "{\"id\":\"pksgone\",\"kid\":\"gone\",\"kty\":\"RSA\",\"use\":\"enc\",\"status\":\"ACTIVE\"}"
#define REST "{\"id\":\"pksrest\",\"kid\":\"rest\",\"kty\":\"EC\",\"use\":\"sig\",\"status\":\"INACTIVE\"}"

/* All that can be wanted: a new key for an old one, and an encryption key for another. */
#define ALL                                                                                                  \
    "apps:\n"                                                                                                \
    "  - id: " SERVICE "\n"                                                                                  \
    "    keys:\n"                                                                                            \
    "      - kid: old\n"                                                                                     \
    "        status: absent\n"                                                                               \
    "      - file: ec.jwk\n"                                                                                 \
    "        kid: new\n"                                                                                     \
    "      - {kid: gone, use: enc, status: absent}\n"                                                        \
    "      - {file: rsa.jwk, kid: other, use: enc}\n"                                                        \
    "      - {kid: never, status: absent}\n"                                                                 \
    "  - id: " APP "\n"                                                                                      \
    "    keys:\n"                                                                                            \
    "      - file: ec.jwk\n"

/* Its changes, one after the other: the requests behind the lists. */
static const char *const all_changes[] = {
    "POST " JWKS,
    "POST " JWKS,
    "POST " JWKS "/ID/lifecycle/activate",
    "POST " JWKS "/pksold/lifecycle/deactivate",
    "DELETE " JWKS "/pksold",
    "DELETE " JWKS "/pksgone",
};
#define ALL_CHANGES (sizeof all_changes / sizeof all_changes[0])
/* Each app is listed twice, and the second one gets a key. */
#define ALL_REQUESTS (ALL_CHANGES + 5u)

/* The file, and the keys that it names. */
static const char *write_all(tool_world *world, const char *text)
{
    (void)world_write(world, "ec.jwk", EC_JWK);
    (void)world_write(world, "rsa.jwk", RSA_JWK);
    return world_write(world, "keys.yaml", text);
}

static void put_keys(const tool_world *world)
{
    assert_true(mock_org_put(world->org, SERVICE, "jwks", OLD));
    assert_true(mock_org_put(world->org, SERVICE, "jwks", GONE));
}

/* "KID/USE/STATUS " for each key of an app, in the order of the org. */
static void read_keys(tool_world *world, const char *app, char out[TEXT_SIZE])
{
    size_t length = 0;
    const cJSON *key = NULL;
    RUN(world, "list", app, "--json");
    assert_exit(world, 0);
    cJSON *keys = cJSON_Parse(world->out);
    assert_non_null(keys);
    out[0] = '\0';
    cJSON_ArrayForEach(key, keys)
    {
        static const char *const members[] = {"kid", "use", "status"};
        for (size_t i = 0; i < 3; i++) {
            const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(key, members[i]));
            length += (size_t)snprintf(out + length, TEXT_SIZE - length, "%s%s", text, i == 2 ? " " : "/");
        }
    }
    cJSON_Delete(keys);
}

static void assert_keys(tool_world *world, const char *app, const char *expected)
{
    char keys[TEXT_SIZE];
    read_keys(world, app, keys);
    assert_string_equal(keys, expected);
}

/* The requests of the last run that change something. */
static void assert_changes(tool_world *world, const char *const *expected, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < world->requests; i++) {
        const mock_request *request = world_request(world, i);
        char line[WORLD_PATH_SIZE];
        if (strcmp(request->method, "GET") == 0) {
            continue;
        }
        assert_true(at < count);
        (void)snprintf(line, sizeof line, "%s %s", request->method, request->target);
        /* The id of a key that was added is the org's. */
        const char *id = strstr(expected[at], "/ID/");
        size_t length = id == NULL ? strlen(expected[at]) : (size_t)(id - expected[at]) + 1;
        if (id == NULL) {
            assert_string_equal(line, expected[at]);
        } else {
            assert_int_equal(strncmp(line, expected[at], length), 0);
            assert_string_equal(strrchr(line, '/'), strrchr(expected[at], '/'));
        }
        at++;
    }
    assert_int_equal(at, count);
}

static void makes_the_keys_those_of_a_file(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    put_keys(world);
    RUN(world, "apply", path, "--check");
    assert_exit(world, 8);
    assert_requests(world, 2);
    assert_err(world, "");
    assert_out_has(world, SERVICE "  + add                 new ");
    assert_out_has(world, SERVICE "  + add inactive        other ");
    assert_out_has(world, SERVICE "  ~ activate            other ");
    assert_out_has(world, SERVICE "  ~ deactivate by that  gone ");
    assert_out_has(world, "keys.yaml:8\n");
    assert_out_has(world, "3 to add, 1 to activate, 2 to deactivate, 2 to delete, 1 unchanged\n");
    RUN(world, "apply", path, "--yes", "--concurrency", "1");
    assert_exit(world, 0);
    assert_requests(world, ALL_REQUESTS);
    assert_out_has(world, "\n8 of 8 changes made\n");
    assert_err(world, "okta-keys: 2 done\n");
    assert_keys(world, SERVICE, "new/sig/ACTIVE other/enc/ACTIVE ");
    RUN(world, "list", APP, "--json");
    assert_int_equal(world_count(world->out, "\"kid\""), 1);
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 0);
    assert_out(world, "no changes, 6 unchanged\n");
    assert_requests(world, 2);
    RUN(world, "apply", path, "--check");
    assert_exit(world, 0);
    assert_out(world, "no changes, 6 unchanged\n");
}

/* The order in which a login works at every moment. */
static void adds_and_activates_before_it_takes_away(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    put_keys(world);
    assert_true(
        mock_org_fail_next(world->org, &(mock_fault){.path_contains = APP, .times = 9, .status = 403}));
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 4);
    assert_changes(world, all_changes, ALL_CHANGES);
    assert_err_has(world, "okta-keys: " APP ": ");
    assert_err_has(world, "okta-keys: 1 done, 1 failed\n");
}

/* Another key is added between the encryption key and its activation. */
static void activates_the_key_that_was_to_be_activated(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, "apps:\n"
                                        "  - id: " SERVICE "\n"
                                        "    keys:\n"
                                        "      - {kid: old, status: active}\n"
                                        "      - {kid: gone, status: absent}\n"
                                        "      - {file: rsa.jwk, kid: other, use: enc}\n"
                                        "      - {file: ec.jwk, kid: later, status: inactive}\n");
    put_keys(world);
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 0);
    assert_out_has(world, "\n5 of 5 changes made\n");
    assert_keys(world, SERVICE, "old/sig/ACTIVE other/enc/ACTIVE later/sig/INACTIVE ");
}

static void takes_json_and_standard_input(void **state)
{
    tool_world *world = *state;
    (void)write_all(world, ALL);
    world->input = "{\n\t\"apps\": [{\"id\": \"" APP "\", \"keys\": [\n\t\t{\"file\": \"ec.jwk\", \"kid\": "
                   "\"2026\", \"status\": \"inactive\"}]}]\n}\n";
    RUN(world, "apply", "-", "--yes");
    assert_exit(world, 0);
    assert_keys(world, APP, "2026/sig/INACTIVE ");
    world_reset(world);
    world->input = "{\"apps\": [{\"id\": \"" APP "\", \"keys\": [\n{\"kid\": 2026}]}]}";
    RUN(world, "apply", "-", "--yes");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: standard input:2: kid: this is a number: put a text into quotes\n");
    assert_requests(world, 0);
    RUN(world, "apply", "-", "--yes", "--token-file", "-");
    assert_exit(world, 2);
    assert_err_has(world, "only one thing at a time can come from standard input");
}

/* Paths begin in the folder of the file, wherever the tool runs. */
static void sends_public_halves_only(void **state)
{
    tool_world *world = *state;
    char *pem = world_pem(NULL);
    char text[TEXT_SIZE];
    (void)world_write(world, "private.pem", pem);
    free(pem);
    (void)snprintf(text, sizeof text,
                   "apps:\n- id: " APP "\n  keys:\n  - file: private.pem\n    kid: relative\n"
                   "- id: " SERVICE "\n  keys:\n  - file: %s\n    kid: absolute\n",
                   world_path(world, "private.pem"));
    RUN(world, "apply", world_write(world, "keys.yaml", text), "--yes");
    assert_exit(world, 0);
    for (size_t i = 0; i < world->requests; i++) {
        assert_lacks(world_request(world, i)->body, "\"d\"");
    }
    assert_keys(world, APP, "relative/sig/ACTIVE ");
    assert_keys(world, SERVICE, "absolute/sig/ACTIVE ");
}

static void the_file_of_the_guide_is_one(void **state)
{
    tool_world *world = *state;
    char *guide = world_read(DOCS_FOLDER "/apply.md");
    assert_non_null(guide);
    char *text = strstr(guide, "```yaml\n");
    assert_non_null(text);
    text += strlen("```yaml\n");
    *strstr(text, "```\n") = '\0';
    (void)world_write(world, "signing.pem", EC_JWK);
    (void)world_write(world, "encryption.pem", RSA_JWK);
    const char *path = world_write(world, "keys.yaml", text);
    free(guide);
    assert_true(mock_org_add_app(world->org, "0oa1gjh63g214q0Hq0g4", "private_key_jwt"));
    assert_true(mock_org_put(world->org, "0oa1gjh63g214q0Hq0g4", "jwks",
                             "{\"id\":\"pks1\",\"kid\":\"2025-11\",\"status\":\"ACTIVE\"}"));
    RUN(world, "apply", path, "--check");
    assert_exit(world, 8);
    assert_out_has(world, "\n2 to add, 1 to deactivate, 1 unchanged\n");
}

static void prunes_only_when_told_and_only_these_apps(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, "apps:\n- id: " SERVICE "\n  keys:\n  - {file: ec.jwk, kid: new}\n");
    put_keys(world);
    assert_true(mock_org_put(world->org, APP, "jwks", REST));
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 0);
    assert_keys(world, SERVICE, "old/sig/ACTIVE gone/enc/ACTIVE new/sig/ACTIVE ");
    RUN(world, "apply", path, "--check", "--prune");
    assert_exit(world, 8);
    assert_out_has(world, "pksold   --prune\n");
    RUN(world, "apply", path, "--yes", "--prune");
    assert_exit(world, 0);
    assert_keys(world, SERVICE, "new/sig/ACTIVE ");
    assert_keys(world, APP, "rest/sig/INACTIVE ");
    path = write_all(world, "apps:\n- id: " SERVICE "\n  keys: []\n");
    RUN(world, "apply", path, "--yes", "--prune");
    assert_exit(world, 1);
    assert_err_has(world, "keys.yaml:2: app " SERVICE ": no active signing key would be left to the app\n");
    assert_keys(world, SERVICE, "new/sig/ACTIVE ");
}

typedef struct refusal {
    const char *text, *err;
} refusal;

#define APP_IS "apps:\n- id: " APP "\n"

static const refusal refused[] = {
    {"", "keys.yaml:1: there is nothing in this file\n"},
    {"apps: []\n", "keys.yaml:1: apps: it names no app\n"},
    {"apps:\n", "keys.yaml:1: apps: this is to be a list\n"},
    {"- id: x\n", "keys.yaml:1: this is to be a mapping with the members apps\n"},
    {"app:\n- id: x\n", "keys.yaml:1: app: there is no such member here; what is known is apps\n"},
    {"apps: []\napps: []\n", "keys.yaml:2: apps: it is on line 1 already\n"},
    {"apps:\n- keys: []\n", "keys.yaml:2: apps: there is no id\n"},
    {"apps:\n- id: x\n", "keys.yaml:2: apps: there is no keys\n"},
    {"apps:\n- id: ..\n  keys: []\n", "keys.yaml:2: id: '..': no id is made of dots\n"},
    {"apps:\n- id: a/b\n  keys: []\n", "keys.yaml:2: id: 'a/b': no id has a '/' (byte 2)\n"},
    {"apps:\n- id: \"a\\eb\"\n  keys: []\n", "keys.yaml:2: id: 'a b': no id has a 0x1b (byte 2)\n"},
    {"apps:\n- id: 12\n  keys: []\n", "keys.yaml:2: id: this is a number: put a text into quotes\n"},
    {"apps:\n- &a {id: x, keys: []}\n- *a\n", "keys.yaml:2: anchors and aliases are not accepted"},
    {"apps:\n- {id: x, keys: []}\n- {id: y, keys: []}\n- id: x\n  keys: []\n",
     "keys.yaml:4: id: app 'x' is on line 2 already\n"},
    {APP_IS "  keys: {}\n", "keys.yaml:3: keys: this is to be a list\n"},
    {APP_IS "  keys:\n  - ec.jwk\n",
     "keys.yaml:4: keys: this is to be a mapping with the members file, kid, use, alg and status\n"},
    {APP_IS "  keys:\n  - use: sig\n", "keys.yaml:4: keys: a key has a file, a kid, or both\n"},
    {APP_IS "  keys:\n  - kid: a\n    state: absent\n",
     "keys.yaml:5: state: there is no such member here; what is known is file, kid, use, alg and status\n"},
    {APP_IS "  keys:\n  - kid: a\n    status: deleted\n",
     "keys.yaml:5: status: this is active, inactive or absent, not 'deleted'\n"},
    {APP_IS "  keys:\n  - kid: a\n    use: SIG\n", "keys.yaml:5: use: this is sig or enc, not 'SIG'\n"},
    {APP_IS "  keys:\n  - file: '-'\n", "keys.yaml:4: file: a key cannot come from standard input here\n"},
    {APP_IS "  keys:\n  - file: no.pem\n", "no.pem: No such file or directory\nokta-keys: note: "},
    {APP_IS "  keys:\n  - kid: a\n    file: no.pem\n", "keys.yaml:5 names this file\n"},
    {APP_IS "  keys:\n  - file: keys.yaml\n", "keys.yaml:4 names this file\n"},
    {APP_IS "  keys:\n  - kid: a\n  - file: ec.jwk\n  - kid: b\n  - kid: a\n    file: rsa.jwk\n",
     "keys.yaml:7: kid: the key on line 4 has the kid a already\n"},
    {APP_IS "  keys:\n  - file: rsa.jwk\n  - file: rsa.jwk\n",
     "keys.yaml:5: keys: the key on line 4 has the kid " RSA_THUMBPRINT " already\n"},
    {APP_IS "  keys:\n  - file: ec.jwk\n    use: enc\n", "keys.yaml:4: file: "},
    {APP_IS "  keys:\n  - file: ec.jwk\n    alg: RS256\n", "keys.yaml:4: file: "},
};

static void refuses_a_bad_file_before_anything_is_sent(void **state)
{
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        RUN(world, "apply", write_all(world, refused[i].text), "--yes");
        assert_exit(world, 2);
        assert_err_has(world, refused[i].err);
        assert_out(world, "");
        assert_requests(world, 0);
    }
    RUN(world, "apply", world_write_bytes(world, "nul", "apps:\n\0", 7), "--check");
    assert_exit(world, 2);
    assert_err_has(world, "nul holds a NUL byte, so it is no text\n");
    RUN(world, "apply", world_path(world, "missing"), "--check");
    assert_exit(world, 2);
    assert_err_has(world, "missing: No such file or directory\n");
    RUN(world, "apply", "/dev/zero", "--check");
    assert_exit(world, 2);
    assert_err_has(world, "/dev/zero is larger than 16777216 bytes\n");
    char *pem = world_pem("open sesame");
    (void)world_write(world, "locked.pem", pem);
    free(pem);
    RUN(world, "apply", write_all(world, APP_IS "  keys:\n  - file: locked.pem\n"), "--check");
    assert_exit(world, 2);
    assert_err_has(world, "locked.pem is encrypted: put its passphrase into the environment variable ");
    assert_requests(world, 0);
}

static void asks_only_on_a_terminal(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    RUN(world, "apply", path);
    assert_exit(world, 2);
    assert_err(world,
               "okta-keys: there is no terminal to ask on: --yes makes the changes, --check only shows "
               "them\n");
    assert_requests(world, 0);
    RUN(world, "apply", path, "--json");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: apply --json needs --check, or --yes: it asks nothing\n");
    RUN(world, "apply", path, "--check", "--yes");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: --check does not go with --yes\n");
    assert_requests(world, 0);
}

#define OTHER_KEY                                                                                            \
    "{\"id\":\"pksold\",\"kid\":\"old\",\"kty\":\"RSA\",\"use\":\"sig\",\"status\":\"ACTIVE\",\"e\":"        \
    "\"AQAB\",\"n\":\"" RSA_N "\"}"

/* What stands against the plan of one app leaves that one alone. */
static void an_app_that_cannot_be_so_does_not_stop_others(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, "apps:\n"
                                        "- id: " SERVICE "\n"
                                        "  keys:\n"
                                        "  - {file: ec.jwk, kid: old}\n"
                                        "  - {file: rsa.jwk, kid: more}\n"
                                        "  - kid: lost\n"
                                        "- id: 0oanosuchapp\n"
                                        "  keys: [{file: ec.jwk}]\n"
                                        "- id: " APP "\n"
                                        "  keys: [{file: ec.jwk, kid: new}]\n");
    assert_true(mock_org_put(world->org, SERVICE, "jwks", OTHER_KEY));
    RUN(world, "apply", path, "--check");
    assert_exit(world, 1);
    RUN(world, "apply", path, "--yes", "--stop", "--concurrency", "1");
    assert_exit(world, 1);
    assert_err_has(world, "okta-keys: 0 done, 1 failed, 2 not begun (the first is 0oanosuchapp): --stop\n");
    assert_changes(world, all_changes, 0);
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 1);
    assert_err_has(world,
                   "keys.yaml:4: app " SERVICE ": old: the app has another key with this kid; a key is "
                   "never replaced: give this one another kid, or delete that one first\n");
    assert_err_has(world,
                   "keys.yaml:6: app " SERVICE ": lost: the app has no key with this kid, and no file is "
                   "named to add it\n");
    assert_err_has(world, "okta-keys: 0oanosuchapp: ");
    assert_err_has(world, "okta-keys: 1 done, 2 failed\n");
    assert_out_has(world, "\n1 of 1 changes made\n");
    assert_keys(world, SERVICE, "old/sig/ACTIVE ");
    assert_keys(world, APP, "new/sig/ACTIVE ");
}

/* Okta leaves the status of a key out where it was made before keys had one. */
static void a_key_without_a_status_works(void **state)
{
    static const char key[] = "{\"id\":\"pksold\",\"kid\":\"old\",\"kty\":\"EC\",\"use\":\"sig\"}";
    tool_world *world = *state;
    const char *path = write_all(world, "apps:\n- {id: " SERVICE ", keys: [{kid: old, status: absent}]}\n");
    assert_true(mock_org_put(world->org, SERVICE, "jwks", key));
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 1);
    assert_err_has(world, ": no active signing key would be left to the app\n");
    assert_changes(world, all_changes, 0);
    path = write_all(world, "apps:\n- {id: " SERVICE ", keys: [{kid: old}]}\n");
    RUN(world, "apply", path, "--check");
    assert_exit(world, 0);
    assert_out(world, "no changes, 1 unchanged\n");
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_non_null(value);
    return value;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(member(object, name));
}

static void prints_one_json_document(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, "apps:\n"
                                        "- id: " SERVICE "\n"
                                        "  keys: [{kid: lost}]\n"
                                        "- id: 0oanosuchapp\n"
                                        "  keys: []\n"
                                        "- id: " APP "\n"
                                        "  keys:\n"
                                        "  - {file: ec.jwk, kid: new}\n"
                                        "  - {kid: rest, status: absent}\n");
    assert_true(mock_org_put(world->org, APP, "jwks", REST));
    for (int made = 0; made < 2; made++) {
        RUN(world, "apply", path, made == 1 ? "--yes" : "--check", "--json");
        assert_exit(world, 1);
        cJSON *array = cJSON_Parse(world->out);
        assert_int_equal(cJSON_GetArraySize(array), 3);
        const cJSON *problem = cJSON_GetArrayItem(member(cJSON_GetArrayItem(array, 0), "problems"), 0);
        assert_int_equal((int)member(problem, "line")->valuedouble, 3);
        assert_string_equal(text_of(problem, "message"),
                            "lost: the app has no key with this kid, and no file is named to add it");
        assert_string_equal(text_of(member(cJSON_GetArrayItem(array, 1), "error"), "status"), "NOT_FOUND");
        const cJSON *changes = member(cJSON_GetArrayItem(array, 2), "changes");
        assert_int_equal(cJSON_GetArraySize(changes), 2);
        const cJSON *change = cJSON_GetArrayItem(changes, 0);
        assert_string_equal(text_of(change, "change"), "add");
        assert_string_equal(text_of(change, "kid"), "new");
        assert_string_equal(text_of(change, "status"), "ACTIVE");
        assert_string_equal(text_of(change, "state"), made == 1 ? "made" : "planned");
        change = cJSON_GetArrayItem(changes, 1);
        assert_string_equal(text_of(change, "change"), "delete");
        assert_string_equal(text_of(change, "id"), "pksrest");
        assert_int_equal((int)member(change, "line")->valuedouble, 9);
        cJSON_Delete(array);
    }
}

/* What is wrong with apps is no reason to say that they need no changes. */
static void the_sum_counts_apps_with_problems(void **state)
{
    tool_world *world = *state;
    const char *path = world_write(world, "keys.yaml",
                                   "apps:\n"
                                   "- id: " SERVICE "\n"
                                   "  keys: [{kid: lost}]\n");
    RUN(world, "apply", path, "--check");
    assert_exit(world, 1);
    assert_out(world, "0 unchanged, 1 app has problems\n");
    path = world_write(world, "keys.yaml",
                       "apps:\n"
                       "- id: " SERVICE "\n"
                       "  keys: [{kid: lost}]\n"
                       "- id: 0oanosuchapp\n"
                       "  keys: []\n"
                       "- id: " APP "\n"
                       "  keys: [{kid: rest, status: absent}]\n");
    assert_true(mock_org_put(world->org, APP, "jwks", REST));
    RUN(world, "apply", path, "--check");
    assert_exit(world, 1);
    assert_out_has(world, "\n1 to delete, 0 unchanged, 2 apps have problems\n");
}

static void goes_on_after_a_failure(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    put_keys(world);
    assert_true(mock_org_fail_next(
        world->org, &(mock_fault){.method = "POST", .path_contains = "/deactivate", .status = 403}));
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 4);
    assert_out_has(world, "\n5 of 8 changes made\n");
    assert_err_has(world, "; 4 of 7 changes made; run the same command again to go on\n");
    assert_err_has(world, "okta-keys: 1 done, 1 failed\n");
    assert_keys(world, SERVICE, "old/sig/ACTIVE gone/enc/INACTIVE new/sig/ACTIVE other/enc/ACTIVE ");
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 0);
    assert_out_has(world, "\n3 of 3 changes made\n");
    assert_keys(world, SERVICE, "new/sig/ACTIVE other/enc/ACTIVE ");
}

/* The write happened, and its answer is lost: it is looked for, and not made twice. */
static void a_lost_answer_is_settled(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    put_keys(world);
    assert_true(
        mock_org_fail_next(world->org, &(mock_fault){.method = "POST", .drop_after = true, .times = 1}));
    assert_true(mock_org_fail_next(world->org, &(mock_fault){.method = "DELETE", .drop_after = true}));
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 0);
    assert_keys(world, SERVICE, "new/sig/ACTIVE other/enc/ACTIVE ");
}

static void begins_no_change_for_nobody(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    put_keys(world);
    world->unread = true;
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 1);
    assert_changes(world, all_changes, 0);
    assert_err_has(world, "okta-keys: cannot write to standard output: Broken pipe\n");
    assert_err_has(world,
                   "okta-keys: 0 done, 2 not begun (the first is " SERVICE "): standard output is gone\n");
    RUN(world, "apply", path, "--yes", "--json");
    assert_exit(world, 1);
    assert_changes(world, all_changes, 0);
}

static void stops_when_the_credential_is_refused(void **state)
{
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    world->token = "wrong";
    RUN(world, "apply", path, "--yes", "--concurrency", "1");
    assert_exit(world, 4);
    assert_requests(world, 1);
    assert_err_has(world, "1 failed, 1 not begun (the first is " APP "): the credential is refused\n");
}

/* Ended at each of its requests, before or behind what it does at the org. */
typedef struct ending {
    int signal;
    unsigned status; /* of the answer that does not come any more: without one the request is carried out */
} ending;

static void end_at(tool_world *world, const char *path, size_t nth, const ending *how)
{
    const char *const words[] = {"apply", path, "--yes", "--concurrency", "1", NULL};
    const mock_fault slow = {.skip = (unsigned)nth, .delay_ms = 20000, .status = how->status};
    assert_true(mock_org_fail_next(world->org, &slow));
    world_process process = world_start(world, words);
    world_wait_for_requests(world, nth + 1);
    assert_int_equal(kill(process.child, how->signal), 0);
    (void)close(process.out_fd);
    world_finish(world, &process);
    assert_int_equal(world->signal, how->signal);
    mock_org_forget_faults(world->org);
}

/* The request that it ends at may have been carried out, or not. */
static void end_and_go_on(tool_world *world, const char *path, size_t nth, const ending *how)
{
    char keys[TEXT_SIZE];
    mock_org_options options = {.users = 0};
    world_restart(world, &options);
    put_keys(world);
    end_at(world, path, nth, how);
    read_keys(world, SERVICE, keys);
    assert_non_null(strstr(keys, "/sig/ACTIVE "));
    assert_int_equal(world_count(keys, "/enc/ACTIVE "), 1);
    RUN(world, "apply", path, "--yes");
    assert_exit(world, 0);
    assert_keys(world, SERVICE, "new/sig/ACTIVE other/enc/ACTIVE ");
}

static void is_gone_on_with_wherever_it_was_killed(void **state)
{
    static const ending behind = {SIGKILL, 0};
    static const ending before = {SIGKILL, 503};
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    for (size_t nth = 0; nth < ALL_REQUESTS; nth++) {
        end_and_go_on(world, path, nth, &behind);
        end_and_go_on(world, path, nth, &before);
    }
    RUN(world, "list", APP, "--json");
    assert_int_equal(world_count(world->out, "\"kid\""), 1);
    RUN(world, "apply", path, "--check");
    assert_exit(world, 0);
}

static void is_gone_on_with_wherever_a_signal_came(void **state)
{
    static const ending endings[] = {{SIGTERM, 0}, {SIGINT, 503}};
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    for (size_t nth = 0; nth < ALL_REQUESTS; nth++) {
        end_and_go_on(world, path, nth, &endings[nth % 2]);
    }
}

static void tells_what_it_did_when_a_signal_comes(void **state)
{
    static const ending how = {SIGTERM, 0};
    tool_world *world = *state;
    const char *path = write_all(world, ALL);
    put_keys(world);
    end_at(world, path, 5, &how);
    assert_err_has(world, "okta-keys: " SERVICE ": ");
    assert_err_has(world, "; 2 of 7 changes made; run the same command again to go on\n");
    assert_err_has(world, "okta-keys: 0 done, 1 failed, 1 not begun (the first is " APP "): a signal came\n");
}

int test_apply_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(makes_the_keys_those_of_a_file),
        WORLD_TEST(adds_and_activates_before_it_takes_away),
        WORLD_TEST(activates_the_key_that_was_to_be_activated),
        WORLD_TEST(takes_json_and_standard_input),
        WORLD_TEST(sends_public_halves_only),
        WORLD_TEST(the_file_of_the_guide_is_one),
        WORLD_TEST(prunes_only_when_told_and_only_these_apps),
        WORLD_TEST(refuses_a_bad_file_before_anything_is_sent),
        WORLD_TEST(asks_only_on_a_terminal),
        WORLD_TEST(an_app_that_cannot_be_so_does_not_stop_others),
        WORLD_TEST(a_key_without_a_status_works),
        WORLD_TEST(prints_one_json_document),
        WORLD_TEST(the_sum_counts_apps_with_problems),
        WORLD_TEST(goes_on_after_a_failure),
        WORLD_TEST(a_lost_answer_is_settled),
        WORLD_TEST(begins_no_change_for_nobody),
        WORLD_TEST(stops_when_the_credential_is_refused),
        WORLD_TEST(is_gone_on_with_wherever_it_was_killed),
        WORLD_TEST(is_gone_on_with_wherever_a_signal_came),
        WORLD_TEST(tells_what_it_did_when_a_signal_comes),
    };
    return cmocka_run_group_tests_name("tool: apply", tests, NULL, NULL);
}
