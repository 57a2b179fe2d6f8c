/* SPDX-License-Identifier: Apache-2.0 */
/* List the keys of an app as a service app whose private key is in a PKCS#11 token: hsm_signer APP
 *
 * The token signs; the key never enters this process. Which one it is, the environment says: PKCS11_MODULE
 * (a library), PKCS11_TOKEN and PKCS11_KEY (labels), PKCS11_PIN. The key is on P-256. All else comes from
 * okta.yaml or the environment, as in service_app.c, with OKTA_CLIENT_PRIVATEKEYID in place of a key.
 *
 * cc hsm_signer.c $(pkg-config --cflags --libs okta libcrypto p11-kit-1) -o hsm_signer */
#include <dlfcn.h>
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <openssl/evp.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX 64

typedef struct hsm {
    void *library;
    CK_FUNCTION_LIST *pkcs11;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE login; /* stays open: the login holds for every session of the process */
    CK_OBJECT_HANDLE key;
} hsm;

/* Runs in any thread that needs a token, and in several at once: each signature has a session of its own. */
static int sign(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                size_t capacity, size_t *size)
{
    const hsm *token = ctx;
    CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
    CK_SESSION_HANDLE session;
    CK_ULONG room = (CK_ULONG)capacity;
    unsigned char hash[32];
    if (EVP_Digest(message, length, hash, NULL, EVP_sha256(), NULL) != 1) {
        return -1;
    }
    CK_RV result = token->pkcs11->C_OpenSession(token->slot, CKF_SERIAL_SESSION, NULL, NULL, &session);
    if (result != CKR_OK) {
        return (int)result;
    }
    result = token->pkcs11->C_SignInit(session, &ecdsa, token->key);
    if (result == CKR_OK) {
        result = token->pkcs11->C_Sign(session, hash, sizeof hash, signature, &room);
    }
    token->pkcs11->C_CloseSession(session);
    *size = result == CKR_OK ? room : 0;
    return (int)result;
}

static const char *load_module(hsm *token, const char *path)
{
    CK_C_GetFunctionList get_functions = NULL;
    CK_C_INITIALIZE_ARGS threads = {.flags = CKF_OS_LOCKING_OK};
    CK_FUNCTION_LIST *functions = NULL;
    token->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = token->library != NULL ? dlsym(token->library, "C_GetFunctionList") : NULL;
    if (symbol == NULL) {
        return "PKCS11_MODULE is no PKCS#11 library";
    }
    memcpy(&get_functions, &symbol, sizeof symbol);
    if (get_functions(&functions) != CKR_OK || functions->C_Initialize(&threads) != CKR_OK) {
        return "the PKCS#11 library does not start";
    }
    token->pkcs11 = functions;
    return NULL;
}

/* Labels in a token have 32 bytes, with spaces at their end. */
static const char *find_token(hsm *token, const char *label)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    CK_TOKEN_INFO info;
    char padded[sizeof info.label + 1];
    snprintf(padded, sizeof padded, "%-32s", label);
    if (token->pkcs11->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) {
        return "the PKCS#11 library shows no slots";
    }
    for (CK_ULONG i = 0; i < count; i++) {
        if (token->pkcs11->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
            memcmp(info.label, padded, sizeof info.label) == 0) {
            token->slot = slots[i];
            return NULL;
        }
    }
    return "there is no token PKCS11_TOKEN";
}

static const char *log_in(hsm *token, char *pin)
{
    CK_FUNCTION_LIST *p = token->pkcs11;
    if (p->C_OpenSession(token->slot, CKF_SERIAL_SESSION, NULL, NULL, &token->login) != CKR_OK) {
        return "the token opens no session";
    }
    CK_RV result = p->C_Login(token->login, CKU_USER, (unsigned char *)pin, (CK_ULONG)strlen(pin));
    return result == CKR_OK ? NULL : "the token refuses PKCS11_PIN";
}

static const char *find_key(hsm *token, char *label)
{
    CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
    CK_KEY_TYPE ec = CKK_EC;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &private_key, sizeof private_key},
                             {CKA_KEY_TYPE, &ec, sizeof ec},
                             {CKA_LABEL, label, (CK_ULONG)strlen(label)}};
    CK_OBJECT_HANDLE found[2];
    CK_ULONG count = 0;
    CK_RV result = token->pkcs11->C_FindObjectsInit(token->login, wanted, 3);
    if (result == CKR_OK) {
        result = token->pkcs11->C_FindObjects(token->login, found, 2, &count);
        token->pkcs11->C_FindObjectsFinal(token->login);
    }
    if (result != CKR_OK || count != 1) {
        return "the token does not have exactly one EC private key PKCS11_KEY";
    }
    token->key = found[0];
    return NULL;
}

static const char *open_token(hsm *token)
{
    const char *module = getenv("PKCS11_MODULE"), *label = getenv("PKCS11_TOKEN");
    char *key = getenv("PKCS11_KEY"), *pin = getenv("PKCS11_PIN");
    if (module == NULL || label == NULL || key == NULL || pin == NULL) {
        return "PKCS11_MODULE, PKCS11_TOKEN, PKCS11_KEY and PKCS11_PIN are required";
    }
    const char *problem = load_module(token, module);
    if (problem == NULL) {
        problem = find_token(token, label);
    }
    if (problem == NULL) {
        problem = log_in(token, pin);
    }
    return problem != NULL ? problem : find_key(token, key);
}

static void close_token(const hsm *token)
{
    if (token->pkcs11 != NULL) {
        token->pkcs11->C_Finalize(NULL);
    }
    if (token->library != NULL) {
        dlclose(token->library);
    }
}

static okta_error *connect_with(hsm *token, okta_client **client)
{
    okta_client_options mode = OKTA_CLIENT_OPTIONS_INIT;
    okta_client_options *options = NULL;
    okta_signer *signer = NULL;
    mode.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    okta_error *error = okta_client_options_load(&mode, &options);
    if (error == NULL) {
        okta_signer_options how = OKTA_SIGNER_OPTIONS_INIT;
        how.alg = "ES256";
        how.kid = options->private_key_id;
        how.sign = sign;
        how.ctx = token;
        error = okta_signer_new(&how, &signer);
    }
    if (error == NULL) {
        options->signer = signer;
        error = okta_client_new(options, client);
    }
    okta_free(signer);
    okta_free(options);
    return error;
}

static okta_error *list_keys(okta_client *client, const char *app_id)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_error *error = okta_list_jwk(client, app_id, &keys);
    for (size_t i = 0; error == NULL && i < keys->count; i++) {
        const char *kid = keys->items[i]->kid;
        printf("%s %s\n", keys->items[i]->id, kid != NULL ? kid : "-");
    }
    okta_free(keys);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: hsm_signer APP\n");
        return 2;
    }
    hsm token = {0};
    okta_client *client = NULL;
    okta_error *error = NULL;
    const char *problem = open_token(&token);
    if (problem == NULL) {
        error = connect_with(&token, &client);
        if (error == NULL) {
            error = list_keys(client, argv[1]);
        }
        problem = error != NULL ? okta_error_message(error) : NULL;
    }
    if (problem != NULL) {
        fprintf(stderr, "hsm_signer: %s\n", problem);
    }
    int exit_code = problem == NULL ? 0 : 1;
    okta_free(error);
    okta_free(client); /* before the token: the client may sign as long as it lives */
    close_token(&token);
    return exit_code;
}
