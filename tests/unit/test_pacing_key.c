/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/pacing.h: which calls are taken for the same operation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/pacing.h"
#include "unit/retry_support.h"

#define JWKS "/api/v1/apps/{appId}/credentials/jwks"

static void a_raw_call_has_the_key_of_its_template(void **state)
{
    static const char *const pairs[][2] = {
        {"/api/v1/apps", "/api/v1/apps"},
        {"/api/v1/apps", "/api/v1/apps?limit=200&after=0oa1"},
        {"/api/v1/apps", "/api/v1/apps?"},
        {"/api/v1/apps/{appId}", "/api/v1/apps/0oabcdefg"},
        {"/api/v1/apps/{appId}", "/api/v1/apps/0oa1?expand=user/7"},
        {JWKS, "/api/v1/apps/0oa1/credentials/jwks"},
        {JWKS "/{keyId}", "/api/v1/apps/0oa1/credentials/jwks/pks2"},
        {JWKS "/{keyId}/lifecycle/activate", "/api/v1/apps/0oa1/credentials/jwks/pks2/lifecycle/activate"},
        {"/api/v1/users/{id}", "/api/v1/users/someone@example.com"},
        {"/api/v1/users/{id}", "/api/v1/users/some%FFone"},
        {"/api/v1/users/{id}", "/api/v1/users/abcdefghijklmnopqrstuvwxy"},
        {"/oauth2/v1/clients/{clientId}/roles", "/oauth2/v1/clients/0oa1/roles"},
        {"/api/v1/apps/{appId}", "/api/v1/apps/{anything}"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        if (oktai_pacing_key("GET", pairs[i][0]) != oktai_pacing_key("GET", pairs[i][1])) {
            fail_msg("%s is not %s", pairs[i][0], pairs[i][1]);
        }
    }
}

static void other_operations_have_other_keys(void **state)
{
    static const char *const paths[] = {
        "/api/v1/apps",
        "/api/v1/apps/{appId}",
        JWKS,
        JWKS "/{keyId}",
        JWKS "/{keyId}/lifecycle/activate",
        JWKS "/{keyId}/lifecycle/deactivate",
        "/api/v1/users",
        "/api/v1/users/{id}",
        "/api/v1/users/me",
        "/api/v1/users/abcdefghijklmnopqrstuvwx",
        "/api/v1/first-party-app-settings-and-more",
        "/api/v1/first-party-app-settings-and-none",
        "/api/v1/2fa",
        "/api/v1/3fa",
        "/oauth2/v1/clients",
        "/oauth3/v1/clients",
        "/oauth2/v1/token",
        "/oauth2/{id}/v1/token",
        "/api/v2/apps",
        "/",
        "",
    };
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    uint64_t keys[COUNT(paths) * COUNT(methods)];
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        keys[i] = oktai_pacing_key(methods[i / COUNT(paths)], paths[i % COUNT(paths)]);
        for (size_t j = 0; j < i; j++) {
            if (keys[i] == keys[j]) {
                fail_msg("%s has the key of %s", paths[i % COUNT(paths)], paths[j % COUNT(paths)]);
            }
        }
    }
}

/* FNV-1a with 64 bits, of "GET/api/v1/apps//credentials". */
static void the_key_is_a_hash_without_ids(void **state)
{
    static const char text[] = "GET/api/v1/apps//credentials";
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    (void)state;
    for (const char *p = text; *p != '\0'; p++) {
        hash ^= (uint64_t)*p;
        hash *= UINT64_C(0x100000001b3);
    }
    assert_true(oktai_pacing_key("GET", "/api/v1/apps/0oa1/credentials?x=/y") == hash);
    assert_true(oktai_pacing_key("", "") == UINT64_C(0xcbf29ce484222325));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_raw_call_has_the_key_of_its_template),
        cmocka_unit_test(other_operations_have_other_keys),
        cmocka_unit_test(the_key_is_a_hash_without_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
