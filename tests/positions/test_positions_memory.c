/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails in turn, alone and with all after it, while models are read, written, copied and
 * given extras: the answer is out of memory, nothing is half done, nothing leaks, and what succeeds is right.
 * All models have their turn, so that every shape of struct has: each kind of member, several members of one
 * name, maps, lists, links, structs without members. Leaks are for LeakSanitizer to find. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "okta/okta.h"
#include "positions/all_models.h"
#include "positions/documents.h"
#include "unit/allocations.h"

#define SWEEP_MAX    2000u
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What the calls of a sweep work on. */
typedef struct subject {
    const okta_descriptor *type;
    oktai_buffer document;
    void *model; /* the document, decoded */
    char *text;  /* the model, encoded */
    char *request;
    char *redacted;
} subject;

/* The call under failing allocations. `*out`: what it gives, as an object for okta_free(). */
typedef okta_error *work(const subject *s, void **out);

static okta_error *decode(const subject *s, void **out)
{
    return okta_from_json(s->type, s->document.data, s->document.length, out);
}

static okta_error *copy(const subject *s, void **out)
{
    return okta_copy(s->type, s->model, out);
}

static okta_error *encode_as(const subject *s, okta_json_form form, void **out)
{
    char *json = NULL;
    okta_error *error = okta_to_json(s->type, s->model, form, &json, NULL);
    *out = json;
    return error;
}

static okta_error *encode(const subject *s, void **out)
{
    return encode_as(s, OKTA_JSON_WHOLE, out);
}

static okta_error *encode_request(const subject *s, void **out)
{
    return encode_as(s, OKTA_JSON_REQUEST, out);
}

static okta_error *encode_redacted(const subject *s, void **out)
{
    return encode_as(s, OKTA_JSON_REDACTED, out);
}

static okta_error *redact(const subject *s, void **out)
{
    char *json = NULL;
    okta_error *error = okta_redact_json(s->type, s->text, strlen(s->text), &json, NULL);
    *out = json;
    return error;
}

static const struct {
    const char *name;
    work *run;
    bool gives_model;
    size_t result; /* offset of the text that is due */
} works[] = {
    {"from_json", decode, true, offsetof(subject, text)},
    {"copy", copy, true, offsetof(subject, text)},
    {"to_json", encode, false, offsetof(subject, text)},
    {"to_json of a request", encode_request, false, offsetof(subject, request)},
    {"to_json redacted", encode_redacted, false, offsetof(subject, redacted)},
    {"redact_json", redact, false, offsetof(subject, redacted)},
};

static void expect_text(const subject *s, size_t i, void *out)
{
    char *text = out;
    const char *due;
    memcpy(&due, (const char *)s + works[i].result, sizeof due);
    if (works[i].gives_model) {
        assert_null(okta_to_json(s->type, out, OKTA_JSON_WHOLE, &text, NULL));
        okta_free(out);
    }
    if (strcmp(text, due) != 0) {
        fail_msg("%s of %s gives\n%s\nand not\n%s", works[i].name, s->type->schema, text, due);
    }
    okta_free(text);
}

/* False: nothing failed any more. */
static bool run_with_failure(const subject *s, size_t i, size_t nth, bool lasting)
{
    void *out = NULL;
    allocations_begin(nth, lasting);
    okta_error *error = works[i].run(s, &out);
    bool failed = allocations_end();
    if (error == NULL) {
        expect_text(s, i, out);
    } else if (!failed || okta_error_status(error) != OKTA_E_NOMEM || out != NULL) {
        fail_msg("%s of %s, allocation %zu: %s", works[i].name, s->type->schema, nth,
                 okta_error_message(error));
    }
    okta_free(error);
    return failed;
}

static void sweep(const subject *s, size_t i)
{
    for (int lasting = 0; lasting <= 1; lasting++) {
        size_t nth = 1;
        while (run_with_failure(s, i, nth, lasting == 1)) {
            nth++;
            assert_true(nth < SWEEP_MAX);
        }
        /* A sweep that failed nothing tests nothing. */
        assert_true(nth > 1);
    }
}

/* An extra is set or is not: never half. */
static void sweep_extras(const subject *s)
{
    bool failed = true;
    for (size_t nth = 1; failed && s->type->item == NULL; nth++) {
        okta_model *model = NULL;
        assert_null(okta_copy(s->type, s->model, &model));
        allocations_begin(nth, nth % 2 == 0);
        okta_error *error = okta_set_extra_text(model, model, "set by hand", "\xc3\xbc\n");
        failed = allocations_end();
        const char *extra = okta_extra(model, "set by hand");
        if (error == NULL) {
            assert_string_equal(extra, "\"\xc3\xbc\\n\"");
            assert_null(okta_set_extra(model, model, "set by hand", NULL));
        } else {
            assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
            assert_true(failed);
            assert_null(extra);
        }
        okta_free(error);
        char *text = NULL;
        assert_null(okta_to_json(s->type, model, OKTA_JSON_WHOLE, &text, NULL));
        assert_string_equal(text, s->text);
        okta_free(text);
        okta_free(model);
    }
}

static char *text_of(const subject *s, okta_json_form form)
{
    char *text = NULL;
    assert_null(okta_to_json(s->type, s->model, form, &text, NULL));
    return text;
}

static void sweep_model(const okta_descriptor *type, const document_plan *plan)
{
    subject s = {.type = type};
    write_document(&s.document, type, plan);
    assert_null(okta_from_json(type, s.document.data, s.document.length, &s.model));
    s.text = text_of(&s, OKTA_JSON_WHOLE);
    s.request = text_of(&s, OKTA_JSON_REQUEST);
    s.redacted = text_of(&s, OKTA_JSON_REDACTED);
    for (size_t i = 0; i < COUNT(works); i++) {
        sweep(&s, i);
    }
    sweep_extras(&s);
    okta_free(s.text);
    okta_free(s.request);
    okta_free(s.redacted);
    okta_free(s.model);
    oktai_buffer_clear(&s.document);
}

static void every_model_survives_every_failed_allocation(void **state)
{
    (void)state;
    size_t count;
    const okta_descriptor *const *models = all_models(&count);
    for (size_t i = 0; i < count; i += POSITIONS_STEP) {
        sweep_model(models[i], &(document_plan){.depth = 2, .choice = i % 2});
    }
}

/* Where values of other types are set aside, and where the struct shows a part of a value. */
static void models_with_values_that_do_not_fit_survive_every_failed_allocation(void **state)
{
    (void)state;
    static const char *const values[] = {"[\"newer \\u00fc\",{}]", "\"newer\"", "0.33333333333333333333",
                                         "{\"newer\":[{\"\\u00fc\":null}]}", "null"};
    size_t count;
    const okta_descriptor *const *models = all_models(&count);
    for (size_t i = 0; i < count; i += 7 * (size_t)POSITIONS_STEP) {
        sweep_model(models[i],
                    &(document_plan){.depth = 2, .strange_inside = true, .value = values[i % COUNT(values)]});
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_survives_every_failed_allocation),
        cmocka_unit_test(models_with_values_that_do_not_fit_survive_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("positions_memory", tests, NULL, NULL);
}
