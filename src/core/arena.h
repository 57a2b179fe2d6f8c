/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that goes away at once. An arena hands out pieces of malloc'ed blocks; a root is an object the
 * caller owns, with the arena of all it reaches in front of it. Everything is wiped before it is freed. */
#ifndef OKTA_CORE_ARENA_H
#define OKTA_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct okta_block okta_block;
typedef struct okta_adopted okta_adopted;

/* A zeroed arena is empty and ready. */
typedef struct okta_arena {
    okta_block *blocks;
    okta_adopted *adopted;
    char *next;
    size_t left;
    size_t limit; /* bytes of blocks that it may still take; 0: any */
    bool over_limit;
} okta_arena;

/* An array that grows in an arena. A zeroed one is empty. */
typedef struct okta_vector {
    void *data;
    size_t count;
    size_t capacity;
} okta_vector;

/* Overwrite memory in a way that the compiler keeps. */
void okta_wipe(void *memory, size_t size);

/* Memory aligned for any member of a model, not initialised. NULL: out of memory. */
void *okta_arena_alloc(okta_arena *arena, size_t size);
/* The same, zeroed. */
void *okta_arena_zalloc(okta_arena *arena, size_t size);
/* The same for `count` elements; an overflow is out of memory. */
void *okta_arena_array(okta_arena *arena, size_t count, size_t size);
/* One more element of `size` bytes, zeroed. NULL: out of memory; the vector is as it was. */
void *okta_arena_push(okta_arena *arena, okta_vector *vector, size_t size);
/* A copy of `length` bytes with a NUL behind them. */
char *okta_arena_copy(okta_arena *arena, const char *text, size_t length);
/* A copy of a string; NULL for NULL and when memory is out. */
char *okta_arena_strdup(okta_arena *arena, const char *text);
/* Unaligned room for `length` bytes and a NUL, for text that is decoded in place. `okta_arena_shrink` gives
 * back what the latest such piece did not need. */
char *okta_arena_text(okta_arena *arena, size_t length);
void okta_arena_shrink(okta_arena *arena, char *text, size_t length, size_t used);
/* The arena frees this malloc'ed memory when it goes. False (nothing adopted): out of memory. */
bool okta_arena_adopt(okta_arena *arena, void *memory, size_t size);
/* Wipe and free all. */
void okta_arena_clear(okta_arena *arena);

/* Runs when the caller releases a root. Returns true when its memory may go. */
typedef bool okta_release_fn(void *object);

/* A zeroed object of `size` bytes that okta_free() takes. `room` is how much the arena is expected to hold.
 */
void *okta_root_new(size_t size, size_t room, okta_release_fn *release);
okta_arena *okta_root_arena(void *object);

/* What stands in front of a root. Public here only for objects that are static. */
typedef struct okta_root {
    uint64_t magic;
    okta_release_fn *release;
    okta_arena arena;
} okta_root;

/* Whether a root is static: it is not to be written. */
bool okta_root_is_static(const void *object);

/* The magic of a root that okta_free() leaves alone. */
#define OKTA_ROOT_STATIC UINT64_C(0x6f6b74612d737461)

#endif
