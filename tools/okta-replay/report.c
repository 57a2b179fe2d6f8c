/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <stdint.h>
#include <stdio.h>

#include "common/text.h"
#include "okta/memory.h"

/* Lines of a list that is cut. */
#define LIST_SHORT 100u

void report_problem(okta_error *error)
{
    (void)fputs("okta-replay: ", stderr);
    text_print(stderr, okta_error_message(error));
    (void)fputc('\n', stderr);
    okta_free(error);
}

static bool has_extras(const member_counts *counts)
{
    return counts->unknown > 0 || counts->other_type > 0 || counts->newer_values > 0 || counts->doubled > 0;
}

/* `FILE:LINE: METHOD PATH: operation`. An id in a path may be secret, such as that of a session: the path of
 * an operation shows with its placeholders, and any other one without what may be a value. */
static void print_place(const exchange *one, const replay_outcome *outcome)
{
    text_print(stdout, one->file);
    printf(":%zu: ", one->line);
    text_print(stdout, one->method);
    (void)putchar(' ');
    if (outcome->operation != NULL) {
        printf("%s: %s", outcome->operation->path, outcome->operation->name);
    } else {
        text_print(stdout, outcome->path == NULL ? "" : outcome->path);
        printf(": no operation");
    }
}

static void print_failure(const exchange *one, const replay_outcome *outcome)
{
    print_place(one, outcome);
    printf(": FAILED: %s%s", outcome->part == NULL ? "" : outcome->part, outcome->part == NULL ? "" : ": ");
    text_print(stdout, okta_error_message(outcome->reason));
    (void)putchar('\n');
}

static void print_extras(const exchange *one, const replay_outcome *outcome)
{
    const member_counts *counts = &outcome->counts;
    print_place(one, outcome);
    printf(": FAILED: extras: %zu unknown, %zu of another type, %zu with a newer value, %zu twice\n",
           counts->unknown, counts->other_type, counts->newer_values, counts->doubled);
}

static void print_detail(const exchange *one, const replay_outcome *outcome)
{
    static const char *const verdicts[] = {[REPLAY_PASSED] = "passed",
                                           [REPLAY_FAILED] = "failed",
                                           [REPLAY_UNMATCHED] = "unmatched",
                                           [REPLAY_UNSENT] = "recorded without its body"};
    print_place(one, outcome);
    printf(": HTTP %d: %s, %zu members, %zu unknown, %zu of another type\n", one->status,
           verdicts[outcome->verdict],
           outcome->counts.typed + outcome->counts.unknown + outcome->counts.other_type,
           outcome->counts.unknown, outcome->counts.other_type);
}

void report_outcome(const replay_options *options, const exchange *one, replay_outcome *outcome,
                    report_totals *totals)
{
    bool matched = outcome->verdict == REPLAY_PASSED || outcome->verdict == REPLAY_UNSENT;
    if (outcome->verdict == REPLAY_FAILED) {
        totals->failed++;
        print_failure(one, outcome);
    } else if (matched && options->strict && has_extras(&outcome->counts)) {
        totals->failed++;
        print_extras(one, outcome);
    } else {
        totals->passed += outcome->verdict == REPLAY_PASSED;
        if (options->verbose) {
            print_detail(one, outcome);
        }
    }
    okta_free(outcome->reason);
    outcome->reason = NULL;
}

static void print_list(replay_run *run, note_kind kind, const char *heading, size_t limit)
{
    size_t count = notes_count(&run->notes, kind);
    if (count > 0) {
        printf("%s: %zu\n", heading, count);
        notes_print(&run->notes, kind, limit);
    }
}

static void print_share(const char *what, const member_counts *counts)
{
    size_t all = counts->typed + counts->unknown + counts->other_type;
    printf("members of %s: %zu, typed %zu", what, all, counts->typed);
    if (all > 0) {
        /* Cut, not rounded: 100.00 means all. */
        unsigned long long share = (unsigned long long)counts->typed * 10000 / all;
        printf(" (%llu.%02llu %%)", share / 100, share % 100);
    }
    printf(", unknown %zu, of another type %zu\n", counts->unknown, counts->other_type);
}

void report_end(const replay_options *options, replay_run *run, const report_totals *totals)
{
    static const struct {
        note_kind kind;
        const char *heading;
    } lists[] = {
        {NOTE_UNMATCHED, "calls that match no operation"},
        {NOTE_UNSENT, "requests recorded without their body, skipped"},
        {NOTE_REFUSED, "requests that libokta refuses as Okta did"},
        {NOTE_READ_ONLY, "read-only members, left out of requests"},
        {NOTE_UNKNOWN_QUERY, "unknown parameters of queries"},
        {NOTE_SENT_UNKNOWN, "unknown members of requests"},
        {NOTE_SENT_OTHER, "members of requests with another type"},
        {NOTE_SENT_NEWER, "members of requests with a newer value of an enum"},
        {NOTE_UNKNOWN, "unknown members of answers"},
        {NOTE_OTHER_TYPE, "members of answers with another type"},
        {NOTE_NEWER_VALUE, "members of answers with a newer value of an enum"},
        {NOTE_DOUBLED, "members that stand twice in an object, of which the first counts"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        print_list(run, lists[i].kind, lists[i].heading, options->verbose ? SIZE_MAX : LIST_SHORT);
    }
    print_share("requests and queries", &run->requests);
    print_share("answers", &run->answers);
    printf("%zu passed, %zu failed\n", totals->passed, totals->failed);
}
