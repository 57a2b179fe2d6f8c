/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping secrets out of texts that others wrote. A server or a proxy may send back what it was sent, as it
 * is or escaped; whoever shows such a text hides the secrets in it first. */
#ifndef OKTA_CORE_REDACTION_H
#define OKTA_CORE_REDACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

/* Shorter texts are no secrets: they would hide innocent words. */
#define OKTAI_SECRET_MIN 8u

/* Secrets. A zeroed set is empty. Once it is shared it is not written to any more. */
typedef struct oktai_secrets {
    oktai_arena arena;
    oktai_vector texts; /* char *: copies */
} oktai_secrets;

/* Add a copy, unless it is shorter than OKTAI_SECRET_MIN. False: out of memory. */
bool oktai_secrets_add(oktai_secrets *secrets, const char *text, size_t length);
/* Wipe and free all. */
void oktai_secrets_clear(oktai_secrets *secrets);

/* Finds secrets in texts. A zeroed one knows none; it belongs to one thread. */
typedef struct oktai_redactor {
    oktai_arena arena;
    oktai_vector patterns;
    size_t read; /* bytes of texts so far; each form that a text is read as counts */
} oktai_redactor;

/* Make a secret known, or all of a set. NULL is allowed for both. False: out of memory. */
bool oktai_redactor_add(oktai_redactor *redactor, const char *secret);
bool oktai_redactor_add_set(oktai_redactor *redactor, const oktai_secrets *secrets);

/* A text with `***` in place of each known secret: as it is, percent-encoded, form-encoded, with JSON's
 * escapes, with HTML's character references (by number, and &amp; &lt; &gt; &quot; &apos;), and in base64 or
 * base64url, also as a part of a longer one and with one of these escapes. Of base64 the
 * whole run of its letters goes. The time is linear in the length of the text, and of all texts of a redactor
 * a quarter of a second; of a text that takes longer nothing is shown. Returns `text` itself where nothing is
 * hidden, else a copy that lives as long as the redactor. NULL: out of memory. */
const char *oktai_redactor_hide(oktai_redactor *redactor, const char *text);

/* Wipe and free all. */
void oktai_redactor_clear(oktai_redactor *redactor);

#endif
