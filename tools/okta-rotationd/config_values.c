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

int64_t config_duration(config_reader *reader, const document_node *node, int64_t fallback)
{
    const char *text = document_text(reader->source, node);
    int64_t seconds = fallback;
    if (text != NULL && !duration_read(text, &seconds)) {
        document_refuse(reader->source, node, "it is a time such as 30s, 5m, 24h or 7d, up to 365d, not '%s'",
                        text);
    }
    return seconds;
}
