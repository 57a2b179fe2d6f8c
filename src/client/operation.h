/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that describe operations to the pipeline. An endpoint is a row and a five-line function. What many
 * operations have alike stands in tables that their rows share; what few have is behind a pointer. */
#ifndef OKTA_CLIENT_OPERATION_H
#define OKTA_CLIENT_OPERATION_H

#include "core/arena.h"
#include "core/buffer.h"
#include "http/retry.h"
#include "okta/call.h"
#include "okta/pages.h"
#include "json/descriptor.h"

typedef enum oktai_method {
    OKTAI_METHOD_GET,
    OKTAI_METHOD_POST,
    OKTAI_METHOD_PUT,
    OKTAI_METHOD_PATCH,
    OKTAI_METHOD_DELETE,
} oktai_method;

typedef struct oktai_operation oktai_operation;

/* What the body argument of an operation is, and how it is written. */
typedef enum oktai_body {
    OKTAI_BODY_NONE,      /* NULL */
    OKTAI_BODY_MODEL,     /* a model or a list of models, as JSON: `request` */
    OKTAI_BODY_JSON,      /* const char *: one JSON document */
    OKTAI_BODY_FORM,      /* a model, as application/x-www-form-urlencoded: `request` */
    OKTAI_BODY_MULTIPART, /* a model, as multipart/form-data: `request`, and `uploads` of oktai_wire */
    OKTAI_BODY_BYTES,     /* okta_bytes */
} oktai_body;

/* Who the request says it comes from. */
typedef enum oktai_security {
    OKTAI_SECURITY_TOKEN,  /* the client's API token or access token */
    OKTAI_SECURITY_NONE,   /* nobody */
    OKTAI_SECURITY_CLIENT, /* an OAuth 2.0 client: as its form says; where that names no client, the identity
                              of the service app that the okta_client is, if it is one */
} oktai_security;

/* The server of the request. */
typedef enum oktai_server {
    OKTAI_SERVER_ORG,
    OKTAI_SERVER_DRAPP, /* drapp.<host of the org> */
} oktai_server;

/* Bits of the HTTP statuses that Okta answers with. */
enum {
    OKTAI_STATUS_200 = 1,
    OKTAI_STATUS_201 = 2,
    OKTAI_STATUS_202 = 4,
    OKTAI_STATUS_204 = 8,
    OKTAI_STATUS_3XX = 16, /* a redirect, like any of 2xx; the result is an okta_location */
};

/* Flags of an operation. */
enum {
    OKTAI_OPERATION_BODY_OPTIONAL = 1, /* the body may be NULL */
    OKTAI_OPERATION_DEPRECATED = 2,
};

/* Flags of a row of a params struct. Zero: a query parameter; of a list, all values in one, between commas.
 */
enum {
    OKTAI_PARAM_HEADER = 1,   /* a request header */
    OKTAI_PARAM_REQUIRED = 2, /* its absence is an error */
    OKTAI_PARAM_REPEATED = 4, /* of a list: the key once for each value */
};

/* The params struct of an operation. Its rows have the kinds STRING, BOOL, INT, DOUBLE, ENUM, STRINGS and
 * ENUMS, and as JSON name that of the parameter. */
typedef struct oktai_params {
    const okta_descriptor *type;
    const uint8_t *flags; /* OKTAI_PARAM_..., one for each row of `type` */
} oktai_params;

/* A member of a multipart body that is a `const okta_upload *`. It has no row in `request`. */
typedef struct oktai_upload_row {
    const char *name; /* of the part */
    uint16_t offset;
    bool required;
} oktai_upload_row;

/* Media types, and what else of a request or an answer is not plain. */
typedef struct oktai_wire {
    const char *const *body_types;   /* of the body, NULL at the end; the first one is the default; NULL: that
                                        of   the kind of body */
    const char *const *answer_types; /* what `Accept` may ask for, NULL at the end; the first one is the
                                        default; NULL: application/json. The result of one that is not JSON is
                                        an okta_bytes */
    const oktai_upload_row *uploads; /* MULTIPART */
    size_t upload_count;
} oktai_wire;

/* How a list comes in pages. */
typedef struct oktai_paging {
    const okta_descriptor *item; /* the model of an item; &oktai_json_model: it has none */
    const char *member; /* of a page that is an object, the member that is the list; NULL: the only one */
    const char *cursor; /* of a page that is an object, where the value for `after` of the next page is: names
                           with dots between them, as in "metadata.after"; NULL: in a link */
    const char
        *endless_without; /* the list grows all the time, and its pages end only where this query parameter
                             limits them: without it an empty page is the last one. NULL: any list */
} oktai_paging;

/* Whether something in the org is what a create asked for. */
typedef enum oktai_finding {
    OKTAI_FINDING_NO,      /* it is something else */
    OKTAI_FINDING_SAME,    /* it is */
    OKTAI_FINDING_OTHER,   /* it has its name and is something else */
    OKTAI_FINDING_UNCLEAR, /* it has its name and does not show what it is */
} oktai_finding;

#define OKTAI_FINDINGS (OKTAI_FINDING_UNCLEAR + 1)

/* What the org has to be asked, and how its objects are compared, to settle a create whose answer was lost.
 * The rules are in docs/failures.md. */
typedef struct oktai_settlement {
    bool repeatable; /* the org refuses a second one of the same name, so that it may be sent again */
    bool (*names)(const void *request);                               /* whether it can be found again */
    oktai_finding (*compare)(const void *request, const void *found); /* with one that was found */
    void (*describe)(const void *request, oktai_buffer *out);         /* its name, for the error's message */
} oktai_settlement;

/* What looks at the org where the answer to a write was lost; see client/settle.h. */
typedef struct oktai_settler oktai_settler;
extern const oktai_settler oktai_write_settler;

/* What no description tells about an operation. All members are nullable. */
typedef struct oktai_care {
    okta_error *(*check)(const void *model); /* refuses a body before any I/O */
    /* gives a body what it lacks, as a copy in the arena in place of `*model`, before the check */
    okta_error *(*complete)(oktai_arena *arena, const void **model);
    const oktai_settler *settler;       /* &oktai_write_settler, where there is a settlement or a state */
    const oktai_settlement *settlement; /* CREATE */
    const oktai_operation *list;        /* with a settlement: reads what is at the same path */
    const oktai_operation *state;       /* STATE: reads the object at the path before /lifecycle/ */
    const char *target_state;           /* ... whose `status` then is this */
} oktai_care;

struct oktai_operation {
    const char *name;               /* Okta's operationId; the functions of one operation share it */
    const char *path;               /* with {placeholders} */
    const okta_descriptor *request; /* NULL: see `body` */
    /* The model of the result, or one of oktai_json_model, oktai_string_list_model, oktai_bytes_model,
     * oktai_location_model; NULL: it has none. */
    const okta_descriptor *response;
    const oktai_params *params; /* NULL: it has none */
    const char *const *scopes;  /* of OAuth 2.0, NULL at the end; NULL: none */
    const oktai_wire *wire;     /* NULL: JSON both ways */
    const oktai_paging *paging; /* NULL: it is no list, or comes in one page */
    const oktai_care *care;     /* nullable */
    uint8_t method;             /* oktai_method */
    uint8_t effect;             /* oktai_effect */
    uint8_t body;               /* oktai_body */
    uint8_t security;           /* oktai_security */
    uint8_t server;             /* oktai_server */
    uint8_t flags;              /* OKTAI_OPERATION_... */
    uint8_t statuses;           /* OKTAI_STATUS_...; 0: any of 2xx, as where no body is described */
    uint8_t empty_statuses;     /* those of `statuses` that bring no result, though the others do */
};

/* "GET" and so on. */
const char *oktai_method_name(oktai_method method);

/* What is known by hand about an operation; of most, nothing. */
const oktai_care *oktai_care_of(const oktai_operation *operation);

/* The text of an enum's value that goes into a path; what has none makes a call that is refused. */
const char *oktai_enum_in_path(const oktai_enum_texts *texts, int value);

/* `ids`: one for each placeholder. `params`: of the row's params type, nullable. `body`: what the row's kind
 * of body takes. */
okta_call *oktai_operation_call(okta_client *client, const oktai_operation *operation, const char *const *ids,
                                const void *params, const void *body);
/* The same, run in the calling thread. `out`: address of a pointer; NULL for an operation without a result.
 */
okta_error *oktai_operation_run(okta_client *client, const oktai_operation *operation, const char *const *ids,
                                const void *params, const void *body, void *out);
/* The same for an operation that takes neither params nor a body. A program that has no other is linked
 * without the writers of both. */
okta_call *oktai_operation_call_plain(okta_client *client, const oktai_operation *operation,
                                      const char *const *ids);
okta_error *oktai_operation_run_plain(okta_client *client, const oktai_operation *operation,
                                      const char *const *ids, void *out);
/* The pages of a row with `paging`. */
okta_pages *oktai_operation_pages(okta_client *client, const oktai_operation *operation,
                                  const char *const *ids, const void *params);

#endif
