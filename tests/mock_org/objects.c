/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_objects.h"

#include "mock_app_objects.h"
#include "mock_hide.h"
#include "mock_users.h"

#include <stdlib.h>
#include <string.h>

#define APPS "/api/v1/apps/*"

typedef struct naming {
    const char *collection;
    const char *prefix;   /* the first letters of Okta's ids tell what they are of */
    const char *resource; /* what a 404 calls it; NULL: as the collection, for one */
} naming;

static naming naming_of(const char *folder)
{
    static const naming names[] = {
        {"users", "00u", "User"},
        {"groups", "00g", "UserGroup"},
        {"apps", "0oa", "AppInstance"},
        {"clients", "0oa", NULL},
        {"idps", "0oa", "IdentityProvider"},
        {"policies", "00p", NULL},
        {"rules", "0pr", NULL},
        {"zones", "nzo", NULL},
        {"brands", "bnd", NULL},
        {"themes", "thd", NULL},
        {"devices", "guo", NULL},
        {"scopes", "scp", NULL},
        {"claims", "ocl", NULL},
        {"grants", "oag", NULL},
        {"keys", "kid", NULL},
        {"api-tokens", "00T", NULL},
        {"authorizationServers", "aus", NULL},
        {"eventHooks", "who", NULL},
        {"inlineHooks", "cal", NULL},
        {"authenticators", "aut", NULL},
        {"trustedOrigins", "tos", NULL},
        {"sessions", "102", NULL},
        {"domains", "OcD", NULL},
    };
    const char *slash = strrchr(folder, '/');
    const char *name = slash != NULL ? slash + 1 : folder;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].collection, name) == 0) {
            return names[i];
        }
    }
    return (naming){name, "oka", NULL};
}

/* The name of a collection for one of its objects, in capitals and small letters: `api-tokens` is ApiToken.
 */
static void singular(const char *collection, char *out, size_t size)
{
    size_t length = 0;
    bool first = true;
    for (; *collection != '\0' && length + 1 < size; collection++) {
        if (*collection == '-' || *collection == '_') {
            first = true;
            continue;
        }
        out[length++] =
            first && *collection >= 'a' && *collection <= 'z' ? (char)(*collection - 'a' + 'A') : *collection;
        first = false;
    }
    out[length] = '\0';
    if (length > 3 && strcmp(out + length - 3, "ies") == 0) {
        memcpy(out + length - 3, "y", 2);
    } else if (length > 1 && out[length - 1] == 's' && out[length - 2] != 's') {
        out[length - 1] = '\0';
    }
}

void mock_spot_refuse_missing(const mock_call *call, const mock_spot *spot)
{
    const naming names = naming_of(spot->folder);
    char name[64];
    singular(names.collection, name, sizeof name);
    mock_refuse_missing(call, names.resource != NULL ? names.resource : name, spot->id);
}

void mock_new_id(mock_org *org, const char *folder, char out[MOCK_ID_SIZE])
{
    /* Away from the numbers of made-up users. */
    mock_id(out, naming_of(folder).prefix, mock_serial(org) | (UINT64_C(1) << 62));
}

/* A number of a folder: the object that Okta made in it always has the same id. */
static uint64_t number_of(const char *folder)
{
    uint64_t hash = 14695981039346656037U;
    for (; *folder != '\0'; folder++) {
        hash = (hash ^ (unsigned char)*folder) * 1099511628211U;
    }
    /* Away from the numbers of mock_new_id(). */
    return hash | (UINT64_C(1) << 63);
}

const char *mock_natural_id(const mock_place *place, const char *folder, size_t i, char out[MOCK_ID_SIZE])
{
    if (place->texts != NULL) {
        return place->texts[i];
    }
    if (strcmp(place->how, "found") == 0 && i == 0) {
        mock_id(out, naming_of(folder).prefix, number_of(folder));
        return out;
    }
    return place->known != NULL && i == 0 ? place->known : NULL;
}

static bool is_users(const mock_place *place)
{
    return strcmp(place->path, MOCK_USERS_PLACE) == 0;
}

static bool is_made_up_user(const mock_call *call, const mock_spot *spot)
{
    unsigned number = 0;
    return spot->place != NULL && is_users(spot->place) && mock_user_find(call->org, spot->id, &number);
}

/* Whether an object is there without anybody having made it. */
static bool is_natural(const mock_call *call, const mock_spot *spot)
{
    if (spot->place == NULL || strcmp(spot->place->how, "any") == 0) {
        return true;
    }
    char made[MOCK_ID_SIZE];
    const char *id = NULL;
    for (size_t i = 0; (id = mock_natural_id(spot->place, spot->folder, i, made)) != NULL; i++) {
        if (strcmp(id, spot->id) == 0) {
            return true;
        }
    }
    return is_made_up_user(call, spot);
}

bool mock_spot_exists(const mock_call *call, const mock_spot *spot)
{
    const mock_object *object = mock_store_find(&call->org->store, spot->folder, spot->id);
    return object != NULL ? object->json != NULL : is_natural(call, spot);
}

char *mock_spot_path(const mock_spot *spot)
{
    return *spot->id != '\0' ? mock_format("%s/%s", spot->folder, spot->id) : mock_copy(spot->folder);
}

static cJSON *make_natural(const mock_call *call, const mock_spot *spot)
{
    unsigned number = 0;
    if (spot->place != NULL && is_users(spot->place) && mock_user_find(call->org, spot->id, &number)) {
        return mock_user_json(number);
    }
    char now[MOCK_TIMESTAMP_SIZE];
    mock_timestamp(now, mock_now(call->org));
    char *path = mock_spot_path(spot);
    char *url = path != NULL ? mock_format("%s%s", mock_call_url(call), path) : NULL;
    const mock_maker maker = {
        .id = *spot->id != '\0' ? spot->id : NULL,
        .id_member = spot->place != NULL ? spot->place->id : NULL,
        .url = url,
        .now = now,
        .fill = MOCK_FILL_SCALARS,
    };
    cJSON *made = NULL;
    if (url != NULL) {
        made = spot->shape.kind == 'o' ? mock_make_object(&maker, spot->shape.number, NULL, false)
                                       : cJSON_CreateObject();
    }
    free(url);
    free(path);
    return made;
}

cJSON *mock_spot_read(mock_call *call, const mock_spot *spot)
{
    const mock_object *object = mock_store_find(&call->org->store, spot->folder, spot->id);
    cJSON *json = object != NULL && object->json != NULL ? cJSON_Duplicate(object->json, true)
                                                         : make_natural(call, spot);
    call->answer->broken = call->answer->broken || json == NULL;
    return json;
}

static bool is_app(const mock_spot *spot)
{
    return spot->place != NULL && strcmp(spot->place->path, APPS) == 0;
}

static bool stored(const mock_call *call, mock_stored result)
{
    if (result == MOCK_STORE_FULL) {
        mock_refuse(call, 507);
    }
    call->answer->broken = call->answer->broken || result == MOCK_STORE_NO_MEMORY;
    return result == MOCK_STORED;
}

static bool erase(mock_call *call, const mock_spot *spot)
{
    char *path = *spot->id != '\0' ? mock_spot_path(spot) : NULL;
    if (*spot->id != '\0' && path == NULL) {
        call->answer->broken = true;
        return false;
    }
    mock_stored result = MOCK_STORED;
    if (is_natural(call, spot)) {
        result = mock_store_put(&call->org->store, spot->folder, spot->id, NULL);
    } else {
        mock_store_remove(&call->org->store, spot->folder, spot->id);
    }
    if (path != NULL && result == MOCK_STORED) {
        mock_store_forget(&call->org->store, path);
    }
    free(path);
    return stored(call, result);
}

bool mock_spot_write(mock_call *call, const mock_spot *spot, cJSON *json)
{
    if (is_made_up_user(call, spot)) {
        mock_refuse_invalid(call, "id", "A made-up user does not change; create one");
        cJSON_Delete(json);
        return false;
    }
    if (json == NULL) {
        if (is_app(spot)) {
            mock_apps_remove(&call->org->apps, spot->id);
        }
        return erase(call, spot);
    }
    if (spot->shape.kind == 'o') {
        mock_hide_written(spot->shape.number, json);
    }
    const mock_object *old = mock_store_find(&call->org->store, spot->folder, spot->id);
    if (is_app(spot) && !mock_app_object_written(call, spot->id, json, old != NULL ? old->json : NULL)) {
        cJSON_Delete(json);
        return false;
    }
    bool put = stored(call, mock_store_put(&call->org->store, spot->folder, spot->id, json));
    if (!put && is_app(spot) && old == NULL) {
        mock_apps_remove(&call->org->apps, spot->id);
    }
    return put;
}

void mock_spot_clear(mock_spot *spot)
{
    free(spot->folder);
    spot->folder = NULL;
}

bool mock_spot_whole(mock_call *call, const mock_operation *operation, const mock_path *path, mock_spot *out)
{
    const mock_operation *read = mock_table_at("GET", operation->path);
    mock_value shape = mock_value_of((read != NULL ? read : operation)->answer);
    *out = (mock_spot){.id = "", .folder = mock_path_join(path, path->count)};
    out->shape = shape.kind == 'o' ? shape : mock_value_of(NULL);
    call->answer->broken = call->answer->broken || out->folder == NULL;
    return out->folder != NULL;
}

/* The last word of a path that changes a state is a verb, also where it is a placeholder. */
static bool is_verb(const mock_operation *operation, const mock_place *place, const char *rest)
{
    return place != NULL && place->texts != NULL && *rest == '\0' && strcmp(operation->effect, "state") == 0;
}

bool mock_spot_walk(mock_call *call, const mock_operation *operation, const mock_path *path, bool may_be_new,
                    mock_spot *out)
{
    const char *at = operation->path;
    size_t i = 0;
    *out = (mock_spot){.id = ""};
    for (mock_step step; mock_step_next(&at, &step); i++) {
        if (!step.placeholder) {
            continue;
        }
        const mock_place *place = mock_place_find(operation->path, (size_t)(at - operation->path));
        if (is_verb(operation, place, at)) {
            if (mock_texts_have(place->texts, path->segments[i])) {
                continue;
            }
            mock_refuse(call, 404);
            mock_spot_clear(out);
            return false;
        }
        mock_spot_clear(out);
        *out = (mock_spot){.place = place, .id = path->segments[i], .folder = mock_path_join(path, i)};
        if (place == NULL || out->folder == NULL) {
            call->answer->broken = true;
            mock_spot_clear(out);
            return false;
        }
        out->shape = mock_value_of(place->shape);
        if (!mock_path_is_id(out->id) || (!(may_be_new && *at == '\0') && !mock_spot_exists(call, out))) {
            mock_spot_refuse_missing(call, out);
            mock_spot_clear(out);
            return false;
        }
    }
    return true;
}

cJSON *mock_show(const mock_call *call, const mock_spot *spot, const cJSON *object, mock_value shape)
{
    bool same = shape.kind != 'o' || (spot->shape.kind == 'o' && spot->shape.number == shape.number);
    if (same && object != NULL) {
        return cJSON_Duplicate(object, true);
    }
    char now[MOCK_TIMESTAMP_SIZE];
    mock_timestamp(now, mock_now(call->org));
    const mock_maker maker = {
        .id = *spot->id != '\0' ? spot->id : NULL,
        .id_member = spot->place != NULL ? spot->place->id : NULL,
        .now = now,
    };
    return shape.kind == 'o' ? mock_make_object(&maker, shape.number, object, false) : cJSON_CreateObject();
}
