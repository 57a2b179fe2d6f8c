/* SPDX-License-Identifier: Apache-2.0 */
/* The key that --pem, --jwk or "-" names, and the one that --type asks for. */
#ifndef OKTA_KEYS_KEY_INPUT_H
#define OKTA_KEYS_KEY_INPUT_H

#include "command_line.h"

/* Read it. Returns EXIT_DONE, or the exit code after it has said what is wrong. The key is the caller's:
 * okta_free(); NULL after a failure. */
int key_input_read(const command_line *options, okta_key **out);

/* The same for the key in a file, PEM or a JWK. */
int key_input_read_file(const char *path, okta_key **out);

/* Its public half as a request, with what --kid, --use, --alg and --status say. */
okta_error *key_input_request(const command_line *options, const okta_key *key,
                              okta_oauth2_client_jwk_request **out);

/* The type that --type names. It must have been given. */
okta_key_type key_input_type(const command_line *options);

/* Make the key that --type asks for. */
okta_error *key_input_generate(const command_line *options, okta_key **out);

/* The same as far as it matters to what Okta takes, and quickly: a large RSA key is a small one. */
okta_error *key_input_generate_like(const command_line *options, okta_key **out);

/* Read the private key in a file that `generate` wrote before; it is of the type that --type says. */
okta_error *key_input_found(const command_line *options, const char *path, okta_key **out);

/* See whether this file can become that of a private key, before one is made. `advice` is told where it
 * exists. Returns an exit code. */
int key_input_check_out(const char *path, const char *advice);

#endif
