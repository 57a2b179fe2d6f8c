/* SPDX-License-Identifier: Apache-2.0 */
/* okta_id_token_check(). */
#include <string.h>
#include <strings.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/growing.h"
#include "jose/object.h"
#include "okta/jose.h"
#include "json/number.h"

#define LEEWAY_MAX 3600
/* Far beyond any date, and far from an overflow. */
#define TIME_MAX 1000000000000000

typedef struct expected {
    okta_id_token_options options; /* the time is filled in */
    const oktai_jose_object *claims;
} expected;

static okta_error *missing(const char *name)
{
    return oktai_error_new(OKTA_E_PROTOCOL, "the claim \"%s\" is missing", name);
}

/* Errors: OKTA_E_PROTOCOL. */
static okta_error *get_text(const expected *e, const char *name, const char **out)
{
    okta_error *error = oktai_jose_object_string(e->claims, name, out);
    return error == NULL && *out == NULL ? missing(name) : error;
}

/* A NumericDate (RFC 7519, section 2), which may have a fraction: it is cut off. `*out` stays as it is where
 * the claim is absent. Errors: OKTA_E_PROTOCOL. */
static okta_error *get_time(const expected *e, const char *name, bool *has, int64_t *out)
{
    const oktai_jose_member *claim = oktai_jose_object_find(e->claims, name);
    double value = 0;
    *has = claim != NULL;
    if (claim == NULL) {
        return NULL;
    }
    if (claim->type != OKTAI_JSON_NUMBER ||
        !oktai_number_to_double(claim->value.text, claim->value.length, &value) || value < 0 ||
        value > (double)TIME_MAX) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the claim \"%s\" is no time in seconds since 1970", name);
    }
    *out = (int64_t)value;
    return NULL;
}

static okta_error *get_required_time(const expected *e, const char *name, int64_t *out)
{
    bool has = false;
    okta_error *error = get_time(e, name, &has, out);
    return error == NULL && !has ? missing(name) : error;
}

static okta_error *expect_text(const expected *e, const char *name, const char *wanted, const char *what)
{
    const char *text = NULL;
    okta_error *error = get_text(e, name, &text);
    if (error == NULL && strcmp(text, wanted) != 0) {
        error = oktai_error_new(OKTA_E_AUTH, "the claim \"%s\" of the token is not %s", name, what);
    }
    return error;
}

static okta_error *other_audience(void)
{
    return oktai_error_new(OKTA_E_AUTH, "the claim \"aud\" of the token is not the audience alone");
}

/* An array of strings, each of which is the audience. */
static okta_error *expect_audiences(const oktai_jose_member *claim, const char *wanted)
{
    oktai_reader reader;
    oktai_arena arena = {0};
    okta_text text;
    size_t count = 0;
    okta_error *error = NULL;
    oktai_reader_init(&reader, claim->value.text, claim->value.length);
    oktai_reader_enter(&reader);
    for (bool first = true; error == NULL && oktai_reader_element(&reader, first); first = false) {
        count++;
        if (oktai_reader_peek(&reader) != OKTAI_JSON_STRING) {
            error = oktai_error_new(OKTA_E_PROTOCOL, "the claim \"aud\" has an element that is no string");
        } else if (!oktai_reader_text(&reader, &arena, &text)) {
            error = oktai_error_nomem(); /* the text was read before, and is good */
        } else if (text.length != strlen(wanted) || memcmp(text.text, wanted, text.length) != 0) {
            error = other_audience();
        }
    }
    oktai_arena_clear(&arena);
    return error == NULL && count == 0 ? other_audience() : error;
}

static okta_error *check_audience(const expected *e)
{
    const oktai_jose_member *claim = oktai_jose_object_find(e->claims, "aud");
    if (claim == NULL) {
        return missing("aud");
    }
    okta_error *error = NULL;
    if (claim->type == OKTAI_JSON_ARRAY) {
        error = expect_audiences(claim, e->options.audience);
    } else {
        error = expect_text(e, "aud", e->options.audience, "the audience alone");
    }
    if (error == NULL && oktai_jose_object_find(e->claims, "azp") != NULL) {
        error = expect_text(e, "azp", e->options.audience, "the audience");
    }
    return error;
}

static okta_error *check_times(const expected *e, okta_id_token *out)
{
    const int64_t now = e->options.now_s;
    const int64_t leeway = e->options.leeway_s;
    int64_t not_before = 0;
    bool has = false;
    okta_error *error = get_required_time(e, "exp", &out->expires_at_s);
    if (error == NULL && now - leeway >= out->expires_at_s) {
        error = oktai_error_new(OKTA_E_AUTH, "the token is over: its \"exp\" has passed");
    }
    if (error == NULL) {
        error = get_required_time(e, "iat", &out->issued_at_s);
    }
    if (error == NULL && out->issued_at_s > now + leeway) {
        error = oktai_error_new(OKTA_E_AUTH, "the token is of the future: its \"iat\" lies ahead");
    }
    if (error == NULL) {
        error = get_time(e, "nbf", &has, &not_before);
    }
    if (error == NULL && not_before > now + leeway) {
        error = oktai_error_new(OKTA_E_AUTH, "the token is not valid yet: its \"nbf\" lies ahead");
    }
    return error == NULL ? get_time(e, "auth_time", &has, &out->auth_time_s) : error;
}

static okta_error *take_subject(const expected *e, okta_id_token *out)
{
    const char *sub = NULL;
    okta_error *error = get_text(e, "sub", &sub);
    if (error == NULL && sub[0] == '\0') {
        error = oktai_error_new(OKTA_E_PROTOCOL, "the claim \"sub\" is empty");
    }
    if (error == NULL) {
        out->sub = oktai_arena_strdup(oktai_root_arena(out), sub);
        error = out->sub == NULL ? oktai_error_nomem() : NULL;
    }
    return error;
}

static okta_error *check_claims(const expected *e, okta_id_token *out)
{
    okta_error *error = expect_text(e, "iss", e->options.issuer, "the issuer that is expected");
    if (error == NULL) {
        error = check_audience(e);
    }
    if (error == NULL) {
        error = check_times(e, out);
    }
    if (error == NULL && e->options.nonce != NULL) {
        error = expect_text(e, "nonce", e->options.nonce, "that of the authorization request");
    }
    return error == NULL ? take_subject(e, out) : error;
}

/* RFC 8725, section 3.11: tokens of other types, such as access tokens, are signed by the same keys. */
static bool is_of_type(const char *typ)
{
    static const char prefix[] = "application/";
    if (typ != NULL && strncasecmp(typ, prefix, sizeof prefix - 1) == 0) {
        typ += sizeof prefix - 1;
    }
    return typ == NULL || strcasecmp(typ, "JWT") == 0;
}

static okta_error *read_options(const okta_id_token_options *options, okta_id_token_options *out)
{
    static const okta_id_token_options defaults = OKTA_ID_TOKEN_OPTIONS_INIT;
    *out = defaults;
    okta_error *error =
        oktai_growing_copy(options, sizeof *out, out, "options", "OKTA_ID_TOKEN_OPTIONS_INIT");
    if (error != NULL) {
        return error;
    }
    if (out->issuer == NULL || out->issuer[0] == '\0' || out->audience == NULL || out->audience[0] == '\0') {
        return oktai_error_new(OKTA_E_ARG, "the options have no issuer or no audience");
    }
    if (out->nonce != NULL && out->nonce[0] == '\0') {
        return oktai_error_new(OKTA_E_ARG, "the nonce of the options is empty");
    }
    if (out->now_s < 0 || out->now_s > TIME_MAX) {
        return oktai_error_new(OKTA_E_ARG, "now_s is no time in seconds since 1970");
    }
    if (out->leeway_s < 0 || out->leeway_s > LEEWAY_MAX) {
        return oktai_error_new(OKTA_E_ARG, "leeway_s is not from 0 to %d", LEEWAY_MAX);
    }
    if (out->now_s == 0) {
        out->now_s = oktai_system_clock.wall_ms(&oktai_system_clock) / 1000;
    }
    return NULL;
}

static okta_error *check_token(const okta_jose *token, const okta_id_token_options *options,
                               okta_id_token *out)
{
    oktai_arena arena = {0};
    oktai_jose_object claims;
    /* With a NUL behind it, whoever filled the struct. */
    const char *json = oktai_arena_copy(&arena, token->payload, token->payload_length);
    okta_error *error = json == NULL ? oktai_error_nomem()
                                     : oktai_jose_object_read(json, token->payload_length,
                                                              "the payload of the token", &arena, &claims);
    if (error == NULL) {
        error = check_claims(&(expected){*options, &claims}, out);
    }
    oktai_arena_clear(&arena);
    return error;
}

okta_error *okta_id_token_check(const okta_jose *token, const okta_id_token_options *options,
                                okta_id_token **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (token == NULL || token->payload == NULL || options == NULL || out == NULL) {
        return oktai_error_null(token == NULL            ? "token"
                                : token->payload == NULL ? "payload"
                                : options == NULL        ? "options"
                                                         : "out");
    }
    okta_id_token_options known;
    okta_error *error = read_options(options, &known);
    if (error != NULL) {
        return error;
    }
    if (token->enc != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the token was decrypted and not verified: its payload is the "
                                           "token to verify");
    }
    if (!is_of_type(token->typ)) {
        return oktai_error_new(OKTA_E_AUTH, "the \"typ\" of the token is another than that of an ID token");
    }
    okta_id_token *result = oktai_root_new(sizeof *result, 0, NULL);
    error = result == NULL ? oktai_error_nomem() : check_token(token, &known, result);
    if (error != NULL) {
        okta_free(result);
        return error;
    }
    *out = result;
    return NULL;
}
