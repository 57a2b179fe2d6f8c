/* SPDX-License-Identifier: Apache-2.0 */
#include "http/links.h"

#include <string.h>

#include "core/uri.h"
#include "okta/common.h"

/* Characters of the longest relation that is looked for. */
#define RELATION_MAX 4u

typedef struct link {
    const char *wanted; /* the relation that is looked for */
    okta_text uri;
    bool has_rel;
    bool is_wanted;
} link;

/* What the links read so far say. */
typedef struct verdict {
    const char *wanted;
    okta_text target; /* text is NULL before the first link of that relation */
    bool foreign;
    bool conflict;
} verdict;

static void skip_space(const char **p)
{
    while (**p == ' ' || **p == '\t') {
        (*p)++;
    }
}

static bool take(const char **p, char c)
{
    if (**p != c) {
        return false;
    }
    (*p)++;
    return true;
}

static okta_text take_token(const char **p)
{
    okta_text token = {*p, 0};
    while (oktai_http_is_token(**p)) {
        (*p)++;
        token.length++;
    }
    return token;
}

static bool is_text(char c)
{
    return (c == '\t' || (unsigned char)c >= ' ') && c != 0x7f;
}

/* What stands between the quotes, its escapes still in it. */
static bool take_quoted(const char **p, okta_text *out)
{
    const char *start = *p;
    for (; **p != '"'; (*p)++) {
        if (**p == '\\') {
            (*p)++;
        }
        if (!is_text(**p)) {
            return false;
        }
    }
    *out = (okta_text){start, (size_t)(*p - start)};
    (*p)++;
    return true;
}

static bool take_value(const char **p, okta_text *out)
{
    if (take(p, '"')) {
        return take_quoted(p, out);
    }
    *out = take_token(p);
    return out->length > 0;
}

/* Looks for a relation among those of a value. False: there is no relation at all. */
static bool read_relations(okta_text value, const char *wanted, bool *is_wanted)
{
    char word[RELATION_MAX + 1];
    size_t length = 0;
    bool any = false;
    for (size_t i = 0; i <= value.length; i++) {
        if (i < value.length && value.text[i] == '\\') {
            i++;
        }
        char c = i < value.length ? value.text[i] : ' ';
        if (c != ' ' && c != '\t') {
            word[length < sizeof word - 1 ? length : sizeof word - 1] = c;
            length++;
            continue;
        }
        any = any || length > 0;
        *is_wanted = *is_wanted || (length < sizeof word && oktai_http_equals(word, length, wanted));
        length = 0;
    }
    return any;
}

static bool take_param(const char **p, link *out)
{
    okta_text name = take_token(p);
    okta_text value = {0};
    skip_space(p);
    if (take(p, '=')) {
        skip_space(p);
        if (!take_value(p, &value)) {
            return false;
        }
    }
    if (out->has_rel || !oktai_http_equals(name.text, name.length, "rel")) {
        return true;
    }
    out->has_rel = true;
    return read_relations(value, out->wanted, &out->is_wanted);
}

/* `<uri>; param; ...` up to the comma or the end. */
static bool take_link(const char **p, link *out)
{
    if (!take(p, '<')) {
        return false;
    }
    const char *start = *p;
    while (**p != '<' && **p != '>' && **p != '\0') {
        (*p)++;
    }
    out->uri = (okta_text){start, (size_t)(*p - start)};
    if (!take(p, '>')) {
        return false;
    }
    for (skip_space(p); take(p, ';'); skip_space(p)) {
        skip_space(p);
        if (oktai_http_is_token(**p) && !take_param(p, out)) {
            return false;
        }
    }
    return out->has_rel;
}

static bool begins_with(okta_text text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.text, prefix, length) == 0;
}

static okta_text behind(okta_text text, size_t length)
{
    return (okta_text){text.text + length, text.length - length};
}

static size_t length_up_to(okta_text text, const char *ends)
{
    size_t length = 0;
    while (length < text.length && strchr(ends, text.text[length]) == NULL) {
        length++;
    }
    return length;
}

static bool is_api_path(okta_text target)
{
    if (begins_with(target, "/api/v1/") || begins_with(target, "/oauth2/v1/")) {
        return true;
    }
    okta_text rest = behind(target, 1);
    okta_text api = behind(rest, length_up_to(rest, "/?"));
    return begins_with(api, "/api/v1/") || begins_with(api, "/api/v2/");
}

/* Cuts scheme and authority off. Browsers and servers disagree about URLs with backslashes, control
 * characters and bytes outside ASCII, so these are refused wherever they stand. */
static bool cut_to_target(okta_text uri, okta_text *out)
{
    for (size_t i = 0; i < uri.length; i++) {
        if (uri.text[i] <= ' ' || uri.text[i] > '~' || uri.text[i] == '\\') {
            return false;
        }
    }
    size_t scheme = length_up_to(uri, ":/?#");
    bool has_scheme = scheme < uri.length && uri.text[scheme] == ':';
    if (has_scheme) {
        if (!oktai_http_equals(uri.text, scheme, "http") && !oktai_http_equals(uri.text, scheme, "https")) {
            return false;
        }
        uri = behind(uri, scheme + 1);
    }
    if (begins_with(uri, "//")) {
        uri = behind(uri, 2);
        size_t authority = length_up_to(uri, "/?#");
        if (authority == 0) {
            return false;
        }
        uri = behind(uri, authority);
    } else if (has_scheme) {
        return false;
    }
    *out = uri;
    return oktai_uri_refuse_target(uri.text, uri.length) == NULL && is_api_path(uri);
}

static void add_target(verdict *so_far, okta_text uri)
{
    okta_text target;
    if (!cut_to_target(uri, &target)) {
        so_far->foreign = true;
    } else if (so_far->target.text == NULL) {
        so_far->target = target;
    } else if (target.length != so_far->target.length ||
               memcmp(target.text, so_far->target.text, target.length) != 0) {
        so_far->conflict = true;
    }
}

static bool read_header(const char *value, verdict *so_far)
{
    const char *p = value;
    for (skip_space(&p); *p != '\0'; skip_space(&p)) {
        if (take(&p, ',')) {
            continue;
        }
        link one = {.wanted = so_far->wanted};
        if (!take_link(&p, &one) || (*p != ',' && *p != '\0')) {
            return false;
        }
        if (one.is_wanted) {
            add_target(so_far, one.uri);
        }
    }
    return true;
}

static oktai_link_result hand_out(okta_text target, oktai_arena *arena, const char **out)
{
    *out = oktai_arena_copy(arena, target.text, target.length);
    return *out == NULL ? OKTAI_LINK_NO_MEMORY : OKTAI_LINK_FOUND;
}

oktai_link_result oktai_links_target(const char *uri, size_t length, oktai_arena *arena, const char **out)
{
    okta_text target;
    *out = NULL;
    return cut_to_target((okta_text){uri, length}, &target) ? hand_out(target, arena, out)
                                                            : OKTAI_LINK_FOREIGN;
}

static oktai_link_result find(const oktai_headers *headers, const char *relation, oktai_arena *arena,
                              const char **out)
{
    verdict found = {.wanted = relation};
    size_t position = 0;
    const oktai_header *header;
    *out = NULL;
    while ((header = oktai_headers_next(headers, "Link", &position)) != NULL) {
        if (header->damaged || !read_header(header->value, &found)) {
            return OKTAI_LINK_DAMAGED;
        }
    }
    if (found.conflict) {
        return OKTAI_LINK_DAMAGED;
    }
    if (found.foreign) {
        return OKTAI_LINK_FOREIGN;
    }
    if (found.target.text == NULL) {
        return OKTAI_LINK_NONE;
    }
    return hand_out(found.target, arena, out);
}

oktai_link_result oktai_links_next(const oktai_headers *headers, oktai_arena *arena, const char **out)
{
    return find(headers, "next", arena, out);
}

oktai_link_result oktai_links_self(const oktai_headers *headers, oktai_arena *arena, const char **out)
{
    return find(headers, "self", arena, out);
}
