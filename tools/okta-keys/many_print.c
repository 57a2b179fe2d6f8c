/* SPDX-License-Identifier: Apache-2.0 */
#include "many_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "ids.h"
#include "progress.h"

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

int many_print_error(const okta_error *error)
{
    bool left = error == NULL;
    const char *message = left ? "it was not begun" : report_words(error);
    okta_status status = left ? OKTA_E_CANCELED : okta_error_status(error);
    return output_error_piece(message, status, error) ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
}

/* {"app":ID,MEMBER:VALUE}, or {"app":ID,"error":{...}}. Each ends its line, so that what is said on standard
 * error meanwhile begins one. */
static int print_json(const many *self, const many_app *app)
{
    (void)fputs(self->printed == 1 ? "[{\"app\":" : "{\"app\":", stdout);
    int code = output_string_piece(app->name->id) ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
    (void)fputs(",", stdout);
    if (code == EXIT_DONE && app->state != MANY_DONE) {
        code = many_print_error(app->state == MANY_LEFT ? NULL : app->error);
    } else if (code == EXIT_DONE) {
        (void)printf("\"%s\":", self->work->member);
        code = self->work->print_json(self, app);
    }
    (void)fputs(self->printed == self->count ? "}]\n" : "},\n", stdout);
    return code;
}

static int print_table(many *self, const many_app *app)
{
    if (app->state != MANY_DONE) {
        return EXIT_DONE;
    }
    if (!self->titled && self->work->print_head != NULL) {
        self->work->print_head(self);
    }
    int code = self->work->print(self, app);
    self->titled = true;
    return code;
}

/* What is refused about one app's call is no usage: of others something was sent. */
static void count_failure(many *self, int code)
{
    int counted = code == EXIT_USAGE ? EXIT_REFUSED : code;
    bool differs = self->failed > 0 && self->failure_code != counted;
    self->failure_code = differs ? EXIT_REFUSED : counted;
    self->failed++;
}

static void report_failure(many *self, many_app *app)
{
    char advice[ADVICE_SIZE] = "";
    if (self->work->advise != NULL) {
        self->work->advise(self, app, advice);
    } else if (okta_error_status(app->error) == OKTA_E_OUTCOME_UNKNOWN) {
        (void)snprintf(advice, sizeof advice, "to find out, run: okta-keys list %s%s",
                       ids_ahead(app->name->id), app->name->id);
    }
    count_failure(self, report_error_of(app->name->id, app->error, advice[0] == '\0' ? NULL : advice));
    app->error = NULL;
}

void many_clear_app(many_app *app)
{
    free(app->key_id);
    new_key_clear(&app->key);
    okta_free(app->result);
    okta_free(app->error);
    *app = (many_app){.name = app->name, .state = app->state};
}

static void print_app(many *self, many_app *app)
{
    int code = options_has(self->options, OPTION_JSON) ? print_json(self, app) : print_table(self, app);
    if (app->state == MANY_FAILED) {
        report_failure(self, app);
    } else if (app->state == MANY_LEFT) {
        self->first_left = self->left == 0 ? app->name : self->first_left;
        self->left++;
    }
    self->code = self->code == EXIT_DONE ? code : self->code;
    many_clear_app(app);
}

void many_print_ended(many *self)
{
    if (self->printed == self->count || self->apps[self->printed].state == MANY_WAITS) {
        return;
    }
    progress_clear();
    while (self->printed < self->count && self->apps[self->printed].state != MANY_WAITS) {
        self->printed++;
        print_app(self, &self->apps[self->printed - 1]);
    }
}

static const char *reason_of(many_stop stop)
{
    switch (stop) {
    case MANY_STOPS_AT_FAILURE:
        return ": --stop";
    case MANY_IS_DENIED:
        return ": the credential is refused";
    case MANY_OUTPUT_IS_GONE:
        return ": standard output is gone";
    case MANY_IS_INTERRUPTED:
        return ": a signal came";
    case MANY_GOES_ON:
    default:
        return "";
    }
}

void many_print_sum(size_t done, size_t failed, size_t left, const char *first_left, many_stop stop)
{
    progress_clear();
    (void)fprintf(stderr, "okta-keys: %zu done", done);
    if (failed > 0) {
        (void)fprintf(stderr, ", %zu failed", failed);
    }
    if (left > 0) {
        (void)fprintf(stderr, ", %zu not begun (the first is ", left);
        text_print(stderr, first_left);
        (void)fprintf(stderr, ")%s", reason_of(stop));
    }
    (void)fputc('\n', stderr);
}

void many_sum_up(const many *self)
{
    many_print_sum(self->count - self->failed - self->left, self->failed, self->left,
                   self->left == 0 ? NULL : self->first_left->id, self->stop);
}
