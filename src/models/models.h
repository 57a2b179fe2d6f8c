/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors of all models, for operation rows. */
#ifndef OKTA_MODELS_MODELS_H
#define OKTA_MODELS_MODELS_H

#include "json/descriptor.h"

extern const okta_descriptor oktai_oauth2_client_jwk_list_model;
extern const okta_descriptor oktai_oauth2_client_jwk_model;
extern const okta_descriptor oktai_oauth2_client_secret_list_model;
extern const okta_descriptor oktai_oauth2_client_secret_model;
extern const okta_descriptor oktai_oauth2_client_secret_request_body_model;

#endif
