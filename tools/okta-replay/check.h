/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a document and a model say the same. */
#ifndef OKTA_REPLAY_CHECK_H
#define OKTA_REPLAY_CHECK_H

#include "json_tree.h"
#include "notes.h"
#include "json/descriptor.h"

/* Compare a document, of that type (NULL: of any), with JSON text that the library wrote, behind which a NUL
 * stands. Where the type is a list, the document may wrap the array. Errors: OKTA_E_PROTOCOL, with a pointer
 * to the first difference; OKTA_E_NOMEM. */
okta_error *check_json(oktai_arena *arena, const okta_descriptor *type, const json_node *document,
                       const char *json, size_t length);

/* Encode a model again and compare. */
okta_error *check_model(oktai_arena *arena, const okta_descriptor *type, const void *model,
                        okta_json_form form, const json_node *document);

/* Take the members out of a document that a request leaves out, since they are only read. They are noted as
 * NOTE_READ_ONLY. Errors: OKTA_E_NOMEM. */
okta_error *check_drop_read_only(const okta_descriptor *type, json_node *document, notes *into);

#endif
