/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP proofs of a client, and what answers tell about the time and the nonces that go into them. */
#ifndef OKTA_CLIENT_PROOF_H
#define OKTA_CLIENT_PROOF_H

#include "client/call.h"

/* The org's time as far as the client knows it, in seconds since 1970. */
int64_t oktai_client_time_s(okta_client *client);

/* Keep the Date and the DPoP-Nonce of an answer. `nonce` is where the client keeps the nonces of such
 * answers. True: that nonce differs from `used`, so that another proof may do better. */
bool oktai_proof_learn(okta_client *client, const oktai_response *response, char nonce[OKTAI_DPOP_NONCE_SIZE],
                       const char *used);

/* Append the header line with a fresh proof. Where the proof is for the token endpoint, `token` is NULL.
 * `nonce` receives the one it is made with. Errors: as oktai_dpop_write(). */
okta_error *oktai_proof_write(okta_client *client, const oktai_token *token, const char *method,
                              const char *url, char nonce[OKTAI_DPOP_NONCE_SIZE], oktai_buffer *out);

/* The nonce of a call's latest proof; "": it had none, or none without a nonce. */
const char *oktai_proof_nonce(const okta_call *call);

/* Append the header line with a fresh proof for the request of a call; `token` as above. Errors: as
 * oktai_proof_write(). */
okta_error *oktai_proof_of_call(okta_call *call, const oktai_token *token, oktai_buffer *out);

/* Whether requests carry proofs. */
bool oktai_proof_is_needed(okta_client *client);

/* The org asks for proofs: from here on each request has one. Errors: those of oktai_dpop_key_new(). */
okta_error *oktai_proof_begin(okta_client *client);

#endif
