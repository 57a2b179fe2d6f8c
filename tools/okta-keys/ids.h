/* SPDX-License-Identifier: Apache-2.0 */
/* The ids that a command line names. The library refuses the same ones, when a call is made; the tool says so
 * before anything is sent, and in the words of its user. */
#ifndef OKTA_KEYS_IDS_H
#define OKTA_KEYS_IDS_H

#include "command_line.h"

#define IDS_WHY_SIZE 64u
/* What is shown of an id at most, in bytes. */
#define IDS_SHOWN_MAX 60u

/* Why a word is no id, which may be written to `why`. NULL: it is one. */
const char *ids_refuse(const char *id, char why[IDS_WHY_SIZE]);

/* For printf's "%.*s%s": the id, cut where it is too long to be shown, and what tells so. */
#define IDS_SHOWN(id) (int)ids_shown(id), id, ids_shown(id) == strlen(id) ? "" : "..."
size_t ids_shown(const char *id);

/* What stands in front of an id in a command that is advised: "-- ", or nothing. */
const char *ids_ahead(const char *id);

/* Look at the arguments of a command that are ids. Returns EXIT_DONE, or the exit code after it has said what
 * is wrong. */
int ids_check(const command_line *options);

#endif
