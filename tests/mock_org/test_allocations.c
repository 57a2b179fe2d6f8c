/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of a request to the stand-in fails in turn, its own and those of cJSON: the connection
 * closes, or the answer is a refusal, and the next request is served. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "mock_state.h"
#include "unit/allocations.h"

#define ALLOCATIONS_MAX 20000

static void *own_malloc(size_t size)
{
    return malloc(size);
}

static int setup(void **state)
{
    cJSON_Hooks hooks = {own_malloc, free};
    cJSON_InitHooks(&hooks);
    *state = mock_org_start(&(mock_org_options){.users = 2, .now_s = 1750000000});
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    mock_org_stop(*state);
    cJSON_InitHooks(NULL);
    return 0;
}

typedef struct request {
    const char *method, *target, *type, *body;
} request;

static mock_record *record_of(const request *sent)
{
    mock_record *record = mock_record_new(sent->target);
    assert_non_null(record);
    assert_true(mock_record_header(record, "Authorization", "SSWS mock-token"));
    assert_true(sent->type == NULL || mock_record_header(record, "Content-Type", sent->type));
    assert_true(sent->body == NULL || mock_record_body(record, sent->body, strlen(sent->body)));
    assert_true(mock_record_seal(record, sent->method, 1));
    return record;
}

/* The status of the answer; 0: the connection closes. `nth` 0: no allocation fails. */
static unsigned serve(mock_org *org, const request *sent, size_t nth, bool *out_failed)
{
    mock_answer answer = {0};
    mock_record *record = record_of(sent);
    allocations_begin(nth, false);
    mock_serve(org, record, &answer);
    *out_failed = allocations_end();
    unsigned status = answer.broken ? 0 : answer.status;
    mock_answer_clear(&answer);
    mock_org_forget_requests(org);
    return status;
}

#define JSON "application/json"

static const request requests[] = {
    {"POST", "/api/v1/groups", JSON, "{\"profile\":{\"name\":\"G\",\"n\":[1,{\"a\":null}]}}"},
    {"GET", "/api/v1/groups?limit=1", NULL, NULL},
    {"POST", "/api/v1/users?activate=false", JSON,
     "{\"profile\":{\"login\":\"a\"},\"credentials\":{\"password\":{\"value\":\"p\"}}}"},
    {"GET", "/api/v1/users", NULL, NULL},
    {"POST", "/api/v1/apps", JSON, "{\"label\":\"L\",\"signOnMode\":\"BOOKMARK\"}"},
    {"GET", "/api/v1/apps/" MOCK_WEB_APP "/features", NULL, NULL},
    {"GET", "/api/v1/users/user1", NULL, NULL},
    {"GET", "/api/v1/realms/none", NULL, NULL},
    {"GET", "/api/v1/logs?limit=1", NULL, NULL},
    {"POST", "/api/v1/apps", JSON,
     "{\"label\":\"L\",\"signOnMode\":\"OPENID_CONNECT\",\"credentials\":{\"oauthClient\":{}},\"settings\":{"
     "\"oauthClient\":{\"grant_types\":[],\"jwks\":{\"keys\":[{\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"P-"
     "256\","
     "\"x\":\"nu1MQ2yd_HE7ZFM9wyJSkiOF-mvb1FlB7hCosTQmDW8\","
     "\"y\":\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQs\"}]}}}}"},
    {"PUT", "/api/v1/apps/" MOCK_WEB_APP "/policies/none", NULL, NULL},
    {"PUT", "/api/v1/groups/none/users/none", NULL, NULL},
    {"POST", "/api/v1/org", JSON, "{\"companyName\":\"C\",\"city\":null}"},
    {"POST", "/api/v1/apps/" MOCK_WEB_APP "/lifecycle/deactivate", NULL, NULL},
    {"GET", "/governance/api/v1/campaigns?limit=2", NULL, NULL},
    {"POST", "/api/v1/apps/" MOCK_WEB_APP "/credentials/csrs", JSON, "{}"},
    {"GET", "/oauth2/default/.well-known/openid-configuration", NULL, NULL},
    {"POST", "/oauth2/default/v1/introspect", "application/x-www-form-urlencoded", "token=t&client_id=c"},
    {"POST", "/api/v1/zones", JSON, "{\"name\":7}"},
};

static void each_allocation_of_a_request_fails_in_turn(void **state)
{
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        bool failed = false;
        unsigned usual = serve(*state, &requests[i], 0, &failed);
        assert_true(usual != 0);
        size_t nth = 1;
        do {
            unsigned status = serve(*state, &requests[i], nth, &failed);
            /* No memory never makes a request succeed in another way. */
            assert_true(status == 0 || status == usual || status >= 400);
            nth++;
        } while (failed && nth < ALLOCATIONS_MAX);
        assert_true(nth > 10 && nth < ALLOCATIONS_MAX);
        assert_int_equal(serve(*state, &requests[i], 0, &failed), usual);
    }
}

/* Apart from those above since each needs an object of its own that is there, and is not afterwards. */
static void each_allocation_of_a_change_fails_in_turn(void **state)
{
    static const request changes[] = {
        {"PATCH", "/api/v1/apps/" MOCK_WEB_APP "/groups/", JSON,
         "[{\"op\":\"add\",\"path\":\"/profile/a~1b\",\"value\":{\"c\":[]}},"
         "{\"op\":\"copy\",\"from\":\"/profile/a~1b\",\"path\":\"/profile/d\"},"
         "{\"op\":\"move\",\"from\":\"/profile/d\",\"path\":\"/profile/e\"}]"},
        {"PUT", "/api/v1/apps/" MOCK_WEB_APP "/groups/", JSON, "{\"profile\":{}}"},
        {"PUT", "/api/v1/groups/", JSON, "{\"profile\":{\"name\":\"H\"}}"},
        {"DELETE", "/api/v1/groups/", NULL, NULL},
    };
    bool failed = false;
    (void)serve(*state, &requests[0], 0, &failed);
    mock_org *org = *state;
    const mock_object *group = mock_store_first(&org->store, "/api/v1/groups");
    assert_non_null(group);
    char *id = mock_copy(group->id);
    char *assigned = mock_format("/api/v1/apps/" MOCK_WEB_APP "/groups/%s", id);
    request assignment = {"PUT", assigned, JSON, "{\"profile\":{}}"};
    assert_int_equal(serve(org, &assignment, 0, &failed), 200);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        char *target = mock_format("%s%s", changes[i].target, id);
        request sent = changes[i];
        sent.target = target;
        unsigned status = 0;
        size_t nth = 1;
        do {
            status = serve(org, &sent, nth++, &failed);
            assert_true(status == 0 || status == 200 || status == 204 || status >= 400);
        } while (failed && nth < ALLOCATIONS_MAX);
        assert_true(nth > 5 && nth < ALLOCATIONS_MAX);
        assert_true(status == 200 || status == 204 || strcmp(sent.method, "DELETE") == 0);
        free(target);
    }
    request read = {"GET", assigned, NULL, NULL};
    assert_int_equal(serve(org, &read, 0, &failed), 200);
    free(assigned);
    free(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_allocation_of_a_request_fails_in_turn, setup, teardown),
        cmocka_unit_test_setup_teardown(each_allocation_of_a_change_fails_in_turn, setup, teardown),
    };
    return cmocka_run_group_tests_name("mock_org allocations", tests, NULL, NULL);
}
