/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A JSON Web Token in compact form: taken apart, and its signature checked. What a refusal says is a string
 * that lives for ever, for the `error_description` of an answer.
 */
#ifndef OKTA_TESTS_MOCK_ORG_JWT_H
#define OKTA_TESTS_MOCK_ORG_JWT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The algorithms, as the `algs` of a DPoP challenge lists them. */
#define MOCK_JWT_ALGORITHMS "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512"

typedef struct mock_jwt {
    cJSON *header;
    cJSON *claims;
    const char *signed_text; /**< borrowed from the text it was read from */
    size_t signed_length;
    unsigned char *signature;
    size_t signature_length;
} mock_jwt;

/**
 * Take a token apart. `crit` and an `alg` that is none of ours are refused here, so that no later step meets
 * them.
 * @return NULL, and `out` is for mock_jwt_clear(); else why it is refused, and `out` is empty
 */
const char *mock_jwt_read(const char *text, mock_jwt *out);
void mock_jwt_clear(mock_jwt *jwt);

/** Check the signature by a JSON Web Key. NULL: it is good; else why not. */
const char *mock_jwt_verify(const mock_jwt *jwt, const cJSON *jwk);

/** Read a claim that is a point in time. False: it is absent or no number. */
bool mock_jwt_time(const mock_jwt *jwt, const char *claim, double *out_seconds);

#endif
