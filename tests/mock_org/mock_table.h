/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Reading the generated tables of mock_operation.h. Pure functions: no state, no HTTP.
 */
#ifndef OKTA_TESTS_MOCK_ORG_TABLE_H
#define OKTA_TESTS_MOCK_ORG_TABLE_H

#include "mock_operation.h"
#include "mock_path.h"

/** A text of a table, read. */
typedef struct mock_value {
    char kind;     /**< the letter; NUL: none */
    size_t number; /**< of its shape or enum */
    bool required;
    bool read_only;
    bool write_only;  /**< no answer has it */
    bool commas;      /**< a list that is one text */
    const char *name; /**< behind the space; "" where there is none */
} mock_value;

/** Read a text; NULL is the value of kind NUL. */
mock_value mock_value_of(const char *text);
/** The first member of a shape with this name; kind NUL: none. */
mock_value mock_shape_member(size_t shape, const char *name);
/** Whether a list of texts, NULL at its end or NULL itself, has this one. */
bool mock_texts_have(const char *const *texts, const char *text);
/** Whether words with spaces between, or NULL, have this one. */
bool mock_words_have(const char *words, const char *word);

/**
 * The operation that a request is for. Where a path fits several, a segment that is spelled out goes before a
 * placeholder. NULL: there is none; then `out_known` says whether another method has it.
 */
const mock_operation *mock_table_find(const char *method, const mock_path *path, bool *out_known);
/** The operation with this method whose path is the same template; NULL: none. */
const mock_operation *mock_table_at(const char *method, const char *path);

/** A template, segment by segment: `*inout_at` begins at the path and moves on. False: it is at its end. */
typedef struct mock_step {
    const char *text; /**< without its slash */
    size_t length;
    bool placeholder;
} mock_step;
bool mock_step_next(const char **inout_at, mock_step *out);

/** The place whose path is the first `length` bytes of `path`; NULL: none. */
const mock_place *mock_place_find(const char *path, size_t length);
/** The place of the objects in the collection at this template; NULL: it is no collection. */
const mock_place *mock_place_in(const char *path);

/** What a list at a template holds. Kind NUL: no list is there. */
typedef struct mock_list {
    mock_value element;  /**< of kind 'o' or 's' */
    const char *wrapper; /**< the member of the answer that is the list; NULL: the answer is it */
} mock_list;
mock_list mock_list_of(const mock_operation *operation);

#endif
