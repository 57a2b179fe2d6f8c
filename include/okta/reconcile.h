/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What became of a write that ended with ::OKTA_E_OUTCOME_UNKNOWN. okta_add_jwk() asks the org itself as long
 * as its deadline allows; what is here finishes later, also in another process.
 */
#ifndef OKTA_RECONCILE_H
#define OKTA_RECONCILE_H

#include "okta/client.h"
#include "okta/common.h"
#include "okta/error.h"
#include "okta/models/oauth2_client_jwk.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Find out whether okta_add_jwk() added a key: the kid names it, and its public members tell whether it is
 * the one that was sent. Nothing is changed. Where okta_add_jwk() after it says that the org has the `kid`
 * already, the lost request has come through meanwhile: ask once more.
 *
 * HTTP: GET /api/v1/apps/{appId}/credentials/jwks (listJwk). Scope: okta.apps.read.
 *
 * @param[in]  client required.
 * @param[in]  app_id required.
 * @param[in]  key    what was sent. Without a `kid` the RFC 7638 thumbprint is meant, as in okta_add_jwk().
 * @param[out] out    the key as the org holds it; the caller's. NULL after an error.
 * @return NULL: the org has the key; ::OKTA_E_ARG (NULL, or no usable public key); ::OKTA_E_NOT_FOUND: it
 * does not, so that okta_add_jwk() may be called again (the org itself refuses a second key of one kid,
 * should the lost request still arrive);
 *         ::OKTA_E_CONFLICT: it has another key of that kid; ::OKTA_E_PROTOCOL: it lists a key of that kid
 *         without its numbers, or the key without an id; or the failure of the list.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_reconcile_jwk(okta_client *client, const char *app_id,
                                                        const okta_oauth2_client_jwk_request *key,
                                                        okta_oauth2_client_jwk **out);

#ifdef __cplusplus
}
#endif
#endif
