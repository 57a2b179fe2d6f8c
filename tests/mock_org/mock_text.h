/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The mock's small text helpers: allocated strings, base64url, percent-decoding, made-up ids, dates.
 * They know nothing of HTTP or Okta. What returns a `char *` returns memory for free(), or NULL when it is
 * out.
 */
#ifndef OKTA_TESTS_MOCK_ORG_TEXT_H
#define OKTA_TESTS_MOCK_ORG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MOCK_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define MOCK_PRINTF(text, first)
#endif

char *mock_format(const char *format, ...) MOCK_PRINTF(1, 2);
/** The first `length` bytes of `text` and a NUL. */
char *mock_copy_n(const char *text, size_t length);
/** A copy; NULL stays NULL, so the caller tells the two apart by its argument. */
char *mock_copy(const char *text);

/**
 * Decode base64url as Okta's own answers show it: `=` padding at the end is accepted, anything else outside
 * the alphabet is not. False: not base64url, or memory is out. `out_bytes` is for free().
 */
bool mock_base64url_decode(const char *text, unsigned char **out_bytes, size_t *out_length);
/** Unpadded base64url; NUL-terminated. */
char *mock_base64url_encode(const unsigned char *bytes, size_t length);

/** Whether a text is UTF-8 (RFC 3629): nothing overlong, no surrogate, nothing beyond U+10FFFF. */
bool mock_is_utf8(const char *text);

#define MOCK_SHA256_SIZE 44
/** The SHA-256 of a text in unpadded base64url. False: memory is out. */
bool mock_sha256_text(const char *text, char out[MOCK_SHA256_SIZE]);

/** Decode `%41` sequences. NULL also for a malformed sequence and for `%00`, which no id can hold. */
char *mock_percent_decode(const char *text, size_t length);

#define MOCK_ID_SIZE 21
/** Three letters of `prefix` and 17 letters and digits that depend on `number` alone. */
void mock_id(char out[MOCK_ID_SIZE], const char *prefix, uint64_t number);
/** `length` (at most 64) characters of the base64url alphabet that depend on `kind` and `number` alone. */
char *mock_noise(const char *kind, uint64_t number, size_t length);

#define MOCK_TIMESTAMP_SIZE 80
/** `2026-01-06T19:50:58.000Z` */
void mock_timestamp(char out[MOCK_TIMESTAMP_SIZE], int64_t seconds);
/** `Tue, 06 Jan 2026 19:50:58 GMT`, in whatever locale the program runs. */
void mock_http_date(char out[MOCK_TIMESTAMP_SIZE], int64_t seconds);

#endif
