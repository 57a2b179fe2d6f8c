/* SPDX-License-Identifier: Apache-2.0 */
/* What the client is made from: files, the environment, and the command line over them. */
#ifndef OKTA_KEYS_CLIENT_OPTIONS_H
#define OKTA_KEYS_CLIENT_OPTIONS_H

#include "command_line.h"

/* Bring them together; they may be incomplete. Returns EXIT_DONE, or the exit code after it has said what is
 * wrong. `*out` is the caller's: okta_free(); NULL after a failure. */
int client_options_load(const command_line *options, okta_client_options **out);

/* Make the client from them, and keep in `options` what commands need of them. Returns as above. */
int client_options_connect(command_line *options, okta_client **out);

#endif
