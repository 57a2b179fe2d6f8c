/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A set of what was seen: jtis, each with whom it came from. 32 to 128 octets for each, kept until the end.
 */
#ifndef OKTA_TESTS_MOCK_ORG_SEEN_H
#define OKTA_TESTS_MOCK_ORG_SEEN_H

#include <stddef.h>

/** Half a SHA-256 of an entry. All zero: a free place. */
typedef struct mock_mark {
    unsigned char octets[16];
} mock_mark;

typedef struct mock_seen {
    mock_mark *marks; /**< open addressing; at most half full */
    size_t capacity;  /**< zero or a power of two */
    size_t count;
} mock_seen;

typedef enum mock_sight {
    MOCK_SIGHT_FIRST,
    MOCK_SIGHT_REPEATED,
    MOCK_SIGHT_NO_MEMORY,
} mock_sight;

/** Note that `owner` has sent `jti` in a thing of this kind, and tell whether it had before. */
mock_sight mock_seen_add(mock_seen *seen, const char *kind, const char *owner, const char *jti);
void mock_seen_clear(mock_seen *seen);

#endif
