/* SPDX-License-Identifier: Apache-2.0 */
#include "core/poller.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#include <sys/timerfd.h>
#else
#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>
#endif

#define EVENTS_MAX 64

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

void oktai_poller_close(oktai_poller *poller)
{
    close_fd(&poller->timer_fd);
    close_fd(&poller->fd);
}

#ifdef __linux__

bool oktai_poller_open(oktai_poller *poller)
{
    *poller = (oktai_poller){epoll_create1(EPOLL_CLOEXEC), -1};
    return poller->fd >= 0;
}

bool oktai_poller_watch(oktai_poller *poller, int fd, unsigned before, unsigned events)
{
    struct epoll_event event = {.data = {.fd = fd}};
    event.events |= (events & OKTAI_POLL_INPUT) != 0 ? EPOLLIN : 0u;
    event.events |= (events & OKTAI_POLL_OUTPUT) != 0 ? EPOLLOUT : 0u;
    if (events == 0) {
        epoll_ctl(poller->fd, EPOLL_CTL_DEL, fd, &event);
        return true; /* what was closed is watched no more */
    }
    /* The descriptor may be another one of the same number by now. */
    if (before != 0 && epoll_ctl(poller->fd, EPOLL_CTL_MOD, fd, &event) == 0) {
        return true;
    }
    return epoll_ctl(poller->fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool oktai_poller_renew(oktai_poller *poller)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = poller->timer_fd}};
    int fresh = epoll_create1(EPOLL_CLOEXEC);
    bool good = fresh >= 0 &&
                (poller->timer_fd < 0 || epoll_ctl(fresh, EPOLL_CTL_ADD, poller->timer_fd, &event) == 0) &&
                dup2(fresh, poller->fd) >= 0 && fcntl(poller->fd, F_SETFD, FD_CLOEXEC) == 0;
    close_fd(&fresh);
    return good;
}

static bool open_timer(oktai_poller *poller)
{
    struct epoll_event event = {.events = EPOLLIN};
    if (poller->timer_fd >= 0) {
        return true;
    }
    poller->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    event.data.fd = poller->timer_fd;
    if (poller->timer_fd < 0 || epoll_ctl(poller->fd, EPOLL_CTL_ADD, poller->timer_fd, &event) != 0) {
        close_fd(&poller->timer_fd);
        return false;
    }
    return true;
}

bool oktai_poller_set_timer(oktai_poller *poller, int64_t ms)
{
    struct itimerspec when = {.it_value = {.tv_sec = 0}};
    if (ms < 0 && poller->timer_fd < 0) {
        return true;
    }
    if (ms >= 0) {
        when.it_value.tv_sec = (time_t)(ms / 1000);
        when.it_value.tv_nsec = (long)(ms % 1000 * 1000000);
        when.it_value.tv_nsec += ms == 0; /* 0 is no time */
    }
    return open_timer(poller) && timerfd_settime(poller->timer_fd, 0, &when, NULL) == 0;
}

/* An error is found by whoever reads or writes. */
static unsigned events_of(uint32_t found)
{
    unsigned events = 0;
    events |= (found & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 ? (unsigned)OKTAI_POLL_INPUT : 0u;
    events |= (found & (EPOLLOUT | EPOLLERR)) != 0 ? (unsigned)OKTAI_POLL_OUTPUT : 0u;
    return events;
}

int oktai_poller_wait(oktai_poller *poller, oktai_poll_event *out, int max, int64_t ms)
{
    struct epoll_event found[EVENTS_MAX];
    int limit = max < EVENTS_MAX ? max : EVENTS_MAX;
    int timeout = ms > INT_MAX ? INT_MAX : (int)ms;
    int count = epoll_wait(poller->fd, found, limit, timeout);
    if (count < 0) {
        return errno == EINTR ? 0 : -1;
    }
    for (int i = 0; i < count; i++) {
        int fd = found[i].data.fd;
        out[i] = (oktai_poll_event){fd == poller->timer_fd ? -1 : fd, events_of(found[i].events)};
        if (fd == poller->timer_fd) {
            oktai_poller_set_timer(poller, -1);
        }
    }
    return count;
}

#else

bool oktai_poller_open(oktai_poller *poller)
{
    *poller = (oktai_poller){kqueue(), -1};
    return poller->fd >= 0;
}

/* What is watched goes when this process closes it. */
bool oktai_poller_renew(oktai_poller *poller)
{
    (void)poller;
    return false;
}

static bool change(oktai_poller *poller, uintptr_t ident, short filter, unsigned short flags, int64_t ms)
{
    struct kevent event;
    EV_SET(&event, ident, filter, flags, 0, ms, NULL);
    return kevent(poller->fd, &event, 1, NULL, 0, NULL) == 0 || (flags & EV_DELETE) != 0;
}

bool oktai_poller_watch(oktai_poller *poller, int fd, unsigned before, unsigned events)
{
    static const struct {
        unsigned event;
        short filter;
    } kinds[] = {{OKTAI_POLL_INPUT, EVFILT_READ}, {OKTAI_POLL_OUTPUT, EVFILT_WRITE}};
    bool good = true;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool was = (before & kinds[i].event) != 0;
        bool is = (events & kinds[i].event) != 0;
        if (is ||
            was) { /* what was added may have gone with its descriptor, and its number be another one's */
            good = change(poller, (uintptr_t)fd, kinds[i].filter, is ? EV_ADD : EV_DELETE, 0) && good;
        }
    }
    return good;
}

bool oktai_poller_set_timer(oktai_poller *poller, int64_t ms)
{
    return ms < 0 ? change(poller, 0, EVFILT_TIMER, EV_DELETE, 0)
                  : change(poller, 0, EVFILT_TIMER, EV_ADD | EV_ONESHOT, ms);
}

int oktai_poller_wait(oktai_poller *poller, oktai_poll_event *out, int max, int64_t ms)
{
    struct kevent found[EVENTS_MAX];
    struct timespec timeout = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000 * 1000000)};
    int limit = max < EVENTS_MAX ? max : EVENTS_MAX;
    int count = kevent(poller->fd, NULL, 0, found, limit, ms < 0 ? NULL : &timeout);
    if (count < 0) {
        return errno == EINTR ? 0 : -1;
    }
    for (int i = 0; i < count; i++) {
        unsigned event = found[i].filter == EVFILT_WRITE ? OKTAI_POLL_OUTPUT : OKTAI_POLL_INPUT;
        int fd = found[i].filter == EVFILT_TIMER ? -1 : (int)found[i].ident;
        out[i] = (oktai_poll_event){fd, event};
    }
    return count;
}

#endif
