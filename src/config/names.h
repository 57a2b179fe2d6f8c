/* SPDX-License-Identifier: Apache-2.0 */
/* The names of options: libokta's, those of Okta's other SDKs for the same things, and names that are near.
 * In a variable, underscores behind OKTA_CLIENT_ do not count: some SDKs write PRIVATE_KEY, others
 * PRIVATEKEY. */
#ifndef OKTA_CONFIG_NAMES_H
#define OKTA_CONFIG_NAMES_H

#include <stdbool.h>

#include "config/option_rows.h"

#define OKTAI_VARIABLE_PREFIX "OKTA_CLIENT_"
#define OKTAI_PATH_PREFIX     "okta.client."

/* The row of a variable, or of a path in a file; NULL: unknown. */
const oktai_option_row *oktai_row_of_variable(const char *variable);
const oktai_option_row *oktai_row_of_path(const char *path);

/* Where a path of a file belongs that stands too high: `client` below `okta`, an option below `okta.client`.
 * NULL: it is none of those. */
const char *oktai_path_misplaced(const char *path);

/* What is known about an unknown name. */
typedef struct oktai_name_advice {
    const oktai_option_row *nearest; /* the option that may be meant; NULL: none is near */
    bool is_foreign;                 /* another SDK has it for something that libokta does not have */
} oktai_name_advice;

/* The name begins with one of the prefixes. */
oktai_name_advice oktai_name_advise(const char *name);

#endif
