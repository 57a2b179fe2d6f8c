/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/plan.h"

#include <string.h>

#include "core/error.h"

static const char *const step_names[] = {"none",   "make",       "store",  "add",  "activate", "prove",
                                         "switch", "deactivate", "delete", "wait", "finish"};

const char *okta_rotation_step_name(okta_rotation_step step)
{
    return (size_t)step < sizeof step_names / sizeof *step_names ? step_names[step] : "unknown";
}

okta_error *oktai_plan_add(oktai_plan *plan, const oktai_move *move, int64_t wait_s)
{
    if (move->step == OKTA_ROTATION_STEP_NONE) {
        return NULL;
    }
    oktai_arena *arena = oktai_root_arena(plan->plan);
    okta_rotation_plan_step *step = oktai_arena_push(arena, &plan->steps, sizeof *step);
    if (step == NULL) {
        return oktai_error_nomem();
    }
    step->step = move->step;
    step->wait_s = wait_s;
    plan->plan->steps = plan->steps.data;
    plan->plan->count = plan->steps.count;
    if (move->item == NULL || strcmp(move->item->id, OKTAI_PLANNED) == 0) {
        return NULL; /* the new one has no id yet */
    }
    step->kid = plan->names_keys ? move->item->name : NULL;
    step->id = move->item->id;
    bool good = oktai_arena_keep(arena, &step->kid) && oktai_arena_keep(arena, &step->id);
    return good ? NULL : oktai_error_nomem();
}
