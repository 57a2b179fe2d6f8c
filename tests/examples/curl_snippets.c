/* SPDX-License-Identifier: Apache-2.0 */
/* test_documents.c compares the code blocks of the guide "From raw libcurl" with this file. */
#include "curl_snippets.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <okta/api/user.h>
#include <okta/cjson.h>
#include <stdlib.h>
#include <string.h>

typedef struct text {
    char *data;
    size_t length;
} text;

static size_t keep(char *data, size_t size, size_t count, void *ctx)
{
    text *body = ctx;
    char *larger = realloc(body->data, body->length + size * count + 1);
    if (larger == NULL) {
        return 0;
    }
    memcpy(larger + body->length, data, size * count);
    body->data = larger;
    body->length += size * count;
    body->data[body->length] = '\0';
    return size * count;
}

bool print_user_by_hand(const char *org_url, const char *token, const char *id, FILE *out)
{
    char url[512], authorization[512];
    text body = {0};
    long status = 0;
    CURL *easy = curl_easy_init();
    char *escaped = easy != NULL ? curl_easy_escape(easy, id, 0) : NULL;
    snprintf(url, sizeof url, "%s/api/v1/users/%s", org_url, escaped != NULL ? escaped : "");
    snprintf(authorization, sizeof authorization, "Authorization: SSWS %s", token);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    headers = curl_slist_append(headers, authorization);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    bool good = escaped != NULL && curl_easy_perform(easy) == CURLE_OK &&
                curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200;
    cJSON *tree = good ? cJSON_ParseWithLength(body.data, body.length) : NULL;
    const cJSON *profile = cJSON_GetObjectItemCaseSensitive(tree, "profile");
    const cJSON *login = cJSON_GetObjectItemCaseSensitive(profile, "login");
    const cJSON *state = cJSON_GetObjectItemCaseSensitive(tree, "status");
    good = cJSON_IsString(login) && cJSON_IsString(state);
    if (good) {
        fprintf(out, "%s is %s\n", login->valuestring, state->valuestring);
    }
    cJSON_Delete(tree);
    free(body.data);
    curl_slist_free_all(headers);
    curl_free(escaped);
    curl_easy_cleanup(easy);
    return good;
}

okta_error *print_user(const char *org_url, const char *token, const char *id, FILE *out)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.token = token;

    okta_client *client = NULL;
    okta_user_get_singleton *user = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = okta_get_user(client, id, NULL, &user);
    }
    const char *status = error == NULL ? okta_enum_text(user, "status") : NULL;
    if (status != NULL && user->profile != NULL && user->profile->login != NULL) {
        fprintf(out, "%s is %s\n", user->profile->login, status);
    }
    okta_free(user);
    okta_free(client);
    return error;
}

okta_error *rename_group_with_cjson(okta_client *client, const char *group_id, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "/api/v1/groups/%s", group_id);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(cJSON_AddObjectToObject(body, "profile"), "name", name);
    char *json = cJSON_PrintUnformatted(body);

    okta_call *call = okta_request_call(client, "PUT", path, json);
    okta_error *error = okta_call_run(call);
    okta_free(call);

    cJSON_free(json);
    cJSON_Delete(body);
    return error;
}
