/* SPDX-License-Identifier: Apache-2.0 */
#include "process/failing_malloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What the C library's allocator is called behind its back. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

#pragma GCC visibility push(default)
void *memalign(size_t alignment, size_t size);
#pragma GCC visibility pop

/* The bounds of the program's own code, as the linker knows them. */
extern const char __executable_start;
extern const char etext;

typedef enum owner {
    OWNER_UNCOUNTED,
    OWNER_HERE,
    OWNER_ELSEWHERE,
    OWNERS,
} owner;

/* In front of each block. */
typedef struct head {
    _Alignas(max_align_t) uint32_t owner;
    uint32_t offset; /* of the block from where its memory begins */
} head;

static atomic_bool counting;
static atomic_size_t seen;
static atomic_size_t fail_at;
static atomic_bool fails_on;
static atomic_bool failed;
static atomic_long alive[OWNERS];

void failing_malloc_begin(size_t nth, bool lasting)
{
    atomic_store(&seen, 0);
    atomic_store(&failed, false);
    atomic_store(&fails_on, lasting);
    atomic_store(&fail_at, nth);
    atomic_store(&counting, true);
}

bool failing_malloc_end(void)
{
    atomic_store(&fail_at, 0);
    return atomic_load(&failed);
}

size_t failing_malloc_seen(void)
{
    return atomic_load(&seen);
}

long failing_malloc_alive_here(void)
{
    return atomic_load(&alive[OWNER_HERE]);
}

long failing_malloc_alive_elsewhere(void)
{
    return atomic_load(&alive[OWNER_ELSEWHERE]);
}

static bool may_have(size_t size)
{
    size_t number = atomic_fetch_add(&seen, 1) + 1;
    size_t nth = atomic_load(&fail_at);
    if (nth != 0 && (number == nth || (number > nth && atomic_load(&fails_on)))) {
        atomic_store(&failed, true);
        errno = ENOMEM;
        return false;
    }
    return size <= SIZE_MAX / 2;
}

static void *hand_out(void *memory, size_t offset, const void *caller)
{
    if (memory == NULL) {
        return NULL;
    }
    head *block = (head *)((char *)memory + offset) - 1;
    bool here = (uintptr_t)caller >= (uintptr_t)&__executable_start && (uintptr_t)caller < (uintptr_t)&etext;
    block->owner = !atomic_load(&counting) ? OWNER_UNCOUNTED : here ? OWNER_HERE : OWNER_ELSEWHERE;
    block->offset = (uint32_t)offset;
    atomic_fetch_add(&alive[block->owner], 1);
    return block + 1;
}

/* From here on for all libraries of the process. */
#pragma GCC visibility push(default)

void *malloc(size_t size)
{
    const void *caller = __builtin_return_address(0);
    void *memory = may_have(size) ? __libc_malloc(sizeof(head) + size) : NULL;
    if (memory != NULL) {
        memset(memory, 0xa5, sizeof(head) + (size < 4096 ? size : 4096));
    }
    return hand_out(memory, sizeof(head), caller);
}

void *calloc(size_t nmemb, size_t size)
{
    const void *caller = __builtin_return_address(0);
    bool fits = size == 0 || nmemb <= SIZE_MAX / 4 / size;
    void *memory =
        may_have(fits ? nmemb * size : SIZE_MAX) ? __libc_calloc(1, sizeof(head) + nmemb * size) : NULL;
    return hand_out(memory, sizeof(head), caller);
}

void free(void *ptr)
{
    if (ptr != NULL) {
        const head *block = (head *)ptr - 1;
        atomic_fetch_sub(&alive[block->owner], 1);
        __libc_free((char *)ptr - block->offset);
    }
}

void *realloc(void *ptr, size_t size)
{
    const void *caller = __builtin_return_address(0);
    if (ptr == NULL) {
        return hand_out(may_have(size) ? __libc_malloc(sizeof(head) + size) : NULL, sizeof(head), caller);
    }
    head *block = (head *)ptr - 1;
    if (!may_have(size) || block->offset != sizeof(head)) {
        return NULL;
    }
    uint32_t owner_before = block->owner;
    void *moved = __libc_realloc(block, sizeof(head) + size);
    if (moved == NULL) {
        return NULL;
    }
    atomic_fetch_sub(&alive[owner_before], 1);
    return hand_out(moved, sizeof(head), caller);
}

void *memalign(size_t alignment, size_t size)
{
    const void *caller = __builtin_return_address(0);
    size_t offset = alignment < sizeof(head) ? sizeof(head) : alignment;
    void *memory = may_have(size) ? __libc_memalign(offset, offset + size) : NULL;
    return hand_out(memory, offset, caller);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memptr, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (memory == NULL) {
        return ENOMEM;
    }
    *memptr = memory;
    return 0;
}

#pragma GCC visibility pop
