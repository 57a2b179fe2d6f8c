/* SPDX-License-Identifier: Apache-2.0 */
/* What the code under test leaves in the memory that it frees. For programs that link with --wrap=free. */
#ifndef OKTA_TESTS_UNIT_FREES_H
#define OKTA_TESTS_UNIT_FREES_H

#include <stdbool.h>
#include <stddef.h>

/* Watch one piece of memory from here. */
void frees_watch(const void *memory, size_t size);

/* Whether it was freed. */
bool frees_happened(void);

/* Whether it was freed, and all of it was zero then. */
bool frees_were_clean(void);

#endif
