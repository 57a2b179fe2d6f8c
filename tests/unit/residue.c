/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/residue.h"

#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/bytes.h"

#define BLOCKS_MAX 200000u
#define STACK_SIZE (256u * 1024u)

void *__real_malloc(size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

static struct {
    bool on;
    size_t count;
    void *blocks[BLOCKS_MAX];
} kept;

void *__wrap_malloc(size_t size)
{
    void *memory = __real_malloc(size);
    if (memory != NULL) {
        memset(memory, 0, malloc_usable_size(memory)); /* what lay here before was looked at already */
    }
    return memory;
}

static void keep(void *memory)
{
    assert_true(kept.count < BLOCKS_MAX);
    kept.blocks[kept.count++] = memory;
}

void __wrap_free(void *memory)
{
    if (memory == NULL || !kept.on) {
        __real_free(memory);
        return;
    }
    keep(memory);
}

/* A block always moves: what a real one may leave behind is looked at. */
void *__wrap_realloc(void *memory, size_t size)
{
    void *moved = __wrap_malloc(size);
    if (memory != NULL && moved != NULL) {
        size_t old = malloc_usable_size(memory);
        memcpy(moved, memory, old < size ? old : size);
        __wrap_free(memory);
    }
    return moved;
}

void residue_begin(void)
{
    kept.on = true;
}

void residue_end(void)
{
    kept.on = false;
}

size_t residue_count(void)
{
    return kept.count;
}

#define COPY_MAX 1024u

/* A thread begins with the vector registers of its maker, and may save them on its stack before it runs
 * anything. What the test itself has copied is not to be found there. */
static void forget_registers(void)
{
    static const char zeros[COPY_MAX];
    static char copy[COPY_MAX];
    for (volatile size_t size = 1; size <= COPY_MAX; size++) {
        memcpy(copy, zeros, size);
    }
}

void *residue_of_stack(void *(*run)(void *), void *ctx)
{
    void *stack = NULL;
    void *result = NULL;
    pthread_t thread;
    pthread_attr_t attributes;
    assert_int_equal(posix_memalign(&stack, 4096, STACK_SIZE), 0);
    memset(stack, 0, STACK_SIZE);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK_SIZE), 0);
    forget_registers();
    assert_int_equal(pthread_create(&thread, &attributes, run, ctx), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_int_equal(pthread_attr_destroy(&attributes), 0);
    keep(stack);
    return result;
}

size_t residue_found(const void *needle, size_t length)
{
    size_t hits = 0;
    for (size_t i = 0; i < kept.count; i++) {
        hits += bytes_contain(kept.blocks[i], malloc_usable_size(kept.blocks[i]), needle, length);
    }
    return hits;
}

void residue_forget(void)
{
    for (size_t i = 0; i < kept.count; i++) {
        __real_free(kept.blocks[i]);
    }
    kept.count = 0;
}
