/* SPDX-License-Identifier: Apache-2.0 */
/* The input is the JSON of a JWK: as a key of the program's, and as a model of the org's. */
#include <openssl/err.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "fuzz/fuzz_keys.h"
#include "okta/okta.h"

static void check_as_key(const char *json, size_t length)
{
    okta_key *key = NULL;
    fuzz_rewind_chance();
    okta_status status = fuzz_take(okta_key_from_jwk(json, length, &key));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_ARG);
    FUZZ_CHECK((status == OKTA_OK) == (key != NULL));
    if (key != NULL) {
        fuzz_check_key(key);
    }
    okta_free(key);
}

/* A model that may be sent holds a key. */
static void check_as_model(const char *json, size_t length)
{
    okta_oauth2_client_jwk *jwk = NULL;
    okta_key *key = NULL;
    fuzz_take(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, length, &jwk));
    if (jwk == NULL) {
        return;
    }
    fuzz_rewind_chance();
    okta_status sendable = fuzz_take(okta_jwk_check(jwk));
    fuzz_rewind_chance();
    okta_status usable = fuzz_take(okta_key_from_jwk_model(jwk, &key));
    FUZZ_CHECK(sendable == OKTA_OK || sendable == OKTA_E_ARG);
    FUZZ_CHECK(usable == OKTA_OK || usable == OKTA_E_ARG);
    FUZZ_CHECK(sendable != OKTA_OK || usable == OKTA_OK);
    FUZZ_CHECK((usable == OKTA_OK) == (key != NULL) && !okta_key_is_private(key));
    if (key != NULL) {
        fuzz_check_key(key);
    }
    okta_free(key);
    okta_free(jwk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    fuzz_text json = fuzz_rest(&input);
    char *exact = fuzz_exact(json);
    check_as_key(exact == NULL ? "" : exact, json.length);
    check_as_model(exact == NULL ? "" : exact, json.length);
    FUZZ_CHECK(ERR_peek_error() == 0);
    free(exact);
    free(json.text);
    return 0;
}
