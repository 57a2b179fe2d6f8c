/* SPDX-License-Identifier: Apache-2.0 */
#include "core/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

/* In front of each block. As large as the strictest alignment, so that the block behind it is aligned. */
typedef struct head {
    _Alignas(max_align_t) size_t size; /* of what follows */
} head;

static atomic_bool on;

bool oktai_wiping_is_on(void)
{
    return atomic_load(&on);
}

void oktai_wiping_set_on(void)
{
    atomic_store(&on, true);
}

void *oktai_wiping_malloc(size_t size)
{
    head *block = size > SIZE_MAX - sizeof *block ? NULL : malloc(sizeof *block + size);
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    return block + 1;
}

void *oktai_wiping_calloc(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - sizeof(head)) / size) {
        return NULL;
    }
    head *block = calloc(1, sizeof *block + count * size);
    if (block == NULL) {
        return NULL;
    }
    block->size = count * size;
    return block + 1;
}

char *oktai_wiping_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = oktai_wiping_malloc(size);
    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

void oktai_wiping_free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    head *block = (head *)memory - 1;
    oktai_wipe(block, sizeof *block + block->size);
    free(block);
}

/* A block that has room enough, and not far too much, stays: its whole size is wiped when it goes. */
void *oktai_wiping_realloc(void *memory, size_t size)
{
    if (memory == NULL) {
        return oktai_wiping_malloc(size);
    }
    size_t old = ((head *)memory - 1)->size;
    if (size <= old && size >= old / 2) {
        return memory;
    }
    void *moved = oktai_wiping_malloc(size);
    if (moved == NULL) {
        return NULL;
    }
    memcpy(moved, memory, old < size ? old : size);
    oktai_wiping_free(memory);
    return moved;
}
