/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target begins with: its one function, its input in pieces, and checks that end the program.
 * Each piece is handed out in memory of exactly its size, so that AddressSanitizer sees a byte too many. */
#ifndef OKTA_TESTS_FUZZ_FUZZ_H
#define OKTA_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "okta/error.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a target is. libFuzzer calls it, and replay.c where there is no libFuzzer. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The rest of an input. Reading beyond its end gives zeros and empty texts. */
typedef struct fuzz_input {
    const uint8_t *next;
    size_t left;
} fuzz_input;

/* A piece of the input, malloc'ed, with a NUL behind it. It may hold NULs. */
typedef struct fuzz_text {
    char *text;
    size_t length;
} fuzz_text;

uint8_t fuzz_byte(fuzz_input *input);
/* A number below `count`. */
size_t fuzz_choice(fuzz_input *input, size_t count);
uint32_t fuzz_u32(fuzz_input *input);
/* A number from `min` to `max`: often a small one, or one close to a bound. */
int64_t fuzz_range(fuzz_input *input, int64_t min, int64_t max);

/* All that is left. Free `text`. */
fuzz_text fuzz_rest(fuzz_input *input);
/* Up to the next line feed, which is dropped. */
fuzz_text fuzz_line(fuzz_input *input);
/* Whether any byte is left. */
bool fuzz_more(const fuzz_input *input);
/* The same bytes without the NUL behind them. Free it. */
char *fuzz_exact(fuzz_text text);

/* End the program with a message unless the condition holds. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *what);

/* Check what holds for every error and success alike, release it, and give its status. */
okta_status fuzz_take(okta_error *error);
/* End the program with the error's message unless it is NULL. */
void fuzz_expect_success(okta_error *error);

/* Whether a path with optional query, decoded by rules of this function's own, has no segment that is empty
 * or a dot segment, with path parameters or without, and no character that ends or splits it. */
bool fuzz_is_clean_target(const char *target);

#endif
