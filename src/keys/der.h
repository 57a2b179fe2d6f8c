/* SPDX-License-Identifier: Apache-2.0 */
/* The little of DER (ITU-T X.690) that keys are written in. Reading copies nothing, so that no private byte
 * is left behind; OpenSSL's decoders free a dozen copies of a private key unwiped. */
#ifndef OKTA_KEYS_DER_H
#define OKTA_KEYS_DER_H

#include <stdbool.h>
#include <stddef.h>

#include "keys/bytes.h"

/* Tags: one octet each. */
enum {
    OKTAI_DER_INTEGER = 0x02,
    OKTAI_DER_BIT_STRING = 0x03,
    OKTAI_DER_OCTET_STRING = 0x04,
    OKTAI_DER_NULL = 0x05,
    OKTAI_DER_OID = 0x06,
    OKTAI_DER_SEQUENCE = 0x30,
    OKTAI_DER_CONTEXT_0 = 0xa0, /* explicit [0], and [1] behind it */
    OKTAI_DER_CONTEXT_1 = 0xa1,
};

/* Each takes the next element of `*from` and moves behind it. False: the next element is another one, or
 * damaged; nothing has moved. */
bool oktai_der_read(oktai_bytes *from, unsigned tag, oktai_bytes *content);
/* An INTEGER that is not negative, without leading zeros; size 0 for 0. */
bool oktai_der_read_number(oktai_bytes *from, oktai_bytes *number);
/* A BIT STRING of whole octets. */
bool oktai_der_read_bits(oktai_bytes *from, oktai_bytes *octets);

/* Writes from the end of a buffer to its start, since an element's length stands before its content. */
typedef struct oktai_der_writer {
    unsigned char *next; /* the first byte written so far; at first the end of the buffer */
} oktai_der_writer;

/* The buffer must be large enough for all that is written. */
void oktai_der_put(oktai_der_writer *writer, oktai_bytes bytes);
/* Put tag and length before what was written since `next` stood at `end`. */
void oktai_der_wrap(oktai_der_writer *writer, unsigned tag, const unsigned char *end);
/* Put an INTEGER. */
void oktai_der_put_number(oktai_der_writer *writer, oktai_bytes number);

#endif
