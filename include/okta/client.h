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
#include "okta/optional.h"
#include "okta/signer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A client; opaque. Release it with okta_free(). */
typedef struct okta_client okta_client;

/** How requests prove who sends them. */
typedef enum okta_authorization_mode {
    OKTA_AUTHORIZATION_SSWS = 0, /**< `Authorization: SSWS <token>`: an API token of the org */
    OKTA_AUTHORIZATION_BEARER,   /**< `Authorization: Bearer <token>`: an OAuth 2.0 access token */
    /** A service app: the client asks the org for OAuth 2.0 access tokens itself, with assertions that a
     *  signer signs or that a file holds (`private_key_jwt`), and renews them. */
    OKTA_AUTHORIZATION_PRIVATE_KEY,
    /** The same with a client secret in place of the signer (RFC 6749, section 2.3.1). */
    OKTA_AUTHORIZATION_CLIENT_SECRET,
} okta_authorization_mode;

/** How a client secret is sent, under the names of OAuth 2.0. */
typedef enum okta_client_auth_method {
    OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC =
        0,                                      /**< `client_secret_basic`: in the Authorization header */
    OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST, /**< `client_secret_post`: in the body */
} okta_client_auth_method;

/** Whether access tokens are bound to a key of the client (DPoP, RFC 9449). The key is made for the client
 *  and never leaves it. */
typedef enum okta_dpop_mode {
    OKTA_DPOP_AUTO = 0, /**< as soon as the org asks for it, and from then on */
    OKTA_DPOP_ALWAYS,   /**< from the first request; another type of token is refused */
    OKTA_DPOP_NEVER,    /**< no; where the org demands it, the call fails with ::OKTA_E_AUTH */
} okta_dpop_mode;

/** Whether calls wait for the rate limits that the org reports. */
typedef enum okta_pacing_mode {
    OKTA_PACING_ON = 0, /**< a call that would be refused waits for the reset, as far as its deadline goes */
    OKTA_PACING_OFF,    /**< calls go at once, and wait when they are refused */
} okta_pacing_mode;

/** Whether something that is refused at first is allowed. */
typedef enum okta_switch {
    OKTA_SWITCH_OFF = 0, /**< no */
    OKTA_SWITCH_ON,      /**< yes */
} okta_switch;

/** Why an ::okta_token_fn is asked. */
typedef enum okta_token_reason {
    OKTA_TOKEN_NEEDED = 0, /**< there is no token, or it has ended */
    OKTA_TOKEN_ENDS,       /**< the token at hand is good, and ends soon; after an error it is used on */
    OKTA_TOKEN_REFUSED,    /**< the org answered the token at hand with 401: what is cached is no good */
} okta_token_reason;

/** Bytes of the longest token, without its NUL. */
#define OKTA_TOKEN_MAX 16384

/**
 * Gives the token of a client whose credential lies elsewhere: in a vault, with an agent, in a file that is
 * written anew. It runs in the thread whose call needs the token, or that drives its loop, with no lock of
 * the library held, and one at a time in each client: other calls of the client wait for what it gives, in
 * the order in which they came. While it runs, its loop stands still, and no cancel ends it. It must not use
 * the client that it serves.
 * @param[in]  ctx          what the options gave.
 * @param[in]  reason       why it is asked.
 * @param[out] token        where to write the token with a NUL: printable ASCII without spaces. The library
 *                          wipes it after use.
 * @param[in]  capacity     bytes of `token`: ::OKTA_TOKEN_MAX + 1.
 * @param[out] expires_at_s when the token ends, in seconds since 1970, UTC, by this machine's clock; 0, as it
 *                          is before: no end is known, and another token is asked for after a 401 only.
 * @return NULL; or an error, which becomes the library's, and whose status, message and advice to repeat
 *         become those of the call. A status that says something of an operation (::OKTA_E_ARG,
 *         ::OKTA_E_FORBIDDEN, ::OKTA_E_NOT_FOUND, ::OKTA_E_CONFLICT, ::OKTA_E_INVALID,
 *         ::OKTA_E_OUTCOME_UNKNOWN) becomes ::OKTA_E_AUTH. Programs make errors with okta_error_new().
 */
typedef okta_error *okta_token_fn(void *ctx, okta_token_reason reason, char *token, size_t capacity,
                                  int64_t *expires_at_s);

/** Which HTTP a client speaks. */
typedef enum okta_http_version {
    OKTA_HTTP_AUTO = 0, /**< HTTP/2 over TLS where the server and libcurl have it, else HTTP/1.1 */
    OKTA_HTTP_1_1,      /**< HTTP/1.1 only, for instance for a proxy that breaks HTTP/2 */
} okta_http_version;

/** What a client is made from. All strings are copied by okta_client_new(). */
typedef struct okta_client_options {
    size_t struct_size; /**< required; ::OKTA_CLIENT_OPTIONS_INIT fills it */

    /** Required; an https URL such as `https://example.okta.com`, with an optional port and trailing slash;
     * no user, path, query or fragment. An http URL is accepted for loopback addresses only. */
    const char *org_url;

    /** Optional; how `token` is sent. Default: ::OKTA_AUTHORIZATION_SSWS. */
    okta_authorization_mode authorization_mode;

    /** The API token or access token: printable ASCII without spaces. Required in the modes SSWS and Bearer,
     *  unless `token_source` is given; refused with a private key or a client secret. */
    const char *token;

    /** Optional; put in front of the library's own User-Agent: printable ASCII. */
    const char *user_agent;

    /** Optional; a file of CA certificates in PEM, which are trusted in the place of the system's. It is read
     * at the first connection, and again when it changes. A call ends with ::OKTA_E_CONFIG where it cannot be
     * read, is no regular file, is larger than 2 MiB, or has no certificate or a damaged one. */
    const char *ca_file;

    /** Optional; a proxy URL, which may hold a user and password. NULL: the environment decides when the
     * client is made (`https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`; `no_proxy`, `NO_PROXY`). "": no
     * proxy at all. */
    const char *proxy;

    /** Optional; the limit of a whole call with its retries, in milliseconds, 1 to 86,400,000. 0: 60,000. */
    int64_t timeout_ms;

    /** Optional; the limit of one connection attempt, in milliseconds, 1 to 86,400,000. 0: 10,000. */
    int64_t connect_timeout_ms;

    /** Optional; how often a call is repeated at most, 0 to 20. Absent: 3. */
    okta_opt_int max_retries;

    /** Optional; the largest response body in bytes, after decompression. 0: 16 MiB. Decoding it may take
     *  four times its size and 64 MiB beside it; what would take more is ::OKTA_E_PROTOCOL. All pages of a
     * typed list together count as one body. */
    size_t max_response_bytes;

    /** Optional; the most talkative level that reaches `log`. */
    okta_log_level log_level;

    /** Optional; receives log events. May run in any thread that runs a call. */
    okta_log_fn *log;

    /** Optional; handed to `log`; borrowed for the life of the client. */
    void *log_ctx;

    /** The service app's client id: printable ASCII without spaces. Required with a private key or a client
     *  secret. */
    const char *client_id;

    /** The scopes to ask for, separated by single spaces, such as "okta.apps.read okta.apps.manage". Required
     *  with a private key or a client secret. */
    const char *scopes;

    /** What signs for the service app. Required with a private key, unless `private_key` or
     *  `assertion_file` is given; it comes before `private_key`. The client keeps it alive. */
    okta_signer *signer;

    /** The service app's private key: PEM, a JWK or a JWK set of one, or the path of a file that holds it.
     *  Line ends may be lost or written as `\n`, quotes may stand around it, and it may be in base64: what
     * can mean one key only is taken. The file must belong to this user or to root; group and others must
     * have no rights, but root's file may be read by a group of this process. It must be in a folder that not
     *  everyone can write to, and have at most 65,536 bytes; links of this user or root are followed. It is
     *  read once, and again by okta_client_reload(). A key with a passphrase is refused: use `signer`. */
    const char *private_key;

    /** Optional; the key id of `private_key`. NULL: that of the JWK, else the RFC 7638 thumbprint, which is
     * left out when the org does not know it. "": none. */
    const char *private_key_id;

    /** Optional; the algorithm of `private_key`'s signatures, as in okta_signer_from_key(). */
    const char *private_key_alg;

    /** Optional; the audience of assertions. NULL: the org's token endpoint. */
    const char *assertion_audience;

    /** Optional; the header `typ` of assertions. NULL: "JWT". */
    const char *assertion_type;

    /** The service app's client secret: printable ASCII of at most 4,096 bytes. Required in the mode client
     *  secret, refused with a private key. */
    const char *client_secret;

    /** Optional; see ::okta_client_auth_method. */
    okta_client_auth_method client_auth_method;

    /** Optional; see ::okta_dpop_mode. */
    okta_dpop_mode dpop;

    /** Optional; see ::okta_pacing_mode. */
    okta_pacing_mode pacing;

    /** Optional; how much of each rate limit the client may use, in per cent, 1 to 100. 0: 100. */
    unsigned rate_limit_percent;

    /** Optional; how many calls of each rate limit the client leaves unused. 0: none. */
    unsigned rate_limit_reserve;

    /** Optional; requests that run at the same time at most, over all threads, 1 to 75. 0: 10. */
    unsigned max_in_flight;

    /** Optional; whether the file of `private_key` or `assertion_file` may be one that everyone can read, as
     *  Docker mounts secrets and Kubernetes projects tokens into some pods. */
    okta_switch private_key_readable;

    /** Optional; whether `org_url` may name the host of the admin console, such as
     *  `https://example-admin.okta.com`, which the API does not need. */
    okta_switch admin_host;

    /** Set by okta_client_options_load(): where each value came from. NULL otherwise. */
    const struct okta_option_origins *origins;

    /** Optional; see ::okta_http_version. */
    OKTA_LATER okta_http_version http_version;

    /** Optional; gives the token in the modes SSWS and Bearer, in the place of `token`: when there is none,
     *  when it ends soon, and once after a 401. After an error of it, but ::OKTA_E_CANCELED and
     * ::OKTA_E_NOMEM, it is asked again after 1 s at the earliest, then 2 s and so on up to 30 s; until then
     * all calls have that error. Refused with a private key or a client secret. */
    okta_token_fn *token_source;

    /** Optional; handed to `token_source`; borrowed for the life of the client. */
    void *token_source_ctx;

    /** The name of a file with a ready client assertion (a compact JWT, RFC 7523, section 3), in the place of
     *  `signer` and `private_key`, beside which it is refused; refused in other modes. Whoever writes the
     * file, such as a kubelet or an agent, makes the assertion: its `sub` must be `client_id`, and it has at
     * most 16,384 bytes, with or without a line end behind it. `private_key_id`, `private_key_alg`,
     *  `assertion_audience` and `assertion_type` say nothing of it. Owner, rights, folder and links of the
     * file must be as of `private_key`, with `private_key_readable`. okta_client_new() does not read it: each
     * token request does, and a 401 to one has it read once more, and the request repeated where there is
     * another assertion. A call that needs a token ends with ::OKTA_E_CONFIG where the file is missing or
     * refused; nothing is sent then. A relative name is looked up in the working folder of that moment. */
    const char *assertion_file;
} okta_client_options;

/** The initialiser of ::okta_client_options. */
#define OKTA_CLIENT_OPTIONS_INIT                                                                             \
    {                                                                                                        \
        sizeof(okta_client_options), NULL, OKTA_AUTHORIZATION_SSWS, NULL, NULL, NULL, NULL, 0, 0,            \
            {false, 0}, 0, OKTA_LOG_NONE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,  \
            OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC, OKTA_DPOP_AUTO, OKTA_PACING_ON, 0, 0, 0,            \
            OKTA_SWITCH_OFF, OKTA_SWITCH_OFF, NULL, OKTA_HTTP_AUTO, NULL, NULL, NULL                         \
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

/**
 * Give a client one more owner: it lives until each of them has released it with okta_free(). From any
 * thread that may use the client.
 *
 * @param[in] client nullable.
 * @return `client`.
 * @since 0.2.0
 */
OKTA_API okta_client *okta_client_hold(okta_client *client);

/**
 * The org of a client.
 *
 * @param[in] client nullable.
 * @return the origin that its requests go to, such as `https://example.okta.com`, without a slash at its end;
 *         borrowed from the client. NULL for NULL.
 * @since 0.2.0
 */
OKTA_API const char *okta_client_org_url(const okta_client *client);

/**
 * Shut a client down: every call and page of it that runs ends, in whatever thread or loop and whatever it
 * waits for, as okta_call_cancel() ends it. That is ::OKTA_E_CANCELED, or ::OKTA_E_OUTCOME_UNKNOWN for a
 * write that may have happened. Calls and pages that begin later are canceled before any I/O. There is no way
 * back: make another client.
 *
 * From any thread, also from a `done` of a loop; it does not wait for the calls to end. After fork() it does
 * nothing to a client of the parent.
 *
 * @param[in] client nullable. It is still to be released.
 * @since 0.2.0
 */
OKTA_API void okta_client_cancel_all(okta_client *client);

/**
 * Replace the token of a client that was made with one (modes SSWS and Bearer), while it is in use: what is
 * sent from here on has the new one. Requests that are under way end with what they had; one that is answered
 * with 401 goes once more with the new token. From any thread.
 *
 * @param[in] client required.
 * @param[in] token  required; as the option `token`; copied.
 * @return NULL; else nothing is changed: ::OKTA_E_ARG (a NULL; the token is refused; the client has a
 *         `token_source` or is a service app; it was made before fork()), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_set_token(okta_client *client, const char *token);

/**
 * Replace the client secret of a service app (mode client secret), while the client is in use: the next
 * access token is asked for with the new one. The access token at hand is used until it ends, since Okta does
 * not bind it to the secret; where it is refused, another one is asked for at once. A token request that is
 * under way ends with what it had. A refusal of the secret before is forgotten. From any thread.
 *
 * @param[in] client        required.
 * @param[in] client_secret required; as the option `client_secret`; copied.
 * @return NULL; else nothing is changed: ::OKTA_E_ARG (a NULL; the secret is refused; the client has no
 * client secret; it was made before fork()), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_set_client_secret(okta_client *client,
                                                                   const char *client_secret);

/**
 * Replace what signs for a service app (mode private key), be it a `signer` or a `private_key`, while the
 * client is in use; all else is as with okta_client_set_client_secret(). Have the org know the new public key
 * first.
 *
 * @param[in] client required.
 * @param[in] signer required; the client keeps it alive.
 * @return NULL; else nothing is changed: ::OKTA_E_ARG (a NULL; the client has no private key, also where it
 *         has an `assertion_file`; it was made before fork()), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_set_signer(okta_client *client, okta_signer *signer);

/**
 * Read the file of the option `private_key` again, by the same rules and with the same `private_key_id` and
 * `private_key_alg`, and have it sign, as okta_client_set_signer() does. A relative path is looked up in the
 * working folder of this moment. From any thread; it reads a file.
 *
 * It is for files whose key id changes with the key: a JWK with a `kid`, or a key without `private_key_id`.
 * At Okta a key id names one key of an app: once a key has brought a token, another one of the same key id is
 * refused. okta_client_set_signer() takes a key with a key id of its own.
 *
 * A client with an `assertion_file` has nothing to reload: each token request reads the file.
 *
 * @param[in] client required.
 * @return NULL; else nothing is changed: ::OKTA_E_ARG (NULL; the client was not made with a file of a private
 *         key, but with an `assertion_file` or otherwise; it was made before fork()), ::OKTA_E_CONFIG (the
 * file or the key is refused, as by okta_client_new(); or the file is no longer below the working folder
 * whose okta.yaml named it; or it has another key of the same key id),
 *         ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_reload(okta_client *client);

#ifdef __cplusplus
}
#endif
#endif
