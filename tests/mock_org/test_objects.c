/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of operations that have no rules of their own: what is created can be listed, read and changed. */
#include "test_client.h"
#include "test_groups.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As test_format(), for longer: the last 64 of them. */
static const char *kept(const char *text)
{
    static char texts[64][200];
    static size_t count;
    char *out = texts[count++ % 64];
    (void)snprintf(out, sizeof texts[0], "%s", text);
    return out;
}

#define GROUPS "/api/v1/groups"
#define USERS  "/api/v1/users"

/* Create an object and return its id, as kept() gives it. */
static const char *created(fixture *f, const char *target, const char *body)
{
    test_call(f, "POST", target, body);
    assert_true(f->status == 200 || f->status == 201);
    return kept(test_string(f->json, "id"));
}

static const cJSON *member(const cJSON *json, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(json, name);
    assert_non_null(found);
    return found;
}

static void what_is_created_can_be_read_listed_replaced_and_deleted(void **state)
{
    fixture *f = *state;
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
    const char *id = created(f, GROUPS, "{\"profile\":{\"name\":\"Pilots\",\"wings\":2}}");
    assert_int_equal(strlen(id), 20);
    assert_memory_equal(id, "00g", 3);
    const char *path = kept(test_format(GROUPS "/%s", id));
    test_expect(f, "GET", path, NULL, 200);
    assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
    assert_string_equal(test_string(f->json, "lastUpdated"), TEST_NOW_TEXT);
    assert_string_equal(test_string(member(f->json, "profile"), "name"), "Pilots");
    assert_int_equal(member(member(f->json, "profile"), "wings")->valueint, 2);
    assert_string_equal(test_string(member(member(f->json, "_links"), "self"), "href"),
                        test_format("%s%s", test_url(f), path));

    mock_org_set_now(f->org, TEST_LATER);
    test_expect(f, "PUT", path, "{\"profile\":{\"name\":\"Crew\"}}", 200);
    assert_string_equal(test_string(member(f->json, "profile"), "name"), "Crew");
    assert_null(cJSON_GetObjectItemCaseSensitive(member(f->json, "profile"), "wings"));
    assert_string_equal(test_string(f->json, "id"), id);
    assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
    assert_string_equal(test_string(f->json, "lastUpdated"), "2026-01-06T20:50:58.000Z");
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);

    test_expect(f, "DELETE", path, NULL, 204);
    assert_int_equal(f->body.length, 0);
    test_refused(f, "GET", path, NULL, 404, "E0000007", NULL);
    test_refused(f, "DELETE", path, NULL, 404, "E0000007", NULL);
    test_refused(f, "PUT", path, "{\"profile\":{\"name\":\"Crew\"}}", 404, "E0000007", NULL);
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

#define USER                                                                                                 \
    "{\"profile\":{\"login\":\"amy@mock.example\",\"firstName\":\"Amy\",\"nickName\":\"A\",\"x\":[1]}}"

static void an_update_merges(void **state)
{
    fixture *f = *state;
    const char *path = kept(test_format(USERS "/%s", created(f, USERS, USER)));
    test_expect(f, "POST", path, "{\"profile\":{\"firstName\":\"Ann\",\"nickName\":null}}", 200);
    test_expect(f, "GET", path, NULL, 200);
    const cJSON *profile = member(f->json, "profile");
    assert_string_equal(test_string(profile, "login"), "amy@mock.example");
    assert_string_equal(test_string(profile, "firstName"), "Ann");
    assert_null(cJSON_GetObjectItemCaseSensitive(profile, "nickName"));
    assert_int_equal(cJSON_GetArraySize(member(profile, "x")), 1);
}

static void a_merge_patch_has_its_media_type(void **state)
{
    fixture *f = *state;
    const char *key = created(f, "/api/v1/authenticators",
                              "{\"key\":\"webauthn\",\"name\":\"W\",\"type\":\"security_key\"}");
    const char *all = kept(test_format("/api/v1/authenticators/%s/aaguids", key));
    test_expect(f, "POST", all, "{\"aaguid\":\"7c\"}", 200);
    const char *path = kept(test_format("%s/7c", all));
    test_refused(f, "PATCH", path, "{\"name\":\"N\"}", 415, "E0000021", NULL);
    f->content_type = "application/merge-patch+json";
    test_expect(f, "PATCH", path, "{\"name\":\"N\"}", 200);
    assert_string_equal(test_string(f->json, "aaguid"), "7c");
    assert_string_equal(test_string(f->json, "name"), "N");
    test_expect(f, "PATCH", path, "{\"name\":null}", 200);
    assert_null(cJSON_GetObjectItemCaseSensitive(f->json, "name"));
}

/* RFC 6902: pointers with ~0, ~1, - and indices. */
static void a_json_patch_is_applied_as_a_whole_or_not_at_all(void **state)
{
    fixture *f = *state;
    const char *group = created(f, GROUPS, "{\"profile\":{\"name\":\"G\"}}");
    const char *path = kept(test_format("/api/v1/apps/" MOCK_WEB_APP "/groups/%s", group));
    test_expect(f, "PUT", path, "{\"priority\":1,\"profile\":{\"list\":[1,2]}}", 200);
    static const struct {
        const char *patch;
        const char *profile; /* NULL: it is refused */
    } cases[] = {
        {"[{\"op\":\"add\",\"path\":\"/profile/a\",\"value\":1}]", "{\"list\":[1,2],\"a\":1}"},
        {"[{\"op\":\"replace\",\"path\":\"/profile/a\",\"value\":{\"b\":2}}]",
         "{\"list\":[1,2],\"a\":{\"b\":2}}"},
        {"[{\"op\":\"remove\",\"path\":\"/profile/a\"}]", "{\"list\":[1,2]}"},
        {"[{\"op\":\"add\",\"path\":\"/profile/list/-\",\"value\":3}]", "{\"list\":[1,2,3]}"},
        {"[{\"op\":\"add\",\"path\":\"/profile/list/0\",\"value\":0}]", "{\"list\":[0,1,2,3]}"},
        {"[{\"op\":\"add\",\"path\":\"/profile/list/2\",\"value\":9}]", "{\"list\":[0,1,9,2,3]}"},
        {"[{\"op\":\"move\",\"from\":\"/profile/list/2\",\"path\":\"/profile/list/1\"}]",
         "{\"list\":[0,9,1,2,3]}"},
        {"[{\"op\":\"remove\",\"path\":\"/profile/list/1\"}]", "{\"list\":[0,1,2,3]}"},
        {"[{\"op\":\"remove\",\"path\":\"/profile/list/3\"}]", "{\"list\":[0,1,2]}"},
        {"[{\"op\":\"remove\",\"path\":\"/profile/none\"}]", NULL},
        {"[{\"op\":\"remove\",\"path\":\"/none/none\"}]", NULL},
        {"[{\"op\":\"add\",\"path\":\"/profile/list/01\",\"value\":3}]", NULL},
        {"[{\"op\":\"add\",\"path\":\"/profile/list/4\",\"value\":3}]", NULL},
        {"[{\"op\":\"add\",\"path\":\"/profile/b\"}]", NULL},
        {"[{\"op\":\"burn\",\"path\":\"/profile/b\",\"value\":3}]", NULL},
        {"[{\"op\":\"add\",\"path\":\"/profile/b\",\"value\":3},{\"op\":\"remove\",\"path\":\"/x\"}]", NULL},
        {"[{\"op\":\"add\",\"path\":\"profile\",\"value\":{}}]", NULL},
        {"[{\"op\":\"add\",\"path\":\"/profile/a~2\",\"value\":1}]", NULL},
        {"[{\"op\":\"remove\",\"path\":\"\"}]", NULL},
        {"[{\"op\":\"replace\",\"path\":\"\",\"value\":7}]", NULL},
        {"[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"profile\":{}}}]", NULL},
        {"[{\"op\":\"replace\",\"path\":\"/profile\",\"value\":7}]", NULL},
        {"[{\"op\":\"replace\",\"path\":\"/priority\",\"value\":\"str\"}]", NULL},
        {"[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"other\"}]", NULL},
        {"[{\"op\":\"remove\",\"path\":\"/id\"}]", NULL},
        {"[{\"op\":\"move\",\"from\":\"/id\",\"path\":\"/profile/id\"}]", NULL},
        {"[{\"op\":\"move\",\"from\":\"/profile\",\"path\":\"/profile/in\"}]", NULL},
        {"[{\"op\":\"copy\",\"from\":\"/none\",\"path\":\"/profile/in\"}]", NULL},
        {"[{\"op\":\"copy\",\"path\":\"/profile/in\"}]", NULL},
        {"[{\"op\":\"copy\",\"from\":\"/profile/list\",\"path\":\"/profile/in\"}]",
         "{\"list\":[0,1,2],\"in\":[0,1,2]}"},
        {"[{\"op\":\"move\",\"from\":\"/profile/list/0\",\"path\":\"/profile/in/-\"}]",
         "{\"list\":[1,2],\"in\":[0,1,2,0]}"},
        {"[{\"op\":\"test\",\"path\":\"/profile\",\"value\":{\"in\":[0,1,2,0],\"list\":[1,2]}},"
         "{\"op\":\"move\",\"from\":\"/profile/in\",\"path\":\"/profile/list\"},"
         "{\"op\":\"remove\",\"path\":\"/profile/list/3\"}]",
         "{\"list\":[0,1,2]}"},
        {"[{\"op\":\"add\",\"path\":\"/profile/b~1c~0d\",\"value\":3}]", "{\"list\":[0,1,2],\"b/c~d\":3}"},
    };
    char profile[200] = "";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_call(f, "PATCH", path, cases[i].patch);
        assert_int_equal(f->status, cases[i].profile != NULL ? 200 : 400);
        if (cases[i].profile != NULL) {
            (void)snprintf(profile, sizeof profile, "%s", cases[i].profile);
        }
        test_expect(f, "GET", path, NULL, 200);
        char *text = cJSON_PrintUnformatted(member(f->json, "profile"));
        assert_string_equal(text, profile);
        free(text);
    }
}

/* Each copy doubles the profile: 2^40 values, and a depth of 40. */
static void copies_do_not_fill_the_memory(void **state)
{
    fixture *f = *state;
    const char *group = created(f, GROUPS, "{\"profile\":{\"name\":\"G\"}}");
    const char *path = kept(test_format("/api/v1/apps/" MOCK_WEB_APP "/groups/%s", group));
    test_expect(f, "PUT", path, "{\"profile\":{}}", 200);
    char body[4000] = "[";
    for (size_t same = 0; same < 2; same++) {
        size_t length = 1;
        for (unsigned n = 0; n < 40; n++) {
            length += (size_t)snprintf(body + length, sizeof body - length,
                                       "{\"op\":\"copy\",\"from\":\"/profile\",\"path\":\"/profile/x%u\"},",
                                       same == 1 ? 0 : n);
        }
        body[length - 1] = ']';
        test_expect(f, "PATCH", path, body, 400);
        test_expect(f, "GET", path, NULL, 200);
    }
}

static void a_lifecycle_changes_the_status(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *collection, *body, *verb, *status;
    } cases[] = {
        {"/api/v1/zones", "{\"name\":\"z\",\"type\":\"IP\"}", "deactivate", "INACTIVE"},
        {"/api/v1/zones", "{\"name\":\"z\",\"type\":\"IP\"}", "activate", "ACTIVE"},
        {USERS, USER, "deactivate", "DEPROVISIONED"},
        {USERS, USER, "suspend", "SUSPENDED"},
        {USERS, USER, "unsuspend", "ACTIVE"},
        {USERS "?activate=false", USER, "suspend", "SUSPENDED"},
        {"/api/v1/groups/rules", "{\"name\":\"r\",\"type\":\"group_rule\"}", "deactivate", "INACTIVE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *id = created(f, cases[i].collection, cases[i].body);
        bool later = strchr(cases[i].collection, '?') != NULL;
        assert_string_equal(test_string(f->json, "status"), later ? "STAGED" : "ACTIVE");
        const char *path =
            kept(test_format("%.*s/%s", (int)strcspn(cases[i].collection, "?"), cases[i].collection, id));
        test_call(f, "POST", test_format("%s/lifecycle/%s", path, cases[i].verb), NULL);
        assert_true(f->status == 200 || f->status == 204);
        test_expect(f, "GET", path, NULL, 200);
        assert_string_equal(test_string(f->json, "status"), cases[i].status);
    }
}

static void children_belong_to_their_parent(void **state)
{
    fixture *f = *state;
    static const char server[] = "{\"name\":\"S\",\"audiences\":[\"a\"]}";
    const char *one = created(f, "/api/v1/authorizationServers", server);
    const char *two = created(f, "/api/v1/authorizationServers", server);
    const char *scopes = kept(test_format("/api/v1/authorizationServers/%s/scopes", one));
    const char *id = created(f, scopes, "{\"name\":\"car:drive\"}");
    test_expect(f, "GET", test_format("%s/%s", scopes, id), NULL, 200);
    test_refused(f, "GET", test_format("/api/v1/authorizationServers/%s/scopes/%s", two, id), NULL, 404,
                 "E0000007", NULL);
    test_expect(f, "GET", test_format("/api/v1/authorizationServers/%s/scopes", two), NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
    test_refused(f, "GET", "/api/v1/authorizationServers/none/scopes", NULL, 404, "E0000007", NULL);
    test_refused(f, "POST", "/api/v1/authorizationServers/none/scopes", "{\"name\":\"s\"}", 404, "E0000007",
                 NULL);

    test_expect(f, "DELETE", test_format("/api/v1/authorizationServers/%s", one), NULL, 204);
    test_refused(f, "GET", scopes, NULL, 404, "E0000007", NULL);
    test_refused(f, "GET", test_format("%s/%s", scopes, id), NULL, 404, "E0000007", NULL);
}

static void what_is_assigned_must_exist(void **state)
{
    fixture *f = *state;
    const char *group = created(f, GROUPS, "{\"profile\":{\"name\":\"G\"}}");
    const char *user = created(f, USERS, USER);
    const char *members = kept(test_format(GROUPS "/%s/users", group));
    test_refused(f, "PUT", test_format("%s/none", members), NULL, 404, "E0000007", NULL);
    test_expect(f, "PUT", test_format("%s/%s", members, user), NULL, 204);
    test_expect(f, "PUT", test_format("%s/%s", members, user), NULL, 204);
    test_expect(f, "GET", members, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    const cJSON *item = cJSON_GetArrayItem(f->json, 0);
    assert_string_equal(test_string(item, "id"), user);
    assert_string_equal(test_string(member(item, "profile"), "login"), "amy@mock.example");
    test_expect(f, "DELETE", test_format("%s/%s", members, user), NULL, 204);
    test_refused(f, "DELETE", test_format("%s/%s", members, user), NULL, 404, "E0000007", NULL);
    test_expect(f, "GET", test_format(USERS "/%s", user), NULL, 200);
}

static void a_created_app_has_keys_of_its_own(void **state)
{
    fixture *f = *state;
    const char *id =
        created(f, "/api/v1/apps",
                "{\"label\":\"L\",\"name\":\"oidc_client\",\"signOnMode\":\"OPENID_CONNECT\","
                "\"credentials\":{\"oauthClient\":{\"token_endpoint_auth_method\":\"private_key_jwt\"}}}");
    assert_memory_equal(id, "0oa", 3);
    const char *keys = kept(test_format("/api/v1/apps/%s/credentials/jwks", id));
    test_expect(f, "GET", keys, NULL, 200);
    test_expect(f, "POST", keys, "{\"kid\":\"k\"," EC_P256 "}", 201);
    test_expect(f, "GET", "/api/v1/apps", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 3);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "id"), MOCK_WEB_APP);
    test_expect(f, "DELETE", test_format("/api/v1/apps/%s", id), NULL, 204);
    test_refused(f, "GET", keys, NULL, 404, "E0000007", NULL);
    test_refused(f, "GET", test_format("/api/v1/apps/%s", id), NULL, 404, "E0000007", NULL);
}

static void created_users_are_listed_behind_the_made_up_ones(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.users = 3, .now_s = TEST_NOW});
    const char *id = created(f, USERS, USER);
    test_expect(f, "GET", USERS "?limit=2", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 2);
    const char *made_up = kept(test_format("%s", test_string(cJSON_GetArrayItem(f->json, 0), "id")));
    test_expect(f, "GET", USERS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 4);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 3), "id"), id);
    test_expect(f, "GET", test_format(USERS "/%s", made_up), NULL, 200);
    assert_string_equal(test_string(member(f->json, "profile"), "login"), "user0@mock.example");
    test_expect(f, "GET", USERS "/user2@mock.example", NULL, 200);
    test_refused(f, "GET", USERS "/user3@mock.example", NULL, 404, "E0000007", NULL);
    test_call(f, "DELETE", test_format(USERS "/%s", made_up), NULL);
    assert_int_equal(f->status, 400);
    test_expect(f, "GET", test_format(USERS "/%s/groups", made_up), NULL, 200);
}

/* By id, by login in any letters, and by what stands before the @ where one user only has it. */
static void users_are_found_by_their_logins(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.users = 3, .now_s = TEST_NOW});
    const char *id = created(f, USERS, USER);
    static const char *const names[] = {"amy@mock.example", "amy%40mock.example", "Amy@Mock.Example", "amy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        test_expect(f, "GET", test_format(USERS "/%s", names[i]), NULL, 200);
        assert_string_equal(test_string(f->json, "id"), id);
        test_expect(f, "GET", test_format(USERS "/%s/groups", names[i]), NULL, 200);
    }
    test_expect(f, "POST", USERS "/amy@mock.example", "{\"profile\":{\"firstName\":\"Ann\"}}", 200);
    assert_string_equal(test_string(f->json, "id"), id);
    test_expect(f, "POST", USERS "/amy/lifecycle/suspend", NULL, 200);
    test_expect(f, "GET", test_format(USERS "/%s", id), NULL, 200);
    assert_string_equal(test_string(member(f->json, "profile"), "firstName"), "Ann");
    assert_string_equal(test_string(f->json, "status"), "SUSPENDED");

    test_expect(f, "GET", USERS "/user2", NULL, 200);
    assert_string_equal(test_string(member(f->json, "profile"), "login"), "user2@mock.example");
    (void)created(f, USERS, "{\"profile\":{\"login\":\"amy@other.example\"}}");
    test_refused(f, "GET", USERS "/amy", NULL, 404, "E0000007", NULL);
    test_refused(f, "GET", USERS "/amy@", NULL, 404, "E0000007", NULL);
    test_expect(f, "DELETE", USERS "/amy@mock.example", NULL, 204);
    test_refused(f, "GET", USERS "/amy@mock.example", NULL, 404, "E0000007", NULL);
    test_expect(f, "GET", USERS "/amy", NULL, 200);
}

#define OIDC_APP(keys)                                                                                       \
    "{\"label\":\"L\",\"name\":\"oidc_client\",\"signOnMode\":\"OPENID_CONNECT\","                           \
    "\"credentials\":{\"oauthClient\":{\"token_endpoint_auth_method\":\"private_key_jwt\"}},"                \
    "\"settings\":{\"oauthClient\":{\"grant_types\":[\"client_credentials\"],\"jwks\":{\"keys\":[" keys      \
    "]}}}}"

/* settings.oauthClient.jwks is the other way to the keys of an app. */
static void an_app_is_created_and_replaced_with_its_keys(void **state)
{
    fixture *f = *state;
    const char *id = created(f, "/api/v1/apps", OIDC_APP("{\"kid\":\"k\"," EC_P256 "}"));
    const char *path = kept(test_format("/api/v1/apps/%s", id));
    const char *keys = kept(test_format("%s/credentials/jwks", path));
    assert_string_equal(test_string(member(member(f->json, "credentials"), "oauthClient"), "client_id"), id);
    test_expect(f, "GET", keys, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "kid"), "k");
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "status"), "ACTIVE");

    test_refused(f, "PUT", path,
                 OIDC_APP("{\"kid\":\"l\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}"), 400,
                 "E0000001", "x and y are not coordinates of this curve's length");
    test_expect(f, "POST", test_format("%s/lifecycle/deactivate", path), NULL, 200);
    test_expect(f, "GET", keys, NULL, 200);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "kid"), "k");
    test_expect(f, "PUT", path, OIDC_APP("{\"kid\":\"l\"," EC_P256 "}"), 200);
    test_expect(f, "GET", keys, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "kid"), "l");

    test_refused(f, "POST", "/api/v1/apps",
                 OIDC_APP("{\"kid\":\"k\"," EC_P256 "},{\"kid\":\"k\"," EC_P256 "}"), 400, "E0000001",
                 "Another key of the app has this kid");
    test_expect(f, "GET", "/api/v1/apps", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 3);
}

static void passwords_are_not_shown(void **state)
{
    fixture *f = *state;
    const char *id =
        created(f, USERS,
                "{\"profile\":{\"login\":\"b@mock.example\"},\"credentials\":"
                "{\"password\":{\"value\":\"Canary-1\"},\"recovery_question\":{\"question\":\"q\"}}}");
    assert_null(strstr(f->body.bytes, "Canary-1"));
    test_expect(f, "GET", test_format(USERS "/%s", id), NULL, 200);
    assert_null(strstr(f->body.bytes, "Canary-1"));
    assert_non_null(strstr(f->body.bytes, "\"password\":{}"));
}

/* Whoever reads, changes or deletes by the id of the answer must meet the object that was made. */
static void the_org_gives_ids_times_and_links_whatever_a_body_says(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *collection, *body;
    } cases[] = {
        {"/api/v1/realms", "{\"id\":\"q\",\"profile\":{\"name\":\"x\"}}"},
        {"/api/v1/realms", "{\"id\":\"../x\",\"profile\":{\"name\":\"x\"}}"},
        {"/api/v1/realms", "{\"id\":7,\"profile\":{\"name\":\"x\"}}"},
        {GROUPS,
         "{\"id\":\"q\",\"created\":\"2000-01-01T00:00:00.000Z\",\"_links\":{\"self\":{\"href\":\"x\"}},"
         "\"profile\":{\"name\":\"x\"}}"},
    };
    static const char *const refused[] = {"id: read-only", "created: read-only"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_call(f, "POST", cases[i].collection, cases[i].body);
        if (f->status == 400) {
            /* Where the member is described as read-only. */
            const cJSON *cause = cJSON_GetArrayItem(member(f->json, "errorCauses"), 0);
            const char *said = test_string(cause, "errorSummary");
            assert_true(strcmp(said, refused[0]) == 0 || strcmp(said, refused[1]) == 0);
            continue;
        }
        assert_int_equal(f->status / 100, 2);
        const char *id = kept(test_string(f->json, "id"));
        assert_int_equal(strlen(id), 20);
        const char *path = kept(test_format("%s/%s", cases[i].collection, id));
        test_expect(f, "GET", path, NULL, 200);
        assert_string_equal(test_string(f->json, "id"), id);
        assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
        assert_string_equal(test_string(member(member(f->json, "_links"), "self"), "href"),
                            test_format("%s%s", test_url(f), path));
        test_expect(f, "PUT", path, cases[i].body, 200);
        assert_string_equal(test_string(f->json, "id"), id);
        assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
        test_expect(f, "GET", cases[i].collection, NULL, 200);
        cJSON *item = NULL;
        cJSON_ArrayForEach(item, f->json)
        {
            assert_memory_not_equal(test_string(item, "id"), "q", 2);
        }
    }
}

/* An assignment has the id of what is assigned, and a name that is an id is the one of the path. */
static void a_body_tells_an_id_only_where_it_is_the_key(void **state)
{
    fixture *f = *state;
    const char *user = created(f, USERS, USER);
    const char *group = created(f, GROUPS, "{\"profile\":{\"name\":\"G\"}}");
    const char *owners = kept(test_format(GROUPS "/%s/owners", group));
    test_expect(f, "POST", owners, test_format("{\"id\":\"%s\",\"type\":\"USER\"}", user), 201);
    assert_string_equal(test_string(f->json, "id"), user);
    test_expect(f, "DELETE", test_format("%s/%s", owners, user), NULL, 204);

    const char *key = created(f, "/api/v1/authenticators",
                              "{\"key\":\"webauthn\",\"name\":\"W\",\"type\":\"security_key\"}");
    const char *all = kept(test_format("/api/v1/authenticators/%s/aaguids", key));
    test_expect(f, "POST", all, "{\"aaguid\":\"7c\"}", 200);
    test_expect(f, "PUT", test_format("%s/7c", all), "{\"aaguid\":\"8d\",\"name\":\"N\"}", 200);
    assert_string_equal(test_string(f->json, "aaguid"), "7c");
    assert_string_equal(test_string(f->json, "name"), "N");
}

/* By Okta's descriptions, in which these are only written. */
static void what_is_only_written_does_not_come_back(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *collection, *body;
    } cases[] = {
        {"/api/v1/captchas",
         "{\"name\":\"c\",\"type\":\"HCAPTCHA\",\"siteKey\":\"s\",\"secretKey\":\"Canary-2\"}"},
        {"/api/v1/eventHooks",
         "{\"name\":\"h\",\"channel\":{\"type\":\"HTTP\",\"version\":\"1\",\"config\":{\"uri\":\"https://a\","
         "\"authScheme\":{\"type\":\"HEADER\",\"key\":\"k\",\"value\":\"Canary-2\"}}},"
         "\"events\":{\"type\":\"EVENT_TYPE\",\"items\":[]}}"},
        {USERS, "{\"profile\":{\"login\":\"c@mock.example\"},\"credentials\":{\"recovery_question\":"
                "{\"question\":\"q\",\"answer\":\"Canary-2\"}}}"},
        {"/api/v1/logStreams",
         "{\"name\":\"l\",\"type\":\"splunk_cloud_logstreaming\",\"settings\":{\"edition\":\"aws\","
         "\"host\":\"h.splunkcloud.com\",\"token\":\"Canary-2\"}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *id = created(f, cases[i].collection, cases[i].body);
        assert_null(strstr(f->body.bytes, "Canary-2"));
        const char *path = kept(test_format("%s/%s", cases[i].collection, id));
        test_expect(f, "GET", path, NULL, 200);
        assert_null(strstr(f->body.bytes, "Canary-2"));
        test_expect(f, "PUT", path, cases[i].body, 200);
        assert_null(strstr(f->body.bytes, "Canary-2"));
        test_expect(f, "GET", cases[i].collection, NULL, 200);
        assert_null(strstr(f->body.bytes, "Canary-2"));
    }
}

static void a_missing_object_is_named_by_its_kind(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *target, *summary;
    } cases[] = {
        {"/api/v1/realms/q", "There is no Realm with the id q"},
        {"/api/v1/policies/q", "There is no Policy with the id q"},
        {"/api/v1/api-tokens/q", "There is no ApiToken with the id q"},
        {GROUPS "/q/users", "There is no UserGroup with the id q"},
        {"/api/v1/apps/q/users", "There is no AppInstance with the id q"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_refused(f, "GET", cases[i].target, NULL, 404, "E0000007", NULL);
        assert_string_equal(test_string(f->json, "errorSummary"), cases[i].summary);
    }
}

/* What Okta makes itself is there from the start, and can go. */
static void natural_objects_are_there_until_they_are_deleted(void **state)
{
    fixture *f = *state;
    test_expect(f, "GET", "/api/v1/devices", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    const char *path =
        kept(test_format("/api/v1/devices/%s", test_string(cJSON_GetArrayItem(f->json, 0), "id")));
    test_expect(f, "GET", path, NULL, 200);
    test_refused(f, "GET", "/api/v1/devices/none", NULL, 404, "E0000007", NULL);
    test_expect(f, "POST", test_format("%s/lifecycle/suspend", path), NULL, 204);
    test_expect(f, "GET", path, NULL, 200);
    assert_string_equal(test_string(f->json, "status"), "SUSPENDED");
    test_expect(f, "DELETE", path, NULL, 204);
    test_refused(f, "GET", path, NULL, 404, "E0000007", NULL);
    test_expect(f, "GET", "/api/v1/devices", NULL, 200);
    assert_string_equal(f->body.bytes, "[]");

    test_expect(f, "GET", "/api/v1/apps/" MOCK_WEB_APP "/features", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 2);
    test_expect(f, "GET", "/api/v1/apps/" MOCK_WEB_APP "/features/USER_PROVISIONING", NULL, 200);
    assert_string_equal(test_string(f->json, "name"), "USER_PROVISIONING");
    test_refused(f, "GET", "/api/v1/apps/" MOCK_WEB_APP "/features/FLYING", NULL, 404, "E0000007", NULL);
    test_expect(f, "GET", "/api/v1/authorizationServers/default", NULL, 200);
}

/* What is at a path without an id is one object. */
static void settings_are_read_replaced_and_deleted(void **state)
{
    fixture *f = *state;
    const char *path = "/api/v1/org";
    test_expect(f, "GET", path, NULL, 200);
    test_expect(f, "POST", path, "{\"companyName\":\"Mock Works\"}", 200);
    test_expect(f, "GET", path, NULL, 200);
    assert_string_equal(test_string(f->json, "companyName"), "Mock Works");

    const char *brand = created(f, "/api/v1/brands", "{\"name\":\"B\"}");
    const char *page = kept(test_format("/api/v1/brands/%s/pages/error/customized", brand));
    test_expect(f, "PUT", page, "{\"pageContent\":\"<p>\"}", 200);
    test_expect(f, "GET", page, NULL, 200);
    assert_string_equal(test_string(f->json, "pageContent"), "<p>");
    test_expect(f, "DELETE", page, NULL, 204);
    test_refused(f, "GET", page, NULL, 404, "E0000007", NULL);
    test_refused(f, "DELETE", page, NULL, 404, "E0000007", NULL);
    test_expect(f, "PUT", page, "{\"pageContent\":\"<b>\"}", 200);
    test_expect(f, "GET", page, NULL, 200);
}

#define WORKERS           8
#define GROUPS_PER_WORKER 40

static size_t discard(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static void *add_groups(void *context)
{
    const fixture *shared = context;
    CURL *curl = curl_easy_init();
    struct curl_slist *lines = curl_slist_append(NULL, "Authorization: SSWS mock-token");
    lines = curl_slist_append(lines, "Content-Type: application/json");
    char url[128];
    size_t added = 0;
    (void)snprintf(url, sizeof url, "%s" GROUPS, mock_org_url(shared->org));
    for (int i = 0; i < GROUPS_PER_WORKER && curl != NULL; i++) {
        long status = 0;
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "{\"profile\":{\"name\":\"G\"}}");
        if (curl_easy_perform(curl) == CURLE_OK &&
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200) {
            added++;
        }
    }
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
    return (void *)(uintptr_t)added;
}

static void many_threads_create_objects(void **state)
{
    fixture *f = *state;
    pthread_t threads[WORKERS];
    size_t added = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_groups, f), 0);
    }
    for (size_t i = 0; i < WORKERS; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        added += (size_t)(uintptr_t)result;
    }
    assert_int_equal(added, WORKERS * GROUPS_PER_WORKER);
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 200);
}

/* The target of the next page in the last answer: of a Link header, or of `_links` in the body. "": none. */
static const char *next_page(fixture *f)
{
    size_t url_length = strlen(test_url(f));
    const cJSON *links = cJSON_GetObjectItemCaseSensitive(f->json, "_links");
    const cJSON *next = cJSON_GetObjectItemCaseSensitive(links, "next");
    if (next != NULL) {
        return kept(test_string(next, "href") + url_length);
    }
    char *link = test_header(f, "Link", 1);
    const char *target =
        link != NULL ? test_format("%.*s", (int)(strcspn(link, ">") - 1 - url_length), link + 1 + url_length)
                     : "";
    free(link);
    return target;
}

static void lists_come_in_pages(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *collection, *body, *list; /* `list` NULL: the page is it */
    } cases[] = {
        {GROUPS, "{\"profile\":{\"name\":\"G\"}}", NULL},
        {"/governance/api/v1/risk-rules",
         "{\"name\":\"R\",\"conflictCriteria\":{},\"resources\":[],\"type\":\"SEPARATION_OF_DUTIES\"}",
         "data"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *ids[5];
        for (size_t n = 0; n < 5; n++) {
            ids[n] = created(f, cases[i].collection, cases[i].body);
        }
        const char *target = kept(test_format("%s?limit=2", cases[i].collection));
        size_t seen = 0;
        for (size_t page = 0; *target != '\0'; page++) {
            assert_true(page < 3);
            test_expect(f, "GET", target, NULL, 200);
            const cJSON *list = cases[i].list != NULL ? member(f->json, cases[i].list) : f->json;
            assert_int_equal(cJSON_GetArraySize(list), page < 2 ? 2 : 1);
            const cJSON *item = NULL;
            cJSON_ArrayForEach(item, list)
            {
                assert_string_equal(test_string(item, "id"), ids[seen++]);
            }
            target = next_page(f);
        }
        assert_int_equal(seen, 5);
        test_refused(f, "GET", test_format("%s?limit=0", cases[i].collection), NULL, 400, "E0000001",
                     "limit is a number from 1 on");
        test_refused(f, "GET", test_format("%s?after=x", cases[i].collection), NULL, 400, "E0000001",
                     "after is not a cursor of this org");
    }
}

static void no_item_is_skipped_when_one_before_it_is_deleted(void **state)
{
    fixture *f = *state;
    static const char *const collections[] = {GROUPS, USERS};
    static const char *const bodies[] = {"{\"profile\":{\"name\":\"G\"}}", USER};
    for (size_t i = 0; i < 2; i++) {
        const char *ids[4];
        for (size_t n = 0; n < 4; n++) {
            ids[n] = created(f, collections[i], bodies[i]);
        }
        test_expect(f, "GET", test_format("%s?limit=2", collections[i]), NULL, 200);
        const char *next = next_page(f);
        for (size_t n = 0; n < 2; n++) {
            test_expect(f, "DELETE", test_format("%s/%s", collections[i], ids[n]), NULL, 204);
        }
        test_expect(f, "GET", next, NULL, 200);
        assert_int_equal(cJSON_GetArraySize(f->json), 2);
        assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "id"), ids[2]);
        assert_string_equal(next_page(f), "");
    }
}

/* Without `until` the log goes on for ever: the last cursor, of an empty page, is where to come back to. */
static void each_page_of_a_log_without_an_end_has_a_next_link(void **state)
{
    fixture *f = *state;
    test_expect(f, "GET", "/api/v1/logs?limit=5&since=2026-01-01T00:00:00Z", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    const cJSON *event = cJSON_GetArrayItem(f->json, 0);
    assert_string_equal(test_string(event, "published"), TEST_NOW_TEXT);
    const char *uuid = test_string(event, "uuid");
    assert_int_equal(strlen(uuid), 36);
    assert_int_equal(strspn(uuid, "0123456789abcdef-"), 36);
    const char *next = kept(next_page(f));
    assert_non_null(strstr(next, "&since=2026-01-01T00:00:00Z"));
    for (size_t i = 0; i < 2; i++) {
        test_expect(f, "GET", next, NULL, 200);
        assert_string_equal(f->body.bytes, "[]");
        assert_string_equal(next_page(f), next);
    }
    test_expect(f, "GET", "/api/v1/logs?until=2026-02-01T00:00:00Z", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 1);
    assert_string_equal(next_page(f), "");
}

static void a_full_store_refuses_until_something_is_deleted(void **state)
{
    fixture *f = *state;
    static const char group[] = "{\"profile\":{\"name\":\"G\"}}";
    test_restart(f, (mock_org_options){.object_limit = 4, .now_s = TEST_NOW});
    const char *first = created(f, GROUPS, group);
    (void)created(f, GROUPS, group);
    test_refused(f, "POST", GROUPS, group, 507, "E0000009", NULL);
    test_expect(f, "PUT", test_format(GROUPS "/%s", first), group, 200);
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 2);
    test_expect(f, "DELETE", test_format(GROUPS "/%s", first), NULL, 204);
    (void)created(f, GROUPS, group);
}

static void a_store_full_of_bytes_refuses_what_is_large(void **state)
{
    fixture *f = *state;
    char body[20000];
    int head = snprintf(body, sizeof body, "{\"profile\":{\"name\":\"");
    memset(body + head, 'x', 16000);
    memcpy(body + head + 16000, "\"}}", 4);
    test_restart(f, (mock_org_options){.byte_limit = 100000, .now_s = TEST_NOW});
    size_t made = 0;
    do {
        test_call(f, "POST", GROUPS, body);
        made += f->status == 200;
    } while (f->status == 200 && made < 20);
    assert_int_equal(f->status, 507);
    assert_in_range(made, 4, 6);
    const char *small = kept(test_format(GROUPS "/%s", created(f, GROUPS, "{\"profile\":{\"name\":\"G\"}}")));
    test_refused(f, "PUT", small, body, 507, "E0000009", NULL);
    test_expect(f, "GET", small, NULL, 200);
    assert_string_equal(test_string(member(f->json, "profile"), "name"), "G");
    test_expect(f, "DELETE", small, NULL, 204);
}

int test_objects_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_created_can_be_read_listed_replaced_and_deleted),
        TEST(an_update_merges),
        TEST(a_merge_patch_has_its_media_type),
        TEST(a_json_patch_is_applied_as_a_whole_or_not_at_all),
        TEST(copies_do_not_fill_the_memory),
        TEST(a_lifecycle_changes_the_status),
        TEST(children_belong_to_their_parent),
        TEST(what_is_assigned_must_exist),
        TEST(a_created_app_has_keys_of_its_own),
        TEST(created_users_are_listed_behind_the_made_up_ones),
        TEST(users_are_found_by_their_logins),
        TEST(an_app_is_created_and_replaced_with_its_keys),
        TEST(passwords_are_not_shown),
        TEST(the_org_gives_ids_times_and_links_whatever_a_body_says),
        TEST(a_body_tells_an_id_only_where_it_is_the_key),
        TEST(what_is_only_written_does_not_come_back),
        TEST(a_missing_object_is_named_by_its_kind),
        TEST(natural_objects_are_there_until_they_are_deleted),
        TEST(settings_are_read_replaced_and_deleted),
        TEST(lists_come_in_pages),
        TEST(no_item_is_skipped_when_one_before_it_is_deleted),
        TEST(each_page_of_a_log_without_an_end_has_a_next_link),
        TEST(many_threads_create_objects),
        TEST(a_full_store_refuses_until_something_is_deleted),
        TEST(a_store_full_of_bytes_refuses_what_is_large),
    };
    return cmocka_run_group_tests_name("mock_org objects", tests, NULL, NULL);
}
