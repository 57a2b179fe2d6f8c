/* SPDX-License-Identifier: Apache-2.0 */
/* Prove a login: verify_id_token FILE SERVER CLIENT NONCE [KEY]
 *
 * FILE holds the ID token as the token endpoint gave it. SERVER is the authorization server that issued it,
 * such as default; CLIENT is the client id of the app and NONCE what the app put into its authorization
 * request. KEY is a private key in PEM, for an app whose ID tokens are encrypted. The keys of the server come
 * from the org; its URL and the token of the API come from okta.yaml or the environment. */
#include <okta/api/custom_as.h>
#include <okta/okta.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 65536

/* Reads a file; the white space at its end is no part of a token. */
static int read_text(const char *path, char text[TEXT_MAX], size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return -1;
    }
    *length = fread(text, 1, TEXT_MAX, file);
    int result = ferror(file) || !feof(file) ? -1 : 0;
    fclose(file);
    while (*length > 0 && strchr("\r\n ", text[*length - 1]) != NULL) {
        (*length)--;
    }
    return result;
}

/* The token inside the one that was encrypted for the app. */
static okta_error *open_token(const char *token, size_t length, const char *pem, size_t pem_length,
                              okta_jose **out)
{
    static const char *const algs[] = {"RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", NULL};
    okta_jose_options allowed = OKTA_JOSE_OPTIONS_INIT;
    okta_key *key = NULL;
    allowed.algs = algs;
    okta_error *error = okta_key_from_pem(pem, pem_length, NULL, NULL, &key);
    if (error == NULL) {
        error = okta_jwe_decrypt(token, length, key, &allowed, out);
    }
    okta_free(key);
    return error;
}

/* A program that runs on keeps the keys of the server, and fetches them again for OKTA_E_NOT_FOUND: the
 * server has a new key. */
static okta_error *verify(okta_client *client, const char *server, const char *token, size_t length,
                          okta_jose **out)
{
    static const char *const algs[] = {"RS256", NULL};
    okta_jose_options allowed = OKTA_JOSE_OPTIONS_INIT;
    okta_oauth_key_set *keys = NULL;
    size_t jwks_length = 0;
    allowed.algs = algs;
    okta_error *error = okta_oauth_keys_custom_as(client, server, &keys);
    if (error == NULL) {
        const char *jwks = okta_source(keys, &jwks_length);
        error = okta_jws_verify_with_jwks(token, length, jwks, jwks_length, &allowed, out);
    }
    okta_free(keys);
    return error;
}

static okta_error *check(const okta_jose *verified, const char *issuer, const char *client_id,
                         const char *nonce)
{
    okta_id_token_options expected = OKTA_ID_TOKEN_OPTIONS_INIT;
    okta_id_token *who = NULL;
    expected.issuer = issuer;
    expected.audience = client_id;
    expected.nonce = nonce;
    okta_error *error = okta_id_token_check(verified, &expected, &who);
    if (error == NULL) {
        printf("%s\n", who->sub);
    }
    okta_free(who);
    return error;
}

/* What the program was called with. */
typedef struct login {
    const char *server, *client_id, *nonce;
    char token[TEXT_MAX], pem[TEXT_MAX];
    size_t length, pem_length; /* without KEY there is no PEM */
} login;

static okta_error *prove(const login *given, okta_client *client, const char *issuer)
{
    okta_jose *opened = NULL, *verified = NULL;
    okta_error *error = NULL;
    if (given->pem_length > 0) {
        error = open_token(given->token, given->length, given->pem, given->pem_length, &opened);
    }
    if (error == NULL) {
        const char *token = opened != NULL ? opened->payload : given->token;
        size_t length = opened != NULL ? opened->payload_length : given->length;
        error = verify(client, given->server, token, length, &verified);
    }
    if (error == NULL) {
        error = check(verified, issuer, given->client_id, given->nonce);
    }
    okta_free(verified);
    okta_free(opened);
    return error;
}

static okta_error *connect_and_prove(const login *given)
{
    char issuer[1024];
    okta_client_options *options = NULL;
    okta_client *client = NULL;
    okta_error *error = okta_client_options_load(NULL, &options);
    if (error == NULL) {
        snprintf(issuer, sizeof issuer, "%s/oauth2/%s", options->org_url, given->server);
        error = okta_client_new(options, &client);
    }
    if (error == NULL) {
        error = prove(given, client, issuer);
    }
    okta_free(client);
    okta_free(options);
    return error;
}

int main(int argc, char **argv)
{
    static login given;
    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: verify_id_token FILE SERVER CLIENT NONCE [KEY]\n");
        return 2;
    }
    given.server = argv[2];
    given.client_id = argv[3];
    given.nonce = argv[4];
    if (read_text(argv[1], given.token, &given.length) != 0 ||
        (argc == 6 && read_text(argv[5], given.pem, &given.pem_length) != 0)) {
        fprintf(stderr, "verify_id_token: cannot read FILE or KEY\n");
        return 1;
    }
    okta_error *error = connect_and_prove(&given);
    explicit_bzero(given.pem, sizeof given.pem);
    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "verify_id_token: %s\n", okta_error_message(error));
    }
    okta_free(error);
    return exit_code;
}
