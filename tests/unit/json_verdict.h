/* SPDX-License-Identifier: Apache-2.0 */
/* Hold a text against the reader in every way a document can be read. */
#ifndef TESTS_UNIT_JSON_VERDICT_H
#define TESTS_UNIT_JSON_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "json/reader.h"

bool reader_alive(const oktai_reader *reader);

/* A copy with a NUL behind it, in memory of exactly that size. */
char *terminated_copy(const char *text, size_t length);

/* Skipping the document, walking it piece by piece, and oktai_engine_check() all accept it, or all refuse it
 * and leave a dead reader. */
void assert_verdict(const char *text, size_t length, bool accepted);

#endif
