/* SPDX-License-Identifier: Apache-2.0 */
/* The one rule for structs of callers that grow: all of the library's kinds, and one of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/growing.h"
#include "okta/okta.h"

typedef struct sample {
    size_t struct_size;
    int first;
    int second; /* of a later release */
} sample;

#define LEAST offsetof(sample, second)

static void refuses(okta_error *error, const char *phrase)
{
    assert_non_null(error);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    if (strstr(okta_error_message(error), phrase) == NULL) {
        fail_msg("\"%s\" instead of \"%s\"", okta_error_message(error), phrase);
    }
    okta_free(error);
}

static void keeps_the_default_of_what_an_older_struct_lacks(void **state)
{
    (void)state;
    const sample older = {LEAST, 5, 6};
    sample known = {sizeof known, 1, 2};
    assert_null(oktai_growing_copy(&older, LEAST, &known, "sample", "SAMPLE_INIT"));
    assert_int_equal(known.struct_size, sizeof known);
    assert_int_equal(known.first, 5);
    assert_int_equal(known.second, 2);
}

static void refuses_a_size_that_nobody_wrote(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, LEAST - 1, 65537, SIZE_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const sample given = {sizes[i], 5, 6};
        sample known = {sizeof known, 1, 2};
        refuses(oktai_growing_copy(&given, LEAST, &known, "sample", "SAMPLE_INIT"),
                "sample has no struct_size: begin it with SAMPLE_INIT");
        assert_int_equal(known.first, 1);
    }
}

static void looks_at_each_byte_beyond_what_it_knows(void **state)
{
    (void)state;
    struct {
        sample ours;
        unsigned char more[24];
    } longer = {.ours = {sizeof longer, 5, 6}};
    sample known = {sizeof known, 1, 2};
    assert_null(oktai_growing_copy(&longer, LEAST, &known, "sample", "SAMPLE_INIT"));
    assert_int_equal(known.second, 6);
    for (size_t i = 0; i < sizeof longer.more; i++) {
        longer.more[i] = 1;
        refuses(oktai_growing_copy(&longer, LEAST, &known, "sample", "SAMPLE_INIT"),
                "sample comes from newer headers");
        longer.more[i] = 0;
    }
}

static void tells_whether_a_member_is_there(void **state)
{
    (void)state;
    const sample older = {LEAST, 5, 6};
    assert_true(oktai_growing_has(&older, offsetof(sample, first), sizeof older.first));
    assert_false(oktai_growing_has(&older, offsetof(sample, second), sizeof older.second));
}

static int sign_nothing(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                        size_t capacity, size_t *size)
{
    (void)ctx, (void)message, (void)length, (void)signature, (void)capacity, (void)size;
    return 1;
}

static void expect_rule(bool is_newer, okta_error *error)
{
    if (is_newer) {
        refuses(error, "newer headers");
    } else {
        assert_null(error);
    }
}

/* Each struct of the public headers that a program fills, with zeros beyond it and with something else. */
static void is_the_rule_of_every_public_struct(void **state)
{
    (void)state;
    struct {
        union {
            okta_client_options client;
            okta_signer_options signer;
            okta_key_jwk_options jwk;
            okta_oauth2_client_secret_request_body model;
        } ours;
        unsigned char more[16];
    } longer;
    for (unsigned newer = 0; newer < 2; newer++) {
        okta_client *client = NULL;
        okta_signer *signer = NULL;
        char *json = NULL;
        memset(&longer, 0, sizeof longer);
        longer.ours.client = (okta_client_options)OKTA_CLIENT_OPTIONS_INIT;
        longer.ours.client.org_url = "https://a.example";
        longer.ours.client.token = "t";
        longer.ours.client.struct_size = sizeof longer;
        longer.more[15] = (unsigned char)newer;
        okta_error *error = okta_client_new(&longer.ours.client, &client);
        expect_rule(newer == 1, error);
        okta_free(client);

        memset(&longer, 0, sizeof longer);
        longer.ours.signer = (okta_signer_options)OKTA_SIGNER_OPTIONS_INIT;
        longer.ours.signer.alg = "ES256";
        longer.ours.signer.kid = "k";
        longer.ours.signer.sign = sign_nothing;
        longer.ours.signer.struct_size = sizeof longer;
        longer.more[15] = (unsigned char)newer;
        error = okta_signer_new(&longer.ours.signer, &signer);
        expect_rule(newer == 1, error);
        okta_free(signer);

        memset(&longer, 0, sizeof longer);
        longer.ours.model.model.struct_size = sizeof longer;
        longer.more[15] = (unsigned char)newer;
        error = okta_to_json(okta_oauth2_client_secret_request_body_descriptor(), &longer.ours.model,
                             OKTA_JSON_WHOLE, &json, NULL);
        expect_rule(newer == 1, error);
        okta_free(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_default_of_what_an_older_struct_lacks),
        cmocka_unit_test(refuses_a_size_that_nobody_wrote),
        cmocka_unit_test(looks_at_each_byte_beyond_what_it_knows),
        cmocka_unit_test(tells_whether_a_member_is_there),
        cmocka_unit_test(is_the_rule_of_every_public_struct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
