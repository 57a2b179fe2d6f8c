/* SPDX-License-Identifier: Apache-2.0 */
/* Request headers that a program adds to a call, or gives as parameters. */
#ifndef OKTA_CLIENT_OWN_HEADERS_H
#define OKTA_CLIENT_OWN_HEADERS_H

#include "core/arena.h"
#include "okta/error.h"

#define OKTAI_OWN_HEADERS_MAX 32u

/* Zeroed it is empty. */
typedef struct oktai_own_headers {
    const char *lines[OKTAI_OWN_HEADERS_MAX];
    size_t count;
} oktai_own_headers;

/* Add one of any name; the line lies in the arena. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_own_headers_put(oktai_own_headers *headers, oktai_arena *arena, const char *name,
                                  const char *value);

/* The same for a program's own: what the library sets itself is refused. Both texts are nullable. */
okta_error *oktai_own_headers_add(oktai_own_headers *headers, oktai_arena *arena, const char *name,
                                  const char *value);

#endif
