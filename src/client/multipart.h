/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of multipart/form-data (RFC 7578). */
#ifndef OKTA_CLIENT_MULTIPART_H
#define OKTA_CLIENT_MULTIPART_H

#include "client/operation.h"
#include "core/redaction.h"

#define OKTAI_BOUNDARY_SIZE 33

/* Append the body for a model, with the uploads of the operation. `boundary` is a text that nobody else can
 * foresee. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_multipart_write(const oktai_operation *operation, const void *model, const char *boundary,
                                  oktai_secrets *secrets, oktai_buffer *out);

#endif
