/* SPDX-License-Identifier: Apache-2.0 */
/* The token endpoint for clients that sign in with a secret. */
#include "test_groups.h"
#include "test_jwt.h"

#include <stdio.h>
#include <string.h>

#define GRANT    "grant_type=client_credentials&scope=okta.apps.read"
#define POST_APP "0oa3mockpostapp000g4"

/* 14 characters at least, with all that an encoder must not miss; and what base64 of them is, each
 * form-encoded, as Python's urllib and base64 write it. */
#define SECRET  "a:b%c+d/e f&g=h~i"
#define ENCODED "a%3Ab%25c%2Bd%2Fe+f%26g%3Dh~i"
#define BASIC   "Authorization: Basic MG9hMW1vY2t3ZWJhcHAwMDAwZzQ6YSUzQWIlMjVjJTJCZCUyRmUrZiUyNmclM0Rofmk="

static void ask(fixture *f, const char *authorization, const char *form, long status)
{
    const char *headers[] = {authorization, NULL};
    f->token = NULL;
    f->headers = headers;
    f->content_type = "application/x-www-form-urlencoded";
    test_expect(f, "POST", MOCK_TOKEN_PATH, form, status);
    f->headers = NULL;
    f->content_type = NULL;
    f->token = "mock-token";
}

static const char *basic(const char *pair)
{
    char text[512];
    int length = EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)pair, (int)strlen(pair));
    assert_true(length > 0);
    return test_format("Authorization: Basic %s", text);
}

static void a_secret_in_the_header_signs_in(void **state)
{
    fixture *f = *state;
    const char *id = test_added(f, WEB_SECRETS, "{\"client_secret\":\"" SECRET "\"}");
    ask(f, BASIC, GRANT, 200);
    assert_string_equal(test_string(f->json, "token_type"), "Bearer");
    /* A blank is as good as %20. */
    ask(f, basic(MOCK_WEB_APP ":a%3ab%25c%2bd%2fe%20f%26g%3dh%7ei"), GRANT "&client_id=" MOCK_WEB_APP, 200);
    test_added(f, WEB_SECRETS, "{\"client_secret\":\"another-secret\"}");
    ask(f, basic(MOCK_WEB_APP ":another-secret"), GRANT, 200);
    test_expect(f, "POST", test_format(WEB_SECRETS "/%s/lifecycle/deactivate", id), NULL, 200);
    ask(f, basic(MOCK_WEB_APP ":" ENCODED), GRANT, 401);
    test_oauth_error(f, 401, "invalid_client", "no active secret");
    test_header_is(f, "WWW-Authenticate", "Basic realm=\"mock\"");
}

static void bad_headers_are_refused(void **state)
{
    fixture *f = *state;
    test_added(f, WEB_SECRETS, "{\"client_secret\":\"" SECRET "\"}");
    const char *const bad[] = {
        basic(MOCK_WEB_APP ":" SECRET), /* not encoded: %c is no escape */
        basic(MOCK_WEB_APP ":a%3Ab%25c%2Bd%2Fe+f%26g%3Dh~"),
        basic(MOCK_WEB_APP),
        basic(MOCK_SERVICE_APP ":" ENCODED),
        basic("0oanobody:" ENCODED),
        basic(":"),
        "Authorization: Basic",
        "Authorization: Basic ===",
        "Authorization: Basic MG9hMW1vY2t3ZWJhcHAwMDAwZzQ6YQ",
        "Authorization: Bearer mock-access-token",
        "Authorization: SSWS mock-token",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ask(f, bad[i], GRANT, 401);
        test_oauth_error(f, 401, "invalid_client", "");
        test_header_is(f, "WWW-Authenticate", "Basic realm=\"mock\"");
    }
    ask(f, basic(MOCK_WEB_APP ":" ENCODED), GRANT "&client_id=" MOCK_SERVICE_APP, 401);
    ask(f, basic(MOCK_WEB_APP ":" ENCODED), GRANT "&client_secret=x", 400);
    test_oauth_error(f, 400, "invalid_request", "two ways");
    assert_int_equal(mock_org_token_count(f->org), 0);
}

static void a_secret_in_the_form_signs_in(void **state)
{
    fixture *f = *state;
    assert_true(mock_org_add_app(f->org, POST_APP, "client_secret_post"));
    test_added(f, "/api/v1/apps/" POST_APP "/credentials/secrets", "{\"client_secret\":\"" SECRET "\"}");
    ask(f, NULL, GRANT "&client_id=" POST_APP "&client_secret=" ENCODED, 200);
    test_header_is(f, "WWW-Authenticate", NULL);
    ask(f, NULL, GRANT "&client_id=" POST_APP "&client_secret=" ENCODED "x", 401);
    test_oauth_error(f, 401, "invalid_client", "no active secret");
    test_header_is(f, "WWW-Authenticate", NULL);
    ask(f, NULL, GRANT "&client_secret=" ENCODED, 401);
    test_oauth_error(f, 401, "invalid_client", "client_id");
    /* Each app signs in in its own way. */
    ask(f, basic(POST_APP ":" ENCODED), GRANT, 401);
    test_added(f, WEB_SECRETS, "{\"client_secret\":\"" SECRET "\"}");
    ask(f, NULL, GRANT "&client_id=" MOCK_WEB_APP "&client_secret=" ENCODED, 401);
    assert_int_equal(mock_org_token_count(f->org), 1);
}

int test_client_secret_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_secret_in_the_header_signs_in),
        TEST(bad_headers_are_refused),
        TEST(a_secret_in_the_form_signs_in),
    };
    return cmocka_run_group_tests_name("client_secret", tests, NULL, NULL);
}
