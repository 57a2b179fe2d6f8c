/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_path.h"

#include "mock_text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ID 512

void mock_path_clear(mock_path *path)
{
    while (path->count > 0) {
        free(path->segments[--path->count]);
    }
}

bool mock_path_split(const char *target, mock_path *out)
{
    *out = (mock_path){.count = 0};
    const char *end = target + strcspn(target, "?");
    const char *at = target;
    while (at < end && *at == '/') {
        size_t length = strcspn(++at, "/?");
        bool room = length > 0 && out->count < MOCK_MAX_SEGMENTS;
        char *segment = room ? mock_percent_decode(at, length) : NULL;
        if (segment == NULL) {
            mock_path_clear(out);
            return false;
        }
        out->segments[out->count++] = segment;
        at += length;
    }
    return at == end;
}

bool mock_path_is_id(const char *segment)
{
    size_t length = strlen(segment);
    for (size_t i = 0; i < length; i++) {
        unsigned char character = (unsigned char)segment[i];
        if (character < 0x20 || character == 0x7f || character == '/') {
            return false;
        }
    }
    return length > 0 && length <= MAX_ID && mock_is_utf8(segment) && strcmp(segment, ".") != 0 &&
           strcmp(segment, "..") != 0;
}

char *mock_path_join(const mock_path *path, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += 1 + strlen(path->segments[i]);
    }
    char *joined = malloc(length + 1);
    char *at = joined;
    for (size_t i = 0; joined != NULL && i < count; i++) {
        size_t segment_length = strlen(path->segments[i]);
        *at++ = '/';
        memcpy(at, path->segments[i], segment_length);
        at += segment_length;
    }
    if (joined != NULL) {
        *at = '\0';
    }
    return joined;
}
