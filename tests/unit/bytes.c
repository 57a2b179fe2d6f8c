/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/bytes.h"

#include <string.h>

bool bytes_contain(const void *block, size_t size, const void *needle, size_t length)
{
    const unsigned char *bytes = block;
    const unsigned char *wanted = needle;
    for (size_t i = 0; i + length <= size; i++) {
        if (bytes[i] == wanted[0] && memcmp(bytes + i, wanted, length) == 0) {
            return true;
        }
    }
    return false;
}
