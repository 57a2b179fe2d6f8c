/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons of what was sent with what is described. */
#ifndef OKTA_TESTS_WIRE_COMPARE_H
#define OKTA_TESTS_WIRE_COMPARE_H

#include <stdbool.h>

#include "mock_org.h"
#include "wire/wire.h"

/* Equal but for spaces behind a semicolon, and for the boundary of multipart/form-data. NULL equals NULL
 * only. */
bool wire_same_value(const char *actual, const char *expected);

/* The line of a header in lines "Name: value"; NULL: there is none, or no lines at all. */
const char *wire_header_of(const char *lines, const char *name);

/* What is wrong with the headers of a request beyond Accept, Content-Type and Authorization: `expected` has
 * lines "Name: value" that have to be there, and no other may be but those that every request has. NULL:
 * nothing. */
const char *wire_own_headers(const char *const *headers, const char *expected);

/* The same pairs between ampersands, in any order. */
bool wire_same_pairs(const char *actual, const char *expected);

bool wire_same_body(const mock_request *request, const wire_case *expected);

#endif
