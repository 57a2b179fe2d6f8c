/* SPDX-License-Identifier: Apache-2.0 */
#include "process/small_org.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "process/patient_clock.h"

void small_org_start(small_org *org, small_org_kind kind, const fault_step *script)
{
    const fault_tls_options options = {.rsa = false};
    *org = (small_org){.max_in_flight = org->max_in_flight};
    if (kind == SMALL_TLS) {
        fault_tls_start(&org->tls, &options);
    }
    const fault_plan plan = {.script = script, .tls = org->tls.context};
    org->server = fault_server_start(&plan);
}

void small_org_stop(small_org *org)
{
    fault_server_free(org->server);
    fault_tls_stop(&org->tls);
    *org = (small_org){0};
}

okta_error *small_org_try_client(const small_org *org, okta_client **out)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = fault_server_url(org->server);
    options.token = "00tok-Canary_7";
    options.ca_file = org->tls.context == NULL ? NULL : org->tls.ca_file;
    options.proxy = "";
    options.max_in_flight = org->max_in_flight;
    okta_error *error = okta_client_new(&options, out);
    if (error == NULL && org->patient) {
        oktai_client_set_clock(*out, &patient_clock);
    }
    return error;
}

okta_client *small_org_client(const small_org *org)
{
    okta_client *client = NULL;
    okta_error *error = small_org_try_client(org, &client);
    if (error != NULL) {
        fail_msg("no client: %s", okta_error_message(error));
    }
    return client;
}

bool small_org_get(okta_client *client, okta_status *status)
{
    okta_oauth2_client_jwk *key = NULL;
    okta_error *error = okta_get_jwk(client, SMALL_APP, "key", &key);
    bool good = error == NULL && key != NULL && key->id != NULL && strcmp(key->id, "good") == 0;
    if (status != NULL) {
        *status = okta_error_status(error);
    }
    okta_free(error);
    okta_free(key);
    return good;
}

bool small_org_post(okta_client *client, okta_status *status)
{
    size_t length = 0;
    okta_call *call = okta_request_call(client, "POST", "/api/v1/things", "{\"name\":\"thing\"}");
    okta_error *error = okta_call_run(call);
    const char *body = okta_call_body(call, &length);
    bool good =
        error == NULL && length == strlen(FAULT_GOOD_BODY) && memcmp(body, FAULT_GOOD_BODY, length) == 0;
    if (status != NULL) {
        *status = okta_error_status(error);
    }
    okta_free(error);
    okta_free(call);
    return good;
}

int small_org_lend(void **state)
{
    static small_org org;
    *state = &org;
    return 0;
}

int small_org_take_back(void **state)
{
    small_org_stop(*state);
    return 0;
}
