/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers of operations that have no rules of their own are as Okta's reference describes them.
 */
#include "test_client.h"
#include "test_groups.h"
#include "test_jwt.h"

#include "mock_oauth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS "/api/v1/groups"
#define ZONES  "/api/v1/zones"
#define APP    "/api/v1/apps/" MOCK_WEB_APP

static void requests_that_are_not_as_described_are_refused(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *method, *target, *body;
        long status;
        const char *code, *cause; /* `cause` NULL: none */
    } cases[] = {
        {"GET", GROUPS "?nmae=x", NULL, 400, "E0000001", "nmae: no query parameter of this operation"},
        {"GET", GROUPS "?limit=ten", NULL, 400, "E0000001", "limit: not an integer"},
        {"GET", GROUPS "?q=a&q=b", NULL, 400, "E0000001", "q: comes twice"},
        {"GET", GROUPS "?q=%zz", NULL, 400, "E0000001", "query: malformed"},
        {"GET", "/api/v1/apps?includeNonDeleted=yes", NULL, 400, "E0000001",
         "includeNonDeleted: not a boolean"},
        {"GET", "/api/v1/policies", NULL, 400, "E0000001", "type: required"},
        {"POST", ZONES, "{\"name\":\"z\"}", 400, "E0000001", "type: required"},
        {"POST", ZONES, "{\"name\":1,\"type\":\"IP\"}", 400, "E0000001", "name: not a string"},
        {"POST", ZONES, "{\"name\":null,\"type\":\"IP\"}", 400, "E0000001", "name: not a string"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":\"I P\"}", 400, "E0000001", "type: not a text of its enum"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":7}", 400, "E0000001", "type: not a text of its enum"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\",\"id\":\"nzo1\"}", 400, "E0000001", "id: read-only"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\",\"gateways\":[1]}", 400, "E0000001",
         "gateways: not a list of objects"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\",\"gateways\":[{\"value\":1}]}", 400, "E0000001",
         "gateways.value: not a string"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\",\"useAsExemptList\":\"true\"}", 400, "E0000001",
         "useAsExemptList: not a boolean"},
        {"POST", ZONES, "{\"name\":\"a\",\"name\":\"b\",\"type\":\"IP\"}", 400, "E0000001",
         "body: a member comes twice"},
        {"POST", ZONES, "[]", 400, "E0000001", ": not an object"},
        {"POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\"} x", 400, "E0000003", NULL},
        {"POST", ZONES, "", 400, "E0000003", NULL},
        {"POST", APP "/lifecycle/activate", "{\"a\":1}", 400, "E0000001", "body: the operation takes none"},
        {"PATCH", GROUPS, "{}", 405, "E0000022", NULL},
        {"GET", "/api/v1/nothing", NULL, 404, "E0000007", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_refused(f, cases[i].method, cases[i].target, cases[i].body, cases[i].status, cases[i].code,
                     cases[i].cause);
    }
    test_expect(f, "GET", ZONES, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

/* Okta's orgs know more than its reference: what is not described is taken and kept. */
static void what_may_be_newer_than_the_reference_is_accepted(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", ZONES, "{\"name\":\"z\",\"type\":\"MOON_BASE-2.0\",\"orbit\":{\"km\":384400}}",
                200);
    assert_string_equal(test_string(f->json, "type"), "MOON_BASE-2.0");
    assert_non_null(strstr(f->body.bytes, "\"orbit\":{\"km\":384400}"));
    test_expect(f, "POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\",\"asns\":[\"a\"]}", 200);
    test_expect(f, "POST", ZONES, "{\"name\":\"z\",\"type\":\"IP\",\"asns\":{\"include\":[\"a\"]}}", 200);
    test_expect(f, "POST", APP "/lifecycle/activate", "{}", 200);
}

static void media_types_are_those_of_the_operation(void **state)
{
    fixture *f = *state;
    static const char body[] = "{\"name\":\"z\",\"type\":\"IP\"}";
    static const char *const refused[] = {"text/plain", "application/x-www-form-urlencoded",
                                          "application/jsonx"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        f->content_type = refused[i];
        test_refused(f, "POST", ZONES, body, 415, "E0000021", NULL);
    }
    f->content_type = "application/JSON; charset=utf-8";
    test_expect(f, "POST", ZONES, body, 200);
    f->content_type = NULL;

    static const struct {
        const char *accept;
        long status;
    } cases[] = {
        {"Accept: application/json", 200},
        {"Accept: */*", 200},
        {"Accept: text/html, application/*;q=0.5", 200},
        {"Accept: text/html", 406},
        {"Accept: text/*", 406},
        {"Accept: application/jsonx", 406},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f->headers = (const char *const[]){cases[i].accept, NULL};
        test_expect(f, "GET", ZONES, NULL, cases[i].status);
    }
    f->headers = NULL;
}

static void expect_bytes(fixture *f, const char *method, const char *target, const char *body,
                         const char *type, const char *begin)
{
    test_try(f, method, target, body, body != NULL ? strlen(body) : 0);
    assert_int_equal(f->code, CURLE_OK);
    assert_int_equal(f->status / 100, 2);
    test_header_is(f, "Content-Type", type);
    assert_memory_equal(f->body.bytes, begin, strlen(begin));
}

static void answers_are_of_the_described_kind(void **state)
{
    fixture *f = *state;
    test_expect(f, "POST", APP "/credentials/csrs", "{}", 201);
    const char *csr = test_format(APP "/credentials/csrs/%s", test_string(f->json, "id"));
    f->headers = (const char *const[]){"Accept: application/pkcs10", NULL};
    expect_bytes(f, "GET", csr, NULL, "application/pkcs10", "-----BEGIN");
    expect_bytes(f, "POST", APP "/credentials/csrs", "{}", "application/pkcs10", "-----BEGIN");
    f->headers = NULL;
    expect_bytes(f, "GET", APP "/sso/saml/metadata?kid=k", NULL, "text/xml", "<?xml");

    test_expect(f, "GET", "/api/v1/brands/none/pages/sign-in/widget-versions", NULL, 404);
    test_expect(f, "POST", "/api/v1/brands", "{\"name\":\"B\"}", 201);
    test_expect(f, "GET",
                test_format("/api/v1/brands/%s/pages/sign-in/widget-versions", test_string(f->json, "id")),
                NULL, 200);
    assert_true(cJSON_IsString(cJSON_GetArrayItem(f->json, 0)));

    f->token = NULL;
    test_expect(f, "GET",
                "/oauth2/v1/authorize?client_id=c&redirect_uri=u&response_type=code&scope=openid&state=s",
                NULL, 302);
    char *location = test_header(f, "Location", 0);
    assert_non_null(location);
    free(location);
    assert_int_equal(f->body.length, 0);
}

/* Operations without authorization take no token, those of OAuth clients a client, all others a token. */
static void each_operation_has_its_own_security(void **state)
{
    fixture *f = *state;
    f->token = NULL;
    test_expect(f, "GET", "/.well-known/okta-organization", NULL, 200);
    test_refused(f, "GET", GROUPS, NULL, 401, "E0000011", NULL);
    f->content_type = "application/x-www-form-urlencoded";
    test_expect(f, "POST", "/oauth2/v1/introspect", "token=t", 401);
    assert_string_equal(test_string(f->json, "error"), "invalid_client");
    test_expect(f, "POST", "/oauth2/v1/introspect", "token=t&client_id=c", 200);
    assert_true(cJSON_IsBool(cJSON_GetObjectItemCaseSensitive(f->json, "active")));
    test_expect(f, "POST", "/oauth2/v1/introspect", "token=t&token=u&client_id=c", 400);
}

static void an_issued_token_needs_the_scopes_of_the_operation(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *scopes;
        long reading, writing;
    } cases[] = {
        {"okta.groups.read", 200, 403},
        {"okta.groups.manage", 200, 200},
        {"okta.users.manage", 403, 403},
    };
    test_register(f, KEY_P256);
    assert_true(mock_org_grant_scopes(f->org, MOCK_SERVICE_APP,
                                      "okta.groups.read okta.groups.manage okta.users.manage"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char token[TOKEN_SIZE];
        test_get_token(f, cases[i].scopes, NULL, token);
        f->token = NULL;
        f->headers = (const char *const[]){test_format("Authorization: Bearer %s", token), NULL};
        test_expect(f, "GET", GROUPS, NULL, cases[i].reading);
        test_expect(f, "POST", GROUPS, "{\"profile\":{\"name\":\"G\"}}", cases[i].writing);
        if (cases[i].writing == 403) {
            assert_string_equal(test_string(f->json, "errorCode"), "E0000006");
        }
        f->headers = NULL;
        f->token = "mock-token";
    }
}

static void hostile_ids_are_unknown(void **state)
{
    fixture *f = *state;
    static const char *const ids[] = {
        "%2e%2e", ".%2e", "%2E",       "a%2Fb", "a%2f..%2fb", "%0a",    "a%0d%0aX-Y:%20z",
        "%7f",    "*",    "{groupId}", "%25",   "%c3%28",     "00g%20", "'or'1'='1",
    };
    char longest[700];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    for (size_t i = 0; i <= sizeof ids / sizeof ids[0]; i++) {
        const char *id = i < sizeof ids / sizeof ids[0] ? ids[i] : longest;
        test_refused(f, "GET", test_format(GROUPS "/%s", id), NULL, 404, "E0000007", NULL);
        test_refused(f, "DELETE", test_format(GROUPS "/%s", id), NULL, 404, "E0000007", NULL);
        test_refused(f, "GET", test_format(GROUPS "/%s/users", id), NULL, 404, "E0000007", NULL);
        test_refused(f, "POST", test_format(ZONES "/%s/lifecycle/activate", id), NULL, 404, "E0000007", NULL);
    }
    /* Where every id has an object, none of these does. */
    for (size_t i = 0; i < 8; i++) {
        test_refused(f, "GET", test_format("/api/v1/hook-keys/public/%s", ids[i]), NULL, 404, "E0000007",
                     NULL);
    }
    test_expect(f, "GET", "/api/v1/hook-keys/public/any", NULL, 200);
}

/* One body that no reader takes would make every list with it unreadable (RFC 8259, sections 6 to 8). */
static void a_body_that_could_not_be_given_back_is_refused(void **state)
{
    fixture *f = *state;
    static const char *const values[] = {
        "\"\xff\"",
        "\"\xc0\xaf\"",
        "\"\xed\xa0\x80\"",
        "\"\xf4\x90\x80\x80\"",
        "\"\xc3\"",
        "\"\\ud800\"",
        "\"a\nb\"",
        "\"\\u0000\"",
        "1e400",
        "-1e400",
        "12345678901234567890123",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "1.7976931348623157e308",
        "01",
        "1.",
        "+1",
    };
    static const char *const taken[] = {
        "\"\xc3\xa9\\ud83d\\ude00\"", "\"\\\"[[\"", "999999999999999", "-1.5e-3", "0",
        "100000000000000000000"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        test_refused(f, "POST", GROUPS, test_format("{\"profile\":{\"name\":\"G\",\"x\":%s}}", values[i]),
                     400, "E0000003", NULL);
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        test_expect(f, "POST", GROUPS, test_format("{\"profile\":{\"name\":\"G\",\"x\":%s}}", taken[i]), 200);
    }
    test_refused(f, "POST", APP "/credentials/jwks", "{\"kid\":\"\xff\"," EC_P256 "}", 400, "E0000003", NULL);
    char deep[300];
    for (int levels = 30; levels <= 100; levels += 70) {
        int length = snprintf(deep, sizeof deep, "{\"profile\":{\"name\":\"G\",\"x\":");
        memset(deep + length, '[', (size_t)levels);
        memset(deep + length + levels, ']', (size_t)levels);
        (void)snprintf(deep + length + 2 * levels, sizeof deep - (size_t)(length + 2 * levels), "}}");
        test_expect(f, "POST", GROUPS, deep, levels == 30 ? 200 : 400);
    }
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 7);
}

/* Deep and wide bodies are refused, or taken, in time. */
static void huge_bodies_are_handled(void **state)
{
    fixture *f = *state;
    size_t room = 1100000;
    char *body = malloc(room);
    assert_non_null(body);
    size_t length = (size_t)snprintf(body, room, "{\"profile\":{\"name\":\"G\"");
    for (unsigned i = 0; length < 1000000; i++) {
        length += (size_t)snprintf(body + length, room - length, ",\"m%u\":1", i);
    }
    (void)snprintf(body + length, room - length, "}}");
    test_refused(f, "POST", GROUPS, body, 400, "E0000001", "profile: more than 1000 members");

    length = (size_t)snprintf(body, room, "{\"profile\":");
    memset(body + length, '[', 500000);
    body[length + 500000] = '\0';
    test_refused(f, "POST", GROUPS, body, 400, "E0000003", NULL);

    memset(body, 'x', room - 1);
    body[room - 1] = '\0';
    test_refused(f, "POST", GROUPS, body, 413, "E0000003", NULL);
    free(body);
    test_expect(f, "GET", GROUPS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

int test_described_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(requests_that_are_not_as_described_are_refused),
        TEST(what_may_be_newer_than_the_reference_is_accepted),
        TEST(media_types_are_those_of_the_operation),
        TEST(answers_are_of_the_described_kind),
        TEST(each_operation_has_its_own_security),
        TEST(an_issued_token_needs_the_scopes_of_the_operation),
        TEST(hostile_ids_are_unknown),
        TEST(a_body_that_could_not_be_given_back_is_refused),
        TEST(huge_bodies_are_handled),
    };
    return cmocka_run_group_tests_name("mock_org described", tests, NULL, NULL);
}
