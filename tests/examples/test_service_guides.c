/* SPDX-License-Identifier: Apache-2.0 */
/* What the guides to authentication, rate limits and failures promise of the code they quote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guide_world.h"
#include "mock_oauth.h"
#include "register_key.h"
#include "service_snippets.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APP MOCK_SERVICE_APP

static int set_up(void **state)
{
    const mock_org_options options = {.rate_limit = 40, .now_s = 1750000000};
    guide_world *f = guide_world_start(&options, OKTA_KEY_EC_P256);
    register_key(f->org, APP, f->key, "service-2027");
    *state = f;
    return 0;
}

static void assert_lists(const guide_world *f)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    assert_null(okta_list_jwk(f->client, APP, &keys));
    assert_int_equal(keys->count, 1);
    okta_free(keys);
    assert_int_equal(mock_org_token_count(f->org), 1);
}

static void a_key_file_makes_a_service_app(void **state)
{
    char folder[] = "/tmp/okta-guides-XXXXXX", path[64];
    guide_world *f = *state;
    mock_org_set_now(f->org, 0);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key.pem", folder);
    assert_null(okta_key_write_private_pem(f->key, path));
    okta_error *error = guide_service_app(mock_org_url(f->org), APP, path, &f->client);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_null(error);
    assert_lists(f);
}

static void a_key_of_openssl_makes_a_service_app(void **state)
{
    char *pem = NULL;
    guide_world *f = *state;
    mock_org_set_now(f->org, 0);
    assert_null(okta_key_to_private_pem(f->key, &pem));
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    assert_non_null(pkey);
    BIO_free(bio);
    okta_free(pem);
    okta_error *error = guide_service_app_with_pkey(mock_org_url(f->org), APP, pkey, &f->client);
    EVP_PKEY_free(pkey);
    assert_null(error);
    assert_lists(f);
}

static int give_no_pin(void *ctx, char *buffer, size_t capacity)
{
    (void)ctx;
    (void)buffer;
    (void)capacity;
    return -1;
}

static void a_uri_without_a_provider_is_refused(void **state)
{
    okta_signer *signer = NULL;
    (void)state;
    okta_error *error = guide_signer_from_uri(give_no_pin, &signer);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_null(signer);
    okta_free(error);
}

/* Half of 40, less than which nothing may be left. */
static void a_modest_client_leaves_calls_to_others(void **state)
{
    guide_world *f = *state;
    assert_null(guide_modest_client(mock_org_url(f->org), "mock-token", &f->client));
    for (size_t i = 0; i < 20; i++) {
        okta_error *error = guide_list_or_come_back(f->client, APP, f->out);
        assert_null(error);
    }
    okta_error *error = guide_print_rate_limits(f->client, f->out);
    assert_null(error);
    assert_string_equal(guide_printed(f), "20 of 40 left for listJwk\n");
}

static void a_limit_that_lasts_says_when_to_come_back(void **state)
{
    static const char *const headers[] = {"X-Rate-Limit-Limit: 40", "X-Rate-Limit-Remaining: 0",
                                          "X-Rate-Limit-Reset: 1750003600", NULL};
    const mock_fault used_up = {.status = 429, .headers = headers};
    guide_world *f = *state;
    assert_null(guide_modest_client(mock_org_url(f->org), "mock-token", &f->client));
    assert_true(mock_org_fail_next(f->org, &used_up));
    okta_error *error = guide_list_or_come_back(f->client, APP, f->out);
    assert_string_equal(guide_next_step(error),
                        "queue it again, okta_error_retry_after_ms() from now or later");
    char said[96];
    long long wait_ms = okta_error_retry_after_ms(error);
    assert_in_range(wait_ms, 3600000, 3612000);
    snprintf(said, sizeof said, "again in %lld ms, which is at 1750003600 for the server\n", wait_ms);
    assert_string_equal(guide_printed(f), said);
    okta_free(error);

    /* The client knows it from here on: nothing is sent. */
    size_t sent = mock_org_request_count(f->org);
    error = guide_list_or_come_back(f->client, APP, f->out);
    assert_int_equal(okta_error_status(error), OKTA_E_RATE_LIMITED);
    assert_int_equal(okta_error_attempts(error), 0);
    assert_int_equal(mock_org_request_count(f->org), sent);
    okta_free(error);
}

static okta_status status_of_call(const guide_world *f, const char *method, const mock_fault *fault)
{
    assert_true(mock_org_fail_next(f->org, fault));
    okta_call *call = okta_request_call(f->client, method, "/api/v1/apps", "{}");
    okta_error *error = okta_call_run(call);
    okta_status status = okta_error_status(error);
    assert_string_equal(guide_next_step(error), status == OKTA_E_OUTCOME_UNKNOWN
                                                    ? "look before you write again"
                                                    : "tell someone: the same call fails again");
    okta_free(error);
    okta_free(call);
    return status;
}

static void the_next_step_follows_from_the_error(void **state)
{
    const mock_fault lost = {.drop_after = true};
    const mock_fault refused = {.status = 403};
    guide_world *f = *state;
    assert_null(guide_modest_client(mock_org_url(f->org), "mock-token", &f->client));
    assert_string_equal(guide_next_step(NULL), "go on");
    assert_int_equal(status_of_call(f, "POST", &lost), OKTA_E_OUTCOME_UNKNOWN);
    assert_int_equal(status_of_call(f, "POST", &refused), OKTA_E_FORBIDDEN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, guide_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_file_makes_a_service_app),
        TEST(a_key_of_openssl_makes_a_service_app),
        TEST(a_uri_without_a_provider_is_refused),
        TEST(a_modest_client_leaves_calls_to_others),
        TEST(a_limit_that_lasts_says_when_to_come_back),
        TEST(the_next_step_follows_from_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
