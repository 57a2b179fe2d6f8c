/* SPDX-License-Identifier: Apache-2.0 */
/* Every okta_call_run() of a test, its own and those within the library, by the driver that the environment
 * names. The tests see no difference. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/uv_driver.h"
#include "okta/loop.h"

okta_error *__real_okta_call_run(okta_call *call);
okta_error *__wrap_okta_call_run(okta_call *call);
void __real_okta_free(void *object);
void __wrap_okta_free(void *object);

/* What became of a call that something else drives. */
typedef struct driven_call {
    unsigned done; /* how often its outcome was told */
    okta_error *error;
} driven_call;

/* A way to drive a loop. `events` is what it is driven by. */
typedef struct driver {
    const char *name;
    okta_error *(*open)(void **events, okta_loop **out); /* after an error there are none */
    okta_error *(*run)(void *events, okta_loop *loop);   /* until it has no calls */
    void (*look)(void *events, okta_loop *loop);         /* let it do what there is to do */
    void (*close)(void *events);                         /* its loop is gone */
} driver;

/* Of a thread. */
typedef struct driven_thread {
    const driver *driver;
    void *events;
    okta_loop *loop;
    pid_t process;
    bool runs;
} driven_thread;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void fail(const char *what, okta_error *error)
{
    fprintf(stderr, "the driver of the test: %s: %s\n", what, okta_error_message(error));
    abort();
}

static okta_error *open_loop(void **events, okta_loop **out)
{
    *events = NULL;
    return okta_loop_new(NULL, out);
}

static okta_error *run_loop(void *events, okta_loop *loop)
{
    (void)events;
    return okta_loop_run(loop);
}

static void look_at_loop(void *events, okta_loop *loop)
{
    (void)events;
    __real_okta_free(okta_loop_poll(loop, 0));
}

static void close_nothing(void *events)
{
    (void)events;
}

static const driver drivers[] = {
    {"loop", open_loop, run_loop, look_at_loop, close_nothing},
#ifdef WITH_UV
    {"libuv", uv_driver_open, uv_driver_run, uv_driver_look, uv_driver_close},
#endif
};

static const driver *find_driver(const char *name)
{
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
        if (strcmp(name, drivers[i].name) == 0) {
            return &drivers[i];
        }
    }
    fail(name, NULL);
    return NULL;
}

static void end_thread(void *context)
{
    driven_thread *self = context;
    __real_okta_free(self->loop);
    if (self->loop != NULL && self->process == getpid()) {
        self->driver->close(self->events);
    }
    free(self);
}

static void end_process(void)
{
    driven_thread *self = pthread_getspecific(key);
    pthread_setspecific(key, NULL);
    if (self != NULL) {
        end_thread(self);
    }
}

static void begin_process(void)
{
    if (pthread_key_create(&key, end_thread) != 0 || atexit(end_process) != 0) {
        fail("no key", NULL);
    }
}

/* NULL: out of memory, or `*error`. */
static driven_thread *thread_of(const char *name, okta_error **error)
{
    pthread_once(&once, begin_process);
    driven_thread *self = pthread_getspecific(key);
    if (self == NULL) {
        self = calloc(1, sizeof *self);
    }
    if (self == NULL) {
        *error = __real_okta_call_run(NULL);
        return NULL;
    }
    pthread_setspecific(key, self);
    if (self->loop == NULL || self->process != getpid()) {
        self->process = getpid();
        self->driver = find_driver(name);
        self->loop = NULL;
        *error = self->driver->open(&self->events, &self->loop);
    }
    return self->loop == NULL ? NULL : self;
}

static void keep_outcome(void *ctx, okta_call *call, okta_error *error)
{
    driven_call *driven = ctx;
    (void)call;
    driven->done++;
    driven->error = error;
}

static okta_error *run_in_loop(okta_call *call, const char *name)
{
    driven_call driven = {0};
    okta_error *error = NULL;
    driven_thread *self = thread_of(name, &error);
    if (self == NULL) {
        return error;
    }
    error = okta_call_submit(call, self->loop, keep_outcome, &driven);
    if (error != NULL) {
        return error;
    }
    self->runs = true;
    error = self->driver->run(self->events, self->loop);
    self->runs = false;
    if (error != NULL || driven.done != 1) {
        fail("the loop does not run", error);
    }
    return driven.error;
}

/* A loop lets go of clients that the program has let go when it is next driven. */
void __wrap_okta_free(void *object)
{
    pthread_once(&once, begin_process);
    driven_thread *self = pthread_getspecific(key);
    __real_okta_free(object);
    if (self != NULL && self->loop != NULL && !self->runs && self->process == getpid()) {
        self->runs = true;
        self->driver->look(self->events, self->loop);
        self->runs = false;
    }
}

okta_error *__wrap_okta_call_run(okta_call *call)
{
    const char *name = getenv("OKTA_TEST_DRIVER");
    if (name == NULL || call == NULL) {
        return __real_okta_call_run(call);
    }
    return run_in_loop(call, name);
}
