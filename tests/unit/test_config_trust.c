/* SPDX-License-Identifier: Apache-2.0 */
/* Where a credential goes is said by nobody who is trusted less than whoever gave the credential. */
#include "unit/config_support.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

enum { HOME, FOLDER, ENVIRONMENT, CODE, PLACES };

static const char *const place_names[] = {"home", "folder", "environment", "code"};

/* What can say where a credential goes, and credentials, in each place. NULL: a place cannot. */
typedef struct setting {
    const char *name; /* in a file */
    const char *yaml;
    const char *variable, *value;
    void (*set)(okta_client_options *options);
} setting;

static void set_org(okta_client_options *options)
{
    options->org_url = "https://d.example";
}
static void set_ca_file(okta_client_options *options)
{
    options->ca_file = "/d.pem";
}
static void set_audience(okta_client_options *options)
{
    options->assertion_audience = "d";
}
static void set_token(okta_client_options *options)
{
    options->token = "s3cr3t";
}
static void set_key(okta_client_options *options)
{
    options->private_key = "{\"kty\":\"EC\"}";
}
static void set_secret(okta_client_options *options)
{
    options->client_secret = "s3cr3t";
}

static void set_assertion(okta_client_options *options)
{
    options->assertion_file = "s3cr3t";
}

static void set_signer(okta_client_options *options)
{
    static int signer;
    options->signer = (okta_signer *)(void *)&signer;
}

static okta_error *give_no_token(void *ctx, okta_token_reason reason, char *token, size_t capacity,
                                 int64_t *expires_at_s)
{
    (void)ctx;
    (void)reason;
    (void)token;
    (void)capacity;
    (void)expires_at_s;
    return okta_error_new(OKTA_E_AUTH, "none");
}

static void set_source(okta_client_options *options)
{
    options->token_source = give_no_token;
}

static const setting directions[] = {
    {"orgUrl", "orgUrl: https://d.example", "OKTA_CLIENT_ORGURL", "https://d.example", set_org},
    {"caFile", "caFile: /d.pem", "OKTA_CLIENT_CAFILE", "/d.pem", set_ca_file},
    {"proxy.host", "proxy: {host: d.example}", "OKTA_CLIENT_PROXY_HOST", "d.example", NULL},
    {"proxy.port", "proxy: {port: 4}", "OKTA_CLIENT_PROXY_PORT", "4", NULL},
    {"assertion.audience", "assertion: {audience: d}", "OKTA_CLIENT_ASSERTION_AUDIENCE", "d", set_audience},
};

static const setting credentials[] = {
    {"token", "token: s3cr3t", "OKTA_CLIENT_TOKEN", "s3cr3t", set_token},
    {"privateKey", "privateKey: '{\"kty\":\"EC\"}'", "OKTA_CLIENT_PRIVATEKEY", "{\"kty\":\"EC\"}", set_key},
    {"signer", NULL, NULL, NULL, set_signer},
    {"clientSecret", "clientSecret: s3cr3t", "OKTA_CLIENT_CLIENTSECRET", "s3cr3t", set_secret},
    {"proxy.username", "proxy: {username: s3cr3t}", "OKTA_CLIENT_PROXY_USERNAME", "s3cr3t", NULL},
    {"token_source", NULL, NULL, NULL, set_source},
    {"assertion.file", "assertion: {file: s3cr3t}", "OKTA_CLIENT_ASSERTION_FILE", "s3cr3t", set_assertion},
};

/* Which direction leads which credential, in the order of both. Tokens and client secrets are in no
 * assertion, and the login of a proxy goes to the proxy. */
static const bool leads[COUNT(directions)][COUNT(credentials)] = {
    {true, true, true, true, false, true, true},     /* orgUrl */
    {true, true, true, true, false, true, true},     /* caFile */
    {true, true, true, true, true, true, true},      /* proxy.host */
    {true, true, true, true, true, true, true},      /* proxy.port */
    {false, true, true, false, false, false, false}, /* assertion.audience */
};

static bool can_be_set(const setting *what, unsigned place)
{
    return place == CODE ? what->set != NULL : what->yaml != NULL;
}

/* How much of a setting is a group that another one is in, too, as in `proxy: {`. 0: nothing. */
static int shared_group(const setting *a, const setting *b)
{
    const char *group = a == NULL || b == NULL ? NULL : strstr(a->yaml, ": {");
    size_t length = group == NULL ? 0 : (size_t)(group - a->yaml) + strlen(": {");
    return length > 0 && strncmp(a->yaml, b->yaml, length) == 0 ? (int)length : 0;
}

/* Files of two settings at most; those of a group stand in one mapping. */
static void write_file(config_world *world, unsigned place, const setting *a, const setting *b)
{
    char text[512];
    int shared = shared_group(a, b);
    if (shared > 0) {
        (void)snprintf(text, sizeof text, "okta: {client: {%.*s, %s}}", (int)strlen(a->yaml) - 1, a->yaml,
                       b->yaml + shared);
    } else {
        (void)snprintf(text, sizeof text, "okta: {client: {%s%s%s}}", a == NULL ? "" : a->yaml,
                       a != NULL && b != NULL ? ", " : "", b == NULL ? "" : b->yaml);
    }
    (place == HOME ? config_write_home : config_write_folder)(world, text);
}

static void set_pair(config_world *world, const setting *direction, unsigned d, const setting *credential,
                     unsigned c)
{
    config_reset(world);
    for (unsigned place = HOME; place <= FOLDER; place++) {
        write_file(world, place, d == place ? direction : NULL, c == place ? credential : NULL);
    }
    if (strncmp(direction->name, "proxy.p", 7) == 0 ||
        (strncmp(credential->name, "proxy.", 6) == 0 && strcmp(direction->name, "proxy.host") != 0)) {
        config_set(world, "OKTA_CLIENT_PROXY_HOST", "trusted.example");
    }
    if (strcmp(credential->name, "privateKey") == 0 || strcmp(credential->name, "signer") == 0 ||
        strcmp(credential->name, "assertion.file") == 0) {
        config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    }
    if (strcmp(credential->name, "clientSecret") == 0) {
        config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "ClientSecret");
    }
    if (d == ENVIRONMENT) {
        config_set(world, direction->variable, direction->value);
    }
    if (c == ENVIRONMENT) {
        config_set(world, credential->variable, credential->value);
    }
    if (d == CODE) {
        direction->set(&world->code);
    }
    if (c == CODE) {
        credential->set(&world->code);
    }
}

static void expect_pair(config_world *world, const setting *direction, unsigned d, const setting *credential,
                        unsigned c, bool refused)
{
    char phrase[256];
    okta_client_options *options = NULL;
    okta_error *error = oktai_config_load(&world->places, &world->code, &options);
    if ((error != NULL) != refused) {
        fail_msg("%s of %s and %s of %s: %s", direction->name, place_names[d], credential->name,
                 place_names[c], error == NULL ? "not refused" : okta_error_message(error));
    }
    okta_free(error);
    okta_free(options);
    if (refused) {
        (void)snprintf(phrase, sizeof phrase,
                       "/okta.yaml:1: %s says where a credential goes, but %s comes from ", direction->name,
                       credential->name);
        config_refused(world, phrase, "s3cr3t");
        config_refused(world,
                       c == HOME          ? "/.okta/okta.yaml:1: a file of"
                       : c == ENVIRONMENT ? credential->variable
                                          : "comes from code",
                       NULL);
        (void)snprintf(phrase, sizeof phrase, "to allow it, set %s, or the option ", direction->variable);
        config_refused(world, phrase, NULL);
    }
}

static void trusts_a_file_of_the_working_folder_for_its_own_credentials_only(void **state)
{
    config_world *world = *state;
    size_t refusals = 0;
    for (size_t i = 0; i < COUNT(directions) * COUNT(credentials); i++) {
        const setting *direction = &directions[i / COUNT(credentials)];
        const setting *credential = &credentials[i % COUNT(credentials)];
        bool led = leads[i / COUNT(credentials)][i % COUNT(credentials)];
        for (unsigned pair = 0; pair < PLACES * PLACES; pair++) {
            unsigned d = pair / PLACES;
            unsigned c = pair % PLACES;
            if (!can_be_set(direction, d) || !can_be_set(credential, c)) {
                continue;
            }
            bool refused = led && d == FOLDER && c != FOLDER;
            set_pair(world, direction, d, credential, c);
            expect_pair(world, direction, d, credential, c, refused);
            refusals += refused;
        }
    }
    assert_int_equal(refusals, 4 * 3 + 5 * 3 + 4 * 3 + 5 + 2 * 2 + 4 + 4 * 3);
}

/* Every row that leads a credential, or is one, is among the settings above. */
static void knows_every_row_that_matters(void **state)
{
    (void)state;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        const char *name = row->path == NULL ? row->name : row->path + strlen("okta.client.");
        bool is_direction = false;
        bool is_credential = strcmp(name, "proxy.password") == 0; /* as its user name */
        for (size_t s = 0; s < COUNT(directions); s++) {
            is_direction = is_direction || strcmp(directions[s].name, name) == 0;
        }
        for (size_t s = 0; s < COUNT(credentials); s++) {
            is_credential = is_credential || strcmp(credentials[s].name, name) == 0;
        }
        assert_int_equal(row->directs != 0, is_direction);
        assert_int_equal(row->credential != 0, is_credential);
    }
}

static void lets_a_trusted_place_allow_what_the_folder_says(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(directions); i++) {
        const setting *key = &credentials[1];
        set_pair(world, &directions[i], FOLDER, key, HOME);
        config_refused(world, "says where a credential goes", NULL);
        config_set(world, directions[i].variable, directions[i].value);
        okta_free(config_load(world));
    }
}

/* A credential that the mode does not use goes nowhere. */
static void looks_at_the_credentials_of_the_mode(void **state)
{
    config_world *world = *state;
    config_write_home(world, "okta: {client: {privateKey: '{}', token: t}}");
    config_write_folder(world, "okta: {client: {orgUrl: https://d.example, token: own}}");
    okta_client_options *options = config_load(world);
    assert_string_equal(options->token, "own");
    okta_free(options);
    config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    config_refused(world, "orgUrl says where a credential goes, but privateKey comes from", NULL);
}

/* A file outside the folder is nothing of the folder's: for its own org it may sign, but nothing that others
 * could take for another org's. */
static void takes_a_key_file_outside_the_folder_for_foreign(void **state)
{
    static const char *const refused[] = {"assertion: {audience: a}", "caFile: /ca.pem", "proxy: {host: h}"};
    config_world *world = *state;
    char outside[WORLD_PATH];
    char text[WORLD_PATH * 2];
    char before[WORLD_PATH];
    (void)snprintf(outside, sizeof outside, "%s/okta.yaml", world->home);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(world->folder), 0);
    for (size_t i = 0; i < COUNT(refused); i++) {
        const char *const keys[] = {outside, ".okta.yaml", "nowhere.pem"};
        for (size_t k = 0; k < COUNT(keys); k++) {
            config_reset(world);
            config_write(outside, "x", 1);
            config_write_dot(world, "x");
            (void)snprintf(text, sizeof text,
                           "okta: {client: {orgUrl: https://d.example, authorizationMode: PrivateKey, "
                           "privateKey: '%s', %s}}",
                           keys[k], refused[i]);
            config_write_folder(world, text);
            if (k == 0) {
                config_refused(world, "privateKey is a file outside that folder, named in", NULL);
            } else {
                okta_free(config_load(world));
            }
        }
    }
    (void)snprintf(
        text, sizeof text,
        "okta: {client: {orgUrl: https://d.example, authorizationMode: PrivateKey, privateKey: '%s'}}",
        outside);
    config_write_folder(world, text);
    okta_free(config_load(world));
    assert_int_equal(unlink(".okta.yaml"), 0);
    assert_int_equal(symlink(outside, ".okta.yaml"), 0);
    config_write_folder(world, "okta: {client: {authorizationMode: PrivateKey, privateKey: .okta.yaml, "
                               "caFile: /ca.pem}}");
    config_refused(world, "privateKey is a file outside that folder, named in", NULL);
    assert_int_equal(chdir(before), 0);
}

/* An assertion goes out as it is: what lies outside is not the folder's to send, not even to its own org or
 * to that of another place. */
static void has_no_assertion_outside_the_folder_sent(void **state)
{
    static const char *const orgs[] = {"", "orgUrl: https://d.example, "};
    config_world *world = *state;
    char outside[WORLD_PATH];
    char text[WORLD_PATH * 2];
    char before[WORLD_PATH];
    (void)snprintf(outside, sizeof outside, "%s/okta.yaml", world->home);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(world->folder), 0);
    for (size_t i = 0; i < COUNT(orgs); i++) {
        const char *const files[] = {outside, ".okta.yaml", "nowhere"};
        for (size_t k = 0; k < COUNT(files); k++) {
            config_reset(world);
            config_write(outside, "x", 1);
            config_write_dot(world, "x");
            (void)snprintf(text, sizeof text,
                           "okta: {client: {%sauthorizationMode: PrivateKey, assertion: {file: '%s'}}}",
                           orgs[i], files[k]);
            config_write_folder(world, text);
            if (k == 0) {
                config_refused(world, "/okta.yaml:1: assertion.file is a file outside that folder: a file of",
                               NULL);
                config_refused(world, "set OKTA_CLIENT_ASSERTION_FILE, or the option assertion_file", NULL);
            } else {
                okta_free(config_load(world));
            }
        }
    }
    /* A mode that does not use it sends nothing. */
    (void)snprintf(text, sizeof text, "okta: {client: {assertion: {file: '%s'}}}", outside);
    config_write_folder(world, text);
    okta_free(config_load(world));
    /* By the word of another place it is that place's. */
    config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    config_refused(world, "assertion.file is a file outside that folder", NULL);
    config_set(world, "OKTA_CLIENT_ASSERTION_FILE", outside);
    okta_free(config_load(world));
    assert_int_equal(unlink(outside), 0);
    assert_int_equal(chdir(before), 0);
}

static void looks_again_at_what_a_program_changed(void **state)
{
    config_world *world = *state;
    okta_client *client = NULL;
    config_write_folder(world, "okta: {client: {orgUrl: https://d.example}}");
    okta_client_options *options = config_load(world);
    options->token = "s3cr3t";
    okta_error *error = okta_client_new(options, &client);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_non_null(strstr(okta_error_message(error), "token comes from code"));
    assert_null(client);
    okta_free(error);
    options->org_url = "https://mine.example";
    error = okta_client_new(options, &client);
    assert_null(error);
    okta_free(client);
    okta_free(options);
}

/* Folders in folders, so deep that the path from the root is too long for realpath(), and the one from the
 * working folder is not too long for open(). The deepest holds the link. Leaves the path of that in `out`. */
#define DEEP       16u
#define DEEP_NAME  250u
#define DEEP_PATHS (DEEP * (DEEP_NAME + 1) + 80)

static void make_deep_link(const char *target, char out[DEEP_PATHS])
{
    char name[DEEP_NAME + 1];
    size_t length = 0;
    memset(name, 'd', DEEP_NAME);
    name[DEEP_NAME] = '\0';
    for (size_t i = 0; i < DEEP; i++) {
        assert_int_equal(mkdir(name, 0700), 0);
        assert_int_equal(chdir(name), 0);
        length += (size_t)snprintf(out + length, DEEP_PATHS - length, "%s/", name);
    }
    /* A long name for the link makes the whole 4,089 bytes. */
    name[4089 - length] = '\0';
    (void)snprintf(out + length, DEEP_PATHS - length, "%s", name);
    assert_int_equal(symlink(target, name), 0);
}

static void remove_deep_link(const char *folder, const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    char parent[DEEP_NAME + 1];
    assert_int_equal(chdir(folder), 0);
    (void)snprintf(parent, sizeof parent, "%.*s", (int)DEEP_NAME, path);
    for (size_t i = 0; i < DEEP; i++) {
        assert_int_equal(chdir(parent), 0);
    }
    assert_int_equal(unlink(name), 0);
    for (size_t i = 0; i < DEEP; i++) {
        assert_int_equal(chdir(".."), 0);
        assert_int_equal(rmdir(parent), 0);
    }
}

/* What cannot be shown to be inside is outside: realpath() refuses what open() takes. */
static void takes_a_key_that_cannot_be_placed_for_foreign(void **state)
{
    config_world *world = *state;
    char outside[WORLD_PATH];
    char before[WORLD_PATH];
    char deep[DEEP_PATHS];
    char real[PATH_MAX];
    assert_non_null(getcwd(before, sizeof before));
    (void)snprintf(outside, sizeof outside, "%s/okta.yaml", world->home);
    config_write(outside, "x", 1);
    assert_int_equal(chdir(world->folder), 0);
    make_deep_link(outside, deep);
    assert_int_equal(chdir(world->folder), 0);
    assert_int_equal(symlink(deep, ".okta.yaml"), 0);
    assert_null(realpath(".okta.yaml", real));
    int file = open(".okta.yaml", O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
    config_write_folder(world, "okta: {client: {orgUrl: https://d.example, authorizationMode: PrivateKey, "
                               "privateKey: ./.okta.yaml, assertion: {audience: a}}}");
    config_refused(world, "privateKey is a file outside that folder, named in", NULL);
    remove_deep_link(world->folder, deep);
    assert_int_equal(chdir(before), 0);
}

static void expect_client_refused(const okta_client_options *options, const char *phrase)
{
    okta_client *client = NULL;
    okta_error *error = okta_client_new(options, &client);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    if (strstr(okta_error_message(error), phrase) == NULL) {
        fail_msg("\"%s\" instead of \"%s\"", okta_error_message(error), phrase);
    }
    assert_null(client);
    okta_free(error);
}

/* Between loading and the client a daemon goes to another folder, and a file may become a link. */
static void looks_again_where_the_key_file_is(void **state)
{
    static const char outside_phrase[] = "privateKey is a file outside that folder, named in";
    config_world *world = *state;
    char outside[WORLD_PATH];
    char before[WORLD_PATH];
    (void)snprintf(outside, sizeof outside, "%s/.okta.yaml", world->home);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(world->folder), 0);
    world->places.folder = ".";
    config_write_folder(
        world, "okta: {client: {orgUrl: https://d.example, authorizationMode: PrivateKey, clientId: c, "
               "scopes: okta.apps.manage, privateKey: .okta.yaml, assertion: {audience: a}}}");
    okta_client_options *options = config_load(world);
    expect_client_refused(options, "cannot open \".okta.yaml\"");
    config_write(outside, "x", 1);
    assert_int_equal(chdir(world->home), 0);
    expect_client_refused(options, outside_phrase);
    assert_int_equal(chdir(world->folder), 0);
    config_write_dot(world, "x");
    expect_client_refused(options, "holds neither PEM nor a JWK");
    assert_int_equal(unlink(".okta.yaml"), 0);
    assert_int_equal(symlink(outside, ".okta.yaml"), 0);
    expect_client_refused(options, outside_phrase);
    okta_free(options);
    assert_int_equal(unlink(outside), 0);
    assert_int_equal(chdir(before), 0);
}

/* Loaded options as a program's own would make the words of the folder's file trusted ones. */
static void takes_no_loaded_options_for_code(void **state)
{
    config_world *world = *state;
    okta_client_options *again = NULL;
    config_write_folder(world, "okta: {client: {orgUrl: https://d.example}}");
    okta_client_options *options = config_load(world);
    config_set(world, "OKTA_CLIENT_TOKEN", "s3cr3t");
    okta_error *error = oktai_config_load(&world->places, options, &again);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_non_null(strstr(okta_error_message(error), "okta_client_options_load()"));
    assert_null(again);
    okta_free(error);
    okta_free(options);
}

/* The rule of secrets holds for the file that says where they go. */
static void follows_no_link_of_another_user(void **state)
{
    config_world *world = *state;
    char path[WORLD_PATH];
    if (geteuid() != 0) {
        skip();
    }
    config_write_dot(world, "okta: {client: {orgUrl: https://d.example}}");
    (void)snprintf(path, sizeof path, "%s", config_path(world, "okta.yaml"));
    assert_int_equal(symlink(".okta.yaml", path), 0);
    okta_free(config_load(world));
    assert_int_equal(lchown(path, 1001, 1001), 0);
    config_refused(world, "okta.yaml\" is reached by a link that belongs to another user", NULL);
    assert_int_equal(lchown(path, 0, 0), 0);
    assert_int_equal(chmod(world->folder, 0777), 0);
    config_refused(world, "okta.yaml\" stands in a folder that everyone can write to", NULL);
    assert_int_equal(unlink(path), 0);
    config_refused(world, ".okta.yaml\" stands in a folder that everyone can write to", NULL);
    assert_int_equal(unlink(config_path(world, ".okta.yaml")), 0);
    okta_free(config_load(world));
}

/* In ~/.okta the file of both places is the same one. */
static void reads_the_home_file_once(void **state)
{
    config_world *world = *state;
    char folder[WORLD_PATH];
    (void)snprintf(folder, sizeof folder, "%s/.okta", world->home);
    config_write_home(world, "okta: {client: {orgUrl: https://d.example}}");
    config_set(world, "OKTA_CLIENT_TOKEN", "s3cr3t");
    world->places.folder = folder;
    okta_client_options *options = config_load(world);
    assert_string_equal(options->org_url, "https://d.example");
    assert_int_equal(options->origins->places[row_named("org_url") - oktai_option_rows], OKTAI_PLACE_HOME);
    okta_free(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(trusts_a_file_of_the_working_folder_for_its_own_credentials_only),
        CONFIG_TEST(knows_every_row_that_matters),
        CONFIG_TEST(lets_a_trusted_place_allow_what_the_folder_says),
        CONFIG_TEST(looks_at_the_credentials_of_the_mode),
        CONFIG_TEST(takes_a_key_file_outside_the_folder_for_foreign),
        CONFIG_TEST(takes_a_key_that_cannot_be_placed_for_foreign),
        CONFIG_TEST(has_no_assertion_outside_the_folder_sent),
        CONFIG_TEST(looks_again_where_the_key_file_is),
        CONFIG_TEST(follows_no_link_of_another_user),
        CONFIG_TEST(reads_the_home_file_once),
        CONFIG_TEST(takes_no_loaded_options_for_code),
        CONFIG_TEST(looks_again_at_what_a_program_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
