/* SPDX-License-Identifier: Apache-2.0 */
/* Redaction: no secret is left, and nothing else is touched. */
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "unit/json_oracle.h"

#define S "\"" ORACLE_SECRET "\""

static void secret_members_are_masked(void **state)
{
    (void)state;
    assert_becomes(
        &everything_model,
        "{\"key\":\"k\",\"password\":" S ",\"token\":[1," S "],\"vault\":{\"text\":" S "},\"codes\":[" S "],"
        "\"hidden\":{\"a\":" S "},\"pin\":1234,\"zz\":\"kept\"}",
        OKTA_JSON_REDACTED,
        "{\"key\":\"k\",\"password\":\"***\",\"token\":\"***\",\"vault\":\"***\",\"codes\":\"***\","
        "\"hidden\":\"***\",\"pin\":\"***\",\"zz\":\"kept\"}");
    assert_becomes(&everything_model, "{\"text\":\"t\",\"id\":\"i\"}", OKTA_JSON_REDACTED,
                   "{\"id\":\"i\",\"text\":\"t\"}");
}

static void secrets_of_the_wrong_type_are_masked(void **state)
{
    (void)state;
    assert_becomes(&everything_model,
                   "{\"password\":{\"a\":" S "},\"vault\":[{\"text\":" S "}],\"codes\":" S ",\"zz\":1}",
                   OKTA_JSON_REDACTED, "{\"password\":\"***\",\"vault\":\"***\",\"codes\":\"***\",\"zz\":1}");
}

static void the_program_s_own_secrets_are_masked(void **state)
{
    (void)state;
    const char *codes[] = {ORACLE_SECRET};
    okta_member extras[] = {
        {.name = "pin", .json = S}, {.name = "zz", .json = "1"}, {.name = "token", .json = S}};
    everything child = {.model = OKTA_INIT(everything), .password = ORACLE_SECRET};
    everything *children[] = {&child};
    everything all = {.model = OKTA_INIT(everything),
                      .password = ORACLE_SECRET,
                      .codes = codes,
                      .codes_count = 1,
                      .children = children,
                      .children_count = 1,
                      .vault = &child};
    all.model.extras = extras;
    all.model.extra_count = 3;
    assert_encodes(
        &everything_model, &all, OKTA_JSON_REDACTED,
        "{\"children\":[{\"password\":\"***\"}],\"password\":\"***\",\"vault\":\"***\",\"codes\":\"***\","
        "\"pin\":\"***\",\"zz\":1,\"token\":\"***\"}");
}

/* The text is redacted to `expected`; the model it decodes to, where it decodes, leaves no secret either. */
static void assert_masked(const okta_descriptor *type, const char *json, const char *expected)
{
    void *model = NULL;
    assert_redacts(type, json, expected);
    okta_error *error = okta_from_json(type, json, strlen(json), &model);
    if (error == NULL) {
        char *text = encode(type, model, OKTA_JSON_REDACTED);
        assert_true(oracle_accepts(text, strlen(text)));
        if (strstr(text, ORACLE_SECRET) != NULL) {
            fail_msg("%s is written as %s", json, text);
        }
        okta_free(text);
    }
    okta_free(error);
    okta_free(model);
}

static void members_of_models_at_any_depth_are_masked(void **state)
{
    (void)state;
    assert_masked(&everything_model, "{\"child\":{\"password\":" S ",\"child\":{\"pin\":" S "}}}",
                  "{\"child\":{\"password\":\"***\",\"child\":{\"pin\":\"***\"}}}");
    assert_masked(&everything_model,
                  "{\"children\":[{\"token\":" S "},7,{\"children\":[{\"hidden\":" S
                  "}]}],\"_owner\":{\"codes\":[" S "]}}",
                  "{\"children\":[{\"token\":\"***\"},7,{\"children\":[{\"hidden\":\"***\"}]}],\"_owner\":{"
                  "\"codes\":\"***\"}}");
    assert_masked(&everything_list_model, "[{\"password\":" S "},{\"child\":{\"pin\":" S "}}]",
                  "[{\"password\":\"***\"},{\"child\":{\"pin\":\"***\"}}]");
    assert_masked(&everything_list_model, "{\"n\":1,\"page\":{\"items\":[{\"password\":" S "}]}}",
                  "{\"n\":1,\"page\":{\"items\":[{\"password\":\"***\"}]}}");
}

/* Objects that the decoder sets aside hold the same secrets as those it takes. */
static void refused_objects_are_masked(void **state)
{
    (void)state;
    assert_masked(&everything_model, "{\"child\":{\"key\":1,\"key\":2,\"password\":" S "}}",
                  "{\"child\":{\"key\":1,\"key\":2,\"password\":\"***\"}}");
    assert_masked(&everything_model, "{\"children\":[{\"key\":1,\"key\":2,\"password\":" S "}]}",
                  "{\"children\":[{\"key\":1,\"key\":2,\"password\":\"***\"}]}");
    assert_masked(&everything_list_model, "[{\"id\":1,\"id\":2,\"pin\":" S "},[{\"password\":" S "}]]",
                  "[{\"id\":1,\"id\":2,\"pin\":\"***\"},[{\"password\":\"***\"}]]");
    assert_masked(&everything_model, "{\"key\":1,\"key\":2,\"password\":" S ",\"password\":" S "}",
                  "{\"key\":1,\"key\":2,\"password\":\"***\",\"password\":\"***\"}");
}

static void models_of_the_wrong_shape_are_masked(void **state)
{
    (void)state;
    assert_masked(&everything_model, "{\"child\":[{\"password\":" S "}]}",
                  "{\"child\":[{\"password\":\"***\"}]}");
    assert_masked(&everything_model, "{\"children\":{\"password\":" S "}}",
                  "{\"children\":{\"password\":\"***\"}}");
    assert_masked(&everything_model, "{\"children\":[[{\"password\":" S "}]]}",
                  "{\"children\":[[{\"password\":\"***\"}]]}");
    assert_masked(&everything_model, "[{\"password\":" S "}]", "[{\"password\":\"***\"}]");
}

static void one_object_in_place_of_a_list_is_masked(void **state)
{
    (void)state;
    assert_masked(&everything_list_model, "{\"password\":" S ",\"pin\":" S "}",
                  "{\"password\":\"***\",\"pin\":\"***\"}");
    assert_masked(&everything_list_model, "{\"items\":{\"password\":" S "}}",
                  "{\"items\":{\"password\":\"***\"}}");
    assert_masked(&everything_list_model, "{\"page\":{\"items\":{\"child\":{\"password\":" S "}}}}",
                  "{\"page\":{\"items\":{\"child\":{\"password\":\"***\"}}}}");
}

/* The model has no member of these names. */
static void names_of_secrets_are_known_in_json_without_a_model(void **state)
{
    (void)state;
    assert_masked(
        &everything_model,
        "{\"any\":{\"activation\":{\"sharedSecret\":" S ",\"kind\":\"totp\"},\"passCode\":1234567}}",
        "{\"any\":{\"activation\":{\"sharedSecret\":\"***\",\"kind\":\"totp\"},\"passCode\":\"***\"}}");
    assert_masked(&everything_model, "{\"any\":[{\"vaulted_secret\":{\"a\":" S "}}]}",
                  "{\"any\":[{\"vaulted_secret\":\"***\"}]}");
    assert_masked(&everything_model,
                  "{\"zz\":{\"client_secret\":" S "},\"clientSecret\":" S ",\"state\":\"on\"}",
                  "{\"zz\":{\"client_secret\":\"***\"},\"clientSecret\":\"***\",\"state\":\"on\"}");
}

/* A secret inside a member that the library does not know. */
static void secrets_in_unknown_members_are_masked(void **state)
{
    (void)state;
    assert_masked(&everything_model, "{\"zz\":{\"password\":" S "}}", "{\"zz\":{\"password\":\"***\"}}");
    assert_masked(&everything_model, "{\"zz\":[[{\"a\":{\"pin\":" S "}}]]}",
                  "{\"zz\":[[{\"a\":{\"pin\":\"***\"}}]]}");
    assert_masked(&everything_model, "{\"any\":{\"a\":{\"token\":" S "}}}",
                  "{\"any\":{\"a\":{\"token\":\"***\"}}}");
    assert_masked(&everything_model, "{\"text\":{\"hidden\":" S "}}", "{\"text\":{\"hidden\":\"***\"}}");
    assert_masked(&everything_list_model, "{\"data\":[{\"password\":" S "}]}",
                  "{\"data\":[{\"password\":\"***\"}]}");
}

/* Where the struct shows OTHER, the text comes from what the server sent, whatever that was. */
static void secrets_among_enum_values_are_masked(void **state)
{
    (void)state;
    assert_masked(&everything_model, "{\"colors\":[\"RED\",{\"password\":" S "}]}",
                  "{\"colors\":[\"RED\",{\"password\":\"***\"}]}");
    assert_masked(&everything_model, "{\"colors\":[[{\"a\":{\"pin\":" S "}}],\"PINK\"]}",
                  "{\"colors\":[[{\"a\":{\"pin\":\"***\"}}],\"PINK\"]}");
    assert_masked(&everything_model, "{\"color\":{\"hidden\":" S "}}", "{\"color\":{\"hidden\":\"***\"}}");
    assert_masked(&everything_model, "{\"names\":[\"a\",{\"hidden\":" S "}]}",
                  "{\"names\":[\"a\",{\"hidden\":\"***\"}]}");
}

static void escaped_and_repeated_names_are_masked(void **state)
{
    (void)state;
    assert_masked(&everything_model, "{\"pass\\u0077ord\":" S "}", "{\"pass\\u0077ord\":\"***\"}");
    assert_masked(&everything_model, "{\"\\u0070in\":" S ",\"zz\":1}", "{\"\\u0070in\":\"***\",\"zz\":1}");
    assert_masked(&everything_model, "{\"password\":" S ",\"password\":" S ",\"password\":" S "}",
                  "{\"password\":\"***\",\"password\":\"***\",\"password\":\"***\"}");
    assert_masked(&everything_model, "{\"pin\":" S ",\"pin\":" S "}", "{\"pin\":\"***\",\"pin\":\"***\"}");
}

static void all_else_stays_byte_for_byte(void **state)
{
    (void)state;
    static const char *const untouched[] = {
        "{}",
        " { } ",
        "[]",
        "null",
        "1.10",
        "\"password\"",
        "{\"text\":\"password\"}",
        "{\"Password\":1}",
        "{\n\t\"text\" : \"a\\u0062\\/\" ,\r\n \"zz\":[ 1.0, 9007199254740993 , 1e999 ] }",
        "\xef\xbb\xbf{\"zz\":1}",
        "{\"zz\":1,\"zz\":2}",
        "{\"passwor\":1,\"passwords\":2,\"\":3}",
        "[\"pin\",\"hidden\"]",
    };
    for (size_t i = 0; i < sizeof untouched / sizeof untouched[0]; i++) {
        assert_redacts(&everything_model, untouched[i], untouched[i]);
        assert_redacts(&everything_list_model, untouched[i], untouched[i]);
    }
    assert_redacts(&everything_model,
                   " {\"a\" : 1.0 ,\"password\"\t: " S " ,\n\"pin\":" S "\r\n, \"b\":[ ]} ",
                   " {\"a\" : 1.0 ,\"password\"\t: \"***\" ,\n\"pin\":\"***\"\r\n, \"b\":[ ]} ");
    assert_redacts(&everything_model, "\xef\xbb\xbf{\"pin\":[ " S " ] }", "\xef\xbb\xbf{\"pin\":\"***\" }");
}

static void damaged_text_is_not_handed_out(void **state)
{
    (void)state;
    const char *json = "{\"password\":" S ",\"child\":{\"pin\":[1,{}]},\"zz\":\"\\u00fc\"}";
    for (size_t cut = 0; cut < strlen(json); cut++) {
        char *copy = exact_copy(json, cut);
        char *out = copy;
        size_t length = 7;
        okta_error *error = okta_redact_json(&everything_model, copy, cut, &out, &length);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        assert_null(strstr(okta_error_message(error), ORACLE_SECRET));
        assert_null(out);
        okta_free(error);
        free(copy);
    }
    char *out = NULL;
    assert_int_equal(take_status(okta_redact_json(&everything_model, "{} x", 4, &out, NULL)),
                     OKTA_E_PROTOCOL);
    assert_int_equal(take_status(okta_redact_json(&everything_model, "{\"password\":01}", 15, &out, NULL)),
                     OKTA_E_PROTOCOL);
    assert_null(out);
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    char *out = NULL;
    assert_int_equal(take_status(okta_redact_json(NULL, "{}", 2, &out, NULL)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_redact_json(&everything_model, NULL, 0, &out, NULL)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_redact_json(&everything_model, "{}", 2, NULL, NULL)), OKTA_E_ARG);
    assert_null(out);
    assert_success(okta_redact_json(&everything_model, "{\"pin\":1}", 9, &out, NULL));
    assert_string_equal(out, "{\"pin\":\"***\"}");
    okta_free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_members_are_masked),
        cmocka_unit_test(secrets_of_the_wrong_type_are_masked),
        cmocka_unit_test(the_program_s_own_secrets_are_masked),
        cmocka_unit_test(members_of_models_at_any_depth_are_masked),
        cmocka_unit_test(refused_objects_are_masked),
        cmocka_unit_test(models_of_the_wrong_shape_are_masked),
        cmocka_unit_test(one_object_in_place_of_a_list_is_masked),
        cmocka_unit_test(names_of_secrets_are_known_in_json_without_a_model),
        cmocka_unit_test(secrets_in_unknown_members_are_masked),
        cmocka_unit_test(secrets_among_enum_values_are_masked),
        cmocka_unit_test(escaped_and_repeated_names_are_masked),
        cmocka_unit_test(all_else_stays_byte_for_byte),
        cmocka_unit_test(damaged_text_is_not_handed_out),
        cmocka_unit_test(null_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
