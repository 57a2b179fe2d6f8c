/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_apps.h"

#include "mock_text.h"

#include <stdlib.h>
#include <string.h>

static void item_free(mock_item *item)
{
    cJSON_Delete(item->json);
    free(item->raw);
    free(item);
}

static void app_free(mock_app *app)
{
    for (size_t kind = 0; kind < MOCK_KINDS; kind++) {
        while (app->items[kind] != NULL) {
            mock_items_remove(&app->items[kind], app->items[kind]);
        }
    }
    free(app->id);
    free(app->auth_method);
    free(app->scopes);
    free(app);
}

bool mock_apps_add(mock_app **apps, const char *id, const char *auth_method)
{
    if (mock_apps_find(*apps, id) != NULL) {
        return false;
    }
    mock_app *app = calloc(1, sizeof *app);
    if (app == NULL) {
        return false;
    }
    app->id = mock_copy(id);
    app->auth_method = mock_copy(auth_method);
    if (app->id == NULL || app->auth_method == NULL) {
        app_free(app);
        return false;
    }
    while (*apps != NULL) {
        apps = &(*apps)->next;
    }
    *apps = app;
    return true;
}

mock_app *mock_apps_find(mock_app *apps, const char *id)
{
    while (apps != NULL && strcmp(apps->id, id) != 0) {
        apps = apps->next;
    }
    return apps;
}

bool mock_apps_put(mock_app **apps, const char *id, const char *auth_method)
{
    mock_app *app = mock_apps_find(*apps, id);
    if (app == NULL) {
        return mock_apps_add(apps, id, auth_method);
    }
    char *copy = mock_copy(auth_method);
    if (copy != NULL) {
        free(app->auth_method);
        app->auth_method = copy;
    }
    return copy != NULL;
}

void mock_apps_remove(mock_app **apps, const char *id)
{
    while (*apps != NULL && strcmp((*apps)->id, id) != 0) {
        apps = &(*apps)->next;
    }
    if (*apps != NULL) {
        mock_app *app = *apps;
        *apps = app->next;
        app_free(app);
    }
}

void mock_apps_clear(mock_app **apps)
{
    while (*apps != NULL) {
        mock_app *next = (*apps)->next;
        app_free(*apps);
        *apps = next;
    }
}

mock_item *mock_items_add(mock_app *app, mock_kind kind, cJSON *json, const char *raw)
{
    mock_item **items = &app->items[kind];
    mock_item *item = calloc(1, sizeof *item);
    if (item == NULL) {
        cJSON_Delete(json);
        return NULL;
    }
    item->json = json;
    item->raw = mock_copy(raw);
    if (json == NULL || (raw != NULL && item->raw == NULL)) {
        item_free(item);
        return NULL;
    }
    while (*items != NULL) {
        items = &(*items)->next;
    }
    item->order = app->items_made++;
    *items = item;
    return item;
}

mock_item *mock_items_find(mock_item *items, const char *id)
{
    while (items != NULL && !mock_item_is(items, "id", id)) {
        items = items->next;
    }
    return items;
}

void mock_items_remove(mock_item **items, mock_item *item)
{
    while (*items != NULL && *items != item) {
        items = &(*items)->next;
    }
    if (*items != NULL) {
        *items = item->next;
        item_free(item);
    }
}

char *mock_item_text(const mock_item *item)
{
    return item->raw != NULL ? mock_copy(item->raw) : cJSON_PrintUnformatted(item->json);
}

const char *mock_item_string(const mock_item *item, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item->json, member));
}

bool mock_item_is(const mock_item *item, const char *member, const char *value)
{
    const char *text = mock_item_string(item, member);
    return text != NULL && strcmp(text, value) == 0;
}
