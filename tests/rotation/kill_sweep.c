/* SPDX-License-Identifier: Apache-2.0 */
/* kill_sweep WAY PROGRAM KIND FIRST STEP
 * Ends a program that rotates a credential by SIGKILL at its system calls, when one begins and when one has
 * returned: at each STEPth point from FIRST on, until it has no such point. Then the program is run again
 * until the rotation is over. KIND is the number of an okta_rotation_kind, and WAY is how the program is run:
 *
 *   recall  the program `rotator`, whose store gives back what it has
 *   forget  the same, whose store does not
 *   out     okta-keys, which puts the new credential into a file
 *   store   okta-keys, which gives it to a command
 *
 * At each point it is counted what is wrong: `lost`, the service could not log in at some time; `orphan`, the
 * app holds more than the one credential in the end; `duplicate`, it held one twice; `unfinished`, the
 * rotation does not come to its end. The last line has the sums. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kill_world.h"

#define RUNS_MOST 6u
/* More system calls than any run makes. */
#define POINTS_MOST 50000u
#define WORDS       32u

/* How `rotator` ends: it has begun to wait for the time that something may still arrive, or it was undone. */
#define ROTATOR_WAITS  3
#define ROTATOR_UNDONE 4
/* How okta-keys ends where the journal has nothing to go on with. */
#define TOOL_NOTHING 3

typedef struct sweep {
    kill_world world;
    const char *program;
    bool is_tool;
    bool stores; /* by a command */
} sweep;

/* What was wrong, in points. */
typedef struct tally {
    unsigned points, lost, orphan, duplicate, unfinished;
} tally;

/* How the program is called. */

static void call_rotator(const sweep *self)
{
    const kill_world *world = &self->world;
    char kind[8];
    snprintf(kind, sizeof kind, "%d", (int)world->kind);
    execl(self->program, self->program, mock_org_url(world->org), world->app_id, kind, world->folder,
          (char *)NULL);
}

/* Each command writes into a file of its own, since one that outlives the tool may run beside the next. A kid
 * may begin with "-". */
#define INTO(name) "cat > ./" name ".$$ && mv ./" name ".$$ ./" name

static const char *store_of(okta_rotation_kind kind)
{
    return kind == OKTA_ROTATION_CLIENT_SECRET ? INTO("secret") : INTO("\"$OKTA_KID\"");
}

static const char *switch_of(const sweep *self)
{
    if (self->world.kind != OKTA_ROTATION_CLIENT_SECRET) {
        return "printf %s \"$OKTA_KID\" | " INTO("current");
    }
    return self->stores ? "< secret " INTO("current") : "< " OUT_FILE " " INTO("current");
}

static void call_tool(const sweep *self, bool resumes)
{
    const kill_world *world = &self->world;
    bool is_secret = world->kind == OKTA_ROTATION_CLIENT_SECRET;
    const char *words[WORDS] = {self->program};
    size_t count = 1;
#define SAY(word) (words[count++] = (word))
    if (is_secret) {
        SAY("secrets");
    }
    SAY("rotate");
    SAY(world->app_id);
    if (!is_secret) {
        bool encrypts = world->kind == OKTA_ROTATION_ENCRYPTION_KEY;
        SAY(encrypts ? "--use=enc" : "--use=sig");
        SAY(encrypts ? "--type=rsa2048" : "--type=p256");
    }
    SAY(self->stores ? "--store" : "--out");
    SAY(self->stores ? store_of(world->kind) : OUT_FILE);
    SAY("--switch");
    SAY(switch_of(self));
    SAY("--journal=journal");
    SAY("--grace=0s");
    if (resumes) {
        SAY("--resume");
    }
#undef SAY
    setenv("HOME", world->folder, 1);
    setenv("OKTA_CLIENT_ORGURL", mock_org_url(world->org), 1);
    setenv("OKTA_CLIENT_TOKEN", "mock-token", 1);
    setenv("OKTA_CLIENT_REQUESTTIMEOUT", "1", 1);
    if (chdir(world->folder) == 0 && freopen("/dev/null", "w", stdout) != NULL &&
        freopen("said", "a", stderr) != NULL) {
        execv(self->program, (char **)(uintptr_t)words);
    }
}

static pid_t spawn(const sweep *self, bool is_traced, bool resumes)
{
    pid_t child = fork();
    if (child < 0) {
        kill_world_die("fork", NULL);
    }
    if (child == 0) {
        if (is_traced) {
            ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        }
        if (self->is_tool) {
            call_tool(self, resumes);
        } else {
            call_rotator(self);
        }
        _exit(127);
    }
    return child;
}

/* Run it to its end. Returns its exit code. */
static int run(const sweep *self, bool resumes)
{
    int status = 0;
    pid_t child = spawn(self, false, resumes);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        kill_world_die("the program was ended", NULL);
    }
    return WEXITSTATUS(status);
}

/* Run it to the point. Returns true when it was ended there, or failed before by itself, as where a machine
 * is busy; false when it was over before. */
static bool run_to(const sweep *self, unsigned point)
{
    int status = 0;
    pid_t child = spawn(self, true, false);
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
        kill_world_die("the program does not stop", NULL);
    }
    ptrace(PTRACE_SETOPTIONS, child, NULL,
           (void *)(uintptr_t)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE));
    unsigned seen = 0;
    pid_t at = child;
    for (;;) {
        if (ptrace(PTRACE_SYSCALL, at, NULL, NULL) != 0 && errno != ESRCH) {
            kill_world_die("ptrace", NULL);
        }
        at = waitpid(-1, &status, __WALL);
        if (at == child && (WIFEXITED(status) || WIFSIGNALED(status))) {
            bool is_over = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            if (!is_over && point > POINTS_MOST) {
                kill_world_die("the program fails each time", NULL);
            }
            return !is_over;
        }
        if (WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80) && ++seen == point) {
            kill(child, SIGKILL);
            /* The end of the process is told when those of its threads have been heard. */
            do {
                at = waitpid(-1, &status, __WALL);
            } while (at > 0 && (at != child || !WIFSIGNALED(status)));
            return true;
        }
    }
}

/* Points. */

typedef enum outcome {
    OUTCOME_DONE,
    OUTCOME_GOES_ON,
    OUTCOME_FAILED,
} outcome;

static outcome go_on_with_rotator(const sweep *self)
{
    int code = run(self, true);
    if (code == ROTATOR_WAITS) {
        sleep(1); /* what was given up may arrive for as long as a call may last */
    }
    return code == 0                                         ? OUTCOME_DONE
           : code == ROTATOR_WAITS || code == ROTATOR_UNDONE ? OUTCOME_GOES_ON
                                                             : OUTCOME_FAILED;
}

/* It had not begun, or was over, where the journal has nothing. What fails is run again, as by a person: a
 * machine that is busy lets a call run into its time. */
static outcome go_on_with_tool(const sweep *self, bool is_rotated)
{
    int code = run(self, true);
    if (code == TOOL_NOTHING && !is_rotated) {
        code = run(self, false);
    }
    if (code != 0 && code != TOOL_NOTHING) {
        printf("a run behind it exits with %d\n", code);
        kill_world_print(&self->world, "said");
    }
    return code == 0 || (code == TOOL_NOTHING && is_rotated) ? OUTCOME_DONE : OUTCOME_GOES_ON;
}

/* The commands that outlived the tool. */
static void await_orphans(void)
{
    while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR) {
    }
}

static void judge(tally *sums, unsigned point, outcome came, bool has_worked, const kill_view *view)
{
    unsigned orphan = view->count > 1;
    unsigned duplicate = view->duplicates > 0;
    unsigned unfinished = came != OUTCOME_DONE || !view->is_rotated;
    sums->lost += !has_worked;
    sums->orphan += orphan;
    sums->duplicate += duplicate;
    sums->unfinished += unfinished;
    if (!has_worked || orphan != 0 || duplicate != 0 || unfinished != 0) {
        printf("point %u: the service %s, %zu credentials, %zu of them twice, the rotation %s\n", point,
               has_worked ? "works" : "does not work", view->count, view->duplicates,
               unfinished == 0 ? "is over" : "does not come to its end");
    }
}

/* One point. Returns false when there is none. */
static bool try_point(sweep *self, unsigned point, tally *sums)
{
    kill_view view;
    outcome came = OUTCOME_GOES_ON;
    kill_world_start(&self->world);
    bool was_ended = run_to(self, point);
    kill_world_look(&self->world, &view);
    bool has_worked = view.works;
    for (unsigned i = 0; was_ended && i < RUNS_MOST && came == OUTCOME_GOES_ON; i++) {
        came = self->is_tool ? go_on_with_tool(self, view.is_rotated) : go_on_with_rotator(self);
        size_t duplicates = view.duplicates;
        kill_world_look(&self->world, &view);
        view.duplicates += duplicates;
        has_worked = has_worked && view.works;
        if (came == OUTCOME_DONE && !view.is_rotated) {
            came = OUTCOME_GOES_ON; /* it was taken back, and begins again */
        }
    }
    await_orphans();
    if (was_ended) {
        sums->points++;
        judge(sums, point, came, has_worked, &view);
    }
    kill_world_stop(&self->world);
    return was_ended;
}

static bool read_way(sweep *self, const char *way)
{
    self->is_tool = strcmp(way, "out") == 0 || strcmp(way, "store") == 0;
    self->stores = strcmp(way, "store") == 0;
    if (strcmp(way, "forget") == 0) {
        setenv("ROTATOR_FORGETS", "1", 1);
    }
    return self->is_tool || strcmp(way, "recall") == 0 || strcmp(way, "forget") == 0;
}

int main(int argc, char **argv)
{
    sweep self = {.program = argc == 6 ? realpath(argv[2], NULL) : NULL};
    tally sums = {.points = 0};
    unsigned step = argc == 6 ? (unsigned)strtoul(argv[5], NULL, 10) : 0;
    if (step == 0 || self.program == NULL || !read_way(&self, argv[1])) {
        fprintf(stderr, "usage: kill_sweep recall|forget|out|store PROGRAM KIND FIRST STEP\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* a child has no copy of what is not written yet */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    kill_world_make(&self.world, (okta_rotation_kind)strtol(argv[3], NULL, 10));
    for (unsigned point = (unsigned)strtoul(argv[4], NULL, 10); try_point(&self, point, &sums);
         point += step) {
    }
    kill_world_remove(&self.world);
    free((void *)(uintptr_t)self.program);
    printf("%s, %s: %u points, %u lost, %u orphan, %u duplicate, %u unfinished\n",
           okta_rotation_kind_name(self.world.kind), argv[1], sums.points, sums.lost, sums.orphan,
           sums.duplicate, sums.unfinished);
    bool good = sums.lost + sums.orphan + sums.duplicate + sums.unfinished == 0;
    return good && sums.points > 0 ? 0 : 1;
}
