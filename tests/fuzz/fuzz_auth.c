/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte of the input says what the rest is: a signature, a DPoP nonce, or an answer of the token
 * endpoint. */
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>

#include "auth/dpop.h"
#include "auth/signature.h"
#include "auth/token.h"
#include "core/arena.h"
#include "fuzz/fuzz.h"
#include "http/server_time.h"

/* OpenSSL reads the same two numbers, and its writing of them is the input itself. */
static void check_der(const fuzz_text *der, const unsigned char *raw, size_t size)
{
    const unsigned char *at = (const unsigned char *)der->text;
    ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &at, (long)der->length);
    unsigned char expected[OKTA_SIGNATURE_MAX];
    unsigned char *again = NULL;
    FUZZ_CHECK(parsed != NULL && at == (const unsigned char *)der->text + der->length);
    FUZZ_CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(parsed), expected, (int)(size / 2)) > 0);
    FUZZ_CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(parsed), expected + size / 2, (int)(size / 2)) > 0);
    FUZZ_CHECK(memcmp(expected, raw, size) == 0);
    int length = i2d_ECDSA_SIG(parsed, &again);
    FUZZ_CHECK(length > 0 && (size_t)length == der->length && memcmp(again, der->text, der->length) == 0);
    OPENSSL_free(again);
    ECDSA_SIG_free(parsed);
}

/* From 1 to the order of the curve less 1, as OpenSSL knows it. */
static void check_range(const char *name, const unsigned char *number, size_t size)
{
    int curve = strcmp(name, "ES256") == 0   ? NID_X9_62_prime256v1
                : strcmp(name, "ES384") == 0 ? NID_secp384r1
                                             : NID_secp521r1;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(curve);
    BIGNUM *value = BN_bin2bn(number, (int)size, NULL);
    FUZZ_CHECK(group != NULL && value != NULL);
    FUZZ_CHECK(!BN_is_zero(value) && BN_cmp(value, EC_GROUP_get0_order(group)) < 0);
    BN_free(value);
    EC_GROUP_free(group);
}

/* Two numbers make a DER signature, which comes back as they were. */
static void check_raw(const oktai_signature_alg *alg, const unsigned char *raw, size_t size)
{
    unsigned char signature[OKTA_SIGNATURE_MAX];
    unsigned char *at = signature;
    check_range(alg->name, raw, size / 2);
    check_range(alg->name, raw + size / 2, size / 2);
    ECDSA_SIG *made = ECDSA_SIG_new();
    FUZZ_CHECK(made != NULL);
    FUZZ_CHECK(ECDSA_SIG_set0(made, BN_bin2bn(raw, (int)(size / 2), NULL),
                              BN_bin2bn(raw + size / 2, (int)(size / 2), NULL)) == 1);
    size_t length = (size_t)i2d_ECDSA_SIG(made, &at);
    ECDSA_SIG_free(made);
    FUZZ_CHECK(oktai_signature_take(alg, OKTA_SIGNATURE_DER, signature, &length) == NULL);
    FUZZ_CHECK(length == size && memcmp(signature, raw, size) == 0);
}

static void check_signature(fuzz_input *input)
{
    static const char *const names[] = {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256"};
    const oktai_signature_alg *alg = oktai_signature_alg_by_name(names[fuzz_choice(input, COUNT(names))]);
    okta_signature_form form = fuzz_choice(input, 2) == 0 ? OKTA_SIGNATURE_RAW : OKTA_SIGNATURE_DER;
    unsigned char signature[OKTA_SIGNATURE_MAX] = {0};
    fuzz_text given = fuzz_rest(input);
    size_t size = given.length < sizeof signature ? given.length : sizeof signature;
    FUZZ_CHECK(alg != NULL);
    memcpy(signature, given.text, size);
    given.length = size;
    const char *reason = oktai_signature_take(alg, form, signature, &size);
    if (reason == NULL && alg->scheme != OKTAI_SCHEME_ECDSA) {
        FUZZ_CHECK(size == given.length && size >= 256 && memcmp(signature, given.text, size) == 0);
    } else if (reason == NULL) {
        FUZZ_CHECK(size == 2 * alg->order.size);
        if (form == OKTA_SIGNATURE_DER) {
            check_der(&given, signature, size);
        } else {
            FUZZ_CHECK(size == given.length && memcmp(signature, given.text, size) == 0);
        }
        check_raw(alg, signature, size);
    }
    ERR_clear_error();
    free(given.text);
}

static void check_nonce(fuzz_input *input)
{
    static const char before[] = "as it was";
    char nonce[OKTAI_DPOP_NONCE_SIZE];
    fuzz_text given = fuzz_rest(input);
    memcpy(nonce, before, sizeof before);
    if (oktai_dpop_take_nonce(given.text, nonce)) {
        size_t length = strlen(nonce);
        FUZZ_CHECK(length > 0 && strcmp(nonce, given.text) == 0);
        for (size_t i = 0; i < length; i++) {
            FUZZ_CHECK(nonce[i] > ' ' && nonce[i] <= '~' && nonce[i] != '"' && nonce[i] != '\\');
        }
    } else {
        FUZZ_CHECK(memcmp(nonce, before, sizeof before) == 0);
    }
    free(given.text);
}

static void check_token(const oktai_token *token, bool dpop, int64_t now_ms)
{
    static const char name[] = "Authorization: ";
    const char *scheme = dpop ? "DPoP " : "Bearer ";
    FUZZ_CHECK(token->is_dpop == dpop && token->value[0] != '\0');
    FUZZ_CHECK(strncmp(token->line, name, sizeof name - 1) == 0);
    FUZZ_CHECK(strncmp(token->line + sizeof name - 1, scheme, strlen(scheme)) == 0);
    FUZZ_CHECK(strcmp(token->line + sizeof name - 1 + strlen(scheme), token->value) == 0);
    for (const char *p = token->value; *p != '\0'; p++) {
        FUZZ_CHECK(*p > ' ' && *p <= '~');
    }
    FUZZ_CHECK(token->expires_at_ms > now_ms && token->expires_at_ms <= now_ms + 86400000);
    FUZZ_CHECK(token->refresh_at_ms > now_ms && token->refresh_at_ms <= now_ms + 86400000);
}

static void check_token_answer(fuzz_input *input)
{
    bool dpop = fuzz_choice(input, 2) == 1;
    int64_t now_ms = fuzz_range(input, 0, INT64_C(1) << 50);
    uint32_t random = fuzz_u32(input);
    fuzz_text json = fuzz_rest(input);
    oktai_buffer body = {0};
    oktai_token *token = NULL;
    FUZZ_CHECK(json.length == 0 || oktai_buffer_append(&body, json.text, json.length));
    oktai_token_wish wish = oktai_token_wish_of(&body, NULL);
    FUZZ_CHECK(wish == OKTAI_TOKEN_WISH_NONE || wish == OKTAI_TOKEN_WISH_NONCE ||
               wish == OKTAI_TOKEN_WISH_PROOF || wish == OKTAI_TOKEN_WISH_CLIENT);
    FUZZ_CHECK(body.length == json.length);
    okta_status status = fuzz_take(oktai_token_read(&body, NULL, dpop, now_ms, random, &token));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL);
    FUZZ_CHECK((status == OKTA_OK) == (token != NULL));
    if (token != NULL) {
        check_token(token, dpop, now_ms);
    }
    okta_free(token);
    oktai_buffer_clear(&body);
    free(json.text);
}

static bool is_near(int64_t a, int64_t b, int64_t distance)
{
    return a - b <= distance && b - a <= distance;
}

/* A date is believed when it is near the machine's clock, as it is or as it was at the start; however dates
 * and clocks jump, the time that is told stays near one of the two. */
static void check_server_time(fuzz_input *input)
{
    oktai_server_time time = {0};
    int64_t now_ms = fuzz_range(input, 0, INT64_C(1) << 50);
    int64_t wall_ms = fuzz_range(input, 0, INT64_C(1) << 50);
    int64_t start_ms = wall_ms - now_ms;
    FUZZ_CHECK(oktai_server_time_s(&time, now_ms, wall_ms) == wall_ms / 1000);
    while (fuzz_more(input)) {
        int64_t date_s = fuzz_choice(input, 2) == 0 ? fuzz_range(input, 0, INT64_C(253402300800))
                                                    : wall_ms / 1000 + fuzz_range(input, 0, 1300) - 650;
        oktai_server_time_learn(&time, date_s, now_ms, wall_ms);
        int64_t told_s = oktai_server_time_s(&time, now_ms, wall_ms);
        FUZZ_CHECK(is_near(told_s * 1000, now_ms + start_ms, OKTAI_SKEW_MAX_MS + 1000) ||
                   is_near(told_s * 1000, wall_ms, OKTAI_SKEW_MAX_MS + 1000));
        FUZZ_CHECK(!is_near(date_s * 1000, wall_ms, OKTAI_SKEW_MAX_MS - 1000) || is_near(told_s, date_s, 1));
        now_ms += fuzz_range(input, 0, 86400000);
        wall_ms = fuzz_range(input, 0, INT64_C(1) << 50);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    switch (fuzz_choice(&input, 4)) {
    case 0:
        check_signature(&input);
        break;
    case 1:
        check_nonce(&input);
        break;
    case 2:
        check_token_answer(&input);
        break;
    default:
        check_server_time(&input);
        break;
    }
    return 0;
}
