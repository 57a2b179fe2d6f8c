/* SPDX-License-Identifier: Apache-2.0 */
/* The model engine: walks rows to decode, encode, copy and redact any model. */
#ifndef OKTA_JSON_ENGINE_H
#define OKTA_JSON_ENGINE_H

#include "core/buffer.h"
#include "core/redaction.h"
#include "okta/error.h"
#include "json/descriptor.h"
#include "json/model_parts.h"
#include "json/reader.h"

/* What decoding set aside: known members whose value does not fit the struct. */
typedef struct oktai_decode_report {
    size_t set_aside;
    const char *first_name; /* a row's name; NULL: none */
} oktai_decode_report;

/* Decode a body into a root. After success the root owns the body's memory and the buffer is empty; after an
 * error the buffer still has it. `watch` ends it early; nullable, as `report` is. Errors: OKTA_E_PROTOCOL,
 * OKTA_E_NOMEM; OKTA_E_TIMEOUT and OKTA_E_CANCELED by the watch. */
okta_error *oktai_engine_decode(const okta_descriptor *type, oktai_buffer *body, const oktai_watch *watch,
                                void **out, oktai_decode_report *report);

/* The same into the memory of `root`, an earlier result of this library: `*out` goes with it and is no root.
 * After an error, what was decoded so far stays in that memory. */
okta_error *oktai_engine_decode_more(const okta_descriptor *type, oktai_buffer *body,
                                     const oktai_watch *watch, void *root, void **out,
                                     oktai_decode_report *report);

/* The same as oktai_engine_decode() for text that the library itself wrote from a model, and without its
 * limit of memory: a model that fits into memory once may be copied, however many small elements it has. */
okta_error *oktai_engine_decode_own(const okta_descriptor *type, oktai_buffer *body, void **out);

/* Whether the member of a row is set. One beyond the struct of a program with older headers is not. */
bool oktai_row_is_set(const oktai_row *row, const okta_model *model);

/* How the struct shows the value of a member. */
typedef enum oktai_member_fit {
    OKTAI_MEMBER_SHOWN,
    OKTAI_MEMBER_SHOWN_PARTLY, /* its text is to be kept beside the struct */
    OKTAI_MEMBER_NOT_SHOWN,
} oktai_member_fit;

/* Decode the value of one member: `row` is the first row of its name, `json` one good value that lives in the
 * arena. `object` is a zeroed struct of the row's model; where the value is not shown, its members have no
 * meaning. Errors: OKTA_E_NOMEM. */
okta_error *oktai_engine_decode_member(const oktai_row *row, const char *json, oktai_arena *arena,
                                       void *object, oktai_member_fit *out);

/* Whether the object ahead has a member of that model, links apart. Nothing is consumed. A name with escapes
 * lies in `arena`; without memory `no_memory` of the reader is set. */
bool oktai_engine_has_member(const okta_descriptor *type, oktai_reader *reader, oktai_arena *arena);

/* Whether the value ahead, where a list of type `type` is due, is an object that is the only element of that
 * list: it has a member of the items' model, and the list never stands in an object. As above. */
bool oktai_engine_is_element(const okta_descriptor *type, oktai_reader *reader, oktai_arena *arena);

/* Append a model as JSON. Errors: OKTA_E_ARG, OKTA_E_NOMEM. */
okta_error *oktai_engine_encode(const okta_descriptor *type, const void *model, okta_json_form form,
                                oktai_buffer *out);

/* Append JSON text with secret values replaced by "***". Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_engine_redact(const okta_descriptor *type, const char *json, size_t length,
                                oktai_buffer *out);

/* The same for JSON text that is the value of a member: `row` is a row of `type`, with all others of its
 * name.
 */
okta_error *oktai_engine_redact_value(const okta_descriptor *type, const oktai_row *row, const char *json,
                                      size_t length, oktai_buffer *out);

/* Add the strings of all secret values in JSON text. A NUL stands behind it. Errors: OKTA_E_PROTOCOL,
 * OKTA_E_NOMEM. */
okta_error *oktai_engine_secrets(const okta_descriptor *type, const char *json, size_t length,
                                 oktai_secrets *out);

/* A buffer's text as a root that the caller owns. The buffer is cleared, also without memory. */
okta_error *oktai_text_hand_out(oktai_buffer *buffer, char **out, size_t *out_length);

/* Whether members of this name hold secrets in objects that no model describes. */
bool oktai_is_secret_name(const char *name, size_t length);

/* JSON that no model describes: only names tell what in it is secret. */
extern const okta_descriptor oktai_free_form_model;

/* Whether a member is secret. `row` is the first row of its name; where it is NULL, the name alone tells. */
bool oktai_is_secret(const okta_descriptor *type, const oktai_row *row, const char *name, size_t length);

/* Why a reader died, as an error: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_engine_damage(const oktai_reader *reader);
/* The same of a reader whose values go into an arena that has a limit. */
okta_error *oktai_engine_damage_within(const oktai_reader *reader, const oktai_arena *arena);

/* How many bytes a text of this length may take when it is decoded, beside the text itself. */
size_t oktai_engine_memory_limit(size_t length);

/* Errors: OKTA_E_PROTOCOL when this is not one strict JSON document, OKTA_E_NOMEM; OKTA_E_TIMEOUT and
 * OKTA_E_CANCELED by `watch` (nullable). A NUL stands behind `json`. */
okta_error *oktai_engine_check(const char *json, size_t length, const oktai_watch *watch);

#endif
