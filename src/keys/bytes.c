/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/bytes.h"

#include <string.h>

bool oktai_bytes_equal(oktai_bytes a, oktai_bytes b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

oktai_bytes oktai_bytes_trim(oktai_bytes number)
{
    while (number.size > 0 && number.data[0] == 0) {
        number.data++;
        number.size--;
    }
    return number;
}

size_t oktai_bytes_bits(oktai_bytes number)
{
    size_t bits = number.size * 8;
    for (unsigned bit = 0x80; bits > 0 && (number.data[0] & bit) == 0; bit >>= 1) {
        bits--;
    }
    return bits;
}

bool oktai_bytes_are_below(oktai_bytes a, oktai_bytes b)
{
    return a.size < b.size || (a.size == b.size && memcmp(a.data, b.data, a.size) < 0);
}

bool oktai_bytes_are_odd(oktai_bytes number)
{
    return number.size > 0 && (number.data[number.size - 1] & 1) != 0;
}
