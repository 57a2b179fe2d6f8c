/* SPDX-License-Identifier: Apache-2.0 */
#include "settle/settlements.h"

#include <openssl/crypto.h>
#include <string.h>

#include "core/base64url.h"
#include "core/growing.h"
#include "keys/bytes.h"
#include "keys/jwk_view.h"
#include "keys/keys.h"
#include "keys/parts.h"
#include "okta/models/oauth2_client_secret.h"

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
    if (length == 0 || length > NUMBER_TEXT_MAX || !oktai_base64url_decode(text, length, out, &size)) {
        return false;
    }
    *number = oktai_bytes_trim((oktai_bytes){out, size});
    return true;
}

/* What two members say together. */
static oktai_finding both(oktai_finding a, oktai_finding b)
{
    if (a == OKTAI_FINDING_OTHER || b == OKTAI_FINDING_OTHER) {
        return OKTAI_FINDING_OTHER;
    }
    return a == OKTAI_FINDING_SAME ? b : OKTAI_FINDING_UNCLEAR;
}

/* Okta sometimes pads a number, or puts a zero octet in front of it. */
static oktai_finding compare_number(const char *a, const char *b)
{
    unsigned char room_a[NUMBER_MAX];
    unsigned char room_b[NUMBER_MAX];
    oktai_bytes number_a;
    oktai_bytes number_b;
    if (a == NULL || b == NULL || !decode(a, room_a, &number_a)) {
        return OKTAI_FINDING_UNCLEAR;
    }
    if (strcmp(a, b) == 0) {
        return OKTAI_FINDING_SAME;
    }
    if (!decode(b, room_b, &number_b)) {
        return OKTAI_FINDING_UNCLEAR;
    }
    return oktai_bytes_equal(number_a, number_b) ? OKTAI_FINDING_SAME : OKTAI_FINDING_OTHER;
}

/* Okta leaves `crv` out, or says null: then, or where the name is none that a key can have, the coordinates
 * tell the curve. */
static oktai_finding compare_curve(const char *a, const char *b)
{
    const oktai_key_curve *curve_a = a == NULL ? NULL : oktai_key_curve_by_name(a);
    const oktai_key_curve *curve_b = b == NULL ? NULL : oktai_key_curve_by_name(b);
    bool differ = curve_a != NULL && curve_b != NULL && curve_a != curve_b;
    return differ ? OKTAI_FINDING_OTHER : OKTAI_FINDING_SAME;
}

static bool has_type(const okta_oauth2_client_jwk *jwk)
{
    return jwk->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_RSA || jwk->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_EC;
}

/* What is not shown, or is in no form that a key can have, tells nothing: only a number that is another one
 * makes it another key, and only all of its numbers make it the same. */
static oktai_finding compare_material(const okta_oauth2_client_jwk *asked,
                                      const okta_oauth2_client_jwk *other)
{
    if (has_type(other) && other->kty != asked->kty) {
        return OKTAI_FINDING_OTHER;
    }
    if (asked->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_RSA) {
        return both(compare_number(asked->n, other->n), compare_number(asked->e, other->e));
    }
    return both(compare_curve(asked->crv, other->crv),
                both(compare_number(asked->x, other->x), compare_number(asked->y, other->y)));
}

static bool view(const void *jwk, okta_oauth2_client_jwk *out)
{
    okta_error *error = oktai_jwk_view(jwk, out);
    okta_free(error);
    return error == NULL;
}

static bool is_named(const void *request)
{
    okta_oauth2_client_jwk jwk;
    return view(request, &jwk) && jwk.kid != NULL;
}

/* The kid names the key; what it is, the public members say. */
static oktai_finding compare_jwk(const void *request, const void *found)
{
    okta_oauth2_client_jwk asked;
    okta_oauth2_client_jwk other;
    if (!view(request, &asked) || !view(found, &other) || asked.kid == NULL || other.kid == NULL ||
        strcmp(asked.kid, other.kid) != 0) {
        return OKTAI_FINDING_NO;
    }
    return compare_material(&asked, &other);
}

static void describe_jwk(const void *request, oktai_buffer *out)
{
    okta_oauth2_client_jwk jwk;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    if (!view(request, &jwk)) {
        return;
    }
    oktai_buffer_printf(out, "kid \"%.255s\"", jwk.kid == NULL ? "" : jwk.kid);
    okta_error *error = oktai_jwk_thumbprint(&jwk, thumbprint);
    if (error == NULL) {
        oktai_buffer_printf(out, ", thumbprint %s", thumbprint);
    }
    okta_free(error);
    oktai_buffer_add_text(out, "; okta_reconcile_jwk() finds out");
}

const oktai_settlement oktai_jwk_settlement = {
    .repeatable = true,
    .names = is_named,
    .compare = compare_jwk,
    .describe = describe_jwk,
};

static bool is_own_secret(const void *request)
{
    const okta_oauth2_client_secret_request_body *body = request;
    return oktai_growing_has(body, offsetof(okta_oauth2_client_secret_request_body, client_secret),
                             sizeof body->client_secret) &&
           body->client_secret != NULL && body->client_secret != OKTA_NULL;
}

static oktai_finding compare_secret(const void *request, const void *found)
{
    const char *own = ((const okta_oauth2_client_secret_request_body *)request)->client_secret;
    const char *other = ((const okta_oauth2_client_secret *)found)->client_secret;
    bool same = other != NULL && strlen(own) == strlen(other) && CRYPTO_memcmp(own, other, strlen(own)) == 0;
    return same ? OKTAI_FINDING_SAME : OKTAI_FINDING_NO;
}

static void describe_secret(const void *request, oktai_buffer *out)
{
    (void)request;
    oktai_buffer_add_text(out, "the list of secrets does not show the one that was sent");
}

const oktai_settlement oktai_secret_settlement = {
    .names = is_own_secret,
    .compare = compare_secret,
    .describe = describe_secret,
};
