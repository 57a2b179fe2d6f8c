/* SPDX-License-Identifier: Apache-2.0 */
/* A refusal of the token endpoint that all threads of a client get: each has an error of its own to word. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "api/service_app.h"

enum { THREADS = 16, CALLS = 250 };

#define CREATE       "createOAuth2ClientSecret"
#define REFUSAL      "{\"error\":\"invalid_client\",\"error_description\":\"no such key\"}"
#define MESSAGE_LONG 400u

static void refuse_tokens(service_world *world)
{
    api_fault(
        &world->api,
        (mock_fault){.path_contains = MOCK_TOKEN_PATH, .times = 1000000, .status = 401, .body = REFUSAL});
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) {
        count++;
    }
    return count;
}

/* NULL, or what is wrong with the error of a secret that could not be created. */
static const char *complain_about(const okta_error *error)
{
    const char *message = okta_error_message(error);
    if (okta_error_status(error) != OKTA_E_AUTH) {
        return "another status";
    }
    if (strncmp(message, CREATE ": ", strlen(CREATE ": ")) != 0 || count_of(message, CREATE) != 1) {
        return "the operation is not named once";
    }
    if (count_of(message, "invalid_client") != 1 || strlen(message) > MESSAGE_LONG) {
        return "the refusal does not stand in it once";
    }
    return strcmp(okta_error_code(error), "invalid_client") == 0 ? NULL : "another code";
}

static void *create_secrets(void *client)
{
    const char *complaint = NULL;
    for (int i = 0; i < CALLS && complaint == NULL; i++) {
        okta_oauth2_client_secret *secret = NULL;
        okta_error *error = okta_create_oauth2_client_secret(client, MOCK_SERVICE_APP, NULL, &secret);
        complaint = complain_about(error);
        okta_free(error);
        okta_free(secret);
    }
    return (void *)(uintptr_t)complaint;
}

/* 4,000 calls of 16 threads, and then one of another operation. */
static void every_call_words_the_refusal_of_all_for_itself(void **state)
{
    service_world *world = *state;
    pthread_t threads[THREADS];
    refuse_tokens(world);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, create_secrets, world->api.client), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *complaint = NULL;
        assert_int_equal(pthread_join(threads[i], &complaint), 0);
        if (complaint != NULL) {
            fail_msg("thread %zu: %s", i, (const char *)complaint);
        }
    }
    okta_error *error = service_call(world);
    const char *message = okta_error_message(error);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    assert_int_equal(count_of(message, CREATE), 0);
    assert_int_equal(count_of(message, "invalid_client"), 1);
    okta_free(error);
}

/* One after the other: a message is as long at the end as at the start. */
static void a_message_does_not_grow_from_call_to_call(void **state)
{
    service_world *world = *state;
    size_t length = 0;
    refuse_tokens(world);
    for (int i = 0; i < THREADS * CALLS; i++) {
        okta_oauth2_client_secret *secret = NULL;
        okta_error *error =
            okta_create_oauth2_client_secret(world->api.client, MOCK_SERVICE_APP, NULL, &secret);
        assert_null(complain_about(error));
        length = i == 0 ? strlen(okta_error_message(error)) : length;
        assert_int_equal(strlen(okta_error_message(error)), length);
        okta_free(error);
    }
}

/* An error outlives the client whose threads shared it. */
static void an_error_of_all_lives_as_long_as_its_holder(void **state)
{
    service_world *world = *state;
    refuse_tokens(world);
    okta_error *first = service_call(world);
    okta_error *second = service_call(world);
    assert_ptr_not_equal(first, second);
    service_renew(world, NULL);
    assert_string_equal(okta_error_code(first), "invalid_client");
    okta_free(first);
    assert_string_equal(okta_error_summary(second), "no such key");
    assert_string_equal(okta_error_response_body(second, NULL), REFUSAL);
    okta_free(second);
}

int main(void)
{
#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(every_call_words_the_refusal_of_all_for_itself),
        SERVICE_TEST(a_message_does_not_grow_from_call_to_call),
        SERVICE_TEST(an_error_of_all_lives_as_long_as_its_holder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
