/* SPDX-License-Identifier: Apache-2.0 */
/* What `apply` prints. */
#ifndef OKTA_KEYS_APPLY_PRINT_H
#define OKTA_KEYS_APPLY_PRINT_H

#include "apply_jobs.h"

/* How many changes the plans have, of each kind and in all; and how many apps have none, since something is
 * wrong with them. */
typedef struct apply_counts {
    size_t of[APPLY_CHANGES];
    size_t changes;
    size_t unchanged;
    size_t made;
    size_t failed; /* apps */
} apply_counts;
apply_counts apply_count(const apply_jobs *all);

/* Print the plans as a table, and its sum. Returns an exit code. */
int apply_print_plan(const apply_file *file, const apply_jobs *all);

/* Print all as one array: the changes of each app, and what became of them. Returns an exit code. */
int apply_print_json(const apply_jobs *all);

/* Say what failed and was not told yet, a line each, and note the exit code. Errors are gone behind it. */
void apply_report_failures(const apply_file *file, apply_jobs *all);

/* The last line: how many apps are done. */
void apply_sum_up(const apply_jobs *all);

#endif
