/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and secrets that are replaced. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "advice.h"
#include "apps.h"
#include "commands.h"
#include "common/duration.h"
#include "common/out_path.h"
#include "common/text.h"
#include "interrupt.h"
#include "key_find.h"
#include "key_input.h"
#include "output.h"
#include "report.h"
#include "rotations.h"
#include "table.h"

#ifdef WITH_SQLITE
#include <okta/sqlite.h>
#endif

#define AT_ONCE   10u
#define TIME_SIZE 32u

/* What all apps of a command line have alike. */
typedef struct rotation_work {
    const command_line *options;
    okta_rotation_options rotation;
    rotations all;
    app_names names;
} rotation_work;

/* Options. */

static int read_duration(const command_line *options, option_id id, okta_opt_int *out)
{
    const char *text = options_value(options, id);
    int64_t seconds = 0;
    if (text == NULL) {
        return EXIT_DONE;
    }
    if (!duration_read(text, &seconds)) {
        return report(EXIT_USAGE, "--%s is a time such as 30s, 5m, 24h or 7d, up to 365d, not '%s'",
                      id == OPTION_GRACE ? "grace" : "overlap", text);
    }
    *out = okta_int(seconds);
    return EXIT_DONE;
}

static int read_retire(rotation_work *self)
{
    static const struct {
        const char *name;
        okta_rotation_retire retire;
    } words[] = {{"oldest", OKTA_ROTATION_RETIRE_OLDEST},
                 {"all-others", OKTA_ROTATION_RETIRE_ALL_OTHERS},
                 {"none", OKTA_ROTATION_RETIRE_NONE}};
    const char *text = options_value(self->options, OPTION_RETIRE);
    bool is_secret = self->rotation.kind == OKTA_ROTATION_CLIENT_SECRET;
    if (text == NULL) {
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text, words[i].name) == 0) {
            self->rotation.retire = words[i].retire;
            return EXIT_DONE;
        }
    }
    self->rotation.retire = OKTA_ROTATION_RETIRE_NAMED;
    self->rotation.retire_name = is_secret ? text : key_kid(text);
    if (self->rotation.retire_name == NULL || self->rotation.retire_name[0] == '\0') {
        return report(EXIT_USAGE, "--retire is %s, oldest, all-others or none, not '%s'",
                      is_secret ? "the id of a secret" : "kid:KID", text);
    }
    return EXIT_DONE;
}

static int read_type(rotation_work *self)
{
    const char *text = options_value(self->options, OPTION_TYPE);
    if (text != NULL) {
        self->rotation.key_type = key_input_type(self->options);
    }
    if (self->rotation.kind == OKTA_ROTATION_ENCRYPTION_KEY && text != NULL && text[0] == 'p') {
        return report(EXIT_USAGE, "--type %s does not go with --use enc: encryption keys are RSA", text);
    }
    return EXIT_DONE;
}

static int read_start(rotation_work *self)
{
    bool resumes = options_has(self->options, OPTION_RESUME);
    bool undoes = options_has(self->options, OPTION_UNDO);
    if (resumes && undoes) {
        return report(EXIT_USAGE, "--resume does not go with --undo");
    }
    self->rotation.start = resumes ? OKTA_ROTATION_GO_ON : undoes ? OKTA_ROTATION_UNDO : OKTA_ROTATION_BEGIN;
    return EXIT_DONE;
}

static int read_options(rotation_work *self)
{
    int code = read_start(self);
    if (code == EXIT_DONE) {
        code = read_retire(self);
    }
    if (code == EXIT_DONE) {
        code = read_duration(self->options, OPTION_GRACE, &self->rotation.grace_s);
    }
    if (code == EXIT_DONE) {
        code = read_duration(self->options, OPTION_OVERLAP, &self->rotation.overlap_s);
    }
    return code == EXIT_DONE ? read_type(self) : code;
}

/* The journal. */

#ifdef WITH_SQLITE

/* The path; the caller frees it. NULL: it has been said why there is none. */
static char *journal_path(const command_line *options)
{
    const char *given = options_value(options, OPTION_JOURNAL);
    const char *home = getenv("HOME");
    char *path = NULL;
    if (given != NULL) {
        path = strdup(given);
    } else if (home == NULL || home[0] == '\0') {
        (void)report(EXIT_USAGE, "HOME is not set: name the journal by --journal FILE");
        return NULL;
    } else {
        size_t size = strlen(home) + sizeof "/.okta/okta-keys.journal";
        path = malloc(size);
        if (path != NULL) {
            (void)snprintf(path, size, "%s/.okta", home);
            (void)mkdir(path, 0700); /* whether it is there tells the journal */
            (void)snprintf(path, size, "%s/.okta/okta-keys.journal", home);
        }
    }
    if (path == NULL) {
        (void)report(EXIT_REFUSED, "out of memory");
    }
    return path;
}

static int open_journal(const command_line *options, const okta_client *client, okta_rotation_journal **out)
{
    char *path = journal_path(options);
    if (path == NULL) {
        return EXIT_USAGE;
    }
    okta_sqlite_journal_options its = OKTA_SQLITE_JOURNAL_OPTIONS_INIT;
    its.path = path;
    its.org_url = okta_client_org_url(client);
    okta_error *error = okta_sqlite_journal_open_with(&its, out);
    free(path);
    return error == NULL ? EXIT_DONE : report_option("journal", NULL, error);
}

static void close_journal(okta_rotation_journal *journal)
{
    okta_sqlite_journal_close(journal);
}

#else

static int open_journal(const command_line *options, const okta_client *client, okta_rotation_journal **out)
{
    (void)client;
    *out = NULL;
    return report(EXIT_REFUSED, "%s needs a journal, and this okta-keys was built without SQLite",
                  options->command->name);
}

static void close_journal(okta_rotation_journal *journal)
{
    (void)journal;
}

#endif

/* Apps. */

static int prepare_store(rotation_work *self, rotation_job *job)
{
    const char *pattern = options_value(self->options, OPTION_OUT);
    job->store.switches = options_value(self->options, OPTION_SWITCH);
    if (pattern == NULL) {
        job->store.command = options_value(self->options, OPTION_STORE);
        return EXIT_DONE;
    }
    const char *reason = out_path_has_app(pattern) ? out_path_refuse(job->name->id) : NULL;
    if (reason != NULL) {
        return apps_refuse(self->options, job->name, reason);
    }
    job->store.path = out_path_make(pattern, job->name->id);
    if (job->store.path == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    bool begins = self->rotation.start == OKTA_ROTATION_BEGIN && !options_has(self->options, OPTION_DRY_RUN);
    return begins ? key_input_check_out(job->store.path, "; --resume goes on with what was begun")
                  : EXIT_DONE;
}

static okta_error *load(const rotation_work *self, const rotation_job *job, okta_rotation_record **out)
{
    const okta_rotation_journal *journal = self->rotation.journal;
    return journal->load(journal->ctx, job->name->id, self->rotation.kind, out);
}

/* Whoever began the rotation, such as the daemon, may have had a way to have the services use the new one.
 * Without --switch the old one would go while they use it. */
static int check_switch(const rotation_work *self, const rotation_job *job)
{
    bool goes_on = self->rotation.start == OKTA_ROTATION_GO_ON && !options_has(self->options, OPTION_DRY_RUN);
    okta_rotation_record *record = NULL;
    if (!goes_on || job->store.switches != NULL) {
        return EXIT_DONE;
    }
    okta_error *error = load(self, job, &record);
    okta_rotation_phase phase = record == NULL ? OKTA_ROTATION_PHASE_NONE : record->phase;
    okta_free(record);
    if (phase == OKTA_ROTATION_PHASE_PROVEN) {
        return apps_refuse(self->options, job->name,
                           "the new one works, but services may still use the old one: " ADVICE_TO_SWITCH);
    }
    if (phase != OKTA_ROTATION_PHASE_NONE && phase < OKTA_ROTATION_PHASE_PROVEN) {
        report_note("app %s: there is no --switch: the old one goes as soon as the new one works",
                    job->name->id);
    }
    return report_error(error, NULL);
}

/* The key that is to be taken back. */
static int read_kid(const rotation_work *self, rotation_job *job)
{
    okta_rotation_record *record = NULL;
    okta_error *error = load(self, job, &record);
    if (record != NULL && record->name != NULL) {
        (void)snprintf(job->store.kid, sizeof job->store.kid, "%s", record->name);
    }
    okta_free(record);
    return report_error(error, NULL);
}

static int prepare_job(rotation_work *self, rotation_job *job)
{
    int code = prepare_store(self, job);
    if (code != EXIT_DONE) {
        return code;
    }
    okta_rotation_options options = self->rotation;
    bool is_key = options.kind != OKTA_ROTATION_CLIENT_SECRET;
    options.app_id = job->name->id;
    options.store = key_store_put;
    options.recall = is_key && job->store.path != NULL ? key_store_recall : NULL;
    options.switch_over = job->store.switches != NULL ? key_store_switch : NULL;
    options.ctx = &job->store;
    code = options.start == OKTA_ROTATION_UNDO && is_key ? read_kid(self, job) : check_switch(self, job);
    return code == EXIT_DONE ? report_error(okta_rotation_new(&options, &job->rotation), NULL) : code;
}

static int prepare(rotation_work *self)
{
    bool to_file = options_has(self->options, OPTION_OUT);
    if (to_file && self->names.count > 1 && !out_path_has_app(options_value(self->options, OPTION_OUT))) {
        return report(EXIT_USAGE, "with several apps --out needs %%a, which stands for the id of each");
    }
    rotations *all = &self->all;
    all->jobs = calloc(self->names.count, sizeof *all->jobs);
    if (all->jobs == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    all->count = self->names.count;
    all->stops_at_failure = options_has(self->options, OPTION_STOP);
    all->at_once = self->options->concurrency == 0 ? AT_ONCE : self->options->concurrency;
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < all->count; i++) {
        all->jobs[i].all = all;
        all->jobs[i].name = &self->names.items[i];
        code = prepare_job(self, &all->jobs[i]);
    }
    return code;
}

/* What is printed. */

static void print_time(int64_t at_s, char out[TIME_SIZE])
{
    struct tm parts;
    time_t at = (time_t)at_s;
    if (at_s == 0 || gmtime_r(&at, &parts) == NULL ||
        strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        out[0] = '\0';
    }
}

static const char *state_of(const rotation_job *job, const okta_rotation_progress *progress)
{
    switch (progress->state) {
    case OKTA_ROTATION_DONE:
        return "done";
    case OKTA_ROTATION_UNDONE:
        return "undone";
    case OKTA_ROTATION_WAITS:
        return okta_rotation_phase_name(progress->phase);
    case OKTA_ROTATION_APP_GONE:
    case OKTA_ROTATION_STATE_NONE:
    case OKTA_ROTATION_STOPPED:
        break;
    }
    return job->error != NULL ? "failed" : "not begun";
}

static bool print_rotation(const rotation_job *job)
{
    const okta_rotation_progress *progress = okta_rotation_look(job->rotation);
    char due[TIME_SIZE] = "";
    if (progress->state == OKTA_ROTATION_WAITS) {
        print_time(progress->due_s, due);
    }
    (void)fputs("\"rotation\":{", stdout);
    bool complete = output_member_piece("", "state", state_of(job, progress));
    complete = output_member_piece(",", "kid", progress->kid) && complete;
    complete = output_member_piece(",", "id", progress->id) && complete;
    complete = output_member_piece(",", "due", due) && complete;
    (void)fputs("}", stdout);
    return complete;
}

static int print_json(const rotation_job *job, size_t at, size_t count)
{
    const okta_error *error = job->error;
    (void)fputs(at == 0 ? "[{\"app\":" : "{\"app\":", stdout);
    bool complete = output_string_piece(job->name->id);
    (void)fputs(",", stdout);
    complete = (error == NULL ? print_rotation(job)
                              : output_error_piece(report_words(error), okta_error_status(error), error)) &&
               complete;
    (void)fputs(at + 1 == count ? "}]\n" : "},\n", stdout);
    return complete ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
}

static void add_row(text_table *table, const rotation_job *job)
{
    const okta_rotation_progress *progress = okta_rotation_look(job->rotation);
    char due[TIME_SIZE] = "";
    if (progress->state == OKTA_ROTATION_WAITS) {
        print_time(progress->due_s, due);
    }
    table_add(table, job->name->id);
    table_add(table, progress->kid != NULL ? progress->kid : progress->id);
    table_add(table, state_of(job, progress));
    table_add(table, due);
}

static int print_table(const rotation_work *self)
{
    static const char *const headings[] = {"APP", "NEW", "STATE", "GOES ON"};
    text_table table = {.columns = sizeof headings / sizeof headings[0]};
    if (self->all.failed == self->all.count) {
        return EXIT_DONE;
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add(&table, headings[i]);
    }
    for (size_t i = 0; i < self->all.count; i++) {
        if (self->all.jobs[i].error == NULL) {
            add_row(&table, &self->all.jobs[i]);
        }
    }
    return table_finish(&table);
}

/* What failed, one line each, behind what is printed. Returns an exit code. */
static int report_failures(rotation_work *self)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < self->all.count; i++) {
        rotation_job *job = &self->all.jobs[i];
        if (job->error == NULL) {
            continue;
        }
        const okta_rotation_progress *progress = okta_rotation_look(job->rotation);
        int its =
            report_error_of(job->name->id, job->error,
                            advice_on_rotation(progress, self->rotation.start, job->store.switches != NULL));
        job->error = NULL;
        its = its == EXIT_USAGE ? EXIT_REFUSED : its;
        code = code == EXIT_DONE || code == its ? its : EXIT_REFUSED;
    }
    return code;
}

/* What is to be done later, and what was not begun. */
static void advise(const rotation_work *self)
{
    int64_t due_s = 0;
    size_t left = 0;
    for (size_t i = 0; i < self->all.count; i++) {
        const okta_rotation_progress *progress = okta_rotation_look(self->all.jobs[i].rotation);
        bool waits = progress->state == OKTA_ROTATION_WAITS;
        due_s = waits && progress->due_s > due_s ? progress->due_s : due_s;
        left += progress->state == OKTA_ROTATION_STATE_NONE && self->all.jobs[i].error == NULL;
    }
    if (left > 0) {
        report_note("%zu not begun: %s", left,
                    self->all.is_interrupted     ? "a signal came"
                    : self->all.stops_at_failure ? "--stop"
                                                 : "the credential is refused");
    }
    char due[TIME_SIZE];
    print_time(due_s, due);
    if (due_s != 0) {
        report_note("run the same command with --resume from %s on: it deletes what was replaced", due);
    }
}

static int print_all(rotation_work *self)
{
    int code = EXIT_DONE;
    if (options_has(self->options, OPTION_JSON)) {
        for (size_t i = 0; code == EXIT_DONE && i < self->all.count; i++) {
            code = print_json(&self->all.jobs[i], i, self->all.count);
        }
    } else {
        code = print_table(self);
    }
    int failed = report_failures(self);
    advise(self);
    return code == EXIT_DONE ? failed : code;
}

/* Plans. */

static void print_step(const okta_rotation_plan_step *step)
{
    (void)printf("  %s", okta_rotation_step_name(step->step));
    if (step->step == OKTA_ROTATION_STEP_WAIT) {
        (void)printf(" %lld s", (long long)step->wait_s);
    } else if (step->kid != NULL || step->id != NULL) {
        (void)putchar(' ');
        text_print(stdout, step->kid != NULL ? step->kid : step->id);
    }
    (void)putchar('\n');
}

static int print_plan(rotation_job *job)
{
    okta_rotation_plan *plan = NULL;
    okta_error *error = okta_rotation_make_plan(job->rotation, &plan);
    if (error != NULL) {
        return report_error_of(job->name->id, error, NULL);
    }
    text_print(stdout, job->name->id);
    (void)printf(": %s\n",
                 plan->phase == OKTA_ROTATION_PHASE_NONE ? "begins" : okta_rotation_phase_name(plan->phase));
    for (size_t i = 0; i < plan->count; i++) {
        print_step(&plan->steps[i]);
    }
    okta_free(plan);
    return EXIT_DONE;
}

static int plan_all(rotation_work *self)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < self->all.count; i++) {
        int its = print_plan(&self->all.jobs[i]);
        code = code == EXIT_DONE ? its : code;
    }
    return code;
}

/* A reader that goes away, and a store that does not read, must not end a rotation midway. */
static int run_all(rotation_work *self)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction usual = {.sa_handler = SIG_DFL};
    (void)sigemptyset(&ignore.sa_mask);
    (void)sigemptyset(&usual.sa_mask);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGCHLD, &usual, NULL); /* else nobody is told how a command ended */
    if (!interrupt_watch()) {
        return report(EXIT_NETWORK, "no descriptor is left to wait for");
    }
    int code = report_error(rotations_run(&self->all), NULL);
    int printed = print_all(self);
    interrupt_release();
    return code == EXIT_DONE ? printed : code;
}

static void clear(rotation_work *self)
{
    for (size_t i = 0; i < self->all.count; i++) {
        okta_free(self->all.jobs[i].rotation);
        okta_free(self->all.jobs[i].error);
        free(self->all.jobs[i].store.path);
    }
    free(self->all.jobs);
    apps_clear(&self->names);
}

static int rotate(const command_line *options, okta_client *client, okta_rotation_kind kind)
{
    rotation_work self = {.options = options, .rotation = OKTA_ROTATION_OPTIONS_INIT};
    okta_rotation_journal *journal = NULL;
    self.rotation.client = client;
    self.rotation.kind = kind;
    self.rotation.client_auth_method = options->secret_method;
    int code = read_options(&self);
    if (code == EXIT_DONE) {
        code = apps_read(options, &self.names);
    }
    if (code == EXIT_DONE) {
        code = open_journal(options, client, &journal);
    }
    self.rotation.journal = journal;
    if (code == EXIT_DONE) {
        code = prepare(&self);
    }
    if (code == EXIT_DONE) {
        code = options_has(options, OPTION_DRY_RUN) ? plan_all(&self) : run_all(&self);
    }
    clear(&self);
    close_journal(journal);
    return code;
}

int command_rotate(const command_line *options, okta_client *client)
{
    const char *use = options_value(options, OPTION_USE);
    bool encrypts = use != NULL && strcmp(use, "enc") == 0;
    return rotate(options, client, encrypts ? OKTA_ROTATION_ENCRYPTION_KEY : OKTA_ROTATION_SIGNING_KEY);
}

int command_secrets_rotate(const command_line *options, okta_client *client)
{
    return rotate(options, client, OKTA_ROTATION_CLIENT_SECRET);
}
