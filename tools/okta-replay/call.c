/* SPDX-License-Identifier: Apache-2.0 */
/* With a client: the call goes out, and both what arrived and what came back are compared. */
#include "call.h"

#include <string.h>
#include <strings.h>

#include "answer.h"
#include "arguments.h"
#include "check.h"
#include "client/call.h"
#include "core/error.h"
#include "models/error.h"
#include "okta/memory.h"
#include "okta/models/error.h"
#include "pairs.h"
#include "parts.h"

/* A call that is under way, with what it was made from. */
typedef struct played {
    replay_run *run;
    oktai_arena *arena;
    const route *of;
    const exchange *one;
    arguments made;
    okta_call *call;
    okta_error *error; /* of the call */
} played;

/* Say which part of a request or an answer something is about. */
static okta_error *about(const char *what, okta_error *error)
{
    return error == NULL ? NULL : oktai_error_reword(error, "%s %s", what, okta_error_message(error));
}

static okta_error *check_path(const played *p, const char *target)
{
    bool same = false;
    const char *path = oktai_arena_copy(p->arena, target, strcspn(target, "?"));
    okta_error *error =
        path == NULL ? oktai_error_nomem() : route_same_path(p->arena, p->of->path, path, &same);
    return error == NULL && !same ? oktai_error_new(OKTA_E_PROTOCOL, "the path differs") : error;
}

static okta_error *check_query(const played *p, const char *target)
{
    pair_list expected;
    pair_list actual;
    const char *mark = strchr(target, '?');
    const char *query = p->of->operation->params == NULL ? "" : p->one->query;
    okta_error *error = pairs_read(p->arena, query, &expected);
    error = error == NULL ? pairs_read(p->arena, mark == NULL ? "" : mark + 1, &actual) : error;
    return error == NULL ? about("the query", pairs_compare(&expected, &actual)) : error;
}

static okta_error *check_form(const played *p, const recorded_body *body)
{
    pair_list expected;
    pair_list actual;
    okta_error *error = pairs_read(p->arena, p->one->request.data, &expected);
    error = error == NULL ? pairs_read(p->arena, body->data, &actual) : error;
    return error == NULL ? pairs_compare(&expected, &actual) : error;
}

static okta_error *check_parts(const played *p, const recorded_body *body)
{
    part_list expected;
    part_list actual;
    okta_error *error = parts_read(p->arena, &p->one->request, &expected);
    error = error == NULL ? parts_read(p->arena, body, &actual) : error;
    return error == NULL ? parts_compare(&expected, &actual) : error;
}

static okta_error *check_bytes(const recorded_body *expected, const recorded_body *actual)
{
    bool same =
        expected->length == actual->length && memcmp(expected->data, actual->data, expected->length) == 0;
    return same ? NULL : oktai_error_new(OKTA_E_PROTOCOL, "differs");
}

static okta_error *check_body(played *p, const recorded_body *body)
{
    const oktai_operation *operation = p->of->operation;
    notes seen = {.arena = {0}};
    okta_error *error = NULL;
    if (p->made.body == NULL) {
        return body->length == 0 ? NULL : oktai_error_new(OKTA_E_PROTOCOL, "came, and none was due");
    }
    switch ((oktai_body)operation->body) {
    case OKTAI_BODY_MODEL:
        error = check_drop_read_only(operation->request, &p->made.document, &seen);
        notes_clear(&seen);
        return error == NULL
                   ? check_json(p->arena, operation->request, &p->made.document, body->data, body->length)
                   : error;
    case OKTAI_BODY_JSON:
        return check_json(p->arena, NULL, &p->made.document, body->data, body->length);
    case OKTAI_BODY_FORM:
        return check_form(p, body);
    case OKTAI_BODY_MULTIPART:
        return check_parts(p, body);
    case OKTAI_BODY_BYTES:
        return check_bytes(&p->one->request, body);
    case OKTAI_BODY_NONE:
        break;
    }
    return NULL;
}

/* What the server saw is what was recorded. */
static okta_error *check_request(played *p)
{
    const seen_request seen = server_seen(p->run->server);
    if (seen.method == NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "no request arrived: %s", okta_error_message(p->error));
    }
    if (seen.strange > 0) {
        return oktai_error_new(OKTA_E_PROTOCOL, "%u further requests arrived", seen.strange);
    }
    okta_error *error = check_path(p, seen.target);
    error = error == NULL ? check_query(p, seen.target) : error;
    return error == NULL ? about("the request body", check_body(p, &seen.body)) : error;
}

/* Okta's error document, as the error shows it. */
static okta_error *check_error(const played *p, const recorded_body *text)
{
    const okta_error_body *document = okta_error_document(p->error);
    if (answer_type(p->of->operation, p->one) == NULL) {
        return NULL;
    }
    if (document == NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the error has no document: %s",
                               okta_error_message(p->error));
    }
    return answer_check(p->run, p->arena, p->of->operation, &oktai_error_body_model, document, text);
}

/* The body that came, as the program sees it, with the result in `*out_result`. */
static okta_error *take_text(const played *p, recorded_body *out)
{
    size_t length = 0;
    const char *text =
        p->error == NULL ? okta_call_body(p->call, &length) : okta_error_response_body(p->error, &length);
    if (p->run->server != NULL) {
        *out = p->one->answer;
        return NULL;
    }
    out->data = oktai_arena_copy(p->arena, text == NULL ? "" : text, length);
    out->length = length;
    return out->data == NULL ? oktai_error_nomem() : NULL;
}

static okta_error *check_plain_bytes(const void *result, const recorded_body *text)
{
    const okta_bytes *bytes = result;
    const recorded_body actual = {bytes->data, bytes->length};
    return check_bytes(text, &actual);
}

/* What the call took out of the answer. */
static okta_error *check_result(const played *p, const recorded_body *text)
{
    const okta_descriptor *type = oktai_call_result_type(p->call);
    void *result = type == NULL ? NULL : okta_call_take(p->call, type);
    okta_error *error = NULL;
    if (result == NULL) {
        bool json = answer_type(p->of->operation, p->one) != NULL;
        error = text->length > 0 && (json || text->data[0] == '{')
                    ? answer_check(p->run, p->arena, p->of->operation, NULL, NULL, text)
                    : NULL;
    } else if (type->form == OKTAI_FORM_BYTES) {
        error = check_plain_bytes(result, text);
    } else if (type->form == OKTAI_FORM_LOCATION && text->length > 0 && text->data[0] == '{') {
        error = answer_check(p->run, p->arena, p->of->operation, NULL, NULL, text);
    } else if (type->form != OKTAI_FORM_LOCATION &&
               (p->run->server != NULL || okta_source(result, NULL) != NULL)) {
        error = answer_check(p->run, p->arena, p->of->operation, type, result, text);
    }
    okta_free(result);
    return error;
}

/* A call that the library does not make since Okta would refuse it, as it did. */
static bool is_refused_alike(const played *p)
{
    return okta_error_status(p->error) == OKTA_E_ARG && okta_call_attempts(p->call) == 0 &&
           p->one->status >= 400 && p->one->status < 500;
}

static okta_error *check_answer(const played *p)
{
    recorded_body text = {0};
    int status = okta_call_http_status(p->call);
    bool good = p->one->status < 400;
    bool gone = p->one->status == 404 && p->of->operation->effect == OKTAI_EFFECT_DELETE;
    if (p->error != NULL && (status == 0 || good)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "%s", okta_error_message(p->error));
    }
    if (status != p->one->status) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the answer is HTTP %d, and HTTP %d was recorded", status,
                               p->one->status);
    }
    if (p->error == NULL && !good && !gone) {
        return oktai_error_new(OKTA_E_PROTOCOL, "HTTP %d is taken for a success", status);
    }
    okta_error *error = take_text(p, &text);
    if (error != NULL || gone) {
        return error;
    }
    return about("the answer", p->error == NULL ? check_result(p, &text) : check_error(p, &text));
}

/* Ask for the media type that was recorded, where there is a choice. */
static void choose_accept(const played *p)
{
    const oktai_wire *wire = p->of->operation->wire;
    const char *recorded = exchange_header(p->one, "Content-Type");
    size_t length = recorded == NULL ? 0 : strcspn(recorded, "; ");
    for (size_t i = 0; wire != NULL && wire->answer_types != NULL && wire->answer_types[i] != NULL; i++) {
        const char *type = wire->answer_types[i];
        if (p->one->status < 400 && strcspn(type, "; ") == length &&
            strncasecmp(type, recorded, length) == 0) {
            okta_call_set_accept(p->call, type);
            return;
        }
    }
}

static okta_error *judge(played *p)
{
    if (is_refused_alike(p)) {
        return notes_add(&p->run->notes, NOTE_REFUSED, p->of->operation->name, NULL, 0) ? NULL
                                                                                        : oktai_error_nomem();
    }
    okta_error *error =
        p->run->server == NULL || okta_error_status(p->error) == OKTA_E_ARG ? NULL : check_request(p);
    return error == NULL ? check_answer(p) : error;
}

okta_error *call_play(replay_run *run, oktai_arena *arena, const route *of, const exchange *one)
{
    played p = {.run = run, .arena = arena, .of = of, .one = one};
    okta_error *error = arguments_make_params(arena, of, one, &p.made);
    error = error == NULL ? arguments_make_body(arena, of, one, &p.made) : error;
    if (error == NULL) {
        p.call = oktai_operation_call(run->client, of->operation, of->ids, p.made.params, p.made.body);
        error = p.call == NULL ? oktai_error_nomem() : NULL;
    }
    if (error == NULL) {
        choose_accept(&p);
        if (run->server != NULL) {
            server_expect(run->server, one);
            okta_call_set_max_retries(p.call, 0);
        }
        p.error = okta_call_run(p.call);
        error = judge(&p);
    }
    okta_free(p.error);
    okta_free(p.call);
    arguments_clear(&p.made);
    return error;
}
