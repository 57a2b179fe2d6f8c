/* SPDX-License-Identifier: Apache-2.0 */
/* What each effect of an operation lets the library do about a lost answer, and who a request says it is
 * from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/all_operations.h"
#include "api/find.h"
#include "api/rows.h"
#include "api/service_app.h"
#include "client/call.h"
#include "okta/operations.h"

static const char *const thing_id[] = {"t1", "ON"};
static const okta_thing thing = {.model = OKTA_INIT(okta_thing), .name = "n"};

static okta_error *run(okta_client *client, const oktai_operation *operation)
{
    void *result = NULL;
    okta_error *error =
        oktai_operation_run(client, operation, thing_id, NULL, operation->request == NULL ? NULL : &thing,
                            operation->response == NULL ? NULL : &result);
    okta_free(result);
    return error;
}

/* One operation of each effect. `once`: it is never sent again once the server may have seen it. */
static const struct {
    const oktai_operation *operation;
    bool once;
} cases[] = {
    {&rows_get_thing, false},    {&rows_replace_thing, false}, {&rows_delete_thing, false},
    {&rows_switch_thing, false}, {&rows_create_thing, true},   {&rows_update_thing, true},
    {&rows_kick_thing, true},    {&rows_destroy_thing, true},
};

/* The right answer after trouble. */
static void queue(api_world *world, mock_fault trouble, const oktai_operation *operation)
{
    api_forget(world);
    api_fault(world, trouble);
    api_fault(world, (mock_fault){.status = operation == &rows_delete_thing ? 204 : 200,
                                  .body = operation == &rows_delete_thing ? "" : "{\"id\":\"t1\"}"});
}

static void sends_once_what_may_have_happened_and_again_what_does_no_harm(void **state)
{
    static const mock_fault troubles[] = {
        {.drop_before = true}, {.status = 500}, {.status = 502},
        {.status = 503},       {.status = 504}, {.status = 408},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t k = 0; k < COUNT(troubles); k++) {
            const char *name = cases[i].operation->name;
            api_world world;
            api_world_start(&world, NULL, NULL);
            queue(&world, troubles[k], cases[i].operation);
            okta_error *error = run(world.client, cases[i].operation);
            if (cases[i].once) {
                assert_false(okta_error_is_retryable(error));
                api_expect_refusal(name, error, OKTA_E_OUTCOME_UNKNOWN, "the outcome is unknown");
            } else {
                api_expect_success(name, error);
            }
            api_expect_requests(name, &world, cases[i].once ? 1 : 2);
            api_world_stop(&world);
        }
    }
}

static void sends_everything_again_that_was_refused_unseen(void **state)
{
    static const char *const headers[] = {
        "X-Rate-Limit-Limit:", "X-Rate-Limit-Remaining:", "X-Rate-Limit-Reset:", "Retry-After: 1", NULL};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *name = cases[i].operation->name;
        api_world world;
        api_world_start(&world, NULL, NULL);
        queue(&world, (mock_fault){.status = 429, .headers = headers}, cases[i].operation);
        api_expect_success(name, run(world.client, cases[i].operation));
        api_expect_requests(name, &world, 2);
        api_world_stop(&world);
    }
}

/* The second delete of such an object does more than the first: not found is no success. */
static void takes_not_found_for_done_only_for_a_delete(void **state)
{
    static const mock_fault gone = {.status = 404, .body = "{\"errorCode\":\"E0000007\"}"};
    api_world *world = *state;
    api_fault(world, (mock_fault){.drop_after = true});
    api_fault(world, gone);
    api_expect_success("delete", run(world->client, &rows_delete_thing));
    api_fault(world, gone);
    api_expect_refusal("action", run(world->client, &rows_destroy_thing), OKTA_E_NOT_FOUND, "404");
}

static void names_nobody_where_nobody_is_asked_for(void **state)
{
    service_world *world = *state;
    okta_location *location = NULL;
    api_fault(&world->api, (mock_fault){.status = 200, .body = ""});
    api_expect_success("nobody",
                       oktai_operation_run(world->api.client, &rows_authorize, NULL, NULL, NULL, &location));
    okta_free(location);
    api_expect_requests("nobody", &world->api, 1); /* no token was asked for */
    api_expect_header("nobody", &world->api, 0, "Authorization", NULL);
    api_expect_header("nobody", &world->api, 0, "DPoP", NULL);
}

static const char *body_of(const api_world *world, size_t i)
{
    return mock_org_request_at(world->org, i)->body;
}

/* RFC 7523, section 2.2: an assertion of its own for each attempt. */
static void proves_who_the_service_app_is(void **state)
{
    service_world *world = *state;
    api_fault(&world->api, (mock_fault){.status = 503});
    api_fault(&world->api, (mock_fault){.status = 200, .body = "{\"active\":true}"});
    api_expect_success("a form", run(world->api.client, &rows_introspect));
    api_expect_requests("a form", &world->api, 2);
    static const char begin[] =
        "name=n&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        "&client_assertion=";
    for (size_t i = 0; i < 2; i++) {
        assert_memory_equal(body_of(&world->api, i), begin, strlen(begin));
        api_expect_header("a form", &world->api, i, "Authorization", NULL);
    }
    assert_string_not_equal(body_of(&world->api, 0), body_of(&world->api, 1));
}

static void proves_it_by_a_secret_in_a_header(void **state)
{
    service_world *world = *state;
    okta_client_options options = service_options(world);
    options.authorization_mode = OKTA_AUTHORIZATION_CLIENT_SECRET;
    options.signer = NULL;
    options.client_id = "id";
    options.client_secret = "a secret of 16+ ";
    service_renew(world, &options);
    api_fault(&world->api, (mock_fault){.status = 200, .body = "{}"});
    api_expect_success("a header", run(world->api.client, &rows_introspect));
    api_expect_request("a header", &world->api, 0, "POST", "/oauth2/v1/introspect", "name=n");
    /* id:a%20secret%20of%2016%2B%20, RFC 6749, section 2.3.1 */
    api_expect_header("a header", &world->api, 0, "Authorization",
                      "Basic aWQ6YSUyMHNlY3JldCUyMG9mJTIwMTYlMkIlMjA=");
}

static void leaves_it_to_a_form_that_names_a_client(void **state)
{
    static const okta_member extras[] = {{"client_id", "\"other\"", NULL}, {"client_secret", "\"s\"", NULL}};
    static const okta_thing named = {.model = {sizeof(okta_thing), NULL, extras, 2, NULL, 0, NULL}};
    service_world *world = *state;
    okta_json *result = NULL;
    api_fault(&world->api, (mock_fault){.status = 200, .body = "{}"});
    api_expect_success("a form",
                       oktai_operation_run(world->api.client, &rows_introspect, NULL, NULL, &named, &result));
    okta_free(result);
    api_expect_request("a form", &world->api, 0, "POST", "/oauth2/v1/introspect",
                       "client_id=other&client_secret=s");
    api_expect_header("a form", &world->api, 0, "Authorization", NULL);
}

static void goes_to_the_server_of_the_operation(void **state)
{
    api_world *world = *state;
    okta_client_options options = api_options(world);
    okta_client *client = NULL;
    options.org_url = "https://acme.okta.com";
    assert_null(okta_client_new(&options, &client));
    okta_call *call = oktai_operation_call(client, &rows_fail_over, NULL, NULL, NULL);
    assert_string_equal(call->url.data, "https://drapp.acme.okta.com/api/v1/dr/failover");
    assert_string_equal(call->url.data + call->path_at, "/api/v1/dr/failover");
    okta_free(call);
    okta_free(client);
    api_fault(world, (mock_fault){.status = 200, .body = "{}"});
    api_expect_success("loopback", run(world->client, &rows_fail_over));
    api_expect_request("loopback", world, 0, "POST", "/api/v1/dr/failover", "");
}

static void tells_the_scopes_of_operations(void **state)
{
    (void)state;
    assert_string_equal(okta_operation_scopes("listJwk")[0], "okta.apps.read");
    assert_null(okta_operation_scopes("listJwk")[1]);
    assert_string_equal(okta_operation_scopes("addJwk")[0], "okta.apps.manage");
    assert_null(okta_operation_scopes("listjwk"));
    assert_null(okta_operation_scopes(""));
    assert_null(okta_operation_scopes(NULL));
    for (size_t i = 0; i < oktai_operation_count; i++) {
        assert_ptr_equal(oktai_operation_find(oktai_operations[i]->name), oktai_operations[i]);
        assert_true(i == 0 || strcmp(oktai_operations[i - 1]->name, oktai_operations[i]->name) < 0);
    }
}

static void finds_operations_by_method_and_path(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *name; /* NULL: none */
    } paths[] = {
        {"GET", "/api/v1/apps/a1/credentials/jwks", "listJwk"},
        {"POST", "/api/v1/apps/a1/credentials/jwks", "addJwk"},
        {"GET", "/api/v1/apps/a%2F1/credentials/jwks/k1", "getJwk"},
        {"DELETE", "/api/v1/apps/a1/credentials/jwks/k1", "deletejwk"},
        {"POST", "/api/v1/apps/a1/credentials/jwks/k1/lifecycle/activate", "activateOAuth2ClientJsonWebKey"},
        {"PATCH", "/api/v1/apps/a1/credentials/jwks", NULL},
        {"GET", "/api/v1/apps//credentials/jwks", NULL},
        {"GET", "/api/v1/apps/a1/credentials/jwks/", NULL},
        {"GET", "/api/v1/apps/a1/credentials/jwks/k1/more", NULL},
        {"GET", "/api/v1/apps/a1/b2/credentials/jwks", NULL},
        {"GET", "/", NULL},
        {"GET", "", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        const oktai_operation *operation = oktai_operation_match(paths[i].method, paths[i].path);
        api_expect_text(paths[i].path, "the operation", operation == NULL ? NULL : operation->name,
                        paths[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_once_what_may_have_happened_and_again_what_does_no_harm),
        cmocka_unit_test(sends_everything_again_that_was_refused_unseen),
        cmocka_unit_test_setup_teardown(takes_not_found_for_done_only_for_a_delete, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(names_nobody_where_nobody_is_asked_for, service_setup,
                                        service_teardown),
        cmocka_unit_test_setup_teardown(proves_who_the_service_app_is, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(proves_it_by_a_secret_in_a_header, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(leaves_it_to_a_form_that_names_a_client, service_setup,
                                        service_teardown),
        cmocka_unit_test_setup_teardown(goes_to_the_server_of_the_operation, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test(tells_the_scopes_of_operations),
        cmocka_unit_test(finds_operations_by_method_and_path),
    };
    return cmocka_run_group_tests_name("effects", tests, NULL, NULL);
}
