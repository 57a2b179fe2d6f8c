/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of keys on many apps. Each returns an exit code. */
#ifndef OKTA_KEYS_MANY_KEYS_H
#define OKTA_KEYS_MANY_KEYS_H

#include "command_line.h"

int many_keys_list(const command_line *options, okta_client *client);
int many_keys_generate(const command_line *options, okta_client *client);
int many_keys_activate(const command_line *options, okta_client *client);
int many_keys_deactivate(const command_line *options, okta_client *client);
int many_keys_delete(const command_line *options, okta_client *client);

#endif
