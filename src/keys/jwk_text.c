/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk_text.h"

#include <string.h>

#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"

#define POINT_FULL 4u

/* How the members are read, and what they are decoded to. */
typedef struct reader {
    oktai_jwk_manner manner;
    oktai_arena arena;
    unsigned char point[OKTAI_EC_POINT_MAX];
} reader;

/* Decodes a member as it stands; `*out` is not empty. */
static okta_error *decode(reader *r, const char *name, const char *text, oktai_bytes *out)
{
    if (text == NULL) {
        return oktai_error_new(OKTA_E_ARG, "member \"%s\" is missing", name);
    }
    size_t length = strlen(text);
    for (unsigned i = 0; r->manner == OKTAI_JWK_LENIENT && i < 2 && length > 0 && text[length - 1] == '=';
         i++) {
        length--;
    }
    unsigned char *bytes = oktai_arena_alloc(&r->arena, length / 4 * 3 + 2);
    size_t size;
    if (bytes == NULL) {
        return oktai_error_nomem();
    }
    if (length == 0 || !oktai_base64url_decode(text, length, bytes, &size)) {
        return oktai_error_new(OKTA_E_ARG, "member \"%s\" is not base64url without padding", name);
    }
    *out = (oktai_bytes){bytes, size};
    return NULL;
}

/* A number of RSA. */
static okta_error *read_number(reader *r, const char *name, const char *text, oktai_bytes *out)
{
    okta_error *error = decode(r, name, text, out);
    if (error != NULL) {
        return error;
    }
    if (r->manner == OKTAI_JWK_STRICT && out->data[0] == 0) {
        return oktai_error_new(OKTA_E_ARG, "member \"%s\" has a leading zero octet", name);
    }
    *out = oktai_bytes_trim(*out);
    if (out->size > OKTAI_RSA_BYTES_MAX) {
        return oktai_error_new(OKTA_E_ARG, "member \"%s\" is longer than 8192 bits", name);
    }
    return NULL;
}

/* A number of an EC key: as long as the curve wants it. It is trimmed. */
static okta_error *read_coordinate(reader *r, const oktai_key_curve *curve, const char *name,
                                   const char *text, oktai_bytes *out)
{
    *out = (oktai_bytes){0};
    okta_error *error = decode(r, name, text, out);
    if (error != NULL) {
        return error;
    }
    bool exact = out->size == curve->size;
    *out = oktai_bytes_trim(*out);
    if (r->manner == OKTAI_JWK_STRICT ? !exact : out->size > curve->size) {
        return oktai_error_new(OKTA_E_ARG, "member \"%s\" does not have the %zu octets of %s", name,
                               curve->size, curve->crv);
    }
    return NULL;
}

static okta_error *read_rsa(reader *r, const oktai_jwk_texts *texts, oktai_key_parts *out)
{
    const struct {
        const char *name, *text;
        oktai_bytes *number;
    } numbers[] = {
        {"n", texts->n, &out->n},    {"e", texts->e, &out->e},    {"d", texts->d, &out->d},
        {"p", texts->p, &out->p},    {"q", texts->q, &out->q},    {"dp", texts->dp, &out->dp},
        {"dq", texts->dq, &out->dq}, {"qi", texts->qi, &out->qi},
    };
    const size_t all = sizeof numbers / sizeof numbers[0];
    for (size_t i = 2; i < all; i++) {
        out->is_private = out->is_private || numbers[i].text != NULL;
    }
    okta_error *error = NULL;
    for (size_t i = 0; error == NULL && i < (out->is_private ? all : 2); i++) {
        error = read_number(r, numbers[i].name, numbers[i].text, numbers[i].number);
    }
    return error;
}

static okta_error *read_ec(reader *r, const oktai_jwk_texts *texts, oktai_key_parts *out)
{
    oktai_bytes x;
    oktai_bytes y;
    if (texts->crv == NULL) {
        return oktai_error_new(OKTA_E_ARG, "member \"crv\" is missing");
    }
    const oktai_key_curve *curve = oktai_key_curve_by_name(texts->crv);
    if (curve == NULL) {
        return oktai_error_new(OKTA_E_ARG, "member \"crv\" is none of P-256, P-384 and P-521");
    }
    okta_error *error = read_coordinate(r, curve, "x", texts->x, &x);
    if (error == NULL) {
        error = read_coordinate(r, curve, "y", texts->y, &y);
    }
    if (error == NULL && texts->d != NULL) {
        out->is_private = true;
        error = read_coordinate(r, curve, "d", texts->d, &out->d);
    }
    if (error != NULL) {
        return error;
    }
    unsigned char *point = r->point; /* zeroed: short coordinates end at their place */
    point[0] = POINT_FULL;
    memcpy(point + 1 + curve->size - x.size, x.data, x.size);
    memcpy(point + 1 + 2 * curve->size - y.size, y.data, y.size);
    out->point = (oktai_bytes){point, 1 + 2 * curve->size};
    out->curve = curve;
    return NULL;
}

okta_error *oktai_key_from_texts(const oktai_jwk_texts *texts, oktai_jwk_manner manner, okta_key **out)
{
    reader r = {.manner = manner};
    oktai_key_parts parts = {0};
    okta_error *error;
    if (texts->kty != NULL && strcmp(texts->kty, "RSA") == 0) {
        error = read_rsa(&r, texts, &parts);
    } else if (texts->kty != NULL && strcmp(texts->kty, "EC") == 0) {
        error = read_ec(&r, texts, &parts);
    } else {
        error = oktai_error_new(OKTA_E_ARG, "member \"kty\" is neither RSA nor EC");
    }
    if (error == NULL) {
        error = oktai_key_build(&parts, out);
    }
    oktai_arena_clear(&r.arena);
    return error;
}
