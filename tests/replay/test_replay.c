/* SPDX-License-Identifier: Apache-2.0 */
/* What okta-replay makes of recorded exchanges: which pass, what is counted, what is listed. */
#include "replay_world.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define PARTS        6u

/* The ways to play a recording without an org. */
static const char *const modes[] = {NULL, "--http"};

typedef struct replay_case {
    const char *label;
    const char *text;
    int code;
    const char *parts[PARTS];           /* of standard output, in either mode */
    const char *plain_part, *http_part; /* in one of them; NULL: none */
    int http_code;                      /* 0: as `code` */
} replay_case;

#define USER "/api/v1/users/00u1"

static const replay_case member_cases[] = {
    {"members count at every depth; names of links and custom attributes do not",
     GET_LINE(
         USER,
         "\"{\\\"id\\\":\\\"00u1\\\",\\\"status\\\":\\\"ACTIVE\\\",\\\"profile\\\":{\\\"login\\\":\\\"a\\\","
         "\\\"shoeSize\\\":42},\\\"_links\\\":{\\\"self\\\":{\\\"href\\\":\\\"https://x\\\"}}}\""),
     0,
     {"members of answers: 6, typed 6 (100.00 %), unknown 0, of another type 0\n", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a member that the struct lacks is unknown, once, whatever is in it",
     GET_LINE(USER, "\"{\\\"id\\\":\\\"00u1\\\",\\\"nope\\\":{\\\"a\\\":\\\"" CANARY "\\\",\\\"b\\\":2}}\""),
     0,
     {"members of answers: 2, typed 1 (50.00 %), unknown 1, of another type 0\n",
      "unknown members of answers: 1\n       1 UserGetSingleton.nope\n", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a described member of another type never counts as a custom attribute",
     GET_LINE(USER,
              "\"{\\\"id\\\":7,\\\"profile\\\":{\\\"login\\\":5,\\\"shoeSize\\\":\\\"" CANARY "\\\"}}\""),
     0,
     {"members of answers: 3, typed 1 (33.33 %), unknown 0, of another type 2\n",
      "       1 UserGetSingleton.id\n", "       1 UserProfile.login\n", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a null of a known member is typed",
     GET_LINE(USER, "\"{\\\"id\\\":\\\"00u1\\\",\\\"activated\\\":null,\\\"profile\\\":null}\""),
     0,
     {"members of answers: 3, typed 3 (100.00 %), unknown 0, of another type 0\n", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"an enum's value that is newer than the library is typed and listed",
     GET_LINE(USER, "\"{\\\"id\\\":\\\"00u1\\\",\\\"status\\\":\\\"FROZEN\\\"}\""),
     0,
     {"members of answers: 2, typed 2 (100.00 %), unknown 0, of another type 0\n",
      "members of answers with a newer value of an enum: 1\n       1 UserGetSingleton.status\n",
      "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"the members of every element of a list count",
     GET_LINE("/api/v1/groups", "\"[{\\\"id\\\":\\\"a\\\",\\\"x\\\":1},{\\\"id\\\":\\\"b\\\"},null]\""),
     0,
     {"members of answers: 3, typed 2 (66.66 %), unknown 1, of another type 0\n", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"an answer that no model is for is unknown as a whole",
     LINE("DELETE", "/api/v1/groups/00g1", "null", "null", "204", "\"\"") LINE(
         "POST", "/api/v1/users/00u1/lifecycle/deactivate", "null", "null", "200", "\"{\\\"left\\\":1}\""),
     0,
     {"members of answers: 1, typed 0 (0.00 %), unknown 1, of another type 0\n", "2 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"the members of an error document count, also those of RFC 6749",
     LINE("GET", USER, "null", "null", "404",
          "\"{\\\"errorCode\\\":\\\"E0000007\\\",\\\"errorSummary\\\":\\\"s\\\",\\\"errorCauses\\\":[{"
          "\\\"errorSummary\\\":"
          "\\\"c\\\"}]}\"")
         LINE("POST", "/oauth2/v1/token", "null", "\"grant_type=password&username=a&password=" CANARY "\"",
              "400", "\"{\\\"error\\\":\\\"invalid_grant\\\",\\\"error_description\\\":\\\"d\\\"}\""),
     0,
     {"members of answers: 6, typed 6 (100.00 %), unknown 0, of another type 0\n", "2 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
};

static const replay_case route_cases[] = {
    {"double slashes and one at the end do not matter",
     GET_LINE("//api/v1//users/00u1/", "\"{\\\"id\\\":\\\"00u1\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"an escape in a path is a part of the id",
     GET_LINE("/api/v1/users/a%40b%2Bc", "\"{\\\"id\\\":\\\"00u1\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"what is in no description is listed and fails nothing",
     LINE("POST", "/api/v1/authn", "null", "\"{\\\"password\\\":\\\"" CANARY "\\\"}\"", "200", "\"{}\"")
         LINE("POST", "/api/v1/authn/", "null", "null", "200", "\"{}\"")
             LINE("HEAD", USER, "null", "null", "200", "\"\""),
     0,
     {"calls that match no operation: 3\n       2 POST /api/v1/authn\n       1 HEAD /api/v1/users/{}\n",
      "0 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"what may be an id or a secret in a path that matches nothing does not show",
     GET_LINE("/api/v1/users/" CANARY "/groups/of/" CANARY, "\"{}\"")
         GET_LINE("/api/v1/authn/factors/" CANARY "/verify", "\"{}\"") GET_LINE("/" CANARY, "\"{}\"")
             GET_LINE("/api/v1/" CANARY "//users/", "\"{}\"") GET_LINE("/", "\"{}\""),
     0,
     {"       1 GET /\n", "       1 GET /api/v1/authn/factors/{}/verify\n",
      "       1 GET /api/v1/users/{}/groups/{}/{}\n", "       1 GET /api/v1/{}/users\n",
      "       1 GET /{}\n"},
     NULL,
     NULL,
     0},
    {"an answer without its body is refused",
     GET_LINE(USER, "\"\"") GET_LINE(USER, "null") GET_LINE("/api/v1/groups", "\"\"")
         LINE("DELETE", "/api/v1/groups/00g1", "null", "null", "204", "\"\"")
             LINE("GET", USER, "null", "null", "404", "\"\""),
     1,
     {":1: GET /api/v1/users/{id}: getUser: FAILED: answer: the answer is empty\n",
      ":3: GET /api/v1/groups: listGroups: FAILED: answer: the answer is empty\n", "2 passed, 3 failed\n"},
     NULL,
     NULL,
     0},
    {"a member that stands twice is told",
     GET_LINE(USER, "\"{\\\"id\\\":\\\"00u1\\\",\\\"profile\\\":{\\\"login\\\":\\\"a\\\",\\\"login\\\":"
                    "\\\"b\\\",\\\"x\\\":[{\\\"y\\\":1,\\\"y\\\":2}]}}\"")
         LINE("POST", "/api/v1/groups", "null",
              "\"{\\\"profile\\\":{\\\"name\\\":\\\"a\\\",\\\"name\\\":\\\"a\\\"}}\"", "200",
              "\"{\\\"id\\\":\\\"00g1\\\"}\""),
     0,
     {"members that stand twice in an object, of which the first counts: 3\n", "       1 addGroup.name\n",
      "       1 getUser.login\n", "       1 getUser.y\n", "2 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a segment of dots is no id",
     GET_LINE("/api/v1/users/..", "\"{}\"") GET_LINE("/api/v1/users/%2e%2E/groups", "\"[]\"")
         GET_LINE("/api/v1/users/.", "\"{}\""),
     0,
     {"calls that match no operation: 3\n", "0 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"what a terminal would act on shows with escapes",
     LINE("GET\\u001b[31m\\u202e", "/api/v1/nowhere/\\u001b", "null", "null", "200", "\"{}\""),
     0,
     {"GET\\x1b[31m\\u202e /api/v1/nowhere/{}\n"},
     NULL,
     NULL,
     0},
    {"an id does not show",
     GET_LINE("/api/v1/sessions/" CANARY, "\"{\"")
         GET_LINE("/api/v1/sessions/" CANARY, "\"{\\\"nope\\\":1}\""),
     1,
     {"GET /api/v1/sessions/{sessionId}: getSession: FAILED: "},
     NULL,
     NULL,
     0},
    {"an operation with two kinds of answer is that of the answer's kind",
     GET_LINE("/api/v1/apps/0oa1/credentials/csrs/c1", "\"{\\\"id\\\":\\\"c1\\\",\\\"kty\\\":\\\"RSA\\\"}\"")
         LINE_WITH("GET", "/api/v1/apps/0oa1/credentials/csrs/c1", "null", "null", "200",
                   "{\"Content-Type\":\"application/pkcs10\"}", "{\"base64\":\"AAECAwT/\"}"),
     0,
     {"members of answers: 2, typed 2", "2 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
};

static const replay_case request_cases[] = {
    {"members of a request that are only read are left out and listed",
     LINE("PUT", "/api/v1/groups/00g1", "null",
          "\"{\\\"id\\\":\\\"00g1\\\",\\\"profile\\\":{\\\"name\\\":\\\"n\\\",\\\"mine\\\":[1,{\\\"a\\\":1."
          "50}]}}\"",
          "200", "\"{\\\"id\\\":\\\"00g1\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a request without the body that it needs is skipped; its answer is not",
     LINE("POST", "/api/v1/groups", "null", "null", "200", "\"{\\\"id\\\":\\\"00g1\\\"}\""),
     0,
     {"requests recorded without their body, skipped: 1\n       1 addGroup\n"},
     "1 passed, 0 failed\n",
     "0 passed, 0 failed\n",
     0},
    {"a parameter of a query that no function takes is listed",
     LINE("GET", "/api/v1/groups", "\"limit=2&q=a%20b+c&nope=1\"", "null", "200", "\"[]\"")
         LINE("GET", "/api/v1/api-tokens", "\"nope=1\"", "null", "200", "\"[]\""),
     0,
     {"unknown parameters of queries: 2\n       1 listApiTokens.nope\n       1 listGroups.nope\n",
      "members of requests and queries: 4, typed 2 (50.00 %)", "2 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a parameter of another type goes out as it is",
     LINE("GET", "/api/v1/groups", "\"limit=many\"", "null", "200", "\"[]\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a form is read and written",
     LINE("POST", "/oauth2/v1/token", "null",
          "\"grant_type=client_credentials&scope=a+b%2Fc&client_id=x&client_secret=" CANARY "\"", "200",
          "\"{\\\"access_token\\\":\\\"" CANARY "\\\",\\\"token_type\\\":\\\"Bearer\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a form that is JSON is none, and nothing of it is shown",
     LINE("POST", "/oauth2/v1/token", "null", "\"{\\\"client_secret\\\":\\\"" CANARY "\\\"}\"", "200",
          "\"{}\""),
     1,
     {"the body is no form", "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"a form without a name is none, and nothing of it is shown",
     LINE("POST", "/oauth2/v1/token", "null", "\"grant_type=client_credentials&" CANARY "\"", "200",
          "\"{}\""),
     1,
     {"the body is no form", "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"an upload of base64 is read and written",
     LINE("POST", "/api/v1/apps/0oa1/logo", "null",
          "{\"base64\":"
          "\"LS1iDQpDb250ZW50LURpc3Bvc2l0aW9uOiBmb3JtLWRhdGE7IG5hbWU9ImZpbGUiOyBmaWxlbmFtZT0iYS5wbmciDQpDb25"
          "0ZW50LVR5cGU6IGltYWdlL3BuZw0KDQr/AA0KDQotLWItLQ0K\"}",
          "201", "\"\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"an upload that is none fails",
     LINE("POST", "/api/v1/apps/0oa1/logo", "null", "\"--b\\r\\nno part\"", "201", "\"\""),
     1,
     {"uploadApplicationLogo: FAILED: request: the body is no multipart/form-data\n", "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"a body that is no JSON fails",
     LINE("POST", "/api/v1/groups", "null", "\"{\\\"profile\\\":" CANARY "\"", "200", "\"{}\""),
     1,
     {"addGroup: FAILED: request: the JSON is not valid", "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"a body that the operation does not take fails",
     LINE("DELETE", "/api/v1/groups/00g1", "null", "\"" CANARY "\"", "204", "\"\""),
     1,
     {"deleteGroup: FAILED: request: the operation takes no body\n"},
     NULL,
     NULL,
     0},
};

static const replay_case answer_cases[] = {
    {"an answer that is cut fails with its place",
     GET_LINE(USER, "\"{\\\"id\\\":\\\"" CANARY "\""),
     1,
     {"made-up.jsonl:1: GET /api/v1/users/{id}: getUser: FAILED: ", "a string does not end",
      "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"an array where an object is due fails",
     GET_LINE(USER, "\"[]\""),
     1,
     {"array", "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"a NUL in an answer fails",
     GET_LINE(USER, "\"{\\\"id\\\":\\\"\\\\u0000\\\"}\""),
     1,
     {"0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"numbers keep every digit",
     GET_LINE(USER,
              "\"{\\\"id\\\":\\\"a\\\",\\\"x\\\":12345678901234567890.10,\\\"y\\\":-0.0,\\\"z\\\":1E400}\""),
     0,
     {"unknown 3", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a page of a gateway is no document",
     LINE_WITH("GET", USER, "null", "null", "502", "{\"content-type\":[\"text/html\"]}", "\"<html>\""),
     0,
     {"members of answers: 0", "1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a rate limit that was reached keeps nobody waiting",
     LINE_WITH("GET", USER, "null", "null", "429",
               "{\"content-type\":[\"application/"
               "json\"],\"x-rate-limit-limit\":[\"10\"],\"x-rate-limit-remaining\":[\"0\"],"
               "\"x-rate-limit-reset\":[\"4000000000\"]}",
               "\"{\\\"errorCode\\\":\\\"E0000047\\\"}\"") GET_LINE(USER, "\"{\\\"id\\\":\\\"a\\\"}\""),
     0,
     {"2 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"further pages are asked for and empty",
     LINE_WITH(
         "GET", "/api/v1/groups", "\"limit=1\"", "null", "200",
         "{\"content-type\":[\"application/json\"],\"link\":[\"<https://a.example/api/v1/groups?limit=1>; "
         "rel=\\\"self\\\"\",\"<https://a.example/api/v1/groups?after=x&limit=1>; rel=\\\"next\\\"\"]}",
         "\"[{\\\"id\\\":\\\"a\\\"}]\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a result that did not come fails the call",
     GET_LINE(USER, "\"\""),
     1,
     {"getUser: FAILED: answer: the answer is empty\n", "0 passed, 1 failed\n"},
     NULL,
     NULL,
     0},
    {"a deletion that finds nothing is a success",
     LINE("DELETE", "/api/v1/groups/00g1", "null", "null", "404", "\"{\\\"errorCode\\\":\\\"E0000007\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"headers that frame a message are not repeated",
     LINE_WITH("GET", USER, "null", "null", "200",
               "{\"content-type\":[\"application/"
               "json\"],\"Content-Length\":[\"9999\"],\"transfer-encoding\":[\"chunked\"],"
               "\"content-encoding\":[\"gzip\"]}",
               "\"{\\\"id\\\":\\\"a\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     NULL,
     0},
    {"a key that Okta refused is refused here, too",
     LINE("POST", "/api/v1/apps/0oa1/credentials/jwks", "null",
          "\"{\\\"kty\\\":\\\"RSA\\\",\\\"kid\\\":\\\"k\\\",\\\"n\\\":\\\"AQ\\\",\\\"e\\\":\\\"AQAB\\\"}\"",
          "400", "\"{\\\"errorCode\\\":\\\"E0000001\\\"}\""),
     0,
     {"1 passed, 0 failed\n"},
     NULL,
     "requests that libokta refuses as Okta did: 1\n       1 addJwk\n",
     0},
};

static void check_case(replay_world *world, const replay_case *one)
{
    replay_write(world, one->text, strlen(one->text));
    for (size_t mode = 0; mode < COUNT(modes); mode++) {
        const char *own = mode == 0 ? one->plain_part : one->http_part;
        int code = mode == 1 && one->http_code != 0 ? one->http_code : one->code;
        replay_run_tool(world, modes[mode]);
        for (size_t i = 0; i < PARTS && one->parts[i] != NULL; i++) {
            replay_expect(one->label, world->result.out, one->parts[i]);
        }
        if (own != NULL) {
            replay_expect(one->label, world->result.out, own);
        }
        if (world->result.exit_code != code) {
            fail_msg("%s: exit status %d, not %d:\n%s%s", one->label, world->result.exit_code, code,
                     world->result.out, world->result.err);
        }
        assert_string_equal(world->result.err, "");
    }
}

#define CASES_TEST(name, table)                                                                              \
    static void name(void **state)                                                                           \
    {                                                                                                        \
        for (size_t i = 0; i < COUNT(table); i++) {                                                          \
            check_case(*state, &(table)[i]);                                                                 \
        }                                                                                                    \
    }

CASES_TEST(members_are_counted_as_what_they_are, member_cases)
CASES_TEST(calls_are_matched_with_operations, route_cases)
CASES_TEST(requests_go_out_as_they_were_recorded, request_cases)
CASES_TEST(answers_come_back_as_they_were_recorded, answer_cases)

static void strict_fails_where_a_struct_does_not_show_all(void **state)
{
    replay_world *world = *state;
    static const struct {
        const char *text;
        int code;
    } cases[] = {
        {GET_LINE(USER, "\"{\\\"id\\\":\\\"a\\\",\\\"activated\\\":null,\\\"profile\\\":{\\\"mine\\\":1}}\""),
         0},
        {GET_LINE(USER, "\"{\\\"nope\\\":1}\""), 1},
        {GET_LINE(USER, "\"{\\\"id\\\":1}\""), 1},
        {GET_LINE(USER, "\"{\\\"status\\\":\\\"FROZEN\\\"}\""), 1},
        {GET_LINE(USER, "\"{\\\"created\\\":\\\"a\\\",\\\"created\\\":\\\"a\\\"}\""), 1},
        {LINE("GET", "/api/v1/groups", "\"nope=1\"", "null", "200", "\"[]\""), 1},
        {LINE("POST", "/api/v1/groups", "null", "\"{\\\"nope\\\":1}\"", "200", "\"{}\""), 1},
        {LINE("POST", "/api/v1/authn", "null", "null", "200", "\"{}\""), 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        replay_write(world, cases[i].text, strlen(cases[i].text));
        replay_run_tool(world, "--strict");
        assert_int_equal(world->result.exit_code, cases[i].code);
        replay_run_tool(world, NULL);
        assert_int_equal(world->result.exit_code, 0);
    }
}

static void verbose_tells_each_call(void **state)
{
    replay_world *world = *state;
    static const char text[] = GET_LINE(USER, "\"{\\\"id\\\":\\\"a\\\",\\\"nope\\\":1}\"")
        LINE("POST", "/api/v1/authn", "null", "null", "200", "\"{}\"");
    replay_write(world, text, strlen(text));
    replay_run_tool(world, "-v");
    replay_expect("-v", world->result.out,
                  "made-up.jsonl:1: GET /api/v1/users/{id}: getUser: HTTP 200: passed, 2 members, 1 unknown");
    replay_expect("-v", world->result.out,
                  "made-up.jsonl:2: POST /api/v1/authn: no operation: HTTP 200: unmatched");
    replay_run_tool(world, NULL);
    replay_expect_not("without", world->result.out, "made-up.jsonl");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_are_counted_as_what_they_are, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(calls_are_matched_with_operations, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(requests_go_out_as_they_were_recorded, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(answers_come_back_as_they_were_recorded, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(strict_fails_where_a_struct_does_not_show_all, replay_begin,
                                        replay_end),
        cmocka_unit_test_setup_teardown(verbose_tells_each_call, replay_begin, replay_end),
    };
    replay_tool = argc > 1 ? argv[1] : "";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
