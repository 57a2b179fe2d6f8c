/* SPDX-License-Identifier: Apache-2.0 */
/* In builds with OKTA_CHECK_POINTERS the library knows which objects it has handed out, and ends a program
 * that releases anything else, uses what it released, or takes a result by another type. In other builds
 * nothing of it is there. */
#ifndef OKTA_CORE_MISUSE_H
#define OKTA_CORE_MISUSE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef OKTA_CHECK_POINTERS

/* A root lives from here on, and until here. Removing one that does not live ends the program. */
void oktai_live_add(const void *object);
void oktai_live_remove(const void *object);
bool oktai_live_has(const void *object);
/* The living roots one after the other, in no order. `cursor` begins at 0; NULL: there are no more. */
const void *oktai_live_next(size_t *cursor);

/* Whether the memory belongs to a variable of the program or of a library in it, and can be read. */
bool oktai_is_static_memory(const void *memory, size_t size);

/* End the program: what this function was given is no living root. `is_part`: it lies in one. */
_Noreturn void oktai_refuse_pointer(const char *function, const void *object, bool is_part);
/* End the program unless the object is a living root, or NULL. core/arena.c has it. */
void oktai_expect_root(const char *function, const void *object);
/* End the program with that message. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
_Noreturn void
oktai_misuse(const char *format, ...);

#else
#define oktai_misuse(...)                   ((void)0)
#define oktai_expect_root(function, object) ((void)0)
#endif
#endif
