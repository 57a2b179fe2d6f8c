/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk_text.h"

#include <string.h>

#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"

/* How the members are read, and what they are decoded to. */
typedef struct reader {
    oktai_jwk_manner manner;
    oktai_arena *arena;
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
    unsigned char *bytes = oktai_arena_alloc(r->arena, length / 4 * 3 + 2);
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

/* Okta shows EC keys without their `crv`: then the longer coordinate tells the curve. */
static okta_error *curve_by_length(reader *r, const oktai_jwk_texts *texts, const oktai_key_curve **out)
{
    oktai_bytes x = {0};
    oktai_bytes y = {0};
    okta_error *error = decode(r, "x", texts->x, &x);
    if (error == NULL) {
        error = decode(r, "y", texts->y, &y);
    }
    if (error != NULL) {
        return error;
    }
    x = oktai_bytes_trim(x);
    y = oktai_bytes_trim(y);
    *out = oktai_key_curve_by_size(x.size > y.size ? x.size : y.size);
    return *out == NULL ? oktai_error_new(OKTA_E_ARG, "member \"x\" or \"y\" is longer than P-521 has it")
                        : NULL;
}

static okta_error *find_curve(reader *r, const oktai_jwk_texts *texts, const oktai_key_curve **out)
{
    if (texts->crv == NULL) {
        return r->manner == OKTAI_JWK_LENIENT ? curve_by_length(r, texts, out)
                                              : oktai_error_new(OKTA_E_ARG, "member \"crv\" is missing");
    }
    *out = oktai_key_curve_by_name(texts->crv);
    return *out == NULL ? oktai_error_new(OKTA_E_ARG, "member \"crv\" is none of P-256, P-384 and P-521")
                        : NULL;
}

static okta_error *read_ec(reader *r, const oktai_jwk_texts *texts, oktai_key_parts *out)
{
    oktai_bytes x;
    oktai_bytes y;
    const oktai_key_curve *curve = NULL;
    okta_error *error = find_curve(r, texts, &curve);
    if (error != NULL || curve == NULL) {
        return error;
    }
    error = read_coordinate(r, curve, "x", texts->x, &x);
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
    /* Zeroed: short coordinates end at their place. */
    unsigned char *point = oktai_arena_zalloc(r->arena, 1 + 2 * curve->size);
    if (point == NULL) {
        return oktai_error_nomem();
    }
    point[0] = OKTAI_POINT_FULL;
    memcpy(point + 1 + curve->size - x.size, x.data, x.size);
    memcpy(point + 1 + 2 * curve->size - y.size, y.data, y.size);
    out->point = (oktai_bytes){point, 1 + 2 * curve->size};
    out->curve = curve;
    return NULL;
}

okta_error *oktai_jwk_read(const oktai_jwk_texts *texts, oktai_jwk_manner manner, oktai_arena *arena,
                           oktai_key_parts *out)
{
    reader r = {manner, arena};
    *out = (oktai_key_parts){0};
    if (texts->kty != NULL && strcmp(texts->kty, "RSA") == 0) {
        return read_rsa(&r, texts, out);
    }
    if (texts->kty != NULL && strcmp(texts->kty, "EC") == 0) {
        return read_ec(&r, texts, out);
    }
    return oktai_error_new(OKTA_E_ARG, texts->kty == NULL ? "member \"kty\" is missing: Okta wants RSA or EC"
                                                          : "member \"kty\" is neither RSA nor EC");
}

static const char *encode(oktai_arena *arena, oktai_bytes number)
{
    char *text = oktai_arena_text(arena, oktai_base64url_length(number.size));
    if (text != NULL) {
        oktai_base64url_encode(number.data, number.size, text);
    }
    return text;
}

bool oktai_jwk_write(const oktai_key_parts *parts, oktai_arena *arena, oktai_jwk_texts *out)
{
    if (parts->curve == NULL) {
        *out = (oktai_jwk_texts){.kty = "RSA", .n = encode(arena, parts->n), .e = encode(arena, parts->e)};
        return out->n != NULL && out->e != NULL;
    }
    size_t size = parts->curve->size;
    const oktai_bytes x = {parts->point.data + 1, size};
    const oktai_bytes y = {parts->point.data + 1 + size, size};
    *out = (oktai_jwk_texts){
        .kty = "EC", .crv = parts->curve->crv, .x = encode(arena, x), .y = encode(arena, y)};
    return out->x != NULL && out->y != NULL;
}
