/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *replay_tool;

int replay_begin(void **state)
{
    replay_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    snprintf(world->folder, sizeof world->folder, "/tmp/okta-replay-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->file, sizeof world->file, "%s/made-up.jsonl", world->folder);
    *state = world;
    return 0;
}

int replay_end(void **state)
{
    replay_world *world = *state;
    (void)unlink(world->file);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

void replay_write(replay_world *world, const char *text, size_t length)
{
    FILE *file = fopen(world->file, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

void replay_run_words(replay_world *world, const char *const *words)
{
    char home[96];
    const char *arguments[RUN_ARGUMENTS_MAX + 1] = {replay_tool};
    snprintf(home, sizeof home, "HOME=%s", world->folder);
    const char *const environment[] = {home, "OKTA_CLIENT_TOKEN=mock-token", "OKTA_CLIENT_TOKN=x", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        assert_true(i + 1 < RUN_ARGUMENTS_MAX);
        arguments[i + 1] = words[i];
    }
    run_program(arguments, environment, &world->result);
    replay_expect_not("standard output", world->result.out, CANARY);
    replay_expect_not("standard error", world->result.err, CANARY);
}

void replay_run_tool(replay_world *world, const char *option)
{
    const char *const plain[] = {world->file, NULL};
    const char *const with_option[] = {option, world->file, NULL};
    replay_run_words(world, option == NULL ? plain : with_option);
}

void replay_expect(const char *label, const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("%s: \"%s\" is not in:\n%s", label, part, text);
    }
}

void replay_expect_not(const char *label, const char *text, const char *part)
{
    if (strstr(text, part) != NULL) {
        fail_msg("%s: \"%s\" is in:\n%s", label, part, text);
    }
}
