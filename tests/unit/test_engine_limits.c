/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes: structs of other versions, depth, cycles, and very many members. */
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"

#define ASSERT_REFUSED(model)                                                                                \
    assert_int_equal(encode_status(&everything_model, (model), OKTA_JSON_WHOLE), OKTA_E_ARG)

/* One member of each size of struct: its text and where it ends. */
#define END(member) (offsetof(everything, member) + sizeof((everything *)NULL)->member)

static const struct {
    const char *json;
    size_t end;
} pieces[] = {
    {"\"id\":\"i\"", END(id)},
    {"\"key\":\"k\"", END(key)},
    {"\"text\":\"t\"", END(text)},
    {"\"any\":{}", END(any)},
    {"\"flag\":true", END(flag)},
    {"\"number\":7", END(number)},
    {"\"real\":0.5", END(real)},
    {"\"color\":\"RED\"", END(color)},
    {"\"child\":{}", END(child)},
    {"\"names\":[\"n\"]", END(names_count)},
    {"\"colors\":[\"RED\"]", END(colors_count)},
    {"\"children\":[{}]", END(children_count)},
    {"\"password\":\"p\"", END(password)},
    {"\"token\":1", END(token)},
    {"\"vault\":{}", END(vault)},
    {"\"codes\":[\"c\"]", END(codes_count)},
    {"\"seen\":3", END(seen)},
    {"\"state\":\"GREEN\"", END(state)},
    {"\"_owner\":{}", END(owner)},
    {"\"added\":\"a\"", END(added)},
    {"\"tags\":[\"x\"]", END(tags_count)},
    {"\"more\":{}", END(more)},
};
#define PIECES (sizeof pieces / sizeof pieces[0])

/* The object of those members that end within `size` bytes. */
static void pieces_within(size_t size, oktai_buffer *out)
{
    oktai_buffer_reset(out);
    append_times(out, "{", 1);
    for (size_t i = 0; i < PIECES; i++) {
        if (pieces[i].end <= size) {
            append_times(out, out->length > 1 ? "," : "", 1);
            append_times(out, pieces[i].json, 1);
        }
    }
    append_times(out, "}", 1);
}

/* The first `size` bytes of a model in memory of that size, as a program with older headers has it. */
static void *shortened(const everything *all, size_t size)
{
    char *copy = exact_copy((const char *)all, size);
    memcpy(copy, &size, sizeof size);
    return copy;
}

static void members_beyond_a_smaller_struct_are_absent(void **state)
{
    (void)state;
    oktai_buffer json = {0};
    pieces_within(sizeof(everything), &json);
    everything *all = decode_everything(json.data);
    for (size_t size = sizeof(okta_model); size <= sizeof *all; size++) {
        void *shorter = shortened(all, size);
        everything *copy = NULL;
        everything parent = {.model = OKTA_INIT(everything), .child = shorter};
        pieces_within(size, &json);
        assert_encodes(&everything_model, shorter, OKTA_JSON_WHOLE, json.data);
        assert_success(okta_copy(&everything_model, shorter, &copy));
        assert_int_equal(copy->model.struct_size, sizeof *copy);
        assert_encodes(&everything_model, copy, OKTA_JSON_WHOLE, json.data);
        okta_free(copy);
        char *text = encode(&everything_model, &parent, OKTA_JSON_WHOLE);
        assert_int_equal(strlen(text), json.length + strlen("{\"child\":}"));
        okta_free(text);
        free(shorter);
    }
    oktai_buffer_clear(&json);
    okta_free(all);
}

static void nothing_is_read_beyond_a_smaller_struct(void **state)
{
    (void)state;
    everything *all = decode_everything("{\"color\":\"PINK\",\"state\":\"PINK\",\"zz\":1}");
    everything *shorter = shortened(all, END(color));
    assert_string_equal(okta_enum_text(shorter, "color"), "PINK");
    assert_null(okta_enum_text(shorter, "state"));
    assert_string_equal(okta_extra(shorter, "zz"), "1");
    assert_int_equal(shorter->model.source_length, all->model.source_length);
    free(shorter);
    okta_free(all);
}

static void a_struct_size_that_is_no_size_is_refused(void **state)
{
    (void)state;
    static const size_t bad[] = {0, 1, sizeof(size_t), sizeof(okta_model) - 1};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        everything wrong = {.model = {.struct_size = bad[i]}};
        everything *children[] = {&wrong};
        everything child = {.model = OKTA_INIT(everything), .child = &wrong};
        everything array = {.model = OKTA_INIT(everything), .children = children, .children_count = 1};
        everything_list list = {.model = OKTA_INIT(everything_list), .items = children, .count = 1};
        everything_list wrong_list = {.model = {.struct_size = bad[i]}};
        everything *copy = NULL;
        ASSERT_REFUSED(&wrong);
        ASSERT_REFUSED(&child);
        ASSERT_REFUSED(&array);
        assert_int_equal(encode_status(&everything_list_model, &list, OKTA_JSON_REQUEST), OKTA_E_ARG);
        assert_int_equal(encode_status(&everything_list_model, &wrong_list, OKTA_JSON_REQUEST), OKTA_E_ARG);
        assert_int_equal(take_status(okta_copy(&everything_model, &wrong, &copy)), OKTA_E_ARG);
        assert_null(copy);
    }
}

static void a_larger_struct_must_be_zero_beyond_the_known(void **state)
{
    (void)state;
    enum { TAIL = 24 };
    size_t size = sizeof(everything) + TAIL;
    everything *larger = calloc(1, size);
    assert_non_null(larger);
    larger->model.struct_size = size;
    larger->text = "t";
    everything child = {.model = OKTA_INIT(everything), .child = larger};
    assert_encodes(&everything_model, larger, OKTA_JSON_REQUEST, "{\"text\":\"t\"}");
    assert_encodes(&everything_model, &child, OKTA_JSON_REQUEST, "{\"child\":{\"text\":\"t\"}}");
    for (size_t i = sizeof(everything); i < size; i++) {
        ((char *)larger)[i] = 1;
        ASSERT_REFUSED(larger);
        ASSERT_REFUSED(&child);
        ((char *)larger)[i] = 0;
    }
    assert_encodes(&everything_model, larger, OKTA_JSON_REQUEST, "{\"text\":\"t\"}");
    free(larger);
}

static void a_smaller_list_is_an_empty_list(void **state)
{
    (void)state;
    everything a = {.model = OKTA_INIT(everything), .key = "a"};
    everything *items[] = {&a};
    everything_list list = {.model = OKTA_INIT(everything_list), .items = items, .count = 1};
    size_t size = sizeof(okta_model);
    everything_list *shorter = (everything_list *)(void *)exact_copy((const char *)&list, size);
    shorter->model.struct_size = size;
    assert_encodes(&everything_list_model, shorter, OKTA_JSON_WHOLE, "[]");
    free(shorter);
}

/* A chain of `levels` models. */
static void chain(everything *models, size_t levels)
{
    for (size_t i = 0; i < levels; i++) {
        models[i] =
            (everything){.model = OKTA_INIT(everything), .child = i + 1 < levels ? &models[i + 1] : NULL};
    }
}

static void sixty_four_levels_are_written_and_65_refused(void **state)
{
    (void)state;
    static everything models[66];
    static const char *names[] = {"a"};
    for (size_t levels = 63; levels <= 65; levels++) {
        chain(models, levels);
        assert_int_equal(encode_status(&everything_model, models, OKTA_JSON_REQUEST),
                         levels <= 64 ? OKTA_OK : OKTA_E_ARG);
        models[levels - 1].names = names;
        models[levels - 1].names_count = 1;
        assert_int_equal(encode_status(&everything_model, models, OKTA_JSON_REQUEST),
                         levels <= 63 ? OKTA_OK : OKTA_E_ARG);
    }
}

static void the_levels_of_json_texts_count(void **state)
{
    (void)state;
    static everything models[64];
    for (size_t outer = 1; outer <= 64; outer += 9) {
        for (size_t inner = 64 - outer; inner <= 65 - outer; inner++) {
            oktai_buffer json = {0};
            append_times(&json, "[", inner);
            append_times(&json, "0", 1);
            append_times(&json, "]", inner);
            chain(models, outer);
            models[outer - 1].any = json.data;
            okta_status due = outer + inner <= 64 ? OKTA_OK : OKTA_E_ARG;
            assert_int_equal(encode_status(&everything_model, models, OKTA_JSON_WHOLE), due);
            okta_member extra = {.name = "zz", .json = json.data};
            models[outer - 1].any = NULL;
            models[outer - 1].model.extras = &extra;
            models[outer - 1].model.extra_count = 1;
            assert_int_equal(encode_status(&everything_model, models, OKTA_JSON_WHOLE), due);
            oktai_buffer_clear(&json);
        }
    }
}

static void the_levels_of_kept_elements_count(void **state)
{
    (void)state;
    static everything models[40];
    oktai_buffer json = {0};
    append_times(&json, "{\"children\":[", 1);
    append_times(&json, "[", 30);
    append_times(&json, "]", 30);
    append_times(&json, "]}", 1);
    everything *all = decode_everything(json.data);
    oktai_buffer_clear(&json);
    chain(models, 40);
    models[39].children = all->children;
    models[39].children_count = all->children_count;
    ASSERT_REFUSED(models);
    okta_free(all);
}

static void the_levels_of_other_enum_values_count(void **state)
{
    (void)state;
    test_color colors[] = {TEST_COLOR_OTHER};
    for (size_t inner = 62; inner <= 63; inner++) {
        oktai_buffer json = {0};
        append_times(&json, "[", 1 + inner);
        append_times(&json, "]", 1 + inner);
        okta_member extra = {.name = "colors", .json = json.data};
        everything all = {.model = OKTA_INIT(everything), .colors = colors, .colors_count = 1};
        all.model.extras = &extra;
        all.model.extra_count = 1;
        if (inner == 63) {
            ASSERT_REFUSED(&all);
        } else {
            char *text = encode(&everything_model, &all, OKTA_JSON_WHOLE);
            okta_free(decode_everything(text));
            okta_free(text);
        }
        oktai_buffer_clear(&json);
    }
}

static void cyclic_models_are_refused(void **state)
{
    (void)state;
    everything self = {.model = OKTA_INIT(everything)};
    everything a = {.model = OKTA_INIT(everything)};
    everything b = {.model = OKTA_INIT(everything), .child = &a};
    everything *children[] = {&a, &b};
    self.child = &self;
    a.children = children;
    a.children_count = 2;
    ASSERT_REFUSED(&self);
    ASSERT_REFUSED(&a);
    everything_list list = {.model = OKTA_INIT(everything_list), .items = children, .count = 2};
    assert_int_equal(encode_status(&everything_list_model, &list, OKTA_JSON_WHOLE), OKTA_E_ARG);
}

#define MANY 100000

static void a_hundred_thousand_unknown_members_are_kept(void **state)
{
    (void)state;
    oktai_buffer json = {0};
    append_times(&json, "{\"text\":\"t\"", 1);
    for (unsigned i = 0; i < MANY; i++) {
        assert_true(oktai_buffer_printf(&json, ",\"u%u\":{\"a\":%u.0}", i, i));
    }
    append_times(&json, "}", 1);
    everything *all = decode_everything(json.data);
    everything *copy = NULL;
    assert_int_equal(all->model.extra_count, MANY);
    assert_string_equal(okta_extra(all, "u99999"), "{\"a\":99999.0}");
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, json.data);
    assert_success(okta_copy(&everything_model, all, &copy));
    assert_encodes(&everything_model, copy, OKTA_JSON_REQUEST, json.data);
    assert_redacts(&everything_model, json.data, json.data);
    okta_free(copy);
    okta_free(all);
    oktai_buffer_clear(&json);
}

/* `MANY` times `element` in an array between `open` and `close` */
static char *long_array(const char *open, const char *element, const char *close)
{
    oktai_buffer json = {0};
    append_times(&json, open, 1);
    append_times(&json, element, 1);
    for (unsigned i = 1; i < MANY; i++) {
        append_times(&json, ",", 1);
        append_times(&json, element, 1);
    }
    append_times(&json, close, 1);
    return json.data;
}

static void a_hundred_thousand_elements_are_decoded(void **state)
{
    (void)state;
    static const char *const elements[] = {"{\"key\":\"a\"}", "{\"color\":\"PINK\"}", "1.10",
                                           "{\"key\":1,\"key\":2}"};
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        char *json = long_array("[", elements[i], "]");
        everything_list *list = decode(&everything_list_model, json);
        assert_int_equal(list->count, MANY);
        assert_source(list->items[MANY - 1], elements[i]);
        assert_encodes(&everything_list_model, list, OKTA_JSON_WHOLE, json);
        okta_free(list);
        free(json);
    }
}

static void assert_array_comes_back(const char *open, const char *element)
{
    char *json = long_array(open, element, "]}");
    everything *all = decode_everything(json);
    assert_int_equal(all->names_count + all->colors_count, MANY);
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, json);
    okta_free(all);
    free(json);
}

static void a_hundred_thousand_strings_and_enums_come_back(void **state)
{
    (void)state;
    assert_array_comes_back("{\"names\":[", "\"n\\n\"");
    assert_array_comes_back("{\"colors\":[", "\"RED\"");
}

/* Each takes its text from the extra of the same name: looking for the nth text from the first one every time
 * would take hours. */
static void a_hundred_thousand_other_enums_come_back(void **state)
{
    (void)state;
    assert_array_comes_back("{\"colors\":[", "\"PINK\"");
}

static void a_hundred_thousand_duplicates_are_one_member(void **state)
{
    (void)state;
    char *json = long_array("{", "\"text\":\"t\"", "}");
    assert_becomes(&everything_model, json, OKTA_JSON_WHOLE, "{\"text\":\"t\"}");
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_beyond_a_smaller_struct_are_absent),
        cmocka_unit_test(nothing_is_read_beyond_a_smaller_struct),
        cmocka_unit_test(a_struct_size_that_is_no_size_is_refused),
        cmocka_unit_test(a_larger_struct_must_be_zero_beyond_the_known),
        cmocka_unit_test(a_smaller_list_is_an_empty_list),
        cmocka_unit_test(sixty_four_levels_are_written_and_65_refused),
        cmocka_unit_test(the_levels_of_json_texts_count),
        cmocka_unit_test(the_levels_of_kept_elements_count),
        cmocka_unit_test(the_levels_of_other_enum_values_count),
        cmocka_unit_test(cyclic_models_are_refused),
        cmocka_unit_test(a_hundred_thousand_unknown_members_are_kept),
        cmocka_unit_test(a_hundred_thousand_elements_are_decoded),
        cmocka_unit_test(a_hundred_thousand_strings_and_enums_come_back),
        cmocka_unit_test(a_hundred_thousand_other_enums_come_back),
        cmocka_unit_test(a_hundred_thousand_duplicates_are_one_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
