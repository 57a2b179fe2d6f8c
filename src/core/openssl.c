/* SPDX-License-Identifier: Apache-2.0 */
#include "core/openssl.h"

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

/* Stands on top of what the program left in the queue, so that nothing of that is taken for the stretch's
 * own. */
#define FENCE 1

void oktai_openssl_resume(oktai_openssl *stretch)
{
    stretch->queue_was_empty = ERR_set_mark() == 0;
    if (!stretch->queue_was_empty) {
        ERR_raise(ERR_LIB_USER, FENCE);
    }
}

oktai_openssl oktai_openssl_begin_foreign(bool uses)
{
    return (oktai_openssl){.queue_was_empty = uses && ERR_peek_error() == 0};
}

void oktai_openssl_end_foreign(oktai_openssl stretch)
{
    if (stretch.queue_was_empty) {
        ERR_clear_error();
    }
}

unsigned long oktai_openssl_latest(void)
{
    unsigned long code = ERR_peek_last_error();
    return code == ERR_PACK(ERR_LIB_USER, 0, FENCE) ? 0 : code;
}

const char *oktai_openssl_reason(void)
{
    unsigned long code = oktai_openssl_latest();
    return code == 0 ? NULL : ERR_reason_error_string(code);
}

/* EVP calls it an internal error when it cannot remember the type of a key. */
static bool is_memory(unsigned long code)
{
    return code != 0 && (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE ||
                         (ERR_GET_LIB(code) == ERR_LIB_EVP && ERR_GET_REASON(code) == ERR_R_INTERNAL_ERROR));
}

okta_error *oktai_openssl_end(oktai_openssl stretch, okta_error *error)
{
    bool no_memory = is_memory(oktai_openssl_latest());
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
