/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that a key consists of, and big-endian numbers in them. */
#ifndef OKTA_KEYS_BYTES_H
#define OKTA_KEYS_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* Borrowed bytes; size 0: absent. */
typedef struct oktai_bytes {
    const unsigned char *data;
    size_t size;
} oktai_bytes;

/* Bytes of a string literal. */
#define OKTAI_BYTES(literal)                                                                                 \
    {                                                                                                        \
        (const unsigned char *)(literal), sizeof(literal) - 1                                                \
    }

bool oktai_bytes_equal(oktai_bytes a, oktai_bytes b);
/* A number without its leading zero octets. */
oktai_bytes oktai_bytes_trim(oktai_bytes number);

/* The next two take numbers without leading zero octets. */

/* How many bits a number has; 0 for 0. */
size_t oktai_bytes_bits(oktai_bytes number);
bool oktai_bytes_are_below(oktai_bytes a, oktai_bytes b);

bool oktai_bytes_are_odd(oktai_bytes number);

#endif
