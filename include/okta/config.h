/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Configuration from files and the environment, under the names of Okta's other SDKs. Later places win:
 *
 * 1. `~/.okta/okta.yaml`
 * 2. `okta.yaml`, or else `.okta.yaml`, in the working folder
 * 3. the environment, `OKTA_CLIENT_...`
 * 4. what the program sets in ::okta_client_options
 *
 * docs/configuration.md has the table of names, and those of other SDKs that are taken, too. A file of the
 * working folder says where its own credentials go and how safely they are used, and no others: see
 * okta_client_options_load().
 */
#ifndef OKTA_CONFIG_H
#define OKTA_CONFIG_H

#include "okta/client.h"
#include "okta/common.h"
#include "okta/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Fill what a program leaves unset from files and the environment.
 *
 * Code, environment and the file of the home folder trust each other. Where the file of the working folder
 * names the org, a proxy, a CA file or the audience of assertions, and the credential comes from another
 * place, the options are refused: whoever wrote that file would get the credential. The same holds where that
 * file changes how safely such a credential is used: the mode, scopes, DPoP, the client's authentication, the
 * type of assertions, the rights of a key's file, the admin console as the org. Setting the same option
 * in code or in the environment allows it. okta_client_new() looks once more, since a program may change what
 * it has loaded, and links and the working folder may change, too.
 *
 * Names that are no options are kept for okta_client_options_describe(), and the first client that is made
 * from the result warns of them by its log callback.
 *
 * @param[in]  code nullable; what the program sets. Its pointers (`signer`, `log`, `log_ctx` among them) are
 *                  borrowed for the life of the result; strings are copied. Options that this function gave
 * are refused: they know where each value came from, and a value in code is trusted.
 * @param[out] out  options for okta_client_new(), with the origin of each value; release them with
 *                  okta_free(). NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, `struct_size`, or `code` was loaded), ::OKTA_E_CONFIG (a value or a file
 * is refused, two names of an option differ, or a credential would go where another place says; the message
 * names the file and line, or the variable, and never shows a secret), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_options_load(const okta_client_options *code,
                                                              okta_client_options **out);

/** One option as it is in force. */
typedef struct okta_option_value {
    const char *name;   /**< the member of ::okta_client_options, such as "org_url" */
    const char *value;  /**< as text; of a secret "***"; NULL: not set */
    const char *source; /**< "default", "code", a variable's name, or a file and line such as
                             "/home/a/.okta/okta.yaml:3" */
} okta_option_value;

/** A name that begins with `OKTA_CLIENT_`, or stands below `okta:` and `client:`, and is no option; or one of
 * a file that stands too high, such as `client:` without `okta:` above it. */
typedef struct okta_unknown_option {
    const char *name;   /**< such as "OKTA_CLIENT_TOKN" or "okta.client.orgurl" */
    const char *source; /**< the variable, or a file and line */
    const char
        *nearest;    /**< the name that may be meant, of an option or of "okta.client"; NULL: none is near */
    bool is_foreign; /**< an SDK of Okta's has it for something that libokta does not have, such as a cache */
} okta_unknown_option;

/** All options as they are in force. */
typedef struct okta_option_values {
    const okta_option_value *items;     /**< in the order of ::okta_client_options */
    size_t count;                       /**< how many */
    const okta_unknown_option *unknown; /**< the names that are no options, as they were read */
    size_t unknown_count;               /**< how many */
    const char *text;                   /**< all of that as a table of lines for people */
} okta_option_values;

/**
 * Show options as they are in force, with secrets masked.
 *
 * @param[in]  options required; from okta_client_options_load(), or a program's own, whose values then come
 *                     from "code".
 * @param[out] out     release it with okta_free(). NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL or `struct_size`), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_client_options_describe(const okta_client_options *options,
                                                                  okta_option_values **out);

/**
 * Read a small file that holds a secret, such as a token that a container mounts, by the rule that holds for
 * private keys: it belongs to this user or to root; group and others have no rights, but root's file may be
 * read by a group of this process; it is a regular file of at most 65,536 bytes in a folder that not everyone
 * can write to, or one with the sticky bit; links of this user or root are followed.
 *
 * @param[in]  path     required.
 * @param[in]  readable ::OKTA_SWITCH_ON: everyone may read the file, as Docker mounts secrets.
 * @param[out] out      the bytes with a NUL behind them; release them with okta_free(), which wipes them.
 * NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, or no such switch), ::OKTA_E_CONFIG (the file cannot be read, is empty,
 * holds a NUL byte, or is not as the rule says; the message names it), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_secret_file_read(const char *path, okta_switch readable,
                                                           char **out);

#ifdef __cplusplus
}
#endif
#endif
