/* SPDX-License-Identifier: Apache-2.0 */
/* The request's body, of any kind that a row may have. */
#ifndef OKTA_CLIENT_BODY_H
#define OKTA_CLIENT_BODY_H

#include "client/operation.h"
#include "core/clock.h"
#include "core/redaction.h"

/* Zeroed there is none. */
typedef struct oktai_request_body {
    bool present;
    oktai_buffer text;
    const char *type;      /* its Content-Type, as a header line */
    const void *model;     /* that it was made from, borrowed until the call has run; NULL: none */
    void *copy;            /* of that, of one's own; NULL: none */
    bool names_client;     /* a form that says which OAuth 2.0 client it comes from */
    oktai_secrets secrets; /* see client/secrets.h */
} oktai_request_body;

/* Write the body argument of an operation. What the body needs lies in the arena; the clock gives chance.
 * Errors: OKTA_E_ARG, OKTA_E_NOMEM, those of the row's check. */
okta_error *oktai_body_write(oktai_request_body *body, const oktai_operation *operation, const void *argument,
                             oktai_arena *arena, const oktai_clock *clock);

/* Write a JSON document as it is, once it is found to be one. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_body_write_json(oktai_request_body *body, const char *json);

/* Do without what the body was made from, as far as anybody asks for it later. Errors: OKTA_E_NOMEM. */
okta_error *oktai_body_keep(oktai_request_body *body, const oktai_operation *operation);

void oktai_body_clear(oktai_request_body *body);

#endif
