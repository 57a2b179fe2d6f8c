/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from files and standard input, and what happens when standard output fails. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

static void prints_a_thumbprint_without_an_org(void **state)
{
    tool_world *world = *state;
    world->org_url = world->token = NULL;
    RUN(world, "thumbprint", "--jwk", world_write(world, "key.jwk", RSA_JWK));
    assert_exit(world, 0);
    assert_out(world, RSA_THUMBPRINT "\n");
    world->input = RSA_JWK;
    RUN(world, "thumbprint", "--jwk", "-", "--json");
    assert_exit(world, 0);
    assert_out(world, "{\"thumbprint\":\"" RSA_THUMBPRINT "\"}\n");
    assert_requests(world, 0);
}

static void tells_pem_and_jwk_on_standard_input_apart(void **state)
{
    tool_world *world = *state;
    world->input = " \n\t" EC_JWK "\n";
    RUN(world, "add", APP, "-", "--kid", "a");
    assert_exit(world, 0);
    assert_out_has(world, "EC P-256");
    char *pem = world_pem(NULL);
    world->input = pem;
    RUN(world, "add", APP, "-", "--kid", "b");
    assert_exit(world, 0);
    assert_null(strstr(world_request(world, 0)->body, "\"d\""));
    RUN(world, "add", APP, "--pem", "-", "--kid", "c");
    assert_exit(world, 0);
    RUN(world, "add", APP, "--jwk", "-", "--kid", "d");
    assert_exit(world, 2);
    assert_one_line(world);
    assert_err_has(world, "standard input is PEM, not a JWK: use --pem");
    assert_requests(world, 0);
    free(pem);
}

static void refuses_files_that_hold_no_key(void **state)
{
    tool_world *world = *state;
    const char *none = world_path(world, "none");
    const char *jwk = world_write(world, "jwk", EC_JWK);
    const char *empty = world_write(world, "empty", "");
    char *text = calloc(1, 70001);
    assert_non_null(text);
    memset(text, 'x', 70000);
    const char *large = world_write(world, "large", text);
    free(text);
    const struct {
        const char *option, *path, *err;
    } cases[] = {
        {"--pem", none, "none: No such file or directory"},
        {"--jwk", none, "none: No such file or directory"},
        {"--pem", jwk, "is a JWK, not PEM: use --jwk"},
        {"--pem", empty, "read from "},
        {"--jwk", empty, "read from "},
        {"--jwk", large, "is larger than 65536 bytes"},
        {"--pem", world->folder, "Is a directory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        RUN(world, "add", APP, cases[i].option, cases[i].path);
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, cases[i].err);
        assert_requests(world, 0);
        RUN(world, "thumbprint", cases[i].option, cases[i].path);
        assert_exit(world, 2);
    }
}

/* What stands behind a NUL must not be dropped silently. */
static void refuses_files_with_a_nul_byte(void **state)
{
    static const char bytes[] = "{\"client_secret\":\"long enough to be one\"}\0x";
    tool_world *world = *state;
    const char *path = world_write_bytes(world, "nul", bytes, sizeof bytes);
    const char *const cases[][6] = {
        {"add", APP, "--jwk", path},
        {"add", APP, "--pem", path},
        {"list", APP, "--token-file", path},
        {"secrets", "create", APP, "--secret-file", path},
        {"request", "POST", "/api/v1/x", "--data", path},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world_run(world, cases[i]);
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, " holds a NUL byte");
        assert_err_has(world, "/nul");
        assert_requests(world, 0);
    }
}

/* Root's files have a rule of their own, which the library's tests have. */
static void refuses_secret_files_that_are_open_to_others(void **state)
{
    static const mode_t modes[] = {0644, 0604, 0660, 0620, 0666, 0602, 0601};
    tool_world *world = *state;
    const char *token = world_write(world, "token", TOKEN "\n");
    const char *secret = world_write(world, "secret", "a-secret-of-my-own\n");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        char err[64];
        (void)snprintf(err, sizeof err, "is open to others (mode %04o): chmod 600", (unsigned)modes[i]);
        world->token = NULL;
        assert_int_equal(chmod(token, modes[i]), 0);
        RUN(world, "list", APP, "--token-file", token);
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, err);
        assert_err_has(world, "okta-keys: --token-file: the file \"");
        assert_requests(world, 0);
        world->token = TOKEN;
        assert_int_equal(chmod(secret, modes[i]), 0);
        RUN(world, "secrets", "create", APP, "--secret-file", secret);
        assert_exit(world, 2);
        assert_err_has(world, err);
        assert_err_has(world, "okta-keys: --secret-file: the file \"");
        assert_requests(world, 0);
    }
    assert_int_equal(chmod(token, 0400), 0);
    assert_int_equal(chmod(secret, 0600), 0);
    RUN(world, "secrets", "create", APP, "--secret-file", secret, "--token-file", token);
    assert_exit(world, 0);
}

/* As `--token-file <(command)` of a shell, which is a pipe. */
static void reads_a_token_from_a_pipe_of_its_own(void **state)
{
    tool_world *world = *state;
    const char *path = world_path(world, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    int pipe = open(path, O_RDWR | O_CLOEXEC);
    assert_true(pipe >= 0);
    world->token = NULL;
    assert_int_equal(chmod(path, 0666), 0);
    RUN(world, "list", APP, "--token-file", path);
    assert_exit(world, 2);
    assert_err_has(world, "is open to others (mode 0666): chmod 600");
    assert_int_equal(close(pipe), 0);
    assert_int_equal(chmod(path, 0600), 0);
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        int end = open(path, O_WRONLY);
        _exit(end >= 0 && write(end, TOKEN "\n", sizeof TOKEN) == (ssize_t)sizeof TOKEN ? 0 : 1);
    }
    RUN(world, "list", APP, "--token-file", path);
    int status = 0;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
    assert_exit(world, 0);
}

static void opens_an_encrypted_pem_by_the_environment(void **state)
{
    tool_world *world = *state;
    char *pem = world_pem("open sesame");
    const char *path = world_write(world, "locked.pem", pem);
    world->variable = "OKTA_KEYS_PASSPHRASE=open sesame";
    RUN(world, "thumbprint", "--pem", path);
    assert_exit(world, 0);
    world->input = pem;
    RUN(world, "add", APP, "-");
    assert_exit(world, 0);
    world->variable = "OKTA_KEYS_PASSPHRASE=wrong";
    RUN(world, "add", APP, "--pem", path);
    assert_exit(world, 2);
    assert_requests(world, 0);
    assert_one_line(world);
    world->variable = NULL;
    RUN(world, "add", APP, "--pem", path);
    assert_exit(world, 2);
    assert_requests(world, 0);
    assert_one_line(world);
    assert_err_has(world, "locked.pem is encrypted: put its passphrase into the environment variable "
                          "OKTA_KEYS_PASSPHRASE, or run this on a terminal");
    RUN(world, "add", APP, "-");
    assert_exit(world, 2);
    assert_err_has(world, "standard input is encrypted: put its passphrase into the environment variable "
                          "OKTA_KEYS_PASSPHRASE\n");
    free(pem);
}

static void never_sends_a_private_jwk(void **state)
{
    tool_world *world = *state;
    world->input = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"from-jwk\","
                   "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
                   "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\","
                   "\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}";
    RUN(world, "add", APP, "-");
    assert_exit(world, 0);
    const mock_request *request = world_request(world, 0);
    assert_non_null(strstr(request->body, "\"kid\":\"from-jwk\""));
    assert_null(strstr(request->body, "870MB6gf"));
    assert_lacks(world->out, "870MB6gf");
}

static void notices_that_its_output_is_lost(void **state)
{
    static const char *const outputs[] = {"/dev/full", ""};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        world->output = outputs[i];
        RUN(world, "list", APP);
        assert_exit(world, 1);
        assert_one_line(world);
        assert_err_has(world, "cannot write to standard output: ");
        RUN(world, "--help");
        assert_exit(world, 1);
        RUN(world, "get", APP, "none");
        assert_exit(world, 3);
        assert_one_line(world);
    }
}

int test_files_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(prints_a_thumbprint_without_an_org),
        WORLD_TEST(tells_pem_and_jwk_on_standard_input_apart),
        WORLD_TEST(refuses_files_that_hold_no_key),
        WORLD_TEST(refuses_files_with_a_nul_byte),
        WORLD_TEST(refuses_secret_files_that_are_open_to_others),
        WORLD_TEST(reads_a_token_from_a_pipe_of_its_own),
        WORLD_TEST(opens_an_encrypted_pem_by_the_environment),
        WORLD_TEST(never_sends_a_private_jwk),
        WORLD_TEST(notices_that_its_output_is_lost),
    };
    return cmocka_run_group_tests_name("tool: files", tests, NULL, NULL);
}
