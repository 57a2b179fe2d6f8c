/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are looked for in a block of memory. */
#ifndef OKTA_TESTS_UNIT_BYTES_H
#define OKTA_TESTS_UNIT_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the needle, which is not empty, stands in the block. */
bool bytes_contain(const void *block, size_t size, const void *needle, size_t length);

#endif
