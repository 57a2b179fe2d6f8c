/* SPDX-License-Identifier: Apache-2.0 */
#include "new_key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key_input.h"
#include "report.h"

int new_key_check(const command_line *options)
{
    okta_key *key = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_error *error = key_input_generate_like(options, &key);
    if (error == NULL) {
        error = key_input_request(options, key, &request);
    }
    okta_free(request);
    okta_free(key);
    return report_error(error, NULL);
}

static okta_error *take(const command_line *options, const okta_key *pair, new_key *key)
{
    okta_error *error = okta_key_thumbprint(pair, key->thumbprint);
    return error == NULL ? key_input_request(options, pair, &key->request) : error;
}

int new_key_prepare(const command_line *options, new_key *key)
{
    struct stat about;
    if (!options_has(options, OPTION_RESUME) || lstat(key->path, &about) != 0) {
        return key_input_check_out(key->path, "; --resume goes on with the key in it");
    }
    okta_key *pair = NULL;
    okta_error *error = key_input_found(options, key->path, &pair);
    if (error == NULL) {
        error = take(options, pair, key);
        key->place = NEW_KEY_FOUND;
    }
    okta_free(pair);
    return report_error(error, NULL);
}

okta_error *new_key_make(const command_line *options, new_key *key)
{
    okta_key *pair = NULL;
    if (key->place == NEW_KEY_FOUND) {
        return NULL;
    }
    okta_error *error = key_input_generate(options, &pair);
    if (error == NULL) {
        error = take(options, pair, key);
    }
    if (error == NULL) {
        error = okta_key_write_private_pem(pair, key->path);
        key->place = error == NULL ? NEW_KEY_STORED : NEW_KEY_NOWHERE;
    }
    okta_free(pair);
    return error;
}

static bool is_same(const new_key *key, const okta_oauth2_client_jwk *listed)
{
    okta_key *other = NULL;
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "";
    okta_error *error = okta_key_from_jwk_model(listed, &other);
    if (error == NULL) {
        error = okta_key_thumbprint(other, thumbprint);
    }
    bool same = error == NULL && strcmp(thumbprint, key->thumbprint) == 0;
    okta_free(error);
    okta_free(other);
    return same;
}

const okta_oauth2_client_jwk *new_key_look(const new_key *key, const okta_oauth2_client_jwk_list *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (is_same(key, keys->items[i])) {
            return keys->items[i];
        }
    }
    return NULL;
}

/* Whether Okta may hold the key all the same. */
static bool is_unclear(okta_status status)
{
    return status == OKTA_E_OUTCOME_UNKNOWN || status == OKTA_E_PROTOCOL || status == OKTA_E_SERVER ||
           status == OKTA_E_NOMEM;
}

void new_key_undo(new_key *key, okta_status status)
{
    if (key->place != NEW_KEY_STORED || is_unclear(status)) {
        return;
    }
    bool is_gone = unlink(key->path) == 0 || errno == ENOENT;
    key->reason = is_gone ? 0 : errno;
    key->place = is_gone ? NEW_KEY_REMOVED : NEW_KEY_STUCK;
}

void new_key_advise(const command_line *options, const char *app, const new_key *key, okta_status status,
                    char out[ADVICE_SIZE])
{
    out[0] = '\0';
    switch (key->place) {
    case NEW_KEY_STORED:
    case NEW_KEY_FOUND:
        if (is_unclear(status)) {
            advice_to_resume(options, app, key->path, out);
        } else {
            advice_say(out, "Okta does not hold the key; the private key stays in ", key->path);
        }
        break;
    case NEW_KEY_REMOVED:
        advice_say(out, "Okta does not hold the key, and the private key is removed: ", key->path);
        break;
    case NEW_KEY_STUCK:
        advice_say(out, "Okta does not hold the key, and the private key cannot be removed: ",
                   strerror(key->reason));
        break;
    case NEW_KEY_NOWHERE:
    default:
        break;
    }
}

void new_key_clear(new_key *key)
{
    free(key->path);
    okta_free(key->request);
    *key = (new_key){0};
}
