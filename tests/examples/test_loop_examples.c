/* SPDX-License-Identifier: Apache-2.0 */
/* The examples in event loops of other projects, as programs of their own, against a mock org. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "example_world.h"
#include "expect_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const programs[] = {
#include "loop_programs.inc"
};

#define PROGRAMS (sizeof programs / sizeof programs[0])

static int set_up(void **state)
{
    const mock_org_options options = {.users = 1};
    *state = example_world_start(&options);
    return 0;
}

static void run(example_world *f, const char *program, const char *token, const char *const *arguments)
{
    char variable[64];
    snprintf(variable, sizeof variable, "OKTA_CLIENT_TOKEN=%s", token);
    example_run(f, program, arguments, (const char *const[]){variable, NULL});
}

/* Each line of `text` is one of these, and each of these is there. */
static void assert_lines(const char *text, const char *const *lines)
{
    size_t length = 0;
    for (; *lines != NULL; lines++) {
        assert_contains(text, *lines);
        length += strlen(*lines);
    }
    assert_int_equal(strlen(text), length);
}

static void each_counts_keys_beside_its_own_work(void **state)
{
    example_world *f = *state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        bool has_pipe = strstr(programs[i], "loop_poll") != NULL;
        run(f, programs[i], "mock-token", (const char *const[]){MOCK_WEB_APP, MOCK_SERVICE_APP, NULL});
        assert_string_equal(f->result.err, "");
        assert_int_equal(f->result.exit_code, 0);
        assert_lines(f->result.out,
                     (const char *const[]){MOCK_WEB_APP " 0\n", MOCK_SERVICE_APP " 0\n",
                                           has_pipe ? "the pipe is read\n" : "the timer rings\n", NULL});
    }
    assert_int_equal(mock_org_request_count(f->org), 2 * PROGRAMS);
}

static void each_tells_what_went_wrong_and_ends(void **state)
{
    example_world *f = *state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        run(f, programs[i], "mock-token", (const char *const[]){"0oanosuchapp", "..", MOCK_WEB_APP, NULL});
        assert_int_equal(f->result.exit_code, 1);
        assert_contains(f->result.err, "0oanosuchapp: listJwk: HTTP 404");
        assert_contains(f->result.err, "..: listJwk: ");
        assert_contains(f->result.out, MOCK_WEB_APP " 0\n");
        run(f, programs[i], "mock-token", (const char *const[]){"..", NULL}); /* nothing is submitted */
        assert_int_equal(f->result.exit_code, 1);
        run(f, programs[i], "mock-token", (const char *const[]){NULL});
        assert_int_equal(f->result.exit_code, 2);
        assert_contains(f->result.err, "usage: ");
        run(f, programs[i], "", (const char *const[]){MOCK_WEB_APP, NULL});
        assert_int_equal(f->result.exit_code, 1);
        assert_string_equal(f->result.out, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_counts_keys_beside_its_own_work, set_up, example_world_teardown),
        cmocka_unit_test_setup_teardown(each_tells_what_went_wrong_and_ends, set_up, example_world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
