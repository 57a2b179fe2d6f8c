/* SPDX-License-Identifier: Apache-2.0 */
/* The key of the benchmark's service app, made for it. */
#ifndef OKTA_BENCH_SERVICE_KEY_H
#define OKTA_BENCH_SERVICE_KEY_H

/* The mock's app that asks for tokens. */
#define BENCH_SERVICE_APP "0oa2mockservice000g4"

#define BENCH_KEY_PUBLIC                                                                                     \
    "\"kty\":\"EC\",\"kid\":\"bench\",\"use\":\"sig\",\"crv\":\"P-256\","                                    \
    "\"x\":\"S3JKtfGU6PCxOksN8WLPgx7ALhaW62ji6K6KVccbgdw\","                                                 \
    "\"y\":\"iTN3faHz7T9BzaxeeDRCTsn4KydDMip0aWUnNkjFxFM\""
#define BENCH_KEY_PRIVATE BENCH_KEY_PUBLIC ",\"d\":\"B3R8Iu84NyGVbn-CYzUhMf0S7GMpYaRuo44AgkP43Fc\""

#endif
