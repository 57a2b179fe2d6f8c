/* SPDX-License-Identifier: Apache-2.0 */
/* bench_sign SIGNATURES: that many ES256 signatures by OpenSSL alone, of a message as long as a DPoP proof.
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int sign(EVP_PKEY *key, const unsigned char *message, size_t length)
{
    unsigned char signature[128];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
               EVP_DigestSign(context, signature, &size, message, length) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

int main(int argc, char **argv)
{
    unsigned char message[600];
    long left = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    int good = key != NULL;
    memset(message, 'm', sizeof message);
    for (; good && left > 0; left--) {
        good = sign(key, message, sizeof message);
    }
    EVP_PKEY_free(key);
    return good ? 0 : 1;
}
