/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_echo.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every header line and the body, each behind a line end. */
static char *whole_request(const mock_record *record)
{
    size_t size = record->body_length + strlen(record->target) + 3;
    for (size_t i = 0; i < record->header_count; i++) {
        size += strlen(record->headers[i]) + 1;
    }
    char *text = calloc(1, size);
    size_t at = text == NULL ? 0 : (size_t)snprintf(text, size, "%s\n", record->target);
    for (size_t i = 0; text != NULL && i <= record->header_count; i++) {
        const char *piece = i < record->header_count ? record->headers[i] : record->body;
        at += (size_t)snprintf(text + at, size - at, "%s\n", piece == NULL ? "" : piece);
    }
    return text;
}

static char *escape_all(const char *text, const char *format, size_t width)
{
    char *out = malloc(strlen(text) * width + 1);
    for (size_t i = 0; out != NULL && i <= strlen(text); i++) {
        if (text[i] == '\0') {
            out[i * width] = '\0';
        } else {
            (void)snprintf(out + i * width, width + 1, format, (unsigned char)text[i]);
        }
    }
    return out;
}

static char *transform(const char *text, mock_echo how)
{
    if (how == MOCK_ECHO_PERCENT) {
        return escape_all(text, "%%%02x", 3);
    }
    if (how == MOCK_ECHO_JSON) {
        return escape_all(text, "\\u%04X", 6);
    }
    if (how == MOCK_ECHO_BASE64URL) {
        return mock_base64url_encode((const unsigned char *)text, strlen(text));
    }
    if (how == MOCK_ECHO_BASE64) {
        char *out = malloc(strlen(text) / 3 * 4 + 5);
        if (out != NULL) {
            (void)EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)text, (int)strlen(text));
        }
        return out;
    }
    return mock_copy(text);
}

static cJSON *document(const char *text)
{
    static const char *const members[] = {"errorCode", "errorSummary", "errorLink", "errorId"};
    cJSON *error = cJSON_CreateObject();
    bool made = error != NULL;
    for (size_t i = 0; made && i < sizeof members / sizeof members[0]; i++) {
        made = cJSON_AddStringToObject(error, members[i], text) != NULL;
    }
    cJSON *causes = made ? cJSON_AddArrayToObject(error, "errorCauses") : NULL;
    for (size_t i = 0; causes != NULL && i < 2; i++) {
        cJSON *cause = cJSON_CreateObject();
        if (cJSON_AddStringToObject(cause, "errorSummary", text) == NULL ||
            !cJSON_AddItemToArray(causes, cause)) {
            cJSON_Delete(cause);
            causes = NULL;
        }
    }
    if (causes == NULL) {
        cJSON_Delete(error);
        error = NULL;
    }
    return error;
}

void mock_echo_answer(mock_answer *answer, const mock_record *record, mock_echo how, unsigned status)
{
    char *request = whole_request(record);
    char *text = request == NULL ? NULL : transform(request, how);
    const char *line = mock_request_header(&record->view, "Authorization");
    const char *credential = line == NULL ? NULL : strrchr(line, ' ');
    char *id = credential == NULL ? NULL : transform(credential + 1, how);
    mock_answer_json(answer, status, text == NULL ? NULL : document(text));
    if (id != NULL) {
        mock_answer_drop_header(answer, "X-Okta-Request-Id:");
        mock_answer_header(answer, "X-Okta-Request-Id: %s", id);
    }
    free(id);
    free(text);
    free(request);
}
