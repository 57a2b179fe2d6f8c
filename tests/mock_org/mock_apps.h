/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the mock holds: apps, and the keys and secrets of each in the order they came. No rules here, no HTTP.
 */
#ifndef OKTA_TESTS_MOCK_ORG_APPS_H
#define OKTA_TESTS_MOCK_ORG_APPS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum mock_kind {
    MOCK_KIND_KEY,
    MOCK_KIND_SECRET,
    MOCK_KINDS,
} mock_kind;

/** A key or a secret. */
typedef struct mock_item {
    struct mock_item *next;
    cJSON *json;
    unsigned order; /**< greater than that of all that the app had before it */
    char *raw; /**< the text a test put in, shown to the byte until the item changes; NULL: show `json` */
} mock_item;

typedef struct mock_app {
    struct mock_app *next;
    char *id;
    char *auth_method;
    bool id_token_encryption;
    bool dpop_required;
    char *scopes; /**< what it may ask for; NULL: MOCK_ALL_SCOPES */
    mock_item *items[MOCK_KINDS];
    unsigned items_made; /**< the order of the next item */
} mock_app;

/** Add an app. False: the id exists or memory is out. */
bool mock_apps_add(mock_app **apps, const char *id, const char *auth_method);
/** Add an app, or change how it signs in. False: memory is out. */
bool mock_apps_put(mock_app **apps, const char *id, const char *auth_method);
void mock_apps_remove(mock_app **apps, const char *id);
mock_app *mock_apps_find(mock_app *apps, const char *id);
void mock_apps_clear(mock_app **apps);

/** Append an item, which owns `json`; `raw` (nullable) is copied. On failure `json` is released. */
mock_item *mock_items_add(mock_app *app, mock_kind kind, cJSON *json, const char *raw);
mock_item *mock_items_find(mock_item *items, const char *id);
void mock_items_remove(mock_item **items, mock_item *item);
/** The text of an item, for free(). */
char *mock_item_text(const mock_item *item);

/** A member of an item that is a string; NULL when it is absent or something else. */
const char *mock_item_string(const mock_item *item, const char *member);
/** Whether a member is this string. */
bool mock_item_is(const mock_item *item, const char *member, const char *value);

#endif
