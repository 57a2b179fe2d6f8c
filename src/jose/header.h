/* SPDX-License-Identifier: Apache-2.0 */
/* The protected header of a token, and the algorithms that a program allows. */
#ifndef OKTA_JOSE_HEADER_H
#define OKTA_JOSE_HEADER_H

#include "jose/compact.h"
#include "jose/object.h"

/* What the options of a call allow. */
typedef struct oktai_jose_choice {
    const char *what;  /* whose algorithms these are: "alg of a JWS" */
    const char *known; /* their names, for people */
    bool (*is_known)(const char *name);
    const char *const *allowed; /* ended by NULL; NULL: all that are known */
} oktai_jose_choice;

/* Copy options that the caller may leave out. Errors: OKTA_E_ARG. */
okta_error *oktai_jose_options_view(const okta_jose_options *options, okta_jose_options *out);

/* Refuse options that allow what nobody knows. Errors: OKTA_E_ARG. */
okta_error *oktai_jose_choice_check(const oktai_jose_choice *choice);

/* Refuse the algorithm of a token, NULL where it has none. Errors: OKTA_E_PROTOCOL. */
okta_error *oktai_jose_choice_refuse(const oktai_jose_choice *choice, const char *name);

/* Make the result of a token, with its header in it and without a payload; its memory is the result's own.
 * `crit` is refused, and `zip` where the token has five parts. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_jose_header_read(const oktai_compact *token, okta_jose **out);

#endif
