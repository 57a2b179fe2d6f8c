/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The same for many objects: any number of calls, a few of them at once. A function of the program gives the
 * calls one after the other, another one gets the outcome of each.
 * @code
 * okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
 * options.next = next_app;
 * options.result = on_keys;
 * options.ctx = &apps;
 * okta_batch *batch;
 * okta_error *error = okta_batch_new(&options, &batch);
 * if (error == NULL) {
 *     error = okta_batch_run(batch);
 * }
 * okta_free(batch);
 * @endcode
 *
 * A call with a key, such as the id of its app, begins when all calls of the same key that came before it
 * have ended, and their outcomes were told. Calls of other keys, and those without one, overtake it. To find
 * them the batch reads ahead, up to a limit: there are never more calls than those in flight and those held
 * back.
 *
 * The calls wait for rate limits and are repeated as everywhere, but for two things. The time that a call of
 * a batch waits for its turn under the limits of the org and of `max_in_flight`, or after a 429, does not
 * count against its `timeout_ms`; a deadline of okta_call_set_deadline() counts. After a 429 such a wait ends
 * 72 s behind the call's own time at the latest. And a repetition of what never reached the org, because
 * nobody listens or no name is found, takes nothing of the client's retry budget. A batch belongs to the
 * thread that runs it or drives its loop; only okta_batch_cancel() may come from elsewhere.
 */
#ifndef OKTA_BATCH_H
#define OKTA_BATCH_H

#include "okta/call.h"
#include "okta/loop.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A batch; opaque. Release it with okta_free(), also from within its functions: that cancels it as
 *  okta_batch_cancel() does, and its functions run on until it has ended. @since 0.2.0 */
typedef struct okta_batch okta_batch;

/** A call of a batch. @since 0.2.0 */
typedef struct okta_batch_item {
    okta_call *call; /**< nullable: the call that memory was too short for; it fails with ::OKTA_E_NOMEM */
    const char *key; /**< nullable: it waits for no other call. Copied once `next` has returned */
    void *ctx;       /**< nullable; of the program */
    /** Nullable; an error of a function of the library, such as okta_key_generate():
     *  the call fails with it and is not sent. Of ::okta_batch_next_fn only. */
    okta_error *error;
} okta_batch_item;

/** How many calls of a batch. @since 0.2.0 */
typedef struct okta_batch_counts {
    size_t done;      /**< ended well */
    size_t failed;    /**< ended with an error, also those that were given and not sent any more */
    size_t in_flight; /**< began and did not end */
    size_t held_back; /**< wait for the end of another one of their key */
} okta_batch_counts;

/** What follows when a call fails. @since 0.2.0 */
typedef enum okta_batch_on_error {
    OKTA_BATCH_GO_ON = 0, /**< the default: the others run all the same */
    /** No further call begins. Those in flight end by themselves: a write that is canceled may have happened
     *  all the same. */
    OKTA_BATCH_STOP = 1,
    OKTA_BATCH_STOP_AND_CANCEL = 2, /**< no further call begins, and those in flight are canceled */
} okta_batch_on_error;

/**
 * Give the next call. It runs when there is room for it, once in each turn of the loop: calls in flight go on
 * between two of them.
 *
 * @param[in]  ctx  that of the options.
 * @param[out] item the call; zeroed before. It is the batch's until its outcome is told.
 * @return true: here it is. False: there are no more; or with `item->error`, which the batch takes: there
 *         should be more, and the batch stops with that error. It does not run again then.
 */
typedef bool okta_batch_next_fn(void *ctx, okta_batch_item *item);

/**
 * Tells the outcome of a call, once for each that was given.
 *
 * @param[in] ctx   that of the options.
 * @param[in] item  what was given, with the key's copy, which ends with this function. Its call is yours
 *                  again: read it, take its result, and release it, here or later.
 * @param[in] error NULL on success; else yours. ::OKTA_E_CANCELED also for a call that did not begin, because
 *                  the batch stopped.
 */
typedef void okta_batch_result_fn(void *ctx, const okta_batch_item *item, okta_error *error);

/** Tells how far the batch is, when calls began or ended. */
typedef void okta_batch_progress_fn(void *ctx, const okta_batch_counts *counts);

/**
 * Tells the end of a batch, once, in the thread that drives the loop and never within okta_batch_submit().
 * The outcomes of all calls were told before.
 *
 * @param[in] ctx    what okta_batch_submit() was given.
 * @param[in] counts how its calls ended; borrowed for this function.
 * @param[in] error  as of okta_batch_run(); yours.
 */
typedef void okta_batch_done_fn(void *ctx, const okta_batch_counts *counts, okta_error *error);

/** How a batch goes. Its functions may submit calls and batches, cancel any, also this one, and release what
 *  is theirs, also this batch and its loop. They must not wait long: the loop stands still meanwhile. Copied
 *  by okta_batch_new(). @since 0.2.0 */
typedef struct okta_batch_options {
    size_t struct_size;               /**< required; ::OKTA_BATCH_OPTIONS_INIT fills it */
    okta_batch_next_fn *next;         /**< required */
    okta_batch_result_fn *result;     /**< required */
    okta_batch_progress_fn *progress; /**< optional */
    void *ctx;                        /**< optional; for these three; borrowed until the batch has ended */
    /** Optional; how many calls are in flight at most, 1 to 10,000. 0: the `max_in_flight` of the client of
     * the first call. More than that is of use only with several clients. */
    unsigned max_in_flight;
    /** Optional; how many calls are held back at most, 1 to 1,000,000; with that many, no further one is read
     *  before one of them begins. 0: 256. */
    unsigned max_held_back;
    okta_batch_on_error on_error; /**< optional */
} okta_batch_options;

/** `okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;` */
#ifdef __cplusplus
#define OKTA_BATCH_OPTIONS_INIT                                                                              \
    (okta_batch_options{sizeof(okta_batch_options), nullptr, nullptr, nullptr, nullptr, 0, 0,                \
                        OKTA_BATCH_GO_ON})
#else
#define OKTA_BATCH_OPTIONS_INIT ((okta_batch_options){.struct_size = sizeof(okta_batch_options)})
#endif

/**
 * Make a batch. It runs once.
 *
 * @param[in]  options required.
 * @param[out] out     receives the batch; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (NULL, a value out of its range), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_batch_new(const okta_batch_options *options, okta_batch **out);

/**
 * Run a batch in this thread, to its end. Its functions run in here.
 *
 * @param[in] batch required.
 * @return NULL: `next` came to its end, and each call ran, whatever became of it. Else the reason why not:
 * the error of `next`; with ::OKTA_BATCH_STOP and ::OKTA_BATCH_STOP_AND_CANCEL an error with the status and
 * message of the first call that failed; ::OKTA_E_CANCELED (okta_batch_cancel(), or the loop was canceled or
 * released); ::OKTA_E_TRANSPORT (the system cannot wait, or no descriptor is left). Before anything runs:
 * ::OKTA_E_ARG (NULL; it ran before; it was made before fork), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_batch_run(okta_batch *batch);

/**
 * Have a batch run by a loop.
 *
 * @param[in] batch required.
 * @param[in] loop  required; this thread drives it, or will.
 * @param[in] done  required.
 * @param[in] ctx   nullable; for `done`.
 * @return NULL: `done` runs once. Else nothing runs, and the batch is as before: ::OKTA_E_ARG (a NULL; it ran
 *         before; a batch or a loop of before fork), ::OKTA_E_CANCELED (the loop is being released),
 *         ::OKTA_E_NOMEM (the hooks cannot watch the loop's descriptor).
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_batch_submit(okta_batch *batch, okta_loop *loop,
                                                       okta_batch_done_fn *done, void *ctx);

/**
 * Stop a batch, from any thread: no further call begins, and those in flight are canceled as by
 * okta_call_cancel(). Before it runs: it ends as soon as it does. Behind its end: nothing.
 *
 * @param[in] batch nullable.
 * @since 0.2.0
 */
OKTA_API void okta_batch_cancel(okta_batch *batch);

/**
 * @param[in] batch nullable.
 * @return how its calls are doing; borrowed from the batch. NULL for NULL.
 * @since 0.2.0
 */
OKTA_API const okta_batch_counts *okta_batch_count(const okta_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
