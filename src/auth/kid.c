/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/kid.h"

#include <stddef.h>

oktai_kid_origin oktai_kid_origin_of(const char *given)
{
    return given[0] == '\0' ? OKTAI_KID_NONE : OKTAI_KID_GIVEN;
}

bool oktai_kid_is_good(const char *kid)
{
    size_t length = 0;
    for (; kid[length] != '\0'; length++) {
        if (length == OKTAI_KID_MAX || kid[length] < ' ' || kid[length] > '~') {
            return false;
        }
    }
    return length > 0;
}
