/* SPDX-License-Identifier: Apache-2.0 */
/* Keys on this machine: no org, URL or credential is needed. */
#include "commands.h"
#include "key_input.h"
#include "key_view.h"
#include "output.h"
#include "report.h"

/* The public half of a key: its JWK, which Okta takes, and its thumbprint. `private_key` is nullable. */
static int show_public_half(const command_line *options, const okta_key *key,
                            const okta_oauth2_client_jwk_request *request, const char *private_key)
{
    char *json = NULL;
    size_t length = 0;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    okta_error *error =
        okta_to_json(okta_oauth2_client_jwk_descriptor(), request, OKTA_JSON_REQUEST, &json, &length);
    if (error == NULL) {
        error = okta_key_thumbprint(key, thumbprint);
    }
    if (error == NULL && options_has(options, OPTION_JSON)) {
        error = output_text(NULL, json, length);
    }
    int code = report_error(error, NULL);
    if (code == EXIT_DONE && !options_has(options, OPTION_JSON)) {
        code = key_view_public_half(request, thumbprint, json, private_key);
    }
    okta_free(json);
    return code;
}

int command_key_show(const command_line *options, okta_client *client)
{
    (void)client;
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    int code = key_input_read(options, &key);
    if (code == EXIT_DONE) {
        code = report_error(key_input_request(options, key, &request), NULL);
    }
    if (code == EXIT_DONE) {
        code = show_public_half(options, key, request, NULL);
    }
    okta_free(request);
    okta_free(key);
    return code;
}

int command_key_generate(const command_line *options, okta_client *client)
{
    (void)client;
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    const char *path = options_value(options, OPTION_OUT);
    int code = key_input_check_out(path, "");
    if (code == EXIT_DONE) {
        code = report_error(key_input_generate(options, &key), NULL);
    }
    if (code == EXIT_DONE) {
        code = report_error(key_input_request(options, key, &request), NULL);
    }
    if (code == EXIT_DONE) {
        code = report_error(okta_key_write_private_pem(key, path), NULL);
    }
    if (code == EXIT_DONE) {
        code = show_public_half(options, key, request, path);
    }
    okta_free(request);
    okta_free(key);
    return code;
}
