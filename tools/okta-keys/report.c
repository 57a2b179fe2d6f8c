/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "progress.h"

#define PROGRAM     "okta-keys: "
#define MESSAGE_MAX 2048u
#define DETAIL_MAX  32u

/* More ids than these are counted only. */
#define IDS_MAX 8u

static bool shows_bodies;

void report_show_bodies(void)
{
    shows_bodies = true;
}

static void print_formatted(const char *format, va_list args)
{
    char message[MESSAGE_MAX];
    int length = vsnprintf(message, sizeof message, format, args);
    if (length < 0) {
        return;
    }
    bool is_cut = (size_t)length >= sizeof message;
    message[is_cut ? text_cut(message, sizeof message - 2) : (size_t)length] = '\0';
    text_print(stderr, message);
    (void)fputs(is_cut ? "..." : "", stderr);
}

int report(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    progress_clear();
    (void)fputs(PROGRAM, stderr);
    print_formatted(format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    return code;
}

void report_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    progress_clear();
    (void)fputs(PROGRAM "note: ", stderr);
    print_formatted(format, args);
    (void)fputc('\n', stderr);
    va_end(args);
}

static int code_for(okta_status status)
{
    switch (status) {
    case OKTA_OK:
        return EXIT_DONE;
    case OKTA_E_ARG:
    case OKTA_E_CONFIG:
        return EXIT_USAGE;
    case OKTA_E_NOT_FOUND:
        return EXIT_NOT_FOUND;
    case OKTA_E_AUTH:
    case OKTA_E_FORBIDDEN:
        return EXIT_DENIED;
    case OKTA_E_RATE_LIMITED:
        return EXIT_RATE_LIMITED;
    case OKTA_E_TRANSPORT:
    case OKTA_E_TIMEOUT:
    case OKTA_E_CANCELED:
        return EXIT_NETWORK;
    case OKTA_E_PROTOCOL:
    case OKTA_E_OUTCOME_UNKNOWN:
        return EXIT_UNCLEAR;
    case OKTA_E_NOMEM:
    case OKTA_E_CONFLICT:
    case OKTA_E_INVALID:
    case OKTA_E_SERVER:
    default:
        return EXIT_REFUSED;
    }
}

/* The details between brackets. A detail that the sentence before has already is left out. */
typedef struct detail_list {
    const char *said;
    bool open;
} detail_list;

static void add_detail(detail_list *details, const char *label, const char *text)
{
    if (text == NULL || *text == '\0' || strstr(details->said, text) != NULL) {
        return;
    }
    (void)fputs(details->open ? "; " : " [", stderr);
    (void)fputs(label, stderr);
    text_print(stderr, text);
    details->open = true;
}

static void print_details(const okta_error *error, const char *said)
{
    detail_list details = {said, false};
    add_detail(&details, "", okta_error_code(error));
    if (okta_error_http_status(error) != 0) {
        char status[DETAIL_MAX];
        (void)snprintf(status, sizeof status, "HTTP %d", okta_error_http_status(error));
        add_detail(&details, "", status);
    }
    if (okta_error_attempts(error) > 1) {
        char attempts[DETAIL_MAX];
        (void)snprintf(attempts, sizeof attempts, "%u attempts", okta_error_attempts(error));
        add_detail(&details, "", attempts);
    }
    for (size_t i = 0; i < okta_error_cause_count(error); i++) {
        add_detail(&details, "cause: ", okta_error_cause_summary(error, i));
    }
    add_detail(&details, "request id ", okta_error_request_id(error));
    if (details.open) {
        (void)fputc(']', stderr);
    }
}

/* What a create whose outcome is unknown may have left behind. */
static void print_newcomers(const okta_error *error)
{
    size_t count = okta_error_newcomer_count(error);
    for (size_t i = 0; i < count && i < IDS_MAX; i++) {
        (void)fputs(i == 0 ? ": " : ", ", stderr);
        text_print(stderr, okta_error_newcomer_id(error, i));
    }
    if (count > IDS_MAX) {
        (void)fprintf(stderr, " and %zu more", count - IDS_MAX);
    }
}

/* As it came, whatever it holds: the user asked for it. */
static void print_body(const okta_error *error)
{
    size_t length = 0;
    const char *body = okta_error_response_body(error, &length);
    if (shows_bodies && length > 0) {
        text_print_lines(stderr, body, length);
        (void)fputs(body[length - 1] == '\n' ? "" : "\n", stderr);
    }
}

/* Whether the library says more than what Okta answered to the operation: "listJwk: HTTP 404 ..." is Okta's
 * refusal alone, and "listJwk: the token request was refused (...): HTTP 401 ..." is not. */
static bool says_more(const okta_error *error)
{
    static const char plain[] = ": HTTP ";
    const char *behind_name = strchr(okta_error_message(error), ':');
    return behind_name == NULL || strncmp(behind_name, plain, sizeof plain - 1) != 0;
}

int report_option(const char *option, const char *detail, okta_error *error)
{
    if (error == NULL) {
        return EXIT_DONE;
    }
    int code = report(code_for(okta_error_status(error)), "--%s%s%s: %s", option, detail == NULL ? "" : " ",
                      detail == NULL ? "" : detail, okta_error_message(error));
    okta_free(error);
    return code;
}

const char *report_words(const okta_error *error)
{
    const char *summary = okta_error_summary(error);
    bool own_words = summary == NULL || *summary == '\0' || says_more(error);
    return own_words ? okta_error_message(error) : summary;
}

/* All but what the caller adds and the end of the line. `name` is nullable. */
static void print_error(const char *name, const okta_error *error)
{
    okta_status status = okta_error_status(error);
    const char *said = report_words(error);
    progress_clear();
    (void)fputs(PROGRAM, stderr);
    if (name != NULL) {
        text_print(stderr, name);
        (void)fputs(": ", stderr);
    }
    text_print(stderr, said);
    print_newcomers(error);
    print_details(error, said);
    if (status == OKTA_E_RATE_LIMITED && okta_error_retry_after_ms(error) > 0) {
        (void)fprintf(stderr, "; try again in about %" PRId64 " s",
                      (okta_error_retry_after_ms(error) + 999) / 1000);
    }
}

static int end_error(okta_error *error)
{
    int code = code_for(okta_error_status(error));
    (void)fputc('\n', stderr);
    print_body(error);
    okta_free(error);
    return code;
}

int report_error_of(const char *name, okta_error *error, const char *more)
{
    print_error(name, error);
    if (more != NULL) {
        (void)fputs("; ", stderr);
        text_print(stderr, more);
    }
    return end_error(error);
}

int report_error(okta_error *error, const char *more, ...)
{
    if (error == NULL) {
        return EXIT_DONE;
    }
    print_error(NULL, error);
    if (more != NULL) {
        va_list args;
        va_start(args, more);
        (void)fputs("; ", stderr);
        print_formatted(more, args);
        va_end(args);
    }
    return end_error(error);
}
