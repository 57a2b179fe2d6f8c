/* SPDX-License-Identifier: Apache-2.0 */
#include "settle/settlements.h"

#include <openssl/crypto.h>
#include <string.h>

#include "core/growing.h"
#include "keys/keys.h"
#include "okta/models/oauth2_client_secret.h"

static oktai_finding compare_jwk(const void *request, const void *found)
{
    if (!oktai_jwk_has_kid(request, found)) {
        return OKTAI_FINDING_NO;
    }
    return oktai_jwk_is_same(request, found) ? OKTAI_FINDING_SAME : OKTAI_FINDING_OTHER;
}

const oktai_settlement oktai_jwk_settlement = {
    .repeatable = true,
    .names = oktai_jwk_is_named,
    .compare = compare_jwk,
    .describe = oktai_jwk_describe,
};

static bool is_own_secret(const void *request)
{
    const okta_oauth2_client_secret_request_body *body = request;
    return oktai_growing_has(body, offsetof(okta_oauth2_client_secret_request_body, client_secret),
                             sizeof body->client_secret) &&
           body->client_secret != NULL && body->client_secret != OKTA_NULL;
}

static oktai_finding compare_secret(const void *request, const void *found)
{
    const char *own = ((const okta_oauth2_client_secret_request_body *)request)->client_secret;
    const char *other = ((const okta_oauth2_client_secret *)found)->client_secret;
    bool same = other != NULL && strlen(own) == strlen(other) && CRYPTO_memcmp(own, other, strlen(own)) == 0;
    return same ? OKTAI_FINDING_SAME : OKTAI_FINDING_NO;
}

static void describe_secret(const void *request, oktai_buffer *out)
{
    (void)request;
    oktai_buffer_add_text(out, "the list of secrets does not show the one that was sent");
}

const oktai_settlement oktai_secret_settlement = {
    .names = is_own_secret,
    .compare = compare_secret,
    .describe = describe_secret,
};
