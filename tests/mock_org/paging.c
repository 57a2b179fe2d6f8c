/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_paging.h"

#include <stdlib.h>
#include <string.h>

/* The cursor says at which position a page begins. It ends in `=`, so that a client which decodes a next link
   and does not encode it again, or builds one of its own, is found out. */
#define CURSOR_KIND "cursor"
#define CURSOR_TAIL "%3D"

typedef struct wish {
    unsigned start;
    unsigned limit;
} wish;

static char *cursor_of(unsigned start)
{
    char *noise = mock_noise(CURSOR_KIND, start, 16);
    char *cursor = noise != NULL ? mock_format("%u.%s%s", start, noise, CURSOR_TAIL) : NULL;
    free(noise);
    return cursor;
}

static bool parse_number(const char *text, size_t length, unsigned *out)
{
    unsigned value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || value > 100000000U) {
            return false;
        }
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *out = value;
    return length > 0;
}

/* A cursor is good only as it was given out, not as a number that someone made up. */
static bool parse_cursor(const char *text, size_t length, unsigned *out)
{
    char *decoded = mock_percent_decode(text, length);
    char *expected = NULL;
    char *wanted = NULL;
    bool good = decoded != NULL && parse_number(decoded, strcspn(decoded, "."), out) &&
                (expected = cursor_of(*out)) != NULL &&
                (wanted = mock_percent_decode(expected, strlen(expected))) != NULL &&
                strcmp(wanted, decoded) == 0;
    free(wanted);
    free(expected);
    free(decoded);
    return good;
}

static bool pair_is(const char *pair, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    return length > name_length && pair[name_length] == '=' && memcmp(pair, name, name_length) == 0;
}

/* Reads limit and after. The other pairs go into `out_rest`, each behind an `&`, for the next link. */
static const char *read_query(const char *query, wish *out, char *out_rest)
{
    *out_rest = '\0';
    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        if (pair_is(query, length, "limit")) {
            if (!parse_number(query + 6, length - 6, &out->limit) || out->limit == 0) {
                return "limit is a number from 1 on";
            }
        } else if (pair_is(query, length, "after")) {
            if (!parse_cursor(query + 6, length - 6, &out->start)) {
                return "after is not a cursor of this org";
            }
        } else if (length > 0) {
            *out_rest++ = '&';
            memcpy(out_rest, query, length);
            out_rest += length;
            *out_rest = '\0';
        }
        query += length + (query[length] == '&');
    }
    return NULL;
}

bool mock_page_begin(mock_call *call, unsigned max, mock_page *out)
{
    const char *target = call->record->target;
    const char *query = strchr(target, '?');
    query = query != NULL ? query + 1 : "";
    wish wanted = {.limit = max};
    *out = (mock_page){.rest = malloc(strlen(query) + 2)};
    if (out->rest == NULL) {
        call->answer->broken = true;
        return false;
    }
    const char *refusal = read_query(query, &wanted, out->rest);
    if (refusal != NULL) {
        mock_refuse_invalid(call, "query", refusal);
        return false;
    }
    out->start = wanted.start;
    out->end = wanted.start;
    out->limit = wanted.limit < max ? wanted.limit : max;
    out->left = out->limit;
    return true;
}

void mock_page_go_on(mock_call *call, mock_page *page)
{
    const char *target = call->record->target;
    char *cursor = cursor_of(page->end);
    free(page->next);
    page->next = cursor == NULL ? NULL
                                : mock_format("%.*s?after=%s&limit=%u%s", (int)strcspn(target, "?"), target,
                                              cursor, page->limit, page->rest != NULL ? page->rest : "");
    call->answer->broken = call->answer->broken || page->next == NULL;
    free(cursor);
}

mock_page_side mock_page_side_of(mock_call *call, mock_page *page, unsigned position)
{
    if (position < page->start) {
        return MOCK_PAGE_BEFORE;
    }
    if (page->left == 0) {
        mock_page_go_on(call, page);
        return MOCK_PAGE_BEHIND;
    }
    page->left--;
    page->end = position + 1;
    return MOCK_PAGE_IN;
}

void mock_page_link(const mock_call *call, const mock_page *page)
{
    const char *url = mock_call_url(call);
    mock_answer_header(call->answer, "Link: <%s%s>; rel=\"self\"", url, call->record->target);
    if (page->next != NULL) {
        mock_answer_header(call->answer, "Link: <%s%s>; rel=\"next\"", url, page->next);
    }
}

void mock_page_clear(mock_page *page)
{
    free(page->next);
    free(page->rest);
    *page = (mock_page){.start = 0};
}
