/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_seen.h"

#include "mock_text.h"

#include <openssl/sha.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

static bool make_mark(const char *kind, const char *owner, const char *jti, mock_mark *out)
{
    /* With its length before it, no owner can borrow the beginning of a jti. */
    char *entry = mock_format("%s:%zu:%s:%s", kind, strlen(owner), owner, jti);
    if (entry == NULL) {
        return false;
    }
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)entry, strlen(entry), digest);
    memcpy(out->octets, digest, sizeof out->octets);
    free(entry);
    return true;
}

/* Where a mark is, or where it belongs. */
static mock_mark *find(const mock_seen *seen, const mock_mark *mark)
{
    static const mock_mark none = {{0}};
    size_t at = 0;
    memcpy(&at, mark->octets, sizeof at);
    at &= seen->capacity - 1;
    while (memcmp(&seen->marks[at], &none, sizeof none) != 0 &&
           memcmp(&seen->marks[at], mark, sizeof *mark) != 0) {
        at = (at + 1) & (seen->capacity - 1);
    }
    return &seen->marks[at];
}

static bool grow(mock_seen *seen)
{
    mock_seen grown = {.capacity = seen->capacity > 0 ? seen->capacity * 2 : FIRST_CAPACITY,
                       .count = seen->count};
    grown.marks = calloc(grown.capacity, sizeof *grown.marks);
    if (grown.marks == NULL) {
        return false;
    }
    static const mock_mark none = {{0}};
    for (size_t i = 0; i < seen->capacity; i++) {
        if (memcmp(&seen->marks[i], &none, sizeof none) != 0) {
            *find(&grown, &seen->marks[i]) = seen->marks[i];
        }
    }
    free(seen->marks);
    *seen = grown;
    return true;
}

mock_sight mock_seen_add(mock_seen *seen, const char *kind, const char *owner, const char *jti)
{
    mock_mark mark;
    if (!make_mark(kind, owner, jti, &mark) || (seen->count >= seen->capacity / 2 && !grow(seen))) {
        return MOCK_SIGHT_NO_MEMORY;
    }
    mock_mark *place = find(seen, &mark);
    if (memcmp(place, &mark, sizeof mark) == 0) {
        return MOCK_SIGHT_REPEATED;
    }
    *place = mark;
    seen->count++;
    return MOCK_SIGHT_FIRST;
}

void mock_seen_clear(mock_seen *seen)
{
    free(seen->marks);
    *seen = (mock_seen){0};
}
