/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the adapters have in common. A program includes one of them: uv.h, libevent.h, glib.h, sd_event.h or
 * poll.h. Each makes an ::okta_loop that the program's own event loop drives:
 * @code
 * okta_loop *loop;
 * okta_error *error = okta_uv_loop_new(uv_default_loop(), &loop);
 * if (error == NULL) {
 *     error = okta_call_submit(okta_list_jwk_call(client, app_id), loop, on_keys, NULL);
 * }
 * if (error == NULL) {
 *     uv_run(uv_default_loop(), UV_RUN_DEFAULT);
 * }
 * @endcode
 *
 * The rules of okta/loop.h hold. All functions of the adapters are `static inline`: libokta needs none of
 * these event loops, and a program that includes a header needs the event loop of its name only. They use
 * POSIX: a program that is compiled with `-std=c11` defines `_POSIX_C_SOURCE` as 200809L or more.
 *
 * - **Ownership.** The loop is released with okta_free(), at any time, with calls in it, and from within a
 *   `done`. What the adapter keeps in the event loop goes with it. The event loop itself is the program's,
 * and must live longer.
 * - **Errors.** A descriptor that the event loop does not take fails the call that needs it, as when memory
 * is out (::OKTA_E_NOMEM), and not the program.
 * - **Threads.** The loop belongs to the thread that runs the event loop. okta_call_cancel() and
 *   okta_loop_wake() come from any thread.
 * - **fork.** In a child process the loop does nothing, and an event loop that goes on there stops watching
 * its descriptors.
 */
#ifndef OKTA_ADAPTERS_ADAPTER_H
#define OKTA_ADAPTERS_ADAPTER_H

#include "okta/loop.h"

#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @cond internal */

/* The first member of each adapter. */
typedef struct okta_adapter {
    okta_loop *loop;
    pid_t process;
} okta_adapter;

/* An adapter of so many bytes; NULL: out of memory. */
static inline void *okta_adapter_new(size_t size)
{
    okta_adapter *self = (okta_adapter *)calloc(1, size);
    if (self != NULL) {
        self->process = getpid();
    }
    return self;
}

/* Give it a loop. After an error it is the caller's still; NULL is out of memory. */
static inline okta_error *okta_adapter_open(okta_adapter *self, const okta_loop_hooks *hooks, okta_loop **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    okta_error *error = self == NULL ? okta_call_run(NULL) : okta_loop_new(hooks, out);
    if (error == NULL && self != NULL && out != NULL) {
        self->loop = *out;
    }
    return error;
}

/* Whether this is a child of the process that made it. */
static inline bool okta_adapter_is_foreign(const okta_adapter *self)
{
    return self->process != getpid();
}

/** @endcond */

#ifdef __cplusplus
}
#endif
#endif
