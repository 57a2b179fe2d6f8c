/* SPDX-License-Identifier: Apache-2.0 */
/* What the guide pages promise of the code they quote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "expect_text.h"
#include "guide_snippets.h"
#include "guide_world.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APP MOCK_WEB_APP

static const char odd_key[] =
    "{\"id\":\"pksOdd\",\"kid\":\"odd\",\"kty\":\"EC\",\"use\":\"sig\",\"alg\":\"ES256\",\"crv\":\"P-256\","
    "\"x\":\"_kLaU1BkwSAvCNN9thQPdEEHTetJv2Bm8IO-ne4KdRg\","
    "\"y\":\"eA6BHcvcVq_5mopF1bIkm-kfBQOa25-IMhUBni2ElNc\","
    "\"x5c\":[\"MIIB\",\"MIIC\"],\"status\":\"PAUSED\"}";

static int set_up(void **state)
{
    const mock_org_options options = {.users = 5};
    guide_world *f = guide_world_start(&options, OKTA_KEY_EC_P384);
    assert_null(guide_client_with_log(mock_org_url(f->org), "mock-token", &f->client));
    *state = f;
    return 0;
}

static const char *last_body(const guide_world *f)
{
    return mock_org_request_at(f->org, mock_org_request_count(f->org) - 1)->body;
}

static void a_call_tells_the_rate_limit(void **state)
{
    guide_world *f = *state;
    assert_null(guide_call_with_limits(f->client, APP, f->out));
    assert_string_equal(guide_printed(f), "9999 calls left in this window\n");
}

static void a_raw_request_has_the_body_as_it_came(void **state)
{
    guide_world *f = *state;
    assert_null(guide_raw_request(f->client, f->out));
    assert_contains(guide_printed(f), "\"login\":\"user1@mock.example\"");
}

static void a_request_model_lives_on_the_stack(void **state)
{
    guide_world *f = *state;
    assert_null(guide_create_secret(f->client, APP, f->out));
    assert_contains(guide_printed(f), "created ");
    assert_string_equal(last_body(f),
                        "{\"client_secret\":\"a secret of our own making\",\"status\":\"INACTIVE\"}");
}

static void a_decoded_model_is_changed_and_sent(void **state)
{
    guide_world *f = *state;
    char *key = strdup(odd_key);
    assert_non_null(key);
    memcpy(strstr(key, "PAUSED"), "ACTIVE", 6);
    assert_true(mock_org_put(f->org, APP, "jwks", key));
    free(key);
    assert_null(guide_change_and_send(f->client, APP, "pksOdd"));
    assert_contains(last_body(f), "\"kid\":\"same-key-other-name\"");
    assert_contains(last_body(f), "\"x5c\":[\"MIIB\",\"MIIC\"]");
    assert_null(strstr(last_body(f), "\"alg\""));
}

static void what_the_library_does_not_know_can_be_read(void **state)
{
    guide_world *f = *state;
    assert_true(mock_org_put(f->org, APP, "jwks", odd_key));
    assert_null(guide_read_unknown(f->client, APP, "pksOdd", f->out));
    assert_string_equal(guide_printed(f), "a status of its own: PAUSED\ncertificates: [\"MIIB\",\"MIIC\"]\n");
}

static void a_copy_outlives_the_list(void **state)
{
    guide_world *f = *state;
    okta_oauth2_client_jwk *kept = NULL;
    assert_true(mock_org_put(f->org, APP, "jwks", odd_key));
    assert_null(guide_keep_one_key(f->client, APP, &kept));
    assert_non_null(kept);
    assert_string_equal(kept->kid, "odd");
    assert_string_equal(okta_enum_text(kept, "status"), "PAUSED");
    assert_null(guide_extra_as_cjson(kept, f->out));
    assert_string_equal(guide_printed(f), "2 certificates\n");
    okta_free(kept);
}

static void an_extra_is_sent(void **state)
{
    guide_world *f = *state;
    assert_null(guide_send_an_extra(f->client, APP, f->key));
    assert_contains(last_body(f), "\"x5c\":[\"MIIB...\"]");
}

static okta_oauth2_client_jwk *decoded(const char *json)
{
    okta_oauth2_client_jwk *key = NULL;
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &key));
    return key;
}

static void extras_are_read_and_changed(void **state)
{
    guide_world *f = *state;
    char *json = NULL;
    okta_oauth2_client_jwk *key = decoded("{\"kid\":\"a\",\"owner\":\"team a\",\"note\":[]}");
    assert_null(guide_change_extras(key, f->out));
    assert_string_equal(guide_printed(f), "owner: team a\n");
    assert_null(okta_to_json(okta_oauth2_client_jwk_descriptor(), key, OKTA_JSON_WHOLE, &json, NULL));
    assert_string_equal(json, "{\"kid\":\"a\",\"owner\":\"team \\\"b\\\"\",\"level\":5}");
    okta_free(json);
    okta_free(key);
}

static void links_and_times_are_printed(void **state)
{
    guide_world *f = *state;
    okta_oauth2_client_jwk *key = decoded(
        "{\"created\":\"2026-01-02T03:04:05.000Z\",\"_links\":{\"activate\":{\"href\":\"https://a/1\"},"
        "\"logo\":[{\"name\":\"small\",\"href\":\"https://a/2\"},"
        "{\"name\":\"large\",\"href\":\"https://a/3\"}]}}");
    guide_print_links(key, f->out);
    assert_null(guide_print_age(key, 1769828645, f->out));
    assert_string_equal(guide_printed(f), "not active yet: https://a/1\nlogo small: https://a/2\n"
                                          "logo large: https://a/3\n29 days old\n");
    okta_free(key);
}

static void *list_until_the_end(void *context)
{
    okta_client *client = context;
    okta_error *error = NULL;
    while (error == NULL) {
        error = guide_list_within(client, APP, 60);
    }
    bool canceled = okta_error_status(error) == OKTA_E_CANCELED;
    okta_free(error);
    return canceled ? client : NULL;
}

static void calls_end_by_deadline_token_and_shutdown(void **state)
{
    guide_world *f = *state;
    pthread_t threads[4];
    okta_error *of_pages = NULL;
    okta_error *late = guide_list_within(f->client, APP, 0);
    assert_int_equal(okta_error_status(late), OKTA_E_TIMEOUT);
    okta_free(late);
    okta_error *canceled = guide_end_by_token(f->client, APP, &of_pages);
    assert_int_equal(okta_error_status(canceled), OKTA_E_CANCELED);
    assert_int_equal(okta_error_status(of_pages), OKTA_E_CANCELED);
    okta_free(canceled);
    okta_free(of_pages);
    assert_int_equal(mock_org_request_count(f->org), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, list_until_the_end, f->client), 0);
    }
    while (mock_org_request_count(f->org) == 0) {
        sched_yield();
    }
    guide_shut_down(okta_client_hold(f->client), threads, 4);
    okta_error *error = guide_list_within(f->client, APP, 60);
    assert_int_equal(okta_error_status(error), OKTA_E_CANCELED);
    okta_free(error);
}

static void a_token_comes_from_a_file(void **state)
{
    guide_world *f = *state;
    okta_client *client = NULL;
    char folder[] = "/tmp/okta-guides-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/token", folder);
    assert_null(guide_client_with_source(mock_org_url(f->org), path, &client));
    okta_error *missing = guide_list_within(client, APP, 60);
    assert_int_equal(okta_error_status(missing), OKTA_E_CONFIG);
    okta_free(missing);
    okta_free(client);
    mode_t before = umask(077);
    FILE *file = fopen(path, "w");
    umask(before);
    assert_non_null(file);
    fputs("mock-token\n", file);
    fclose(file);
    assert_null(guide_client_with_source(mock_org_url(f->org), path, &client));
    assert_null(guide_list_within(client, APP, 60));
    okta_error *error = guide_reload(client);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
    okta_free(client);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static void an_error_is_printed_with_its_causes(void **state)
{
    guide_world *f = *state;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    assert_null(okta_key_to_jwk_request(f->key, NULL, &request));
    assert_null(okta_add_jwk(f->client, APP, request, &added));
    okta_error *error = okta_delete_jwk(f->client, APP, added->id);
    guide_print_error(error, f->out);
    assert_contains(guide_printed(f), "INVALID: ");
    assert_contains(guide_printed(f), "  because: An active key is not deleted");
    assert_contains(guide_printed(f), "  request id: ");
    okta_free(error);
    okta_free(added);
    okta_free(request);
}

static void a_key_that_is_gone_counts_as_deleted(void **state)
{
    guide_world *f = *state;
    assert_null(guide_delete_if_there(f->client, APP, "pksNone"));
    okta_error *error = guide_delete_if_there(f->client, APP, "../users");
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
}

/* The library cannot look, the program can: later. */
static void a_lost_answer_is_settled_by_the_kid(void **state)
{
    static const struct {
        mock_fault lost;
        unsigned blind; /* looks that fail */
        bool settled;
    } cases[] = {
        {{.method = "POST", .drop_after = true}, 1, true},
        {{.method = "POST", .drop_before = true}, 1, false},
        {{.method = "POST", .drop_after = true}, 2, false},
    };
    guide_world *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const mock_fault blind = {.method = "GET", .status = 403, .times = cases[i].blind};
        okta_key *key = NULL;
        okta_oauth2_client_jwk_request *request = NULL;
        okta_oauth2_client_jwk *added = NULL;
        assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
        assert_null(okta_key_to_jwk_request(key, NULL, &request));
        assert_true(mock_org_fail_next(f->org, &cases[i].lost));
        assert_true(mock_org_fail_next(f->org, &blind));
        mock_org_forget_requests(f->org);
        okta_error *error = guide_add_and_settle(f->client, APP, request, &added);
        assert_int_equal(mock_org_request_count(f->org), 3);
        assert_string_equal(mock_org_request_at(f->org, 2)->method, "GET");
        if (cases[i].settled) {
            assert_null(error);
            assert_non_null(added);
            assert_string_equal(added->kid, request->kid);
        } else {
            assert_int_equal(okta_error_status(error), OKTA_E_OUTCOME_UNKNOWN);
            assert_contains(okta_error_message(error), request->kid);
            assert_null(added);
        }
        okta_free(error);
        okta_free(added);
        okta_free(request);
        okta_free(key);
    }
}

static void a_limit_that_lasts_says_when_to_come_back(void **state)
{
    static const char *const headers[] = {"X-Rate-Limit-Limit: 10", "X-Rate-Limit-Remaining: 0",
                                          "X-Rate-Limit-Reset: 1750003600", NULL};
    guide_world *f = *state;
    okta_oauth2_client_jwk_list *keys = NULL;
    const mock_fault limited = {.status = 429, .headers = headers};
    mock_org_set_now(f->org, 1750000000);
    assert_true(mock_org_fail_next(f->org, &limited));
    okta_error *error = okta_list_jwk(f->client, APP, &keys);
    guide_tell_when_to_repeat(error, f->out);
    long long wait_ms = (long long)okta_error_retry_after_ms(error);
    char expected[128];
    snprintf(expected, sizeof expected, "again in %lld ms, at 1750003600 by the org's clock\n", wait_ms);
    assert_in_range(wait_ms, 3601000, 3611000);
    assert_string_equal(guide_printed(f), expected);
    okta_free(error);
}

static BIO *encrypted(const okta_key *key, const char *passphrase)
{
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(key, &pem));
    BIO *in = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    BIO *out = BIO_new(BIO_s_mem());
    assert_non_null(pkey);
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(out, pkey, EVP_aes_256_cbc(), passphrase,
                                                   (int)strlen(passphrase), NULL, NULL),
                     1);
    EVP_PKEY_free(pkey);
    BIO_free(in);
    okta_free(pem);
    return out;
}

static void a_passphrase_opens_an_encrypted_pem(void **state)
{
    guide_world *f = *state;
    okta_key *key = NULL;
    char *pem = NULL;
    BIO *file = encrypted(f->key, "open sesame");
    long length = BIO_get_mem_data(file, &pem);

    unsetenv("KEY_PASSPHRASE");
    okta_error *error = guide_read_encrypted_pem(pem, (size_t)length, &key);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_null(key);
    okta_free(error);

    setenv("KEY_PASSPHRASE", "open sesame", 1);
    assert_null(guide_read_encrypted_pem(pem, (size_t)length, &key));
    assert_true(okta_key_is_private(key));
    unsetenv("KEY_PASSPHRASE");
    okta_free(key);
    BIO_free(file);
}

static void an_encryption_key_is_an_rsa_key(void **state)
{
    guide_world *f = *state;
    okta_key *rsa = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_error *error = guide_encryption_key(f->key, &request);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);

    assert_null(okta_key_generate(OKTA_KEY_RSA_2048, &rsa));
    assert_null(guide_encryption_key(rsa, &request));
    assert_string_equal(request->kid, "tokens-2027");
    assert_string_equal(request->alg, "RSA-OAEP-256");
    okta_free(request);
    okta_free(rsa);
}

static void a_thumbprint_tells_whose_key_it_is(void **state)
{
    guide_world *f = *state;
    int same = -1;
    okta_oauth2_client_jwk_request *mine = NULL;
    okta_oauth2_client_jwk *other = NULL;
    assert_null(okta_key_to_jwk_request(f->key, NULL, &mine));
    assert_null(okta_from_json(okta_oauth2_client_jwk_descriptor(), odd_key, strlen(odd_key), &other));
    assert_null(guide_is_my_key(f->key, mine, &same));
    assert_int_equal(same, 1);
    assert_null(guide_is_my_key(f->key, other, &same));
    assert_int_equal(same, 0);
    okta_free(other);
    okta_free(mine);
}

static void pages_come_by_a_loop(void **state)
{
    guide_world *f = *state;
    size_t before = mock_org_request_count(f->org);
    assert_null(guide_users_by_loop(f->client));
    assert_int_equal(mock_org_request_count(f->org) - before, 3); /* five users, two a page */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, guide_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_tells_the_rate_limit),
        TEST(a_raw_request_has_the_body_as_it_came),
        TEST(a_request_model_lives_on_the_stack),
        TEST(a_decoded_model_is_changed_and_sent),
        TEST(what_the_library_does_not_know_can_be_read),
        TEST(a_copy_outlives_the_list),
        TEST(an_extra_is_sent),
        TEST(extras_are_read_and_changed),
        TEST(links_and_times_are_printed),
        TEST(calls_end_by_deadline_token_and_shutdown),
        TEST(a_token_comes_from_a_file),
        TEST(pages_come_by_a_loop),
        TEST(an_error_is_printed_with_its_causes),
        TEST(a_key_that_is_gone_counts_as_deleted),
        TEST(a_lost_answer_is_settled_by_the_kid),
        TEST(a_limit_that_lasts_says_when_to_come_back),
        TEST(a_passphrase_opens_an_encrypted_pem),
        TEST(an_encryption_key_is_an_rsa_key),
        TEST(a_thumbprint_tells_whose_key_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
