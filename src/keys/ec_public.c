/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/ec_public.h"

#include <openssl/bn.h>

#include "core/error.h"

enum { X, Y, P, B, LEFT, RIGHT, NUMBERS };

static bool load(BN_CTX *ctx, const oktai_bytes given[LEFT], BIGNUM *v[NUMBERS])
{
    for (size_t i = 0; i < NUMBERS; i++) {
        v[i] = BN_CTX_get(ctx);
        if (v[i] == NULL || (i < LEFT && BN_bin2bn(given[i].data, (int)given[i].size, v[i]) == NULL)) {
            return false;
        }
    }
    return true;
}

/* y^2 = (x^2 - 3) x + b, modulo p. */
static bool evaluate(BIGNUM *v[NUMBERS], BN_CTX *ctx)
{
    return BN_mod_sqr(v[LEFT], v[Y], v[P], ctx) == 1 && BN_mod_sqr(v[RIGHT], v[X], v[P], ctx) == 1 &&
           BN_sub_word(v[RIGHT], 3) == 1 && BN_mod_mul(v[RIGHT], v[RIGHT], v[X], v[P], ctx) == 1 &&
           BN_mod_add(v[RIGHT], v[RIGHT], v[B], v[P], ctx) == 1;
}

/* False without `*good`: memory is out. */
static bool is_on_curve(const oktai_key_curve *curve, oktai_bytes x, oktai_bytes y, bool *good)
{
    const oktai_bytes given[LEFT] = {[X] = x, [Y] = y, [P] = curve->p, [B] = curve->b};
    BIGNUM *v[NUMBERS];
    BN_CTX *ctx = BN_CTX_new();
    if (ctx == NULL) {
        *good = false;
        return false;
    }
    BN_CTX_start(ctx);
    *good = load(ctx, given, v) && evaluate(v, ctx);
    bool on = *good && BN_cmp(v[X], v[P]) < 0 && BN_cmp(v[Y], v[P]) < 0 && BN_cmp(v[LEFT], v[RIGHT]) == 0;
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return on;
}

okta_error *oktai_ec_check_public(const oktai_key_curve *curve, oktai_bytes point)
{
    size_t size = curve->size;
    bool good = true;
    bool valid = false;
    if (point.size == 1 + 2 * size && point.data[0] == OKTAI_POINT_FULL) {
        oktai_bytes x = {point.data + 1, size};
        oktai_bytes y = {point.data + 1 + size, size};
        valid = is_on_curve(curve, x, y, &good);
    } else if (point.size == 1 + size) {
        valid = point.data[0] == OKTAI_POINT_EVEN || point.data[0] == OKTAI_POINT_ODD;
    }
    if (!good) {
        return oktai_error_nomem();
    }
    return valid ? NULL
                 : oktai_error_new(OKTA_E_ARG, "the public half of the key is not a point of %s", curve->crv);
}
