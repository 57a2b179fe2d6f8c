/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

#include "core/misuse.h"
#include "okta/common.h"

#define ROOT_ALIVE UINT64_C(0x6f6b74612d726f6f)
#define BLOCK_MIN  1024u
#define BLOCK_MAX  65536u

/* For more, C libraries on x86-64 take an instruction that repeats itself, which takes longer to start and
 * is no faster over what lies in a cache. */
#define WIPE_AT_ONCE 2048u

typedef union oktai_align {
    void *pointer;
    int64_t integer;
    double number;
} oktai_align;

#define ALIGNMENT (sizeof(oktai_align))

struct oktai_block {
    oktai_block *next;
    size_t size; /* of the whole block */
};

struct oktai_adopted {
    oktai_adopted *next;
    void *memory;
    size_t size;
};

void oktai_wipe(void *memory, size_t size)
{
    char *p = memory;
    for (; size > WIPE_AT_ONCE; size -= WIPE_AT_ONCE) {
        explicit_bzero(p, WIPE_AT_ONCE);
        p += WIPE_AT_ONCE;
    }
    if (size > 0) {
        explicit_bzero(p, size);
    }
}

static bool add_block(oktai_arena *arena, size_t need)
{
    size_t size = arena->blocks == NULL ? BLOCK_MIN : arena->blocks->size * 2;
    if (size > BLOCK_MAX) {
        size = BLOCK_MAX;
    }
    if (need > SIZE_MAX - sizeof(oktai_block) - ALIGNMENT) {
        return false;
    }
    need += sizeof(oktai_block) + ALIGNMENT;
    if (size < need) {
        size = need;
    }
    if (arena->limit != 0 && size >= arena->limit) {
        arena->over_limit = true;
        return false;
    }
    oktai_block *block = malloc(size);
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

void *oktai_arena_alloc(oktai_arena *arena, size_t size)
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

void *oktai_arena_zalloc(oktai_arena *arena, size_t size)
{
    void *piece = oktai_arena_alloc(arena, size);
    if (piece != NULL) {
        memset(piece, 0, size);
    }
    return piece;
}

void *oktai_arena_array(oktai_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return oktai_arena_zalloc(arena, count * size);
}

void *oktai_arena_push(oktai_arena *arena, oktai_vector *vector, size_t size)
{
    if (vector->count == vector->capacity) {
        size_t capacity = vector->capacity == 0 ? 4 : vector->capacity * 2;
        void *data = oktai_arena_array(arena, capacity, size);
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

char *oktai_arena_text(oktai_arena *arena, size_t length)
{
    if (length >= arena->left && !(length < SIZE_MAX && add_block(arena, length + 1))) {
        return NULL;
    }
    char *text = arena->next;
    arena->next += length + 1;
    arena->left -= length + 1;
    return text;
}

void oktai_arena_shrink(oktai_arena *arena, char *text, size_t length, size_t used)
{
    if (text + length + 1 == arena->next) {
        arena->next -= length - used;
        arena->left += length - used;
    }
}

char *oktai_arena_copy(oktai_arena *arena, const char *text, size_t length)
{
    char *copy = oktai_arena_text(arena, length);
    if (copy != NULL) {
        if (length > 0) {
            memcpy(copy, text, length);
        }
        copy[length] = '\0';
    }
    return copy;
}

char *oktai_arena_strdup(oktai_arena *arena, const char *text)
{
    return text == NULL ? NULL : oktai_arena_copy(arena, text, strlen(text));
}

bool oktai_arena_keep(oktai_arena *arena, const char **text)
{
    const char *made = oktai_arena_strdup(arena, *text);
    bool good = *text == NULL || made != NULL;
    *text = made;
    return good;
}

char *oktai_arena_join(oktai_arena *arena, const char *first, const char *second)
{
    size_t length = strlen(first);
    size_t rest = strlen(second);
    char *text = oktai_arena_text(arena, length + rest);
    if (text != NULL) {
        memcpy(text, first, length);
        memcpy(text + length, second, rest + 1);
    }
    return text;
}

bool oktai_arena_adopt(oktai_arena *arena, void *memory, size_t size)
{
    oktai_adopted *adopted = oktai_arena_alloc(arena, sizeof *adopted);
    if (adopted == NULL) {
        return false;
    }
    *adopted = (oktai_adopted){arena->adopted, memory, size};
    arena->adopted = adopted;
    return true;
}

void oktai_arena_clear(oktai_arena *arena)
{
    for (oktai_adopted *adopted = arena->adopted; adopted != NULL; adopted = adopted->next) {
        oktai_wipe(adopted->memory, adopted->size);
        free(adopted->memory);
    }
    oktai_block *block = arena->blocks;
    size_t unused = arena->left; /* of the first block: nothing was written there */
    *arena = (oktai_arena){0};
    while (block != NULL) {
        oktai_block *next = block->next;
        oktai_wipe(block, block->size - unused);
        free(block);
        block = next;
        unused = 0;
    }
}

/* The count of holders is not a part of the object: it changes where the object is const. */
static oktai_root *root_of(const void *object)
{
    return (oktai_root *)(uintptr_t)object - 1;
}

#ifdef OKTA_CHECK_POINTERS

static bool lies_in(const void *memory, size_t size, const void *object)
{
    return (uintptr_t)object >= (uintptr_t)memory && (uintptr_t)object - (uintptr_t)memory < size;
}

static bool holds(const oktai_arena *arena, const void *object)
{
    for (const oktai_block *block = arena->blocks; block != NULL; block = block->next) {
        if (lies_in(block, block->size, object)) {
            return true;
        }
    }
    for (const oktai_adopted *adopted = arena->adopted; adopted != NULL; adopted = adopted->next) {
        if (lies_in(adopted->memory, adopted->size, object)) {
            return true;
        }
    }
    return false;
}

static bool is_part_of_a_root(const void *object)
{
    size_t cursor = 0;
    for (const void *root; (root = oktai_live_next(&cursor)) != NULL;) {
        if (holds(&root_of(root)->arena, object)) {
            return true;
        }
    }
    return false;
}

/* What lies in front of any variable may be a sanitizer's. */
#if defined(__GNUC__)
__attribute__((no_sanitize_address))
#endif
static bool
is_static_root(const void *object)
{
    if ((uintptr_t)object % ALIGNMENT != 0 || (uintptr_t)object < sizeof(oktai_root)) {
        return false;
    }
    const oktai_root *root = root_of(object);
    return oktai_is_static_memory(root, sizeof *root) && root->magic == OKTAI_ROOT_STATIC;
}

void oktai_expect_root(const char *function, const void *object)
{
    if (object != NULL && !oktai_live_has(object) && !is_static_root(object)) {
        oktai_refuse_pointer(function, object, is_part_of_a_root(object));
    }
}

#define note_new(object)  oktai_live_add(object)
#define note_gone(object) oktai_live_remove(object)

#else

#define note_new(object)  (void)(object)
#define note_gone(object) (void)(object)

#endif

void *oktai_root_new(size_t size, size_t room, oktai_release_fn *release)
{
    oktai_arena arena = {0};
    if (size > SIZE_MAX / 4 || room > SIZE_MAX / 4 || !add_block(&arena, sizeof(oktai_root) + size + room)) {
        return NULL;
    }
    /* A block begins aligned. */
    oktai_root *root = (void *)arena.next;
    memset(root, 0, sizeof *root + size);
    arena.next += sizeof *root + size;
    arena.left -= sizeof *root + size;
    root->magic = ROOT_ALIVE;
    atomic_init(&root->holders, 1);
    root->release = release;
    root->arena = arena;
    note_new(root + 1);
    return root + 1;
}

oktai_arena *oktai_root_arena(void *object)
{
    return &root_of(object)->arena;
}

bool oktai_root_is_static(const void *object)
{
    return root_of(object)->magic == OKTAI_ROOT_STATIC;
}

void *oktai_root_hold(void *object)
{
    oktai_root_share(object);
    return object;
}

bool oktai_root_is_sole(const void *object)
{
    return atomic_load(&root_of(object)->holders) == 1;
}

const void *oktai_root_share(const void *object)
{
    if (object != NULL && root_of(object)->magic == ROOT_ALIVE) {
        atomic_fetch_add(&root_of(object)->holders, 1);
    }
    return object;
}

void okta_free(void *object)
{
    oktai_root_let_go(object);
}

void oktai_root_let_go(const void *object)
{
    if (object == NULL) {
        return;
    }
    oktai_expect_root("okta_free", object);
    oktai_root *root = root_of(object);
    if (root->magic != ROOT_ALIVE || atomic_fetch_sub(&root->holders, 1) != 1) {
        return;
    }
    note_gone(object);
    if (root->release != NULL) {
        root->release(root + 1);
    }
    /* The root lies in its own arena's first block: take the arena out before the block goes. */
    oktai_arena arena = root->arena;
    oktai_arena_clear(&arena);
}
