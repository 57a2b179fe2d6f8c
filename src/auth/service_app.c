/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/service_app.h"

#include "core/arena.h"

/* In a child process a signer may speak to the token of its parent. */
static void release(void *object)
{
    oktai_service_app *app = object;
    if (!oktai_process_is_another(&app->owner)) {
        okta_free(app->signer);
    }
    oktai_secrets_clear(&app->secrets);
}

oktai_service_app *oktai_service_app_like(const oktai_service_app *who)
{
    oktai_service_app *app = oktai_root_new(sizeof *app, 0, release);
    if (app != NULL) {
        *app = *who;
        app->owner = oktai_process_now();
    }
    return app;
}

static void describe_derived(const char *kid, oktai_identity_sent sent, oktai_buffer *out)
{
    if (sent.both_ways && sent.without_kid) {
        oktai_buffer_printf(out, "kid \"%s\", the thumbprint of the key, then no kid", kid);
    } else if (sent.both_ways) {
        oktai_buffer_printf(out, "no kid, then kid \"%s\", the thumbprint of the key", kid);
    } else if (sent.without_kid) {
        oktai_buffer_add_text(out, "no kid");
    } else {
        oktai_buffer_printf(out, "kid \"%s\", the thumbprint of the key", kid);
    }
}

void oktai_service_app_describe(const oktai_service_app *app, oktai_identity_sent sent, oktai_buffer *out)
{
    if (app->assertion_file != NULL) {
        oktai_buffer_printf(out, "the assertion in \"%.400s\"", app->assertion_file->path);
        return;
    }
    if (app->signer == NULL) {
        oktai_buffer_add_text(out, app->secret != NULL ? "client_secret_post" : "client_secret_basic");
        return;
    }
    const char *kid = okta_signer_kid(app->signer);
    switch (oktai_signer_kid_origin(app->signer)) {
    case OKTAI_KID_NONE:
        oktai_buffer_add_text(out, "no kid");
        break;
    case OKTAI_KID_GIVEN:
        if (app->kid_source != NULL) {
            oktai_buffer_printf(out, "kid \"%s\" from %s", kid, app->kid_source);
        } else {
            oktai_buffer_printf(out, "kid \"%s\" of the signer", kid);
        }
        break;
    case OKTAI_KID_OF_JWK:
        oktai_buffer_printf(out, "kid \"%s\" of the JWK", kid);
        break;
    case OKTAI_KID_DERIVED:
        describe_derived(kid, sent, out);
        break;
    }
}
