/* SPDX-License-Identifier: Apache-2.0 */
/* The real clock, but its waits pass at once. Any number of threads may share it. */
#ifndef OKTA_TESTS_PROCESS_PATIENT_CLOCK_H
#define OKTA_TESTS_PROCESS_PATIENT_CLOCK_H

#include "core/clock.h"

extern const oktai_clock patient_clock;

#endif
