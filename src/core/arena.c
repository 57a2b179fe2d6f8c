/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

#include "okta/common.h"

#define ROOT_ALIVE UINT64_C(0x6f6b74612d726f6f)
#define BLOCK_MIN  1024u
#define BLOCK_MAX  65536u

typedef union okta_align {
    void *pointer;
    int64_t integer;
    double number;
} okta_align;

#define ALIGNMENT (sizeof(okta_align))

struct okta_block {
    okta_block *next;
    size_t size; /* of the whole block */
};

struct okta_adopted {
    okta_adopted *next;
    void *memory;
    size_t size;
};

void okta_wipe(void *memory, size_t size)
{
    if (size > 0) {
        explicit_bzero(memory, size);
    }
}

static bool add_block(okta_arena *arena, size_t need)
{
    size_t size = arena->blocks == NULL ? BLOCK_MIN : arena->blocks->size * 2;
    if (size > BLOCK_MAX) {
        size = BLOCK_MAX;
    }
    if (need > SIZE_MAX - sizeof(okta_block) - ALIGNMENT) {
        return false;
    }
    need += sizeof(okta_block) + ALIGNMENT;
    if (size < need) {
        size = need;
    }
    if (arena->limit != 0 && size >= arena->limit) {
        arena->over_limit = true;
        return false;
    }
    okta_block *block = malloc(size);
    if (block == NULL) {
        return false;
    }
    arena->limit -= arena->limit == 0 ? 0 : size;
    block->next = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->next = (char *)(block + 1);
    arena->left = size - sizeof *block;
    return true;
}

void *okta_arena_alloc(okta_arena *arena, size_t size)
{
    size_t skip = (size_t)(-(uintptr_t)arena->next & (ALIGNMENT - 1));
    if (arena->next == NULL || size > arena->left || arena->left - size < skip) {
        if (!add_block(arena, size)) {
            return NULL;
        }
        skip = (size_t)(-(uintptr_t)arena->next & (ALIGNMENT - 1));
    }
    char *piece = arena->next + skip;
    arena->next = piece + size;
    arena->left -= skip + size;
    return piece;
}

void *okta_arena_zalloc(okta_arena *arena, size_t size)
{
    void *piece = okta_arena_alloc(arena, size);
    if (piece != NULL) {
        memset(piece, 0, size);
    }
    return piece;
}

void *okta_arena_array(okta_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return okta_arena_zalloc(arena, count * size);
}

void *okta_arena_push(okta_arena *arena, okta_vector *vector, size_t size)
{
    if (vector->count == vector->capacity) {
        size_t capacity = vector->capacity == 0 ? 4 : vector->capacity * 2;
        void *data = okta_arena_array(arena, capacity, size);
        if (data == NULL) {
            return NULL;
        }
        if (vector->count > 0) {
            memcpy(data, vector->data, vector->count * size);
        }
        vector->data = data;
        vector->capacity = capacity;
    }
    return (char *)vector->data + size * vector->count++;
}

char *okta_arena_text(okta_arena *arena, size_t length)
{
    if (length >= arena->left && !(length < SIZE_MAX && add_block(arena, length + 1))) {
        return NULL;
    }
    char *text = arena->next;
    arena->next += length + 1;
    arena->left -= length + 1;
    return text;
}

void okta_arena_shrink(okta_arena *arena, char *text, size_t length, size_t used)
{
    if (text + length + 1 == arena->next) {
        arena->next -= length - used;
        arena->left += length - used;
    }
}

char *okta_arena_copy(okta_arena *arena, const char *text, size_t length)
{
    char *copy = okta_arena_text(arena, length);
    if (copy != NULL) {
        if (length > 0) {
            memcpy(copy, text, length);
        }
        copy[length] = '\0';
    }
    return copy;
}

char *okta_arena_strdup(okta_arena *arena, const char *text)
{
    return text == NULL ? NULL : okta_arena_copy(arena, text, strlen(text));
}

bool okta_arena_adopt(okta_arena *arena, void *memory, size_t size)
{
    okta_adopted *adopted = okta_arena_alloc(arena, sizeof *adopted);
    if (adopted == NULL) {
        return false;
    }
    *adopted = (okta_adopted){arena->adopted, memory, size};
    arena->adopted = adopted;
    return true;
}

void okta_arena_clear(okta_arena *arena)
{
    for (okta_adopted *adopted = arena->adopted; adopted != NULL; adopted = adopted->next) {
        okta_wipe(adopted->memory, adopted->size);
        free(adopted->memory);
    }
    okta_block *block = arena->blocks;
    *arena = (okta_arena){0};
    while (block != NULL) {
        okta_block *next = block->next;
        okta_wipe(block, block->size);
        free(block);
        block = next;
    }
}

void *okta_root_new(size_t size, size_t room, okta_release_fn *release)
{
    okta_arena arena = {0};
    if (size > SIZE_MAX / 4 || room > SIZE_MAX / 4 || !add_block(&arena, sizeof(okta_root) + size + room)) {
        return NULL;
    }
    /* A block begins aligned. */
    okta_root *root = (void *)arena.next;
    memset(root, 0, sizeof *root + size);
    arena.next += sizeof *root + size;
    arena.left -= sizeof *root + size;
    root->magic = ROOT_ALIVE;
    root->release = release;
    root->arena = arena;
    return root + 1;
}

okta_arena *okta_root_arena(void *object)
{
    return &((okta_root *)object - 1)->arena;
}

bool okta_root_is_static(const void *object)
{
    return ((const okta_root *)object - 1)->magic == OKTA_ROOT_STATIC;
}

void okta_free(void *object)
{
    if (object == NULL) {
        return;
    }
    okta_root *root = (okta_root *)object - 1;
    if (root->magic != ROOT_ALIVE || (root->release != NULL && !root->release(object))) {
        return;
    }
    /* The root lies in its own arena's first block: take the arena out before the block goes. */
    okta_arena arena = root->arena;
    okta_arena_clear(&arena);
}
