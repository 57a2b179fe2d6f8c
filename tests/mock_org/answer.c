/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void mock_answer_clear(mock_answer *answer)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        free(answer->headers[i]);
    }
    free(answer->headers);
    free(answer->body);
    *answer = (mock_answer){0};
}

void mock_answer_header(mock_answer *answer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *line = length >= 0 ? malloc((size_t)length + 1) : NULL;
    char **grown = line != NULL ? realloc(answer->headers, (answer->header_count + 1) * sizeof *grown) : NULL;
    if (grown == NULL) {
        free(line);
        answer->broken = true;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(line, (size_t)length + 1, format, arguments);
    va_end(arguments);
    answer->headers = grown;
    answer->headers[answer->header_count++] = line;
}

size_t mock_header_name_length(const char *line)
{
    size_t length = strcspn(line, ":");
    return line[length] == ':' ? length : 0;
}

const char *mock_header_value(const char *line)
{
    const char *value = strchr(line, ':');
    value = value != NULL ? value + 1 : "";
    return value + strspn(value, " \t");
}

bool mock_answer_has_header(const mock_answer *answer, const char *line)
{
    size_t name_length = mock_header_name_length(line);
    for (size_t i = 0; i < answer->header_count; i++) {
        const char *own = answer->headers[i];
        if (mock_header_name_length(own) == name_length && strncasecmp(own, line, name_length) == 0) {
            return true;
        }
    }
    return false;
}

void mock_answer_drop_header(mock_answer *answer, const char *line)
{
    size_t name_length = mock_header_name_length(line);
    size_t kept = 0;
    for (size_t i = 0; i < answer->header_count; i++) {
        char *own = answer->headers[i];
        if (mock_header_name_length(own) == name_length && strncasecmp(own, line, name_length) == 0) {
            free(own);
        } else {
            answer->headers[kept++] = own;
        }
    }
    answer->header_count = kept;
}

void mock_answer_body(mock_answer *answer, const char *body)
{
    free(answer->body);
    answer->body = mock_copy(body);
    answer->body_length = strlen(body);
    answer->broken = answer->broken || answer->body == NULL;
}

void mock_answer_json(mock_answer *answer, unsigned status, cJSON *json)
{
    char *text = json != NULL ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    answer->status = status;
    if (text == NULL) {
        answer->broken = true;
        return;
    }
    free(answer->body);
    answer->body = text;
    answer->body_length = strlen(text);
}

/* What a request had may be no UTF-8, or was cut inside a character: then it is shown in ASCII. */
static cJSON *show_text(const char *text)
{
    char *shown = mock_copy(text);
    for (char *at = shown; shown != NULL && !mock_is_utf8(text) && *at != '\0'; at++) {
        *at = (unsigned char)*at < 0x80 ? *at : '?';
    }
    cJSON *string = shown != NULL ? cJSON_CreateString(shown) : NULL;
    free(shown);
    return string;
}

static bool add_text(cJSON *object, const char *name, const char *text)
{
    cJSON *string = show_text(text);
    bool added = string != NULL && cJSON_AddItemToObject(object, name, string);
    if (!added) {
        cJSON_Delete(string);
    }
    return added;
}

void mock_answer_error(mock_answer *answer, unsigned status, const char *code, const char *summary,
                       const char *error_id, const char *cause)
{
    cJSON *error = cJSON_CreateObject();
    cJSON *causes = NULL;
    bool made = cJSON_AddStringToObject(error, "errorCode", code) != NULL &&
                add_text(error, "errorSummary", summary) &&
                cJSON_AddStringToObject(error, "errorLink", code) != NULL &&
                cJSON_AddStringToObject(error, "errorId", error_id) != NULL &&
                (causes = cJSON_AddArrayToObject(error, "errorCauses")) != NULL;
    if (made && cause != NULL) {
        cJSON *entry = cJSON_CreateObject();
        made = add_text(entry, "errorSummary", cause) && cJSON_AddItemToArray(causes, entry);
        if (!made) {
            cJSON_Delete(entry);
        }
    }
    if (!made) {
        cJSON_Delete(error);
        error = NULL;
    }
    mock_answer_json(answer, status, error);
}

mock_refusal mock_refusal_of(unsigned status)
{
    static const mock_refusal refusals[] = {
        {400, "E0000001", "The request is not valid"},
        {401, "E0000011", "This token opens nothing here"},
        {403, "E0000006", "The caller has no right to do this"},
        {404, "E0000007", "There is no such thing here"},
        {405, "E0000022", "This path does not answer to this method"},
        {406, "E0000021", "The operation answers with no type that the request accepts"},
        {413, "E0000003", "The body is larger than 1 MiB"},
        {415, "E0000021", "The body has no type that the operation takes"},
        {429, "E0000047", "Too many calls in this window"},
        {503, "E0000010", "The org is closed for maintenance"},
        {507, "E0000009", "The stand-in org holds as much as it takes"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].status == status) {
            return refusals[i];
        }
    }
    return (mock_refusal){status, "E0000009", "Something broke inside the org"};
}
