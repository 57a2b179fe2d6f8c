/* SPDX-License-Identifier: Apache-2.0 */
/* src/core/arena.h: pieces, roots, and what stays behind in memory. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "okta/common.h"
#include "unit/allocations.h"
#include "unit/frees.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SECRET       "-----BEGIN PRIVATE KEY-----"

static bool is_aligned(const void *piece)
{
    return (uintptr_t)piece % _Alignof(int64_t) == 0 && (uintptr_t)piece % _Alignof(double) == 0 &&
           (uintptr_t)piece % _Alignof(void *) == 0;
}

static void aligns_pieces_behind_odd_texts(void **state)
{
    oktai_arena arena = {0};
    (void)state;
    for (size_t length = 0; length < 3000; length++) {
        char *text = oktai_arena_text(&arena, length % 97);
        assert_non_null(text);
        memset(text, 'x', length % 97 + 1);
        unsigned char *piece = oktai_arena_alloc(&arena, length % 53);
        assert_non_null(piece);
        assert_true(is_aligned(piece));
        memset(piece, 'y', length % 53);
    }
    oktai_arena_clear(&arena);
}

static void gives_pieces_that_do_not_overlap(void **state)
{
    enum { MANY = 3000 };
    static struct {
        unsigned char *bytes;
        size_t size;
    } pieces[MANY];
    static const size_t bounds[] = {4, 40, 400, 4000, 100000};
    oktai_arena arena = {0};
    uint64_t random = 0xa7e4a;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        size_t bound = bounds[pick(&random, i % 50 == 0 ? COUNT(bounds) : 3)];
        pieces[i].size = pick(&random, bound);
        bool is_text = pick(&random, 2) == 0;
        pieces[i].bytes = is_text ? (unsigned char *)oktai_arena_text(&arena, pieces[i].size)
                                  : oktai_arena_alloc(&arena, pieces[i].size);
        assert_non_null(pieces[i].bytes);
        assert_true(is_text || is_aligned(pieces[i].bytes));
        memset(pieces[i].bytes, (int)(i % 251), pieces[i].size);
    }
    for (size_t i = 0; i < MANY; i++) {
        for (size_t b = 0; b < pieces[i].size; b++) {
            assert_int_equal(pieces[i].bytes[b], i % 251);
        }
    }
    oktai_arena_clear(&arena);
}

static void gives_zeroed_memory_where_it_says_so(void **state)
{
    oktai_arena arena = {0};
    (void)state;
    for (size_t size = 0; size < 2000; size += 7) {
        const char *piece = oktai_arena_zalloc(&arena, size);
        const char *array = oktai_arena_array(&arena, size, 3);
        assert_true(piece != NULL && array != NULL);
        for (size_t i = 0; i < size; i++) {
            assert_true(piece[i] == 0 && array[3 * i] == 0 && array[3 * i + 2] == 0);
        }
    }
    oktai_arena_clear(&arena);
}

/* An empty array is no failure, whatever was allocated before. */
static void gives_empty_pieces(void **state)
{
    (void)state;
    for (int kind = 0; kind < 6; kind++) {
        oktai_arena arena = {0};
        assert_non_null(kind == 0   ? oktai_arena_alloc(&arena, 0)
                        : kind == 1 ? oktai_arena_zalloc(&arena, 0)
                        : kind == 2 ? oktai_arena_array(&arena, 0, 8)
                        : kind == 3 ? oktai_arena_array(&arena, 8, 0)
                        : kind == 4 ? oktai_arena_array(&arena, SIZE_MAX, 0)
                                    : oktai_arena_array(&arena, 0, SIZE_MAX));
        oktai_arena_clear(&arena);
    }
}

static void refuses_sizes_that_overflow(void **state)
{
    oktai_arena empty = {0};
    oktai_arena used = {0};
    oktai_arena *arenas[] = {&empty, &used};
    (void)state;
    char *kept = oktai_arena_strdup(&used, "kept");
    for (size_t a = 0; a < COUNT(arenas); a++) {
        for (size_t less = 0; less < 70; less++) {
            assert_null(oktai_arena_alloc(arenas[a], SIZE_MAX - less));
            assert_null(oktai_arena_zalloc(arenas[a], SIZE_MAX - less));
            assert_null(oktai_arena_text(arenas[a], SIZE_MAX - less));
            assert_null(oktai_arena_array(arenas[a], SIZE_MAX - less, 1));
            assert_null(oktai_root_new(SIZE_MAX - less, 0, NULL));
            assert_null(oktai_root_new(8, SIZE_MAX - less, NULL));
            assert_null(oktai_root_new(SIZE_MAX - less, less, NULL));
            assert_null(oktai_root_new(SIZE_MAX / 2 - less, SIZE_MAX / 2, NULL));
        }
        assert_null(oktai_arena_array(arenas[a], SIZE_MAX, 2));
        assert_null(oktai_arena_array(arenas[a], 2, SIZE_MAX));
        assert_null(oktai_arena_array(arenas[a], SIZE_MAX / 2 + 1, 2));
        assert_null(oktai_arena_array(arenas[a], SIZE_MAX / 8 + 1, 8));
        assert_null(oktai_arena_array(arenas[a], SIZE_MAX, SIZE_MAX));
        assert_non_null(oktai_arena_strdup(arenas[a], "goes on"));
    }
    assert_string_equal(kept, "kept");
    oktai_arena_clear(&empty);
    oktai_arena_clear(&used);
}

static void copies_texts(void **state)
{
    oktai_arena arena = {0};
    (void)state;
    assert_memory_equal(oktai_arena_copy(&arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(oktai_arena_copy(&arena, "abc", 2), "ab");
    assert_string_equal(oktai_arena_copy(&arena, "abc", 1), "a");
    assert_string_equal(oktai_arena_copy(&arena, NULL, 0), "");
    assert_string_equal(oktai_arena_strdup(&arena, ""), "");
    assert_string_equal(oktai_arena_strdup(&arena, "abc"), "abc");
    assert_null(oktai_arena_strdup(&arena, NULL));
    for (size_t length = 0; length < 5000; length += 13) {
        char *text = malloc(length + 1);
        assert_non_null(text);
        memset(text, 'a', length);
        const char *copy = oktai_arena_copy(&arena, text, length);
        assert_non_null(copy);
        assert_int_equal(strlen(copy), length);
        free(text);
    }
    oktai_arena_clear(&arena);
}

static void takes_back_what_the_latest_text_did_not_need(void **state)
{
    oktai_arena arena = {0};
    (void)state;
    char *first = oktai_arena_text(&arena, 100);
    assert_non_null(first);
    memset(first, 'a', 101);
    oktai_arena_shrink(&arena, first, 100, 10);
    first[10] = '\0';
    char *second = oktai_arena_text(&arena, 20);
    assert_ptr_equal(second, first + 11);
    memset(second, 'b', 21);
    oktai_arena_shrink(&arena, first, 10, 0);
    char *third = oktai_arena_text(&arena, 0);
    assert_ptr_equal(third, second + 21);
    *third = '\0';
    oktai_arena_shrink(&arena, third, 0, 0);
    assert_ptr_equal(oktai_arena_text(&arena, 5), third + 1);
    assert_int_equal(strlen(first), 10);
    char *large = oktai_arena_text(&arena, 100000);
    assert_non_null(large);
    oktai_arena_shrink(&arena, first, 10, 0);
    oktai_arena_shrink(&arena, large, 100000, 7);
    assert_ptr_equal(oktai_arena_text(&arena, 50000), large + 8);
    void *piece = oktai_arena_alloc(&arena, 8);
    assert_true(is_aligned(piece));
    oktai_arena_clear(&arena);
}

static void frees_what_it_adopted(void **state)
{
    oktai_arena arena = {0};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char *memory = malloc(64);
        assert_non_null(memory);
        memcpy(memory, SECRET, sizeof SECRET);
        assert_true(oktai_arena_adopt(&arena, memory, 64));
        if (i == 1) {
            frees_watch(memory, 64);
        }
    }
    assert_true(oktai_arena_adopt(&arena, NULL, 0));
    assert_false(frees_happened());
    oktai_arena_clear(&arena);
    assert_true(frees_were_clean());
    assert_null(arena.adopted);
}

static void leaves_memory_to_the_caller_when_it_cannot_adopt(void **state)
{
    oktai_arena arena = {0};
    char *memory = malloc(8);
    (void)state;
    assert_non_null(memory);
    memcpy(memory, "mine", 5);
    allocations_begin(1, true);
    assert_false(oktai_arena_adopt(&arena, memory, 8));
    assert_true(allocations_end());
    oktai_arena_clear(&arena);
    assert_string_equal(memory, "mine");
    free(memory);
}

static void wipes_its_blocks(void **state)
{
    oktai_arena arena = {0};
    (void)state;
    oktai_arena_clear(&arena);
    for (size_t room = 0; room < 100000; room = room * 3 + 1) {
        assert_non_null(oktai_arena_copy(&arena, SECRET, sizeof SECRET));
        assert_non_null(oktai_arena_text(&arena, room));
        /* The block with the text: its bytes up to the end of what was handed out. */
        frees_watch(arena.blocks, (size_t)(arena.next - (char *)arena.blocks));
        oktai_arena_clear(&arena);
        assert_true(frees_were_clean());
        assert_true(arena.blocks == NULL && arena.next == NULL && arena.left == 0);
    }
    char bytes[] = SECRET;
    oktai_wipe(bytes, 5);
    assert_memory_equal(bytes, "\0\0\0\0\0BEGIN", 10);
    oktai_wipe(bytes, 0);
    oktai_wipe(NULL, 0);
    assert_int_equal(bytes[5], 'B');
}

typedef struct thing {
    double number;
    char *text;
} thing;

static int releases_seen;

static void count_release(void *object)
{
    const thing *it = object;
    releases_seen++;
    assert_true(it->text == NULL || strcmp(it->text, "still here") == 0);
}

static void root_carries_its_arena(void **state)
{
    (void)state;
    allocations_begin(0, false);
    thing *it = oktai_root_new(sizeof *it, 600, NULL);
    assert_non_null(it);
    assert_true(is_aligned(it));
    assert_true(it->number == 0 && it->text == NULL);
    oktai_arena *arena = oktai_root_arena(it);
    it->text = oktai_arena_copy(arena, SECRET, strlen(SECRET));
    assert_non_null(oktai_arena_text(arena, 599 - sizeof SECRET));
    assert_int_equal(allocations_seen(), 1);
    frees_watch(arena->blocks, (size_t)(arena->next - (char *)arena->blocks));
    okta_free(it);
    assert_true(frees_were_clean());
}

static void root_is_large_enough_for_any_object(void **state)
{
    (void)state;
    for (size_t size = 0; size < 200000; size = size * 2 + 1) {
        char *object = oktai_root_new(size, size / 3, NULL);
        assert_non_null(object);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(object[i], 0);
        }
        memset(object, 'x', size);
        char *text = oktai_arena_text(oktai_root_arena(object), size);
        assert_non_null(text);
        memset(text, 'y', size + 1);
        assert_true(size == 0 || (object[0] == 'x' && object[size - 1] == 'x'));
        okta_free(object);
    }
}

static void a_root_lives_until_its_last_holder_lets_go(void **state)
{
    thing *it = oktai_root_new(sizeof *it, 0, count_release);
    (void)state;
    assert_non_null(it);
    releases_seen = 0;
    assert_ptr_equal(oktai_root_hold(it), it);
    const thing *shared = oktai_root_share(it);
    assert_ptr_equal(shared, it);
    assert_null(oktai_root_hold(NULL));
    assert_null(oktai_root_share(NULL));
    oktai_root_let_go(NULL);
    okta_free(it);
    it->text = oktai_arena_strdup(oktai_root_arena(it), "still here");
    oktai_root_let_go(shared);
    assert_string_equal(it->text, "still here");
    assert_int_equal(releases_seen, 0);
    frees_watch(oktai_root_arena(it)->blocks, sizeof(oktai_root) + sizeof *it);
    okta_free(it);
    assert_int_equal(releases_seen, 1);
    assert_true(frees_were_clean());
}

enum { HOLDERS = 8, TURNS = 2000 };

static void *hold_and_let_go(void *object)
{
    for (int i = 0; i < TURNS; i++) {
        okta_free(oktai_root_hold(object));
        oktai_root_let_go(oktai_root_share(object));
    }
    okta_free(object);
    return NULL;
}

/* Each thread has a hold of its own, and whoever comes last releases. */
static void threads_may_hold_a_root_together(void **state)
{
    thing *it = oktai_root_new(sizeof *it, 0, count_release);
    pthread_t threads[HOLDERS];
    (void)state;
    assert_non_null(it);
    releases_seen = 0;
    for (int i = 0; i < HOLDERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, hold_and_let_go, oktai_root_hold(it)), 0);
    }
    okta_free(it);
    for (int i = 0; i < HOLDERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(releases_seen, 1);
}

static void free_leaves_null_and_static_objects_alone(void **state)
{
    static struct {
        oktai_root root;
        thing it;
    } constant = {.root = {.magic = OKTAI_ROOT_STATIC, .release = count_release}, .it = {.number = 1}};
    (void)state;
    releases_seen = 0;
    okta_free(NULL);
    okta_free(oktai_root_hold(&constant.it));
    oktai_root_let_go(oktai_root_share(&constant.it));
    okta_free(&constant.it);
    okta_free(&constant.it);
    assert_int_equal(releases_seen, 0);
    assert_true(constant.it.number > 0);
}

/* Uses everything an arena can do; false when something failed. */
static bool use_arena(void)
{
    thing *it = oktai_root_new(sizeof *it, 10, NULL);
    if (it == NULL) {
        return false;
    }
    oktai_arena *arena = oktai_root_arena(it);
    oktai_buffer buffer = {0};
    bool ok = oktai_arena_alloc(arena, 1000) != NULL;
    ok = oktai_arena_text(arena, 3000) != NULL && ok;
    ok = oktai_arena_array(arena, 1000, 8) != NULL && ok;
    ok = oktai_arena_strdup(arena, "short") != NULL && ok;
    ok = oktai_arena_zalloc(arena, 70000) != NULL && ok;
    ok = oktai_buffer_add_text(&buffer, "adopted") && ok;
    if (buffer.data == NULL || !oktai_arena_adopt(arena, buffer.data, buffer.capacity)) {
        ok = false;
        oktai_buffer_clear(&buffer);
    }
    okta_free(it);
    return ok;
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    for (int lasting = 0; lasting < 2; lasting++) {
        bool failed = true;
        size_t nth;
        for (nth = 1; failed; nth++) {
            allocations_begin(nth, lasting != 0);
            bool ok = use_arena();
            failed = allocations_end();
            assert_true(failed != ok);
        }
        assert_true(nth > 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aligns_pieces_behind_odd_texts),
        cmocka_unit_test(gives_pieces_that_do_not_overlap),
        cmocka_unit_test(gives_zeroed_memory_where_it_says_so),
        cmocka_unit_test(gives_empty_pieces),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(copies_texts),
        cmocka_unit_test(takes_back_what_the_latest_text_did_not_need),
        cmocka_unit_test(frees_what_it_adopted),
        cmocka_unit_test(leaves_memory_to_the_caller_when_it_cannot_adopt),
        cmocka_unit_test(wipes_its_blocks),
        cmocka_unit_test(root_carries_its_arena),
        cmocka_unit_test(root_is_large_enough_for_any_object),
        cmocka_unit_test(a_root_lives_until_its_last_holder_lets_go),
        cmocka_unit_test(threads_may_hold_a_root_together),
        cmocka_unit_test(free_leaves_null_and_static_objects_alone),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
