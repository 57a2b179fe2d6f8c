/* SPDX-License-Identifier: Apache-2.0 */
#include "many.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "report.h"
#include "text.h"

#define FAILURE_SIZE 1024u

void many_fail(many_app *app, const char *format, ...)
{
    char text[FAILURE_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    free(app->failure);
    app->failure = strdup(text);
    app->has_failed = true;
    app->ended = true;
}

void many_print_cell(const char *text, size_t width)
{
    const char *cell = text == NULL || *text == '\0' ? "-" : text;
    size_t shown = text_width(cell);
    text_print(stdout, cell);
    (void)printf("%*s", (int)(shown < width ? width - shown : 0) + 2, "");
}

void many_print_last(const char *text)
{
    text_print(stdout, text == NULL || *text == '\0' ? "-" : text);
    (void)putchar('\n');
}

void many_print_title(const many *self, const many_app *app)
{
    (void)fputs(self->titled ? "\n" : "", stdout);
    text_print(stdout, app->name->id);
    (void)fputs(":\n", stdout);
}

int many_print_models(const many *self, size_t count, output_model_at *at, const void *list)
{
    okta_error *error = NULL;
    (void)fputs("[", stdout);
    for (size_t i = 0; error == NULL && i < count; i++) {
        (void)fputs(i == 0 ? "" : ",\n", stdout);
        error = output_model_piece(self->work->mask, at(list, i));
    }
    (void)fputs("]", stdout);
    return report_error(error, NULL);
}

static const char *failure_of(const many_app *app)
{
    return app->failure != NULL ? app->failure : "out of memory";
}

static bool failed(const many_app *app)
{
    return app->error != NULL || app->has_failed;
}

/* {"app":ID,MEMBER:VALUE}, or {"app":ID,"error":{...}}. */
static int print_json_error(const many_app *app)
{
    static const struct {
        const char *name;
        const char *(*get)(const okta_error *error);
    } texts[] = {{",\"errorCode\":", okta_error_code}, {",\"requestId\":", okta_error_request_id}};
    const char *message = app->has_failed ? failure_of(app) : okta_error_message(app->error);
    (void)fputs("\"error\":{\"message\":", stdout);
    bool complete = output_string_piece(message);
    if (okta_error_http_status(app->error) != 0) {
        (void)printf(",\"httpStatus\":%d", okta_error_http_status(app->error));
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = texts[i].get(app->error);
        if (text != NULL && *text != '\0') {
            (void)fputs(texts[i].name, stdout);
            complete = output_string_piece(text) && complete;
        }
    }
    (void)fputs("}", stdout);
    return complete ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
}

static int print_json(many *self, const many_app *app)
{
    output_array_begin(&self->array);
    (void)fputs("{\"app\":", stdout);
    int code = output_string_piece(app->name->id) ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
    (void)fputs(",", stdout);
    if (code == EXIT_DONE && failed(app)) {
        code = print_json_error(app);
    } else if (code == EXIT_DONE) {
        (void)printf("\"%s\":", self->work->member);
        code = self->work->print_json(self, app);
    }
    (void)fputs("}", stdout);
    return code;
}

static void report_failure(const many *self, many_app *app)
{
    char advice[ADVICE_SIZE] = "";
    if (app->error == NULL) {
        (void)report(EXIT_REFUSED, "%s: %s", app->name->id, failure_of(app));
        return;
    }
    if (self->work->advise != NULL) {
        self->work->advise(self, app, advice);
    } else if (okta_error_status(app->error) == OKTA_E_OUTCOME_UNKNOWN) {
        (void)snprintf(advice, sizeof advice, "to find out, run: okta-keys list %s", app->name->id);
    }
    (void)report_error_of(app->name->id, app->error, advice[0] == '\0' ? NULL : advice);
    app->error = NULL;
}

static void clear_app(many_app *app)
{
    free(app->key_id);
    free(app->path);
    free(app->failure);
    okta_free(app->request);
    okta_free(app->result);
    okta_free(app->error);
    *app = (many_app){.name = app->name, .ended = true};
}

static void print_app(many *self, many_app *app)
{
    int code = EXIT_DONE;
    bool in_json = options_has(self->options, OPTION_JSON);
    self->failed += failed(app);
    if (in_json) {
        code = print_json(self, app);
    } else if (!failed(app)) {
        if (!self->titled && self->work->print_head != NULL) {
            self->work->print_head(self);
        }
        code = self->work->print(self, app);
        self->titled = true;
    }
    if (failed(app)) {
        report_failure(self, app);
    }
    self->code = self->code == EXIT_DONE ? code : self->code;
    clear_app(app);
}

/* All whose turn it is, in the order of the command line. */
static void print_ended(many *self)
{
    bool any = self->printed < self->count && self->apps[self->printed].ended;
    if (any) {
        progress_clear();
    }
    while (self->printed < self->count && self->apps[self->printed].ended) {
        print_app(self, &self->apps[self->printed++]);
    }
    if (any && isatty(STDERR_FILENO) == 1) {
        (void)fflush(stdout);
    }
}

static bool next_call(void *ctx, okta_batch_item *item)
{
    many *self = ctx;
    while (self->given < self->count && self->apps[self->given].ended) {
        self->given++;
    }
    if (self->given == self->count) {
        return false;
    }
    many_app *app = &self->apps[self->given++];
    item->ctx = app;
    item->call = self->step->make(self, app, &item->error);
    return true;
}

static void take_result(void *ctx, const okta_batch_item *item, okta_error *error)
{
    many *self = ctx;
    many_app *app = item->ctx;
    app->error = error;
    if (error == NULL) {
        self->step->take(self, app, item->call);
    }
    okta_free(item->call);
    okta_free(app->request);
    app->request = NULL;
    bool is_last = self->step + 1 == self->work->steps + self->work->step_count;
    app->ended = app->ended || is_last || failed(app);
    print_ended(self);
}

static void show_progress(void *ctx, const okta_batch_counts *counts)
{
    const many *self = ctx;
    if (!options_has(self->options, OPTION_VERBOSE)) {
        progress_show(self->step->doing, counts->done + counts->failed, self->in_step, counts->failed);
    }
}

static int run_step(many *self)
{
    okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
    okta_batch *batch = NULL;
    options.next = next_call;
    options.result = take_result;
    options.progress = show_progress;
    options.ctx = self;
    self->given = 0;
    self->in_step = 0;
    for (size_t i = 0; i < self->count; i++) {
        self->in_step += !self->apps[i].ended;
    }
    okta_error *error = okta_batch_new(&options, &batch);
    if (error == NULL) {
        error = okta_batch_run(batch);
    }
    okta_free(batch);
    progress_clear();
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

/* What never got its turn failed, too. */
static void end_rest(many *self)
{
    for (size_t i = self->printed; i < self->count; i++) {
        if (!self->apps[i].ended) {
            many_fail(&self->apps[i], "it was not done");
        }
    }
    print_ended(self);
    if (options_has(self->options, OPTION_JSON)) {
        output_array_end(&self->array);
    }
}

static void sum_up(const many *self)
{
    (void)fflush(stdout);
    progress_clear();
    if (self->failed == 0) {
        (void)fprintf(stderr, "okta-keys: %zu done\n", self->count);
    } else {
        (void)fprintf(stderr, "okta-keys: %zu done, %zu failed\n", self->count - self->failed, self->failed);
    }
}

static int run_steps(many *self)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < self->work->step_count; i++) {
        self->step = &self->work->steps[i];
        code = run_step(self);
    }
    end_rest(self);
    sum_up(self);
    code = code == EXIT_DONE ? self->code : code;
    return code == EXIT_DONE && self->failed > 0 ? EXIT_REFUSED : code;
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
        clear_app(&self.apps[i]);
    }
    free(self.apps);
    apps_clear(&names);
    return code;
}
