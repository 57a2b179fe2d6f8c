/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of service apps and of lost answers, as programs of their own, against a mock org. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "example_world.h"
#include "expect_text.h"
#include "mock_oauth.h"
#include "register_key.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define APP       MOCK_SERVICE_APP
#define JWKS_PATH "/api/v1/apps/" APP "/credentials/jwks"
#define KID       "first"

static int set_up(void **state)
{
    example_world *f = example_world_start(NULL);
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &f->key));
    assert_null(okta_key_write_private_pem(f->key, f->pem_file));
    *state = f;
    return 0;
}

/* `mode` is the authorization mode. The API token is there in either one. `more` is one more variable, or
 * NULL. */
static void run_service_app_with(example_world *f, const char *mode, const char *kid, const char *more)
{
    char authorization_mode[64], key_file[128], key_id[64];
    snprintf(authorization_mode, sizeof authorization_mode, "OKTA_CLIENT_AUTHORIZATIONMODE=%s", mode);
    snprintf(key_file, sizeof key_file, "OKTA_CLIENT_PRIVATEKEY=%s", f->pem_file);
    snprintf(key_id, sizeof key_id, "OKTA_CLIENT_PRIVATEKEYID=%s", kid);
    const char *const arguments[] = {APP, NULL};
    const char *const variables[] = {authorization_mode,
                                     key_file,
                                     key_id,
                                     "NO_PROXY=127.0.0.1",
                                     "OKTA_CLIENT_TOKEN=mock-token",
                                     "OKTA_CLIENT_CLIENTID=" APP,
                                     "OKTA_CLIENT_SCOPES=okta.apps.read",
                                     more,
                                     NULL};
    example_run(f, EXAMPLE_SERVICE_APP, arguments, variables);
}

static void run_service_app(example_world *f, const char *mode, const char *kid)
{
    run_service_app_with(f, mode, kid, NULL);
}

static const char *authorization_of(const example_world *f, size_t index)
{
    const mock_request *request = mock_org_request_at(f->org, index);
    assert_non_null(request);
    const char *authorization = mock_request_header(request, "Authorization");
    return authorization != NULL ? authorization : "";
}

static void assert_listed_its_key(const example_world *f)
{
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_int_equal(strncmp(f->result.out, "pks", 3), 0);
    assert_contains(f->result.out, " " KID " ACTIVE\n");
}

static void assert_explained(const example_world *f, const char *first, const char *second)
{
    assert_int_equal(f->result.exit_code, 1);
    assert_string_equal(f->result.out, "");
    assert_contains(f->result.err, first);
    assert_contains(f->result.err, second);
    assert_null(strstr(f->result.err, "PRIVATE KEY"));
}

static void a_service_app_lists_keys(void **state)
{
    example_world *f = *state;
    register_key(f->org, APP, f->key, KID);
    run_service_app(f, "PrivateKey", KID);
    assert_listed_its_key(f);
    assert_int_equal(mock_org_request_count(f->org), 2);
    assert_string_equal(mock_org_request_at(f->org, 0)->target, MOCK_TOKEN_PATH);
    assert_string_equal(mock_org_request_at(f->org, 1)->target, JWKS_PATH);
    assert_int_equal(strncmp(authorization_of(f, 1), "Bearer ", 7), 0);
}

static void a_service_app_binds_its_token_where_the_org_asks_for_it(void **state)
{
    example_world *f = *state;
    register_key(f->org, APP, f->key, KID);
    assert_true(mock_org_require_dpop(f->org, APP, true));
    run_service_app(f, "PrivateKey", KID);
    assert_listed_its_key(f);
    assert_int_equal(strncmp(authorization_of(f, mock_org_request_count(f->org) - 1), "DPoP ", 5), 0);
}

static void a_service_app_warns_of_a_name_that_is_unknown(void **state)
{
    example_world *f = *state;
    register_key(f->org, APP, f->key, KID);
    run_service_app_with(f, "PrivateKey", KID, "OKTA_CLIENT_TIMEOUT=5");
    assert_int_equal(f->result.exit_code, 0);
    assert_contains(f->result.err, "service_app: configuration: ");
    assert_contains(f->result.err, "OKTA_CLIENT_TIMEOUT");
}

static void a_service_app_tells_the_oauth_error(void **state)
{
    example_world *f = *state;
    run_service_app(f, "PrivateKey", "not-registered");
    assert_explained(f, "service_app: AUTH: ", "code invalid_client, HTTP status 401");

    register_key(f->org, APP, f->key, KID);
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
    example_world *f = *state;
    register_key(f->org, APP, f->key, KID);
    assert_true(mock_org_fail_next(f->org, &used_up));
    run_service_app(f, "PrivateKey", KID);
    assert_explained(f, "service_app: RATE_LIMITED: ", "may succeed later; wait 3");
    assert_int_equal(mock_org_request_count(f->org), 2);
}

static void a_service_app_takes_no_other_credential(void **state)
{
    example_world *f = *state;
    run_service_app(f, "SSWS", KID);
    assert_int_equal(f->result.exit_code, 2);
    assert_contains(f->result.err, "must be PrivateKey");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void a_service_app_names_the_variable_that_is_wrong(void **state)
{
    example_world *f = *state;
    run_service_app(f, "Certificate", KID);
    assert_explained(f, "service_app: CONFIG: ", "OKTA_CLIENT_AUTHORIZATIONMODE");
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void run_reconcile(example_world *f, const char *const *arguments)
{
    static const char *const variables[] = {"NO_PROXY=127.0.0.1", "OKTA_CLIENT_TOKEN=mock-token", NULL};
    example_run(f, EXAMPLE_RECONCILE, arguments, variables);
}

static void begin(example_world *f)
{
    run_reconcile(f, (const char *const[]){APP, f->pem_file, f->state_file, NULL});
}

static void resume(example_world *f)
{
    run_reconcile(f, (const char *const[]){"--resume", f->state_file, NULL});
}

/* A POST that is lost on its way there or back, and a list that cannot be read. */
static void lose(const example_world *f, bool after)
{
    const mock_fault post = {.method = "POST", .drop_before = !after, .drop_after = after};
    const mock_fault list = {.method = "GET", .status = 403};
    assert_true(mock_org_fail_next(f->org, &post));
    assert_true(mock_org_fail_next(f->org, &list));
}

static size_t posts(const example_world *f)
{
    size_t count = 0;
    for (size_t i = 0; i < mock_org_request_count(f->org); i++) {
        count += strcmp(mock_org_request_at(f->org, i)->method, "POST") == 0;
    }
    return count;
}

static size_t keys_in_org(const example_world *f)
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

static bool has_state(const example_world *f)
{
    return access(f->state_file, F_OK) == 0;
}

static void assert_has_key(const example_world *f)
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

static void assert_unknown(const example_world *f)
{
    assert_int_equal(f->result.exit_code, 3);
    assert_string_equal(f->result.out, "");
    assert_contains(f->result.err, "--resume");
    assert_true(has_state(f));
}

static void read_state(const example_world *f, char *text, size_t capacity)
{
    FILE *file = fopen(f->state_file, "rb");
    assert_non_null(file);
    text[fread(text, 1, capacity - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
}

static void write_state(const example_world *f, const char *text)
{
    FILE *file = fopen(f->state_file, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void reconcile_adds_a_key_and_leaves_no_state(void **state)
{
    example_world *f = *state;
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
    example_world *f = *state;
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
    example_world *f = *state;
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
    example_world *f = *state;
    lose(f, true);
    begin(f);
    assert_unknown(f);
    resume(f);
    assert_has_key(f);
    assert_int_equal(posts(f), 1);
}

static void reconcile_adds_a_key_that_never_arrived(void **state)
{
    example_world *f = *state;
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
    example_world *f = *state;
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
    example_world *f = *state;
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
    example_world *f = *state;
    assert_true(mock_org_fail_next(f->org, &refused));
    begin(f);
    assert_int_equal(f->result.exit_code, 1);
    assert_false(has_state(f));
}

static void reconcile_begins_nothing_while_something_is_open(void **state)
{
    char text[64];
    example_world *f = *state;
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
    example_world *f = *state;
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, example_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_service_app_lists_keys),
        TEST(a_service_app_binds_its_token_where_the_org_asks_for_it),
        TEST(a_service_app_warns_of_a_name_that_is_unknown),
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
