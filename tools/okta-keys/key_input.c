/* SPDX-License-Identifier: Apache-2.0 */
#include "key_input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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
    file_clear(&file);
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

static okta_key_type type_named(const char *name)
{
    static const struct {
        const char *name;
        okta_key_type type;
    } types[] = {
        {"rsa2048", OKTA_KEY_RSA_2048}, {"rsa3072", OKTA_KEY_RSA_3072}, {"rsa4096", OKTA_KEY_RSA_4096},
        {"p256", OKTA_KEY_EC_P256},     {"p384", OKTA_KEY_EC_P384},     {"p521", OKTA_KEY_EC_P521},
    };
    size_t i = 0;
    while (i + 1 < sizeof types / sizeof types[0] && strcmp(types[i].name, name) != 0) {
        i++;
    }
    return types[i].type;
}

okta_error *key_input_generate(const command_line *options, okta_key **out)
{
    return okta_key_generate(type_named(options_value(options, OPTION_TYPE)), out);
}

int key_input_check_out(const char *path)
{
    struct stat status;
    if (file_is_stdin(path)) {
        return report(EXIT_USAGE, "--out needs the name of a file: a private key is not printed");
    }
    if (lstat(path, &status) == 0) {
        return report(EXIT_USAGE, "%s exists, and a private key never replaces a file", path);
    }
    return errno == ENOENT ? EXIT_DONE : report(EXIT_USAGE, "cannot create %s: %s", path, strerror(errno));
}
