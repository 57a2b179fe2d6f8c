/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation fails in turn for operations of Okta: so many of them that each kind of parameter, body,
 * result and page has its turn. What they take and get is made from their rows. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "api/all_operations.h"
#include "api/alloc_sweep.h"
#include "positions/documents.h"
#include "json/plain.h"

/* What an operation may have, as bits. */
enum {
    HAS_BODY,                    /* + oktai_body */
    HAS_RESULT = HAS_BODY + 6,   /* + oktai_form */
    HAS_KIND = HAS_RESULT + 5,   /* + oktai_kind: of a parameter */
    HAS_MEMBER = HAS_KIND + 12,  /* + oktai_kind: of a member of a body */
    HAS_SHOWN = HAS_MEMBER + 12, /* + oktai_kind: of a member of a result */
    HAS_SECURITY = HAS_SHOWN + 12,
    HAS_LIST_BODY = HAS_SECURITY + 3,
    HAS_LIST,
    HAS_HEADER,
    HAS_REPEATED,
    HAS_PATCH,
    HAS_EMPTY,
    HAS_CARE,
    HAS_FEATURES,
};
_Static_assert(HAS_FEATURES <= 64, "one word has all bits");

static uint64_t bit(size_t feature)
{
    return UINT64_C(1) << feature;
}

static uint64_t kinds_of(const okta_descriptor *type, size_t feature)
{
    uint64_t found = 0;
    for (size_t i = 0; type != NULL && i < type->row_count; i++) {
        found |= bit(feature + type->rows[i].kind);
    }
    return found;
}

static uint64_t features_of_params(const oktai_params *params)
{
    uint64_t found = params == NULL ? 0 : kinds_of(params->type, HAS_KIND);
    for (size_t i = 0; params != NULL && i < params->type->row_count; i++) {
        found |= (params->flags[i] & OKTAI_PARAM_HEADER) != 0 ? bit(HAS_HEADER) : 0;
        found |= (params->flags[i] & OKTAI_PARAM_REPEATED) != 0 ? bit(HAS_REPEATED) : 0;
    }
    return found;
}

static uint64_t features_of(const oktai_operation *operation)
{
    const okta_descriptor *request = operation->request;
    const okta_descriptor *response = operation->response;
    uint64_t found = bit(HAS_BODY + operation->body) | bit(HAS_SECURITY + operation->security) |
                     features_of_params(operation->params) | kinds_of(request, HAS_MEMBER) |
                     kinds_of(response, HAS_SHOWN);
    found |= response != NULL ? bit(HAS_RESULT + response->form) : 0;
    found |= response != NULL && response->item != NULL ? bit(HAS_LIST) : 0;
    found |= request != NULL && request->item != NULL ? bit(HAS_LIST_BODY) : 0;
    found |= operation->method == OKTAI_METHOD_PATCH ? bit(HAS_PATCH) : 0;
    found |= operation->empty_statuses != 0 ? bit(HAS_EMPTY) : 0;
    found |= operation->care != NULL ? bit(HAS_CARE) : 0;
    return found;
}

/* test_alloc has those whose body is checked, and those whose answer has to be the object of the path in a
 * state; another server than the mock would have to be looked up. */
static bool is_candidate(const oktai_operation *operation)
{
    const oktai_care *care = oktai_care_of(operation);
    return operation->server == OKTAI_SERVER_ORG && care->check == NULL &&
           (care->target_state == NULL || operation->response == NULL);
}

/* The operation that has most of what is missing; NULL: none has any of it. */
static const oktai_operation *choose(uint64_t *missing)
{
    const oktai_operation *best = NULL;
    int most = 0;
    for (size_t i = 0; i < oktai_operation_count; i++) {
        int gain = is_candidate(oktai_operations[i])
                       ? __builtin_popcountll(features_of(oktai_operations[i]) & *missing)
                       : 0;
        if (gain > most) {
            most = gain;
            best = oktai_operations[i];
        }
    }
    *missing &= best == NULL ? 0 : ~features_of(best);
    return best;
}

/* What an operation takes and gets, made from its rows. */
typedef struct material {
    void *params;
    void *body; /* a model */
    oktai_buffer answer;
} material;

static void *make_model(const okta_descriptor *type, bool request)
{
    const document_plan plan = {.depth = 1, .plain = true, .request = request};
    oktai_buffer document = {0};
    void *model = NULL;
    write_document(&document, type, &plan);
    assert_null(okta_from_json(type, document.data, document.length, &model));
    oktai_buffer_clear(&document);
    return model;
}

static const okta_upload upload = {.struct_size = sizeof(okta_upload),
                                   .file_name = "f",
                                   .media_type = "image/png",
                                   .data = "png",
                                   .length = 3};

static void set_uploads(const oktai_operation *operation, void *body)
{
    const okta_upload *pointer = &upload;
    for (size_t i = 0; i < operation->wire->upload_count; i++) {
        memcpy((char *)body + operation->wire->uploads[i].offset, &pointer, sizeof pointer);
    }
}

static const void *make_body(const oktai_operation *operation, material *made)
{
    static const okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "x", .length = 1};
    switch ((oktai_body)operation->body) {
    case OKTAI_BODY_NONE:
        return NULL;
    case OKTAI_BODY_JSON:
        return "{\"a\":[1]}";
    case OKTAI_BODY_BYTES:
        return &bytes;
    case OKTAI_BODY_MODEL:
    case OKTAI_BODY_FORM:
    case OKTAI_BODY_MULTIPART:
        break;
    }
    made->body = make_model(operation->request, true);
    if (operation->body == OKTAI_BODY_MULTIPART) {
        set_uploads(operation, made->body);
    }
    return made->body;
}

static unsigned status_of(const oktai_operation *operation)
{
    static const unsigned numbers[] = {200, 201, 202, 204, 302};
    unsigned statuses = operation->statuses & (unsigned)~operation->empty_statuses;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if ((statuses & (1u << i)) != 0) {
            return numbers[i];
        }
    }
    return 200;
}

static mock_fault make_answer(const oktai_operation *operation, material *made)
{
    static const char *const location[] = {"Location: https://x.example.com/", NULL};
    mock_fault answer = {.status = status_of(operation)};
    switch (operation->response == NULL ? -1 : (int)operation->response->form) {
    case OKTAI_FORM_MODEL:
        write_document(&made->answer, operation->response, &(document_plan){.depth = 1});
        answer.body = made->answer.data;
        break;
    case OKTAI_FORM_STRINGS:
        answer.body = "[\"a\\u0062\",null,12]";
        break;
    case OKTAI_FORM_JSON:
        answer.body = "{\"a\":[1]}";
        break;
    case OKTAI_FORM_BYTES:
        answer.body = "<a/>";
        answer.content_type = operation->wire->answer_types[0];
        break;
    case OKTAI_FORM_LOCATION:
        answer.headers = location;
        break;
    default:
        break;
    }
    return answer;
}

static alloc_shape make_shape(const oktai_operation *operation, material *made)
{
    static const char *const ids[] = {"id1", "id2", "id3", "id4"};
    *made = (material){0};
    alloc_shape one = {.operation = operation, .ids = ids};
    if (operation->params != NULL) {
        made->params = make_model(operation->params->type, false);
        one.params = made->params;
    }
    one.body = make_body(operation, made);
    one.answer = make_answer(operation, made);
    return one;
}

static void release(material *made)
{
    okta_free(made->params);
    okta_free(made->body);
    oktai_buffer_clear(&made->answer);
}

static void operations_of_every_kind_survive_every_failed_allocation(void **state)
{
    (void)state;
    uint64_t missing = UINT64_MAX;
    size_t chosen = 0;
    const oktai_operation *operation;
    while ((operation = choose(&missing)) != NULL) {
        material made;
        const alloc_shape one = make_shape(operation, &made);
        alloc_sweep_call(&one);
        release(&made);
        chosen++;
    }
    assert_true(chosen >= 8);
}

/* Of each way in which pages come the first operation. */
static const oktai_operation *first_paged(bool member, bool cursor, bool endless)
{
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const oktai_paging *paging = oktai_operations[i]->paging;
        if (paging != NULL && (paging->member != NULL) == member && (paging->cursor != NULL) == cursor &&
            (paging->endless_without != NULL) == endless) {
            return oktai_operations[i];
        }
    }
    return NULL;
}

/* A page with one item; with a member that wraps the list. */
static void write_page(oktai_buffer *out, const oktai_paging *paging)
{
    if (paging->member != NULL) {
        oktai_buffer_printf(out, "{\"%s\":", paging->member);
    }
    oktai_buffer_add_char(out, '[');
    if (paging->item->form == OKTAI_FORM_MODEL) {
        write_document(out, paging->item, &(document_plan){.depth = 1});
    } else {
        oktai_buffer_add_text(out, "{\"a\":1}");
    }
    oktai_buffer_add_text(out, paging->member == NULL ? "]" : "]}");
}

static void pages_of_every_kind_survive_every_failed_allocation(void **state)
{
    (void)state;
    size_t kinds = 0;
    for (unsigned i = 0; i < 8; i++) {
        const oktai_operation *operation = first_paged((i & 1) != 0, (i & 2) != 0, (i & 4) != 0);
        if (operation == NULL) {
            continue;
        }
        material made;
        api_world world;
        oktai_buffer page = {0};
        alloc_shape one = make_shape(operation, &made);
        write_page(&page, operation->paging);
        api_world_start(&world, NULL, NULL);
        api_fault(&world, (mock_fault){.times = UINT_MAX, .status = 200, .body = page.data});
        alloc_sweep_pages(&world, &one, NULL, 1);
        api_world_stop(&world);
        oktai_buffer_clear(&page);
        release(&made);
        kinds++;
    }
    assert_true(kinds >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_of_every_kind_survive_every_failed_allocation),
        cmocka_unit_test(pages_of_every_kind_survive_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("alloc_operations", tests, NULL, NULL);
}
