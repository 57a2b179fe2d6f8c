/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The version of the library. This file is the one place that states it; the build reads it from here.
 */
#ifndef OKTA_VERSION_H
#define OKTA_VERSION_H

#include "okta/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Grows when programs must be changed or compiled again; while it is 0, the minor number does. */
#define OKTA_VERSION_MAJOR 0
/** Grows with functions, members and values that are added. */
#define OKTA_VERSION_MINOR 2
/** Grows with corrections. */
#define OKTA_VERSION_PATCH 0
/** The version of these headers as text. */
#define OKTA_VERSION "0.2.0"

/**
 * The version of the library that is linked, which can differ from ::OKTA_VERSION of the headers.
 *
 * @return a constant such as "0.2.0"; never NULL.
 * @since 0.1.0
 */
OKTA_API const char *okta_version(void);

#ifdef __cplusplus
}
#endif
#endif
