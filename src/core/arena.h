/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that goes away at once. An arena hands out pieces of malloc'ed blocks; a root is an object the
 * caller owns, with the arena of all it reaches in front of it. Everything is wiped before it is freed. */
#ifndef OKTA_CORE_ARENA_H
#define OKTA_CORE_ARENA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct oktai_block oktai_block;
typedef struct oktai_adopted oktai_adopted;

/* A zeroed arena is empty and ready. */
typedef struct oktai_arena {
    oktai_block *blocks;
    oktai_adopted *adopted;
    char *next;
    size_t left;
    size_t limit; /* bytes of blocks that it may still take; 0: any */
    bool over_limit;
} oktai_arena;

/* An array that grows in an arena. A zeroed one is empty. */
typedef struct oktai_vector {
    void *data;
    size_t count;
    size_t capacity;
} oktai_vector;

/* Overwrite memory in a way that the compiler keeps. */
void oktai_wipe(void *memory, size_t size);

/* Memory aligned for any member of a model, not initialised. NULL: out of memory. */
void *oktai_arena_alloc(oktai_arena *arena, size_t size);
/* The same, zeroed. */
void *oktai_arena_zalloc(oktai_arena *arena, size_t size);
/* The same for `count` elements; an overflow is out of memory. */
void *oktai_arena_array(oktai_arena *arena, size_t count, size_t size);
/* One more element of `size` bytes, zeroed. NULL: out of memory; the vector is as it was. */
void *oktai_arena_push(oktai_arena *arena, oktai_vector *vector, size_t size);
/* A copy of `length` bytes with a NUL behind them. */
char *oktai_arena_copy(oktai_arena *arena, const char *text, size_t length);
/* Two strings as one; NULL when memory is out. */
char *oktai_arena_join(oktai_arena *arena, const char *first, const char *second);
/* A copy of a string; NULL for NULL and when memory is out. */
char *oktai_arena_strdup(oktai_arena *arena, const char *text);
/* Put a copy in the place of a string, which may be NULL. False: out of memory; then NULL is there. */
bool oktai_arena_keep(oktai_arena *arena, const char **text);
/* Unaligned room for `length` bytes and a NUL, for text that is decoded in place. `oktai_arena_shrink` gives
 * back what the latest such piece did not need. */
char *oktai_arena_text(oktai_arena *arena, size_t length);
void oktai_arena_shrink(oktai_arena *arena, char *text, size_t length, size_t used);
/* The arena frees this malloc'ed memory when it goes. False (nothing adopted): out of memory. */
bool oktai_arena_adopt(oktai_arena *arena, void *memory, size_t size);
/* Wipe and free all. */
void oktai_arena_clear(oktai_arena *arena);

/* Runs when the last holder of a root lets go of it, before its memory goes. */
typedef void oktai_release_fn(void *object);

/* A zeroed object of `size` bytes with one holder, who lets go of it with okta_free(). `room` is how much the
 * arena is expected to hold. `release` is nullable. */
void *oktai_root_new(size_t size, size_t room, oktai_release_fn *release);
oktai_arena *oktai_root_arena(void *object);

/* What stands in front of a root. Public here only for objects that are static. */
typedef struct oktai_root {
    _Alignas(max_align_t) uint64_t magic; /* what follows a root is aligned for any object */
    atomic_uint holders;
    oktai_release_fn *release;
    oktai_arena arena;
} oktai_root;

/* One more holder of a root that guards itself against its threads; okta_free() is one less. Returns
 * `object`. NULL is allowed. */
void *oktai_root_hold(void *object);
/* Whether the caller is its only holder; then nobody else can become one. */
bool oktai_root_is_sole(const void *object);

/* The same for a root that nobody changes any more: what holders share that way is const.
 * oktai_root_let_go() is one holder less. */
const void *oktai_root_share(const void *object);
void oktai_root_let_go(const void *object);

/* Whether a root is static: it is not to be written. */
bool oktai_root_is_static(const void *object);

/* The magic of a root that okta_free() leaves alone. */
#define OKTAI_ROOT_STATIC UINT64_C(0x6f6b74612d737461)

#endif
