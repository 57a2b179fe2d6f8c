/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of a call, or of an iteration over pages, fails in turn, once and from there on: nothing
 * crashes or leaks, and a lack of memory is told as such. For programs with WRAP_MALLOC. */
#ifndef OKTA_TESTS_API_ALLOC_SWEEP_H
#define OKTA_TESTS_API_ALLOC_SWEEP_H

#include "api/fixture.h"
#include "client/operation.h"

/* An operation with what it takes, and the answer to it. */
typedef struct alloc_shape {
    const oktai_operation *operation;
    const char *const *ids;
    const void *params;
    const void *body;
    mock_fault answer;
} alloc_shape;

/* In a world of its own. */
void alloc_sweep_call(const alloc_shape *one);

/* An iteration that reads so many items. The world's org has its answers. `cursor` is nullable. */
void alloc_sweep_pages(const api_world *world, const alloc_shape *one, const char *cursor, size_t items);

#endif
