/* SPDX-License-Identifier: Apache-2.0 */
#include "config_values.h"

#include <string.h>

#include "common/duration.h"

char *config_text(config_reader *reader, const document_node *node)
{
    const char *text = document_text(reader->source, node);
    char *copy = text == NULL ? NULL : strdup(text);
    reader->has_memory = reader->has_memory && (text == NULL || copy != NULL);
    return copy;
}

char *config_scopes(config_reader *reader, const document_node *node)
{
    if (document_first(node) != NULL) {
        document_refuse(reader->source, node,
                        "it is no list, but one text with spaces between, such as okta.apps.read "
                        "okta.apps.manage");
        return NULL;
    }
    return config_text(reader, node);
}

const char *config_digits(const document_node *node)
{
    const char *word = document_word(node);
    size_t digits = word == NULL ? 0 : strspn(word, "0123456789");
    return digits > 0 && word[digits] == '\0' ? word : NULL;
}

int64_t config_duration(config_reader *reader, const document_node *node, int64_t fallback)
{
    const char *digits = config_digits(node);
    if (digits != NULL) {
        document_refuse(reader->source, node, "it is a time with its unit: write %ss for seconds", digits);
        return fallback;
    }
    const char *text = document_text(reader->source, node);
    int64_t seconds = fallback;
    if (text != NULL && !duration_read(text, &seconds)) {
        document_refuse(reader->source, node, "it is a time such as 30s, 5m, 24h or 7d, up to 365d, not '%s'",
                        text);
    }
    return seconds;
}
