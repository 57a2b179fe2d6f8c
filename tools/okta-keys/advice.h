/* SPDX-License-Identifier: Apache-2.0 */
/* What to do behind a failure. */
#ifndef OKTA_KEYS_ADVICE_H
#define OKTA_KEYS_ADVICE_H

#include <okta/okta.h>

/* A text that is too long is cut. */
#define ADVICE_SIZE 9000u

/* The private key of an app is in its file, and Okta did not confirm its public half. */
void advice_for_generate(const char *app, const char *path, okta_status status, char out[ADVICE_SIZE]);

#endif
