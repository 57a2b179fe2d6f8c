/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The client: one org, one credential, and the connections to it. Any number of threads may use one client at
 * the same time; they share its idle connections and its retry budget.
 */
#ifndef OKTA_CLIENT_H
#define OKTA_CLIENT_H

#include "okta/common.h"
#include "okta/error.h"
#include "okta/log.h"
#include "okta/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A client; opaque. Release it with okta_free(). */
typedef struct okta_client okta_client;

/** How requests prove who sends them. */
typedef enum okta_authorization_mode {
    OKTA_AUTHORIZATION_SSWS = 0, /**< `Authorization: SSWS <token>`: an API token of the org */
    OKTA_AUTHORIZATION_BEARER,   /**< `Authorization: Bearer <token>`: an OAuth 2.0 access token */
} okta_authorization_mode;

/** What a client is made from. All strings are copied by okta_client_new(). */
typedef struct okta_client_options {
    size_t struct_size; /**< required; ::OKTA_CLIENT_OPTIONS_INIT fills it */

    /** Required; `https://` and a host, with an optional port and trailing slash; no user, path, query or
     *  fragment. `http://` is accepted for loopback addresses only. */
    const char *org_url;

    /** Optional; how `token` is sent. Default: ::OKTA_AUTHORIZATION_SSWS. */
    okta_authorization_mode authorization_mode;

    /** Required; the API token or access token: printable ASCII without spaces. */
    const char *token;

    /** Optional; put in front of the library's own User-Agent: printable ASCII. */
    const char *user_agent;

    /** Optional; a file of CA certificates in PEM instead of the system's. */
    const char *ca_file;

    /** Optional; a proxy URL, which may hold a user and password. NULL: the environment decides
     * (`HTTPS_PROXY`, `NO_PROXY`). "": no proxy at all. */
    const char *proxy;

    /** Optional; the limit of a whole call with its retries, in milliseconds, 1 to 86,400,000. 0: 60,000. */
    int64_t timeout_ms;

    /** Optional; the limit of one connection attempt, in milliseconds, 1 to 86,400,000. 0: 10,000. */
    int64_t connect_timeout_ms;

    /** Optional; how often a call is repeated at most, 0 to 20. Absent: 3. */
    okta_opt_int max_retries;

    /** Optional; the largest response body in bytes, after decompression. 0: 16 MiB. Decoding it may take
     *  four times its size and 64 MiB beside it; what would take more is ::OKTA_E_PROTOCOL. */
    size_t max_response_bytes;

    /** Optional; the most talkative level that reaches `log`. */
    okta_log_level log_level;

    /** Optional; receives log events. May run in any thread that runs a call. */
    okta_log_fn *log;

    /** Optional; handed to `log`; borrowed for the life of the client. */
    void *log_ctx;
} okta_client_options;

/** The initialiser of ::okta_client_options. */
#define OKTA_CLIENT_OPTIONS_INIT                                                                             \
    {                                                                                                        \
        sizeof(okta_client_options), NULL, OKTA_AUTHORIZATION_SSWS, NULL, NULL, NULL, NULL, 0, 0,            \
            {false, 0}, 0, OKTA_LOG_NONE, NULL, NULL                                                         \
    }

/**
 * Make a client. No connection is opened.
 *
 * The first client of a process initialises libcurl. With the environment variable `SSLKEYLOGFILE` set, which
 * makes libcurl write TLS secrets to a file, the library refuses to start.
 *
 * @param[in]  options required.
 * @param[out] out     the client; release it with okta_free(). Calls and pages made from it keep it alive
 *                     until they are released too. NULL after an error.
 * @return NULL; ::OKTA_E_ARG (a NULL argument or `struct_size`), ::OKTA_E_CONFIG (an option is refused; the
 *         message names it), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (libcurl cannot start).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_new(const okta_client_options *options, okta_client **out);

#ifdef __cplusplus
}
#endif
#endif
