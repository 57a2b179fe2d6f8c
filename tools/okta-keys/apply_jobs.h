/* SPDX-License-Identifier: Apache-2.0 */
/* The apps of a file side by side: what they have is read, and their plans are carried out. */
#ifndef OKTA_KEYS_APPLY_JOBS_H
#define OKTA_KEYS_APPLY_JOBS_H

#include "apply_look.h"
#include "command_line.h"
#include "many_work.h"

struct apply_jobs;

/* An app. */
typedef struct apply_job {
    struct apply_jobs *all;
    const apply_app *app;
    apply_look look;   /* the latest that is what the plan was made from */
    size_t made;       /* changes of the plan that were made, from the first on */
    okta_error *error; /* why it failed */
    okta_call *call;   /* on its way */
    char **added_ids;  /* of the keys that were added, by their places in the file; NULL: none yet */
    bool is_failed;
    bool is_told;    /* why it failed */
    bool is_left;    /* it was not begun */
    bool waits;      /* for its turn */
    bool has_looked; /* again, before the first change */
    bool has_tried;  /* the first change was begun */
} apply_job;

typedef struct apply_jobs {
    okta_client *client;
    apply_job *jobs;
    size_t count;
    size_t at_once;
    bool prune;
    bool stops_at_failure;
    many_stop stop; /* why no further app is begun */
    int code;       /* of all failures that were told */

    /* While they run. */
    const struct apply_phase *phase;
    okta_loop *loop;
    size_t running;
    size_t ended;
    size_t due;
    size_t failed;
} apply_jobs;

/* Whether an app has changes to make, and nothing stands against them. */
bool apply_job_is_due(const apply_job *job);

/* Read what the apps have, and plan. The first signal ends it. */
okta_error *apply_jobs_look(apply_jobs *all);

/* Carry out the plans of all that are due. Each app is read once more: where its keys are not those of the
 * plan any more, it fails. The first signal ends it, and what was not begun is left. */
okta_error *apply_jobs_carry_out(apply_jobs *all);

void apply_job_clear(apply_job *job);

#endif
