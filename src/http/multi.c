/* SPDX-License-Identifier: Apache-2.0 */
#include "http/multi.h"

#include <stdlib.h>

#include "core/clock.h"

static int on_watch(CURL *easy, curl_socket_t socket, int what, void *context, void *of_socket)
{
    oktai_multi *multi = context;
    const oktai_pool_hooks *hooks = multi->hooks;
    bool removed = what == CURL_POLL_REMOVE;
    unsigned watched =
        removed && oktai_connections_is_kept(&multi->connections, socket) ? OKTAI_WATCH_IDLE : 0;
    (void)of_socket;
    multi->dropped = multi->dropped || removed;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) {
        watched |= OKTAI_WATCH_INPUT;
    }
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) {
        watched |= OKTAI_WATCH_OUTPUT;
    }
    /* An error from here would end all that libcurl has, for good. */
    if (!hooks->watch(hooks->context, socket, watched)) {
        multi->has_unwatched = true;
        multi->unwatched(easy);
    }
    return 0;
}

static int on_timer(CURLM *curl, long ms, void *context)
{
    oktai_multi *multi = context;
    (void)curl;
    multi->due_ms = ms <= 0 ? ms : oktai_clock_system_ms() + ms;
    return 0;
}

static bool set_options(oktai_multi *multi, unsigned connections_max)
{
    CURLM *curl = multi->multi;
    return curl_multi_setopt(curl, CURLMOPT_SOCKETFUNCTION, on_watch) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_SOCKETDATA, multi) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_TIMERDATA, multi) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX) == CURLM_OK &&
           curl_multi_setopt(curl, CURLMOPT_MAXCONNECTS, (long)connections_max) == CURLM_OK;
}

static void forget(void *context, curl_socket_t socket)
{
    const oktai_multi *multi = context;
    multi->hooks->watch(multi->hooks->context, socket, 0);
}

oktai_multi *oktai_multi_new(const oktai_pool_hooks *hooks, uint64_t number, unsigned connections_max)
{
    oktai_multi *multi = calloc(1, sizeof *multi);
    if (multi == NULL) {
        return NULL;
    }
    multi->hooks = hooks;
    multi->number = number;
    multi->due_ms = -1;
    multi->rouse = CURL_SOCKET_BAD;
    multi->connections.use = &oktai_connections_uses;
    multi->connections.forget = forget;
    multi->connections.context = multi;
    multi->multi = curl_multi_init();
    if (multi->multi == NULL || !set_options(multi, connections_max)) {
        oktai_multi_free(multi);
        return NULL;
    }
    return multi;
}

void oktai_multi_free(oktai_multi *multi)
{
    curl_multi_cleanup(multi->multi);
    oktai_connections_clear(&multi->connections);
    free(multi);
}

static void act(oktai_multi *multi, curl_socket_t socket, int ready)
{
    int running;
    if (!multi->broken && curl_multi_socket_action(multi->multi, socket, ready, &running) != CURLM_OK) {
        multi->broken = true;
        multi->retired = true;
    }
}

void oktai_multi_on_socket(oktai_multi *multi, int socket, unsigned what)
{
    int ready = what == 0 ? CURL_CSELECT_ERR : 0;
    if ((what & OKTAI_WATCH_INPUT) != 0) {
        ready |= CURL_CSELECT_IN;
    }
    if ((what & OKTAI_WATCH_OUTPUT) != 0) {
        ready |= CURL_CSELECT_OUT;
    }
    act(multi, socket, ready);
}

void oktai_multi_on_time(oktai_multi *multi)
{
    multi->due_ms = -1;
    act(multi, CURL_SOCKET_TIMEOUT, 0);
}
