/* SPDX-License-Identifier: Apache-2.0 */
/* The models of client keys, client secrets and error documents. */
#include <string.h>

#include "core/words.h"
#include "okta/models/error.h"
#include "okta/models/oauth2_client_jwk.h"
#include "okta/models/oauth2_client_secret.h"
#include "unit/json_models.h"
#include "unit/json_oracle.h"

#define S "\"" ORACLE_SECRET "\""

static const char rsa_key[] =
    "{\"id\":\"pks1\",\"kid\":\"k1\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":"
    "\"AMmd\","
    "\"status\":\"ACTIVE\",\"created\":\"2026-01-02T03:04:05.000Z\",\"lastUpdated\":\"2026-01-02T03:04:06."
    "000Z\","
    "\"_links\":{\"activate\":{\"href\":\"https://a/1\"},"
    "\"deactivate\":{\"href\":\"https://a/2\",\"hints\":{\"allow\":[\"POST\",\"PATCH\"]},\"name\":\"off\","
    "\"type\":\"application/json\",\"templated\":false},"
    "\"delete\":{\"href\":\"https://a/3\",\"hints\":{\"allow\":[\"DELETE\"]}}},\"x5c\":[\"a\"]}";

static void a_key_shows_all_its_members(void **state)
{
    (void)state;
    okta_oauth2_client_jwk *key = decode(okta_oauth2_client_jwk_descriptor(), rsa_key);
    assert_string_equal(key->id, "pks1");
    assert_string_equal(key->kid, "k1");
    assert_int_equal(key->kty, OKTA_OAUTH2_CLIENT_JWK_KTY_RSA);
    assert_string_equal(key->alg, "RS256");
    assert_int_equal(key->use, OKTA_OAUTH2_CLIENT_JWK_USE_SIG);
    assert_string_equal(key->e, "AQAB");
    assert_string_equal(key->n, "AMmd");
    assert_null(key->crv);
    assert_null(key->x);
    assert_null(key->y);
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
    assert_string_equal(key->created, "2026-01-02T03:04:05.000Z");
    assert_string_equal(key->last_updated, "2026-01-02T03:04:06.000Z");
    assert_string_equal(okta_links_find(key->links, "activate", 0)->href, "https://a/1");
    const okta_link *off = okta_links_find(key->links, "deactivate", 0);
    assert_int_equal(off->hints->allow_count, 2);
    assert_string_equal(off->hints->allow[0], "POST");
    assert_string_equal(off->hints->allow[1], "PATCH");
    assert_string_equal(off->name, "off");
    assert_true(off->templated.has && !off->templated.value);
    assert_string_equal(off->type, "application/json");
    assert_string_equal(okta_links_find(key->links, "delete", 0)->hints->allow[0], "DELETE");
    assert_string_equal(okta_extra(key, "x5c"), "[\"a\"]");
    assert_encodes(okta_oauth2_client_jwk_descriptor(), key, OKTA_JSON_WHOLE, rsa_key);
    assert_encodes(
        okta_oauth2_client_jwk_descriptor(), key, OKTA_JSON_REQUEST,
        "{\"kid\":\"k1\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":\"AMmd\","
        "\"status\":\"ACTIVE\",\"x5c\":[\"a\"]}");
    okta_free(key);
}

static void a_key_request_is_built_on_the_stack(void **state)
{
    (void)state;
    okta_oauth2_client_jwk_request key = {.model = OKTA_INIT(okta_oauth2_client_jwk_request),
                                          .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC,
                                          .kid = "ec-1",
                                          .use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG,
                                          .crv = "P-256",
                                          .x = "eA",
                                          .y = "eQ",
                                          .status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE,
                                          .id = "not sent"};
    assert_encodes(
        okta_oauth2_client_jwk_descriptor(), &key, OKTA_JSON_REQUEST,
        "{\"kid\":\"ec-1\",\"kty\":\"EC\",\"use\":\"sig\",\"crv\":\"P-256\",\"x\":\"eA\",\"y\":\"eQ\","
        "\"status\":\"INACTIVE\"}");
}

static void old_and_newer_keys_are_understood(void **state)
{
    (void)state;
    const char *json = "{\"kty\":\"OKP\",\"use\":null,\"kid\":null,\"status\":\"SUSPENDED\",\"crv\":"
                       "\"Ed25519\",\"x\":\"AA\"}";
    okta_oauth2_client_jwk *key = decode(okta_oauth2_client_jwk_descriptor(), json);
    assert_int_equal(key->kty, OKTA_OAUTH2_CLIENT_JWK_KTY_OTHER);
    assert_string_equal(okta_enum_text(key, "kty"), "OKP");
    assert_int_equal(key->status, OKTA_OAUTH2_CLIENT_JWK_STATUS_OTHER);
    assert_string_equal(okta_enum_text(key, "status"), "SUSPENDED");
    assert_int_equal(key->use, OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT);
    assert_string_equal(okta_extra(key, "use"), "null");
    assert_null(key->kid);
    assert_encodes(okta_oauth2_client_jwk_descriptor(), key, OKTA_JSON_REQUEST,
                   "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"status\":\"SUSPENDED\",\"use\":null,"
                   "\"kid\":null}");
    okta_free(key);
}

static void a_key_that_says_two_things_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"id", "kid", "kty", "alg", "use",   "e",
                                        "n",  "crv", "x",   "y",   "status"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        oktai_buffer json = {0};
        assert_true(oktai_buffer_printf(&json, "{\"%s\":\"a\",\"zz\":1,\"%s\":\"a\"}", names[i], names[i]));
        assert_int_equal(decode_status(okta_oauth2_client_jwk_descriptor(), json.data, json.length),
                         OKTA_E_PROTOCOL);
        oktai_buffer_clear(&json);
    }
    const char *cut = "{\"kid\":\"k1\\u0000evil\"}";
    assert_int_equal(decode_status(okta_oauth2_client_jwk_descriptor(), cut, strlen(cut)), OKTA_E_PROTOCOL);
    okta_oauth2_client_jwk *key = decode(okta_oauth2_client_jwk_descriptor(),
                                         "{\"KID\":\"a\",\"Kid\":\"b\",\"created\":\"1\",\"created\":\"2\"}");
    assert_null(key->kid);
    assert_string_equal(key->created, "1");
    okta_free(key);
}

static void key_lists_come_in_three_shapes(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "[{\"kid\":\"a\"},{\"kid\":\"b\"}]",
        "{\"keys\":[{\"kid\":\"a\"},{\"kid\":\"b\"}]}",
        "{\"jwks\":{\"keys\":[{\"kid\":\"a\"},{\"kid\":\"b\"}]}}",
        "{\"_links\":{\"keys\":[]},\"jwks\":{\"n\":2,\"keys\":[{\"kid\":\"a\"},{\"kid\":\"b\"}],\"u\":null}}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        okta_oauth2_client_jwk_list *list = decode(okta_oauth2_client_jwk_list_descriptor(), documents[i]);
        assert_int_equal(list->count, 2);
        assert_string_equal(list->items[0]->kid, "a");
        assert_string_equal(list->items[1]->kid, "b");
        assert_encodes(okta_oauth2_client_jwk_list_descriptor(), list, OKTA_JSON_WHOLE,
                       "[{\"kid\":\"a\"},{\"kid\":\"b\"}]");
        okta_free(list);
    }
    static const char *const bad[] = {"{}", "{\"jwks\":{}}", "{\"keys\":{\"kid\":\"a\"}}", "{\"kid\":\"a\"}",
                                      "null"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(decode_status(okta_oauth2_client_jwk_list_descriptor(), bad[i], strlen(bad[i])),
                         OKTA_E_PROTOCOL);
    }
}

static void private_key_parts_are_masked(void **state)
{
    (void)state;
    static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        oktai_buffer key = {0}, masked = {0}, list = {0};
        assert_true(oktai_buffer_printf(&key, "{\"kid\":\"a\",\"%s\":[{\"r\":" S "}]}", names[i]));
        assert_true(oktai_buffer_printf(&masked, "{\"kid\":\"a\",\"%s\":\"***\"}", names[i]));
        assert_redacts(okta_oauth2_client_jwk_descriptor(), key.data, masked.data);
        assert_becomes(okta_oauth2_client_jwk_descriptor(), key.data, OKTA_JSON_REDACTED, masked.data);
        assert_true(oktai_buffer_printf(&list, "{\"jwks\":{\"keys\":[%s]}}", key.data));
        oktai_buffer_reset(&key);
        assert_true(oktai_buffer_printf(&key, "{\"jwks\":{\"keys\":[%s]}}", masked.data));
        assert_redacts(okta_oauth2_client_jwk_list_descriptor(), list.data, key.data);
        oktai_buffer_clear(&key);
        oktai_buffer_clear(&masked);
        oktai_buffer_clear(&list);
    }
}

static void a_secret_is_shown_and_masked(void **state)
{
    (void)state;
    const char *json =
        "{\"id\":\"ocs1\",\"client_secret\":" S ",\"secret_hash\":\"h\",\"status\":\"INACTIVE\","
        "\"created\":\"c\",\"lastUpdated\":\"l\",\"_links\":{\"delete\":{\"href\":\"https://a/1\"}}}";
    okta_oauth2_client_secret *secret = decode(okta_oauth2_client_secret_descriptor(), json);
    assert_string_equal(secret->id, "ocs1");
    assert_string_equal(secret->client_secret, ORACLE_SECRET);
    assert_string_equal(secret->secret_hash, "h");
    assert_int_equal(secret->status, OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE);
    assert_string_equal(secret->created, "c");
    assert_string_equal(secret->last_updated, "l");
    assert_string_equal(okta_links_find(secret->links, "delete", 0)->href, "https://a/1");
    assert_encodes(okta_oauth2_client_secret_descriptor(), secret, OKTA_JSON_WHOLE, json);
    assert_encodes(okta_oauth2_client_secret_descriptor(), secret, OKTA_JSON_REQUEST,
                   "{\"status\":\"INACTIVE\"}");
    char *masked = encode(okta_oauth2_client_secret_descriptor(), secret, OKTA_JSON_REDACTED);
    assert_null(strstr(masked, ORACLE_SECRET));
    assert_non_null(strstr(masked, "\"client_secret\":\"***\",\"secret_hash\":\"h\""));
    okta_free(masked);
    okta_free(secret);
    assert_redacts(okta_oauth2_client_secret_list_descriptor(), "[ {\"client_secret\" : " S " } , 1 ]",
                   "[ {\"client_secret\" : \"***\" } , 1 ]");
}

static void a_secret_request_is_built_on_the_stack(void **state)
{
    (void)state;
    okta_oauth2_client_secret_request_body body = {.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
                                                   .client_secret = "0123456789abcd",
                                                   .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE};
    const okta_descriptor *type = okta_oauth2_client_secret_request_body_descriptor();
    assert_encodes(type, &body, OKTA_JSON_REQUEST,
                   "{\"client_secret\":\"0123456789abcd\",\"status\":\"ACTIVE\"}");
    assert_encodes(type, &body, OKTA_JSON_REDACTED, "{\"client_secret\":\"***\",\"status\":\"ACTIVE\"}");
    body.client_secret = NULL;
    body.status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_ABSENT;
    assert_encodes(type, &body, OKTA_JSON_REQUEST, "{}");
}

static void secret_lists_are_arrays(void **state)
{
    (void)state;
    okta_oauth2_client_secret_list *list = decode(okta_oauth2_client_secret_list_descriptor(),
                                                  "[{\"id\":\"a\"},\"x\",{\"id\":\"b\",\"id\":\"c\"}]");
    assert_int_equal(list->count, 3);
    assert_string_equal(list->items[0]->id, "a");
    assert_null(list->items[1]->id);
    assert_source(list->items[1], "\"x\"");
    assert_null(list->items[2]->id);
    okta_free(list);
    const char *wrapped = "{\"keys\":[]}";
    assert_int_equal(decode_status(okta_oauth2_client_secret_list_descriptor(), wrapped, strlen(wrapped)),
                     OKTA_E_PROTOCOL);
}

static void error_documents_are_read_whatever_their_causes(void **state)
{
    (void)state;
    okta_error_body *body =
        decode(okta_error_body_descriptor(),
               "{\"errorCode\":\"E0000001\",\"errorSummary\":\"Api validation failed: \\\"kid\\\"\","
               "\"errorLink\":\"E0000001\",\"errorId\":\"oae1\",\"errorCauses\":[{\"errorSummary\":\"a\"},"
               "{},null,{\"errorSummary\":5},{\"errorSummary\":\"b\",\"more\":1}],\"extra\":true}");
    assert_string_equal(body->error_code, "E0000001");
    assert_string_equal(body->error_summary, "Api validation failed: \"kid\"");
    assert_string_equal(body->error_link, "E0000001");
    assert_string_equal(body->error_id, "oae1");
    assert_int_equal(body->error_causes_count, 5);
    assert_string_equal(body->error_causes[0]->error_summary, "a");
    assert_null(body->error_causes[1]->error_summary);
    assert_null(body->error_causes[2]->error_summary);
    assert_source(body->error_causes[2], "null");
    assert_string_equal(okta_extra(body->error_causes[3], "errorSummary"), "5");
    assert_string_equal(body->error_causes[4]->error_summary, "b");
    assert_string_equal(okta_extra(body, "extra"), "true");
    okta_free(body);
    body = decode(okta_error_body_descriptor(),
                  "{\"errorCode\":400,\"errorCauses\":{\"a\":1},\"errorSummary\":null}");
    assert_null(body->error_code);
    assert_null(body->error_causes);
    assert_string_equal(okta_extra(body, "errorCauses"), "{\"a\":1}");
    okta_free(body);
    body =
        decode(okta_error_body_descriptor(), "{\"error\":\"invalid_client\",\"error_description\":\"no\"}");
    assert_null(body->error_code);
    assert_string_equal(okta_extra(body, "error"), "\"invalid_client\"");
    okta_free(body);
}

/* The engine counts on these. */
static void descriptors_are_sound(void **state)
{
    (void)state;
    const okta_descriptor *const all[] = {
        okta_error_body_descriptor(),
        okta_error_cause_descriptor(),
        okta_link_hints_descriptor(),
        okta_link_descriptor(),
        okta_links_descriptor(),
        okta_oauth2_client_jwk_descriptor(),
        okta_oauth2_client_jwk_list_descriptor(),
        okta_oauth2_client_secret_descriptor(),
        okta_oauth2_client_secret_list_descriptor(),
        okta_oauth2_client_secret_request_body_descriptor(),
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_true(strlen(all[i]->schema) > 0);
        assert_true(all[i]->size >= sizeof(okta_model));
        assert_true(all[i]->row_count <= OKTAI_ROWS_MAX);
        assert_true(all[i]->item == NULL ||
                    (all[i]->row_count == 0 && all[i]->size == sizeof(oktai_any_list)));
        for (size_t j = 0; j < all[i]->row_count; j++) {
            const oktai_row *row = &all[i]->rows[j];
            assert_int_equal(row->name_length, strlen(row->name));
            const char *end = row->name + row->name_length;
            assert_ptr_equal(oktai_plain_run(row->name, end), end); /* it is written without a look at it */
            assert_in_range(row->offset, sizeof(okta_model), all[i]->size - 1);
            if (j == 0 || oktai_row_next(row - 1) == NULL) {
                assert_ptr_equal(oktai_row_find(all[i], row->name, row->name_length), row);
            }
            if (row->kind >= OKTAI_KIND_STRINGS) {
                assert_int_equal(row->count_offset, row->offset + sizeof(void *));
            }
            if (row->kind == OKTAI_KIND_OBJECT || row->kind == OKTAI_KIND_OBJECTS ||
                row->kind == OKTAI_KIND_MAP_OBJECTS) {
                assert_non_null(row->of.object);
            }
        }
    }
    assert_null(oktai_row_find(okta_oauth2_client_jwk_descriptor(), "ki", 2));
    assert_null(oktai_row_find(okta_oauth2_client_jwk_descriptor(), "kidd", 4));
    assert_null(oktai_row_find(okta_oauth2_client_jwk_descriptor(), "", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_shows_all_its_members),
        cmocka_unit_test(a_key_request_is_built_on_the_stack),
        cmocka_unit_test(old_and_newer_keys_are_understood),
        cmocka_unit_test(a_key_that_says_two_things_is_refused),
        cmocka_unit_test(key_lists_come_in_three_shapes),
        cmocka_unit_test(private_key_parts_are_masked),
        cmocka_unit_test(a_secret_is_shown_and_masked),
        cmocka_unit_test(a_secret_request_is_built_on_the_stack),
        cmocka_unit_test(secret_lists_are_arrays),
        cmocka_unit_test(error_documents_are_read_whatever_their_causes),
        cmocka_unit_test(descriptors_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
