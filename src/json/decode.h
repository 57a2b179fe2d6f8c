/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding of objects, and of values that hold objects. */
#ifndef OKTA_JSON_DECODE_H
#define OKTA_JSON_DECODE_H

#include "json/decoder.h"

/* The object ahead into a struct. MISMATCH: a member that must be unique stands twice. */
oktai_fit oktai_decode_model(oktai_decoder *d, const okta_descriptor *type, void *object);

/* The value ahead as an element of an array or a map: one that is no object, or a refused one, becomes a
 * model that holds nothing but its text. `slot` holds a pointer. False: the reader died. */
bool oktai_decode_element(oktai_decoder *d, const okta_descriptor *type, void *slot);
/* The array ahead. `slot` holds a pointer to pointers. False: the reader died. */
bool oktai_decode_elements(oktai_decoder *d, const okta_descriptor *type, void *slot, size_t *count);

#endif
