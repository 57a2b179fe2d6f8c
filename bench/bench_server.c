/* SPDX-License-Identifier: Apache-2.0 */
/* A mock org whose web app holds 50 RSA keys of 2,048 bits, and whose service app has a key. Prints its URL
 * and runs until its standard input ends. */
#include <stdio.h>

#include "mock_oauth.h"
#include "mock_org.h"
#include "service_key.h"

#define KEYS 50

/* As long as a real modulus; nobody verifies with it. */
static void write_modulus(char *out, unsigned key)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned state = key * 2654435761u + 1;
    for (int i = 0; i < 342; i++) {
        state = state * 1664525u + 1013904223u;
        out[i] = alphabet[(state >> 24) & 63];
    }
    out[342] = '\0';
}

static bool add_key(mock_org *org, unsigned key)
{
    char modulus[343];
    char json[2048];
    write_modulus(modulus, key);
    snprintf(json, sizeof json,
             "{\"id\":\"pks%017u\",\"kid\":\"key-%040u\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\","
             "\"e\":\"AQAB\",\"n\":\"%s\",\"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:57.000Z\","
             "\"lastUpdated\":\"2026-01-06T19:50:58.000Z\",\"_links\":{\"deactivate\":{\"href\":"
             "\"https://example.okta.com/api/v1/apps/" MOCK_WEB_APP "/credentials/jwks/pks%017u/lifecycle/"
             "deactivate\",\"hints\":{\"allow\":[\"POST\"]}}}}",
             key, key, modulus, key);
    return mock_org_put(org, MOCK_WEB_APP, "jwks", json);
}

int main(void)
{
    mock_org_options options = {.rate_limit = 100000000};
    mock_org *org = mock_org_start(&options);
    bool good = org != NULL;
    for (unsigned key = 1; good && key <= KEYS; key++) {
        good = add_key(org, key);
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
