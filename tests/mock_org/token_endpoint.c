/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/v1/token. */
#include "mock_form.h"
#include "mock_json.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FORM_TYPE          "application/x-www-form-urlencoded"
#define ASSERTION_TYPE     "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define DEFAULT_LIFETIME_S 3600

bool mock_is_token_endpoint(const char *target)
{
    return strncmp(target, MOCK_TOKEN_PATH, strlen(MOCK_TOKEN_PATH)) == 0 &&
           strchr("?", target[strlen(MOCK_TOKEN_PATH)]) != NULL;
}

/* What is wrong with a request before anybody looks into its parameters. */
static const char *shape_refusal(const mock_record *record)
{
    const char *type = mock_request_header(&record->view, "Content-Type");
    size_t length = strlen(FORM_TYPE);
    if (strchr(record->target, '?') != NULL) {
        return "The parameters belong into the body, not into the URL";
    }
    if (type == NULL || strncasecmp(type, FORM_TYPE, length) != 0 || strchr("; \t", type[length]) == NULL) {
        return "The body is not " FORM_TYPE;
    }
    if (mock_record_header_count(record, "Authorization") > 1) {
        return "There are several Authorization headers";
    }
    return strlen(record->body) == record->body_length ? NULL : "The body has a NUL";
}

static const char *check_assertion(mock_call *call, const mock_form *form, mock_app **out_client)
{
    const char *type = mock_form_value(form, "client_assertion_type");
    const char *assertion = mock_form_value(form, "client_assertion");
    const char *client_id = mock_form_value(form, "client_id");
    if (type == NULL || strcmp(type, ASSERTION_TYPE) != 0 || assertion == NULL) {
        return "The client signs in by a secret, or by client_assertion and "
               "client_assertion_type " ASSERTION_TYPE;
    }
    const char *refusal = mock_assertion_check(call, assertion, out_client);
    if (refusal == NULL && client_id != NULL && strcmp(client_id, (*out_client)->id) != 0) {
        refusal = "client_id is not the client of the client_assertion";
    }
    return refusal;
}

static bool has_basic(const mock_call *call)
{
    return mock_record_header_count(call->record, "Authorization") == 1;
}

static mock_app *authenticate(mock_call *call, const mock_form *form)
{
    mock_app *client = NULL;
    const char *refusal = NULL;
    if (has_basic(call)) {
        refusal = mock_secret_basic_check(call, form, &client);
    } else if (mock_form_value(form, "client_secret") != NULL) {
        refusal = mock_secret_post_check(call, form, &client);
    } else {
        refusal = check_assertion(call, form, &client);
    }
    if (refusal != NULL) {
        mock_refuse_oauth(call, 401, "invalid_client", refusal);
        if (has_basic(call)) {
            mock_answer_header(call->answer, "WWW-Authenticate: Basic realm=\"mock\"");
        }
        return NULL;
    }
    return client;
}

/* Leaves the thumbprint of the proof's key, or "" where there is no proof and none is needed. */
static bool check_proof(mock_call *call, const mock_app *client, char out_jkt[MOCK_THUMBPRINT_SIZE])
{
    out_jkt[0] = '\0';
    if (mock_record_header_count(call->record, "DPoP") == 0) {
        if (client->dpop_required) {
            mock_refuse_oauth(call, 400, "invalid_dpop_proof",
                              "The client needs a DPoP proof, and there is none");
        }
        return !client->dpop_required;
    }
    mock_proof proof = mock_proof_check(call, NULL);
    if (proof.state != MOCK_PROOF_GOOD) {
        mock_refuse_oauth(call, 400, proof.state == MOCK_PROOF_BAD ? "invalid_dpop_proof" : "use_dpop_nonce",
                          proof.why);
        return false;
    }
    memcpy(out_jkt, proof.jkt, sizeof proof.jkt);
    return true;
}

/* Scopes are granted by a test, or by POST /apps/{id}/grants. */
static bool is_granted(const mock_call *call, const mock_app *client, const char *scope, size_t length)
{
    if (mock_scopes_have(client->scopes != NULL ? client->scopes : MOCK_ALL_SCOPES, scope, length)) {
        return true;
    }
    char *folder = mock_format(MOCK_APPS_FOLDER "/%s/grants", client->id);
    const mock_object *grant = folder != NULL ? mock_store_first(&call->org->store, folder) : NULL;
    bool granted = false;
    for (; !granted && grant != NULL; grant = grant->next) {
        const char *own = mock_json_string(grant->json, "scopeId");
        granted = own != NULL && strlen(own) == length && memcmp(own, scope, length) == 0;
    }
    call->answer->broken = call->answer->broken || folder == NULL;
    free(folder);
    return granted;
}

static const char *scope_refusal(const mock_call *call, const mock_app *client, const char *scopes)
{
    if (scopes == NULL || *scopes == '\0') {
        return "No scope is asked for";
    }
    for (const char *at = scopes;; at++) {
        size_t length = strcspn(at, " ");
        if (length == 0 || !is_granted(call, client, at, length)) {
            return "A scope that is asked for is not granted to the client, or not set apart by one space";
        }
        at += length;
        if (*at == '\0') {
            return NULL;
        }
    }
}

static void issue(const mock_call *call, const mock_app *client, const char *scopes, const char *jkt)
{
    mock_org *org = call->org;
    unsigned set = org->oauth.options.token_lifetime_s;
    unsigned lifetime = set > 0 ? set : DEFAULT_LIFETIME_S;
    const mock_token *token =
        mock_tokens_issue(&org->oauth.tokens, client->id, scopes, mock_now(org) + (int64_t)lifetime, jkt);
    cJSON *json = token != NULL ? cJSON_CreateObject() : NULL;
    if (cJSON_AddStringToObject(json, "token_type", *jkt != '\0' ? "DPoP" : "Bearer") == NULL ||
        cJSON_AddNumberToObject(json, "expires_in", (double)lifetime) == NULL ||
        cJSON_AddStringToObject(json, "access_token", token->text) == NULL ||
        cJSON_AddStringToObject(json, "scope", scopes) == NULL) {
        cJSON_Delete(json);
        json = NULL;
    }
    mock_answer_json(call->answer, 200, json);
    mock_tell_nonce(call);
}

static void answer_form(mock_call *call, const mock_form *form)
{
    const char *grant_type = mock_form_value(form, "grant_type");
    const char *scopes = mock_form_value(form, "scope");
    char jkt[MOCK_THUMBPRINT_SIZE];
    int ways = has_basic(call) + (mock_form_value(form, "client_secret") != NULL) +
               (mock_form_value(form, "client_assertion") != NULL);
    if (ways > 1) {
        mock_refuse_oauth(call, 400, "invalid_request", "The client signs in in two ways");
        return;
    }
    if (grant_type == NULL) {
        mock_refuse_oauth(call, 400, "invalid_request", "There is no grant_type");
        return;
    }
    if (strcmp(grant_type, "client_credentials") != 0) {
        mock_refuse_oauth(call, 400, "unsupported_grant_type", "The grant_type is not client_credentials");
        return;
    }
    const mock_app *client = authenticate(call, form);
    if (client == NULL || !check_proof(call, client, jkt)) {
        return;
    }
    const char *refusal = scope_refusal(call, client, scopes);
    if (refusal != NULL) {
        mock_refuse_oauth(call, 400, "invalid_scope", refusal);
        return;
    }
    issue(call, client, scopes, jkt);
}

void mock_answer_token_request(mock_call *call)
{
    const mock_record *record = call->record;
    mock_form form;
    if (strcmp(record->method, "POST") != 0) {
        mock_refuse(call, 405);
        return;
    }
    mock_answer_header(call->answer, "Cache-Control: no-store");
    mock_answer_header(call->answer, "Pragma: no-cache");
    const char *refusal = shape_refusal(record);
    if (refusal != NULL) {
        mock_refuse_oauth(call, 400, "invalid_request", refusal);
        return;
    }
    if (!mock_form_read(record->body, &form)) {
        mock_refuse_oauth(call, 400, "invalid_request", "The form is malformed, or has a parameter twice");
        return;
    }
    answer_form(call, &form);
    mock_form_clear(&form);
}
