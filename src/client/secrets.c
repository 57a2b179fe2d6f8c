/* SPDX-License-Identifier: Apache-2.0 */
#include "client/secrets.h"

#include <string.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/uri.h"
#include "json/engine.h"

bool oktai_redactor_of(oktai_redactor *redactor, const oktai_call_secrets *secrets)
{
    return oktai_redactor_add_set(redactor, secrets->client) &&
           oktai_redactor_add_set(redactor, secrets->body) &&
           oktai_redactor_add_set(redactor, secrets->sent) &&
           oktai_redactor_add_set(redactor, secrets->app) && oktai_redactor_add(redactor, secrets->token);
}

const char *oktai_hide_or_nothing(oktai_redactor *redactor, const oktai_call_secrets *secrets,
                                  const char *text)
{
    const char *hidden = oktai_redactor_of(redactor, secrets) ? oktai_redactor_hide(redactor, text) : NULL;
    return hidden == NULL ? "***" : hidden;
}

/* The password in `scheme://user:password@host`, as it is; libcurl sends it decoded, which is the same to a
 * redactor once it is decoded here, too. */
static bool add_proxy(oktai_secrets *secrets, const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *authority = scheme == NULL ? url : scheme + strlen("://");
    size_t length = strcspn(authority, "/?#");
    const char *end = NULL;
    for (const char *p = authority; p < authority + length; p++) {
        end = *p == '@' ? p : end;
    }
    const char *colon = end == NULL ? NULL : memchr(authority, ':', (size_t)(end - authority));
    if (colon == NULL) {
        return true;
    }
    oktai_buffer decoded = {0};
    bool good = oktai_secrets_add(secrets, colon + 1, (size_t)(end - colon) - 1) &&
                oktai_uri_decode(&decoded, colon + 1, (size_t)(end - colon) - 1) &&
                oktai_secrets_add(secrets, decoded.data, decoded.length);
    oktai_buffer_clear(&decoded);
    return good;
}

bool oktai_secrets_add_encoded(oktai_secrets *secrets, const char *secret)
{
    oktai_buffer encoded = {0};
    bool good =
        oktai_uri_encode(&encoded, secret) && (encoded.length == 0 || strcmp(encoded.data, secret) == 0 ||
                                               oktai_secrets_add(secrets, encoded.data, encoded.length));
    oktai_buffer_clear(&encoded);
    return good;
}

/* A form-encoded secret is what the Basic scheme has in its base64 (RFC 6749, section 2.3.1). */
bool oktai_secrets_of_client_secret(oktai_secrets *secrets, const char *client_secret)
{
    return oktai_secrets_add(secrets, client_secret, strlen(client_secret)) &&
           oktai_secrets_add_encoded(secrets, client_secret);
}

bool oktai_secrets_of_client(oktai_secrets *secrets, const okta_client_options *options, const char *proxy)
{
    return (options->token == NULL || oktai_secrets_add(secrets, options->token, strlen(options->token))) &&
           (options->client_secret == NULL ||
            oktai_secrets_of_client_secret(secrets, options->client_secret)) &&
           add_proxy(secrets, proxy);
}

/* The rest of a header line that begins so; NULL: it begins otherwise. */
static const char *behind(const char *line, const char *beginning)
{
    size_t length = strlen(beginning);
    return strncmp(line, beginning, length) == 0 ? line + length : NULL;
}

static bool add_field(oktai_secrets *secrets, const oktai_buffer *form, const char *name)
{
    size_t length = strlen(name);
    const char *field = form->data;
    while (field != NULL && *field != '\0') {
        size_t field_length = strcspn(field, "&");
        if (field_length > length && field[length] == '=' && memcmp(field, name, length) == 0 &&
            !oktai_secrets_add(secrets, field + length + 1, field_length - length - 1)) {
            return false;
        }
        field += field_length + (field[field_length] == '&');
    }
    return true;
}

bool oktai_secrets_of_request(oktai_secrets *secrets, const oktai_request *request)
{
    static const char *const beginnings[] = {"DPoP: ", "Authorization: Basic "};
    bool is_form = false;
    bool good = true;
    for (size_t i = 0; good && request->headers[i] != NULL; i++) {
        is_form =
            is_form || strcmp(request->headers[i], "Content-Type: application/x-www-form-urlencoded") == 0;
        for (size_t k = 0; good && k < sizeof beginnings / sizeof beginnings[0]; k++) {
            const char *value = behind(request->headers[i], beginnings[k]);
            good = value == NULL || oktai_secrets_add(secrets, value, strlen(value));
        }
    }
    if (!is_form || request->body == NULL) {
        return good;
    }
    return good && add_field(secrets, request->body, "client_assertion") &&
           add_field(secrets, request->body, "client_secret");
}

bool oktai_secrets_of_raw_body(oktai_secrets *secrets, const char *json, size_t length)
{
    okta_error *error = oktai_engine_secrets(&oktai_free_form_model, json, length, secrets);
    bool good = okta_error_status(error) != OKTA_E_NOMEM;
    okta_free(error);
    return good;
}

/* Of the names that hold secrets in JSON one with a single letter is a member of a JWK; `q` in a query is a
 * search. */
static bool is_secret_parameter(const char *name, size_t length)
{
    static const char *const others[] = {"code", "request", "state"};
    bool found = length > 1 && oktai_is_secret_name(name, length);
    for (size_t i = 0; !found && i < sizeof others / sizeof others[0]; i++) {
        found = strlen(others[i]) == length && memcmp(others[i], name, length) == 0;
    }
    return found;
}

static bool add_parameter(oktai_secrets *secrets, const char *parameter, size_t length)
{
    const char *equals = memchr(parameter, '=', length);
    if (equals == NULL) {
        return true;
    }
    oktai_buffer name = {0};
    oktai_buffer value = {0};
    size_t value_length = length - (size_t)(equals + 1 - parameter);
    bool good = oktai_uri_decode(&name, parameter, (size_t)(equals - parameter));
    if (good && name.length > 0 && is_secret_parameter(name.data, name.length)) {
        good = oktai_secrets_add(secrets, equals + 1, value_length) &&
               oktai_uri_decode(&value, equals + 1, value_length) &&
               (value.length == 0 || oktai_secrets_add(secrets, value.data, value.length));
    }
    oktai_buffer_clear(&name);
    oktai_buffer_clear(&value);
    return good;
}

bool oktai_secrets_of_target(oktai_secrets *secrets, const char *target)
{
    const char *query = strchr(target, '?');
    while (query != NULL && *query != '\0') {
        size_t length = strcspn(++query, "&");
        if (!add_parameter(secrets, query, length)) {
            return false;
        }
        query += length;
    }
    return true;
}
