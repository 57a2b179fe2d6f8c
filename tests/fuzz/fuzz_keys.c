/* SPDX-License-Identifier: Apache-2.0 */
/* A random generator of one's own goes into OpenSSL by a function that it calls deprecated. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "fuzz/fuzz_keys.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <string.h>

#include "core/base64url.h"
#include "fuzz/fuzz.h"
#include "okta/okta.h"

static uint64_t chance;

static int give_bytes(unsigned char *out, int count)
{
    for (int i = 0; i < count; i++) {
        chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        out[i] = (unsigned char)(chance >> 56);
    }
    return 1;
}

static int is_ready(void)
{
    return 1;
}

void fuzz_rewind_chance(void)
{
    static RAND_METHOD method = {.bytes = give_bytes, .pseudorand = give_bytes, .status = is_ready};
    if (RAND_get_rand_method() != &method) {
        FUZZ_CHECK(RAND_set_rand_method(&method) == 1);
    }
    chance = 1;
}

static void check_same(const okta_key *a, const okta_key *b)
{
    char of_a[OKTA_THUMBPRINT_SIZE];
    char of_b[OKTA_THUMBPRINT_SIZE];
    fuzz_expect_success(okta_key_thumbprint(a, of_a));
    fuzz_expect_success(okta_key_thumbprint(b, of_b));
    FUZZ_CHECK(strcmp(of_a, of_b) == 0);
    FUZZ_CHECK(strcmp(okta_key_description(a), okta_key_description(b)) == 0);
}

static void check_request(const okta_key *key)
{
    okta_oauth2_client_jwk_request *request = NULL;
    okta_key *again = NULL;
    char *json = NULL;
    size_t length = 0;
    fuzz_rewind_chance();
    okta_status status = fuzz_take(okta_key_to_jwk_request(key, NULL, &request));
    FUZZ_CHECK((status == OKTA_OK) == (request != NULL));
    if (request == NULL) {
        /* What stood beside the key in its JWK may not be fit to send. */
        FUZZ_CHECK(status == OKTA_E_ARG);
        return;
    }
    fuzz_rewind_chance();
    fuzz_expect_success(okta_jwk_check(request));
    fuzz_rewind_chance();
    fuzz_expect_success(okta_key_from_jwk_model(request, &again));
    FUZZ_CHECK(!okta_key_is_private(again));
    check_same(key, again);
    okta_free(again);
    fuzz_expect_success(
        okta_to_json(okta_oauth2_client_jwk_descriptor(), request, OKTA_JSON_REQUEST, &json, &length));
    fuzz_rewind_chance();
    fuzz_expect_success(okta_key_from_jwk(json, length, &again));
    check_same(key, again);
    okta_free(again);
    okta_free(json);
    okta_free(request);
}

static void check_pem(const okta_key *key)
{
    char *pem = NULL;
    okta_key *again = NULL;
    okta_status status = fuzz_take(okta_key_to_private_pem(key, &pem));
    FUZZ_CHECK((status == OKTA_OK) == okta_key_is_private(key));
    if (status == OKTA_OK) {
        fuzz_rewind_chance();
        fuzz_expect_success(okta_key_from_pem(pem, strlen(pem), NULL, NULL, &again));
        FUZZ_CHECK(okta_key_is_private(again));
        check_same(key, again);
    }
    okta_free(again);
    okta_free(pem);
}

void fuzz_check_key(const okta_key *key)
{
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    unsigned char digest[OKTA_THUMBPRINT_SIZE];
    size_t size = 0;
    FUZZ_CHECK(okta_key_description(key) != NULL && okta_key_description(key)[0] != '\0');
    fuzz_expect_success(okta_key_thumbprint(key, thumbprint));
    FUZZ_CHECK(oktai_base64url_decode(thumbprint, strlen(thumbprint), digest, &size) && size == 32);
    check_request(key);
    check_pem(key);
    FUZZ_CHECK(ERR_peek_error() == 0);
}
