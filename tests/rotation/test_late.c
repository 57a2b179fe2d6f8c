/* SPDX-License-Identifier: Apache-2.0 */
/* A process ends while a write of it is under way, and the write arrives late: before the next process goes
 * on or takes back, at each moment of that, or behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

#define RUNS 3u

/* What is tried. */
typedef struct trial {
    okta_rotation_kind kind;
    bool has_recall;
    okta_rotation_start start; /* of the process that finds it */
    unsigned runs_before;
    unsigned request; /* that is late, counted from 1 */
    unsigned event;   /* at which it arrives; 0: before all of them */
} trial;

typedef enum outcome {
    OUTCOME_NO_REQUEST, /* the run makes fewer requests */
    OUTCOME_NO_WRITE,   /* the request reads */
    OUTCOME_ARRIVED,
    OUTCOME_ARRIVED_LAST, /* behind the run that found it */
} outcome;

static void take_late(rotation_world *world, const mock_request *request)
{
    assert_true(strlen(request->method) < sizeof world->late.method);
    assert_true(strlen(request->target) < sizeof world->late.target);
    assert_true(strlen(request->body) < sizeof world->late.body);
    snprintf(world->late.method, sizeof world->late.method, "%s", request->method);
    snprintf(world->late.target, sizeof world->late.target, "%s", request->target);
    snprintf(world->late.body, sizeof world->late.body, "%s", request->body);
}

/* The process ends when it has sent the request, of which the org has got nothing. */
static outcome end_at_request(rotation_world *world, const trial *what)
{
    for (unsigned i = 0; i < what->runs_before; i++) {
        rotation_world_run(world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        rotation_world_pass(world, WORLD_GRACE);
    }
    if (what->runs_before > 0 && !rotation_world_is_pending(world)) {
        return OUTCOME_NO_REQUEST;
    }
    api_world_renew(&world->api, NULL);
    api_forget(&world->api);
    api_fault(&world->api, (mock_fault){.drop_before = true, .skip = what->request - 1, .times = 1000});
    world->ends_at_request = what->request;
    rotation_world_run(world, what->runs_before == 0 ? OKTA_ROTATION_BEGIN : OKTA_ROTATION_GO_ON, NULL);
    world->ends_at_request = 0;
    mock_org_forget_faults(world->api.org);
    if (mock_org_request_count(world->api.org) < what->request) {
        return OUTCOME_NO_REQUEST;
    }
    const mock_request *request = mock_org_request_at(world->api.org, what->request - 1);
    if (strcmp(request->method, "GET") == 0 || strstr(request->target, "/token") != NULL) {
        return OUTCOME_NO_WRITE;
    }
    take_late(world, request);
    return OUTCOME_ARRIVED;
}

static outcome try_one(const trial *what)
{
    rotation_world world;
    char at[240];
    rotation_world_start(&world, what->kind);
    world.has_recall = what->has_recall;
    outcome came = end_at_request(&world, what);
    if (came == OUTCOME_ARRIVED) {
        snprintf(at, sizeof at, "%s, %s recall, run %u, %s %s arrives at event %u of the run that %s",
                 okta_rotation_kind_name(what->kind), what->has_recall ? "with" : "without",
                 what->runs_before + 1, world.late.method, world.late.target, what->event,
                 what->start == OKTA_ROTATION_UNDO ? "takes back" : "goes on");
        world.late.at = what->event;
        if (what->event == 0) {
            rotation_world_arrive(&world);
        }
        rotation_world_run(&world, what->start, NULL);
        if (world.late.at != 0) {
            rotation_world_arrive(&world);
            came = OUTCOME_ARRIVED_LAST;
        }
        rotation_world_finish(&world, at);
    }
    rotation_world_stop(&world);
    return came;
}

/* One request that is late at each event. Returns what it came to in the end. */
static outcome try_events(trial *what, unsigned *count)
{
    outcome came = OUTCOME_ARRIVED;
    for (what->event = 0; came == OUTCOME_ARRIVED; what->event++) {
        came = try_one(what);
        *count += came >= OUTCOME_ARRIVED;
    }
    return came;
}

static void each_write_may_arrive_late(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        unsigned count = 0;
        for (unsigned variant = 0; variant < 4 * RUNS; variant++) {
            trial what = {.kind = world_kinds[i],
                          .has_recall = variant % 2 == 0,
                          .start = variant / 2 % 2 == 0 ? OKTA_ROTATION_GO_ON : OKTA_ROTATION_UNDO,
                          .runs_before = variant / 4,
                          .request = 1};
            while (try_events(&what, &count) != OUTCOME_NO_REQUEST) {
                what.request++;
            }
        }
        printf("%s: %u late arrivals\n", okta_rotation_kind_name(world_kinds[i]), count);
        assert_true(count > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_write_may_arrive_late)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
