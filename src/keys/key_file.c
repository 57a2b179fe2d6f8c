/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/file.h"

#define SHOWN_MAX   255u
#define OTHERS_MASK ((mode_t)(S_IRWXG | S_IRWXO))

static bool is_jwk(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '{';
}

static bool is_pem(const char *text)
{
    return strstr(text, "-----BEGIN") != NULL;
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
    /* base64 has no dot, and the base64 of no key begins with a slash: DER begins with 'M'. */
    return text[0] == '/' || strchr(text, '.') != NULL;
}

static const char *shown(const char *path)
{
    return oktai_key_is_shown(path) ? path : "***";
}

static okta_error *refuse_file(const char *path, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "private_key: the file \"%s\" %s", shown(path), reason);
}

static okta_error *refuse_open(const char *path, int code)
{
    if (!oktai_key_is_shown(path)) {
        return oktai_error_new(OKTA_E_CONFIG,
                               "private_key is neither PEM, nor a JWK, nor a file that can be "
                               "opened (errno %d)",
                               code);
    }
    return code == ELOOP ? refuse_file(path, "is a symbolic link: give the file that it leads to")
                         : oktai_file_error(OKTA_E_CONFIG, "open private_key", path, code);
}

static okta_error *check_folder(const char *path)
{
    struct stat about;
    oktai_arena arena = {0};
    okta_error *error = NULL;
    const char *folder = oktai_file_folder(&arena, path);
    if (folder == NULL) {
        error = oktai_error_nomem();
    } else if (stat(folder, &about) != 0) {
        error = refuse_open(path, errno);
    } else if ((about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0) {
        error = refuse_file(path, "stands in a folder that everyone can write to: chmod o-w the folder");
    }
    oktai_arena_clear(&arena);
    return error;
}

static okta_error *read_checked(int file, const char *path, oktai_buffer *out)
{
    struct stat about;
    if (fstat(file, &about) != 0) {
        return refuse_open(path, errno);
    }
    const char *reason = oktai_file_refuse(&about);
    if (reason != NULL) {
        return refuse_file(path, reason);
    }
    if ((about.st_mode & OTHERS_MASK) != 0) {
        return oktai_error_new(OKTA_E_CONFIG,
                               "private_key: the file \"%s\" is open to others (mode %04o): chmod 600",
                               shown(path), (unsigned)(about.st_mode & 07777));
    }
    if (!oktai_file_read(file, out)) {
        return out->over_limit ? refuse_file(path, "is larger than 65,536 bytes")
               : out->failed   ? oktai_error_nomem()
                               : oktai_file_error(OKTA_E_CONFIG, "read private_key", shown(path), errno);
    }
    return out->length == 0 || strlen(out->data) != out->length
               ? refuse_file(path, out->length == 0 ? "is empty" : "holds a NUL byte")
               : NULL;
}

static okta_error *read_file(const char *path, oktai_buffer *out)
{
    okta_error *error = check_folder(path);
    if (error != NULL) {
        return error;
    }
    int file = oktai_file_open(path, O_NOFOLLOW);
    if (file < 0) {
        return refuse_open(path, errno);
    }
    error = read_checked(file, path, out);
    close(file);
    return error;
}

/* Line ends in PEM of environment variables are often written as `\n` or `\r\n`. */
static bool spell_out_lines(const char *text, oktai_buffer *out)
{
    for (const char *c = text; *c != '\0' && !out->failed; c++) {
        bool is_escape = c[0] == '\\' && (c[1] == 'n' || c[1] == 'r');
        oktai_buffer_add_char(out, is_escape && c[1] == 'n' ? '\n' : is_escape ? '\r' : *c);
        c += is_escape;
    }
    return !out->failed;
}

static okta_error *read_pem(const char *text, okta_key **out)
{
    oktai_buffer pem = {0};
    okta_error *error;
    if (!oktai_buffer_reserve(&pem, strlen(text)) || !spell_out_lines(text, &pem)) {
        error = oktai_error_nomem();
    } else {
        error = okta_key_from_pem(pem.data, pem.length, NULL, NULL, out);
    }
    oktai_buffer_clear(&pem);
    return error;
}

/* What the key functions refuse as an argument is an option here. */
static okta_error *as_option(okta_error *error)
{
    if (error == NULL || okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    okta_error *named = oktai_error_new(OKTA_E_CONFIG, "private_key: %s", okta_error_message(error));
    okta_free(error);
    return named;
}

static okta_error *read_text(const char *text, okta_key **out)
{
    okta_error *error = is_jwk(text) ? okta_key_from_jwk(text, strlen(text), out) : read_pem(text, out);
    error = as_option(error);
    if (error == NULL && !okta_key_is_private(*out)) {
        error = oktai_error_new(OKTA_E_CONFIG, "private_key: the key is a public one");
        okta_free(*out);
        *out = NULL;
    }
    return error;
}

okta_error *oktai_key_load(const char *text_or_path, okta_key **out)
{
    *out = NULL;
    if (text_or_path == NULL) {
        return oktai_error_null("private_key");
    }
    if (is_jwk(text_or_path) || is_pem(text_or_path)) {
        return read_text(text_or_path, out);
    }
    if (text_or_path[0] == '\0') {
        return oktai_error_new(OKTA_E_CONFIG, "private_key is empty");
    }
    oktai_buffer text = {0};
    okta_error *error = read_file(text_or_path, &text);
    if (error == NULL && !is_jwk(text.data) && !is_pem(text.data)) {
        error = refuse_file(text_or_path, "holds neither PEM nor a JWK");
    }
    if (error == NULL) {
        error = read_text(text.data, out);
    }
    oktai_buffer_clear(&text);
    return error;
}
