/* SPDX-License-Identifier: Apache-2.0 */
/* A mock org, an empty folder, and the tool run against them. Each test has its own. The folder is the tool's
 * home and working folder. */
#ifndef OKTA_TESTS_TOOL_WORLD_H
#define OKTA_TESTS_TOOL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "mock_org.h"

#define TOKEN "mock-token"
#define APP   MOCK_WEB_APP
#define KEYS  "/api/v1/apps/" MOCK_WEB_APP "/credentials/jwks"

#define WORLD_PATH_SIZE 256u

typedef struct tool_world {
    mock_org *org;
    char folder[64];

    /* How the tool runs next. world_reset() puts the defaults back. */
    const char *input;            /* standard input; NULL: empty */
    const char *org_url;          /* OKTA_CLIENT_ORGURL; NULL: not set */
    const char *token;            /* OKTA_CLIENT_TOKEN; NULL: not set */
    const char *variable;         /* one more "NAME=value"; NULL: none */
    const char *const *variables; /* more of them, up to NULL; NULL: none */
    const char *output;           /* a file for standard output instead of `out`; "": closed */
    bool unread;                  /* standard output is a pipe that nobody reads */

    /* How it ended. */
    int code;   /* exit code; -1: a signal ended it */
    int signal; /* that one; 0: none */
    char *out;
    char *err;
    size_t requests; /* that the org received meanwhile */

    struct world_file *files; /* the paths that world_path() made */
} tool_world;

/* The path of okta-keys. */
extern const char *world_tool;

/* cmocka's setup and teardown; the state is a tool_world. */
int world_begin(void **state);
int world_end(void **state);

/* Replace the org by one with these options. */
void world_restart(tool_world *world, const mock_org_options *options);

/* The defaults of how the tool runs. */
void world_reset(tool_world *world);

/* Run the tool with these words, up to NULL. */
void world_run(tool_world *world, const char *const *words);
#define RUN(world, ...) world_run(world, (const char *const[]){__VA_ARGS__, NULL})

/* The same in two steps. Meanwhile the test reads what it prints from `out_fd`, the reading end of a pipe. It
 * closes that, and ends the run by world_finish(), which fills `err`, but not `out`. */
typedef struct world_process {
    pid_t child;
    int out_fd;
} world_process;
world_process world_start(tool_world *world, const char *const *words);
void world_finish(tool_world *world, const world_process *process);

/* Read the next line, or what is left, into a buffer. */
void world_read_line(const world_process *process, char *out, size_t size);

/* Wait until the org has received so many requests of this run. */
void world_wait_for_requests(const tool_world *world, size_t count);

/* The environment and words for a program that the test starts itself: both end in NULL. */
#define WORLD_MAX_WORDS 24u
typedef struct world_command {
    char *words[WORLD_MAX_WORDS];
    char *environment[WORLD_MAX_WORDS];
    char home[WORLD_PATH_SIZE];
    char url[WORLD_PATH_SIZE];
    char token[WORLD_PATH_SIZE];
} world_command;
void world_command_fill(const tool_world *world, const char *const *words, world_command *out);

/* The path of a file in the folder; lives as long as the world. */
const char *world_path(tool_world *world, const char *name);

/* Write a file in the folder that only its owner can read; returns its path. */
const char *world_write(tool_world *world, const char *name, const char *text);

/* The same with bytes that may be NUL. */
const char *world_write_bytes(tool_world *world, const char *name, const char *bytes, size_t length);

/* The text of a file; the caller frees it. NULL: there is none. */
char *world_read(const char *path);

/* A P-256 private key as PKCS#8 PEM, encrypted when a passphrase is given; the caller frees it. */
char *world_pem(const char *passphrase);

/* How often `part` stands in `text`. */
size_t world_count(const char *text, const char *part);

/* The i-th request of the last run. */
const mock_request *world_request(tool_world *world, size_t i);

/* Assertions that print what the tool said when they fail. */
#define assert_exit(world, expected) world_assert_exit(world, expected, __FILE__, __LINE__)
#define assert_out(world, expected)  world_assert_text(world, (world)->out, expected, true, __FILE__, __LINE__)
#define assert_err(world, expected)  world_assert_text(world, (world)->err, expected, true, __FILE__, __LINE__)
#define assert_out_has(world, part)  world_assert_text(world, (world)->out, part, false, __FILE__, __LINE__)
#define assert_err_has(world, part)  world_assert_text(world, (world)->err, part, false, __FILE__, __LINE__)
#define assert_lacks(text, part)     assert_null(strstr(text, part))
#define assert_requests(world, n)    assert_int_equal((world)->requests, n)
void world_assert_exit(const tool_world *world, int expected, const char *file, int line);
void world_assert_text(const tool_world *world, const char *text, const char *expected, bool whole,
                       const char *file, int line);

/* Standard error is one line that begins with the name of the tool. */
void assert_one_line(const tool_world *world);

#define WORLD_TEST(function) cmocka_unit_test_setup_teardown(function, world_begin, world_end)

/* Public keys (RFC 7517, appendix A.1) and the thumbprint of the second (RFC 7638, section 3.1). */
#define EC_JWK                                                                                               \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","               \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}"
#define RSA_N                                                                                                \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"   \
    "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"   \
    "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"   \
    "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define RSA_JWK        "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}"
#define RSA_THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

#endif
