/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a JSON document a decoded model shows by its members. */
#ifndef OKTA_REPLAY_MEMBERS_H
#define OKTA_REPLAY_MEMBERS_H

#include "json_tree.h"
#include "notes.h"
#include "json/descriptor.h"

/* Zeroed nothing was counted. A member counts once, whatever is in it; members of members count, too. What
 * stands in a map, among links or in free-form JSON under a name of its own is no member, and neither is what
 * an object has beyond its described members where the description allows it. */
typedef struct member_counts {
    size_t typed; /* a null of a known member and an enum's value that is newer than the library, too */
    size_t unknown;
    size_t other_type;
    size_t newer_values; /* of those that are typed */
    size_t doubled;      /* that an object has before already: the first one counts */
} member_counts;

void member_counts_add(member_counts *to, const member_counts *more);

/* Where to count, and what to list: `notes_from` is NOTE_UNKNOWN or NOTE_SENT_UNKNOWN. */
typedef struct member_tally {
    member_counts counts;
    notes *notes;
    note_kind notes_from;
    bool no_memory;
} member_tally;

/* Count the members of a document that `model`, of that type, was decoded from. */
void members_count(member_tally *tally, const okta_descriptor *type, const void *model,
                   const json_node *document);

/* Count and list the members of a document that stand twice in an object, as those of `owner`. Errors:
 * OKTA_E_NOMEM. */
okta_error *members_count_doubled(member_tally *tally, oktai_arena *arena, const char *owner,
                                  const json_node *document);

/* Count the members of an object that no model was decoded from, as unknown ones of `owner`. */
void members_count_unknown(member_tally *tally, const char *owner, const json_node *document);

/* The array that a list is decoded from: the document, or what its wrappers lead to. Where the document is
 * the only element of the list: NULL. */
const json_node *members_list(const okta_descriptor *type, const json_node *document);

/* The row that takes a value of a member; NULL: the type has none of the name. */
const oktai_row *members_row(const okta_descriptor *type, const json_node *member);

#endif
