/* SPDX-License-Identifier: Apache-2.0 */
/* The rules about the JSON Web Keys of an app. */
#include "mock_json.h"
#include "mock_jwk_rules.h"
#include "mock_state.h"

#include <string.h>

#define KEY_SUBJECT "JsonWebKey"

static bool is_encryption_key(const mock_item *item)
{
    return mock_item_is(item, "use", "enc");
}

static bool is_active(const mock_item *item)
{
    return mock_item_is(item, "status", "ACTIVE");
}

static const char *add_refusal(const mock_org *org, const mock_app *app, const cJSON *request, bool active)
{
    const char *kid = mock_json_string(request, "kid");
    const char *use = mock_json_string(request, "use");
    bool encrypts = use != NULL && strcmp(use, "enc") == 0;
    size_t count = 0;
    for (const mock_item *item = app->items[MOCK_KIND_KEY]; item != NULL; item = item->next) {
        count++;
    }
    if (count >= org->key_limit) {
        return "The app holds as many keys as it may";
    }
    for (const mock_item *item = app->items[MOCK_KIND_KEY]; item != NULL; item = item->next) {
        if (kid == NULL || mock_item_string(item, "kid") == NULL) {
            return "Among several keys each has a kid, and this key or one that the app holds has none";
        }
        if (mock_item_is(item, "kid", kid)) {
            return "Another key of the app has this kid";
        }
        if (encrypts && active && is_encryption_key(item) && is_active(item)) {
            return "The app has an active encryption key, and may not have two";
        }
    }
    return NULL;
}

/* The members that Okta keeps, in its order; the rest of the request is dropped. */
static bool fill(const mock_call *call, const mock_app *app, const cJSON *request, bool active, cJSON *json)
{
    static const char *const material[] = {"e", "n", "x", "y", "crv"};
    const char *kid = mock_json_string(request, "kid");
    const char *alg = mock_json_string(request, "alg");
    const char *use = mock_json_string(request, "use");
    bool rsa = strcmp(mock_json_string(request, "kty"), "RSA") == 0;
    char id[MOCK_ID_SIZE];
    mock_id(id, "pks", mock_serial(call->org));
    bool made =
        cJSON_AddStringToObject(json, "id", id) != NULL &&
        (kid != NULL ? cJSON_AddStringToObject(json, "kid", kid) : cJSON_AddNullToObject(json, "kid")) &&
        cJSON_AddStringToObject(json, "kty", rsa ? "RSA" : "EC") != NULL &&
        (alg == NULL || cJSON_AddStringToObject(json, "alg", alg) != NULL) &&
        cJSON_AddStringToObject(json, "use", use != NULL ? use : "sig") != NULL;
    for (size_t i = rsa ? 0 : 2; made && i < (rsa ? 2U : 5U); i++) {
        made = cJSON_AddStringToObject(json, material[i], mock_json_string(request, material[i])) != NULL;
    }
    return made && cJSON_AddStringToObject(json, "status", active ? "ACTIVE" : "INACTIVE") != NULL &&
           mock_item_add_times(call, json) && mock_item_add_links(call, app, json, id, active);
}

const char *mock_key_refusal(const mock_org *org, const mock_app *app, const cJSON *request)
{
    bool active = true;
    if (!mock_read_status(request, &active)) {
        return "status is neither ACTIVE nor INACTIVE";
    }
    const char *refusal = mock_jwk_refusal(request);
    return refusal != NULL ? refusal : add_refusal(org, app, request, active);
}

static cJSON *make_key(mock_call *call, const mock_app *app, const cJSON *request)
{
    bool active = true;
    (void)mock_read_status(request, &active);
    const char *refusal = mock_key_refusal(call->org, app, request);
    if (refusal != NULL) {
        mock_refuse_invalid(call, KEY_SUBJECT, refusal);
        return NULL;
    }
    cJSON *json = cJSON_CreateObject();
    if (json == NULL || !fill(call, app, request, active, json)) {
        cJSON_Delete(json);
        call->answer->broken = true;
        return NULL;
    }
    return json;
}

static const char *deactivate_refusal(const mock_app *app, const mock_item *item)
{
    if (is_encryption_key(item)) {
        return app->id_token_encryption ? "ID tokens are encrypted with this key" : NULL;
    }
    if (strcmp(app->auth_method, "private_key_jwt") != 0) {
        return NULL;
    }
    for (const mock_item *other = app->items[MOCK_KIND_KEY]; other != NULL; other = other->next) {
        if (other != item && is_active(other) && !is_encryption_key(other)) {
            return NULL;
        }
    }
    return "The app signs in with private_key_jwt and has no other active signing key";
}

static bool make_way(const mock_call *call, mock_app *app, const mock_item *item)
{
    for (mock_item *other = app->items[MOCK_KIND_KEY]; other != NULL; other = other->next) {
        if (other != item && is_encryption_key(item) && is_encryption_key(other) && is_active(other) &&
            !mock_item_set_active(call, app, other, false)) {
            return false;
        }
    }
    return true;
}

const mock_collection mock_keys = {
    .kind = MOCK_KIND_KEY,
    .name = "jwks",
    .subject = KEY_SUBJECT,
    .resource = KEY_SUBJECT,
    .keep_active = "An active key is not deleted; deactivate it first",
    .make = make_key,
    .deactivate_refusal = deactivate_refusal,
    .make_way = make_way,
};
