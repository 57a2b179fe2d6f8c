/* SPDX-License-Identifier: Apache-2.0 */
/* A process that rotates a credential ends at each moment, or loses each answer. Whoever goes on afterwards
 * leaves one credential, which the service uses, and the service works at every moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/rotation_world.h"

#define DEEDS_MOST 64u

/* What is tried, for people. */
static char at[160];

/* A rotation without trouble. */
static void rotates(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        rotation_world world;
        rotation_world_start(&world, world_kinds[i]);
        okta_status status;
        okta_rotation_state ended = rotation_world_run(&world, OKTA_ROTATION_BEGIN, &status);
        assert_string_equal(world.message, "");
        assert_int_equal(ended, OKTA_ROTATION_WAITS);
        assert_int_equal(status, OKTA_OK);
        assert_int_equal(rotation_world_run_to_end(&world), OKTA_ROTATION_DONE);
        rotation_world_expect_rotated(&world, okta_rotation_kind_name(world_kinds[i]));
        assert_int_equal(world.stored, 1);
        assert_int_equal(world.switched, 1);
        rotation_world_stop(&world);
    }
}

/* The process ends at one event of the first run, or of a later one. Returns false when there is no such
 * event. */
static bool interrupt(okta_rotation_kind kind, bool has_recall, unsigned run, unsigned event, bool behind)
{
    rotation_world world;
    rotation_world_start(&world, kind);
    world.has_recall = has_recall;
    for (unsigned i = 0; i < run; i++) {
        rotation_world_run(&world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        rotation_world_pass(&world, WORLD_GRACE);
    }
    bool is_over = run > 0 && !rotation_world_is_pending(&world);
    world.ends_at = event;
    world.ends_behind = behind;
    if (!is_over) {
        rotation_world_run(&world, run == 0 ? OKTA_ROTATION_BEGIN : OKTA_ROTATION_GO_ON, NULL);
        is_over = world.events < event;
    }
    if (!is_over) {
        snprintf(at, sizeof at, "%s, %s recall, run %u, the end %s event %u", okta_rotation_kind_name(kind),
                 has_recall ? "with" : "without", run, behind ? "behind" : "before", event);
        rotation_world_finish(&world, at);
    }
    rotation_world_stop(&world);
    return !is_over;
}

static void process_ends_at_each_event(void **state)
{
    unsigned count = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        for (unsigned variant = 0; variant < 12; variant++) {
            unsigned event = 1;
            while (interrupt(world_kinds[i], (variant & 1) != 0, variant / 4, event, (variant & 2) != 0)) {
                event++;
                count++;
            }
        }
    }
    assert_true(count > 100);
    printf("%u interruptions at events\n", count);
}

/* What becomes of a request. */
typedef struct trouble {
    const char *name;
    mock_fault fault;
    bool ends; /* the process writes nothing to the journal from then on */
} trouble;

static const trouble troubles[] = {
    {"lost request", {.drop_before = true}, false},
    {"lost answer", {.drop_after = true}, false},
    {"500", {.status = 500}, false},
    {"503", {.status = 503}, false},
    {"429", {.status = 429}, false},
    {"no Okta", {.status = 502, .body = "<html>", .content_type = "text/html"}, false},
    {"cut answer", {.cut_body_at = 5}, false},
    {"lost requests from here on", {.drop_before = true, .times = 1000}, false},
    {"lost answers from here on", {.drop_after = true, .times = 1000}, false},
    {"500 from here on", {.status = 500, .times = 1000}, false},
    {"503 from here on", {.status = 503, .times = 1000}, false},
    {"429 from here on", {.status = 429, .times = 1000}, false},
    {"the end before the request", {.drop_before = true, .times = 1000}, true},
    {"the end before the answer", {.drop_after = true, .times = 1}, true},
};

/* Returns false when there is no such request. */
static bool disturb(okta_rotation_kind kind, bool has_recall, unsigned run, unsigned request,
                    const trouble *what)
{
    rotation_world world;
    rotation_world_start(&world, kind);
    world.has_recall = has_recall;
    for (unsigned i = 0; i < run; i++) {
        rotation_world_run(&world, OKTA_ROTATION_GO_ON_OR_BEGIN, NULL);
        rotation_world_pass(&world, WORLD_GRACE);
    }
    bool is_over = run > 0 && !rotation_world_is_pending(&world);
    api_world_renew(&world.api, NULL);
    api_forget(&world.api);
    mock_fault fault = what->fault;
    fault.skip = request - 1;
    api_fault(&world.api, fault);
    world.ends_at_request = what->ends ? request : 0;
    if (!is_over) {
        rotation_world_run(&world, run == 0 ? OKTA_ROTATION_BEGIN : OKTA_ROTATION_GO_ON, NULL);
        is_over = mock_org_request_count(world.api.org) < request;
    }
    mock_org_forget_faults(world.api.org);
    if (!is_over) {
        snprintf(at, sizeof at, "%s, %s recall, run %u, request %u: %s", okta_rotation_kind_name(kind),
                 has_recall ? "with" : "without", run, request, what->name);
        rotation_world_finish(&world, at);
    }
    rotation_world_stop(&world);
    return !is_over;
}

static void each_request_has_trouble(void **state)
{
    unsigned count = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        for (unsigned variant = 0; variant < 6; variant++) {
            for (size_t k = 0; k < COUNT(troubles); k++) {
                unsigned request = 1;
                while (disturb(world_kinds[i], (variant & 1) != 0, variant / 2, request, &troubles[k])) {
                    request++;
                    count++;
                }
            }
        }
    }
    assert_true(count > 100);
    printf("%u requests with trouble\n", count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotates),
        cmocka_unit_test(process_ends_at_each_event),
        cmocka_unit_test(each_request_has_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
