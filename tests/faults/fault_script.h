/* SPDX-License-Identifier: Apache-2.0 */
/* Short words for scripts and answers. */
#ifndef OKTA_TESTS_FAULTS_FAULT_SCRIPT_H
#define OKTA_TESTS_FAULTS_FAULT_SCRIPT_H

#include "faults/fault_server.h"

#define READ                                                                                                 \
    {                                                                                                        \
        FAULT_READ, NULL, 0, 0                                                                               \
    }
#define SEND(text)                                                                                           \
    {                                                                                                        \
        FAULT_SEND, FAULT_TEXT(text), 1                                                                      \
    }
#define SEND_TIMES(text, count)                                                                              \
    {                                                                                                        \
        FAULT_SEND, FAULT_TEXT(text), count                                                                  \
    }
#define DRIP(text)                                                                                           \
    {                                                                                                        \
        FAULT_DRIP, FAULT_TEXT(text), 1                                                                      \
    }
#define FLOOD(text)                                                                                          \
    {                                                                                                        \
        FAULT_FLOOD, FAULT_TEXT(text), 1                                                                     \
    }
#define NEXT                                                                                                 \
    {                                                                                                        \
        FAULT_NEXT, NULL, 0, 0                                                                               \
    }
#define AWAIT(requests)                                                                                      \
    {                                                                                                        \
        FAULT_AWAIT, NULL, 0, requests                                                                       \
    }
#define SIP                                                                                                  \
    {                                                                                                        \
        FAULT_SIP, NULL, 0, 0                                                                                \
    }
#define DRAIN                                                                                                \
    {                                                                                                        \
        FAULT_DRAIN, NULL, 0, 0                                                                              \
    }
#define SERIES(text, count)                                                                                  \
    {                                                                                                        \
        FAULT_SERIES, FAULT_TEXT(text), count                                                                \
    }
#define MEASURE(text)                                                                                        \
    {                                                                                                        \
        FAULT_MEASURE, FAULT_TEXT(text), 1                                                                   \
    }
#define STALL                                                                                                \
    {                                                                                                        \
        FAULT_STALL, NULL, 0, 0                                                                              \
    }
#define DEAF                                                                                                 \
    {                                                                                                        \
        FAULT_DEAF, NULL, 0, 0                                                                               \
    }
#define CLOSE                                                                                                \
    {                                                                                                        \
        FAULT_CLOSE, NULL, 0, 0                                                                              \
    }
#define RESET                                                                                                \
    {                                                                                                        \
        FAULT_RESET, NULL, 0, 0                                                                              \
    }
#define END                                                                                                  \
    {                                                                                                        \
        FAULT_END, NULL, 0, 0                                                                                \
    }

#define STATUS  "HTTP/1.1 200 OK\r\n"
#define TYPE    "Content-Type: application/json\r\n"
#define CHUNKED STATUS TYPE "Transfer-Encoding: chunked\r\n\r\n"
#define LENGTH  "Content-Length: 13\r\n"
/* The end of the headers and the good body, which LENGTH fits. */
#define BODY "\r\n" FAULT_GOOD_BODY
/* 64 bytes that begin a header line. */
#define FILL "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"

#endif
