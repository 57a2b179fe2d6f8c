/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What every header of libokta needs: the export marker, function attributes and okta_free().
 */
#ifndef OKTA_COMMON_H
#define OKTA_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks what the shared library exports. The export list is made from these marks. */
#if defined(__GNUC__)
#define OKTA_API __attribute__((visibility("default")))
#else
#define OKTA_API
#endif

/** The compiler warns when the result of such a function is ignored. */
#if defined(__GNUC__)
#define OKTA_MUST_CHECK __attribute__((warn_unused_result))
#else
#define OKTA_MUST_CHECK
#endif

/** Stands before the first member that a version adds to a struct. The member begins behind the size that the
 *  struct had, never in the padding at its end, which a program with the older headers does not fill. */
#if defined(__GNUC__)
#define OKTA_LATER __attribute__((aligned(8)))
#elif defined(__cplusplus)
#define OKTA_LATER alignas(8)
#else
#define OKTA_LATER _Alignas(8)
#endif

/** A piece of text inside a larger one: not NUL-terminated. */
typedef struct okta_text {
    const char *text; /**< where it begins */
    size_t length;    /**< bytes */
} okta_text;

/**
 * Release anything that the library handed out as the caller's: results, errors, calls, pages, keys, texts
 * and clients. Everything reachable from it goes with it. Its memory is wiped first.
 *
 * Never pass memory of another origin, a pointer into a result, or the same pointer twice. A library that was
 * configured with `OKTA_CHECK_POINTERS` ends the program then, with a message that says which it was.
 *
 * @param[in] object nullable; what to release.
 * @since 0.1.0
 */
OKTA_API void okta_free(void *object);

#ifdef __cplusplus
}
#endif
#endif
