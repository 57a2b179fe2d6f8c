/* SPDX-License-Identifier: Apache-2.0 */
/* From an answer to an error object: everything the server said, in one place. */
#include <string.h>

#include "client/error_answer.h"
#include "client/outcome.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"
#include "models/models.h"
#include "okta/models/error.h"
#include "json/engine.h"

/* What is put into the message. All borrowed. */
typedef struct answer_words {
    const char *code;
    const char *summary;
    const char *reason;
    const char *cause;
    size_t causes;
    const char *description; /* of an answer that is not Okta's */
} answer_words;

static const char *extra_text(const okta_error_body *document, const char *name)
{
    const okta_member *extra = oktai_extra_find(&document->model, name);
    return extra == NULL ? NULL : extra->text;
}

/* Okta's error document, or that of the OAuth endpoints (RFC 6749, section 5.2). NULL: neither, or no memory.
 * What a gateway says in a document of its own is no code and no summary. */
static okta_error_body *take_document(const oktai_answer *answer, bool own, answer_words *told)
{
    void *model = NULL;
    okta_error *error = oktai_engine_decode(&oktai_error_body_model, &answer->response->body, &model, NULL);
    if (error != NULL) {
        okta_free(error);
        return NULL;
    }
    okta_error_body *document = model;
    if (!own) {
        return document;
    }
    told->code = document->error_code != NULL ? document->error_code : extra_text(document, "error");
    told->summary =
        document->error_summary != NULL ? document->error_summary : extra_text(document, "error_description");
    for (size_t i = 0; i < document->error_causes_count; i++) {
        const char *cause = document->error_causes[i]->error_summary;
        told->causes += cause != NULL;
        told->cause = told->cause == NULL ? cause : told->cause;
    }
    return document;
}

/* It is shown and sent back: it must be one word of printable ASCII. */
const char *oktai_response_id(const oktai_response *response)
{
    const char *id = oktai_headers_get(&response->headers, "X-Okta-Request-Id", 0);
    for (const char *p = id; p != NULL && *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~') {
            return NULL;
        }
    }
    return id;
}

static void write_message(oktai_buffer *out, const oktai_answer *answer, okta_status status,
                          const answer_words *told)
{
    oktai_buffer_add_text(out, answer->name);
    if (answer->page > 1) {
        oktai_buffer_printf(out, ": page %u", answer->page);
    }
    if (status == OKTA_E_OUTCOME_UNKNOWN) {
        oktai_buffer_add_text(out, ": the outcome is unknown");
    }
    if (told->reason != NULL) {
        oktai_buffer_printf(out, ": %s", told->reason);
    } else {
        oktai_buffer_printf(out, ": HTTP %d", answer->response->http_status);
    }
    if (told->description != NULL) {
        oktai_buffer_printf(out, ": %s", told->description);
    }
    if (told->code != NULL) {
        oktai_buffer_printf(out, " %.100s", told->code);
    }
    if (told->summary != NULL) {
        oktai_buffer_printf(out, ": %.1000s", told->summary);
    }
    if (told->cause != NULL) {
        oktai_buffer_printf(out, told->causes > 1 ? " (%.1000s; and %zu more)" : " (%.1000s)", told->cause,
                            told->causes - 1);
    }
}

static bool copy_causes(okta_error *error, oktai_error_answer *said, const okta_error_body *document)
{
    size_t count = document->error_causes_count;
    const char **causes = oktai_arena_array(oktai_root_arena(error), count, sizeof *causes);
    if (causes == NULL && count > 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        causes[i] = document->error_causes[i]->error_summary;
    }
    said->causes = causes;
    said->cause_count = count;
    return true;
}

static bool copy_told(okta_error *error, oktai_error_answer *said, const oktai_answer *answer,
                      const answer_words *told, const okta_error_body *document)
{
    oktai_arena *arena = oktai_root_arena(error);
    const char *id = oktai_response_id(answer->response);
    said->http_status = answer->response->http_status;
    said->code = oktai_arena_strdup(arena, told->code);
    said->summary = oktai_arena_strdup(arena, told->summary);
    said->request_id = oktai_arena_strdup(arena, id);
    if ((told->code != NULL && said->code == NULL) || (told->summary != NULL && said->summary == NULL) ||
        (id != NULL && said->request_id == NULL)) {
        return false;
    }
    if (document != NULL) {
        said->document = document;
        said->id = document->error_id;
        return copy_causes(error, said, document);
    }
    return true;
}

/* The body goes along: with the document that was decoded from it, or as it is. */
static bool keep_body(okta_error *error, oktai_error_answer *said, const oktai_answer *answer,
                      const okta_error_body *document, const char *data, size_t length)
{
    oktai_buffer *body = &answer->response->body;
    if (length == 0) {
        return true;
    }
    if (document == NULL) {
        if (!oktai_arena_adopt(oktai_root_arena(error), body->data, body->capacity)) {
            return false;
        }
        *body = (oktai_buffer){.limit = body->limit};
    }
    said->body = data;
    said->body_length = length;
    return true;
}

/* Says that a write may have happened where memory is too short to say more: "out of memory" would read as if
 * repeating it did no harm. */
static struct {
    oktai_root root;
    okta_error error;
} unknown_without_memory = {
    .root = {.magic = OKTAI_ROOT_STATIC},
    .error = {.status = OKTA_E_OUTCOME_UNKNOWN, .message = "the outcome is unknown: out of memory"},
};

static okta_error *no_memory(const oktai_decision *decision)
{
    return decision->status == OKTA_E_OUTCOME_UNKNOWN ? &unknown_without_memory.error : oktai_error_nomem();
}

/* What the answer says, by Okta or by something else. The words live as long as `description`, the response
 * and the document, which is returned; nullable. */
static okta_error_body *read_answer(const oktai_answer *answer, answer_words *told, oktai_buffer *description)
{
    bool own = oktai_word_is_own(answer->response);
    if (!own) {
        oktai_word_describe(description, answer->response);
        told->description = description->length > 0 && !description->failed ? description->data : NULL;
    }
    okta_error_body *document = answer->response->body.length > 0 ? take_document(answer, own, told) : NULL;
    if (told->code == NULL && told->summary == NULL) {
        told->code = oktai_word_challenge(answer->response, "error");
        told->summary = oktai_word_challenge(answer->response, "error_description");
    }
    return document;
}

static okta_error *make_error(const oktai_answer *answer, const oktai_decision *decision, const char *reason)
{
    answer_words told = {.reason = reason};
    const char *data = answer->response->body.data;
    size_t length = answer->response->body.length;
    oktai_buffer description = {0};
    oktai_buffer message = {0};
    okta_error_body *document = reason == NULL ? read_answer(answer, &told, &description) : NULL;
    write_message(&message, answer, decision->status, &told);
    okta_error *error = message.failed || description.failed
                            ? oktai_error_nomem()
                            : oktai_error_new(decision->status, "%s", message.data);
    oktai_buffer_clear(&description);
    oktai_buffer_clear(&message);
    if (okta_error_status(error) == OKTA_E_NOMEM) {
        okta_free(document);
        return no_memory(decision);
    }
    error->owned = document;
    error->attempts = answer->attempts;
    error->retryable = decision->retryable;
    error->retry_after_ms = decision->retry_after_ms;
    error->retry_at_s = decision->retry_at_s;
    oktai_error_answer *said = oktai_arena_zalloc(oktai_root_arena(error), sizeof *said);
    error->answer = said;
    if (said == NULL || !copy_told(error, said, answer, &told, document) ||
        !keep_body(error, said, answer, document, data, length)) {
        okta_free(error);
        return no_memory(decision);
    }
    return error;
}

okta_error *oktai_outcome_error(const oktai_answer *answer, const oktai_decision *decision,
                                const oktai_attempt *attempt)
{
    return make_error(answer, decision, attempt->failure == OKTA_OK ? NULL : attempt->reason);
}

okta_error *oktai_outcome_bad_answer(const oktai_answer *answer, oktai_effect effect, okta_error *cause)
{
    bool write = effect != OKTAI_EFFECT_READ;
    oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL,
                               .status = write ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_PROTOCOL,
                               .retryable = write && effect != OKTAI_EFFECT_CREATE};
    okta_error *error = make_error(answer, &decision, okta_error_message(cause));
    okta_free(cause);
    return error;
}
