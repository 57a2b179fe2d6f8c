/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as JSON text, without regard to the locale. */
#ifndef OKTA_JSON_NUMBER_H
#define OKTA_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number's text, checked by the reader, as an integer: false when it has a fraction that is not zero, or
 * does not fit. 1.0 and 1e2 are integers. -0 is not, since it would come back as 0. */
bool oktai_number_to_int(const char *text, size_t length, int64_t *out);
/* ... as a finite double: the nearest. */
bool oktai_number_to_double(const char *text, size_t length, double *out);
/* Whether that double, written shortest, is the same number as the text. */
bool oktai_number_is_exact(const char *text, size_t length, double value);

#define OKTAI_NUMBER_SIZE 32

/* The shortest text that reads back as this finite double. Returns its length. */
size_t oktai_number_from_double(double value, char out[OKTAI_NUMBER_SIZE]);

#endif
