/* SPDX-License-Identifier: Apache-2.0 */
#include "rotations.h"

#include <poll.h>

#include "common/errand.h"
#include "common/now.h"
#include "interrupt.h"
#include "progress.h"

/* So long the tool waits itself. */
#define SOON_MS 90000

static void end_job(rotations *all, rotation_job *job)
{
    job->is_ended = true;
    all->ended++;
    all->failed += job->error != NULL;
}

/* No further one begins, nor goes on behind a wait. */
static void stop(rotations *all)
{
    all->is_stopped = true;
    for (size_t i = 0; i < all->count; i++) {
        rotation_job *job = &all->jobs[i];
        if (!job->is_ended && !job->is_running) {
            end_job(all, job);
        }
    }
}

/* A credential that is refused is refused for each app. */
static bool ends_all(const rotations *all, const okta_error *error, okta_rotation_state state)
{
    bool is_denied = okta_error_status(error) == OKTA_E_AUTH && state == OKTA_ROTATION_STOPPED;
    return error != NULL && (all->stops_at_failure || is_denied);
}

static void on_done(void *ctx, okta_rotation *rotation, okta_error *error)
{
    rotation_job *job = ctx;
    rotations *all = job->all;
    const okta_rotation_progress *progress = okta_rotation_look(rotation);
    job->is_running = false;
    all->running--;
    job->error = error;
    job->due_ms = progress->due_s * 1000;
    if (progress->state == OKTA_ROTATION_UNDONE) {
        key_store_undo(&job->store);
    }
    bool goes_on = error == NULL && progress->state == OKTA_ROTATION_WAITS && !all->is_stopped &&
                   job->due_ms - now_wall_ms() <= SOON_MS;
    if (!goes_on) {
        end_job(all, job);
    }
    if (ends_all(all, error, progress->state)) {
        stop(all);
    }
}

static void begin_due(rotations *all)
{
    int64_t at_ms = now_wall_ms();
    for (size_t i = 0; i < all->count && all->running < all->at_once; i++) {
        rotation_job *job = &all->jobs[i];
        if (job->is_ended || job->is_running || job->due_ms > at_ms) {
            continue;
        }
        job->error = okta_rotation_submit(job->rotation, all->loop, on_done, job);
        if (job->error != NULL) {
            end_job(all, job);
        } else {
            job->is_running = true;
            all->running++;
        }
    }
}

/* Until the first of those that wait is due; -1: none is waiting. */
static int wait_ms(const rotations *all)
{
    int64_t least = -1;
    int64_t at_ms = now_wall_ms();
    for (size_t i = 0; all->running < all->at_once && i < all->count; i++) {
        const rotation_job *job = &all->jobs[i];
        if (!job->is_ended && !job->is_running) {
            int64_t left = job->due_ms > at_ms ? job->due_ms - at_ms : 0;
            least = least < 0 || left < least ? left : least;
        }
    }
    return (int)(least < SOON_MS ? least : SOON_MS);
}

/* Those that run end soon; those that wait for a time go on in another run. */
static void interrupt_all(rotations *all)
{
    all->is_interrupted = true;
    errand_end_all();
    for (size_t i = 0; i < all->count; i++) {
        if (all->jobs[i].is_running) {
            okta_rotation_cancel(all->jobs[i].rotation);
        }
    }
    stop(all);
}

static void wait_for_loop(rotations *all)
{
    struct pollfd watched[] = {
        {.fd = okta_loop_fd(all->loop), .events = POLLIN},
        {.fd = all->is_interrupted ? -1 : interrupt_fd(), .events = POLLIN},
    };
    (void)poll(watched, 2, wait_ms(all));
    if (interrupt_came() && !all->is_interrupted) {
        interrupt_all(all);
    }
}

okta_error *rotations_run(rotations *all)
{
    okta_error *error = okta_loop_new(NULL, &all->loop);
    if (error == NULL && okta_loop_fd(all->loop) < 0) {
        error = okta_error_new(OKTA_E_TRANSPORT, "no descriptor is left to wait for");
    }
    while (error == NULL && all->ended < all->count) {
        begin_due(all);
        error = okta_loop_poll(all->loop, 0);
        progress_show("rotating", all->ended, all->count, all->failed);
        if (error == NULL && all->ended < all->count) {
            wait_for_loop(all);
        }
    }
    progress_clear();
    okta_free(all->loop);
    all->loop = NULL;
    return error;
}
