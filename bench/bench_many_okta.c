/* SPDX-License-Identifier: Apache-2.0 */
/* Many calls with libokta: blocking threads that share one client. Arguments: bench_many.h. */
#include <stdlib.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/api/user.h>

#include "bench_many_calls.h"

static bool get_key(void *client)
{
    okta_oauth2_client_jwk *key;
    okta_error *error = okta_get_jwk(client, "a", "k", &key);
    bool good = error == NULL && key->kid != NULL && key->n != NULL;
    okta_free(key);
    return bench_many_ended(error) && good;
}

static bool list_users(void *client)
{
    const okta_list_users_params params = {OKTA_INIT(okta_list_users_params),
                                           .limit = okta_int(BENCH_MANY_USERS)};
    okta_user_list *users;
    okta_error *error = okta_list_users(client, &params, &users);
    bool good = error == NULL && users->count == BENCH_MANY_USERS && users->items[0]->profile->login != NULL;
    okta_free(users);
    return bench_many_ended(error) && good;
}

int main(int argc, char **argv)
{
    bench_many many;
    if (!bench_many_read(argc, argv, &many)) {
        return 2;
    }
    okta_client *client = bench_many_client(&many);
    void **contexts = calloc(many.in_flight, sizeof *contexts);
    if (contexts == NULL) {
        abort();
    }
    for (unsigned i = 0; i < many.in_flight; i++) {
        contexts[i] = client;
    }
    bool good = client != NULL && bench_many_threads(&many, many.users ? list_users : get_key, contexts);
    free(contexts);
    okta_free(client);
    return good ? 0 : 1;
}
