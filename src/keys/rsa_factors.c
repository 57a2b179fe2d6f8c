/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/rsa_factors.h"

#include <openssl/bn.h>
#include <stdint.h>

#include "keys/rsa_roots.h"

/* How many numbers above a root Fermat's method tries: above that of n, and above those of its multiples. The
 * latter are known to less than one only. */
#define STEPS          100u
#define MULTIPLE_STEPS 3u

/* Bits behind the point of the roots of multiples. */
#define FRACTION 56

/* The root of a number, rounded down. */
static uint64_t small_root(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= n) {
            root += bit;
        }
    }
    return root;
}

/* The root of `n`, or a little more: that of its upper half has half of the digits, and one step of Newton's
 * method gives the other half. The step never ends below the root, whatever it begins with. */
static bool come_near_root(BIGNUM *root, const BIGNUM *n, BN_CTX *ctx)
{
    int bits = BN_num_bits(n);
    if (bits <= BN_BITS2) {
        return BN_set_word(root, (BN_ULONG)small_root(BN_get_word(n))) == 1;
    }
    int dropped = (bits - 1) / 4;
    BN_CTX_start(ctx);
    BIGNUM *top = BN_CTX_get(ctx);
    bool good = top != NULL && BN_rshift(top, n, 2 * dropped) == 1 && come_near_root(root, top, ctx) &&
                BN_lshift(root, root, dropped) == 1 && BN_div(top, NULL, n, root, ctx) == 1 &&
                BN_add(root, root, top) == 1 && BN_rshift1(root, root) == 1;
    BN_CTX_end(ctx);
    return good;
}

/* The root of `n`, rounded down; `square` receives its square. */
static bool find_root(BIGNUM *root, BIGNUM *square, const BIGNUM *n, BN_CTX *ctx)
{
    bool good = come_near_root(root, n, ctx) && BN_sqr(square, root, ctx) == 1;
    while (good && BN_cmp(square, n) > 0) {
        good = BN_sub_word(root, 1) == 1 && BN_sqr(square, root, ctx) == 1;
    }
    return good;
}

/* Fermat's method: n = a^2 - b^2 with `a` little above the root of n, where the factors a + b and a - b are
 * close. Most candidates for b^2 are told from squares by their rests: 995 of 1,000. */
static const struct {
    uint32_t modulus;
    uint64_t rests; /* bit r is set where a square leaves the rest r */
} squares[] = {
    {64, UINT64_C(0x0202021202030213)}, {63, UINT64_C(0x0402483012450293)},
    {61, UINT64_C(0x1713e6940a59f23b)}, {59, UINT64_C(0x022b62183e7b92bb)},
    {55, UINT64_C(0x000230148611ca33)},
};

#define SQUARES (sizeof squares / sizeof squares[0])
#define PRODUCT UINT32_C(798114240) /* of the moduli */

static bool may_be_square(uint64_t rest)
{
    for (size_t i = 0; i < SQUARES; i++) {
        if ((squares[i].rests >> (rest % squares[i].modulus) & 1) == 0) {
            return false;
        }
    }
    return true;
}

/* Whether (root + step)^2 - times n is a square; `*good`: memory is not out. */
static bool is_hit(const BIGNUM *n, unsigned times, const BIGNUM *root, unsigned step, BN_CTX *ctx,
                   bool *good)
{
    BN_CTX_start(ctx);
    BIGNUM *a = BN_CTX_get(ctx);
    BIGNUM *b = BN_CTX_get(ctx);
    BIGNUM *c = BN_CTX_get(ctx);
    *good = c != NULL && BN_copy(a, n) != NULL && BN_mul_word(a, times) == 1 && BN_copy(b, root) != NULL &&
            BN_add_word(b, step) == 1 && BN_sqr(b, b, ctx) == 1 && BN_sub(b, b, a) == 1;
    bool hit = false;
    if (*good && !BN_is_negative(b)) {
        *good = find_root(a, c, b, ctx);
        hit = *good && BN_cmp(c, b) == 0;
    }
    BN_CTX_end(ctx);
    return hit;
}

/* What is known of the modulus. */
typedef struct modulus {
    const BIGNUM *n;
    uint64_t rest; /* of n, modulo PRODUCT */
    BN_CTX *ctx;
    bool good; /* memory is not out */
} modulus;

/* Fermat's method for a multiple of n, whose root, rounded down, is `root`. */
static bool try_fermat(modulus *m, unsigned times, const BIGNUM *root, unsigned steps)
{
    uint64_t a = BN_mod_word(root, PRODUCT);
    uint64_t rest = m->rest * times % PRODUCT;
    for (unsigned step = 1; step <= steps && m->good; step++) {
        uint64_t next = a + step;
        if (may_be_square((next * next + PRODUCT - rest) % PRODUCT) &&
            is_hit(m->n, times, root, step, m->ctx, &m->good)) {
            return true;
        }
    }
    return false;
}

enum { ROOT_1, ROOT_2, ROOT_3, ROOT_6, ROOTS };

/* The root of a multiple of n is that of a smaller multiple and one of the known roots, multiplied. */
static const struct {
    int of;
    int by;
} products[ROOTS] = {
    [ROOT_2] = {ROOT_1, OKTAI_RSA_ROOT_2},
    [ROOT_3] = {ROOT_1, OKTAI_RSA_ROOT_3},
    [ROOT_6] = {ROOT_2, OKTAI_RSA_ROOT_3},
};

/* uv for all u and v up to 4 without a common divisor, and 6: where up is close to vq, the sum of both is
 * little above the root of 4uvn (Lehman's method). That root is one of the above, shifted. */
static const struct {
    unsigned uv;
    int root;
    int shift;
} ratios[] = {
    {2, ROOT_2, 1}, {3, ROOT_3, 1}, {4, ROOT_1, 2}, {6, ROOT_6, 1}, {12, ROOT_3, 2},
};

/* The roots of multiples, each with FRACTION bits behind the point, from roots[ROOT_1] on. They may be a
 * little too small. */
static bool multiply_roots(BIGNUM *roots[ROOTS], BN_CTX *ctx)
{
    BIGNUM *known[OKTAI_RSA_ROOTS];
    /* Two words more than its factor has: OpenSSL then multiplies in the plain way, in half of the time. */
    int octets = (BN_num_bits(roots[ROOT_1]) + 7) / 8 + 2 * (int)sizeof(BN_ULONG);
    bool good = true;
    for (size_t i = 0; good && i < OKTAI_RSA_ROOTS; i++) {
        known[i] = BN_CTX_get(ctx);
        good = known[i] != NULL && BN_bin2bn(oktai_rsa_roots[i].octets, octets, known[i]) != NULL;
    }
    for (size_t i = ROOT_1 + 1; good && i < ROOTS; i++) {
        roots[i] = BN_CTX_get(ctx);
        good = roots[i] != NULL && BN_mul(roots[i], roots[products[i].of], known[products[i].by], ctx) == 1 &&
               BN_rshift(roots[i], roots[i], OKTAI_RSA_ROOT_FRACTION(octets)) == 1;
    }
    return good;
}

static bool try_ratios(modulus *m, BIGNUM *root)
{
    BIGNUM *roots[ROOTS] = {root};
    BIGNUM *whole = BN_CTX_get(m->ctx);
    bool found = false;
    m->good = whole != NULL && multiply_roots(roots, m->ctx);
    for (size_t i = 0; m->good && !found && i < sizeof ratios / sizeof ratios[0]; i++) {
        m->good = BN_rshift(whole, roots[ratios[i].root], FRACTION - ratios[i].shift) == 1;
        found = m->good && try_fermat(m, 4 * ratios[i].uv, whole, MULTIPLE_STEPS);
    }
    return found;
}

static oktai_rsa_factors judge(modulus *m)
{
    BIGNUM *shifted = BN_CTX_get(m->ctx);
    BIGNUM *exact = BN_CTX_get(m->ctx);
    BIGNUM *root = BN_CTX_get(m->ctx);
    BIGNUM *square = BN_CTX_get(m->ctx);
    m->good = square != NULL && BN_lshift(shifted, m->n, 2 * FRACTION) == 1 &&
              find_root(exact, square, shifted, m->ctx) && BN_rshift(root, exact, FRACTION) == 1 &&
              BN_sqr(square, root, m->ctx) == 1;
    if (m->good && BN_cmp(square, m->n) == 0) {
        return OKTAI_RSA_FACTORS_EQUAL;
    }
    if (m->good && try_fermat(m, 1, root, STEPS)) {
        return OKTAI_RSA_FACTORS_CLOSE;
    }
    if (m->good && try_ratios(m, exact)) {
        return OKTAI_RSA_FACTORS_RATIO;
    }
    return m->good ? OKTAI_RSA_FACTORS_UNKNOWN : OKTAI_RSA_FACTORS_NO_MEMORY;
}

oktai_rsa_factors oktai_rsa_judge_factors(oktai_bytes number)
{
    modulus m = {.ctx = BN_CTX_new()};
    oktai_rsa_factors found = OKTAI_RSA_FACTORS_NO_MEMORY;
    if (m.ctx == NULL) {
        return found;
    }
    BN_CTX_start(m.ctx);
    BIGNUM *n = BN_CTX_get(m.ctx);
    if (n != NULL && BN_bin2bn(number.data, (int)number.size, n) != NULL) {
        m.n = n;
        m.rest = BN_mod_word(n, PRODUCT);
        found = judge(&m);
    }
    BN_CTX_end(m.ctx);
    BN_CTX_free(m.ctx);
    return found;
}
