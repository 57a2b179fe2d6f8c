/* SPDX-License-Identifier: Apache-2.0 */
/* Queries, forms and multipart bodies: what is the same, and where two of them differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "okta-replay/pairs.h"
#include "okta-replay/parts.h"
#include "okta/memory.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct comparison_case {
    const char *expected;
    const char *actual;
    const char *complaint; /* NULL: they are the same */
} comparison_case;

static void expect(const comparison_case *one, okta_error *error)
{
    const char *message = error == NULL ? NULL : okta_error_message(error);
    if ((message == NULL) != (one->complaint == NULL) ||
        (message != NULL && strstr(message, one->complaint) == NULL)) {
        fail_msg("%s and %s: %s", one->expected, one->actual, message == NULL ? "the same" : message);
    }
    okta_free(error);
}

static const comparison_case queries[] = {
    {"", "", NULL},
    {"a=1&b=2", "b=2&a=1", NULL},
    {"a=x%20y", "a=x+y", NULL},
    {"a=%2B", "a=+", "parameter a"},
    {"a=1,2", "a=1%2c2", NULL},
    {"a=1&a=2", "a=2&a=1", NULL},
    {"a=1&a=1", "a=1", "parameter a"},
    {"a=1", "", "parameter a"},
    {"", "b=1", "parameter b"},
    {"a=1&c=1", "a=1&b=1", "parameter c"},
    {"a=", "a", NULL},
    {"&&a=1&", "a=1", NULL},
    {"a=b=c", "a=b%3Dc", NULL},
};

static void queries_are_compared_by_their_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(queries); i++) {
        oktai_arena arena = {0};
        pair_list expected;
        pair_list actual;
        assert_null(pairs_read(&arena, queries[i].expected, &expected));
        assert_null(pairs_read(&arena, queries[i].actual, &actual));
        expect(&queries[i], pairs_compare(&expected, &actual));
        oktai_arena_clear(&arena);
    }
}

#define TEXT(boundary, name, value)                                                                          \
    "--" boundary "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(boundary, name, file, value)                                                               \
    "--" boundary "\r\ncontent-type: image/png\r\ncontent-disposition: form-data; name=\"" name              \
    "\"; filename=\"" file "\"\r\n\r\n" value "\r\n"

#define HEADED(disposition, more, value)                                                                     \
    "--b\r\nContent-Disposition: " disposition "\r\n" more "\r\n" value "\r\n--b--"

static const comparison_case bodies[] = {
    {TEXT("b", "n", "1") "--b--\r\n", TEXT("other", "n", "1") "--other--", NULL},
    {TEXT("b", "n", "1") FILE_PART("b", "f", "a.png", "\x89PNG\r\n") "--b--",
     FILE_PART("c", "f", "a.png", "\x89PNG\r\n") TEXT("c", "n", "1") "--c--", NULL},
    {TEXT("b", "n", "") "--b--", TEXT("b", "n", "") "--b--", NULL},
    {TEXT("b", "n", "1") "--b--", TEXT("b", "n", "2") "--b--", "the part n"},
    {TEXT("b", "n", "1") "--b--", TEXT("b", "n", "1") TEXT("b", "n", "1") "--b--", "the part n"},
    {FILE_PART("b", "f", "a", "x") "--b--", FILE_PART("b", "f", "b", "x") "--b--", "the part f"},
    {FILE_PART("b", "f", "a", "x") "--b--", TEXT("b", "f", "x") "--b--", "the part f"},
    {TEXT("b", "n", "1") "--b--", "--b--", "no multipart"},
    {TEXT("b", "n", "1") "--b--", "", "no multipart"},
    {TEXT("b", "n", "1") "--b--", TEXT("b", "n", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", "--b\r\nx: y\r\n\r\n1\r\n--b--", "no multipart"},
    {TEXT("b", "n", "1") "--b--", "--b\r\n--b--", "no multipart"},
    {TEXT("b", "n", "1") "--b--", "--b\r\nContent-Disposition: form-data; name=\"n\r\n\r\n1\r\n--b--",
     "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data;filename=\"f\" ; NAME=\"n\"", "", "1"), "the part n"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=\"n\"", "x: y\r\n", "1"), NULL},
    {TEXT("b", "n", "1\r\n\r\n2") "--b--",
     "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n1\r\n\r\n2\r\n--b--", "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=n", "", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=\"n\"; filename=f", "", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=\"n; filename=\"f\"", "", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=\"n\"; name=\"n\"", "", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=\"n\";", "", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("attachment; name=\"n\"", "", "1"), "no multipart"},
    {TEXT("b", "n", "1") "--b--", HEADED("form-data; name=\"n\"", "no header\r\n", "1"), "no multipart"},
};

static void multipart_bodies_are_compared_by_their_parts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        oktai_arena arena = {0};
        part_list expected;
        part_list actual;
        const recorded_body first = {bodies[i].expected, strlen(bodies[i].expected)};
        const recorded_body second = {bodies[i].actual, strlen(bodies[i].actual)};
        assert_null(parts_read(&arena, &first, &expected));
        okta_error *error = parts_read(&arena, &second, &actual);
        expect(&bodies[i], error == NULL ? parts_compare(&expected, &actual) : error);
        oktai_arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_are_compared_by_their_pairs),
        cmocka_unit_test(multipart_bodies_are_compared_by_their_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
