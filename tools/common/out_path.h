/* SPDX-License-Identifier: Apache-2.0 */
/* Paths in which %a stands for the id of an app. */
#ifndef OKTA_TOOLS_OUT_PATH_H
#define OKTA_TOOLS_OUT_PATH_H

#include <stdbool.h>

bool out_path_has_app(const char *pattern);

/* Why an id cannot be a part of a file's name; NULL: it can. */
const char *out_path_refuse(const char *app);

/* The path for an app; the caller frees it. NULL: out of memory. */
char *out_path_make(const char *pattern, const char *app);

#endif
