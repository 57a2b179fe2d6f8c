/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/models/oauth2_client_secret.h"

#include "models/models.h"

static const char *const status_texts[] = {"ACTIVE", "INACTIVE"};
static const oktai_enum_texts status = {status_texts, sizeof status_texts / sizeof status_texts[0]};

#define ROW(member, json, kind, flags) OKTAI_ROW(okta_oauth2_client_secret, member, json, kind, flags)

static const oktai_row rows[] = {
    {ROW(id, "id", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY | OKTAI_ROW_UNIQUE)},
    {ROW(client_secret, "client_secret", OKTAI_KIND_STRING,
         OKTAI_ROW_READ_ONLY | OKTAI_ROW_SECRET | OKTAI_ROW_UNIQUE)},
    {ROW(secret_hash, "secret_hash", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
    {ROW(status, "status", OKTAI_KIND_ENUM, OKTAI_ROW_UNIQUE), .of.texts = &status},
    {ROW(created, "created", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
    {ROW(last_updated, "lastUpdated", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
    {ROW(links, "_links", OKTAI_KIND_OBJECT, OKTAI_ROW_READ_ONLY), .of.object = &oktai_links_model},
};

const okta_descriptor oktai_oauth2_client_secret_model = {
    .schema = "OAuth2ClientSecret",
    .size = sizeof(okta_oauth2_client_secret),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
};

const okta_descriptor oktai_oauth2_client_secret_list_model = {
    .schema = "OAuth2ClientSecret list",
    .size = sizeof(okta_oauth2_client_secret_list),
    .item = &oktai_oauth2_client_secret_model,
};

#undef ROW
#define ROW(member, json, kind, flags)                                                                       \
    OKTAI_ROW(okta_oauth2_client_secret_request_body, member, json, kind, flags)

static const oktai_row request_rows[] = {
    {ROW(client_secret, "client_secret", OKTAI_KIND_STRING, OKTAI_ROW_SECRET | OKTAI_ROW_UNIQUE)},
    {ROW(status, "status", OKTAI_KIND_ENUM, OKTAI_ROW_UNIQUE), .of.texts = &status},
};

const okta_descriptor oktai_oauth2_client_secret_request_body_model = {
    .schema = "OAuth2ClientSecretRequestBody",
    .size = sizeof(okta_oauth2_client_secret_request_body),
    .rows = request_rows,
    .row_count = sizeof request_rows / sizeof request_rows[0],
};

const okta_descriptor *okta_oauth2_client_secret_descriptor(void)
{
    return &oktai_oauth2_client_secret_model;
}

const okta_descriptor *okta_oauth2_client_secret_list_descriptor(void)
{
    return &oktai_oauth2_client_secret_list_model;
}

const okta_descriptor *okta_oauth2_client_secret_request_body_descriptor(void)
{
    return &oktai_oauth2_client_secret_request_body_model;
}
