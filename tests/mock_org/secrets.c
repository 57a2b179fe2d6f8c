/* SPDX-License-Identifier: Apache-2.0 */
/* The rules about the client secrets of an app. */
#include "mock_state.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#define MOCK_MAX_SECRETS      2
#define SECRET_MIN_LENGTH     14
#define SECRET_MIN_LENGTH_JWT 32
#define SECRET_MAX_LENGTH     100
#define GENERATED_LENGTH      64
#define SECRET_HASH_LENGTH    16
#define SECRET_SUBJECT        "OAuth2ClientSecretMediated"
#define SECRET_TEXT_SUBJECT   "client_secret"

static const char *text_refusal(const mock_app *app, const cJSON *value)
{
    const char *text = cJSON_GetStringValue(value);
    if (text == NULL) {
        return "client_secret is a string";
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < 0x20 || *at > 0x7e) {
            return "client_secret holds a character that is not printable ASCII";
        }
    }
    size_t length = strlen(text);
    if (length > SECRET_MAX_LENGTH) {
        return "client_secret is longer than 100 characters";
    }
    if (length < SECRET_MIN_LENGTH) {
        return "client_secret is shorter than 14 characters";
    }
    if (length < SECRET_MIN_LENGTH_JWT && strcmp(app->auth_method, "client_secret_jwt") == 0) {
        return "client_secret is shorter than the 32 characters that client_secret_jwt needs";
    }
    return NULL;
}

static size_t count_secrets(const mock_app *app, bool active_only)
{
    size_t count = 0;
    for (const mock_item *item = app->items[MOCK_KIND_SECRET]; item != NULL; item = item->next) {
        count += !active_only || mock_item_is(item, "status", "ACTIVE");
    }
    return count;
}

/* How Okta hashes a secret is not known; what counts here is the form, and that equal secrets hash alike. */
static bool add_secret(cJSON *json, const char *text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text, strlen(text), digest);
    char *hash = mock_base64url_encode(digest, SECRET_HASH_LENGTH);
    bool added = hash != NULL && cJSON_AddStringToObject(json, "client_secret", text) != NULL &&
                 cJSON_AddStringToObject(json, "secret_hash", hash) != NULL;
    free(hash);
    return added;
}

static bool fill(const mock_call *call, const mock_app *app, const char *text, bool active, cJSON *json)
{
    uint64_t serial = mock_serial(call->org);
    char id[MOCK_ID_SIZE];
    mock_id(id, "ocs", serial);
    char *generated = text == NULL ? mock_noise("client_secret", serial, GENERATED_LENGTH) : NULL;
    text = text != NULL ? text : generated;
    bool made = text != NULL && cJSON_AddStringToObject(json, "id", id) != NULL &&
                mock_item_add_times(call, json) &&
                cJSON_AddStringToObject(json, "status", active ? "ACTIVE" : "INACTIVE") != NULL &&
                add_secret(json, text) && mock_item_add_links(call, app, json, id, active);
    free(generated);
    return made;
}

static cJSON *make_secret(mock_call *call, const mock_app *app, const cJSON *request)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(request, "client_secret");
    bool given = value != NULL && !cJSON_IsNull(value);
    bool active = true;
    const char *subject = SECRET_TEXT_SUBJECT;
    const char *refusal = NULL;
    if (strcmp(app->auth_method, "private_key_jwt") == 0) {
        refusal = "An app that signs in with private_key_jwt has no secret";
    } else if (!mock_read_status(request, &active)) {
        refusal = "status is neither ACTIVE nor INACTIVE";
        subject = SECRET_SUBJECT;
    } else if (given && text_refusal(app, value) != NULL) {
        refusal = text_refusal(app, value);
    } else if (count_secrets(app, false) >= MOCK_MAX_SECRETS) {
        refusal = "The app holds two secrets, which is as many as it may";
        subject = SECRET_SUBJECT;
    }
    if (refusal != NULL) {
        mock_refuse_invalid(call, subject, refusal);
        return NULL;
    }
    cJSON *json = cJSON_CreateObject();
    if (json == NULL || !fill(call, app, cJSON_GetStringValue(value), active, json)) {
        cJSON_Delete(json);
        call->answer->broken = true;
        return NULL;
    }
    return json;
}

static const char *deactivate_refusal(const mock_app *app, const mock_item *item)
{
    (void)item;
    return count_secrets(app, true) < 2 ? "This is the only active secret of the app" : NULL;
}

const mock_collection mock_secrets = {
    .kind = MOCK_KIND_SECRET,
    .name = "secrets",
    .subject = SECRET_SUBJECT,
    .resource = "OAuth2ClientSecret",
    .body_is_optional = true,
    .keep_active = "An active secret is not deleted; deactivate it first",
    .make = make_secret,
    .deactivate_refusal = deactivate_refusal,
};
