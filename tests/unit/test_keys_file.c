/* SPDX-License-Identifier: Apache-2.0 */
/* okta_key_write_private_pem(): where it writes, and what is left when the system says no. */
#include "unit/keys_support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int __real_fchmod(int file, mode_t mode);
int __real_fsync(int file);
int __real_close(int file);
ssize_t __real_write(int file, const void *data, size_t size);
int __wrap_fchmod(int file, mode_t mode);
int __wrap_fsync(int file);
int __wrap_close(int file);
ssize_t __wrap_write(int file, const void *data, size_t size);

/* What the system does instead of obeying; all zero: it obeys. */
static struct {
    int fchmod_error;
    int write_error;       /* on the second write */
    size_t write_size;     /* at most so many bytes a write */
    bool write_nothing;    /* the second write says 0 */
    int write_interrupts;  /* so many writes are interrupted first */
    int sync_interrupts;   /* the same for fsync */
    int file_sync_error;   /* of the first fsync */
    int folder_sync_error; /* of the second */
    int close_error;       /* of the first close */
    int writes;
    int syncs;
    int closes;
    int synced_files;   /* fsync calls that obeyed, on files, while nothing was closed */
    int synced_folders; /* ... on folders, after a file */
} fault;

int __wrap_fchmod(int file, mode_t mode)
{
    errno = fault.fchmod_error;
    return errno != 0 ? -1 : __real_fchmod(file, mode);
}

int __wrap_fsync(int file)
{
    struct stat status;
    if (fault.sync_interrupts > 0) {
        fault.sync_interrupts--;
        errno = EINTR;
        return -1;
    }
    errno = fault.syncs++ == 0 ? fault.file_sync_error : fault.folder_sync_error;
    if (errno != 0) {
        return -1;
    }
    assert_int_equal(fstat(file, &status), 0);
    fault.synced_files += S_ISREG(status.st_mode) && status.st_size > 0;
    fault.synced_folders += S_ISDIR(status.st_mode) && fault.synced_files > 0;
    return __real_fsync(file);
}

int __wrap_close(int file)
{
    int result = __real_close(file);
    if (fault.closes++ == 0 && fault.close_error != 0) {
        errno = fault.close_error;
        return -1;
    }
    return result;
}

ssize_t __wrap_write(int file, const void *data, size_t size)
{
    if (fault.write_interrupts > 0) {
        fault.write_interrupts--;
        errno = EINTR;
        return -1;
    }
    if (fault.writes++ > 0 && (fault.write_error != 0 || fault.write_nothing)) {
        errno = fault.write_error;
        return fault.write_nothing ? 0 : -1;
    }
    return __real_write(file, data,
                        fault.write_size > 0 && size > fault.write_size ? fault.write_size : size);
}

static char folder[] = "/tmp/okta-test-keys-XXXXXX";

static int enter_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static int remove_folder(void **state)
{
    (void)state;
    return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
}

static okta_key *new_key(void)
{
    okta_key *key = NULL;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    memset(&fault, 0, sizeof fault);
    return key;
}

/* The file is the key with mode 0600; removes it. */
static void expect_file(const char *path, const okta_key *key)
{
    struct stat status;
    char *pem = NULL;
    char content[4096];
    int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    assert_int_equal(fstat(file, &status), 0);
    assert_int_equal(status.st_mode, S_IFREG | S_IRUSR | S_IWUSR);
    ssize_t size = read(file, content, sizeof content - 1);
    assert_true(size > 0);
    content[size] = '\0';
    assert_int_equal(__real_close(file), 0);
    assert_null(okta_key_to_private_pem(key, &pem));
    assert_string_equal(content, pem);
    okta_free(pem);
    assert_int_equal(unlink(path), 0);
}

static void expect_no_file(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), -1);
    assert_int_equal(errno, ENOENT);
}

/* The lowest free descriptor: the same before and after means that none is left open. */
static int free_descriptor(void)
{
    int file = dup(0);
    assert_true(file >= 0);
    assert_int_equal(__real_close(file), 0);
    return file;
}

static void expect_failure(const okta_key *key, const char *path, const char *phrase)
{
    int before = free_descriptor();
    okta_error *error = okta_key_write_private_pem(key, path);
    memset(&fault, 0, sizeof fault);
    expect_error(error, OKTA_E_ARG, phrase);
    assert_int_equal(free_descriptor(), before);
}

static void writes_a_file_that_only_the_owner_reads(void **state)
{
    (void)state;
    static const char *const paths[] = {"key.pem", "./key.pem", "../%s/key.pem", "%s/key.pem",
                                        "//%s//key.pem"};
    static const mode_t masks[] = {0, 022, 077, 0777};
    okta_key *key = new_key();
    for (size_t i = 0; i < COUNT(paths); i++) {
        char path[128];
        bool is_upward = strncmp(paths[i], "..", 2) == 0;
        snprintf(path, sizeof path, paths[i], is_upward ? folder + strlen("/tmp/") : folder);
        for (size_t m = 0; m < COUNT(masks); m++) {
            int before = free_descriptor();
            mode_t mask = umask(masks[m]);
            okta_error *error = okta_key_write_private_pem(key, path);
            umask(mask);
            assert_null(error);
            assert_int_equal(free_descriptor(), before);
            expect_file("key.pem", key);
        }
    }
    okta_free(key);
}

/* Then the descriptors are 0 and 1. */
static void works_without_standard_streams(void **state)
{
    (void)state;
    okta_key *key = new_key();
    int saved[2] = {dup(0), dup(1)};
    assert_true(saved[0] > 2 && saved[1] > 2);
    assert_int_equal(__real_close(0) | __real_close(1), 0);
    okta_error *error = okta_key_write_private_pem(key, "key.pem");
    assert_int_equal(dup2(saved[0], 0) | __real_close(saved[0]), 0);
    assert_int_equal(dup2(saved[1], 1) & ~1, 0);
    assert_int_equal(__real_close(saved[1]), 0);
    assert_null(error);
    expect_file("key.pem", key);
    okta_free(key);
}

static void file_and_folder_are_on_disk(void **state)
{
    (void)state;
    okta_key *key = new_key();
    assert_null(okta_key_write_private_pem(key, "key.pem"));
    assert_int_equal(fault.synced_files, 1);
    assert_int_equal(fault.synced_folders, 1);
    expect_file("key.pem", key);
    okta_free(key);
}

static void never_touches_what_exists(void **state)
{
    (void)state;
    okta_key *key = new_key();
    char content[8] = {0};
    int file = open("old", O_RDWR | O_CREAT, 0644);
    assert_true(file >= 0);
    assert_int_equal(__real_write(file, "old", 3), 3);
    assert_int_equal(symlink("old", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    static const char *const taken[] = {"old", "link", "dangling", "folder", "fifo"};
    for (size_t i = 0; i < COUNT(taken); i++) {
        struct stat status;
        expect_failure(key, taken[i], "File exists");
        assert_int_equal(lstat(taken[i], &status), 0);
    }
    expect_no_file("nowhere");
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    assert_int_equal(read(file, content, sizeof content), 3);
    assert_string_equal(content, "old");
    assert_int_equal(__real_close(file), 0);
    assert_int_equal(rmdir("folder"), 0);
    assert_int_equal(unlink("old") | unlink("link") | unlink("dangling") | unlink("fifo"), 0);
    okta_free(key);
}

static void says_why_it_cannot_create_the_file(void **state)
{
    (void)state;
    char long_path[5000];
    okta_key *key = new_key();
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    expect_failure(key, "missing/key.pem", "cannot open the folder \"missing\": No such file");
    expect_failure(key, "", "No such file");
    expect_failure(key, ".", "cannot create \".\"");
    expect_failure(key, "/", "cannot create \"/\"");
    expect_failure(key, "./", "cannot create \"./\"");
    expect_failure(key, long_path, "File name too long");
    long_path[300] = '/';
    expect_failure(key, long_path, "File name too long");
    assert_int_equal(__real_close(open("file", O_RDWR | O_CREAT, 0600)), 0);
    expect_failure(key, "file/key.pem", "cannot open the folder \"file\": Not a directory");
    assert_int_equal(unlink("file"), 0);
    okta_free(key);
}

static void says_so_in_a_folder_that_may_not_be_written(void **state)
{
    (void)state;
    okta_key *key = new_key();
    expect_failure(key, "/proc/self/key.pem", "cannot create \"/proc/self/key.pem\"");
    if (geteuid() != 0) { /* root may write everywhere */
        assert_int_equal(mkdir("closed", 0500), 0);
        expect_failure(key, "closed/key.pem", "Permission denied");
        assert_int_equal(rmdir("closed"), 0);
    }
    okta_free(key);
}

static void refuses_keys_without_a_private_half(void **state)
{
    (void)state;
    char *pem = public_pem(shared_ec_key());
    okta_key *key = key_of_pem(pem);
    expect_failure(key, "key.pem", "no private half");
    expect_no_file("key.pem");
    okta_free(key);
    free(pem);
}

static void writes_on_after_interruptions_and_short_writes(void **state)
{
    (void)state;
    okta_key *key = new_key();
    fault.write_interrupts = 3;
    fault.write_size = 7;
    fault.sync_interrupts = 3;
    assert_null(okta_key_write_private_pem(key, "key.pem"));
    assert_true(fault.writes > 30);
    expect_file("key.pem", key);
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(key, &pem));
    for (size_t rest = 0; rest < 3; rest++) {
        memset(&fault, 0, sizeof fault);
        fault.write_size = strlen(pem) - rest;
        assert_null(okta_key_write_private_pem(key, "key.pem"));
        expect_file("key.pem", key);
    }
    okta_free(pem);
    memset(&fault, 0, sizeof fault);
    fault.close_error = EINTR; /* it is closed nevertheless */
    assert_null(okta_key_write_private_pem(key, "key.pem"));
    expect_file("key.pem", key);
    memset(&fault, 0, sizeof fault);
    fault.folder_sync_error = EINVAL; /* a file system without fsync of folders */
    assert_null(okta_key_write_private_pem(key, "key.pem"));
    expect_file("key.pem", key);
    okta_free(key);
}

static void leaves_no_file_when_it_cannot_be_completed(void **state)
{
    (void)state;
    okta_key *key = new_key();
    fault.fchmod_error = EPERM;
    expect_failure(key, "key.pem", "cannot protect \"key.pem\": Operation not permitted");
    expect_no_file("key.pem");
    fault.write_size = 10;
    fault.write_error = ENOSPC;
    expect_failure(key, "key.pem", "cannot write \"key.pem\": No space left on device");
    expect_no_file("key.pem");
    fault.write_size = 10;
    fault.write_nothing = true;
    expect_failure(key, "key.pem", "cannot write \"key.pem\": Input/output error");
    expect_no_file("key.pem");
    fault.file_sync_error = EIO;
    expect_failure(key, "key.pem", "cannot write \"key.pem\": Input/output error");
    expect_no_file("key.pem");
    fault.file_sync_error = EINVAL;
    expect_failure(key, "key.pem", "cannot write \"key.pem\": Invalid argument");
    expect_no_file("key.pem");
    fault.folder_sync_error = EIO;
    expect_failure(key, "key.pem", "cannot write the folder of \"key.pem\"");
    expect_no_file("key.pem");
    fault.close_error = EDQUOT;
    expect_failure(key, "key.pem", "cannot close \"key.pem\"");
    expect_no_file("key.pem");
    fault.fchmod_error = EPERM;
    fault.close_error = EIO;
    expect_failure(key, "key.pem", "cannot protect"); /* the first reason counts */
    expect_no_file("key.pem");
    okta_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_file_that_only_the_owner_reads),
        cmocka_unit_test(works_without_standard_streams),
        cmocka_unit_test(file_and_folder_are_on_disk),
        cmocka_unit_test(never_touches_what_exists),
        cmocka_unit_test(says_why_it_cannot_create_the_file),
        cmocka_unit_test(says_so_in_a_folder_that_may_not_be_written),
        cmocka_unit_test(refuses_keys_without_a_private_half),
        cmocka_unit_test(writes_on_after_interruptions_and_short_writes),
        cmocka_unit_test(leaves_no_file_when_it_cannot_be_completed),
    };
    return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}
