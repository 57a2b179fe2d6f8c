/* SPDX-License-Identifier: Apache-2.0 */
/* Every example, as a program of its own, against a mock org. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "example_world.h"
#include "expect_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WEB_APP      MOCK_WEB_APP
#define SERVICE_APP  MOCK_SERVICE_APP
#define JWKS_OF(app) "/api/v1/apps/" app "/credentials/jwks"

#define EC_X   "_kLaU1BkwSAvCNN9thQPdEEHTetJv2Bm8IO-ne4KdRg"
#define EC_Y   "eA6BHcvcVq_5mopF1bIkm-kfBQOa25-IMhUBni2ElNc"
#define EC_KID "V_dxcLnwefpJJCcZT3JdRNF_DXe88kSR50ydIhYSndQ"

static const char ec_pem[] = "-----BEGIN PUBLIC KEY-----\n"
                             "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/kLaU1BkwSAvCNN9thQPdEEHTetJ\n"
                             "v2Bm8IO+ne4KdRh4DoEdy9xWr/maikXVsiSb6R8FA5rbn4gyFQGeLYSU1w==\n"
                             "-----END PUBLIC KEY-----\n";

#define FUTURE_MEMBER "\"future\":{\"big\":12345678901234567890,\"ratio\":1.50}"

static const char key_with_unknown_members[] =
    "{\"id\":\"pksA\",\"kid\":\"old\",\"kty\":\"EC\",\"use\":\"sig\",\"crv\":\"P-256\",\"x\":\"" EC_X
    "\",\"y\":\"" EC_Y "\"," FUTURE_MEMBER ",\"status\":\"ACTIVE\",\"created\":\"2026-01-01T00:00:00.000Z\"}";

static int set_up(void **state)
{
    const mock_org_options options = {.users = 5};
    *state = example_world_start(&options);
    return 0;
}

static void run_as(example_world *f, const char *token, const char *program, const char *const *arguments)
{
    char token_variable[64];
    snprintf(token_variable, sizeof token_variable, "OKTA_CLIENT_TOKEN=%s", token);
    example_run(f, program, arguments, (const char *const[]){token_variable, NULL});
}

static void run(example_world *f, const char *program, const char *const *arguments)
{
    run_as(f, "mock-token", program, arguments);
}

static void assert_failed(const example_world *f, int exit_code, const char *said)
{
    assert_int_equal(f->result.exit_code, exit_code);
    assert_contains(f->result.err, said);
    assert_lacks(f->result.err, "mock-token");
}

static void assert_done(const example_world *f)
{
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
}

static void assert_request(const example_world *f, size_t index, const char *method, const char *target)
{
    const mock_request *request = mock_org_request_at(f->org, index);
    assert_non_null(request);
    assert_string_equal(request->method, method);
    assert_string_equal(request->target, target);
}

static void write_pem(const example_world *f, const char *text)
{
    FILE *file = fopen(f->pem_file, "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
}

static void every_example_refuses_wrong_arguments(void **state)
{
    static const char *const programs[] = {EXAMPLE_ADD_KEY, EXAMPLE_GENERATE_AND_ACTIVATE, EXAMPLE_LIST_KEYS,
                                           EXAMPLE_RAW_PAGES, EXAMPLE_UPDATE_WITHOUT_LOSS};
    example_world *f = *state;
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        run(f, programs[i], (const char *const[]){NULL});
        assert_failed(f, 2, "usage: ");
        assert_string_equal(f->result.out, "");
    }
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void every_example_reports_a_refused_token(void **state)
{
    static const struct {
        const char *program;
        const char *arguments[5];
    } cases[] = {
        {EXAMPLE_ADD_KEY, {WEB_APP, "PEM"}},
        {EXAMPLE_GENERATE_AND_ACTIVATE, {WEB_APP, "NEW"}},
        {EXAMPLE_LIST_KEYS, {WEB_APP}},
        {EXAMPLE_RAW_PAGES, {"/api/v1/users"}},
        {EXAMPLE_UPDATE_WITHOUT_LOSS, {WEB_APP, "pksA", SERVICE_APP, "new"}},
    };
    example_world *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *arguments[6] = {NULL};
        memcpy(arguments, cases[i].arguments, sizeof cases[i].arguments);
        unlink(f->pem_file);
        if (arguments[1] != NULL && strcmp(arguments[1], "PEM") == 0) {
            write_pem(f, ec_pem);
        }
        if (arguments[1] != NULL && (strcmp(arguments[1], "PEM") == 0 || strcmp(arguments[1], "NEW") == 0)) {
            arguments[1] = f->pem_file;
        }
        run_as(f, "no-such-token", cases[i].program, arguments);
        assert_failed(f, 1, "E0000011");
        assert_lacks(f->result.err, "no-such-token");
        assert_int_equal(mock_org_request_count(f->org), i + 1);
    }
}

static void list_keys_needs_its_environment(void **state)
{
    example_world *f = *state;
    run_program((const char *const[]){EXAMPLE_LIST_KEYS, WEB_APP, NULL}, (const char *const[]){NULL},
                &f->result);
    assert_failed(f, 1, "is required");
}

static void list_keys_shows_every_key(void **state)
{
    example_world *f = *state;
    assert_true(mock_org_put(f->org, WEB_APP, "jwks", key_with_unknown_members));
    assert_true(mock_org_put(f->org, WEB_APP, "jwks",
                             "{\"id\":\"pksB\",\"kid\":null,\"kty\":\"OKP\",\"status\":\"PAUSED\"}"));
    run(f, EXAMPLE_LIST_KEYS, (const char *const[]){WEB_APP, NULL});
    assert_done(f);
    assert_string_equal(f->result.out, "pksA old ACTIVE\npksB - PAUSED\n");
}

static void list_keys_says_that_an_app_is_missing(void **state)
{
    example_world *f = *state;
    run(f, EXAMPLE_LIST_KEYS, (const char *const[]){"0oanosuchapp", NULL});
    assert_failed(f, 1, "E0000007");
    assert_string_equal(f->result.out, "");
}

static void many_apps_counts_the_keys_of_each(void **state)
{
    example_world *f = *state;
    assert_true(mock_org_put(f->org, WEB_APP, "jwks", key_with_unknown_members));
    run(f, EXAMPLE_MANY_APPS, (const char *const[]){WEB_APP, "0oanosuchapp", WEB_APP, "..", NULL});
    assert_failed(f, 1, "0oanosuchapp: listJwk: HTTP 404");
    assert_non_null(strstr(f->result.err, "..: listJwk: "));
    assert_string_equal(f->result.out, WEB_APP " 1\n" WEB_APP " 1\n");
}

static void active_keys_counts_those_of_each_line(void **state)
{
    example_world *f = *state;
    assert_true(mock_org_put(f->org, WEB_APP, "jwks", "{\"id\":\"pks1\",\"status\":\"ACTIVE\"}"));
    assert_true(mock_org_put(f->org, WEB_APP, "jwks", "{\"id\":\"pks2\",\"status\":\"INACTIVE\"}"));
    write_pem(f, WEB_APP "\n0oanosuchapp\r\n..\n" WEB_APP);
    run(f, EXAMPLE_ACTIVE_KEYS, (const char *const[]){f->pem_file, NULL});
    assert_failed(f, 1, "0oanosuchapp: listJwk: HTTP 404");
    assert_non_null(strstr(f->result.err, "..: listJwk: "));
    assert_string_equal(f->result.out, WEB_APP " 1\n" WEB_APP " 1\n");
    run(f, EXAMPLE_ACTIVE_KEYS, (const char *const[]){"/nonexistent", NULL});
    assert_failed(f, 1, "cannot open /nonexistent");
}

static void add_key_names_the_key_by_its_thumbprint(void **state)
{
    example_world *f = *state;
    write_pem(f, ec_pem);
    run(f, EXAMPLE_ADD_KEY, (const char *const[]){WEB_APP, f->pem_file, NULL});
    assert_done(f);
    assert_int_equal(strncmp(f->result.out, WEB_APP " has key pks", strlen(WEB_APP " has key pks")), 0);
    assert_contains(f->result.out, " with kid " EC_KID "\n");

    assert_int_equal(mock_org_request_count(f->org), 1);
    assert_request(f, 0, "POST", JWKS_OF(WEB_APP));
    assert_string_equal(mock_org_request_at(f->org, 0)->body,
                        "{\"kid\":\"" EC_KID "\",\"kty\":\"EC\",\"alg\":\"ES256\",\"use\":\"sig\","
                        "\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}");

    run(f, EXAMPLE_ADD_KEY, (const char *const[]){WEB_APP, f->pem_file, NULL});
    assert_failed(f, 1, "E0000001");
}

static void add_key_sends_nothing_for_a_damaged_file(void **state)
{
    example_world *f = *state;
    write_pem(f, "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n");
    run(f, EXAMPLE_ADD_KEY, (const char *const[]){WEB_APP, f->pem_file, NULL});
    assert_failed(f, 1, "add_key: ");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void add_key_finds_the_key_whose_answer_was_lost(void **state)
{
    example_world *f = *state;
    const mock_fault lost = {.method = "POST", .drop_after = true};
    assert_true(mock_org_fail_next(f->org, &lost));
    write_pem(f, ec_pem);
    run(f, EXAMPLE_ADD_KEY, (const char *const[]){WEB_APP, f->pem_file, NULL});
    assert_done(f);
    assert_contains(f->result.out, " with kid " EC_KID "\n");
    assert_int_equal(mock_org_request_count(f->org), 2);
    assert_request(f, 0, "POST", JWKS_OF(WEB_APP));
    assert_request(f, 1, "GET", JWKS_OF(WEB_APP));
}

static void add_key_tells_what_to_look_for_when_it_cannot_look(void **state)
{
    example_world *f = *state;
    const mock_fault lost = {.method = "POST", .drop_after = true};
    const mock_fault blind = {.method = "GET", .status = 403};
    assert_true(mock_org_fail_next(f->org, &lost));
    assert_true(mock_org_fail_next(f->org, &blind));
    write_pem(f, ec_pem);
    run(f, EXAMPLE_ADD_KEY, (const char *const[]){WEB_APP, f->pem_file, NULL});
    assert_failed(f, 1, "look for kid " EC_KID);
    assert_int_equal(mock_org_request_count(f->org), 2);
}

static void generate_and_activate_stores_the_key_first(void **state)
{
    example_world *f = *state;
    run(f, EXAMPLE_GENERATE_AND_ACTIVATE, (const char *const[]){SERVICE_APP, f->pem_file, NULL});
    assert_done(f);
    assert_int_equal(strncmp(f->result.out, "EC P-256 key pks", 16), 0);
    assert_contains(f->result.out, " is active\n");

    struct stat file;
    assert_int_equal(stat(f->pem_file, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);

    assert_int_equal(mock_org_request_count(f->org), 2);
    assert_request(f, 0, "POST", JWKS_OF(SERVICE_APP));
    assert_contains(mock_org_request_at(f->org, 0)->body, "\"status\":\"INACTIVE\"");
    assert_lacks(mock_org_request_at(f->org, 0)->body, "\"d\":");
    assert_contains(mock_org_request_at(f->org, 1)->target, "/lifecycle/activate");
}

static void generate_and_activate_never_writes_over_a_file(void **state)
{
    example_world *f = *state;
    write_pem(f, "precious");
    run(f, EXAMPLE_GENERATE_AND_ACTIVATE, (const char *const[]){SERVICE_APP, f->pem_file, NULL});
    assert_failed(f, 1, "generate_and_activate: ");
    assert_int_equal(mock_org_request_count(f->org), 0);

    char text[16] = "";
    FILE *file = fopen(f->pem_file, "rb");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof text - 1, file), 8);
    fclose(file);
    assert_string_equal(text, "precious");
}

static void generate_and_activate_keeps_the_file_when_okta_refuses(void **state)
{
    example_world *f = *state;
    const mock_fault refused = {.method = "POST", .status = 403};
    assert_true(mock_org_fail_next(f->org, &refused));
    run(f, EXAMPLE_GENERATE_AND_ACTIVATE, (const char *const[]){SERVICE_APP, f->pem_file, NULL});
    assert_failed(f, 1, "generate_and_activate: ");
    assert_int_equal(mock_org_request_count(f->org), 1);
    assert_int_equal(access(f->pem_file, R_OK), 0);
}

static void update_without_loss_sends_unknown_members_back(void **state)
{
    example_world *f = *state;
    assert_true(mock_org_put(f->org, WEB_APP, "jwks", key_with_unknown_members));
    run(f, EXAMPLE_UPDATE_WITHOUT_LOSS, (const char *const[]){WEB_APP, "pksA", SERVICE_APP, "new", NULL});
    assert_done(f);

    assert_int_equal(mock_org_request_count(f->org), 2);
    assert_request(f, 0, "GET", JWKS_OF(WEB_APP) "/pksA");
    assert_request(f, 1, "POST", JWKS_OF(SERVICE_APP));
    const char *body = mock_org_request_at(f->org, 1)->body;
    assert_contains(body, FUTURE_MEMBER);
    assert_contains(body, "\"kid\":\"new\"");
    assert_lacks(body, "\"id\":");
    assert_lacks(body, "\"created\":");

    char sent[1024];
    snprintf(sent, sizeof sent, "\nsent: %s\n" SERVICE_APP " has key pks", body);
    assert_contains(f->result.out, sent);
    assert_contains(f->result.out,
                    "unknown here, kept: future = {\"big\":12345678901234567890,\"ratio\":1.50}\n");
}

static size_t lines_in(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

static void raw_pages_prints_every_element(void **state)
{
    example_world *f = *state;
    run(f, EXAMPLE_RAW_PAGES, (const char *const[]){"/api/v1/users?limit=2", NULL});
    assert_done(f);
    assert_int_equal(lines_in(f->result.out), 5);
    for (int number = 0; number < 5; number++) {
        char login[48];
        snprintf(login, sizeof login, "\"login\":\"user%d@mock.example\"", number);
        assert_contains(f->result.out, login);
    }
    assert_int_equal(mock_org_request_count(f->org), 3);
}

static void raw_pages_goes_on_where_it_failed(void **state)
{
    example_world *f = *state;
    run(f, EXAMPLE_RAW_PAGES, (const char *const[]){"/api/v1/users?limit=2", NULL});
    assert_done(f);
    char *whole = strdup(f->result.out);
    assert_non_null(whole);

    const mock_fault refused = {.skip = 1, .status = 403};
    assert_true(mock_org_fail_next(f->org, &refused));
    run(f, EXAMPLE_RAW_PAGES, (const char *const[]){"/api/v1/users?limit=2", NULL});
    assert_failed(f, 1, "go on with '/api/v1/users?");
    char *first_part = strdup(f->result.out);
    assert_non_null(first_part);

    char cursor[512];
    assert_int_equal(sscanf(strchr(f->result.err, '\'') + 1, "%511[^']", cursor), 1);
    run(f, EXAMPLE_RAW_PAGES, (const char *const[]){cursor, NULL});
    assert_done(f);
    assert_int_equal(lines_in(first_part), 2);
    assert_int_equal(strncmp(whole, first_part, strlen(first_part)), 0);
    assert_string_equal(whole + strlen(first_part), f->result.out);
    free(first_part);
    free(whole);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, example_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_example_refuses_wrong_arguments),
        TEST(every_example_reports_a_refused_token),
        TEST(list_keys_needs_its_environment),
        TEST(list_keys_shows_every_key),
        TEST(list_keys_says_that_an_app_is_missing),
        TEST(many_apps_counts_the_keys_of_each),
        TEST(active_keys_counts_those_of_each_line),
        TEST(add_key_names_the_key_by_its_thumbprint),
        TEST(add_key_sends_nothing_for_a_damaged_file),
        TEST(add_key_finds_the_key_whose_answer_was_lost),
        TEST(add_key_tells_what_to_look_for_when_it_cannot_look),
        TEST(generate_and_activate_stores_the_key_first),
        TEST(generate_and_activate_never_writes_over_a_file),
        TEST(generate_and_activate_keeps_the_file_when_okta_refuses),
        TEST(update_without_loss_sends_unknown_members_back),
        TEST(raw_pages_prints_every_element),
        TEST(raw_pages_goes_on_where_it_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
