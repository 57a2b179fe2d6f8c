/* SPDX-License-Identifier: Apache-2.0 */
#include "client/operation.h"

#include <stddef.h>

const oktai_care *oktai_care_of(const oktai_operation *operation)
{
    static const oktai_care none;
    return operation->care == NULL ? &none : operation->care;
}

const char *oktai_method_name(oktai_method method)
{
    static const char *const names[] = {
        [OKTAI_METHOD_GET] = "GET",     [OKTAI_METHOD_POST] = "POST",     [OKTAI_METHOD_PUT] = "PUT",
        [OKTAI_METHOD_PATCH] = "PATCH", [OKTAI_METHOD_DELETE] = "DELETE",
    };
    return names[method];
}
