/* SPDX-License-Identifier: Apache-2.0 */
/* The options in force and where they come from. Secrets are masked by the library. */
#include <cjson/cJSON.h>
#include <string.h>

#include "client_options.h"
#include "commands.h"
#include "output.h"
#include "report.h"
#include "table.h"

static bool add_value(cJSON *array, const okta_option_value *value)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    if (cJSON_AddStringToObject(object, "name", value->name) == NULL) {
        return false;
    }
    const cJSON *shown = value->value == NULL ? cJSON_AddNullToObject(object, "value")
                                              : cJSON_AddStringToObject(object, "value", value->value);
    return shown != NULL && cJSON_AddStringToObject(object, "source", value->source) != NULL;
}

static int print_json(const okta_option_values *values)
{
    cJSON *array = cJSON_CreateArray();
    bool complete = array != NULL;
    for (size_t i = 0; complete && i < values->count; i++) {
        complete = add_value(array, &values->items[i]);
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
