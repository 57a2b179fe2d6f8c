/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/allocations.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* No test needs that much: a terabyte, or a quarter of what 32 bits can address. */
#define TOO_MUCH (SIZE_MAX > UINT32_MAX ? SIZE_MAX >> 24 : SIZE_MAX >> 2)

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static _Thread_local struct {
    size_t seen;
    size_t largest;
    size_t fail_at;
    bool lasting;
    bool failed;
} state;

void allocations_begin(size_t nth, bool lasting)
{
    state.seen = 0;
    state.largest = 0;
    state.fail_at = nth;
    state.lasting = lasting;
    state.failed = false;
}

size_t allocations_seen(void)
{
    return state.seen;
}

size_t allocations_largest(void)
{
    return state.largest;
}

bool allocations_end(void)
{
    state.fail_at = 0;
    return state.failed;
}

static bool may_have(size_t size)
{
    state.seen++;
    state.largest = size > state.largest ? size : state.largest;
    bool fails =
        state.fail_at != 0 && (state.lasting ? state.seen >= state.fail_at : state.seen == state.fail_at);
    fails = fails || size > TOO_MUCH;
    state.failed = state.failed || fails;
    return !fails;
}

void *__wrap_malloc(size_t size)
{
    void *memory = may_have(size) ? __real_malloc(size) : NULL;
    if (memory != NULL) {
        memset(memory, 0xa5, size);
    }
    return memory;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return may_have(size == 0 || count <= SIZE_MAX / size ? count * size : SIZE_MAX)
               ? __real_calloc(count, size)
               : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return may_have(size) ? __real_realloc(memory, size) : NULL;
}
