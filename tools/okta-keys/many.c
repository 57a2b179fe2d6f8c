/* SPDX-License-Identifier: Apache-2.0 */
#include "many.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "interrupt.h"
#include "many_print.h"
#include "progress.h"

void many_fail(many_app *app, okta_error *error)
{
    okta_free(app->error);
    app->error = error;
}

/* The first reason counts. */
static void stop(many *self, many_stop why)
{
    self->stop = self->stop == MANY_GOES_ON ? why : self->stop;
}

static bool is_due(const many *self, const many_app *app)
{
    return app->state == MANY_WAITS && (self->step->concerns == NULL || self->step->concerns(app));
}

static bool next_call(void *ctx, okta_batch_item *item)
{
    many *self = ctx;
    while (self->given < self->count && !is_due(self, &self->apps[self->given])) {
        self->given++;
    }
    if (self->given == self->count || self->stop != MANY_GOES_ON) {
        return false;
    }
    many_app *app = &self->apps[self->given++];
    item->ctx = app;
    item->call = self->step->make(self, app, &item->error);
    return true;
}

static bool is_last_step(const many *self)
{
    return self->step + 1 == self->work->steps + self->work->step_count;
}

/* A call that was canceled before anything was sent did not begin; one that only looks is no beginning. */
static bool was_begun(const many *self, const many_app *app, const okta_call *call)
{
    return self->stop != MANY_IS_INTERRUPTED || okta_error_status(app->error) != OKTA_E_CANCELED ||
           (is_last_step(self) && self->work->changes && okta_call_attempts(call) > 0);
}

static void stop_for(many *self, const many_app *app)
{
    okta_status status = okta_error_status(app->error);
    if (status == OKTA_E_AUTH || status == OKTA_E_CONFIG) {
        stop(self, MANY_IS_DENIED);
    } else if (options_has(self->options, OPTION_STOP)) {
        stop(self, MANY_STOPS_AT_FAILURE);
    }
}

static void end_app(many *self, many_app *app, const okta_call *call)
{
    if (app->error == NULL) {
        app->state = is_last_step(self) ? MANY_DONE : app->state;
        return;
    }
    if (self->step->undo != NULL) {
        self->step->undo(app);
    }
    if (was_begun(self, app, call)) {
        app->state = MANY_FAILED;
        stop_for(self, app);
    } else {
        many_fail(app, NULL);
    }
}

/* What is printed goes out at once: it tells what became of a change, and whether anybody is there to read
 * it. */
static void print_ended(many *self)
{
    size_t printed = self->printed;
    many_print_ended(self);
    if (self->printed > printed && !output_works()) {
        stop(self, MANY_OUTPUT_IS_GONE);
    }
}

static void take_result(void *ctx, const okta_batch_item *item, okta_error *error)
{
    many *self = ctx;
    many_app *app = item->ctx;
    app->error = error;
    if (error == NULL) {
        self->step->take(self, app, item->call);
    }
    end_app(self, app, item->call);
    okta_free(item->call);
    print_ended(self);
}

static void show_progress(void *ctx, const okta_batch_counts *counts)
{
    const many *self = ctx;
    if (!options_has(self->options, OPTION_VERBOSE)) {
        progress_show(self->step->doing, counts->done + counts->failed, self->in_step, counts->failed);
    }
}

static void keep_error(void *ctx, const okta_batch_counts *counts, okta_error *error)
{
    many *self = ctx;
    (void)counts;
    self->error = error;
}

/* Wait for the loop, for a signal, and for the end of who reads standard output. */
static void wait_for_loop(many *self, okta_loop *loop, int timeout_ms)
{
    struct pollfd watched[] = {
        {.fd = okta_loop_fd(loop), .events = POLLIN},
        {.fd = self->stop == MANY_IS_INTERRUPTED ? -1 : interrupt_fd(), .events = POLLIN},
        {.fd = self->work->changes && self->stop == MANY_GOES_ON ? STDOUT_FILENO : -1, .events = 0},
    };
    int ready = poll(watched, sizeof watched / sizeof watched[0], timeout_ms);
    if (ready > 0 && (watched[2].revents & (POLLERR | POLLHUP)) != 0) {
        output_is_lost(EPIPE);
        stop(self, MANY_OUTPUT_IS_GONE);
    }
    if (interrupt_came() && self->stop != MANY_IS_INTERRUPTED) {
        self->stop = MANY_IS_INTERRUPTED;
        okta_batch_cancel(self->batch);
    }
}

static okta_error *drive(many *self, okta_loop *loop)
{
    okta_error *error = NULL;
    if (okta_loop_fd(loop) < 0) {
        return okta_error_new(OKTA_E_TRANSPORT, "no descriptor is left to wait for");
    }
    wait_for_loop(self, loop, 0);
    while (error == NULL && okta_loop_pending(loop) > 0) {
        error = okta_loop_poll(loop, 0);
        if (error == NULL && okta_loop_pending(loop) > 0) {
            wait_for_loop(self, loop, -1);
        }
    }
    return error;
}

static okta_error *run_batch(many *self, okta_loop *loop)
{
    okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
    options.next = next_call;
    options.result = take_result;
    options.progress = show_progress;
    options.ctx = self;
    okta_error *error = okta_batch_new(&options, &self->batch);
    if (error == NULL) {
        error = okta_batch_submit(self->batch, loop, keep_error, self);
    }
    return error == NULL ? drive(self, loop) : error;
}

static int run_step(many *self, okta_loop *loop)
{
    self->given = 0;
    self->in_step = 0;
    for (size_t i = 0; i < self->count; i++) {
        self->in_step += is_due(self, &self->apps[i]);
    }
    okta_error *error = run_batch(self, loop);
    okta_free(self->batch);
    self->batch = NULL;
    progress_clear();
    /* That a signal canceled the batch is no news. */
    if (error == NULL && self->stop != MANY_IS_INTERRUPTED) {
        error = self->error;
        self->error = NULL;
    }
    okta_free(self->error);
    self->error = NULL;
    return report_error(error, NULL);
}

static int set_up(many *self, const app_names *names, many_prepare *prepare)
{
    self->apps = calloc(names->count, sizeof *self->apps);
    if (self->apps == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    self->count = names->count;
    for (size_t i = 0; i < names->count; i++) {
        size_t width = text_width(names->items[i].id);
        self->apps[i].name = &names->items[i];
        self->id_width = width > self->id_width ? width : self->id_width;
    }
    int code = EXIT_DONE;
    for (size_t i = 0; prepare != NULL && code == EXIT_DONE && i < self->count; i++) {
        code = prepare(self, &self->apps[i]);
    }
    return code;
}

static int end_all(many *self, int code)
{
    for (size_t i = self->printed; i < self->count; i++) {
        if (self->apps[i].state == MANY_WAITS) {
            self->apps[i].state = MANY_LEFT;
        }
    }
    print_ended(self);
    if (!output_works()) {
        self->code = output_report_lost();
    }
    many_sum_up(self);
    code = code == EXIT_DONE ? self->code : code;
    return code == EXIT_DONE ? self->failure_code : code;
}

static int run_steps(many *self)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    if (!interrupt_watch()) {
        return report(EXIT_NETWORK, "no descriptor is left to wait for");
    }
    /* Who reads no more must not end a change midway. */
    if (self->work->changes) {
        (void)sigemptyset(&ignore.sa_mask);
        (void)sigaction(SIGPIPE, &ignore, NULL);
    }
    okta_loop *loop = NULL;
    int code = report_error(okta_loop_new(NULL, &loop), NULL);
    for (size_t i = 0; code == EXIT_DONE && self->stop == MANY_GOES_ON && i < self->work->step_count; i++) {
        self->step = &self->work->steps[i];
        code = run_step(self, loop);
    }
    okta_free(loop); /* ends what a failed step has left in it */
    okta_free(self->error);
    code = end_all(self, code);
    interrupt_release();
    return code;
}

int many_run(const command_line *options, okta_client *client, const many_work *work, many_prepare *prepare)
{
    app_names names = {0};
    many self = {.options = options, .client = client, .work = work};
    int code = apps_read(options, &names);
    if (code == EXIT_DONE) {
        code = set_up(&self, &names, prepare);
    }
    if (code == EXIT_DONE) {
        code = run_steps(&self);
    }
    for (size_t i = 0; i < self.count; i++) {
        many_clear_app(&self.apps[i]);
    }
    free(self.apps);
    apps_clear(&names);
    return code;
}
