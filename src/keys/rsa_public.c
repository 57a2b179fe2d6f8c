/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/rsa_public.h"

#include <openssl/bn.h>
#include <stdint.h>

#include "core/error.h"
#include "keys/parts.h"

/* FIPS 186-5, appendix A.1.1. A longer exponent is the mark of a short private one (Wiener's attack). */
#define EXPONENT_BITS_MAX 256u

/* SP 800-89, section 5.3.3, wants a modulus without the factors below 752. */
static const uint16_t primes[] = {
    2,   3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,
    71,  73,  79,  83,  89,  97,  101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163,
    167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269,
    271, 277, 281, 283, 293, 307, 311, 313, 317, 331, 337, 347, 349, 353, 359, 367, 373, 379, 383,
    389, 397, 401, 409, 419, 421, 431, 433, 439, 443, 449, 457, 461, 463, 467, 479, 487, 491, 499,
    503, 509, 521, 523, 541, 547, 557, 563, 569, 571, 577, 587, 593, 599, 601, 607, 613, 617, 619,
    631, 641, 643, 647, 653, 659, 661, 673, 677, 683, 691, 701, 709, 719, 727, 733, 739, 743, 751,
};

#define PRIMES (sizeof primes / sizeof primes[0])

#define WORDS_MAX (OKTAI_RSA_BYTES_MAX / 4)

/* How many numbers above the root of the modulus Fermat's method tries. */
#define FERMAT_STEPS 100u

typedef enum verdict {
    SOUND,
    SQUARE,
    CLOSE_FACTORS,
    NO_MEMORY,
} verdict;

/* Cut a number into words, the highest first. Returns how many. */
static size_t cut(oktai_bytes number, uint32_t words[WORDS_MAX])
{
    size_t count = 0;
    uint32_t word = 0;
    for (size_t i = 0; i < number.size; i++) {
        word = word << 8 | number.data[i];
        if ((number.size - i) % 4 == 1) {
            words[count++] = word;
            word = 0;
        }
    }
    return count;
}

static uint32_t rest_of(const uint32_t *words, size_t count, uint32_t divisor)
{
    uint64_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        rest = (rest << 32 | words[i]) % divisor;
    }
    return (uint32_t)rest;
}

/* The smallest prime of the table that divides `n`; 0: none does. The number is divided by products of primes
 * that fill a word, and only the short rest by each prime. */
static unsigned small_factor(oktai_bytes n)
{
    uint32_t words[WORDS_MAX];
    size_t count = cut(n, words);
    size_t next = 0;
    while (next < PRIMES) {
        size_t first = next;
        uint64_t product = 1;
        while (next < PRIMES && product * primes[next] <= UINT32_MAX) {
            product *= primes[next++];
        }
        uint32_t rest = rest_of(words, count, (uint32_t)product);
        for (size_t i = first; i < next; i++) {
            if (rest % primes[i] == 0) {
                return primes[i];
            }
        }
    }
    return 0;
}

/* The root of a number below 2^32, rounded down. */
static uint64_t small_root(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 15; bit > 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= n) {
            root += bit;
        }
    }
    return root;
}

/* The root of `n`, rounded down: the root of its upper half has half of the digits, and one step of Newton's
 * method gives the other half. The step never ends below the root. */
static bool find_root(BIGNUM *root, const BIGNUM *n, BN_CTX *ctx)
{
    int bits = BN_num_bits(n);
    if (bits <= 32) {
        return BN_set_word(root, (BN_ULONG)small_root(BN_get_word(n))) == 1;
    }
    int dropped = (bits - 1) / 4;
    BN_CTX_start(ctx);
    BIGNUM *top = BN_CTX_get(ctx);
    BIGNUM *other = BN_CTX_get(ctx);
    bool good = other != NULL && BN_rshift(top, n, 2 * dropped) == 1 && find_root(root, top, ctx) &&
                BN_lshift(root, root, dropped) == 1 && BN_div(other, NULL, n, root, ctx) == 1 &&
                BN_add(root, root, other) == 1 && BN_rshift1(root, root) == 1 &&
                BN_sqr(other, root, ctx) == 1;
    while (good && BN_cmp(other, n) > 0) {
        good = BN_sub_word(root, 1) == 1 && BN_sqr(other, root, ctx) == 1;
    }
    BN_CTX_end(ctx);
    return good;
}

/* Whether `n` is a square; `root` receives its root, rounded down. False without `*good`: memory is out. */
static bool is_square(const BIGNUM *n, BIGNUM *root, BN_CTX *ctx, bool *good)
{
    BN_CTX_start(ctx);
    BIGNUM *square = BN_CTX_get(ctx);
    *good = square != NULL && find_root(root, n, ctx) && BN_sqr(square, root, ctx) == 1;
    bool same = *good && BN_cmp(square, n) == 0;
    BN_CTX_end(ctx);
    return same;
}

/* Fermat's method: n = a^2 - b^2 with `a` little above the root of n, where the factors a + b and a - b are
 * close. Most candidates for b^2 are told from squares by their rests: 995 of 1,000. */
static const uint32_t moduli[] = {64, 63, 61, 59, 55};

#define MODULI  (sizeof moduli / sizeof moduli[0])
#define PRODUCT UINT32_C(798114240) /* of the moduli */

/* Bit r of a modulus' mask is set where a square leaves the rest r. */
static void make_masks(uint64_t masks[MODULI])
{
    for (size_t i = 0; i < MODULI; i++) {
        masks[i] = 0;
        for (uint32_t x = 0; x < moduli[i]; x++) {
            masks[i] |= UINT64_C(1) << (x * x % moduli[i]);
        }
    }
}

static bool may_be_square(uint64_t rest, const uint64_t masks[MODULI])
{
    for (size_t i = 0; i < MODULI; i++) {
        if ((masks[i] >> (rest % moduli[i]) & 1) == 0) {
            return false;
        }
    }
    return true;
}

/* Whether (root + step)^2 - n is a square. */
static bool is_hit(const BIGNUM *n, const BIGNUM *root, unsigned step, BN_CTX *ctx, bool *good)
{
    BN_CTX_start(ctx);
    BIGNUM *a = BN_CTX_get(ctx);
    BIGNUM *b = BN_CTX_get(ctx);
    BIGNUM *unused = BN_CTX_get(ctx);
    *good = unused != NULL && BN_copy(a, root) != NULL && BN_add_word(a, step) == 1 &&
            BN_sqr(b, a, ctx) == 1 && BN_sub(b, b, n) == 1;
    bool hit = *good && is_square(b, unused, ctx, good);
    BN_CTX_end(ctx);
    return hit;
}

static verdict try_fermat(const BIGNUM *n, BN_CTX *ctx)
{
    uint64_t masks[MODULI];
    bool good;
    BIGNUM *root = BN_CTX_get(ctx);
    if (root == NULL) {
        return NO_MEMORY;
    }
    if (is_square(n, root, ctx, &good)) {
        return SQUARE;
    }
    if (!good) {
        return NO_MEMORY;
    }
    make_masks(masks);
    uint64_t a = BN_mod_word(root, PRODUCT);
    uint64_t rest_of_n = BN_mod_word(n, PRODUCT);
    for (unsigned step = 1; step <= FERMAT_STEPS; step++) {
        uint64_t next = a + step;
        if (may_be_square((next * next + PRODUCT - rest_of_n) % PRODUCT, masks)) {
            if (is_hit(n, root, step, ctx, &good)) {
                return CLOSE_FACTORS;
            }
            if (!good) {
                return NO_MEMORY;
            }
        }
    }
    return SOUND;
}

static verdict judge_factors(oktai_bytes modulus)
{
    BN_CTX *ctx = BN_CTX_new();
    if (ctx == NULL) {
        return NO_MEMORY;
    }
    BN_CTX_start(ctx);
    BIGNUM *n = BN_CTX_get(ctx);
    verdict found = NO_MEMORY;
    if (n != NULL && BN_bin2bn(modulus.data, (int)modulus.size, n) != NULL) {
        found = try_fermat(n, ctx);
    }
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return found;
}

okta_error *oktai_rsa_check_public(oktai_bytes n, oktai_bytes e)
{
    size_t bits = oktai_bytes_bits(n);
    if (bits < OKTAI_RSA_BITS_MIN || bits > OKTAI_RSA_BITS_MAX) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key of %zu bits is refused: it must have 2048 to 8192",
                               bits);
    }
    if (!oktai_bytes_are_odd(e) || oktai_bytes_bits(e) < 2 || oktai_bytes_bits(e) > EXPONENT_BITS_MAX) {
        return oktai_error_new(OKTA_E_ARG,
                               "an RSA key whose exponent is even, below 3 or longer than 256 bits is "
                               "refused");
    }
    unsigned factor = small_factor(n);
    if (factor != 0) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose modulus has the factor %u is refused", factor);
    }
    switch (judge_factors(n)) {
    case SOUND:
        break;
    case SQUARE:
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose modulus is a square is refused");
    case CLOSE_FACTORS:
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose primes are close together is refused");
    case NO_MEMORY:
        return oktai_error_nomem();
    }
    return NULL;
}
