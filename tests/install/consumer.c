/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody else: it knows the installed headers and the library, nothing else of this project.
 */
#include <okta/okta.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "";
    okta_key *key = NULL;
    okta_error *error;

    if (strcmp(okta_version(), OKTA_VERSION) != 0) {
        fprintf(stderr, "headers of %s, library of %s\n", OKTA_VERSION, okta_version());
        return 1;
    }
    error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    if (error == NULL) {
        error = okta_key_thumbprint(key, thumbprint);
    }
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    } else {
        printf("libokta %s made a key: %s\n", okta_version(), thumbprint);
    }
    okta_free(key);
    okta_free(error);
    return strlen(thumbprint) == OKTA_THUMBPRINT_SIZE - 1 ? 0 : 1;
}
