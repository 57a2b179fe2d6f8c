/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/links.h"

#include <string.h>

#include "json/engine.h"

static const oktai_row hints_rows[] = {
    {OKTAI_ROW(okta_link_hints, allow, "allow", OKTAI_KIND_STRINGS, 0),
     .count_offset = offsetof(okta_link_hints, allow_count)},
};

const okta_descriptor oktai_link_hints_model = {
    .schema = "Link hints",
    .size = sizeof(okta_link_hints),
    .rows = hints_rows,
    .row_count = sizeof hints_rows / sizeof hints_rows[0],
};

#define ROW(member, json, kind) OKTAI_ROW(okta_link, member, json, kind, 0)

static const oktai_row link_rows[] = {
    {ROW(href, "href", OKTAI_KIND_STRING)},
    {ROW(hints, "hints", OKTAI_KIND_OBJECT), .of.object = &oktai_link_hints_model},
    {ROW(method, "method", OKTAI_KIND_STRING)},
    {ROW(name, "name", OKTAI_KIND_STRING)},
    {ROW(type, "type", OKTAI_KIND_STRING)},
    {ROW(rel, "rel", OKTAI_KIND_STRING)},
    {ROW(templated, "templated", OKTAI_KIND_BOOL)},
    {ROW(title, "title", OKTAI_KIND_STRING)},
};

static const uint16_t link_by_name[] = {1, 0, 2, 3, 5, 6, 7, 4};

const okta_descriptor oktai_link_model = {
    .schema = "Link",
    .size = sizeof(okta_link),
    .rows = link_rows,
    .row_count = sizeof link_rows / sizeof link_rows[0],
    .by_name = link_by_name,
};

const okta_descriptor oktai_links_model = {
    .schema = "Links",
    .size = sizeof(okta_links),
    .flags = OKTAI_DESCRIPTOR_LINKS,
};

const okta_link *okta_links_find(const okta_links *links, const char *name, size_t index)
{
    if (links == NULL || name == NULL || links->entries == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < links->entries_count; i++) {
        const okta_link_entry *entry = &links->entries[i];
        if (entry->name == NULL || strcmp(entry->name, name) != 0) {
            continue;
        }
        if (index < entry->count) {
            return entry->links[index];
        }
        index -= entry->count;
    }
    return NULL;
}

const okta_descriptor *okta_link_hints_descriptor(void)
{
    return &oktai_link_hints_model;
}

const okta_descriptor *okta_link_descriptor(void)
{
    return &oktai_link_model;
}

const okta_descriptor *okta_links_descriptor(void)
{
    return &oktai_links_model;
}
