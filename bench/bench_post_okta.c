/* SPDX-License-Identifier: Apache-2.0 */
/* bench_post_okta URL APP CALLS: what bench_post_floor does, with libokta. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>

#include "bench_post.h"

static okta_error *add(okta_client *client, const char *app, long call, size_t *characters)
{
    char kid[BENCH_KID_SIZE];
    snprintf(kid, sizeof kid, BENCH_KID_FORMAT, (long)getpid(), call);
    const okta_oauth2_client_jwk_request request = {.model = OKTA_INIT(okta_oauth2_client_jwk_request),
                                                    .kid = kid,
                                                    .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
                                                    .use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG,
                                                    .alg = "RS256",
                                                    .e = "AQAB",
                                                    .n = BENCH_MODULUS};
    okta_oauth2_client_jwk *added = NULL;
    okta_error *error = okta_add_jwk(client, app, &request, &added);
    if (error == NULL) {
        *characters += strlen(added->id) + strlen(added->kid);
    }
    okta_free(added);
    return error;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = argv[1];
    options.token = "mock-token";
    okta_client *client;
    size_t characters = 0;
    okta_error *error = okta_client_new(&options, &client);
    for (long left = strtol(argv[3], NULL, 10); error == NULL && left > 0; left--) {
        error = add(client, argv[2], left, &characters);
    }
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    printf("%zu\n", characters);
    int result = error == NULL ? 0 : 1;
    okta_free(error);
    okta_free(client);
    return result;
}
