/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/mutate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROOM    4096u
#define CHANGES 8u

size_t pick(uint64_t *state, size_t bound)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    *state = x;
    return (size_t)((x >> 16) % bound);
}

char *exact_text(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static char any_byte(uint64_t *state, const char *alphabet)
{
    if (pick(state, 8) == 0) {
        return (char)(pick(state, 255) + 1);
    }
    return alphabet[pick(state, strlen(alphabet))];
}

/* memmove, of which valgrind does not know the fortified form. */
static void shift(char *text, size_t to, size_t from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        size_t at = to < from ? i : size - 1 - i;
        text[to + at] = text[from + at];
    }
}

/* Doubles a run of up to 16 bytes. */
static size_t repeat(uint64_t *state, char *text, size_t length)
{
    size_t at = pick(state, length);
    size_t run = pick(state, 16) + 1;
    if (run > length - at) {
        run = length - at;
    }
    shift(text, at + run, at, length - at);
    return length + run;
}

static size_t change(uint64_t *state, char *text, size_t length, const char *alphabet)
{
    size_t at = pick(state, length + 1);
    switch (length == 0 ? 0 : pick(state, 8)) {
    case 0:
    case 1:
        shift(text, at + 1, at, length - at);
        text[at] = any_byte(state, alphabet);
        return length + 1;
    case 2:
    case 3:
        text[at % length] = any_byte(state, alphabet);
        return length;
    case 4:
    case 5:
        at %= length;
        shift(text, at, at + 1, length - at - 1);
        return length - 1;
    case 6:
        return repeat(state, text, length);
    default:
        return pick(state, 4) == 0 ? at : length;
    }
}

char *mutate(uint64_t *state, const char *const *seeds, size_t count, const char *alphabet)
{
    char text[ROOM];
    const char *seed = seeds[pick(state, count)];
    size_t length = strlen(seed);
    assert_true(length < ROOM / 4);
    memcpy(text, seed, length);
    if (pick(state, 4) == 0) {
        seed = seeds[pick(state, count)];
        assert_true(strlen(seed) < ROOM / 4);
        text[length++] = ',';
        memcpy(text + length, seed, strlen(seed));
        length += strlen(seed);
    }
    for (size_t changes = pick(state, CHANGES + 1); changes > 0; changes--) {
        length = change(state, text, length, alphabet);
    }
    return exact_text(text, length);
}
