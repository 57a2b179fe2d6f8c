/* SPDX-License-Identifier: Apache-2.0 */
/* Every model that an operation takes or gives, and every model inside of one. */
#ifndef OKTA_TESTS_POSITIONS_ALL_MODELS_H
#define OKTA_TESTS_POSITIONS_ALL_MODELS_H

#include <stddef.h>

#include "json/descriptor.h"

/* Each model once; those of values that are no objects or lists, such as bytes, are left out. Static. */
const okta_descriptor *const *all_models(size_t *count);

#endif
