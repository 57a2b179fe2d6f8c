/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/call.h"

static const events_kind *const kinds[] = {
#ifdef WITH_GLIB
    &events_of_glib,
#endif
#ifdef WITH_LIBEVENT
    &events_of_libevent,
#endif
#ifdef WITH_SD_EVENT
    &events_of_sd_event,
#endif
#ifdef WITH_UV
    &events_of_uv,
#endif
    &events_of_poll,
};

okta_error *__real_okta_loop_new(const okta_loop_hooks *hooks, okta_loop **out);
okta_error *__wrap_okta_loop_new(const okta_loop_hooks *hooks, okta_loop **out);
void __real_okta_loop_on_ready(okta_loop *loop, int fd, unsigned events);
void __wrap_okta_loop_on_ready(okta_loop *loop, int fd, unsigned events);
void __real_okta_loop_on_timer(okta_loop *loop);
void __wrap_okta_loop_on_timer(okta_loop *loop);

const events_kind *driven_kind;
okta_loop_hooks driven_hooks;
unsigned driven_ready_count;
unsigned driven_timer_count;
unsigned driven_ended;
void (*driven_on_ready)(int fd, unsigned events);
void (*driven_on_timer)(void);

okta_error *__wrap_okta_loop_new(const okta_loop_hooks *hooks, okta_loop **out)
{
    driven_hooks = *hooks;
    return __real_okta_loop_new(hooks, out);
}

void __wrap_okta_loop_on_ready(okta_loop *loop, int fd, unsigned events)
{
    driven_ready_count++;
    if (driven_on_ready != NULL) {
        driven_on_ready(fd, events);
    } else {
        __real_okta_loop_on_ready(loop, fd, events);
    }
}

void __wrap_okta_loop_on_timer(okta_loop *loop)
{
    driven_timer_count++;
    if (driven_on_timer != NULL) {
        driven_on_timer();
    } else {
        __real_okta_loop_on_timer(loop);
    }
}

static void on_end(void *ctx, okta_call *call, okta_error *error)
{
    driven_told *self = ctx;
    driven_ended++;
    self->times++;
    self->status = okta_error_status(error);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    assert_int_equal(error == NULL, key != NULL && key->id != NULL && strcmp(key->id, "good") == 0);
    okta_free(key);
    okta_free(error);
    if (self->follow > 0) {
        self->follow--;
        driven_submit(self, call->client);
    }
    if (!self->keeps) {
        okta_free(call);
    }
    if (self->released != NULL && (self->until == NULL || driven_ended == *self->until)) {
        okta_free(*self->released);
        *self->released = NULL;
    }
}

void driven_submit(driven_told *self, okta_client *client)
{
    unsigned before = driven_ended;
    self->call = okta_get_jwk_call(client, SMALL_APP, "key");
    okta_error *error = okta_call_submit(self->call, self->loop, on_end, self);
    assert_null(error);
    assert_int_equal(driven_ended, before);
}

void driven_finish(void *events, const okta_loop *loop)
{
    while (okta_loop_pending(loop) > 0) {
        driven_kind->turn(events, true);
    }
}

void driven_expect(const driven_told *all, size_t count, okta_status status)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(all[i].times, 1);
        assert_int_equal(all[i].status, status);
    }
}

okta_loop *driven_open(void *events)
{
    okta_loop *loop = NULL;
    okta_error *error = driven_kind->open(events, &loop);
    assert_null(error);
    assert_non_null(loop);
    return loop;
}

int driven_main(int argc, char **argv, int (*run_all)(const char *name))
{
    const char *group = argc == 3 && strcmp(argv[1], "--group") == 0 ? argv[2] : NULL;
    if (argc != 1 && group == NULL) {
        fprintf(stderr, "usage: %s [--group KIND]\n", argv[0]);
        return 2;
    }
    int failed = 0;
    size_t ran = 0;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        driven_kind = kinds[i];
        if (group == NULL || strcmp(group, driven_kind->name) == 0) {
            failed += run_all(driven_kind->name);
            ran++;
        }
    }
    return failed == 0 && ran > 0 ? 0 : 1;
}
