/* SPDX-License-Identifier: Apache-2.0 */
/* The client assertion: who the client is, whether it holds one of its keys, and whether this is new. */
#include "mock_json.h"
#include "mock_jwt.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

#define MAX_AHEAD_S 3600
#define LEEWAY_S    5

static bool is_signing_key(const mock_item *item)
{
    bool has_status = cJSON_GetObjectItemCaseSensitive(item->json, "status") != NULL;
    return (!has_status || mock_item_is(item, "status", "ACTIVE")) && !mock_item_is(item, "use", "enc");
}

static const char *find_key(const mock_app *client, const mock_jwt *jwt, const cJSON **out_key)
{
    const cJSON *kid = cJSON_GetObjectItemCaseSensitive(jwt->header, "kid");
    size_t candidates = 0;
    for (const mock_item *item = client->items[MOCK_KIND_KEY]; item != NULL; item = item->next) {
        if (is_signing_key(item) &&
            (kid == NULL || (cJSON_IsString(kid) && mock_item_is(item, "kid", kid->valuestring)))) {
            *out_key = item->json;
            candidates++;
        }
    }
    if (kid == NULL && candidates > 1) {
        return "The client has several keys, and the client_assertion has no kid that tells which";
    }
    return candidates == 1 ? NULL : "No active signing key of the client has the kid of the client_assertion";
}

static const char *find_client(mock_call *call, const mock_jwt *jwt, mock_app **out_client)
{
    const char *subject = mock_json_string(jwt->claims, "sub");
    if (subject == NULL || !mock_json_is(jwt->claims, "iss", subject)) {
        return "iss and sub of the client_assertion are not both the client id";
    }
    mock_app *client = mock_apps_find(call->org->apps, subject);
    if (client == NULL || strcmp(client->auth_method, "private_key_jwt") != 0) {
        return "The client_assertion names no client that signs in with private_key_jwt";
    }
    *out_client = client;
    return NULL;
}

static const char *type_refusal(const mock_jwt *jwt)
{
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(jwt->header, "typ");
    if (type == NULL || mock_json_is(jwt->header, "typ", "JWT") ||
        mock_json_is(jwt->header, "typ", "client-authentication+jwt")) {
        return NULL;
    }
    return "The typ of the client_assertion is one of something else";
}

static bool audience_is(const mock_jwt *jwt, const char *expected)
{
    const cJSON *audience = cJSON_GetObjectItemCaseSensitive(jwt->claims, "aud");
    if (cJSON_IsArray(audience) && cJSON_GetArraySize(audience) == 1) {
        audience = cJSON_GetArrayItem(audience, 0);
    }
    return cJSON_IsString(audience) && strcmp(audience->valuestring, expected) == 0;
}

static const char *audience_refusal(mock_call *call, const mock_jwt *jwt)
{
    const char *set = call->org->oauth.audience;
    char *own = mock_format("%s" MOCK_TOKEN_PATH, mock_call_url(call));
    const char *expected = set != NULL ? set : own;
    const char *refusal = NULL;
    if (expected == NULL) {
        call->answer->broken = true;
        refusal = "Out of memory";
    } else if (!audience_is(jwt, expected)) {
        refusal = "The aud of the client_assertion is not this authorization server";
    }
    free(own);
    return refusal;
}

/* A claim that may be absent, but is a time that has come if it is there. */
static bool has_come(const mock_jwt *jwt, const char *claim, double now)
{
    double seconds = 0;
    return cJSON_GetObjectItemCaseSensitive(jwt->claims, claim) == NULL ||
           (mock_jwt_time(jwt, claim, &seconds) && seconds <= now + LEEWAY_S);
}

static const char *time_refusal(const mock_jwt *jwt, double now)
{
    double expires = 0;
    if (!mock_jwt_time(jwt, "exp", &expires)) {
        return "The client_assertion has no exp";
    }
    if (expires <= now) {
        return "The client_assertion has expired";
    }
    if (expires > now + MAX_AHEAD_S) {
        return "The exp of the client_assertion is more than an hour ahead";
    }
    if (!has_come(jwt, "iat", now)) {
        return "The iat of the client_assertion is no time, or in the future";
    }
    return has_come(jwt, "nbf", now) ? NULL : "The nbf of the client_assertion is no time, or in the future";
}

static const char *use_up(mock_call *call, const mock_jwt *jwt, const mock_app *client)
{
    const char *jti = mock_json_string(jwt->claims, "jti");
    if (cJSON_GetObjectItemCaseSensitive(jwt->claims, "jti") == NULL) {
        return NULL;
    }
    if (jti == NULL || *jti == '\0') {
        return "The jti of the client_assertion is no text, or empty";
    }
    switch (mock_seen_add(&call->org->oauth.seen, "assertion", client->id, jti)) {
    case MOCK_SIGHT_FIRST:
        return NULL;
    case MOCK_SIGHT_REPEATED:
        return "The client_assertion is a replay: its jti was used before";
    case MOCK_SIGHT_NO_MEMORY:
        break;
    }
    call->answer->broken = true;
    return "Out of memory";
}

const char *mock_assertion_check(mock_call *call, const char *assertion, mock_app **out_client)
{
    mock_jwt jwt;
    const cJSON *key = NULL;
    mock_app *client = NULL;
    const char *refusal = mock_jwt_read(assertion, &jwt);
    if (refusal != NULL) {
        return refusal;
    }
    /* Whoever holds no key learns nothing about the claims. */
    if ((refusal = find_client(call, &jwt, &client)) == NULL &&
        (refusal = find_key(client, &jwt, &key)) == NULL && (refusal = mock_jwt_verify(&jwt, key)) == NULL &&
        (refusal = type_refusal(&jwt)) == NULL && (refusal = audience_refusal(call, &jwt)) == NULL &&
        (refusal = time_refusal(&jwt, (double)mock_now(call->org))) == NULL) {
        refusal = use_up(call, &jwt, client);
    }
    mock_jwt_clear(&jwt);
    *out_client = client;
    return refusal;
}
