/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_app_objects.h"

#include "mock_json.h"

#include <string.h>

static const cJSON *inside(const cJSON *json, const char *outer, const char *inner)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, outer), inner);
}

/* settings.oauthClient.jwks.keys */
static const cJSON *keys_of(const cJSON *app)
{
    return inside(inside(app, "settings", "oauthClient"), "jwks", "keys");
}

/* The keys of the app become these. False: one is refused, or the answer is broken; then all are as they
 * were. */
static bool replace_keys(mock_call *call, mock_app *app, const cJSON *keys)
{
    const mock_collection *collection = call->collection;
    mock_item **items = &app->items[MOCK_KIND_KEY];
    mock_item *before = *items;
    const cJSON *request = NULL;
    bool taken = true;
    *items = NULL;
    call->collection = &mock_keys;
    cJSON_ArrayForEach(request, keys)
    {
        cJSON *key = taken ? mock_keys.make(call, app, request) : NULL;
        taken = key != NULL;
        if (taken && mock_items_add(app, MOCK_KIND_KEY, key, NULL) == NULL) {
            call->answer->broken = true;
            taken = false;
        }
    }
    call->collection = collection;
    mock_item **gone = taken ? &before : items;
    while (*gone != NULL) {
        mock_items_remove(gone, *gone);
    }
    if (!taken) {
        *items = before;
    }
    return taken;
}

/* A new one may ask for no scope that it is not granted. */
static mock_app *add_app(mock_call *call, const char *id, const char *method)
{
    mock_app **apps = &call->org->apps;
    mock_app *app = mock_apps_add(apps, id, method) ? mock_apps_find(*apps, id) : NULL;
    if (app != NULL && (app->scopes = mock_copy("")) == NULL) {
        mock_apps_remove(apps, id);
        app = NULL;
    }
    return app;
}

bool mock_app_object_written(mock_call *call, const char *id, cJSON *json, const cJSON *old)
{
    mock_app **apps = &call->org->apps;
    mock_app *app = mock_apps_find(*apps, id);
    cJSON *client = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, "credentials"),
                                                     "oauthClient");
    const char *given = mock_json_string(client, "token_endpoint_auth_method");
    const char *method = given != NULL ? given : "client_secret_basic";
    const cJSON *keys = keys_of(json);
    bool is_new = app == NULL;
    app = is_new ? add_app(call, id, method) : app;
    if (app == NULL ||
        (cJSON_IsObject(client) && !mock_json_set(client, "client_id", cJSON_CreateString(id)))) {
        call->answer->broken = true;
    } else if (!cJSON_IsArray(keys) || cJSON_Compare(keys, keys_of(old), true) ||
               replace_keys(call, app, keys)) {
        call->answer->broken = call->answer->broken || !mock_apps_put(apps, id, method);
        if (!call->answer->broken) {
            return true;
        }
    }
    if (is_new) {
        mock_apps_remove(apps, id);
    }
    return false;
}
