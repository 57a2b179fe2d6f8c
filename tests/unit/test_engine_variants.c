/* SPDX-License-Identifier: Apache-2.0 */
/* A oneOf: the discriminator tells the variant, what is newer than the library keeps its text, no variant's
 * secret shows. */
#include <stdlib.h>
#include <string.h>

#include "unit/allocations.h"
#include "unit/json_models.h"

#define S "\"s3cret-canary\""

/* A circle and a box disagree on "size", and each has secrets that the other has not. */
typedef struct shape shape;

typedef struct circle {
    okta_model model;
    const char *type;
    const char *id; /* unique */
    okta_opt_int size;
    const char *pin; /* secret */
} circle;

typedef struct box {
    okta_model model;
    const char *type;
    everything *size;
    shape *inner;
    shape **parts;
    size_t parts_count;
    const char *password; /* secret */
    okta_opt_int weight;  /* read-only */
} box;

typedef enum shape_kind {
    SHAPE_ABSENT = 0,
    SHAPE_OTHER,
    SHAPE_CIRCLE,
    SHAPE_BOX,
} shape_kind;

struct shape {
    okta_model model;
    shape_kind kind;
    union {
        circle *circle;
        box *box;
    } as;
};

typedef struct shape_list {
    okta_model model;
    shape **items;
    size_t count;
} shape_list;

/* What holds shapes without being one. */
typedef struct holder {
    okta_model model;
    shape *one;
    shape **many;
    size_t many_count;
} holder;

_Static_assert(sizeof(shape) == sizeof(oktai_any_variant), "a oneOf is what the engine takes it for");
_Static_assert(offsetof(shape, as) == offsetof(oktai_any_variant, as), "... member by member");

static const okta_descriptor shape_model;

static const oktai_row circle_rows[] = {
    {OKTAI_ROW(circle, type, "type", OKTAI_KIND_STRING, 0)},
    {OKTAI_ROW(circle, id, "id", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {OKTAI_ROW(circle, size, "size", OKTAI_KIND_INT, 0)},
    {OKTAI_ROW(circle, pin, "circlePin", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
};

static const oktai_row box_rows[] = {
    {OKTAI_ROW(box, type, "type", OKTAI_KIND_STRING, 0)},
    {OKTAI_ROW(box, size, "size", OKTAI_KIND_OBJECT, 0), .of.object = &everything_model},
    {OKTAI_ROW(box, inner, "inner", OKTAI_KIND_OBJECT, 0), .of.object = &shape_model},
    {OKTAI_ROW(box, parts, "parts", OKTAI_KIND_OBJECTS, 0), .count_offset = offsetof(box, parts_count),
     .of.object = &shape_model},
    {OKTAI_ROW(box, password, "boxPassword", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
    {OKTAI_ROW(box, weight, "weight", OKTAI_KIND_INT, OKTAI_ROW_READ_ONLY)},
};

static const char *const box_secrets[] = {"boxKey", NULL};
static const char *const shape_secrets[] = {"shapeKey", NULL};

static const okta_descriptor circle_model = {
    .schema = "Circle",
    .size = sizeof(circle),
    .rows = circle_rows,
    .row_count = sizeof circle_rows / sizeof circle_rows[0],
};

static const okta_descriptor box_model = {
    .schema = "Box",
    .size = sizeof(box),
    .rows = box_rows,
    .row_count = sizeof box_rows / sizeof box_rows[0],
    .secret_extras = box_secrets,
};

static const oktai_variant shape_items[] = {{"CIRCLE", &circle_model}, {"box", &box_model}};
static const oktai_variants shape_variants = {"type", shape_items, 2};

static const okta_descriptor shape_model = {
    .schema = "Shape",
    .size = sizeof(shape),
    .variants = &shape_variants,
    .secret_extras = shape_secrets,
};

static const char *const wrapper_names[] = {"shapes", NULL};

static const okta_descriptor shape_list_model = {
    .schema = "Shape list",
    .size = sizeof(shape_list),
    .item = &shape_model,
    .wrappers = wrapper_names,
};

static const oktai_row holder_rows[] = {
    {OKTAI_ROW(holder, one, "one", OKTAI_KIND_OBJECT, 0), .of.object = &shape_model},
    {OKTAI_ROW(holder, many, "many", OKTAI_KIND_OBJECTS, 0), .count_offset = offsetof(holder, many_count),
     .of.object = &shape_model},
};

static const okta_descriptor holder_model = {
    .schema = "Holder",
    .size = sizeof(holder),
    .rows = holder_rows,
    .row_count = sizeof holder_rows / sizeof holder_rows[0],
};

static void *copy_of(const okta_descriptor *type, const void *model)
{
    void *copy = NULL;
    assert_success(okta_copy(type, model, &copy));
    assert_ptr_not_equal(copy, model);
    return copy;
}

static void the_discriminator_tells_the_variant_wherever_it_stands(void **state)
{
    (void)state;
    static const char *const circles[] = {
        "{\"type\":\"CIRCLE\",\"id\":\"a\",\"size\":7}",
        "{\"id\":\"a\",\"type\":\"CIRCLE\",\"size\":7}",
        "{\"size\":7,\"id\":\"a\",\"type\":\"CIRCLE\"}",
        "{\"size\":7,\"id\":\"a\",\"t\\u0079pe\":\"CIRCLE\"}",
        "{\"size\":7,\"\\u0069d\":\"a\",\"type\":\"C\\u0049RCLE\"}",
        " { \"size\" : 7 , \"id\" : \"a\" ,\n\"type\" : \"CIRCLE\" } ",
        /* Of what stands twice the first counts. */
        "{\"size\":7,\"id\":\"a\",\"type\":\"CIRCLE\",\"type\":\"box\"}",
    };
    for (size_t i = 0; i < sizeof circles / sizeof circles[0]; i++) {
        shape *one = decode(&shape_model, circles[i]);
        assert_int_equal(one->kind, SHAPE_CIRCLE);
        assert_string_equal(one->as.circle->type, "CIRCLE");
        assert_string_equal(one->as.circle->id, "a");
        assert_true(one->as.circle->size.has);
        assert_int_equal(one->as.circle->size.value, 7);
        assert_int_equal(one->model.struct_size, sizeof *one);
        assert_int_equal(one->as.circle->model.struct_size, sizeof(circle));
        assert_encodes(&shape_model, one, OKTA_JSON_WHOLE, circles[0]);
        okta_free(one);
    }
}

/* Members of the same name inside other values, and texts that only begin like a variant's, tell nothing. */
static void nothing_else_tells_the_variant(void **state)
{
    (void)state;
    shape *one = decode(&shape_model, "{\"zz\":{\"type\":\"CIRCLE\"},\"yy\":[{\"type\":\"CIRCLE\"}],"
                                      "\"types\":\"CIRCLE\",\"Type\":\"CIRCLE\",\"size\":{\"text\":\"t\"},"
                                      "\"type\":\"box\"}");
    assert_int_equal(one->kind, SHAPE_BOX);
    assert_string_equal(one->as.box->size->text, "t");
    assert_string_equal(okta_extra(one->as.box, "Type"), "\"CIRCLE\"");
    okta_free(one);
}

/* What is no variant that the library knows, each exactly as it comes. */
static const char *const others[] = {
    "{\"type\":\"STAR\",\"size\":[1.10]}",
    "{\"type\":\"circle\"}",
    "{\"type\":\"CIRCLES\"}",
    "{\"type\":\"CIRCL\"}",
    "{\"type\":\"\"}",
    "{\"Type\":\"CIRCLE\"}",
    "{}",
    "{ \"size\" : 1.0 , \"a\":{\"type\":\"box\"} }",
    "{\"type\":null}",
    "{\"type\":7,\"id\":\"1\",\"id\":\"2\"}",
    "{\"type\":[\"CIRCLE\"]}",
    "{\"type\":{\"type\":\"box\"}}",
    "{\"type\":null,\"type\":\"CIRCLE\"}",
    "{\"type\":\"STAR\",\"type\":\"CIRCLE\"}",
    "{\"t\\u0079pe\":\"ST\\u0041R\",\"n\":9007199254740993e0}",
};
#define OTHERS (sizeof others / sizeof others[0])

static void assert_other(const shape *one, const char *text)
{
    assert_int_equal(one->kind, SHAPE_OTHER);
    assert_null(one->as.box);
    assert_source(one, text);
    assert_encodes(&shape_model, one, OKTA_JSON_WHOLE, text);
    assert_encodes(&shape_model, one, OKTA_JSON_REQUEST, text);
    shape *copy = copy_of(&shape_model, one);
    assert_int_equal(copy->kind, SHAPE_OTHER);
    assert_source(copy, text);
    assert_ptr_not_equal(okta_source(copy, NULL), okta_source(one, NULL));
    okta_free(copy);
}

static void a_root_of_another_kind_keeps_its_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < OTHERS; i++) {
        shape *one = decode(&shape_model, others[i]);
        assert_other(one, others[i]);
        okta_free(one);
    }
    shape *spaced = decode(&shape_model, "\xef\xbb\xbf\n {\"type\":\"STAR\"}\t");
    assert_other(spaced, "{\"type\":\"STAR\"}");
    okta_free(spaced);
}

/* Each text as a member, in an array and in a list, beside a variant that is known. */
static void one_of_another_kind_keeps_its_text_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < OTHERS; i++) {
        oktai_buffer json = {0};
        assert_true(oktai_buffer_printf(&json, "{\"one\":%s,\"many\":[{\"type\":\"CIRCLE\"},%s]}", others[i],
                                        others[i]));
        holder *all = decode(&holder_model, json.data);
        assert_other(all->one, others[i]);
        assert_int_equal(all->many_count, 2);
        assert_int_equal(all->many[0]->kind, SHAPE_CIRCLE);
        assert_other(all->many[1], others[i]);
        assert_int_equal(all->model.extra_count, 0);
        assert_encodes(&holder_model, all, OKTA_JSON_WHOLE, json.data);
        holder *copy = copy_of(&holder_model, all);
        okta_free(all);
        assert_other(copy->one, others[i]);
        assert_encodes(&holder_model, copy, OKTA_JSON_WHOLE, json.data);
        okta_free(copy);
        oktai_buffer_reset(&json);
        assert_true(
            oktai_buffer_printf(&json, "[%s,{\"type\":\"box\",\"parts\":[%s]}]", others[i], others[i]));
        shape_list *list = decode(&shape_list_model, json.data);
        assert_int_equal(list->count, 2);
        assert_other(list->items[0], others[i]);
        assert_other(list->items[1]->as.box->parts[0], others[i]);
        assert_encodes(&shape_list_model, list, OKTA_JSON_WHOLE, json.data);
        okta_free(list);
        oktai_buffer_clear(&json);
    }
}

static void what_is_no_object_is_no_variant(void **state)
{
    (void)state;
    static const char *const texts[] = {"7", "null", "\"CIRCLE\"", "[{\"type\":\"CIRCLE\"}]", "true"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(decode_status(&shape_model, texts[i], strlen(texts[i])), OKTA_E_PROTOCOL);
        oktai_buffer json = {0};
        assert_true(oktai_buffer_printf(&json, "{\"one\":%s,\"many\":[%s]}", texts[i], texts[i]));
        holder *all = decode(&holder_model, json.data);
        assert_null(all->one);
        assert_string_equal(okta_extra(all, "one"), texts[i]);
        assert_int_equal(all->many[0]->kind, SHAPE_ABSENT);
        assert_source(all->many[0], texts[i]);
        shape *copy = copy_of(&shape_model, all->many[0]);
        assert_encodes(&shape_model, copy, OKTA_JSON_WHOLE, texts[i]);
        okta_free(copy);
        okta_free(all);
        oktai_buffer_clear(&json);
    }
}

static void damage_is_refused_before_and_behind_the_discriminator(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"type\":\"CIRCLE\",}",
                                        "{\"zz\":01,\"type\":\"CIRCLE\"}",
                                        "{\"type\":\"STAR\",\"a\":01}",
                                        "{\"a\":tru,\"type\":\"STAR\"}",
                                        "{\"type\":\"CIR\\u0000CLE\"}",
                                        "{\"type\":\"\xff\"}",
                                        "{\"type\":\"CIRCLE\"",
                                        "{\"type\":\"STAR\"",
                                        "{\"type\"",
                                        "{\"type\":\"CIRCLE\"} {}",
                                        "{\"type\":\"STAR\"}]",
                                        "{\"ty\\u0000pe\":\"CIRCLE\"}",
                                        "{\"type\":\"STAR\",\"a\":\"\\u0000\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (decode_status(&shape_model, texts[i], strlen(texts[i])) != OKTA_E_PROTOCOL) {
            fail_msg("accepted: %s", texts[i]);
        }
    }
}

/* A refused object inside is kept as text where there is room for it, and refused as a root. */
static void a_refused_variant_does_not_fit(void **state)
{
    (void)state;
    static const char refused[] = "{\"type\":\"CIRCLE\",\"id\":\"1\",\"id\":\"2\"}";
    static const char late[] = "{ \"id\":\"1\",\"id\":\"2\" ,\"type\":\"CIRCLE\"}";
    static const char *const texts[] = {refused, late};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(decode_status(&shape_model, texts[i], strlen(texts[i])), OKTA_E_PROTOCOL);
        oktai_buffer json = {0};
        assert_true(
            oktai_buffer_printf(&json, "{\"many\":[%s,{\"type\":\"box\"}],\"one\":%s}", texts[i], texts[i]));
        holder *all = decode(&holder_model, json.data);
        assert_null(all->one);
        assert_string_equal(okta_extra(all, "one"), texts[i]);
        assert_int_equal(all->many[0]->kind, SHAPE_ABSENT);
        assert_null(all->many[0]->as.circle);
        assert_source(all->many[0], texts[i]);
        assert_int_equal(all->many[1]->kind, SHAPE_BOX);
        assert_encodes(&holder_model, all, OKTA_JSON_WHOLE, json.data);
        okta_free(all);
        oktai_buffer_reset(&json);
        assert_true(oktai_buffer_printf(&json, "{\"shapes\":[%s,{\"type\":\"box\",\"inner\":%s}]}", texts[i],
                                        texts[i]));
        shape_list *list = decode(&shape_list_model, json.data);
        assert_int_equal(list->count, 2);
        assert_int_equal(list->items[0]->kind, SHAPE_ABSENT);
        assert_source(list->items[0], texts[i]);
        assert_null(list->items[1]->as.box->inner);
        assert_string_equal(okta_extra(list->items[1]->as.box, "inner"), texts[i]);
        okta_free(list);
        oktai_buffer_clear(&json);
    }
}

static void members_beyond_the_variant_survive(void **state)
{
    (void)state;
    static const char json[] = "{\"type\":\"box\",\"weight\":3,\"zz\":[ 1.10 ],\"size\":7,\"id\":\"a\"}";
    shape *one = decode(&shape_model, json);
    const box *inside = one->as.box;
    assert_int_equal(one->model.extra_count, 0);
    assert_string_equal(okta_extra(inside, "zz"), "[ 1.10 ]");
    assert_string_equal(okta_extra(inside, "size"), "7"); /* a circle's, not a box's */
    assert_string_equal(okta_extra(inside, "id"), "\"a\"");
    assert_source(one, json);
    assert_source(inside, json);
    shape *copy = copy_of(&shape_model, one);
    assert_encodes(&shape_model, one, OKTA_JSON_WHOLE, json);
    assert_encodes(&shape_model, one, OKTA_JSON_REQUEST,
                   "{\"type\":\"box\",\"zz\":[ 1.10 ],\"size\":7,\"id\":\"a\"}");
    okta_free(one);
    assert_encodes(&shape_model, copy, OKTA_JSON_WHOLE, json);
    okta_free(copy);
}

static void a_changed_variant_is_what_goes_out(void **state)
{
    (void)state;
    shape *one = decode(&shape_model, "{\"type\":\"CIRCLE\",\"size\":7}");
    one->as.circle->size = okta_int(8);
    assert_encodes(&shape_model, one, OKTA_JSON_WHOLE, "{\"type\":\"CIRCLE\",\"size\":8}");
    box other = {.model = OKTA_INIT(box), .type = "box"};
    one->kind = SHAPE_BOX;
    one->as.box = &other;
    assert_encodes(&shape_model, one, OKTA_JSON_WHOLE, "{\"type\":\"box\"}");
    okta_free(one);
}

/* The text goes through `type` in both ways: as text, and as the model that it decodes to. */
static void assert_masked(const okta_descriptor *type, const char *json, const char *expected)
{
    assert_redacts(type, json, expected);
    assert_becomes(type, json, OKTA_JSON_REDACTED, expected);
}

static void secrets_of_every_variant_are_masked(void **state)
{
    (void)state;
    assert_masked(&shape_model, "{\"type\":\"CIRCLE\",\"circlePin\":" S "}",
                  "{\"type\":\"CIRCLE\",\"circlePin\":\"***\"}");
    assert_masked(&shape_model, "{\"type\":\"box\",\"boxPassword\":" S ",\"boxKey\":[" S "],\"zz\":1}",
                  "{\"type\":\"box\",\"boxPassword\":\"***\",\"boxKey\":\"***\",\"zz\":1}");
    assert_masked(&shape_list_model, "[{\"type\":\"box\",\"boxKey\":" S "},{\"circlePin\":" S "}]",
                  "[{\"type\":\"box\",\"boxKey\":\"***\"},{\"circlePin\":\"***\"}]");
    assert_masked(
        &holder_model,
        "{\"one\":{\"type\":\"CIRCLE\",\"circlePin\":1},\"many\":[{\"boxKey\":1},{\"shapeKey\":1}]}",
        "{\"one\":{\"type\":\"CIRCLE\",\"circlePin\":\"***\"},\"many\":[{\"boxKey\":\"***\"},"
        "{\"shapeKey\":\"***\"}]}");
}

/* A kind that the library does not know may have the secrets of any that it knows. */
static void secrets_in_other_objects_are_masked(void **state)
{
    (void)state;
    assert_masked(&shape_model,
                  "{\"type\":\"STAR\",\"circlePin\":" S ",\"box\\u0050assword\":" S ",\"boxKey\":" S
                  ",\"shapeKey\":{\"a\":" S "},\"size\":1}",
                  "{\"type\":\"STAR\",\"circlePin\":\"***\",\"box\\u0050assword\":\"***\",\"boxKey\":\"***\","
                  "\"shapeKey\":\"***\",\"size\":1}");
    assert_masked(&shape_model, "{\"zz\":[[{\"circlePin\":" S "}]],\"yy\":{\"boxPassword\":" S "}}",
                  "{\"zz\":[[{\"circlePin\":\"***\"}]],\"yy\":{\"boxPassword\":\"***\"}}");
    assert_masked(&shape_list_model, "[[{\"boxPassword\":" S "}],{\"id\":1,\"id\":2,\"circlePin\":" S "}]",
                  "[[{\"boxPassword\":\"***\"}],{\"id\":1,\"id\":2,\"circlePin\":\"***\"}]");
    assert_masked(&holder_model, "{\"one\":[{\"boxPassword\":" S "}],\"many\":{\"circlePin\":" S "}}",
                  "{\"one\":[{\"boxPassword\":\"***\"}],\"many\":{\"circlePin\":\"***\"}}");
    assert_masked(&holder_model,
                  "{\"one\":{\"type\":\"CIRCLE\",\"id\":\"1\",\"id\":\"2\",\"circlePin\":" S "}}",
                  "{\"one\":{\"type\":\"CIRCLE\",\"id\":\"1\",\"id\":\"2\",\"circlePin\":\"***\"}}");
}

/* Secrets of models that a variant holds, down to any level. */
static void secrets_below_a_variant_are_masked(void **state)
{
    (void)state;
    static const char *const types[] = {"\"type\":\"box\",", "\"type\":\"STAR\",", "\"type\":7,", ""};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        oktai_buffer json = {0};
        oktai_buffer expected = {0};
        static const char pattern[] =
            "{%s\"size\":{\"password\":%s,\"vault\":%s,\"child\":{\"token\":%s},\"text\":\"t\"},"
            "\"inner\":{\"type\":\"CIRCLE\",\"circlePin\":%s},\"parts\":[{\"parts\":[{\"boxKey\":%s,"
            "\"size\":{\"codes\":%s}}]}]}";
        assert_true(
            oktai_buffer_printf(&json, pattern, types[i], S, "{\"text\":" S "}", "[" S "]", S, S, "[" S "]"));
        assert_true(oktai_buffer_printf(&expected, pattern, types[i], "\"***\"", "\"***\"", "\"***\"",
                                        "\"***\"", "\"***\"", "\"***\""));
        assert_redacts(&shape_model, json.data, expected.data);
        shape *one = decode(&shape_model, json.data);
        char *text = encode(&shape_model, one, OKTA_JSON_REDACTED);
        if (strstr(text, "canary") != NULL) {
            fail_msg("%s is written as %s", json.data, text);
        }
        okta_free(text);
        okta_free(one);
        oktai_buffer_clear(&json);
        oktai_buffer_clear(&expected);
    }
}

/* Text around secrets stays, also at the full depth of variants inside variants. */
static void redaction_of_variants_goes_to_the_full_depth(void **state)
{
    (void)state;
    oktai_buffer json = {0};
    oktai_buffer expected = {0};
    append_times(&json, "{\"inner\":", 63);
    append_times(&json, "{\"circlePin\" : 1 }", 1);
    append_times(&json, "}", 63);
    append_times(&expected, "{\"inner\":", 63);
    append_times(&expected, "{\"circlePin\" : \"***\" }", 1);
    append_times(&expected, "}", 63);
    assert_masked(&shape_model, json.data, expected.data);
    oktai_buffer_clear(&json);
    oktai_buffer_clear(&expected);
}

/* More variants than are looked at hide all rather than too little. */
static void what_may_be_too_many_things_is_masked_as_a_whole(void **state)
{
    (void)state;
    okta_descriptor types[64];
    oktai_variant items[64];
    oktai_variants many = {"type", items, 63};
    const okta_descriptor model = {.schema = "Many", .size = sizeof(shape), .variants = &many};
    for (size_t i = 0; i < 64; i++) {
        types[i] = box_model;
        items[i] = (oktai_variant){"box", &types[i]};
    }
    types[62] = circle_model;
    types[63] = circle_model;
    assert_redacts(&model, "{\"circlePin\":1,\"boxKey\":2,\"zz\":3}",
                   "{\"circlePin\":\"***\",\"boxKey\":\"***\",\"zz\":3}");
    many.count = 64;
    assert_redacts(&model, " {\"zz\":3} ", " \"***\" ");
}

static void a_kind_needs_its_value(void **state)
{
    (void)state;
    circle round = {.model = OKTA_INIT(circle), .type = "CIRCLE"};
    const shape bad[] = {
        {.model = OKTA_INIT(shape)},
        {.model = OKTA_INIT(shape), .kind = SHAPE_OTHER},
        {.model = OKTA_INIT(shape), .kind = SHAPE_OTHER, .as.circle = &round},
        {.model = OKTA_INIT(shape), .kind = SHAPE_CIRCLE},
        {.model = OKTA_INIT(shape), .kind = SHAPE_BOX},
        {.model = OKTA_INIT(shape), .kind = SHAPE_ABSENT, .as.circle = &round},
        {.model = OKTA_INIT(shape), .kind = (shape_kind)(SHAPE_BOX + 1), .as.circle = &round},
        {.model = OKTA_INIT(shape), .kind = (shape_kind)0x7fffffff, .as.circle = &round},
        {.kind = SHAPE_CIRCLE, .as.circle = &round},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const shape *items[] = {&bad[i]};
        shape_list list = {.model = OKTA_INIT(shape_list), .items = (shape **)(uintptr_t)items, .count = 1};
        holder all = {.model = OKTA_INIT(holder), .one = (shape *)(uintptr_t)&bad[i]};
        void *copy = &all;
        assert_int_equal(encode_status(&shape_model, &bad[i], OKTA_JSON_WHOLE), OKTA_E_ARG);
        assert_int_equal(encode_status(&shape_model, &bad[i], OKTA_JSON_REDACTED), OKTA_E_ARG);
        assert_int_equal(encode_status(&shape_list_model, &list, OKTA_JSON_REQUEST), OKTA_E_ARG);
        assert_int_equal(encode_status(&holder_model, &all, OKTA_JSON_REQUEST), OKTA_E_ARG);
        assert_int_equal(take_status(okta_copy(&shape_model, &bad[i], &copy)), OKTA_E_ARG);
        assert_null(copy);
    }
    shape good = {.model = OKTA_INIT(shape), .kind = SHAPE_CIRCLE, .as.circle = &round};
    assert_encodes(&shape_model, &good, OKTA_JSON_REQUEST, "{\"type\":\"CIRCLE\"}");
    round.model.struct_size = 0;
    assert_int_equal(encode_status(&shape_model, &good, OKTA_JSON_WHOLE), OKTA_E_ARG);
}

/* A struct that ends before its value is read no further. */
static void a_variant_shorter_than_its_value_is_refused(void **state)
{
    (void)state;
    for (size_t size = sizeof(okta_model); size < sizeof(shape); size += sizeof(int)) {
        shape whole = {.model = OKTA_INIT(shape)};
        whole.model.struct_size = size;
        char *shorter = exact_copy((const char *)&whole, size);
        assert_int_equal(encode_status(&shape_model, shorter, OKTA_JSON_WHOLE), OKTA_E_ARG);
        free(shorter);
    }
}

static void nest(oktai_buffer *json, size_t levels, const char *innermost)
{
    oktai_buffer_reset(json);
    append_times(json, "{\"type\":\"box\",\"inner\":", levels - 1);
    append_times(json, innermost, 1);
    append_times(json, "}", levels - 1);
}

static void levels_count_through_variants(void **state)
{
    (void)state;
    static const char *const innermost[] = {"{\"type\":\"CIRCLE\"}", "{\"type\":\"STAR\"}"};
    oktai_buffer json = {0};
    for (size_t i = 0; i < 2; i++) {
        nest(&json, 65, innermost[i]);
        assert_int_equal(decode_status(&shape_model, json.data, json.length), OKTA_E_PROTOCOL);
        nest(&json, 64, innermost[i]);
        shape *deep = decode(&shape_model, json.data);
        assert_encodes(&shape_model, deep, OKTA_JSON_WHOLE, json.data);
        shape *copy = copy_of(&shape_model, deep);
        okta_free(copy);
        box around = {.model = OKTA_INIT(box), .type = "box", .inner = deep};
        shape outer = {.model = OKTA_INIT(shape), .kind = SHAPE_BOX, .as.box = &around};
        assert_int_equal(encode_status(&shape_model, &outer, OKTA_JSON_WHOLE), OKTA_E_ARG);
        around.inner = deep->as.box->inner;
        assert_encodes(&shape_model, &outer, OKTA_JSON_WHOLE, json.data);
        okta_free(deep);
    }
    /* The levels of a text that is kept count too. */
    oktai_buffer_reset(&json);
    append_times(&json, "{\"a\":", 63);
    append_times(&json, "{}", 1);
    append_times(&json, "}", 63);
    shape *other = decode(&shape_model, json.data);
    box around = {.model = OKTA_INIT(box), .inner = other};
    assert_encodes(&shape_model, other, OKTA_JSON_WHOLE, json.data);
    assert_int_equal(encode_status(&box_model, &around, OKTA_JSON_WHOLE), OKTA_E_ARG);
    okta_free(other);
    oktai_buffer_clear(&json);
}

/* So many small structs that the memory that comes with a document is spent, and behind them an escaped name
 * so long that looking for the discriminator needs more. */
static void make_large(oktai_buffer *json)
{
    append_times(json, "{\"many\":[{}", 1);
    append_times(json, ",{}", 2000);
    append_times(json, ",{\"zz\":\"\\u0041\",\"type\":\"box\",\"inner\":{\"t\\u0079pe\":\"\\u0042\"}}", 40);
    append_times(json, ",{\"\\u007a", 1);
    append_times(json, "z", 70000);
    append_times(json, "\":1,\"t\\u0079pe\":\"C\\u0049RCLE\"}],\"one\":{\"type\":\"CIRCLE\",\"id\":\"a\"}}",
                 1);
}

typedef enum sweep_call { SWEEP_DECODE, SWEEP_COPY, SWEEP_ENCODE, SWEEP_REDACT, SWEEP_CALLS } sweep_call;

/* The text of what the call made, which okta_free() takes; the nth allocation of the call fails. */
static okta_error *run_failing(sweep_call call, size_t nth, bool lasting, const oktai_buffer *json,
                               const holder *model, char **out, bool *struck)
{
    void *made = NULL;
    okta_error *error = NULL;
    allocations_begin(nth, lasting);
    switch (call) {
    case SWEEP_DECODE:
        error = okta_from_json(&holder_model, json->data, json->length, &made);
        break;
    case SWEEP_COPY:
        error = okta_copy(&holder_model, model, &made);
        break;
    case SWEEP_ENCODE:
        error = okta_to_json(&holder_model, model, OKTA_JSON_REDACTED, out, NULL);
        break;
    case SWEEP_REDACT:
        error = okta_redact_json(&holder_model, json->data, json->length, out, NULL);
        break;
    case SWEEP_CALLS:
        break;
    }
    *struck = allocations_end();
    if (made != NULL) {
        *out = encode(&holder_model, made, OKTA_JSON_WHOLE);
        okta_free(made);
    }
    return error;
}

/* Without memory a variant is never taken for another kind: the call fails, or gives what it always gives. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    oktai_buffer json = {0};
    make_large(&json);
    holder *model = decode(&holder_model, json.data);
    assert_int_equal(model->one->kind, SHAPE_CIRCLE);
    for (unsigned call = 0; call < 2 * SWEEP_CALLS; call++) {
        char *expected = NULL;
        bool struck = false;
        assert_success(run_failing((sweep_call)(call / 2), 0, false, &json, model, &expected, &struck));
        size_t nth = 0;
        do {
            char *out = NULL;
            okta_error *error =
                run_failing((sweep_call)(call / 2), ++nth, call % 2 == 1, &json, model, &out, &struck);
            if (error != NULL) {
                assert_true(struck);
                assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
                assert_null(out);
            } else {
                assert_string_equal(out, expected);
            }
            okta_free(error);
            okta_free(out);
        } while (struck);
        assert_true(nth > 3);
        okta_free(expected);
    }
    okta_free(model);
    oktai_buffer_clear(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_discriminator_tells_the_variant_wherever_it_stands),
        cmocka_unit_test(nothing_else_tells_the_variant),
        cmocka_unit_test(a_root_of_another_kind_keeps_its_text),
        cmocka_unit_test(one_of_another_kind_keeps_its_text_anywhere),
        cmocka_unit_test(what_is_no_object_is_no_variant),
        cmocka_unit_test(damage_is_refused_before_and_behind_the_discriminator),
        cmocka_unit_test(a_refused_variant_does_not_fit),
        cmocka_unit_test(members_beyond_the_variant_survive),
        cmocka_unit_test(a_changed_variant_is_what_goes_out),
        cmocka_unit_test(secrets_of_every_variant_are_masked),
        cmocka_unit_test(secrets_in_other_objects_are_masked),
        cmocka_unit_test(secrets_below_a_variant_are_masked),
        cmocka_unit_test(redaction_of_variants_goes_to_the_full_depth),
        cmocka_unit_test(what_may_be_too_many_things_is_masked_as_a_whole),
        cmocka_unit_test(a_kind_needs_its_value),
        cmocka_unit_test(a_variant_shorter_than_its_value_is_refused),
        cmocka_unit_test(levels_count_through_variants),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
