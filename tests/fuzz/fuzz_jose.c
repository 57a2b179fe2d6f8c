/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte says what the rest is: a JWS, a JWE, a JWKS, the claims of an ID token, or a protected
 * header and behind a line end the plaintext of a JWE that is then made. The keys and the good tokens are
 * those that RFCs print. cJSON is the second reader. */
#include <cJSON.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "okta/okta.h"
#include "unit/jose_support.h"
#include "unit/jose_vectors.h"

#define NOW    1700000000
#define ISSUER "https://org.example"
#define CLIENT "client"
#define JWKS   "{\"keys\":[" RFC7515_A2_KEY "," RFC7515_A3_KEY "," RFC7515_A4_KEY "]}"

static okta_key *fixed_key(okta_key **key, const char *json)
{
    if (*key == NULL) {
        fuzz_expect_success(okta_key_from_jwk(json, strlen(json), key));
    }
    return *key;
}

static okta_key *decrypter(void)
{
    static okta_key *key;
    return fixed_key(&key, RFC7516_A1_KEY);
}

static okta_key *verifier(void)
{
    static okta_key *key;
    return fixed_key(&key, RFC7515_A3_KEY);
}

/* Whether a token signs what a good one signs. */
static bool signs_the_same(const char *token, size_t length, const char *good)
{
    size_t to = (size_t)(strrchr(good, '.') - good);
    return length > to && memcmp(token, good, to + 1) == 0;
}

/* Nobody but the authors of the RFCs has signed anything by these keys. */
static void check_verified(okta_error *error, okta_jose *out, const char *token, size_t length)
{
    okta_status status = fuzz_take(error);
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL || status == OKTA_E_AUTH ||
               status == OKTA_E_NOT_FOUND);
    FUZZ_CHECK((status == OKTA_OK) == (out != NULL));
    if (out != NULL) {
        FUZZ_CHECK(signs_the_same(token, length, RFC7515_A2_TOKEN) ||
                   signs_the_same(token, length, RFC7515_A3_TOKEN) ||
                   signs_the_same(token, length, RFC7515_A4_TOKEN));
        FUZZ_CHECK(out->enc == NULL && strlen(out->payload) == out->payload_length);
    }
    okta_free(out);
}

static void check_signed(const char *token, size_t length)
{
    okta_jose *out = NULL;
    okta_error *error = okta_jws_verify(token, length, verifier(), NULL, &out);
    check_verified(error, out, token, length);
    out = NULL;
    error = okta_jws_verify_with_jwks(token, length, JWKS, strlen(JWKS), NULL, &out);
    check_verified(error, out, token, length);
}

/* Anybody may encrypt for a key, but no input does it by chance. */
static void check_encrypted(const char *token, size_t length)
{
    okta_jose *out = NULL;
    okta_status status = fuzz_take(okta_jwe_decrypt(token, length, decrypter(), NULL, &out));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL || status == OKTA_E_AUTH ||
               status == OKTA_E_NOT_FOUND);
    FUZZ_CHECK((status == OKTA_OK) == (out != NULL));
    if (out != NULL) {
        FUZZ_CHECK(length == strlen(RFC7516_A1_TOKEN) && memcmp(token, RFC7516_A1_TOKEN, length) == 0);
        FUZZ_CHECK(strcmp(out->payload, RFC7516_A1_PLAINTEXT) == 0);
    }
    okta_free(out);
}

/* Whatever keys there are, a changed token is not verified; a good one is where its key is among them. */
static void check_set(const char *jwks, size_t length)
{
    static const char good[] = RFC7515_A3_TOKEN;
    char bent[sizeof good];
    okta_jose *out = NULL;
    okta_status status = fuzz_take(okta_jws_verify_with_jwks(good, strlen(good), jwks, length, NULL, &out));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_ARG || status == OKTA_E_AUTH ||
               status == OKTA_E_NOT_FOUND);
    FUZZ_CHECK((status == OKTA_OK) == (out != NULL));
    FUZZ_CHECK(out == NULL || strcmp(out->payload, RFC7515_CLAIMS) == 0);
    okta_free(out);
    memcpy(bent, good, sizeof good);
    *(strrchr(bent, '.') + 1) = 'E';
    status = fuzz_take(okta_jws_verify_with_jwks(bent, strlen(bent), jwks, length, NULL, &out));
    FUZZ_CHECK(status == OKTA_E_ARG || status == OKTA_E_AUTH || status == OKTA_E_NOT_FOUND);
}

static bool is_text(const cJSON *value, const char *text)
{
    return cJSON_IsString(value) && strcmp(value->valuestring, text) == 0;
}

static size_t count_of(const cJSON *object, const char *name)
{
    size_t count = 0;
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        count += strcmp(member->string, name) == 0;
    }
    return count;
}

/* An accepted set of claims is for this program, by the second reader, too. */
static void check_claims(const char *json, size_t length)
{
    const okta_jose token = {.payload = json, .payload_length = length};
    okta_id_token_options options = OKTA_ID_TOKEN_OPTIONS_INIT;
    okta_id_token *out = NULL;
    options.issuer = ISSUER;
    options.audience = CLIENT;
    options.now_s = NOW;
    okta_status status = fuzz_take(okta_id_token_check(&token, &options, &out));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL || status == OKTA_E_AUTH);
    if (status != OKTA_OK) {
        FUZZ_CHECK(out == NULL);
        return;
    }
    cJSON *claims = cJSON_ParseWithLength(json, length);
    const cJSON *aud = cJSON_GetObjectItemCaseSensitive(claims, "aud");
    const cJSON *one;
    FUZZ_CHECK(is_text(cJSON_GetObjectItemCaseSensitive(claims, "iss"), ISSUER));
    FUZZ_CHECK(count_of(claims, "iss") == 1 && count_of(claims, "aud") == 1 && count_of(claims, "exp") == 1);
    FUZZ_CHECK(is_text(aud, CLIENT) || cJSON_GetArraySize(aud) > 0);
    cJSON_ArrayForEach(one, aud)
    {
        FUZZ_CHECK(is_text(one, CLIENT));
    }
    FUZZ_CHECK(cJSON_GetObjectItemCaseSensitive(claims, "exp")->valuedouble > NOW - 120);
    FUZZ_CHECK(cJSON_GetObjectItemCaseSensitive(claims, "iat")->valuedouble < NOW + 121);
    FUZZ_CHECK(is_text(cJSON_GetObjectItemCaseSensitive(claims, "sub"), out->sub) && out->sub[0] != '\0');
    cJSON_Delete(claims);
    okta_free(out);
}

/* An accepted header says by the second reader, too, what was done to the content. */
static void check_header(const char *json, const okta_jose *out)
{
    cJSON *header = cJSON_Parse(json);
    FUZZ_CHECK(is_text(cJSON_GetObjectItemCaseSensitive(header, "alg"), "RSA-OAEP"));
    FUZZ_CHECK(is_text(cJSON_GetObjectItemCaseSensitive(header, "enc"), "A128GCM"));
    FUZZ_CHECK(count_of(header, "alg") == 1 && count_of(header, "enc") == 1);
    FUZZ_CHECK(count_of(header, "crit") == 0 && count_of(header, "zip") == 0);
    FUZZ_CHECK(count_of(header, "kid") == (out->kid != NULL));
    FUZZ_CHECK(strcmp(out->header, json) == 0);
    cJSON_Delete(header);
}

static void check_made(fuzz_input *input)
{
    fuzz_text header = fuzz_line(input);
    fuzz_text plaintext = fuzz_rest(input);
    okta_jose *out = NULL;
    EVP_PKEY *pkey = decrypter()->pkey;
    char *token = joined_parts(sealed_parts(pkey, header.text, plaintext.text, plaintext.length, NULL));
    okta_status status = fuzz_take(okta_jwe_decrypt(token, strlen(token), decrypter(), NULL, &out));
    /* The header may name other algorithms than those that made the token. */
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL || status == OKTA_E_AUTH);
    if (status == OKTA_OK) {
        FUZZ_CHECK(out->payload_length == plaintext.length);
        FUZZ_CHECK(memcmp(out->payload, plaintext.text, plaintext.length) == 0);
        check_header(header.text, out);
    }
    okta_free(out);
    free(token);
    free(plaintext.text);
    free(header.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const checks[])(const char *text, size_t length) = {check_signed, check_encrypted,
                                                                      check_set, check_claims};
    fuzz_input input = {data, size};
    size_t choice = fuzz_choice(&input, COUNT(checks) + 1);
    if (choice == COUNT(checks)) {
        check_made(&input);
    } else {
        fuzz_text text = fuzz_rest(&input);
        char *exact = fuzz_exact(text);
        checks[choice](exact == NULL ? "" : exact, text.length);
        free(exact);
        free(text.text);
    }
    FUZZ_CHECK(ERR_peek_error() == 0);
    return 0;
}
