/* SPDX-License-Identifier: Apache-2.0 */
/* One command on many apps: calls for a few of them at once, what they brought in the order of the apps. */
#ifndef OKTA_KEYS_MANY_H
#define OKTA_KEYS_MANY_H

#include "many_work.h"

/* Run a command on all apps of the command line; `prepare`, nullable, looks at each before the first call,
 * and returns an exit code. Returns the exit code. */
typedef int many_prepare(const many *self, many_app *app);
int many_run(const command_line *options, okta_client *client, const many_work *work, many_prepare *prepare);

/* The app failed, for this reason, which it takes. */
void many_fail(many_app *app, okta_error *error);

#endif
