/* SPDX-License-Identifier: Apache-2.0 */
/* Okta's rules about the client secrets of an app. */
#include "test_client.h"
#include "test_groups.h"

#include <stdio.h>
#include <string.h>

#define ALPHABET    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define JWT_APP     "0oa3mockjwt000000g4"
#define JWT_SECRETS "/api/v1/apps/" JWT_APP "/credentials/secrets"

#define TEXT_SUBJECT   "Validation failed: client_secret"
#define SECRET_SUBJECT "Validation failed: OAuth2ClientSecretMediated"

static void secret_refused(fixture *f, const char *method, const char *target, const char *body,
                           const char *summary, const char *cause)
{
    test_refused(f, method, target, body, 400, "E0000001", cause);
    assert_string_equal(test_string(f->json, "errorSummary"), summary);
}

/* {"client_secret":"aaa..."} of so many characters. */
static const char *secret_of_length(int length)
{
    char text[128];
    assert_true((size_t)length < sizeof text);
    memset(text, 'a', (size_t)length);
    text[length] = '\0';
    return test_format("{\"client_secret\":\"%s\"}", text);
}

static void a_generated_secret_has_64_characters(void **state)
{
    fixture *f = *state;
    static const char *const bodies[] = {NULL, "{}"};
    char secrets[2][65];
    for (size_t i = 0; i < 2; i++) {
        test_expect(f, "POST", WEB_SECRETS, bodies[i], 201);
        test_members(f->json, "id,created,lastUpdated,status,client_secret,secret_hash,_links");
        assert_int_equal(strlen(test_string(f->json, "id")), 20);
        assert_int_equal(strncmp(test_string(f->json, "id"), "ocs", 3), 0);
        assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
        assert_string_equal(test_string(f->json, "lastUpdated"), TEST_NOW_TEXT);
        assert_string_equal(test_string(f->json, "status"), "ACTIVE");
        assert_int_equal(strspn(test_string(f->json, "secret_hash"), ALPHABET), 22);
        assert_int_equal(strlen(test_string(f->json, "secret_hash")), 22);
        test_members(cJSON_GetObjectItemCaseSensitive(f->json, "_links"), "deactivate");
        assert_int_equal(strspn(test_string(f->json, "client_secret"), ALPHABET), 64);
        assert_int_equal(strlen(test_string(f->json, "client_secret")), 64);
        (void)snprintf(secrets[i], sizeof secrets[i], "%s", test_string(f->json, "client_secret"));
    }
    assert_string_not_equal(secrets[0], secrets[1]);
    test_expect(f, "GET", WEB_SECRETS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 2);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 0), "client_secret"), secrets[0]);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 1), "client_secret"), secrets[1]);
}

static void ones_own_secret_is_kept_and_shown(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_SECRETS,
                "{\"client_secret\":\" !\\\"#$%&'()*+,-./~\",\"status\":\"INACTIVE\",\"id\":\"mine\"}", 201);
    assert_string_equal(test_string(f->json, "client_secret"), " !\"#$%&'()*+,-./~");
    assert_string_equal(test_string(f->json, "status"), "INACTIVE");
    test_members(cJSON_GetObjectItemCaseSensitive(f->json, "_links"), "activate,delete");
    const char *added = test_format("%s", f->body.bytes);
    test_expect(f, "GET", test_format(WEB_SECRETS "/%s", test_string(f->json, "id")), NULL, 200);
    assert_string_equal(f->body.bytes, added);
}

static void equal_secrets_hash_alike(void **state)
{
    fixture *f = *state;
    assert_true(mock_org_add_app(f->org, JWT_APP, "client_secret_jwt"));
    test_expect(f, "POST", WEB_SECRETS, secret_of_length(32), 201);
    const char *hash = test_format("%s", test_string(f->json, "secret_hash"));
    test_expect(f, "POST", WEB_SECRETS, secret_of_length(33), 201);
    assert_string_not_equal(test_string(f->json, "secret_hash"), hash);
    test_expect(f, "POST", JWT_SECRETS, secret_of_length(32), 201);
    assert_string_equal(test_string(f->json, "secret_hash"), hash);
}

static void the_length_of_a_secret_is_bounded(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *target;
        int length;
        const char *cause;
    } cases[] = {
        {WEB_SECRETS, 0, "client_secret is shorter than 14 characters"},
        {WEB_SECRETS, 13, "client_secret is shorter than 14 characters"},
        {WEB_SECRETS, 101, "client_secret is longer than 100 characters"},
        {JWT_SECRETS, 13, "client_secret is shorter than 14 characters"},
        {JWT_SECRETS, 31, "client_secret is shorter than the 32 characters that client_secret_jwt needs"},
        {WEB_SECRETS, 14, NULL},
        {WEB_SECRETS, 100, NULL},
        {JWT_SECRETS, 32, NULL},
    };
    assert_true(mock_org_add_app(f->org, JWT_APP, "client_secret_jwt"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].cause != NULL) {
            secret_refused(f, "POST", cases[i].target, secret_of_length(cases[i].length), TEXT_SUBJECT,
                           cases[i].cause);
        } else {
            test_expect(f, "POST", cases[i].target, secret_of_length(cases[i].length), 201);
        }
    }
}

static void a_secret_is_printable_ascii(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {"0123456789abcd\\u007f", "0123456789abcd\\n",
                                        "0123456789abcd\xc3\xa9", "0123456789abcd\\u001f"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        secret_refused(f, "POST", WEB_SECRETS, test_format("{\"client_secret\":\"%s\"}", texts[i]),
                       TEXT_SUBJECT, "client_secret holds a character that is not printable ASCII");
    }
    secret_refused(f, "POST", WEB_SECRETS, "{\"client_secret\":12345678901234}", TEXT_SUBJECT,
                   "client_secret is a string");
}

static void status_of_a_secret_is_one_of_two(void **state)
{
    fixture *f = *state;
    secret_refused(f, "POST", WEB_SECRETS, "{\"status\":\"STAGED\"}", SECRET_SUBJECT,
                   "status is neither ACTIVE nor INACTIVE");
    secret_refused(f, "POST", WEB_SECRETS, "{\"status\":null}", SECRET_SUBJECT,
                   "status is neither ACTIVE nor INACTIVE");
}

static void an_app_has_two_secrets_at_most(void **state)
{
    fixture *f = *state;
    static const char full[] = "The app holds two secrets, which is as many as it may";
    const char *id = test_added(f, WEB_SECRETS, "{\"status\":\"INACTIVE\"}");
    test_expect(f, "POST", WEB_SECRETS, NULL, 201);
    secret_refused(f, "POST", WEB_SECRETS, NULL, SECRET_SUBJECT, full);
    secret_refused(f, "POST", WEB_SECRETS, secret_of_length(20), SECRET_SUBJECT, full);
    test_expect(f, "DELETE", test_format(WEB_SECRETS "/%s", id), NULL, 204);
    test_expect(f, "POST", WEB_SECRETS, NULL, 201);
}

static void a_private_key_jwt_app_has_no_secret(void **state)
{
    fixture *f = *state;
    static const char none[] = "An app that signs in with private_key_jwt has no secret";
    secret_refused(f, "POST", SERVICE_SECRETS, NULL, TEXT_SUBJECT, none);
    secret_refused(f, "POST", SERVICE_SECRETS, secret_of_length(40), TEXT_SUBJECT, none);
    test_expect(f, "GET", SERVICE_SECRETS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

static void one_active_secret_stays(void **state)
{
    fixture *f = *state;
    static const char only[] = "This is the only active secret of the app";
    char first[128];
    char second[128];
    (void)snprintf(first, sizeof first, WEB_SECRETS "/%s", test_added(f, WEB_SECRETS, NULL));
    secret_refused(f, "POST", test_format("%s/lifecycle/deactivate", first), NULL, SECRET_SUBJECT, only);
    (void)snprintf(second, sizeof second, WEB_SECRETS "/%s", test_added(f, WEB_SECRETS, NULL));
    mock_org_set_now(f->org, TEST_LATER);
    test_expect(f, "POST", test_format("%s/lifecycle/deactivate", first), NULL, 200);
    assert_string_equal(test_string(f->json, "status"), "INACTIVE");
    assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
    assert_string_equal(test_string(f->json, "lastUpdated"), "2026-01-06T20:50:58.000Z");
    test_members(f->json, "id,created,lastUpdated,status,client_secret,secret_hash,_links");
    test_members(cJSON_GetObjectItemCaseSensitive(f->json, "_links"), "activate,delete");
    test_expect(f, "POST", test_format("%s/lifecycle/deactivate", first), NULL, 200);
    secret_refused(f, "POST", test_format("%s/lifecycle/deactivate", second), NULL, SECRET_SUBJECT, only);
    test_expect(f, "POST", test_format("%s/lifecycle/activate", first), NULL, 200);
    assert_string_equal(test_string(f->json, "status"), "ACTIVE");
    test_expect(f, "POST", test_format("%s/lifecycle/activate", first), NULL, 200);
    test_expect(f, "POST", test_format("%s/lifecycle/deactivate", second), NULL, 200);
}

static void only_inactive_secrets_are_deleted(void **state)
{
    fixture *f = *state;
    char secret[128];
    test_expect(f, "POST", WEB_SECRETS, NULL, 201);
    (void)snprintf(secret, sizeof secret, WEB_SECRETS "/%s", test_added(f, WEB_SECRETS, NULL));
    secret_refused(f, "DELETE", secret, NULL, SECRET_SUBJECT,
                   "An active secret is not deleted; deactivate it first");
    test_expect(f, "POST", test_format("%s/lifecycle/deactivate", secret), NULL, 200);
    test_expect(f, "DELETE", secret, NULL, 204);
    assert_int_equal(f->body.length, 0);
    test_refused(f, "GET", secret, NULL, 404, "E0000007", NULL);
}

static void keys_and_secrets_do_not_mix(void **state)
{
    fixture *f = *state;
    const char *id = test_added(f, WEB_SECRETS, NULL);
    test_expect(f, "GET", test_format(WEB_KEYS "/%s", id), NULL, 404);
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
    assert_true(mock_org_put(f->org, MOCK_WEB_APP, "secrets", "{\"id\":\"ocs9\"}"));
    test_expect(f, "GET", WEB_SECRETS "/ocs9", NULL, 200);
    test_expect(f, "GET", WEB_KEYS "/ocs9", NULL, 404);
}

int test_secrets_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_generated_secret_has_64_characters),
        TEST(ones_own_secret_is_kept_and_shown),
        TEST(equal_secrets_hash_alike),
        TEST(the_length_of_a_secret_is_bounded),
        TEST(a_secret_is_printable_ascii),
        TEST(status_of_a_secret_is_one_of_two),
        TEST(an_app_has_two_secrets_at_most),
        TEST(a_private_key_jwt_app_has_no_secret),
        TEST(one_active_secret_stays),
        TEST(only_inactive_secrets_are_deleted),
        TEST(keys_and_secrets_do_not_mix),
    };
    return cmocka_run_group_tests_name("mock_org secrets", tests, NULL, NULL);
}
