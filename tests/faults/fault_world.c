/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"

/* What follows the name of the call in messages that are about the token endpoint. */
#define TOKEN_REQUEST ": the token request "

static fault_clock *clock_of(const oktai_clock *clock)
{
    return (fault_clock *)(uintptr_t)clock;
}

static int64_t clock_now_ms(const oktai_clock *clock)
{
    fault_clock *self = clock_of(clock);
    self->now_ms += self->step_ms;
    return self->now_ms;
}

static void clock_wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                          int64_t ms)
{
    fault_clock *self = clock_of(clock);
    (void)wait;
    (void)object;
    if (self->on_wait != NULL) {
        self->on_wait(self->context);
    }
    self->now_ms += ms;
    self->waits++;
}

static int64_t clock_wall_ms(const oktai_clock *clock)
{
    return clock_of(clock)->now_ms + INT64_C(1750000000000);
}

static uint32_t clock_random(const oktai_clock *clock)
{
    (void)clock;
    return UINT32_C(1) << 31;
}

okta_client_options fault_options(const fault_server *server)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = fault_server_url(server);
    options.token = FAULT_TOKEN;
    return options;
}

void fault_world_renew(fault_world *world, const okta_client_options *options)
{
    okta_client_options own = options == NULL ? fault_options(world->server) : *options;
    own.org_url = own.org_url == NULL ? fault_server_url(world->server) : own.org_url;
    own.token = own.token == NULL && own.signer == NULL ? FAULT_TOKEN : own.token;
    okta_free(world->client);
    okta_error *error = okta_client_new(&own, &world->client);
    if (error != NULL) {
        fail_msg("no client: %s", okta_error_message(error));
    }
    oktai_client_set_clock(world->client, &world->clock.clock);
}

void fault_world_begin(fault_world *world, const fault_plan *plan)
{
    *world = (fault_world){
        .clock = {.clock = {clock_now_ms, clock_wait_ms, clock_wall_ms, clock_random}, .now_ms = 1000}};
    world->server = fault_server_start(plan);
}

void fault_world_start(fault_world *world, const fault_plan *plan, const okta_client_options *options)
{
    fault_world_begin(world, plan);
    fault_world_renew(world, options);
}

void fault_world_finish(fault_world *world)
{
    okta_free(world->client);
    world->client = NULL;
    fault_server_finish(world->server);
}

void fault_world_stop(fault_world *world)
{
    okta_free(world->client);
    fault_server_free(world->server);
    *world = (fault_world){0};
}

static const char *find_contradiction(const okta_error *error, const fault_outcome *outcome)
{
    if (error == NULL) {
        return NULL;
    }
    if (okta_error_attempts(error) != outcome->attempts) {
        return "the error counts other attempts than the call";
    }
    if (okta_error_http_status(error) != outcome->http_status) {
        return "the error has another HTTP status than the call";
    }
    return strstr(okta_error_message(error), FAULT_TOKEN) != NULL ? "the message shows the token" : NULL;
}

fault_outcome fault_try(okta_call *call)
{
    return fault_try_taking(call, NULL, NULL);
}

fault_outcome fault_try_taking(okta_call *call, const okta_descriptor *type, void **out)
{
    fault_outcome outcome = {0};
    size_t length = 0;
    okta_error *error = okta_call_run(call);
    if (out != NULL) {
        *out = okta_call_take(call, type);
    }
    const char *body = okta_call_body(call, &length);
    if (body == NULL) {
        body = okta_error_response_body(error, &length);
    }
    outcome.status = okta_error_status(error);
    outcome.attempts = outcome.own_attempts = okta_call_attempts(call);
    outcome.http_status = okta_call_http_status(call);
    outcome.retryable = okta_error_is_retryable(error);
    outcome.retry_after_ms = okta_error_retry_after_ms(error);
    outcome.body_length = length;
    if (body != NULL) {
        memcpy(outcome.body, body, length < sizeof outcome.body ? length : sizeof outcome.body - 1);
    }
    snprintf(outcome.message, sizeof outcome.message, "%s", okta_error_message(error));
    const char *colon = strchr(outcome.message, ':');
    if (colon != NULL && strncmp(colon, TOKEN_REQUEST, strlen(TOKEN_REQUEST)) == 0) {
        outcome.attempts = okta_error_attempts(error);
        outcome.http_status = okta_error_http_status(error);
    }
    outcome.contradiction = find_contradiction(error, &outcome);
    okta_free(error);
    okta_free(call);
    return outcome;
}

fault_outcome fault_run(okta_call *call)
{
    fault_outcome outcome = fault_try(call);
    if (outcome.contradiction != NULL) {
        fail_msg("%s: %s", outcome.contradiction, outcome.message);
    }
    return outcome;
}

fault_outcome fault_request_once(fault_world *world, const char *method, const char *body,
                                 unsigned max_retries)
{
    okta_call *call = okta_request_call(world->client, method, FAULT_PATH, body);
    okta_call_set_max_retries(call, max_retries);
    return fault_run(call);
}

void fault_expect_good(const char *label, fault_world *world)
{
    fault_outcome outcome = fault_request_once(world, "GET", NULL, 1);
    fault_expect_status(label, &outcome, OKTA_OK);
    fault_expect_body(label, &outcome, FAULT_GOOD_BODY);
}

void fault_expect_status(const char *label, const fault_outcome *outcome, okta_status status)
{
    if (outcome->status != status) {
        fail_msg("%s: %s after %u attempts, not %s: %s", label, okta_status_name(outcome->status),
                 outcome->attempts, okta_status_name(status), outcome->message);
    }
}

void fault_expect_body(const char *label, const fault_outcome *outcome, const char *body)
{
    if (outcome->body_length != strlen(body) || memcmp(outcome->body, body, strlen(body)) != 0) {
        fail_msg("%s: the body has %zu bytes: \"%s\"", label, outcome->body_length, outcome->body);
    }
}

void fault_expect_attempts(const char *label, const fault_outcome *outcome, unsigned attempts)
{
    if (outcome->attempts != attempts) {
        fail_msg("%s: %u attempts, not %u: %s", label, outcome->attempts, attempts, outcome->message);
    }
}

void fault_expect_connections(const char *label, fault_world *world, unsigned count)
{
    unsigned connections = fault_server_connection_count(world->server);
    if (connections != count) {
        fail_msg("%s: %u connections, not %u", label, connections, count);
    }
}

void fault_expect_requests(const char *label, fault_world *world, const char *method, size_t count)
{
    size_t found = 0;
    const fault_request *request;
    for (size_t i = 0; (request = fault_server_request_at(world->server, i)) != NULL; i++) {
        found += strncmp(request->text, method, strlen(method)) == 0 && request->text[strlen(method)] == ' ';
    }
    if (found != count) {
        fail_msg("%s: the server heard %zu %s, not %zu", label, found, method, count);
    }
}

int fault_world_lend(void **state)
{
    static fault_world world;
    *state = &world;
    return 0;
}

int fault_world_take_back(void **state)
{
    fault_world_stop(*state);
    return 0;
}
