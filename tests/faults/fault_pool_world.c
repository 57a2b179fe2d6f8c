/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_pool_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"

#define TIMEOUT_MS 20000

void fault_pool_start(fault_pool_world *self, const fault_tls_options *tls, const fault_plan *plan)
{
    fault_plan own = *plan;
    okta_client_options options = self->options;
    char url[64];
    if (tls != NULL) {
        fault_tls_start(&self->base.tls, tls);
        own.tls = self->is_proxy ? NULL : self->base.tls.context;
        own.tunnel = self->base.tls.context;
        options.ca_file = self->base.tls.ca_file;
    }
    fault_world_begin(&self->base.world, &own);
    options.proxy = self->is_proxy ? fault_server_url(self->base.world.server) : "";
    if (self->host != NULL) {
        snprintf(url, sizeof url, "https://%s:%u", self->host, fault_server_port(self->base.world.server));
        options.org_url = url;
    }
    fault_world_renew(&self->base.world, &options);
    oktai_client_set_clock(self->base.world.client, &oktai_system_clock);
    fault_loop_start(&self->loop, &self->base.world.client->transport);
    assert_true(oktai_buffer_add_text(&self->body, "{\"a\":1}"));
}

static void clear_trips(fault_pool_world *self)
{
    for (size_t i = 0; i < FAULT_TRIPS; i++) {
        fault_trip_clear(&self->trips[i]);
        self->trips[i] = (fault_trip){0};
    }
}

void fault_pool_finish(fault_pool_world *self)
{
    fault_loop_stop(&self->loop);
    fault_world_finish(&self->base.world);
}

void fault_pool_stop(fault_pool_world *self)
{
    fault_loop_stop(&self->loop);
    clear_trips(self);
    oktai_buffer_clear(&self->body);
    fault_tls_world_stop(&self->base);
}

static void begin(fault_pool_world *self, size_t which, fault_ask ask)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    fault_trip *trip = &self->trips[which];
    char *url = self->urls[which];
    snprintf(url, sizeof self->urls[which], "%s" FAULT_PATH "/%zu", self->base.world.client->base_url, which);
    fault_trip_clear(trip);
    *trip = (fault_trip){.request = {.method = ask == FAULT_ASK_GET ? "GET" : "POST",
                                     .url = url,
                                     .headers = headers,
                                     .body = ask == FAULT_ASK_POST ? &self->body : NULL,
                                     .may_resend = ask == FAULT_ASK_GET,
                                     .fresh = ask == FAULT_ASK_BARE_POST,
                                     .timeout_ms = self->timeout_ms > 0 ? self->timeout_ms : TIMEOUT_MS}};
    fault_trip_begin(&self->loop, trip);
}

void fault_pool_begin(fault_pool_world *self, size_t first, size_t count, fault_ask ask)
{
    for (size_t i = first; i < first + count; i++) {
        begin(self, i, ask);
    }
}

void fault_pool_run(fault_pool_world *self, size_t count)
{
    fault_loop_run(&self->loop, self->trips, count, count);
}

void fault_pool_run_until_heard(fault_pool_world *self, unsigned count)
{
    while (fault_server_request_count(self->base.world.server) < count) {
        fault_loop_turn_for(&self->loop, 1);
    }
}

static void expect(const char *label, const fault_trip *trip, const char *body)
{
    const oktai_buffer *got = &trip->response.body;
    if (!trip->ended || trip->attempt.failure != OKTA_OK || trip->attempt.http_status != 200 ||
        got->length != strlen(body) || memcmp(got->data, body, got->length) != 0) {
        fail_msg("%s: %s HTTP %d: \"%.*s\" in the place of %s: %s", label,
                 okta_status_name(trip->attempt.failure), trip->attempt.http_status, (int)got->length,
                 got->data == NULL ? "" : got->data, body, trip->reason);
    }
}

void fault_expect_trip_good(const char *label, const fault_trip *trip)
{
    expect(label, trip, FAULT_GOOD_BODY);
}

void fault_expect_trip_echo(const char *label, const fault_pool_world *self, size_t which)
{
    char body[128];
    snprintf(body, sizeof body, "[\"" FAULT_PATH "/%zu\"]", which);
    expect(label, &self->trips[which], body);
}

void fault_expect_trip_failed(const char *label, const fault_trip *trip, okta_status status, bool unsettled)
{
    if (!trip->ended || trip->attempt.failure != status || trip->attempt.unsettled != unsettled ||
        trip->response.body.length > 0) {
        fail_msg("%s: %s%s, not %s%s; HTTP %d: %s", label, okta_status_name(trip->attempt.failure),
                 trip->attempt.unsettled ? " unsettled" : "", okta_status_name(status),
                 unsettled ? " unsettled" : "", trip->attempt.http_status, trip->reason);
    }
}

int fault_pool_world_lend(void **state)
{
    fault_pool_world *self = calloc(1, sizeof *self);
    if (self != NULL) {
        self->options = (okta_client_options)OKTA_CLIENT_OPTIONS_INIT;
    }
    *state = self;
    return self == NULL;
}

int fault_pool_world_take_back(void **state)
{
    fault_pool_stop(*state);
    free(*state);
    return 0;
}
