/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte of the input chooses a model, the rest is a JSON text. What is decoded comes back, in every
 * form, and nothing is lost on the second way round. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "models/error.h"
#include "models/models.h"
#include "okta/cjson.h"
#include "okta/links.h"
#include "unit/json_models.h"
#include "unit/json_oracle.h"
#include "json/engine.h"

static const okta_descriptor *const models[] = {
    &oktai_error_body_model,
    &oktai_error_cause_model,
    &oktai_link_hints_model,
    &oktai_link_model,
    &oktai_oauth2_client_jwk_list_model,
    &oktai_oauth2_client_jwk_model,
    &oktai_oauth2_client_secret_list_model,
    &oktai_oauth2_client_secret_model,
    &oktai_oauth2_client_secret_request_body_model,
    &oktai_links_model,
    &everything_model,
    &everything_list_model,
    &variety_model,
};

/* Decoding may refuse what is damaged, or takes too much memory for its length. */
static bool decode_from(const okta_descriptor *type, const char *json, size_t length, void **out)
{
    okta_status status = fuzz_take(okta_from_json(type, json, length, out));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL);
    FUZZ_CHECK((status == OKTA_OK) == (*out != NULL));
    return status == OKTA_OK;
}

static fuzz_text encode_as(const okta_descriptor *type, const void *model, okta_json_form form)
{
    fuzz_text out = {NULL, 0};
    fuzz_expect_success(okta_to_json(type, model, form, &out.text, &out.length));
    FUZZ_CHECK(oracle_accepts(out.text, out.length) && strlen(out.text) == out.length);
    return out;
}

static bool is_same(fuzz_text a, fuzz_text b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static void check_extras(const okta_descriptor *type, const okta_model *model)
{
    for (size_t i = 0; i < model->extra_count; i++) {
        const okta_member *extra = &model->extras[i];
        const okta_member *found = oktai_extra_find(model, extra->name);
        FUZZ_CHECK(found != NULL && found <= extra && strcmp(found->name, extra->name) == 0);
        FUZZ_CHECK(okta_extra(model, extra->name) == found->json);
        FUZZ_CHECK(oracle_accepts(extra->json, strlen(extra->json)));
        FUZZ_CHECK((extra->text != NULL) == (extra->json[0] == '"'));
        FUZZ_CHECK(okta_extra_text(model, extra->name) == found->text);
    }
    for (size_t i = 0; i < type->row_count; i++) {
        const char *text = okta_enum_text(model, type->rows[i].name);
        FUZZ_CHECK(text == NULL || oktai_row_of_kind(type, type->rows[i].name, OKTAI_KIND_ENUM) != NULL);
    }
    FUZZ_CHECK(okta_extra(model, "no such member, and no model has it") == NULL);
}

/* The request form holds no read-only member of the root that is not an extra. */
static void check_request(const okta_descriptor *type, const void *model)
{
    fuzz_text request = encode_as(type, model, OKTA_JSON_REQUEST);
    void *again = NULL;
    if (decode_from(type, request.text, request.length, &again)) {
        fuzz_text once_more = encode_as(type, again, OKTA_JSON_REQUEST);
        FUZZ_CHECK(is_same(request, once_more));
        okta_free(once_more.text);
    }
    okta_free(again);
    okta_free(request.text);
}

static bool is_hidden(const char *json)
{
    return json == NULL || strcmp(json, "null") == 0 || strcmp(json, "\"***\"") == 0;
}

/* No secret of the root is left. */
static void check_hidden(const okta_descriptor *type, const char *json, size_t length)
{
    void *model = NULL;
    if (type->item != NULL || !decode_from(type, json, length, &model)) {
        return;
    }
    for (size_t i = 0; i < type->row_count; i++) {
        const oktai_row *row = &type->rows[i];
        const char *text = NULL;
        if (row->kind == OKTAI_KIND_STRING || row->kind == OKTAI_KIND_JSON) {
            memcpy(&text, (const char *)model + row->offset, sizeof text);
        }
        if ((row->flags & OKTAI_ROW_SECRET) != 0) {
            FUZZ_CHECK(is_hidden(okta_extra(model, row->name)));
            FUZZ_CHECK(is_hidden(text) || (row->kind == OKTAI_KIND_STRING && strcmp(text, "***") == 0));
        }
    }
    for (size_t i = 0; type->secret_extras != NULL && type->secret_extras[i] != NULL; i++) {
        FUZZ_CHECK(is_hidden(okta_extra(model, type->secret_extras[i])));
    }
    okta_free(model);
}

static void check_redaction(const okta_descriptor *type, const void *model, fuzz_text json)
{
    fuzz_text redacted = {NULL, 0};
    fuzz_text twice = {NULL, 0};
    fuzz_text encoded = encode_as(type, model, OKTA_JSON_REDACTED);
    check_hidden(type, encoded.text, encoded.length);
    okta_free(encoded.text);
    fuzz_expect_success(okta_redact_json(type, json.text, json.length, &redacted.text, &redacted.length));
    FUZZ_CHECK(oracle_accepts(redacted.text, redacted.length));
    fuzz_expect_success(okta_redact_json(type, redacted.text, redacted.length, &twice.text, &twice.length));
    FUZZ_CHECK(is_same(redacted, twice));
    check_hidden(type, redacted.text, redacted.length);
    okta_free(redacted.text);
    okta_free(twice.text);
}

static void check_copy(const okta_descriptor *type, const void *model, fuzz_text whole)
{
    void *copy = NULL;
    fuzz_expect_success(okta_copy(type, model, &copy));
    fuzz_text text = encode_as(type, copy, OKTA_JSON_WHOLE);
    FUZZ_CHECK(is_same(text, whole));
    okta_free(text.text);
    okta_free(copy);
}

static void check_cjson(const okta_descriptor *type, const void *model)
{
    cJSON *tree = NULL;
    void *back = NULL;
    fuzz_expect_success(okta_model_to_cjson(type, model, &tree));
    okta_status status = fuzz_take(okta_model_from_cjson(type, tree, &back));
    FUZZ_CHECK((status == OKTA_OK) == (back != NULL));
    if (back != NULL) {
        okta_free(encode_as(type, back, OKTA_JSON_WHOLE).text);
    }
    okta_free(back);
    cJSON_Delete(tree);
}

/* Each link is found, by its name and its number among all of that name. */
static void check_links(const okta_links *links)
{
    for (size_t i = 0; i < links->entries_count; i++) {
        const okta_link_entry *entry = &links->entries[i];
        size_t before = 0;
        for (size_t j = 0; j < i; j++) {
            before += strcmp(links->entries[j].name, entry->name) == 0 ? links->entries[j].count : 0;
        }
        for (size_t j = 0; j < entry->count; j++) {
            FUZZ_CHECK(okta_links_find(links, entry->name, before + j) == entry->links[j]);
        }
        FUZZ_CHECK(entry->is_array || entry->count == 1);
    }
}

static bool has_link(const okta_descriptor *type, const void *model, const char *name)
{
    return type == &oktai_links_model && okta_links_find(model, name, 0) != NULL;
}

/* The text is an extra, or a member shows it; or it is refused for what stands under that name. */
static void check_set_extra(const okta_descriptor *type, okta_model *model, const char *name,
                            const char *text)
{
    bool is_member = oktai_row_find(type, name, strlen(name)) != NULL;
    okta_status status = fuzz_take(okta_set_extra_text(model, model, name, text));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_ARG);
    if (status == OKTA_OK) {
        const char *extra = okta_extra_text(model, name);
        FUZZ_CHECK(extra == NULL ? is_member : strcmp(extra, text) == 0);
    } else {
        FUZZ_CHECK(type->item != NULL || is_member || has_link(type, model, name));
    }
}

/* The text of the document itself is set under the names of the extras and under one more, then removed. */
static void check_set_extras(const okta_descriptor *type, okta_model *model, const char *text)
{
    static const char other[] = "no such member";
    okta_status status = OKTA_OK;
    for (size_t i = 0; i < 40 && i < model->extra_count; i++) {
        check_set_extra(type, model, model->extras[i].name, text);
    }
    check_set_extra(type, model, other, text);
    okta_free(encode_as(type, model, OKTA_JSON_WHOLE).text);
    while (model->extra_count > 0 && status == OKTA_OK) {
        size_t before = model->extra_count;
        const char *name = model->extras[before / 2].name;
        status = fuzz_take(okta_set_extra(model, model, name, NULL));
        FUZZ_CHECK(status == OKTA_OK ? model->extra_count < before && okta_extra(model, name) == NULL
                                     : type->item != NULL || has_link(type, model, name));
    }
    okta_free(encode_as(type, model, OKTA_JSON_WHOLE).text);
}

static void check_decoded(const okta_descriptor *type, void *model, fuzz_text json)
{
    void *again = NULL;
    fuzz_text whole = encode_as(type, model, OKTA_JSON_WHOLE);
    FUZZ_CHECK(decode_from(type, whole.text, whole.length, &again));
    fuzz_text fixpoint = encode_as(type, again, OKTA_JSON_WHOLE);
    FUZZ_CHECK(is_same(whole, fixpoint));
    check_extras(type, model);
    check_request(type, model);
    check_redaction(type, model, json);
    check_copy(type, model, whole);
    check_cjson(type, model);
    if (type == &oktai_links_model) {
        check_links(model);
    }
    okta_free(again);
    again = NULL;
    fuzz_expect_success(okta_copy(type, model, &again));
    check_set_extras(type, again, whole.text);
    okta_free(again);
    okta_free(fixpoint.text);
    okta_free(whole.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    const okta_descriptor *type = models[fuzz_choice(&input, COUNT(models))];
    fuzz_text json = fuzz_rest(&input);
    char *exact = fuzz_exact(json);
    void *model = NULL;
    if (decode_from(type, exact == NULL ? "" : exact, json.length, &model)) {
        FUZZ_CHECK(oracle_accepts(json.text, json.length));
        check_decoded(type, model, json);
    } else {
        oktai_buffer redacted = {0};
        fuzz_take(oktai_engine_redact(type, json.text, json.length, &redacted));
        oktai_buffer_clear(&redacted);
    }
    okta_free(model);
    free(exact);
    free(json.text);
    return 0;
}
