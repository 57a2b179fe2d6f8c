/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of an event loop: one thread runs many calls, each as far as it can go. */
#include "client/loop.h"

#include "client/loop_calls.h"
#include "client/loop_client.h"
#include "client/loop_events.h"
#include "client/loop_waking.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/misuse.h"
#include "core/process.h"

#define EVENTS_AT_ONCE 64

/* So long sockets are read before anything follows from what came. */
#define READ_MS 20

struct okta_loop {
    oktai_process owner;
    oktai_loop_events events;
    oktai_loop_waking waking;
    oktai_list clients;
    oktai_loop_calls calls;
    oktai_list tasks;
    bool driving; /* one of its functions is at work */
    bool closing;
};

/* Calls and tasks. */
static size_t pending(const okta_loop *loop)
{
    return oktai_loop_calls_count(&loop->calls) + loop->tasks.count;
}

/* False: out of memory, or of what hooks watch with. */
static bool watch_waker(okta_loop *loop, bool is_needed)
{
    return oktai_loop_events_watch_own(&loop->events, loop->waking.waker.to_read, is_needed);
}

static oktai_loop_client *first_client(const okta_loop *loop)
{
    return oktai_list_first(&loop->clients);
}

/* Whether a call or a task of the loop can go on. */
static bool is_busy(const okta_loop *loop)
{
    return loop->calls.ready.count > 0 || oktai_tasks_are_due(&loop->tasks);
}

/* Until the loop has something to do, unless a descriptor is ready before; -1: never. */
static int64_t left_ms(const okta_loop *loop)
{
    int64_t least_ms = -1;
    if (is_busy(loop)) {
        return 0;
    }
    for (const oktai_loop_client *its = first_client(loop); its != NULL; its = oktai_list_after(&its->link)) {
        int64_t its_ms = oktai_loop_client_left_ms(its);
        least_ms = least_ms < 0 || (its_ms >= 0 && its_ms < least_ms) ? its_ms : least_ms;
    }
    return least_ms;
}

/* Tell who drives the loop when to come back. */
static void set_time(okta_loop *loop)
{
    oktai_loop_events_set_time(&loop->events, left_ms(loop));
}

/* Clocks that are not the system's go on when nothing else happens. */
static void advance(okta_loop *loop)
{
    for (oktai_loop_client *its = first_client(loop); its != NULL && !is_busy(loop);
         its = oktai_list_after(&its->link)) {
        oktai_loop_client_advance(its);
    }
}

/* All that can be done now. */
static void turn(okta_loop *loop)
{
    oktai_loop_calls_take_woken(&loop->calls);
    oktai_tasks_run(&loop->tasks);
    advance(loop);
    for (oktai_loop_client *its = first_client(loop); its != NULL; its = oktai_list_after(&its->link)) {
        oktai_loop_calls_take_due(its);
    }
    oktai_loop_calls_run(&loop->calls);
    oktai_loop_clients_drop(&loop->clients);
}

static void on_ready(okta_loop *loop, int fd, unsigned what)
{
    oktai_loop_client *its = oktai_loop_events_take(&loop->events, fd);
    if (its != NULL) {
        oktai_loop_calls_take_input(its, fd, what & (OKTA_LOOP_INPUT | OKTA_LOOP_OUTPUT));
    }
}

/* What arrived is read before anything follows from it: code that does the same work stays in the processor's
 * cache. */
static okta_error *poll_once(okta_loop *loop, int64_t timeout_ms)
{
    oktai_poll_event events[EVENTS_AT_ONCE];
    if (pending(loop) == 0) {
        oktai_loop_events_pass_idle(&loop->events);
    }
    int64_t left = left_ms(loop);
    int64_t wait_ms = left < 0 || (timeout_ms >= 0 && timeout_ms < left) ? timeout_ms : left;
    int count = oktai_loop_events_wait(&loop->events, events, EVENTS_AT_ONCE, wait_ms);
    if (count < 0) {
        return oktai_error_new(OKTA_E_TRANSPORT, "the system cannot wait for descriptors");
    }
    int64_t until_ms = oktai_clock_system_ms() + READ_MS;
    for (int i = 0; i < count; i++) {
        on_ready(loop, events[i].fd, events[i].events);
        if (oktai_clock_system_ms() >= until_ms) {
            turn(loop);
            until_ms = oktai_clock_system_ms() + READ_MS;
        }
    }
    turn(loop);
    return NULL;
}

static okta_error *refuse_loop(const okta_loop *loop)
{
    if (loop == NULL) {
        return oktai_error_null("loop");
    }
    if (oktai_process_is_another(&loop->owner)) {
        return oktai_error_new(OKTA_E_ARG, "the loop was made before fork: make one in the child");
    }
    return NULL;
}

static okta_error *refuse_driving(const okta_loop *loop)
{
    okta_error *error = refuse_loop(loop);
    if (error == NULL && !loop->events.has_poller) {
        error = oktai_error_new(OKTA_E_ARG, "the loop has hooks: it does not wait itself");
    }
    if (error == NULL && loop->driving) {
        error = oktai_error_new(OKTA_E_ARG, "the loop is driven already, by the caller of this callback");
    }
    return error;
}

/* A callback may release the loop. */
static void begin_driving(okta_loop *loop)
{
    oktai_root_hold(loop);
    loop->driving = true;
}

static void end_driving(okta_loop *loop)
{
    loop->driving = false;
    set_time(loop);
    watch_waker(loop, pending(loop) > 0);
    okta_free(loop);
}

okta_error *okta_loop_poll(okta_loop *loop, int64_t timeout_ms)
{
    oktai_expect_root(__func__, loop);
    okta_error *error = refuse_driving(loop);
    if (error != NULL) {
        return error;
    }
    begin_driving(loop);
    error = poll_once(loop, timeout_ms < 0 ? -1 : timeout_ms);
    end_driving(loop);
    return error;
}

okta_error *okta_loop_run(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    okta_error *error = refuse_driving(loop);
    if (error != NULL) {
        return error;
    }
    oktai_root_hold(loop);
    /* A callback may have let the loop go: then what is left in it is canceled below. */
    while (error == NULL && pending(loop) > 0 && !oktai_root_is_sole(loop)) {
        error = okta_loop_poll(loop, -1);
    }
    okta_free(loop);
    return error;
}

int okta_loop_fd(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    if (loop == NULL || !loop->events.has_poller || oktai_process_is_another(&loop->owner)) {
        return -1;
    }
    int fd = oktai_loop_events_export(&loop->events);
    set_time(loop);
    return fd;
}

size_t okta_loop_pending(const okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    return loop == NULL ? 0 : pending(loop);
}

void okta_loop_wake(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    if (loop != NULL && !oktai_process_is_another(&loop->owner)) {
        oktai_loop_waking_tell(&loop->waking);
    }
}

static void cancel_all(okta_loop *loop)
{
    oktai_tasks_cancel(&loop->tasks);
    oktai_loop_calls_cancel(&loop->calls);
}

void okta_loop_cancel(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    if (loop != NULL && !oktai_process_is_another(&loop->owner)) {
        cancel_all(loop);
    }
}

static bool is_driven_by_hooks(okta_loop *loop)
{
    return loop != NULL && !loop->events.has_poller && !loop->driving &&
           !oktai_process_is_another(&loop->owner);
}

void okta_loop_on_ready(okta_loop *loop, int fd, unsigned events)
{
    oktai_expect_root(__func__, loop);
    if (is_driven_by_hooks(loop)) {
        begin_driving(loop);
        on_ready(loop, fd, events);
        turn(loop);
        end_driving(loop);
    }
}

void okta_loop_on_timer(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    if (is_driven_by_hooks(loop)) {
        begin_driving(loop);
        oktai_loop_events_ring(&loop->events);
        turn(loop);
        end_driving(loop);
    }
}

/* A child process touches nothing that it shares with its parent. */
static void release(void *object)
{
    okta_loop *loop = object;
    if (oktai_process_is_another(&loop->owner)) {
        return;
    }
    loop->closing = true;
    loop->driving = true;
    cancel_all(loop);
    while (pending(loop) > 0) {
        turn(loop);
    }
    oktai_loop_clients_clear(&loop->clients);
    oktai_loop_events_watch(&loop->events, NULL, loop->waking.waker.to_read, 0);
    oktai_loop_events_close(&loop->events);
    oktai_loop_waking_close(&loop->waking);
}

static okta_error *check_hooks(const okta_loop_hooks *hooks)
{
    if (hooks == NULL) {
        return NULL;
    }
    if (hooks->struct_size < sizeof *hooks) {
        return oktai_error_new(OKTA_E_ARG, "hooks must begin as OKTA_LOOP_HOOKS_INIT");
    }
    if (hooks->watch == NULL || hooks->set_timer == NULL) {
        return oktai_error_null(hooks->watch == NULL ? "hooks.watch" : "hooks.set_timer");
    }
    return NULL;
}

/* False: no descriptor is left, or no memory, or the hooks cannot watch. */
static bool open_loop(okta_loop *loop, const okta_loop_hooks *hooks)
{
    bool has_events = oktai_loop_events_open(&loop->events, hooks);
    bool has_waking = oktai_loop_waking_open(&loop->waking);
    return has_events && has_waking && watch_waker(loop, true) && watch_waker(loop, false);
}

okta_error *okta_loop_new(const okta_loop_hooks *hooks, okta_loop **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    okta_error *error = check_hooks(hooks);
    if (error != NULL) {
        return error;
    }
    okta_loop *loop = oktai_root_new(sizeof *loop, 0, release);
    if (loop == NULL) {
        return oktai_error_nomem();
    }
    loop->owner = oktai_process_now();
    oktai_loop_calls_init(&loop->calls, &loop->waking);
    if (!open_loop(loop, hooks)) {
        loop->events.hooks.release = NULL;
        okta_free(loop);
        return oktai_error_new(OKTA_E_TRANSPORT, "no descriptor can be opened and watched for the loop");
    }
    *out = loop;
    return NULL;
}

okta_error *oktai_loop_refuse(const okta_loop *loop)
{
    okta_error *error = refuse_loop(loop);
    if (error == NULL && loop->closing) {
        error = oktai_error_new(OKTA_E_CANCELED, "the loop is being released");
    }
    return error;
}

static okta_error *refuse_submission(okta_call *call, const okta_loop *loop, okta_done_fn *done)
{
    okta_error *error = oktai_loop_refuse(loop);
    if (error == NULL && done == NULL) {
        error = oktai_error_null("done");
    }
    return error != NULL ? error : oktai_call_refuse(call);
}

/* `*out`: all that the call needs in the loop, whose waker is watched from here on. */
static okta_error *prepare(okta_loop *loop, okta_call *call, okta_done_fn *done, void *ctx,
                           oktai_submission **out)
{
    okta_error *error = oktai_body_keep(&call->body, call->operation);
    if (error != NULL) {
        return error;
    }
    oktai_loop_client *its = oktai_loop_client_of(&loop->clients, call->client, &loop->events, &loop->waking);
    *out = its == NULL ? NULL : oktai_submission_new(call, its, done, ctx);
    return *out != NULL && watch_waker(loop, true) ? NULL : oktai_error_nomem();
}

/* There is something to do. */
static void come_back(okta_loop *loop)
{
    if (!loop->driving) {
        set_time(loop);
    }
}

okta_error *okta_call_submit(okta_call *call, okta_loop *loop, okta_done_fn *done, void *ctx)
{
    oktai_expect_root(__func__, call);
    oktai_expect_root(__func__, loop);
    oktai_submission *made = NULL;
    if (call == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = refuse_submission(call, loop, done);
    if (error == NULL) {
        error = prepare(loop, call, done, ctx, &made);
    }
    if (error != NULL) {
        return error;
    }
    oktai_loop_calls_add(&loop->calls, made);
    come_back(loop);
    return NULL;
}

okta_error *oktai_loop_begin_task(okta_loop *loop, oktai_task *task)
{
    okta_error *error = oktai_loop_refuse(loop);
    if (error != NULL) {
        return error;
    }
    if (!watch_waker(loop, true)) {
        return oktai_error_nomem();
    }
    atomic_store(&task->is_due, true);
    oktai_list_insert(&loop->tasks, NULL, &task->link);
    come_back(loop);
    return NULL;
}

void oktai_loop_end_task(okta_loop *loop, oktai_task *task)
{
    oktai_list_remove(&loop->tasks, &task->link);
}

void oktai_loop_wake_task(okta_loop *loop, oktai_task *task)
{
    atomic_store(&task->is_due, true);
    oktai_loop_waking_tell(&loop->waking);
}
