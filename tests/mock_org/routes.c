/* SPDX-License-Identifier: Apache-2.0 */
/* The routes that have rules of their own, and the way from a request's target to one of them or to an
 * operation of the generated table. */
#include "mock_routes.h"

#include "mock_generic.h"

#include <stdlib.h>
#include <string.h>

struct mock_route {
    const char *method;
    const char *pattern; /* `*` is a variable segment */
    mock_handler *handler;
    const mock_collection *collection;
    const char *resource; /* whose scopes a token needs */
};

#define APP       "api/v1/apps/*"
#define KEYS      APP "/credentials/jwks"
#define SECRETS   APP "/credentials/secrets"
#define LIFECYCLE "/*/lifecycle/"

static const struct mock_route routes[] = {
    {"GET", APP, mock_get_app, NULL, "apps"},
    {"GET", KEYS, mock_list_items, &mock_keys, "apps"},
    {"POST", KEYS, mock_add_item, &mock_keys, "apps"},
    {"GET", KEYS "/*", mock_get_item, &mock_keys, "apps"},
    {"DELETE", KEYS "/*", mock_delete_item, &mock_keys, "apps"},
    {"POST", KEYS LIFECYCLE "activate", mock_activate_item, &mock_keys, "apps"},
    {"POST", KEYS LIFECYCLE "deactivate", mock_deactivate_item, &mock_keys, "apps"},
    {"GET", SECRETS, mock_list_items, &mock_secrets, "apps"},
    {"POST", SECRETS, mock_add_item, &mock_secrets, "apps"},
    {"GET", SECRETS "/*", mock_get_item, &mock_secrets, "apps"},
    {"DELETE", SECRETS "/*", mock_delete_item, &mock_secrets, "apps"},
    {"POST", SECRETS LIFECYCLE "activate", mock_activate_item, &mock_secrets, "apps"},
    {"POST", SECRETS LIFECYCLE "deactivate", mock_deactivate_item, &mock_secrets, "apps"},
    {"GET", "api/v1/users", mock_list_users, NULL, "users"},
};

static bool matches(const char *pattern, const mock_path *parts, const char *out_ids[2])
{
    size_t ids = 0;
    size_t i = 0;
    for (; i < parts->count && *pattern != '\0'; i++) {
        size_t length = strcspn(pattern, "/");
        if (length == 1 && *pattern == '*') {
            out_ids[ids++] = parts->segments[i];
        } else if (strlen(parts->segments[i]) != length || memcmp(parts->segments[i], pattern, length) != 0) {
            return false;
        }
        pattern += length + (pattern[length] == '/');
    }
    return i == parts->count && *pattern == '\0';
}

mock_way mock_way_of(const char *method, const char *target)
{
    mock_way way = {.known = false};
    way.split = mock_path_split(target, &way.path);
    for (size_t i = 0; way.split && way.route == NULL && i < sizeof routes / sizeof routes[0]; i++) {
        if (matches(routes[i].pattern, &way.path, way.ids)) {
            way.known = true;
            way.route = strcmp(routes[i].method, method) == 0 ? &routes[i] : NULL;
        }
    }
    if (way.split && way.route == NULL) {
        bool known = false;
        way.operation = mock_table_find(method, &way.path, &known);
        way.known = way.known || known;
        /* The token endpoint has rules of its own. Whoever writes its path in another way does not pass by
         * them. */
        if (way.operation != NULL && strcmp(way.operation->path, MOCK_TOKEN_PATH) == 0) {
            way.operation = NULL;
        }
    }
    return way;
}

void mock_way_clear(mock_way *way)
{
    mock_path_clear(&way->path);
}

bool mock_way_admits(mock_call *call, const mock_way *way)
{
    const char *security = way->operation != NULL ? way->operation->security : "api";
    return mock_words_have("client none", security) || mock_authorize(call);
}

void mock_route(mock_call *call, const mock_way *way)
{
    if (way->route != NULL) {
        memcpy(call->ids, way->ids, sizeof call->ids);
        call->collection = way->route->collection;
        if (mock_has_scope(call, way->route->resource)) {
            way->route->handler(call);
        }
    } else if (way->operation != NULL) {
        mock_answer_operation(call, way->operation, &way->path);
    } else {
        mock_refuse(call, way->known ? 405 : 404);
    }
}
