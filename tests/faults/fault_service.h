/* SPDX-License-Identifier: Apache-2.0 */
/* A service app in the fault table. Its client asks the server for tokens, and what the server hears in all
 * is told by a trace, a word for each request in the order of arrival:
 *
 *   T    a request for a token
 *   Tk   ... whose assertion has a kid; told only where nobody chose it
 *   C1   the operation's, with the token that ends in 1
 *   P1   a good call before it or afterwards
 *   T/ C1/ P1/    ... with a DPoP proof without a nonce
 *   C1/n1         ... with this nonce, C1/256 with one of so many bytes
 *   T@-600        an assertion that is dated so many seconds off the first one's date; where the row is dated
 *
 * Every assertion and every proof must be another one. */
#ifndef OKTA_TESTS_FAULTS_FAULT_SERVICE_H
#define OKTA_TESTS_FAULTS_FAULT_SERVICE_H

#include "faults/fault_table.h"

#define FAULT_TOKEN_PATH "/oauth2/v1/token"
/* What all tokens begin with; the rest is one letter. */
#define FAULT_ISSUED "Canary-token-"

#define FAULT_MEASURED "Content-Length: $\r\n\r\n"
#define FAULT_TOKEN_BODY(type, id)                                                                           \
    "{\"token_type\":\"" type "\",\"expires_in\":3600,\"access_token\":\"" FAULT_ISSUED id "\"}"

/* Make the key of the app, and let it go. */
void fault_service_begin(void);
void fault_service_end(void);

void fault_service_set_options(fault_bench *bench);
/* What the token endpoint answers once the row's own answers are used up: token 9. */
const fault_step *fault_service_rest(const fault_row *row);
/* What the credential of its calls begins with. */
const char *fault_service_scheme(const fault_row *row);
/* How many words of the row's trace begin with the letter. */
unsigned fault_service_count(const fault_row *row, char letter);
/* Compare the trace and the time with the row's, once the server is finished. */
void fault_service_check(const fault_bench *bench, fault_seen *seen);

#endif
