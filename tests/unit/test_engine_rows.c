/* SPDX-License-Identifier: Apache-2.0 */
/* Rows: found by name, several of one JSON name, maps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "unit/json_oracle.h"

#define S "\"" ORACLE_SECRET "\""

static variety *decode_variety(const char *json)
{
    return decode(&variety_model, json);
}

/* The name of the C member that is set. */
static const char *what_is_set(const variety *v)
{
    return v->size.has                ? "size"
           : v->size_text != NULL     ? "size_text"
           : v->size_real.has         ? "size_real"
           : v->size_object != NULL   ? "size_object"
           : v->size_list != NULL     ? "size_list"
           : v->size_objects != NULL  ? "size_objects"
           : v->kind != 0             ? "kind"
           : v->kinds != NULL         ? "kinds"
           : v->model.extra_count > 0 ? "an extra"
                                      : "nothing";
}

static void the_type_that_arrives_chooses_among_rows_of_one_name(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *member;
    } cases[] = {
        {"{\"size\":7}", "size"},
        {"{\"size\":\"7\"}", "size_text"},
        {"{\"size\":7.5}", "size_real"},
        {"{\"size\":{\"key\":\"a\"}}", "size_object"},
        {"{\"size\":{}}", "size_object"},
        {"{\"size\":[]}", "size_list"},
        {"{\"size\":[\"a\",\"b\"]}", "size_list"},
        {"{\"size\":[{\"key\":\"a\"}]}", "size_objects"},
        {"{\"size\":[{},5]}", "size_objects"},
        {"{\"size\":[\"a\",{\"key\":\"a\"}]}", "size_objects"},
        {"{\"size\":[null]}", "size_objects"},
        {"{\"size\":true}", "an extra"},
        {"{\"size\":null}", "an extra"},
        {"{\"size\":1e999}", "an extra"},
        {"{\"kind\":\"RED\"}", "kind"},
        {"{\"kind\":\"PINK\"}", "kind"},
        {"{\"kind\":[\"RED\",\"PINK\"]}", "kinds"},
        {"{\"kind\":[\"RED\",5]}", "an extra"},
        {"{\"kind\":{}}", "an extra"},
        {"{\"kind\":5}", "an extra"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        variety *v = decode_variety(cases[i].json);
        assert_string_equal(what_is_set(v), cases[i].member);
        assert_encodes(&variety_model, v, OKTA_JSON_WHOLE, cases[i].json);
        okta_free(v);
    }
    variety *v = decode_variety("{\"kind\":\"PINK\"}");
    assert_string_equal(okta_enum_text(v, "kind"), "PINK");
    okta_free(v);
}

static void the_first_of_a_repeated_name_counts_whatever_its_type(void **state)
{
    (void)state;
    variety *v = decode_variety("{\"size\":\"a\",\"size\":7,\"size\":[]}");
    assert_string_equal(v->size_text, "a");
    assert_encodes(&variety_model, v, OKTA_JSON_WHOLE, "{\"size\":\"a\"}");
    okta_free(v);
}

static void expect_refusal(const variety *v, const char *message)
{
    char *json = NULL;
    okta_error *error = okta_to_json(&variety_model, v, OKTA_JSON_REQUEST, &json, NULL);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_string_equal(okta_error_message(error), message);
    assert_null(json);
    okta_free(error);
}

static void a_name_that_is_set_twice_is_refused_and_named(void **state)
{
    (void)state;
    const char *names[] = {"a"};
    variety v = {.model = OKTA_INIT(variety), .size = okta_int(3), .size_text = "3"};
    expect_refusal(&v, "size is set twice, as an integer and as a string: clear one of the two");
    v.size.has = false;
    assert_encodes(&variety_model, &v, OKTA_JSON_WHOLE, "{\"size\":\"3\"}");
    v.size_text = NULL;
    v.size_list = names;
    v.size_list_count = 1;
    assert_encodes(&variety_model, &v, OKTA_JSON_WHOLE, "{\"size\":[\"a\"]}");
    v.size_real = okta_double(0.5);
    expect_refusal(&v, "size is set twice, as a number and as a list of strings: clear one of the two");
    variety w = {.model = OKTA_INIT(variety), .kind = TEST_COLOR_RED, .kinds = names, .kinds_count = 1};
    expect_refusal(&w, "kind is set twice, as an enum and as a list of strings: clear one of the two");
}

/* Whichever of the rows is set, the extra of that name stays at home. */
static void a_set_member_wins_over_an_extra_of_its_name(void **state)
{
    (void)state;
    variety *v = decode_variety("{\"size\":null}");
    assert_encodes(&variety_model, v, OKTA_JSON_REQUEST, "{\"size\":null}");
    v->size_object = decode_everything("{\"key\":\"k\"}");
    assert_encodes(&variety_model, v, OKTA_JSON_REQUEST, "{\"size\":{\"key\":\"k\"}}");
    okta_free(v->size_object);
    okta_free(v);
}

static const char *example_of(const oktai_row *row)
{
    static const char *const examples[] = {
        [OKTAI_KIND_STRING] = "\"RED\"", [OKTAI_KIND_JSON] = "[1]",       [OKTAI_KIND_BOOL] = "false",
        [OKTAI_KIND_INT] = "0",          [OKTAI_KIND_DOUBLE] = "0.5",     [OKTAI_KIND_ENUM] = "\"RED\"",
        [OKTAI_KIND_OBJECT] = "{}",      [OKTAI_KIND_STRINGS] = "[]",     [OKTAI_KIND_ENUMS] = "[]",
        [OKTAI_KIND_OBJECTS] = "[{}]",   [OKTAI_KIND_MAP_STRINGS] = "{}", [OKTAI_KIND_MAP_OBJECTS] = "{}",
    };
    return examples[row->kind];
}

static void assert_null_and_set(const okta_descriptor *type, const oktai_row *row)
{
    const okta_member null = {.name = row->name, .json = "null"};
    oktai_buffer json = {0};
    assert_true(oktai_buffer_printf(&json, "{\"%s\":null}", row->name));
    assert_becomes(type, json.data, OKTA_JSON_WHOLE, json.data);
    okta_model *model = decode(type, "{}");
    model->extras = &null;
    model->extra_count = 1;
    assert_encodes(type, model, OKTA_JSON_WHOLE, json.data);
    okta_free(model);
    oktai_buffer_reset(&json);
    assert_true(oktai_buffer_printf(&json, "{\"%s\":%s}", row->name, example_of(row)));
    model = decode(type, json.data);
    model->extras = &null;
    model->extra_count = 1;
    assert_encodes(type, model, OKTA_JSON_WHOLE, json.data);
    okta_free(model);
    oktai_buffer_clear(&json);
}

/* Of every kind: what is null comes back as null, a program sends null by an extra, and a member that is set
 * goes in its place. */
static void null_is_sent_for_every_kind_unless_the_member_is_set(void **state)
{
    (void)state;
    const okta_descriptor *const types[] = {&everything_model, &variety_model};
    unsigned kinds = 0;
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        for (size_t i = 0; i < types[t]->row_count; i++) {
            kinds |= 1u << types[t]->rows[i].kind;
            assert_null_and_set(types[t], &types[t]->rows[i]);
        }
    }
    assert_int_equal(kinds, (1u << (OKTAI_KIND_MAP_OBJECTS + 1)) - 1);
}

static void a_map_shows_its_entries_in_order(void **state)
{
    (void)state;
    const char *json = "{\"labels\":{\"b\":\"1\",\"\\u00fc\\\"\":\"\",\"a\":null,\"b\":\"2\"},"
                       "\"urn:x/places#1\":{\"home\":{\"key\":\"k\"},\"none\":null,\"odd\":[1, 2]}}";
    variety *v = decode_variety(json);
    assert_int_equal(v->labels_count, 4);
    assert_string_equal(v->labels[0].name, "b");
    assert_string_equal(v->labels[0].value, "1");
    assert_string_equal(v->labels[1].name, "\xc3\xbc\"");
    assert_string_equal(v->labels[1].value, "");
    assert_ptr_equal(v->labels[2].value, OKTA_NULL);
    assert_string_equal(v->labels[3].value, "2");
    assert_int_equal(v->places_count, 3);
    assert_string_equal(v->places[0].name, "home");
    assert_string_equal(v->places[0].value->key, "k");
    assert_source(v->places[1].value, "null");
    assert_source(v->places[2].value, "[1, 2]");
    assert_int_equal(v->model.extra_count, 0);
    const char *back = "{\"labels\":{\"b\":\"1\",\"\xc3\xbc\\\"\":\"\",\"a\":null,\"b\":\"2\"},"
                       "\"urn:x/places#1\":{\"home\":{\"key\":\"k\"},\"none\":null,\"odd\":[1, 2]}}";
    assert_encodes(&variety_model, v, OKTA_JSON_WHOLE, back);
    variety *copy = NULL;
    assert_success(okta_copy(&variety_model, v, &copy));
    okta_free(v);
    assert_ptr_equal(copy->labels[2].value, OKTA_NULL);
    assert_source(copy->places[2].value, "[1, 2]");
    assert_encodes(&variety_model, copy, OKTA_JSON_WHOLE, back);
    okta_free(copy);
}

static void an_empty_map_is_there(void **state)
{
    (void)state;
    const char *json = "{\"labels\":{},\"urn:x/places#1\":{ }}";
    variety *v = decode_variety(json);
    assert_non_null(v->labels);
    assert_int_equal(v->labels_count, 0);
    assert_non_null(v->places);
    assert_int_equal(v->places_count, 0);
    assert_encodes(&variety_model, v, OKTA_JSON_WHOLE, "{\"labels\":{},\"urn:x/places#1\":{}}");
    okta_free(v);
}

/* As an array of strings with an element of another type: absent, and kept as it came. */
static void a_map_of_other_values_is_kept_beside_the_struct(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{\"labels\":{\"a\":\"x\",\"b\":5}}",
        "{\"labels\":{\"a\":{\"b\":[ ]},\"c\":\"x\"}}",
        "{\"labels\":{\"a\":true}}",
        "{\"labels\":[]}",
        "{\"labels\":\"x\"}",
        "{\"labels\":null}",
        "{\"urn:x/places#1\":[{}]}",
        "{\"urn:x/places#1\":7}",
        "{\"urn:x/places#1\":null}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        variety *v = decode_variety(documents[i]);
        assert_null(v->labels);
        assert_null(v->places);
        assert_int_equal(v->labels_count + v->places_count, 0);
        assert_int_equal(v->model.extra_count, 1);
        assert_encodes(&variety_model, v, OKTA_JSON_WHOLE, documents[i]);
        okta_free(v);
    }
}

static void a_program_builds_maps(void **state)
{
    (void)state;
    okta_string_entry labels[] = {{"a", "x\n"}, {"", OKTA_NULL}};
    everything home = {.model = OKTA_INIT(everything), .key = "k", .id = "left out"};
    everything_entry places[] = {{"home", &home}, {"none", NULL}};
    variety v = {.model = OKTA_INIT(variety),
                 .labels = labels,
                 .labels_count = 2,
                 .places = places,
                 .places_count = 2};
    assert_encodes(&variety_model, &v, OKTA_JSON_REQUEST,
                   "{\"labels\":{\"a\":\"x\\n\",\"\":null},"
                   "\"urn:x/places#1\":{\"home\":{\"key\":\"k\"},\"none\":null}}");
    labels[0].value = NULL;
    expect_refusal(&v, "a has no value in a map of strings");
    labels[0] = (okta_string_entry){NULL, "x"};
    expect_refusal(&v, "labels has an entry without a name");
    labels[0] = (okta_string_entry){"a", "\xff"};
    expect_refusal(&v, "a is not UTF-8");
    v.labels = NULL;
    places[1].name = NULL;
    expect_refusal(&v, "urn:x/places#1 has an entry without a name");
}

static void null_among_strings_is_null(void **state)
{
    (void)state;
    const char *names[] = {"a", OKTA_NULL, "null"};
    everything all = {.model = OKTA_INIT(everything), .names = names, .names_count = 3};
    assert_encodes(&everything_model, &all, OKTA_JSON_WHOLE, "{\"names\":[\"a\",null,\"null\"]}");
}

/* The entries of a map of objects are such objects, whatever their names. A map of strings is looked at as
 * the model around it. */
static void secrets_inside_maps_are_hidden(void **state)
{
    (void)state;
    const char *json =
        "{\"codes\":{\"a\":" S "},\"labels\":{\"pin\":" S ",\"password\":" S ",\"a\":\"open\"},"
        "\"urn:x/places#1\":{\"password\":{\"key\":\"k\",\"password\":" S "},"
        "\"pin\":[{\"token\":{\"a\":" S "}}]}}";
    const char *hidden =
        "{\"codes\":\"***\",\"labels\":{\"pin\":\"***\",\"password\":\"***\",\"a\":\"open\"},"
        "\"urn:x/places#1\":{\"password\":{\"key\":\"k\",\"password\":\"***\"},"
        "\"pin\":[{\"token\":\"***\"}]}}";
    assert_redacts(&variety_model, json, hidden);
    variety *v = decode_variety(json);
    char *text = encode(&variety_model, v, OKTA_JSON_REDACTED);
    assert_null(strstr(text, ORACLE_SECRET));
    assert_non_null(strstr(text, "\"password\":{\"key\":\"k\",\"password\":\"***\"}"));
    assert_non_null(strstr(text, "\"labels\":{\"pin\":\"***\",\"password\":\"***\",\"a\":\"open\"}"));
    okta_free(text);
    okta_free(v);
    /* An extra in the place of a map, and of a member with several rows. */
    static const char *const others[][2] = {
        {"{\"urn:x/places#1\":[{\"a\":{\"password\":" S "}}]}",
         "{\"urn:x/places#1\":[{\"a\":{\"password\":\"***\"}}]}"},
        {"{\"labels\":{\"a\":5,\"pin\":" S "}}", "{\"labels\":{\"a\":5,\"pin\":\"***\"}}"},
        {"{\"size\":[\"a\",{\"password\":" S "}]}", "{\"size\":[\"a\",{\"password\":\"***\"}]}"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_redacts(&variety_model, others[i][0], others[i][1]);
        assert_becomes(&variety_model, others[i][0], OKTA_JSON_REDACTED, others[i][1]);
    }
}

/* `{"urn:x/places#1":{"a":` in front of an object that is as deep as may be. */
static void maps_count_as_levels(void **state)
{
    (void)state;
    for (size_t levels = 62; levels <= 63; levels++) {
        oktai_buffer json = {0};
        append_times(&json, "{\"urn:x/places#1\":{\"a\":", 1);
        append_times(&json, "{\"child\":", levels - 1);
        append_times(&json, "{}", 1);
        append_times(&json, "}", levels + 1);
        assert_int_equal(decode_status(&variety_model, json.data, json.length),
                         levels == 62 ? OKTA_OK : OKTA_E_PROTOCOL);
        oktai_buffer_clear(&json);
    }
    everything all = {.model = OKTA_INIT(everything)};
    everything_entry entry = {"a", &all};
    variety v = {.model = OKTA_INIT(variety), .places = &entry, .places_count = 1};
    all.more = &v; /* a circle */
    assert_int_equal(encode_status(&variety_model, &v, OKTA_JSON_WHOLE), OKTA_E_ARG);
}

static void damaged_maps_are_refused(void **state)
{
    (void)state;
    const char *json = "{\"labels\":{\"a\":\"x\",\"b\":null},\"urn:x/places#1\":{\"a\":{\"size\":[{}]}},"
                       "\"size\":[\"a\"]}";
    for (size_t cut = 0; cut < strlen(json); cut++) {
        assert_int_equal(decode_status(&variety_model, json, cut), OKTA_E_PROTOCOL);
    }
}

/* Members in any order are found: in that of the rows, and in no order. */
static void rows_are_found_in_every_order(void **state)
{
    (void)state;
    const okta_descriptor *const types[] = {&everything_model, &variety_model};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        const oktai_row *before = NULL;
        for (size_t i = 0; i < types[t]->row_count; i++) {
            const oktai_row *row = &types[t]->rows[types[t]->by_name[i]];
            int order = before == NULL ? -1 : strcmp(before->name, row->name);
            assert_true(order < 0 || (order == 0 && row == before + 1 && oktai_row_next(before) == row));
            if (order < 0) {
                assert_ptr_equal(oktai_row_find(types[t], row->name, row->name_length), row);
                const oktai_row *shorter = oktai_row_find(types[t], row->name, row->name_length - 1u);
                assert_true(shorter == NULL || oktai_row_is(shorter, row->name, row->name_length - 1u));
            }
            before = row;
        }
        assert_null(oktai_row_find(types[t], "", 0));
        assert_null(oktai_row_find(types[t], "zzz", 3));
        assert_null(oktai_row_find(types[t], "\xc3\xbc", 2));
    }
    everything *all =
        decode_everything("{\"tags\":[],\"key\":\"k\",\"text\":\"t\",\"id\":\"i\",\"added\":\"a\"}");
    assert_non_null(all->tags);
    assert_string_equal(all->key, "k");
    assert_string_equal(all->text, "t");
    assert_string_equal(all->id, "i");
    assert_string_equal(all->added, "a");
    okta_free(all);
}

/* One and the same object in a list, whatever stood before it, and alone. */
static void assert_as_alone(const char *list_json, const char *const *elements, size_t count)
{
    everything_list *list = decode(&everything_list_model, list_json);
    assert_int_equal(list->count, count);
    for (size_t i = 0; i < count; i++) {
        everything *alone = decode_everything(elements[i]);
        const everything *item = list->items[i];
        char *text = NULL;
        size_t length = 0;
        assert_int_equal(item->model.extra_count, alone->model.extra_count);
        for (size_t k = 0; k < alone->model.extra_count; k++) {
            assert_string_equal(item->model.extras[k].name, alone->model.extras[k].name);
            assert_string_equal(item->model.extras[k].json, alone->model.extras[k].json);
        }
        assert_success(okta_to_json(&everything_model, alone, OKTA_JSON_WHOLE, &text, &length));
        assert_encodes(&everything_model, item, OKTA_JSON_WHOLE, text);
        okta_free(text);
        okta_free(alone);
    }
    okta_free(list);
}

/* What came in one element is expected in the next one: nothing but time depends on whether it comes. */
static void elements_decode_alike_in_any_company(void **state)
{
    (void)state;
    static const char *const elements[] = {
        "{\"id\":\"1\",\"key\":\"k\",\"text\":\"t\",\"number\":1}",
        "{\"text\":\"t\",\"id\":\"2\",\"number\":1,\"key\":\"k\"}",
        "{\"id\":\"3\",\"custom\":1,\"more custom\":[2],\"text\":\"t\",\"last\":null}",
        "{\"id\":\"4\",\"more custom\":[2],\"custom\":1,\"text\":\"t\",\"last\":null}",
        "{ \"id\" : \"5\" , \"custom\" :1,\"more custom\"\n:[2],\"text\":\"t\"}",
        "{\"id\":\"6\",\"c\\u0075stom\":1,\"te\\u0078t\":\"t\"}",
        "{\"id\":\"7\",\"a\\\"b\":1,\"text\":\"t\"}",
        "{\"id\":\"8\",\"a\\\"b\":1,\"text\":\"t\"}",
        "{\"id\":\"9\",\"\xc3\xbc\":1,\"child\":{\"id\":\"1\",\"key\":\"k\"}}",
        "{\"id\":\"10\",\"\xc3\xbc\":1,\"child\":{\"id\":\"1\",\"\xc3\xbc\":1,\"key\":\"k\"},\"ids\":1}",
        "{\"id\":\"11\",\"text\":\"a\",\"text\":\"b\",\"\":1,\"\":2}",
        "{}",
        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"id\":"
        "\"1\"}",
        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"id\":"
        "\"1\"}",
    };
    const size_t count = sizeof elements / sizeof elements[0];
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            const char *const three[] = {elements[i], elements[k], elements[i]};
            char json[1024];
            assert_true(snprintf(json, sizeof json, "[%s,%s,%s]", three[0], three[1], three[2]) <
                        (int)sizeof json);
            assert_as_alone(json, three, 3);
        }
    }
}

/* A name with an escape stands elsewhere unescaped: there it is no name that may come again as it is. */
static void a_name_with_an_escaped_quote_is_not_expected_unescaped(void **state)
{
    (void)state;
    const char *json = "[{\"id\":\"1\",\"a\\\"b\":1},{\"id\":\"2\",\"a\"b\":1}]";
    assert_int_equal(decode_status(&everything_list_model, json, strlen(json)), OKTA_E_PROTOCOL);
    json = "[{\"id\":\"1\",\"a\\nb\":1},{\"id\":\"2\",\"a\nb\":1}]";
    assert_int_equal(decode_status(&everything_list_model, json, strlen(json)), OKTA_E_PROTOCOL);
}

/* A model without rows: all that comes are extras. */
static void a_struct_without_members_keeps_all(void **state)
{
    (void)state;
    static const okta_descriptor open = {.schema = "Open", .size = sizeof(okta_model)};
    const char *json = "{\"costCenter\":\"10\",\"level\":5,\"tags\":[ \"a\"],\"gone\":null,\"\":{}}";
    okta_model *model = decode(&open, json);
    assert_int_equal(model->extra_count, 5);
    assert_string_equal(okta_extra(model, "costCenter"), "\"10\"");
    assert_string_equal(okta_extra(model, "level"), "5");
    assert_encodes(&open, model, OKTA_JSON_REQUEST, json);
    okta_model *copy = NULL;
    assert_success(okta_copy(&open, model, &copy));
    okta_free(model);
    assert_encodes(&open, copy, OKTA_JSON_WHOLE, json);
    okta_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_type_that_arrives_chooses_among_rows_of_one_name),
        cmocka_unit_test(the_first_of_a_repeated_name_counts_whatever_its_type),
        cmocka_unit_test(a_name_that_is_set_twice_is_refused_and_named),
        cmocka_unit_test(a_set_member_wins_over_an_extra_of_its_name),
        cmocka_unit_test(null_is_sent_for_every_kind_unless_the_member_is_set),
        cmocka_unit_test(a_map_shows_its_entries_in_order),
        cmocka_unit_test(an_empty_map_is_there),
        cmocka_unit_test(a_map_of_other_values_is_kept_beside_the_struct),
        cmocka_unit_test(a_program_builds_maps),
        cmocka_unit_test(null_among_strings_is_null),
        cmocka_unit_test(secrets_inside_maps_are_hidden),
        cmocka_unit_test(maps_count_as_levels),
        cmocka_unit_test(damaged_maps_are_refused),
        cmocka_unit_test(rows_are_found_in_every_order),
        cmocka_unit_test(elements_decode_alike_in_any_company),
        cmocka_unit_test(a_name_with_an_escaped_quote_is_not_expected_unescaped),
        cmocka_unit_test(a_struct_without_members_keeps_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
