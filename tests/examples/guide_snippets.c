/* SPDX-License-Identifier: Apache-2.0 */
/* test_documents.c compares the code blocks of the guide pages with this file and with the examples. */
#include "guide_snippets.h"

#include <okta/api/user.h>
#include <okta/cjson.h>
#include <okta/loop.h>
#include <stdlib.h>
#include <string.h>

okta_error *guide_call_with_limits(okta_client *client, const char *app_id, FILE *out)
{
    okta_call *call = okta_list_jwk_call(client, app_id);
    okta_call_set_timeout_ms(call, 5000);
    okta_call_set_max_retries(call, 1);

    okta_error *error = okta_call_run(call);
    okta_oauth2_client_jwk_list *keys = OKTA_TAKE(call, okta_oauth2_client_jwk_list);

    okta_rate_limit rate = okta_call_rate_limit(call);
    if (rate.remaining.has) {
        fprintf(out, "%lld calls left in this window\n", (long long)rate.remaining.value);
    }
    okta_free(keys);
    okta_free(call);
    return error;
}

okta_error *guide_raw_request(okta_client *client, FILE *out)
{
    okta_call *call = okta_request_call(client, "GET", "/api/v1/users?limit=2", NULL);
    okta_error *error = okta_call_run(call);
    if (error == NULL) {
        size_t length = 0;
        const char *json = okta_call_body(call, &length);
        fwrite(json, 1, length, out);
    }
    okta_free(call);
    return error;
}

static void print_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    fprintf(stderr, "okta: %s\n", event->message);
}

okta_error *guide_client_with_log(const char *org_url, const char *token, okta_client **client)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.token = token;
    options.log_level = OKTA_LOG_INFO;
    options.log = print_event;
    return okta_client_new(&options, client);
}

okta_error *guide_create_secret(okta_client *client, const char *app_id, FILE *out)
{
    okta_oauth2_client_secret_request_body body = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
        .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE,
        .client_secret = "a secret of our own making",
    };
    okta_oauth2_client_secret *secret = NULL;
    okta_error *error = okta_create_oauth2_client_secret(client, app_id, &body, &secret);
    if (error == NULL) {
        fprintf(out, "created %s\n", secret->id);
    }
    okta_free(secret);
    return error;
}

okta_error *guide_change_and_send(okta_client *client, const char *app_id, const char *key_id)
{
    okta_oauth2_client_jwk *key = NULL;
    okta_error *error = okta_get_jwk(client, app_id, key_id, &key);
    if (error != NULL) {
        return error;
    }
    key->kid = "same-key-other-name";
    key->alg = NULL;

    okta_oauth2_client_jwk *added = NULL;
    error = okta_add_jwk(client, app_id, key, &added);
    okta_free(added);
    okta_free(key);
    return error;
}

okta_error *guide_read_unknown(okta_client *client, const char *app_id, const char *key_id, FILE *out)
{
    okta_oauth2_client_jwk *key = NULL;
    okta_error *error = okta_get_jwk(client, app_id, key_id, &key);
    if (error != NULL) {
        return error;
    }
    if (key->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_OTHER) {
        fprintf(out, "a status of its own: %s\n", okta_enum_text(key, "status"));
    }
    const char *x5c = okta_extra(key, "x5c");
    if (x5c != NULL) {
        fprintf(out, "certificates: %s\n", x5c);
    }
    okta_free(key);
    return NULL;
}

okta_error *guide_keep_one_key(okta_client *client, const char *app_id, okta_oauth2_client_jwk **kept)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_list_jwk(client, app_id, &keys);
    if (error == NULL && keys->count > 0) {
        error = okta_copy(okta_oauth2_client_jwk_descriptor(), keys->items[0], kept);
    }
    okta_free(keys);
    return error;
}

okta_error *guide_extra_as_cjson(const okta_oauth2_client_jwk *key, FILE *out)
{
    const char *x5c = okta_extra(key, "x5c");
    if (x5c == NULL) {
        return NULL;
    }
    cJSON *tree = NULL;
    okta_error *error = okta_json_to_cjson(x5c, strlen(x5c), &tree);
    if (error == NULL) {
        fprintf(out, "%d certificates\n", cJSON_GetArraySize(tree));
    }
    cJSON_Delete(tree);
    return error;
}

okta_error *guide_send_an_extra(okta_client *client, const char *app_id, const okta_key *key)
{
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    okta_error *error = okta_key_to_jwk_request(key, NULL, &request);
    if (error == NULL) {
        const okta_member extra = {.name = "x5c", .json = "[\"MIIB...\"]"};
        request->model.extras = &extra;
        request->model.extra_count = 1;
        error = okta_add_jwk(client, app_id, request, &added);
    }
    okta_free(added);
    okta_free(request);
    return error;
}

okta_error *guide_change_extras(okta_oauth2_client_jwk *key, FILE *out)
{
    const char *owner = okta_extra_text(key, "owner");
    if (owner != NULL) {
        fprintf(out, "owner: %s\n", owner);
    }
    okta_error *error = okta_set_extra_text(key, key, "owner", "team \"b\"");
    if (error == NULL) {
        error = okta_set_extra(key, key, "level", "5");
    }
    if (error == NULL) {
        error = okta_set_extra(key, key, "note", NULL); /* remove it */
    }
    return error;
}

void guide_print_links(const okta_oauth2_client_jwk *key, FILE *out)
{
    const okta_link *activate = okta_links_find(key->links, "activate", 0);
    if (activate != NULL) {
        fprintf(out, "not active yet: %s\n", activate->href);
    }
    const okta_link *logo;
    for (size_t i = 0; (logo = okta_links_find(key->links, "logo", i)) != NULL; i++) {
        fprintf(out, "logo %s: %s\n", logo->name, logo->href);
    }
}

okta_error *guide_print_age(const okta_oauth2_client_jwk *key, int64_t now, FILE *out)
{
    okta_time created;
    okta_error *error = okta_time_parse(key->created, &created);
    if (error == NULL) {
        fprintf(out, "%lld days old\n", (long long)((now - created.seconds) / 86400));
    }
    return error;
}

void guide_print_error(const okta_error *error, FILE *out)
{
    fprintf(out, "%s: %s\n", okta_status_name(okta_error_status(error)), okta_error_message(error));
    for (size_t i = 0; i < okta_error_cause_count(error); i++) {
        const char *cause = okta_error_cause_summary(error, i);
        fprintf(out, "  because: %s\n", cause != NULL ? cause : "(no text)");
    }
    if (okta_error_request_id(error) != NULL) {
        fprintf(out, "  request id: %s\n", okta_error_request_id(error));
    }
}

okta_error *guide_delete_if_there(okta_client *client, const char *app_id, const char *key_id)
{
    okta_error *error = okta_delete_jwk(client, app_id, key_id);
    if (okta_error_status(error) == OKTA_E_NOT_FOUND) {
        okta_free(error);
        error = NULL;
    }
    return error;
}

okta_error *guide_add_and_settle(okta_client *client, const char *app_id,
                                 const okta_oauth2_client_jwk_request *request,
                                 okta_oauth2_client_jwk **added)
{
    okta_error *error = okta_add_jwk(client, app_id, request, added);
    if (okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN) {
        okta_error *lookup = okta_reconcile_jwk(client, app_id, request, added);
        if (lookup == NULL) {
            okta_free(error);
            error = NULL;
        }
        okta_free(lookup);
    }
    return error;
}

void guide_tell_when_to_repeat(const okta_error *error, FILE *out)
{
    if (okta_error_status(error) == OKTA_E_RATE_LIMITED) {
        fprintf(out, "again in %lld ms", (long long)okta_error_retry_after_ms(error));
        fprintf(out, ", at %lld by the org's clock\n", (long long)okta_error_retry_at(error));
    }
}

static int ask(void *ctx, char *buffer, size_t capacity)
{
    const char *passphrase = getenv(ctx);
    size_t length = passphrase != NULL ? strlen(passphrase) : 0;
    if (length == 0 || length > capacity) {
        return -1;
    }
    memcpy(buffer, passphrase, length);
    return (int)length;
}

okta_error *guide_read_encrypted_pem(const char *pem, size_t length, okta_key **key)
{
    char variable[] = "KEY_PASSPHRASE";
    okta_error *error = okta_key_from_pem(pem, length, ask, variable, key);
    return error;
}

okta_error *guide_encryption_key(const okta_key *key, okta_oauth2_client_jwk_request **request)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.kid = "tokens-2027";
    options.use = OKTA_OAUTH2_CLIENT_JWK_USE_ENC;
    options.status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE;
    return okta_key_to_jwk_request(key, &options, request);
}

okta_error *guide_is_my_key(const okta_key *mine, const okta_oauth2_client_jwk *theirs, int *same)
{
    char my_name[OKTA_THUMBPRINT_SIZE];
    char their_name[OKTA_THUMBPRINT_SIZE];
    okta_key *public_key = NULL;
    okta_error *error = okta_key_from_jwk_model(theirs, &public_key);
    if (error == NULL) {
        error = okta_key_thumbprint(public_key, their_name);
    }
    if (error == NULL) {
        error = okta_key_thumbprint(mine, my_name);
    }
    if (error == NULL) {
        *same = strcmp(my_name, their_name) == 0;
    }
    okta_free(public_key);
    return error;
}

okta_error *guide_list_within(okta_client *client, const char *app_id, time_t seconds)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += seconds;

    okta_call *list = okta_list_jwk_call(client, app_id);
    okta_call_set_deadline(list, &deadline);
    okta_error *error = okta_call_run(list);
    okta_free(list);
    return error;
}

static void on_stop(okta_cancel_token *token)
{
    okta_cancel_token_cancel(token);
}

okta_error *guide_end_by_token(okta_client *client, const char *app_id, okta_error **of_pages)
{
    okta_cancel_token *token = NULL;
    okta_error *error = okta_cancel_token_new(&token);
    if (error != NULL) {
        return error;
    }
    okta_call *call = okta_list_jwk_call(client, app_id);
    okta_pages *pages = okta_request_pages(client, "/api/v1/users");
    okta_call_set_cancel_token(call, token);
    okta_pages_set_cancel_token(pages, token);
    on_stop(token);
    okta_free(token);
    while (okta_pages_next(pages) != NULL) {
    }
    *of_pages = okta_pages_error(pages);
    error = okta_call_run(call);
    okta_free(pages);
    okta_free(call);
    return error;
}

void guide_shut_down(okta_client *client, const pthread_t *threads, size_t count)
{
    okta_client_cancel_all(client);
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    okta_free(client);
}

static okta_error *read_token(void *ctx, okta_token_reason reason, char *token, size_t capacity,
                              int64_t *expires_at_s)
{
    const char *path = ctx;
    char *text = NULL;
    okta_error *error = okta_secret_file_read(path, OKTA_SWITCH_OFF, &text);
    if (error == NULL && strlen(text) >= capacity) {
        error = okta_error_new(OKTA_E_CONFIG, "the token is too long");
    }
    if (error == NULL) {
        memcpy(token, text, strlen(text) + 1);
        token[strcspn(token, "\n")] = '\0';
        *expires_at_s = (int64_t)time(NULL) + 300;
    }
    okta_free(text);
    (void)reason;
    return error;
}

okta_error *guide_client_with_source(const char *org_url, char *path, okta_client **client)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.token_source = read_token;
    options.token_source_ctx = path;
    return okta_client_new(&options, client);
}

static okta_error *on_hangup(okta_client *client)
{
    return okta_client_reload(client);
}

okta_error *guide_reload(okta_client *client)
{
    return on_hangup(client);
}

static void on_users(void *ctx, okta_pages *pages)
{
    okta_loop *loop = ctx;
    okta_user *user;
    while ((user = OKTA_NEXT(pages, okta_user)) != NULL) {
        puts(user->id);
    }
    okta_error *error = okta_pages_error(pages);
    if (error == NULL && okta_pages_cursor(pages) != NULL) {
        error = okta_pages_submit(pages, loop, on_users, loop);
        if (error == NULL) {
            return;
        }
    }
    if (error != NULL) {
        fprintf(stderr, "users: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(pages);
}

okta_error *guide_users_by_loop(okta_client *client)
{
    okta_loop *loop = NULL;
    okta_error *error = okta_loop_new(NULL, &loop);
    if (error != NULL) {
        return error;
    }
    const okta_list_users_params params = {.model = OKTA_INIT(okta_list_users_params), .limit = {true, 2}};
    okta_pages *pages = okta_list_users_pages(client, &params);
    okta_pages_set_ahead(pages, true);
    error = okta_pages_submit(pages, loop, on_users, loop);
    if (error != NULL) {
        okta_free(pages);
    } else {
        error = okta_loop_run(loop);
    }
    okta_free(loop);
    return error;
}
