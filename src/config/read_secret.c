/* SPDX-License-Identifier: Apache-2.0 */
#include "core/secret_file.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "okta/config.h"

okta_error *okta_secret_file_read(const char *path, okta_switch readable, char **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (path == NULL || out == NULL) {
        return oktai_error_null(path == NULL ? "path" : "out");
    }
    if (readable != OKTA_SWITCH_OFF && readable != OKTA_SWITCH_ON) {
        return oktai_error_new(OKTA_E_ARG, "readable is no okta_switch");
    }
    const oktai_secret_file file = {NULL, path, path, readable == OKTA_SWITCH_ON, NULL};
    oktai_buffer bytes = {0};
    okta_error *error = oktai_secret_file_read(&file, &bytes);
    if (error == NULL && strlen(bytes.data) != bytes.length) {
        error = oktai_secret_file_refuse(&file, "holds a NUL byte");
    }
    if (error == NULL) {
        *out = oktai_root_new(bytes.length + 1, 0, NULL);
        error = *out == NULL ? oktai_error_nomem() : NULL;
    }
    if (error == NULL) {
        memcpy(*out, bytes.data, bytes.length + 1);
    }
    oktai_buffer_clear(&bytes);
    return error;
}
