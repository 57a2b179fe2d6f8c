/* SPDX-License-Identifier: Apache-2.0 */
/* bench_tls_okta URL CALLS kept|new CA_FILE|FOLDER/: that many calls over TLS, over one connection or each
 * over its own, with one file of authorities, or with FOLDER in the place of the system's. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>

static const char *folder;

/* Stands before libcurl's, which tells libokta where the system has its authorities. */
__attribute__((visibility("default"))) curl_version_info_data *curl_version_info(CURLversion stamp)
{
    static curl_version_info_data info;
    void *symbol = dlsym(RTLD_NEXT, "curl_version_info");
    curl_version_info_data *(*real)(CURLversion);
    memcpy(&real, &symbol, sizeof real);
    info = *real(stamp);
    if (folder != NULL) {
        info.cainfo = NULL;
        info.capath = folder;
    }
    return &info;
}

static okta_error *get(okta_client *client)
{
    okta_oauth2_client_jwk *jwk = NULL;
    okta_error *error = okta_get_jwk(client, "a", "k", &jwk);
    okta_free(jwk);
    return error;
}

/* It has no body, and so a connection of its own. */
static okta_error *post(okta_client *client)
{
    okta_call *call = okta_request_call(client, "POST", "/api/v1/apps/a/credentials/jwks/k", NULL);
    okta_error *error = okta_call_run(call);
    okta_free(call);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 5 || argv[4][0] == '\0') {
        return 2;
    }
    bool fresh = strcmp(argv[3], "new") == 0;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = argv[1];
    options.token = "mock-token";
    if (argv[4][strlen(argv[4]) - 1] == '/') {
        folder = argv[4];
    } else {
        options.ca_file = argv[4];
    }
    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    for (long left = strtol(argv[2], NULL, 10); error == NULL && left > 0; left--) {
        error = fresh ? post(client) : get(client);
    }
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    int result = error == NULL ? 0 : 1;
    okta_free(error);
    okta_free(client);
    return result;
}
