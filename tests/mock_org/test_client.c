/* SPDX-License-Identifier: Apache-2.0 */
#include "test_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FORMAT_BUFFERS     16
#define FORMAT_BUFFER_SIZE 4096

int test_start(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    test_restart(f, (mock_org_options){0});
    f->curl = curl_easy_init();
    assert_non_null(f->curl);
    *state = f;
    return 0;
}

static void clear_answer(fixture *f)
{
    cJSON_Delete(f->json);
    free(f->received.bytes);
    free(f->body.bytes);
    f->json = NULL;
    f->received = f->body = (test_text){0};
}

int test_stop(void **state)
{
    fixture *f = *state;
    clear_answer(f);
    curl_easy_cleanup(f->curl);
    mock_org_stop(f->org);
    free(f);
    return 0;
}

void test_restart(fixture *f, mock_org_options options)
{
    mock_org_stop(f->org);
    if (options.now_s == 0) {
        options.now_s = TEST_NOW;
    }
    f->org = mock_org_start(&options);
    assert_non_null(f->org);
    f->token = options.token != NULL ? options.token : "mock-token";
}

const char *test_url(const fixture *f)
{
    return f->url != NULL ? f->url : mock_org_url(f->org);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    test_text *text = context;
    size_t length = size * count;
    char *grown = realloc(text->bytes, text->length + length + 1);
    if (grown == NULL) {
        return 0;
    }
    memcpy(grown + text->length, bytes, length);
    text->bytes = grown;
    text->length += length;
    text->bytes[text->length] = '\0';
    return length;
}

static struct curl_slist *add_line(struct curl_slist *lines, const char *line)
{
    struct curl_slist *grown = curl_slist_append(lines, line);
    assert_non_null(grown);
    return grown;
}

/* Sets the handle up for a call; the header lines, for curl_slist_free_all(), must outlive it. */
static struct curl_slist *prepare(fixture *f, const char *method, const char *target, const char *body,
                                  size_t body_length)
{
    clear_answer(f);
    assert_int_equal(receive("", 0, 0, &f->received), 0);
    assert_int_equal(receive("", 0, 0, &f->body), 0);
    struct curl_slist *lines = add_line(NULL, "Expect:");
    lines = add_line(lines, test_format("Content-Type: %s",
                                        f->content_type != NULL ? f->content_type : "application/json"));
    if (f->token != NULL) {
        lines = add_line(lines, test_format("Authorization: SSWS %s", f->token));
    }
    for (size_t i = 0; f->headers != NULL && f->headers[i] != NULL; i++) {
        lines = add_line(lines, f->headers[i]);
    }
    CURL *curl = f->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, test_format("%s%s", test_url(f), target));
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, f->keep_connection ? 0L : 1L);
    if (body != NULL || strcmp(method, "POST") == 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body_length);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body != NULL ? body : "");
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &f->received);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &f->body);
    return lines;
}

void test_try(fixture *f, const char *method, const char *target, const char *body, size_t body_length)
{
    struct curl_slist *lines = prepare(f, method, target, body, body_length);
    f->code = curl_easy_perform(f->curl);
    f->status = 0;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &f->status);
    curl_slist_free_all(lines);
    f->json = cJSON_ParseWithOpts(f->body.bytes, NULL, true);
}

void test_abandon(fixture *f, const char *method, const char *target)
{
    struct curl_slist *lines = prepare(f, method, target, NULL, 0);
    size_t before = mock_org_request_count(f->org);
    CURLM *multi = curl_multi_init();
    assert_non_null(multi);
    assert_int_equal(curl_multi_add_handle(multi, f->curl), CURLM_OK);
    int running = 1;
    while (mock_org_request_count(f->org) == before) {
        assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
        assert_int_equal(running, 1);
        assert_int_equal(curl_multi_poll(multi, NULL, 0, 10, NULL), CURLM_OK);
    }
    assert_int_equal(curl_multi_remove_handle(multi, f->curl), CURLM_OK);
    assert_int_equal(curl_multi_cleanup(multi), CURLM_OK);
    curl_slist_free_all(lines);
    assert_int_equal(f->received.length, 0);
}

void test_call(fixture *f, const char *method, const char *target, const char *body)
{
    test_try(f, method, target, body, body != NULL ? strlen(body) : 0);
    assert_int_equal(f->code, CURLE_OK);
    assert_true(f->body.length == 0 || f->json != NULL);
}

void test_expect(fixture *f, const char *method, const char *target, const char *body, long status)
{
    test_call(f, method, target, body);
    if (f->status != status) {
        print_error("%s %s: %s\n", method, target, f->body.bytes);
    }
    assert_int_equal(f->status, status);
}

void test_refused(fixture *f, const char *method, const char *target, const char *body, long status,
                  const char *code, const char *cause)
{
    test_expect(f, method, target, body, status);
    test_members(f->json, "errorCode,errorSummary,errorLink,errorId,errorCauses");
    assert_string_equal(test_string(f->json, "errorCode"), code);
    assert_string_equal(test_string(f->json, "errorLink"), code);
    assert_true(strlen(test_string(f->json, "errorSummary")) > 0);
    assert_int_equal(strncmp(test_string(f->json, "errorId"), "oae", 3), 0);
    const cJSON *causes = cJSON_GetObjectItemCaseSensitive(f->json, "errorCauses");
    assert_int_equal(cJSON_GetArraySize(causes), cause != NULL ? 1 : 0);
    if (cause != NULL) {
        test_members(cJSON_GetArrayItem(causes, 0), "errorSummary");
        assert_string_equal(test_string(cJSON_GetArrayItem(causes, 0), "errorSummary"), cause);
    }
}

char *test_header(const fixture *f, const char *name, size_t i)
{
    size_t name_length = strlen(name);
    for (const char *line = f->received.bytes; *line != '\0';) {
        size_t length = strcspn(line, "\r\n");
        if (length > name_length && line[name_length] == ':' && strncasecmp(line, name, name_length) == 0 &&
            i-- == 0) {
            size_t skip = name_length + 1 + strspn(line + name_length + 1, " ");
            char *value = strndup(line + skip, length - skip);
            assert_non_null(value);
            return value;
        }
        line += length + strspn(line + length, "\r\n");
    }
    return NULL;
}

void test_header_is(const fixture *f, const char *name, const char *value)
{
    char *first = test_header(f, name, 0);
    char *second = test_header(f, name, 1);
    if (value == NULL) {
        assert_null(first);
    } else {
        assert_non_null(first);
        assert_string_equal(first, value);
    }
    assert_null(second);
    free(first);
}

const char *test_string(const cJSON *json, const char *member)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, member));
    if (text == NULL) {
        print_error("no string %s\n", member);
    }
    assert_non_null(text);
    return text;
}

void test_members(const cJSON *object, const char *names)
{
    assert_true(cJSON_IsObject(object));
    char found[256];
    size_t length = 0;
    found[0] = '\0';
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        int added =
            snprintf(found + length, sizeof found - length, "%s%s", length > 0 ? "," : "", member->string);
        assert_true(added > 0 && length + (size_t)added < sizeof found);
        length += (size_t)added;
    }
    assert_string_equal(found, names);
}

const char *test_format(const char *format, ...)
{
    static char buffers[FORMAT_BUFFERS][FORMAT_BUFFER_SIZE];
    static size_t next;
    char *buffer = buffers[next++ % FORMAT_BUFFERS];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, FORMAT_BUFFER_SIZE, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && length < FORMAT_BUFFER_SIZE);
    return buffer;
}

const char *test_modulus(size_t bits, size_t zero_octets)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t octets = zero_octets + (bits + 7) / 8;
    char text[1024];
    size_t length = (octets * 8 + 5) / 6;
    assert_true(length < sizeof text);
    memset(text, 'A', length);
    text[length] = '\0';
    size_t top = zero_octets * 8 + (8 - bits % 8) % 8;
    text[top / 6] = alphabet[32U >> (top % 6)];
    return test_format("%s", text);
}

const char *test_rsa_key(const char *kid, const char *more)
{
    return test_format("{\"kid\":\"%s\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s\"%s}", kid,
                       test_modulus(2048, 0), more);
}

const char *test_added(fixture *f, const char *collection_path, const char *body)
{
    test_expect(f, "POST", collection_path, body, 201);
    return test_format("%s", test_string(f->json, "id"));
}
