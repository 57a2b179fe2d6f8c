/* SPDX-License-Identifier: Apache-2.0 */
/* The row of each operation. */
#ifndef OKTA_API_OPERATION_ROWS_H
#define OKTA_API_OPERATION_ROWS_H

#include "client/operation.h"

extern const oktai_operation oktai_activate_oauth2_client_json_web_key_operation;
extern const oktai_operation oktai_activate_oauth2_client_secret_operation;
extern const oktai_operation oktai_add_jwk_operation;
extern const oktai_operation oktai_create_oauth2_client_secret_operation;
extern const oktai_operation oktai_deactivate_oauth2_client_json_web_key_operation;
extern const oktai_operation oktai_deactivate_oauth2_client_secret_operation;
extern const oktai_operation oktai_delete_oauth2_client_secret_operation;
extern const oktai_operation oktai_deletejwk_operation;
extern const oktai_operation oktai_get_jwk_operation;
extern const oktai_operation oktai_get_oauth2_client_secret_operation;
extern const oktai_operation oktai_list_jwk_operation;
extern const oktai_operation oktai_list_oauth2_client_secrets_operation;

#endif
