/* SPDX-License-Identifier: Apache-2.0 */
/* The example that rotates a key, run as a person runs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "example_world.h"
#include "okta/api/application_sso_public_keys.h"

#define APP MOCK_SERVICE_APP

static void run(example_world *f, const char *folder, const char *grace)
{
    example_run(f, EXAMPLE_ROTATE_KEY, (const char *const[]){APP, folder, grace, NULL},
                (const char *const[]){"OKTA_CLIENT_TOKEN=mock-token", NULL});
}

/* The kid that `current` leads to. */
static void read_current(const char *folder, char kid[128])
{
    char path[160];
    snprintf(path, sizeof path, "%s/current", folder);
    ssize_t length = readlink(path, kid, 127);
    assert_true(length > 4);
    kid[length - 4] = '\0'; /* .pem */
}

static size_t count_keys(const example_world *f, const char *kid)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *keys = NULL;
    options.org_url = mock_org_url(f->org);
    options.token = "mock-token";
    assert_null(okta_client_new(&options, &client));
    assert_null(okta_list_jwk(client, APP, &keys));
    size_t count = keys->count;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found = found || (strcmp(keys->items[i]->kid, kid) == 0 &&
                          keys->items[i]->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
    }
    assert_true(found);
    okta_free(keys);
    okta_free(client);
    return count;
}

/* The files of the example are in a folder of their own. */
static void empty(const char *folder, char kids[][128], size_t count)
{
    static const char *const names[] = {"journal", "journal-wal", "journal-shm", "current"};
    char path[320];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s.pem", folder, kids[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void rotates_again_and_again(void **state)
{
    example_world *f = *state;
    char folder[128];
    char kids[2][128];
    snprintf(folder, sizeof folder, "%s/keys", f->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    run(f, folder, "0"); /* the first key */
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    read_current(folder, kids[0]);
    assert_int_equal(count_keys(f, kids[0]), 1);
    run(f, folder, "0");
    assert_int_equal(f->result.exit_code, 0);
    assert_non_null(strstr(f->result.out, "is the only one\n"));
    read_current(folder, kids[1]);
    assert_string_not_equal(kids[0], kids[1]);
    assert_int_equal(count_keys(f, kids[1]), 1);
    empty(folder, kids, 2);
}

static void waits_for_the_grace_period(void **state)
{
    example_world *f = *state;
    char folder[128];
    char kids[2][128];
    snprintf(folder, sizeof folder, "%s/keys", f->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    run(f, folder, "0");
    read_current(folder, kids[0]);
    run(f, folder, "3600");
    assert_int_equal(f->result.exit_code, 0);
    assert_non_null(strstr(f->result.out, " is switched; the next step is due at "));
    read_current(folder, kids[1]);
    size_t requests = mock_org_request_count(f->org);
    run(f, folder, "3600");
    assert_int_equal(f->result.exit_code, 0);
    assert_int_equal(mock_org_request_count(f->org), requests); /* nothing is due */
    assert_int_equal(count_keys(f, kids[1]), 2);
    empty(folder, kids, 2);
}

static int setup(void **state)
{
    *state = example_world_start(NULL);
    return *state == NULL;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, example_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(rotates_again_and_again),
        TEST(waits_for_the_grace_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
