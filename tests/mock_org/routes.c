/* SPDX-License-Identifier: Apache-2.0 */
/* The table of routes, and the way from a request's target to a row of it. */
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SEGMENTS 9

typedef struct route {
    const char *method;
    const char *pattern; /* `*` is a variable segment */
    mock_handler *handler;
    const mock_collection *collection;
    const char *resource; /* whose scopes a token needs */
} route;

#define APP       "api/v1/apps/*"
#define KEYS      APP "/credentials/jwks"
#define SECRETS   APP "/credentials/secrets"
#define LIFECYCLE "/*/lifecycle/"

static const route routes[] = {
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

typedef struct path {
    char *segments[MAX_SEGMENTS];
    size_t count;
} path;

static void clear_path(path *parts)
{
    while (parts->count > 0) {
        free(parts->segments[--parts->count]);
    }
}

/* Segments are decoded one by one: a %2F inside an id stays inside it. False: no route has such a path. */
static bool split_path(const char *target, path *out)
{
    *out = (path){.count = 0};
    const char *end = target + strcspn(target, "?");
    const char *at = target;
    while (at < end && *at == '/') {
        size_t length = strcspn(++at, "/?");
        char *segment = length > 0 && out->count < MAX_SEGMENTS ? mock_percent_decode(at, length) : NULL;
        if (segment == NULL) {
            clear_path(out);
            return false;
        }
        out->segments[out->count++] = segment;
        at += length;
    }
    return at == end;
}

static bool matches(const char *pattern, const path *parts, const char *out_ids[2])
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

void mock_route(mock_call *call)
{
    path parts;
    bool known = false;
    bool served = false;
    bool split = split_path(call->record->target, &parts);
    for (size_t i = 0; split && !served && i < sizeof routes / sizeof routes[0]; i++) {
        if (matches(routes[i].pattern, &parts, call->ids)) {
            known = true;
            served = strcmp(routes[i].method, call->record->method) == 0;
            if (served && mock_has_scope(call, routes[i].resource)) {
                call->collection = routes[i].collection;
                routes[i].handler(call);
            }
        }
    }
    clear_path(&parts);
    if (!served) {
        mock_refuse(call, known ? 405 : 404);
    }
}
