/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of requests: ids that cannot rewrite a URL, templates, and paths that callers or servers give whole.
 */
#ifndef OKTA_CORE_URI_H
#define OKTA_CORE_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"

#define OKTAI_ID_MAX 512u

/* Bytes of a URL. libcurl sends a request whose head has up to 1,048,576 bytes; the rest is for the headers.
 */
#define OKTAI_URL_MAX 1000000u

/* Why an id may not go into a path, as the rest of a sentence ("must not be empty"); NULL when it may. What
 * passes here passes oktai_uri_refuse_target() as a segment, once it is encoded. */
const char *oktai_uri_refuse_id(const char *id);

#define OKTAI_URI_BYTE_SIZE 48u

/* Which byte of `text` a refusal is about, as the end of its sentence (": a space at byte 2"); "" where it is
 * not about one byte. `reason` is what oktai_uri_refuse_id() or oktai_uri_refuse_target() gave for `text`,
 * which ends in a NUL. Returns `out`. */
const char *oktai_uri_tell_byte(const char *reason, const char *text, char out[OKTAI_URI_BYTE_SIZE]);

/* Append `template` with each `{name}` replaced by the next id, percent-encoded as a path segment (RFC 3986,
 * section 3.3). The ids have passed oktai_uri_refuse_id(). False: out of memory. */
bool oktai_uri_expand(oktai_buffer *out, const char *path_template, const char *const *ids);

/* Append text with all but unreserved characters percent-encoded (RFC 3986, section 2.3). False: out of
 * memory. */
bool oktai_uri_encode(oktai_buffer *out, const char *text);

/* Append text with its percent escapes decoded; what is no escape stays. False: out of memory. */
bool oktai_uri_decode(oktai_buffer *out, const char *text, size_t length);

/* The name of the nth placeholder of a template, without braces; false when it has fewer. */
bool oktai_uri_placeholder(const char *path_template, size_t n, const char **name, size_t *length);

/* Why `target` is no path with optional query that may be requested as it is, as the rest of a sentence; NULL
 * when it may. Refused: no leading "/"; "//"; segments `.` and `..`, also percent-encoded, in overlong UTF-8
 * and with path parameters (`..;x`); encoded `/`, `\`, `%` and control characters in the path; bad escapes;
 * fragment, space, control characters, `\`, bytes outside ASCII. `target` needs no NUL behind it. */
const char *oktai_uri_refuse_target(const char *target, size_t length);

#endif
