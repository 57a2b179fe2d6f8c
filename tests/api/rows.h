/* SPDX-License-Identifier: Apache-2.0 */
/* Operations that the org of the tests has and Okta has not: one of each kind, written by hand as the
 * generator writes those of Okta. */
#ifndef OKTA_TESTS_API_ROWS_H
#define OKTA_TESTS_API_ROWS_H

#include <stddef.h>

#include "client/operation.h"
#include "okta/okta.h"
#include "json/plain.h"

typedef enum okta_thing_state {
    OKTA_THING_STATE_ABSENT = 0,
    OKTA_THING_STATE_OTHER,
    OKTA_THING_STATE_ON,
    OKTA_THING_STATE_NOT_OFF,
} okta_thing_state;

typedef struct okta_thing okta_thing;
struct okta_thing {
    okta_model model;
    const char *id;
    const char *name;
    okta_thing_state state;
    okta_opt_int size;
    okta_opt_double ratio;
    okta_opt_bool good;
    const char **tags;
    size_t tags_count;
    okta_thing *part;
    const char *free_form;
    const char *secret;
};
const okta_descriptor *okta_thing_descriptor(void);

typedef struct okta_thing_list {
    okta_model model;
    okta_thing **items;
    size_t count;
} okta_thing_list;
const okta_descriptor *okta_thing_list_descriptor(void);

/* Parameters of list_things. */
typedef struct okta_list_things_params {
    okta_model model;
    const char *q;
    okta_opt_int limit;
    okta_opt_double ratio;
    okta_opt_bool deep;
    okta_thing_state state;
    const char **ids; /* between commas */
    size_t ids_count;
    okta_thing_state *states; /* each with its key */
    size_t states_count;
    const char *match; /* the header If-Match */
    const char *until;
} okta_list_things_params;

/* Parameters of find_thing: `key` is required. */
typedef struct okta_find_thing_params {
    okta_model model;
    const char *key;
    const char *language; /* the header Accept-Language */
} okta_find_thing_params;

typedef struct okta_thing_logo_body {
    okta_model model;
    const char *name;
    const okta_upload *file;  /* required */
    const okta_upload *small; /* not */
} okta_thing_logo_body;

extern const oktai_enum_texts rows_thing_states;

extern const oktai_operation rows_list_things;       /* GET, a list in pages by Link */
extern const oktai_operation rows_list_thing_events; /* GET, endless without `until` */
extern const oktai_operation rows_list_boxed_things; /* GET, {"things":[...],"_links":{"next":...}} */
extern const oktai_operation rows_list_cursored;     /* GET, {"things":[...],"page":{"after":"..."}} */
extern const oktai_operation rows_list_anything;     /* GET, a list of anything in pages */
extern const oktai_operation rows_find_thing;        /* GET, required parameter */
extern const oktai_operation rows_get_thing;         /* GET, an id and an enum in the path */
extern const oktai_operation rows_create_thing;      /* POST */
extern const oktai_operation rows_replace_thing;     /* PUT */
extern const oktai_operation rows_update_thing;      /* PATCH, merge-patch */
extern const oktai_operation rows_patch_things;      /* PATCH, a list: JSON Patch */
extern const oktai_operation rows_delete_thing;      /* DELETE */
extern const oktai_operation rows_switch_thing;      /* POST, state */
extern const oktai_operation rows_kick_thing;        /* POST, action, no body, no described answer */
extern const oktai_operation rows_destroy_thing;     /* DELETE, action */
extern const oktai_operation rows_tell_thing;        /* POST, free-form JSON both ways, optional body */
extern const oktai_operation rows_upload_logo;       /* POST, multipart */
extern const oktai_operation rows_publish_thing;     /* POST, PEM or DER; a thing */
extern const oktai_operation rows_get_request;       /* GET, JSON or PKCS #10 */
extern const oktai_operation rows_get_metadata;      /* GET, XML */
extern const oktai_operation rows_list_versions;     /* GET, strings */
extern const oktai_operation rows_assign_thing;      /* POST, 200 with a thing, 201 or 204 without */
extern const oktai_operation rows_authorize;         /* GET, nobody, a redirect */
extern const oktai_operation rows_introspect;        /* POST, client authentication, a form */
extern const oktai_operation rows_fail_over;         /* POST, on another server */

#endif
