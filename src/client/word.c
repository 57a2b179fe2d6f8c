/* SPDX-License-Identifier: Apache-2.0 */
#include "client/word.h"

#include <string.h>

#include "core/arena.h"
#include "core/utf8.h"
#include "json/reader.h"

/* Most bytes of a foreign text that are quoted. */
#define QUOTE_MAX 100u

/* How far into a page its title is looked for. */
#define TITLE_WITHIN 16384u

/* The members of an answer that tell who speaks. Escapes stay as they are. */
typedef struct own_words {
    okta_text error_code; /* Okta's */
    okta_text error;      /* of OAuth, or of a gateway */
    okta_text message;    /* of a gateway */
} own_words;

static const char *part_of(oktai_response *response, const char *header, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = header; (at = strstr(at, name)) != NULL; at += length) {
        bool starts = at == header || at[-1] == ' ' || at[-1] == ',';
        if (starts && at[length] == '=' && at[length + 1] == '"') {
            const char *value = at + length + 2;
            size_t value_length = strcspn(value, "\"");
            char *copy = oktai_arena_copy(&response->headers.arena, value, value_length);
            if (copy != NULL) {
                oktai_utf8_flatten(copy, value_length);
            }
            return copy;
        }
    }
    return NULL;
}

const char *oktai_word_challenge(oktai_response *response, oktai_redactor *redactor, const char *name)
{
    const char *header;
    size_t position = 0;
    while ((header = oktai_headers_next_value(&response->headers, "WWW-Authenticate", &position)) != NULL) {
        /* A quote in a secret would end the part within it, so that its first half was not found any more. */
        const char *shown = redactor == NULL ? header : oktai_redactor_hide(redactor, header);
        const char *part = shown == NULL ? NULL : part_of(response, shown, name);
        if (part != NULL) {
            return part;
        }
    }
    return NULL;
}

static bool is_named(const okta_text *name, const char *text)
{
    return name->length == strlen(text) && memcmp(name->text, text, name->length) == 0;
}

static okta_text *place_of(own_words *words, const okta_text *name)
{
    if (is_named(name, "errorCode")) {
        return &words->error_code;
    }
    if (is_named(name, "error")) {
        return &words->error;
    }
    return is_named(name, "message") ? &words->message : NULL;
}

/* Without any allocation: what an answer is must not depend on memory. Empty unless the body is one JSON
 * object to its last byte. */
static own_words read_words(const oktai_response *response)
{
    own_words words = {0};
    const own_words none = {0};
    oktai_reader reader;
    okta_text name;
    if (response->body.length == 0) {
        return none;
    }
    oktai_reader_init(&reader, response->body.data, response->body.length);
    if (oktai_reader_peek(&reader) != OKTAI_JSON_OBJECT || !oktai_reader_enter(&reader)) {
        return none;
    }
    for (bool first = true; oktai_reader_member(&reader, first, NULL, &name); first = false) {
        okta_text *place = place_of(&words, &name);
        if (place != NULL && oktai_reader_peek(&reader) == OKTAI_JSON_STRING) {
            (void)oktai_reader_text(&reader, NULL, place);
        } else {
            okta_text ignored;
            (void)oktai_reader_skip(&reader, &ignored);
        }
    }
    return oktai_reader_finish(&reader) ? words : none;
}

/* One word, as all of RFC 6749, section 5.2, are; the `error` of a gateway is a sentence for people. */
static bool is_oauth_code(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || text[i] == '_';
        if (!letter && !(i > 0 && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.' || text[i] == '-'))) {
            return false;
        }
    }
    return length > 0;
}

/* Gateways say in the words of OAuth, too, that they know no such path. A delete would count as done by them:
 * that something is not there takes an `errorCode`. */
static bool is_own(const oktai_response *response, const own_words *words, const char *challenge)
{
    if (words->error_code.length > 0) {
        return true;
    }
    return oktai_status_of_http(response->http_status) != OKTA_E_NOT_FOUND &&
           (challenge != NULL || is_oauth_code(words->error.text, words->error.length));
}

bool oktai_word_is_own(oktai_response *response)
{
    const own_words words = read_words(response);
    return is_own(response, &words, oktai_word_challenge(response, NULL, "error"));
}

/* What a refusal of the credential or of the proof is called, and what it comes to whatever its HTTP status
 * is (RFC 6750, section 3.1; RFC 9449, sections 7.1, 8 and 9). */
static const struct {
    const char *code;
    okta_status status;
    bool in_body; /* also in a document without a challenge: it can be about nothing else */
} credential_codes[] = {
    {"invalid_token", OKTA_E_AUTH, false},
    {"use_dpop_nonce", OKTA_E_AUTH, true},
    {"invalid_dpop_proof", OKTA_E_AUTH, true},
    {"insufficient_scope", OKTA_E_FORBIDDEN, false},
};

static okta_status credential_status(const char *challenge, const okta_text *error)
{
    for (size_t i = 0; i < sizeof credential_codes / sizeof credential_codes[0]; i++) {
        const char *code = credential_codes[i].code;
        if ((challenge != NULL && strcmp(challenge, code) == 0) ||
            (credential_codes[i].in_body && is_named(error, code))) {
            return credential_codes[i].status;
        }
    }
    return OKTA_OK;
}

/* Most letters of a code that is shown. */
#define CODE_MAX 40u

/* A code of Okta's, such as E0000011, or one of OAuth. */
static bool take_code(const char *text, size_t length, oktai_attempt *attempt)
{
    bool good = length > 0 && length <= CODE_MAX;
    for (size_t i = 0; good && i < length; i++) {
        char c = text[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    attempt->code = good ? text : NULL;
    attempt->code_length = good ? length : 0;
    return good;
}

/* What a refusal of Okta's is called: by a challenge, which is about the credential, else by the body. */
static void name_refusal(const own_words *words, const char *challenge, oktai_attempt *attempt)
{
    if (challenge != NULL && take_code(challenge, strlen(challenge), attempt)) {
        return;
    }
    if (!take_code(words->error_code.text, words->error_code.length, attempt)) {
        (void)take_code(words->error.text, words->error.length, attempt);
    }
}

void oktai_word_judge(oktai_response *response, oktai_attempt *attempt)
{
    int http_status = attempt->http_status;
    if (attempt->failure != OKTA_OK || http_status < 400 || http_status > 499) {
        return;
    }
    const own_words words = read_words(response);
    const char *challenge = oktai_word_challenge(response, NULL, "error");
    if (is_own(response, &words, challenge)) {
        name_refusal(&words, challenge, attempt);
    }
    attempt->foreign = !is_own(response, &words, challenge);
    if (http_status == 400 || http_status == 403) {
        attempt->refused = credential_status(challenge, &words.error);
    }
}

bool oktai_word_asks_for_nonce(oktai_response *response)
{
    const own_words words = read_words(response);
    const char *challenge = oktai_word_challenge(response, NULL, "error");
    return (challenge != NULL && strcmp(challenge, "use_dpop_nonce") == 0) ||
           is_named(&words.error, "use_dpop_nonce");
}

bool oktai_word_is_type(const oktai_response *response, const char *prefix)
{
    const char *type = oktai_headers_get(&response->headers, "Content-Type", 0);
    return type != NULL && strlen(type) >= strlen(prefix) && oktai_http_equals(type, strlen(prefix), prefix);
}

/* Without regard to the case of letters. */
static bool begins_with(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && oktai_http_equals(text, strlen(word), word);
}

bool oktai_word_is_page(const oktai_response *response)
{
    const char *text = response->body.data;
    size_t length = response->body.length;
    if (length == 0) {
        return false;
    }
    size_t skip = 0;
    while (skip < length && strchr(" \t\r\n\xef\xbb\xbf", text[skip]) != NULL && text[skip] != '\0') {
        skip++;
    }
    return oktai_word_is_type(response, "text/html") ||
           oktai_word_is_type(response, "application/xhtml+xml") ||
           begins_with(text + skip, length - skip, "<!doctype html") ||
           begins_with(text + skip, length - skip, "<html");
}

/* What stands in quotes is one line of at most QUOTE_MAX bytes without markup. Secrets are hidden before it
 * is cut. */
static void add_quoted(oktai_buffer *out, oktai_redactor *redactor, const char *begin, size_t length)
{
    size_t added = 0;
    bool gap = false;
    const char *copy = oktai_arena_copy(&redactor->arena, begin, length);
    const char *text = copy == NULL ? NULL : oktai_redactor_hide(redactor, copy);
    if (text == NULL) {
        out->failed = true;
        return;
    }
    oktai_buffer_add_char(out, '"');
    for (size_t i = 0; text[i] != '\0' && added < QUOTE_MAX; i++) {
        char c = text[i] == '"' ? '\'' : text[i];
        if ((c >= 0 && c <= ' ') || c == 0x7f || c == '<' || c == '>') {
            gap = added > 0;
            continue;
        }
        if (gap) {
            oktai_buffer_add_char(out, ' ');
        }
        oktai_buffer_add_char(out, c);
        added += 1 + gap;
        gap = false;
    }
    oktai_buffer_add_text(out, added < QUOTE_MAX ? "\"" : "...\"");
}

/* The text between <title> and the next tag. */
static okta_text find_title(const char *page)
{
    const okta_text none = {0};
    const char *end = page + strnlen(page, TITLE_WITHIN);
    const char *at = page;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        if (begins_with(at, (size_t)(end - at), "<title")) {
            const char *text = memchr(at, '>', (size_t)(end - at));
            const char *stop = text == NULL ? NULL : memchr(text, '<', (size_t)(end - text));
            return stop == NULL ? none : (okta_text){text + 1, (size_t)(stop - text - 1)};
        }
        at++;
    }
    return none;
}

static void describe_page(oktai_buffer *out, const oktai_response *response, oktai_redactor *redactor)
{
    /* A tag that a secret holds would cut it. */
    const char *page = response->body.length == 0 ? "" : oktai_redactor_hide(redactor, response->body.data);
    if (page == NULL) {
        out->failed = true;
        return;
    }
    const okta_text title = find_title(page);
    oktai_buffer_add_text(out, "an HTML page");
    if (title.length > 0) {
        oktai_buffer_add_text(out, " titled ");
        add_quoted(out, redactor, title.text, title.length);
    }
    oktai_buffer_add_text(out, ", not from Okta");
}

/* Without user and password, and without a query: these may hold what nobody should read. */
static void describe_redirect(oktai_buffer *out, const char *location, oktai_redactor *redactor)
{
    /* A query mark or an @ in a secret would cut it. */
    const char *target = oktai_redactor_hide(redactor, location);
    if (target == NULL) {
        out->failed = true;
        return;
    }
    const char *slashes = strstr(target, "//");
    const char *authority = slashes == NULL ? target : slashes + 2;
    size_t authority_length = strcspn(authority, "/?#");
    for (size_t i = authority_length; i > 0; i--) {
        if (authority[i - 1] == '@') {
            target = authority + i;
            break;
        }
    }
    oktai_buffer_add_text(out, "a redirect to ");
    add_quoted(out, redactor, target, strcspn(target, "?#"));
    oktai_buffer_add_text(out, ", which is not followed");
}

void oktai_word_describe(oktai_buffer *out, const oktai_response *response, oktai_redactor *redactor)
{
    int http_status = response->http_status;
    const char *target = oktai_headers_get(&response->headers, "Location", 0);
    if (http_status >= 300 && http_status <= 399 && target != NULL) {
        describe_redirect(out, target, redactor);
        return;
    }
    if (oktai_word_is_page(response)) {
        describe_page(out, response, redactor);
        return;
    }
    const own_words words = read_words(response);
    const okta_text *said = words.message.length > 0 ? &words.message : &words.error;
    if (said->length > 0) {
        add_quoted(out, redactor, said->text, said->length);
        oktai_buffer_add_text(out, ", not from Okta");
    } else if (oktai_retry_needs_word(http_status)) {
        oktai_buffer_add_text(out, "an answer without Okta's error document");
    }
}
