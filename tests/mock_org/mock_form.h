/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An application/x-www-form-urlencoded body.
 */
#ifndef OKTA_TESTS_MOCK_ORG_FORM_H
#define OKTA_TESTS_MOCK_ORG_FORM_H

#include <stdbool.h>
#include <stddef.h>

#define MOCK_FORM_FIELDS 16

typedef struct mock_form {
    char *names[MOCK_FORM_FIELDS];
    char *values[MOCK_FORM_FIELDS];
    size_t count;
} mock_form;

/** Read a form. False: it is malformed, a name comes twice, there are too many, or memory is out. */
bool mock_form_read(const char *text, mock_form *out);
/** The value of a field; NULL when it is absent. */
const char *mock_form_value(const mock_form *form, const char *name);
/** Decode one value, for free(). NULL: it is malformed, or memory is out. */
char *mock_form_decode(const char *text, size_t length);
void mock_form_clear(mock_form *form);

#endif
