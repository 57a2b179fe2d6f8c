/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are no objects with rows: see okta/values.h. */
#ifndef OKTA_JSON_PLAIN_H
#define OKTA_JSON_PLAIN_H

#include "core/buffer.h"
#include "core/watch.h"
#include "okta/error.h"
#include "okta/values.h"
#include "json/descriptor.h"

extern const okta_descriptor oktai_string_list_model;
extern const okta_descriptor oktai_json_model;
extern const okta_descriptor oktai_bytes_model;
extern const okta_descriptor oktai_location_model;

/* Whether a value of that type has JSON at all. */
bool oktai_plain_has_json(const okta_descriptor *type);

/* Decode JSON into a root, which owns the body's memory after success. The type is a list of strings or JSON.
 * `watch` is nullable. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM, those of the watch. */
okta_error *oktai_plain_decode(const okta_descriptor *type, oktai_buffer *body, const oktai_watch *watch,
                               void **out);

/* Append such a value as JSON. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_plain_encode(const okta_descriptor *type, const void *value, oktai_buffer *out);

/* A copy as a root. */
okta_error *oktai_plain_copy(const okta_descriptor *type, const void *value, void **out);

/* A root with bytes and their media type, nullable. It owns the body's memory after success. Errors:
 * OKTA_E_NOMEM. */
okta_error *oktai_bytes_take(oktai_buffer *body, const char *media_type, void **out);

/* A root with a location, nullable. Errors: OKTA_E_NOMEM. */
okta_error *oktai_location_new(const char *url, void **out);

#endif
