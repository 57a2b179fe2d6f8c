/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by a file of those that are wanted. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "apply_print.h"
#include "commands.h"
#include "files.h"
#include "interrupt.h"
#include "output.h"
#include "report.h"

#define AT_ONCE     10u
#define ANSWER_SIZE 16u

/* What agrees to the changes. */
typedef enum agreement {
    ASKS,
    IS_GIVEN,    /* by --yes */
    IS_NEEDLESS, /* for --check, which makes none */
} agreement;

/* Refused before anything is read: a script that forgets --yes fails every time, not only where there is
 * something to change. */
static int read_agreement(const command_line *options, agreement *out)
{
    bool checks = options_has(options, OPTION_CHECK);
    bool agrees = options_has(options, OPTION_YES);
    *out = checks ? IS_NEEDLESS : agrees ? IS_GIVEN : ASKS;
    if (checks && agrees) {
        return report(EXIT_USAGE, "--check does not go with --yes");
    }
    if (*out != ASKS) {
        return EXIT_DONE;
    }
    if (options_has(options, OPTION_JSON)) {
        return report(EXIT_USAGE, "apply --json needs --check, or --yes: it asks nothing");
    }
    if (file_is_stdin(options->arguments[0]) || isatty(STDIN_FILENO) != 1) {
        return report(EXIT_USAGE, "there is no terminal to ask on: --yes makes the changes, --check only "
                                  "shows them");
    }
    return EXIT_DONE;
}

static bool ask(size_t changes)
{
    char answer[ANSWER_SIZE] = "";
    (void)fprintf(stderr, "okta-keys: make %s? [y/N] ", changes == 1 ? "this change" : "these changes");
    (void)fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL) {
        (void)fputc('\n', stderr);
        return false;
    }
    answer[strcspn(answer, "\r\n")] = '\0';
    return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

/* Whether anybody is there to read what becomes of the changes. */
static bool is_read(void)
{
    struct pollfd watched = {.fd = STDOUT_FILENO, .events = 0};
    if (poll(&watched, 1, 0) > 0 && (watched.revents & (POLLERR | POLLHUP)) != 0) {
        output_is_lost(EPIPE);
    }
    return output_works();
}

static void ignore_lost_readers(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigemptyset(&ignore.sa_mask);
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

/* Show the plans, and have them agreed to. `*agreed` tells. */
static int show(const apply_file *file, apply_jobs *all, agreement given, bool *agreed)
{
    size_t changes = apply_count(all).changes;
    int code = EXIT_DONE;
    apply_report_failures(file, all);
    if (all->stop != MANY_IS_INTERRUPTED) {
        code = apply_print_plan(file, all);
    }
    *agreed = code == EXIT_DONE && given == IS_GIVEN;
    if (code == EXIT_DONE && given == ASKS && changes > 0 && all->stop == MANY_GOES_ON && output_works()) {
        *agreed = ask(changes);
        code = *agreed ? EXIT_DONE : report(EXIT_REFUSED, "nothing is changed");
    }
    return code;
}

static int carry_out(const apply_file *file, apply_jobs *all, bool as_json)
{
    if (!is_read()) {
        all->stop = MANY_OUTPUT_IS_GONE;
        all->code = output_report_lost();
    }
    int code = report_error(apply_jobs_carry_out(all), NULL);
    apply_counts counts = apply_count(all);
    if (as_json) {
        int printed = apply_print_json(all);
        code = code == EXIT_DONE ? printed : code;
    } else if (counts.changes > 0) {
        (void)printf("%zu of %zu changes made\n", counts.made, counts.changes);
    }
    apply_report_failures(file, all);
    apply_sum_up(all);
    return code == EXIT_DONE ? all->code : code;
}

static int run(const command_line *options, const apply_file *file, apply_jobs *all, agreement given)
{
    bool as_json = options_has(options, OPTION_JSON);
    bool agreed = given == IS_GIVEN;
    int code = report_error(apply_jobs_look(all), NULL);
    if (code == EXIT_DONE && !as_json) {
        code = show(file, all, given, &agreed);
    }
    if (code != EXIT_DONE || (!agreed && given == ASKS)) {
        return code == EXIT_DONE ? all->code : code;
    }
    if (agreed) {
        return carry_out(file, all, as_json);
    }
    if (as_json) {
        code = apply_print_json(all);
    }
    apply_report_failures(file, all);
    code = code == EXIT_DONE ? all->code : code;
    return code == EXIT_DONE && apply_count(all).changes > 0 ? EXIT_DRIFT : code;
}

static int set_up(const command_line *options, okta_client *client, const apply_file *file, apply_jobs *out)
{
    *out = (apply_jobs){
        .client = client,
        .jobs = calloc(file->count + 1, sizeof *out->jobs),
        .at_once = options->concurrency == 0 ? AT_ONCE : options->concurrency,
        .prune = options_has(options, OPTION_PRUNE),
        .stops_at_failure = options_has(options, OPTION_STOP),
    };
    if (out->jobs == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    out->count = file->count;
    for (size_t i = 0; i < out->count; i++) {
        out->jobs[i] = (apply_job){.all = out, .app = &file->apps[i]};
    }
    return EXIT_DONE;
}

int command_apply(const command_line *options, okta_client *client)
{
    agreement given = ASKS;
    apply_file file = {0};
    apply_jobs all = {0};
    int code = read_agreement(options, &given);
    if (code == EXIT_DONE) {
        code = apply_file_read(options->arguments[0], &file);
    }
    if (code == EXIT_DONE) {
        code = set_up(options, client, &file, &all);
    }
    if (code == EXIT_DONE) {
        ignore_lost_readers();
        code = run(options, &file, &all, given);
    }
    for (size_t i = 0; i < all.count; i++) {
        apply_job_clear(&all.jobs[i]);
    }
    free(all.jobs);
    apply_file_clear(&file);
    return code;
}
