/* SPDX-License-Identifier: Apache-2.0 */
/* The making of a key beside the loop: an RSA key takes long enough to hold up all that runs there. */
#ifndef OKTA_ROTATION_MAKING_H
#define OKTA_ROTATION_MAKING_H

#include "rotation/run.h"

/* Whether what the options ask for takes long to make. */
bool oktai_making_takes_long(const okta_rotation_options *options);

/* Have it made in the thread of the client. It comes as an answer of the program does. Errors: OKTA_E_NOMEM.
 */
okta_error *oktai_making_begin(oktai_course *self);

/* Have it made no more. Behind this nothing is answered. */
void oktai_making_withdraw(oktai_course *self);

#endif
