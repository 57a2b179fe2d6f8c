/* SPDX-License-Identifier: Apache-2.0 */
/* How one key is told from another: the kid names it, the public members are what it is. */
#include <string.h>

#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"
#include "core/growing.h"
#include "keys/jwk_view.h"
#include "keys/keys.h"
#include "keys/openssl.h"
#include "keys/thumbprint.h"
#include "json/engine.h"

/* Room for the longest number that is compared, decoded. */
#define NUMBER_TEXT_MAX ((size_t)OKTAI_RSA_BYTES_MAX * 4 / 3 + 8)
#define NUMBER_MAX      (NUMBER_TEXT_MAX / 4 * 3 + 2)

static bool decode(const char *text, unsigned char out[NUMBER_MAX], oktai_bytes *number)
{
    size_t length = strnlen(text, NUMBER_TEXT_MAX + 1);
    while (length > 0 && text[length - 1] == '=') {
        length--;
    }
    size_t size;
    if (length > NUMBER_TEXT_MAX || !oktai_base64url_decode(text, length, out, &size)) {
        return false;
    }
    *number = oktai_bytes_trim((oktai_bytes){out, size});
    return true;
}

/* Okta sometimes pads a number, or puts a zero octet in front of it. */
static bool is_same_number(const char *a, const char *b)
{
    unsigned char room_a[NUMBER_MAX];
    unsigned char room_b[NUMBER_MAX];
    oktai_bytes number_a;
    oktai_bytes number_b;
    if (a == NULL || b == NULL) {
        return a == b;
    }
    if (strcmp(a, b) == 0) {
        return true;
    }
    return decode(a, room_a, &number_a) && decode(b, room_b, &number_b) && number_a.size == number_b.size &&
           memcmp(number_a.data, number_b.data, number_a.size) == 0;
}

/* Okta leaves `crv` out, or says null. Then the coordinates tell the curve by their length. */
static bool is_same_curve(const char *a, const char *b)
{
    return a == NULL || b == NULL || strcmp(a, b) == 0;
}

static bool is_same_material(const okta_oauth2_client_jwk *a, const okta_oauth2_client_jwk *b)
{
    if (a->kty != b->kty) {
        return false;
    }
    if (a->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_RSA) {
        return is_same_number(a->n, b->n) && is_same_number(a->e, b->e);
    }
    return a->x != NULL && a->y != NULL && is_same_curve(a->crv, b->crv) && is_same_number(a->x, b->x) &&
           is_same_number(a->y, b->y);
}

static bool view(const void *jwk, okta_oauth2_client_jwk *out)
{
    okta_error *error = oktai_jwk_view(jwk, out);
    okta_free(error);
    return error == NULL;
}

bool oktai_jwk_is_named(const void *request)
{
    okta_oauth2_client_jwk jwk;
    return view(request, &jwk) && jwk.kid != NULL;
}

bool oktai_jwk_has_kid(const void *request, const void *found)
{
    okta_oauth2_client_jwk asked;
    okta_oauth2_client_jwk other;
    return view(request, &asked) && view(found, &other) && asked.kid != NULL && other.kid != NULL &&
           strcmp(asked.kid, other.kid) == 0;
}

bool oktai_jwk_is_same(const void *request, const void *found)
{
    okta_oauth2_client_jwk asked;
    okta_oauth2_client_jwk other;
    return oktai_jwk_has_kid(request, found) && view(request, &asked) && view(found, &other) &&
           is_same_material(&asked, &other);
}

/* The material is read, and not checked. */
static okta_error *thumbprint_of(const okta_oauth2_client_jwk *jwk, char out[OKTA_THUMBPRINT_SIZE])
{
    const oktai_jwk_texts given = oktai_jwk_view_texts(jwk);
    oktai_arena arena = {0};
    oktai_key_parts parts;
    oktai_jwk_texts texts;
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    error = oktai_jwk_read(&given, OKTAI_JWK_LENIENT, &arena, &parts);
    if (error == NULL) {
        error = oktai_jwk_write(&parts, &arena, &texts) ? oktai_thumbprint(&texts, out) : oktai_error_nomem();
    }
    oktai_arena_clear(&arena);
    return oktai_openssl_end(stretch, error);
}

void oktai_jwk_describe(const void *request, oktai_buffer *out)
{
    okta_oauth2_client_jwk jwk;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    if (!view(request, &jwk)) {
        return;
    }
    oktai_buffer_printf(out, "kid \"%.255s\"", jwk.kid == NULL ? "" : jwk.kid);
    okta_error *error = thumbprint_of(&jwk, thumbprint);
    if (error == NULL) {
        oktai_buffer_printf(out, ", thumbprint %s", thumbprint);
    }
    okta_free(error);
    oktai_buffer_add_text(out, "; okta_reconcile_jwk() finds out");
}

okta_error *oktai_jwk_complete(oktai_arena *arena, const void **model)
{
    okta_oauth2_client_jwk jwk;
    okta_error *error = oktai_jwk_view(*model, &jwk);
    const okta_oauth2_client_jwk *given = *model;
    bool has_room = oktai_growing_has(given, offsetof(okta_oauth2_client_jwk, kid), sizeof jwk.kid);
    bool says_null = error == NULL && has_room && given->kid == OKTA_NULL;
    if (error != NULL || jwk.kid != NULL || says_null || oktai_extra_find(&jwk.model, "kid") != NULL) {
        return error;
    }
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    error = thumbprint_of(&jwk, thumbprint);
    if (error != NULL) {
        return error;
    }
    okta_oauth2_client_jwk *copy = oktai_arena_zalloc(arena, sizeof *copy);
    if (copy == NULL) {
        return oktai_error_nomem();
    }
    size_t size = given->model.struct_size < sizeof *copy ? given->model.struct_size : sizeof *copy;
    memcpy(copy, given, size);
    copy->model.struct_size = sizeof *copy;
    copy->kid = oktai_arena_strdup(arena, thumbprint);
    *model = copy;
    return copy->kid == NULL ? oktai_error_nomem() : NULL;
}
