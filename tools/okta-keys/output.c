/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "progress.h"
#include "report.h"

static int lost_reason; /* of the system; 0: none is known */

/* Only a terminal acts on what it shows. */
static void print_text(const char *text, size_t length)
{
    if (isatty(STDOUT_FILENO) == 1) {
        text_print_json(stdout, text, length);
    } else {
        (void)fwrite(text, 1, length, stdout);
    }
}

static okta_error *print_masked(const okta_descriptor *mask, const char *json, size_t length)
{
    if (mask == NULL) {
        print_text(json, length);
        return NULL;
    }
    char *masked = NULL;
    size_t masked_length = 0;
    okta_error *error = okta_redact_json(mask, json, length, &masked, &masked_length);
    if (error == NULL) {
        print_text(masked, masked_length);
    }
    okta_free(masked);
    return error;
}

okta_error *output_text(const okta_descriptor *mask, const char *json, size_t length)
{
    okta_error *error = print_masked(mask, json, length);
    if (error == NULL && (length == 0 || json[length - 1] != '\n')) {
        (void)putchar('\n');
    }
    return error;
}

/* Every decoded model has a source; "null" keeps the output JSON should one not have been decoded. */
static const char *source_of(const void *model, size_t *length)
{
    const char *source = okta_source(model, length);
    if (source == NULL) {
        *length = strlen("null");
        return "null";
    }
    return source;
}

okta_error *output_model(const okta_descriptor *mask, const void *model)
{
    size_t length = 0;
    const char *source = source_of(model, &length);
    return output_text(mask, source, length);
}

okta_error *output_model_piece(const okta_descriptor *mask, const void *model)
{
    size_t length = 0;
    const char *source = source_of(model, &length);
    return print_masked(mask, source, length);
}

/* The library makes JSON of a struct, not of a text. */
bool output_string_piece(const char *text)
{
    cJSON *string = cJSON_CreateString(text);
    char *json = string == NULL ? NULL : cJSON_PrintUnformatted(string);
    if (json != NULL) {
        print_text(json, strlen(json));
    }
    bool printed = json != NULL;
    cJSON_free(json);
    cJSON_Delete(string);
    return printed;
}

bool output_member_piece(const char *before, const char *name, const char *text)
{
    if (text == NULL || *text == '\0') {
        return true;
    }
    (void)printf("%s\"%s\":", before, name);
    return output_string_piece(text);
}

static bool print_causes(const okta_error *error)
{
    bool complete = true;
    size_t count = okta_error_cause_count(error);
    for (size_t i = 0; i < count; i++) {
        const char *cause = okta_error_cause_summary(error, i);
        (void)fputs(i == 0 ? ",\"causes\":[" : ",", stdout);
        complete = output_string_piece(cause == NULL ? "" : cause) && complete;
    }
    (void)fputs(count == 0 ? "" : "]", stdout);
    return complete;
}

bool output_error_piece(const char *message, okta_status status, const okta_error *error)
{
    (void)fputs("\"error\":{", stdout);
    bool complete = output_member_piece("", "message", message);
    complete = output_member_piece(",", "status", okta_status_name(status)) && complete;
    if (okta_error_http_status(error) != 0) {
        (void)printf(",\"httpStatus\":%d", okta_error_http_status(error));
    }
    complete = output_member_piece(",", "errorCode", okta_error_code(error)) && complete;
    complete = print_causes(error) && complete;
    complete = output_member_piece(",", "requestId", okta_error_request_id(error)) && complete;
    (void)fputs("}", stdout);
    return complete;
}

okta_error *output_array_add(output_array *array, const char *json, size_t length)
{
    (void)fputs(array->count == 0 ? "[" : ",\n", stdout);
    array->count++;
    progress_set_line(LINE_IS_OPEN);
    return print_masked(array->mask, json, length);
}

void output_array_end(const output_array *array)
{
    (void)fputs(array->count == 0 ? "[]\n" : "]\n", stdout);
    progress_set_line(LINE_IS_ENDED);
}

void output_array_cut(const output_array *array)
{
    (void)fputs(array->count == 0 ? "" : "\n", stdout);
    progress_set_line(LINE_IS_ENDED);
}

okta_error *output_models(const okta_descriptor *mask, size_t count, output_model_at *at, const void *list)
{
    output_array array = {.mask = mask};
    okta_error *error = NULL;
    for (size_t i = 0; i < count && error == NULL; i++) {
        size_t length = 0;
        const char *source = source_of(at(list, i), &length);
        error = output_array_add(&array, source, length);
    }
    if (error == NULL) {
        output_array_end(&array);
    } else {
        output_array_cut(&array);
    }
    return error;
}

void output_is_lost(int reason)
{
    lost_reason = lost_reason == 0 ? reason : lost_reason;
}

bool output_works(void)
{
    if (fflush(stdout) != 0) {
        output_is_lost(errno);
    }
    return lost_reason == 0 && !ferror(stdout);
}

int output_report_lost(void)
{
    return report(EXIT_REFUSED, "cannot write to standard output%s%s", lost_reason == 0 ? "" : ": ",
                  lost_reason == 0 ? "" : strerror(lost_reason));
}

int output_finish(int code)
{
    bool works = output_works();
    if (fclose(stdout) != 0) {
        output_is_lost(errno);
        works = false;
    }
    return code != EXIT_DONE || works ? code : output_report_lost();
}
