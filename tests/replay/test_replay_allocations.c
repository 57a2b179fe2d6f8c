/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while recordings are read and played back: each allocation fails in turn, is told as
 * such, and leaks nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "okta-replay/replay.h"
#include "okta/memory.h"
#include "replay_world.h"
#include "unit/allocations.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* One of each kind of body and of each verdict. */
static const char *const lines[] = {
    LINE("PUT", "//api/v1/groups/00g%31/", "null",
         "\"{\\\"id\\\":\\\"00g1\\\",\\\"nope\\\":1,\\\"profile\\\":{\\\"name\\\":\\\"n\\\"}}\"", "200",
         "\"{\\\"id\\\":7,\\\"x\\\":[{}],\\\"_links\\\":{\\\"logo\\\":[{\\\"href\\\":\\\"h\\\"}]}}\""),
    LINE("GET", "/api/v1/groups", "\"limit=2&q=a%20b&nope=1\"", "null", "200",
         "\"[{\\\"id\\\":\\\"a\\\"},null]\""),
    LINE("POST", "/oauth2/v1/token", "null", "\"grant_type=password&scope=a+b&nope=1\"", "400",
         "\"{\\\"error\\\":\\\"invalid_grant\\\"}\""),
    LINE(
        "POST", "/api/v1/apps/0oa1/logo", "null",
        "\"--b\\r\\nContent-Disposition: form-data; name=\\\"file\\\"; filename=\\\"a\\\"\\r\\nContent-Type: "
        "image/png\\r\\n\\r\\nx\\r\\n--b--\\r\\n\"",
        "201", "\"\""),
    LINE("POST", "/api/v1/authn", "null", "{\"base64\":\"AAEC\"}", "200", "\"{}\""),
    LINE("POST", "/api/v1/groups", "null", "null", "200", "\"{\\\"id\\\":\\\"a\\\"}\""),
};

static void reading_tells_that_memory_ran_out(void **state)
{
    replay_world *world = *state;
    bool failed = true;
    replay_write(world, lines[0], strlen(lines[0]));
    for (size_t nth = 1; failed; nth++) {
        oktai_arena arena = {0};
        oktai_vector list = {0};
        allocations_begin(nth, false);
        okta_error *error = exchange_read_file(&arena, world->file, &list);
        failed = allocations_end();
        assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
        assert_true(failed || list.count == 1);
        okta_free(error);
        oktai_arena_clear(&arena);
    }
}

/* Play the line with the nth allocation failing. Returns whether one failed. */
static bool play(const exchange *one, size_t nth, replay_verdict verdict)
{
    replay_run run = {.client = NULL};
    oktai_arena scratch = {0};
    allocations_begin(nth, false);
    replay_outcome outcome = replay_exchange(&run, &scratch, one);
    bool failed = allocations_end();
    assert_int_equal(outcome.verdict, failed ? REPLAY_FAILED : verdict);
    assert_int_equal(okta_error_status(outcome.reason), failed ? OKTA_E_NOMEM : OKTA_OK);
    okta_free(outcome.reason);
    oktai_arena_clear(&scratch);
    notes_clear(&run.notes);
    return failed;
}

static void playing_tells_that_memory_ran_out(void **state)
{
    replay_world *world = *state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        oktai_arena arena = {0};
        oktai_vector list = {0};
        replay_write(world, lines[i], strlen(lines[i]));
        assert_null(exchange_read_file(&arena, world->file, &list));
        const exchange *one = list.data;
        replay_verdict verdict = strcmp(one->path, "/api/v1/authn") == 0 ? REPLAY_UNMATCHED : REPLAY_PASSED;
        for (size_t nth = 1; play(one, nth, verdict); nth++) {
        }
        oktai_arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading_tells_that_memory_ran_out, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(playing_tells_that_memory_ran_out, replay_begin, replay_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
