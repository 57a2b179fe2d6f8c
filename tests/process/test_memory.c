/* SPDX-License-Identifier: Apache-2.0 */
/* The allocator that overwrites what is given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory.h"
#include "unit/allocations.h"

#define HEAD 16u /* in front of each block */

/* What the blocks held at the moment they were freed. */
static struct {
    unsigned frees;
    size_t size; /* of the block that is expected, without what stands in front of it */
    bool dirty;
} seen;

void __real_free(void *memory);
void __wrap_free(void *memory);

void __wrap_free(void *memory)
{
    const unsigned char *bytes = memory;
    seen.frees++;
    for (size_t i = 0; memory != NULL && i < HEAD + seen.size; i++) {
        seen.dirty = seen.dirty || bytes[i] != 0;
    }
    __real_free(memory);
}

static int begin(void **state)
{
    (void)state;
    seen.frees = 0;
    seen.size = 0;
    seen.dirty = false;
    return 0;
}

static void overwrites_what_is_freed(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 15, 16, 17, 1000, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *block = oktai_wiping_malloc(sizes[i]);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
        memset(block, 0x5a, sizes[i]);
        seen.size = sizes[i];
        oktai_wiping_free(block);
        assert_int_equal(seen.frees, i + 1);
        assert_false(seen.dirty);
    }
    oktai_wiping_free(NULL);
}

static void sees_what_plain_free_leaves(void **state)
{
    (void)state;
    unsigned char *block = malloc(64);
    assert_non_null(block);
    memset(block, 0x5a, 64);
    __wrap_free(block);
    assert_true(seen.dirty);
}

static void keeps_the_content_of_a_block_that_moves_and_overwrites_the_old_one(void **state)
{
    (void)state;
    unsigned char *block = oktai_wiping_realloc(NULL, 100);
    assert_non_null(block);
    memset(block, 0x5a, 100);
    seen.size = 100;
    unsigned char *grown = oktai_wiping_realloc(block, 1000);
    assert_non_null(grown);
    assert_int_equal(seen.frees, 1);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(grown[i], 0x5a);
    }
    memset(grown, 0x5a, 1000);
    seen.size = 1000;
    assert_ptr_equal(oktai_wiping_realloc(grown, 600), grown);
    assert_ptr_equal(oktai_wiping_realloc(grown, 1000), grown);
    assert_int_equal(seen.frees, 1);
    unsigned char *shrunk = oktai_wiping_realloc(grown, 10);
    assert_non_null(shrunk);
    assert_int_equal(seen.frees, 2);
    assert_int_equal(shrunk[9], 0x5a);
    seen.size = 10;
    unsigned char *empty = oktai_wiping_realloc(shrunk, 0);
    assert_non_null(empty);
    seen.size = 0;
    oktai_wiping_free(empty);
    assert_int_equal(seen.frees, 4);
    assert_false(seen.dirty);
}

static void zeroes_and_copies(void **state)
{
    (void)state;
    unsigned char *zeroed = oktai_wiping_calloc(30, 10);
    char *copy = oktai_wiping_strdup("a text");
    assert_non_null(zeroed);
    assert_non_null(copy);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(zeroed[i], 0);
    }
    assert_string_equal(copy, "a text");
    memset(zeroed, 1, 300);
    seen.size = 300;
    oktai_wiping_free(zeroed);
    seen.size = sizeof "a text";
    oktai_wiping_free(copy);
    assert_int_equal(seen.frees, 2);
    assert_false(seen.dirty);
}

static void refuses_what_is_too_much_and_leaves_a_block_that_cannot_grow(void **state)
{
    (void)state;
    char *block = oktai_wiping_strdup("kept");
    assert_non_null(block);
    assert_null(oktai_wiping_malloc(SIZE_MAX));
    assert_null(oktai_wiping_malloc(SIZE_MAX - HEAD + 1));
    assert_null(oktai_wiping_calloc(SIZE_MAX / 2, 3));
    assert_null(oktai_wiping_calloc(1, SIZE_MAX));
    assert_null(oktai_wiping_realloc(block, SIZE_MAX));
    allocations_begin(1, true);
    assert_null(oktai_wiping_malloc(1));
    assert_null(oktai_wiping_calloc(1, 1));
    assert_null(oktai_wiping_strdup("a"));
    assert_null(oktai_wiping_realloc(NULL, 1));
    assert_null(oktai_wiping_realloc(block, 1000));
    assert_true(allocations_end());
    assert_int_equal(seen.frees, 0);
    assert_string_equal(block, "kept");
    oktai_wiping_free(block);
}

static void is_off_until_it_is_switched_on(void **state)
{
    (void)state;
    assert_false(oktai_wiping_is_on());
    oktai_wiping_set_on();
    assert_true(oktai_wiping_is_on());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
    const struct CMUnitTest tests[] = {
        TEST(overwrites_what_is_freed),
        TEST(sees_what_plain_free_leaves),
        TEST(keeps_the_content_of_a_block_that_moves_and_overwrites_the_old_one),
        TEST(zeroes_and_copies),
        TEST(refuses_what_is_too_much_and_leaves_a_block_that_cannot_grow),
        TEST(is_off_until_it_is_switched_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
