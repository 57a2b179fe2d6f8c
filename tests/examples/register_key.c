/* SPDX-License-Identifier: Apache-2.0 */
#include "register_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock_oauth.h"

void register_key(mock_org *org, const char *app_id, const okta_key *key, const char *kid)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = NULL;
    options.kid = kid;
    assert_null(okta_key_to_jwk_request(key, &options, &jwk));
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &json, NULL));
    assert_null(mock_org_add_key(org, app_id, json));
    okta_free(json);
    okta_free(jwk);
}
