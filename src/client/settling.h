/* SPDX-License-Identifier: Apache-2.0 */
/* How far it is known what became of a write whose answer was lost. */
#ifndef OKTA_CLIENT_SETTLING_H
#define OKTA_CLIENT_SETTLING_H

#include "core/arena.h"
#include "okta/error.h"
#include "json/descriptor.h"

/* The ids in a list, in order, for finding those that are new in a later one. Zeroed it is empty. */
typedef struct oktai_known_ids {
    oktai_any_list *list; /* that the ids are texts of */
    oktai_arena arena;
    const char **ids;
    size_t count;
} oktai_known_ids;

void oktai_known_ids_clear(oktai_known_ids *known);

/* What a settler does with a call. */
typedef enum oktai_settling_phase {
    OKTAI_SETTLING_NOTHING,
    OKTAI_SETTLING_NOTES,    /* lists what is there before a create */
    OKTAI_SETTLING_SEARCHES, /* lists what is there, to find what was created */
    OKTAI_SETTLING_PAUSES,   /* before the next search */
    OKTAI_SETTLING_REPEATS,  /* the create was sent again */
    OKTAI_SETTLING_REPORTS,  /* lists what is there, to tell what is new */
    OKTAI_SETTLING_BETWEEN,  /* reads the object of a lifecycle call between two attempts */
    OKTAI_SETTLING_STATE,    /* ... after the last one */
} oktai_settling_phase;

/* Zeroed nothing is to be settled. */
typedef struct oktai_settling {
    oktai_settling_phase phase;
    okta_error *unknown; /* of the sending that is to be settled; NULL: none */
    unsigned rounds;     /* of searches, with a sending before each */
    unsigned looks;      /* searches of this round */
    oktai_known_ids known;
} oktai_settling;

#endif
