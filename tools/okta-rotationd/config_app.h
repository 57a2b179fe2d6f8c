/* SPDX-License-Identifier: Apache-2.0 */
/* One app of the configuration file. */
#ifndef OKTA_ROTATIOND_CONFIG_APP_H
#define OKTA_ROTATIOND_CONFIG_APP_H

#include "config.h"
#include "config_values.h"

/* What the root of the file says for all apps. */
void config_app_read_usual(config_reader *reader, const document_node *root, config_app *out);

/* `usual` has what the app does not say. What is refused is kept in the document. */
void config_app_read(config_reader *reader, const document_node *node, const config_app *usual,
                     config_app *out);

/* Why apps do not go with each other; NULL: they do. */
okta_error *config_apps_refuse(const char *path, const config *self);

#endif
