/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that somebody bent. Each is well made but for one thing, and is refused for that thing. */
#include "unit/jose_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"

/* What is done to a part of a good token. */
typedef enum change {
    KEEP,
    SET,     /* the text in place of the part */
    APPEND,  /* the text behind it */
    PREPEND, /* the text before it */
    CUT,     /* the last bytes are gone, as many as the text is long */
    FLIP,    /* the first bit of its bytes is another one */
    FLIP_LAST,
    ZEROS,  /* as many bytes, all zero */
    BYTES,  /* bytes that are the text */
    ADD,    /* a part behind the last */
    DROP,   /* the part is gone, and its dot */
    REPEAT, /* the text, many times, in base64url */
} change;

typedef struct hostile {
    const char *name;
    const char *header;
    size_t part;
    change change;
    const char *text;
    okta_status status;
    const char *phrase;
} hostile;

enum { HEADER, PAYLOAD, SIGNATURE };                 /* of a JWS */
enum { ENCRYPTED_KEY = 1, IV, CIPHERTEXT, JWE_TAG }; /* of a JWE */

#define PROTOCOL OKTA_E_PROTOCOL
#define AUTH     OKTA_E_AUTH
#define MISSING  OKTA_E_NOT_FOUND

#define RS256  "{\"alg\":\"RS256\"}"
#define ES256  "{\"alg\":\"ES256\"}"
#define HEAD   "{\"alg\":\"RS256\","
#define REFUSE "\" is refused as alg of a JWS: there are RS256, RS384, RS512, PS256, PS384, PS512, ES256"

/* The signature is a good one of the header and the payload by the RSA key, whatever they say. */
static const hostile signatures[] = {
    {"no signature", "{\"alg\":\"none\"}", SIGNATURE, SET, "", PROTOCOL, "\"none" REFUSE},
    {"none, signed", "{\"alg\":\"none\"}", 0, KEEP, NULL, PROTOCOL, "\"none" REFUSE},
    {"None", "{\"alg\":\"None\"}", 0, KEEP, NULL, PROTOCOL, "\"None" REFUSE},
    {"nOnE", "{\"alg\":\"nOnE\"}", SIGNATURE, SET, "", PROTOCOL, "\"nOnE" REFUSE},
    {"none with a space", "{\"alg\":\"none \"}", 0, KEEP, NULL, PROTOCOL, "\"none?" REFUSE},
    {"no alg", "{}", 0, KEEP, NULL, PROTOCOL, "the token has no alg of a JWS"},
    {"empty alg", "{\"alg\":\"\"}", 0, KEEP, NULL, PROTOCOL, "\"" REFUSE},
    {"null alg", "{\"alg\":null}", 0, KEEP, NULL, PROTOCOL, "\"alg\" of the token is no string"},
    {"alg in a list", "{\"alg\":[\"RS256\"]}", 0, KEEP, NULL, PROTOCOL, "\"alg\" of the token is no string"},
    {"alg as a number", "{\"alg\":256}", 0, KEEP, NULL, PROTOCOL, "\"alg\" of the token is no string"},
    {"alg in small letters", "{\"alg\":\"rs256\"}", 0, KEEP, NULL, PROTOCOL, "\"rs256" REFUSE},
    {"HS256", "{\"alg\":\"HS256\"}", 0, KEEP, NULL, PROTOCOL, "\"HS256" REFUSE},
    {"HS384", "{\"alg\":\"HS384\"}", 0, KEEP, NULL, PROTOCOL, "\"HS384" REFUSE},
    {"HS512", "{\"alg\":\"HS512\"}", 0, KEEP, NULL, PROTOCOL, "\"HS512" REFUSE},
    {"EdDSA", "{\"alg\":\"EdDSA\"}", 0, KEEP, NULL, PROTOCOL, "\"EdDSA" REFUSE},
    {"ES256K", "{\"alg\":\"ES256K\"}", 0, KEEP, NULL, PROTOCOL, "\"ES256K" REFUSE},
    {"RS1", "{\"alg\":\"RS1\"}", 0, KEEP, NULL, PROTOCOL, "\"RS1" REFUSE},
    {"alg of a JWE", "{\"alg\":\"RSA-OAEP\"}", 0, KEEP, NULL, PROTOCOL, "\"RSA-OAEP" REFUSE},
    {"alg with a line end", "{\"alg\":\"RS256\\nX\"}", 0, KEEP, NULL, PROTOCOL, "\"RS256?X" REFUSE},
    {"alg with a quote", "{\"alg\":\"a\\\"b\"}", 0, KEEP, NULL, PROTOCOL, "\"a?b" REFUSE},
    {"alg without an end", "{\"alg\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", 0, KEEP, NULL,
     PROTOCOL, "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" REFUSE},
    {"alg with a NUL", "{\"alg\":\"RS256\\u0000\"}", 0, KEEP, NULL, PROTOCOL, "header is no strict JSON"},
    {"another RSA alg", "{\"alg\":\"RS384\"}", 0, KEEP, NULL, AUTH, "is not that of the key"},
    {"PSS for PKCS #1", "{\"alg\":\"PS256\"}", 0, KEEP, NULL, AUTH, "is not that of the key"},
    {"ECDSA for RSA", "{\"alg\":\"ES256\"}", 0, KEEP, NULL, AUTH, "is not as long as r and s"},
    {"alg twice", "{\"alg\":\"RS256\",\"alg\":\"RS256\"}", 0, KEEP, NULL, PROTOCOL, "has a member twice"},
    {"alg twice, escaped", "{\"alg\":\"RS256\",\"\\u0061lg\":\"none\"}", 0, KEEP, NULL, PROTOCOL,
     "has a member twice"},
    {"unknown twice", HEAD "\"x\":1,\"x\":1}", 0, KEEP, NULL, PROTOCOL, "has a member twice"},
    {"kid twice", HEAD "\"kid\":\"a\",\"kid\":\"b\"}", 0, KEEP, NULL, PROTOCOL, "has a member twice"},
    {"kid as a number", HEAD "\"kid\":1}", 0, KEEP, NULL, PROTOCOL, "\"kid\" of the token is no string"},
    {"typ as a list", HEAD "\"typ\":[]}", 0, KEEP, NULL, PROTOCOL, "\"typ\" of the token is no string"},
    {"cty as an object", HEAD "\"cty\":{}}", 0, KEEP, NULL, PROTOCOL, "\"cty\" of the token is no string"},
    {"crit of what is there", HEAD "\"crit\":[\"exp\"],\"exp\":1}", 0, KEEP, NULL, PROTOCOL, "has \"crit\""},
    {"crit of b64", HEAD "\"crit\":[\"b64\"],\"b64\":false}", 0, KEEP, NULL, PROTOCOL, "has \"crit\""},
    {"empty crit", HEAD "\"crit\":[]}", 0, KEEP, NULL, PROTOCOL, "has \"crit\""},
    {"null crit", HEAD "\"crit\":null}", 0, KEEP, NULL, PROTOCOL, "has \"crit\""},
    {"another kid", HEAD "\"kid\":\"other\"}", 0, KEEP, NULL, MISSING, "their kid differs"},
    {"empty kid", HEAD "\"kid\":\"\"}", 0, KEEP, NULL, MISSING, "their kid differs"},
    {"header no JSON", "alg", 0, KEEP, NULL, PROTOCOL, "the protected header is no JSON object"},
    {"header a list", "[]", 0, KEEP, NULL, PROTOCOL, "the protected header is no JSON object"},
    {"header a string", "\"RS256\"", 0, KEEP, NULL, PROTOCOL, "the protected header is no JSON object"},
    {"header with a BOM", "\xEF\xBB\xBF" RS256, 0, KEEP, NULL, PROTOCOL, "is no JSON object"},
    {"text behind the header", RS256 "x", 0, KEEP, NULL, PROTOCOL, "the protected header is no strict JSON"},
    {"comma at the end", "{\"alg\":\"RS256\",}", 0, KEEP, NULL, PROTOCOL, "is no strict JSON"},
    {"single quotes", "{'alg':'RS256'}", 0, KEEP, NULL, PROTOCOL, "is no strict JSON"},
    {"comment", "{/**/\"alg\":\"RS256\"}", 0, KEEP, NULL, PROTOCOL, "is no strict JSON"},
    {"header not UTF-8", HEAD "\"x\":\"\xff\"}", 0, KEEP, NULL, PROTOCOL, "is no strict JSON"},
    {"half a surrogate", HEAD "\"x\":\"\\ud800\"}", 0, KEEP, NULL, PROTOCOL, "is no strict JSON"},
    {"header cut off", "{\"alg\":\"RS256\"", 0, KEEP, NULL, PROTOCOL, "is no strict JSON"},
    {"empty header", RS256, HEADER, SET, "", PROTOCOL, "the protected header is no JSON object"},
    {"header with padding", RS256, HEADER, APPEND, "=", PROTOCOL, "header is not base64url"},
    {"header with white space", RS256, HEADER, APPEND, "\n", PROTOCOL, "header is not base64url"},
    {"header behind a space", RS256, HEADER, PREPEND, " ", PROTOCOL, "header is not base64url"},
    {"header too long", RS256, HEADER, REPEAT, "aaaaaaaaaaaaaaaa", PROTOCOL,
     "the protected header is longer than 16384 bytes"},
    {"payload with padding", RS256, PAYLOAD, APPEND, "=", PROTOCOL, "the payload is not base64url"},
    {"payload with white space", RS256, PAYLOAD, APPEND, " ", PROTOCOL, "the payload is not base64url"},
    {"payload of the other alphabet", RS256, PAYLOAD, SET, "ab+/", PROTOCOL, "the payload is not base64url"},
    {"payload with stray bits", RS256, PAYLOAD, SET, "eR", PROTOCOL, "the payload is not base64url"},
    {"payload of five letters", RS256, PAYLOAD, SET, "eeeee", PROTOCOL, "the payload is not base64url"},
    {"another payload", RS256, PAYLOAD, SET, "eA", AUTH, "is not that of the key"},
    {"no payload", RS256, PAYLOAD, SET, "", AUTH, "is not that of the key"},
    {"payload too long", RS256, PAYLOAD, REPEAT, "0123456789abcdef0123456789abcdef", PROTOCOL,
     "longer than 1048576 bytes"},
    {"no signature text", RS256, SIGNATURE, SET, "", AUTH, "shorter than those of an RSA key of 2048 bits"},
    {"signature cut", RS256, SIGNATURE, CUT, "4", AUTH, "shorter than those of an RSA key of 2048 bits"},
    {"signature too long", RS256, SIGNATURE, APPEND, "AAAA", AUTH, "is not that of the key"},
    {"signature of zeros", RS256, SIGNATURE, ZEROS, NULL, AUTH, "is 0"},
    {"signature flipped", RS256, SIGNATURE, FLIP, NULL, AUTH, "is not that of the key"},
    {"signature flipped at its end", RS256, SIGNATURE, FLIP_LAST, NULL, AUTH, "is not that of the key"},
    {"signature with padding", RS256, SIGNATURE, APPEND, "==", PROTOCOL, "the signature is not base64url"},
    {"signature with a line end", RS256, SIGNATURE, APPEND, "\n", PROTOCOL, "the signature is not base64url"},
    {"signature without an end", RS256, SIGNATURE, REPEAT, "abcd", AUTH, "longer than that of any key"},
    {"one part", RS256, PAYLOAD, DROP, NULL, PROTOCOL, "has 2 parts; a JWS has 3"},
    {"four parts", RS256, 3, ADD, "", PROTOCOL, "has 4 parts; a JWS has 3"},
    {"a JWE", RS256, 3, ADD, "AA.AA", PROTOCOL,
     "has 5 parts; a JWS has 3: this may be a JWE, to be decrypted"},
};

static char *changed_text(const char *old, const hostile *row)
{
    const char *text = row->text == NULL ? "" : row->text;
    size_t old_length = strlen(old), length = strlen(text);
    const size_t size = old_length + length + 2000000;
    unsigned char *bytes = calloc(1, size);
    char *out = malloc(size);
    size_t count = 0;
    assert_true(bytes != NULL && out != NULL);
    assert_true(oktai_base64url_decode(old, old_length, bytes, &count));
    switch (row->change) {
    case SET:
        snprintf(out, size, "%s", text);
        break;
    case APPEND:
        snprintf(out, size, "%s%s", old, text);
        break;
    case PREPEND:
        snprintf(out, size, "%s%s", text, old);
        break;
    case CUT:
        assert_true(count >= length);
        oktai_base64url_encode(bytes, count - length, out);
        break;
    case FLIP:
    case FLIP_LAST:
        assert_true(count > 0);
        bytes[row->change == FLIP ? 0 : count - 1] ^= 1;
        oktai_base64url_encode(bytes, count, out);
        break;
    case ZEROS:
        memset(bytes, 'A', old_length);
        snprintf(out, size, "%s", (const char *)bytes);
        break;
    case BYTES:
        oktai_base64url_encode((const unsigned char *)text, length, out);
        break;
    case REPEAT:
        for (size_t i = 0; i < length * 36000; i++) {
            out[i] = text[i % length];
            out[i + 1] = '\0';
        }
        break;
    case KEEP:
    case ADD:
    case DROP:
        snprintf(out, size, "%s", old);
        break;
    }
    free(bytes);
    return out;
}

/* Takes the parts of a good token. */
static char *bend(token_parts parts, const hostile *row)
{
    char **part = &parts.part[row->part];
    if (row->change == DROP) {
        free(*part);
        for (size_t i = row->part; i + 1 < PARTS_MAX; i++) {
            parts.part[i] = parts.part[i + 1];
        }
    } else if (row->change == ADD) {
        *part = strdup(row->text);
    } else {
        char *changed = changed_text(*part, row);
        free(*part);
        *part = changed;
    }
    return joined_parts(parts);
}

static void refuses_signed_tokens_that_are_bent(void **state)
{
    okta_key *key = key_of(shared_rsa_key(), false, ",\"kid\":\"mine\"");
    char *json = jwk_text(shared_rsa_key(), false, ",\"kid\":\"mine\"");
    char jwks[1024];
    (void)state;
    snprintf(jwks, sizeof jwks, "{\"keys\":[%s]}", json);
    for (size_t i = 0; i < COUNT(signatures); i++) {
        const hostile *row = &signatures[i];
        char *token = bend(signed_parts(shared_rsa_key(), "RS256", row->header, "payload", 7), row);
        print_message("%s\n", row->name);
        expect_not_verified(token, key, row->status, row->phrase);
        expect_not_verified_by_set(token, jwks, row->status, row->status == MISSING ? "no key" : row->phrase);
        free(token);
    }
    free(json);
    okta_free(key);
}

/* r and s of 0, of the order of the curve and beyond, in DER, and short or long. The second half of each is a
 * good s, or 1. */
static void refuses_ecdsa_that_is_bent(void **state)
{
#define ORDER                                                                                                \
    "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"                                       \
    "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51"
#define ZERO "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ONE  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
#define MOST                                                                                                 \
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"                                       \
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define ROW(bytes, phrase)                                                                                   \
    {                                                                                                        \
        (bytes), sizeof(bytes) - 1, (phrase)                                                                 \
    }
    static const struct {
        const char *bytes;
        size_t size;
        const char *phrase;
    } rows[] = {
        ROW(ZERO ZERO, "r or s that is 0"),          ROW(ZERO ONE, "r or s that is 0"),
        ROW(ONE ZERO, "r or s that is 0"),           ROW(ORDER ONE, "not below the order"),
        ROW(ONE ORDER, "not below the order"),       ROW(ORDER ORDER, "not below the order"),
        ROW(MOST MOST, "not below the order"),       ROW(ONE ONE, "not that of the key"),
        ROW("", "not as long as r and s"),           ROW(ONE, "not as long as r and s"),
        ROW(ONE ONE "\0", "not as long as r and s"), ROW("\x30\x06\x02\x01\x01\x02\x01\x01", "not as long"),
    };
    okta_key *key = key_of(shared_ec_key(), false, "");
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        token_parts parts = signed_parts(shared_ec_key(), "ES256", ES256, "payload", 7);
        free(parts.part[SIGNATURE]);
        parts.part[SIGNATURE] = encoded(rows[i].bytes, rows[i].size);
        char *token = joined_parts(parts);
        expect_not_verified(token, key, AUTH, rows[i].phrase);
        free(token);
    }
    okta_free(key);
}

/* RFC 7518, section 3.5: the salt is as long as the hash. */
static void refuses_salts_of_another_length(void **state)
{
    static const int salts[] = {0, 20, 31, 33, 64};
    okta_key *key = key_of(shared_rsa_key(), false, "");
    (void)state;
    for (size_t i = 0; i < COUNT(salts); i++) {
        char *bad = joined_parts(salted_parts(shared_rsa_key(), salts[i], "{\"alg\":\"PS256\"}", "payload"));
        expect_not_verified(bad, key, AUTH, "is not that of the key");
        free(bad);
    }
    char *token = joined_parts(salted_parts(shared_rsa_key(), 32, "{\"alg\":\"PS256\"}", "payload"));
    expect_verified(token, key, "payload");
    free(token);
    okta_free(key);
}

/* The public key is known to everybody. As the secret of HMAC it must prove nothing. */
static void takes_no_public_key_for_a_secret(void **state)
{
    char *pem = public_pem(shared_rsa_key());
    char *json = jwk_text(shared_rsa_key(), false, "");
    okta_key *key = key_of(shared_rsa_key(), false, "");
    const char *const secrets[] = {pem, json, ""};
    char jwks[2048];
    (void)state;
    for (size_t i = 0; i < COUNT(secrets); i++) {
        char *token = joined_parts(hmac_parts(secrets[i], "{\"alg\":\"HS256\"}", "payload"));
        expect_not_verified(token, key, PROTOCOL, "\"HS256" REFUSE);
        snprintf(jwks, sizeof jwks, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"alg\":\"HS256\"},%s]}",
                 json);
        expect_not_verified_by_set(token, jwks, PROTOCOL, "\"HS256" REFUSE);
        free(token);
        token = joined_parts(hmac_parts(secrets[i], RS256, "payload"));
        expect_not_verified(token, key, AUTH, "shorter than");
        free(token);
    }
    okta_free(key);
    free(json);
    free(pem);
}

/* A token brings the key along that signed it: by value, by URL and as a certificate. */
static void takes_no_key_from_a_token(void **state)
{
    EVP_PKEY *attacker = make_rsa_key(2048);
    char *own = jwk_text(attacker, false, ",\"kid\":\"mine\"");
    char *json = jwk_text(shared_rsa_key(), false, ",\"kid\":\"mine\"");
    okta_key *key = key_of(shared_rsa_key(), false, ",\"kid\":\"mine\"");
    char header[2048], jwks[2048];
    (void)state;
    snprintf(jwks, sizeof jwks, "{\"keys\":[%s]}", json);
    snprintf(header, sizeof header,
             "{\"alg\":\"RS256\",\"kid\":\"mine\",\"jwk\":%s,\"jku\":\"http://127.0.0.1:1/\","
             "\"x5u\":\"http://127.0.0.1:1/\",\"x5c\":[\"MIIB\"]}",
             own);
    char *token = signed_token(attacker, "RS256", header, "payload");
    expect_not_verified(token, key, AUTH, "is not that of the key");
    expect_not_verified_by_set(token, jwks, AUTH, "is not that of the key");
    free(token);
    token = signed_token(shared_rsa_key(), "RS256", header, "payload");
    expect_verified(token, key, "payload");
    free(token);
    okta_free(key);
    free(json);
    free(own);
    EVP_PKEY_free(attacker);
}

#define GCM            "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}"
#define CBC            "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128CBC-HS256\"}"
#define OAEP           "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\","
#define KINDS          "\" is refused as alg of a JWE: there are RSA-OAEP, RSA-OAEP-256, RSA-OAEP-384 and RSA-OAEP-512"
#define ENCS           "\" is refused as enc of a JWE: there are A128GCM, A192GCM, A256GCM, A128CBC-HS256"
#define CLOSED         "cannot be decrypted: it was encrypted for another key, or changed on its way"
#define WITH(alg, enc) "{\"alg\":\"" alg "\",\"enc\":\"" enc "\"}"

/* The token is a good one of the header, whatever that says, by RSA-OAEP. A header with CBC in it is of
 * A128CBC-HS256, others of A128GCM. */
static const hostile encrypted[] = {
    {"RSA1_5", WITH("RSA1_5", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"RSA1_5" KINDS},
    {"dir", WITH("dir", "A128GCM"), ENCRYPTED_KEY, SET, "", PROTOCOL, "\"dir" KINDS},
    {"A128KW", WITH("A128KW", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"A128KW" KINDS},
    {"A256GCMKW", WITH("A256GCMKW", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"A256GCMKW" KINDS},
    {"ECDH-ES", WITH("ECDH-ES", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"ECDH-ES" KINDS},
    {"ECDH-ES+A128KW", WITH("ECDH-ES+A128KW", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"ECDH-ES+A128KW" KINDS},
    {"PBES2", "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\",\"p2c\":2147483647,\"p2s\":\"AA\"}", 0,
     KEEP, NULL, PROTOCOL, "\"PBES2-HS256+A128KW" KINDS},
    {"none", WITH("none", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"none" KINDS},
    {"alg of a JWS", WITH("RS256", "A128GCM"), 0, KEEP, NULL, PROTOCOL, "\"RS256" KINDS},
    {"no alg", "{\"enc\":\"A128GCM\"}", 0, KEEP, NULL, PROTOCOL, "has no alg of a JWE"},
    {"no enc", "{\"alg\":\"RSA-OAEP\"}", 0, KEEP, NULL, PROTOCOL, "has no enc of a JWE"},
    {"enc as a number", "{\"alg\":\"RSA-OAEP\",\"enc\":1}", 0, KEEP, NULL, PROTOCOL,
     "\"enc\" of the token is no string"},
    {"another hash", WITH("RSA-OAEP-256", "A128GCM"), 0, KEEP, NULL, AUTH, CLOSED},
    {"A128CBC alone", WITH("RSA-OAEP", "A128CBC"), 0, KEEP, NULL, PROTOCOL, "\"A128CBC" ENCS},
    {"none for enc", WITH("RSA-OAEP", "none"), 0, KEEP, NULL, PROTOCOL, "\"none" ENCS},
    {"a longer key of GCM", WITH("RSA-OAEP", "A256GCM"), 0, KEEP, NULL, AUTH, CLOSED},
    {"zip", OAEP "\"zip\":\"DEF\"}", 0, KEEP, NULL, PROTOCOL, "has \"zip\": compressed content is refused"},
    {"null zip", OAEP "\"zip\":null}", 0, KEEP, NULL, PROTOCOL, "has \"zip\""},
    {"crit", OAEP "\"crit\":[\"exp\"],\"exp\":1}", 0, KEEP, NULL, PROTOCOL, "has \"crit\""},
    {"enc twice", OAEP "\"enc\":\"A128GCM\"}", 0, KEEP, NULL, PROTOCOL, "has a member twice"},
    {"another kid", OAEP "\"kid\":\"other\"}", 0, KEEP, NULL, MISSING, "their kid differs"},
    {"header with padding", GCM, HEADER, APPEND, "=", PROTOCOL, "header is not base64url"},
    {"another header", GCM, HEADER, BYTES, OAEP "\"x\":1}", AUTH, CLOSED},
    {"key with padding", GCM, ENCRYPTED_KEY, APPEND, "=", PROTOCOL, "the encrypted key is not base64url"},
    {"no key", GCM, ENCRYPTED_KEY, SET, "", MISSING, "has 0 bytes; one for this key has 256"},
    {"key cut", GCM, ENCRYPTED_KEY, CUT, "4", MISSING, "has 255 bytes; one for this key has 256"},
    {"key flipped", GCM, ENCRYPTED_KEY, FLIP_LAST, NULL, AUTH, CLOSED},
    {"key of zeros", GCM, ENCRYPTED_KEY, ZEROS, NULL, AUTH, CLOSED},
    {"no IV", GCM, IV, SET, "", PROTOCOL, "vector has 0 bytes; A128GCM has 12"},
    {"IV of 11 bytes", GCM, IV, BYTES, "01234567890", PROTOCOL, "vector has 11 bytes; A128GCM has 12"},
    {"IV of 16 bytes", GCM, IV, BYTES, "0123456789abcdef", PROTOCOL, "vector has 16 bytes; A128GCM has 12"},
    {"another IV", GCM, IV, BYTES, "0123456789ab", AUTH, CLOSED},
    {"IV of 12 bytes for CBC", CBC, IV, BYTES, "0123456789ab", PROTOCOL,
     "vector has 12 bytes; A128CBC-HS256 has 16"},
    {"another IV for CBC", CBC, IV, BYTES, "0123456789abcdef", AUTH, CLOSED},
    {"IV with white space", GCM, IV, APPEND, " ", PROTOCOL, "the initialization vector is not base64url"},
    {"no ciphertext", GCM, CIPHERTEXT, SET, "", AUTH, CLOSED},
    {"ciphertext cut", GCM, CIPHERTEXT, CUT, "444", AUTH, CLOSED},
    {"ciphertext flipped", GCM, CIPHERTEXT, FLIP, NULL, AUTH, CLOSED},
    {"ciphertext with stray bits", GCM, CIPHERTEXT, SET, "eR", PROTOCOL, "the ciphertext is not base64url"},
    {"no ciphertext of CBC", CBC, CIPHERTEXT, SET, "", PROTOCOL,
     "has 0 bytes; A128CBC-HS256 has blocks of 16"},
    {"half a block of CBC", CBC, CIPHERTEXT, BYTES, "01234567", PROTOCOL,
     "has 8 bytes; A128CBC-HS256 has blocks"},
    {"ciphertext of CBC flipped", CBC, CIPHERTEXT, FLIP, NULL, AUTH, CLOSED},
    {"end of CBC flipped", CBC, CIPHERTEXT, FLIP_LAST, NULL, AUTH, CLOSED},
    {"no tag", GCM, JWE_TAG, SET, "", PROTOCOL, "tag has 0 bytes; A128GCM has 16"},
    {"tag of one byte", GCM, JWE_TAG, BYTES, "0", PROTOCOL, "tag has 1 bytes; A128GCM has 16"},
    {"tag of 15 bytes", GCM, JWE_TAG, BYTES, "0123456789abcde", PROTOCOL, "tag has 15 bytes; A128GCM has 16"},
    {"tag of 17 bytes", GCM, JWE_TAG, BYTES, "0123456789abcdefg", PROTOCOL,
     "tag has 17 bytes; A128GCM has 16"},
    {"tag flipped", GCM, JWE_TAG, FLIP, NULL, AUTH, CLOSED},
    {"tag flipped at its end", GCM, JWE_TAG, FLIP_LAST, NULL, AUTH, CLOSED},
    {"tag of zeros", GCM, JWE_TAG, ZEROS, NULL, AUTH, CLOSED},
    {"tag of CBC flipped", CBC, JWE_TAG, FLIP, NULL, AUTH, CLOSED},
    {"tag of CBC flipped at its end", CBC, JWE_TAG, FLIP_LAST, NULL, AUTH, CLOSED},
    {"whole HMAC", CBC, JWE_TAG, BYTES, "0123456789abcdef0123456789abcdef", PROTOCOL,
     "tag has 32 bytes; A128CBC-HS256 has 16"},
    {"tag with padding", GCM, JWE_TAG, APPEND, "==", PROTOCOL, "the authentication tag is not base64url"},
    {"four parts", GCM, JWE_TAG, DROP, NULL, PROTOCOL, "has 4 parts; a JWE has 5"},
    {"six parts", GCM, 5, ADD, "AA", PROTOCOL, "has 6 parts; a JWE has 5"},
    {"ciphertext without an end", GCM, CIPHERTEXT, REPEAT, "0123456789abcdef0123456789abcdef", PROTOCOL,
     "longer than 1048576 bytes"},
};

static void refuses_encrypted_tokens_that_are_bent(void **state)
{
    okta_key *key = key_of(shared_rsa_key(), true, ",\"kid\":\"mine\"");
    (void)state;
    for (size_t i = 0; i < COUNT(encrypted); i++) {
        const hostile *row = &encrypted[i];
        const seal_how how = {.enc = strstr(row->header, "CBC-HS") != NULL ? "A128CBC-HS256" : NULL};
        char *token = bend(sealed_parts(shared_rsa_key(), row->header, "a plaintext", 11, &how), row);
        print_message("%s\n", row->name);
        expect_not_decrypted(token, key, row->status, row->phrase);
        free(token);
    }
    okta_free(key);
}

/* Whoever may ask for any number of tokens to be decrypted learns nothing from the answers. */
static void tells_nothing_of_why_a_token_stays_closed(void **state)
{
    static const struct {
        const char *header;
        seal_how how;
        bool by_other;
    } rows[] = {
        {GCM, {0}, true},
        {CBC, {.enc = "A128CBC-HS256"}, true},
        {GCM, {.hash = ""}, false},            /* PKCS #1 v1.5 under the name of OAEP */
        {GCM, {.hash = "SHA256"}, false},      /* the label has another hash */
        {GCM, {.mgf1_hash = "SHA256"}, false}, /* the mask has */
        {GCM, {.cek_size = 1}, false},         /* content keys of another size */
        {GCM, {.cek_size = 15}, false},
        {GCM, {.cek_size = 17}, false},
        {GCM, {.cek_size = 32}, false},
        {CBC, {.enc = "A128CBC-HS256", .cek_size = 16}, false},
        {CBC, {.enc = "A128CBC-HS256", .cek_size = 64}, false},
        {CBC, {.enc = "A128CBC-HS256", .bad_padding = 1}, false}, /* the tag is good, the padding is not */
        {CBC, {.enc = "A128CBC-HS256", .bad_padding = 2}, false},
        {CBC, {.enc = "A128CBC-HS256", .bad_padding = 3}, false},
    };
    EVP_PKEY *other = make_rsa_key(2048);
    okta_key *key = key_of(shared_rsa_key(), true, "");
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        okta_jose *out = NULL;
        char *token = sealed_token(rows[i].by_other ? other : shared_rsa_key(), rows[i].header, "a plaintext",
                                   &rows[i].how);
        okta_error *error = decrypt_text(token, key, NULL, &out);
        assert_int_equal(okta_error_status(error), AUTH);
        assert_string_equal(okta_error_message(error), "the token " CLOSED);
        okta_free(error);
        free(token);
    }
    okta_free(key);
    EVP_PKEY_free(other);
}

/* Each bit of the short parts, and some of the long ones. */
static void notices_each_bit(void **state)
{
    okta_key *key = key_of(shared_ec_key(), false, "");
    char *good = signed_token(shared_ec_key(), "ES256", ES256, "payload");
    size_t length = strlen(good);
    (void)state;
    for (size_t i = 0; i < length; i++) {
        char *token = strdup(good);
        okta_jose *out = NULL;
        token[i] = token[i] == 'A' ? 'Q' : 'A';
        okta_error *error = verify_text(token, key, NULL, &out);
        assert_true(okta_error_status(error) == PROTOCOL || okta_error_status(error) == AUTH);
        okta_free(error);
        token[i] = '\0'; /* cut there */
        error = verify_text(token, key, NULL, &out);
        assert_true(okta_error_status(error) == PROTOCOL || okta_error_status(error) == AUTH);
        okta_free(error);
        free(token);
    }
    expect_verified(good, key, "payload");
    free(good);
    okta_free(key);
}

/* The text of a token, byte by byte: NUL, letters beyond ASCII, and nothing at all. */
static void refuses_what_is_no_token(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *phrase;
    } rows[] = {
        {"", 0, "has 1 parts"},
        {".", 1, "has 2 parts"},
        {"..", 2, "the protected header is no JSON object"},
        {"....", 4, "has 5 parts"},
        {"{\"payload\":\"\",\"signatures\":[]}", 30, "is in the JSON serialization"},
        {"{}.{}.{}", 8, "the protected header is not base64url"},
        {"eyJh\0.e.e", 9, "the protected header is not base64url"},
        {"\xff.e.e", 5, "the protected header is not base64url"},
        {"a b.e.e", 7, "the protected header is not base64url"},
    };
    okta_key *key = key_of(shared_rsa_key(), true, "");
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        okta_jose *out = NULL;
        expect_error(okta_jws_verify(rows[i].text, rows[i].length, key, NULL, &out), PROTOCOL,
                     rows[i].phrase);
        assert_null(out);
    }
    okta_jose *out = NULL;
    expect_error(okta_jwe_decrypt("....", 4, key, NULL, &out), PROTOCOL, "header is no JSON object");
    expect_error(okta_jwe_decrypt("..", 2, key, NULL, &out), PROTOCOL, "this may be a JWS, to be verified");
    okta_free(key);
}

/* A header of very many members, and one that nests deeply. */
static void refuses_headers_without_an_end(void **state)
{
    const size_t size = 16384;
    okta_key *key = key_of(shared_rsa_key(), false, "");
    char *header = malloc(size);
    (void)state;
    assert_non_null(header);
    for (int count = 254; count <= 256; count++) {
        size_t at = (size_t)snprintf(header, size, "{\"alg\":\"RS256\"");
        for (int i = 0; i < count; i++) {
            at += (size_t)snprintf(header + at, size - at, ",\"m%d\":%d", i, i);
        }
        snprintf(header + at, size - at, "}");
        char *token = signed_token(shared_rsa_key(), "RS256", header, "payload");
        if (count < 256) {
            expect_verified(token, key, "payload");
        } else {
            expect_not_verified(token, key, PROTOCOL, "has more than 256 members");
        }
        free(token);
    }
    size_t at = (size_t)snprintf(header, size, "{\"alg\":\"RS256\",\"x\":");
    memset(header + at, '[', 5000);
    header[at + 5000] = '\0';
    char *token = signed_token(shared_rsa_key(), "RS256", header, "payload");
    expect_not_verified(token, key, PROTOCOL, "nested deeper than 64 levels");
    free(token);
    free(header);
    okta_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_signed_tokens_that_are_bent),
        cmocka_unit_test(refuses_ecdsa_that_is_bent),
        cmocka_unit_test(refuses_salts_of_another_length),
        cmocka_unit_test(takes_no_public_key_for_a_secret),
        cmocka_unit_test(takes_no_key_from_a_token),
        cmocka_unit_test(refuses_encrypted_tokens_that_are_bent),
        cmocka_unit_test(tells_nothing_of_why_a_token_stays_closed),
        cmocka_unit_test(notices_each_bit),
        cmocka_unit_test(refuses_what_is_no_token),
        cmocka_unit_test(refuses_headers_without_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
