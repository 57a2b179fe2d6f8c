/* SPDX-License-Identifier: Apache-2.0 */
/* From an answer to an error object: everything the server said, in one place. */
#include <string.h>

#include "client/error_answer.h"
#include "client/outcome.h"
#include "client/word.h"
#include "core/arena.h"
#include "core/error.h"
#include "models/error.h"
#include "okta/models/error.h"
#include "json/engine.h"

/* What is put into the message. All borrowed. */
typedef struct answer_words {
    const char *code;
    const char *summary;
    const char *reason;
    const char *cause;
    const char *scope; /* that the token lacks */
    size_t causes;
    const char *description; /* of an answer that is not Okta's */
} answer_words;

static const char *extra_text(const okta_error_body *document, const char *name)
{
    const okta_member *extra = oktai_extra_find(&document->model, name);
    return extra == NULL ? NULL : extra->text;
}

/* Okta's error document, or that of the OAuth endpoints (RFC 6749, section 5.2). NULL: neither, or no memory
 * or no time. What a gateway says in a document of its own is no code and no summary. */
static okta_error_body *take_document(const oktai_answer *answer, bool own, answer_words *told)
{
    void *model = NULL;
    okta_error *error =
        oktai_engine_decode(&oktai_error_body_model, &answer->response->body, &answer->watch, &model, NULL);
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

/* Which scope is missing, and which ones there are: `: the scope a.manage is missing (the client asks for
 * a.read, as OKTA_CLIENT_SCOPES says)`. */
static void write_scope(oktai_buffer *out, const oktai_answer *answer, const char *scope)
{
    oktai_buffer_printf(out, ": the scope %.200s is missing", scope);
    if (answer->scopes != NULL) {
        oktai_buffer_printf(out, " (the client asks for %.300s%s%.200s%s)", answer->scopes,
                            answer->scopes_place == NULL ? "" : ", as ",
                            answer->scopes_place == NULL ? "" : answer->scopes_place,
                            answer->scopes_place == NULL ? "" : " says");
    }
}

static void write_message(oktai_buffer *out, const oktai_answer *answer, const oktai_decision *decision,
                          const answer_words *told)
{
    okta_status status = decision->status;
    oktai_buffer_add_text(out, answer->name);
    if (answer->page > 1) {
        oktai_buffer_printf(out, ": page %u", answer->page);
    }
    if (status == OKTA_E_OUTCOME_UNKNOWN) {
        oktai_buffer_add_text(out, ": the outcome is unknown");
    }
    if (told->scope != NULL) {
        write_scope(out, answer, told->scope);
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
    if (status == OKTA_E_AUTH && told->reason == NULL && answer->token_doubt != NULL) {
        oktai_buffer_printf(out, "; %s", answer->token_doubt);
    }
    if (decision->unfunded) {
        oktai_buffer_add_text(out, "; not repeated, as the client's retry budget is used up");
    }
}

/* A copy in the error, unless nothing is hidden and the text stays where it is as long as the error. */
static const char *keep_hidden(okta_error *error, oktai_redactor *redactor, const char *text)
{
    const char *hidden = text == NULL ? NULL : oktai_redactor_hide(redactor, text);
    return hidden == text ? text : oktai_arena_strdup(oktai_root_arena(error), hidden);
}

static bool copy_causes(okta_error *error, oktai_error_answer *said, oktai_redactor *redactor,
                        const okta_error_body *document)
{
    size_t count = document->error_causes_count;
    const char **causes = oktai_arena_array(oktai_root_arena(error), count, sizeof *causes);
    if (causes == NULL && count > 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *cause = document->error_causes[i]->error_summary;
        causes[i] = keep_hidden(error, redactor, cause);
        if (cause != NULL && causes[i] == NULL) {
            return false;
        }
    }
    said->causes = causes;
    said->cause_count = count;
    return true;
}

static bool copy_told(okta_error *error, oktai_error_answer *said, const oktai_answer *answer,
                      const answer_words *told, oktai_redactor *redactor, const okta_error_body *document)
{
    oktai_arena *arena = oktai_root_arena(error);
    const char *id = oktai_response_id(answer->response);
    /* An id with a secret in it is none. */
    id = id != NULL && oktai_redactor_hide(redactor, id) == id ? id : NULL;
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
        said->id = keep_hidden(error, redactor, document->error_id);
        return (said->id != NULL) == (document->error_id != NULL) &&
               copy_causes(error, said, redactor, document);
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
    if (document == NULL && !oktai_buffer_give(body, oktai_root_arena(error))) {
        return false;
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

/* The scope that a refusal names (RFC 6750, section 3.1); NULL: it is about something else. */
static const char *missing_scope(const oktai_answer *answer, oktai_redactor *redactor)
{
    const char *error = oktai_word_challenge(answer->response, NULL, "error");
    const char *scope = error != NULL && strcmp(error, "insufficient_scope") == 0
                            ? oktai_word_challenge(answer->response, redactor, "scope")
                            : NULL;
    return scope == NULL || *scope == '\0' ? NULL : scope;
}

/* What the answer says, by Okta or by something else. The words live as long as `description`, the response
 * and the document, which is returned; nullable. */
static okta_error_body *read_answer(const oktai_answer *answer, oktai_redactor *redactor, answer_words *told,
                                    oktai_buffer *description)
{
    bool own = oktai_word_is_own(answer->response);
    if (!own) {
        oktai_word_describe(description, answer->response, redactor);
        told->description = description->length > 0 && !description->failed ? description->data : NULL;
    }
    okta_error_body *document = answer->response->body.length > 0 ? take_document(answer, own, told) : NULL;
    if (told->code == NULL && told->summary == NULL) {
        told->code = own ? oktai_word_challenge(answer->response, redactor, "error") : NULL;
        told->summary = oktai_word_challenge(answer->response, redactor, "error_description");
    }
    told->scope = missing_scope(answer, redactor);
    return document;
}

/* Hide what the call must not show, before anything is cut: a secret that was cut is not found any more. */
static bool hide_words(oktai_redactor *redactor, answer_words *told)
{
    const char **const words[] = {&told->code, &told->summary, &told->reason, &told->cause, &told->scope};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (*words[i] != NULL && (*words[i] = oktai_redactor_hide(redactor, *words[i])) == NULL) {
            return false;
        }
    }
    return true;
}

static okta_error *new_error(const oktai_answer *answer, const oktai_decision *decision,
                             oktai_redactor *redactor, answer_words *told)
{
    if (!hide_words(redactor, told)) {
        return oktai_error_nomem();
    }
    oktai_buffer message = {0};
    write_message(&message, answer, decision, told);
    const char *hidden = message.failed ? NULL : oktai_redactor_hide(redactor, message.data);
    okta_error *error =
        hidden == NULL ? oktai_error_nomem() : oktai_error_new(decision->status, "%s", hidden);
    oktai_buffer_clear(&message);
    return error;
}

static okta_error *make_hidden(const oktai_answer *answer, const oktai_decision *decision, const char *reason,
                               oktai_redactor *redactor)
{
    answer_words told = {.reason = reason};
    const char *data = answer->response->body.data;
    size_t length = answer->response->body.length;
    oktai_buffer description = {0};
    bool known = oktai_redactor_of(redactor, &answer->secrets);
    okta_error_body *document =
        known && reason == NULL ? read_answer(answer, redactor, &told, &description) : NULL;
    okta_error *error =
        known && !description.failed ? new_error(answer, decision, redactor, &told) : oktai_error_nomem();
    oktai_buffer_clear(&description);
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
    if (said == NULL || !copy_told(error, said, answer, &told, redactor, document) ||
        !keep_body(error, said, answer, document, data, length)) {
        okta_free(error);
        return no_memory(decision);
    }
    return error;
}

static okta_error *make_error(const oktai_answer *answer, const oktai_decision *decision, const char *reason)
{
    oktai_redactor redactor = {0};
    okta_error *error = make_hidden(answer, decision, reason, &redactor);
    oktai_redactor_clear(&redactor);
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
                               .retryable = write && !oktai_effect_is_once(effect)};
    okta_error *error = make_error(answer, &decision, okta_error_message(cause));
    okta_free(cause);
    return error;
}
