/* SPDX-License-Identifier: Apache-2.0 */
/* What members are called that hold secrets, whatever object they are in. The names that
 * tools/generate/overlay/secrets.yaml marks wherever they stand are among them, and so are the private
 * members of a JWK (RFC 7518, section 6). Names that mean other things, too, such as `state` and `request`,
 * are not. */
#include <string.h>

#include "json/engine.h"

static const char *const names[] = {
    "accessToken",
    "access_token",
    "activationToken",
    "activationUrl",
    "actor_token",
    "adminPassword",
    "aesKey",
    "answer",
    "apiKey",
    "apiToken",
    "assertion",
    "auth_req_id",
    "bindPassword",
    "binding_code",
    "clientSecret",
    "client_assertion",
    "client_secret",
    "code_verifier",
    "cookieToken",
    "cookieTokenUrl",
    "d",
    "deviceToken",
    "device_code",
    "device_secret",
    "dp",
    "dq",
    "id_token",
    "id_token_hint",
    "interclient_token",
    "k",
    "mfa_token",
    "newPassword",
    "nextPassCode",
    "oldPassword",
    "oob_code",
    "otp",
    "otpCode",
    "p",
    "passCode",
    "passphrase",
    "password",
    "pin",
    "privateId",
    "privateKey",
    "private_key",
    "providerAuthToken",
    "pushToken",
    "q",
    "qi",
    "recoveryToken",
    "refreshToken",
    "refresh_token",
    "resetPasswordUrl",
    "secret",
    "secretKey",
    "serviceAccountJson",
    "sessionToken",
    "sharedSecret",
    "stateToken",
    "subject_token",
    "tempPassword",
    "token",
    "tokenSigningKey",
    "vaulted_secret",
    "verificationCode",
    NULL,
};

bool oktai_is_secret_name(const char *name, size_t length)
{
    const char *const *known = names;
    while (*known != NULL && (strlen(*known) != length || memcmp(*known, name, length) != 0)) {
        known++;
    }
    return *known != NULL;
}

const okta_descriptor oktai_free_form_model = {.schema = "JSON", .size = sizeof(okta_model)};
