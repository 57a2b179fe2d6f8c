/* SPDX-License-Identifier: Apache-2.0 */
/* What each function of the API sends, against what Okta's descriptions say. With OKTA_WIRE_EVERY=N only each
 * N-th function is called. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <cmocka.h>

#include "api/all_operations.h"
#include "api/fixture.h"
#include "wire/compare.h"

struct wire_run {
    api_world *world;
    const wire_case *expected;
    unsigned calls;    /* of all cases */
    unsigned failures; /* of all cases */
};

bool wire_same(const char *one, const char *other)
{
    return one != NULL && strcmp(one, other) == 0;
}

static void complain(wire_run *run, const char *what, const char *actual, const char *expected)
{
    run->failures++;
    print_error("%s: %s is\n    %s\nnot\n    %s\n", run->expected->name, what,
                actual == NULL ? "absent" : actual, expected == NULL ? "absent" : expected);
}

void wire_begin(wire_run *run)
{
    const wire_case *expected = run->expected;
    char location[128];
    const char *const headers[] = {location, NULL};
    (void)snprintf(location, sizeof location, "Location: %s",
                   expected->location == NULL ? "" : expected->location);
    api_forget(run->world);
    api_fault(run->world, (mock_fault){.method = expected->method,
                                       .path_contains = expected->path,
                                       .status = expected->status,
                                       .body = expected->answer,
                                       .content_type = expected->answer_type,
                                       .headers = expected->location == NULL ? NULL : headers});
}

/* Header by header, as far as the operation decides about it. */
static void check_headers(wire_run *run, const mock_request *request)
{
    const wire_case *expected = run->expected;
    const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"Accept", expected->accept},
        {"Content-Type", expected->type},
        {"Authorization", expected->token ? "SSWS " API_TOKEN : NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *value = mock_request_header(request, rows[i].name);
        if (wire_header_of(expected->headers, rows[i].name) == NULL &&
            !wire_same_value(value, rows[i].value)) {
            complain(run, rows[i].name, value, rows[i].value);
        }
    }
    const char *problem = wire_own_headers(request->headers, expected->headers);
    if (problem != NULL) {
        complain(run, "a header", problem, expected->headers);
    }
}

static void check_target(wire_run *run, const char *target)
{
    const wire_case *expected = run->expected;
    size_t length = strcspn(target, "?");
    const char *query = target[length] == '?' ? target + length + 1 : NULL;
    if (strlen(expected->path) != length || strncmp(target, expected->path, length) != 0) {
        complain(run, "the path", target, expected->path);
    }
    if ((query == NULL) != (expected->query == NULL) ||
        (query != NULL && !wire_same_pairs(query, expected->query))) {
        complain(run, "the query", query, expected->query);
    }
}

static void check_request(wire_run *run)
{
    const wire_case *expected = run->expected;
    const mock_request *request = mock_org_request_at(run->world->org, 0);
    if (request == NULL || mock_org_request_count(run->world->org) != 1) {
        complain(run, "the number of requests", request == NULL ? "0" : "more", "1");
        return;
    }
    if (strcmp(request->method, expected->method) != 0) {
        complain(run, "the method", request->method, expected->method);
    }
    check_target(run, request->target);
    check_headers(run, request);
    if (!wire_same_body(request, expected)) {
        complain(run, "the body", request->body, expected->body);
    }
}

void wire_end(wire_run *run, okta_error *error, bool holds)
{
    run->calls++;
    if (error != NULL) {
        complain(run, "the outcome", okta_error_message(error), "success");
    } else if (!holds) {
        complain(run, "the result", "something else", run->expected->answer);
    }
    okta_free(error);
    check_request(run);
}

static void each_case(void (*what)(const wire_case *expected, void *context), void *context)
{
    for (const wire_case *const *group = wire_groups; *group != NULL; group++) {
        for (const wire_case *one = *group; one->name != NULL; one++) {
            what(one, context);
        }
    }
}

/* How many cases there are for each that is run. */
static unsigned sample(void)
{
    const char *text = getenv("OKTA_WIRE_EVERY");
    unsigned long every = text == NULL ? 1 : strtoul(text, NULL, 10);
    assert_true(every >= 1 && every < 1000);
    return (unsigned)every;
}

typedef struct sending {
    wire_run run;
    unsigned every;
    unsigned at;
} sending;

static void send_one(const wire_case *expected, void *context)
{
    sending *self = context;
    if (self->at++ % self->every == 0) {
        self->run.expected = expected;
        expected->run(&self->run, self->run.world->client);
    }
}

static void sends_each_operation_as_described(void **state)
{
    sending self = {.run = {.world = *state}, .every = sample()};
    each_case(send_one, &self);
    print_message("%u calls in %u cases\n", self.run.calls, self.at);
    assert_int_equal(self.run.failures, 0);
    assert_int_equal(self.run.calls, 2 * ((self.at + self.every - 1) / self.every));
}

#define SEEN_MAX 2048u

typedef struct census {
    const wire_case *seen[SEEN_MAX]; /* the first case of each operation */
    size_t count;
} census;

/* Further cases of an operation have another alternative of body or answer, or ask for another media type. */
static void count_one(const wire_case *expected, void *context)
{
    census *self = context;
    const wire_case *first = NULL;
    for (size_t i = 0; i < self->count && first == NULL; i++) {
        first = strcmp(self->seen[i]->operation, expected->operation) == 0 ? self->seen[i] : NULL;
    }
    if (first == NULL) {
        assert_true(self->count < SEEN_MAX);
        self->seen[self->count++] = expected;
    } else if (first->number == expected->number && strcmp(first->accept, expected->accept) == 0) {
        fail_msg("%s has the case of %s", expected->name, first->name);
    }
}

static void has_a_case_for_each_operation(void **state)
{
    static census self;
    (void)state;
    self.count = 0;
    each_case(count_one, &self);
    assert_int_equal(self.count, wire_operations);
    assert_int_equal(oktai_operation_count, wire_operations);
}

/* Whether `key` is this method and path, its placeholders without names. */
static bool is_key(const oktai_operation *operation, const char *key)
{
    const char *method = oktai_method_name(operation->method);
    size_t length = strlen(method);
    if (strncmp(key, method, length) != 0 || key[length] != ' ') {
        return false;
    }
    key += length + 1;
    for (const char *path = operation->path; *path != '\0' && *path == *key; path++) {
        path = *path == '{' ? strchr(path, '}') - 1 : path;
        key++;
        if (path[1] == '\0') {
            return *key == '\0';
        }
    }
    return false;
}

static const oktai_operation *find_row(const char *key)
{
    for (size_t i = 0; i < oktai_operation_count; i++) {
        if (is_key(oktai_operations[i], key)) {
            return oktai_operations[i];
        }
    }
    fail_msg("there is no operation %s", key);
    return NULL;
}

static void look_up_server(const wire_case *expected, void *context)
{
    bool other = find_row(expected->operation)->server == OKTAI_SERVER_DRAPP;
    (void)context;
    if (other != (expected->server != NULL) || (other && strcmp(expected->server, "drapp") != 0)) {
        fail_msg("%s goes to another server", expected->name);
    }
}

/* A server on loopback stands for all of an org, so that its requests do not tell. */
static void knows_the_server_of_each_operation(void **state)
{
    (void)state;
    each_case(look_up_server, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sends_each_operation_as_described, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test(has_a_case_for_each_operation),
        cmocka_unit_test(knows_the_server_of_each_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
