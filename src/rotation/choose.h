/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation that begins replaces, and whether there is room for the new one. */
#ifndef OKTA_ROTATION_CHOOSE_H
#define OKTA_ROTATION_CHOOSE_H

#include "rotation/policy.h"

/* The first record, with that revision unless there is one before. `before` is nullable: a rotation that only
 * waits to delete what it replaced, which the new one takes over. `name` is that of the new one. Errors:
 * OKTA_E_CONFLICT, OKTA_E_NOT_FOUND, OKTA_E_NOMEM.
 */
okta_error *oktai_rotation_first(const okta_rotation_options *options, const okta_rotation_record *before,
                                 const oktai_seen *seen, const char *name, int64_t revision, int64_t now_s,
                                 okta_rotation_record **out);

/* Why none can begin; NULL: one can. Errors: OKTA_E_CONFLICT, OKTA_E_NOT_FOUND. */
okta_error *oktai_rotation_refuse(const okta_rotation_options *options, const oktai_seen *seen);

#endif
