/* SPDX-License-Identifier: Apache-2.0 */
/* One cell: a cause, what became of the request, and whether the list can be read. */
#ifndef OKTA_TESTS_FAULTS_SETTLE_CELL_H
#define OKTA_TESTS_FAULTS_SETTLE_CELL_H

#include "faults/settle_org.h"
#include "faults/settle_world.h"

/* What all cells of a table came to. */
typedef struct settle_tally {
    unsigned cells;
    unsigned lost;      /* the caller is told of a key that the org does not have */
    unsigned duplicate; /* the org has it twice */
    unsigned orphan;    /* the org has it, and the caller is told that it does not */
    unsigned failed;    /* cells with any complaint, those above included */
} settle_tally;

const char *settle_fate_name(settle_fate fate);
const char *settle_list_name(settle_list list);

/* Run it, print a line, and count. */
void settle_cell_run(const settle_plan *plan, settle_tally *tally);
/* All three fates with all three lists. */
void settle_cells_run(const settle_cause *cause, unsigned strikes, settle_tally *tally);

/* Print the line of totals; fails the test when there is anything but cells. */
void settle_tally_end(const char *name, const settle_tally *tally, unsigned cells);

/* The same, but the client is a process that is killed when it sent so many requests, and another one
 * finishes: it asks whether the key is there, adds it if not, and if that is refused, asks again. False: it
 * ended before that, and nothing is counted. */
bool settle_kill_run(const settle_plan *plan, settle_tally *tally);

#endif
