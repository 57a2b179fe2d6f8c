/* SPDX-License-Identifier: Apache-2.0 */
#include "patience.h"

#include <poll.h>

#include "common/now.h"

/* SQLite tells nobody when a file is free. */
#define MOMENT_MS 3

void patience_spend(patience *self, int64_t since_ms)
{
    int64_t waited_ms = now_steady_ms() - since_ms;
    self->left_ms = waited_ms < self->left_ms ? self->left_ms - waited_ms : 0;
}

bool patience_wait(patience *self, int64_t since_ms, int fd, short events)
{
    struct pollfd watched[] = {{.fd = fd, .events = events}, {.fd = self->interrupt_fd, .events = POLLIN}};
    int64_t left_ms;
    while ((left_ms = since_ms + self->left_ms - now_steady_ms()) > 0) {
        int ready = poll(watched, 2, (int)left_ms);
        if (ready > 0 && watched[0].revents != 0) {
            return true;
        }
        if (ready > 0) {
            break; /* it is interrupted */
        }
    }
    patience_spend(self, since_ms);
    return false;
}

bool patience_on_busy(void *ctx, unsigned count)
{
    patience *self = ctx;
    int64_t now_ms = now_steady_ms();
    struct pollfd interrupt = {.fd = self->interrupt_fd, .events = POLLIN};
    self->busy_ms = count == 0 ? now_ms : self->busy_ms;
    if (now_ms - self->busy_ms >= self->left_ms || poll(&interrupt, 1, MOMENT_MS) > 0) {
        patience_spend(self, self->busy_ms);
        return false;
    }
    return true;
}
