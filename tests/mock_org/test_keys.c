/* SPDX-License-Identifier: Apache-2.0 */
/* Okta's rules about the JSON Web Keys of an app. */
#include "test_client.h"
#include "test_groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define P256_X "\"x\":\"nu1MQ2yd_HE7ZFM9wyJSkiOF-mvb1FlB7hCosTQmDW8\""
#define P256_Y "\"y\":\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQs\""
#define EC_P384                                                                                              \
    "\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"FlzWCe2eQO-"                                                   \
    "0BdJiI5Rf8JAwRv8wyXPxXhh7YDEa6qxl2I6NI1ScImeq5Ba7sqCx\","                                               \
    "\"y\":\"NPicwzX83cqhtjIAHEp_0DHAsFzXb409o5p5IQ2wucs3vC3hGKYpks6SKlb3TC8o\""
#define EC_P521                                                                                              \
    "\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"ABvEXwgoz9MTG39W6-"                                            \
    "yHhyVfoL2BBavbOMRumzTHAFfOObgVByEm25FJ8NPPD7sI1LgO"                                                     \
    "WFI_ykHcn-ptog6MR6wT\",\"y\":\"AdSfNvAon__RTs6hqvd9_Q8ywhjW5q1xj_z-3ZJmpUNUhqhsM76FsjhCV4S_"            \
    "o9485AaCBr3bfvfq0"                                                                                      \
    "Zl9y9-q8M2e\""

#define TOO_SHORT   "The RSA key is shorter than 2048 bits"
#define NO_CURVE    "crv is none of P-256, P-384 and P-521"
#define NO_LENGTH   "x and y are not coordinates of this curve's length"
#define NO_POINT    "x and y are not a point of this curve"
#define NO_STRING   "kid, alg and use are strings"
#define NO_STATUS   "status is neither ACTIVE nor INACTIVE"
#define PRIVATE     "The key has private members"
#define NO_KID      "Among several keys each has a kid, and this key or one that the app holds has none"
#define SAME_KID    "Another key of the app has this kid"
#define FULL        "The app holds as many keys as it may"
#define TWO_ENC     "The app has an active encryption key, and may not have two"
#define STILL_ON    "An active key is not deleted; deactivate it first"
#define ENCRYPTS    "ID tokens are encrypted with this key"
#define LAST_SIGNER "The app signs in with private_key_jwt and has no other active signing key"

static void key_refused(fixture *f, const char *method, const char *target, const char *body,
                        const char *cause)
{
    test_refused(f, method, target, body, 400, "E0000001", cause);
    assert_string_equal(test_string(f->json, "errorSummary"), "Validation failed: JsonWebKey");
}

static const cJSON *link_of(const cJSON *json, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, "_links"), name);
}

static void check_link(fixture *f, const char *name, const char *method, const char *path)
{
    const cJSON *link = link_of(f->json, name);
    test_members(link, "href,hints");
    assert_string_equal(test_string(link, "href"), test_format("%s%s", mock_org_url(f->org), path));
    char *hints = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(link, "hints"));
    assert_non_null(hints);
    assert_string_equal(hints, test_format("{\"allow\":[\"%s\"]}", method));
    free(hints);
}

/* Checks status, lastUpdated and links of the key in the last answer. */
static void check_state(fixture *f, const char *collection, const char *status, const char *updated)
{
    const char *id = test_format("%s", test_string(f->json, "id"));
    assert_string_equal(test_string(f->json, "status"), status);
    assert_string_equal(test_string(f->json, "created"), TEST_NOW_TEXT);
    assert_string_equal(test_string(f->json, "lastUpdated"), updated);
    const cJSON *links = cJSON_GetObjectItemCaseSensitive(f->json, "_links");
    if (strcmp(status, "ACTIVE") == 0) {
        test_members(links, "deactivate");
        check_link(f, "deactivate", "POST", test_format("%s/%s/lifecycle/deactivate", collection, id));
    } else {
        test_members(links, "activate,delete");
        check_link(f, "activate", "POST", test_format("%s/%s/lifecycle/activate", collection, id));
        check_link(f, "delete", "DELETE", test_format("%s/%s", collection, id));
    }
}

static void an_rsa_key_comes_back_with_its_members_in_order(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("k1", ",\"alg\":\"RS256\",\"use\":\"sig\",\"extra\":[1]"),
                201);
    test_members(f->json, "id,kid,kty,alg,use,e,n,status,created,lastUpdated,_links");
    assert_int_equal(strlen(test_string(f->json, "id")), 20);
    assert_int_equal(strncmp(test_string(f->json, "id"), "pks", 3), 0);
    assert_string_equal(test_string(f->json, "kid"), "k1");
    assert_string_equal(test_string(f->json, "kty"), "RSA");
    assert_string_equal(test_string(f->json, "alg"), "RS256");
    assert_string_equal(test_string(f->json, "use"), "sig");
    assert_string_equal(test_string(f->json, "e"), "AQAB");
    assert_string_equal(test_string(f->json, "n"), test_modulus(2048, 0));
    check_state(f, WEB_KEYS, "ACTIVE", TEST_NOW_TEXT);

    const char *added = test_format("%s", f->body.bytes);
    test_expect(f, "GET", test_format(WEB_KEYS "/%s", test_string(f->json, "id")), NULL, 200);
    assert_string_equal(f->body.bytes, added);
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_string_equal(f->body.bytes, test_format("[%s]", added));
}

static void ec_keys_of_all_three_curves_are_accepted(void **state)
{
    fixture *f = *state;
    static const char *const keys[] = {EC_P256, EC_P384, EC_P521};
    static const char *const curves[] = {"P-256", "P-384", "P-521"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        test_expect(f, "POST", WEB_KEYS,
                    test_format("{\"kid\":\"%zu\",\"status\":\"INACTIVE\",%s}", i, keys[i]), 201);
        test_members(f->json, "id,kid,kty,use,x,y,crv,status,created,lastUpdated,_links");
        assert_string_equal(test_string(f->json, "crv"), curves[i]);
        assert_string_equal(test_string(f->json, "kty"), "EC");
        assert_non_null(strstr(keys[i], test_string(f->json, "x")));
        assert_non_null(strstr(keys[i], test_string(f->json, "y")));
        check_state(f, WEB_KEYS, "INACTIVE", TEST_NOW_TEXT);
    }
}

static void use_defaults_to_sig_and_kid_to_null(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_KEYS, "{" EC_P256 ",\"use\":null,\"kid\":null,\"alg\":null}", 201);
    test_members(f->json, "id,kid,kty,use,x,y,crv,status,created,lastUpdated,_links");
    assert_string_equal(test_string(f->json, "use"), "sig");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(f->json, "kid")));
}

static void rsa_keys_below_2048_bits_are_refused(void **state)
{
    fixture *f = *state;
    static const char key[] = "{\"kid\":\"%s\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s%s\"}";
    static const struct {
        size_t bits, zero_octets;
        const char *tail;
        bool good;
    } cases[] = {
        {2048, 0, "", true},    {2048, 0, "==", true},   {2048, 1, "", true},   {2048, 1, "=", true},
        {4096, 0, "", true},    {2049, 0, "", true},     {2047, 0, "", false},  {2047, 1, "=", false},
        {1024, 128, "", false}, {2040, 8, "", false},    {2048, 0, "!", false}, {2048, 0, "+A", false},
        {2048, 0, "=A", false}, {2048, 0, "AAA", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *body = test_format(key, test_format("k%zu", i),
                                       test_modulus(cases[i].bits, cases[i].zero_octets), cases[i].tail);
        if (cases[i].good) {
            test_expect(f, "POST", WEB_KEYS, body, 201);
            assert_non_null(strstr(body, test_string(f->json, "n")));
        } else {
            key_refused(f, "POST", WEB_KEYS, body, TOO_SHORT);
        }
    }
    key_refused(f, "POST", WEB_KEYS, "{\"kid\":\"x\",\"kty\":\"RSA\",\"e\":\"AQAB\"}", TOO_SHORT);
    key_refused(f, "POST", WEB_KEYS, "{\"kid\":\"x\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":5}", TOO_SHORT);
    key_refused(f, "POST", WEB_KEYS, "{\"kid\":\"x\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\"}", TOO_SHORT);
    static const char *const exponents[] = {"", ",\"e\":\"\"", ",\"e\":\"AA\"", ",\"e\":3", ",\"e\":null"};
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++) {
        key_refused(f, "POST", WEB_KEYS,
                    test_format("{\"kid\":\"x\",\"kty\":\"RSA\",\"n\":\"%s\"%s}", test_modulus(2048, 0),
                                exponents[i]),
                    TOO_SHORT);
    }
}

static void malformed_keys_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const cases[][2] = {
        {"{}", "kty is neither RSA nor EC"},
        {"{\"kid\":\"a\",\"kty\":\"oct\"}", "kty is neither RSA nor EC"},
        {"{\"kid\":\"a\",\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", "kty is neither RSA nor EC"},
        {"{\"kid\":\"a\",\"kty\":\"rsa\"}", "kty is neither RSA nor EC"},
        {"{\"kid\":\"a\",\"kty\":1}", "kty is neither RSA nor EC"},
        {"{\"kid\":1," EC_P256 "}", NO_STRING},
        {"{\"alg\":1," EC_P256 "}", NO_STRING},
        {"{\"use\":[]," EC_P256 "}", NO_STRING},
        {"{\"use\":\"both\"," EC_P256 "}", "use is neither sig nor enc"},
        {"{\"use\":\"enc\"," EC_P256 "}", "An encryption key is an RSA key"},
        {"{\"status\":\"active\"," EC_P256 "}", NO_STATUS},
        {"{\"status\":\"DELETED\"," EC_P256 "}", NO_STATUS},
        {"{\"status\":null," EC_P256 "}", NO_STATUS},
        {"{\"status\":1," EC_P256 "}", NO_STATUS},
        {"{\"d\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"p\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"q\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"dp\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"dq\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"qi\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"k\":\"AA\"," EC_P256 "}", PRIVATE},
        {"{\"oth\":[]," EC_P256 "}", PRIVATE},
        {"{\"d\":null," EC_P256 "}", PRIVATE},
        {"{\"kty\":\"EC\"," P256_X "," P256_Y "}", NO_CURVE},
        {"{\"kty\":\"EC\",\"crv\":\"secp256k1\"," P256_X "," P256_Y "}", NO_CURVE},
        {"{\"kty\":\"EC\",\"crv\":\"p-256\"," P256_X "," P256_Y "}", NO_CURVE},
        {"{\"kty\":\"EC\",\"crv\":\"P-384\"," P256_X "," P256_Y "}", NO_LENGTH},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," P256_X "}", NO_LENGTH},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," P256_Y "}", NO_LENGTH},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," P256_X ",\"y\":\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQ\"}",
         NO_LENGTH},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," P256_X
         ",\"y\":\"yMYadTOoeL+QUC/I260o02/m03Q2pjj2Cy1iow1ndQs\"}",
         NO_LENGTH},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\"," P256_X
         ",\"y\":\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQw\"}",
         NO_POINT},
        {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
         "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
         NO_POINT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        key_refused(f, "POST", WEB_KEYS, cases[i][0], cases[i][1]);
    }
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

static void several_keys_need_a_kid_each(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_KEYS, "{" EC_P256 "}", 201);
    key_refused(f, "POST", WEB_KEYS, test_rsa_key("k1", ""), NO_KID);
    test_expect(f, "POST", SERVICE_KEYS, test_rsa_key("k1", ""), 201);
    key_refused(f, "POST", SERVICE_KEYS, "{" EC_P256 "}", NO_KID);
    key_refused(f, "POST", SERVICE_KEYS, "{\"kid\":null," EC_P256 "}", NO_KID);
    test_expect(f, "POST", SERVICE_KEYS, test_rsa_key("k2", ""), 201);
}

static void a_kid_is_unique_in_its_app(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("k1", ",\"status\":\"INACTIVE\""), 201);
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("K1", ""), 201);
    key_refused(f, "POST", WEB_KEYS, test_rsa_key("k1", ""), SAME_KID);
    key_refused(f, "POST", WEB_KEYS, "{\"kid\":\"K1\"," EC_P256 "}", SAME_KID);
    test_expect(f, "POST", SERVICE_KEYS, test_rsa_key("k1", ""), 201);
}

static void an_app_holds_50_keys(void **state)
{
    fixture *f = *state;
    char id[32] = "";
    for (int i = 0; i < 50; i++) {
        const char *added =
            test_added(f, WEB_KEYS, test_rsa_key(test_format("k%d", i), ",\"status\":\"INACTIVE\""));
        assert_string_not_equal(added, id);
        (void)snprintf(id, sizeof id, "%s", added);
    }
    key_refused(f, "POST", WEB_KEYS, test_rsa_key("k50", ""), FULL);
    test_expect(f, "DELETE", test_format(WEB_KEYS "/%s", id), NULL, 204);
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("k50", ""), 201);
    key_refused(f, "POST", WEB_KEYS, test_rsa_key("k51", ""), FULL);
}

static void lifecycle_changes_status_links_and_last_updated(void **state)
{
    fixture *f = *state;
    const char *key = test_format(WEB_KEYS "/%s", test_added(f, WEB_KEYS, test_rsa_key("k1", "")));
    char activate[128];
    char deactivate[128];
    (void)snprintf(activate, sizeof activate, "%s/lifecycle/activate", key);
    (void)snprintf(deactivate, sizeof deactivate, "%s/lifecycle/deactivate", key);
    mock_org_set_now(f->org, TEST_LATER);
    test_expect(f, "POST", activate, NULL, 200);
    check_state(f, WEB_KEYS, "ACTIVE", TEST_NOW_TEXT);
    test_expect(f, "POST", deactivate, "not read", 200);
    test_members(f->json, "id,kid,kty,use,e,n,status,created,lastUpdated,_links");
    check_state(f, WEB_KEYS, "INACTIVE", "2026-01-06T20:50:58.000Z");
    mock_org_set_now(f->org, TEST_LATER + 60);
    test_expect(f, "POST", deactivate, NULL, 200);
    check_state(f, WEB_KEYS, "INACTIVE", "2026-01-06T20:50:58.000Z");
    test_expect(f, "POST", activate, NULL, 200);
    check_state(f, WEB_KEYS, "ACTIVE", "2026-01-06T20:51:58.000Z");
}

static void only_inactive_keys_are_deleted(void **state)
{
    fixture *f = *state;
    char key[128];
    (void)snprintf(key, sizeof key, WEB_KEYS "/%s", test_added(f, WEB_KEYS, test_rsa_key("k1", "")));
    key_refused(f, "DELETE", key, NULL, STILL_ON);
    test_expect(f, "POST", test_format("%s/lifecycle/deactivate", key), NULL, 200);
    test_expect(f, "DELETE", key, NULL, 204);
    assert_int_equal(f->body.length, 0);
    test_header_is(f, "Content-Type", NULL);
    test_header_is(f, "Date", "Tue, 06 Jan 2026 19:50:58 GMT");
    test_refused(f, "GET", key, NULL, 404, "E0000007", NULL);
    test_refused(f, "DELETE", key, NULL, 404, "E0000007", NULL);
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("k1", ""), 201);
}

static void an_app_has_one_active_encryption_key(void **state)
{
    fixture *f = *state;
    char first[128];
    char second[128];
    (void)snprintf(first, sizeof first, WEB_KEYS "/%s",
                   test_added(f, WEB_KEYS, test_rsa_key("e1", ",\"use\":\"enc\"")));
    key_refused(f, "POST", WEB_KEYS, test_rsa_key("e2", ",\"use\":\"enc\""), TWO_ENC);
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("s1", ""), 201);
    (void)snprintf(second, sizeof second, WEB_KEYS "/%s",
                   test_added(f, WEB_KEYS, test_rsa_key("e2", ",\"use\":\"enc\",\"status\":\"INACTIVE\"")));

    mock_org_set_now(f->org, TEST_LATER);
    test_expect(f, "POST", test_format("%s/lifecycle/activate", second), NULL, 200);
    check_state(f, WEB_KEYS, "ACTIVE", "2026-01-06T20:50:58.000Z");
    test_expect(f, "GET", first, NULL, 200);
    check_state(f, WEB_KEYS, "INACTIVE", "2026-01-06T20:50:58.000Z");
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 1), "kid"), "s1");
    assert_string_equal(test_string(cJSON_GetArrayItem(f->json, 1), "status"), "ACTIVE");
}

static void an_inactive_encryption_key_does_not_bar_an_active_one(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("e1", ",\"use\":\"enc\",\"status\":\"INACTIVE\""), 201);
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("e2", ",\"use\":\"enc\""), 201);
    check_state(f, WEB_KEYS, "ACTIVE", TEST_NOW_TEXT);
}

static void activating_a_signing_key_leaves_the_others_active(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("e1", ",\"use\":\"enc\""), 201);
    test_expect(f, "POST", WEB_KEYS, test_rsa_key("s1", ""), 201);
    const char *id = test_added(f, WEB_KEYS, test_rsa_key("s2", ",\"status\":\"INACTIVE\""));
    test_expect(f, "POST", test_format(WEB_KEYS "/%s/lifecycle/activate", id), NULL, 200);
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(test_string(cJSON_GetArrayItem(f->json, i), "status"), "ACTIVE");
    }
}

static void the_encryption_key_stays_while_id_tokens_are_encrypted(void **state)
{
    fixture *f = *state;
    char deactivate[128];
    (void)snprintf(deactivate, sizeof deactivate, SERVICE_KEYS "/%s/lifecycle/deactivate",
                   test_added(f, SERVICE_KEYS, test_rsa_key("e1", ",\"use\":\"enc\"")));
    assert_true(mock_org_set_id_token_encryption(f->org, MOCK_SERVICE_APP, true));
    assert_false(mock_org_set_id_token_encryption(f->org, "0oa3", true));
    key_refused(f, "POST", deactivate, NULL, ENCRYPTS);
    assert_true(mock_org_set_id_token_encryption(f->org, MOCK_SERVICE_APP, false));
    test_expect(f, "POST", deactivate, NULL, 200);
    assert_true(mock_org_set_id_token_encryption(f->org, MOCK_SERVICE_APP, true));
    test_expect(f, "POST", deactivate, NULL, 200);
}

static void the_only_signing_key_of_a_private_key_jwt_app_stays(void **state)
{
    fixture *f = *state;
    char first[128];
    char second[128];
    (void)snprintf(first, sizeof first, SERVICE_KEYS "/%s/lifecycle/deactivate",
                   test_added(f, SERVICE_KEYS, test_rsa_key("s1", "")));
    test_expect(f, "POST", SERVICE_KEYS, test_rsa_key("e1", ",\"use\":\"enc\""), 201);
    test_expect(f, "POST", SERVICE_KEYS, test_rsa_key("s0", ",\"status\":\"INACTIVE\""), 201);
    key_refused(f, "POST", first, NULL, LAST_SIGNER);
    (void)snprintf(second, sizeof second, SERVICE_KEYS "/%s/lifecycle/deactivate",
                   test_added(f, SERVICE_KEYS, test_rsa_key("s2", "")));
    test_expect(f, "POST", first, NULL, 200);
    key_refused(f, "POST", second, NULL, LAST_SIGNER);

    const char *id = test_added(f, WEB_KEYS, test_rsa_key("s1", ""));
    test_expect(f, "POST", test_format(WEB_KEYS "/%s/lifecycle/deactivate", id), NULL, 200);
}

static void a_key_that_was_put_in_keeps_its_form_until_it_changes(void **state)
{
    fixture *f = *state;
    static const char key[] =
        "{ \"_links\":null, \"id\":\"pks9\",\"status\":\"ACTIVE\",\"use\":null,\"n\":1.50}";
    assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", key));
    test_expect(f, "GET", WEB_KEYS "/pks9", NULL, 200);
    assert_string_equal(f->body.bytes, key);
    key_refused(f, "POST", WEB_KEYS, test_rsa_key("k1", ""), NO_KID);
    test_expect(f, "POST", WEB_KEYS "/pks9/lifecycle/deactivate", NULL, 200);
    test_members(f->json, "_links,id,status,use,n,lastUpdated");
    assert_string_equal(test_string(f->json, "status"), "INACTIVE");
    check_link(f, "delete", "DELETE", WEB_KEYS "/pks9");
}

int test_keys_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_rsa_key_comes_back_with_its_members_in_order),
        TEST(ec_keys_of_all_three_curves_are_accepted),
        TEST(use_defaults_to_sig_and_kid_to_null),
        TEST(rsa_keys_below_2048_bits_are_refused),
        TEST(malformed_keys_are_refused),
        TEST(several_keys_need_a_kid_each),
        TEST(a_kid_is_unique_in_its_app),
        TEST(an_app_holds_50_keys),
        TEST(lifecycle_changes_status_links_and_last_updated),
        TEST(only_inactive_keys_are_deleted),
        TEST(an_app_has_one_active_encryption_key),
        TEST(an_inactive_encryption_key_does_not_bar_an_active_one),
        TEST(activating_a_signing_key_leaves_the_others_active),
        TEST(the_encryption_key_stays_while_id_tokens_are_encrypted),
        TEST(the_only_signing_key_of_a_private_key_jwt_app_stays),
        TEST(a_key_that_was_put_in_keeps_its_form_until_it_changes),
    };
    return cmocka_run_group_tests_name("mock_org keys", tests, NULL, NULL);
}
