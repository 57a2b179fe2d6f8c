/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_body.h"

#include "mock_check.h"
#include "mock_json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FORM      "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data"

static size_t type_length(const char *media_type)
{
    return strcspn(media_type, ";, \t");
}

/* Whether words of media types have this one, parameters apart. */
static bool types_have(const char *types, const char *media_type)
{
    size_t length = type_length(media_type);
    for (const char *at = types; *at != '\0'; at += strspn(at, " ")) {
        if (type_length(at) == length && strncasecmp(at, media_type, length) == 0) {
            return true;
        }
        at += strcspn(at, " ");
    }
    return false;
}

static bool check_content_type(const mock_call *call, const mock_operation *operation)
{
    const char *given = mock_request_header(&call->record->view, "Content-Type");
    if (given != NULL && types_have(operation->body_types, given)) {
        return true;
    }
    mock_refuse(call, 415);
    return false;
}

/* Whether an entry of an Accept header, as `text / *`, takes one of the types of the answer. */
static bool accepts(const char *entry, const char *types)
{
    size_t length = type_length(entry);
    if (length >= 2 && memcmp(entry + length - 2, "/*", 2) == 0) {
        return *entry == '*' || strncasecmp(entry, types, length - 1) == 0;
    }
    return types_have(types, entry);
}

static bool is_accepted(const char *given, const char *types)
{
    bool taken = false;
    for (const char *at = given; !taken && *at != '\0'; at += strspn(at, ", \t")) {
        taken = accepts(at, types);
        at += strcspn(at, ",");
    }
    return taken;
}

/* NULL: any type will do. */
static const char *accept_of(const mock_call *call)
{
    const char *given = mock_request_header(&call->record->view, "Accept");
    return given != NULL && *given != '\0' ? given : NULL;
}

static const char *answer_types_of(const mock_operation *operation)
{
    return operation->answer_types != NULL ? operation->answer_types : "application/json";
}

bool mock_wants_bytes(const mock_call *call, const mock_operation *operation)
{
    const char *given = accept_of(call);
    return given != NULL && operation->bytes_types != NULL &&
           !is_accepted(given, answer_types_of(operation)) && is_accepted(given, operation->bytes_types);
}

static bool check_accept(const mock_call *call, const mock_operation *operation)
{
    const char *given = accept_of(call);
    bool taken = given == NULL || operation->answer == NULL || *operation->answer == 'l' ||
                 is_accepted(given, answer_types_of(operation)) || mock_wants_bytes(call, operation);
    if (!taken) {
        mock_refuse(call, 406);
    }
    return taken;
}

static bool check_headers(const mock_call *call, const mock_operation *operation, mock_cause *out)
{
    for (size_t i = 0; operation->headers != NULL && operation->headers[i] != NULL; i++) {
        mock_value row = mock_value_of(operation->headers[i]);
        const char *given = mock_request_header(&call->record->view, row.name);
        if (given == NULL && row.required) {
            return mock_cause_say(out, "%s: required", row.name);
        }
        if (given != NULL && !mock_check_text(row, given, row.name, out)) {
            return false;
        }
    }
    return true;
}

/* A form as an object of strings. NULL: it is malformed, or memory is out. */
static cJSON *read_form(const char *text)
{
    mock_form form;
    if (!mock_form_read(text, &form)) {
        return NULL;
    }
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; object != NULL && i < form.count; i++) {
        if (!mock_is_utf8(form.names[i]) || !mock_is_utf8(form.values[i]) ||
            cJSON_AddStringToObject(object, form.names[i], form.values[i]) == NULL) {
            cJSON_Delete(object);
            object = NULL;
        }
    }
    mock_form_clear(&form);
    return object;
}

static bool check_form(mock_value body, const cJSON *form, mock_cause *out)
{
    const char *const *members = mock_shapes[body.number].members;
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value row = mock_value_of(members[i]);
        const char *text = mock_json_string(form, row.name);
        if (text == NULL && row.required) {
            return mock_cause_say(out, "%s: required", row.name);
        }
        /* The values of a list have spaces or commas between them. */
        if (text != NULL && row.kind != 'S' && row.kind != 'E' &&
            !mock_check_text(row, text, row.name, out)) {
            return false;
        }
    }
    return true;
}

/* The parts of a multipart body are looked for by their names; their content is anything. */
static bool check_parts(const mock_call *call, mock_value body, mock_cause *out)
{
    const char *type = mock_request_header(&call->record->view, "Content-Type");
    const char *boundary = type != NULL ? strstr(type, "boundary=") : NULL;
    const char *text = call->record->body;
    size_t length = boundary != NULL ? strlen(boundary + 9) : 0;
    if (length == 0 || strncmp(text, "--", 2) != 0 || strncmp(text + 2, boundary + 9, length) != 0) {
        return mock_cause_say(out, "body: does not begin with its boundary");
    }
    const char *const *members = mock_shapes[body.number].members;
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value row = mock_value_of(members[i]);
        char *wanted = mock_format("name=\"%s\"", row.name);
        bool found = wanted != NULL && strstr(text, wanted) != NULL;
        free(wanted);
        if (row.required && !found) {
            return mock_cause_say(out, "%s: required", row.name);
        }
    }
    return true;
}

static bool refuse(const mock_call *call, const mock_operation *operation, const mock_cause *cause)
{
    if (strcmp(operation->security, "client") == 0) {
        mock_refuse_oauth(call, 400, "invalid_request", cause->text);
    } else {
        mock_refuse_invalid(call, "Api validation", cause->text);
    }
    return false;
}

static bool read_json(const mock_call *call, const mock_operation *operation, mock_value body, cJSON **out,
                      mock_cause *cause)
{
    *out = mock_json_any(call->record->body, call->record->body_length);
    if (*out == NULL) {
        mock_refuse_body(call);
        return false;
    }
    return mock_check_json(body, *out, "", cause) || refuse(call, operation, cause);
}

static bool read_described(const mock_call *call, const mock_operation *operation, mock_value body,
                           cJSON **out)
{
    mock_cause cause = {.text = ""};
    if (!check_content_type(call, operation)) {
        return false;
    }
    if (types_have(operation->body_types, FORM)) {
        *out = read_form(call->record->body);
        if (*out == NULL) {
            mock_refuse_body(call);
            return false;
        }
        return check_form(body, *out, &cause) || refuse(call, operation, &cause);
    }
    if (types_have(operation->body_types, MULTIPART)) {
        return check_parts(call, body, &cause) || refuse(call, operation, &cause);
    }
    return body.kind == 'f' || read_json(call, operation, body, out, &cause);
}

/* Some clients send `{}` where no body is described. */
static bool is_nothing(const mock_record *record)
{
    return record->body_length == 0 || strcmp(record->body, "{}") == 0;
}

bool mock_read_body(mock_call *call, const mock_operation *operation, cJSON **out)
{
    mock_value body = mock_value_of(operation->body);
    mock_cause cause = {.text = ""};
    *out = NULL;
    if (!check_accept(call, operation)) {
        return false;
    }
    if (!check_headers(call, operation, &cause)) {
        return refuse(call, operation, &cause);
    }
    if (body.kind == '\0' && !is_nothing(call->record)) {
        (void)mock_cause_say(&cause, "body: the operation takes none");
        return refuse(call, operation, &cause);
    }
    if (call->record->body_length == 0 && body.required) {
        mock_refuse_body(call);
        return false;
    }
    bool good =
        call->record->body_length == 0 || body.kind == '\0' || read_described(call, operation, body, out);
    if (!good) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return good;
}
