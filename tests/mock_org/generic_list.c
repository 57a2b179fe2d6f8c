/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_generic.h"
#include "mock_objects.h"
#include "mock_paging.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 200
/* More than a table of texts has. */
#define NATURAL_MAX 100000U

/* A folder as it is listed: first what is there by nature and was not changed, then what the store has. */
typedef struct listing {
    mock_call *call;
    const mock_operation *operation;
    mock_list list;
    mock_spot spot; /* with the folder, and the id of the item at hand */
    char made[MOCK_ID_SIZE];
    size_t natural;            /* of the item at hand */
    const mock_object *stored; /* the item at hand; NULL while it is there by nature */
    bool past_natural;
} listing;

static bool is_listed(const mock_object *object)
{
    return object->json != NULL && *object->id != '\0';
}

/* Lists of what nothing makes have one item. */
static const char *natural_id(listing *at, size_t i)
{
    if (at->spot.place != NULL) {
        return mock_natural_id(at->spot.place, at->spot.folder, i, at->made);
    }
    static const mock_place found = {.how = "found"};
    return mock_natural_id(&found, at->spot.folder, i, at->made);
}

/* Move to the next item. False: there is none. */
static bool next_item(listing *at)
{
    const mock_store *store = &at->call->org->store;
    const char *id = NULL;
    while (!at->past_natural && (id = natural_id(at, at->natural++)) != NULL) {
        if (mock_store_find(store, at->spot.folder, id) == NULL) {
            at->spot.id = id;
            return true;
        }
    }
    at->stored = at->past_natural ? at->stored->next : mock_store_first(store, at->spot.folder);
    at->past_natural = true;
    while (at->stored != NULL && !is_listed(at->stored)) {
        at->stored = at->stored->next;
    }
    at->spot.id = at->stored != NULL ? at->stored->id : "";
    return at->stored != NULL;
}

static void rewind_items(listing *at)
{
    at->natural = 0;
    at->stored = NULL;
    at->past_natural = false;
}

static cJSON *show_item(listing *at)
{
    if (at->list.element.kind == 's') {
        return cJSON_CreateString(at->spot.id);
    }
    cJSON *object = mock_spot_read(at->call, &at->spot);
    cJSON *shown = object != NULL ? mock_show(at->call, &at->spot, object, at->list.element) : NULL;
    cJSON_Delete(object);
    return shown;
}

/* What is there by nature comes first, and keeps its place whether or not it is there. */
static unsigned position_of(const listing *at)
{
    return at->stored != NULL ? NATURAL_MAX + at->stored->order : (unsigned)at->natural - 1;
}

/* All items are counted; those of the page are shown. */
static cJSON *make_page(listing *at, mock_page *page, unsigned *out_count)
{
    cJSON *items = cJSON_CreateArray();
    bool behind = false;
    *out_count = 0;
    for (rewind_items(at); items != NULL && next_item(at); ++*out_count) {
        mock_page_side side = behind ? MOCK_PAGE_BEHIND : mock_page_side_of(at->call, page, position_of(at));
        behind = side == MOCK_PAGE_BEHIND;
        cJSON *item = side == MOCK_PAGE_IN ? show_item(at) : NULL;
        if (side == MOCK_PAGE_IN && (item == NULL || !cJSON_AddItemToArray(items, item))) {
            cJSON_Delete(item);
            cJSON_Delete(items);
            return NULL;
        }
    }
    return items;
}

static bool add_link(cJSON *links, const char *name, const char *url, const char *target)
{
    char *href = mock_format("%s%s", url, target);
    cJSON *link = href != NULL ? cJSON_AddObjectToObject(links, name) : NULL;
    bool added = link != NULL && cJSON_AddStringToObject(link, "href", href) != NULL;
    free(href);
    return added;
}

/* The object around a list: its links, and what else is required of it. The list is released where it fails.
 */
static cJSON *wrap(const listing *at, cJSON *items, const mock_page *page, unsigned count)
{
    mock_value shape = mock_value_of(at->operation->answer);
    char now[MOCK_TIMESTAMP_SIZE];
    mock_timestamp(now, mock_now(at->call->org));
    const mock_maker maker = {.now = now};
    cJSON *base = cJSON_CreateObject();
    cJSON *links = cJSON_AddObjectToObject(base, "_links");
    cJSON *metadata = cJSON_AddObjectToObject(base, "metadata");
    const char *url = mock_call_url(at->call);
    bool made = items != NULL && cJSON_AddItemToObject(base, at->list.wrapper, items);
    if (!made) {
        cJSON_Delete(items);
    }
    made = made && metadata != NULL && cJSON_AddNumberToObject(metadata, "total", count) != NULL &&
           add_link(links, "self", url, at->call->record->target) &&
           (page->next == NULL || add_link(links, "next", url, page->next));
    cJSON *wrapped = made ? mock_make_object(&maker, shape.number, base, false) : NULL;
    cJSON_Delete(base);
    return wrapped;
}

/* Whoever asks the log for no end may come back for what happens later: each page has a next link, an empty
 * one, too. */
static bool never_ends(const mock_call *call, const mock_operation *operation)
{
    const char *query = strchr(call->record->target, '?');
    return strcmp(operation->path, "/api/v1/logs") == 0 &&
           (query == NULL || (strstr(query, "?until=") == NULL && strstr(query, "&until=") == NULL));
}

void mock_answer_list(mock_call *call, const mock_operation *operation, const mock_path *path)
{
    listing at = {.call = call, .operation = operation, .list = mock_list_of(operation)};
    const mock_place *place = mock_place_in(operation->path);
    at.spot = (mock_spot){.place = place, .id = "", .folder = mock_path_join(path, path->count)};
    at.spot.shape = place != NULL ? mock_value_of(place->shape) : at.list.element;
    if (at.spot.folder == NULL) {
        call->answer->broken = true;
        return;
    }
    unsigned count = 0;
    mock_page page = MOCK_PAGE_ALL;
    if (operation->paging == NULL || mock_page_begin(call, PAGE_MAX, &page)) {
        cJSON *json = make_page(&at, &page, &count);
        if (never_ends(call, operation)) {
            mock_page_go_on(call, &page);
        }
        if (at.list.wrapper != NULL) {
            json = wrap(&at, json, &page, count);
        } else if (operation->paging != NULL) {
            mock_page_link(call, &page);
        }
        mock_answer_json(call->answer, (unsigned)strtoul(operation->statuses, NULL, 10), json);
    }
    mock_page_clear(&page);
    mock_spot_clear(&at.spot);
}
