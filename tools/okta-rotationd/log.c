/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <cjson/cJSON.h>
#include <okta/time.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/utf8.h"

static const char *instance;

void log_set_instance(const char *name)
{
    instance = name;
}

/* cJSON writes strings as they are: bytes that are no UTF-8 would make the line no JSON. */
static void add_text(cJSON *line, const char *name, const char *text)
{
    char *copy = text == NULL ? NULL : strdup(text);
    if (copy == NULL) {
        return;
    }
    const char *end = copy + strlen(copy);
    for (char *at = copy; at < end;) {
        uint32_t code = 0;
        size_t length = utf8_decode(at, end, &code);
        if (length == 0) {
            *at = '?';
        }
        at += length == 0 ? 1 : length;
    }
    (void)cJSON_AddStringToObject(line, name, copy);
    free(copy);
}

static void add_time(cJSON *line, const char *name, int64_t seconds, int32_t nanoseconds)
{
    const okta_time time = {.seconds = seconds, .nanoseconds = nanoseconds};
    char text[OKTA_TIME_SIZE];
    okta_error *error = okta_time_format(&time, nanoseconds < 0 ? 0 : 3, text);
    if (error == NULL) {
        (void)cJSON_AddStringToObject(line, name, text);
    }
    okta_free(error);
}

static void add_error(cJSON *line, const okta_error *error)
{
    if (error == NULL) {
        return;
    }
    add_text(line, "error", okta_error_message(error));
    add_text(line, "status", okta_status_name(okta_error_status(error)));
    add_text(line, "request_id", okta_error_request_id(error));
}

static void print(const cJSON *line)
{
    char *text = cJSON_PrintUnformatted(line);
    size_t length = text == NULL ? 0 : strlen(text);
    if (length > 0) {
        /* One write, so that lines of several processes do not mix. */
        text[length] = '\n';
        ssize_t written = write(STDERR_FILENO, text, length + 1);
        (void)written;
    }
    cJSON_free(text);
}

void log_write(const log_line *line)
{
    static const char *const levels[] = {
        [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};
    struct timespec now;
    cJSON *json = cJSON_CreateObject();
    clock_gettime(CLOCK_REALTIME, &now);
    add_time(json, "time", (int64_t)now.tv_sec, (int32_t)now.tv_nsec);
    add_text(json, "instance", instance);
    add_text(json, "level", levels[line->level]);
    add_text(json, "event", line->event);
    add_text(json, "app", line->app);
    if (line->kind != OKTA_ROTATION_KIND_NONE) {
        add_text(json, "kind", okta_rotation_kind_name(line->kind));
    }
    add_text(json, "kid", line->kid);
    add_text(json, "step", line->step);
    add_text(json, "detail", line->detail);
    add_error(json, line->error);
    if (line->due_s > 0) {
        add_time(json, "due", line->due_s, 0);
    }
    if (line->retry_ms > 0) {
        int64_t seconds = (line->retry_ms + 999) / 1000;
        (void)cJSON_AddNumberToObject(json, "retry_in_s", (double)seconds);
    }
    print(json);
    cJSON_Delete(json);
}
