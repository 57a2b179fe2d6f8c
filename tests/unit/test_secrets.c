/* SPDX-License-Identifier: Apache-2.0 */
/* Which texts of a client and of a request are secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "client/secrets.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The texts of a set joined by blanks. */
static void expect_secrets(const char *label, oktai_secrets *secrets, const char *expected)
{
    char joined[512] = "";
    char *const *texts = secrets->texts.data;
    for (size_t i = 0; i < secrets->texts.count; i++) {
        strncat(joined, i == 0 ? "" : " ", sizeof joined - strlen(joined) - 1);
        strncat(joined, texts[i], sizeof joined - strlen(joined) - 1);
    }
    if (strcmp(joined, expected) != 0) {
        fail_msg("%s: '%s', not '%s'", label, joined, expected);
    }
    oktai_secrets_clear(secrets);
}

static const struct {
    const char *proxy;
    const char *expected;
} proxies[] = {
    {"", ""},
    {"http://proxy.example:8080", ""},
    {"http://user@proxy.example", ""},
    {"http://user:password1@proxy.example:1", "password1 password1"},
    {"http://user:pass%40word%21@proxy.example", "pass%40word%21 pass@word!"},
    {"socks5h://u:pass@word1@proxy.example", "pass@word1 pass@word1"},
    {"user:password2@proxy.example", "password2 password2"},
    {"http://user:pass%4@p/?a:b@c", ""},
    {"http://u:bad%zzescape@p", "bad%zzescape bad%zzescape"},
    {"http://proxy.example/x:password3@y", ""},
};

static void the_password_of_a_proxy_is_secret(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(proxies); i++) {
        oktai_secrets secrets = {0};
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        assert_true(oktai_secrets_of_client(&secrets, &options, proxies[i].proxy));
        expect_secrets(proxies[i].proxy, &secrets, proxies[i].expected);
    }
}

static void the_credential_of_a_client_is_secret(void **state)
{
    oktai_secrets secrets = {0};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    (void)state;
    options.token = "00token-of-an-org";
    assert_true(oktai_secrets_of_client(&secrets, &options, ""));
    expect_secrets("token", &secrets, "00token-of-an-org");
    options.token = NULL;
    options.client_secret = "client/secret-1";
    assert_true(oktai_secrets_of_client(&secrets, &options, "http://u:password4@proxy.example"));
    expect_secrets("client secret", &secrets, "client/secret-1 client%2Fsecret-1 password4 password4");
    options.client_secret = "plain-secret";
    assert_true(oktai_secrets_of_client(&secrets, &options, ""));
    expect_secrets("a secret without escapes", &secrets, "plain-secret");
}

static void what_is_made_for_a_request_is_secret(void **state)
{
    static const char *const headers[] = {"Accept: application/json",
                                          "Authorization: Basic Y2xpZW50OnNlY3JldA==", "DPoP: eyJ.proof.sig",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    oktai_buffer form = {0};
    oktai_secrets secrets = {0};
    oktai_request request = {.method = "POST", .headers = headers, .body = &form};
    (void)state;
    assert_true(oktai_buffer_add_text(
        &form, "grant_type=client_credentials&client_assertion_type=urn%3Ajwt&client_assertion=eyJ.jwt.sig&"
               "client_secret=se%2Fcret-1&scope=okta.apps.read"));
    assert_true(oktai_secrets_of_request(&secrets, &request));
    expect_secrets("a token request", &secrets, "Y2xpZW50OnNlY3JldA== eyJ.proof.sig eyJ.jwt.sig se%2Fcret-1");
    request.headers = headers + 4;
    assert_true(oktai_secrets_of_request(&secrets, &request));
    expect_secrets("no form", &secrets, "");
    oktai_buffer_clear(&form);
}

static const struct {
    const char *json;
    const char *expected;
} bodies[] = {
    {"{}", ""},
    {"[]", ""},
    {"\"password\"", ""},
    {"{\"password\":\"correct-horse\"}", "correct-horse"},
    {"{\"password\":\"short\"}", ""},
    {"{\"profile\":{\"login\":\"somebody@example.com\"}}", ""},
    {"{\"credentials\":{\"password\":{\"value\":\"correct\\u002dhorse\",\"hash\":[\"abcdefgh\",1]}}}",
     "correct-horse abcdefgh"},
    {"[{\"client_secret\":\"0123456789\"},{\"clientSecret\":\"abcdefghij\"}]", "0123456789 abcdefghij"},
    {"{\"pass\\u0077ord\":\"correct-horse\"}", "correct-horse"},
    {"{\"password\":null,\"token\":12345678901,\"pin\":1234}", "12345678901"},
};

static void secret_members_of_a_raw_body_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        oktai_secrets secrets = {0};
        assert_true(oktai_secrets_of_raw_body(&secrets, bodies[i].json, strlen(bodies[i].json)));
        expect_secrets(bodies[i].json, &secrets, bodies[i].expected);
    }
}

static const struct {
    const char *target;
    const char *expected;
} targets[] = {
    {"/api/v1/users", ""},
    {"/api/v1/users?q=engineering&search=a", ""},
    {"/password=12345678/x", ""},
    {"/oauth2/v1/authorize?client_id=0oa1&sessionToken=20111abcdefgh", "20111abcdefgh 20111abcdefgh"},
    {"/oauth2/v1/logout?id_token_hint=eyJ.a%2Bb.sig&state=some-state-1",
     "eyJ.a%2Bb.sig eyJ.a+b.sig some-state-1 some-state-1"},
    {"/x?session%54oken=20111abcdefgh&token=short&client_secret&=&code=abcdefgh9",
     "20111abcdefgh 20111abcdefgh abcdefgh9 abcdefgh9"},
};

static void secrets_in_the_query_of_a_raw_request_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++) {
        oktai_secrets secrets = {0};
        assert_true(oktai_secrets_of_target(&secrets, targets[i].target));
        expect_secrets(targets[i].target, &secrets, targets[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_password_of_a_proxy_is_secret),
        cmocka_unit_test(the_credential_of_a_client_is_secret),
        cmocka_unit_test(what_is_made_for_a_request_is_secret),
        cmocka_unit_test(secret_members_of_a_raw_body_are_found_by_name),
        cmocka_unit_test(secrets_in_the_query_of_a_raw_request_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
