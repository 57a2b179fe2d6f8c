/* SPDX-License-Identifier: Apache-2.0 */
/* How each step of a rotation is done. */
#ifndef OKTA_ROTATION_STEPS_H
#define OKTA_ROTATION_STEPS_H

#include "rotation/run.h"

/* By okta_rotation_step. */
extern const oktai_step_row oktai_step_rows[];

#endif
