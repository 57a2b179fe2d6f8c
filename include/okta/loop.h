/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Many calls in one thread. A call that is submitted to a loop runs beside all others in it: while one waits
 * for its answer, its turn or a rate limit, the others go on.
 * @code
 * okta_loop *loop;
 * okta_error *error = okta_loop_new(NULL, &loop);
 * if (error == NULL) {
 *     error = okta_call_submit(okta_list_jwk_call(client, app_id), loop, on_keys, NULL);
 * }
 * if (error == NULL) {
 *     error = okta_loop_run(loop);
 * }
 * @endcode
 *
 * A loop is driven in one of three ways. okta_loop_run() and okta_loop_poll() wait themselves. A program that
 * waits for descriptors watches okta_loop_fd() for input and then calls okta_loop_poll() with 0. A program
 * with an event loop of its own gives hooks, ::okta_loop_hooks, and calls okta_loop_on_ready() and
 * okta_loop_on_timer(). The headers in okta/adapters/ do that for libuv, libevent, GLib, sd-event and poll().
 *
 * A loop belongs to the thread that drives it. From elsewhere may come okta_loop_wake() and what cancels:
 * okta_call_cancel(), okta_pages_cancel(), okta_batch_cancel(), okta_cancel_token_cancel() and
 * okta_client_cancel_all(); okta_loop_cancel() may not. The calls in it may belong to several clients, which
 * other threads use as well. A signer or a token source that takes its time, a log function that does, and a
 * `done` that runs calls with okta_call_run() hold up the whole loop.
 */
#ifndef OKTA_LOOP_H
#define OKTA_LOOP_H

#include "okta/call.h"
#include "okta/pages.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A loop; opaque. Release it with okta_free(): that cancels the calls and batches that are still in it, and
 *  runs their `done`, which must not use the loop any more, before it returns; from within a `done`, when the
 * loop's function at work returns. @since 0.2.0 */
typedef struct okta_loop okta_loop;

/**
 * Tells the outcome of a call, once, in the thread that drives the loop and never within okta_call_submit().
 * It may submit calls, cancel any, release those that are in no loop, and must return normally.
 *
 * @param[in] ctx   what okta_call_submit() was given.
 * @param[in] call  yours again: read it, take its result, and release it with okta_free(), here or later.
 * @param[in] error NULL on success; else yours, as from okta_call_run().
 */
typedef void okta_done_fn(void *ctx, okta_call *call, okta_error *error);

/** What a descriptor is watched for; ORed. */
enum {
    OKTA_LOOP_INPUT = 1,  /**< readable, or at its end */
    OKTA_LOOP_OUTPUT = 2, /**< writable */
};

/** What an event loop does for an ::okta_loop. The hooks run in the thread that drives it, within its
 *  functions, okta_call_submit() and okta_free(), and must not call any of them. While a call is in the loop,
 * a descriptor is watched; while none is, only the timer may be set, for connections that nobody uses. An
 * event loop that ends when nothing is left to wait for can go by that. In a child process of fork no hook
 * runs.
 *  @since 0.2.0 */
typedef struct okta_loop_hooks {
    size_t struct_size; /**< required; ::OKTA_LOOP_HOOKS_INIT fills it */
    void *ctx;          /**< nullable; comes back with each hook */
    /** Required. Watch descriptor `fd` for `events` in the place of what it was watched for before: call
     *  okta_loop_on_ready() whenever it is ready, as long as it is (level-triggered). 0: watch it no more; it
     *  may be closed next, and of an attempt to connect that was given up be closed already. `*own` is the
     * hook's, one for each descriptor that is watched, for whatever the event loop has for it: NULL when
     * watching begins, kept until it ends. False: it cannot be watched, the request that needs it fails as
     * without memory, and all is as before. */
    bool (*watch)(void *ctx, int fd, unsigned events, void **own);
    /** Required. Call okta_loop_on_timer() once in `ms` milliseconds, in the place of the time before; 0: as
     *  soon as the hook's caller has returned; -1: never. */
    void (*set_timer)(void *ctx, int64_t ms);
    /** Nullable. The loop is gone, nothing is watched, and no hook runs any more: `ctx` may be released. Not
     *  for a loop that okta_loop_new() failed to make. */
    void (*release)(void *ctx);
} okta_loop_hooks;

/** `okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;` */
#ifdef __cplusplus
#define OKTA_LOOP_HOOKS_INIT (okta_loop_hooks{sizeof(okta_loop_hooks), nullptr, nullptr, nullptr, nullptr})
#else
#define OKTA_LOOP_HOOKS_INIT ((okta_loop_hooks){.struct_size = sizeof(okta_loop_hooks)})
#endif

/**
 * Make a loop.
 *
 * @param[in]  hooks nullable: the loop waits itself; copied.
 * @param[out] out   receives the loop; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (`out`; `struct_size` or a hook is missing), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT
 *         (no descriptor is left, or the hooks cannot watch one).
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_loop_new(const okta_loop_hooks *hooks, okta_loop **out);

/**
 * Have a call run by a loop. What its arguments point to is not used any more when this returns. Until `done`
 * runs, the call belongs to the loop: only okta_call_cancel() may be called with it.
 *
 * @param[in] call nullable: the call that memory was too short for.
 * @param[in] loop required; this thread drives it, or will.
 * @param[in] done required.
 * @param[in] ctx  nullable; for `done`.
 * @return NULL: `done` runs once. Else it never does, and the call is the caller's as before:
 *         ::OKTA_E_CANCELED (the loop is being released), ::OKTA_E_ARG (a NULL; the arguments of the call; it
 * ran before; a client or a loop of before fork),
 *         ::OKTA_E_NOMEM (also: the hooks cannot watch the loop's descriptor).
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_call_submit(okta_call *call, okta_loop *loop, okta_done_fn *done,
                                                      void *ctx);

/**
 * Tells that a page came, that there is none left, or that it failed; once, in the thread that drives the
 * loop and never within okta_pages_submit(). Take the page by okta_pages_next() or its items by OKTA_NEXT(),
 * then ask okta_pages_error(), and submit the pages again where okta_pages_cursor() is not NULL. It may do
 * what an ::okta_done_fn may, and release the pages.
 *
 * @param[in] ctx   what okta_pages_submit() was given.
 * @param[in] pages yours again.
 */
typedef void okta_pages_done_fn(void *ctx, okta_pages *pages);

/**
 * Have a loop fetch the next page. The page at hand is gone. From here on okta_pages_next() and OKTA_NEXT()
 * fetch nothing: they return NULL when the page at hand is used up.
 * @code
 * static void on_page(void *ctx, okta_pages *pages)
 * {
 *     okta_user *user;
 *     while ((user = OKTA_NEXT(pages, okta_user)) != NULL) { ... }
 *     okta_error *error = okta_pages_error(pages);
 *     if (error == NULL && okta_pages_cursor(pages) != NULL) {
 *         error = okta_pages_submit(pages, loop, on_page, ctx);
 *     }
 *     ...
 * }
 * @endcode
 * Until `done` runs, the pages may only be canceled, by okta_pages_cancel() from any thread, or released by
 * okta_free() in the loop's: then `done` does not run.
 *
 * @param[in] pages nullable: the pages that memory was too short for.
 * @param[in] loop  required; this thread drives it, or will.
 * @param[in] done  required.
 * @param[in] ctx   nullable; for `done`.
 * @return NULL: `done` runs once. Else it never does: ::OKTA_E_CANCELED (the loop is being released),
 *         ::OKTA_E_ARG (a NULL; the arguments of the pages; a
 *         page that was asked for is still on its way; the pages failed before; a client or a loop of before
 *         fork), ::OKTA_E_NOMEM, or what okta_pages_error() has not told yet.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_pages_submit(okta_pages *pages, okta_loop *loop,
                                                       okta_pages_done_fn *done, void *ctx);

/**
 * Drive a loop without hooks until no call and no batch is left in it. A signal does not end it.
 *
 * @param[in] loop required.
 * @return NULL; ::OKTA_E_ARG (NULL; it has hooks; it was made before fork; from within a `done`),
 *         ::OKTA_E_TRANSPORT (the system cannot wait).
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_loop_run(okta_loop *loop);

/**
 * Drive a loop without hooks once: wait until something happens, do what there is to do, and run the `done`
 * of calls that ended. A signal that a handler takes in this thread ends the wait as well: NULL is returned,
 * as when nothing happened.
 *
 * @param[in] loop       required.
 * @param[in] timeout_ms how long to wait at most, 0 and more; -1: as long as it takes, or until
 *                       okta_loop_wake(). Without a call in the loop these two end the wait, and the
 *                       closing of connections that were idle for long.
 * @return as okta_loop_run().
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_loop_poll(okta_loop *loop, int64_t timeout_ms);

/**
 * @param[in] loop required.
 * @return a descriptor that is readable when okta_loop_poll(loop, 0) has something to do; the loop's own. -1
 *         for a loop with hooks, or when no descriptor is left.
 * @since 0.2.0
 */
OKTA_API int okta_loop_fd(okta_loop *loop);

/** @return how many calls and batches are in the loop. @since 0.2.0 */
OKTA_API size_t okta_loop_pending(const okta_loop *loop);

/** End the wait of okta_loop_poll(), from any thread; have a loop with hooks look at its calls, if it has
 * any. Not from a signal handler: it takes a lock, which the interrupted thread may hold.
 *  @param[in] loop nullable. @since 0.2.0 */
OKTA_API void okta_loop_wake(okta_loop *loop);

/** Cancel all calls and batches that are in the loop; their `done` runs as it is driven on. @param[in] loop
 * nullable.
 *  @since 0.2.0 */
OKTA_API void okta_loop_cancel(okta_loop *loop);

/** Of a loop with hooks: a descriptor is ready for `events`; 0: it has an error. @since 0.2.0 */
OKTA_API void okta_loop_on_ready(okta_loop *loop, int fd, unsigned events);

/** Of a loop with hooks: the time of the timer is there. @since 0.2.0 */
OKTA_API void okta_loop_on_timer(okta_loop *loop);

#ifdef __cplusplus
}
#endif
#endif
