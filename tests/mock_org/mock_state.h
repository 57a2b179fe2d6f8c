/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The mock itself, and a call on its way from the route table through a handler to its answer.
 * Whoever touches a `struct mock_org` holds its lock; handlers run with it held.
 */
#ifndef OKTA_TESTS_MOCK_ORG_ORG_H
#define OKTA_TESTS_MOCK_ORG_ORG_H

#include "mock_answer.h"
#include "mock_apps.h"
#include "mock_faults.h"
#include "mock_form.h"
#include "mock_oauth.h"
#include "mock_org.h"
#include "mock_rate.h"
#include "mock_record.h"
#include "mock_seen.h"
#include "mock_store.h"
#include "mock_tokens.h"

#include <pthread.h>

typedef enum mock_bucket_name {
    MOCK_BUCKET_APPS,
    MOCK_BUCKET_USERS,
    MOCK_BUCKET_TOKEN,
    MOCK_BUCKET_OTHER,
    MOCK_BUCKETS,
} mock_bucket_name;

/** All scopes that can be granted. */
#define MOCK_ALL_SCOPES "okta.apps.read okta.apps.manage okta.users.read okta.users.manage"

/** The authorization server. Zero is its start. */
typedef struct mock_oauth {
    mock_oauth_options options; /**< without the audience */
    char *audience;             /**< NULL: the token URL */
    mock_tokens tokens;
    mock_seen seen;
    mock_nonces token_nonces;
    mock_nonces api_nonces;
} mock_oauth;

struct MHD_Daemon;

struct mock_org {
    pthread_mutex_t lock;
    pthread_cond_t stop_wanted; /**< on the monotonic clock */
    bool stopping;
    struct MHD_Daemon *daemon;
    char url[32];           /**< by the address */
    char localhost_url[32]; /**< the same server by its name */

    mock_list_shape list_shape;
    unsigned key_limit; /**< keys of an app */
    unsigned page_size; /**< of keys and secrets; 0: no end */
    mock_limit limit;
    char *token;
    char *access_token;
    unsigned users;
    bool frozen;
    int64_t frozen_now;
    int64_t skew;

    mock_app *apps;   /**< those of the store, with their keys and secrets */
    mock_store store; /**< what clients made, and the apps */
    mock_oauth oauth;
    mock_bucket buckets[MOCK_BUCKETS];
    mock_queued_fault *faults;
    mock_log log;
    unsigned connections;
    size_t limited;  /**< requests that a rate limit refused */
    uint64_t serial; /**< the last number given out by mock_serial() */
};

typedef struct mock_call mock_call;

/** What differs between keys and secrets; items.c does what they have in common. */
typedef struct mock_collection {
    mock_kind kind;
    const char *name;        /**< in paths */
    const char *subject;     /**< what a refusal says has failed validation */
    const char *resource;    /**< what a 404 says was not found */
    bool body_is_optional;   /**< an absent body stands for {} */
    const char *keep_active; /**< why an active one is not deleted */
    /** The item that a request asks for. NULL: the answer says why not, or is broken. */
    cJSON *(*make)(mock_call *call, const mock_app *app, const cJSON *request);
    /** Why an active item may not be deactivated, or NULL. */
    const char *(*deactivate_refusal)(const mock_app *app, const mock_item *item);
    /** What activating an item does to the others of its app; nullable. False: memory is out. */
    bool (*make_way)(const mock_call *call, mock_app *app, const mock_item *item);
} mock_collection;

extern const mock_collection mock_keys;
extern const mock_collection mock_secrets;

struct mock_call {
    mock_org *org;
    const mock_record *record;
    const char *ids[2];                /**< what the path's variable segments hold, decoded */
    const mock_collection *collection; /**< of a route about keys or secrets */
    const mock_token *token;           /**< the issued token it came with; NULL: the static one, or none */
    mock_answer *answer;
};

typedef void mock_handler(mock_call *call);

/** Seconds since 1970 by the mock's clock. */
int64_t mock_now(const mock_org *org);
/** A number that this mock has not given out before. */
uint64_t mock_serial(mock_org *org);

/** Refuse a call with the code and words of `status`. */
void mock_refuse(const mock_call *call, unsigned status);
/** Refuse with 400 E0000001, saying what failed validation and why. */
void mock_refuse_invalid(const mock_call *call, const char *subject, const char *cause);
/** Refuse with 404, naming what was looked for. */
void mock_refuse_missing(const mock_call *call, const char *resource, const char *id);
/** Refuse as OAuth endpoints do: by an error and its description. */
void mock_refuse_oauth(const mock_call *call, unsigned status, const char *error, const char *description);
/** Refuse a body that is no JSON object. */
void mock_refuse_body(const mock_call *call);

/** Why addJwk refuses this key for this app, or NULL. */
const char *mock_key_refusal(const mock_org *org, const mock_app *app, const cJSON *request);

/** Add `created` and `lastUpdated`. False: memory is out. */
bool mock_item_add_times(const mock_call *call, cJSON *json);
/** Add the `_links` that an active or inactive item has. False: memory is out. */
bool mock_item_add_links(const mock_call *call, const mock_app *app, cJSON *json, const char *id,
                         bool active);
/** Change an item's status, lastUpdated and links. False: memory is out. */
bool mock_item_set_active(const mock_call *call, const mock_app *app, mock_item *item, bool active);
/** Read the optional member `status` of a request. False: it is neither ACTIVE nor INACTIVE. */
bool mock_read_status(const cJSON *request, bool *out_active);

/** The folder of the apps in the store. */
#define MOCK_APPS_FOLDER "/api/v1/apps"
/** An app as GET shows it. NULL: memory is out. */
cJSON *mock_app_json(const mock_app *app);

/** Handlers of items.c, for both collections. */
mock_handler mock_list_items, mock_add_item, mock_get_item, mock_delete_item, mock_activate_item,
    mock_deactivate_item;
/** apps: GET of one; users: the paged list. */
mock_handler mock_get_app, mock_list_users;

/** Check who makes an API call, and note the token. False: the answer is a refusal. */
bool mock_authorize(mock_call *call);
/** Check that the call's token may do this with `resource`; NULL: needs no scope. False: it is refused. */
bool mock_has_scope(const mock_call *call, const char *resource);

/**
 * Check a client assertion, and use its jti up.
 * @return NULL, and `out_client` is the client; else why it is refused, or anything with a broken answer
 */
const char *mock_assertion_check(mock_call *call, const char *assertion, mock_app **out_client);

/**
 * Check the secret of a client in the Authorization header, or in the form.
 * @return NULL, and `out_client` is the client; else why it is refused
 */
const char *mock_secret_basic_check(mock_call *call, const mock_form *form, mock_app **out_client);
const char *mock_secret_post_check(mock_call *call, const mock_form *form, mock_app **out_client);

typedef enum mock_proof_state {
    MOCK_PROOF_GOOD,
    MOCK_PROOF_BAD,
    MOCK_PROOF_NEEDS_NONCE, /**< and the answer has the nonce */
} mock_proof_state;

typedef struct mock_proof {
    mock_proof_state state;
    const char *why;                /**< it is not good */
    char jkt[MOCK_THUMBPRINT_SIZE]; /**< of a good proof's key */
} mock_proof;

/** Check the DPoP header of a request, which comes with this access token; NULL: at the token endpoint. */
mock_proof mock_proof_check(mock_call *call, const char *access_token);

/** Put the nonce of the token endpoint into an answer with a token, unless it has a fresh one. */
void mock_tell_nonce(const mock_call *call);

/** Whether a request target is the token endpoint. */
bool mock_is_token_endpoint(const char *target);
void mock_answer_token_request(mock_call *call);
void mock_oauth_clear(mock_oauth *oauth);

/**
 * Answer a request: faults, authentication, rate limit, route, headers. Owns the record from then on.
 * Takes and releases the lock.
 */
void mock_serve(mock_org *org, mock_record *record, mock_answer *answer);

/** The URL of the mock as the request names it: by `localhost` where its Host does, else by the address. */
const char *mock_call_url(const mock_call *call);

/** Start the HTTP server on 127.0.0.1 and fill both URLs of the mock. */
bool mock_http_start(mock_org *org, uint16_t port);
/** Close all connections and end all threads; not under the lock. */
void mock_http_stop(mock_org *org);

#endif
