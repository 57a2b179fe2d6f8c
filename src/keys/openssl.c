/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/openssl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "core/error.h"

okta_error *oktai_openssl_begin(oktai_openssl *stretch)
{
    /* OpenSSL 3.0 takes locks of its default context without looking whether they exist. */
    if (OSSL_LIB_CTX_get0_global_default() == NULL || OPENSSL_init_crypto(0, NULL) != 1) {
        return oktai_error_nomem();
    }
    oktai_openssl_resume(stretch);
    return NULL;
}

void oktai_openssl_pause(oktai_openssl stretch)
{
    oktai_openssl_end(stretch, NULL);
}

void oktai_openssl_resume(oktai_openssl *stretch)
{
    stretch->queue_was_empty = ERR_set_mark() == 0;
}

/* EVP calls it an internal error when it cannot remember the type of a key. */
static bool is_memory(unsigned long code)
{
    return code != 0 && (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE ||
                         (ERR_GET_LIB(code) == ERR_LIB_EVP && ERR_GET_REASON(code) == ERR_R_INTERNAL_ERROR));
}

okta_error *oktai_openssl_end(oktai_openssl stretch, okta_error *error)
{
    bool no_memory = is_memory(ERR_peek_last_error());
    if (stretch.queue_was_empty) {
        for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
            no_memory = no_memory || is_memory(code);
        }
    } else {
        ERR_pop_to_mark();
    }
    if (error == NULL || !no_memory) {
        return error;
    }
    okta_free(error);
    return oktai_error_nomem();
}
