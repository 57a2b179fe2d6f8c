/* SPDX-License-Identifier: Apache-2.0 */
/* YAML, read by libyaml without handing it a secret. libyaml frees what it has read without wiping it.
 * Therefore it gets a copy of the text in which each letter and digit that is not part of YAML's own syntax
 * is replaced by a mark. It finds the structure in that copy, and the letters and digits of each scalar are
 * then put back from the text. */
#ifndef OKTA_CONFIG_YAML_H
#define OKTA_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "okta/error.h"

/* A position in the text, and the same position in the copy with marks. */
typedef struct oktai_yaml_cursor {
    const char *text;
    const char *marked;
    size_t index; /* in characters, as libyaml counts */
} oktai_yaml_cursor;

typedef struct oktai_yaml {
    const char *name; /* of the file, for errors */
    const char *end;  /* of the text */
    oktai_buffer marked;
    oktai_yaml_cursor at;
    yaml_parser_t parser;
    bool has_parser;
    bool has_document; /* the first one has begun */
    oktai_arena arena; /* of the scalars */
} oktai_yaml;

/* What comes next: one of YAML_SCALAR_EVENT, YAML_MAPPING_START_EVENT and so on. */
typedef struct oktai_yaml_node {
    yaml_event_type_t type;
    const char *text; /* of a scalar; lives as long as the reader */
    bool is_plain;    /* a scalar without quotes */
    size_t line;      /* counted from 1 */
} oktai_yaml_node;

/* Begin with a text of UTF-8, which must outlive the reader. A zeroed reader; oktai_yaml_end() in any case.
 * Errors of both functions: OKTA_E_CONFIG with file and line, OKTA_E_NOMEM. */
okta_error *oktai_yaml_begin(oktai_yaml *yaml, const char *name, const char *text, size_t length);

/* Refused beside what is not YAML: anchors, aliases, tags, a NUL in a scalar, a second document. */
okta_error *oktai_yaml_next(oktai_yaml *yaml, oktai_yaml_node *out);

/* Wipe and free. */
void oktai_yaml_end(oktai_yaml *yaml);

/* An error about a line, as in "/home/a/.okta/okta.yaml:3: ...". */
okta_error *oktai_yaml_refuse(const oktai_yaml *yaml, size_t line, const char *reason);

#endif
