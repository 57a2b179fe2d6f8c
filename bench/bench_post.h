/* SPDX-License-Identifier: Apache-2.0 */
/* The key that bench_post_floor and bench_post_okta add, made for them. */
#ifndef OKTA_BENCH_POST_H
#define OKTA_BENCH_POST_H

#define BENCH_MODULUS                                                                                        \
    "9F2aAiZdzVkIlmDNw21swAKBi0akHj6ke-6CHwB0hy38ZPl7ne_QBl9k9tUnLKWNERzIcVZVsOsPN1gACKjHdK"                 \
    "NgNa3j6w8uExKMd88pd5XtVylfmqjsVgmU-FPK4Tqc-7qbmegmOX-qceOtOhJN7Bsi8HWR8Z-yFfje22SIYD8P"                 \
    "HG6b5m0iNM8gHJrV5rUSHOwJSHC7qD85CSJWVhbNJSa6kEi83slvF-fXx6G_RIO8jP1PMHUflBjjGj-5TvZ1Kl"                 \
    "HPBhGZpjgiMj3K-JCjoKabY_5cnGnoizpn2ho73zTPCoj7ftjvLRFF4sZoOX9QuxzE-QuTIrlZELMPX_7fiQ"

/* Room for a kid: no two programs, and no two calls of one, have the same. */
#define BENCH_KID_SIZE   64
#define BENCH_KID_FORMAT "bench-%ld-%ld"

#endif
