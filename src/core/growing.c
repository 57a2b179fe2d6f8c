/* SPDX-License-Identifier: Apache-2.0 */
#include "core/growing.h"

#include <string.h>

#include "core/error.h"

/* No struct of a later release is larger: a size beyond it is memory that nobody initialised. */
#define SIZE_LIMIT 65536u

static size_t size_of(const void *given)
{
    size_t size;
    memcpy(&size, given, sizeof size);
    return size;
}

static bool is_sized(const void *given, size_t least)
{
    return size_of(given) >= least && size_of(given) <= SIZE_LIMIT;
}

const char *oktai_growing_refuse(const void *given, size_t least, size_t size)
{
    if (!is_sized(given, least)) {
        return "has no struct_size: begin it with OKTA_INIT()";
    }
    const char *bytes = given;
    for (size_t i = size; i < size_of(given); i++) {
        if (bytes[i] != 0) {
            return "comes from newer headers and sets what this version of the library does not know";
        }
    }
    return NULL;
}

okta_error *oktai_growing_copy(const void *given, size_t least, void *known, const char *name,
                               const char *initialiser)
{
    size_t size = size_of(known);
    if (!is_sized(given, least)) {
        return oktai_error_new(OKTA_E_ARG, "%s has no struct_size: begin it with %s", name, initialiser);
    }
    const char *reason = oktai_growing_refuse(given, least, size);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "%s %s", name, reason);
    }
    size_t given_size = size_of(given);
    memcpy(known, given, given_size < size ? given_size : size);
    memcpy(known, &size, sizeof size);
    return NULL;
}

bool oktai_growing_has(const void *given, size_t offset, size_t size)
{
    return offset + size <= size_of(given);
}
