/* SPDX-License-Identifier: Apache-2.0 */
/* The client secret: client_secret_basic and client_secret_post (RFC 6749, section 2.3.1). */
#include "mock_form.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

/* Whether one of the app's active secrets is this text. */
static bool has_secret(const mock_app *app, const char *secret)
{
    for (const mock_item *item = app->items[MOCK_KIND_SECRET]; item != NULL; item = item->next) {
        if (mock_item_is(item, "status", "ACTIVE") && mock_item_is(item, "client_secret", secret)) {
            return true;
        }
    }
    return false;
}

static const char *check(mock_call *call, const char *method, const char *id, const char *secret,
                         mock_app **out_client)
{
    mock_app *client = mock_apps_find(call->org->apps, id);
    if (client == NULL || strcmp(client->auth_method, method) != 0) {
        return "There is no client of this id that signs in this way";
    }
    if (!has_secret(client, secret)) {
        return "The client has no active secret like this";
    }
    *out_client = client;
    return NULL;
}

/* The text behind `Basic `, decoded, for free(); NULL: there is none. */
static char *read_basic(const mock_record *record)
{
    static const char scheme[] = "Basic ";
    const char *line = mock_request_header(&record->view, "Authorization");
    if (line == NULL || strncmp(line, scheme, strlen(scheme)) != 0) {
        return NULL;
    }
    const char *text = line + strlen(scheme);
    /* Of the two alphabets only base64url is read below: what it has beside base64 is refused here. */
    char *letters = strpbrk(text, "-_") == NULL && strlen(text) % 4 == 0 ? mock_copy(text) : NULL;
    for (char *at = letters; at != NULL && *at != '\0'; at++) {
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    }
    unsigned char *bytes = NULL;
    size_t length = 0;
    char *pair = NULL;
    if (letters != NULL && mock_base64url_decode(letters, &bytes, &length)) {
        pair = mock_copy_n((const char *)bytes, length);
    }
    free(bytes);
    free(letters);
    return pair;
}

const char *mock_secret_basic_check(mock_call *call, const mock_form *form, mock_app **out_client)
{
    char *pair = read_basic(call->record);
    char *colon = pair != NULL ? strchr(pair, ':') : NULL;
    char *id = colon != NULL ? mock_form_decode(pair, (size_t)(colon - pair)) : NULL;
    char *secret = colon != NULL ? mock_form_decode(colon + 1, strlen(colon + 1)) : NULL;
    const char *told = mock_form_value(form, "client_id");
    const char *refusal = "The Authorization header is no Basic one with id and secret, each form-encoded";
    if (id != NULL && secret != NULL) {
        refusal = told != NULL && strcmp(told, id) != 0
                      ? "client_id is not the client of the Authorization header"
                      : check(call, "client_secret_basic", id, secret, out_client);
    }
    free(pair);
    free(id);
    free(secret);
    return refusal;
}

const char *mock_secret_post_check(mock_call *call, const mock_form *form, mock_app **out_client)
{
    const char *id = mock_form_value(form, "client_id");
    return id == NULL
               ? "There is a client_secret and no client_id"
               : check(call, "client_secret_post", id, mock_form_value(form, "client_secret"), out_client);
}
