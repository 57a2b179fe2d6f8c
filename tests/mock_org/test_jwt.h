/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A maker of JSON Web Tokens, good and bad, for the tests of the token endpoint and of DPoP. It shares no
 * code with the mock. Text that comes back is as test_format() gives it.
 */
#ifndef OKTA_TESTS_MOCK_ORG_TEST_JWT_H
#define OKTA_TESTS_MOCK_ORG_TEST_JWT_H

#include "test_client.h"

#include "mock_oauth.h"

#include <openssl/evp.h>

typedef enum test_key_name {
    KEY_RSA,
    KEY_RSA_OTHER,
    KEY_RSA_1024,
    KEY_P256,
    KEY_P256_OTHER,
    KEY_P384,
    KEY_P521,
    TEST_KEYS,
} test_key_name;

/** A key, made when it is first asked for. */
EVP_PKEY *test_key(test_key_name name);
void test_keys_free(void);
/** The key's public members, `"kty":...` and so on without braces. */
const char *test_jwk_members(test_key_name name);

#define SIGNATURE_MAX 512

/**
 * Sign. `how` is an alg, or a way to do it wrong: "DER", "none", "HS256" by the key's public PEM as secret,
 * "PZ256" for PS256 with an empty salt.
 * @return the octets written
 */
size_t test_sign(const char *input, const char *how, test_key_name key, unsigned char out[SIGNATURE_MAX]);
/** `header.claims`, encoded */
const char *test_jwt_input(const char *header, const char *claims);
/** A JWT of `input` with this signature. */
const char *test_jwt_of(const char *input, const unsigned char *signature, size_t length);
/** A JWT of these two JSON texts, signed. */
const char *test_jwt(const char *header, const char *claims, const char *how, test_key_name key);
/** base64url */
const char *test_base64url(const unsigned char *bytes, size_t length);

/**
 * The claims of an assertion or proof as raw JSON. NULL: what a good one has; "": the claim is absent.
 */
typedef struct test_claims {
    const char *iss, *sub, *aud, *exp, *nbf; /**< assertion; nbf is absent in a good one */
    const char *htm, *htu, *ath, *nonce;     /**< proof; nonce is absent in a good one */
    const char *iat, *jti;                   /**< both; a good jti is new */
    const char *more;                        /**< further members, from the comma on */
} test_claims;

/** The claims of an assertion of the service app. */
const char *test_assertion_claims(const fixture *f, test_claims claims);
/** An assertion of the service app by `key`, whose kid is "k", with alg. */
const char *test_assertion(const fixture *f, const char *alg, test_key_name key, test_claims claims);

/** The claims of a proof. `token` is the access token; NULL: at the token endpoint. */
const char *test_proof_claims(const fixture *f, const char *method, const char *target, const char *token,
                              test_claims claims);
/** The header of a proof. */
const char *test_proof_header(const char *alg, test_key_name key);
/** An ES256 proof by KEY_P256. */
const char *test_proof(const fixture *f, const char *method, const char *target, const char *token,
                       test_claims claims);

/** Give the service app a signing key with kid "k". */
void test_register(fixture *f, test_key_name key);
/** Post a form to the token endpoint, with a proof unless it is NULL. */
void test_token_form(fixture *f, const char *form, const char *proof, long status);
/** Ask for a token. `scope`, encoded; NULL: apps, read and manage. */
void test_token_request(fixture *f, const char *scope, const char *assertion, const char *proof, long status);
/** Check that the last answer is this OAuth error; `part` is in its description. */
void test_oauth_error(const fixture *f, long status, const char *error, const char *part);

#define TOKEN_SIZE 64
/** Get a token by a KEY_P256 that is registered; `proof` NULL: a Bearer token. */
void test_get_token(fixture *f, const char *scope, const char *proof, char out[TOKEN_SIZE]);

/** Call the API with an issued token and, unless it is NULL, a proof. */
void test_api(fixture *f, const char *scheme, const char *token, const char *proof, const char *method,
              const char *target, long status);
/** Check that the last answer is a 401 E0000011 or 403 E0000006 whose one WWW-Authenticate header begins so.
 */
void test_challenge(const fixture *f, const char *begins);

#define FORM_OF                                                                                              \
    "grant_type=client_credentials&client_assertion_type="                                                   \
    "urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-bearer&client_assertion=%s&scope=%s"

#endif
