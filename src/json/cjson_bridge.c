/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/cjson.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "json/engine.h"
#include "json/number.h"
#include "json/reader.h"
#include "json/writer.h"

okta_error *okta_json_to_cjson(const char *json, size_t length, cJSON **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (json == NULL || out == NULL) {
        return oktai_error_null(json == NULL ? "json" : "out");
    }
    oktai_buffer text = {0};
    if (!oktai_buffer_append(&text, json, length)) {
        return oktai_error_nomem();
    }
    okta_error *error = oktai_engine_check(text.data, length, NULL);
    if (error == NULL) {
        /* What passed the strict reader is JSON to cJSON too, but for the byte order mark: it can only lack
         * memory. */
        size_t mark = (unsigned char)text.data[0] == 0xEF ? 3 : 0;
        *out = cJSON_ParseWithLength(text.data + mark, length - mark);
        error = *out == NULL ? oktai_error_nomem() : NULL;
    }
    oktai_buffer_clear(&text);
    return error;
}

/* Writes a tree. cJSON's own printer loses digits, and writes what is no number as null. */
typedef struct tree_writer {
    oktai_buffer out;
    unsigned depth;
} tree_writer;

static bool write_node(tree_writer *w, const cJSON *node);

static bool write_number(tree_writer *w, double value)
{
    char text[OKTAI_NUMBER_SIZE];
    return isfinite(value) && oktai_buffer_append(&w->out, text, oktai_number_from_double(value, text));
}

static bool write_raw(tree_writer *w, const char *json)
{
    return json != NULL && oktai_reader_is_value(json, w->depth) && oktai_buffer_add_text(&w->out, json);
}

static bool write_children(tree_writer *w, const cJSON *node, bool named)
{
    if (w->depth == OKTAI_JSON_DEPTH_MAX) {
        return false;
    }
    w->depth++;
    bool good = oktai_buffer_add_char(&w->out, named ? '{' : '[');
    for (const cJSON *child = node->child; good && child != NULL; child = child->next) {
        good = child == node->child || oktai_buffer_add_char(&w->out, ',');
        if (good && named) {
            good = child->string != NULL &&
                   oktai_write_string(&w->out, child->string, strlen(child->string)) &&
                   oktai_buffer_add_char(&w->out, ':');
        }
        good = good && write_node(w, child);
    }
    w->depth--;
    return good && oktai_buffer_add_char(&w->out, named ? '}' : ']');
}

static bool write_node(tree_writer *w, const cJSON *node)
{
    switch (node->type & 0xFF) {
    case cJSON_False:
        return oktai_buffer_add_text(&w->out, "false");
    case cJSON_True:
        return oktai_buffer_add_text(&w->out, "true");
    case cJSON_NULL:
        return oktai_buffer_add_text(&w->out, "null");
    case cJSON_Number:
        return write_number(w, node->valuedouble);
    case cJSON_String:
        return node->valuestring != NULL &&
               oktai_write_string(&w->out, node->valuestring, strlen(node->valuestring));
    case cJSON_Raw:
        return write_raw(w, node->valuestring);
    case cJSON_Array:
    case cJSON_Object:
        return write_children(w, node, cJSON_IsObject(node));
    default:
        return false;
    }
}

okta_error *okta_cjson_to_json(const cJSON *tree, char **out_json, size_t *out_length)
{
    if (out_json != NULL) {
        *out_json = NULL;
    }
    if (out_length != NULL) {
        *out_length = 0;
    }
    if (tree == NULL || out_json == NULL) {
        return oktai_error_null(tree == NULL ? "tree" : "out_json");
    }
    tree_writer w = {0};
    if (write_node(&w, tree)) {
        return oktai_text_hand_out(&w.out, out_json, out_length);
    }
    okta_error *error = w.out.failed
                            ? oktai_error_nomem()
                            : oktai_error_new(OKTA_E_ARG, "the tree has a part that is not strict JSON");
    oktai_buffer_clear(&w.out);
    return error;
}

okta_error *okta_model_to_cjson(const okta_descriptor *type, const void *model, cJSON **out)
{
    char *json;
    size_t length;
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    okta_error *error = okta_to_json(type, model, OKTA_JSON_WHOLE, &json, &length);
    if (error == NULL) {
        error = okta_json_to_cjson(json, length, out);
    }
    okta_free(json);
    return error;
}

okta_error *okta_model_from_cjson(const okta_descriptor *type, const cJSON *tree, void *out)
{
    char *json;
    size_t length;
    void *model = NULL;
    if (out == NULL) {
        return oktai_error_null("out");
    }
    memcpy(out, &model, sizeof model);
    okta_error *error = okta_cjson_to_json(tree, &json, &length);
    if (error == NULL) {
        error = okta_from_json(type, json, length, out);
    }
    okta_free(json);
    return error;
}
