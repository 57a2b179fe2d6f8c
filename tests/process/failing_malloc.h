/* SPDX-License-Identifier: Apache-2.0 */
/* The allocator of the whole process, libcurl, OpenSSL and the C library included: it fails on demand, and
 * counts what was not given back. Linked into a program, it takes the place of the C library's own. */
#ifndef OKTA_TESTS_PROCESS_FAILING_MALLOC_H
#define OKTA_TESTS_PROCESS_FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Counts from here. The nth allocation fails, counted from 1, and with `lasting` all after it; 0: none. */
void failing_malloc_begin(size_t nth, bool lasting);

/* Fail no more. Returns whether an allocation failed. */
bool failing_malloc_end(void);

/* How many allocations there were since the beginning. */
size_t failing_malloc_seen(void);

/* Blocks made since the beginning and not freed: by code of the program itself, into which libokta is linked,
 * and by all other code. */
long failing_malloc_alive_here(void);
long failing_malloc_alive_elsewhere(void);

#endif
