/* SPDX-License-Identifier: Apache-2.0 */
/* The disk of the journal is full, or fails, at each write: the run ends with an error, or goes on without
 * what failed. Once there is room again, the next runs leave one credential, which the service uses; the
 * service works at every moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "okta/sqlite.h"
#include "rotation/full_disk.h"
#include "rotation/rotation_world.h"

#define PATH_SIZE 64u
#define RUNS      3u

static const char *const modes[FULL_DISK_MODES] = {
    [FULL_DISK_ONCE] = "once",
    [FULL_DISK_STAYS] = "from there on",
    [FULL_DISK_HALF] = "behind half of it",
    [FULL_DISK_BEHIND] = "behind it",
};

/* How the disk fails, and whether the store gives back what it has. */
static const struct {
    full_disk_mode mode;
    bool has_recall;
} ways[] = {{FULL_DISK_STAYS, true},
            {FULL_DISK_STAYS, false},
            {FULL_DISK_ONCE, true},
            {FULL_DISK_HALF, false},
            {FULL_DISK_BEHIND, true}};

/* What is tried. */
typedef struct trial {
    okta_rotation_kind kind;
    bool has_recall;
    unsigned runs_before;
    full_disk_mode mode;
    unsigned deed;
} trial;

static char folder[PATH_SIZE];
static char path[PATH_SIZE * 2];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/test_disk_full.XXXXXX");
    if (mkdtemp(folder) == NULL || !full_disk_install()) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/journal", folder);
    return 0;
}

static void remove_journal(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        char name[PATH_SIZE * 3];
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

static int remove_folder(void **state)
{
    (void)state;
    remove_journal();
    return rmdir(folder);
}

/* The process opens the journal. False: it could not. */
static bool open_journal(rotation_world *world)
{
    okta_error *error = okta_sqlite_journal_open(path, &world->memory);
    bool good = error == NULL;
    okta_free(error);
    return good;
}

static void close_journal(rotation_world *world)
{
    okta_sqlite_journal_close(world->memory);
    world->memory = NULL;
}

static void run_process(rotation_world *world, okta_rotation_start start)
{
    if (open_journal(world)) {
        rotation_world_run(world, start, NULL);
    }
    close_journal(world);
}

static void start_world(rotation_world *world, const trial *what)
{
    remove_journal();
    rotation_world_start(world, what->kind);
    world->has_recall = what->has_recall;
    okta_free(world->memory);
    world->memory = NULL;
    for (unsigned i = 0; i < what->runs_before; i++) {
        run_process(world, OKTA_ROTATION_GO_ON_OR_BEGIN);
        rotation_world_pass(world, WORLD_GRACE);
    }
}

/* Returns false when there is no such deed. */
static bool try_one(const trial *what)
{
    rotation_world world;
    char at[160];
    start_world(&world, what);
    full_disk_fail(what->deed, what->mode);
    run_process(&world, what->runs_before == 0 ? OKTA_ROTATION_BEGIN : OKTA_ROTATION_GO_ON);
    bool is_there = full_disk_mend() >= what->deed;
    snprintf(at, sizeof at, "%s, %s recall, run %u, deed %u fails %s", okta_rotation_kind_name(what->kind),
             what->has_recall ? "with" : "without", what->runs_before + 1, what->deed, modes[what->mode]);
    assert_true(open_journal(&world));
    rotation_world_finish(&world, at);
    close_journal(&world);
    rotation_world_stop(&world);
    return is_there;
}

/* With --group: only this kind. */
static const char *only;

static void each_write_may_find_the_disk_full(void **state)
{
    bool has_kind = false;
    (void)state;
    for (size_t i = 0; i < COUNT(world_kinds); i++) {
        const char *name = okta_rotation_kind_name(world_kinds[i]);
        unsigned count = 0;
        if (only != NULL && strcmp(name, only) != 0) {
            continue;
        }
        has_kind = true;
        for (unsigned k = 0; k < COUNT(ways) * RUNS; k++) {
            trial what = {.kind = world_kinds[i],
                          .has_recall = ways[k / RUNS].has_recall,
                          .runs_before = k % RUNS,
                          .mode = ways[k / RUNS].mode,
                          .deed = 1};
            while (try_one(&what)) {
                what.deed++;
                count++;
            }
        }
        printf("%s: %u deeds of the disk failed\n", name, count);
        assert_true(count > 300);
    }
    assert_true(has_kind);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_write_may_find_the_disk_full)};
    only = argc == 3 && strcmp(argv[1], "--group") == 0 ? argv[2] : NULL;
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
