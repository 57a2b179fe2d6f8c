/* SPDX-License-Identifier: Apache-2.0 */
/* okta_jws_verify_with_jwks(): the keys of a set that fit a token, one after the other. */
#include <string.h>

#include "core/error.h"
#include "jose/fit.h"
#include "jose/jws.h"
#include "jose/object.h"

#define TRIED_MAX 16u

/* What came of the keys of a set. */
typedef struct trying {
    const oktai_jws *jws;
    unsigned tried;      /* keys that fit and did not verify */
    okta_error *refusal; /* the first key that seemed to fit and is no usable one; nullable */
    bool verified;
} trying;

/* Whether the JWK may be the key of the token, by what costs little to see. `kid` is the token's alone where
 * it has one. */
static bool may_fit(const oktai_jose_object *jwk, const oktai_jws *jws)
{
    const char *curve = jws->alg->scheme != OKTAI_SCHEME_ECDSA ? NULL
                        : jws->alg->order.size == 32           ? "P-256"
                        : jws->alg->order.size == 48           ? "P-384"
                                                               : "P-521";
    const oktai_jose_member *kid = oktai_jose_object_find(jwk, "kid");
    if (jws->out->kid != NULL && (kid == NULL || !oktai_jose_object_allows(jwk, "kid", jws->out->kid))) {
        return false;
    }
    return oktai_jose_object_find(jwk, "kty") != NULL &&
           oktai_jose_object_allows(jwk, "kty", curve == NULL ? "RSA" : "EC") &&
           (curve == NULL || oktai_jose_object_allows(jwk, "crv", curve)) &&
           oktai_jose_object_allows(jwk, "use", "sig") &&
           oktai_jose_object_allows(jwk, "alg", jws->alg->name);
}

/* Whether an error says that one key is not the one, and the next may be. */
static bool goes_on(const okta_error *error)
{
    okta_status status = okta_error_status(error);
    return status == OKTA_E_ARG || status == OKTA_E_NOT_FOUND || status == OKTA_E_AUTH;
}

/* Takes the error of a key. Errors: those that end the trial. */
static okta_error *note_failure(trying *trial, okta_error *error)
{
    if (error == NULL) {
        trial->verified = true;
        return NULL;
    }
    if (!goes_on(error)) {
        return error;
    }
    if (okta_error_status(error) == OKTA_E_AUTH) {
        trial->tried++;
        okta_free(error);
    } else if (trial->refusal == NULL) {
        trial->refusal = error;
    } else {
        okta_free(error);
    }
    return NULL;
}

static okta_error *try_key(trying *trial, const char *json, size_t length)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_from_jwk(json, length, &key);
    if (error == NULL) {
        error = oktai_jose_refuse_purpose(key, OKTAI_JOSE_VERIFY);
    }
    if (error == NULL) {
        error = oktai_jose_refuse_key(key, OKTAI_JOSE_VERIFY, trial->jws->out);
    }
    if (error == NULL) {
        error = oktai_jws_verify_by(trial->jws, key);
    }
    okta_free(key);
    return note_failure(trial, error);
}

/* One element of `keys`: what cannot be read is passed over (RFC 7517, section 5). */
static okta_error *consider(trying *trial, oktai_arena *arena, okta_text element, unsigned *built)
{
    oktai_jose_object jwk;
    const char *json = oktai_arena_copy(arena, element.text, element.length);
    if (json == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = oktai_jose_object_read(json, element.length, "a key of the JWKS", arena, &jwk);
    if (error != NULL) {
        bool no_memory = okta_error_status(error) == OKTA_E_NOMEM;
        if (!no_memory) {
            okta_free(error);
        }
        return no_memory ? error : NULL;
    }
    if (!may_fit(&jwk, trial->jws)) {
        return NULL;
    }
    if (++*built > TRIED_MAX) {
        return oktai_error_new(
            OKTA_E_NOT_FOUND,
            "more than %u keys of the JWKS fit the token, and none of the first verifies it", TRIED_MAX);
    }
    return try_key(trial, json, element.length);
}

static okta_error *try_keys(trying *trial, const oktai_jose_member *keys)
{
    oktai_reader reader;
    okta_text element;
    unsigned built = 0;
    okta_error *error = NULL;
    oktai_reader_init(&reader, keys->value.text, keys->value.length);
    oktai_reader_enter(&reader);
    for (bool first = true; error == NULL && !trial->verified && oktai_reader_element(&reader, first);
         first = false) {
        /* The array was read before: each element is a good value. */
        oktai_reader_skip(&reader, &element);
        oktai_arena own = {0};
        error = consider(trial, &own, element, &built);
        oktai_arena_clear(&own);
    }
    return error;
}

/* Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
static okta_error *read_set(const char *jwks, size_t length, oktai_arena *arena,
                            const oktai_jose_member **out)
{
    oktai_jose_object set;
    const char *json = oktai_arena_copy(arena, jwks, length);
    if (json == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = oktai_jose_object_read(json, length, "the JWKS", arena, &set);
    if (error != NULL) {
        if (okta_error_status(error) == OKTA_E_PROTOCOL) {
            okta_error *refused = oktai_error_new(OKTA_E_ARG, "%s", okta_error_message(error));
            okta_free(error);
            error = refused;
        }
        return error;
    }
    *out = oktai_jose_object_find(&set, "keys");
    return *out != NULL && (*out)->type == OKTAI_JSON_ARRAY
               ? NULL
               : oktai_error_new(OKTA_E_ARG, "the JWKS has no array \"keys\"");
}

/* What the keys of a set come to. */
static okta_error *conclude(trying *trial)
{
    if (trial->verified) {
        return NULL;
    }
    if (trial->tried > 0) {
        return oktai_error_new(OKTA_E_AUTH, "the signature of the token is not that of the key in the JWKS");
    }
    if (trial->refusal == NULL) {
        return oktai_error_new(OKTA_E_NOT_FOUND, "no key of the JWKS fits the kid and the alg of the token");
    }
    return oktai_error_new(OKTA_E_NOT_FOUND, "no key of the JWKS is fit for the token: %s",
                           okta_error_message(trial->refusal));
}

static okta_error *verify_by_set(const oktai_jws *jws, const char *jwks, size_t length)
{
    oktai_arena arena = {0};
    trying trial = {.jws = jws};
    const oktai_jose_member *keys = NULL;
    okta_error *error = read_set(jwks, length, &arena, &keys);
    if (error == NULL && keys != NULL) {
        error = try_keys(&trial, keys);
    }
    if (error == NULL) {
        error = conclude(&trial);
    }
    okta_free(trial.refusal);
    oktai_arena_clear(&arena);
    return error;
}

okta_error *okta_jws_verify_with_jwks(const char *token, size_t length, const char *jwks, size_t jwks_length,
                                      const okta_jose_options *options, okta_jose **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (token == NULL || jwks == NULL || out == NULL) {
        return oktai_error_null(token == NULL ? "token" : jwks == NULL ? "jwks" : "out");
    }
    if (jwks_length > OKTA_JOSE_JWKS_MAX) {
        return oktai_error_new(OKTA_E_ARG, "the JWKS is longer than %d bytes", OKTA_JOSE_JWKS_MAX);
    }
    oktai_jws jws = {0};
    okta_error *error = oktai_jws_read(token, length, options, &jws);
    if (error == NULL) {
        error = verify_by_set(&jws, jwks, jwks_length);
    }
    if (error != NULL) {
        okta_free(jws.out);
        return error;
    }
    *out = jws.out;
    return NULL;
}
