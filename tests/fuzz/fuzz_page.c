/* SPDX-License-Identifier: Apache-2.0 */
/* The first line names the member that holds the list, if it is not empty. The rest is the body of a page.
 * What its items are and where it goes on is looked up in cJSON's tree. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "client/page.h"
#include "fuzz/fuzz.h"
#include "unit/json_oracle.h"

/* What a tree says about a page. */
typedef struct found_page {
    const cJSON *list;  /* NULL: there is none, or several */
    const cJSON *links; /* NULL: none */
} found_page;

/* cJSON reads no more than 63 bytes of a number. */
static bool has_long_number(const char *json)
{
    size_t run = 0;
    for (; *json != '\0' && run < 60; json++) {
        run = strchr("0123456789.+-eE", *json) == NULL ? 0 : run + 1;
    }
    return run == 60;
}

/* NULL: cJSON cannot read it. */
static cJSON *parse(fuzz_text body)
{
    size_t mark = (unsigned char)body.text[0] == 0xEF ? 3 : 0;
    cJSON *tree = cJSON_ParseWithOpts(body.text + mark, NULL, 1);
    FUZZ_CHECK(tree != NULL || has_long_number(body.text));
    return tree;
}

static const cJSON *first_member(const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_IsObject(object) ? object->child : NULL;
    while (member != NULL && strcmp(member->string, name) != 0) {
        member = member->next;
    }
    return member;
}

/* The only array among the members that count; `*others` tells how many members count at all, and the last of
 * them that is an object. */
static const cJSON *only_array(const cJSON *object, const char *wanted, size_t *arrays, size_t *members,
                               const cJSON **inner)
{
    const cJSON *list = NULL;
    *arrays = *members = 0;
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        bool hidden = member->string[0] == '_';
        *members += !hidden;
        *inner = !hidden && cJSON_IsObject(member) ? member : *inner;
        if (cJSON_IsArray(member) && (wanted == NULL ? !hidden : strcmp(member->string, wanted) == 0)) {
            list = member;
            (*arrays)++;
        }
    }
    return *arrays == 1 ? list : NULL;
}

static found_page find_page(const cJSON *tree, const char *wanted)
{
    found_page found = {0};
    const cJSON *inner = NULL;
    const cJSON *ignored = NULL;
    size_t arrays;
    size_t members;
    if (cJSON_IsArray(tree)) {
        found.list = tree;
        return found;
    }
    if (!cJSON_IsObject(tree)) {
        return found;
    }
    found.links = first_member(tree, "_links");
    found.list = only_array(tree, wanted, &arrays, &members, &inner);
    if (arrays == 0 && members == 1 && inner != NULL) {
        found.list = only_array(inner, wanted, &arrays, &members, &ignored);
        found.links = found.links == NULL ? first_member(inner, "_links") : found.links;
    }
    return found;
}

static void check_same(okta_text item, const cJSON *value)
{
    cJSON *tree = cJSON_ParseWithLength(item.text, item.length);
    FUZZ_CHECK(tree != NULL);
    char *actual = cJSON_PrintUnformatted(tree);
    char *expected = cJSON_PrintUnformatted(value);
    FUZZ_CHECK(actual != NULL && expected != NULL && strcmp(actual, expected) == 0);
    cJSON_free(actual);
    cJSON_free(expected);
    cJSON_Delete(tree);
}

static void check_items(const oktai_page_body *page, const found_page *found)
{
    FUZZ_CHECK(page->items != NULL);
    FUZZ_CHECK(page->count == (size_t)cJSON_GetArraySize(found->list));
    const cJSON *value = found->list->child;
    for (size_t i = 0; i < page->count; i++, value = value->next) {
        check_same(page->items[i], value);
    }
    FUZZ_CHECK((page->links.text == NULL) == (found->links == NULL));
    if (found->links != NULL) {
        check_same(page->links, found->links);
    }
}

static void check_next(const oktai_page_body *page, const found_page *found, oktai_arena *arena)
{
    static const oktai_headers none = {0};
    const char *target = NULL;
    const cJSON *next = found->links == NULL ? NULL : first_member(found->links, "next");
    const cJSON *href = first_member(next, "href");
    okta_status status = fuzz_take(oktai_page_next(&none, page->links, "/api/v1/users", arena, &target));
    if (next == NULL || cJSON_IsNull(next)) {
        FUZZ_CHECK(status == OKTA_OK && target == NULL);
    } else if (!cJSON_IsString(href)) {
        FUZZ_CHECK(status == OKTA_E_PROTOCOL);
    } else {
        FUZZ_CHECK(status == OKTA_E_PROTOCOL || (status == OKTA_OK && target != NULL));
    }
    if (target != NULL) {
        /* The path may be that of the page at hand. */
        const char *query = target + strcspn(target, "?");
        FUZZ_CHECK(strstr(href->valuestring, query) != NULL && fuzz_is_clean_target(target));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    oktai_arena arena = {0};
    oktai_page_body page;
    fuzz_text member = fuzz_line(&input);
    fuzz_text body = fuzz_rest(&input);
    const char *wanted = member.text[0] == '\0' ? NULL : member.text;
    okta_status status = fuzz_take(oktai_page_read(body.text, body.length, wanted, NULL, &arena, &page));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_PROTOCOL);
    bool accepted = oracle_accepts(body.text, body.length);
    FUZZ_CHECK(accepted || status == OKTA_E_PROTOCOL);
    cJSON *tree = accepted ? parse(body) : NULL;
    if (tree != NULL) {
        const found_page found = find_page(tree, wanted);
        FUZZ_CHECK((status == OKTA_OK) == (found.list != NULL));
        if (status == OKTA_OK) {
            check_items(&page, &found);
            check_next(&page, &found, &arena);
        }
    }
    cJSON_Delete(tree);
    oktai_arena_clear(&arena);
    free(member.text);
    free(body.text);
    return 0;
}
