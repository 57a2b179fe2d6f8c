/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of a rotation. */
#ifndef OKTA_ROTATION_DEEDS_H
#define OKTA_ROTATION_DEEDS_H

#include "rotation/seen.h"

/* List what the app holds. NULL: out of memory. */
okta_call *oktai_deed_list(const okta_rotation_options *options);
/* Take the answer. A secret that the journal calls `name` (nullable) goes into `credential`. Errors: as
 * oktai_seen_keys(). */
okta_error *oktai_deed_take_list(okta_call *call, okta_rotation_kind kind, const char *name,
                                 oktai_credential *credential, oktai_seen **out);

/* Add the new one. `*out_body` is a root, or NULL, that the call needs until it is submitted. Errors: as
 * oktai_credential_to_jwk(). */
okta_error *oktai_deed_add(const okta_rotation_options *options, const oktai_credential *credential,
                           void **out_body, okta_call **out);
/* Take its answer into `seen`. Errors: OKTA_E_NOMEM, OKTA_E_PROTOCOL (it has no id). */
okta_error *oktai_deed_take_added(okta_call *call, okta_rotation_kind kind, const char *name,
                                  oktai_seen *seen);

/* ACTIVATE, DEACTIVATE or DELETE something at the org. NULL: out of memory. */
okta_call *oktai_deed_change(const okta_rotation_options *options, okta_rotation_step step, const char *id);

/* Prove the new one without the program: log in with it, or get an encryption key by its id. Errors: as
 * oktai_credential_app(). */
okta_error *oktai_deed_prove(const okta_rotation_options *options, const oktai_credential *credential,
                             const char *id, okta_call **out);
/* What came of it. Takes `error`. NULL: the org knows the credential. It does not: of a login OKTA_E_AUTH, of
 * an encryption key OKTA_E_CONFLICT. */
okta_error *oktai_deed_judge(okta_call *call, const oktai_credential *credential, okta_rotation_kind kind,
                             okta_error *error);

#endif
