/* SPDX-License-Identifier: Apache-2.0 */
/* What the test and the program it watches say to each other. On standard input the program gets frames: a
 * kind, a length of four bytes in the machine's order, and so many masked bytes. */
#ifndef OKTA_TESTS_PROCESS_CANARY_WIRE_H
#define OKTA_TESTS_PROCESS_CANARY_WIRE_H

#define CANARY_FRAME_MAX 8192u

typedef enum canary_kind {
    CANARY_TOKEN = 0,    /* the API token */
    CANARY_SECRET,       /* a client secret */
    CANARY_PROXY,        /* a proxy URL with a password */
    CANARY_PRIVATE_KEY,  /* an RSA key in PEM */
    CANARY_SETTINGS,     /* how many kinds of settings there are */
    CANARY_GO,           /* run; then "done" is printed */
    CANARY_NEEDLE_FRAME, /* look for this later */
    CANARY_SCAN,         /* look; then "hits INDEX COUNT" for what was found, and "scanned BYTES" */
} canary_kind;

#endif
