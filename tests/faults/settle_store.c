/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/settle_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_ID "jwk-of-no-key"

static void need(int condition)
{
    if (!condition) {
        abort();
    }
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static settle_answer answer(int status, cJSON *body)
{
    settle_answer made = {status, cJSON_PrintUnformatted(body)};
    need(made.body != NULL);
    cJSON_Delete(body);
    return made;
}

settle_answer settle_refusal(int status, const char *code, const char *cause)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *causes = cJSON_AddArrayToObject(body, "errorCauses");
    need(cJSON_AddStringToObject(body, "errorCode", code) != NULL);
    need(cJSON_AddStringToObject(body, "errorSummary", "Api validation failed: jwks") != NULL);
    need(cJSON_AddStringToObject(body, "errorId", "oae-settle") != NULL);
    if (cause != NULL) {
        cJSON *item = cJSON_CreateObject();
        need(cJSON_AddStringToObject(item, "errorSummary", cause) != NULL);
        need(cJSON_AddItemToArray(causes, item));
    }
    return answer(status, body);
}

void settle_store_begin(settle_store *store)
{
    *store = (settle_store){.keys = cJSON_CreateArray()};
    need(store->keys != NULL);
}

void settle_store_end(settle_store *store)
{
    cJSON_Delete(store->keys);
    store->keys = NULL;
}

const cJSON *settle_store_find(const settle_store *store, const char *kid, unsigned *count)
{
    const cJSON *found = NULL;
    const cJSON *key;
    unsigned times = 0;
    cJSON_ArrayForEach(key, store->keys)
    {
        const char *other = text_of(key, "kid");
        if (other != NULL && strcmp(other, kid) == 0) {
            found = found == NULL ? key : found;
            times++;
        }
    }
    if (count != NULL) {
        *count = times;
    }
    return found;
}

/* What Okta keeps of a request, and adds to it. */
static cJSON *make_key(const cJSON *request, const char *id)
{
    static const char *const kept[] = {"kid", "kty", "alg", "use", "e", "n", "crv", "x", "y"};
    cJSON *key = cJSON_CreateObject();
    need(cJSON_AddStringToObject(key, "id", id) != NULL);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *text = text_of(request, kept[i]);
        need(text == NULL || cJSON_AddStringToObject(key, kept[i], text) != NULL);
    }
    need(cJSON_AddStringToObject(key, "status", "ACTIVE") != NULL);
    return key;
}

settle_answer settle_store_add(settle_store *store, const char *json, size_t length)
{
    char id[SETTLE_ID_SIZE];
    cJSON *request = cJSON_ParseWithLength(json, length);
    const char *kid = text_of(request, "kid");
    if (kid == NULL || text_of(request, "kty") == NULL) {
        cJSON_Delete(request);
        return settle_refusal(400, "E0000003", NULL);
    }
    if (settle_store_find(store, kid, NULL) != NULL) {
        cJSON_Delete(request);
        return settle_refusal(400, "E0000001", "All keys in the 'jwks' must have a unique `kid`");
    }
    snprintf(id, sizeof id, "pks%05usettle", ++store->given);
    cJSON *key = make_key(request, id);
    cJSON_Delete(request);
    cJSON *copy = cJSON_Duplicate(key, 1);
    need(copy != NULL && cJSON_AddItemToArray(store->keys, copy));
    return answer(201, key);
}

settle_answer settle_store_pretend(const char *json, size_t length)
{
    cJSON *request = cJSON_ParseWithLength(json, length);
    need(request != NULL);
    cJSON *key = make_key(request, NO_ID);
    cJSON_Delete(request);
    return answer(201, key);
}

settle_answer settle_store_list(const settle_store *store)
{
    cJSON *copy = cJSON_Duplicate(store->keys, 1);
    need(copy != NULL);
    return answer(200, copy);
}

settle_answer settle_store_get(const settle_store *store, const char *id)
{
    const cJSON *key;
    cJSON_ArrayForEach(key, store->keys)
    {
        const char *other = text_of(key, "id");
        if (other != NULL && strcmp(other, id) == 0) {
            cJSON *copy = cJSON_Duplicate(key, 1);
            need(copy != NULL);
            return answer(200, copy);
        }
    }
    return settle_refusal(404, "E0000007", NULL);
}

void settle_store_put(settle_store *store, const char *json)
{
    cJSON *key = cJSON_Parse(json);
    need(key != NULL && cJSON_AddItemToArray(store->keys, key));
}
