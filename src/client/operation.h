/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that describe operations to the pipeline. An endpoint is a row and a five-line function. */
#ifndef OKTA_CLIENT_OPERATION_H
#define OKTA_CLIENT_OPERATION_H

#include "core/arena.h"
#include "core/buffer.h"
#include "http/retry.h"
#include "okta/call.h"
#include "json/descriptor.h"

typedef enum oktai_method {
    OKTAI_METHOD_GET,
    OKTAI_METHOD_POST,
    OKTAI_METHOD_PUT,
    OKTAI_METHOD_PATCH,
    OKTAI_METHOD_DELETE,
} oktai_method;

typedef struct oktai_operation oktai_operation;

/* The most statuses of 2xx that an operation answers with. */
#define OKTAI_GOOD_STATUSES 2u

/* Whether something in the org is what a create asked for. */
typedef enum oktai_finding {
    OKTAI_FINDING_NO,    /* it is something else */
    OKTAI_FINDING_SAME,  /* it is */
    OKTAI_FINDING_OTHER, /* it has its name and is something else */
} oktai_finding;

/* What the org has to be asked, and how its objects are compared, to settle a create whose answer was lost.
 * The rules are in docs/failures.md. */
typedef struct oktai_settlement {
    bool repeatable; /* the org refuses a second one of the same name, so that it may be sent again */
    bool (*names)(const void *request);                               /* whether it can be found again */
    oktai_finding (*compare)(const void *request, const void *found); /* with one that was found */
    void (*describe)(const void *request, oktai_buffer *out);         /* its name, for the error's message */
} oktai_settlement;

struct oktai_operation {
    const char *name; /* Okta's operationId */
    oktai_method method;
    oktai_effect effect;
    const char *path;                        /* with {placeholders} */
    int good_statuses[OKTAI_GOOD_STATUSES];  /* of 2xx that Okta answers with; none: any */
    const okta_descriptor *request;          /* NULL: it takes no body */
    bool body_optional;                      /* the body may be left out */
    okta_error *(*check)(const void *model); /* nullable: refuses a body before any I/O */
    /* nullable: gives a body what it lacks, as a copy in the arena in place of `*model`, before the check */
    okta_error *(*complete)(oktai_arena *arena, const void **model);
    const okta_descriptor *response;    /* NULL: it has no result */
    const oktai_settlement *settlement; /* nullable; CREATE */
    const oktai_operation *list;        /* with a settlement: reads what is at the same path */
    const oktai_operation *state; /* LIFECYCLE, nullable: reads the object at the path before /lifecycle/ */
    const char *target_state;     /* ... whose `status` then is this */
};

/* "GET" and so on. */
const char *oktai_method_name(oktai_method method);

/* `ids`: one for each placeholder. `model`: of the row's request type. */
okta_call *oktai_operation_call(okta_client *client, const oktai_operation *operation, const char *const *ids,
                                const void *model);
/* The same, run in the calling thread. `out`: address of a pointer; NULL for an operation without a result.
 */
okta_error *oktai_operation_run(okta_client *client, const oktai_operation *operation, const char *const *ids,
                                const void *model, void *out);

#endif
