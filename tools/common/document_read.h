/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a document. */
#ifndef TOOLS_COMMON_DOCUMENT_READ_H
#define TOOLS_COMMON_DOCUMENT_READ_H

#include "document.h"

/* The most bytes of a text. */
#define DOCUMENT_MAX ((size_t)16 * 1024 * 1024)

/* Read a text of UTF-8. `name` is that of its file, for errors; it is copied. `*out` is NULL after a failure.
 * Errors: OKTA_E_CONFIG, "FILE:LINE: reason"; OKTA_E_NOMEM. */
okta_error *document_read(const char *name, const char *text, size_t length, document **out);

#endif
