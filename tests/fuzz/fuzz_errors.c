/* SPDX-License-Identifier: Apache-2.0 */
/* The input is an answer that is no success: two bytes choose its status and how it is taken, then come its
 * header lines, an empty line, and its body. */
#include <stdlib.h>
#include <string.h>

#include "client/outcome.h"
#include "client/word.h"
#include "core/error.h"
#include "fuzz/fuzz.h"
#include "okta/models/error.h"

/* What the transport leaves behind. */
static void receive(oktai_response *response, fuzz_input *input)
{
    fuzz_text line = fuzz_line(input);
    while (line.length > 0) {
        FUZZ_CHECK(oktai_headers_add_line(&response->headers, line.text, line.length));
        free(line.text);
        line = fuzz_line(input);
    }
    free(line.text);
    fuzz_text body = fuzz_rest(input);
    FUZZ_CHECK(body.length == 0 || oktai_buffer_append(&response->body, body.text, body.length));
    free(body.text);
}

/* What a document says that is not Okta's own is no word of the error. */
static void check_document(const okta_error *error, bool own)
{
    const okta_error_body *document = okta_error_document(error);
    if (document == NULL) {
        FUZZ_CHECK(okta_error_id(error) == NULL && okta_error_cause_count(error) == 0);
        return;
    }
    FUZZ_CHECK(okta_error_id(error) == document->error_id);
    FUZZ_CHECK(okta_error_cause_count(error) == document->error_causes_count);
    FUZZ_CHECK(!own || document->error_code == NULL ||
               strcmp(okta_error_code(error), document->error_code) == 0);
    FUZZ_CHECK(!own || document->error_summary == NULL ||
               strcmp(okta_error_summary(error), document->error_summary) == 0);
}

static void check_error(okta_error *error, bool own, okta_status status, int http_status, size_t body_length)
{
    size_t length = 0;
    const char *id = okta_error_request_id(error);
    okta_error_response_body(error, &length);
    FUZZ_CHECK(length == body_length);
    FUZZ_CHECK(okta_error_http_status(error) == http_status);
    FUZZ_CHECK(okta_error_attempts(error) == 3);
    FUZZ_CHECK(id == NULL || strpbrk(id, " \t\r\n") == NULL);
    FUZZ_CHECK(strncmp(okta_error_message(error), "getJwk", 6) == 0);
    check_document(error, own);
    FUZZ_CHECK(fuzz_take(error) == status);
}

/* A part of a challenge is in one of its headers. */
static void check_challenge(oktai_response *response)
{
    const char *value = oktai_word_challenge(response, NULL, "error");
    const char *header = oktai_headers_get(&response->headers, "WWW-Authenticate", 0);
    FUZZ_CHECK(value == NULL || (header != NULL && strchr(value, '"') == NULL));
}

/* Whose word an answer is has one answer, and a description is short and without markup. */
static void check_word(oktai_response *response)
{
    oktai_buffer text = {0};
    oktai_attempt attempt = {.failure = OKTA_OK, .http_status = response->http_status};
    oktai_word_judge(response, &attempt);
    bool judged = response->http_status >= 400 && response->http_status <= 499;
    FUZZ_CHECK(!judged || attempt.foreign == !oktai_word_is_own(response));
    FUZZ_CHECK(judged || (!attempt.foreign && attempt.refused == OKTA_OK));
    oktai_redactor redactor = {0};
    oktai_word_describe(&text, response, &redactor);
    oktai_redactor_clear(&redactor);
    FUZZ_CHECK(text.length <= 300 && (text.length == 0 || strpbrk(text.data, "<>\n") == NULL));
    oktai_buffer_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {400, 401, 403, 404, 408, 409, 429, 500, 503, 206, 302, 599};
    static const oktai_effect effects[] = {OKTAI_EFFECT_READ, OKTAI_EFFECT_REPLACE, OKTAI_EFFECT_CREATE};
    fuzz_input input = {data, size};
    oktai_response response = {.http_status = statuses[fuzz_choice(&input, COUNT(statuses))]};
    int http_status = response.http_status;
    size_t how = fuzz_choice(&input, COUNT(effects) + 1);
    receive(&response, &input);
    check_challenge(&response);
    check_word(&response);
    size_t body_length = response.body.length;
    bool own = oktai_word_is_own(&response);
    oktai_answer answer = {.name = "getJwk", .response = &response, .attempts = 3};
    if (how == 0) {
        oktai_attempt attempt = {.failure = OKTA_OK, .http_status = http_status};
        oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL,
                                   .status = oktai_status_of_http(http_status)};
        FUZZ_CHECK(decision.status != OKTA_OK);
        check_error(oktai_outcome_error(&answer, &decision, &attempt), own, decision.status, http_status,
                    body_length);
    } else {
        oktai_effect effect = effects[how - 1];
        okta_error *cause = oktai_error_new(OKTA_E_PROTOCOL, "it makes no sense");
        check_error(oktai_outcome_bad_answer(&answer, effect, cause), own,
                    effect == OKTAI_EFFECT_READ ? OKTA_E_PROTOCOL : OKTA_E_OUTCOME_UNKNOWN, http_status,
                    body_length);
    }
    oktai_response_clear(&response);
    return 0;
}
