/* SPDX-License-Identifier: Apache-2.0 */
#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};
#define DEADLY_COUNT (sizeof deadly / sizeof deadly[0])

static volatile sig_atomic_t came;
static int ends[2] = {-1, -1};
static struct sigaction before[DEADLY_COUNT];
static bool watches;

/* Async-signal-safe, as all of it must be that a handler calls. */
static void put_back(void)
{
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        (void)sigaction(deadly[i], &before[i], NULL);
    }
}

static void on_signal(int number)
{
    int saved = errno;
    came = number;
    put_back();
    ssize_t written = write(ends[1], "", 1);
    (void)written;
    errno = saved;
}

bool interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    if (pipe(ends) != 0) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    /* The system forgets the handler as well: ThreadSanitizer runs it late. */
    action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        (void)sigaddset(&action.sa_mask, deadly[i]);
        (void)sigaction(deadly[i], NULL, &before[i]);
    }
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        if (before[i].sa_handler != SIG_IGN) {
            (void)sigaction(deadly[i], &action, NULL);
        }
    }
    watches = true;
    return true;
}

int interrupt_fd(void)
{
    return ends[0];
}

bool interrupt_came(void)
{
    return came != 0;
}

void interrupt_release(void)
{
    if (watches) {
        put_back();
        (void)close(ends[0]);
        (void)close(ends[1]);
        watches = false;
    }
}

void interrupt_end(void)
{
    if (came != 0) {
        (void)raise(came);
    }
}
