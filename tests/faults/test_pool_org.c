/* SPDX-License-Identifier: Apache-2.0 */
/* An event loop against the stand-in org: what is created by many requests at once is there afterwards, once
 * each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_loop.h"
#include "mock_org.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MANY         64u
#define GROUPS_PATH  "/api/v1/groups"

typedef struct org_world {
    mock_org *org;
    okta_client *client;
    fault_loop loop;
    fault_trip trips[MANY];
    oktai_buffer bodies[MANY];
    char urls[MANY][160];
} org_world;

static int start(void **state)
{
    org_world *self = calloc(1, sizeof *self);
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    assert_non_null(self);
    self->org = mock_org_start(NULL);
    assert_non_null(self->org);
    options.org_url = mock_org_url(self->org);
    options.token = "mock-token";
    assert_null(okta_client_new(&options, &self->client));
    fault_loop_start(&self->loop, &self->client->transport);
    *state = self;
    return 0;
}

static int stop(void **state)
{
    org_world *self = *state;
    fault_loop_stop(&self->loop);
    for (size_t i = 0; i < MANY; i++) {
        fault_trip_clear(&self->trips[i]);
        oktai_buffer_clear(&self->bodies[i]);
    }
    okta_free(self->client);
    mock_org_stop(self->org);
    free(self);
    return 0;
}

static void ask(org_world *self, size_t which, const char *method, bool has_body)
{
    static const char *const headers[] = {"Accept: application/json", "Authorization: SSWS mock-token",
                                          "Expect:", "Content-Type: application/json", NULL};
    fault_trip *trip = &self->trips[which];
    fault_trip_clear(trip);
    *trip = (fault_trip){.request = {.method = method,
                                     .url = self->urls[which],
                                     .headers = headers,
                                     .body = has_body ? &self->bodies[which] : NULL,
                                     .may_resend = !has_body,
                                     .timeout_ms = 20000}};
    fault_trip_begin(&self->loop, trip);
}

static void expect_all(org_world *self, size_t count)
{
    fault_loop_run(&self->loop, self->trips, count, count);
    for (size_t i = 0; i < count; i++) {
        const fault_trip *trip = &self->trips[i];
        char name[48];
        snprintf(name, sizeof name, "\"group number %zu\"", i);
        if (trip->attempt.failure != OKTA_OK || trip->attempt.http_status != 200 ||
            strstr(trip->response.body.data, name) == NULL) {
            fail_msg("%zu: %s HTTP %d %s", i, okta_status_name(trip->attempt.failure),
                     trip->attempt.http_status, trip->reason);
        }
    }
}

/* The id that an answer begins with. */
static void take_id(org_world *self, size_t which)
{
    const char *id = strstr(self->trips[which].response.body.data, "\"id\":\"");
    char text[64];
    assert_non_null(id);
    assert_int_equal(sscanf(id, "\"id\":\"%60[^\"]", text), 1);
    snprintf(self->urls[which], sizeof self->urls[which], "%s" GROUPS_PATH "/%s", mock_org_url(self->org),
             text);
}

static void creates_each_once(void **state)
{
    static const size_t counts[] = {1, 10, MANY};
    org_world *self = *state;
    for (size_t k = 0; k < COUNT(counts); k++) {
        mock_org_forget_requests(self->org);
        for (size_t i = 0; i < counts[k]; i++) {
            oktai_buffer_clear(&self->bodies[i]);
            oktai_buffer_printf(&self->bodies[i], "{\"profile\":{\"name\":\"group number %zu\"}}", i);
            snprintf(self->urls[i], sizeof self->urls[i], "%s" GROUPS_PATH, mock_org_url(self->org));
            ask(self, i, "POST", true);
        }
        expect_all(self, counts[k]);
        for (size_t i = 0; i < counts[k]; i++) {
            take_id(self, i);
            ask(self, i, "GET", false);
        }
        expect_all(self, counts[k]);
        assert_int_equal(mock_org_request_count(self->org), 2 * counts[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(creates_each_once, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
