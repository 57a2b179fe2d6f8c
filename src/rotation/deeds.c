/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/deeds.h"

#include <string.h>

#include "client/token_call.h"
#include "core/arena.h"
#include "core/digest.h"
#include "core/error.h"
#include "okta/api/application_sso_public_keys.h"

typedef okta_call *change_fn(okta_client *client, const char *app_id, const char *id);

typedef struct change_row {
    okta_rotation_step step;
    change_fn *of_key;
    change_fn *of_secret;
} change_row;

static const change_row change_rows[] = {
    {OKTA_ROTATION_STEP_ACTIVATE, okta_activate_oauth2_client_json_web_key_call,
     okta_activate_oauth2_client_secret_call},
    {OKTA_ROTATION_STEP_DEACTIVATE, okta_deactivate_oauth2_client_json_web_key_call,
     okta_deactivate_oauth2_client_secret_call},
    {OKTA_ROTATION_STEP_DELETE, okta_delete_jwk_call, okta_delete_oauth2_client_secret_call},
};

okta_call *oktai_deed_list(const okta_rotation_options *options)
{
    return options->kind == OKTA_ROTATION_CLIENT_SECRET
               ? okta_list_oauth2_client_secrets_call(options->client, options->app_id)
               : okta_list_jwk_call(options->client, options->app_id);
}

/* The text of the new one, where the org shows it. */
static okta_error *find_secret(const okta_oauth2_client_secret_list *secrets, const char *name,
                               oktai_credential *credential)
{
    okta_error *error = NULL;
    for (size_t i = 0; name != NULL && error == NULL && i < secrets->count; i++) {
        const char *text = secrets->items[i]->client_secret;
        char digest[OKTAI_DIGEST_SIZE] = "";
        if (text != NULL) {
            error = oktai_digest(text, strlen(text), digest);
        }
        if (error == NULL && strcmp(digest, name) == 0) {
            oktai_credential_clear(credential);
            error = oktai_credential_copy_secret(text, &credential->secret);
        }
    }
    return error;
}

okta_error *oktai_deed_take_list(okta_call *call, okta_rotation_kind kind, const char *name,
                                 oktai_credential *credential, oktai_seen **out)
{
    okta_error *error;
    *out = NULL;
    if (kind == OKTA_ROTATION_CLIENT_SECRET) {
        okta_oauth2_client_secret_list *secrets = OKTA_TAKE(call, okta_oauth2_client_secret_list);
        error = find_secret(secrets, name, credential);
        if (error == NULL) {
            error = oktai_seen_secrets(secrets, out);
        }
        okta_free(secrets);
    } else {
        okta_oauth2_client_jwk_list *keys = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
        error = oktai_seen_keys(keys, kind, out);
        okta_free(keys);
    }
    return error;
}

static okta_error *write_secret(const char *secret, void **out_body)
{
    okta_oauth2_client_secret_request_body *body = oktai_root_new(sizeof *body, 0, NULL);
    if (body == NULL) {
        return oktai_error_nomem();
    }
    *body =
        (okta_oauth2_client_secret_request_body){.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
                                                 .client_secret = secret,
                                                 .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE};
    *out_body = body;
    return NULL;
}

okta_error *oktai_deed_add(const okta_rotation_options *options, const oktai_credential *credential,
                           void **out_body, okta_call **out)
{
    bool is_secret = options->kind == OKTA_ROTATION_CLIENT_SECRET;
    okta_oauth2_client_jwk_request *jwk = NULL;
    *out_body = NULL;
    *out = NULL;
    okta_error *error = is_secret ? write_secret(credential->secret, out_body)
                                  : oktai_credential_to_jwk(credential, options->kind, &jwk);
    if (error != NULL) {
        return error;
    }
    *out_body = is_secret ? *out_body : jwk;
    *out = is_secret ? okta_create_oauth2_client_secret_call(options->client, options->app_id, *out_body)
                     : okta_add_jwk_call(options->client, options->app_id, jwk);
    return NULL;
}

okta_error *oktai_deed_take_added(okta_call *call, okta_rotation_kind kind, const char *name,
                                  oktai_seen *seen)
{
    if (kind == OKTA_ROTATION_CLIENT_SECRET) {
        okta_oauth2_client_secret *secret = OKTA_TAKE(call, okta_oauth2_client_secret);
        okta_error *error = oktai_seen_add(seen, name, secret->id,
                                           secret->status != OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE);
        okta_free(secret);
        return error;
    }
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    okta_error *error =
        oktai_seen_add(seen, name, key->id, key->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE);
    okta_free(key);
    return error;
}

okta_call *oktai_deed_change(const okta_rotation_options *options, okta_rotation_step step, const char *id)
{
    const change_row *row = change_rows;
    while (row->step != step) {
        row++;
    }
    return (options->kind == OKTA_ROTATION_CLIENT_SECRET ? row->of_secret : row->of_key)(options->client,
                                                                                         options->app_id, id);
}

static okta_error *log_in(const okta_rotation_options *options, const oktai_credential *credential,
                          okta_call **out)
{
    oktai_service_app *app = NULL;
    okta_error *error = oktai_credential_app(credential, options, options->client->base_url, &app);
    if (error == NULL) {
        *out = oktai_login_call(options->client, app);
    }
    okta_free(app);
    return error;
}

okta_error *oktai_deed_prove(const okta_rotation_options *options, const oktai_credential *credential,
                             const char *id, okta_call **out)
{
    okta_error *error = NULL;
    *out = NULL;
    if (options->kind == OKTA_ROTATION_ENCRYPTION_KEY) {
        *out = okta_get_jwk_call(options->client, options->app_id, id);
    } else {
        error = log_in(options, credential, out);
    }
    return error == NULL && *out == NULL ? oktai_error_nomem() : error;
}

/* RFC 6749, section 5.2: only these say that the client was told apart from a stranger, and that something
 * else was wrong; access_denied is what Okta's policies say. */
static const char *const known_clients[] = {"unauthorized_client", "invalid_scope", "access_denied"};

static okta_error *judge_login(okta_error *error)
{
    const char *code = okta_error_code(error);
    for (size_t i = 0; code != NULL && i < sizeof known_clients / sizeof *known_clients; i++) {
        if (okta_error_status(error) == OKTA_E_AUTH && strcmp(code, known_clients[i]) == 0) {
            okta_free(error);
            return NULL;
        }
    }
    return error;
}

/* Whether the org encrypts for the key whose private half the program has. */
static okta_error *compare(const okta_oauth2_client_jwk *held, const okta_key *key)
{
    char theirs[OKTA_THUMBPRINT_SIZE] = "";
    char ours[OKTA_THUMBPRINT_SIZE] = "";
    okta_key *shown = NULL;
    okta_error *error = okta_key_from_jwk_model(held, &shown);
    if (error == NULL) {
        error = okta_key_thumbprint(shown, theirs);
    }
    if (error == NULL) {
        error = okta_key_thumbprint(key, ours);
    }
    if (error == NULL && strcmp(ours, theirs) != 0) {
        error = oktai_error_new(OKTA_E_CONFLICT, "the org has another encryption key under the kid %s",
                                held->kid == NULL ? "that was added" : held->kid);
    }
    okta_free(shown);
    return error;
}

okta_error *oktai_deed_judge(okta_call *call, const oktai_credential *credential, okta_rotation_kind kind,
                             okta_error *error)
{
    if (kind != OKTA_ROTATION_ENCRYPTION_KEY) {
        return judge_login(error);
    }
    okta_oauth2_client_jwk *held = OKTA_TAKE(call, okta_oauth2_client_jwk);
    if (error == NULL) {
        error = compare(held, credential->key);
    }
    okta_free(held);
    return error;
}
