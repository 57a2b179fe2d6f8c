/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk_view.h"

#include <string.h>

#include "core/error.h"
#include "core/growing.h"
#include "models/models.h"

static void copy_member(const oktai_row *row, const char *from, size_t from_size, char *to)
{
    size_t size = row->kind == OKTAI_KIND_ENUM ? sizeof(int) : sizeof(void *);
    if (row->offset + size > from_size) {
        return;
    }
    const char *text;
    if (row->kind == OKTAI_KIND_STRING) {
        memcpy(&text, from + row->offset, sizeof text);
        if (text == OKTA_NULL) {
            return;
        }
    }
    memcpy(to + row->offset, from + row->offset, size);
}

okta_error *oktai_jwk_view(const okta_oauth2_client_jwk *jwk, okta_oauth2_client_jwk *out)
{
    const okta_descriptor *type = &oktai_oauth2_client_jwk_model;
    const char *reason = oktai_growing_refuse(jwk, sizeof jwk->model, sizeof *jwk);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "the JWK %s", reason);
    }
    if (jwk->model.source != NULL && jwk->model.type == NULL) {
        return oktai_error_new(OKTA_E_ARG, "the element of the list is no JWK");
    }
    *out = (okta_oauth2_client_jwk){.model = jwk->model};
    for (size_t i = 0; i < type->row_count; i++) {
        copy_member(&type->rows[i], (const char *)jwk, jwk->model.struct_size, (char *)out);
    }
    return NULL;
}

oktai_jwk_texts oktai_jwk_view_texts(const okta_oauth2_client_jwk *view)
{
    oktai_jwk_texts texts = {.crv = view->crv, .x = view->x, .y = view->y, .n = view->n, .e = view->e};
    if (view->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_RSA) {
        texts.kty = "RSA";
    } else if (view->kty == OKTA_OAUTH2_CLIENT_JWK_KTY_EC) {
        texts.kty = "EC";
    }
    return texts;
}
