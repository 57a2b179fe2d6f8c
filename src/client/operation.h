/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that describe operations to the pipeline. An endpoint is a row and a five-line function. */
#ifndef OKTA_CLIENT_OPERATION_H
#define OKTA_CLIENT_OPERATION_H

#include "http/retry.h"
#include "okta/call.h"
#include "json/descriptor.h"

typedef enum okta_method {
    OKTA_METHOD_GET,
    OKTA_METHOD_POST,
    OKTA_METHOD_PUT,
    OKTA_METHOD_PATCH,
    OKTA_METHOD_DELETE,
} okta_method;

typedef struct okta_operation {
    const char *name; /* Okta's operationId */
    okta_method method;
    okta_effect effect;
    const char *path;                        /* with {placeholders} */
    const okta_descriptor *request;          /* NULL: it takes no body */
    bool body_optional;                      /* the body may be left out */
    okta_error *(*check)(const void *model); /* nullable: refuses a body before any I/O */
    const okta_descriptor *response;         /* NULL: it has no result */
} okta_operation;

/* "GET" and so on. */
const char *okta_method_name(okta_method method);

/* `ids`: one for each placeholder. `model`: of the row's request type. */
okta_call *okta_operation_call(okta_client *client, const okta_operation *operation, const char *const *ids,
                               const void *model);
/* The same, run in the calling thread. `out`: address of a pointer; NULL for an operation without a result.
 */
okta_error *okta_operation_run(okta_client *client, const okta_operation *operation, const char *const *ids,
                               const void *model, void *out);

#endif
