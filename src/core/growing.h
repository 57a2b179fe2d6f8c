/* SPDX-License-Identifier: Apache-2.0 */
/* Structs of callers that begin with their size and grow at their end from release to release. A program may
 * have been compiled against older headers, whose struct is shorter, or against newer ones, whose struct is
 * longer. The rule is the same for all of them: a member that a shorter struct lacks is not set, and a longer
 * struct is accepted where all that this library does not know is zero. */
#ifndef OKTA_CORE_GROWING_H
#define OKTA_CORE_GROWING_H

#include <stdbool.h>
#include <stddef.h>

#include "okta/error.h"

/* Why a struct is refused, as the rest of a sentence that begins with its name; NULL: it is not. `least` is
 * the size that it had at first, `size` the one that this library knows. */
const char *oktai_growing_refuse(const void *given, size_t least, size_t size);

/* Copy what this library knows of a struct over `known`, which holds the values of its initialiser and their
 * size. `name` and `initialiser` are for the error. Errors: OKTA_E_ARG. */
okta_error *oktai_growing_copy(const void *given, size_t least, void *known, const char *name,
                               const char *initialiser);

/* Whether a struct is long enough for a member of `size` bytes at `offset`. */
bool oktai_growing_has(const void *given, size_t offset, size_t size);

#endif
