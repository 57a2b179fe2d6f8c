/* SPDX-License-Identifier: Apache-2.0 */
/* The C allocator with one difference: what is given back is overwritten first. For the libraries below this
 * one; its blocks go back through okta_wiping_free() alone. */
#ifndef OKTA_CORE_MEMORY_H
#define OKTA_CORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* As malloc(), calloc(), strdup() and free(). */
void *okta_wiping_malloc(size_t size);
void *okta_wiping_calloc(size_t count, size_t size);
char *okta_wiping_strdup(const char *text);
void okta_wiping_free(void *memory);

/* As realloc(). A block that moves is overwritten where it was. `size` 0: a block, as malloc(0) gives it. */
void *okta_wiping_realloc(void *memory, size_t size);

/* Whether the libraries below use it. */
bool okta_wiping_is_on(void);
void okta_wiping_set_on(void);

#endif
