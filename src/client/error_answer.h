/* SPDX-License-Identifier: Apache-2.0 */
/* What the server said, as a part of an error: its HTTP status, its error document and its body. */
#ifndef OKTA_CLIENT_ERROR_ANSWER_H
#define OKTA_CLIENT_ERROR_ANSWER_H

#include <stddef.h>

/* Lives in the error's arena. What is absent is NULL or 0. */
typedef struct oktai_error_answer {
    int http_status;
    const char *code;
    const char *summary;
    const char *id;
    const char *request_id;
    const struct okta_error_body *document; /* owned by the error */
    const char *const *causes;
    size_t cause_count;
    const char *body;
    size_t body_length;
} oktai_error_answer;

#endif
