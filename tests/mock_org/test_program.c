/* SPDX-License-Identifier: Apache-2.0 */
/* The program okta-mock-org, run as its users run it. */
#include "test_client.h"
#include "test_groups.h"
#include "test_jwt.h"

#include <openssl/pem.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGUMENTS 12

extern char **environ;

static const char *program_path;

typedef struct child {
    pid_t pid;
    FILE *out;
    FILE *err;
} child;

static FILE *open_pipe(int *out_write_end)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *out_write_end = ends[1];
    FILE *file = fdopen(ends[0], "r");
    assert_non_null(file);
    return file;
}

static child start(const char *const *arguments)
{
    child started = {0};
    int out = -1;
    int err = -1;
    started.out = open_pipe(&out);
    started.err = open_pipe(&err);
    posix_spawn_file_actions_t actions;
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO), 0);
    const int inherited[] = {out, err, fileno(started.out), fileno(started.err)};
    for (size_t i = 0; i < sizeof inherited / sizeof inherited[0]; i++) {
        assert_int_equal(posix_spawn_file_actions_addclose(&actions, inherited[i]), 0);
    }
    /* posix_spawn() does not change its arguments, it only lacks the const. */
    char *argv[MAX_ARGUMENTS] = {(char *)(uintptr_t)program_path};
    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(i + 2 < MAX_ARGUMENTS);
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    }
    assert_int_equal(posix_spawn(&started.pid, program_path, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    (void)close(out);
    (void)close(err);
    return started;
}

/* Reads all that is left of a stream. */
static const char *drain(FILE *stream)
{
    char text[4000];
    size_t length = fread(text, 1, sizeof text - 1, stream);
    text[length] = '\0';
    (void)fclose(stream);
    return test_format("%s", text);
}

static int exit_status(const child *ended)
{
    int status = 0;
    assert_int_equal(waitpid(ended->pid, &status, 0), ended->pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static size_t discard(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static void skip_without_program(void)
{
    if (program_path == NULL) {
        skip();
    }
}

static void runs_until_it_is_told_to_stop(void **state)
{
    (void)state;
    skip_without_program();
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        child running = start((const char *const[]){"--token", "tok", "--access-token", "access", "--users=3",
                                                    "--list-shape", "jwks", "--rate-limit=7/5", NULL});
        char url[128];
        assert_non_null(fgets(url, 64, running.out));
        assert_int_equal(strncmp(url, "http://127.0.0.1:", 17), 0);
        url[strcspn(url, "\n")] = '\0';
        fixture f = {0};
        CURL *curl = curl_easy_init();
        assert_non_null(curl);
        struct curl_slist *lines = curl_slist_append(NULL, "Authorization: SSWS tok");
        curl_easy_setopt(curl, CURLOPT_URL, test_format("%s" WEB_KEYS, url));
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
        assert_int_equal(curl_easy_perform(curl), CURLE_OK);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &f.status);
        assert_int_equal(f.status, 200);
        struct curl_slist *access = curl_slist_append(NULL, "Authorization: Bearer access");
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, access);
        assert_int_equal(curl_easy_perform(curl), CURLE_OK);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &f.status);
        assert_int_equal(f.status, 200);
        curl_slist_free_all(access);
        curl_slist_free_all(lines);
        curl_easy_cleanup(curl);

        assert_int_equal(kill(running.pid, signals[i]), 0);
        assert_int_equal(exit_status(&running), 0);
        assert_string_equal(drain(running.out), "");
        const char *told = drain(running.err);
        assert_non_null(strstr(told, MOCK_WEB_APP));
        assert_non_null(strstr(told, MOCK_SERVICE_APP));
        assert_non_null(strstr(told, "\ntoken tok\naccess token access\n"));
    }
}

/* A new file with this text; its path, for unlink(). */
static const char *write_file(const char *text)
{
    char path[] = "/tmp/okta-mock-org-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    assert_int_equal(close(file), 0);
    return test_format("%s", path);
}

/* Starts the program and lets the fixture call it. */
static child start_for(fixture *f, const char *const *arguments, char out_url[64])
{
    child running = start(arguments);
    if (fgets(out_url, 64, running.out) == NULL) {
        print_error("%s\n", drain(running.err));
        fail();
    }
    out_url[strcspn(out_url, "\n")] = '\0';
    f->url = out_url;
    return running;
}

static void end(child *running)
{
    assert_int_equal(kill(running->pid, SIGTERM), 0);
    assert_int_equal(exit_status(running), 0);
    (void)drain(running->out);
    (void)drain(running->err);
}

/* By the clock of this machine, which the program goes by. */
static test_claims real_claims(char out_iat[32], char out_exp[32])
{
    (void)snprintf(out_iat, 32, "%lld", (long long)time(NULL));
    (void)snprintf(out_exp, 32, "%lld", (long long)time(NULL) + 300);
    return (test_claims){.iat = out_iat, .exp = out_exp};
}

static void objects_and_scopes_are_as_the_options_say(void **state)
{
    fixture *f = *state;
    skip_without_program();
    char url[64];
    char iat[32];
    char exp[32];
    char path[64];
    test_claims claims = real_claims(iat, exp);
    (void)snprintf(path, sizeof path, "%s",
                   write_file(test_format("{\"kid\":\"k\",%s}", test_jwk_members(KEY_P256))));
    child running = start_for(f,
                              (const char *const[]){"--object-limit", "3", "--service-key", path,
                                                    "--service-scopes", "okta.groups.read", NULL},
                              url);
    test_expect(f, "POST", "/api/v1/groups", "{\"profile\":{\"name\":\"G\"}}", 200);
    test_refused(f, "POST", "/api/v1/groups", "{\"profile\":{\"name\":\"H\"}}", 507, "E0000009", NULL);
    test_token_request(f, "okta.groups.read", test_assertion(f, "ES256", KEY_P256, claims), NULL, 200);
    test_token_request(f, "okta.apps.read", test_assertion(f, "ES256", KEY_P256, claims), NULL, 400);
    end(&running);
    assert_int_equal(unlink(path), 0);
}

static void keys_in_files_sign_in(void **state)
{
    fixture *f = *state;
    skip_without_program();
    char url[64];
    char iat[32];
    char exp[32];
    test_claims claims = real_claims(iat, exp);
    const char *first = test_jwk_members(KEY_P256_OTHER);
    char paths[3][64];
    const char *const texts[] = {
        test_format("{\"kid\":\"k\",%s}", test_jwk_members(KEY_P256)),
        test_format("[{\"kid\":\"o\",%s},{\"kid\":\"k\",%s}]\n", first, test_jwk_members(KEY_P256)),
        test_format("{\"keys\":[{\"kid\":\"o\",%s},{\"kid\":\"k\",%s}]}", first, test_jwk_members(KEY_P256)),
    };
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "%s", write_file(texts[i]));
    }
    for (size_t i = 0; i < 3; i++) {
        child running = start_for(
            f, (const char *const[]){"--service-key", paths[i], "--token-lifetime", "77", NULL}, url);
        test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, claims), NULL, 200);
        assert_int_equal(cJSON_GetObjectItemCaseSensitive(f->json, "expires_in")->valueint, 77);
        end(&running);
        assert_int_equal(unlink(paths[i]), 0);
    }
}

/* A private key in PKCS#8 or of the old kind, or a public one. The kid is the thumbprint, which need not be
 * sent: the client has one key. */
static void keys_in_pem_sign_in(void **state)
{
    fixture *f = *state;
    skip_without_program();
    static const struct {
        test_key_name key;
        const char *alg;
        int form;
    } cases[] = {{KEY_P256, "ES256", 0}, {KEY_P256, "ES256", 1}, {KEY_P384, "ES384", 0},
                 {KEY_P521, "ES512", 1}, {KEY_RSA, "RS256", 0},  {KEY_RSA, "RS256", 1},
                 {KEY_RSA, "PS256", 2},  {KEY_P256, "ES256", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char url[64];
        char iat[32];
        char exp[32];
        char *pem = NULL;
        EVP_PKEY *key = test_key(cases[i].key);
        BIO *bio = BIO_new(BIO_s_mem());
        assert_non_null(bio);
        int written = cases[i].form == 0 ? PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)
                      : cases[i].form == 1
                          ? PEM_write_bio_PUBKEY(bio, key)
                          : PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL);
        assert_int_equal(written, 1);
        assert_int_equal(BIO_write(bio, "", 1), 1);
        (void)BIO_get_mem_data(bio, &pem);
        const char *path = write_file(pem);
        BIO_free(bio);
        child running = start_for(f, (const char *const[]){"--service-key", path, NULL}, url);
        const char *header = test_format("{\"alg\":\"%s\"}", cases[i].alg);
        const char *claims = test_assertion_claims(f, real_claims(iat, exp));
        test_token_request(f, NULL, test_jwt(header, claims, cases[i].alg, cases[i].key), NULL, 200);
        end(&running);
        assert_int_equal(unlink(path), 0);
    }
}

static void dpop_and_nonces_are_switched_on(void **state)
{
    fixture *f = *state;
    skip_without_program();
    static const char *const where[] = {"none", NULL, "token", "api", "both"};
    char iat[32];
    char exp[32];
    test_claims claims = real_claims(iat, exp);
    char path[64];
    (void)snprintf(path, sizeof path, "%s",
                   write_file(test_format("{\"kid\":\"k\",%s}", test_jwk_members(KEY_P256))));
    for (size_t i = 0; i < sizeof where / sizeof where[0]; i++) {
        char url[64];
        child running =
            start_for(f,
                      (const char *const[]){"--service-key", path, "--dpop",
                                            where[i] != NULL ? "--dpop-nonce" : NULL, where[i], NULL},
                      url);
        test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, claims), NULL, 400);
        test_oauth_error(f, 400, "invalid_dpop_proof", "");
        bool token_nonce = i == 1 || i == 2 || i == 4;
        test_claims proved = claims;
        char nonce[80];
        test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, claims),
                           test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, claims), token_nonce ? 400 : 200);
        if (token_nonce) {
            test_oauth_error(f, 400, "use_dpop_nonce", "");
            char *offered = test_header(f, "DPoP-Nonce", 0);
            (void)snprintf(nonce, sizeof nonce, "\"%s\"", offered);
            free(offered);
            proved.nonce = nonce;
            test_token_request(f, NULL, test_assertion(f, "ES256", KEY_P256, claims),
                               test_proof(f, "POST", MOCK_TOKEN_PATH, NULL, proved), 200);
        }
        char token[TOKEN_SIZE];
        (void)snprintf(token, sizeof token, "%s", test_string(f->json, "access_token"));
        test_api(f, "DPoP", token, test_proof(f, "GET", WEB_KEYS, token, claims), "GET", WEB_KEYS,
                 i >= 3 ? 401 : 200);
        if (i >= 3) {
            test_challenge(f, "DPoP error=\"use_dpop_nonce\"");
        }
        end(&running);
    }
    assert_int_equal(unlink(path), 0);
}

static void bad_key_files_are_status_1(void **state)
{
    (void)state;
    skip_without_program();
    static const char *const texts[] = {"",
                                        "{",
                                        "[1]",
                                        "1",
                                        "{}",
                                        "{\"kid\":\"k\"," EC_P256 "}x",
                                        "{\"kid\":\"k\",\"d\":\"AA\"," EC_P256 "}",
                                        "[{\"kid\":\"k\"," EC_P256 "},{\"kid\":\"k\"," EC_P256 "}]"};
    for (size_t i = 0; i <= sizeof texts / sizeof texts[0]; i++) {
        bool absent = i == sizeof texts / sizeof texts[0];
        char path[64];
        (void)snprintf(path, sizeof path, "%s", absent ? "/tmp/okta-mock-org-none/x" : write_file(texts[i]));
        child running = start((const char *const[]){"--service-key", path, NULL});
        assert_int_equal(exit_status(&running), 1);
        assert_string_equal(drain(running.out), "");
        const char *told = drain(running.err);
        assert_non_null(strstr(told, path));
        assert_ptr_equal(strchr(told, '\n'), told + strlen(told) - 1);
        assert_int_equal(unlink(path), absent ? -1 : 0);
    }
}

static void help_goes_to_standard_output(void **state)
{
    (void)state;
    skip_without_program();
    child running = start((const char *const[]){"--help", NULL});
    assert_int_equal(exit_status(&running), 0);
    const char *text = drain(running.out);
    assert_int_equal(strncmp(text, "Usage: okta-mock-org", 20), 0);
    for (size_t length = strcspn(text, "\n"); *text != '\0'; length = strcspn(text, "\n")) {
        assert_in_range(length, 0, 80);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    assert_string_equal(drain(running.err), "");
}

static void bad_usage_is_status_2_and_one_line(void **state)
{
    (void)state;
    skip_without_program();
    static const char *const cases[][3] = {
        {"--port", "65536", NULL},
        {"--port", "-1", NULL},
        {"--port", "1x", NULL},
        {"--port=", NULL},
        {"--port", NULL},
        {"--list-shape=table", NULL},
        {"--rate-limit=10", NULL},
        {"--rate-limit=0/5", NULL},
        {"--rate-limit=5/0", NULL},
        {"--rate-limit=5/1/1", NULL},
        {"--token=", NULL},
        {"--access-token=", NULL},
        {"--users", "many", NULL},
        {"--users=9999999999999999999", NULL},
        {"--unknown", NULL},
        {"argument", NULL},
        {"--users", " 1", NULL},
        {"--dpop=yes", NULL},
        {"--dpop-nonce", NULL},
        {"--dpop-nonce=never", NULL},
        {"--dpop-nonce=", NULL},
        {"--token-lifetime=0", NULL},
        {"--token-lifetime=1h", NULL},
        {"--service-key", NULL},
        {"--service-scopes", NULL},
        {"--object-limit=0", NULL},
        {"--object-limit=many", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        child running = start(cases[i]);
        assert_int_equal(exit_status(&running), 2);
        assert_string_equal(drain(running.out), "");
        const char *told = drain(running.err);
        assert_true(strlen(told) > 20);
        assert_ptr_equal(strchr(told, '\n'), told + strlen(told) - 1);
        assert_non_null(strstr(told, "; see okta-mock-org --help\n"));
    }
}

static void a_taken_port_is_status_1(void **state)
{
    fixture *f = *state;
    skip_without_program();
    const char *port = strrchr(mock_org_url(f->org), ':') + 1;
    child running = start((const char *const[]){"--port", port, NULL});
    assert_int_equal(exit_status(&running), 1);
    assert_string_equal(drain(running.out), "");
    assert_non_null(strstr(drain(running.err), port));
}

int test_program_group(const char *program)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_until_it_is_told_to_stop),
        cmocka_unit_test(help_goes_to_standard_output),
        cmocka_unit_test(bad_usage_is_status_2_and_one_line),
        TEST(a_taken_port_is_status_1),
        TEST(keys_in_files_sign_in),
        TEST(objects_and_scopes_are_as_the_options_say),
        TEST(keys_in_pem_sign_in),
        TEST(dpop_and_nonces_are_switched_on),
        cmocka_unit_test(bad_key_files_are_status_1),
    };
    program_path = program;
    return cmocka_run_group_tests_name("okta-mock-org", tests, NULL, NULL);
}
