/* SPDX-License-Identifier: Apache-2.0 */
#include "api/all_operations.h"

#include "api/operation_rows.h"

const oktai_operation *const oktai_operations[] = {
    &oktai_activate_oauth2_client_json_web_key_operation,
    &oktai_activate_oauth2_client_secret_operation,
    &oktai_add_jwk_operation,
    &oktai_create_oauth2_client_secret_operation,
    &oktai_deactivate_oauth2_client_json_web_key_operation,
    &oktai_deactivate_oauth2_client_secret_operation,
    &oktai_delete_oauth2_client_secret_operation,
    &oktai_deletejwk_operation,
    &oktai_get_jwk_operation,
    &oktai_get_oauth2_client_secret_operation,
    &oktai_list_jwk_operation,
    &oktai_list_oauth2_client_secrets_operation,
};

const size_t oktai_operation_count = sizeof oktai_operations / sizeof oktai_operations[0];
