/* SPDX-License-Identifier: Apache-2.0 */
/* Who may make an API call: the API token, the access token without an end, and tokens of the token endpoint.
 */
#include "mock_generic.h"
#include "mock_jwt.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

/* What follows a scheme and one blank, or NULL. */
static const char *credential_of(const char *given, const char *scheme)
{
    size_t length = strlen(scheme);
    return strncmp(given, scheme, length) == 0 && given[length] == ' ' ? given + length + 1 : NULL;
}

static bool refuse(const mock_call *call, const char *scheme, const char *error, const char *why)
{
    bool dpop = strcmp(scheme, "DPoP") == 0;
    mock_refuse(call, 401);
    mock_answer_header(call->answer, "WWW-Authenticate: %s error=\"%s\", error_description=\"%s\"%s", scheme,
                       error, why, dpop ? ", algs=\"" MOCK_JWT_ALGORITHMS "\"" : "");
    return false;
}

static bool is_good(const mock_call *call, const mock_token *token)
{
    return token != NULL && !token->revoked && mock_now(call->org) < token->expires;
}

static bool accept_bearer(mock_call *call, const char *text)
{
    const mock_token *token = mock_tokens_find(&call->org->oauth.tokens, text);
    if (!is_good(call, token)) {
        return refuse(call, "Bearer", "invalid_token", "The token is unknown, expired or revoked");
    }
    if (token->jkt[0] != '\0') {
        return refuse(call, "DPoP", "invalid_token", "The token is bound to a key and needs a DPoP proof");
    }
    call->token = token;
    return true;
}

static bool accept_dpop(mock_call *call, const char *text)
{
    const mock_token *token = mock_tokens_find(&call->org->oauth.tokens, text);
    if (!is_good(call, token)) {
        return refuse(call, "DPoP", "invalid_token", "The token is unknown, expired or revoked");
    }
    if (token->jkt[0] == '\0') {
        return refuse(call, "DPoP", "invalid_token", "The token is not bound to a key");
    }
    mock_proof proof = mock_proof_check(call, text);
    if (proof.state == MOCK_PROOF_NEEDS_NONCE) {
        return refuse(call, "DPoP", "use_dpop_nonce", proof.why);
    }
    if (proof.state == MOCK_PROOF_BAD) {
        return refuse(call, "DPoP", "invalid_dpop_proof", proof.why);
    }
    if (strcmp(proof.jkt, token->jkt) != 0) {
        return refuse(call, "DPoP", "invalid_token", "The token is bound to another key");
    }
    call->token = token;
    return true;
}

bool mock_authorize(mock_call *call)
{
    const char *given = mock_request_header(&call->record->view, "Authorization");
    const char *text = NULL;
    /* Two Authorization lines are refused: which of them counts would be anybody's guess. */
    if (mock_record_header_count(call->record, "Authorization") == 1) {
        if ((text = credential_of(given, "SSWS")) != NULL && strcmp(text, call->org->token) == 0) {
            return true;
        }
        if ((text = credential_of(given, "Bearer")) != NULL) {
            return strcmp(text, call->org->access_token) == 0 || accept_bearer(call, text);
        }
        if ((text = credential_of(given, "DPoP")) != NULL) {
            return accept_dpop(call, text);
        }
    }
    mock_refuse(call, 401);
    return false;
}

/* Whoever may change something may read it. */
static bool is_granted(const char *scopes, const char *scope, size_t length)
{
    static const char read[] = ".read";
    static const char manage[] = ".manage";
    size_t tail = sizeof read - 1;
    if (mock_scopes_have(scopes, scope, length)) {
        return true;
    }
    if (length < tail || memcmp(scope + length - tail, read, tail) != 0) {
        return false;
    }
    char *wider = mock_format("%.*s%s", (int)(length - tail), scope, manage);
    bool granted = wider != NULL && mock_scopes_have(scopes, wider, strlen(wider));
    free(wider);
    return granted;
}

/* Check scopes with spaces between. */
static bool check_scopes(const mock_call *call, const char *wanted)
{
    for (const char *at = wanted; *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (!is_granted(call->token->scopes, at, length)) {
            mock_refuse(call, 403);
            mock_answer_header(call->answer,
                               "WWW-Authenticate: %s error=\"insufficient_scope\", "
                               "error_description=\"The token lacks a scope\", scope=\"%.*s\"",
                               call->token->jkt[0] != '\0' ? "DPoP" : "Bearer", (int)length, at);
            return false;
        }
        at += length;
    }
    return true;
}

bool mock_has_scope(const mock_call *call, const char *resource)
{
    if (call->token == NULL || resource == NULL) {
        return true;
    }
    bool reading = strcmp(call->record->method, "GET") == 0;
    char *scope = mock_format("okta.%s.%s", resource, reading ? "read" : "manage");
    bool allowed = scope != NULL && check_scopes(call, scope);
    call->answer->broken = call->answer->broken || scope == NULL;
    free(scope);
    return allowed;
}

bool mock_has_scopes(const mock_call *call, const mock_operation *operation)
{
    return call->token == NULL || operation->scopes == NULL || check_scopes(call, operation->scopes);
}

/* A client is named in the Authorization header, or in the form. What is not its secret is not checked. */
bool mock_names_client(const mock_call *call, const mock_operation *operation)
{
    mock_value body = mock_value_of(operation->body);
    if (strcmp(operation->security, "client") != 0 ||
        (body.kind == 'o' && mock_shape_member(body.number, "id_token_hint").kind != '\0') ||
        mock_request_header(&call->record->view, "Authorization") != NULL ||
        strstr(call->record->body, "client_id") != NULL ||
        strstr(call->record->body, "client_assertion") != NULL) {
        return true;
    }
    mock_refuse_oauth(call, 401, "invalid_client", "No client is named");
    return false;
}
