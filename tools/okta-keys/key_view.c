/* SPDX-License-Identifier: Apache-2.0 */
#include "key_view.h"

#include <stdio.h>

#include "report.h"
#include "table.h"

#define KIND_MAX 128u

/* Key type with its size or curve. Of key material that cannot be read the type and curve are shown as they
 * came. */
static void add_kind(text_table *table, const okta_oauth2_client_jwk *key)
{
    char description[OKTA_KEY_DESCRIPTION_SIZE];
    okta_error *error = okta_jwk_description(key, description);
    if (error == NULL) {
        table_add(table, description);
    } else {
        const char *kty = okta_enum_text(key, "kty");
        char kind[KIND_MAX];
        (void)snprintf(kind, sizeof kind, "%s%s%s", kty == NULL ? "" : kty, key->crv == NULL ? "" : " ",
                       key->crv == NULL ? "" : key->crv);
        table_add(table, kind);
    }
    okta_free(error);
}

int key_view_table(const okta_oauth2_client_jwk_list *keys)
{
    static const char *const headings[] = {"ID", "KID", "KTY", "USE", "ALG", "STATUS", "CREATED"};
    text_table table = {.columns = sizeof headings / sizeof headings[0]};
    if (keys->count == 0) {
        (void)puts("no keys");
        return EXIT_DONE;
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add(&table, headings[i]);
    }
    for (size_t i = 0; i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        table_add(&table, key->id);
        table_add(&table, key->kid);
        add_kind(&table, key);
        table_add(&table, okta_enum_text(key, "use"));
        table_add(&table, key->alg);
        table_add(&table, okta_enum_text(key, "status"));
        table_add(&table, key->created);
    }
    return table_finish(&table);
}

int key_view_record(const okta_oauth2_client_jwk *key, const char *private_key)
{
    text_table table = {.columns = 2};
    table_add_line(&table, "ID", key->id);
    table_add_line(&table, "KID", key->kid);
    table_add(&table, "KTY");
    add_kind(&table, key);
    table_add_line(&table, "USE", okta_enum_text(key, "use"));
    table_add_line(&table, "ALG", key->alg);
    table_add_line(&table, "STATUS", okta_enum_text(key, "status"));
    table_add_line(&table, "CREATED", key->created);
    table_add_line(&table, "LAST UPDATED", key->last_updated);
    if (private_key != NULL) {
        table_add_line(&table, "PRIVATE KEY", private_key);
    }
    return table_finish(&table);
}

int key_view_public_half(const okta_oauth2_client_jwk_request *request, const char *thumbprint,
                         const char *json, const char *private_key)
{
    text_table table = {.columns = 2};
    table_add_line(&table, "KID", request->kid);
    table_add(&table, "KTY");
    add_kind(&table, request);
    table_add_line(&table, "USE", request->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC ? "enc" : "sig");
    table_add_line(&table, "ALG", request->alg);
    table_add_line(&table, "THUMBPRINT", thumbprint);
    table_add_line(&table, "PUBLIC JWK", json);
    if (private_key != NULL) {
        table_add_line(&table, "PRIVATE KEY", private_key);
    }
    return table_finish(&table);
}
