/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_print.h"

#include <stdio.h>

#include "common/text.h"
#include "files.h"
#include "many_print.h"
#include "output.h"
#include "progress.h"
#include "report.h"
#include "table.h"

#define CHANGE_SIZE 32u
#define PLACE_SIZE  1024u
#define COUNTS_SIZE 128u

/* By `apply_change`. */
static const char *const names[APPLY_CHANGES] = {"add", "activate", "deactivate", "delete"};
static const char *const signs[APPLY_CHANGES] = {"+", "~", "~", "-"};

apply_counts apply_count(const apply_jobs *all)
{
    apply_counts counts = {.changes = 0};
    for (size_t i = 0; i < all->count; i++) {
        const apply_job *job = &all->jobs[i];
        for (size_t j = 0; j < job->look.plan.count; j++) {
            counts.of[job->look.plan.deeds[j].change]++;
        }
        counts.changes += job->look.plan.count;
        counts.unchanged += job->look.plan.unchanged;
        counts.made += job->made;
        counts.failed += job->is_failed;
    }
    return counts;
}

/* What a change is about. */

static const char *kid_of(const apply_job *job, const apply_deed *deed)
{
    return deed->held != APPLY_NONE ? job->look.held[deed->held].kid : job->app->wanted[deed->wanted].kid;
}

static const char *use_of(const apply_job *job, const apply_deed *deed)
{
    bool encrypts = deed->held != APPLY_NONE ? job->look.held[deed->held].encrypts
                                             : job->app->wanted[deed->wanted].use == APPLY_ENC;
    return encrypts ? "enc" : "sig";
}

static const char *id_of(const apply_job *job, const apply_deed *deed)
{
    return deed->held != APPLY_NONE ? job->look.held[deed->held].id : NULL;
}

/* Plans for people. */

static void add_row(text_table *table, const apply_file *file, const apply_job *job, const apply_deed *deed)
{
    char change[CHANGE_SIZE];
    char place[PLACE_SIZE];
    (void)snprintf(change, sizeof change, "%s %s%s", signs[deed->change], names[deed->change],
                   deed->as_inactive ? " inactive"
                   : deed->is_swap   ? " by that"
                                     : "");
    if (deed->wanted == APPLY_NONE) {
        (void)snprintf(place, sizeof place, "--prune");
    } else {
        (void)snprintf(place, sizeof place, "%s:%zu", file_name(file->path),
                       job->app->wanted[deed->wanted].line);
    }
    table_add(table, job->app->id);
    table_add(table, change);
    table_add(table, kid_of(job, deed));
    table_add(table, use_of(job, deed));
    table_add(table, id_of(job, deed));
    table_add(table, place);
}

static void print_counts(const apply_counts *counts)
{
    const char *before = "";
    for (size_t i = 0; i < APPLY_CHANGES; i++) {
        if (counts->of[i] > 0) {
            (void)printf("%s%zu to %s", before, counts->of[i], names[i]);
            before = ", ";
        }
    }
    bool is_all_well = counts->changes == 0 && counts->failed == 0;
    (void)printf("%s%zu unchanged", is_all_well ? "no changes, " : before, counts->unchanged);
    if (counts->failed > 0) {
        (void)printf(", %zu %s", counts->failed,
                     counts->failed == 1 ? "app has problems" : "apps have problems");
    }
    (void)putchar('\n');
}

int apply_print_plan(const apply_file *file, const apply_jobs *all)
{
    static const char *const headings[] = {"APP", "CHANGE", "KID", "USE", "ID", "FROM"};
    text_table table = {.columns = sizeof headings / sizeof headings[0]};
    apply_counts counts = apply_count(all);
    int code = EXIT_DONE;
    for (size_t i = 0; counts.changes > 0 && i < table.columns; i++) {
        table_add(&table, headings[i]);
    }
    for (size_t i = 0; i < all->count; i++) {
        for (size_t j = 0; j < all->jobs[i].look.plan.count; j++) {
            add_row(&table, file, &all->jobs[i], &all->jobs[i].look.plan.deeds[j]);
        }
    }
    if (counts.changes > 0) {
        code = table_finish(&table);
    }
    if (code == EXIT_DONE) {
        print_counts(&counts);
    }
    return code;
}

/* All for programs. */

/* What became of a change. */
static const char *state_of(const apply_job *job, size_t i)
{
    if (i < job->made) {
        return "made";
    }
    if (i > job->made || !job->is_failed || !job->has_tried) {
        return "planned";
    }
    return okta_error_status(job->error) == OKTA_E_OUTCOME_UNKNOWN ? "unknown" : "failed";
}

static bool print_change(const apply_job *job, size_t i)
{
    const apply_deed *deed = &job->look.plan.deeds[i];
    bool complete = output_member_piece(i == 0 ? "{" : ",{", "change", names[deed->change]);
    complete = output_member_piece(",", "kid", kid_of(job, deed)) && complete;
    complete = output_member_piece(",", "use", use_of(job, deed)) && complete;
    complete = output_member_piece(",", "id", id_of(job, deed)) && complete;
    if (deed->change == APPLY_ADD) {
        complete = output_member_piece(",", "status", deed->as_inactive ? "INACTIVE" : "ACTIVE") && complete;
    }
    if (deed->wanted != APPLY_NONE) {
        (void)printf(",\"line\":%zu", job->app->wanted[deed->wanted].line);
    }
    complete = output_member_piece(",", "state", state_of(job, i)) && complete;
    (void)fputs("}", stdout);
    return complete;
}

static bool print_problems(const apply_plan *plan)
{
    bool complete = true;
    (void)fputs(",\"problems\":[", stdout);
    for (size_t i = 0; i < plan->problem_count; i++) {
        (void)printf("%s{\"line\":%zu", i == 0 ? "" : ",", plan->problems[i].line);
        complete = output_member_piece(",", "message", plan->problems[i].text) && complete;
        (void)fputs("}", stdout);
    }
    (void)fputs("]", stdout);
    return complete;
}

static int print_app(const apply_job *job)
{
    const apply_plan *plan = &job->look.plan;
    bool complete = output_member_piece("{", "app", job->app->id);
    int code = EXIT_DONE;
    if (job->error != NULL || job->is_left) {
        (void)fputs(",", stdout);
        code = many_print_error(job->error);
    }
    if (plan->problem_count > 0) {
        complete = print_problems(plan) && complete;
    } else if (job->look.keys != NULL) {
        (void)fputs(",\"changes\":[", stdout);
        for (size_t i = 0; i < plan->count; i++) {
            complete = print_change(job, i) && complete;
        }
        (void)printf("],\"unchanged\":%zu", plan->unchanged);
    }
    return complete ? code : report(EXIT_REFUSED, "out of memory");
}

int apply_print_json(const apply_jobs *all)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < all->count; i++) {
        (void)fputs(i == 0 ? "[" : "", stdout);
        code = print_app(&all->jobs[i]);
        (void)fputs(i + 1 == all->count ? "}]\n" : "},\n", stdout);
    }
    return code;
}

/* Failures. */

static int report_problems(const apply_file *file, const apply_job *job)
{
    const apply_plan *plan = &job->look.plan;
    for (size_t i = 0; i < plan->problem_count; i++) {
        (void)report(EXIT_REFUSED, "%s:%zu: app %s: %s", file_name(file->path), plan->problems[i].line,
                     job->app->id, plan->problems[i].text);
    }
    return EXIT_REFUSED;
}

static int report_failure(apply_job *job)
{
    char advice[COUNTS_SIZE];
    okta_error *error = job->error;
    size_t count = job->look.plan.count;
    job->error = NULL;
    if (count == 0) {
        return report_error_of(job->app->id, error, NULL);
    }
    (void)snprintf(advice, sizeof advice, "%zu of %zu changes made; run the same command again to go on",
                   job->made, count);
    return report_error_of(job->app->id, error, advice);
}

void apply_report_failures(const apply_file *file, apply_jobs *all)
{
    for (size_t i = 0; i < all->count; i++) {
        apply_job *job = &all->jobs[i];
        if (!job->is_failed || job->is_told) {
            continue;
        }
        int its = job->error != NULL ? report_failure(job) : report_problems(file, job);
        its = its == EXIT_USAGE ? EXIT_REFUSED : its;
        all->code = all->code == EXIT_DONE || all->code == its ? its : EXIT_REFUSED;
        job->is_told = true;
    }
}

void apply_sum_up(const apply_jobs *all)
{
    const char *first_left = NULL;
    size_t failed = 0;
    size_t left = 0;
    for (size_t i = 0; i < all->count; i++) {
        failed += all->jobs[i].is_failed;
        left += all->jobs[i].is_left;
        first_left = first_left == NULL && all->jobs[i].is_left ? all->jobs[i].app->id : first_left;
    }
    many_print_sum(all->count - failed - left, failed, left, first_left, all->stop);
}
