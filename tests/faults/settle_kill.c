/* SPDX-License-Identifier: Apache-2.0 */
/* The process that adds a key is killed, and another one finishes. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/settle_cell.h"

#define LIMIT_S  60u
#define URL_SIZE 64u

/* A process that waits for the org's URL. */
typedef struct child {
    pid_t pid;
    int to;
    int from;
} child;

typedef void child_fn(settle_world *world, const settle_plan *plan, settle_end *end);

static void add_once(settle_world *world, const settle_plan *plan, settle_end *end)
{
    settle_world_add(world, plan, end);
}

/* What okta_reconcile_jwk() is there for, with the case that the lost request comes in between. */
static void inherit(settle_world *world, const settle_plan *plan, settle_end *end)
{
    const settle_plan good = {0};
    (void)plan;
    *end = (settle_end){0};
    end->status = settle_world_reconcile(world, end->id);
    if (end->status != OKTA_E_NOT_FOUND) {
        return;
    }
    settle_world_add(world, &good, end);
    if (end->status == OKTA_E_INVALID) {
        end->status = settle_world_reconcile(world, end->id);
    }
}

/* Nothing of the test's is left behind by it: it ends at once, whatever happens. */
static void be_a_child(settle_world *world, const settle_plan *plan, child_fn *work, int from, int to)
{
    char url[URL_SIZE] = "";
    settle_end end;
    (void)signal(SIGALRM, SIG_DFL);
    alarm(LIMIT_S);
    if (read(from, url, sizeof url) != (ssize_t)sizeof url || !settle_world_connect(world, url, plan)) {
        _exit(1);
    }
    work(world, plan, &end);
    _exit(write(to, &end, sizeof end) == (ssize_t)sizeof end ? 0 : 1);
}

/* Before the org and its threads are there. */
static child start_child(settle_world *world, const settle_plan *plan, child_fn *work)
{
    int down[2];
    int up[2];
    assert_int_equal(pipe(down), 0);
    assert_int_equal(pipe(up), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(down[1]);
        close(up[0]);
        be_a_child(world, plan, work, down[0], up[1]);
    }
    close(down[0]);
    close(up[1]);
    return (child){pid, down[1], up[0]};
}

static void tell_child(const child *self, const settle_org *org)
{
    char url[URL_SIZE] = "";
    snprintf(url, sizeof url, "%s", settle_org_url(org));
    assert_int_equal(write(self->to, url, sizeof url), (int)sizeof url);
}

/* How it ended, as waitpid() tells it. */
static int await_child(const child *self, settle_end *end)
{
    int status = 0;
    if (read(self->from, end, sizeof *end) != (ssize_t)sizeof *end) {
        *end = (settle_end){.status = OKTA_E_PROTOCOL};
    }
    assert_int_equal(waitpid(self->pid, &status, 0), self->pid);
    close(self->to);
    close(self->from);
    return status;
}

static void judge(const settle_plan *plan, settle_org *org, const settle_end *heir, int status,
                  settle_tally *tally)
{
    char id[32];
    char what[160] = "";
    unsigned keys = settle_org_key_count(org);
    settle_org_id_of(org, SETTLE_KID, id);
    bool told = status == 0 && heir->status == OKTA_OK && strcmp(id, heir->id) == 0;
    if (settle_org_complaint(org)[0] != '\0') {
        snprintf(what, sizeof what, "%s", settle_org_complaint(org));
    } else if (keys != 1 || settle_org_kid_count(org, SETTLE_KID) != 1 || !told) {
        snprintf(what, sizeof what, "%u keys, the org has \"%s\", the heir \"%s\": %s", keys, id, heir->id,
                 okta_status_name(heir->status));
    }
    tally->cells++;
    tally->lost += keys == 0;
    tally->duplicate += keys > 1;
    tally->orphan += keys == 1 && !told;
    tally->failed += what[0] != '\0';
    if (what[0] != '\0') {
        printf("W4   %-26s %-10s list %-16s killed at request %u: FAILED: %s\n", plan->cause->name,
               settle_fate_name(plan->fate), settle_list_name(plan->list), plan->kill_at, what);
    }
}

bool settle_kill_run(const settle_plan *plan, settle_tally *tally)
{
    settle_world world;
    settle_plan own = *plan;
    settle_end end;
    settle_world_begin(&world, plan->cause->padding);
    own.hurry = &world.clock->hurry;
    child victim = start_child(&world, plan, add_once);
    child heir = start_child(&world, plan, inherit);
    settle_org *org = settle_org_start(&own);
    settle_org_set_victim(org, victim.pid);
    tell_child(&victim, org);
    int status = await_child(&victim, &end);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    settle_org_bury_victim(org);
    settle_org_recover(org);
    tell_child(&heir, org);
    status = await_child(&heir, &end);
    settle_org_catch_up(org);
    if (killed) {
        judge(plan, org, &end, status, tally);
    }
    settle_org_free(org);
    settle_world_end(&world);
    return killed;
}
