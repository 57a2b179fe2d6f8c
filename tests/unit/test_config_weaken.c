/* SPDX-License-Identifier: Apache-2.0 */
/* How safely a credential is used is said by nobody who is trusted less than whoever gave the credential. */
#include "unit/config_support.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

#define KEY       "authorizationMode: PrivateKey, privateKey: '{\"kty\":\"EC\"}'"
#define ASSERTION "authorizationMode: PrivateKey, assertion: {file: nowhere}"
#define SECRET    "authorizationMode: ClientSecret, clientSecret: s3cr3t"

/* What the files say below `client`, and which option is refused; NULL: none. */
typedef struct example {
    const char *home, *folder, *refused;
} example;

static const example examples[] = {
    /* Each option that weakens or widens a key. */
    {KEY, "privateKeyReadable: true", "privateKeyReadable"},
    {KEY, "dpop: never", "dpop"},
    {KEY, "scopes: okta.apps.manage", "scopes"},
    {KEY, "scopes: [okta.apps.manage]", "scopes"},
    {KEY, "assertion: {type: at+jwt}", "assertion.type"},
    {KEY, "adminHost: true", "adminHost"},
    {KEY, "authorizationMode: SSWS, token: own", NULL},
    {KEY ", token: s3cr3t", "authorizationMode: SSWS", "authorizationMode"},
    {KEY ", token: s3cr3t", "authorizationMode: Bearer", "authorizationMode"},
    /* An assertion of others. */
    {ASSERTION, "privateKeyReadable: true", "privateKeyReadable"},
    {ASSERTION, "dpop: never", "dpop"},
    {ASSERTION, "scopes: okta.apps.manage", "scopes"},
    {ASSERTION, "adminHost: true", "adminHost"},
    {ASSERTION, "dpop: always", NULL},
    {"", ASSERTION ", dpop: never, scopes: a, privateKeyReadable: true", NULL},
    /* A client secret. */
    {SECRET, "dpop: never", "dpop"},
    {SECRET, "scopes: okta.apps.manage", "scopes"},
    {SECRET, "clientAuthMethod: client_secret_post", "clientAuthMethod"},
    {SECRET, "adminHost: true", "adminHost"},
    /* A token: what its mode does not use weakens nothing. */
    {"token: s3cr3t", "adminHost: true", "adminHost"},
    {"token: s3cr3t", "authorizationMode: Bearer", "authorizationMode"},
    {"token: s3cr3t", "dpop: never", NULL},
    {"token: s3cr3t", "scopes: a", NULL},
    {"token: s3cr3t", "clientAuthMethod: client_secret_post", NULL},
    {"token: s3cr3t", "privateKeyReadable: true", NULL},
    {KEY, "clientAuthMethod: client_secret_post", NULL},
    {SECRET, "privateKeyReadable: true", NULL},
    /* What held before is not weaker than it was, spelled out or as the default. */
    {KEY ", dpop: always", "dpop: never", "dpop"},
    {KEY ", dpop: always", "dpop: auto", "dpop"},
    {KEY ", dpop: always", "dpop: always", NULL},
    {KEY ", dpop: never", "dpop: never", NULL},
    {KEY, "dpop: auto", NULL},
    {KEY, "assertion: {type: JWT}", NULL},
    {KEY ", scopes: a b", "scopes: a b", NULL},
    {KEY ", scopes: a b", "scopes: a b c", "scopes"},
    {KEY ", privateKeyReadable: true", "privateKeyReadable: true", NULL},
    {"token: s3cr3t", "authorizationMode: ssws", NULL},
    {SECRET, "clientAuthMethod: client_secret_basic", NULL},
    /* The safe choice weakens nothing, whatever held before. */
    {KEY ", dpop: never", "dpop: always", NULL},
    {KEY ", privateKeyReadable: true", "privateKeyReadable: false", NULL},
    {KEY ", adminHost: true", "adminHost: false", NULL},
    {SECRET ", clientAuthMethod: client_secret_post", "clientAuthMethod: client_secret_basic", NULL},
    {"privateKey: '{\"kty\":\"EC\"}', token: s3cr3t", "authorizationMode: PrivateKey", NULL},
    /* A credential of the file's own. */
    {"dpop: always", KEY ", dpop: never, scopes: a, privateKeyReadable: true, adminHost: true", NULL},
    {KEY ", scopes: a, dpop: always", "privateKey: '{\"kty\":\"RSA\"}', scopes: b, dpop: never", NULL},
    {SECRET, "clientSecret: own, clientAuthMethod: client_secret_post", NULL},
};

static void write_files(config_world *world, const example *given)
{
    char text[512];
    config_reset(world);
    (void)snprintf(text, sizeof text, "okta: {client: {%s}}", given->home);
    config_write_home(world, text);
    (void)snprintf(text, sizeof text, "okta: {client: {%s}}", given->folder);
    config_write_folder(world, text);
}

static void lets_the_folder_weaken_its_own_credentials_only(void **state)
{
    config_world *world = *state;
    char phrase[256];
    for (size_t i = 0; i < COUNT(examples); i++) {
        okta_client_options *options = NULL;
        write_files(world, &examples[i]);
        okta_error *error = oktai_config_load(&world->places, &world->code, &options);
        if ((error != NULL) != (examples[i].refused != NULL)) {
            fail_msg("{%s} and {%s}: %s", examples[i].home, examples[i].folder,
                     error == NULL ? "not refused" : okta_error_message(error));
        }
        okta_free(error);
        okta_free(options);
        if (examples[i].refused != NULL) {
            (void)snprintf(phrase, sizeof phrase,
                           "/okta.yaml:1: %s says how safely a credential is used, but ",
                           examples[i].refused);
            config_refused(world, phrase, "s3cr3t");
            config_refused(world, "/.okta/okta.yaml:1: a file of the working folder", NULL);
        }
    }
}

/* Every row that weakens a credential is refused in one of the examples. */
static void knows_every_row_that_weakens(void **state)
{
    (void)state;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        bool is_refused = false;
        for (size_t e = 0; row->path != NULL && e < COUNT(examples); e++) {
            is_refused = is_refused || (examples[e].refused != NULL &&
                                        strcmp(row->path + strlen("okta.client."), examples[e].refused) == 0);
        }
        assert_int_equal(row->weakens != 0, is_refused);
        assert_true(row->weakens == 0 || row->directs == 0);
    }
    assert_string_equal(oktai_option_rows[OKTAI_OPTION_ORG_URL].name, "org_url");
}

/* The same value in the environment or in code, and credentials of the environment and of code. */
static void lets_a_trusted_place_say_it_instead(void **state)
{
    static const example weak = {KEY, "dpop: never", "dpop"};
    static const example alone = {"", "authorizationMode: PrivateKey, dpop: never", "dpop"};
    config_world *world = *state;
    write_files(world, &weak);
    config_refused(world, "to allow it, set OKTA_CLIENT_DPOP, or the option dpop", NULL);
    config_set(world, "OKTA_CLIENT_DPOP", "never");
    okta_free(config_load(world));
    write_files(world, &weak);
    world->code.dpop = OKTA_DPOP_NEVER;
    okta_free(config_load(world));
    write_files(world, &alone);
    okta_free(config_load(world));
    config_set(world, "OKTA_CLIENT_PRIVATEKEY", "{\"kty\":\"EC\"}");
    config_refused(world, "but privateKey comes from OKTA_CLIENT_PRIVATEKEY: ", NULL);
    write_files(world, &alone);
    world->code.private_key = "{\"kty\":\"EC\"}";
    config_refused(world, "but privateKey comes from code: ", NULL);
}

/* The folder names a key file of another place: for its own org that is its own matter, for another org it
 * would only be a way around. */
static void takes_a_key_file_outside_for_foreign_where_the_org_is(void **state)
{
    config_world *world = *state;
    char outside[WORLD_PATH];
    char own[WORLD_PATH * 2];
    char foreign[WORLD_PATH * 2];
    (void)snprintf(outside, sizeof outside, "%s/key", world->home);
    config_write(outside, "x", 1);
    (void)snprintf(
        own, sizeof own,
        "orgUrl: https://d.example, authorizationMode: PrivateKey, dpop: never, privateKey: '%.200s'",
        outside);
    (void)snprintf(foreign, sizeof foreign,
                   "authorizationMode: PrivateKey, dpop: never, privateKey: '%.200s'", outside);
    write_files(world, &(example){"", own, NULL});
    okta_free(config_load(world));
    write_files(world, &(example){"orgUrl: https://d.example", foreign, NULL});
    config_refused(world, "privateKey is a file outside that folder, named in", NULL);
    assert_int_equal(unlink(outside), 0);
}

/* The client looks again, since a program may put its own credential into what it loaded. */
static void looks_again_at_what_a_program_changed(void **state)
{
    config_world *world = *state;
    okta_client *client = NULL;
    write_files(world, &(example){"orgUrl: https://d.example",
                                  "scopes: a, clientId: c, authorizationMode: PrivateKey", NULL});
    okta_client_options *options = config_load(world);
    options->private_key = "{\"kty\":\"EC\"}";
    okta_error *error = okta_client_new(options, &client);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_non_null(strstr(okta_error_message(error), "scopes says how safely a credential is used, but "
                                                      "privateKey comes from code"));
    okta_free(error);
    okta_free(options);
}

/* Who can write to the file can weaken what it names. */
static void refuses_a_file_that_its_group_can_write(void **state)
{
    config_world *world = *state;
    write_files(world, &(example){"", "dpop: never", NULL});
    okta_free(config_load(world));
    assert_int_equal(chmod(config_path(world, "okta.yaml"), 0664), 0);
    config_refused(world, "says where credentials go or how they are used, and can be written by its group",
                   NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(lets_the_folder_weaken_its_own_credentials_only),
        CONFIG_TEST(knows_every_row_that_weakens),
        CONFIG_TEST(lets_a_trusted_place_say_it_instead),
        CONFIG_TEST(takes_a_key_file_outside_for_foreign_where_the_org_is),
        CONFIG_TEST(looks_again_at_what_a_program_changed),
        CONFIG_TEST(refuses_a_file_that_its_group_can_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
