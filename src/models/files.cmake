# SPDX-License-Identifier: Apache-2.0
set(okta_model_sources
    models/oauth2_client_jwk.c
    models/oauth2_client_secret.c)

set(okta_model_headers
    okta/models/oauth2_client_jwk.h
    okta/models/oauth2_client_secret.h
    okta/models/oauth_client_secret_links.h)
