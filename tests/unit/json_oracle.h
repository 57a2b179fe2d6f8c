/* SPDX-License-Identifier: Apache-2.0 */
/* What the library's answers are held against: a second, naive reading of RFC 8259 that shares no code with
 * it, and a source of random documents. */
#ifndef TESTS_UNIT_JSON_ORACLE_H
#define TESTS_UNIT_JSON_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"

/* One JSON document by the library's rules: RFC 8259, UTF-8, no U+0000, at most 64 levels, at most one byte
 * order mark at the start. */
bool oracle_accepts(const char *json, size_t length);

/* Write a code point as UTF-8; returns the number of bytes. */
size_t oracle_utf8(uint32_t code_point, char out[4]);

/* Random numbers that are the same on every run. */
typedef struct test_random {
    uint64_t state;
} test_random;

uint64_t random_next(test_random *random);
/* 0 to `below` - 1 */
size_t random_below(test_random *random, size_t below);

#define ORACLE_SECRET "s3cr3t"

/* A random document of the model `everything`, and the same text with every secret value replaced by "***".
 * No object has two members of one name. Every secret value contains ORACLE_SECRET, and nothing else does. */
void random_document(test_random *random, oktai_buffer *document, oktai_buffer *redacted);

/* Change some bytes of a text: flip, drop, double, or put in a byte that matters in JSON. */
void random_damage(test_random *random, oktai_buffer *text);

#endif
