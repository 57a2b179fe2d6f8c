/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte is 0: the rest is any text. Else it chooses PEM or JWK of a known key, and each further byte
 * does to it what secret stores, environment files and templates do: the key has to come out again. */
#include <cjson/cJSON.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "keys/key_text.h"

/* Made for this test and used nowhere else. */
static const char known_pem[] = "-----BEGIN PRIVATE KEY-----\n"
                                "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF8azy0pmXeVwBg5n\n"
                                "wEawOLmSwAkxjDEgL/h8qnX6ZUWhRANCAAQxi8KFjhjBfr24SYhoNwtYVeslsM7b\n"
                                "8YV0cgLmXXFDFLFoJrrEtuITPLAUudEq9YJ+rwb9HvjLPBm3BlJwlHUE\n"
                                "-----END PRIVATE KEY-----\n";
static const char known_jwk[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a b\","
                                "\"x\":\"MYvChY4YwX69uEmIaDcLWFXrJbDO2_GFdHIC5l1xQxQ\","
                                "\"y\":\"sWgmusS24hM8sBS50Sr1gn6vBv0e-Ms8GbcGUnCUdQQ\","
                                "\"d\":\"F8azy0pmXeVwBg5nwEawOLmSwAkxjDEgL_h8qnX6ZUU\"}";

/* Quotes and base64 together; white space counts for nothing. */
#define WRAPPINGS_MAX 3u

/* The lines of a PEM text without what OpenSSL 3.0 does not take: white space around them, and empty ones. */
static void tidy(const oktai_buffer *text, oktai_buffer *out)
{
    const char *end = text->data + text->length;
    for (const char *line = text->data; line < end;) {
        const char *next = line + strcspn(line, "\r\n");
        const char *last = next;
        line += strspn(line, " \t");
        while (last > line && strchr(" \t", last[-1]) != NULL) {
            last--;
        }
        if (last > line) {
            oktai_buffer_append(out, line, (size_t)(last - line));
            oktai_buffer_add_char(out, '\n');
        }
        line = next + 1;
    }
    FUZZ_CHECK(!out->failed);
}

/* What OpenSSL reads from a PEM text; NULL: no private key. */
static EVP_PKEY *read_pem(const char *text, size_t length)
{
    BIO *bio = BIO_new_mem_buf(text, (int)length);
    FUZZ_CHECK(bio != NULL);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "");
    BIO_free(bio);
    ERR_clear_error();
    return pkey;
}

static EVP_PKEY *read_tidied(const oktai_buffer *text)
{
    oktai_buffer tidied = {0};
    tidy(text, &tidied);
    EVP_PKEY *pkey = read_pem(tidied.data, tidied.length);
    oktai_buffer_clear(&tidied);
    return pkey;
}

static void replace(oktai_buffer *text, const char *what, const char *with)
{
    oktai_buffer out = {0};
    for (size_t i = 0; i < text->length;) {
        size_t size = strlen(what);
        bool is_what = i + size <= text->length && memcmp(text->data + i, what, size) == 0;
        oktai_buffer_append(&out, is_what ? with : text->data + i, is_what ? strlen(with) : 1);
        i += is_what ? size : 1;
    }
    FUZZ_CHECK(!out.failed);
    oktai_buffer_clear(text);
    *text = out;
}

static void surround(oktai_buffer *text, const char *before, const char *behind)
{
    oktai_buffer out = {0};
    oktai_buffer_add_text(&out, before);
    oktai_buffer_append(&out, text->data, text->length);
    FUZZ_CHECK(oktai_buffer_add_text(&out, behind));
    oktai_buffer_clear(text);
    *text = out;
}

/* In lines of `width` letters; 0: in one line. */
static void to_base64(oktai_buffer *text, size_t width)
{
    unsigned char *letters = malloc(text->length / 3 * 4 + 8);
    oktai_buffer out = {0};
    FUZZ_CHECK(letters != NULL);
    int length = EVP_EncodeBlock(letters, (const unsigned char *)text->data, (int)text->length);
    for (size_t i = 0; i < (size_t)length; i++) {
        if (width != 0 && i > 0 && i % width == 0) {
            oktai_buffer_add_char(&out, '\n');
        }
        oktai_buffer_add_char(&out, (char)letters[i]);
    }
    FUZZ_CHECK(!out.failed);
    free(letters);
    oktai_buffer_clear(text);
    *text = out;
}

static void bend_pem(oktai_buffer *text, uint8_t how)
{
    static const char *const ends[] = {"\n",  "",       " ",     "\r",   "\r\n",    "\n\n",
                                       "\\n", "\\r\\n", "\\\\n", "\\\n", "\n     ", "\r\r\n"};
    replace(text, "\n", ends[how % COUNT(ends)]);
}

static void bend_jwk(oktai_buffer *text, uint8_t how)
{
    if ((how & 1) != 0) {
        surround(text, (how & 2) != 0 ? "{\"keys\":[" : "{\"x\":[1],\n \"k\\u0065ys\" : [ ", " ]}");
    }
    /* A text that is escaped has no escapes of its own here. */
    if ((how & 4) != 0 && ((how & 1) == 0 || (how & 2) != 0)) {
        replace(text, "\"", "\\\"");
    }
}

static void wrap(oktai_buffer *text, uint8_t how, unsigned *wrappings)
{
    static const char *const blanks[] = {" ",      "\n",           "\r\n",           "\t",
                                         " \n\n ", "\xef\xbb\xbf", "\n\xef\xbb\xbf "};
    bool wraps = how % 4 != 0;
    if (wraps && *wrappings == WRAPPINGS_MAX) {
        return;
    }
    *wrappings += wraps;
    switch (how % 4) {
    case 0:
        surround(text, blanks[how / 4 % COUNT(blanks)], blanks[how / 32 % 5]);
        break;
    case 1:
        surround(text, "\"", "\"");
        break;
    case 2:
        surround(text, "'", "'");
        break;
    default:
        to_base64(text, how / 4);
        break;
    }
}

static bool is_same_json(const oktai_buffer *text, const char *expected)
{
    cJSON *actual = cJSON_ParseWithLength(text->data, text->length);
    cJSON *known = cJSON_Parse(expected);
    bool same = actual != NULL && known != NULL && cJSON_Compare(actual, known, true);
    cJSON_Delete(actual);
    cJSON_Delete(known);
    return same;
}

static void check_known(fuzz_input *input, bool pem)
{
    oktai_buffer text = {0};
    oktai_buffer out = {0};
    oktai_key_shape shape = OKTAI_KEY_SHAPE_NONE;
    unsigned wrappings = 0;
    FUZZ_CHECK(oktai_buffer_add_text(&text, pem ? known_pem : known_jwk));
    if (pem) {
        bend_pem(&text, fuzz_byte(input));
    } else {
        bend_jwk(&text, fuzz_byte(input));
    }
    for (unsigned i = 0; i < 8 && fuzz_more(input); i++) {
        wrap(&text, fuzz_byte(input), &wrappings);
    }
    char *exact = fuzz_exact((fuzz_text){text.data, text.length});
    fuzz_expect_success(oktai_key_text_read(exact, text.length, &out, &shape));
    if (pem) {
        EVP_PKEY *pkey = read_tidied(&out);
        EVP_PKEY *known = read_pem(known_pem, strlen(known_pem));
        FUZZ_CHECK(shape == OKTAI_KEY_SHAPE_PEM && pkey != NULL && EVP_PKEY_eq(pkey, known) == 1);
        EVP_PKEY_free(pkey);
        EVP_PKEY_free(known);
    } else {
        FUZZ_CHECK(shape == OKTAI_KEY_SHAPE_JWK && is_same_json(&out, known_jwk));
    }
    free(exact);
    oktai_buffer_clear(&out);
    oktai_buffer_clear(&text);
}

static bool holds(const oktai_buffer *text, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= text->length; i++) {
        if (memcmp(text->data + i, part, length) == 0) {
            return true;
        }
    }
    return false;
}

/* What came out is read as it is: a second pass finds nothing to do. */
static void check_stable(const oktai_buffer *first, oktai_key_shape shape)
{
    oktai_buffer second = {0};
    oktai_key_shape again = OKTAI_KEY_SHAPE_NONE;
    fuzz_expect_success(oktai_key_text_read(first->data, first->length, &second, &again));
    FUZZ_CHECK(again == shape);
    FUZZ_CHECK(second.length == first->length && memcmp(second.data, first->data, first->length) == 0);
    oktai_buffer_clear(&second);
}

static void check_any(fuzz_input *input)
{
    fuzz_text text = fuzz_rest(input);
    char *exact = fuzz_exact(text);
    oktai_buffer out = {0};
    oktai_key_shape shape = OKTAI_KEY_SHAPE_NONE;
    okta_status status =
        fuzz_take(oktai_key_text_read(exact == NULL ? "" : exact, text.length, &out, &shape));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_CONFIG);
    FUZZ_CHECK(oktai_key_text_other(exact == NULL ? "" : exact, text.length)[0] != '\0');
    if (status == OKTA_OK && shape == OKTAI_KEY_SHAPE_PEM) {
        FUZZ_CHECK(holds(&out, "-----BEGIN ") && holds(&out, "\n-----END ") && !holds(&out, "\\n"));
        EVP_PKEY *before = read_pem(text.text, text.length);
        EVP_PKEY *behind = read_tidied(&out);
        FUZZ_CHECK(before == NULL || (behind != NULL && EVP_PKEY_eq(before, behind) == 1));
        EVP_PKEY_free(before);
        EVP_PKEY_free(behind);
        if (!holds(&out, "\\")) {
            check_stable(&out, shape);
        }
    } else if (status == OKTA_OK && shape == OKTAI_KEY_SHAPE_NONE) {
        FUZZ_CHECK(out.length <= text.length && !holds(&out, "-----BEGIN"));
    }
    oktai_buffer_clear(&out);
    free(exact);
    free(text.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    uint8_t how = fuzz_byte(&input);
    if (how == 0) {
        check_any(&input);
    } else {
        check_known(&input, how % 2 == 0);
    }
    return 0;
}
