/* SPDX-License-Identifier: Apache-2.0 */
#include "core/waker.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#else
#include <fcntl.h>
#endif

#ifdef __linux__
bool oktai_waker_open(oktai_waker *waker)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    *waker = (oktai_waker){fd, fd};
    return fd >= 0;
}
#else
static bool prepare(int fd)
{
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

bool oktai_waker_open(oktai_waker *waker)
{
    int ends[2];
    *waker = (oktai_waker){-1, -1};
    if (pipe(ends) != 0) {
        return false;
    }
    *waker = (oktai_waker){ends[0], ends[1]};
    if (!prepare(ends[0]) || !prepare(ends[1])) {
        oktai_waker_close(waker);
        return false;
    }
    return true;
}
#endif

void oktai_waker_close(oktai_waker *waker)
{
    if (waker->to_write >= 0 && waker->to_write != waker->to_read) {
        close(waker->to_write);
    }
    if (waker->to_read >= 0) {
        close(waker->to_read);
    }
    *waker = (oktai_waker){-1, -1};
}

void oktai_waker_wake(const oktai_waker *waker)
{
    static const uint64_t one = 1;
    while (write(waker->to_write, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void oktai_waker_calm(const oktai_waker *waker)
{
    uint64_t count;
    while (read(waker->to_read, &count, sizeof count) > 0) {
    }
}
