/* SPDX-License-Identifier: Apache-2.0 */
/* The paged list of made-up users. */
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 200

/* The cursor says where a page begins. It ends in `=`, so that a client which decodes a next link and does
   not encode it again, or builds one of its own, is found out. */
#define CURSOR_KIND "cursor"
#define CURSOR_TAIL "%3D"

typedef struct page {
    unsigned start;
    unsigned limit;
} page;

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
static const char *read_query(const char *query, page *out, char *out_rest)
{
    *out = (page){.limit = PAGE_MAX};
    *out_rest = '\0';
    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        if (pair_is(query, length, "limit")) {
            if (!parse_number(query + 6, length - 6, &out->limit) || out->limit == 0) {
                return "limit is a number from 1 to 200";
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
    out->limit = out->limit < PAGE_MAX ? out->limit : PAGE_MAX;
    return NULL;
}

static cJSON *make_user(unsigned number)
{
    char id[MOCK_ID_SIZE];
    mock_id(id, "00u", number);
    char *login = mock_format("user%u@mock.example", number);
    char *last_name = mock_format("Number %u", number);
    cJSON *user = cJSON_CreateObject();
    cJSON *profile = NULL;
    bool made = login != NULL && last_name != NULL && cJSON_AddStringToObject(user, "id", id) != NULL &&
                cJSON_AddStringToObject(user, "status", "ACTIVE") != NULL &&
                (profile = cJSON_AddObjectToObject(user, "profile")) != NULL &&
                cJSON_AddStringToObject(profile, "login", login) != NULL &&
                cJSON_AddStringToObject(profile, "email", login) != NULL &&
                cJSON_AddStringToObject(profile, "firstName", "User") != NULL &&
                cJSON_AddStringToObject(profile, "lastName", last_name) != NULL;
    free(login);
    free(last_name);
    if (!made) {
        cJSON_Delete(user);
        return NULL;
    }
    return user;
}

static cJSON *make_page(unsigned start, unsigned end)
{
    cJSON *list = cJSON_CreateArray();
    for (unsigned number = start; list != NULL && number < end; number++) {
        cJSON *user = make_user(number);
        if (user == NULL || !cJSON_AddItemToArray(list, user)) {
            cJSON_Delete(user);
            cJSON_Delete(list);
            list = NULL;
        }
    }
    return list;
}

static void add_links(const mock_call *call, const char *rest, unsigned limit, unsigned end)
{
    const mock_org *org = call->org;
    mock_answer_header(call->answer, "Link: <%s%s>; rel=\"self\"", org->url, call->record->target);
    if (end < org->users) {
        char *cursor = cursor_of(end);
        mock_answer_header(call->answer, "Link: <%s/api/v1/users?after=%s&limit=%u%s>; rel=\"next\"",
                           org->url, cursor != NULL ? cursor : "", limit, rest);
        call->answer->broken = call->answer->broken || cursor == NULL;
        free(cursor);
    }
}

void mock_list_users(mock_call *call)
{
    const char *target = call->record->target;
    const char *query = target + strcspn(target, "?");
    query += *query == '?';
    char *rest = malloc(strlen(query) + 2);
    if (rest == NULL) {
        call->answer->broken = true;
        return;
    }
    page wanted;
    const char *refusal = read_query(query, &wanted, rest);
    if (refusal != NULL) {
        mock_refuse_invalid(call, "query", refusal);
    } else {
        unsigned users = call->org->users;
        unsigned start = wanted.start < users ? wanted.start : users;
        unsigned end = users - start > wanted.limit ? start + wanted.limit : users;
        add_links(call, rest, wanted.limit, end);
        mock_answer_json(call->answer, 200, make_page(start, end));
    }
    free(rest);
}
