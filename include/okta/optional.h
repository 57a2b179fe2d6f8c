/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Values that may be absent. Absent is zero.
 */
#ifndef OKTA_OPTIONAL_H
#define OKTA_OPTIONAL_H

#include "okta/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A boolean that may be absent. */
typedef struct okta_opt_bool {
    bool has;   /**< false: absent */
    bool value; /**< meaningful when `has` */
} okta_opt_bool;

/** An integer that may be absent. */
typedef struct okta_opt_int {
    bool has;      /**< false: absent */
    int64_t value; /**< meaningful when `has` */
} okta_opt_int;

/** A number that may be absent. */
typedef struct okta_opt_double {
    bool has;     /**< false: absent */
    double value; /**< meaningful when `has`; finite */
} okta_opt_double;

/** @return a present boolean. @since 0.1.0 */
static inline okta_opt_bool okta_bool(bool value)
{
    okta_opt_bool opt = {true, value};
    return opt;
}

/** @return a present integer. @since 0.1.0 */
static inline okta_opt_int okta_int(int64_t value)
{
    okta_opt_int opt = {true, value};
    return opt;
}

/** @return a present number. @since 0.1.0 */
static inline okta_opt_double okta_double(double value)
{
    okta_opt_double opt = {true, value};
    return opt;
}

#ifdef __cplusplus
}
#endif
#endif
