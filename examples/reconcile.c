/* SPDX-License-Identifier: Apache-2.0 */
/* Add a key, and find out what became of it when the answer is lost, also after a restart:
 *
 *     reconcile APP PEM_FILE STATE_FILE
 *     reconcile --resume STATE_FILE
 *
 * The state file has what is needed to go on: the app, and the public key with its kid. It is written before
 * the key is sent, so that it is there whatever ends the program, and removed once the outcome is known. Exit
 * status 3: it is not known; resume later. The org and the credential come from okta.yaml or the
 * environment. */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define UNKNOWN_EXIT 3

/* NUL-terminated. False: no such file, an empty one, or one that is too long. */
static bool read_file(const char *path, char *text, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    size_t length = file != NULL ? fread(text, 1, capacity, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    text[length < capacity ? length : 0] = '\0';
    return text[0] != '\0';
}

/* The app's id and the JWK, a line each. */
static bool save(const char *path, const char *app_id, const char *jwk)
{
    FILE *file = fopen(path, "wx");
    if (file == NULL) {
        return false;
    }
    bool good = fprintf(file, "%s\n%s\n", app_id, jwk) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    return fclose(file) == 0 && good;
}

static okta_error *make_jwk(const char *pem, okta_oauth2_client_jwk_request **out)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_from_pem(pem, strlen(pem), NULL, NULL, &key);
    if (error == NULL) {
        error = okta_key_to_jwk_request(key, NULL, out);
    }
    okta_free(key);
    return error;
}

static okta_error *add(okta_client *client, const char *app_id, const okta_oauth2_client_jwk_request *jwk,
                       okta_oauth2_client_jwk **out)
{
    okta_call *call = okta_add_jwk_call(client, app_id, jwk);
    okta_call_set_timeout_ms(call, 3000);
    okta_error *error = okta_call_run(call);
    *out = OKTA_TAKE(call, okta_oauth2_client_jwk);
    if (error == NULL && okta_call_was_reconciled(call)) {
        printf("the answer was lost; a look at the org shows that the key is there\n");
    }
    okta_free(call);
    return error;
}

/* Add again only what the org does not have. */
static okta_error *resume(okta_client *client, const char *app_id, const okta_oauth2_client_jwk_request *jwk,
                          okta_oauth2_client_jwk **out)
{
    okta_error *error = okta_reconcile_jwk(client, app_id, jwk, out);
    if (okta_error_status(error) == OKTA_E_NOT_FOUND) {
        okta_free(error);
        error = add(client, app_id, jwk, out);
    }
    return error;
}

static okta_error *make_client(okta_client **out)
{
    okta_client_options *options = NULL;
    okta_error *error = okta_client_options_load(NULL, &options);
    if (error == NULL) {
        error = okta_client_new(options, out);
    }
    okta_free(options);
    return error;
}

static int report(const char *app_id, const okta_oauth2_client_jwk *key, const okta_error *error, bool known)
{
    if (error == NULL) {
        printf("%s has key %s with kid %s\n", app_id, key->id, key->kid);
        return 0;
    }
    fprintf(stderr, "reconcile: %s\n", okta_error_message(error));
    if (!known) {
        fprintf(stderr, "reconcile: the outcome is not known; run it with --resume later\n");
    }
    return known ? 1 : UNKNOWN_EXIT;
}

/* `resumed`: an earlier run may have added the key. */
static int finish(const char *app_id, const okta_oauth2_client_jwk_request *jwk, bool resumed,
                  const char *state_file)
{
    okta_client *client = NULL;
    okta_oauth2_client_jwk *added = NULL;
    okta_error *error = make_client(&client);
    if (error == NULL) {
        error = resumed ? resume(client, app_id, jwk, &added) : add(client, app_id, jwk, &added);
    }
    okta_status status = okta_error_status(error);
    bool known =
        status == OKTA_OK || status == OKTA_E_CONFLICT || (!resumed && status != OKTA_E_OUTCOME_UNKNOWN);
    if (known) {
        remove(state_file);
    }
    int exit_code = report(app_id, added, error, known);
    okta_free(added);
    okta_free(error);
    okta_free(client);
    return exit_code;
}

static int begin(const char *app_id, const char *pem, const char *state_file)
{
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = NULL;
    int exit_code = 1;
    okta_error *error = make_jwk(pem, &jwk);
    if (error == NULL) {
        error = okta_to_json(okta_oauth2_client_jwk_descriptor(), jwk, OKTA_JSON_REQUEST, &json, NULL);
    }
    if (error != NULL) {
        fprintf(stderr, "reconcile: %s\n", okta_error_message(error));
    } else if (!save(state_file, app_id, json)) {
        fprintf(stderr, "reconcile: cannot create %s; if it is there, use --resume\n", state_file);
    } else {
        exit_code = finish(app_id, jwk, false, state_file);
    }
    okta_free(error);
    okta_free(json);
    okta_free(jwk);
    return exit_code;
}

static int go_on(char *state, const char *state_file)
{
    okta_oauth2_client_jwk_request *jwk = NULL;
    char *json = state + strcspn(state, "\n");
    if (*json != '\0') {
        *json++ = '\0';
    }
    int exit_code = 1;
    okta_error *error = okta_from_json(okta_oauth2_client_jwk_descriptor(), json, strlen(json), &jwk);
    if (error != NULL) {
        fprintf(stderr, "reconcile: %s: %s\n", state_file, okta_error_message(error));
    } else {
        exit_code = finish(state, jwk, true, state_file);
    }
    okta_free(error);
    okta_free(jwk);
    return exit_code;
}

int main(int argc, char **argv)
{
    static char text[65536];
    bool resumed = argc == 3 && strcmp(argv[1], "--resume") == 0;
    if ((argc != 4 && !resumed) || !read_file(argv[2], text, sizeof text)) {
        fprintf(stderr, "usage: reconcile APP PEM_FILE STATE_FILE\n"
                        "       reconcile --resume STATE_FILE\n"
                        "with files that can be read\n");
        return 2;
    }
    return resumed ? go_on(text, argv[2]) : begin(argv[1], text, argv[3]);
}
