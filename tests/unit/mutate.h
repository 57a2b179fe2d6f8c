/* SPDX-License-Identifier: Apache-2.0 */
/* Random changes to texts, the same ones in every run. */
#ifndef OKTA_TESTS_UNIT_MUTATE_H
#define OKTA_TESTS_UNIT_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* A number below `bound`, from a state that begins as any number but 0. */
size_t pick(uint64_t *state, size_t bound);

/* One of the seeds, or two joined by a comma, with up to eight changes: bytes replaced, inserted, removed and
 * repeated, the end cut off. `alphabet` has the bytes that matter to the parser. The text has a NUL at its
 * end and exactly its own malloc'ed memory, so that a sanitizer sees a read beyond it. */
char *mutate(uint64_t *state, const char *const *seeds, size_t count, const char *alphabet);

/* `text` in exactly its own malloc'ed memory. */
char *exact_text(const char *text, size_t length);

#endif
