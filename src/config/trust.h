/* SPDX-License-Identifier: Apache-2.0 */
/* Whose word counts for where a credential goes. The program, the environment and the file of the home folder
 * trust each other. The file of the working folder may have come with what somebody else wrote, as in a
 * cloned repository: it says where its own credentials go and how safely they are used, and no others. */
#ifndef OKTA_CONFIG_TRUST_H
#define OKTA_CONFIG_TRUST_H

#include "core/arena.h"
#include "okta/client.h"

/* Refuse options of which the file of the working folder names the org, a proxy, a CA file or an audience,
 * and another place the credential that would go there, or of which that file makes another place's
 * credential less safe: each row of the option table says which it directs or weakens. Options that no place
 * was read for are not refused. A private key of that file is looked up as it is at this moment: a file
 * outside the folder is not its own. An assertion's file outside the folder is refused in any case. Errors:
 * OKTA_E_CONFIG, which names both places and what allows it; OKTA_E_NOMEM. */
okta_error *oktai_options_trust(const okta_client_options *options);

/* The folder below which the file of the private key must stay: that of the file which names it, where it is
 * below that folder. NULL: any will do. Lives as long as the options. Errors: OKTA_E_NOMEM. */
okta_error *oktai_trust_key_folder(const okta_client_options *options, const char **out);
/* The folder below which the assertion's file must stay: that of the file which names it; "" where nothing
 * can be shown to be below it. NULL: any will do. Lives as long as the options. */
const char *oktai_trust_assertion_folder(const okta_client_options *options);
/* Refuse a private key whose file is not below that folder (nullable) at this moment. Errors: OKTA_E_CONFIG,
 * OKTA_E_NOMEM. */
okta_error *oktai_trust_key_stays(const char *private_key, const char *folder);

/* The path without links of the working folder, which options that are loaded keep. NULL: there is none, and
 * no file can be shown to be below it. Errors: OKTA_E_NOMEM. */
okta_error *oktai_trust_folder(oktai_arena *arena, const char *folder, const char **out);

#endif
