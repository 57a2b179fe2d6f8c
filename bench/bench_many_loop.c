/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls with libokta, on one thread: a loop runs all that are in flight, and each that ends makes
 * room for the next one. Arguments: bench_many.h. */
#include <stdio.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/api/user.h>
#include <okta/okta.h>

#include "bench_many.h"

typedef struct asker {
    okta_client *client;
    okta_loop *loop;
    bool users;
    bool good;
    unsigned long to_start;
} asker;

static bool ended(okta_error *error)
{
    bool good = error == NULL;
    if (!good) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    okta_free(error);
    return good;
}

static bool take_key(okta_call *call)
{
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    bool good = key != NULL && key->kid != NULL && key->n != NULL;
    okta_free(key);
    return good;
}

static bool take_users(okta_call *call)
{
    okta_user_list *users = OKTA_TAKE(call, okta_user_list);
    bool good = users != NULL && users->count == BENCH_MANY_USERS && users->items[0]->profile->login != NULL;
    okta_free(users);
    return good;
}

static void start(asker *self);

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    asker *self = ctx;
    bool good = ended(error) && (self->users ? take_users(call) : take_key(call));
    okta_free(call);
    self->good = self->good && good;
    if (self->good && self->to_start > 0) {
        start(self);
    }
}

static void start(asker *self)
{
    const okta_list_users_params params = {OKTA_INIT(okta_list_users_params),
                                           .limit = okta_int(BENCH_MANY_USERS)};
    okta_call *call =
        self->users ? okta_list_users_call(self->client, &params) : okta_get_jwk_call(self->client, "a", "k");
    self->to_start--;
    okta_error *error = okta_call_submit(call, self->loop, on_done, self);
    if (error != NULL) {
        okta_free(call);
        self->good = ended(error);
    }
}

static void run(asker *self, unsigned in_flight, unsigned long count)
{
    self->to_start = count;
    for (unsigned i = 0; i < in_flight && self->to_start > 0; i++) {
        start(self);
    }
    self->good = ended(okta_loop_run(self->loop)) && self->good;
}

int main(int argc, char **argv)
{
    bench_many many;
    asker self = {.good = true};
    if (!bench_many_read(argc, argv, &many)) {
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = many.url;
    options.token = "mock-token";
    options.ca_file = many.ca_file;
    options.max_in_flight = many.in_flight;
    self.users = many.users;
    if (ended(okta_client_new(&options, &self.client)) && ended(okta_loop_new(NULL, &self.loop))) {
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
