/* SPDX-License-Identifier: Apache-2.0 */
/* Keys as secret stores, environment files and templates hand them out: each shape of each form of a key, as
 * the value of an option and as the content of a file. */
#include "unit/keys_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "keys/key_file.h"
#include "keys/key_text.h"

/* What was done to a text, bytes by bytes. The caller frees the result. */
typedef char *shape_fn(const char *text);

static char *replaced(const char *text, const char *what, const char *with)
{
    char *out = calloc(1, strlen(text) * (strlen(with) + 1) + 1);
    assert_non_null(out);
    for (char *at = out; *text != '\0';) {
        bool is_what = strncmp(text, what, strlen(what)) == 0;
        size_t length = is_what ? strlen(with) : 1;
        memcpy(at, is_what ? with : text, length);
        at += length;
        text += is_what ? strlen(what) : 1;
    }
    return out;
}

static char *wrapped(const char *before, const char *text, const char *behind)
{
    char *first = joined(before, text);
    char *both = joined(first, behind);
    free(first);
    return both;
}

static char *base64_of(const char *text, size_t width)
{
    size_t length = strlen(text);
    unsigned char *letters = calloc(1, length * 2 + 8);
    char *out = calloc(1, length * 4 + 8);
    assert_non_null(letters);
    assert_non_null(out);
    size_t count = (size_t)EVP_EncodeBlock(letters, (const unsigned char *)text, (int)length);
    char *at = out;
    for (size_t i = 0; i < count; i++) {
        *at++ = (char)letters[i];
        if (width != 0 && i % width == width - 1) {
            *at++ = '\n';
        }
    }
    free(letters);
    return out;
}

static char *as_is(const char *text)
{
    return joined(text, "");
}
static char *in_spaces(const char *text)
{
    return wrapped(" \t\r\n\n", text, "\n \n");
}
static char *behind_a_mark(const char *text)
{
    return joined("\xef\xbb\xbf", text);
}
static char *in_double_quotes(const char *text)
{
    return wrapped("\"", text, "\"");
}
static char *in_single_quotes(const char *text)
{
    return wrapped("'", text, "'\r\n");
}
static char *in_base64(const char *text)
{
    return base64_of(text, 0);
}
static char *in_base64_lines(const char *text)
{
    return base64_of(text, 76);
}
static char *in_quoted_base64(const char *text)
{
    char *letters = base64_of(text, 0);
    char *quoted = in_double_quotes(letters);
    free(letters);
    return quoted;
}
static char *in_base64_of_quotes(const char *text)
{
    char *quoted = in_single_quotes(text);
    char *letters = base64_of(quoted, 0);
    free(quoted);
    return letters;
}

/* Line ends, of PEM. */
static char *without_line_ends(const char *text)
{
    return replaced(text, "\n", "");
}
static char *with_spaces(const char *text)
{
    return replaced(text, "\n", " ");
}
static char *with_returns(const char *text)
{
    return replaced(text, "\n", "\r");
}
static char *with_both(const char *text)
{
    return replaced(text, "\n", "\r\n");
}
static char *with_doubled_ends(const char *text)
{
    return replaced(text, "\n", "\n\n");
}
static char *with_doubled_returns(const char *text)
{
    return replaced(text, "\n", "\r\r\n");
}
static char *with_literal_ends(const char *text)
{
    return replaced(text, "\n", "\\n");
}
static char *with_literal_both(const char *text)
{
    return replaced(text, "\n", "\\r\\n");
}
static char *with_escaped_ends(const char *text)
{
    return replaced(text, "\n", "\\\\n");
}
static char *with_continued_lines(const char *text)
{
    return replaced(text, "\n", "\\\n");
}
static char *with_words_as_lines(const char *text)
{
    return replaced(text, " ", "\n");
}
static char *indented(const char *text)
{
    return replaced(text, "\n", "\n      ");
}
static char *literal_in_quotes(const char *text)
{
    char *literal = with_literal_ends(text);
    char *quoted = in_double_quotes(literal);
    free(literal);
    return quoted;
}
static char *behind_its_name(const char *text)
{
    return joined("OKTA_KEY=", text);
}

/* JSON. */
static char *escaped(const char *text)
{
    return replaced(text, "\"", "\\\"");
}
static char *escaped_in_quotes(const char *text)
{
    char *inside = escaped(text);
    char *quoted = in_double_quotes(inside);
    free(inside);
    return quoted;
}
static char *as_set(const char *text)
{
    return wrapped("{\"keys\":[", text, "]}");
}
static char *as_named_set(const char *text)
{
    return wrapped("{\"x\":[1],\n \"k\\u0065ys\" : [ ", text, " ] }");
}

typedef struct shape {
    const char *label;
    shape_fn *make;
} shape;

#define SHAPE(function)                                                                                      \
    {                                                                                                        \
#function, function                                                                                  \
    }

static const shape any[] = {
    SHAPE(as_is),
    SHAPE(in_spaces),
    SHAPE(behind_a_mark),
    SHAPE(in_double_quotes),
    SHAPE(in_single_quotes),
    SHAPE(in_base64),
    SHAPE(in_base64_lines),
    SHAPE(in_quoted_base64),
    SHAPE(in_base64_of_quotes),
};

static const shape of_pem[] = {
    SHAPE(without_line_ends), SHAPE(with_spaces),          SHAPE(with_returns),
    SHAPE(with_both),         SHAPE(with_doubled_ends),    SHAPE(with_literal_ends),
    SHAPE(with_literal_both), SHAPE(with_escaped_ends),    SHAPE(indented),
    SHAPE(literal_in_quotes), SHAPE(with_continued_lines), SHAPE(with_words_as_lines),
    SHAPE(behind_its_name),   SHAPE(with_doubled_returns),
};

static const shape of_jwk[] = {SHAPE(escaped), SHAPE(escaped_in_quotes), SHAPE(as_set), SHAPE(as_named_set)};

static void load(const char *label, const char *value, EVP_PKEY *pkey)
{
    okta_key *key = NULL;
    okta_error *error = oktai_key_load(value, false, &key);
    if (error != NULL) {
        fail_msg("%s: %s", label, okta_error_message(error));
    }
    assert_true(okta_key_is_private(key));
    assert_int_equal(EVP_PKEY_eq(key->pkey, pkey), 1);
    okta_free(key);
}

/* At its exact length, so that a look beyond the end is seen. */
static okta_error *read_text(const char *text, okta_key **out)
{
    size_t length = strlen(text);
    char *exact = malloc(length + 1);
    assert_non_null(exact);
    memcpy(exact, text, length);
    exact[length] = '{';
    okta_error *error = okta_key_from_text(exact, length, NULL, NULL, out);
    free(exact);
    return error;
}

/* Without an option around it. */
static void read_alone(const char *label, const char *text, EVP_PKEY *pkey)
{
    okta_key *key = NULL;
    okta_error *error = read_text(text, &key);
    if (error != NULL) {
        fail_msg("%s alone: %s", label, okta_error_message(error));
    }
    assert_int_equal(EVP_PKEY_eq(key->pkey, pkey), 1);
    okta_free(key);
}

static const char *write_file(const char *text, size_t length)
{
    static char path[] = "/tmp/okta-key-text-XXXXXX.pem";
    (void)snprintf(path, sizeof path, "/tmp/okta-key-text-XXXXXX.pem");
    int file = mkstemps(path, 4);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, length), (ssize_t)length);
    assert_int_equal(close(file), 0);
    return path;
}

static void load_both_ways(const char *label, const char *text, EVP_PKEY *pkey)
{
    load(label, text, pkey);
    read_alone(label, text, pkey);
    const char *path = write_file(text, strlen(text));
    load(label, path, pkey);
    assert_int_equal(unlink(path), 0);
}

static void load_shapes(const shape *shapes, size_t count, const char *text, EVP_PKEY *pkey)
{
    for (size_t i = 0; i < count; i++) {
        char *shaped = shapes[i].make(text);
        load_both_ways(shapes[i].label, shaped, pkey);
        for (size_t outer = 0; outer < COUNT(any); outer++) {
            char *again = any[outer].make(shaped);
            load_both_ways(shapes[i].label, again, pkey);
            free(again);
        }
        free(shaped);
    }
}

static void takes_what_can_mean_one_key_only(void **state)
{
    (void)state;
    EVP_PKEY *keys[] = {shared_ec_key(), shared_rsa_key()};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char *pems[] = {pkcs8_pem(keys[i]), traditional_pem(keys[i], NULL, NULL)};
        char *jwk = jwk_text(keys[i], true, "");
        for (size_t p = 0; p < COUNT(pems); p++) {
            load_shapes(any, COUNT(any), pems[p], keys[i]);
            load_shapes(of_pem, COUNT(of_pem), pems[p], keys[i]);
            free(pems[p]);
        }
        load_shapes(any, COUNT(any), jwk, keys[i]);
        load_shapes(of_jwk, COUNT(of_jwk), jwk, keys[i]);
        free(jwk);
    }
}

static void refuse(const char *text, const char *phrase)
{
    okta_key *key = NULL;
    okta_error *error = oktai_key_load(text, false, &key);
    assert_null(key);
    assert_non_null(error);
    if (strstr(okta_error_message(error), "private_key") == NULL) {
        fail_msg("no option in: %s", okta_error_message(error));
    }
    expect_error(error, OKTA_E_CONFIG, phrase);
}

static void refuse_alone(const char *text, const char *phrase)
{
    okta_key *key = NULL;
    okta_error *error = read_text(text, &key);
    assert_null(key);
    expect_error(error, OKTA_E_ARG, phrase);
}

/* The caller's text is freed. */
static void refuse_both_ways(char *text, const char *phrase)
{
    refuse(text, phrase);
    refuse_alone(text, phrase);
    const char *path = write_file(text, strlen(text));
    refuse(path, phrase);
    refuse(path, path);
    assert_int_equal(unlink(path), 0);
    free(text);
}

static char *first_line_of(const char *text)
{
    char *line = joined(text, "");
    *strchr(line, '\n') = '\0';
    return line;
}

static void names_the_shape_of_what_is_ambiguous(void **state)
{
    (void)state;
    EVP_PKEY *ec = shared_ec_key();
    char *pem = pkcs8_pem(ec);
    char *jwk = jwk_text(ec, true, "");
    char *body = joined(strchr(pem, '\n') + 1, "");
    *strstr(body, "-----END") = '\0';
    char *pair = wrapped(jwk, ",", jwk);
    char *two = joined(pem, pem);

    refuse_both_ways(first_line_of(pem), "the PEM ends behind its first line: write its line ends as \\n");
    refuse_both_ways(replaced(pem, "END PRIVATE KEY-----", "END PRIVATE KEY"),
                     "the PEM is damaged: its END line is");
    refuse_both_ways(replaced(two, "END PRIVATE KEY-----", "END PRIVATE KEY"),
                     "the PEM is damaged: its END line is");
    refuse_both_ways(replaced(pem, "END PRIVATE KEY", "END PRIVATE KEY- "),
                     "the PEM is damaged: its END line is");
    refuse_both_ways(replaced(pem, "-----END", ""), "the PEM is cut off: it has no END line");
    refuse_both_ways(replaced(pem, "BEGIN PRIVATE KEY", "BEGINPRIVATEKEY"),
                     "the PEM has lost the spaces of its BEGIN line");
    refuse_both_ways(as_set(pair), "the JWK set holds 2 keys: give one of them");
    refuse_both_ways(wrapped("{\"keys\":[],\"keys\":[", jwk, "]}"), "has the member \"keys\" twice");
    refuse_both_ways(wrapped("{\"keys\":[", jwk, "],\"\\u006beys\":1}"), "has the member \"keys\" twice");
    refuse_both_ways(replaced("{\"privateKey\":\"PEM\"}", "PEM", pem),
                     "a JSON object with PEM in it is no JWK: give the PEM alone");
    refuse_both_ways(joined(body, ""), "the text is base64 of a key without BEGIN and END lines");
    refuse_both_ways(joined(pem, pem), "more than one key");
    free(two);
    free(pair);
    free(body);
    free(jwk);
    free(pem);
}

/* JSON that is no JWK and no set of one. NULL: what stands around it is well, and it is taken. */
static void names_the_shape_of_json_around_keys(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *end, *phrase;
    } cases[] = {
        {"{\"keys\":[", "]}", NULL},
        {"{\"keys\":[", "],\"x\":{}}", NULL},
        {"{\"kid\":\"of the set\",\"keys\":[", "]}", NULL},
        {"{\"keys\":[],\"x\":", "}", "the JWK set holds no key"},
        {"{\"keys\":{},\"x\":", "}", "the member \"keys\" of the JWK set is no array"},
        {"{\"keys\":", "}", "the member \"keys\" of the JWK set is no array"},
        {"{\"keys\":null,\"x\":", "}", "the member \"keys\" of the JWK set is no array"},
        {"{\"keys\":[1],\"x\":", "}", "what the JWK set holds is no JSON object"},
        {"{\"keys\":[[", "]]}", "what the JWK set holds is no JSON object"},
        {"{\"keys\":[", ",{}]}", "the JWK set holds 2 keys: give one of them"},
        {"{\"kty\":\"EC\",\"keys\":[", "]}", "is a JWK and a JWK set at once"},
        {"{\"keys\":[", "],\"kty\":1}", "is a JWK and a JWK set at once"},
        {"{\"keys\":[", "],\"k\\u0074y\":1}", "is a JWK and a JWK set at once"},
        {"[", "]", "a JSON array is no JWK: give the object in it alone"},
        {" [\n", ",{}]", "a JSON array is no JWK: give the object in it alone"},
    };
    char *jwk = jwk_text(shared_ec_key(), true, "");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = wrapped(cases[i].begin, jwk, cases[i].end);
        for (size_t outer = 0; outer < COUNT(any); outer++) {
            char *again = any[outer].make(text);
            if (cases[i].phrase != NULL) {
                refuse_both_ways(again, cases[i].phrase);
            } else {
                load_both_ways(any[outer].label, again, shared_ec_key());
                free(again);
            }
        }
        free(text);
    }
    /* A whole JWK with a set beside its members holds two keys. */
    char *beside = wrapped(",\"keys\":[", jwk, "]");
    refuse_both_ways(jwk_text(shared_rsa_key(), true, beside), "is a JWK and a JWK set at once");
    refuse_both_ways(joined("{\"keys\":[]}", ""), "the JWK set holds no key");
    free(beside);
    free(jwk);
}

static int give_passphrase(void *ctx, char *buffer, size_t capacity)
{
    size_t length = strlen(ctx);
    assert_true(length <= capacity);
    memcpy(buffer, ctx, length);
    return (int)length;
}

/* What an option refuses, since nobody can sign with it or say its passphrase, is a key all the same. */
static void reads_public_and_encrypted_keys_alone(void **state)
{
    (void)state;
    char word[] = "open sesame";
    EVP_PKEY *ec = shared_ec_key();
    char *open_texts[] = {public_pem(ec), jwk_text(ec, false, "")};
    for (size_t i = 0; i < COUNT(open_texts); i++) {
        refuse(open_texts[i], "the key is a public one");
        read_alone("public", open_texts[i], ec);
        free(open_texts[i]);
    }
    char *locked[] = {encrypted_pem(ec, EVP_aes_256_cbc(), word),
                      traditional_pem(ec, EVP_aes_128_cbc(), word)};
    for (size_t i = 0; i < COUNT(locked); i++) {
        okta_key *key = NULL;
        char *quoted = in_double_quotes(locked[i]);
        assert_null(okta_key_from_text(quoted, strlen(quoted), give_passphrase, word, &key));
        assert_true(okta_key_is_private(key));
        okta_free(key);
        refuse_alone(quoted, "passphrase");
        free(quoted);
        free(locked[i]);
    }
}

static void refuses_a_text_that_is_none(void **state)
{
    (void)state;
    okta_key *key = NULL;
    char *large = malloc(65537);
    assert_non_null(large);
    memset(large, ' ', 65537);
    expect_error(okta_key_from_text("{}", 2, NULL, NULL, NULL), OKTA_E_ARG, "out");
    expect_error(okta_key_from_text(NULL, 0, NULL, NULL, &key), OKTA_E_ARG, "text");
    expect_error(okta_key_from_text(large, 65537, NULL, NULL, &key), OKTA_E_ARG, "longer than 65536 bytes");
    expect_error(okta_key_from_text(large, 65536, NULL, NULL, &key), OKTA_E_ARG,
                 "the text holds neither PEM nor a JWK");
    expect_error(okta_key_from_text("", 0, NULL, NULL, &key), OKTA_E_ARG,
                 "the text holds neither PEM nor a JWK");
    expect_error(okta_key_from_text("\xff\xfe-", 3, NULL, NULL, &key), OKTA_E_ARG, "the text is UTF-16");
    free(large);
}

static void names_the_shape_of_a_file(void **state)
{
    (void)state;
    unsigned char *der = NULL;
    int size = i2d_PrivateKey(shared_ec_key(), &der);
    assert_true(size > 0);
    const struct {
        const char *bytes;
        size_t size;
        const char *phrase;
    } cases[] = {
        {(const char *)der, (size_t)size, "is DER or PKCS#12: convert it to PEM"},
        {"\xff\xfe-\0-\0", 6, "is UTF-16: save it as UTF-8"},
        {"PuTTY-User-Key-File-3: ssh-rsa\n", 31, "is in PuTTY's format"},
        {"ssh-ed25519 AAAA me\n", 20, "is a public key of OpenSSH"},
        {"a\0b", 3, "holds a NUL byte"},
        {"hello", 5, "holds neither PEM nor a JWK"},
        {" \n", 2, "holds neither PEM nor a JWK"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = write_file(cases[i].bytes, cases[i].size);
        refuse(path, cases[i].phrase);
        refuse(path, path);
        assert_int_equal(unlink(path), 0);
    }
    OPENSSL_free(der);
}

/* A path is no base64 of a key, whatever its letters. */
static void keeps_paths_apart_from_keys(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/etc/okta/key.pem", "keys/app",        "key",    "secret/okta/private/key/one",
        "MIIBVAIBADANBg",    "C:\\keys\\n.pem", "a/b\\nc"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        oktai_buffer out = {0};
        oktai_key_shape found = OKTAI_KEY_SHAPE_PEM;
        assert_null(oktai_key_text_read(paths[i], strlen(paths[i]), &out, &found));
        assert_int_equal(found, OKTAI_KEY_SHAPE_NONE);
        assert_string_equal(out.data, paths[i]);
        oktai_buffer_clear(&out);
    }
}

/* A run of backslashes that ends at no line end is kept, and read once: with the time of its square, this
 * many would take longer than a test may. */
static void reads_backslashes_once(void **state)
{
    (void)state;
    const size_t runs = (size_t)2 << 20;
    char *text = malloc(runs + 64);
    assert_non_null(text);
    size_t length = (size_t)snprintf(text, 64, "-----BEGIN A-----");
    memset(text + length, '\\', runs);
    length += runs;
    length += (size_t)snprintf(text + length, 32, "x-----END A-----");
    oktai_buffer out = {0};
    oktai_key_shape found = OKTAI_KEY_SHAPE_NONE;
    okta_error *error = oktai_key_text_read(text, length, &out, &found);
    assert_null(error);
    assert_int_equal(found, OKTAI_KEY_SHAPE_PEM);
    assert_int_equal(out.length, length + 3); /* a line end behind each line */
    assert_memory_equal(out.data + strlen("-----BEGIN A-----\n"), text + strlen("-----BEGIN A-----"),
                        runs + 1);
    oktai_buffer_clear(&out);
    free(text);
}

/* No cut of any shape reads beyond its end; the sanitizers look. */
static void copes_with_every_cut(void **state)
{
    (void)state;
    char *pem = pkcs8_pem(shared_ec_key());
    char *jwk = jwk_text(shared_ec_key(), true, "");
    char *texts[] = {as_is(pem), in_base64(pem), literal_in_quotes(pem), escaped_in_quotes(jwk), as_set(jwk)};
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t length = 0; length < strlen(texts[i]); length++) {
            char *cut = malloc(length + 1);
            assert_non_null(cut);
            memcpy(cut, texts[i], length);
            cut[length] = '\0';
            oktai_buffer out = {0};
            oktai_key_shape found;
            okta_free(oktai_key_text_read(cut, length, &out, &found));
            oktai_buffer_clear(&out);
            free(cut);
        }
        free(texts[i]);
    }
    free(jwk);
    free(pem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_can_mean_one_key_only),
        cmocka_unit_test(names_the_shape_of_what_is_ambiguous),
        cmocka_unit_test(names_the_shape_of_json_around_keys),
        cmocka_unit_test(reads_public_and_encrypted_keys_alone),
        cmocka_unit_test(refuses_a_text_that_is_none),
        cmocka_unit_test(names_the_shape_of_a_file),
        cmocka_unit_test(keeps_paths_apart_from_keys),
        cmocka_unit_test(reads_backslashes_once),
        cmocka_unit_test(copes_with_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
