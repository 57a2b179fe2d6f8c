/* SPDX-License-Identifier: Apache-2.0 */
/* okta-replay: recorded exchanges with Okta, played back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/client.h"
#include "common/text.h"
#include "core/error.h"
#include "okta/config.h"
#include "okta/memory.h"
#include "okta/version.h"
#include "report.h"

#define USER_AGENT     "okta-replay/" OKTA_VERSION
#define LONGEST_ANSWER ((size_t)1 << 30)

/* A clock whose waits pass at once: recorded rate limits are over. */
typedef struct replay_clock {
    oktai_clock clock; /* first: the library hands it back */
    int64_t passed_ms;
} replay_clock;

static int64_t clock_now_ms(const oktai_clock *clock)
{
    return oktai_clock_system_ms() + ((const replay_clock *)clock)->passed_ms;
}

static void clock_wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                          int64_t ms)
{
    (void)wait;
    (void)object;
    ((replay_clock *)(uintptr_t)clock)->passed_ms += ms;
}

static int64_t clock_wall_ms(const oktai_clock *clock)
{
    return oktai_system_clock.wall_ms(&oktai_system_clock) + ((const replay_clock *)clock)->passed_ms;
}

static uint32_t clock_random(const oktai_clock *clock)
{
    (void)clock;
    return oktai_system_clock.random(&oktai_system_clock);
}

static replay_clock fast_clock = {.clock = {clock_now_ms, clock_wait_ms, clock_wall_ms, clock_random}};

/* A server in this process, and a client of it. */
static okta_error *begin_http(replay_run *run)
{
    okta_error *error = server_start(&run->server);
    if (error != NULL) {
        return error;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = server_url(run->server);
    options.token = "replay";
    options.proxy = "";
    options.pacing = OKTA_PACING_OFF;
    options.max_response_bytes = LONGEST_ANSWER;
    error = okta_client_new(&options, &run->client);
    if (error == NULL) {
        oktai_client_set_clock(run->client, &fast_clock.clock);
    }
    return error;
}

/* What a person should know of the configuration, such as a name in it that is none. */
static void print_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    if (strcmp(event->operation, "configuration") == 0) {
        (void)fputs("okta-replay: ", stderr);
        text_print(stderr, event->message);
        (void)fputc('\n', stderr);
    }
}

/* A client of a real org, with what files and environment say. */
static okta_error *begin_org(replay_run *run, const char *org_url)
{
    okta_client_options code = OKTA_CLIENT_OPTIONS_INIT;
    okta_client_options *loaded = NULL;
    code.org_url = org_url;
    okta_error *error = okta_client_options_load(&code, &loaded);
    if (error == NULL) {
        loaded->log = print_event;
        loaded->log_level = OKTA_LOG_WARN;
        loaded->user_agent = loaded->user_agent == NULL ? USER_AGENT : loaded->user_agent;
        error = okta_client_new(loaded, &run->client);
    }
    okta_free(loaded);
    return error;
}

static okta_error *begin(const replay_options *options, replay_run *run)
{
    if (options->http) {
        return begin_http(run);
    }
    return options->org_url == NULL ? NULL : begin_org(run, options->org_url);
}

/* All files are read before anything is sent. */
static okta_error *read_files(const replay_options *options, oktai_arena *arena, oktai_vector *list)
{
    okta_error *error = NULL;
    for (size_t i = 0; error == NULL && i < options->file_count; i++) {
        error = exchange_read_file(arena, options->files[i], list);
    }
    return error;
}

static report_totals play_all(const replay_options *options, replay_run *run, const oktai_vector *list)
{
    report_totals totals = {0};
    const exchange *all = list->data;
    for (size_t i = 0; i < list->count; i++) {
        oktai_arena scratch = {0};
        replay_outcome outcome = replay_exchange(run, &scratch, &all[i]);
        report_outcome(options, &all[i], &outcome, &totals);
        oktai_arena_clear(&scratch);
    }
    return totals;
}

static int lost_output(int code, int reason)
{
    (void)fprintf(stderr, "okta-replay: cannot write to standard output: %s\n", strerror(reason));
    return code == EXIT_PLAYED ? EXIT_FAILURES : code;
}

/* Flush and close standard output. Returns `code`, or EXIT_FAILURES for a success whose words are lost. */
static int finish(int code)
{
    bool lost = fflush(stdout) != 0 || ferror(stdout) != 0;
    int reason = errno;
    if (!lost && fclose(stdout) != 0) {
        lost = true;
        reason = errno;
    }
    return lost ? lost_output(code, reason) : code;
}

static int run_all(const replay_options *options)
{
    replay_run run = {.client = NULL};
    oktai_arena arena = {0};
    oktai_vector list = {0};
    int code = EXIT_USAGE;
    okta_error *error = read_files(options, &arena, &list);
    error = error == NULL ? begin(options, &run) : error;
    if (error != NULL) {
        report_problem(error);
    } else {
        report_totals totals = play_all(options, &run, &list);
        report_end(options, &run, &totals);
        code = totals.failed == 0 ? EXIT_PLAYED : EXIT_FAILURES;
    }
    okta_free(run.client);
    server_stop(run.server);
    notes_clear(&run.notes);
    oktai_arena_clear(&arena);
    return code;
}

int main(int argc, char **argv)
{
    replay_options options;
    /* The number of a closed output would go to the next file or socket, and with it what is printed. */
    if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
        return lost_output(EXIT_PLAYED, errno);
    }
    int code = options_parse(argc, argv, &options);
    return finish(code == OPTIONS_RUN ? run_all(&options) : code);
}
