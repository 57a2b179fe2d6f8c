/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of mock_oauth.h. */
#include "mock_json.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

static bool set_options(mock_oauth *oauth, const mock_oauth_options *options)
{
    char *audience = mock_copy(options->audience);
    if (options->accepted_nonces > MOCK_NONCES_MAX || (audience == NULL && options->audience != NULL)) {
        free(audience);
        return false;
    }
    free(oauth->audience);
    oauth->audience = audience;
    oauth->options = *options;
    oauth->options.audience = NULL;
    return true;
}

bool mock_org_set_oauth(mock_org *org, const mock_oauth_options *options)
{
    static const mock_oauth_options defaults = {0};
    pthread_mutex_lock(&org->lock);
    bool set = set_options(&org->oauth, options != NULL ? options : &defaults);
    pthread_mutex_unlock(&org->lock);
    return set;
}

void mock_oauth_clear(mock_oauth *oauth)
{
    free(oauth->audience);
    mock_tokens_clear(&oauth->tokens);
    mock_seen_clear(&oauth->seen);
}

bool mock_org_require_dpop(mock_org *org, const char *app_id, bool required)
{
    pthread_mutex_lock(&org->lock);
    mock_app *app = mock_apps_find(org->apps, app_id);
    if (app != NULL) {
        app->dpop_required = required;
    }
    pthread_mutex_unlock(&org->lock);
    return app != NULL;
}

bool mock_org_grant_scopes(mock_org *org, const char *app_id, const char *scopes)
{
    char *copy = mock_copy(scopes);
    pthread_mutex_lock(&org->lock);
    mock_app *app = mock_apps_find(org->apps, app_id);
    bool granted = app != NULL && (copy != NULL || scopes == NULL);
    if (granted) {
        free(app->scopes);
        app->scopes = copy;
        copy = NULL;
    }
    pthread_mutex_unlock(&org->lock);
    free(copy);
    return granted;
}

static const char *add_key(mock_org *org, const char *app_id, const char *json)
{
    mock_app *app = mock_apps_find(org->apps, app_id);
    if (app == NULL) {
        return "There is no such app";
    }
    cJSON *request = mock_json_object(json, strlen(json));
    const char *refusal = request != NULL ? mock_key_refusal(org, app, request) : "The key is no JSON object";
    if (refusal == NULL) {
        mock_answer answer = {0};
        mock_call call = {.org = org, .collection = &mock_keys, .answer = &answer};
        cJSON *key = mock_keys.make(&call, app, request);
        if (key == NULL || mock_items_add(app, MOCK_KIND_KEY, key, NULL) == NULL) {
            refusal = "Out of memory";
        }
        mock_answer_clear(&answer);
    }
    cJSON_Delete(request);
    return refusal;
}

const char *mock_org_add_key(mock_org *org, const char *app_id, const char *json)
{
    pthread_mutex_lock(&org->lock);
    const char *refusal = add_key(org, app_id, json);
    pthread_mutex_unlock(&org->lock);
    return refusal;
}

const char *mock_org_add_pem(mock_org *org, const char *app_id, const char *pem)
{
    cJSON *jwk = mock_jwk_of_pem(pem);
    char *text = jwk != NULL ? cJSON_PrintUnformatted(jwk) : NULL;
    const char *refusal =
        text != NULL ? mock_org_add_key(org, app_id, text) : "The PEM has no key without a passphrase";
    free(text);
    cJSON_Delete(jwk);
    return refusal;
}

void mock_org_rotate_nonces(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    org->oauth.token_nonces.count = 0;
    org->oauth.api_nonces.count = 0;
    pthread_mutex_unlock(&org->lock);
}

void mock_org_revoke_tokens(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    mock_tokens_revoke(&org->oauth.tokens);
    pthread_mutex_unlock(&org->lock);
}

size_t mock_org_token_count(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    size_t count = org->oauth.tokens.issued;
    pthread_mutex_unlock(&org->lock);
    return count;
}

void mock_org_set_skew(mock_org *org, int64_t seconds)
{
    pthread_mutex_lock(&org->lock);
    org->skew = seconds;
    pthread_mutex_unlock(&org->lock);
}
