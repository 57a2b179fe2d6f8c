/* SPDX-License-Identifier: Apache-2.0 */
#include "api/runner.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int64_t tell_now(const oktai_clock *clock)
{
    (void)clock;
    return oktai_clock_system_ms();
}

static void tell(telling_clock *self)
{
    pthread_mutex_lock(&self->lock);
    self->waits = true;
    pthread_cond_signal(&self->begun);
    pthread_mutex_unlock(&self->lock);
}

static void tell_wait(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                      int64_t ms)
{
    tell((telling_clock *)(uintptr_t)clock);
    wait(object, ms);
}

static uint32_t tell_random(const oktai_clock *clock)
{
    (void)clock;
    return 0;
}

void telling_clock_begin(telling_clock *out)
{
    *out = (telling_clock){.clock = {tell_now, tell_wait, tell_now, tell_random}};
    assert_int_equal(pthread_mutex_init(&out->lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&out->begun, NULL), 0);
}

void telling_clock_end(telling_clock *self)
{
    pthread_cond_destroy(&self->begun);
    pthread_mutex_destroy(&self->lock);
}

void telling_clock_await(telling_clock *self)
{
    pthread_mutex_lock(&self->lock);
    while (!self->waits) {
        pthread_cond_wait(&self->begun, &self->lock);
    }
    self->waits = false;
    pthread_mutex_unlock(&self->lock);
}

static void *run(void *context)
{
    runner *self = context;
    self->error = okta_call_run(self->call);
    if (self->clock != NULL) {
        tell(self->clock);
    }
    return NULL;
}

void runner_start(runner *self, okta_call *call, telling_clock *clock)
{
    *self = (runner){.call = call, .clock = clock};
    assert_int_equal(pthread_create(&self->thread, NULL, run, self), 0);
}

void runner_finish(runner *self)
{
    assert_int_equal(pthread_join(self->thread, NULL), 0);
    if (self->clock != NULL) {
        self->clock->waits = false; /* both threads are past it */
    }
}

void runner_await_requests(const api_world *world, size_t count)
{
    while (mock_org_request_count(world->org) < count) {
        sched_yield();
    }
}
