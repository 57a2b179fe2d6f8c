/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/tls_slice.h: when the source of TLS seems dry, and that it is not. */
#include <openssl/bio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "http/tls_slice.h"

#define TEXT_SIZE 30

typedef struct source {
    SSL_CTX *context;
    SSL *ssl;
} source;

/* What arrived for `ssl`: 30 bytes. */
static source open_source(oktai_slice *slice)
{
    char text[TEXT_SIZE] = "012345678901234567890123456789";
    source self = {.context = SSL_CTX_new(TLS_client_method())};
    assert_non_null(self.context);
    self.ssl = SSL_new(self.context);
    BIO *arrived = BIO_new(BIO_s_mem());
    BIO *sent = BIO_new(BIO_s_mem());
    assert_true(self.ssl != NULL && arrived != NULL && sent != NULL);
    assert_int_equal(BIO_write(arrived, text, TEXT_SIZE), TEXT_SIZE);
    SSL_set_bio(self.ssl, arrived, sent);
    assert_true(oktai_tls_slice_start());
    assert_true(oktai_tls_slice(self.ssl, slice));
    return self;
}

static void close_source(source *self)
{
    SSL_free(self->ssl);
    SSL_CTX_free(self->context);
}

static void assert_reads(const source *self, int size, int expected)
{
    char text[TEXT_SIZE];
    BIO *from = SSL_get_rbio(self->ssl);
    assert_int_equal(BIO_read(from, text, size), expected);
    assert_int_equal(BIO_should_retry(from) != 0, expected < 0);
    assert_true(expected > 0 || BIO_should_read(from));
}

static void a_slice_whose_time_is_over_ends_with_its_reads(void **state)
{
    (void)state;
    oktai_slice slice = {.ends_ms = 0, .reads_left = 2, .bytes_left = 1000};
    source self = open_source(&slice);
    assert_reads(&self, 5, 5);
    assert_int_equal(slice.reads_left, 1);
    assert_reads(&self, 5, 5);
    assert_reads(&self, 5, -1);
    assert_reads(&self, 5, -1);
    slice.reads_left = 1;
    assert_reads(&self, TEXT_SIZE, TEXT_SIZE - 10);
    close_source(&self);
}

static void a_slice_whose_time_is_over_ends_with_its_bytes(void **state)
{
    (void)state;
    oktai_slice slice = {.ends_ms = 0, .reads_left = 1000, .bytes_left = 10};
    source self = open_source(&slice);
    assert_reads(&self, 5, 5);
    assert_reads(&self, 4, 4);
    assert_int_equal(slice.bytes_left, 1);
    assert_reads(&self, 5, 5); /* the last one is not cut */
    assert_int_equal(slice.bytes_left, 0);
    assert_reads(&self, 5, -1);
    assert_reads(&self, 5, -1);
    slice.bytes_left = 1;
    assert_reads(&self, TEXT_SIZE, TEXT_SIZE - 14);
    assert_reads(&self, 5, -1);
    close_source(&self);
}

static void a_slice_with_time_goes_on_without_reads_and_bytes(void **state)
{
    (void)state;
    oktai_slice slice = {.ends_ms = INT64_MAX, .bytes_left = 0};
    source self = open_source(&slice);
    assert_reads(&self, TEXT_SIZE, TEXT_SIZE);
    assert_reads(&self, 1, -1); /* that is all */
    assert_int_equal(slice.bytes_left, 0);
    slice.bytes_left = 7;
    assert_reads(&self, 1, -1);
    assert_int_equal(slice.bytes_left, 7); /* nothing came */
    close_source(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_whose_time_is_over_ends_with_its_reads),
        cmocka_unit_test(a_slice_whose_time_is_over_ends_with_its_bytes),
        cmocka_unit_test(a_slice_with_time_goes_on_without_reads_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
