/* SPDX-License-Identifier: Apache-2.0 */
/* okta_extra() in models with few and with many extras: what it finds, and in how many comparisons. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "okta/okta.h"
#include "unit/allocations.h"
#include "json/model_parts.h"

#define NAME_MAX_SIZE 32u

static size_t comparisons;

int __real_strcmp(const char *a, const char *b);
int __wrap_strcmp(const char *a, const char *b);

int __wrap_strcmp(const char *a, const char *b)
{
    comparisons++;
    return __real_strcmp(a, b);
}

/* The name of an extra: none has the order of its number. */
static void write_name(char name[NAME_MAX_SIZE], size_t number)
{
    snprintf(name, NAME_MAX_SIZE, "m%zu", number * 7919 % 100003);
}

/* {"m...":0,"m...":1,...}: so many members; each name stands `times` times. Release it with free(). */
static char *document(size_t names, size_t times)
{
    char *json = malloc(names * times * 48 + 3);
    assert_non_null(json);
    char *at = json;
    *at++ = '{';
    for (size_t i = 0; i < names * times; i++) {
        char name[NAME_MAX_SIZE];
        write_name(name, i % names);
        at += snprintf(at, 48, "%s\"%s\":%zu", i == 0 ? "" : ",", name, i);
    }
    *at++ = '}';
    *at = '\0';
    return json;
}

static okta_oauth2_client_jwk *decoded(const char *json)
{
    okta_oauth2_client_jwk *jwk = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &jwk));
    return jwk;
}

static void expect_extra(const void *model, size_t number)
{
    char name[NAME_MAX_SIZE];
    char value[NAME_MAX_SIZE];
    write_name(name, number);
    snprintf(value, sizeof value, "%zu", number);
    const char *found = okta_extra(model, name);
    assert_non_null(found);
    assert_string_equal(found, value);
}

static void finds_each_extra_in_few_comparisons(void **state)
{
    (void)state;
    static const struct {
        size_t count, most;
    } cases[] = {{1, 1}, {64, 64}, {65, 8}, {1000, 11}, {10000, 15}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *json = document(cases[i].count, 1);
        okta_oauth2_client_jwk *jwk = decoded(json);
        assert_int_equal(jwk->model.extra_count, cases[i].count);
        assert_true((jwk->model.extra_index != NULL) == (cases[i].count > OKTAI_EXTRAS_FEW));
        for (size_t number = 0; number < cases[i].count; number++) {
            comparisons = 0;
            const okta_member *extra = oktai_extra_find(&jwk->model, jwk->model.extras[number].name);
            assert_true(comparisons <= cases[i].most);
            assert_ptr_equal(extra, &jwk->model.extras[number]); /* and the order is the server's */
            expect_extra(jwk, number);
        }
        assert_null(okta_extra(jwk, "m"));
        assert_null(okta_extra(jwk, ""));
        assert_null(okta_extra(jwk, "z"));
        okta_free(jwk);
        free(json);
    }
}

static void finds_the_first_of_extras_with_one_name(void **state)
{
    (void)state;
    static const size_t counts[] = {10, 40, 500};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char *json = document(counts[i], 5);
        okta_oauth2_client_jwk *jwk = decoded(json);
        assert_int_equal(jwk->model.extra_count, 5 * counts[i]);
        for (size_t number = 0; number < counts[i]; number++) {
            expect_extra(jwk, number);
        }
        okta_free(jwk);
        free(json);
    }
}

/* Names that a server may choose to make sorting slow: in order, in reverse order, all the same, and with a
 * long beginning that they share. */
static void write_chosen(char name[NAME_MAX_SIZE], int order, size_t number)
{
    static const char *const beginnings[] = {"", "", "", "ab", "shared.8", "a-beginning.of.20.by"};
    const char *beginning = beginnings[order];
    size_t chosen = order == 1   ? 999999 - number
                    : order == 2 ? 0
                    : order == 0 ? number
                                 : number * 7919 % 100003;
    snprintf(name, NAME_MAX_SIZE, order == 3 ? "%s%zu" : "%s%06zu", beginning, chosen);
}

static void sorts_chosen_names_in_few_comparisons(void **state)
{
    (void)state;
    enum { COUNT = 4096, MOST = 32 * COUNT };
    for (int order = 0; order < 6; order++) {
        char *json = malloc((size_t)COUNT * 48 + 3);
        char name[NAME_MAX_SIZE];
        assert_non_null(json);
        char *at = json;
        for (size_t i = 0; i < COUNT; i++) {
            write_chosen(name, order, i);
            at += snprintf(at, 48, "%s\"%s\":%zu", i == 0 ? "{" : ",", name, i);
        }
        snprintf(at, 2, "}");
        comparisons = 0;
        okta_oauth2_client_jwk *jwk = decoded(json);
        assert_true(comparisons <= MOST);
        for (size_t i = 0; i < COUNT; i++) {
            write_chosen(name, order, i);
            const okta_member *extra = oktai_extra_find(&jwk->model, name);
            assert_ptr_equal(extra, &jwk->model.extras[order == 2 ? 0 : i]);
        }
        okta_free(jwk);
        free(json);
    }
}

/* Names that end at, before and behind each eighth byte, of which each stands three times. */
static void finds_names_of_every_length(void **state)
{
    (void)state;
    enum { LENGTHS = 200, TIMES = 3 };
    char *json = malloc((size_t)TIMES * LENGTHS * (LENGTHS + 16));
    char name[LENGTHS + 1];
    assert_non_null(json);
    char *at = json;
    *at++ = '{';
    for (size_t i = 0; i < (size_t)TIMES * LENGTHS; i++) {
        size_t length = i * 7 % LENGTHS;
        memset(name, 'q', length);
        name[length] = '\0';
        at += snprintf(at, LENGTHS + 16, "%s\"%s\":%zu", i == 0 ? "" : ",", name, i);
    }
    snprintf(at, 2, "}");
    okta_oauth2_client_jwk *jwk = decoded(json);
    for (size_t i = 0; i < LENGTHS; i++) {
        size_t length = i * 7 % LENGTHS;
        memset(name, 'q', length);
        name[length] = '\0';
        assert_ptr_equal(oktai_extra_find(&jwk->model, name), &jwk->model.extras[i]);
    }
    okta_free(jwk);
    free(json);
}

/* A program may give a decoded model other extras, or fewer. */
static void looks_into_the_extras_that_a_program_set(void **state)
{
    (void)state;
    const okta_member own[] = {{.name = "own", .json = "true"}, {.name = "m0", .json = "false"}};
    char *json = document(200, 1);
    okta_oauth2_client_jwk *jwk = decoded(json);
    expect_extra(jwk, 100);
    jwk->model.extra_count = 100;
    char name[NAME_MAX_SIZE];
    write_name(name, 100);
    assert_null(okta_extra(jwk, name));
    expect_extra(jwk, 99);
    jwk->model.extras = own;
    jwk->model.extra_count = 2;
    assert_string_equal(okta_extra(jwk, "own"), "true");
    assert_string_equal(okta_extra(jwk, "m0"), "false");
    assert_null(okta_extra(jwk, name));
    okta_free(jwk);
    free(json);
}

static void copies_have_an_index_of_their_own(void **state)
{
    (void)state;
    char *json = document(200, 1);
    okta_oauth2_client_jwk *jwk = decoded(json);
    okta_oauth2_client_jwk *copy = NULL;
    assert_null(okta_copy(okta_oauth2_client_jwk_descriptor(), jwk, &copy));
    okta_free(jwk);
    assert_non_null(copy->model.extra_index);
    for (size_t number = 0; number < 200; number++) {
        expect_extra(copy, number);
    }
    okta_free(copy);
    free(json);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    char *json = document(2000, 1);
    size_t length = strlen(json);
    bool struck = true;
    for (size_t nth = 1; struck; nth++) {
        okta_oauth2_client_jwk *jwk = NULL;
        allocations_begin(nth, false);
        okta_error *error = okta_from_json(okta_oauth2_client_jwk_descriptor(), json, length, &jwk);
        struck = allocations_end();
        assert_true(struck == (error != NULL));
        assert_true(!struck || okta_error_status(error) == OKTA_E_NOMEM);
        okta_free(error);
        okta_free(jwk);
    }
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_extra_in_few_comparisons),
        cmocka_unit_test(finds_the_first_of_extras_with_one_name),
        cmocka_unit_test(sorts_chosen_names_in_few_comparisons),
        cmocka_unit_test(finds_names_of_every_length),
        cmocka_unit_test(looks_into_the_extras_that_a_program_set),
        cmocka_unit_test(copies_have_an_index_of_their_own),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
