/* SPDX-License-Identifier: Apache-2.0 */
/* test_faults_table [--group NAME] [PATTERN]
 * Runs the fault table, or the rows of that group of it, and of them those whose id is PATTERN (with * and ?)
 * or whose line has it as a part. Prints a line for each row and kind of request, and counts them at the end.
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/fault_table.h"

static const fault_group *const groups[] = {
    &fault_transport_rows, &fault_answer_rows, &fault_h2_rows,   &fault_h2_cut_rows, &fault_tls_rows,
    &fault_rate_rows,      &fault_page_rows,   &fault_json_rows, &fault_auth_rows,
};

typedef struct tally {
    const char *group; /* of this and the next, NULL stands for all */
    const char *pattern;
    unsigned passed;
    unsigned failed;
} tally;

/* What cmocka's assertions end, in the parts that other tests share, ends here without a word. */
static const char *running;

static void say_where_it_stopped(void)
{
    if (running != NULL) {
        printf("the machine lacks something, or the server failed, at: %s\n0 passed, 1 failed\n", running);
    }
}

static void describe(char *out, size_t size, okta_status status, unsigned attempts, int http_status,
                     bool retryable)
{
    int length = snprintf(out, size, "%s", okta_status_name(status));
    if (http_status != 0 && length >= 0 && (size_t)length < size) {
        length += snprintf(out + length, size - (size_t)length, " %d", http_status);
    }
    if (length >= 0 && (size_t)length < size) {
        snprintf(out + length, size - (size_t)length, " x%u%s", attempts, retryable ? " again" : "");
    }
}

static bool is_asked_for(const tally *count, const char *id, const char *line)
{
    return count->pattern == NULL || fnmatch(count->pattern, id, 0) == 0 ||
           strstr(line, count->pattern) != NULL;
}

static void run_one(tally *count, const fault_row *row, fault_operation operation, bool heals)
{
    char line[256];
    char name[128];
    char expected[64];
    char was[64];
    fault_seen seen;
    snprintf(name, sizeof name, "%s%s", row->name, heals ? ", once" : "");
    snprintf(line, sizeof line, "%-4s %-10s %-62s", row->id, fault_operation_name(operation), name);
    if (!is_asked_for(count, row->id, line)) {
        return;
    }
    running = line;
    fault_row_run(row, operation, heals, &seen);
    running = NULL;
    describe(expected, sizeof expected, seen.expected.status, seen.expected.attempts,
             seen.expected.http_status, seen.expected.retryable);
    describe(was, sizeof was, seen.outcome.status, seen.outcome.attempts, seen.outcome.http_status,
             seen.outcome.retryable);
    bool good = seen.complaint[0] == '\0';
    printf("%s %-28s %-28s %5u  %s\n", line, expected, was, seen.sends, good ? "ok" : "FAILED");
    if (!good) {
        printf("     FAILED: %s %s, %s: %s\n", row->id, fault_operation_name(operation), name,
               seen.complaint);
    }
    fflush(stdout);
    count->passed += good;
    count->failed += !good;
}

static void run_row(tally *count, const fault_row *row)
{
    for (int operation = 0; operation < FAULT_OPERATIONS; operation++) {
        for (int heals = 0; heals < 2; heals++) {
            if (fault_row_applies(row, (fault_operation)operation, heals == 1)) {
                run_one(count, row, (fault_operation)operation, heals == 1);
            }
        }
    }
}

int main(int argc, char **argv)
{
    tally count = {0};
    int used = 1;
    if (argc > 2 && strcmp(argv[1], "--group") == 0) {
        count.group = argv[2];
        used = 3;
    }
    count.pattern = used < argc ? argv[used++] : NULL;
    if (used < argc || (count.pattern != NULL && count.pattern[0] == '-')) {
        fputs("usage: test_faults_table [--group NAME] [PATTERN]\n", stderr);
        return 2;
    }
    if (atexit(say_where_it_stopped) != 0) {
        return EXIT_FAILURE;
    }
    printf("%-4s %-10s %-62s %-28s %-28s %5s\n", "row", "request", "what happens", "expected", "seen",
           "sends");
    fault_table_begin();
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        bool meant = count.group == NULL || strcmp(count.group, groups[i]->name) == 0;
        for (size_t k = 0; meant && k < groups[i]->count; k++) {
            run_row(&count, &groups[i]->rows[k]);
        }
    }
    fault_table_end();
    printf("%u passed, %u failed\n", count.passed, count.failed);
    return count.failed == 0 && count.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
