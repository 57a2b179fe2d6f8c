/* SPDX-License-Identifier: Apache-2.0 */
#include "common/out_path.h"

#include <stdlib.h>
#include <string.h>

#define APP_SIGN "%a"
/* Of a file's name there are more, but something may stand around it. */
#define ID_MAX 200u

bool out_path_has_app(const char *pattern)
{
    return strstr(pattern, APP_SIGN) != NULL;
}

const char *out_path_refuse(const char *app)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (app[strspn(app, letters)] != '\0' || app[0] == '.') {
        return "it cannot stand for %a in the name of a file: only letters, digits, '_', '-' and '.', and no "
               "'.' first";
    }
    return strlen(app) > ID_MAX ? "it is too long to stand for %a in the name of a file" : NULL;
}

char *out_path_make(const char *pattern, const char *app)
{
    size_t size = strlen(pattern) + 1;
    for (const char *at = pattern; (at = strstr(at, APP_SIGN)) != NULL; at += strlen(APP_SIGN)) {
        size += strlen(app);
    }
    char *path = calloc(1, size);
    char *end = path;
    for (const char *at = pattern; path != NULL && *at != '\0';) {
        if (strncmp(at, APP_SIGN, strlen(APP_SIGN)) == 0) {
            memcpy(end, app, strlen(app));
            end += strlen(app);
            at += strlen(APP_SIGN);
        } else {
            *end++ = *at++;
        }
    }
    return path;
}
