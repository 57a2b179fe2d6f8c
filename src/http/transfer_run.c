/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transfer_run.h"

#include "core/arena.h"
#include "core/clock.h"
#include "http/header_guard.h"
#include "http/look_up.h"
#include "http/transfer_options.h"
#include "http/trust.h"

/* A body that trickles slower than this many bytes in a window is given up. */
#define SLOW_WINDOW_MS 10000
#define SLOW_BYTES     100

bool oktai_transfer_init(oktai_transfer *t, const oktai_transport_options *options)
{
    t->options = options;
    t->serial = 1;
    t->is_guarded = oktai_header_guard_is_needed();
    t->kept = CURL_SOCKET_BAD;
    t->easy = oktai_transfer_new_easy(t);
    return t->easy != NULL;
}

void oktai_transfer_free_handle(oktai_transfer *t)
{
    curl_easy_cleanup(t->easy);
    t->easy = NULL;
}

void oktai_transfer_clear(oktai_transfer *t)
{
    oktai_look_up_clear(t);
    okta_free(t->tls_error);
    oktai_wipe(t, sizeof *t);
}

void oktai_transfer_prepare(oktai_transfer *t, const oktai_request *request, oktai_response *response)
{
    oktai_response_clear(response);
    response->body.limit = t->options->max_response_bytes;
    t->response = response;
    t->request_body = request->body;
    t->connection = NULL;
    t->sends = 0;
    t->left_before = false;
    t->sends_max = request->may_resend ? 2 : 1;
    t->framing = (oktai_framing){.content_length = OKTAI_NO_LENGTH};
    t->pace = (oktai_pace){0};
    t->refusal = NULL;
    t->no_memory = false;
    t->url = request->url;
    t->canceled = request->canceled;
    t->began_ms = oktai_clock_system_ms();
    t->give_up_ms = t->began_ms + request->timeout_ms;
    t->hung_up = false;
    okta_free(t->tls_error);
    t->tls_error = NULL;
}

bool oktai_transfer_begin(oktai_transfer *t, const oktai_request *request, CURLM *multi,
                          oktai_connections *connections)
{
    t->connections = connections;
    t->request_sent = 0;
    t->proxy_bytes = 0;
    t->proxy_refusal = NULL;
    t->unclean = false;
    t->lost = false;
    t->problem[0] = '\0';
    t->ssl = NULL;
    t->is_h2 = false;
    if (!oktai_transfer_set_request(t, request) || curl_multi_add_handle(multi, t->easy) != CURLM_OK) {
        return false;
    }
    t->multi = multi;
    return true;
}

void oktai_transfer_leave_connection(oktai_transfer *t)
{
    if (t->connections != NULL && t->connection != NULL) {
        t->connection->requests--;
        t->connections->use->let_go(t->connections, t->connection);
        t->connection = NULL;
    }
}

void oktai_transfer_take_back(oktai_transfer *t)
{
    if (t->is_connecting && t->connections != NULL) {
        t->connections->use->give_up(t->connections, t);
    }
    oktai_transfer_set_connecting(t, false);
    curl_multi_remove_handle(t->multi, t->easy);
    t->multi = NULL;
    oktai_transfer_leave_connection(t);
}

bool oktai_transfer_can_trust(oktai_transfer *t)
{
    const oktai_transport_options *options = t->options;
    if (options->plain_http || options->tls != NULL || options->ca_file == NULL) {
        return true;
    }
    t->tls_error = oktai_trust_refuse_file(options->ca_file);
    return t->tls_error == NULL;
}

oktai_attempt oktai_transfer_judge(oktai_transfer *t, const oktai_ending *ending)
{
    t->kept = CURL_SOCKET_BAD;
    /* libcurl looks through all its connections for it. */
    if (t->connections == NULL || oktai_transfer_is_multiplexed(t)) {
        curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &t->kept);
    }
    return oktai_verdict_of(t, ending);
}

oktai_attempt oktai_transfer_close(oktai_transfer *t, oktai_attempt attempt)
{
    if (attempt.failure != OKTA_OK) {
        oktai_buffer_clear(&t->response->body);
    }
    attempt.resent = t->sends > 1 ? t->sends - 1 : 0;
    oktai_transfer_forget_request(t);
    return attempt;
}

bool oktai_transfer_is_too_slow(oktai_transfer *t)
{
    int64_t now_ms = t->options->clock->now_ms(t->options->clock);
    size_t bytes = t->framing.bytes + t->response->body.length;
    if (t->framing.http_status < 200 || t->pace.since_ms == 0) {
        t->pace = (oktai_pace){now_ms, bytes};
        return false;
    }
    if (now_ms - t->pace.since_ms < SLOW_WINDOW_MS) {
        return false;
    }
    bool slow = bytes - t->pace.bytes < SLOW_BYTES;
    t->pace = (oktai_pace){now_ms, bytes};
    return slow;
}
