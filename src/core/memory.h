/* SPDX-License-Identifier: Apache-2.0 */
/* The C allocator with one difference: what is given back is overwritten first. For the libraries below this
 * one; its blocks go back through oktai_wiping_free() alone. */
#ifndef OKTA_CORE_MEMORY_H
#define OKTA_CORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* As malloc(), calloc(), strdup() and free(). */
void *oktai_wiping_malloc(size_t size);
void *oktai_wiping_calloc(size_t count, size_t size);
char *oktai_wiping_strdup(const char *text);
void oktai_wiping_free(void *memory);

/* As realloc(). A block that moves is overwritten where it was. `size` 0: a block, as malloc(0) gives it. */
void *oktai_wiping_realloc(void *memory, size_t size);

/* Whether the libraries below use it. */
bool oktai_wiping_is_on(void);
void oktai_wiping_set_on(void);

#endif
