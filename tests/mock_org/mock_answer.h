/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An answer while it is being made: status, header lines and body, all of them its own. Functions that run
 * out of memory mark the answer `broken`; the connection is then closed without it, so callers need not look.
 */
#ifndef OKTA_TESTS_MOCK_ORG_ANSWER_H
#define OKTA_TESTS_MOCK_ORG_ANSWER_H

#include "mock_text.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct mock_answer {
    unsigned status;
    char *body; /**< NULL: none */
    size_t body_length;
    char **headers; /**< "Name: value" lines */
    size_t header_count;
    size_t cut_body_at; /**< send only this many bytes of the announced body; 0: all */
    bool broken;        /**< memory is out */
    bool drop;          /**< close the connection instead of answering */
} mock_answer;

/** What Okta's error codes stand for here; the sentences are the mock's own. */
typedef struct mock_refusal {
    unsigned status;
    const char *code;
    const char *summary;
} mock_refusal;

void mock_answer_clear(mock_answer *answer);

/** Add a "Name: value" line. */
void mock_answer_header(mock_answer *answer, const char *format, ...) MOCK_PRINTF(2, 3);
/** Whether there is a line of the header that `line` names. */
bool mock_answer_has_header(const mock_answer *answer, const char *line);
/** Take out every line of the header that `line` names. */
void mock_answer_drop_header(mock_answer *answer, const char *line);
/** The length of the name in a "Name: value" line, without the colon; 0 when there is none. */
size_t mock_header_name_length(const char *line);
/** The value in a "Name: value" line, without the blanks before it. */
const char *mock_header_value(const char *line);

/** Make `body` (copied) the body. */
void mock_answer_body(mock_answer *answer, const char *body);
/** Answer with `json`, which is released. NULL: memory is out. */
void mock_answer_json(mock_answer *answer, unsigned status, cJSON *json);

/**
 * Answer with an error body: the members Okta's have, in its order.
 * @param error_id unique to this answer
 * @param cause the only entry of errorCauses; NULL for none
 */
void mock_answer_error(mock_answer *answer, unsigned status, const char *code, const char *summary,
                       const char *error_id, const char *cause);
/** The code and words for an error status; one entry serves all that have no code of their own. */
mock_refusal mock_refusal_of(unsigned status);

#endif
