/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The path of a request in its segments.
 */
#ifndef OKTA_TESTS_MOCK_ORG_PATH_H
#define OKTA_TESTS_MOCK_ORG_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define MOCK_MAX_SEGMENTS 16

/** The segments, decoded one by one: a %2F inside an id stays inside it. */
typedef struct mock_path {
    char *segments[MOCK_MAX_SEGMENTS];
    size_t count;
} mock_path;

/** Split the path of a request target. False: no operation has such a path, or memory is out. */
bool mock_path_split(const char *target, mock_path *out);
void mock_path_clear(mock_path *path);

/** Whether a segment can be an id: UTF-8, no control characters, no slash, neither `.` nor `..`, not too
 * long. */
bool mock_path_is_id(const char *segment);

/** The first `count` segments with a slash before each, for free(). NULL: memory is out. */
char *mock_path_join(const mock_path *path, size_t count);

#endif
