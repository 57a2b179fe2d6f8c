/* SPDX-License-Identifier: Apache-2.0 */
/* The commands. Each returns an exit code after it has printed its result, or said what is wrong. `client` is
 * NULL for a command that is offline. */
#ifndef OKTA_KEYS_COMMANDS_H
#define OKTA_KEYS_COMMANDS_H

#include "command_line.h"

int command_list(const command_line *options, okta_client *client);
int command_get(const command_line *options, okta_client *client);
int command_add(const command_line *options, okta_client *client);
int command_generate(const command_line *options, okta_client *client);
int command_activate(const command_line *options, okta_client *client);
int command_deactivate(const command_line *options, okta_client *client);
int command_delete(const command_line *options, okta_client *client);
int command_rotate(const command_line *options, okta_client *client);
int command_apply(const command_line *options, okta_client *client);
int command_thumbprint(const command_line *options, okta_client *client);

int command_key_show(const command_line *options, okta_client *client);
int command_key_generate(const command_line *options, okta_client *client);

int command_secrets_list(const command_line *options, okta_client *client);
int command_secrets_get(const command_line *options, okta_client *client);
int command_secrets_create(const command_line *options, okta_client *client);
int command_secrets_activate(const command_line *options, okta_client *client);
int command_secrets_deactivate(const command_line *options, okta_client *client);
int command_secrets_delete(const command_line *options, okta_client *client);
int command_secrets_rotate(const command_line *options, okta_client *client);

int command_config(const command_line *options, okta_client *client);

int command_request(const command_line *options, okta_client *client);

/* Report a failed call, with the command that finds out what became of a write whose answer was lost. NULL is
 * EXIT_DONE. */
int command_report(const command_line *options, okta_error *error);

#endif
