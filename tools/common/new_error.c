/* SPDX-License-Identifier: Apache-2.0 */
#include "common/new_error.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_MAX 2048u

okta_error *report_new_error(okta_status status, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return okta_error_new(status, length < 0 ? NULL : message);
}
