/* SPDX-License-Identifier: Apache-2.0 */
#include "api/find.h"

#include <string.h>

#include "api/all_operations.h"
#include "okta/operations.h"

const oktai_operation *oktai_operation_find(const char *name)
{
    size_t from = 0;
    size_t to = oktai_operation_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(name, oktai_operations[middle]->name);
        if (order == 0) {
            return oktai_operations[middle];
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    const oktai_former_name *former = oktai_former_names;
    while (former->name != NULL && strcmp(former->name, name) != 0) {
        former++;
    }
    return former->operation;
}

/* Behind the text of a template up to its next placeholder or its end, and of a path that begins so. */
static bool skip_text(const char **pattern, const char **path)
{
    size_t length = strcspn(*pattern, "{");
    if (strncmp(*pattern, *path, length) != 0) {
        return false;
    }
    *pattern += length;
    *path += length;
    return true;
}

/* A placeholder stands for one character or more of a segment. */
static bool matches(const char *pattern, const char *path)
{
    while (skip_text(&pattern, &path)) {
        if (*pattern == '\0') {
            return *path == '\0';
        }
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
        size_t length = strcspn(path, "/");
        if (length == 0) {
            return false;
        }
        if (*pattern != '/' && *pattern != '\0') {
            /* Text behind the placeholder ends the segment. */
            size_t rest = strcspn(pattern, "/");
            if (rest >= length || strncmp(path + length - rest, pattern, rest) != 0) {
                return false;
            }
            length -= rest;
        }
        path += length;
    }
    return false;
}

/* Whether the template says more than another that matches the same path: where they part, it has text. */
static bool is_closer(const char *pattern, const char *other)
{
    while (*pattern != '\0' && *other != '\0') {
        if (*pattern == '{' && *other == '{') {
            pattern += strcspn(pattern, "}");
            other += strcspn(other, "}");
        } else if (*pattern != *other) {
            return *pattern != '{';
        }
        pattern += *pattern != '\0';
        other += *other != '\0';
    }
    return false;
}

const oktai_operation *oktai_operation_match(const char *method, const char *path)
{
    const oktai_operation *found = NULL;
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const oktai_operation *operation = oktai_operations[i];
        if (strcmp(oktai_method_name(operation->method), method) == 0 && matches(operation->path, path) &&
            (found == NULL || is_closer(operation->path, found->path))) {
            found = operation;
        }
    }
    return found;
}

const char *const *okta_operation_scopes(const char *name)
{
    static const char *const none[] = {NULL};
    const oktai_operation *operation = name == NULL ? NULL : oktai_operation_find(name);
    if (operation == NULL) {
        return NULL;
    }
    return operation->scopes == NULL ? none : operation->scopes;
}
