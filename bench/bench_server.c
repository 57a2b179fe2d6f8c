/* SPDX-License-Identifier: Apache-2.0 */
/* bench_server [KEYS [BITS]]: a mock org whose web app holds so many RSA keys, 50 of 2,048 bits without
 * arguments, and whose service app has a key. Prints its URL and runs until its standard input ends. */
#include <stdio.h>
#include <stdlib.h>

#include "mock_oauth.h"
#include "mock_org.h"
#include "service_key.h"

#define BITS_MAX 8192u

/* base64url letters of a number */
#define LETTERS(bits) (((bits) / 8 * 4 + 2) / 3)

/* As long as a real modulus; nobody verifies with it. */
static void write_modulus(char *out, unsigned key, unsigned letters)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned state = key * 2654435761u + 1;
    for (unsigned i = 0; i < letters; i++) {
        state = state * 1664525u + 1013904223u;
        out[i] = alphabet[(state >> 24) & 63];
    }
    out[letters - 1] = 'A'; /* no bits beyond the last octet */
    out[letters] = '\0';
}

static bool add_key(mock_org *org, unsigned key, unsigned bits)
{
    char modulus[LETTERS(BITS_MAX) + 1];
    char json[2048];
    write_modulus(modulus, key, LETTERS(bits));
    snprintf(json, sizeof json,
             "{\"id\":\"pks%017u\",\"kid\":\"key-%040u\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\","
             "\"e\":\"AQAB\",\"n\":\"%s\",\"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:57.000Z\","
             "\"lastUpdated\":\"2026-01-06T19:50:58.000Z\",\"_links\":{\"deactivate\":{\"href\":"
             "\"https://example.okta.com/api/v1/apps/" MOCK_WEB_APP "/credentials/jwks/pks%017u/lifecycle/"
             "deactivate\",\"hints\":{\"allow\":[\"POST\"]}}}}",
             key, key, modulus, key);
    return mock_org_put(org, MOCK_WEB_APP, "jwks", json);
}

int main(int argc, char **argv)
{
    unsigned keys = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 50;
    unsigned bits = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2048;
    /* bench_post_okta adds more keys than an app of Okta's may have. */
    mock_org_options options = {.rate_limit = 100000000, .key_limit = 100000};
    mock_org *org = mock_org_start(&options);
    bool good = org != NULL && bits >= 8 && bits <= BITS_MAX;
    for (unsigned key = 1; good && key <= keys; key++) {
        good = add_key(org, key, bits);
    }
    good = good && mock_org_add_key(org, BENCH_SERVICE_APP, "{" BENCH_KEY_PUBLIC "}") == NULL;
    if (good) {
        puts(mock_org_url(org));
        fflush(stdout);
        while (getchar() != EOF) {
        }
    }
    mock_org_stop(org);
    return good ? 0 : 1;
}
