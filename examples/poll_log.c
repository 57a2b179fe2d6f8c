/* SPDX-License-Identifier: Apache-2.0 */
/* Print what happened in the org since the last run, and remember where that ends: poll_log CURSOR_FILE
 *
 * Run it from a timer. The first run, without the file, begins an hour ago or at OKTA_LOG_SINCE, a time as
 * Okta writes it. The cursor is kept after the events are out: who stops in between sees the last page again,
 * and knows an event by its uuid. */
#include <okta/api/system_log.h>
#include <okta/okta.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* An empty cursor: there is no file. False: it cannot be read, or its line is not whole. */
static bool read_cursor(const char *path, char *cursor, int size)
{
    FILE *file = fopen(path, "r");
    cursor[0] = '\0';
    if (file == NULL) {
        return errno == ENOENT;
    }
    char *end = fgets(cursor, size, file) == NULL ? NULL : strchr(cursor, '\n');
    fclose(file);
    if (end != NULL) {
        *end = '\0';
    }
    return end != NULL;
}

/* The file has the old cursor or the new one, whatever happens. */
static bool write_cursor(const char *path, const char *cursor)
{
    char fresh[4096];
    int length = snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = length > 0 && (size_t)length < sizeof fresh ? fopen(fresh, "w") : NULL;
    bool good = file != NULL && fprintf(file, "%s\n", cursor) > 0;
    if (file != NULL) {
        good = fclose(file) == 0 && good;
    }
    return good && rename(fresh, path) == 0;
}

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static void print_event(const okta_system_log_event *event)
{
    const okta_log_actor *actor = event->actor;
    printf("%s %s %s %s %s\n", or_dash(event->published), or_dash(event->event_type),
           or_dash(actor != NULL ? actor->alternate_id : NULL),
           or_dash(event->outcome != NULL ? okta_enum_text(event->outcome, "result") : NULL),
           or_dash(event->uuid));
}

static okta_error *print_new_events(okta_client *client, const char *since, const char *cursor,
                                    const char *cursor_file)
{
    const okta_list_log_events_params params = {
        .model = OKTA_INIT(okta_list_log_events_params),
        .since = since,
        .limit = okta_int(1000),
    };
    okta_pages *pages = okta_list_log_events_pages(client, &params);
    if (cursor[0] != '\0') {
        okta_pages_set_cursor(pages, cursor);
    }
    for (okta_system_log_event *event; (event = OKTA_NEXT(pages, okta_system_log_event)) != NULL;) {
        print_event(event);
    }
    okta_error *error = okta_pages_error(pages);
    const char *next = okta_pages_cursor(pages);
    if (fflush(stdout) != 0 || (next != NULL && !write_cursor(cursor_file, next))) {
        fprintf(stderr, "poll_log: %s is as it was; the next run shows these events again\n", cursor_file);
    }
    okta_free(pages);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: poll_log CURSOR_FILE\n");
        return 2;
    }
    static char cursor[65536];
    if (!read_cursor(argv[1], cursor, sizeof cursor)) {
        fprintf(stderr, "poll_log: %s has no line with a cursor that can be read\n", argv[1]);
        return 1;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    char hour_ago[OKTA_TIME_SIZE];
    const okta_time start = {.seconds = (int64_t)time(NULL) - 3600};
    const char *since = getenv("OKTA_LOG_SINCE");
    okta_client *client = NULL;
    okta_error *error = okta_time_format(&start, 3, hour_ago);
    if (error == NULL) {
        error = okta_client_new(&options, &client);
    }
    if (error == NULL) {
        error = print_new_events(client, since != NULL ? since : hour_ago, cursor, argv[1]);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "poll_log: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(client);
    return exit_code;
}
