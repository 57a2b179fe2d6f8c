/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls with libokta, on one thread: a loop runs all that are in flight, and each that ends makes
 * room for the next one. Arguments: bench_many.h. */
#include "bench_many_calls.h"

typedef struct asker {
    okta_client *client;
    okta_loop *loop;
    bool users;
    bool good;
    unsigned long to_start;
} asker;

static void start(asker *self);

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    asker *self = ctx;
    bool good = bench_many_ended(error) && bench_many_take(call, self->users);
    okta_free(call);
    self->good = self->good && good;
    if (self->good && self->to_start > 0) {
        start(self);
    }
}

static void start(asker *self)
{
    okta_call *call = bench_many_begin_call(self->client, self->users);
    self->to_start--;
    okta_error *error = okta_call_submit(call, self->loop, on_done, self);
    if (error != NULL) {
        okta_free(call);
        self->good = bench_many_ended(error);
    }
}

static void run(asker *self, unsigned in_flight, unsigned long count)
{
    self->to_start = count;
    for (unsigned i = 0; i < in_flight && self->to_start > 0; i++) {
        start(self);
    }
    self->good = bench_many_ended(okta_loop_run(self->loop)) && self->good;
}

int main(int argc, char **argv)
{
    bench_many many;
    asker self = {.good = true};
    if (!bench_many_read(argc, argv, &many)) {
        return 2;
    }
    self.users = many.users;
    self.client = bench_many_client(&many);
    if (self.client != NULL && bench_many_ended(okta_loop_new(NULL, &self.loop))) {
        run(&self, many.in_flight, many.warm);
        bench_many_begin();
        run(&self, many.in_flight, many.calls);
        bench_many_end(&many);
    } else {
        self.good = false;
    }
    okta_free(self.loop);
    okta_free(self.client);
    return self.good ? 0 : 1;
}
