/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked at before a JWK is sent. */
#include "keys/jwk_check.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/openssl.h"
#include "keys/algorithms.h"
#include "keys/build.h"
#include "keys/jwk_view.h"
#include "keys/keys.h"
#include "models/models.h"
#include "json/model_parts.h"

static okta_error *refuse(const char *member, const char *why)
{
    return oktai_error_new(OKTA_E_ARG, "member \"%s\" %s", member, why);
}

static okta_error *check_kid(const char *kid)
{
    if (kid == NULL || kid[0] == '\0') {
        return refuse("kid", "is missing: Okta wants one, for instance the thumbprint");
    }
    for (const char *c = kid; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            return refuse("kid", "has a control character");
        }
    }
    return NULL;
}

static bool is_private(const char *name)
{
    for (const char *const *member = oktai_oauth2_client_jwk_model.secret_extras; *member != NULL; member++) {
        if (strcmp(*member, name) == 0) {
            return true;
        }
    }
    return false;
}

/* An extra that carries the name of a member is sent where the member is absent, and would not be checked. */
static bool is_hidden_member(const okta_oauth2_client_jwk *jwk, const okta_member *extra)
{
    if (oktai_member_is_null(extra) || (extra->json == NULL && extra->text == NULL)) {
        return false;
    }
    return (strcmp(extra->name, "use") == 0 && jwk->use == OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT) ||
           (strcmp(extra->name, "status") == 0 && jwk->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT) ||
           (strcmp(extra->name, "alg") == 0 && jwk->alg == NULL);
}

static okta_error *check_extras(const okta_oauth2_client_jwk *jwk)
{
    for (size_t i = 0; jwk->model.extras != NULL && i < jwk->model.extra_count; i++) {
        const okta_member *extra = &jwk->model.extras[i];
        if (extra->name == NULL) {
            return oktai_error_new(OKTA_E_ARG, "an extra has no name");
        }
        if (is_private(extra->name)) {
            return refuse(extra->name, "is private and must not be sent");
        }
        if (is_hidden_member(jwk, extra)) {
            return refuse(extra->name, "stands among the extras: set it in the struct");
        }
    }
    return NULL;
}

static okta_error *check_enums(const okta_oauth2_client_jwk *jwk)
{
    if (jwk->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_ABSENT) {
        return refuse("kty", "is missing: Okta wants RSA or EC");
    }
    if (jwk->kty != OKTA_OAUTH2_CLIENT_JWK_KTY_RSA && jwk->kty != OKTA_OAUTH2_CLIENT_JWK_KTY_EC) {
        return refuse("kty", "is neither RSA nor EC");
    }
    if (jwk->use != OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT && jwk->use != OKTA_OAUTH2_CLIENT_JWK_USE_SIG &&
        jwk->use != OKTA_OAUTH2_CLIENT_JWK_USE_ENC) {
        return refuse("use", "is neither sig nor enc");
    }
    if (jwk->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC && jwk->kty != OKTA_OAUTH2_CLIENT_JWK_KTY_RSA) {
        return refuse("use", "is enc, for which Okta takes RSA keys only");
    }
    if (jwk->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT &&
        jwk->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE &&
        jwk->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE) {
        return refuse("status", "is neither ACTIVE nor INACTIVE");
    }
    return NULL;
}

okta_error *oktai_jwk_check_labels(const okta_oauth2_client_jwk *view)
{
    okta_error *error = check_kid(view->kid);
    if (error == NULL) {
        error = check_extras(view);
    }
    return error == NULL ? check_enums(view) : error;
}

okta_error *oktai_jwk_check_alg(const okta_oauth2_client_jwk *view, const oktai_key_curve *curve)
{
    const char *why = view->alg == NULL ? NULL : oktai_jwk_refuse_alg(view->alg, curve, view->use);
    return why == NULL ? NULL : refuse("alg", why);
}

/* The public key is checked as numbers: no OpenSSL key is made of it. */
static okta_error *check_material(const okta_oauth2_client_jwk *view)
{
    const oktai_jwk_texts texts = oktai_jwk_view_texts(view);
    oktai_arena arena = {0};
    oktai_key_parts parts;
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    error = oktai_jwk_read(&texts, OKTAI_JWK_STRICT, &arena, &parts);
    if (error == NULL) {
        error = oktai_key_check_public(&parts);
    }
    oktai_arena_clear(&arena);
    error = oktai_openssl_end(stretch, error);
    return error == NULL ? oktai_jwk_check_alg(view, parts.curve) : error;
}

okta_error *okta_jwk_check(const okta_oauth2_client_jwk_request *jwk)
{
    if (jwk == NULL) {
        return oktai_error_null("jwk");
    }
    okta_oauth2_client_jwk view;
    okta_error *error = oktai_jwk_view(jwk, &view);
    if (error == NULL) {
        error = oktai_jwk_check_labels(&view);
    }
    return error == NULL ? check_material(&view) : error;
}

okta_error *oktai_jwk_check_model(const void *model)
{
    return okta_jwk_check(model);
}
