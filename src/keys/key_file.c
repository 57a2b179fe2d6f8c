/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/secret_file.h"
#include "keys/key_text.h"

#define SHOWN_MAX 255u

static bool is_jwk(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '{';
}

static bool is_pem(const char *text)
{
    return strstr(text, "-----BEGIN") != NULL;
}

/* Letters of base64, in a row at least as long as a private key of 32 bytes has them, are a secret rather
 * than a name. A path may have such a row only where it has other characters, too. */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define ROW_MIN 40u

/* Whether the text looks like base64 that begins with a slash, or like a token of parts with dots between
 * them, such as a JWT. */
static bool looks_like_secret(const char *text)
{
    static const char token_begin[] = "eyJ"; /* base64url of a JSON object's begin */
    size_t length = strlen(text);
    if (text[0] == '/') {
        return length >= ROW_MIN && strspn(text, LETTERS "+/=") == length;
    }
    bool has_row = false;
    if (strspn(text, LETTERS "-_.=") != length) {
        return false;
    }
    for (const char *part = text; *part != '\0'; part += strspn(part, ".")) {
        size_t row = strcspn(part, ".");
        has_row = has_row || row >= ROW_MIN;
        part += row;
    }
    return has_row || strncmp(text, token_begin, sizeof token_begin - 1) == 0;
}

bool oktai_key_is_shown(const char *text_or_path)
{
    const char *text = text_or_path;
    if (text == NULL || is_jwk(text) || is_pem(text) || strnlen(text, SHOWN_MAX + 1) > SHOWN_MAX) {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < ' ' || *c > '~' || strchr("\"{}\\", *c) != NULL) {
            return false;
        }
    }
    /* base64 has no dot, and that of DER begins with 'M'. What is the name of a file is a name. */
    return (text[0] == '/' || strchr(text, '.') != NULL) &&
           (!looks_like_secret(text) || access(text, F_OK) == 0);
}

static okta_error *refuse_value(int code)
{
    return oktai_error_new(OKTA_E_CONFIG,
                           "private_key is neither PEM, nor a JWK, nor a file that can be opened (errno %d)",
                           code);
}

/* Put in front of an error where the key came from. NULL and no memory stay as they are. */
static okta_error *name_origin(const oktai_secret_file *file, okta_error *error)
{
    if (error == NULL || okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    okta_error *named = file == NULL
                            ? oktai_error_new(OKTA_E_CONFIG, "private_key: %s", okta_error_message(error))
                            : oktai_error_new(OKTA_E_CONFIG, "private_key: the file \"%.400s\": %s",
                                              file->shown, okta_error_message(error));
    okta_free(error);
    return named;
}

static okta_error *read_key(const oktai_buffer *text, oktai_key_shape shape, okta_key **out)
{
    okta_error *error = shape == OKTAI_KEY_SHAPE_JWK
                            ? okta_key_from_jwk(text->data, text->length, out)
                            : okta_key_from_pem(text->data, text->length, NULL, NULL, out);
    if (error == NULL && !okta_key_is_private(*out)) {
        error = oktai_error_new(OKTA_E_CONFIG, "the key is a public one");
        okta_free(*out);
        *out = NULL;
    }
    return error;
}

static okta_error *read_file(const oktai_secret_file *file, okta_key **out)
{
    oktai_buffer bytes = {0};
    oktai_buffer text = {0};
    oktai_key_shape shape = OKTAI_KEY_SHAPE_NONE;
    okta_error *error = oktai_secret_file_read(file, &bytes);
    if (error == NULL) {
        bool is_text = strlen(bytes.data) == bytes.length;
        error =
            is_text ? name_origin(file, oktai_key_text_read(bytes.data, bytes.length, &text, &shape)) : NULL;
        if (error == NULL && shape == OKTAI_KEY_SHAPE_NONE) {
            error = oktai_secret_file_refuse(file, oktai_key_text_other(bytes.data, bytes.length));
        }
    }
    if (error == NULL) {
        error = name_origin(file, read_key(&text, shape, out));
    }
    oktai_buffer_clear(&text);
    oktai_buffer_clear(&bytes);
    return error;
}

static okta_error *read_path(const char *path, bool readable, okta_key **out)
{
    bool is_shown = oktai_key_is_shown(path);
    if (!is_shown && access(path, F_OK) != 0) {
        return refuse_value(errno);
    }
    const oktai_secret_file file = {
        .what = "private_key",
        .path = path,
        .shown = is_shown ? path : "***",
        .readable = readable,
        .allow = "where everyone may read it, set private_key_readable (OKTA_CLIENT_PRIVATEKEYREADABLE=true)",
    };
    return read_file(&file, out);
}

okta_error *oktai_key_load(const char *text_or_path, bool readable, okta_key **out)
{
    *out = NULL;
    if (text_or_path == NULL) {
        return oktai_error_null("private_key");
    }
    oktai_buffer text = {0};
    oktai_key_shape shape;
    okta_error *error =
        name_origin(NULL, oktai_key_text_read(text_or_path, strlen(text_or_path), &text, &shape));
    if (error == NULL && text.length == 0) {
        error = oktai_error_new(OKTA_E_CONFIG, "private_key is empty");
    } else if (error == NULL && shape == OKTAI_KEY_SHAPE_NONE) {
        error = read_path(text.data, readable, out);
    } else if (error == NULL) {
        error = name_origin(NULL, read_key(&text, shape, out));
    }
    oktai_buffer_clear(&text);
    return error;
}
