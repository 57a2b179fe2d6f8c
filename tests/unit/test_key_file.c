/* SPDX-License-Identifier: Apache-2.0 */
/* The private key that an option names: as text, or as a file that must be safe. */
#include "unit/keys_support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "keys/key_file.h"

#define FILE_MAX     65536u
#define FOREIGN_USER 54321u
#define PATH_SIZE    256u

ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);

/* How read() misbehaves. */
static struct {
    int error;       /* errno of the next call; 0: none */
    bool ever;       /* ... and of all later ones */
    size_t most;     /* bytes a call gives at most; 0: any */
    bool has_no_end; /* the file grows as it is read */
} reading;

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
    if (reading.error != 0) {
        errno = reading.error;
        reading.error = reading.ever ? reading.error : 0;
        return -1;
    }
    if (reading.has_no_end) {
        memset(buffer, 'x', size);
        return (ssize_t)size;
    }
    return __real_read(fd, buffer, reading.most != 0 && size > reading.most ? reading.most : size);
}

static char folder[PATH_SIZE];

static int begin(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/okta-key-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static const char *path_of(const char *name)
{
    static char path[PATH_SIZE * 2];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int end(void **state)
{
    (void)state;
    static const char *const names[] = {"key.pem", "link.pem", "fifo.pem", "dir.pem"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (unlink(path_of(names[i])) != 0) {
            (void)rmdir(path_of(names[i]));
        }
    }
    return rmdir(folder);
}

static const char *write_bytes(const char *text, size_t length, mode_t mode)
{
    const char *path = path_of("key.pem");
    (void)unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static const char *write_text(const char *text, mode_t mode)
{
    return write_bytes(text, strlen(text), mode);
}

static void expect_loads(const char *text_or_path, EVP_PKEY *pkey)
{
    okta_key *key = NULL;
    okta_error *error = oktai_key_load(text_or_path, false, &key);
    if (error != NULL) {
        fail_msg("%s", okta_error_message(error));
    }
    assert_true(okta_key_is_private(key));
    assert_int_equal(EVP_PKEY_eq(key->pkey, pkey), 1);
    okta_free(key);
}

static void expect_refuses(const char *text_or_path, const char *phrase)
{
    okta_key *key = (okta_key *)&key;
    okta_error *error = oktai_key_load(text_or_path, false, &key);
    assert_null(key);
    assert_non_null(error);
    assert_int_equal(strncmp(okta_error_message(error), "private_key", 11), 0);
    expect_error(error, OKTA_E_CONFIG, phrase);
}

/* `text` with each `what` replaced by `with`. */
static char *replaced(const char *text, const char *what, const char *with)
{
    char *out = calloc(1, strlen(text) * (strlen(with) + 1) + 1);
    assert_non_null(out);
    char *at = out;
    while (*text != '\0') {
        if (strncmp(text, what, strlen(what)) == 0) {
            memcpy(at, with, strlen(with));
            at += strlen(with);
            text += strlen(what);
        } else {
            *at++ = *text++;
        }
    }
    return out;
}

static void loads_keys_from_text_and_file(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_ec_key(), shared_rsa_key()};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char *texts[] = {pkcs8_pem(keys[i]), traditional_pem(keys[i], NULL, NULL),
                         jwk_text(keys[i], true, "")};
        for (size_t t = 0; t < COUNT(texts); t++) {
            expect_loads(texts[t], keys[i]);
            expect_loads(write_text(texts[t], 0600), keys[i]);
            char *spaced = joined(" \t\r\n\n", texts[t]);
            expect_loads(spaced, keys[i]);
            expect_loads(write_text(spaced, 0400), keys[i]);
            free(spaced);
            free(texts[t]);
        }
    }
}

/* A value of an environment file keeps its quotes, also around a path. */
static void takes_the_quotes_from_a_path(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    (void)write_text(pem, 0600);
    static const char *const around[][2] = {{"'", "'"}, {"\"", "\""}, {" ", "\n"}, {"\"", "\"\r\n"}};
    for (size_t i = 0; i < COUNT(around); i++) {
        char text[PATH_SIZE * 2 + 8];
        (void)snprintf(text, sizeof text, "%s%s%s", around[i][0], path_of("key.pem"), around[i][1]);
        expect_loads(text, shared_ec_key());
    }
    free(pem);
}

static void loads_a_file_by_a_relative_path(void **state)
{
    (void)state;
    char before[PATH_SIZE];
    char *pem = pkcs8_pem(shared_ec_key());
    (void)write_text(pem, 0600);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    expect_loads("key.pem", shared_ec_key());
    expect_loads("./key.pem", shared_ec_key());
    assert_int_equal(chdir(before), 0);
    free(pem);
}

static void refuses_what_is_no_private_key(void **state)
{
    (void)state;
    EVP_PKEY *ec = shared_ec_key();
    EVP_PKEY *small = make_rsa_key(1024);
    char *pem = pkcs8_pem(ec);
    char *cut = joined(pem, "");
    cut[strlen(cut) / 2] = '\0';
    struct {
        char *text;
        const char *phrase;
    } cases[] = {
        {public_pem(ec), "the key is a public one"},
        {jwk_text(ec, false, ""), "the key is a public one"},
        {certificate_pem(ec), "the PEM holds a certificate"},
        {encrypted_pem(ec, EVP_aes_128_cbc(), "p"), "the key is encrypted"},
        {traditional_pem(ec, EVP_aes_128_cbc(), "p"), "the key is encrypted"},
        {joined(pem, pem), "the PEM holds more than one key"},
        {cut, "the PEM is cut off: it has no END line"},
        {pkcs8_pem(small), "an RSA key of 1024 bits is refused"},
        {joined("{", ""), "private_key: "},
        {joined("{}", ""), "private_key: "},
        {joined("-----BEGIN", ""), "the PEM holds no key"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect_refuses(cases[i].text, cases[i].phrase);
        expect_refuses(write_text(cases[i].text, 0600), cases[i].phrase);
        free(cases[i].text);
    }
    EVP_PKEY_free(small);
    free(pem);
    expect_refuses("", "private_key is empty");
    okta_key *key = NULL;
    expect_error(oktai_key_load(NULL, false, &key), OKTA_E_ARG, "private_key must not be NULL");
}

static void refuses_files_without_a_key(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    size_t length = strlen(pem);
    expect_refuses(write_text("", 0600), "key.pem\" is empty");
    expect_refuses(write_text("s3cr3t", 0600), "key.pem\" holds neither PEM nor a JWK");
    expect_refuses(write_bytes(pem, length + 1, 0600), "key.pem\" holds a NUL byte");
    expect_refuses(write_bytes("\0{", 2, 0600), "key.pem\" holds a NUL byte");
    /* A file is not a path to another one. */
    char *path = joined(write_text(pem, 0600), "");
    expect_refuses(write_text(path, 0600), "holds neither PEM nor a JWK");
    free(path);
    free(pem);
}

static void reads_up_to_65536_bytes(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    char *text = malloc(FILE_MAX + 1);
    assert_non_null(text);
    memset(text, '\n', FILE_MAX + 1);
    memcpy(text, pem, strlen(pem));
    expect_loads(write_bytes(text, FILE_MAX, 0600), shared_ec_key());
    expect_refuses(write_bytes(text, FILE_MAX + 1, 0600), "key.pem\" is larger than 65,536 bytes");
    assert_int_equal(truncate(path_of("key.pem"), 1 << 30), 0);
    expect_refuses(path_of("key.pem"), "key.pem\" is larger than 65,536 bytes");
    free(text);
    free(pem);
}

/* Rights for the group are a matter of root's files, which test_secret_file has. */
static void refuses_a_file_that_is_open_to_others(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    for (mode_t bits = 1; bits <= 077; bits++) {
        char phrase[64];
        if (bits == S_IRGRP && geteuid() == 0) {
            continue;
        }
        (void)snprintf(phrase, sizeof phrase, "is open to others (mode %04o): chmod 600",
                       (unsigned)(0600 | bits));
        expect_refuses(write_text(pem, 0600 | bits), phrase);
    }
    expect_refuses(write_text(pem, 0644), "set private_key_readable (OKTA_CLIENT_PRIVATEKEYREADABLE=true)");
    expect_loads(write_text(pem, 0700), shared_ec_key());
    free(pem);
}

static void takes_a_readable_file_when_told(void **state)
{
    (void)state;
    static const mode_t wide[] = {0446, 0464, 0666, 0622, 0645};
    static const mode_t readable[] = {0444, 0644, 0640, 0604, 0600};
    char *pem = pkcs8_pem(shared_ec_key());
    for (size_t i = 0; i < COUNT(readable); i++) {
        okta_key *key = NULL;
        assert_null(oktai_key_load(write_text(pem, readable[i]), true, &key));
        assert_non_null(key);
        okta_free(key);
    }
    for (size_t i = 0; i < COUNT(wide); i++) {
        okta_key *key = NULL;
        expect_error(oktai_key_load(write_text(pem, wide[i]), true, &key), OKTA_E_CONFIG,
                     "is open to others");
        assert_null(key);
    }
    free(pem);
}

/* Secrets that were put where the path belongs. */
static void shows_paths_and_no_secrets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_shown;
    } cases[] = {
        {"/etc/okta/key", true},
        {"/home/ci/work/repository/secrets/production/key.pem", true},
        {"/var/lib/pods/4c5b7bd3-9c3e-4a1c-8d20-1b8d5a3d0d52/key", true},
        {"./key.pem", true},
        {"key.pem", true},
        {"keys/2026.11/service-app.pem", true},
        /* base64 of 32 bytes, the first 0xff */
        {"/3mPCgXw5Cq0d8Tt9uMZbqkY2vJ1sR7eHn4LxWfGaPI=", false},
        {"/3mPCgXw5Cq0d8Tt9uMZbqkY2vJ1sR7eHn4LxWfGaPI", false},
        {"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", false},
        {"eyJhbGciOiJub25lIn0..", false},
        {"abcd.3mPCgXw5Cq0d8Tt9uMZbqkY2vJ1sR7eHn4LxWfGaPI_-", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_key *key = NULL;
        okta_error *error = oktai_key_load(cases[i].text, false, &key);
        bool is_shown = strstr(okta_error_message(error), cases[i].text) != NULL;
        if (oktai_key_is_shown(cases[i].text) != cases[i].is_shown || is_shown != cases[i].is_shown) {
            fail_msg("%s: %s", cases[i].text, okta_error_message(error));
        }
        assert_null(key);
        okta_free(error);
    }
}

/* A name that looks like a secret is one of a file where the file is there. */
static void shows_the_name_of_a_file_that_is_there(void **state)
{
    (void)state;
    char before[512];
    static const char name[] = "service.3mPCgXw5Cq0d8Tt9uMZbqkY2vJ1sR7eHn4LxWfGaPI";
    char *path = joined(path_of(name), "");
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(path_of(".")), 0);
    assert_false(oktai_key_is_shown(name));
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_true(oktai_key_is_shown(name));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(chdir(before), 0);
    free(path);
}

static void follows_links(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    (void)write_text(pem, 0600);
    assert_int_equal(symlink("key.pem", path_of("link.pem")), 0);
    expect_loads(path_of("link.pem"), shared_ec_key());
    assert_int_equal(chmod(path_of("key.pem"), 0644), 0);
    expect_refuses(path_of("link.pem"), "link.pem\" is open to others");
    assert_int_equal(unlink(path_of("key.pem")), 0);
    expect_refuses(path_of("link.pem"), "private_key: cannot open");
    assert_int_equal(unlink(path_of("link.pem")), 0);
    assert_int_equal(symlink("link.pem", path_of("link.pem")), 0);
    expect_refuses(path_of("link.pem"), "link.pem\" is reached by too many links");
    assert_int_equal(unlink(path_of("link.pem")), 0);
    (void)write_text(pem, 0600);
    assert_int_equal(symlink(".", path_of("dir.pem")), 0);
    expect_loads(path_of("dir.pem/key.pem"), shared_ec_key());
    free(pem);
}

static void refuses_what_is_no_regular_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path_of("dir.pem"), 0700), 0);
    expect_refuses(path_of("dir.pem"), "dir.pem\" is not a regular file");
    assert_int_equal(mkfifo(path_of("fifo.pem"), 0600), 0);
    expect_refuses(path_of("fifo.pem"), "fifo.pem\" is not a regular file");
    expect_refuses("/dev/zero", "/dev/zero\" is not a regular file");
    expect_refuses("/dev/null", "/dev/null\" is not a regular file");
    expect_refuses("/dev/tty", "/dev/tty\"");
    expect_refuses("/", "\"/\" is not a regular file");
    expect_refuses(".", "\".\" is not a regular file");
}

static void refuses_a_folder_that_everyone_can_write_to(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    const char *path = write_text(pem, 0600);
    assert_int_equal(chmod(folder, 0777), 0);
    expect_refuses(path, "stands in a folder that everyone can write to");
    assert_int_equal(chmod(folder, 0702), 0);
    expect_refuses(path, "stands in a folder that everyone can write to");
    assert_int_equal(chmod(folder, 01777), 0);
    expect_loads(path, shared_ec_key());
    assert_int_equal(chmod(folder, 0300), 0);
    expect_loads(path, shared_ec_key());
    assert_int_equal(chmod(folder, 0700), 0);
    free(pem);
}

static void refuses_a_file_of_another_user(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    const char *path = write_text(pem, 0600);
    free(pem);
    if (chown(path, FOREIGN_USER, (gid_t)-1) != 0) {
        skip();
    }
    expect_refuses(path, "key.pem\" belongs to another user");
}

static void refuses_a_file_that_it_may_not_read(void **state)
{
    (void)state;
    const char *path = write_text("x", 0000);
    if (access(path, R_OK) == 0) {
        skip();
    }
    expect_refuses(path, "private_key: cannot open");
    expect_refuses(path, "errno 13");
}

static void names_a_file_that_is_not_there(void **state)
{
    (void)state;
    expect_refuses("/nonexistent/key", "private_key: cannot open \"/nonexistent/key\"");
    expect_refuses("nonexistent.pem", "private_key: cannot open \"nonexistent.pem\"");
    expect_refuses(path_of("missing"), "errno 2");
    (void)write_text("x", 0600);
    expect_refuses(path_of("key.pem/x"), "errno 20");
}

/* What is meant to be a key, but is not read as one, must not be shown as the name of a file. */
static void never_shows_what_may_be_key_material(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    char *jwk = jwk_text(shared_ec_key(), true, "");
    char *bodies[] = {
        replaced(pem, "-----BEGIN PRIVATE KEY-----\n", ""),
        replaced(pem, "BEGIN", "BEGlN"),
        joined("x", jwk),
        joined("jwk.", jwk),
        replaced(pem, "-----BEGIN PRIVATE KEY-----", "."),
        replaced(pem, "-----BEGIN PRIVATE KEY-----\n", "/\\n"),
    };
    char *d = number_text(shared_ec_key(), "priv", 32);
    for (size_t i = 0; i < COUNT(bodies); i++) {
        okta_key *key = NULL;
        if (strstr(bodies[i], "-----BEGIN") == NULL) {
            assert_false(oktai_key_is_shown(bodies[i]));
        }
        okta_error *error = oktai_key_load(bodies[i], false, &key);
        assert_non_null(error);
        assert_null(strstr(okta_error_message(error), "MIG"));
        assert_null(strstr(okta_error_message(error), d));
        okta_free(error);
        free(bodies[i]);
    }
    assert_false(oktai_key_is_shown(d));
    expect_refuses(d, "private_key is neither PEM, nor a JWK, nor a file that can be opened");
    free(d);
    assert_false(oktai_key_is_shown(pem));
    assert_false(oktai_key_is_shown(jwk));
    assert_false(oktai_key_is_shown(NULL));
    assert_true(oktai_key_is_shown("/etc/okta/key"));
    assert_true(oktai_key_is_shown("app.pem"));
    free(pem);
    free(jwk);
}

static void copes_with_every_way_of_reading(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    const char *path = write_text(pem, 0600);
    reading.most = 1;
    expect_loads(path, shared_ec_key());
    reading.most = 0;
    reading.error = EINTR;
    expect_loads(path, shared_ec_key());
    reading.error = EIO;
    reading.ever = true;
    expect_refuses(path, "private_key: cannot read");
    reading.error = 0;
    reading.ever = false;
    reading.has_no_end = true;
    expect_refuses(path, "key.pem\" is larger than 65,536 bytes");
    reading.has_no_end = false;
    free(pem);
}

/* No descriptor stays open, whatever happens. */
static void closes_the_file(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    int before = open("/dev/null", O_RDONLY);
    assert_int_equal(close(before), 0);
    expect_loads(write_text(pem, 0600), shared_ec_key());
    expect_refuses(write_text(pem, 0644), "is open to others");
    expect_refuses(write_text("x", 0600), "holds neither");
    expect_refuses("/dev/null", "not a regular file");
    int after = open("/dev/null", O_RDONLY);
    assert_int_equal(close(after), 0);
    assert_int_equal(after, before);
    free(pem);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loads_keys_from_text_and_file),
        TEST(takes_the_quotes_from_a_path),
        TEST(loads_a_file_by_a_relative_path),
        TEST(refuses_what_is_no_private_key),
        TEST(refuses_files_without_a_key),
        TEST(reads_up_to_65536_bytes),
        TEST(refuses_a_file_that_is_open_to_others),
        TEST(shows_paths_and_no_secrets),
        TEST(shows_the_name_of_a_file_that_is_there),
        TEST(follows_links),
        TEST(takes_a_readable_file_when_told),
        TEST(refuses_what_is_no_regular_file),
        TEST(refuses_a_folder_that_everyone_can_write_to),
        TEST(refuses_a_file_of_another_user),
        TEST(refuses_a_file_that_it_may_not_read),
        TEST(names_a_file_that_is_not_there),
        TEST(never_shows_what_may_be_key_material),
        TEST(copes_with_every_way_of_reading),
        TEST(closes_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
