/* SPDX-License-Identifier: Apache-2.0 */
/* Chance that a seed repeats. A generator belongs to one thread. */
#ifndef OKTA_TESTS_SOAK_RANDOM_H
#define OKTA_TESTS_SOAK_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct soak_random {
    uint64_t state;
} soak_random;

/* The generator number `number` of a run. */
soak_random soak_random_begin(uint64_t seed, uint64_t number);

/* 0 to `count` - 1. */
size_t soak_below(soak_random *random, size_t count);

/* True once in `count` times. */
bool soak_once_in(soak_random *random, size_t count);

/* One of an array of texts. */
#define SOAK_PICK(random, texts) ((texts)[soak_below((random), sizeof(texts) / sizeof(texts)[0])])

#endif
