/* SPDX-License-Identifier: Apache-2.0 */
#include "json/others.h"

#include <string.h>

#include "json/model_parts.h"

static bool begin(oktai_others *others, const char *json, unsigned depth)
{
    oktai_reader_init(&others->reader, json, strlen(json));
    others->reader.depth = depth;
    others->first = true;
    return oktai_reader_peek(&others->reader) == OKTAI_JSON_ARRAY && oktai_reader_enter(&others->reader);
}

/* Whether the string ahead is a known text. */
static bool is_known(oktai_others *others)
{
    oktai_reader ahead = others->reader;
    okta_text text;
    if (oktai_reader_peek(&ahead) != OKTAI_JSON_STRING) {
        return false;
    }
    bool good = oktai_reader_text(&ahead, &others->arena, &text);
    others->no_memory = others->no_memory || ahead.no_memory;
    return good && oktai_enum_value(others->texts, text.text, text.length) != 1;
}

/* Go behind the next element that is not known. False: there is none. */
static bool advance(oktai_others *others)
{
    while (oktai_reader_element(&others->reader, others->first)) {
        okta_text text;
        bool known = is_known(others);
        others->first = false;
        if (others->no_memory || !oktai_reader_skip(&others->reader, &text)) {
            return false;
        }
        if (!known) {
            others->text = text;
            return true;
        }
    }
    return false;
}

bool oktai_others_open(oktai_others *others, const oktai_row *row, const okta_model *model, unsigned depth,
                       size_t needed)
{
    const okta_member *extra = oktai_extra_find(model, row->name);
    const char *json = extra == NULL || extra->json == NULL ? "" : extra->json;
    okta_text text = {0};
    others->texts = row->of.texts;
    others->single = true;
    if (!begin(others, json, depth)) {
        return false;
    }
    for (; advance(others); others->count++, text = others->text) {
        others->single = others->single &&
                         (others->count == 0 || (text.length == others->text.length &&
                                                 memcmp(text.text, others->text.text, text.length) == 0));
    }
    if (others->no_memory || others->reader.problem != NULL) {
        others->count = 0;
    }
    if (others->count == 0 || others->count < needed) {
        return false;
    }
    return others->single || (others->count == needed && begin(others, json, depth));
}

bool oktai_others_next(oktai_others *others, okta_text *out)
{
    if (!others->single && !advance(others)) {
        return false;
    }
    *out = others->text;
    return true;
}

void oktai_others_close(oktai_others *others)
{
    oktai_arena_clear(&others->arena);
}
