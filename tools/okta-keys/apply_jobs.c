/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_jobs.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <okta/api/application_sso_public_keys.h>

#include "interrupt.h"
#include "progress.h"

/* What is done with each app. */
typedef struct apply_phase {
    const char *doing;
    /* The call of an app has ended well: use its result. */
    okta_error *(*take)(apply_job *job, okta_call *call);
    bool changes; /* calls follow for as long as the plan has changes left */
} apply_phase;

static okta_call *list_call(const apply_job *job)
{
    return okta_list_jwk_call(job->all->client, job->app->id);
}

static void stop_for(apply_jobs *all, okta_status status)
{
    many_stop why = status == OKTA_E_AUTH || status == OKTA_E_CONFIG ? MANY_IS_DENIED
                    : all->stops_at_failure                          ? MANY_STOPS_AT_FAILURE
                                                                     : MANY_GOES_ON;
    all->stop = all->stop == MANY_GOES_ON ? why : all->stop;
}

/* Looking. */

static okta_error *take_look(apply_job *job, okta_call *call)
{
    okta_error *error =
        apply_look_make(job->app, job->all->prune, OKTA_TAKE(call, okta_oauth2_client_jwk_list), &job->look);
    if (error == NULL && job->look.plan.problem_count > 0) {
        job->all->failed++;
        job->is_failed = true;
        stop_for(job->all, OKTA_E_CONFLICT);
    }
    return error;
}

/* Changing. */

static bool has_deeds_left(const apply_job *job)
{
    return job->made < job->look.plan.count;
}

bool apply_job_is_due(const apply_job *job)
{
    return !job->is_failed && !job->is_left && has_deeds_left(job);
}

/* The look before the first change must ask for what was shown. */
static okta_error *look_again(apply_job *job, okta_call *call)
{
    apply_look look = {0};
    okta_error *error =
        apply_look_make(job->app, job->all->prune, OKTA_TAKE(call, okta_oauth2_client_jwk_list), &look);
    if (error == NULL && !apply_plan_is_same(&job->look.plan, job->look.held, &look.plan, look.held)) {
        error = okta_error_new(OKTA_E_CONFLICT, "the keys of the app have changed since the plan was made");
    }
    if (error != NULL) {
        apply_look_clear(&look);
        return error;
    }
    apply_look_clear(&job->look);
    job->look = look;
    job->has_looked = true;
    return NULL;
}

/* Whatever is added before it is activated: the activation finds its own key. */
static okta_error *keep_added(apply_job *job, size_t wanted, okta_call *call)
{
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    const char *id = key == NULL ? NULL : key->id;
    bool is_kept = id == NULL;
    if (id != NULL && job->added_ids == NULL) {
        job->added_ids = calloc(job->app->count, sizeof *job->added_ids);
    }
    if (id != NULL && job->added_ids != NULL) {
        job->added_ids[wanted] = strdup(id);
        is_kept = job->added_ids[wanted] != NULL;
    }
    okta_free(key);
    return is_kept ? NULL : okta_error_new(OKTA_E_NOMEM, NULL);
}

/* The id of the key that a change is about; NULL: Okta has not told it. */
static const char *id_of(const apply_job *job, const apply_deed *deed)
{
    if (deed->held != APPLY_NONE) {
        return job->look.held[deed->held].id;
    }
    return job->added_ids == NULL ? NULL : job->added_ids[deed->wanted];
}

static okta_error *take_change(apply_job *job, okta_call *call)
{
    if (!job->has_looked) {
        return look_again(job, call);
    }
    const apply_deed *deed = &job->look.plan.deeds[job->made];
    okta_error *error = deed->change == APPLY_ADD ? keep_added(job, deed->wanted, call) : NULL;
    job->made++;
    while (has_deeds_left(job) && job->look.plan.deeds[job->made].is_swap) {
        job->made++;
    }
    return error;
}

/* The call that makes the next change. NULL: `*error` tells why there is none, or memory is out. */
static okta_call *change_call(const apply_job *job, okta_error **error)
{
    const apply_deed *deed = &job->look.plan.deeds[job->made];
    okta_client *client = job->all->client;
    const char *app_id = job->app->id;
    if (deed->change == APPLY_ADD) {
        okta_oauth2_client_jwk_request *request = job->app->keys[deed->wanted].request;
        request->status =
            deed->as_inactive ? OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE : OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
        return okta_add_jwk_call(client, app_id, request);
    }
    const char *id = id_of(job, deed);
    if (id == NULL) {
        *error = okta_error_new(OKTA_E_PROTOCOL, "Okta has added a key without an id");
        return NULL;
    }
    switch (deed->change) {
    case APPLY_ACTIVATE:
        return okta_activate_oauth2_client_json_web_key_call(client, app_id, id);
    case APPLY_DEACTIVATE:
        return okta_deactivate_oauth2_client_json_web_key_call(client, app_id, id);
    case APPLY_ADD:
    case APPLY_DELETE:
    default:
        return okta_delete_jwk_call(client, app_id, id);
    }
}

/* Running. */

static bool is_due(const apply_jobs *all, const apply_job *job)
{
    return !all->phase->changes || apply_job_is_due(job);
}

static void end_job(apply_job *job, okta_error *error)
{
    apply_jobs *all = job->all;
    all->ended++;
    job->error = error;
    if (error == NULL) {
        return;
    }
    if (all->stop == MANY_IS_INTERRUPTED && okta_error_status(error) == OKTA_E_CANCELED && !job->has_tried) {
        okta_free(error);
        job->error = NULL;
        job->is_left = true;
        return;
    }
    all->failed++;
    job->is_failed = true;
    stop_for(all, okta_error_status(error));
}

static void on_done(void *ctx, okta_call *call, okta_error *error);

/* Begin the next call of an app, or end it by an error. */
static void go_on(apply_job *job)
{
    apply_jobs *all = job->all;
    okta_error *error = NULL;
    if (all->stop == MANY_IS_INTERRUPTED) {
        end_job(job, okta_error_new(OKTA_E_CANCELED, "a signal came"));
        return;
    }
    bool changes = all->phase->changes && job->has_looked;
    job->has_tried = job->has_tried || changes;
    job->call = changes ? change_call(job, &error) : list_call(job);
    if (error == NULL) {
        error = okta_call_submit(job->call, all->loop, on_done, job);
    }
    if (error == NULL) {
        all->running++;
        return;
    }
    okta_free(job->call);
    job->call = NULL;
    end_job(job, error);
}

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    apply_job *job = ctx;
    job->all->running--;
    job->call = NULL;
    if (okta_error_status(error) == OKTA_E_CANCELED && job->made == 0 && okta_call_attempts(call) == 0) {
        job->has_tried = false;
    }
    if (error == NULL) {
        error = job->all->phase->take(job, call);
    }
    okta_free(call);
    if (error == NULL && job->all->phase->changes && has_deeds_left(job)) {
        go_on(job);
    } else {
        end_job(job, error);
    }
}

static void begin_waiting(apply_jobs *all)
{
    for (size_t i = 0; i < all->count && all->running < all->at_once; i++) {
        apply_job *job = &all->jobs[i];
        if (job->waits && all->stop == MANY_GOES_ON) {
            job->waits = false;
            go_on(job);
        }
    }
}

/* What is on its way ends soon, and is told. */
static void interrupt_all(apply_jobs *all)
{
    all->stop = MANY_IS_INTERRUPTED;
    for (size_t i = 0; i < all->count; i++) {
        okta_call_cancel(all->jobs[i].call);
    }
}

static void wait_for_loop(apply_jobs *all)
{
    struct pollfd watched[] = {
        {.fd = okta_loop_fd(all->loop), .events = POLLIN},
        {.fd = all->stop == MANY_IS_INTERRUPTED ? -1 : interrupt_fd(), .events = POLLIN},
    };
    (void)poll(watched, sizeof watched / sizeof watched[0], -1);
    if (interrupt_came() && all->stop != MANY_IS_INTERRUPTED) {
        interrupt_all(all);
    }
}

static okta_error *drive(apply_jobs *all)
{
    okta_error *error = okta_loop_new(NULL, &all->loop);
    if (error == NULL && okta_loop_fd(all->loop) < 0) {
        error = okta_error_new(OKTA_E_TRANSPORT, "no descriptor is left to wait for");
    }
    if (error == NULL) {
        begin_waiting(all);
    }
    while (error == NULL && all->running > 0) {
        error = okta_loop_poll(all->loop, 0);
        if (error == NULL) {
            begin_waiting(all);
            progress_show(all->phase->doing, all->ended, all->due, all->failed);
        }
        if (error == NULL && all->running > 0) {
            wait_for_loop(all);
        }
    }
    return error;
}

static okta_error *run(apply_jobs *all, const apply_phase *phase)
{
    if (!interrupt_watch()) {
        return okta_error_new(OKTA_E_TRANSPORT, "no descriptor is left to wait for");
    }
    all->phase = phase;
    all->due = all->ended = all->failed = 0;
    for (size_t i = 0; i < all->count; i++) {
        all->jobs[i].waits = is_due(all, &all->jobs[i]);
        all->due += all->jobs[i].waits;
    }
    okta_error *error = drive(all);
    /* A loop that broke down ends its calls, and no further one begins. */
    all->stop = error == NULL ? all->stop : MANY_IS_INTERRUPTED;
    okta_free(all->loop);
    all->loop = NULL;
    for (size_t i = 0; i < all->count; i++) {
        all->jobs[i].is_left = all->jobs[i].is_left || all->jobs[i].waits;
    }
    progress_clear();
    interrupt_release();
    return error;
}

okta_error *apply_jobs_look(apply_jobs *all)
{
    static const apply_phase phase = {"reading keys", take_look, false};
    return run(all, &phase);
}

okta_error *apply_jobs_carry_out(apply_jobs *all)
{
    static const apply_phase phase = {"applying", take_change, true};
    return run(all, &phase);
}

void apply_job_clear(apply_job *job)
{
    apply_look_clear(&job->look);
    for (size_t i = 0; job->added_ids != NULL && i < job->app->count; i++) {
        free(job->added_ids[i]);
    }
    free(job->added_ids);
    okta_free(job->error);
    job->added_ids = NULL;
    job->error = NULL;
}
