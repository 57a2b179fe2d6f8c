/* SPDX-License-Identifier: Apache-2.0 */
/* What the tool prints. Values of members never show: they may be secret. */
#ifndef OKTA_REPLAY_REPORT_H
#define OKTA_REPLAY_REPORT_H

#include "options.h"
#include "replay.h"

/* How the exchanges went. */
typedef struct report_totals {
    size_t passed;
    size_t failed;
} report_totals;

/* Print what is wrong on standard error, and release it. */
void report_problem(okta_error *error);

/* Count an outcome and print its line, if it gets one. Takes its reason. */
void report_outcome(const replay_options *options, const exchange *one, replay_outcome *outcome,
                    report_totals *totals);

/* Print the lists, whole or the head of each, the shares and the last line. */
void report_end(const replay_options *options, replay_run *run, const report_totals *totals);

#endif
