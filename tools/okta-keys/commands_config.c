/* SPDX-License-Identifier: Apache-2.0 */
/* The options in force and where they come from. Secrets are masked by the library. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "client_options.h"
#include "commands.h"
#include "output.h"
#include "report.h"
#include "table.h"

#define TEXT_SIZE 128

static cJSON *add_text(cJSON *object, const char *name, const char *text)
{
    return text == NULL ? cJSON_AddNullToObject(object, name) : cJSON_AddStringToObject(object, name, text);
}

static bool add_value(cJSON *array, const okta_option_value *value)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    return add_text(object, "name", value->name) != NULL && add_text(object, "value", value->value) != NULL &&
           add_text(object, "source", value->source) != NULL;
}

static bool add_unknown(cJSON *array, const okta_unknown_option *unknown)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    return add_text(object, "name", unknown->name) != NULL && add_text(object, "value", NULL) != NULL &&
           add_text(object, "source", unknown->source) != NULL &&
           cJSON_AddTrueToObject(object, "unknown") != NULL &&
           add_text(object, "nearest", unknown->nearest) != NULL;
}

static int print_json(const okta_option_values *values)
{
    cJSON *array = cJSON_CreateArray();
    bool complete = array != NULL;
    for (size_t i = 0; complete && i < values->count; i++) {
        complete = add_value(array, &values->items[i]);
    }
    for (size_t i = 0; complete && i < values->unknown_count; i++) {
        complete = add_unknown(array, &values->unknown[i]);
    }
    char *text = complete ? cJSON_PrintUnformatted(array) : NULL;
    int code = text == NULL ? report(EXIT_REFUSED, "out of memory")
                            : report_error(output_text(NULL, text, strlen(text)), NULL);
    cJSON_free(text);
    cJSON_Delete(array);
    return code;
}

static int print_table(const okta_option_values *values)
{
    text_table table = {.columns = 3};
    table_add(&table, "OPTION");
    table_add(&table, "VALUE");
    table_add(&table, "SOURCE");
    for (size_t i = 0; i < values->count; i++) {
        table_add(&table, values->items[i].name);
        table_add(&table, values->items[i].value);
        table_add(&table, values->items[i].source);
    }
    for (size_t i = 0; i < values->unknown_count; i++) {
        const okta_unknown_option *unknown = &values->unknown[i];
        char text[TEXT_SIZE];
        (void)snprintf(text, sizeof text, unknown->nearest != NULL ? "no option: %s?" : "no option%s",
                       unknown->nearest != NULL ? unknown->nearest
                       : unknown->is_foreign    ? " of libokta"
                                                : "");
        table_add(&table, unknown->name);
        table_add(&table, text);
        table_add(&table, unknown->source);
    }
    return table_finish(&table);
}

int command_config(const command_line *options, okta_client *client)
{
    (void)client;
    okta_client_options *loaded = NULL;
    okta_option_values *values = NULL;
    int code = client_options_load(options, &loaded);
    if (code == EXIT_DONE) {
        code = report_error(okta_client_options_describe(loaded, &values), NULL);
    }
    if (code == EXIT_DONE) {
        code = options_has(options, OPTION_JSON) ? print_json(values) : print_table(values);
    }
    okta_free(values);
    okta_free(loaded);
    return code;
}
