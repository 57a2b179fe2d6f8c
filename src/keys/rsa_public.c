/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/rsa_public.h"

#include <stdint.h>

#include "core/error.h"
#include "keys/parts.h"
#include "keys/rsa_factors.h"

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

/* The primes of a key of 1,984 bits or more that a faulty library made are powers of 65,537 modulo each of
 * the first 126 primes (CVE-2017-15361, ROCA); their product is then one, too. */
#define ROCA_PRIMES    126u
#define ROCA_GENERATOR 65537u

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

static bool is_power_of_generator(uint32_t rest, uint32_t prime)
{
    uint32_t power = 1;
    do {
        if (power == rest) {
            return true;
        }
        power = power * (ROCA_GENERATOR % prime) % prime;
    } while (power != 1);
    return false;
}

/* What the rests of a modulus by small primes say. */
typedef struct small_rests {
    unsigned factor; /* the smallest prime of the table that divides it; 0: none does */
    bool is_roca;
} small_rests;

/* The number is divided by products of primes that fill a word, and only the short rest by each prime. */
static small_rests divide_by_primes(oktai_bytes n)
{
    small_rests found = {.is_roca = true};
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
                found.factor = primes[i];
                return found;
            }
            found.is_roca =
                found.is_roca && (i >= ROCA_PRIMES || is_power_of_generator(rest % primes[i], primes[i]));
        }
    }
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
    const small_rests rests = divide_by_primes(n);
    if (rests.factor != 0) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose modulus has the factor %u is refused",
                               rests.factor);
    }
    if (rests.is_roca) {
        return oktai_error_new(OKTA_E_ARG,
                               "an RSA key that bears the mark of CVE-2017-15361 (ROCA) is refused");
    }
    switch (oktai_rsa_judge_factors(n)) {
    case OKTAI_RSA_FACTORS_UNKNOWN:
        break;
    case OKTAI_RSA_FACTORS_EQUAL:
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose modulus is a square is refused");
    case OKTAI_RSA_FACTORS_CLOSE:
        return oktai_error_new(OKTA_E_ARG, "an RSA key whose primes are close together is refused");
    case OKTAI_RSA_FACTORS_RATIO:
        return oktai_error_new(OKTA_E_ARG, OKTAI_RSA_RATIO_REFUSAL);
    case OKTAI_RSA_FACTORS_NO_MEMORY:
        return oktai_error_nomem();
    }
    return NULL;
}
