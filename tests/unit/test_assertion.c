/* SPDX-License-Identifier: Apache-2.0 */
/* Client assertions: their exact members, and identifiers that never come twice. */
#include "unit/jti_support.h"

#include "core/arena.h"
#include <cjson/cJSON.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY      1000000u
#define EACH      500u
#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

static okta_signer *make_signer(const char *kid)
{
    return signer_of_evp(shared_ec_key(), "ES256", kid);
}

static oktai_assertion make_assertion(const okta_signer *signer)
{
    return (oktai_assertion){
        .signer = signer,
        .client_id = "0oa1client",
        .audience = "https://org.example/oauth2/v1/token",
        .now_s = 1700000000,
    };
}

/* Fails the test unless header and claims of the token are these; `claims` has %s for the jti. */
static void expect_token(const char *token, const char *header, const char *claims)
{
    char expected[1024];
    parsed_jws jws;
    jws_parse(token, &jws);
    char *jti = json_text_member(jws.claims, "jti");
    assert_int_equal(strlen(jti), 22);
    assert_int_equal(strspn(jti, BASE64URL), 22);
    const char *hole = strchr(claims, '%');
    snprintf(expected, sizeof expected, "%.*s%s%s", (int)(hole - claims), claims, jti, hole + 1);
    assert_string_equal(jws.header, header);
    assert_string_equal(jws.claims, expected);
    assert_true(jws_verifies(&jws, shared_ec_key(), "ES256"));
    free(jti);
    jws_clear(&jws);
}

static void an_assertion_says_who_for_whom_and_how_long(void **state)
{
    oktai_buffer out = {0};
    (void)state;
    okta_signer *signer = make_signer("key-1");
    oktai_assertion assertion = make_assertion(signer);
    assert_null(oktai_assertion_write(&assertion, &out));
    expect_token(
        out.data, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"key-1\"}",
        "{\"iss\":\"0oa1client\",\"sub\":\"0oa1client\",\"aud\":\"https://org.example/oauth2/v1/token\","
        "\"iat\":1699999990,\"exp\":1700000120,\"jti\":\"%\"}");
    oktai_buffer_clear(&out);
    okta_free(signer);
}

static void a_kid_is_left_out_where_it_is_asked_for_or_there_is_none(void **state)
{
    (void)state;
    for (int none = 0; none <= 1; none++) {
        oktai_buffer out = {0};
        okta_signer *signer = make_signer(none == 1 ? "" : "key-1");
        oktai_assertion assertion = make_assertion(signer);
        assertion.without_kid = none == 0;
        assert_null(oktai_assertion_write(&assertion, &out));
        expect_token(
            out.data, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
            "{\"iss\":\"0oa1client\",\"sub\":\"0oa1client\",\"aud\":\"https://org.example/oauth2/v1/token\","
            "\"iat\":1699999990,\"exp\":1700000120,\"jti\":\"%\"}");
        oktai_buffer_clear(&out);
        okta_free(signer);
    }
}

static void the_type_is_an_option(void **state)
{
    oktai_buffer out = {0};
    (void)state;
    okta_signer *signer = make_signer("key-1");
    oktai_assertion assertion = make_assertion(signer);
    assertion.type = "client-authentication+jwt";
    assert_true(oktai_buffer_add_text(&out, "before"));
    assert_null(oktai_assertion_write(&assertion, &out));
    assert_memory_equal(out.data, "before", 6);
    expect_token(
        out.data + 6, "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"key-1\"}",
        "{\"iss\":\"0oa1client\",\"sub\":\"0oa1client\",\"aud\":\"https://org.example/oauth2/v1/token\","
        "\"iat\":1699999990,\"exp\":1700000120,\"jti\":\"%\"}");
    oktai_buffer_clear(&out);
    okta_free(signer);
}

/* Clocks that are wrong by decades make no damaged token. */
static void any_time_makes_a_token(void **state)
{
    static const struct {
        int64_t now_s;
        const char *times;
    } cases[] = {
        {0, "\"iat\":0,\"exp\":120,"},
        {5, "\"iat\":0,\"exp\":125,"},
        {11, "\"iat\":1,\"exp\":131,"},
        {2147483647, "\"iat\":2147483637,\"exp\":2147483767,"},
        {4294967296, "\"iat\":4294967286,\"exp\":4294967416,"},
        {INT64_MAX / 1000, "\"iat\":9223372036854765,\"exp\":9223372036854895,"},
    };
    (void)state;
    okta_signer *signer = make_signer("k");
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_buffer out = {0};
        parsed_jws jws;
        oktai_assertion assertion = make_assertion(signer);
        assertion.now_s = cases[i].now_s;
        assert_null(oktai_assertion_write(&assertion, &out));
        jws_parse(out.data, &jws);
        assert_non_null(strstr(jws.claims, cases[i].times));
        jws_clear(&jws);
        oktai_buffer_clear(&out);
    }
    okta_free(signer);
}

/* Texts with a meaning in JSON come out as they went in, and add no member. */
static void texts_are_escaped(void **state)
{
    static const char *const texts[] = {
        "\",\"sub\":\"other", "\\",        "\\\"", "}", "a\nb\tc\x01\x1f", "caf\xc3\xa9",
        "\xf0\x9f\x94\x91",   "</script>",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        oktai_buffer out = {0};
        parsed_jws jws;
        okta_signer *signer = make_signer("\",\"alg\":\"none\\");
        oktai_assertion assertion = make_assertion(signer);
        assertion.type = texts[i];
        assertion.client_id = texts[i];
        assertion.audience = texts[i];
        assert_null(oktai_assertion_write(&assertion, &out));
        jws_parse(out.data, &jws);
        cJSON *header = cJSON_Parse(jws.header);
        cJSON *claims = cJSON_Parse(jws.claims);
        assert_int_equal(cJSON_GetArraySize(header), 3);
        assert_int_equal(cJSON_GetArraySize(claims), 6);
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(header, "alg")->valuestring, "ES256");
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(header, "typ")->valuestring, texts[i]);
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(header, "kid")->valuestring,
                            "\",\"alg\":\"none\\");
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(claims, "iss")->valuestring, texts[i]);
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(claims, "sub")->valuestring, texts[i]);
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(claims, "aud")->valuestring, texts[i]);
        cJSON_Delete(claims);
        cJSON_Delete(header);
        jws_clear(&jws);
        oktai_buffer_clear(&out);
        okta_free(signer);
    }
}

static void a_text_that_is_not_utf8_is_refused(void **state)
{
    static const char *const texts[] = {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf"};
    (void)state;
    okta_signer *signer = make_signer("k");
    for (size_t i = 0; i < COUNT(texts) * 3; i++) {
        oktai_buffer out = {0};
        oktai_assertion assertion = make_assertion(signer);
        const char **member = i % 3 == 0   ? &assertion.client_id
                              : i % 3 == 1 ? &assertion.audience
                                           : &assertion.type;
        *member = texts[i / 3];
        expect_error(oktai_assertion_write(&assertion, &out), OKTA_E_CONFIG, "UTF-8");
        assert_int_equal(out.length, 0);
        oktai_buffer_clear(&out);
    }
    okta_free(signer);
}

static int refuse(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                  size_t capacity, size_t *size)
{
    (void)ctx;
    (void)message;
    (void)length;
    (void)signature;
    (void)capacity;
    (void)size;
    return 7;
}

static void without_a_signature_there_is_no_assertion(void **state)
{
    oktai_buffer out = {0};
    okta_signer *signer = NULL;
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    (void)state;
    options.alg = "PS256";
    options.kid = "k";
    options.sign = refuse;
    assert_null(okta_signer_new(&options, &signer));
    oktai_assertion assertion = make_assertion(signer);
    expect_error(oktai_assertion_write(&assertion, &out), OKTA_E_AUTH, "code 7");
    assert_int_equal(out.length, 0);
    oktai_buffer_clear(&out);
    okta_free(signer);
}

static void a_million_identifiers_differ(void **state)
{
    (void)state;
    jti_text *texts = malloc(MANY * sizeof *texts);
    assert_non_null(texts);
    for (size_t i = 0; i < MANY; i++) {
        assert_null(oktai_jti(texts[i]));
    }
    assert_all_differ(texts, MANY);
    free(texts);
}

static void *hold(void *by)
{
    return oktai_root_hold(by);
}

static okta_error *write_assertion(void *by, oktai_buffer *out)
{
    oktai_assertion assertion = make_assertion(by);
    return oktai_assertion_write(&assertion, out);
}

static bool verifies(const parsed_jws *jws)
{
    return jws_verifies(jws, shared_ec_key(), "ES256");
}

static void threads_share_a_signer_and_no_identifier(void **state)
{
    (void)state;
    okta_signer *signer = make_signer("k");
    jti_source source = {.by = signer, .hold = hold, .write = write_assertion, .verifies = verifies};
    jti_crowd *crowd = jti_crowd_start(&source);
    okta_free(signer); /* the threads hold it */
    jti_crowd_finish(crowd);
}

/* Writes what it draws to the pipe. */
static void draw_in_child(int out)
{
    jti_text texts[EACH];
    for (size_t i = 0; i < EACH; i++) {
        okta_error *error = oktai_jti(texts[i]);
        if (error != NULL) {
            _exit(1);
        }
    }
    const char *at = texts[0];
    for (size_t left = sizeof texts; left > 0;) {
        ssize_t written = write(out, at, left);
        if (written <= 0) {
            _exit(2);
        }
        at += written;
        left -= (size_t)written;
    }
    _exit(0);
}

static void read_all(int in, char *to, size_t size)
{
    while (size > 0) {
        ssize_t got = read(in, to, size);
        assert_true(got > 0);
        to += got;
        size -= (size_t)got;
    }
}

/* Two children of one parent, which had drawn before and draws after. */
static void a_child_process_draws_other_identifiers(void **state)
{
    enum { CHILDREN = 2 };
    jti_text *texts = calloc((CHILDREN + 1) * EACH, sizeof *texts);
    jti_text warm;
    (void)state;
    assert_non_null(texts);
    assert_null(oktai_jti(warm));
    for (size_t i = 0; i < CHILDREN; i++) {
        int ends[2];
        int status;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_int_not_equal(child, -1);
        if (child == 0) {
            draw_in_child(ends[1]);
        }
        close(ends[1]);
        read_all(ends[0], texts[i * EACH], EACH * sizeof *texts);
        close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    for (size_t i = 0; i < EACH; i++) {
        assert_null(oktai_jti(texts[CHILDREN * EACH + i]));
    }
    assert_all_differ(texts, (CHILDREN + 1) * EACH);
    free(texts);
}

static bool no_randomness;

int __real_RAND_bytes(unsigned char *bytes, int size);
int __wrap_RAND_bytes(unsigned char *bytes, int size);

int __wrap_RAND_bytes(unsigned char *bytes, int size)
{
    if (no_randomness) {
        ERR_raise(ERR_LIB_RAND, 1);
        return 0;
    }
    return __real_RAND_bytes(bytes, size);
}

static void without_randomness_there_is_no_assertion(void **state)
{
    jti_text jti = "x";
    oktai_buffer out = {0};
    (void)state;
    okta_signer *signer = make_signer("k");
    oktai_assertion assertion = make_assertion(signer);
    ERR_clear_error();
    no_randomness = true;
    expect_error(oktai_jti(jti), OKTA_E_CONFIG, "no randomness");
    assert_string_equal(jti, "");
    expect_error(oktai_assertion_write(&assertion, &out), OKTA_E_CONFIG, "no randomness");
    no_randomness = false;
    assert_int_equal(ERR_peek_error(), 0);
    assert_int_equal(out.length, 0);
    assert_null(oktai_assertion_write(&assertion, &out));
    oktai_buffer_clear(&out);
    okta_free(signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assertion_says_who_for_whom_and_how_long),
        cmocka_unit_test(a_kid_is_left_out_where_it_is_asked_for_or_there_is_none),
        cmocka_unit_test(the_type_is_an_option),
        cmocka_unit_test(any_time_makes_a_token),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(a_text_that_is_not_utf8_is_refused),
        cmocka_unit_test(without_a_signature_there_is_no_assertion),
        cmocka_unit_test(a_million_identifiers_differ),
        cmocka_unit_test(threads_share_a_signer_and_no_identifier),
        cmocka_unit_test(a_child_process_draws_other_identifiers),
        cmocka_unit_test(without_randomness_there_is_no_assertion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
