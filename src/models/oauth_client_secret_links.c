/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/models/oauth_client_secret_links.h"

#include "models/models.h"

static const char *const http_method_texts[] = {"DELETE", "GET", "POST", "PUT"};
static const oktai_enum_texts http_method = {http_method_texts,
                                             sizeof http_method_texts / sizeof http_method_texts[0]};

static const oktai_row hints_rows[] = {
    {OKTAI_ROW(okta_href_hints, allow, "allow", OKTAI_KIND_ENUMS, 0),
     .count_offset = offsetof(okta_href_hints, allow_count), .of.texts = &http_method},
};

const okta_descriptor oktai_href_hints_model = {
    .schema = "HrefHints",
    .size = sizeof(okta_href_hints),
    .rows = hints_rows,
    .row_count = sizeof hints_rows / sizeof hints_rows[0],
};

static const oktai_row href_rows[] = {
    {OKTAI_ROW(okta_href_object, hints, "hints", OKTAI_KIND_OBJECT, OKTAI_ROW_READ_ONLY),
     .of.object = &oktai_href_hints_model},
    {OKTAI_ROW(okta_href_object, href, "href", OKTAI_KIND_STRING, 0)},
    {OKTAI_ROW(okta_href_object, name, "name", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
    {OKTAI_ROW(okta_href_object, templated, "templated", OKTAI_KIND_BOOL, OKTAI_ROW_READ_ONLY)},
    {OKTAI_ROW(okta_href_object, type, "type", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY)},
};

const okta_descriptor oktai_href_object_model = {
    .schema = "HrefObject",
    .size = sizeof(okta_href_object),
    .rows = href_rows,
    .row_count = sizeof href_rows / sizeof href_rows[0],
};

static const oktai_row links_rows[] = {
    {OKTAI_ROW(okta_oauth_client_secret_links, activate, "activate", OKTAI_KIND_OBJECT, 0),
     .of.object = &oktai_href_object_model},
    {OKTAI_ROW(okta_oauth_client_secret_links, deactivate, "deactivate", OKTAI_KIND_OBJECT, 0),
     .of.object = &oktai_href_object_model},
    {OKTAI_ROW(okta_oauth_client_secret_links, delete_link, "delete", OKTAI_KIND_OBJECT, 0),
     .of.object = &oktai_href_object_model},
};

const okta_descriptor oktai_oauth_client_secret_links_model = {
    .schema = "OAuthClientSecretLinks",
    .size = sizeof(okta_oauth_client_secret_links),
    .rows = links_rows,
    .row_count = sizeof links_rows / sizeof links_rows[0],
};

const okta_descriptor *okta_href_hints_descriptor(void)
{
    return &oktai_href_hints_model;
}

const okta_descriptor *okta_href_object_descriptor(void)
{
    return &oktai_href_object_model;
}

const okta_descriptor *okta_oauth_client_secret_links_descriptor(void)
{
    return &oktai_oauth_client_secret_links_model;
}
