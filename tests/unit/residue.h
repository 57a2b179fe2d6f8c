/* SPDX-License-Identifier: Apache-2.0 */
/* What is left in memory that was given back: it is kept, and searched once the secret is known. For programs
 * that link with bytes.c and --wrap of free, malloc and realloc. */
#ifndef OKTA_TESTS_UNIT_RESIDUE_H
#define OKTA_TESTS_UNIT_RESIDUE_H

#include <stddef.h>

/* Keep all that is given back from here to the end. Several such times add up. */
void residue_begin(void);
void residue_end(void);

/* How many blocks are kept. */
size_t residue_count(void);

/* Runs it in a thread whose stack is kept. Returns what it does. */
void *residue_of_stack(void *(*run)(void *), void *ctx);

/* In how many of the blocks the bytes stand. */
size_t residue_found(const void *needle, size_t length);

/* Gives all of it back. */
void residue_forget(void);

#endif
