# SPDX-License-Identifier: Apache-2.0
set(okta_api_sources
    api/all_operations.c
    api/application_sso_public_keys.c)

set(okta_api_headers
    okta/api/application_sso_public_keys.h)
