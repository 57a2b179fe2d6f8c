/* SPDX-License-Identifier: Apache-2.0 */
#include "client/values.h"

#include <string.h>

#include "client/secrets.h"
#include "core/error.h"
#include "core/uri.h"
#include "json/engine.h"

/* In a query and in a form secrets stand percent-encoded. */
static okta_error *collect_secrets(const oktai_values *values, oktai_secrets *secrets)
{
    size_t first = secrets->texts.count;
    okta_error *error = oktai_engine_secrets(values->type, values->json.data, values->json.length, secrets);
    size_t end = secrets->texts.count;
    for (size_t i = first; error == NULL && i < end; i++) {
        char *const *texts = secrets->texts.data; /* moves when the set grows */
        if (!oktai_secrets_add_encoded(secrets, texts[i])) {
            error = oktai_error_nomem();
        }
    }
    return error;
}

/* The JSON is the engine's own: whatever a model may hold, from extras to enum values of another release, is
 * checked and written in one place. */
okta_error *oktai_values_begin(oktai_values *values, const okta_descriptor *type, const void *model,
                               oktai_secrets *secrets)
{
    values->type = type;
    values->first = true;
    okta_error *error = oktai_engine_encode(type, model, OKTA_JSON_REQUEST, &values->json);
    if (error == NULL) {
        error = collect_secrets(values, secrets);
    }
    if (error != NULL) {
        return error;
    }
    oktai_reader_init(&values->reader, values->json.data, values->json.length);
    return oktai_reader_enter(&values->reader) ? NULL : oktai_engine_damage(&values->reader);
}

/* The value ahead of a reader. */
static okta_error *take(oktai_values *values, oktai_reader *reader, oktai_value *out)
{
    okta_text text;
    out->type = oktai_reader_peek(reader);
    if (out->type == OKTAI_JSON_STRING) {
        size_t length;
        out->text = oktai_reader_string(reader, &values->arena, &length);
        return out->text == NULL ? oktai_engine_damage(reader) : NULL;
    }
    if (!oktai_reader_skip(reader, &text)) {
        return oktai_engine_damage(reader);
    }
    out->text = oktai_arena_copy(&values->arena, text.text, text.length);
    return out->text == NULL ? oktai_error_nomem() : NULL;
}

okta_error *oktai_values_next(oktai_values *values, oktai_value *out, bool *out_more)
{
    okta_text name;
    *out = (oktai_value){.name = NULL};
    *out_more = oktai_reader_member(&values->reader, values->first, &values->arena, &name);
    values->first = false;
    if (!*out_more) {
        return values->reader.problem == NULL ? NULL : oktai_engine_damage(&values->reader);
    }
    out->row = oktai_row_find(values->type, name.text, name.length);
    out->name = oktai_arena_copy(&values->arena, name.text, name.length);
    if (out->name == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = take(values, &values->reader, out);
    if (error == NULL && out->type == OKTAI_JSON_ARRAY) {
        oktai_reader_init(&values->list, out->text, strlen(out->text));
        values->first_element = true;
        return oktai_reader_enter(&values->list) ? NULL : oktai_engine_damage(&values->list);
    }
    return error;
}

okta_error *oktai_values_element(oktai_values *values, oktai_value *value, bool *out_more)
{
    *out_more = oktai_reader_element(&values->list, values->first_element);
    values->first_element = false;
    if (!*out_more) {
        return values->list.problem == NULL ? NULL : oktai_engine_damage(&values->list);
    }
    return take(values, &values->list, value);
}

static bool begin_pair(const char *name, char *separator, oktai_buffer *out)
{
    bool good = (*separator == '\0' || oktai_buffer_add_char(out, *separator)) &&
                oktai_uri_encode(out, name) && oktai_buffer_add_char(out, '=');
    *separator = '&';
    return good;
}

static okta_error *put_list(oktai_values *values, oktai_value *value, bool repeated, char *separator,
                            oktai_buffer *out)
{
    bool more = false;
    okta_error *error = oktai_values_element(values, value, &more);
    for (bool first = true; error == NULL && more; first = false) {
        error = oktai_value_refuse_null(value);
        if (error != NULL) {
            break;
        }
        bool good =
            first || repeated ? begin_pair(value->name, separator, out) : oktai_buffer_add_char(out, ',');
        error = good && oktai_uri_encode(out, value->text) ? oktai_values_element(values, value, &more)
                                                           : oktai_error_nomem();
    }
    return error;
}

okta_error *oktai_value_refuse_null(const oktai_value *value)
{
    return value->type == OKTAI_JSON_NULL
               ? oktai_error_new(OKTA_E_ARG, "%s is null, which only JSON can say", value->name)
               : NULL;
}

okta_error *oktai_values_put(oktai_values *values, oktai_value *value, bool repeated, char *separator,
                             oktai_buffer *out)
{
    okta_error *error = oktai_value_refuse_null(value);
    if (error != NULL) {
        return error;
    }
    if (value->type == OKTAI_JSON_ARRAY) {
        return put_list(values, value, repeated, separator, out);
    }
    return begin_pair(value->name, separator, out) && oktai_uri_encode(out, value->text)
               ? NULL
               : oktai_error_nomem();
}

void oktai_values_clear(oktai_values *values)
{
    oktai_buffer_clear(&values->json);
    oktai_arena_clear(&values->arena);
}
