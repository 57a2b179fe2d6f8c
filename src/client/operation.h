/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that describe operations to the pipeline. An endpoint is a row and a five-line function. */
#ifndef OKTA_CLIENT_OPERATION_H
#define OKTA_CLIENT_OPERATION_H

#include "core/arena.h"
#include "core/buffer.h"
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

typedef struct okta_operation okta_operation;

/* Whether something in the org is what a create asked for. */
typedef enum okta_finding {
    OKTA_FINDING_NO,    /* it is something else */
    OKTA_FINDING_SAME,  /* it is */
    OKTA_FINDING_OTHER, /* it has its name and is something else */
} okta_finding;

/* How a create whose answer was lost is settled: rules W0 to W5. */
typedef struct okta_settlement {
    bool repeatable; /* the org refuses a second one of the same name, so that it may be sent again */
    bool (*names)(const void *request);                              /* whether it can be found again */
    okta_finding (*compare)(const void *request, const void *found); /* with one that was found */
    void (*describe)(const void *request, okta_buffer *out);         /* its name, for the error's message */
} okta_settlement;

struct okta_operation {
    const char *name; /* Okta's operationId */
    okta_method method;
    okta_effect effect;
    const char *path;                        /* with {placeholders} */
    const okta_descriptor *request;          /* NULL: it takes no body */
    bool body_optional;                      /* the body may be left out */
    okta_error *(*check)(const void *model); /* nullable: refuses a body before any I/O */
    /* nullable: gives a body what it lacks, as a copy in the arena in place of `*model`, before the check */
    okta_error *(*complete)(okta_arena *arena, const void **model);
    const okta_descriptor *response;   /* NULL: it has no result */
    const okta_settlement *settlement; /* nullable; CREATE */
    const okta_operation *list;        /* with a settlement: reads what is at the same path */
    const okta_operation *state; /* LIFECYCLE, nullable: reads the object at the path before /lifecycle/ */
    const char *target_state;    /* ... whose `status` then is this */
};

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
