/* SPDX-License-Identifier: Apache-2.0 */
/* The answer with one key, as long as that of the mock org. */
#ifndef OKTA_BENCH_KEY_H
#define OKTA_BENCH_KEY_H

#define BENCH_KEY_OF_512_BITS                                                                                \
    "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QA"

#define BENCH_KEY_JSON                                                                                       \
    "{\"id\":\"pks00000000000000001\",\"kid\":\"key-0000000000000000000000000000000000000001\",\"kty\":"     \
    "\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":\"" BENCH_KEY_OF_512_BITS                \
        BENCH_KEY_OF_512_BITS BENCH_KEY_OF_512_BITS BENCH_KEY_OF_512_BITS                                    \
    "\",\"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:57.000Z\","                                     \
    "\"lastUpdated\":\"2026-01-06T19:50:58.000Z\",\"_links\":{\"deactivate\":{\"href\":"                     \
    "\"https://example.okta.com/api/v1/apps/a/credentials/jwks/pks00000000000000001/lifecycle/deactivate\"," \
    "\"hints\":{\"allow\":[\"POST\"]}}}}"

#endif
