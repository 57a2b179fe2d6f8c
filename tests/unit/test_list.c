/* SPDX-License-Identifier: Apache-2.0 */
/* Lists whose elements hold their own links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/list.h"

typedef struct letter {
    oktai_link link;
    char name;
} letter;

/* Spells a list from its first element to its last, and looks that it reads the same from its end. */
static void spells(const oktai_list *list, const char *expected)
{
    char forward[8] = {0};
    char backward[8] = {0};
    size_t count = 0;
    for (const letter *at = oktai_list_first(list); at != NULL; at = oktai_list_after(&at->link)) {
        assert_true(count < sizeof forward - 1);
        forward[count++] = at->name;
    }
    size_t place = count;
    for (const oktai_link *at = list->last; at != NULL; at = at->ahead) {
        assert_true(place > 0);
        backward[--place] = ((const letter *)at)->name;
    }
    assert_int_equal(place, 0);
    assert_string_equal(forward, expected);
    assert_string_equal(backward, expected);
    assert_int_equal(list->count, count);
    assert_ptr_equal(oktai_list_last(list), list->last);
}

static void keeps_the_order_in_which_elements_come(void **state)
{
    (void)state;
    oktai_list list = {0};
    letter a = {.name = 'a'};
    letter b = {.name = 'b'};
    letter c = {.name = 'c'};
    spells(&list, "");
    oktai_list_append(&list, &a.link);
    spells(&list, "a");
    oktai_list_append(&list, &b.link);
    oktai_list_append(&list, &c.link);
    spells(&list, "abc");
}

static void puts_an_element_behind_any_other(void **state)
{
    (void)state;
    oktai_list list = {0};
    letter a = {.name = 'a'};
    letter b = {.name = 'b'};
    letter c = {.name = 'c'};
    letter d = {.name = 'd'};
    oktai_list_insert(&list, NULL, &c.link);
    spells(&list, "c");
    oktai_list_insert(&list, NULL, &a.link);
    spells(&list, "ac");
    oktai_list_insert(&list, &a.link, &b.link);
    spells(&list, "abc");
    oktai_list_insert(&list, &c.link, &d.link);
    spells(&list, "abcd");
}

/* Three elements leave in each of the six orders, and come back into another list. */
static void lets_elements_leave_in_any_order(void **state)
{
    (void)state;
    static const char *const orders[] = {"abc", "acb", "bac", "bca", "cab", "cba"};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        oktai_list list = {0};
        oktai_list other = {0};
        letter letters[] = {{.name = 'a'}, {.name = 'b'}, {.name = 'c'}};
        char left[4] = "abc";
        char gone[4] = "";
        for (size_t k = 0; k < 3; k++) {
            oktai_list_append(&list, &letters[k].link);
        }
        for (size_t k = 0; k < 3; k++) {
            char name = orders[i][k];
            char *place = strchr(left, name);
            memmove(place, place + 1, strlen(place));
            gone[k] = name;
            oktai_list_remove(&list, &letters[name - 'a'].link);
            oktai_list_append(&other, &letters[name - 'a'].link);
            spells(&list, left);
            spells(&other, gone);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_order_in_which_elements_come),
        cmocka_unit_test(puts_an_element_behind_any_other),
        cmocka_unit_test(lets_elements_leave_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
