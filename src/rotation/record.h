/* SPDX-License-Identifier: Apache-2.0 */
/* Records of the journal. One that is made never changes: a change is another one. */
#ifndef OKTA_ROTATION_RECORD_H
#define OKTA_ROTATION_RECORD_H

#include <stdbool.h>

#include "okta/rotation_journal.h"

/* How often a record that is made from another one has been written: once more. What a change leaves alone is
 * as in `before`. */
typedef struct oktai_record_change {
    const okta_rotation_record *before;
    okta_rotation_phase phase;
    const char *name;                 /* nullable */
    const char *id;                   /* nullable */
    const okta_rotation_other *added; /* one more of `others`; NULL: none */
    int64_t due_s;
    int64_t quiet_s;
} oktai_record_change;

/* The change that changes nothing but the revision. */
oktai_record_change oktai_record_keep(const okta_rotation_record *record);
/* Errors: OKTA_E_NOMEM. */
okta_error *oktai_record_change_to(const oktai_record_change *change, okta_rotation_record **out);

/* Whether it took an earlier rotation over that had still something to delete. */
bool oktai_record_has_before(const okta_rotation_record *record);
/* That one, as it goes on. Errors: OKTA_E_NOMEM. */
okta_error *oktai_record_back_to_before(const okta_rotation_record *record, int64_t due_s,
                                        okta_rotation_record **out);

/* One of its others by its id or its name: one that is added again has another id. NULL: it is none of them.
 */
const okta_rotation_other *oktai_record_find(const okta_rotation_record *record, const char *name,
                                             const char *id);

/* The flags of that one; 0: it is none of them. */
unsigned oktai_record_flags(const okta_rotation_record *record, const char *name, const char *id);

/* Whether two texts are there and alike. */
bool oktai_record_same(const char *a, const char *b);

#endif
