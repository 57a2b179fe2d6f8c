/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A stand-in for an Okta org on a loopback port: every operation of Okta's reference over a store of objects
 * (docs/mock-org.md), client JSON Web Keys and secrets with Okta's rules, authentication and rate-limit
 * headers, and verbs that make the next answer go wrong. A mock runs in threads of its own, one for each
 * connection; every function here may be called from any thread while it runs, except mock_org_stop(), which
 * is the last call.
 */
#ifndef OKTA_TESTS_MOCK_ORG_H
#define OKTA_TESTS_MOCK_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mock_org mock_org;

/** The shape of the answer to listJwk. Okta has answered in all three. */
typedef enum mock_list_shape {
    MOCK_LIST_ARRAY, /**< `[...]` */
    MOCK_LIST_KEYS,  /**< `{"keys":[...]}` */
    MOCK_LIST_JWKS,  /**< `{"jwks":{"keys":[...]}}` */
} mock_list_shape;

/** Zero is the default of every member. */
typedef struct mock_org_options {
    uint16_t port;              /**< 0: a free port. The mock listens on 127.0.0.1 only. */
    mock_list_shape list_shape; /**< default: array */
    unsigned page_size;       /**< keys and secrets of an app in one answer; the rest comes in further pages,
                                   by Link headers, or by `_links.next` where the list is in an object.
                                   0: all in one */
    unsigned rate_limit;      /**< calls in a window and bucket; 0: 10,000 */
    unsigned rate_window_s;   /**< length of a window in seconds; 0: 60 */
    unsigned key_limit;       /**< keys that an app may have; 0: 50, as many as in Okta */
    const char *token;        /**< the API token, accepted as `SSWS token`; NULL: "mock-token"; copied */
    const char *access_token; /**< an access token with all rights and without an end, accepted as
                                 `Bearer token`; NULL: "mock-access-token"; copied */
    unsigned users;           /**< made-up users behind GET /api/v1/users */
    unsigned object_limit;    /**< objects that clients may create, the apps included; 0: 10,000 */
    size_t byte_limit;        /**< memory that they may take, about; 0: 64 MiB */
    int64_t now_s;            /**< a frozen clock, seconds since 1970; 0: the real clock */
} mock_org_options;

/** Ids of the two apps that a new mock holds, without keys and secrets. */
#define MOCK_WEB_APP     "0oa1mockwebapp0000g4" /**< token_endpoint_auth_method client_secret_basic */
#define MOCK_SERVICE_APP "0oa2mockservice000g4" /**< token_endpoint_auth_method private_key_jwt */

/** Start a mock. NULL options are all defaults. NULL: the port is taken or memory is out. */
mock_org *mock_org_start(const mock_org_options *options);
/** Close all connections, also those with a delayed answer, and release the mock. NULL is allowed. */
void mock_org_stop(mock_org *org);

/** `http://127.0.0.1:PORT`; lives as long as the mock. Requests may go to `http://localhost:PORT` as well:
 * links, audiences and DPoP proofs are then by that name. */
const char *mock_org_url(const mock_org *org);

/** Freeze the clock at this second, or move a frozen one; 0: go by the real clock. */
void mock_org_set_now(mock_org *org, int64_t now_s);

/** Add an app. `auth_method` is its token_endpoint_auth_method. False: the id exists or memory is out. */
bool mock_org_add_app(mock_org *org, const char *app_id, const char *auth_method);
/**
 * Switch ID token encryption of an app on or off (on: its active encryption key cannot be deactivated).
 * False: there is no such app.
 */
bool mock_org_set_id_token_encryption(mock_org *org, const char *app_id, bool on);
/**
 * Put a key (`"jwks"`) or secret (`"secrets"`) into an app as this JSON object, unchecked. It is shown to the
 * byte as it is here until a lifecycle call changes it; then its members stay in this order. False: no such
 * app or collection, no JSON object, or memory is out.
 */
bool mock_org_put(mock_org *org, const char *app_id, const char *collection, const char *json);

/** How an answer sends back the request that it answers. */
typedef enum mock_echo {
    MOCK_ECHO_NONE,
    MOCK_ECHO_PLAIN,
    MOCK_ECHO_PERCENT,   /**< each byte as `%6a` */
    MOCK_ECHO_JSON,      /**< each byte as a backslash and `u006A` */
    MOCK_ECHO_BASE64,    /**< headers and body together, with `+`, `/` and padding */
    MOCK_ECHO_BASE64URL, /**< the same with `-` and `_`, without padding */
} mock_echo;

/**
 * What the mock does to one coming request instead of, or on top of, answering it. Zero members change
 * nothing; members combine. All strings are copied.
 */
typedef struct mock_fault {
    const char *method;         /**< only requests with this method; NULL: any */
    const char *path_contains;  /**< only requests whose path, undecoded, contains this; NULL: any */
    unsigned skip;              /**< let this many matching requests pass first */
    unsigned times;             /**< how many matching requests it strikes; 0: 1 */
    unsigned status;            /**< answer with this status (200 to 999) without processing the request: no
                                     check of the token, nothing counted against the rate limit */
    const char *const *headers; /**< NULL-terminated "Name: value" lines added to the answer, replacing the
                                   mock's own header of that name; "Name:" alone takes that header out */
    const char *body;           /**< the answer's body; NULL with a status >= 400: an Okta error body */
    mock_echo echo;             /**< with a status: each text of the error body, and the request id, is the
                                     request itself; `body` does not count */
    const char *content_type;   /**< of `body`; NULL: application/json */
    unsigned delay_ms;          /**< wait before answering or closing, after the request is processed */
    bool drop_before;           /**< close the connection without processing the request */
    bool drop_after;            /**< process the request, then close the connection without an answer */
    size_t cut_body_at; /**< announce the whole body, send this many bytes of it, then close; 0: off */
} mock_fault;

/**
 * Queue a fault. Faults strike in the order they were queued: of those whose method and path match a request,
 * the first decides alone whether it strikes or lets the request pass (`skip`); the others wait for later
 * requests. False: memory is out, or `headers` has a line that is no header or is Content-Length or
 * Transfer-Encoding.
 */
bool mock_org_fail_next(mock_org *org, const mock_fault *fault);
/** Take all faults off the queue. */
void mock_org_forget_faults(mock_org *org);

/**
 * One request as it arrived; it is on record once its body is complete and before it is answered. Strings
 * belong to the mock until mock_org_forget_requests() or mock_org_stop().
 */
typedef struct mock_request {
    const char *method;
    const char *target;         /**< path and query, undecoded, as on the request line */
    const char *const *headers; /**< NULL-terminated "Name: value" lines in order of arrival */
    const char *body;    /**< NUL-terminated; "" when there was none; of a longer one the first 1 MiB */
    size_t body_length;  /**< bytes at `body` */
    unsigned connection; /**< numbers the TCP connections from 1 */
} mock_request;

/** How many requests are on record. */
size_t mock_org_request_count(mock_org *org);
/** The i-th request since the start or the last forget; NULL beyond the end. */
const mock_request *mock_org_request_at(mock_org *org, size_t i);
/** The value of a header of a request, found without regard to case; NULL when absent. */
const char *mock_request_header(const mock_request *request, const char *name);
/** How many requests were refused since the start because a rate limit was used up. */
size_t mock_org_limited_count(mock_org *org);
/** Take all requests off the record. */
void mock_org_forget_requests(mock_org *org);

#endif
