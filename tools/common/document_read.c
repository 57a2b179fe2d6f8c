/* SPDX-License-Identifier: Apache-2.0 */
/* From the events of libyaml to the tree. */
#include "document_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MAX    32u
#define VALUES_MAX   1000000u
#define MEMBERS_MAX  64u
#define MESSAGE_SIZE 1024u
#define REASON_SIZE  320u
#define NAME_MAX     600
#define WORD_MAX     60

/* A sequence or mapping whose end did not come yet. */
typedef struct open_node {
    document_node *node;
    document_node *last; /* element or member */
    document_node *name; /* of the member whose value comes next */
} open_node;

typedef struct builder {
    document *document;
    yaml_parser_t parser;
    open_node open[DEPTH_MAX];
    size_t depth;
    bool has_document; /* the first one has begun */
    bool is_at_end;
} builder;

static okta_error *no_memory(void)
{
    return okta_error_new(OKTA_E_NOMEM, NULL);
}

static okta_error *refuse(const document *self, size_t line, const char *reason)
{
    char message[MESSAGE_SIZE];
    (void)snprintf(message, sizeof message, "%.*s:%zu: %s", NAME_MAX, self->name, line, reason);
    return okta_error_new(OKTA_E_CONFIG, message);
}

/* libyaml tells the line of a mistake in the syntax, and the byte of a character that it does not read. */
static okta_error *refuse_syntax(const builder *self, const char *text, size_t length)
{
    const yaml_parser_t *parser = &self->parser;
    char reason[REASON_SIZE];
    size_t line = parser->problem_mark.line + 1;
    if (parser->error == YAML_MEMORY_ERROR) {
        return no_memory();
    }
    if (parser->error == YAML_READER_ERROR) {
        line = 1;
        for (size_t i = 0; i < length && i < parser->problem_offset; i++) {
            line += text[i] == '\n';
        }
    }
    (void)snprintf(reason, sizeof reason, "this is neither YAML nor JSON: %s",
                   parser->problem == NULL ? "it does not end well" : parser->problem);
    return refuse(self->document, line, reason);
}

/* Nodes. */

/* NULL: `*error` tells why there is none. */
static document_node *new_node(document *self, const yaml_event_t *event, okta_error **error)
{
    bool is_scalar = event->type == YAML_SCALAR_EVENT;
    size_t length = is_scalar ? event->data.scalar.length : 0;
    size_t line = event->start_mark.line + 1;
    if (self->count == VALUES_MAX) {
        *error = refuse(self, line, "there are too many values in this file");
        return NULL;
    }
    if (is_scalar && memchr(event->data.scalar.value, '\0', length) != NULL) {
        *error = refuse(self, line, "a NUL is not accepted");
        return NULL;
    }
    document_node *node = calloc(1, sizeof *node + length + 1);
    if (node == NULL) {
        *error = no_memory();
        return NULL;
    }
    node->before = self->latest;
    node->line = line;
    node->kind = is_scalar                                 ? DOCUMENT_SCALAR
                 : event->type == YAML_MAPPING_START_EVENT ? DOCUMENT_MAPPING
                                                           : DOCUMENT_SEQUENCE;
    if (is_scalar) {
        node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        memcpy(node->text, event->data.scalar.value, length);
    }
    self->latest = node;
    self->count++;
    return node;
}

static okta_error *take_name(builder *self, open_node *open, document_node *name)
{
    char reason[REASON_SIZE];
    if (name->kind != DOCUMENT_SCALAR) {
        return refuse(self->document, name->line, "the name of a member is a text");
    }
    const document_node *twin = document_member(open->node, name->text);
    if (twin != NULL) {
        (void)snprintf(reason, sizeof reason, "%.*s: it is on line %zu already", WORD_MAX, name->text,
                       twin->line);
        return refuse(self->document, name->line, reason);
    }
    if (open->node->count == MEMBERS_MAX) {
        return refuse(self->document, name->line, "a mapping has more than 64 members");
    }
    open->name = name;
    return NULL;
}

static void link_node(open_node *open, document_node *node)
{
    node->parent = open->node;
    if (open->name != NULL) {
        node->name = open->name;
        node->line = open->name->line;
        open->name = NULL;
    }
    if (open->last == NULL) {
        open->node->first = node;
    } else {
        open->last->next = node;
    }
    open->last = node;
    open->node->count++;
}

/* Put a node where it belongs: it is the root, the name of a member, its value, or an element. */
static okta_error *place(builder *self, document_node *node)
{
    open_node *open = self->depth > 0 ? &self->open[self->depth - 1] : NULL;
    if (open != NULL && open->node->kind == DOCUMENT_MAPPING && open->name == NULL) {
        return take_name(self, open, node);
    }
    if (open == NULL) {
        self->document->root = node;
    } else {
        link_node(open, node);
    }
    if (node->kind == DOCUMENT_SCALAR) {
        return NULL;
    }
    if (self->depth == DEPTH_MAX) {
        return refuse(self->document, node->line, "values are nested too deeply");
    }
    self->open[self->depth++] = (open_node){.node = node};
    return NULL;
}

/* Events. */

static okta_error *check_properties(const document *self, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    size_t line = event->start_mark.line + 1;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    }
    if (event->type == YAML_ALIAS_EVENT || anchor != NULL) {
        return refuse(self, line,
                      "anchors and aliases are not accepted: quote a value that begins with & or *");
    }
    return tag == NULL ? NULL : refuse(self, line, "tags are not accepted: quote a value that begins with !");
}

static okta_error *take_event(builder *self, const yaml_event_t *event)
{
    document_node *node = NULL;
    okta_error *error = check_properties(self->document, event);
    if (error != NULL) {
        return error;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (self->has_document) {
            return refuse(self->document, event->start_mark.line + 1, "a second document is not accepted");
        }
        self->has_document = true;
        return NULL;
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        node = new_node(self->document, event, &error);
        return node == NULL ? error : place(self, node);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        self->depth--;
        return NULL;
    case YAML_STREAM_END_EVENT:
        self->is_at_end = true;
        return NULL;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_ALIAS_EVENT:
    default:
        return NULL;
    }
}

/* Directives for tags are of no use here, and libyaml compares each with all before it. A byte that ends a
 * line break of YAML stands before one; whatever else ends with that byte is taken for a break as well. */
static okta_error *refuse_tag_directives(const document *self, const char *text, size_t length)
{
    static const char name[] = "%TAG";
    size_t line = 1;
    for (size_t i = 0; i < length; i++) {
        bool begins = i == 0 || strchr("\n\r\x85\xa8\xa9", text[i - 1]) != NULL;
        if (begins && length - i >= sizeof name - 1 && memcmp(text + i, name, sizeof name - 1) == 0) {
            return refuse(self, line, "tags are not accepted");
        }
        line += text[i] == '\n';
    }
    return NULL;
}

static okta_error *build(builder *self, const char *text, size_t length)
{
    okta_error *error = refuse_tag_directives(self->document, text, length);
    yaml_parser_set_encoding(&self->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&self->parser, (const unsigned char *)text, length);
    while (error == NULL && !self->is_at_end) {
        yaml_event_t event;
        if (!yaml_parser_parse(&self->parser, &event)) {
            return refuse_syntax(self, text, length);
        }
        error = take_event(self, &event);
        yaml_event_delete(&event);
    }
    if (error == NULL && self->document->root == NULL) {
        error = refuse(self->document, 1, "there is nothing in this file");
    }
    return error;
}

okta_error *document_read(const char *name, const char *text, size_t length, document **out)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    document *self = calloc(1, sizeof *self + strlen(name) + 1);
    builder all = {.document = self};
    okta_error *error = NULL;
    *out = NULL;
    if (self == NULL) {
        return no_memory();
    }
    memcpy(self->name, name, strlen(name));
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (length > DOCUMENT_MAX) {
        error = refuse(self, 1, "this file is larger than 16 MiB");
    } else if (!yaml_parser_initialize(&all.parser)) {
        error = no_memory();
    } else {
        error = build(&all, text, length);
        yaml_parser_delete(&all.parser);
    }
    if (error != NULL) {
        document_free(self);
        return error;
    }
    *out = self;
    return NULL;
}
