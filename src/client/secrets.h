/* SPDX-License-Identifier: Apache-2.0 */
/* What a call sends and nobody is to see: neither an error nor a log event shows it, though the server or a
 * proxy sends it back. */
#ifndef OKTA_CLIENT_SECRETS_H
#define OKTA_CLIENT_SECRETS_H

#include "core/redaction.h"
#include "http/exchange.h"
#include "okta/client.h"

/* The secrets of one call, all borrowed. A member is NULL where there is none. */
typedef struct oktai_call_secrets {
    const oktai_secrets *client; /* what the client was made with */
    const oktai_secrets *body;   /* secret members of the request body */
    const oktai_secrets *sent;   /* what was made for the requests of the attempt at hand */
    const char *token;           /* the access token */
    const oktai_secrets *app;    /* the service app's credential */
} oktai_call_secrets;

/* Make them known. False: out of memory. */
bool oktai_redactor_of(oktai_redactor *redactor, const oktai_call_secrets *secrets);

/* The same, and hide them in one text. `redactor` is zeroed, and cleared by the caller when the text is no
 * longer used. NULL, or a text that says nothing: out of memory. */
const char *oktai_hide_or_nothing(oktai_redactor *redactor, const oktai_call_secrets *secrets,
                                  const char *text);

/* What a client is made with: its token or client secret, and the password in the URL of its proxy ("":
 * none). False: out of memory. */
bool oktai_secrets_of_client(oktai_secrets *secrets, const okta_client_options *options, const char *proxy);

/* A client secret, in each form that is sent. False: out of memory. */
bool oktai_secrets_of_client_secret(oktai_secrets *secrets, const char *client_secret);

/* Add a secret's percent-encoded form, where it has another one: a text that escapes what it sends back has
 * one escape within another. False: out of memory. */
bool oktai_secrets_add_encoded(oktai_secrets *secrets, const char *secret);

/* What is made anew for a request: a proof, a client assertion, a credential of the Basic scheme. False: out
 * of memory. */
bool oktai_secrets_of_request(oktai_secrets *secrets, const oktai_request *request);

/* The values of secret members in the JSON body of a raw request, by their names. False: out of memory. */
bool oktai_secrets_of_raw_body(oktai_secrets *secrets, const char *json, size_t length);

/* The values of query parameters that a path brings with it, by their names. False: out of memory. */
bool oktai_secrets_of_target(oktai_secrets *secrets, const char *target);

#endif
