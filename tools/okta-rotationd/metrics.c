/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PREFIX "okta_rotationd_"

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    (void)fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

typedef struct labelled {
    const char *label;
    uint64_t value;
} labelled;

static void print_labelled(FILE *out, const char *name, const char *label, const labelled *values,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, PREFIX "%s{%s=\"%s\"} %" PRIu64 "\n", name, label, values[i].label,
                      values[i].value);
    }
}

/* Milliseconds as seconds. */
static void print_seconds(FILE *out, const char *name, int64_t ms)
{
    (void)fprintf(out, PREFIX "%s %" PRId64 ".%03" PRId64 "\n", name, ms / 1000, ms % 1000);
}

static void print_counts(FILE *out, const shop_counts *counts)
{
    const labelled outcomes[] = {{"done", counts->done}, {"undone", counts->undone}};
    head(out, "rotations_total", "counter", "Rotations that ended, by how.");
    print_labelled(out, "rotations_total", "outcome", outcomes, 2);
    head(out, "rotations_begun_total", "counter", "Rotations that this process began.");
    (void)fprintf(out, PREFIX "rotations_begun_total %" PRIu64 "\n", counts->begun);
    head(out, "failures_total", "counter", "Failures of looks and rotations, each of which is tried again.");
    (void)fprintf(out, PREFIX "failures_total %" PRIu64 "\n", counts->failed);
    head(out, "overtaken_total", "counter", "Rotations that another daemon went on with.");
    (void)fprintf(out, PREFIX "overtaken_total %" PRIu64 "\n", counts->overtaken);
    head(out, "looks_total", "counter", "Looks at what an app holds.");
    (void)fprintf(out, PREFIX "looks_total %" PRIu64 "\n", counts->looks);
    const labelled reloads[] = {{"good", counts->reloads_good}, {"bad", counts->reloads_bad}};
    head(out, "reloads_total", "counter", "Configurations that were read again, by whether they were taken.");
    print_labelled(out, "reloads_total", "outcome", reloads, 2);
    head(out, "last_success_timestamp_seconds", "gauge",
         "When a run of a rotation last ended well, since 1970; 0 before the first.");
    (void)fprintf(out, PREFIX "last_success_timestamp_seconds %" PRId64 "\n", counts->last_success_s);
}

static void print_gauges(FILE *out, const crew_gauges *gauges, int64_t now_ms)
{
    const labelled states[] = {{"idle", gauges->idle},         {"looking", gauges->looking},
                               {"rotating", gauges->rotating}, {"waiting", gauges->waiting},
                               {"failing", gauges->failing},   {"elsewhere", gauges->elsewhere}};
    head(out, "apps", "gauge", "Apps by what is done about them.");
    print_labelled(out, "apps", "state", states, sizeof states / sizeof states[0]);
    head(out, "next_due_seconds", "gauge", "Until something is to be done next; 0: at once.");
    int64_t left_ms = gauges->next_ms == INT64_MAX || gauges->next_ms < now_ms ? 0 : gauges->next_ms - now_ms;
    print_seconds(out, "next_due_seconds", left_ms);
    head(out, "late_seconds", "gauge",
         "How long the most overdue app is behind its time, also while it fails; 0: none is.");
    print_seconds(out, "late_seconds", gauges->late_ms);
    head(out, "up", "gauge", "1 while the daemon works.");
    (void)fprintf(out, PREFIX "up 1\n");
}

char *metrics_text(const shop_counts *counts, const crew_gauges *gauges, int64_t now_ms, size_t *out_length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, out_length);
    if (out == NULL) {
        return NULL;
    }
    print_counts(out, counts);
    print_gauges(out, gauges, now_ms);
    bool good = ferror(out) == 0;
    if (fclose(out) != 0 || !good) {
        free(text);
        return NULL;
    }
    return text;
}
