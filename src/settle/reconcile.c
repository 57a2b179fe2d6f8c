/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/reconcile.h"

#include "core/error.h"
#include "keys/keys.h"
#include "models/models.h"
#include "okta/api/application_sso_public_keys.h"
#include "settle/settlements.h"

static bool lacks_id(const okta_oauth2_client_jwk *key)
{
    return key->id == NULL || key->id[0] == '\0';
}

/* Where no key of the list is the one that was sent. */
static okta_error *no_such_key(const bool seen[])
{
    if (seen[OKTAI_FINDING_UNCLEAR]) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the org lists a key of that kid, but not which key it is");
    }
    return seen[OKTAI_FINDING_OTHER] ? oktai_error_new(OKTA_E_CONFLICT, "the org has another key of that kid")
                                     : oktai_error_new(OKTA_E_NOT_FOUND, "the org has no key of that kid");
}

static okta_error *pick(const okta_oauth2_client_jwk_list *list, const void *request,
                        okta_oauth2_client_jwk **out)
{
    bool seen[OKTAI_FINDINGS] = {false};
    for (size_t i = 0; i < list->count; i++) {
        oktai_finding finding = oktai_jwk_settlement.compare(request, list->items[i]);
        seen[finding] = true;
        if (finding == OKTAI_FINDING_SAME && lacks_id(list->items[i])) {
            return oktai_error_new(OKTA_E_PROTOCOL, "the org lists the key without an id");
        }
        if (finding == OKTAI_FINDING_SAME) {
            return okta_copy(&oktai_oauth2_client_jwk_model, list->items[i], out);
        }
    }
    return no_such_key(seen);
}

/* It may have come from the org, which pads numbers now and then: only what is compared counts. */
static okta_error *refuse(const void *request)
{
    okta_key *material = NULL;
    if (!oktai_jwk_settlement.names(request)) {
        return oktai_error_new(OKTA_E_ARG, "member \"kid\" must not be null");
    }
    okta_error *error = okta_key_from_jwk_model(request, &material);
    okta_free(material);
    return error;
}

okta_error *okta_reconcile_jwk(okta_client *client, const char *app_id,
                               const okta_oauth2_client_jwk_request *key, okta_oauth2_client_jwk **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    if (key == NULL) {
        return oktai_error_null("key");
    }
    oktai_arena arena = {0};
    okta_oauth2_client_jwk_list *list = NULL;
    const void *request = key;
    okta_error *error = oktai_jwk_complete(&arena, &request);
    if (error == NULL) {
        error = refuse(request);
    }
    if (error == NULL) {
        error = okta_list_jwk(client, app_id, &list);
    }
    if (error == NULL) {
        error = pick(list, request, out);
    }
    okta_free(list);
    oktai_arena_clear(&arena);
    return error;
}
