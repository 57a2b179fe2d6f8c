/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of the tag ApplicationSSOPublicKeys as a table: what each sends and what it gets. */
#ifndef OKTA_TESTS_API_OPERATIONS_H
#define OKTA_TESTS_API_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "api/fixture.h"
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
/* Have the mock answer the next request as the table says. */
void api_queue_good_answer(api_world *world, const api_operation *operation);

/* The models that the table sends. */
extern const okta_oauth2_client_jwk_request api_jwk_request;
extern const okta_oauth2_client_secret_request_body api_secret_request;

#endif
