/* SPDX-License-Identifier: Apache-2.0 */
/* The service example as it runs in a pod: a user who is not root and owns nothing, and the key in a secret
 * that Kubernetes mounts with `fsGroup`. Root alone can make such a place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "example_world.h"
#include "expect_text.h"
#include "mock_oauth.h"
#include "register_key.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APP     MOCK_SERVICE_APP
#define KID     "of-the-pod"
#define SETPRIV "/usr/bin/setpriv"

/* Nobody's numbers: there is no account of them. */
#define FS_GROUP 60200
#define AS_USER  "--reuid=60123"
#define IN_GROUP "--regid=60123"

/* What stands in the volume, in the order in which it is made. */
static const char *const names[] = {"/..2026_11_29_18_00_00.1", "/..2026_11_29_18_00_00.1/okta.pem",
                                    "/..data", "/okta.pem"};

/* Where a build that counts lines lets the pod's user count: the place of the counts is root's. */
#define COUNTS "/counts"

static char path[256];

static const char *in_volume(const example_world *f, size_t index)
{
    snprintf(path, sizeof path, "%s%s", f->folder, names[index]);
    return path;
}

static int set_up(void **state)
{
    example_world *f = example_world_start(NULL);
    *state = f;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &f->key));
    register_key(f->org, APP, f->key, KID);
    if (geteuid() != 0) {
        return 0;
    }
    snprintf(path, sizeof path, "%s" COUNTS, f->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chmod(path, 0777), 0);
    assert_int_equal(chown(f->folder, 0, FS_GROUP), 0);
    assert_int_equal(chmod(f->folder, 03777), 0);
    assert_int_equal(mkdir(in_volume(f, 0), 0755), 0);
    assert_int_equal(chown(in_volume(f, 0), 0, FS_GROUP), 0);
    assert_null(okta_key_write_private_pem(f->key, in_volume(f, 1)));
    assert_int_equal(chown(in_volume(f, 1), 0, FS_GROUP), 0);
    assert_int_equal(chmod(in_volume(f, 1), 0440), 0);
    assert_int_equal(symlink("..2026_11_29_18_00_00.1", in_volume(f, 2)), 0);
    assert_int_equal(symlink("..data/okta.pem", in_volume(f, 3)), 0);
    return 0;
}

static int tear_down(void **state)
{
    example_world *f = *state;
    char counts[256];
    const char *const arguments[] = {"-rf", "--", counts, NULL};
    const char *const variables[] = {NULL};
    snprintf(counts, sizeof counts, "%s" COUNTS, f->folder);
    example_run(f, "/bin/rm", arguments, variables);
    for (size_t i = sizeof names / sizeof names[0]; i-- > 0;) {
        if (unlink(in_volume(f, i)) != 0) {
            (void)rmdir(in_volume(f, i));
        }
    }
    return example_world_teardown(state);
}

/* `groups` is an option of setpriv. */
static void run_as_the_pods_user(example_world *f, const char *groups)
{
    char key_file[300];
    char counts[300];
    const char *const arguments[] = {AS_USER, IN_GROUP, groups, EXAMPLE_SERVICE_APP, APP, NULL};
    snprintf(key_file, sizeof key_file, "OKTA_CLIENT_PRIVATEKEY=%s", in_volume(f, 3));
    snprintf(counts, sizeof counts, "GCOV_PREFIX=%s" COUNTS, f->folder);
    const char *const variables[] = {key_file,
                                     counts,
                                     "HOME=/",
                                     "NO_PROXY=127.0.0.1",
                                     "OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey",
                                     "OKTA_CLIENT_CLIENTID=" APP,
                                     "OKTA_CLIENT_SCOPES=okta.apps.read",
                                     NULL};
    example_run(f, SETPRIV, arguments, variables);
}

/* Whether everyone may run the example, which is in a folder that everyone may go to. */
static bool is_open_to_others(void)
{
    char part[] = EXAMPLE_SERVICE_APP;
    for (char *end = part + strlen(part); end != NULL && end != part; end = strrchr(part, '/')) {
        struct stat about;
        *end = '\0';
        if (stat(part, &about) != 0 || (about.st_mode & S_IXOTH) == 0) {
            return false;
        }
    }
    return true;
}

static void skip_where_there_is_no_pod(void)
{
    if (geteuid() != 0 || access(SETPRIV, X_OK) != 0) {
        print_message("skipped: only root can become another user, by setpriv\n");
        skip();
    }
    if (!is_open_to_others()) {
        print_message("skipped: another user cannot run the example\n");
        skip();
    }
}

/* The key is known by a kid that nobody told the program: it is the only one, so that none is needed. */
static void a_user_of_the_volumes_group_lists_keys(void **state)
{
    example_world *f = *state;
    skip_where_there_is_no_pod();
    run_as_the_pods_user(f, "--groups=60200");
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_contains(f->result.out, " " KID " ACTIVE\n");
    assert_int_equal(mock_org_request_count(f->org), 3);
}

static void another_user_is_told_which_file_is_closed(void **state)
{
    example_world *f = *state;
    skip_where_there_is_no_pod();
    run_as_the_pods_user(f, "--clear-groups");
    assert_int_equal(f->result.exit_code, 1);
    assert_contains(f->result.err, "CONFIG: ");
    assert_contains(f->result.err, in_volume(f, 3));
    assert_int_equal(mock_org_request_count(f->org), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_user_of_the_volumes_group_lists_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_user_is_told_which_file_is_closed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
