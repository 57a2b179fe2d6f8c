/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an answer of 2xx is Okta's and what was asked for, and the result that it brings. */
#include "client/accept.h"

#include <string.h>

#include "client/endings.h"
#include "client/log.h"
#include "client/word.h"
#include "core/error.h"
#include "core/uri.h"
#include "json/engine.h"
#include "json/plain.h"

bool oktai_call_lacks_id(const okta_call *call, const void *model)
{
    const okta_descriptor *type = call->operation->response;
    if (call->operation->effect != OKTAI_EFFECT_CREATE || oktai_row_find(type, "id", 2) == NULL) {
        return false;
    }
    const char *id = oktai_row_text(type, model, "id");
    return id == NULL || id[0] == '\0';
}

/* The id that ends the path, or stands before /lifecycle/, with its escapes. */
static okta_text id_in_path(const okta_call *call)
{
    static const char verb[] = "/lifecycle/";
    const char *path = call->url.data + call->path_at;
    const char *end = path + strlen(path);
    for (const char *at = path; (at = strstr(at, verb)) != NULL; at++) {
        end = at;
    }
    const char *begin = end;
    while (begin > path && begin[-1] != '/') {
        begin--;
    }
    return (okta_text){begin, (size_t)(end - begin)};
}

okta_error *oktai_call_check_state(const okta_call *call, const void *model)
{
    const char *target = oktai_care_of(call->operation)->target_state;
    const okta_text wanted = id_in_path(call);
    const char *id = oktai_row_text(call->operation->response, model, "id");
    const char *status = okta_enum_text(model, "status");
    oktai_buffer text = {0};
    okta_error *error = NULL;
    if (!oktai_uri_decode(&text, wanted.text, wanted.length)) {
        error = oktai_error_nomem();
    } else if (id == NULL || strcmp(id, text.data) != 0) {
        error = oktai_error_new(OKTA_E_PROTOCOL, "the answer is about another object");
    } else if (status == NULL || strcmp(status, target) != 0) {
        error = oktai_error_new(OKTA_E_PROTOCOL, "the object in the answer is not %s", target);
    }
    oktai_buffer_clear(&text);
    return error;
}

/* The body went into the model: it comes back for the caller to see. */
static void give_up(okta_call *call, void *model)
{
    size_t length;
    const char *source = okta_source(model, &length);
    oktai_buffer_append(&call->response.body, source, length);
    okta_free(model);
}

/* A create that can be told from others has to come back as it was sent. */
static bool is_another(const okta_call *call, const void *model)
{
    const oktai_settlement *settlement = oktai_care_of(call->operation)->settlement;
    return settlement != NULL && call->body.model != NULL && settlement->names(call->body.model) &&
           settlement->compare(call->body.model, model) != OKTAI_FINDING_SAME;
}

/* Whether the object that came is what the call is about. */
static okta_error *check_object(okta_call *call, void *model)
{
    if (oktai_call_lacks_id(call, model)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the answer has no id");
    }
    if (is_another(call, model)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the answer is not what was sent");
    }
    return oktai_care_of(call->operation)->target_state == NULL ? NULL : oktai_call_check_state(call, model);
}

static okta_error *decode_model(okta_call *call, const okta_descriptor *type, const oktai_watch *watch,
                                void **out)
{
    oktai_decode_report report = {0};
    okta_error *error =
        call->listing.list != NULL
            ? oktai_engine_decode_more(type, &call->response.body, watch, call->listing.list, out, &report)
            : oktai_engine_decode(type, &call->response.body, watch, out, &report);
    if (error != NULL) {
        return error;
    }
    error = check_object(call, *out);
    if (error != NULL) {
        give_up(call, *out);
        return error;
    }
    if (report.set_aside > 0) {
        oktai_log_set_aside(call, report.set_aside, report.first_name);
    }
    return NULL;
}

static okta_error *decode(okta_call *call)
{
    void *value = NULL;
    okta_error *error = NULL;
    const okta_descriptor *type = oktai_call_result_type(call);
    const char *text = call->response.body.data;
    size_t length = call->response.body.length;
    const oktai_watch watch = oktai_call_watch(call);
    if (length == 0) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the answer is empty");
    }
    if (type == NULL) {
        return oktai_engine_check(text, length, &watch);
    }
    if (type->form == OKTAI_FORM_MODEL) {
        error = decode_model(call, type, &watch, &value);
    } else if (type->form == OKTAI_FORM_BYTES) {
        error = oktai_bytes_take(&call->response.body,
                                 oktai_headers_get(&call->response.headers, "Content-Type", 0), &value);
    } else {
        error = oktai_plain_decode(type, &call->response.body, &watch, &value);
    }
    if (error == NULL) {
        call->result = value;
        call->result_text = text;
        call->result_length = length;
    }
    return error;
}

static bool is_type(const okta_call *call, const char *prefix)
{
    return oktai_word_is_type(&call->response, prefix);
}

unsigned oktai_status_bit(int http_status)
{
    switch (http_status) {
    case 200:
        return OKTAI_STATUS_200;
    case 201:
        return OKTAI_STATUS_201;
    case 202:
        return OKTAI_STATUS_202;
    case 204:
        return OKTAI_STATUS_204;
    default:
        return 0;
    }
}

/* Whether it answers a Range, which no call asks for (RFC 9110, section 15.3.7). */
static bool is_partial(const okta_call *call)
{
    return call->response.http_status == 206;
}

/* Whether Okta answers the operation with this status. The rows of raw requests name none: any other 2xx may
 * be right. */
static bool is_described(const okta_call *call)
{
    unsigned statuses = call->operation->statuses;
    return (statuses == 0 && !is_partial(call)) ||
           (statuses & oktai_status_bit(call->response.http_status)) != 0;
}

/* Whether what came has the shape of the result, which tells it from the words of a gateway. */
static bool has_shape(const okta_call *call, const okta_descriptor *type)
{
    oktai_reader reader;
    oktai_arena names = {0};
    if (call->response.body.length == 0) {
        return false;
    }
    oktai_reader_init(&reader, call->response.body.data, call->response.body.length);
    bool array = oktai_reader_peek(&reader) == OKTAI_JSON_ARRAY;
    bool object = oktai_reader_peek(&reader) == OKTAI_JSON_OBJECT;
    bool fits = type->item != NULL ? array || oktai_engine_is_element(type, &reader, &names)
                                   : object && oktai_engine_has_member(type, &reader, &names);
    oktai_arena_clear(&names);
    return fits;
}

/* Whether the status is one that real orgs take for a described one: 200 for 201 and 201 for 200, where the
 * result shows that it is one, and 204 where no result is due. */
static bool is_confused(const okta_call *call)
{
    const unsigned either = OKTAI_STATUS_200 | OKTAI_STATUS_201;
    const oktai_operation *operation = call->operation;
    const okta_descriptor *type = oktai_call_result_type(call);
    if (type == NULL) {
        return call->response.http_status == 204;
    }
    return (oktai_status_bit(call->response.http_status) & either) != 0 &&
           (operation->statuses & either & ~(unsigned)operation->empty_statuses) != 0 &&
           type->form == OKTAI_FORM_MODEL && has_shape(call, type);
}

/* Why an answer of 2xx is not Okta's, whatever is in its body; NULL: it may be. */
static okta_error *refuse_foreign(const okta_call *call)
{
    int http_status = call->response.http_status;
    oktai_buffer text = {0};
    oktai_redactor redactor = {0};
    okta_error *error = NULL;
    if (oktai_word_is_page(&call->response)) {
        const oktai_call_secrets secrets = oktai_call_secrets_of(call);
        bool known = oktai_redactor_of(&redactor, &secrets);
        oktai_word_describe(&text, &call->response, &redactor);
        error = text.failed || !known
                    ? oktai_error_nomem()
                    : oktai_error_new(OKTA_E_PROTOCOL, "HTTP %d: %s", http_status, text.data);
    } else if (!is_described(call) && !is_confused(call)) {
        error = oktai_error_new(OKTA_E_PROTOCOL, "HTTP %d is no answer that Okta gives", http_status);
    }
    oktai_redactor_clear(&redactor);
    oktai_buffer_clear(&text);
    return error;
}

/* libcurl takes a compressed text for whole that lacks its end. JSON shows that its end is missing; other
 * texts do not. */
static bool is_unverifiable(const okta_call *call)
{
    return call->response.body.length > 0 && !is_type(call, "application/json") &&
           oktai_headers_get(&call->response.headers, "Content-Encoding", 0) != NULL;
}

/* Of a compressed text that is cut early libcurl delivers nothing at all, and calls that whole, too. */
static bool lost_its_body(const okta_call *call)
{
    const oktai_headers *headers = &call->response.headers;
    const char *length = oktai_headers_get(headers, "Content-Length", 0);
    return call->response.body.length == 0 && call->response.http_status != 204 &&
           oktai_headers_get(headers, "Content-Encoding", 0) != NULL &&
           (length == NULL || strcmp(length, "0") != 0);
}

static okta_error *bad_answer(okta_call *call, okta_error *cause)
{
    oktai_answer answer = oktai_call_answer(call);
    return oktai_outcome_bad_answer(&answer, call->operation->effect, cause);
}

/* Whether the operation brings nothing with this status. */
static bool may_be_empty(const okta_call *call)
{
    return (call->operation->empty_statuses & oktai_status_bit(call->response.http_status)) != 0;
}

/* Whether the body has to be JSON: always where the operation is described; in the answer to a raw request
 * where it calls itself JSON or may have lost its end, and to a raw write in any case: it asked for JSON, and
 * what came instead does not tell what became of it. */
static bool is_looked_at(const okta_call *call)
{
    bool empty = call->response.body.length == 0;
    if (lost_its_body(call)) {
        return true;
    }
    if (oktai_call_result_type(call) != NULL) {
        return !empty || !may_be_empty(call);
    }
    return !empty && (call->operation->path != NULL || is_type(call, "application/json") ||
                      call->operation->effect != OKTAI_EFFECT_READ);
}

static bool is_json_due(const okta_call *call)
{
    const okta_descriptor *type = oktai_call_result_type(call);
    return type != NULL && oktai_plain_has_json(type);
}

/* NULL: the answer is good, and its result, if any, is in the call. */
static okta_error *take_answer(okta_call *call)
{
    /* What leads elsewhere may have a page for a browser. */
    if (oktai_call_result_type(call) == &oktai_location_model && !is_partial(call)) {
        return oktai_location_new(oktai_headers_get(&call->response.headers, "Location", 0), &call->result);
    }
    if (call->response.http_status >= 300) {
        return NULL; /* a delete finds nothing, which is what it is for */
    }
    okta_error *cause = refuse_foreign(call);
    if (cause == NULL && !is_json_due(call) && is_unverifiable(call)) {
        cause = oktai_error_new(OKTA_E_PROTOCOL, "a compressed answer that is not JSON cannot be checked");
    }
    return cause == NULL && is_looked_at(call) ? decode(call) : cause;
}

okta_error *oktai_accept(okta_call *call)
{
    okta_error *cause = take_answer(call);
    okta_status status = okta_error_status(cause);
    if (status == OKTA_E_TIMEOUT || status == OKTA_E_CANCELED) {
        return oktai_call_interrupted(call, cause);
    }
    bool harmless = status == OKTA_E_NOMEM && !oktai_effect_is_once(call->operation->effect);
    return cause == NULL || harmless ? cause : bad_answer(call, cause);
}
