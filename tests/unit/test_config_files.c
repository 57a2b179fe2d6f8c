/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are read at all. */
#include "unit/config_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/error.h"

#define FILE_MAX     65536u
#define FOREIGN_USER 54321u

static const char plain[] = "okta: {client: {clientId: c1}}\n";
static const char secret[] = "okta: {client: {token: s3cr3t}}\n";

static void chmod_folder_file(const config_world *world, mode_t mode)
{
    assert_int_equal(chmod(config_path(world, "okta.yaml"), mode), 0);
}

static void refuses_what_is_no_regular_file(void **state)
{
    config_world *world = *state;
    const char *path = config_path(world, "okta.yaml");
    assert_int_equal(mkdir(path, 0700), 0);
    config_refused(world, "/okta.yaml is not a regular file", NULL);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    config_refused(world, "/okta.yaml is not a regular file", NULL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);
    config_refused(world, "/okta.yaml is not a regular file", NULL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    config_refused(world, "/okta.yaml is not a regular file", NULL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("okta.yaml", path), 0);
    config_refused(world, "cannot open", NULL);
    config_refused(world, "/okta.yaml", NULL);
}

static void refuses_a_socket(void **state)
{
    config_world *world = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", config_path(world, "okta.yaml"));
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    config_refused(world, "cannot open", NULL);
    (void)close(fd);
}

/* Dotfiles are often kept elsewhere, and linked. */
static void follows_a_link_to_a_file(void **state)
{
    config_world *world = *state;
    config_write_dot(world, plain);
    assert_int_equal(symlink(".okta.yaml", config_path(world, "okta.yaml")), 0);
    okta_client_options *options = config_load(world);
    assert_string_equal(options->client_id, "c1");
    okta_free(options);
    assert_int_equal(unlink(config_path(world, ".okta.yaml")), 0);
    options = config_load(world);
    assert_null(options->client_id);
    okta_free(options);
}

static void reads_up_to_65536_bytes(void **state)
{
    config_world *world = *state;
    char *text = malloc(FILE_MAX + 1);
    assert_non_null(text);
    memset(text, '#', FILE_MAX + 1);
    memcpy(text, plain, sizeof plain - 1);
    config_write(config_path(world, "okta.yaml"), text, FILE_MAX);
    okta_client_options *options = config_load(world);
    assert_string_equal(options->client_id, "c1");
    okta_free(options);
    config_write(config_path(world, "okta.yaml"), text, FILE_MAX + 1);
    config_refused(world, "/okta.yaml is larger than 65,536 bytes", NULL);
    assert_int_equal(truncate(config_path(world, "okta.yaml"), 1 << 30), 0);
    config_refused(world, "/okta.yaml is larger than 65,536 bytes", NULL);
    free(text);
}

static void refuses_a_file_that_everyone_can_write_to(void **state)
{
    config_world *world = *state;
    static const mode_t modes[] = {0602, 0666, 0646, 0777};
    config_write_folder(world, plain);
    for (size_t i = 0; i < COUNT(modes); i++) {
        chmod_folder_file(world, modes[i]);
        config_refused(world, "/okta.yaml can be written by everyone: chmod 600", NULL);
    }
}

static void refuses_a_secret_that_others_can_read(void **state)
{
    static const char *const secrets[] = {
        secret,
        "okta: {client: {privateKey: '-----BEGIN X----- s3cr3t'}}",
        "okta: {client: {privateKey: '{\"d\": \"s3cr3t\"}'}}",
        "okta: {client: {privateKey: s3cr3tAAAA}}",
        "okta: {client: {proxy: {host: h, username: u, password: s3cr3t}}}",
    };
    static const mode_t modes[] = {0660, 0604, 0620, 0610, 0601, 0644};
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(secrets); i++) {
        config_write_folder(world, secrets[i]);
        for (size_t m = 0; m < COUNT(modes); m++) {
            chmod_folder_file(world, modes[m]);
            config_refused(world, "/okta.yaml holds a secret and is open to others: chmod 600", "s3cr3t");
        }
        chmod_folder_file(world, 0600);
        okta_free(config_load(world));
        chmod_folder_file(world, 0400);
        okta_free(config_load(world));
        if (geteuid() == 0) { /* root's file, and a group of the process */
            chmod_folder_file(world, 0440);
            okta_free(config_load(world));
        }
    }
}

/* Whoever can write where a credential goes can have it. */
static void refuses_directions_that_the_group_can_write(void **state)
{
    static const char *const directions[] = {
        "okta: {client: {orgUrl: https://a.example}}", "okta: {client: {caFile: /ca.pem}}",
        "okta: {client: {proxy: {host: h}}}",          "okta: {client: {proxy: {host: h, port: 1}}}",
        "okta: {client: {assertion: {audience: a}}}",
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(directions); i++) {
        for (unsigned home = 0; home < 2; home++) {
            config_reset(world);
            (home == 1 ? config_write_home : config_write_folder)(world, directions[i]);
            char path[WORLD_PATH];
            (void)snprintf(path, sizeof path, "%s/%s", home == 1 ? world->home : world->folder,
                           home == 1 ? ".okta/okta.yaml" : "okta.yaml");
            assert_int_equal(chmod(path, 0664), 0);
            config_refused(world, "go or how they are used, and can be written by its group: chmod g-w",
                           NULL);
            assert_int_equal(chmod(path, 0644), 0);
            okta_free(config_load(world));
        }
    }
}

static void lets_others_read_what_is_no_secret(void **state)
{
    static const char *const texts[] = {
        plain,
        "okta: {client: {privateKey: /keys/app.pem, token: , proxy: {host: h, username: u, password: ''}}}",
        "okta: {client: {privateKey: keys/app.pem, orgUrl: https://a.example}}",
        "other: {token: x}",
    };
    static const mode_t modes[] = {0640, 0604, 0644};
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        config_write_folder(world, texts[i]);
        for (size_t m = 0; m < COUNT(modes); m++) {
            chmod_folder_file(world, modes[m]);
            okta_free(config_load(world));
        }
    }
    config_write_folder(world, plain);
    chmod_folder_file(world, 0664);
    okta_free(config_load(world));
}

static void refuses_a_file_of_another_user(void **state)
{
    config_world *world = *state;
    config_write_folder(world, plain);
    if (chown(config_path(world, "okta.yaml"), FOREIGN_USER, (gid_t)-1) != 0) {
        skip();
    }
    config_refused(world, "/okta.yaml belongs to another user", NULL);
}

static void refuses_a_file_that_it_may_not_read(void **state)
{
    config_world *world = *state;
    config_write_folder(world, plain);
    chmod_folder_file(world, 0000);
    if (access(config_path(world, "okta.yaml"), R_OK) == 0) {
        skip();
    }
    config_refused(world, "cannot open", NULL);
    config_refused(world, "errno 13", NULL);
}

static void takes_a_folder_in_the_place_of_home_for_no_file(void **state)
{
    config_world *world = *state;
    world->places.home = "/dev/null";
    world->places.folder = "/dev/null/x";
    okta_free(config_load(world));
}

/* The name of the file stands in each error; one beyond all measure is cut. */
static void copes_with_names_of_any_length(void **state)
{
    config_world *world = *state;
    char *name = malloc(8192);
    assert_non_null(name);
    memset(name, 'n', 8191);
    name[8191] = '\0';
    world->places.folder = name;
    config_refused(world, "cannot open \"nnn", NULL);
    world->places.folder = world->folder;
    world->places.home = name;
    config_refused(world, "cannot open \"nnn", NULL);
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(refuses_what_is_no_regular_file),
        CONFIG_TEST(refuses_a_socket),
        CONFIG_TEST(follows_a_link_to_a_file),
        CONFIG_TEST(reads_up_to_65536_bytes),
        CONFIG_TEST(refuses_a_file_that_everyone_can_write_to),
        CONFIG_TEST(refuses_a_secret_that_others_can_read),
        CONFIG_TEST(refuses_directions_that_the_group_can_write),
        CONFIG_TEST(lets_others_read_what_is_no_secret),
        CONFIG_TEST(refuses_a_file_of_another_user),
        CONFIG_TEST(refuses_a_file_that_it_may_not_read),
        CONFIG_TEST(takes_a_folder_in_the_place_of_home_for_no_file),
        CONFIG_TEST(copes_with_names_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
