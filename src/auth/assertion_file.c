/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/assertion_file.h"

#include <string.h>

#include "core/base64url.h"
#include "core/error.h"
#include "core/file.h"
#include "core/secret_file.h"
#include "json/engine.h"

#define NAME_MOST  4095u /* bytes of a path, and of one name in it */
#define ENTRY_MOST 255u
#define PARTS      3u

/* What is looked at of the claims. */
typedef struct claims {
    okta_model model;
    const char *sub;
} claims;

static const oktai_row rows[] = {
    {OKTAI_ROW(claims, sub, "sub", OKTAI_KIND_STRING, OKTAI_ROW_UNIQUE)},
};

static const okta_descriptor claims_model = {
    .schema = "claims of an assertion",
    .size = sizeof(claims),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
};

/* An assertion has no slash, a JSON object in base64url at its beginning, and more letters than the name of a
 * file may have. */
bool oktai_assertion_file_is_shown(const char *name)
{
    return strchr(name, '/') != NULL ||
           (strstr(name, "eyJ") == NULL && strnlen(name, ENTRY_MOST + 1) <= ENTRY_MOST);
}

const char *oktai_assertion_file_refuse(const char *name)
{
    if (*name == '\0' || strnlen(name, NAME_MOST + 1) > NAME_MOST) {
        return "must be the name of a file";
    }
    return oktai_assertion_file_is_shown(name)
               ? NULL
               : "looks like an assertion: put that into a file, and the file's name here";
}

/* Where the parts of a compact JWS begin, and how long they are. False: there are not three. */
static bool split(const char *text, const char *parts[PARTS], size_t lengths[PARTS])
{
    for (size_t i = 0; i < PARTS; i++) {
        parts[i] = text;
        lengths[i] = strcspn(text, ".");
        text += lengths[i];
        if (lengths[i] == 0 || (*text == '\0') != (i == PARTS - 1)) {
            return false;
        }
        text += i < PARTS - 1;
    }
    return true;
}

/* Whether the text is a compact JWS. `payload` receives its payload. False without memory, too: `payload` has
 * failed then. */
static bool read_parts(const oktai_buffer *text, oktai_buffer *payload)
{
    const char *parts[PARTS];
    size_t lengths[PARTS];
    if (strlen(text->data) != text->length || !split(text->data, parts, lengths) ||
        !oktai_buffer_reserve(payload, text->length)) {
        return false;
    }
    static const size_t order[PARTS] = {0, 2, 1}; /* the payload is what stays */
    bool good = true;
    for (size_t i = 0; good && i < PARTS; i++) {
        good = oktai_base64url_decode(parts[order[i]], lengths[order[i]], (unsigned char *)payload->data,
                                      &payload->length);
    }
    return good;
}

/* Whether the payload, which it takes, names the client. Errors: OKTA_E_PROTOCOL (it is no JSON object),
 * OKTA_E_NOMEM. */
static okta_error *look_for_client(oktai_buffer *payload, const char *client_id, bool *is_there)
{
    void *model = NULL;
    *is_there = false;
    okta_error *error = oktai_engine_decode(&claims_model, payload, NULL, &model, NULL);
    if (error == NULL && model != NULL) {
        const char *sub = ((const claims *)model)->sub;
        *is_there = sub != NULL && strcmp(sub, client_id) == 0;
    }
    okta_free(model);
    return error;
}

static okta_error *check(const oktai_secret_file *file, const oktai_buffer *text, const char *client_id)
{
    static const char no_jwt[] = "holds no client assertion: that is a JWT of three parts of base64url with "
                                 "dots between them";
    oktai_buffer payload = {0};
    bool is_client = false;
    okta_error *error = NULL;
    if (text->length > OKTAI_ASSERTION_MAX) {
        error = oktai_secret_file_refuse(file, "holds more than 16,384 bytes");
    } else if (!read_parts(text, &payload)) {
        error = payload.failed ? oktai_error_nomem() : oktai_secret_file_refuse(file, no_jwt);
    } else {
        payload.data[payload.length] = '\0';
        error = look_for_client(&payload, client_id, &is_client);
        if (okta_error_status(error) == OKTA_E_PROTOCOL) {
            okta_free(error);
            error = oktai_secret_file_refuse(file, no_jwt);
        } else if (error == NULL && !is_client) {
            error = oktai_secret_file_refuse(file, "holds an assertion of another client: its sub is not "
                                                   "client_id");
        }
    }
    oktai_buffer_clear(&payload);
    return error;
}

/* Whether the file is where it must be. */
static okta_error *check_folder(const oktai_assertion_file *file, const oktai_secret_file *secret)
{
    bool is_outside = false;
    okta_error *error =
        file->folder == NULL ? NULL : oktai_file_is_outside(file->path, file->folder, &is_outside);
    return is_outside ? oktai_secret_file_refuse(secret, "is not below the working folder that named it")
                      : error;
}

okta_error *oktai_assertion_file_read(const oktai_assertion_file *file, const char *client_id,
                                      oktai_buffer *out)
{
    const oktai_secret_file secret = {
        .what = file->what,
        .path = file->path,
        .shown = file->path,
        .readable = file->readable,
        .allow = "where everyone may read it, set private_key_readable (OKTA_CLIENT_PRIVATEKEYREADABLE=true)",
    };
    oktai_buffer text = {0};
    okta_error *error = check_folder(file, &secret);
    if (error == NULL) {
        error = oktai_secret_file_read(&secret, &text);
    }
    if (error == NULL && text.data[text.length - 1] == '\n') {
        text.data[--text.length] = '\0';
    }
    if (error == NULL) {
        error = check(&secret, &text, client_id);
    }
    if (error == NULL && !oktai_buffer_append(out, text.data, text.length)) {
        error = oktai_error_nomem();
    }
    oktai_buffer_clear(&text);
    return error;
}
