/* SPDX-License-Identifier: Apache-2.0 */
/* Whose word counts for where a credential goes. The program, the environment and the file of the home folder
 * trust each other. The file of the working folder may have come with what somebody else wrote, as in a
 * cloned repository: it says where its own credentials go, and no others. */
#ifndef OKTA_CONFIG_TRUST_H
#define OKTA_CONFIG_TRUST_H

#include <stdbool.h>

#include "okta/client.h"

/* Refuse options of which the file of the working folder names the org, a proxy, a CA file or an audience,
 * and another place the credential that would go there. Options that no place was read for are not refused.
 * Errors: OKTA_E_CONFIG, which names both places and what allows it; OKTA_E_NOMEM. */
okta_error *oktai_options_trust(const okta_client_options *options);

/* Whether a private key is a file that is not below this folder. Such a file is no credential of the
 * folder's: what may be replayed must not be signed for it. Errors: OKTA_E_NOMEM, OKTA_E_CONFIG. */
okta_error *oktai_key_is_outside(const char *private_key, const char *folder, bool *out);

#endif
