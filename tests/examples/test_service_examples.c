/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of service apps and of lost answers, as programs of their own, against a mock org. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock_oauth.h"
#include "run_program.h"

#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APP       MOCK_SERVICE_APP
#define JWKS_PATH "/api/v1/apps/" APP "/credentials/jwks"
#define KID       "first"

typedef struct fixture {
    mock_org *org;
    okta_key *key;
    char folder[64];
    char pem_file[96];
    char state_file[96];
    run_result result;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->org = mock_org_start(NULL);
    assert_non_null(f->org);
    snprintf(f->folder, sizeof f->folder, "/tmp/okta-examples-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->pem_file, sizeof f->pem_file, "%s/key.pem", f->folder);
    snprintf(f->state_file, sizeof f->state_file, "%s/state", f->folder);
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &f->key));
    assert_null(okta_key_write_private_pem(f->key, f->pem_file));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    mock_org_stop(f->org);
    okta_free(f->key);
    unlink(f->pem_file);
    unlink(f->state_file);
    assert_int_equal(rmdir(f->folder), 0);
    free(f);
    return 0;
}

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, text);
    }
}

static void register_key(const fixture *f)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = NULL;
    options.kid = KID;
    assert_null(okta_key_to_jwk_request(f->key, &options, &jwk));
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &json, NULL));
    assert_null(mock_org_add_key(f->org, APP, json));
    okta_free(json);
    okta_free(jwk);
}

/* `mode` is the authorization mode. The API token is there in either one. */
static void run_service_app(fixture *f, const char *mode, const char *kid)
{
    char url[128], authorization_mode[64], key_file[128], key_id[64];
    snprintf(url, sizeof url, "OKTA_CLIENT_ORGURL=%s", mock_org_url(f->org));
    snprintf(authorization_mode, sizeof authorization_mode, "OKTA_CLIENT_AUTHORIZATIONMODE=%s", mode);
    snprintf(key_file, sizeof key_file, "OKTA_CLIENT_PRIVATEKEY=%s", f->pem_file);
    snprintf(key_id, sizeof key_id, "OKTA_CLIENT_PRIVATEKEYID=%s", kid);
    const char *const arguments[] = {EXAMPLE_SERVICE_APP, APP, NULL};
    const char *const environment[] = {url,
                                       authorization_mode,
                                       key_file,
                                       key_id,
                                       "NO_PROXY=127.0.0.1",
                                       "OKTA_CLIENT_TOKEN=mock-token",
                                       "OKTA_CLIENT_CLIENTID=" APP,
                                       "OKTA_CLIENT_SCOPES=okta.apps.read",
                                       NULL};
    run_program(arguments, environment, &f->result);
}

static const char *authorization_of(const fixture *f, size_t index)
{
    const mock_request *request = mock_org_request_at(f->org, index);
    assert_non_null(request);
    const char *authorization = mock_request_header(request, "Authorization");
    return authorization != NULL ? authorization : "";
}

static void assert_listed_its_key(const fixture *f)
{
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_int_equal(strncmp(f->result.out, "pks", 3), 0);
    assert_contains(f->result.out, " " KID " ACTIVE\n");
}

static void assert_explained(const fixture *f, const char *first, const char *second)
{
    assert_int_equal(f->result.exit_code, 1);
    assert_string_equal(f->result.out, "");
    assert_contains(f->result.err, first);
    assert_contains(f->result.err, second);
    assert_null(strstr(f->result.err, "PRIVATE"));
}

static void a_service_app_lists_keys(void **state)
{
    fixture *f = *state;
    register_key(f);
    run_service_app(f, "PrivateKey", KID);
    assert_listed_its_key(f);
    assert_int_equal(mock_org_request_count(f->org), 2);
    assert_string_equal(mock_org_request_at(f->org, 0)->target, MOCK_TOKEN_PATH);
    assert_string_equal(mock_org_request_at(f->org, 1)->target, JWKS_PATH);
    assert_int_equal(strncmp(authorization_of(f, 1), "Bearer ", 7), 0);
}

static void a_service_app_binds_its_token_where_the_org_asks_for_it(void **state)
{
    fixture *f = *state;
    register_key(f);
    assert_true(mock_org_require_dpop(f->org, APP, true));
    run_service_app(f, "PrivateKey", KID);
    assert_listed_its_key(f);
    assert_int_equal(strncmp(authorization_of(f, mock_org_request_count(f->org) - 1), "DPoP ", 5), 0);
}

static void a_service_app_tells_the_oauth_error(void **state)
{
    fixture *f = *state;
    run_service_app(f, "PrivateKey", "not-registered");
    assert_explained(f, "service_app: AUTH: ", "code invalid_client, HTTP status 401");

    register_key(f);
    assert_true(mock_org_grant_scopes(f->org, APP, "okta.users.read"));
    run_service_app(f, "PrivateKey", KID);
    assert_explained(f, "service_app: AUTH: ", "code invalid_scope, HTTP status 400");
}

static void a_service_app_tells_when_to_come_back(void **state)
{
    static const char *const headers[] = {"X-Rate-Limit-Limit: 50", "X-Rate-Limit-Remaining: 0",
                                          "Date: Tue, 01 Jan 2030 00:00:00 GMT",
                                          "X-Rate-Limit-Reset: 1893459600", NULL};
    const mock_fault used_up = {.method = "GET", .status = 429, .headers = headers};
    fixture *f = *state;
    register_key(f);
    assert_true(mock_org_fail_next(f->org, &used_up));
    run_service_app(f, "PrivateKey", KID);
    assert_explained(f, "service_app: RATE_LIMITED: ", "may succeed later; wait 3");
    assert_int_equal(mock_org_request_count(f->org), 2);
}

static void a_service_app_takes_no_other_credential(void **state)
{
    fixture *f = *state;
    run_service_app(f, "SSWS", KID);
    assert_int_equal(f->result.exit_code, 2);
    assert_contains(f->result.err, "must be PrivateKey");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void a_service_app_names_the_variable_that_is_wrong(void **state)
{
    fixture *f = *state;
    run_service_app(f, "Certificate", KID);
    assert_explained(f, "service_app: CONFIG: ", "OKTA_CLIENT_AUTHORIZATIONMODE");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void run_reconcile(fixture *f, const char *const *arguments)
{
    char url[128];
    const char *argv[RUN_ARGUMENTS_MAX + 1] = {EXAMPLE_RECONCILE};
    const char *const environment[] = {url, "NO_PROXY=127.0.0.1", "OKTA_CLIENT_TOKEN=mock-token", NULL};
    for (size_t i = 0; arguments[i] != NULL; i++) {
        argv[i + 1] = arguments[i];
    }
    snprintf(url, sizeof url, "OKTA_CLIENT_ORGURL=%s", mock_org_url(f->org));
    run_program(argv, environment, &f->result);
}

static void begin(fixture *f)
{
    run_reconcile(f, (const char *const[]){APP, f->pem_file, f->state_file, NULL});
}

static void resume(fixture *f)
{
    run_reconcile(f, (const char *const[]){"--resume", f->state_file, NULL});
}

/* A POST that is lost on its way there or back, and a list that cannot be read. */
static void lose(const fixture *f, bool after)
{
    const mock_fault post = {.method = "POST", .drop_before = !after, .drop_after = after};
    const mock_fault list = {.method = "GET", .status = 403};
    assert_true(mock_org_fail_next(f->org, &post));
    assert_true(mock_org_fail_next(f->org, &list));
}

static size_t posts(const fixture *f)
{
    size_t count = 0;
    for (size_t i = 0; i < mock_org_request_count(f->org); i++) {
        count += strcmp(mock_org_request_at(f->org, i)->method, "POST") == 0;
    }
    return count;
}

static size_t keys_in_org(const fixture *f)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *keys = NULL;
    options.org_url = mock_org_url(f->org);
    options.token = "mock-token";
    assert_null(okta_client_new(&options, &client));
    assert_null(okta_list_jwk(client, APP, &keys));
    size_t count = keys->count;
    okta_free(keys);
    okta_free(client);
    return count;
}

static bool has_state(const fixture *f)
{
    return access(f->state_file, F_OK) == 0;
}

static void assert_has_key(const fixture *f)
{
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_null(okta_key_thumbprint(f->key, thumbprint));
    assert_contains(f->result.out, APP " has key pks");
    assert_contains(f->result.out, thumbprint);
    assert_false(has_state(f));
    assert_int_equal(keys_in_org(f), 1);
}

static void assert_unknown(const fixture *f)
{
    assert_int_equal(f->result.exit_code, 3);
    assert_string_equal(f->result.out, "");
    assert_contains(f->result.err, "--resume");
    assert_true(has_state(f));
}

static void read_state(const fixture *f, char *text, size_t capacity)
{
    FILE *file = fopen(f->state_file, "rb");
    assert_non_null(file);
    text[fread(text, 1, capacity - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
}

static void write_state(const fixture *f, const char *text)
{
    FILE *file = fopen(f->state_file, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void reconcile_adds_a_key_and_leaves_no_state(void **state)
{
    fixture *f = *state;
    begin(f);
    assert_has_key(f);
    assert_int_equal(posts(f), 1);
    begin(f);
    assert_int_equal(f->result.exit_code, 1); /* the org has the kid already */
    assert_false(has_state(f));
}

static void reconcile_needs_no_state_where_the_org_can_be_asked(void **state)
{
    const mock_fault lost = {.method = "POST", .drop_after = true};
    fixture *f = *state;
    assert_true(mock_org_fail_next(f->org, &lost));
    begin(f);
    assert_contains(f->result.out, "the answer was lost");
    assert_has_key(f);
    assert_int_equal(posts(f), 1);
}

static void reconcile_keeps_the_state_until_it_knows(void **state)
{
    char text[1024], again[1024], thumbprint[OKTA_THUMBPRINT_SIZE];
    const mock_fault list = {.method = "GET", .status = 403};
    fixture *f = *state;
    lose(f, true);
    begin(f);
    assert_unknown(f);
    read_state(f, text, sizeof text);
    assert_null(okta_key_thumbprint(f->key, thumbprint));
    assert_int_equal(strncmp(text, APP "\n{", strlen(APP) + 2), 0);
    assert_contains(text, thumbprint);
    assert_null(strstr(text, "\"d\""));

    assert_true(mock_org_fail_next(f->org, &list));
    resume(f);
    assert_unknown(f);
    read_state(f, again, sizeof again);
    assert_string_equal(again, text);
    assert_int_equal(posts(f), 1);
}

static void reconcile_finds_a_key_that_was_added(void **state)
{
    fixture *f = *state;
    lose(f, true);
    begin(f);
    assert_unknown(f);
    resume(f);
    assert_has_key(f);
    assert_int_equal(posts(f), 1);
}

static void reconcile_adds_a_key_that_never_arrived(void **state)
{
    fixture *f = *state;
    lose(f, false);
    begin(f);
    assert_unknown(f);
    assert_int_equal(keys_in_org(f), 0);
    resume(f);
    assert_has_key(f);
    assert_int_equal(posts(f), 2);
}

static void reconcile_goes_on_when_the_second_answer_is_lost_too(void **state)
{
    const mock_fault post = {.method = "POST", .drop_after = true};
    const mock_fault list = {.method = "GET", .skip = 1, .status = 403};
    fixture *f = *state;
    lose(f, false);
    begin(f);
    assert_true(mock_org_fail_next(f->org, &post));
    assert_true(mock_org_fail_next(f->org, &list));
    resume(f);
    assert_unknown(f);
    resume(f);
    assert_has_key(f);
    assert_int_equal(posts(f), 2);
}

static void reconcile_touches_nothing_when_the_kid_is_anothers(void **state)
{
    char json[512], thumbprint[OKTA_THUMBPRINT_SIZE];
    fixture *f = *state;
    lose(f, false);
    begin(f);
    assert_unknown(f);
    assert_null(okta_key_thumbprint(f->key, thumbprint));
    snprintf(json, sizeof json,
             "{\"id\":\"pksOther\",\"kid\":\"%s\",\"kty\":\"EC\",\"use\":\"sig\",\"crv\":\"P-256\","
             "\"x\":\"_kLaU1BkwSAvCNN9thQPdEEHTetJv2Bm8IO-ne4KdRg\","
             "\"y\":\"eA6BHcvcVq_5mopF1bIkm-kfBQOa25-IMhUBni2ElNc\",\"status\":\"ACTIVE\"}",
             thumbprint);
    assert_true(mock_org_put(f->org, APP, "jwks", json));
    resume(f);
    assert_int_equal(f->result.exit_code, 1);
    assert_contains(f->result.err, "another key");
    assert_false(has_state(f));
    assert_int_equal(posts(f), 1);
}

static void reconcile_drops_the_state_when_okta_refuses(void **state)
{
    const mock_fault refused = {.method = "POST", .status = 403};
    fixture *f = *state;
    assert_true(mock_org_fail_next(f->org, &refused));
    begin(f);
    assert_int_equal(f->result.exit_code, 1);
    assert_false(has_state(f));
}

static void reconcile_begins_nothing_while_something_is_open(void **state)
{
    char text[64];
    fixture *f = *state;
    write_state(f, "of another run\n");
    begin(f);
    assert_int_equal(f->result.exit_code, 1);
    assert_contains(f->result.err, "use --resume");
    resume(f);
    assert_int_equal(f->result.exit_code, 1);
    read_state(f, text, sizeof text);
    assert_string_equal(text, "of another run\n");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void wrong_arguments_are_refused(void **state)
{
    fixture *f = *state;
    run_program((const char *const[]){EXAMPLE_SERVICE_APP, NULL}, (const char *const[]){NULL}, &f->result);
    assert_int_equal(f->result.exit_code, 2);
    assert_contains(f->result.err, "usage: ");
    run_reconcile(f, (const char *const[]){NULL});
    assert_int_equal(f->result.exit_code, 2);
    resume(f); /* there is no such file */
    assert_int_equal(f->result.exit_code, 2);
    assert_contains(f->result.err, "usage: ");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_service_app_lists_keys),
        TEST(a_service_app_binds_its_token_where_the_org_asks_for_it),
        TEST(a_service_app_tells_the_oauth_error),
        TEST(a_service_app_tells_when_to_come_back),
        TEST(a_service_app_takes_no_other_credential),
        TEST(a_service_app_names_the_variable_that_is_wrong),
        TEST(reconcile_adds_a_key_and_leaves_no_state),
        TEST(reconcile_needs_no_state_where_the_org_can_be_asked),
        TEST(reconcile_keeps_the_state_until_it_knows),
        TEST(reconcile_finds_a_key_that_was_added),
        TEST(reconcile_adds_a_key_that_never_arrived),
        TEST(reconcile_goes_on_when_the_second_answer_is_lost_too),
        TEST(reconcile_touches_nothing_when_the_kid_is_anothers),
        TEST(reconcile_drops_the_state_when_okta_refuses),
        TEST(reconcile_begins_nothing_while_something_is_open),
        TEST(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
