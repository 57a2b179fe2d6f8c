/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of an assertion of a file in memory that was given back: nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "auth/assertion_file.h"
#include "auth/token.h"
#include "unit/residue.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* {"sub":"0oa1"}, and another client. */
#define JWT(claims)                                                                                          \
    "eyJhbGciOiJFUzI1NiJ9." claims ".c4n4rySIGNATUREthatIsLongerThanOneBuffer0123456789abcdefghij"
#define GOOD_CLAIMS  "eyJzdWIiOiIwb2ExIn0"
#define OTHER_CLAIMS "eyJzdWIiOiIwb2EyIn0"
#define CANARY       "c4n4rySIGNATUREthat"

/* So many characters that stand together are too many. */
#define IN_HEAP  8u
#define ON_STACK 16u

static char path[64];

static int begin(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/okta-residue-XXXXXX");
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int end(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static size_t found(size_t width)
{
    size_t hits = 0;
    for (size_t at = 0; at + width <= sizeof CANARY - 1; at++) {
        char needle[ON_STACK + 1] = "";
        memcpy(needle, &CANARY[at], width);
        hits += residue_found(needle, width);
    }
    return hits;
}

/* NULL, or the error. */
static void *ask(void *ctx)
{
    (void)ctx;
    const oktai_assertion_file file = {.what = "assertion_file", .path = path};
    const oktai_service_app app = {.client_id = "0oa1", .scopes = "s", .assertion_file = &file};
    oktai_buffer form = {0};
    okta_error *error = oktai_token_request_write(&app, false, 0, NULL, &form);
    assert_int_equal(error == NULL, strstr(form.data, CANARY) != NULL);
    oktai_buffer_clear(&form);
    return error;
}

static const struct {
    const char *text;
    okta_status status;
} files[] = {
    {JWT(GOOD_CLAIMS), OKTA_OK},
    {JWT(GOOD_CLAIMS) "\n", OKTA_OK},
    {JWT(OTHER_CLAIMS), OKTA_E_CONFIG},
    {JWT(GOOD_CLAIMS) "\n\n", OKTA_E_CONFIG},
    {JWT(GOOD_CLAIMS) ".e30", OKTA_E_CONFIG},
    {JWT("e30x"), OKTA_E_CONFIG},
    {CANARY, OKTA_E_CONFIG},
};

static void nothing_is_left_in_the_heap(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        write_file(files[i].text);
        residue_begin();
        okta_error *error = ask(NULL);
        assert_int_equal(okta_error_status(error), files[i].status);
        assert_null(strstr(okta_error_message(error), "c4n4ry"));
        okta_free(error);
        residue_end();
        assert_true(residue_count() >= 3);
        assert_int_equal(found(IN_HEAP), 0);
        residue_forget();
    }
}

static void nothing_is_left_on_the_stack(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        write_file(files[i].text);
        okta_error *error = residue_of_stack(ask, NULL);
        assert_int_equal(okta_error_status(error), files[i].status);
        okta_free(error);
        assert_int_equal(found(ON_STACK), 0);
        residue_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_left_in_the_heap, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_left_on_the_stack, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
