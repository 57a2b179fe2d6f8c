/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_many_calls.h"

#include <stdio.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/api/user.h>

bool bench_many_ended(okta_error *error)
{
    bool good = error == NULL;
    if (!good) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    okta_free(error);
    return good;
}

okta_client *bench_many_client(const bench_many *many)
{
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = many->url;
    options.token = "mock-token";
    options.ca_file = many->ca_file;
    options.max_in_flight = many->in_flight;
    return bench_many_ended(okta_client_new(&options, &client)) ? client : NULL;
}

okta_call *bench_many_begin_call(okta_client *client, bool users)
{
    const okta_list_users_params params = {OKTA_INIT(okta_list_users_params),
                                           .limit = okta_int(BENCH_MANY_USERS)};
    return users ? okta_list_users_call(client, &params) : okta_get_jwk_call(client, "a", "k");
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

bool bench_many_take(okta_call *call, bool users)
{
    return users ? take_users(call) : take_key(call);
}
