/* SPDX-License-Identifier: Apache-2.0 */
/* Values of the configuration file that are not those of a document. */
#ifndef OKTA_ROTATIOND_CONFIG_VALUES_H
#define OKTA_ROTATIOND_CONFIG_VALUES_H

#include "common/document.h"

/* Who reads the file. */
typedef struct config_reader {
    document *source;
    bool has_memory; /* it was never out of memory */
} config_reader;

/* A copy of a text; NULL: it is not there, or is refused. */
char *config_text(config_reader *reader, const document_node *node);

/* The same of scopes, which are no list. */
char *config_scopes(config_reader *reader, const document_node *node);

/* Digits and nothing else, with quotes or without; NULL: it is none. */
const char *config_digits(const document_node *node);

/* A time such as 30s, 5m, 24h or 7d, in seconds. */
int64_t config_duration(config_reader *reader, const document_node *node, int64_t fallback);

#endif
