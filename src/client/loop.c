/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of an event loop: one thread runs many calls, each as far as it can go. */
#include "okta/loop.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "client/cancel.h"
#include "client/machine.h"
#include "client/task.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "core/poller.h"
#include "core/process.h"
#include "core/timers.h"
#include "core/waker.h"
#include "http/pool.h"
#include "http/verdict.h"

#define EVENTS_AT_ONCE 64

/* Programs, pools and the poller have the same bits. */
_Static_assert(OKTA_LOOP_INPUT == OKTAI_WATCH_INPUT && (int)OKTA_LOOP_INPUT == (int)OKTAI_POLL_INPUT,
               "input");
_Static_assert(OKTA_LOOP_OUTPUT == OKTAI_WATCH_OUTPUT && (int)OKTA_LOOP_OUTPUT == (int)OKTAI_POLL_OUTPUT,
               "output");

typedef struct member member;

/* In which of the loop's lists a call is. */
typedef enum standing {
    STANDS_WAITING, /* for anything */
    STANDS_READY,   /* to be stepped, in its turn */
    STANDS_ENDED,   /* its outcome is to be told */
    STANDINGS,
} standing;

/* A call in the loop; lies in the call's memory. */
typedef struct submission {
    struct submission *ahead; /* in the list that it is in */
    struct submission *behind;
    struct submission *next_woken;
    okta_call *call;
    member *member;
    okta_done_fn *done;
    void *ctx;
    oktai_timer timer; /* of what it waits for */
    bool waits_for_call;
    standing stands;
    bool is_woken;        /* under the loop's lock */
    okta_call *sending;   /* the call, or a child of it, whose request is in flight; NULL: none */
    oktai_flight *flight; /* of that */
} submission;

typedef struct submissions {
    submission *first;
    submission *last;
    size_t count;
} submissions;

/* The calls of one client, over its connections of this loop. */
struct member {
    member *next;
    okta_loop *loop;
    okta_client *client; /* held */
    oktai_pool_hooks hooks;
    oktai_pool *pool;
    int64_t due_ms;            /* of the pool, by the system's clock; -1: never */
    atomic_bool look_up_ended; /* and the pool is to be told */
    size_t in_flight;
    size_t calls;
    oktai_timers timers; /* by the client's clock; with room for all its calls */
};

typedef struct watched {
    member *member; /* NULL: the loop itself */
    unsigned events;
    unsigned polled; /* what the poller watches for: also what it was for, while its connection is idle */
    void *own;       /* of the hooks */
} watched;

struct okta_loop {
    oktai_driver driver; /* the first member */
    oktai_process owner;
    okta_loop_hooks hooks; /* of the program, or those of the poller */
    bool has_poller;
    bool is_exported; /* the program waits for the poller's descriptor */
    oktai_poller poller;
    oktai_waker waker;
    watched *watched; /* by descriptor */
    size_t watched_count;
    int64_t timer_ms; /* when the hook was told to call, by the system's clock; -1: never */
    bool driving;     /* one of its functions is at work */
    bool closing;
    member *members;
    oktai_task *tasks;
    size_t pending; /* calls and tasks */
    submissions lists[STANDINGS];

    pthread_mutex_t lock;    /* of what follows, and of whatever is woken */
    submission *woken_first; /* in the order in which they were */
    submission *woken_last;
    bool is_told; /* the waker was woken since it was calmed */
};

static int64_t real_ms(void)
{
    return oktai_system_clock.now_ms(&oktai_system_clock);
}

static void join(okta_loop *loop, submission *self, standing where)
{
    submissions *list = &loop->lists[where];
    self->stands = where;
    self->ahead = list->last;
    self->behind = NULL;
    *(list->last == NULL ? &list->first : &list->last->behind) = self;
    list->last = self;
    list->count++;
}

static void leave(okta_loop *loop, submission *self)
{
    submissions *list = &loop->lists[self->stands];
    *(self->ahead == NULL ? &list->first : &self->ahead->behind) = self->behind;
    *(self->behind == NULL ? &list->last : &self->behind->ahead) = self->ahead;
    list->count--;
}

static void move(submission *self, standing where)
{
    leave(self->member->loop, self);
    join(self->member->loop, self, where);
}

/* It is to be stepped. */
static void make_ready(submission *self)
{
    if (self->stands == STANDS_WAITING) {
        move(self, STANDS_READY);
    }
}

static void tell_in_lock(okta_loop *loop)
{
    if (!loop->is_told) {
        loop->is_told = true;
        oktai_waker_wake(&loop->waker);
    }
}

/* Have the loop's thread look. From any thread. */
static void tell(okta_loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    tell_in_lock(loop);
    pthread_mutex_unlock(&loop->lock);
}

static void wake(oktai_driver *driver, okta_call *call)
{
    okta_loop *loop = (okta_loop *)driver;
    submission *self = call->root->submission;
    pthread_mutex_lock(&loop->lock);
    if (!self->is_woken) {
        self->is_woken = true;
        self->next_woken = NULL;
        *(loop->woken_last == NULL ? &loop->woken_first : &loop->woken_last->next_woken) = self;
        loop->woken_last = self;
    }
    tell_in_lock(loop);
    pthread_mutex_unlock(&loop->lock);
}

/* Those that were woken become ready, in the order in which they were. */
static void take_woken(okta_loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    if (loop->is_told) {
        oktai_waker_calm(&loop->waker);
        loop->is_told = false;
    }
    for (submission *self = loop->woken_first; self != NULL; self = self->next_woken) {
        self->is_woken = false;
        make_ready(self);
    }
    loop->woken_first = NULL;
    loop->woken_last = NULL;
    pthread_mutex_unlock(&loop->lock);
}

/* The hooks of a client's pool. */

static watched *find_watched(okta_loop *loop, int fd)
{
    size_t count = loop->watched_count;
    if (fd < 0) {
        return NULL;
    }
    if ((size_t)fd >= count) {
        count = count == 0 ? 64 : count;
        while ((size_t)fd >= count) {
            count *= 2;
        }
        watched *grown = realloc(loop->watched, count * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        for (size_t i = loop->watched_count; i < count; i++) {
            grown[i] = (watched){NULL, 0, 0, NULL};
        }
        loop->watched = grown;
        loop->watched_count = count;
    }
    return &loop->watched[fd];
}

/* Most idle connections are used again soon: a poller's system calls for them would be in vain. */
static bool watch(okta_loop *loop, member *by, int fd, unsigned what)
{
    watched *place = find_watched(loop, fd);
    unsigned events = what & ~OKTAI_WATCH_IDLE;
    bool idle = what == OKTAI_WATCH_IDLE;
    if (place != NULL && events == 0 && place->events != 0 && place->member != by) {
        return true; /* the number is another one's by now */
    }
    if (place != NULL && place->events == 0 && events == 0 && (idle || place->polled == 0)) {
        return true;
    }
    if (place == NULL ||
        !((idle && loop->has_poller) || loop->hooks.watch(loop->hooks.ctx, fd, events, &place->own))) {
        return false;
    }
    place->member = events == 0 ? NULL : by;
    place->events = events;
    place->own = events == 0 ? NULL : place->own;
    return true;
}

/* While a loop with hooks has no calls, nobody need wake it, and what drives it may end. */
static bool watch_waker(okta_loop *loop, bool has_calls)
{
    unsigned events = loop->has_poller || has_calls ? OKTA_LOOP_INPUT : 0;
    const watched *place = find_watched(loop, loop->waker.to_read);
    return place != NULL && (place->events == events || watch(loop, NULL, loop->waker.to_read, events));
}

static bool watch_socket(void *context, int socket, unsigned what)
{
    member *self = context;
    return watch(self->loop, self, socket, what);
}

static void set_pool_timer(void *context, int64_t ms)
{
    member *self = context;
    self->due_ms = ms <= 0 ? ms : real_ms() + ms;
}

static void on_look_up(void *context)
{
    member *self = context;
    atomic_store(&self->look_up_ended, true);
    tell(self->loop);
}

static void free_member(member *self)
{
    oktai_pool_free(self->pool);
    oktai_timers_clear(&self->timers);
    okta_free(self->client);
    free(self);
}

static member *new_member(okta_loop *loop, okta_client *client)
{
    member *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->loop = loop;
    self->hooks = (oktai_pool_hooks){self, watch_socket, set_pool_timer, on_look_up};
    self->due_ms = -1;
    atomic_init(&self->look_up_ended, false);
    self->pool =
        oktai_pool_new(&client->transport, &self->hooks, (unsigned)client->pacing.options.max_in_flight);
    if (self->pool == NULL) {
        free(self);
        return NULL;
    }
    self->client = oktai_root_hold(client);
    self->next = loop->members;
    loop->members = self;
    return self;
}

/* NULL: out of memory. */
static member *find_member(okta_loop *loop, okta_client *client)
{
    for (member *self = loop->members; self != NULL; self = self->next) {
        if (self->client == client) {
            return self;
        }
    }
    return new_member(loop, client);
}

/* Clients that the program has let go. */
static void drop_members(okta_loop *loop)
{
    member **place = &loop->members;
    while (*place != NULL) {
        member *self = *place;
        if (self->calls == 0 && oktai_root_is_sole(self->client)) {
            *place = self->next;
            free_member(self);
        } else {
            place = &self->next;
        }
    }
}

/* What a call waits for. */

static void begin_flight(submission *self, okta_call *call)
{
    member *its = self->member;
    self->flight = oktai_pool_begin(its->pool, &call->sending.request, &call->response, self);
    if (self->flight == NULL) {
        oktai_sent(call, oktai_verdict_no_memory());
        make_ready(self);
        return;
    }
    self->sending = call;
    its->in_flight++;
}

static void set_timer(submission *self, const oktai_wait *wait)
{
    oktai_timers_set(&self->member->timers, &self->timer, wait->until_ms);
    self->waits_for_call = wait->need == OKTAI_NEED_CALL;
}

/* Requests that ended let their calls go on. */
static void take_landed(member *its)
{
    oktai_attempt attempt;
    submission *self;
    while ((self = oktai_pool_next(its->pool, &attempt)) != NULL) {
        its->in_flight--;
        self->flight = NULL;
        oktai_sent(self->sending, attempt);
        self->sending = NULL;
        make_ready(self);
    }
}

static void step(submission *self)
{
    oktai_timers_unset(&self->member->timers, &self->timer);
    if (self->flight != NULL) {
        if (oktai_call_is_canceled(self->call)) {
            oktai_pool_cancel(self->member->pool, self->flight);
            take_landed(self->member);
        }
        return;
    }
    oktai_wait wait = oktai_step(self->call);
    switch (wait.need) {
    case OKTAI_NEED_NOTHING:
        move(self, STANDS_ENDED);
        break;
    case OKTAI_NEED_IO:
        begin_flight(self, wait.call);
        take_landed(self->member);
        break;
    case OKTAI_NEED_TIME:
    case OKTAI_NEED_CALL:
        set_timer(self, &wait);
        break;
    }
}

void oktai_loop_advance(okta_call *call)
{
    submission *self = call->root->submission;
    member *its = self->member;
    move(self, STANDS_WAITING);
    step(self);
    if (self->stands == STANDS_ENDED) {
        move(self, STANDS_READY); /* it is told in its turn */
    } else if (self->flight != NULL && its->due_ms >= 0 && its->due_ms <= real_ms()) {
        its->due_ms = -1;
        oktai_pool_on_timer(its->pool);
        take_landed(its);
    }
}

static int64_t client_ms(const member *its)
{
    return its->client->clock->now_ms(its->client->clock);
}

static void take_due(member *its)
{
    oktai_timer *timer;
    while ((timer = oktai_timers_next(&its->timers)) != NULL && timer->until_ms <= client_ms(its)) {
        oktai_timers_unset(&its->timers, timer);
        make_ready(timer->owner);
    }
    if (atomic_exchange(&its->look_up_ended, false)) {
        oktai_pool_on_look_up(its->pool);
    }
    if (its->due_ms >= 0 && its->due_ms <= real_ms()) {
        its->due_ms = -1;
        oktai_pool_on_timer(its->pool);
    }
}

static bool is_real(const member *its)
{
    return its->client->clock == &oktai_system_clock;
}

/* So long at most, or until there is something to do. Whoever drives by hooks waits elsewhere. */
static void wait_for_events(void *object, int64_t ms)
{
    okta_loop *loop = object;
    struct pollfd polled = {.fd = loop->poller.fd, .events = POLLIN};
    if (loop->has_poller) {
        poll(&polled, 1, ms > INT_MAX ? INT_MAX : (int)ms);
    }
}

static bool has_due_task(const okta_loop *loop)
{
    const oktai_task *task = loop->tasks;
    while (task != NULL && !atomic_load(&task->is_due)) {
        task = task->next;
    }
    return task != NULL;
}

/* Those that begin meanwhile run in the next turn. */
static void run_tasks(okta_loop *loop)
{
    oktai_task *next = NULL;
    for (oktai_task *task = loop->tasks; task != NULL; task = next) {
        next = task->next;
        if (atomic_exchange(&task->is_due, false)) {
            task->run(task);
        }
    }
}

/* Whether a call or a task of the loop can go on. */
static bool is_busy(const okta_loop *loop)
{
    return loop->lists[STANDS_READY].count > 0 || has_due_task(loop);
}

/* A clock that is not the system's goes on when nothing else happens. */
static void advance(okta_loop *loop)
{
    for (member *its = loop->members; its != NULL && !is_busy(loop); its = its->next) {
        int64_t until_ms = INT64_MAX;
        if (is_real(its) || its->in_flight > 0) {
            continue;
        }
        for (size_t i = 0; i < its->timers.count; i++) {
            const submission *self = its->timers.heap[i]->owner;
            if (!self->waits_for_call && self->timer.until_ms < until_ms) {
                until_ms = self->timer.until_ms;
            }
        }
        int64_t left_ms = until_ms == INT64_MAX ? 0 : until_ms - client_ms(its);
        if (left_ms > 0) {
            its->client->clock->wait_ms(its->client->clock, wait_for_events, loop, left_ms);
        }
    }
}

/* The less of two times until something is due; -1: never. */
static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
    return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

/* Until a time that may have passed. */
static int64_t until(int64_t due_ms, int64_t now_ms)
{
    return due_ms > now_ms ? due_ms - now_ms : 0;
}

/* Until a call of a client waited long enough; -1: none waits. */
static int64_t call_left_ms(const member *its)
{
    const oktai_timer *timer = oktai_timers_next(&its->timers);
    if (timer == NULL) {
        return -1;
    }
    if (is_real(its)) {
        return until(timer->until_ms, client_ms(its));
    }
    const submission *self = timer->owner;
    return self->waits_for_call || its->in_flight > 0 ? OKTAI_LOOK_MS : 0;
}

/* Until the loop has something to do, unless a descriptor is ready before; -1: never. */
static int64_t left_ms(const okta_loop *loop)
{
    int64_t left = -1;
    if (is_busy(loop) || loop->lists[STANDS_ENDED].count > 0) {
        return 0;
    }
    for (const member *its = loop->members; its != NULL; its = its->next) {
        left = sooner(left, atomic_load(&its->look_up_ended) ? 0 : -1);
        left = sooner(left, its->due_ms < 0 ? -1 : until(its->due_ms, real_ms()));
        left = sooner(left, call_left_ms(its));
    }
    return left;
}

/* Tell who drives the loop when to come back. */
static void set_hook_timer(okta_loop *loop)
{
    int64_t left = left_ms(loop);
    int64_t when_ms = left < 0 ? -1 : real_ms() + left;
    if (when_ms != loop->timer_ms && (!loop->has_poller || loop->is_exported)) {
        loop->timer_ms = when_ms;
        loop->hooks.set_timer(loop->hooks.ctx, left);
    }
}

/* Its memory is the call's, and goes with it. */
static void tell_outcome(okta_loop *loop, submission *self)
{
    okta_call *call = self->call;
    okta_done_fn *done = self->done;
    void *ctx = self->ctx;
    oktai_call_end_run(call->root);
    take_woken(loop);
    leave(loop, self);
    self->member->calls--;
    loop->pending--;
    call->root->submission = NULL;
    okta_error *outcome = call->outcome;
    call->outcome = NULL;
    done(ctx, call, outcome);
}

/* Step what is ready. An outcome is told at once: the memory of an answer is then free for the next one. What
 * the programs' functions submit is stepped as well, but does not keep the loop here for ever. */
static void run_ready(okta_loop *loop)
{
    size_t left = loop->pending;
    while (loop->lists[STANDS_READY].first != NULL && left > 0) {
        submission *self = loop->lists[STANDS_READY].first;
        move(self, STANDS_WAITING);
        step(self);
        if (self->stands == STANDS_ENDED) {
            tell_outcome(loop, self);
            left--;
        }
        take_woken(loop);
    }
}

/* All that can be done now. */
static void turn(okta_loop *loop)
{
    take_woken(loop);
    run_tasks(loop);
    advance(loop);
    for (member *its = loop->members; its != NULL; its = its->next) {
        take_due(its);
        take_landed(its);
    }
    run_ready(loop);
    drop_members(loop);
}

/* Whatever becomes of an idle connection is nothing to wake up for. */
static void poll_no_more(okta_loop *loop, int fd)
{
    if (loop->watched[fd].polled != 0) {
        oktai_poller_watch(&loop->poller, fd, loop->watched[fd].polled, 0);
        loop->watched[fd].polled = 0;
    }
}

static void poll_no_idle(okta_loop *loop)
{
    for (size_t fd = 0; fd < loop->watched_count; fd++) {
        if (loop->watched[fd].events == 0) {
            poll_no_more(loop, (int)fd);
        }
    }
}

static void on_ready(okta_loop *loop, int fd, unsigned events)
{
    if (fd >= 0 && (size_t)fd < loop->watched_count && loop->watched[fd].member != NULL) {
        member *its = loop->watched[fd].member;
        oktai_pool_on_socket(its->pool, fd, events & (OKTA_LOOP_INPUT | OKTA_LOOP_OUTPUT));
        take_landed(its);
    } else if (fd >= 0 && (size_t)fd < loop->watched_count && loop->watched[fd].events == 0) {
        poll_no_more(loop, fd);
    }
}

/* The hooks of a loop that waits itself. */

static bool poll_watch(void *ctx, int fd, unsigned events, void **own)
{
    okta_loop *loop = ctx;
    (void)own;
    watched *place = &loop->watched[fd];
    if (events != place->polled && !oktai_poller_watch(&loop->poller, fd, place->polled, events)) {
        return false;
    }
    place->polled = events;
    return true;
}

static void poll_set_timer(void *ctx, int64_t ms)
{
    okta_loop *loop = ctx;
    oktai_poller_set_timer(&loop->poller, ms);
}

static okta_error *poll_once(okta_loop *loop, int64_t timeout_ms)
{
    oktai_poll_event events[EVENTS_AT_ONCE];
    if (loop->pending == 0) {
        poll_no_idle(loop);
    }
    int64_t left = left_ms(loop);
    int64_t wait_ms = left < 0 || (timeout_ms >= 0 && timeout_ms < left) ? timeout_ms : left;
    int count = oktai_poller_wait(&loop->poller, events, EVENTS_AT_ONCE, wait_ms);
    if (count < 0) {
        return oktai_error_new(OKTA_E_TRANSPORT, "the system cannot wait for descriptors");
    }
    for (int i = 0; i < count; i++) {
        if (events[i].fd < 0) {
            loop->timer_ms = -1; /* it rings once */
        }
        on_ready(loop, events[i].fd, events[i].events);
        run_ready(loop);
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
    if (error == NULL && !loop->has_poller) {
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
    set_hook_timer(loop);
    watch_waker(loop, loop->pending > 0);
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
    while (error == NULL && loop->pending > 0 && !oktai_root_is_sole(loop)) {
        error = okta_loop_poll(loop, -1);
    }
    okta_free(loop);
    return error;
}

int okta_loop_fd(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    if (loop == NULL || !loop->has_poller || oktai_process_is_another(&loop->owner)) {
        return -1;
    }
    if (!loop->is_exported) {
        loop->is_exported = oktai_poller_set_timer(&loop->poller, 0);
        loop->timer_ms = real_ms();
    }
    set_hook_timer(loop);
    return loop->is_exported ? loop->poller.fd : -1;
}

size_t okta_loop_pending(const okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    return loop == NULL ? 0 : loop->pending;
}

void okta_loop_wake(okta_loop *loop)
{
    oktai_expect_root(__func__, loop);
    if (loop != NULL && !oktai_process_is_another(&loop->owner)) {
        tell(loop);
    }
}

static void cancel_list(const submissions *list)
{
    for (submission *self = list->first; self != NULL; self = self->behind) {
        okta_call_cancel(self->call->root);
    }
}

static void cancel_all(okta_loop *loop)
{
    for (oktai_task *task = loop->tasks; task != NULL; task = task->next) {
        task->cancel(task);
    }
    for (standing where = STANDS_WAITING; where < STANDINGS; where++) {
        cancel_list(&loop->lists[where]);
    }
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
    return loop != NULL && !loop->has_poller && !loop->driving && !oktai_process_is_another(&loop->owner);
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
        loop->timer_ms = -1;
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
    while (loop->pending > 0) {
        turn(loop);
    }
    while (loop->members != NULL) {
        member *its = loop->members;
        loop->members = its->next;
        free_member(its);
    }
    watch(loop, NULL, loop->waker.to_read, 0);
    if (!loop->has_poller && loop->timer_ms >= 0) {
        loop->hooks.set_timer(loop->hooks.ctx, -1);
    }
    if (loop->hooks.release != NULL) {
        loop->hooks.release(loop->hooks.ctx);
    }
    oktai_waker_close(&loop->waker);
    oktai_poller_close(&loop->poller);
    free(loop->watched);
    pthread_mutex_destroy(&loop->lock);
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

/* False: no descriptor is left, or no memory. */
static bool open_loop(okta_loop *loop)
{
    return (!loop->has_poller || oktai_poller_open(&loop->poller)) && oktai_waker_open(&loop->waker) &&
           watch_waker(loop, true);
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
    loop->driver.wake = wake;
    loop->owner = oktai_process_now();
    loop->has_poller = hooks == NULL;
    loop->hooks =
        hooks != NULL ? *hooks : (okta_loop_hooks){sizeof *hooks, loop, poll_watch, poll_set_timer, NULL};
    loop->poller = (oktai_poller){-1, -1};
    loop->waker = (oktai_waker){-1, -1};
    loop->timer_ms = -1;
    pthread_mutex_init(&loop->lock, NULL);
    if (!open_loop(loop) || !watch_waker(loop, false)) {
        loop->hooks.release = NULL;
        okta_free(loop);
        return oktai_error_new(OKTA_E_TRANSPORT, "no descriptor can be opened and watched for the loop");
    }
    *out = loop;
    return NULL;
}

/* All that the call needs of the loop. NULL: it is ready to be stepped. */
static okta_error *enlist(okta_loop *loop, okta_call *call, okta_done_fn *done, void *ctx)
{
    okta_error *error = oktai_body_keep(&call->body, call->operation);
    if (error != NULL) {
        return error;
    }
    member *its = find_member(loop, call->client);
    submission *self = oktai_arena_alloc(oktai_root_arena(call), sizeof *self);
    if (its == NULL || self == NULL || !oktai_timers_reserve(&its->timers, its->calls + 1) ||
        !watch_waker(loop, true)) {
        return oktai_error_nomem();
    }
    *self = (submission){.call = call, .member = its, .done = done, .ctx = ctx};
    self->timer.owner = self;
    join(loop, self, STANDS_READY);
    its->calls++;
    loop->pending++;
    call->root->submission = self;
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

okta_error *okta_call_submit(okta_call *call, okta_loop *loop, okta_done_fn *done, void *ctx)
{
    oktai_expect_root(__func__, call);
    oktai_expect_root(__func__, loop);
    if (call == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = refuse_submission(call, loop, done);
    if (error == NULL) {
        error = enlist(loop, call, done, ctx);
    }
    if (error != NULL) {
        return error;
    }
    call->ran = true;
    oktai_call_begin_run(call->root, &loop->driver);
    if (!loop->driving) {
        set_hook_timer(loop);
    }
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
    task->next = loop->tasks;
    loop->tasks = task;
    loop->pending++;
    if (!loop->driving) {
        set_hook_timer(loop);
    }
    return NULL;
}

void oktai_loop_end_task(okta_loop *loop, oktai_task *task)
{
    oktai_task **place = &loop->tasks;
    while (*place != task) {
        place = &(*place)->next;
    }
    *place = task->next;
    loop->pending--;
}

void oktai_loop_wake_task(okta_loop *loop, oktai_task *task)
{
    atomic_store(&task->is_due, true);
    tell(loop);
}
