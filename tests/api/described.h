/* SPDX-License-Identifier: Apache-2.0 */
/* What an operation requires, as JSON, from the table of the stand-in org. */
#ifndef OKTA_TESTS_API_DESCRIBED_H
#define OKTA_TESTS_API_DESCRIBED_H

#include <cjson/cJSON.h>

#include "mock_operation.h"

/* An app that signs in with a secret in the form, for its token. */
#define FORM_APP    "0oa3formapp000000g4"
#define FORM_SECRET "Canary-secret-of-the-form-app"

/* The body of a request with all that is required and, where the client chooses the id of what it creates,
 * the id "chosen". For cJSON_Delete(). */
cJSON *described_body(const mock_operation *row);

/* Add the required ones of `rows`, the query parameters or headers of an operation; nullable. */
void described_params(cJSON *params, const char *const *rows);

#endif
