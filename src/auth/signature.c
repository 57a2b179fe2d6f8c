/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/signature.h"

#include <string.h>

#include "core/arena.h"
#include "keys/der.h"

#define RSA_BYTES_MIN (OKTAI_RSA_BITS_MIN / 8)

_Static_assert(OKTA_SIGNATURE_MAX == OKTAI_RSA_BYTES_MAX, "a buffer holds the longest signature");

#define ORDER_P256                                                                                           \
    OKTAI_BYTES("\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"                           \
                "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51")
#define ORDER_P384                                                                                           \
    OKTAI_BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"                           \
                "\xff\xff\xff\xff\xff\xff\xff\xff\xc7\x63\x4d\x81\xf4\x37\x2d\xdf"                           \
                "\x58\x1a\x0d\xb2\x48\xb0\xa7\x7a\xec\xec\x19\x6a\xcc\xc5\x29\x73")
#define ORDER_P521                                                                                           \
    OKTAI_BYTES("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"                           \
                "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"                           \
                "\xff\xfa\x51\x86\x87\x83\xbf\x2f\x96\x6b\x7f\xcc\x01\x48\xf7\x09"                           \
                "\xa5\xd0\x3b\xb5\xc9\xb8\x89\x9c\x47\xae\xbb\x6f\xb7\x1e\x91\x38"                           \
                "\x64\x09")
#define NO_ORDER                                                                                             \
    {                                                                                                        \
        NULL, 0                                                                                              \
    }

static const oktai_signature_alg algs[] = {
    {"ES256", "SHA256", OKTAI_SCHEME_ECDSA, ORDER_P256}, {"ES384", "SHA384", OKTAI_SCHEME_ECDSA, ORDER_P384},
    {"ES512", "SHA512", OKTAI_SCHEME_ECDSA, ORDER_P521}, {"PS256", "SHA256", OKTAI_SCHEME_PSS, NO_ORDER},
    {"PS384", "SHA384", OKTAI_SCHEME_PSS, NO_ORDER},     {"PS512", "SHA512", OKTAI_SCHEME_PSS, NO_ORDER},
    {"RS256", "SHA256", OKTAI_SCHEME_PKCS1, NO_ORDER},   {"RS384", "SHA384", OKTAI_SCHEME_PKCS1, NO_ORDER},
    {"RS512", "SHA512", OKTAI_SCHEME_PKCS1, NO_ORDER},
};

const oktai_signature_alg *oktai_signature_alg_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        if (strcmp(algs[i].name, name) == 0) {
            return &algs[i];
        }
    }
    return NULL;
}

/* Whether a number is at least 1 and less than the order of the curve, as each half of a signature must be.
 */
static bool is_in_range(oktai_bytes number, oktai_bytes order)
{
    oktai_bytes digits = oktai_bytes_trim(number);
    if (digits.size == 0 || digits.size > order.size) {
        return false;
    }
    return digits.size < order.size || memcmp(digits.data, order.data, order.size) < 0;
}

/* Read r and s from an ECDSA-Sig-Value, which has to fill `der` to its last byte. */
static bool read_der(oktai_bytes der, oktai_bytes *r, oktai_bytes *s)
{
    oktai_bytes sequence;
    return oktai_der_read(&der, OKTAI_DER_SEQUENCE, &sequence) && der.size == 0 &&
           oktai_der_read_number(&sequence, r) && oktai_der_read_number(&sequence, s) && sequence.size == 0;
}

static void put_padded(unsigned char *out, oktai_bytes number, size_t size)
{
    size_t zeros = size - number.size;
    for (size_t i = 0; i < zeros; i++) {
        out[i] = 0;
    }
    memcpy(out + zeros, number.data, number.size);
}

static const char *take_der(oktai_bytes order, unsigned char *signature, size_t *size)
{
    unsigned char raw[2 * OKTAI_EC_BYTES_MAX];
    oktai_bytes r, s;
    if (!read_der((oktai_bytes){signature, *size}, &r, &s)) {
        return "is no ECDSA-Sig-Value in DER";
    }
    if (!is_in_range(r, order) || !is_in_range(s, order)) {
        return "has an r or s that is 0 or not below the order of the curve";
    }
    put_padded(raw, r, order.size);
    put_padded(raw + order.size, s, order.size);
    *size = 2 * order.size;
    memcpy(signature, raw, *size);
    oktai_wipe(raw, sizeof raw);
    return NULL;
}

static const char *check_raw(oktai_bytes order, const unsigned char *signature, size_t size)
{
    if (size != 2 * order.size) {
        return "is not as long as r and s of the curve";
    }
    if (!is_in_range((oktai_bytes){signature, order.size}, order) ||
        !is_in_range((oktai_bytes){signature + order.size, order.size}, order)) {
        return "has an r or s that is 0 or not below the order of the curve";
    }
    return NULL;
}

static const char *check_rsa(const unsigned char *signature, size_t size)
{
    if (size < RSA_BYTES_MIN) {
        return "is shorter than those of an RSA key of 2048 bits";
    }
    return oktai_bytes_trim((oktai_bytes){signature, size}).size == 0 ? "is 0" : NULL;
}

const char *oktai_signature_take(const oktai_signature_alg *alg, okta_signature_form form,
                                 unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size)
{
    if (*size > OKTA_SIGNATURE_MAX) {
        return "is longer than its buffer";
    }
    if (alg->scheme != OKTAI_SCHEME_ECDSA) {
        return check_rsa(signature, *size);
    }
    return form == OKTA_SIGNATURE_DER ? take_der(alg->order, signature, size)
                                      : check_raw(alg->order, signature, *size);
}
