/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transport.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/arena.h"
#include "http/header_guard.h"
#include "http/look_up.h"
#include "http/tls_hooks.h"
#include "http/transfer.h"
#include "http/transfer_options.h"
#include "http/trust.h"
#include "http/verdict.h"

/* A body that trickles slower than this many bytes in a window is given up. */
#define SLOW_WINDOW_MS 10000
#define SLOW_BYTES     100

oktai_transport **oktai_transport_next(oktai_transport *transport)
{
    return &transport->next;
}

/* It keeps one connection, so that there is never another than `idle`. */
static CURLM *new_multi(void)
{
    CURLM *multi = curl_multi_init();
    if (multi != NULL && curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        curl_multi_cleanup(multi);
        return NULL;
    }
    return multi;
}

oktai_transport *oktai_transport_new(const oktai_transport_options *options)
{
    oktai_transport *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return NULL;
    }
    pthread_mutex_init(&t->lock, NULL);
    t->options = options;
    t->idle = CURL_SOCKET_BAD;
    t->is_guarded = oktai_header_guard_is_needed();
    t->easy = oktai_transfer_new_easy(t);
    t->multi = new_multi();
    if (t->easy == NULL || t->multi == NULL) {
        oktai_transport_free(t);
        return NULL;
    }
    return t;
}

void oktai_transport_free(oktai_transport *t)
{
    if (t == NULL) {
        return;
    }
    curl_easy_cleanup(t->easy);
    curl_multi_cleanup(t->multi);
    oktai_tls_sessions_clear(&t->sessions);
    oktai_look_up_clear(t);
    pthread_mutex_destroy(&t->lock);
    okta_free(t->tls_error);
    oktai_wipe(t, sizeof *t);
    free(t);
}

void oktai_transport_wake(oktai_transport *t)
{
    pthread_mutex_lock(&t->lock);
    curl_multi_wakeup(t->multi);
    pthread_mutex_unlock(&t->lock);
    if (t->options->resolver != NULL) {
        oktai_resolver_wake(t->options->resolver);
    }
}

/* Input, or the end of it; a signal is neither. */
static bool has_input(curl_socket_t socket)
{
    struct pollfd polled = {.fd = socket, .events = POLLIN};
    int ready;
    do {
        ready = poll(&polled, 1, 0);
    } while (ready < 0 && errno == EINTR);
    return ready != 0;
}

/* False: out of memory, and they stay. */
static bool drop_connections(oktai_transport *t)
{
    CURLM *unclean = t->multi;
    CURLM *multi = new_multi();
    if (multi == NULL) {
        return false;
    }
    pthread_mutex_lock(&t->lock);
    t->multi = multi;
    pthread_mutex_unlock(&t->lock);
    t->idle = CURL_SOCKET_BAD;
    t->idle_since_ms = 0;
    oktai_look_up_forget(t);
    curl_multi_cleanup(unclean);
    return true;
}

/* Bytes that arrive while nothing is asked are no answer to the next request, but libcurl takes them for one:
 * a second answer that was smuggled behind the first, or the 408 of a server that waited long enough. Only
 * libcurl's own end lets go of a connection for certain. False: out of memory. */
static bool drop_unclean_connection(oktai_transport *t)
{
    bool clean = t->idle == CURL_SOCKET_BAD || (!has_input(t->idle) && !oktai_tls_hooks_has_input(t));
    return clean || drop_connections(t);
}

/* Which connection libcurl keeps after a transfer. One that did not serve it stays, unless another takes its
 * place. */
static void find_idle_connection(oktai_transport *t, bool fresh)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD && fresh) {
        t->ssl = NULL; /* of the one that did serve it */
        return;
    }
    t->idle_since_ms = socket == CURL_SOCKET_BAD ? 0 : t->options->clock->now_ms(t->options->clock);
    t->idle = oktai_transfer_is_multiplexed(t) ? CURL_SOCKET_BAD : socket;
}

/* Counts what arrives in windows of time; nothing counts before the final answer begins. */
typedef struct oktai_pace {
    int64_t since_ms;
    size_t bytes;
} oktai_pace;

static bool is_too_slow(const oktai_transport *t, oktai_pace *pace)
{
    int64_t now_ms = t->options->clock->now_ms(t->options->clock);
    size_t bytes = t->framing.bytes + t->response->body.length;
    if (t->framing.http_status < 200 || pace->since_ms == 0) {
        *pace = (oktai_pace){now_ms, bytes};
        return false;
    }
    if (now_ms - pace->since_ms < SLOW_WINDOW_MS) {
        return false;
    }
    bool slow = bytes - pace->bytes < SLOW_BYTES;
    *pace = (oktai_pace){now_ms, bytes};
    return slow;
}

static bool find_result(oktai_transport *t, CURLcode *code)
{
    int left;
    CURLMsg *message = curl_multi_info_read(t->multi, &left);
    if (message == NULL || message->msg != CURLMSG_DONE) {
        return false;
    }
    *code = message->data.result;
    return true;
}

static oktai_ending drive(oktai_transport *t, const atomic_bool *canceled)
{
    oktai_ending ending = {.code = CURLE_OUT_OF_MEMORY};
    oktai_pace pace = {0};
    int running = 1;
    while (running > 0) {
        if (atomic_load(canceled)) {
            ending.canceled = true;
            return ending;
        }
        if (curl_multi_perform(t->multi, &running) != CURLM_OK) {
            return ending;
        }
        if (running > 0 && is_too_slow(t, &pace)) {
            ending.too_slow = true;
            return ending;
        }
        int ready;
        if (running > 0 && curl_multi_poll(t->multi, NULL, 0, 1000, &ready) != CURLM_OK) {
            return ending;
        }
    }
    find_result(t, &ending.code);
    return ending;
}

/* libcurl opens a `ca_file` by itself where the client has no store of its own. */
static bool is_trust_readable(oktai_transport *t)
{
    const oktai_transport_options *options = t->options;
    if (options->plain_http || options->tls != NULL || options->ca_file == NULL) {
        return true;
    }
    t->tls_error = oktai_trust_refuse_file(options->ca_file);
    return t->tls_error == NULL;
}

/* Takes its time off the request's. */
static oktai_attempt look_up(oktai_transport *t, oktai_request *request)
{
    if (t->options->resolver == NULL) {
        return (oktai_attempt){.failure = OKTA_OK};
    }
    return oktai_look_up(t, request, &request->timeout_ms);
}

static oktai_attempt transfer(oktai_transport *t, oktai_request request)
{
    if (!drop_unclean_connection(t)) {
        return oktai_verdict_no_memory();
    }
    oktai_attempt attempt = look_up(t, &request);
    if (attempt.failure != OKTA_OK) {
        return attempt;
    }
    if (!oktai_transfer_set_request(t, &request) || curl_multi_add_handle(t->multi, t->easy) != CURLM_OK) {
        oktai_look_up_forget(t);
        return oktai_verdict_no_memory();
    }
    t->ssl = NULL;
    oktai_ending ending = {.code = CURLE_SSL_CACERT_BADFILE};
    if (is_trust_readable(t)) {
        ending = drive(t, request.canceled);
    }
    attempt = oktai_verdict_of(t, &ending);
    find_idle_connection(t, request.fresh);
    curl_multi_remove_handle(t->multi, t->easy);
    if (attempt.failure != OKTA_OK) {
        oktai_look_up_forget(t);
    }
    /* Over HTTP/2 libcurl keeps a connection that went silent, or that still brings what failed an answer. */
    if (!t->options->plain_http && attempt.failure != OKTA_OK) {
        drop_connections(t);
    }
    return attempt;
}

oktai_attempt oktai_transport_perform(oktai_transport *t, const oktai_request *request,
                                      oktai_response *response)
{
    oktai_response_clear(response);
    response->body.limit = t->options->max_response_bytes;
    t->response = response;
    t->request_body = request->body;
    t->request_sent = 0;
    t->sends = 0;
    t->sends_max = request->may_resend ? 2 : 1;
    t->is_connecting = false;
    t->proxy_bytes = 0;
    t->proxy_refusal = NULL;
    t->lost = false;
    t->framing = (oktai_framing){.content_length = OKTAI_NO_LENGTH};
    t->refusal = NULL;
    t->no_memory = false;
    t->problem[0] = '\0';
    t->url = request->url;
    t->canceled = request->canceled;
    t->give_up_ms = oktai_system_clock.now_ms(&oktai_system_clock) + request->timeout_ms;
    t->hung_up = false;
    okta_free(t->tls_error);
    t->tls_error = NULL;
    bool queue_was_empty = !t->options->plain_http && ERR_peek_error() == 0;
    oktai_attempt attempt = transfer(t, *request);
    if (queue_was_empty) {
        ERR_clear_error();
    }
    if (attempt.failure != OKTA_OK) {
        oktai_buffer_clear(&response->body);
    }
    attempt.resent = t->sends > 1 ? t->sends - 1 : 0;
    oktai_transfer_forget_request(t);
    return attempt;
}
