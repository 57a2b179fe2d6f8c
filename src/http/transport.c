/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transport.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/openssl.h"
#include "http/look_up.h"
#include "http/tls_hooks.h"
#include "http/transfer_run.h"

struct oktai_transport {
    oktai_transport *next;
    oktai_transfer transfer;
    pthread_mutex_t lock; /* of `multi` against oktai_transport_wake(): only its owner changes it */
    CURLM *multi;
    curl_socket_t idle;    /* of the connection that libcurl keeps, HTTP/1 only; CURL_SOCKET_BAD: none */
    int64_t idle_since_ms; /* of the connection that libcurl keeps, of any protocol; 0: none */
};

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
    t->idle = CURL_SOCKET_BAD;
    t->multi = new_multi();
    if (!oktai_transfer_init(&t->transfer, options) || t->multi == NULL) {
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
    oktai_transfer_free_handle(&t->transfer);
    curl_multi_cleanup(t->multi);
    oktai_transfer_clear(&t->transfer);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void oktai_transport_wake(oktai_transport *t)
{
    oktai_resolver *resolver = t->transfer.options->resolver;
    pthread_mutex_lock(&t->lock);
    curl_multi_wakeup(t->multi);
    pthread_mutex_unlock(&t->lock);
    if (resolver != NULL) {
        oktai_resolver_wake(resolver);
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
    oktai_look_up_forget(&t->transfer);
    curl_multi_cleanup(unclean);
    return true;
}

/* Bytes that arrive while nothing is asked are no answer to the next request, but libcurl takes them for one:
 * a second answer that was smuggled behind the first, or the 408 of a server that waited long enough. Only
 * libcurl's own end lets go of a connection for certain. False: out of memory. */
static bool drop_unclean_connection(oktai_transport *t)
{
    bool clean =
        t->idle == CURL_SOCKET_BAD || (!has_input(t->idle) && !oktai_tls_hooks_has_input(&t->transfer));
    return clean || drop_connections(t);
}

static int64_t now_ms(const oktai_transport *t)
{
    const oktai_clock *clock = t->transfer.options->clock;
    return clock->now_ms(clock);
}

/* Which connection libcurl keeps after a transfer. One that did not serve it stays, unless another takes its
 * place. */
static void find_idle_connection(oktai_transport *t, bool fresh)
{
    curl_socket_t socket = t->transfer.kept;
    if (socket == CURL_SOCKET_BAD && fresh) {
        t->transfer.ssl = NULL; /* of the one that did serve it */
        return;
    }
    t->idle_since_ms = socket == CURL_SOCKET_BAD ? 0 : now_ms(t);
    t->idle = oktai_transfer_is_multiplexed(&t->transfer) ? CURL_SOCKET_BAD : socket;
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
    int running = 1;
    while (running > 0) {
        if (atomic_load(canceled)) {
            ending.canceled = true;
            return ending;
        }
        if (curl_multi_perform(t->multi, &running) != CURLM_OK) {
            return ending;
        }
        if (running > 0 && oktai_transfer_is_too_slow(&t->transfer)) {
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

/* Unless libcurl finds it too old by then. */
static bool has_connection(const oktai_transport *t)
{
    return t->idle_since_ms != 0 &&
           now_ms(t) - t->idle_since_ms < OKTAI_CONNECTION_MAX_IDLE_S * INT64_C(1000);
}

static oktai_attempt transfer(oktai_transport *t, const oktai_request *request)
{
    oktai_transfer *transfer = &t->transfer;
    if (!drop_unclean_connection(t)) {
        return oktai_verdict_no_memory();
    }
    oktai_attempt attempt = oktai_look_up(transfer, request, request->fresh || !has_connection(t));
    if (attempt.failure != OKTA_OK) {
        return attempt;
    }
    if (!oktai_transfer_begin(transfer, request, t->multi, NULL)) {
        oktai_look_up_forget(transfer);
        return oktai_verdict_no_memory();
    }
    oktai_ending ending = {.code = CURLE_SSL_CACERT_BADFILE};
    if (oktai_transfer_can_trust(transfer)) {
        ending = drive(t, request->canceled);
    }
    attempt = oktai_transfer_judge(transfer, &ending);
    oktai_transfer_take_back(transfer);
    find_idle_connection(t, request->fresh);
    if (attempt.failure != OKTA_OK) {
        oktai_look_up_forget(transfer);
    }
    /* Over HTTP/2 libcurl keeps a connection that went silent, or that still brings what failed an answer. */
    if (!transfer->options->plain_http && attempt.failure != OKTA_OK) {
        drop_connections(t);
    }
    return attempt;
}

oktai_attempt oktai_transport_perform(oktai_transport *t, const oktai_request *request,
                                      oktai_response *response)
{
    oktai_openssl stretch = oktai_openssl_begin_foreign(!t->transfer.options->plain_http);
    oktai_transfer_prepare(&t->transfer, request, response);
    oktai_attempt attempt = oktai_transfer_close(&t->transfer, transfer(t, request));
    oktai_openssl_end_foreign(stretch);
    return attempt;
}
