/* SPDX-License-Identifier: Apache-2.0 */
/* What a rotation does next, from what the journal and the org say. No I/O, no clock. */
#ifndef OKTA_ROTATION_POLICY_H
#define OKTA_ROTATION_POLICY_H

#include <stdbool.h>

#include "okta/rotation.h"

/* A key or secret of the rotation's kind that the app holds. */
typedef struct oktai_seen_item {
    const char *name;    /* the kid, or the fingerprint of a secret; NULL: it shows none */
    const char *id;      /* never NULL */
    const char *created; /* nullable */
    bool active;
} oktai_seen_item;

/* What the app holds. A root. */
typedef struct oktai_seen {
    oktai_seen_item *items; /* of the kind */
    size_t count;
    size_t room; /* how many more it may hold, those of other kinds counted in */
} oktai_seen;

typedef struct oktai_rotation_view {
    const okta_rotation_record *record;
    const oktai_seen *seen;
    bool has_new;     /* what is to be added is at hand */
    bool proves_bare; /* the proof does not need that */
    bool keeps_last;  /* the org refuses to deactivate the only active one, although it was given up */
    int64_t now_s;
} oktai_rotation_view;

/* What comes next. */
typedef struct oktai_move {
    okta_rotation_step step;     /* NONE with a phase: only the journal goes on */
    okta_rotation_phase phase;   /* that the journal has when the step is done; NONE: as before */
    const oktai_seen_item *item; /* that it is about; NULL: the new one */
    int64_t until_s;             /* WAIT */
    const char *problem;         /* why nothing can be done; else NULL */
    const char *problem_id;      /* nullable: at the org, of what it is about */
} oktai_move;

oktai_move oktai_rotation_next(const oktai_rotation_view *view);

/* The new one at the org; NULL: it is not there. */
const oktai_seen_item *oktai_rotation_ours(const okta_rotation_record *record, const oktai_seen *seen);

/* Whether the request that adds the new one may have been sent. */
bool oktai_rotation_may_be_sent(const okta_rotation_record *record);

/* Whether the program may have been asked to switch. */
bool oktai_rotation_may_be_switched(const okta_rotation_record *record);

#endif
