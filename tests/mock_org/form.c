/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_form.h"

#include "mock_text.h"

#include <stdlib.h>
#include <string.h>

char *mock_form_decode(const char *text, size_t length)
{
    char *spaced = mock_copy_n(text, length);
    if (spaced == NULL) {
        return NULL;
    }
    for (char *plus = spaced; (plus = strchr(plus, '+')) != NULL;) {
        *plus = ' ';
    }
    char *decoded = mock_percent_decode(spaced, length);
    free(spaced);
    return decoded;
}

void mock_form_clear(mock_form *form)
{
    while (form->count > 0) {
        form->count--;
        free(form->names[form->count]);
        free(form->values[form->count]);
    }
}

static bool add(mock_form *form, const char *pair, size_t length)
{
    size_t name_length = strcspn(pair, "=");
    if (name_length >= length || form->count == MOCK_FORM_FIELDS) {
        return false;
    }
    char *name = mock_form_decode(pair, name_length);
    char *value = mock_form_decode(pair + name_length + 1, length - name_length - 1);
    if (name == NULL || value == NULL || mock_form_value(form, name) != NULL) {
        free(name);
        free(value);
        return false;
    }
    form->names[form->count] = name;
    form->values[form->count++] = value;
    return true;
}

bool mock_form_read(const char *text, mock_form *out)
{
    *out = (mock_form){.count = 0};
    while (*text != '\0') {
        size_t length = strcspn(text, "&");
        bool ends_in_nothing = text[length] == '&' && text[length + 1] == '\0';
        if (ends_in_nothing || !add(out, text, length)) {
            mock_form_clear(out);
            return false;
        }
        text += length + (text[length] == '&');
    }
    return true;
}

const char *mock_form_value(const mock_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->names[i], name) == 0) {
            return form->values[i];
        }
    }
    return NULL;
}
