/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the tests of the mock share: a mock with a frozen clock, a plain libcurl client, and the answer to its
 * last call. Everything fails the running test when it goes wrong.
 */
#ifndef OKTA_TESTS_MOCK_ORG_TEST_CLIENT_H
#define OKTA_TESTS_MOCK_ORG_TEST_CLIENT_H

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <curl/curl.h>
#include <stdbool.h>

#include "mock_org.h"

/** 2026-01-06T19:50:58Z, a Tuesday */
#define TEST_NOW      1767729058
#define TEST_NOW_TEXT "2026-01-06T19:50:58.000Z"
#define TEST_LATER    (TEST_NOW + 3600)

#define WEB_KEYS        "/api/v1/apps/" MOCK_WEB_APP "/credentials/jwks"
#define WEB_SECRETS     "/api/v1/apps/" MOCK_WEB_APP "/credentials/secrets"
#define SERVICE_KEYS    "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/jwks"
#define SERVICE_SECRETS "/api/v1/apps/" MOCK_SERVICE_APP "/credentials/secrets"

/** The public members of a P-256 key. */
#define EC_P256                                                                                              \
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"nu1MQ2yd_HE7ZFM9wyJSkiOF-mvb1FlB7hCosTQmDW8\","                \
    "\"y\":\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQs\""

typedef struct test_text {
    char *bytes; /* NUL-terminated, never NULL */
    size_t length;
} test_text;

typedef struct fixture {
    mock_org *org;
    const char *url; /**< where calls go; NULL: to `org` */
    CURL *curl;
    const char *token;          /**< sent as `SSWS token`; NULL: no Authorization header */
    const char *const *headers; /**< further header lines of the next calls; NULL: none */
    const char *content_type;   /**< of the next calls; NULL: application/json; "": none */
    bool keep_connection;       /**< reuse the connection of the call before */
    CURLcode code;              /**< of the last call */
    long status;
    test_text received; /**< the header lines */
    test_text body;
    cJSON *json; /**< the body; NULL when it is no JSON */
} fixture;

/** cmocka's setup and teardown; *state is the fixture of a mock with default options and a frozen clock. */
int test_start(void **state);
int test_stop(void **state);
/** A row of a group's table. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_start, test_stop)
/** Replace the mock of the fixture by one with these options. */
void test_restart(fixture *f, mock_org_options options);

/** Call, and let the test fail unless an answer comes; a body that is not empty must be JSON. */
void test_call(fixture *f, const char *method, const char *target, const char *body);
/** Call, whatever comes of it; see `code`. `body` NULL: none. */
void test_try(fixture *f, const char *method, const char *target, const char *body, size_t body_length);

/** Where calls go. */
const char *test_url(const fixture *f);
/** Send a call, and hang up without an answer as soon as the mock has it on record. */
void test_abandon(fixture *f, const char *method, const char *target);

/** test_call(), then check the status. */
void test_expect(fixture *f, const char *method, const char *target, const char *body, long status);
/** test_call(), then check that the answer is an error with this status, code and (nullable) cause. */
void test_refused(fixture *f, const char *method, const char *target, const char *body, long status,
                  const char *code, const char *cause);

/** The i-th header line of this name in the last answer, as its value, for free(); NULL when there is none.
 */
char *test_header(const fixture *f, const char *name, size_t i);
/** Check that the last answer has exactly this value once. NULL: that it has no such header. */
void test_header_is(const fixture *f, const char *name, const char *value);

/** A string member of the last answer's body, or of a part of it. */
const char *test_string(const cJSON *json, const char *member);
/** Check the names of an object's members and their order; `names` is comma-separated. */
void test_members(const cJSON *object, const char *names);
/** Printed text in one of 16 buffers that take turns. Calls of this file use up to four. Not for several
 * threads. */
const char *test_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** `{"kid":KID,"kty":"RSA",...}` with the further members `more` ("" or `,"a":1`), as test_format() gives it.
 */
const char *test_rsa_key(const char *kid, const char *more);
/** base64url of an RSA modulus of so many bits, with leading zero octets before it; as test_format() gives
 * it. */
const char *test_modulus(size_t bits, size_t zero_octets);
/** Add a key or secret to an app and return its id, as test_format() gives it. */
const char *test_added(fixture *f, const char *collection_path, const char *body);

#endif
