/* SPDX-License-Identifier: Apache-2.0 */
/* Where new keys and secrets go. A file sink puts a new one into PATH.next, and at the switch PATH.next takes
 * the place of PATH at once. The private key that an encryption key replaces is PATH.old from then on. */
#ifndef OKTA_ROTATIOND_SINK_H
#define OKTA_ROTATIOND_SINK_H

#include "config.h"

/* For okta_rotation_options; `ctx` is a config_app. */
void sink_store(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);
void sink_recall(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);
void sink_switch(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);

/* The rotation was undone: what was stored for it goes. */
void sink_undo(const config_app *app);

#endif
