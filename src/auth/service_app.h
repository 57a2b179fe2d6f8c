/* SPDX-License-Identifier: Apache-2.0 */
/* A service app: who asks the org for access tokens, for what, where, and with which credential. */
#ifndef OKTA_AUTH_SERVICE_APP_H
#define OKTA_AUTH_SERVICE_APP_H

#include <stdbool.h>

#include "auth/assertion_file.h"
#include "auth/signer.h"
#include "core/buffer.h"
#include "core/process.h"
#include "core/redaction.h"

/* The path of the org's token endpoint. */
#define OKTAI_TOKEN_PATH "/oauth2/v1/token"

/* The credential is a private key or a ready assertion (RFC 7523, section 2.2), or a secret (RFC 6749,
 * section 2.3.1). What several threads see never changes: another credential makes another one. */
typedef struct oktai_service_app {
    const char *client_id;
    const char *scopes;
    const char *scopes_place; /* the variable, or file and line, that they come from; NULL: the program */
    const char *token_url;

    const oktai_assertion_file *assertion_file; /* NULL: the credential is something else */

    okta_signer *signer; /* of the private key; NULL: the credential is something else */
    const char
        *kid_source; /* where the signer's kid was given, for messages; NULL: the program made the signer */
    const char *audience;
    const char *assertion_type; /* nullable */

    const char *authorization; /* client_secret_basic: the header line; else NULL */
    const char *secret;        /* client_secret_post: goes into the form; else NULL */

    oktai_process owner;   /* of one that was made by oktai_service_app_like() */
    oktai_secrets secrets; /* of its credential, that no text shows */
} oktai_service_app;

/* One that is as `who` and has no credential yet: a root, which lets its signer go. `who` and its texts live
 * longer. NULL: out of memory. */
oktai_service_app *oktai_service_app_like(const oktai_service_app *who);

/* How the client told who it is, without a secret. */
typedef struct oktai_identity_sent {
    bool without_kid; /* the assertion at hand has no kid although the signer has one */
    bool both_ways;   /* the assertion before it was sent the other way */
} oktai_identity_sent;

/* Append that for people, as in `kid "k1" of the JWK` or `client_secret_basic`. */
void oktai_service_app_describe(const oktai_service_app *app, oktai_identity_sent sent, oktai_buffer *out);

#endif
