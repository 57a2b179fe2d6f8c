/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/token.h"

#include <string.h>

#include "auth/assertion.h"
#include "auth/authorization.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/uri.h"
#include "http/headers.h"
#include "http/pacing.h"
#include "json/engine.h"

#define LIFE_UNKNOWN_S 300
#define LIFE_MAX_S     86400
#define LONGEST_S      315360000
#define MARGIN_MAX_MS  30000
#define AHEAD_MAX_MS   600000

/* A token endpoint's answer: the members of a token and those of an error. */
typedef struct token_answer {
    okta_model model;
    const char *access_token;
    const char *token_type;
    okta_opt_int expires_in;
    const char *error;
} token_answer;

#define ROW(member, json, kind, flags) OKTAI_ROW(token_answer, member, json, kind, flags)

static const oktai_row rows[] = {
    {ROW(access_token, "access_token", OKTAI_KIND_STRING, OKTAI_ROW_SECRET | OKTAI_ROW_UNIQUE)},
    {ROW(token_type, "token_type", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(expires_in, "expires_in", OKTAI_KIND_INT, 0)},
    {ROW(error, "error", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
};

static const okta_descriptor token_answer_model = {
    .schema = "OAuth token",
    .size = sizeof(token_answer),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
};

static bool add_field(oktai_buffer *out, const char *name, const char *value)
{
    return (out->length == 0 || oktai_buffer_add_char(out, '&')) && oktai_buffer_add_text(out, name) &&
           oktai_buffer_add_char(out, '=') && oktai_uri_encode(out, value);
}

static bool add_jwt(oktai_buffer *out, const char *jwt)
{
    return add_field(out, "client_assertion_type",
                     "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") &&
           add_field(out, "client_assertion", jwt);
}

/* Its `sub` names the client, so that no client_id stands beside it (RFC 7521, section 4.2). */
static okta_error *add_ready(const oktai_service_app *app, oktai_buffer *out)
{
    oktai_buffer jwt = {0};
    okta_error *error = oktai_assertion_file_read(app->assertion_file, app->client_id, &jwt);
    if (error == NULL && !add_jwt(out, jwt.data)) {
        error = oktai_error_nomem();
    }
    oktai_buffer_clear(&jwt);
    return error;
}

static okta_error *add_assertion(const oktai_service_app *app, const char *audience, bool without_kid,
                                 int64_t now_s, oktai_later *later, oktai_buffer *out)
{
    const oktai_assertion assertion = {.signer = app->signer,
                                       .without_kid = without_kid,
                                       .type = app->assertion_type,
                                       .client_id = app->client_id,
                                       .audience = audience,
                                       .now_s = now_s,
                                       .later = later};
    oktai_buffer jwt = {0};
    okta_error *error = oktai_assertion_write(&assertion, &jwt);
    bool waits = oktai_later_is_asked(later);
    if (error == NULL && !waits && !add_jwt(out, jwt.data)) {
        error = oktai_error_nomem();
    }
    oktai_buffer_clear(&jwt);
    return error;
}

static bool add_secret(const oktai_service_app *app, oktai_buffer *out)
{
    return app->secret == NULL ||
           (add_field(out, "client_id", app->client_id) && add_field(out, "client_secret", app->secret));
}

okta_error *oktai_service_app_identify(const oktai_service_app *app, const char *url, bool without_kid,
                                       int64_t now_s, oktai_later *later, oktai_buffer *out)
{
    if (!add_secret(app, out)) {
        return oktai_error_nomem();
    }
    if (app->assertion_file != NULL) {
        return add_ready(app, out);
    }
    const char *audience = app->audience == app->token_url ? url : app->audience;
    return app->signer == NULL ? NULL : add_assertion(app, audience, without_kid, now_s, later, out);
}

okta_error *oktai_token_request_write(const oktai_service_app *app, bool without_kid, int64_t now_s,
                                      oktai_later *later, oktai_buffer *out)
{
    if (!add_field(out, "grant_type", "client_credentials") || !add_field(out, "scope", app->scopes)) {
        return oktai_error_nomem();
    }
    return oktai_service_app_identify(app, app->token_url, without_kid, now_s, later, out);
}

static const char *refuse(const token_answer *answer, bool dpop)
{
    if (oktai_authorization_refuse(answer->access_token) != NULL) {
        return "the token endpoint's answer has no usable access_token";
    }
    const char *type = answer->token_type == NULL ? "" : answer->token_type;
    if (!oktai_http_equals(type, strlen(type), dpop ? "DPoP" : "Bearer")) {
        return dpop ? "the token endpoint gave a token that is not bound to the key of the client"
                    : "the token endpoint gave a token that is not of type Bearer";
    }
    return NULL;
}

static void release(void *object)
{
    okta_free(((oktai_token *)object)->app);
}

okta_error *oktai_token_make(const char *scheme, const char *value, oktai_token **out)
{
    oktai_token *token = oktai_root_new(sizeof *token, 2 * strlen(value) + 64, release);
    if (token == NULL) {
        return oktai_error_nomem();
    }
    atomic_init(&token->worked, false);
    token->value = oktai_arena_strdup(oktai_root_arena(token), value);
    token->line = oktai_authorization_line(oktai_root_arena(token), scheme, value);
    token->refresh_at_ms = INT64_MAX;
    token->expires_at_ms = INT64_MAX;
    if (token->value == NULL || token->line == NULL) {
        okta_free(token);
        return oktai_error_nomem();
    }
    *out = token;
    return NULL;
}

static okta_error *make_token(const token_answer *answer, bool dpop, oktai_token **out)
{
    const char *reason = refuse(answer, dpop);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "%s", reason);
    }
    okta_error *error = oktai_token_make(dpop ? "DPoP" : "Bearer", answer->access_token, out);
    if (error == NULL) {
        (*out)->is_dpop = dpop;
    }
    return error;
}

void oktai_token_set_life(oktai_token *token, int64_t life_s, int64_t now_ms, uint32_t random)
{
    int64_t life_ms = (life_s > LONGEST_S ? LONGEST_S : life_s) * 1000;
    int64_t margin_ms = life_ms / 10 > MARGIN_MAX_MS ? MARGIN_MAX_MS : life_ms / 10;
    int64_t tenth_ms = life_ms / 10 > AHEAD_MAX_MS / 2 ? AHEAD_MAX_MS / 2 : life_ms / 10;
    int64_t ahead_ms = tenth_ms + oktai_pacing_chance_ms(tenth_ms, random);
    token->expires_at_ms = now_ms + life_ms - margin_ms;
    token->refresh_at_ms = now_ms + life_ms - ahead_ms;
}

okta_error *oktai_token_read(oktai_buffer *body, const oktai_watch *watch, bool dpop, int64_t now_ms,
                             uint32_t random, oktai_token **out)
{
    void *model = NULL;
    okta_error *error = body->length == 0
                            ? oktai_error_new(OKTA_E_PROTOCOL, "the answer is empty")
                            : oktai_engine_decode(&token_answer_model, body, watch, &model, NULL);
    if (error != NULL || model == NULL) {
        return error;
    }
    const token_answer *answer = model;
    error = make_token(answer, dpop, out);
    if (error == NULL) {
        okta_opt_int told = answer->expires_in;
        int64_t life_s = told.has && told.value > 0 ? told.value : LIFE_UNKNOWN_S;
        oktai_token_set_life(*out, life_s > LIFE_MAX_S ? LIFE_MAX_S : life_s, now_ms, random);
    }
    okta_free(model);
    return error;
}

static const struct {
    const char *code;
    oktai_token_wish wish;
} wishes[] = {
    {"use_dpop_nonce", OKTAI_TOKEN_WISH_NONCE},     /* RFC 9449, section 8 */
    {"invalid_dpop_proof", OKTAI_TOKEN_WISH_PROOF}, /* RFC 9449, section 5 */
    {"invalid_client", OKTAI_TOKEN_WISH_CLIENT},    /* RFC 6749, section 5.2 */
};

oktai_token_wish oktai_token_wish_of(const oktai_buffer *body, const oktai_watch *watch)
{
    oktai_buffer copy = {0};
    void *model = NULL;
    oktai_token_wish wish = OKTAI_TOKEN_WISH_NONE;
    if (body->length == 0 || !oktai_buffer_append(&copy, body->data, body->length)) {
        oktai_buffer_clear(&copy);
        return wish;
    }
    okta_error *error = oktai_engine_decode(&token_answer_model, &copy, watch, &model, NULL);
    const char *code = error == NULL ? ((token_answer *)model)->error : NULL;
    for (size_t i = 0; code != NULL && i < sizeof wishes / sizeof wishes[0]; i++) {
        if (strcmp(code, wishes[i].code) == 0) {
            wish = wishes[i].wish;
        }
    }
    okta_free(error);
    okta_free(model);
    oktai_buffer_clear(&copy);
    return wish;
}
