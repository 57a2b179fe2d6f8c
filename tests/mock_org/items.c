/* SPDX-License-Identifier: Apache-2.0 */
/* The app, and the verbs that its keys and secrets have in common. */
#include "mock_json.h"
#include "mock_paging.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

static mock_app *find_app(mock_call *call)
{
    mock_app *app = mock_apps_find(call->org->apps, call->ids[0]);
    if (app == NULL) {
        mock_refuse_missing(call, "AppInstance", call->ids[0]);
    }
    return app;
}

static mock_item *find_item(mock_call *call, mock_app **out_app)
{
    mock_app *app = find_app(call);
    if (app == NULL) {
        return NULL;
    }
    mock_item *item = mock_items_find(app->items[call->collection->kind], call->ids[1]);
    if (item == NULL) {
        mock_refuse_missing(call, call->collection->resource, call->ids[1]);
    }
    *out_app = app;
    return item;
}

static void answer_item(const mock_call *call, const mock_item *item)
{
    char *text = mock_item_text(item);
    call->answer->status = 200;
    if (text != NULL) {
        mock_answer_body(call->answer, text);
    } else {
        call->answer->broken = true;
    }
    free(text);
}

static bool add_link(cJSON *links, const char *name, const char *method, char *href)
{
    cJSON *link = cJSON_AddObjectToObject(links, name);
    cJSON *hints = NULL;
    cJSON *allow = NULL;
    bool added = href != NULL && cJSON_AddStringToObject(link, "href", href) != NULL &&
                 (hints = cJSON_AddObjectToObject(link, "hints")) != NULL &&
                 (allow = cJSON_AddArrayToObject(hints, "allow")) != NULL &&
                 cJSON_AddItemToArray(allow, cJSON_CreateString(method));
    free(href);
    return added;
}

static cJSON *make_links(const mock_call *call, const mock_app *app, const char *id, bool active)
{
    char *base = mock_format("%s/api/v1/apps/%s/credentials/%s/%s", mock_call_url(call), app->id,
                             call->collection->name, id);
    cJSON *links = base != NULL ? cJSON_CreateObject() : NULL;
    bool made = links != NULL;
    if (made && active) {
        made = add_link(links, "deactivate", "POST", mock_format("%s/lifecycle/deactivate", base));
    } else if (made) {
        made = add_link(links, "activate", "POST", mock_format("%s/lifecycle/activate", base)) &&
               add_link(links, "delete", "DELETE", mock_copy(base));
    }
    free(base);
    if (!made) {
        cJSON_Delete(links);
        return NULL;
    }
    return links;
}

bool mock_item_add_times(const mock_call *call, cJSON *json)
{
    char now[MOCK_TIMESTAMP_SIZE];
    mock_timestamp(now, mock_now(call->org));
    return cJSON_AddStringToObject(json, "created", now) != NULL &&
           cJSON_AddStringToObject(json, "lastUpdated", now) != NULL;
}

bool mock_item_set_active(const mock_call *call, const mock_app *app, mock_item *item, bool active)
{
    char now[MOCK_TIMESTAMP_SIZE];
    mock_timestamp(now, mock_now(call->org));
    const char *id = mock_item_string(item, "id");
    free(item->raw);
    item->raw = NULL;
    return mock_json_set(item->json, "status", cJSON_CreateString(active ? "ACTIVE" : "INACTIVE")) &&
           mock_json_set(item->json, "lastUpdated", cJSON_CreateString(now)) &&
           mock_json_set(item->json, "_links", make_links(call, app, id != NULL ? id : "", active));
}

bool mock_item_add_links(const mock_call *call, const mock_app *app, cJSON *json, const char *id, bool active)
{
    return mock_json_set(json, "_links", make_links(call, app, id, active));
}

bool mock_read_status(const cJSON *request, bool *out_active)
{
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(request, "status");
    const char *text = cJSON_GetStringValue(status);
    *out_active = status == NULL || (text != NULL && strcmp(text, "ACTIVE") == 0);
    return *out_active || (text != NULL && strcmp(text, "INACTIVE") == 0);
}

cJSON *mock_app_json(const mock_app *app)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *credentials = NULL;
    cJSON *client = NULL;
    char *label = mock_format("Mock app %s", app->id);
    bool made = label != NULL && cJSON_AddStringToObject(json, "id", app->id) != NULL &&
                cJSON_AddStringToObject(json, "label", label) != NULL &&
                cJSON_AddStringToObject(json, "signOnMode", "OPENID_CONNECT") != NULL &&
                (credentials = cJSON_AddObjectToObject(json, "credentials")) != NULL &&
                (client = cJSON_AddObjectToObject(credentials, "oauthClient")) != NULL &&
                cJSON_AddStringToObject(client, "client_id", app->id) != NULL &&
                cJSON_AddStringToObject(client, "token_endpoint_auth_method", app->auth_method) != NULL;
    free(label);
    if (!made) {
        cJSON_Delete(json);
        json = NULL;
    }
    return json;
}

void mock_get_app(mock_call *call)
{
    const mock_app *app = find_app(call);
    const mock_object *object =
        app != NULL ? mock_store_find(&call->org->store, MOCK_APPS_FOLDER, app->id) : NULL;
    if (app != NULL) {
        mock_answer_json(call->answer, 200,
                         object != NULL ? cJSON_Duplicate(object->json, true) : mock_app_json(app));
    }
}

static bool append_text(cJSON *list, const mock_item *item)
{
    char *text = mock_item_text(item);
    cJSON *raw = text != NULL ? cJSON_CreateRaw(text) : NULL;
    free(text);
    if (raw == NULL || !cJSON_AddItemToArray(list, raw)) {
        cJSON_Delete(raw);
        return false;
    }
    return true;
}

/* Puts a value into an object of one member. */
static cJSON *wrap(cJSON *value, const char *name)
{
    cJSON *object = cJSON_CreateObject();
    if (value == NULL || !cJSON_AddItemToObject(object, name, value)) {
        cJSON_Delete(value);
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

static cJSON *list_part(mock_call *call, const mock_item *item, mock_page *page)
{
    cJSON *list = cJSON_CreateArray();
    mock_page_side side = MOCK_PAGE_BEFORE;
    for (; list != NULL && item != NULL && side != MOCK_PAGE_BEHIND; item = item->next) {
        side = mock_page_side_of(call, page, item->order);
        if (side == MOCK_PAGE_IN && !append_text(list, item)) {
            cJSON_Delete(list);
            list = NULL;
        }
    }
    return list;
}

/* `_links.next.href`, as lists inside an object have it. */
static bool add_next(const mock_call *call, const mock_page *page, cJSON *object)
{
    char *url = page->next == NULL ? NULL : mock_format("%s%s", mock_call_url(call), page->next);
    cJSON *links = NULL;
    cJSON *next = NULL;
    bool added =
        page->next == NULL || (url != NULL && (links = cJSON_AddObjectToObject(object, "_links")) != NULL &&
                               (next = cJSON_AddObjectToObject(links, "next")) != NULL &&
                               cJSON_AddStringToObject(next, "href", url) != NULL);
    free(url);
    return added;
}

void mock_list_items(mock_call *call)
{
    const mock_app *app = find_app(call);
    mock_page page;
    if (app == NULL) {
        return;
    }
    unsigned max = call->org->page_size;
    page = MOCK_PAGE_ALL;
    if (max != 0 && !mock_page_begin(call, max, &page)) {
        mock_page_clear(&page);
        return;
    }
    cJSON *list = list_part(call, app->items[call->collection->kind], &page);
    if (call->collection->kind == MOCK_KIND_KEY && call->org->list_shape != MOCK_LIST_ARRAY) {
        list = wrap(list, "keys");
        if (call->org->list_shape == MOCK_LIST_JWKS) {
            list = wrap(list, "jwks");
        }
        if (list != NULL && !add_next(call, &page, list)) {
            cJSON_Delete(list);
            list = NULL;
        }
    } else if (max != 0) {
        mock_page_link(call, &page);
    }
    mock_page_clear(&page);
    mock_answer_json(call->answer, 200, list);
}

static cJSON *parse_body(const mock_call *call)
{
    if (call->record->body_length == 0 && call->collection->body_is_optional) {
        return cJSON_CreateObject();
    }
    return mock_json_object(call->record->body, call->record->body_length);
}

void mock_add_item(mock_call *call)
{
    mock_app *app = find_app(call);
    if (app == NULL) {
        return;
    }
    cJSON *request = parse_body(call);
    if (request == NULL) {
        mock_refuse_body(call);
        return;
    }
    cJSON *json = call->collection->make(call, app, request);
    cJSON_Delete(request);
    if (json == NULL) {
        return;
    }
    mock_item *item = mock_items_add(app, call->collection->kind, json, NULL);
    if (item == NULL) {
        call->answer->broken = true;
        return;
    }
    answer_item(call, item);
    call->answer->status = 201;
}

void mock_get_item(mock_call *call)
{
    mock_app *app = NULL;
    const mock_item *item = find_item(call, &app);
    if (item != NULL) {
        answer_item(call, item);
    }
}

void mock_delete_item(mock_call *call)
{
    mock_app *app = NULL;
    mock_item *item = find_item(call, &app);
    if (item == NULL) {
        return;
    }
    if (mock_item_is(item, "status", "ACTIVE")) {
        mock_refuse_invalid(call, call->collection->subject, call->collection->keep_active);
        return;
    }
    mock_items_remove(&app->items[call->collection->kind], item);
    call->answer->status = 204;
}

void mock_activate_item(mock_call *call)
{
    mock_app *app = NULL;
    mock_item *item = find_item(call, &app);
    if (item == NULL) {
        return;
    }
    if (!mock_item_is(item, "status", "ACTIVE") &&
        ((call->collection->make_way != NULL && !call->collection->make_way(call, app, item)) ||
         !mock_item_set_active(call, app, item, true))) {
        call->answer->broken = true;
        return;
    }
    answer_item(call, item);
}

void mock_deactivate_item(mock_call *call)
{
    mock_app *app = NULL;
    mock_item *item = find_item(call, &app);
    if (item == NULL) {
        return;
    }
    if (!mock_item_is(item, "status", "INACTIVE")) {
        const char *refusal = call->collection->deactivate_refusal(app, item);
        if (refusal != NULL) {
            mock_refuse_invalid(call, call->collection->subject, refusal);
            return;
        }
        if (!mock_item_set_active(call, app, item, false)) {
            call->answer->broken = true;
            return;
        }
    }
    answer_item(call, item);
}
