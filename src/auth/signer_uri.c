/* SPDX-License-Identifier: Apache-2.0 */
/* Signers around keys that OpenSSL finds behind a URI. */
#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <stdbool.h>
#include <string.h>

#include "auth/openssl_engine.h"
#include "auth/signing.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/openssl.h"

#define PASSPHRASE_MAX 1024u

#define SCHEME_SIZE 64u /* of the longest, with its NUL */

/* Where a passphrase comes from. It is asked once: a second wrong PIN may lock a token. */
typedef struct prompt {
    okta_passphrase_fn *ask; /* nullable */
    void *ctx;
    bool asked;
    const char *problem; /* why none was given, as a sentence; NULL: it was, or nobody asked */
} prompt;

/* Call the program's function outside the stretch. The errors that it leaves in OpenSSL's queue are dropped,
 * so that the marks that OpenSSL has set in the queue stay valid. */
static int ask(const prompt *from, char *buffer)
{
    oktai_openssl stretch;
    oktai_openssl_resume(&stretch);
    int length = from->ask(from->ctx, buffer, PASSPHRASE_MAX);
    oktai_openssl_end(stretch, NULL);
    return length;
}

static bool give_passphrase(UI *ui, UI_STRING *string, prompt *from)
{
    char buffer[PASSPHRASE_MAX] = {0};
    if (from->asked) {
        from->problem = "the key asks for a second passphrase or PIN";
        return false;
    }
    from->asked = true;
    int length = from->ask == NULL ? -1 : ask(from, buffer);
    bool good = false;
    if (length < 0) {
        from->problem = "the key asks for a passphrase or PIN, and none was given";
    } else if ((size_t)length > sizeof buffer || UI_set_result_ex(ui, string, buffer, length) != 0) {
        from->problem = "the passphrase or PIN is longer or shorter than it may be";
    } else {
        good = true;
    }
    oktai_wipe(buffer, sizeof buffer);
    return good;
}

/* OpenSSL calls this for each string of a dialogue: for prompts, and for texts that are only to be shown. */
static int read_string(UI *ui, UI_STRING *string)
{
    enum UI_string_types type = UI_get_string_type(string);
    if (type == UIT_INFO || type == UIT_ERROR) {
        return 1;
    }
    return type == UIT_PROMPT && give_passphrase(ui, string, UI_get0_user_data(ui)) ? 1 : 0;
}

static okta_error *cannot_open(void)
{
    const char *reason = oktai_openssl_reason();
    return oktai_error_new(OKTA_E_CONFIG, "OpenSSL cannot open the URI: %s",
                           reason == NULL ? "it says no reason" : reason);
}

/* The one private key of a store that is open. */
static okta_error *load_only(OSSL_STORE_CTX *store, EVP_PKEY **out)
{
    okta_error *error = NULL;
    while (error == NULL && !OSSL_STORE_eof(store)) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);
        if (info == NULL && !OSSL_STORE_eof(store)) {
            error = cannot_open();
        } else if (info != NULL && OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY) {
            if (*out != NULL) {
                error = oktai_error_new(OKTA_E_ARG, "there are several private keys behind the URI");
            } else {
                *out = OSSL_STORE_INFO_get1_PKEY(info);
            }
        }
        OSSL_STORE_INFO_free(info);
    }
    if (error == NULL && *out == NULL) {
        error = oktai_error_new(OKTA_E_ARG, "there is no private key behind the URI");
    }
    return error;
}

/* Whether each store of a provider has the function that takes a query. OpenSSL 3.0 calls it without
 * checking. */
static bool takes_query(const OSSL_PROVIDER *provider)
{
    int no_cache = 0;
    bool good = true;
    const OSSL_ALGORITHM *stores = OSSL_PROVIDER_query_operation(provider, OSSL_OP_STORE, &no_cache);
    for (const OSSL_ALGORITHM *one = stores; one != NULL && one->algorithm_names != NULL; one++) {
        const OSSL_DISPATCH *function = one->implementation;
        while (function->function_id != 0 && function->function_id != OSSL_FUNC_STORE_SET_CTX_PARAMS) {
            function++;
        }
        good = good && function->function_id != 0;
    }
    OSSL_PROVIDER_unquery_operation(provider, OSSL_OP_STORE, stores);
    return good;
}

static bool finds_files(const char *query)
{
    OSSL_STORE_LOADER *files = OSSL_STORE_LOADER_fetch(NULL, "file", query);
    OSSL_STORE_LOADER_free(files);
    return files != NULL;
}

/* OpenSSL takes `scheme:rest` for the path of a file first, so that a file of that name would be read in
 * place of the key. A query that only the scheme's own provider fits keeps the reader of files out; a loader
 * that the program registered itself needs no query. */
static okta_error *open_store(const char *uri, const OSSL_STORE_LOADER *loader, UI_METHOD *method,
                              prompt *from, OSSL_STORE_CTX **out)
{
    const char *query = loader == NULL ? "provider=none" : OSSL_STORE_LOADER_get0_properties(loader);
    if (finds_files(query) || (loader != NULL && !takes_query(OSSL_STORE_LOADER_get0_provider(loader)))) {
        return oktai_error_new(OKTA_E_CONFIG,
                               "the provider of such URIs cannot be told from OpenSSL's reader of files");
    }
    *out = OSSL_STORE_open_ex(uri, NULL, query, method, from, NULL, NULL, NULL);
    return *out != NULL ? NULL : cannot_open();
}

static okta_error *load_from_store(const char *uri, UI_METHOD *method, prompt *from, EVP_PKEY **out)
{
    char scheme[SCHEME_SIZE] = {0};
    memcpy(scheme, uri, strcspn(uri, ":"));
    OSSL_STORE_CTX *store = NULL;
    OSSL_STORE_LOADER *loader = OSSL_STORE_LOADER_fetch(NULL, scheme, NULL);
    okta_error *error = open_store(uri, loader, method, from, &store);
    if (error == NULL) {
        error = OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY) == 1 ? load_only(store, out) : cannot_open();
    }
    OSSL_STORE_close(store);
    OSSL_STORE_LOADER_free(loader);
    return error;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The text behind `scheme:`. The case of letters and the locale do not matter. NULL: the URI has another
 * scheme. */
static const char *behind_scheme(const char *uri, const char *scheme)
{
    size_t i = 0;
    for (; scheme[i] != '\0'; i++) {
        if ((is_letter(uri[i]) ? uri[i] | 0x20 : uri[i]) != scheme[i]) {
            return NULL;
        }
    }
    return uri[i] == ':' ? uri + i + 1 : NULL;
}

static okta_error *load(const char *uri, prompt *from, EVP_PKEY **out)
{
    UI_METHOD *method = UI_create_method("libokta");
    if (method == NULL || UI_method_set_reader(method, read_string) != 0) {
        UI_destroy_method(method);
        return oktai_error_nomem();
    }
    const char *name = behind_scheme(uri, OKTAI_OPENSSL_ENGINE_SCHEME);
    okta_error *error = name != NULL ? oktai_openssl_engine_load(name, method, from, out)
                                     : load_from_store(uri, method, from, out);
    UI_destroy_method(method);
    if (error != NULL && from->problem != NULL) {
        okta_free(error);
        error = oktai_error_new(OKTA_E_ARG, "%s", from->problem);
    }
    return error;
}

/* RFC 3986, section 3.1 */
static const char *refuse_uri(const char *uri)
{
    size_t length = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    if (length >= SCHEME_SIZE || uri[length] != ':' || !is_letter(uri[0])) {
        return "uri has no scheme: a path is no URI; read key files with okta_key_from_pem()";
    }
    if (behind_scheme(uri, "file") != NULL) {
        return "uri has the scheme file: read key files with okta_key_from_pem()";
    }
    return NULL;
}

static okta_error *from_uri(const char *uri, prompt *from, const char *alg, const char *kid,
                            okta_signer **out)
{
    EVP_PKEY *pkey = NULL;
    okta_error *error = load(uri, from, &pkey);
    if (error == NULL) {
        error = oktai_signer_wrap(pkey, alg, kid, out);
    }
    EVP_PKEY_free(pkey);
    return error;
}

okta_error *okta_signer_from_uri(const char *uri, okta_passphrase_fn *passphrase, void *ctx, const char *alg,
                                 const char *kid, okta_signer **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (uri == NULL || out == NULL) {
        return oktai_error_null(uri == NULL ? "uri" : "out");
    }
    const char *reason = refuse_uri(uri);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "%s", reason);
    }
    prompt from = {.ask = passphrase, .ctx = ctx};
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    return error != NULL ? error : oktai_openssl_end(stretch, from_uri(uri, &from, alg, kid, out));
}
