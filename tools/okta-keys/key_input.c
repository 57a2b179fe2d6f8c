/* SPDX-License-Identifier: Apache-2.0 */
#include "key_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "passphrase.h"
#include "report.h"

static bool looks_like_json(const file_text *file)
{
    return file->text[strspn(file->text, " \t\r\n")] == '{';
}

static bool looks_like_pem(const file_text *file)
{
    static const char begin[] = "-----BEGIN ";
    return strncmp(file->text + strspn(file->text, " \t\r\n"), begin, sizeof begin - 1) == 0;
}

static int read_text(const file_text *file, const char *path, okta_key **out)
{
    passphrase_source source = {.file = file_name(path), .may_ask = !file_is_stdin(path)};
    okta_error *error = okta_key_from_text(file->text, file->length, passphrase_get, &source, out);
    if (error != NULL && source.missing) {
        okta_free(error);
        return report(EXIT_USAGE,
                      "%s is encrypted: put its passphrase into the environment variable " PASSPHRASE_VARIABLE
                      "%s",
                      source.file, source.may_ask ? ", or run this on a terminal" : "");
    }
    return report_error(error, "read from %s", source.file);
}

/* With the file in front of what is wrong with the key in it. Takes the error. */
static okta_error *name_file(okta_error *error, const char *path, const passphrase_source *source)
{
    okta_error *named =
        source->missing
            ? report_new_error(
                  OKTA_E_ARG,
                  "%s is encrypted: put its passphrase into the environment variable " PASSPHRASE_VARIABLE,
                  path)
            : report_new_error(okta_error_status(error), "%s: %s", path, okta_error_message(error));
    okta_free(error);
    return named;
}

int key_input_read(const command_line *options, okta_key **out)
{
    const char *pem = options_value(options, OPTION_PEM);
    const char *jwk = options_value(options, OPTION_JWK);
    const char *path = pem != NULL ? pem : jwk != NULL ? jwk : "-";
    file_text file = {0};
    *out = NULL;
    int code = file_read(path, FILES_SMALL_MAX, &file);
    if (code == EXIT_DONE && jwk != NULL && looks_like_pem(&file)) {
        code = report(EXIT_USAGE, "%s is PEM, not a JWK: use --pem", file_name(path));
    } else if (code == EXIT_DONE && pem != NULL && looks_like_json(&file)) {
        code = report(EXIT_USAGE, "%s is a JWK, not PEM: use --jwk", file_name(path));
    } else if (code == EXIT_DONE) {
        code = read_text(&file, path, out);
    }
    file_text_clear(&file);
    return code;
}

int key_input_read_file(const char *path, okta_key **out)
{
    file_text file = {0};
    *out = NULL;
    int code = file_read(path, FILES_SMALL_MAX, &file);
    if (code == EXIT_DONE) {
        code = read_text(&file, path, out);
    }
    file_text_clear(&file);
    return code;
}

okta_error *key_input_request(const command_line *options, const okta_key *key,
                              okta_oauth2_client_jwk_request **out)
{
    okta_key_jwk_options wanted = OKTA_KEY_JWK_OPTIONS_INIT;
    const char *use = options_value(options, OPTION_USE);
    const char *status = options_value(options, OPTION_STATUS);
    wanted.kid = options_value(options, OPTION_KID);
    wanted.alg = options_value(options, OPTION_ALG);
    if (use != NULL) {
        wanted.use =
            strcmp(use, "enc") == 0 ? OKTA_OAUTH2_CLIENT_JWK_USE_ENC : OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    }
    if (status != NULL) {
        wanted.status = strcmp(status, "INACTIVE") == 0 ? OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE
                                                        : OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE;
    }
    return okta_key_to_jwk_request(key, &wanted, out);
}

typedef struct type_row {
    const char *name;
    okta_key_type type;
    okta_key_type like;      /* with the same rules */
    const char *description; /* by okta_key_description() */
} type_row;

static const type_row *type_of(const command_line *options)
{
    static const type_row types[] = {
        {"rsa2048", OKTA_KEY_RSA_2048, OKTA_KEY_RSA_2048, "RSA 2048"},
        {"rsa3072", OKTA_KEY_RSA_3072, OKTA_KEY_RSA_2048, "RSA 3072"},
        {"rsa4096", OKTA_KEY_RSA_4096, OKTA_KEY_RSA_2048, "RSA 4096"},
        {"p256", OKTA_KEY_EC_P256, OKTA_KEY_EC_P256, "EC P-256"},
        {"p384", OKTA_KEY_EC_P384, OKTA_KEY_EC_P384, "EC P-384"},
        {"p521", OKTA_KEY_EC_P521, OKTA_KEY_EC_P521, "EC P-521"},
    };
    const char *name = options_value(options, OPTION_TYPE);
    size_t i = 0;
    while (i + 1 < sizeof types / sizeof types[0] && strcmp(types[i].name, name) != 0) {
        i++;
    }
    return &types[i];
}

okta_key_type key_input_type(const command_line *options)
{
    return type_of(options)->type;
}

okta_error *key_input_generate(const command_line *options, okta_key **out)
{
    return okta_key_generate(key_input_type(options), out);
}

okta_error *key_input_generate_like(const command_line *options, okta_key **out)
{
    return okta_key_generate(type_of(options)->like, out);
}

okta_error *key_input_found(const command_line *options, const char *path, okta_key **out)
{
    const type_row *type = type_of(options);
    passphrase_source source = {.file = path, .may_ask = false};
    char *text = NULL;
    *out = NULL;
    okta_error *error = okta_secret_file_read(path, OKTA_SWITCH_OFF, &text);
    if (error == NULL) {
        error = okta_key_from_text(text, strlen(text), passphrase_get, &source, out);
        error = error == NULL ? NULL : name_file(error, path, &source);
    }
    okta_free(text);
    if (error == NULL && !okta_key_is_private(*out)) {
        error = report_new_error(OKTA_E_ARG, "%s holds no private key", path);
    } else if (error == NULL && strcmp(okta_key_description(*out), type->description) != 0) {
        error = report_new_error(OKTA_E_ARG, "%s holds a key of another type than %s: %s", path, type->name,
                                 okta_key_description(*out));
    }
    return error;
}

/* Whether the folder of a file is there and can be written to. */
static bool can_create(const char *path)
{
    struct stat about;
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = length == 0 ? strdup(".") : strndup(path, length);
    bool can = folder != NULL && stat(folder, &about) == 0 && access(folder, W_OK | X_OK) == 0;
    int reason = errno;
    free(folder);
    errno = reason;
    return can;
}

int key_input_check_out(const char *path, const char *advice)
{
    struct stat status;
    if (file_is_stdin(path)) {
        return report(EXIT_USAGE, "--out needs the name of a file: a private key is not printed");
    }
    if (lstat(path, &status) == 0) {
        return report(EXIT_USAGE, "%s exists, and a private key never replaces a file%s", path, advice);
    }
    return errno == ENOENT && can_create(path)
               ? EXIT_DONE
               : report(EXIT_USAGE, "cannot create %s: %s", path, strerror(errno));
}
