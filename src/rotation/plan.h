/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a rotation that is only planned. */
#ifndef OKTA_ROTATION_PLAN_H
#define OKTA_ROTATION_PLAN_H

#include "core/arena.h"
#include "rotation/policy.h"

/* Stands for the name and the id of the new one, which it has not got yet. */
#define OKTAI_PLANNED "\n"

typedef struct oktai_plan {
    okta_rotation_plan *plan; /* a root */
    oktai_vector steps;
    bool names_keys; /* a secret's name is its fingerprint, which nobody else knows it by */
} oktai_plan;

/* Add what a move does. Errors: OKTA_E_NOMEM. */
okta_error *oktai_plan_add(oktai_plan *plan, const oktai_move *move, int64_t wait_s);

#endif
