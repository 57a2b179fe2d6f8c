/* SPDX-License-Identifier: Apache-2.0 */
#include "json/decoder.h"

bool oktai_decoder_no_memory(oktai_decoder *d)
{
    d->reader.no_memory = true;
    if (d->reader.problem == NULL) {
        d->reader.problem = "out of memory";
    }
    return false;
}

void *oktai_decoder_push(oktai_decoder *d, oktai_vector *v, size_t size)
{
    void *element = oktai_arena_push(d->arena, v, size);
    if (element == NULL) {
        oktai_decoder_no_memory(d);
    }
    return element;
}

void *oktai_decoder_finish_vector(oktai_decoder *d, oktai_vector *v, size_t size)
{
    if (v->data == NULL) {
        v->data = oktai_arena_zalloc(d->arena, size);
        if (v->data == NULL) {
            oktai_decoder_no_memory(d);
        }
    }
    return v->data;
}

bool oktai_decoder_add_extra(oktai_decoder *d, oktai_vector *extras, okta_text name, okta_text value,
                             const oktai_row *shown)
{
    okta_member *extra = oktai_decoder_push(d, extras, sizeof *extra);
    if (extra == NULL) {
        return false;
    }
    extra->name = shown != NULL ? shown->name : oktai_arena_copy(d->arena, name.text, name.length);
    extra->json = oktai_arena_copy(d->arena, value.text, value.length);
    if (extra->name == NULL || extra->json == NULL) {
        return oktai_decoder_no_memory(d);
    }
    oktai_reader string = {.next = value.text, .end = d->reader.end};
    if (*value.text == '"') {
        extra->text = oktai_reader_string(&string, d->arena, NULL);
    }
    return string.problem == NULL || oktai_decoder_no_memory(d);
}
