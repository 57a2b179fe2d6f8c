/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/rsa_private.h"

#include <openssl/bn.h>

#include "core/error.h"
#include "keys/rsa_factors.h"

#define DIGEST_SIZE 32u

/* A factor of less than this share of the modulus' bits is found by methods that are made for such factors,
 * with less work than the modulus promises. */
#define FACTOR_SHARE 4u

/* FIPS 186-5, appendix A.1.1: 2^(bits/2 - 100) lies between p and q at least. */
#define CLOSE_BITS 100u

/* The largest u and v where up and vq must be as far apart. */
#define RATIO_MAX 6u

/* Rounds of Miller and Rabin with bases by chance. A composite number that was chosen to pass does so in less
 * than one of four; few others pass any. */
#define PRIME_ROUNDS 6

enum { N, E, D, P, Q, DP, DQ, QI, P_LESS_1, Q_LESS_1, ODD, BASE, RESULT, NUMBERS };

typedef enum verdict {
    SOUND,
    NO_FIT, /* or OpenSSL failed: its queue tells whether memory was out */
    CLOSE_PRIMES,
    RATIO, /* u times p is close to v times q */
    NO_PRIMES,
} verdict;

static bool load(BN_CTX *ctx, const oktai_key_parts *parts, BIGNUM **numbers)
{
    const oktai_bytes *const given[] = {
        [N] = &parts->n, [E] = &parts->e,   [D] = &parts->d,   [P] = &parts->p,
        [Q] = &parts->q, [DP] = &parts->dp, [DQ] = &parts->dq, [QI] = &parts->qi,
    };
    for (size_t i = 0; i < NUMBERS; i++) {
        numbers[i] = BN_CTX_get(ctx);
        if (numbers[i] == NULL ||
            (i <= QI && BN_bin2bn(given[i]->data, (int)given[i]->size, numbers[i]) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool are_inverse(BIGNUM **v, int a, int b, int modulus, BN_CTX *ctx)
{
    return BN_mod_mul(v[RESULT], v[a], v[b], v[modulus], ctx) == 1 && BN_is_one(v[RESULT]);
}

static bool is_rest(BIGNUM **v, int rest, int number, int modulus, BN_CTX *ctx)
{
    return BN_mod(v[RESULT], v[number], v[modulus], ctx) == 1 && BN_cmp(v[RESULT], v[rest]) == 0;
}

static bool fit_together(BIGNUM **v, BN_CTX *ctx)
{
    return BN_mul(v[RESULT], v[P], v[Q], ctx) == 1 && BN_cmp(v[RESULT], v[N]) == 0 &&
           BN_sub(v[P_LESS_1], v[P], BN_value_one()) == 1 && BN_sub(v[Q_LESS_1], v[Q], BN_value_one()) == 1 &&
           are_inverse(v, E, D, P_LESS_1, ctx) && are_inverse(v, E, D, Q_LESS_1, ctx) &&
           is_rest(v, DP, D, P_LESS_1, ctx) && is_rest(v, DQ, D, Q_LESS_1, ctx) && BN_cmp(v[QI], v[P]) < 0 &&
           are_inverse(v, QI, Q, P, ctx);
}

/* Whether u p and v q are as close as p and q must not be; `*good`: memory is not out. */
static bool are_close(BIGNUM **v, unsigned times_p, unsigned times_q, size_t bits, bool *good)
{
    *good = BN_copy(v[RESULT], v[P]) != NULL && BN_mul_word(v[RESULT], times_p) == 1 &&
            BN_copy(v[BASE], v[Q]) != NULL && BN_mul_word(v[BASE], times_q) == 1 &&
            BN_sub(v[RESULT], v[RESULT], v[BASE]) == 1;
    return *good && (size_t)BN_num_bits(v[RESULT]) <= bits / 2 - CLOSE_BITS;
}

/* A ratio whose numbers have a common divisor is met in its lowest terms before. */
static verdict compare_primes(BIGNUM **v, size_t bits)
{
    for (unsigned times_p = 1; times_p <= RATIO_MAX; times_p++) {
        for (unsigned times_q = 1; times_q <= RATIO_MAX; times_q++) {
            bool good;
            if (are_close(v, times_p, times_q, bits, &good)) {
                return times_p == times_q ? CLOSE_PRIMES : RATIO;
            }
            if (!good) {
                return NO_FIT;
            }
        }
    }
    return SOUND;
}

/* One round for a number of which `less_1` is one less: 2^`twos` times v[ODD]. */
static verdict test_by_chance(BIGNUM **v, int number, int less_1, int twos, BN_CTX *ctx)
{
    if (BN_priv_rand_range(v[BASE], v[less_1]) != 1) {
        return NO_FIT;
    }
    if (BN_is_zero(v[BASE]) || BN_is_one(v[BASE])) {
        return SOUND;
    }
    BN_set_flags(v[ODD], BN_FLG_CONSTTIME);
    if (BN_mod_exp(v[RESULT], v[BASE], v[ODD], v[number], ctx) != 1) {
        return NO_FIT;
    }
    bool passes = BN_is_one(v[RESULT]) || BN_cmp(v[RESULT], v[less_1]) == 0;
    for (int i = 1; i < twos && !passes; i++) {
        if (BN_mod_sqr(v[RESULT], v[RESULT], v[number], ctx) != 1) {
            return NO_FIT;
        }
        passes = BN_cmp(v[RESULT], v[less_1]) == 0;
    }
    return passes ? SOUND : NO_PRIMES;
}

static verdict test_prime(BIGNUM **v, int number, int less_1, BN_CTX *ctx)
{
    int twos = 0;
    while (BN_is_bit_set(v[less_1], twos) == 0 && twos < BN_num_bits(v[less_1])) {
        twos++;
    }
    if (twos == 0) {
        return NO_PRIMES;
    }
    if (BN_rshift(v[ODD], v[less_1], twos) != 1) {
        return NO_FIT;
    }
    verdict found = SOUND;
    for (int i = 0; i < PRIME_ROUNDS && found == SOUND; i++) {
        found = test_by_chance(v, number, less_1, twos, ctx);
    }
    return found;
}

/* Products of well-chosen primes work in the place of p and q, and are found by methods for small factors.
 * Factors that are refused for their length are not tested. */
static verdict test_primes(BIGNUM **v, size_t bits, BN_CTX *ctx)
{
    int least = (int)(bits / FACTOR_SHARE);
    if (BN_num_bits(v[P]) < least || BN_num_bits(v[Q]) < least) {
        return SOUND;
    }
    verdict found = test_prime(v, P, P_LESS_1, ctx);
    return found == SOUND ? test_prime(v, Q, Q_LESS_1, ctx) : found;
}

static verdict judge_numbers(const oktai_key_parts *parts)
{
    BIGNUM *numbers[NUMBERS];
    BN_CTX *ctx = BN_CTX_secure_new();
    if (ctx == NULL) {
        return NO_FIT;
    }
    BN_CTX_start(ctx);
    size_t bits = oktai_bytes_bits(parts->n);
    verdict found =
        load(ctx, parts, numbers) && fit_together(numbers, ctx) ? compare_primes(numbers, bits) : NO_FIT;
    if (found == SOUND) {
        found = test_primes(numbers, bits, ctx);
    }
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return found;
}

static okta_error *does_not_belong(void)
{
    return oktai_error_new(OKTA_E_ARG,
                           "the private half of the key is not valid, or does not belong to its public half");
}

okta_error *oktai_rsa_check_private(const oktai_key_parts *parts)
{
    const oktai_bytes *const numbers[] = {&parts->d,  &parts->p,  &parts->q,
                                          &parts->dp, &parts->dq, &parts->qi};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i]->size == 0 || !oktai_bytes_are_below(*numbers[i], parts->n)) {
            return oktai_error_new(
                OKTA_E_ARG, "an RSA private key must have d, p, q, dp, dq and qi, all above 0 and below n");
        }
    }
    verdict found = judge_numbers(parts);
    if (found == NO_FIT) {
        return does_not_belong();
    }
    size_t bits = oktai_bytes_bits(parts->n);
    size_t least = bits / FACTOR_SHARE;
    if (oktai_bytes_bits(parts->p) < least || oktai_bytes_bits(parts->q) < least) {
        return oktai_error_new(OKTA_E_ARG,
                               "an RSA key with a prime of less than a quarter of its bits is refused");
    }
    if (found == CLOSE_PRIMES) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose primes are close together is refused");
    }
    if (found == RATIO) {
        return oktai_error_new(OKTA_E_ARG, OKTAI_RSA_RATIO_REFUSAL);
    }
    if (found == NO_PRIMES) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose p or q is not prime is refused");
    }
    if (oktai_bytes_bits(parts->d) <= bits / 2) {
        return oktai_error_new(OKTA_E_ARG,
                               "an RSA key whose private exponent has half of its bits or less is refused");
    }
    return NULL;
}

static bool signature_verifies(EVP_PKEY *pkey)
{
    static const unsigned char digest[DIGEST_SIZE] = {0};
    unsigned char signature[OKTAI_RSA_BYTES_MAX];
    size_t size = sizeof signature;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool good = ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
                EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
                EVP_PKEY_sign(ctx, signature, &size, digest, sizeof digest) == 1 &&
                EVP_PKEY_verify_init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
                EVP_PKEY_verify(ctx, signature, size, digest, sizeof digest) == 1;
    EVP_PKEY_CTX_free(ctx);
    return good;
}

okta_error *oktai_rsa_check_signature(EVP_PKEY *pkey)
{
    return signature_verifies(pkey) ? NULL : does_not_belong();
}
