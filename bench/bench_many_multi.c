/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls by hand, on one thread: libcurl's multi handle, driven by its sockets and its timer with
 * epoll. Arguments: bench_many.h. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "bench_many_answer.h"

#define EVENTS_MAX 64

typedef struct loop {
    CURLM *multi;
    int epoll;
    int64_t timer_ms; /* when libcurl wants to be called; -1: not */
    unsigned long to_start;
    unsigned long running;
    bool good;
} loop;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* `known` is NULL for a socket that epoll does not have yet. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known)
{
    (void)easy;
    loop *self = context;
    struct epoll_event event = {.data.fd = socket};
    if ((what & CURL_POLL_IN) != 0 && what != CURL_POLL_REMOVE) {
        event.events |= EPOLLIN;
    }
    if ((what & CURL_POLL_OUT) != 0 && what != CURL_POLL_REMOVE) {
        event.events |= EPOLLOUT;
    }
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(self->epoll, EPOLL_CTL_DEL, socket, NULL);
    } else if (epoll_ctl(self->epoll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0) {
        self->good = false;
    } else {
        curl_multi_assign(self->multi, socket, self);
    }
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    (void)multi;
    loop *self = context;
    self->timer_ms = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
    return 0;
}

static void start(loop *self, bench_many_call *call)
{
    bench_many_call_reset(call);
    self->good = self->good && curl_multi_add_handle(self->multi, call->easy) == CURLM_OK;
    self->to_start--;
    self->running++;
}

/* Decode what has ended, and send the next one with the same handle. */
static void take_ended(loop *self)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(self->multi, &left)) != NULL) {
        bench_many_call *call = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        curl_multi_remove_handle(self->multi, call->easy);
        self->running--;
        self->good = bench_many_call_take(call, code) && self->good;
        if (self->good && self->to_start > 0) {
            start(self, call);
        }
    }
}

static void act(loop *self, const struct epoll_event *event)
{
    int running;
    int mask = ((event->events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
               ((event->events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((event->events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(self->multi, event->data.fd, mask, &running);
}

static int wait_ms(const loop *self)
{
    if (self->timer_ms < 0) {
        return -1;
    }
    int64_t left_ms = self->timer_ms - now_ms();
    return left_ms < 0 ? 0 : (int)left_ms;
}

static void step(loop *self)
{
    struct epoll_event events[EVENTS_MAX];
    int running;
    int count = epoll_wait(self->epoll, events, EVENTS_MAX, wait_ms(self));
    if (count < 0 && errno != EINTR) {
        self->good = false;
    }
    for (int i = 0; i < count; i++) {
        act(self, &events[i]);
    }
    if (self->timer_ms >= 0 && now_ms() >= self->timer_ms) {
        self->timer_ms = -1;
        curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    take_ended(self);
}

static void run(loop *self, bench_many_call *calls, unsigned in_flight, unsigned long count)
{
    self->to_start = count;
    for (unsigned i = 0; i < in_flight && self->to_start > 0; i++) {
        start(self, &calls[i]);
    }
    while (self->good && self->running > 0) {
        step(self);
    }
}

static bool loop_init(loop *self, const bench_many *many)
{
    *self = (loop){
        .multi = curl_multi_init(), .epoll = epoll_create1(EPOLL_CLOEXEC), .timer_ms = -1, .good = true};
    return self->multi != NULL && self->epoll >= 0 &&
           curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long)many->in_flight) == CURLM_OK;
}

int main(int argc, char **argv)
{
    bench_many many;
    loop self;
    if (!bench_many_read(argc, argv, &many) || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 2;
    }
    bench_many_call *calls = calloc(many.in_flight, sizeof *calls);
    bool good = loop_init(&self, &many) && calls != NULL;
    for (unsigned i = 0; good && i < many.in_flight; i++) {
        good = bench_many_call_init(&calls[i], &many);
    }
    if (good) {
        run(&self, calls, many.in_flight, many.warm);
        bench_many_begin();
        run(&self, calls, many.in_flight, many.calls);
        bench_many_end(&many);
    }
    for (unsigned i = 0; calls != NULL && i < many.in_flight; i++) {
        bench_many_call_clear(&calls[i]);
    }
    free(calls);
    curl_multi_cleanup(self.multi);
    close(self.epoll);
    curl_global_cleanup();
    return good && self.good ? 0 : 1;
}
