/* SPDX-License-Identifier: Apache-2.0 */
/* How a request proves who sends it. */
#ifndef OKTA_AUTH_AUTHORIZATION_H
#define OKTA_AUTH_AUTHORIZATION_H

#include "core/arena.h"
#include "okta/client.h"

/* Why a credential is refused, as the rest of a sentence that begins with its name; NULL: it is not. */
const char *oktai_authorization_refuse(const char *token);

/* How a text ends that has no end in common with what people meant: "ends in a line break" and the like;
 * NULL: it has none of these. `text` is not empty. */
const char *oktai_authorization_refuse_ends(const char *text);

/* Why a server may refuse the token of that header line, as a sentence: it looks like one that goes with
 * another scheme. NULL: it does not, or there is no line. */
const char *oktai_authorization_doubt(const char *line);

/* The header line `Authorization: scheme token`; NULL: out of memory. */
char *oktai_authorization_line(oktai_arena *arena, const char *scheme, const char *token);

#endif
