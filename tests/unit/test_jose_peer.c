/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and keys of another implementation, python3-jwcrypto, which makes them anew for each run. */
#include "unit/jose_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "examples/run_program.h"

#define PYTHON   "/usr/bin/python3"
#define WORDS    4
#define KEYS_MAX 8

/* What the other implementation made. */
static struct {
    run_result result;
    char *set;
    struct {
        char *name;
        okta_key *key;
    } keys[KEYS_MAX];
    size_t key_count;
    size_t signed_count, encrypted_count, compressed_count;
} peer;

static const okta_key *key_by_name(const char *name)
{
    for (size_t i = 0; i < peer.key_count; i++) {
        if (strcmp(peer.keys[i].name, name) == 0) {
            return peer.keys[i].key;
        }
    }
    fail_msg("there is no key %s", name);
    return NULL;
}

/* Split a line into words, in place. */
static size_t split(char *line, char *words[WORDS])
{
    size_t count = 1;
    words[0] = line;
    for (char *at = line; *at != '\0' && count < WORDS; at++) {
        if (*at == ' ') {
            *at = '\0';
            words[count++] = at + 1;
        }
    }
    return count;
}

static void expect_payload(okta_error *error, okta_jose *out, const char *payload, const char *kid)
{
    if (error != NULL) {
        fail_msg("refused: %s", okta_error_message(error));
    }
    char *text = encoded(out->payload, out->payload_length);
    assert_string_equal(text, payload);
    assert_string_equal(out->kid, kid);
    free(text);
    okta_free(out);
}

static void take_token(char *words[WORDS])
{
    okta_jose *out = NULL;
    const okta_key *key = key_by_name(words[1]);
    if (strcmp(words[0], "jws") == 0) {
        okta_error *error = verify_text(words[2], key, NULL, &out);
        expect_payload(error, out, words[3], words[1]);
        error = verify_by_set(words[2], peer.set, &out);
        expect_payload(error, out, words[3], words[1]);
        peer.signed_count++;
    } else if (strcmp(words[0], "jwe") == 0) {
        okta_error *error = decrypt_text(words[2], key, NULL, &out);
        expect_payload(error, out, words[3], words[1]);
        peer.encrypted_count++;
    } else {
        assert_string_equal(words[0], "zip");
        expect_not_decrypted(words[2], key, OKTA_E_PROTOCOL, "has \"zip\": compressed content is refused");
        peer.compressed_count++;
    }
}

static void take_line(char *line)
{
    char *words[WORDS] = {NULL};
    size_t count = split(line, words);
    if (strcmp(words[0], "key") == 0) {
        assert_int_equal(count, 3);
        assert_true(peer.key_count < KEYS_MAX);
        peer.keys[peer.key_count].name = words[1];
        peer.keys[peer.key_count++].key = key_of_jwk(words[2]);
    } else if (strcmp(words[0], "set") == 0) {
        assert_int_equal(count, 2);
        peer.set = words[1];
    } else {
        assert_int_equal(count, 4);
        take_token(words);
    }
}

static void takes_what_another_implementation_makes(void **state)
{
    (void)state;
    char *next = peer.result.out;
    while (*next != '\0') {
        char *end = strchr(next, '\n');
        assert_non_null(end);
        *end = '\0';
        take_line(next);
        next = end + 1;
    }
    assert_int_equal(peer.key_count, 4);
    assert_int_equal(peer.signed_count, 9);
    assert_int_equal(peer.encrypted_count, 12);
    assert_int_equal(peer.compressed_count, 1);
    for (size_t i = 0; i < peer.key_count; i++) {
        okta_free(peer.keys[i].key);
    }
}

static bool is_there(void)
{
    const char *const arguments[] = {PYTHON, "-c", "import jwcrypto", NULL};
    const char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
    run_program(arguments, environment, &peer.result);
    return peer.result.exit_code == 0;
}

static int ask(void **state)
{
    const char *const arguments[] = {PYTHON, "-B", PEER_SCRIPT, NULL};
    const char *const environment[] = {"PATH=/usr/bin:/bin", "PYTHONIOENCODING=utf-8", NULL};
    (void)state;
    run_program(arguments, environment, &peer.result);
    if (peer.result.exit_code != 0) {
        print_error("%s", peer.result.err);
    }
    return peer.result.exit_code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_another_implementation_makes),
    };
    if (access(PYTHON, X_OK) != 0 || !is_there()) {
        printf("skipped: there is no python3-jwcrypto here\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, ask, NULL);
}
