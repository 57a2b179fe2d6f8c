/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of the code under test: made to fail, and counted. For programs with WRAP_MALLOC. */
#ifndef OKTA_TESTS_UNIT_ALLOCATIONS_H
#define OKTA_TESTS_UNIT_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* All of this is about the calling thread: those of others are not counted and do not fail.
 *
 * Counts from here. The nth allocation fails, counted from 1, and with `lasting` all after it; 0: none. What
 * is beyond 1 TiB always fails, without a sanitizer's complaint. Memory that is given out is never zero. */
void allocations_begin(size_t nth, bool lasting);

/* How many allocations there were since. */
size_t allocations_seen(void);

/* The largest of them, in bytes. */
size_t allocations_largest(void);

/* Whether one of them failed since; switches failing off. */
bool allocations_end(void);

#endif
