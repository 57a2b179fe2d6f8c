/* SPDX-License-Identifier: Apache-2.0 */
/* Between keys and JWKs, as text and as models. */
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/growing.h"
#include "core/openssl.h"
#include "keys/algorithms.h"
#include "keys/build.h"
#include "keys/jwk_check.h"
#include "keys/jwk_view.h"
#include "keys/key.h"
#include "json/descriptor.h"

#define JWK_MAX 65536u

/* A JWK with its private half. It never leaves this file: what is sent has no place for private members. */
typedef struct private_jwk {
    okta_model model;
    oktai_jwk_texts texts;
    const char *kid;
    const char *alg;
    okta_oauth2_client_jwk_use use;
    const char *const *key_ops;
    size_t key_ops_count;
} private_jwk;

/* The first two values of every enum have no text. */
static const char *const use_texts[] = {
    [OKTA_OAUTH2_CLIENT_JWK_USE_SIG - 2] = "sig",
    [OKTA_OAUTH2_CLIENT_JWK_USE_ENC - 2] = "enc",
};
static const oktai_enum_texts use = {use_texts, sizeof use_texts / sizeof use_texts[0]};

#define ROW(member, json, kind, flags) OKTAI_ROW(private_jwk, member, json, kind, (flags) | OKTAI_ROW_UNIQUE)

static const oktai_row rows[] = {
    {ROW(kid, "kid", OKTAI_KIND_STRING, 0)},
    {ROW(alg, "alg", OKTAI_KIND_STRING, 0)},
    {ROW(use, "use", OKTAI_KIND_ENUM, 0), .of.texts = &use},
    {ROW(key_ops, "key_ops", OKTAI_KIND_STRINGS, 0), .count_offset = offsetof(private_jwk, key_ops_count)},
    {ROW(texts.kty, "kty", OKTAI_KIND_STRING, 0)},
    {ROW(texts.crv, "crv", OKTAI_KIND_STRING, 0)},
    {ROW(texts.x, "x", OKTAI_KIND_STRING, 0)},
    {ROW(texts.y, "y", OKTAI_KIND_STRING, 0)},
    {ROW(texts.n, "n", OKTAI_KIND_STRING, 0)},
    {ROW(texts.e, "e", OKTAI_KIND_STRING, 0)},
    {ROW(texts.d, "d", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {ROW(texts.p, "p", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {ROW(texts.q, "q", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {ROW(texts.dp, "dp", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {ROW(texts.dq, "dq", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {ROW(texts.qi, "qi", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
};

static const char *const secret_extras[] = {"oth", "k", NULL};

static const okta_descriptor private_jwk_model = {
    .schema = "JSON Web Key",
    .size = sizeof(private_jwk),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .secret_extras = secret_extras,
};

static bool is_rsa(const private_jwk *jwk)
{
    return jwk->texts.kty != NULL && strcmp(jwk->texts.kty, "RSA") == 0;
}

/* Members of another JSON type are absent in the struct. Of key material that must not pass as absence: a
 * damaged private key would be read as a public one. */
static okta_error *check_types(const private_jwk *jwk)
{
    static const char *const ec[] = {"crv", "x", "y", "d", NULL};
    static const char *const rsa[] = {"n", "e", "d", "p", "q", "dp", "dq", "qi", NULL};
    for (const char *const *name = is_rsa(jwk) ? rsa : ec; *name != NULL; name++) {
        if (okta_extra(jwk, *name) != NULL) {
            return oktai_error_new(OKTA_E_ARG, "member \"%s\" is not a string", *name);
        }
    }
    if (is_rsa(jwk) && okta_extra(jwk, "oth") != NULL) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key of more than two primes is refused");
    }
    return NULL;
}

static bool is_damaged(const private_jwk *jwk, const char *name)
{
    const char *json = okta_extra(jwk, name);
    return json != NULL && strcmp(json, "null") != 0;
}

/* RFC 7517, section 4. A member that says what the key is for, or what it is called, and cannot be read
 * allows nothing. */
static bool forbids_all(const private_jwk *jwk)
{
    static const char *const names[] = {"use", "key_ops", "alg", "kid"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (is_damaged(jwk, names[i])) {
            return true;
        }
    }
    return jwk->use == OKTA_OAUTH2_CLIENT_JWK_USE_OTHER;
}

static bool has_operation(const private_jwk *jwk, const char *name)
{
    bool found = jwk->key_ops == NULL;
    for (size_t i = 0; !found && i < jwk->key_ops_count; i++) {
        found = strcmp(jwk->key_ops[i], name) == 0;
    }
    return found;
}

static void remember_operations(okta_key *key, const private_jwk *jwk)
{
    const bool none = forbids_all(jwk);
    key->forbids_signing = none || !has_operation(jwk, "sign");
    key->forbids_verifying = none || !has_operation(jwk, "verify");
    key->forbids_decrypting = none || !(has_operation(jwk, "decrypt") || has_operation(jwk, "unwrapKey"));
}

/* Copies what the key remembers of its JWK into the key. */
static okta_error *remember(okta_key *key, const char *kid, const char *alg,
                            okta_oauth2_client_jwk_use key_use)
{
    oktai_arena *arena = oktai_root_arena(key);
    key->kid = oktai_arena_strdup(arena, kid);
    key->alg = oktai_arena_strdup(arena, alg);
    key->use = key_use;
    return (kid != NULL && key->kid == NULL) || (alg != NULL && key->alg == NULL) ? oktai_error_nomem()
                                                                                  : NULL;
}

static okta_error *make_key(const oktai_jwk_texts *texts, oktai_jwk_manner manner, const char *kid,
                            const char *alg, okta_oauth2_client_jwk_use key_use, okta_key **out)
{
    okta_key *key = NULL;
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    oktai_arena arena = {0};
    oktai_key_parts parts;
    error = oktai_jwk_read(texts, manner, &arena, &parts);
    if (error == NULL) {
        error = oktai_key_build(&parts, &key);
    }
    oktai_arena_clear(&arena);
    error = oktai_openssl_end(stretch, error);
    if (error == NULL && key != NULL) {
        error = remember(key, kid, alg, key_use);
    }
    if (error != NULL) {
        okta_free(key);
        return error;
    }
    *out = key;
    return NULL;
}

/* The text of an okta_from_json() error, under the status of a refused argument. */
static okta_error *refused_json(okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_PROTOCOL) {
        return error;
    }
    okta_error *refused = oktai_error_new(
        OKTA_E_ARG, "%s (a JWK is one JSON object that has no member twice)", okta_error_message(error));
    okta_free(error);
    return refused;
}

okta_error *okta_key_from_jwk(const char *json, size_t length, okta_key **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (json == NULL) {
        return oktai_error_null("json");
    }
    if (length > JWK_MAX) {
        return oktai_error_new(OKTA_E_ARG, "the JWK is longer than %u bytes", JWK_MAX);
    }
    private_jwk *jwk = NULL;
    okta_error *error = okta_from_json(&private_jwk_model, json, length, &jwk);
    if (error != NULL) {
        return refused_json(error);
    }
    error = check_types(jwk);
    if (error == NULL) {
        error = make_key(&jwk->texts, OKTAI_JWK_STRICT, jwk->kid, jwk->alg, jwk->use, out);
    }
    if (error == NULL && *out != NULL) {
        remember_operations(*out, jwk);
    }
    okta_free(jwk);
    return error;
}

okta_error *okta_key_from_jwk_model(const okta_oauth2_client_jwk *jwk, okta_key **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (jwk == NULL) {
        return oktai_error_null("jwk");
    }
    okta_oauth2_client_jwk view;
    okta_error *error = oktai_jwk_view(jwk, &view);
    if (error != NULL) {
        return error;
    }
    const oktai_jwk_texts texts = oktai_jwk_view_texts(&view);
    return make_key(&texts, OKTAI_JWK_LENIENT, view.kid, view.alg, view.use, out);
}

/* Copies the strings of a model into its arena, except the one that stands for null. False: out of memory. */
static bool keep_strings(okta_oauth2_client_jwk *jwk)
{
    const char **const strings[] = {&jwk->kid, &jwk->alg, &jwk->n, &jwk->e, &jwk->crv, &jwk->x, &jwk->y};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        const char *text = *strings[i];
        if (text != NULL && text != OKTA_NULL) {
            *strings[i] = oktai_arena_strdup(oktai_root_arena(jwk), text);
            if (*strings[i] == NULL) {
                return false;
            }
        }
    }
    return true;
}

/* What the options say comes before what the key remembers, and that before the defaults. */
static bool fill_request(okta_oauth2_client_jwk_request *jwk, const okta_key *key,
                         const okta_key_jwk_options *options)
{
    const char *kid = options->kid != NULL ? options->kid : key->kid;
    const char *alg = options->alg != NULL ? options->alg : key->alg;
    jwk->model.struct_size = sizeof *jwk;
    jwk->use = options->use != OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT ? options->use : key->use;
    if (jwk->use == OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT) {
        jwk->use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    }
    jwk->status = options->status;
    jwk->kty = key->curve == NULL ? OKTA_OAUTH2_CLIENT_JWK_KTY_RSA : OKTA_OAUTH2_CLIENT_JWK_KTY_EC;
    jwk->kid = kid == NULL ? key->thumbprint : kid;
    jwk->alg = alg == NULL ? oktai_jwk_default_alg(key->curve, jwk->use) : alg;
    jwk->n = key->texts.n;
    jwk->e = key->texts.e;
    jwk->crv = key->texts.crv;
    jwk->x = key->texts.x;
    jwk->y = key->texts.y;
    return keep_strings(jwk);
}

static okta_error *view_options(const okta_key_jwk_options *options, okta_key_jwk_options *out)
{
    static const okta_key_jwk_options defaults = OKTA_KEY_JWK_OPTIONS_INIT;
    *out = defaults;
    if (options == NULL) {
        return NULL;
    }
    return oktai_growing_copy(options, sizeof *out, out, "options", "OKTA_KEY_JWK_OPTIONS_INIT");
}

/* okta_jwk_check() without the material, which was checked when the key was made. */
static okta_error *check_request(const okta_oauth2_client_jwk_request *jwk, const okta_key *key)
{
    okta_oauth2_client_jwk view;
    okta_error *error = oktai_jwk_view(jwk, &view);
    if (error == NULL) {
        error = oktai_jwk_check_labels(&view);
    }
    return error == NULL ? oktai_jwk_check_alg(&view, key->curve) : error;
}

okta_error *okta_key_to_jwk_request(const okta_key *key, const okta_key_jwk_options *options,
                                    okta_oauth2_client_jwk_request **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (key == NULL) {
        return oktai_error_null("key");
    }
    okta_key_jwk_options chosen;
    okta_error *error = view_options(options, &chosen);
    if (error != NULL) {
        return error;
    }
    okta_oauth2_client_jwk_request *jwk = oktai_root_new(sizeof *jwk, 0, NULL);
    if (jwk == NULL) {
        return oktai_error_nomem();
    }
    error = fill_request(jwk, key, &chosen) ? check_request(jwk, key) : oktai_error_nomem();
    if (error != NULL) {
        okta_free(jwk);
        return error;
    }
    *out = jwk;
    return NULL;
}
