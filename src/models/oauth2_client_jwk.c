/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/models/oauth2_client_jwk.h"

#include "models/models.h"

static const char *const kty_texts[] = {"RSA", "EC"};
static const oktai_enum_texts kty = {kty_texts, sizeof kty_texts / sizeof kty_texts[0]};

static const char *const status_texts[] = {"ACTIVE", "INACTIVE"};
static const oktai_enum_texts status = {status_texts, sizeof status_texts / sizeof status_texts[0]};

static const char *const use_texts[] = {"sig", "enc"};
static const oktai_enum_texts use = {use_texts, sizeof use_texts / sizeof use_texts[0]};

#define ROW(member, json, kind, flags) OKTAI_ROW(okta_oauth2_client_jwk, member, json, kind, flags)

static const oktai_row rows[] = {
    {ROW(id, "id", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY | OKTAI_ROW_UNIQUE)},
    {ROW(kid, "kid", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(kty, "kty", OKTAI_KIND_ENUM, OKTAI_ROW_UNIQUE), .of.texts = &kty},
    {ROW(alg, "alg", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(use, "use", OKTAI_KIND_ENUM, OKTAI_ROW_UNIQUE), .of.texts = &use},
    {ROW(e, "e", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(n, "n", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(crv, "crv", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(x, "x", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(y, "y", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
    {ROW(status, "status", OKTAI_KIND_ENUM, OKTAI_ROW_UNIQUE), .of.texts = &status},
    {ROW(created, "created", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
    {ROW(last_updated, "lastUpdated", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
    {ROW(links, "_links", OKTAI_KIND_OBJECT, OKTAI_ROW_READ_ONLY), .of.object = &oktai_links_model},
};

/* RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1 */
static const char *const private_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", NULL};

const okta_descriptor oktai_oauth2_client_jwk_model = {
    .schema = "OAuth2ClientJsonWebKey",
    .size = sizeof(okta_oauth2_client_jwk),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .secret_extras = private_members,
};

static const char *const wrappers[] = {"keys", "jwks", NULL};

const okta_descriptor oktai_oauth2_client_jwk_list_model = {
    .schema = "OAuth2ClientJsonWebKey list",
    .size = sizeof(okta_oauth2_client_jwk_list),
    .item = &oktai_oauth2_client_jwk_model,
    .wrappers = wrappers,
};

const okta_descriptor *okta_oauth2_client_jwk_descriptor(void)
{
    return &oktai_oauth2_client_jwk_model;
}

const okta_descriptor *okta_oauth2_client_jwk_list_descriptor(void)
{
    return &oktai_oauth2_client_jwk_list_model;
}
