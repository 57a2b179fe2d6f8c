/* SPDX-License-Identifier: Apache-2.0 */
/* Which files may hold a secret, by owner, group and mode. Other users are needed for that: root makes the
 * files, and children that gave their rights away read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <grp.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/secret_file.h"
#include "okta/config.h"
#include "unit/allocations.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define USER  54321u
#define GROUP 54322u /* of the user beside its own */
#define OTHER 54323u

static const char text[] = "the secret";
static char folder[64];

static int begin(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/okta-secret-XXXXXX");
    return mkdtemp(folder) == NULL || chmod(folder, 0755) != 0 ? -1 : 0;
}

static const char *path_of(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int end(void **state)
{
    (void)state;
    static const char *const names[] = {"key", "link", "..data", "..2026/key", "..2026"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (unlink(path_of(names[i])) != 0) {
            (void)rmdir(path_of(names[i]));
        }
    }
    return rmdir(folder);
}

static void write_file(const char *name, uid_t user, gid_t group, mode_t mode)
{
    (void)unlink(path_of(name));
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chown(path_of(name), user, group), 0);
    assert_int_equal(chmod(path_of(name), mode), 0);
}

/* The message of the error, "" for success. */
static void read_here(const char *name, bool readable, char out[512])
{
    const oktai_secret_file file = {"a_key", path_of(name), "shown", readable, "say so"};
    oktai_buffer bytes = {0};
    okta_error *error = oktai_secret_file_read(&file, &bytes);
    bool is_read =
        error == NULL && bytes.length == sizeof text - 1 && memcmp(bytes.data, text, bytes.length) == 0;
    (void)snprintf(out, 512, "%s", error != NULL ? okta_error_message(error) : is_read ? "" : "other bytes");
    okta_free(error);
    oktai_buffer_clear(&bytes);
}

/* The same in a child that is the user. */
static void read_as_user(const char *name, bool readable, char out[512])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const gid_t groups[] = {USER, GROUP};
        char message[512] = "no rights given away";
        if (setgroups(COUNT(groups), groups) == 0 && setgid(USER) == 0 && setuid(USER) == 0) {
            read_here(name, readable, message);
        }
        ssize_t written = write(ends[1], message, sizeof message);
        _exit(written == (ssize_t)sizeof message ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(read(ends[0], out, 512), 512);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

#define DENIED(owner, group, mode)                                                                           \
    "a_key: cannot open \"shown\": Permission denied (errno 13); its owner is " #owner ", its group " #group \
    ", its mode " mode "; this process is 54321: "
#define AS_ROOT                                                                                              \
    "as root, chmod 0440 and chgrp to a group of this process (defaultMode: 0440 and fsGroup in a pod)"
#define IN_GROUP "run with that group, or chgrp the file (fsGroup in a pod)"
#define ANOTHER  "belongs to another user (54323, and this process is 54321): "
#define CHOWN    "chown 54321 the file, or run as user 54323"
#define CLOSED   "is open to others (mode "

static const struct {
    const char *label;
    uid_t user;
    gid_t group;
    mode_t mode;
    const char *says, *says_readable; /* "": it is read */
} cases[] = {
    {"own, closed", USER, USER, 0600, "", ""},
    {"own, read only", USER, USER, 0400, "", ""},
    {"own, read by its group", USER, USER, 0640, CLOSED, ""},
    {"own, read by another group of the process", USER, GROUP, 0440, CLOSED, ""},
    {"own, written by its group", USER, USER, 0620, CLOSED, CLOSED},
    {"own, read by everyone", USER, USER, 0444, CLOSED, ""},
    {"own, written by everyone", USER, USER, 0666, CLOSED, CLOSED},
    {"root's, read by the process's group", 0, USER, 0440, "", ""},
    {"root's, read by a further group of the process", 0, GROUP, 0440, "", ""},
    {"root's, written by root", 0, GROUP, 0640, "", ""},
    {"root's, written by the process's group", 0, GROUP, 0660,
     CLOSED "0660): chmod 0440 as root (defaultMode: 0440 in a pod)", CLOSED "0660): chmod go-w"},
    {"root's, executable for the group", 0, GROUP, 0450, CLOSED, CLOSED},
    {"root's, read by everyone", 0, GROUP, 0444,
     CLOSED "0444): chmod 0440 as root (defaultMode: 0440 in a pod); say so", ""},
    {"root's, read by everyone but root's group", 0, 0, 0404, CLOSED, ""},
    {"root's, closed", 0, 0, 0600, DENIED(0, 0, "0600") AS_ROOT, DENIED(0, 0, "0600") AS_ROOT},
    {"root's, read by a group that the process is not of", 0, OTHER, 0440, DENIED(0, 54323, "0440") IN_GROUP,
     DENIED(0, 54323, "0440") IN_GROUP},
    {"own, closed to its owner", USER, USER, 0200, DENIED(54321, 54321, "0200") "chmod 600",
     DENIED(54321, 54321, "0200") "chmod 600"},
    {"another user's, closed", OTHER, OTHER, 0600, DENIED(54323, 54323, "0600") CHOWN,
     DENIED(54323, 54323, "0600") CHOWN},
    {"another user's, read by the process's group", OTHER, GROUP, 0440, ANOTHER CHOWN, ANOTHER CHOWN},
    {"another user's, read by everyone", OTHER, OTHER, 0444, ANOTHER CHOWN, ANOTHER CHOWN},
};

static void expect(const char *label, const char *message, const char *says)
{
    bool ok = *says == '\0' ? *message == '\0' : strstr(message, says) != NULL;
    if (!ok) {
        fail_msg("%s: \"%s\" instead of \"%s\"", label, message, says);
    }
}

static void goes_by_owner_group_and_mode(void **state)
{
    (void)state;
    char message[512];
    if (geteuid() != 0) {
        skip();
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        write_file("key", cases[i].user, cases[i].group, cases[i].mode);
        read_as_user("key", false, message);
        expect(cases[i].label, message, cases[i].says);
        read_as_user("key", true, message);
        expect(cases[i].label, message, cases[i].says_readable);
    }
}

/* The file itself cannot be looked at, so nothing can be said about it. */
static void tells_of_a_folder_that_is_closed_to_the_process(void **state)
{
    (void)state;
    char message[512];
    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(mkdir(path_of("closed"), 0700), 0);
    write_file("closed/key", USER, USER, 0600);
    read_as_user("closed/key", false, message);
    expect("in root's folder", message,
           "a_key: cannot open \"shown\": Permission denied (errno 13); user 54321, who this process is, may "
           "not "
           "look into a folder of the path");
    assert_int_equal(unlink(path_of("closed/key")), 0);
    assert_int_equal(rmdir(path_of("closed")), 0);
}

/* Root can read everything, so what may not be read by others must be told from the mode. */
static void asks_root_for_the_same(void **state)
{
    (void)state;
    char message[512];
    if (geteuid() != 0) {
        skip();
    }
    write_file("key", 0, 0, 0640);
    read_here("key", false, message);
    expect("root's group", message, "");
    write_file("key", 0, OTHER, 0640);
    read_here("key", false, message);
    expect("another group", message, CLOSED);
    write_file("key", USER, USER, 0600);
    read_here("key", false, message);
    expect("another user", message,
           "belongs to another user (54321, and this process is 0): chown 0 the file, or run as user 54321");
}

/* `key -> ..data/key`, `..data -> ..2026`: root's files, one group, a folder with the sticky bit. */
static void reads_a_secret_that_kubernetes_mounted(void **state)
{
    (void)state;
    char message[512];
    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(chmod(folder, 01777), 0);
    assert_int_equal(mkdir(path_of("..2026"), 0755), 0);
    write_file("..2026/key", 0, GROUP, 0440);
    assert_int_equal(symlink("..2026", path_of("..data")), 0);
    assert_int_equal(symlink("..data/key", path_of("link")), 0);
    read_as_user("link", false, message);
    expect("a mounted key", message, "");
    assert_int_equal(chmod(path_of("..2026"), 0777), 0);
    read_as_user("link", false, message);
    expect("a folder behind the link", message, "stands in a folder that everyone can write to");
    assert_int_equal(chmod(path_of("..2026"), 0755), 0);
    assert_int_equal(lchown(path_of("link"), OTHER, OTHER), 0);
    read_as_user("link", false, message);
    expect("a link of another user", message,
           "is reached by a link that belongs to another user (54323, and this process is 54321): "
           "chown -h 54321 the link");
    assert_int_equal(lchown(path_of("link"), USER, USER), 0);
    read_as_user("link", false, message);
    expect("a link of its own", message, "");
}

/* A folder on the way is a link, too: whoever owns it says which file is read. */
static void wants_every_link_of_the_path_to_be_its_own(void **state)
{
    (void)state;
    char message[512];
    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(mkdir(path_of("..2026"), 0755), 0);
    write_file("..2026/key", USER, USER, 0600);
    assert_int_equal(symlink("..2026", path_of("..data")), 0);
    assert_int_equal(lchown(path_of("..data"), USER, USER), 0);
    read_as_user("..data/key", false, message);
    expect("a folder's link of its own", message, "");
    assert_int_equal(lchown(path_of("..data"), OTHER, OTHER), 0);
    read_as_user("..data/key", false, message);
    expect("a folder's link of another user", message, "is reached by a link that belongs to another user");
    read_as_user("..data/../..2026/key", false, message);
    expect("behind two dots", message, "is reached by a link that belongs to another user");
    assert_int_equal(lchown(path_of("..data"), 0, 0), 0);
    assert_int_equal(chmod(folder, 0777), 0);
    read_as_user("..data/key", false, message);
    expect("a link that everyone can replace", message, "stands in a folder that everyone can write to");
    assert_int_equal(chmod(folder, 01777), 0);
    read_as_user("..data//key", false, message);
    expect("with the sticky bit", message, "");
    read_as_user("..data/key/", false, message);
    expect("a file as a folder", message, "a_key: cannot open");
}

static void expect_error(okta_error *error, okta_status status, const char *phrase)
{
    assert_int_equal(okta_error_status(error), status);
    if (strstr(okta_error_message(error), phrase) == NULL) {
        fail_msg("\"%s\" instead of \"%s\"", okta_error_message(error), phrase);
    }
    okta_free(error);
}

/* The function that programs have for it. */
static void reads_a_secret_for_a_program(void **state)
{
    (void)state;
    char *secret = NULL;
    char path[256];
    write_file("key", geteuid(), getegid(), 0600);
    (void)snprintf(path, sizeof path, "%s", path_of("key"));
    assert_null(okta_secret_file_read(path, OKTA_SWITCH_OFF, &secret));
    assert_string_equal(secret, text);
    okta_free(secret);
    assert_int_equal(chmod(path, 0644), 0);
    expect_error(okta_secret_file_read(path, OKTA_SWITCH_OFF, &secret), OKTA_E_CONFIG, path);
    assert_null(secret);
    expect_error(okta_secret_file_read(path, OKTA_SWITCH_OFF, &secret), OKTA_E_CONFIG,
                 "is open to others (mode 0644): chmod 600");
    assert_null(okta_secret_file_read(path, OKTA_SWITCH_ON, &secret));
    okta_free(secret);
    assert_int_equal(truncate(path, (off_t)sizeof text), 0);
    expect_error(okta_secret_file_read(path, OKTA_SWITCH_ON, &secret), OKTA_E_CONFIG, "holds a NUL byte");
    assert_int_equal(truncate(path, 0), 0);
    expect_error(okta_secret_file_read(path, OKTA_SWITCH_ON, &secret), OKTA_E_CONFIG, "is empty");
    expect_error(okta_secret_file_read("/dev/null", OKTA_SWITCH_ON, &secret), OKTA_E_CONFIG,
                 "is not a regular file");
    expect_error(okta_secret_file_read("/nonexistent/x", OKTA_SWITCH_ON, &secret), OKTA_E_CONFIG,
                 "cannot open \"/nonexistent/x\": No such file");
    expect_error(okta_secret_file_read(path, (okta_switch)2, &secret), OKTA_E_ARG,
                 "readable is no okta_switch");
    expect_error(okta_secret_file_read(NULL, OKTA_SWITCH_ON, &secret), OKTA_E_ARG, "path must not be NULL");
    expect_error(okta_secret_file_read(path, OKTA_SWITCH_ON, NULL), OKTA_E_ARG, "out must not be NULL");
}

static void reads_a_secret_or_says_that_memory_is_out(void **state)
{
    (void)state;
    char path[256];
    write_file("key", geteuid(), getegid(), 0600);
    assert_int_equal(symlink("key", path_of("link")), 0);
    (void)snprintf(path, sizeof path, "%s", path_of("link"));
    size_t count = 0;
    for (bool failed = true; failed;) {
        char *secret = NULL;
        allocations_begin(++count, false);
        okta_error *error = okta_secret_file_read(path, OKTA_SWITCH_OFF, &secret);
        failed = allocations_end();
        assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
        assert_true((secret == NULL) == failed);
        okta_free(error);
        okta_free(secret);
    }
    assert_true(count > 3);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(goes_by_owner_group_and_mode),
        TEST(asks_root_for_the_same),
        TEST(tells_of_a_folder_that_is_closed_to_the_process),
        TEST(reads_a_secret_that_kubernetes_mounted),
        TEST(wants_every_link_of_the_path_to_be_its_own),
        TEST(reads_a_secret_for_a_program),
        TEST(reads_a_secret_or_says_that_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
