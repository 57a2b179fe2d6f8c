/* SPDX-License-Identifier: Apache-2.0 */
/* The models of Okta's error documents. No operation has them for a result, so they are written by hand. */
#ifndef OKTA_MODELS_ERROR_MODELS_H
#define OKTA_MODELS_ERROR_MODELS_H

#include "json/descriptor.h"

extern const okta_descriptor oktai_error_body_model;
extern const okta_descriptor oktai_error_cause_model;

#endif
