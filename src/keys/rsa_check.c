/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/rsa_check.h"

#include <openssl/bn.h>

#include "core/arena.h"

#define DIGEST_SIZE 32u

enum { N, E, D, P, Q, DP, DQ, QI, P_LESS_1, Q_LESS_1, RESULT, NUMBERS };

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

static bool numbers_fit(const oktai_key_parts *parts)
{
    BIGNUM *numbers[NUMBERS];
    BN_CTX *ctx = BN_CTX_secure_new();
    if (ctx == NULL) {
        return false;
    }
    BN_CTX_start(ctx);
    bool good = load(ctx, parts, numbers) && fit_together(numbers, ctx);
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return good;
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

bool oktai_rsa_belongs(EVP_PKEY *pkey, const oktai_key_parts *parts)
{
    return numbers_fit(parts) && signature_verifies(pkey);
}
