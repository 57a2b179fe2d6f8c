/* SPDX-License-Identifier: Apache-2.0 */
/* From the keys that a file wants in an app, and those that the app has, to the changes that make them the
 * same. Nothing here reads or sends.
 *
 * The changes come in an order in which a login works at every moment, however far they get: what is added
 * and activated comes before what is deactivated and deleted. Whatever a run left undone, the next plan goes
 * on from there. */
#ifndef OKTA_KEYS_APPLY_PLAN_H
#define OKTA_KEYS_APPLY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most keys of an app. */
#define APPLY_KEYS_MAX 50u

typedef enum apply_status {
    APPLY_ACTIVE,
    APPLY_INACTIVE,
    APPLY_ABSENT,
} apply_status;

typedef enum apply_use {
    APPLY_ANY_USE, /* the file does not say */
    APPLY_SIG,
    APPLY_ENC,
} apply_use;

/* A key in the file. */
typedef struct apply_wanted {
    const char *kid;
    const char *thumbprint; /* NULL: only the kid is told */
    const char *alg;        /* NULL: the file does not say */
    apply_use use;
    apply_status status;
    size_t line;
} apply_wanted;

/* A key of the app. */
typedef struct apply_held {
    const char *id;
    const char *kid;        /* NULL: it has none */
    const char *thumbprint; /* NULL: its material cannot be read */
    const char *alg;        /* nullable */
    bool encrypts;
    bool is_active;
} apply_held;

typedef enum apply_change {
    APPLY_ADD,
    APPLY_ACTIVATE,
    APPLY_DEACTIVATE,
    APPLY_DELETE,
} apply_change;
#define APPLY_CHANGES 4u

#define APPLY_NONE SIZE_MAX

typedef struct apply_deed {
    apply_change change;
    size_t wanted;    /* in the file; APPLY_NONE: it is not there, and pruned */
    size_t held;      /* in the app; APPLY_NONE: it is added by this plan */
    bool as_inactive; /* how it is added */
    bool is_swap;     /* it comes with the activation before it, and needs no call */
} apply_deed;

/* What stands against a plan, and where in the file. */
#define APPLY_PROBLEM_SIZE 320u
typedef struct apply_problem {
    size_t line;
    char text[APPLY_PROBLEM_SIZE];
} apply_problem;

/* With a problem there are no deeds. */
typedef struct apply_plan {
    apply_deed *deeds; /* in their order */
    size_t count;
    apply_problem *problems;
    size_t problem_count;
    size_t unchanged; /* keys of the file that are as it wants them */
} apply_plan;

/* What a plan is made of. */
typedef struct apply_question {
    const apply_wanted *wanted; /* each kid once */
    size_t wanted_count;
    const apply_held *held;
    size_t held_count;
    size_t line; /* of the app in the file */
    bool prune;  /* keys that the file does not name are deleted */
} apply_question;

/* Make the plan; apply_plan_clear() in any case. False: out of memory. */
bool apply_plan_make(const apply_question *question, apply_plan *out);
void apply_plan_clear(apply_plan *plan);

/* Whether the keys of an app, seen twice, ask for the same changes of the same keys. */
bool apply_plan_is_same(const apply_plan *first, const apply_held *first_held, const apply_plan *second,
                        const apply_held *second_held);

#endif
