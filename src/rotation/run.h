/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation that runs is made of. */
#ifndef OKTA_ROTATION_RUN_H
#define OKTA_ROTATION_RUN_H

#include <pthread.h>

#include "client/task.h"
#include "core/process.h"
#include "core/worker.h"
#include "rotation/credential.h"
#include "rotation/policy.h"

/* What it is at. */
typedef enum oktai_course_stage {
    OKTAI_COURSE_IDLE,   /* it does not run */
    OKTAI_COURSE_LOAD,   /* the journal is read */
    OKTAI_COURSE_LIST,   /* a call lists what the app holds */
    OKTAI_COURSE_RECALL, /* the program is asked for the new one */
    OKTAI_COURSE_DECIDE, /* the policy says what comes next */
    OKTAI_COURSE_CALL,   /* a call of the move at hand is under way */
    OKTAI_COURSE_ASK,    /* the program is asked for the move at hand */
    OKTAI_COURSE_DID,    /* the move at hand is done */
} oktai_course_stage;

struct oktai_course;
struct oktai_plan;

/* How a step is done. The move at hand is in the course. */
typedef struct oktai_step_row {
    /* Begin it: the stage becomes CALL, ASK or DID, or the run ends. */
    okta_error *(*perform)(struct oktai_course *course);
    /* Make `seen` as it would be. NULL: it stays as it is. */
    okta_error *(*imagine)(struct oktai_course *course);
    /* Take the good answer of a call. NULL: there is nothing in it. */
    okta_error *(*take_call)(struct oktai_course *course, okta_call *call);
    /* Take the program's answer, and what it gave. NULL: it gives nothing. */
    okta_error *(*take_given)(struct oktai_course *course, oktai_credential *given);
    /* Whether this failure takes the new one back, or of one that is taken back has another one come first.
     * NULL: none does. */
    bool (*takes_back)(const struct oktai_course *course, const okta_error *error);
} oktai_step_row;

/* A key that is made beside the loop. */
typedef struct oktai_making {
    oktai_job job; /* the first member */
    struct oktai_course *course;
} oktai_making;

typedef struct oktai_course {
    oktai_task task; /* the first member */
    oktai_process owner;
    okta_rotation_options options; /* with copies of its texts, and a hold of its client */
    okta_rotation *rotation;       /* NULL: the program let go of it */

    const oktai_step_row *rows; /* by okta_rotation_step */

    oktai_course_stage stage;
    okta_loop *at; /* that it runs in */
    okta_rotation_record *record;
    oktai_seen *seen;
    oktai_credential credential;
    oktai_move move;     /* that is under way */
    okta_call *call;     /* under way; NULL: none */
    bool began;          /* a rotation, in this run or one before */
    bool has_made;       /* the new one, in this run */
    bool keeps_last;     /* the org refused to deactivate the only active one, which was given up */
    okta_error *refusal; /* of the org to add it, which it may have from an earlier request; NULL: none */
    okta_error *undoing; /* why the rotation is undone; NULL: it is not */
    okta_rotation_progress progress;
    okta_rotation_record *shown; /* that `progress` points into */
    struct oktai_plan *plan;     /* it is only planned; NULL: it is done */
    int64_t ahead_s;             /* by which a plan is ahead of the time */

    oktai_making making;

    okta_rotation_done_fn *done;
    void *done_ctx;

    atomic_bool canceled;
    pthread_mutex_t lock;   /* of what follows */
    okta_loop *loop;        /* NULL: it is in none */
    okta_rotation_ask *ask; /* that is open; NULL: none */
    bool is_making;         /* a key is being made beside the loop */
    bool answered;          /* the latest one is, or what was made is there */
    okta_error *answer;     /* with this */
    oktai_credential given; /* and this */
} oktai_course;

bool oktai_run_is_plan(const oktai_course *self);
/* Whether the move at hand is the first one of a rotation. */
bool oktai_run_is_first(const oktai_course *self);

/* Seconds since 1970. */
int64_t oktai_run_now_s(const oktai_course *self);
/* So many seconds a request of a process that ended may still arrive at the org: as long as a call lasts. */
int64_t oktai_run_late_s(const oktai_course *self);

/* How many of those that are replaced the app holds. */
size_t oktai_run_count_retired(const oktai_course *self);
/* How many new ones were given up, and may be at the org. */
size_t oktai_run_count_dropped(const oktai_course *self);

/* Takes `record`, in the place of the one before. */
void oktai_run_set_record(oktai_course *self, okta_rotation_record *record);
/* NULL: it runs in none. */
void oktai_run_set_loop(oktai_course *self, okta_loop *loop);

#endif
