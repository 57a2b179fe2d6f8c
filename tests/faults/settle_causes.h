/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of table_settle.c. */
#ifndef OKTA_TESTS_FAULTS_SETTLE_CAUSES_H
#define OKTA_TESTS_FAULTS_SETTLE_CAUSES_H

#include "faults/settle_org.h"

/* The 14 of rule W4. */
extern const settle_cause settle_causes[];
extern const size_t settle_cause_count;

/* More ways to each of them. */
extern const settle_cause settle_variants[];
extern const size_t settle_variant_count;

#endif
