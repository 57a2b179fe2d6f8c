/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of the tag ApplicationSSOPublicKeys as a table: what each sends and what it gets. */
#ifndef OKTA_TESTS_API_OPERATIONS_H
#define OKTA_TESTS_API_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "api/fixture.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"

#define API_N                                                                                                \
    "zycHwv0Ko9tFnSUGNE3sLfnL7ee0klDz_Y-1AiFZZjglf3TNXHlJiv8A6eMf2LECyZ7yZXVJqTfWtdQ_eDwrlzIZkf-"            \
    "thukKnIci1mvm"                                                                                          \
    "eEwDlOu0jgfn0FdRoNJYTMvAozDDarM-Hms4pGsUB2WVKZr_gPkL_uHKSjecFpFIHjK02hN_WO-wt2A-os6W_m9sfiAX-"          \
    "ReZ1mkQbKRx"                                                                                            \
    "-rJBCvPNuxQ7wuCXjdFw1q27osR35_aP5Thc8h6hpi6eI8gFlgjd-QWA4fRTHtIloh3UaEUo1VKI3oRoQNMQCpB-"               \
    "DCVCNuSijm2LCjAS"                                                                                       \
    "MHFCcbQxHRekc9kl59f-aRNCqGbFPQ"
#define API_X "HPHFD0LTiFI9EI_sbOieazuYpOaHS4UUVn6zderVxLU"
#define API_Y "n1qT03UdAuwedfKvBBqsNm4x50zocNsmsRL7CKxoqVo"

/* Of the RSA key and the secret in the table's answers; the mock holds neither. */
#define API_APP    "0oa1mockwebapp0000g4"
#define API_KEY    "pks1key0000000000001"
#define API_SECRET "ocs1secret0000000001"

/* What the operation does to the org. */
typedef enum api_effect {
    API_READ,
    API_DELETE,
    API_LIFECYCLE,
    API_CREATE,
    API_EFFECTS,
} api_effect;

typedef struct api_operation {
    const char *name; /* Okta's operationId, with a word more where it is in the table twice */
    const char *id;   /* Okta's operationId */
    api_effect effect;
    const char *method;
    const char *target;                   /* with the ids below */
    const char *prefix;                   /* of the target, up to the first id */
    const char *middle;                   /* behind the first id */
    const char *suffix;                   /* behind the second id */
    const char *const *ids;               /* NULL behind the last, at most two */
    const char *body;                     /* what it sends; "" for none */
    unsigned good_status;                 /* of the answer */
    const char *answer;                   /* "" for none */
    const okta_descriptor *(*type)(void); /* of the result; NULL: it has none */

    /* How the org is looked at: a create looks at the list, a lifecycle call at the object. */
    const char *look_target; /* of the GET; NULL: it never looks */
    const char *look_name;   /* Okta's operationId of it */
    unsigned looks_before;   /* ahead of the first sending */
    unsigned looks_behind;   /* behind a sending that may have happened, as long as nothing is found */
    unsigned sends;          /* of a create, when nothing is ever found and it may be repeated */
    const char *absent;      /* the answer to a look that finds nothing */
    const char *found;       /* ... that finds it; NULL: nothing tells */

    /* `out` receives the result, where there is one; NULL: NULL goes to the function. */
    okta_error *(*run)(okta_client *client, const char *const *ids, void **out);
    okta_call *(*call)(okta_client *client, const char *const *ids);
} api_operation;

/* The twelve operations, and createOAuth2ClientSecret once more without its optional body. */
#define API_OPERATION_COUNT ((size_t)13)
extern const api_operation api_operations[API_OPERATION_COUNT];

/* The two forms of an operation. */
typedef enum api_form {
    API_FUNCTION,
    API_CALL,
    API_FORMS,
} api_form;

/* Run an operation. Without a result NULL goes where `out` would, and `*out` stays. */
okta_error *api_run(const api_operation *operation, api_form form, okta_client *client,
                    const char *const *ids, void **out);
/* The result of a call that ran; NULL: none. */
void *api_take(const api_operation *operation, okta_call *call);
/* Run a call of an operation and take its result. Without a result `*out` stays. */
okta_error *api_run_call(const api_operation *operation, okta_call *call, void **out);
/* Have the mock answer the next sending as the table says, and the looks ahead of it. */
void api_queue_good_answer(api_world *world, const api_operation *operation);
/* Have it answer so many looks with `body`. */
void api_queue_looks(api_world *world, const api_operation *operation, unsigned times, const char *body);

/* The requests of a call, in order: 's' for a sending of the operation itself, 'l' for a look. */
#define API_STORY_MAX 64u
typedef char api_story[API_STORY_MAX];

/* ... that is sent so often, each time perhaps with effect, and finds nothing. */
void api_lost_story(const api_operation *operation, unsigned sends, api_story out);
/* ... without a look behind the last sending: that one tells the outcome, or the call is over with it. */
void api_ended_story(const api_operation *operation, unsigned sends, api_story out);
/* What a create waits for meanwhile. Returns how many waits there are. */
size_t api_lost_waits(const api_operation *operation, unsigned sends, int64_t out[API_WAITS_MAX]);

/* The mock heard these requests and no other: each sending with the table's body and its number as a retry
 * of `first_id` (nullable), each look on a connection of its own and with neither. */
void api_expect_story(const char *label, const api_world *world, const api_operation *operation,
                      const char *story, const char *first_id);

/* The models that the table sends. */
extern const okta_oauth2_client_jwk_request api_jwk_request;
extern const okta_oauth2_client_secret_request_body api_secret_request;

#endif
