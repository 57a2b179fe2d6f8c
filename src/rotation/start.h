/* SPDX-License-Identifier: Apache-2.0 */
/* The first stage of a run: what the journal has, and whether it is what the run is for. */
#ifndef OKTA_ROTATION_START_H
#define OKTA_ROTATION_START_H

#include "rotation/run.h"

/* Read the journal, and have the app be listed unless there is nothing to do before a time. */
void oktai_start(oktai_course *self);

#endif
