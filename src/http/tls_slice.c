/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_slice.h"

#include <openssl/bio.h>
#include <pthread.h>

#include "core/clock.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the next */
static BIO_METHOD *method;

static int read_in_slice(BIO *self, char *out, int size)
{
    oktai_slice *slice = BIO_get_data(self);
    BIO *source = BIO_next(self);
    BIO_clear_retry_flags(self);
    bool used_up = slice->reads_left == 0 || slice->bytes_left == 0;
    if (used_up && oktai_clock_system_ms() >= slice->ends_ms) {
        BIO_set_retry_read(self);
        return -1;
    }
    int length = BIO_read(source, out, size);
    size_t used = length > 0 ? (size_t)length : 0;
    slice->reads_left -= slice->reads_left > 0 ? 1 : 0;
    slice->bytes_left -= used < slice->bytes_left ? used : slice->bytes_left;
    BIO_copy_next_retry(self);
    return length;
}

/* It only reads. What it is asked beside that, its source answers. */
static long control(BIO *self, int what, long number, void *pointer)
{
    BIO *source = BIO_next(self);
    if (what == BIO_CTRL_PUSH || what == BIO_CTRL_POP || what == BIO_CTRL_DUP || source == NULL) {
        return 0;
    }
    return BIO_ctrl(source, what, number, pointer);
}

static BIO_METHOD *make_method(void)
{
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_FILTER, "okta slice");
    if (made == NULL || BIO_meth_set_read(made, read_in_slice) != 1 ||
        BIO_meth_set_ctrl(made, control) != 1) {
        BIO_meth_free(made);
        return NULL;
    }
    return made;
}

bool oktai_tls_slice_start(void)
{
    pthread_mutex_lock(&lock);
    if (method == NULL) {
        method = make_method();
    }
    bool started = method != NULL;
    pthread_mutex_unlock(&lock);
    return started;
}

bool oktai_tls_slice(SSL *ssl, oktai_slice *slice)
{
    BIO *source = SSL_get_rbio(ssl);
    BIO *slices = BIO_new(method);
    if (slices == NULL || source == NULL || BIO_up_ref(source) != 1) {
        BIO_free(slices);
        return false;
    }
    BIO_set_data(slices, slice);
    BIO_set_init(slices, 1);
    BIO_push(slices, source);
    SSL_set0_rbio(ssl, slices);
    return true;
}
