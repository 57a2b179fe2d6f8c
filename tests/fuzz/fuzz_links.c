/* SPDX-License-Identifier: Apache-2.0 */
/* Each line of the input is a Link header, or any header line where it begins with a colon. */
#include <stdlib.h>
#include <string.h>

#include "core/uri.h"
#include "fuzz/fuzz.h"
#include "http/links.h"

static void add_header(oktai_headers *headers, fuzz_text value)
{
    oktai_buffer line = {0};
    if (value.length > 0 && value.text[0] == ':') {
        FUZZ_CHECK(oktai_buffer_append(&line, value.text + 1, value.length - 1));
    } else {
        FUZZ_CHECK(oktai_buffer_add_text(&line, "Link: ") &&
                   oktai_buffer_append(&line, value.text, value.length));
    }
    char *exact = fuzz_exact((fuzz_text){line.data, line.length});
    if (exact != NULL) {
        FUZZ_CHECK(oktai_headers_add_line(headers, exact, line.length));
    }
    free(exact);
    oktai_buffer_clear(&line);
}

/* It stands in one of the headers, and nowhere is a header that could not be read. */
static bool stands_in(const oktai_headers *headers, const char *target)
{
    bool found = false;
    size_t position = 0;
    const oktai_header *header;
    while ((header = oktai_headers_next(headers, "Link", &position)) != NULL) {
        FUZZ_CHECK(!header->damaged);
        found = found || strstr(header->value, target) != NULL;
    }
    return found;
}

static bool is_api(const char *target)
{
    const char *second = target + 1 + strcspn(target + 1, "/");
    return strncmp(target, "/api/v1/", 8) == 0 || strncmp(target, "/oauth2/v1/", 11) == 0 ||
           strncmp(second, "/api/v1/", 8) == 0 || strncmp(second, "/api/v2/", 8) == 0;
}

static void check_target(const oktai_headers *headers, const char *target)
{
    FUZZ_CHECK(oktai_uri_refuse_target(target, strlen(target)) == NULL);
    FUZZ_CHECK(fuzz_is_clean_target(target));
    FUZZ_CHECK(is_api(target));
    FUZZ_CHECK(stands_in(headers, target));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    oktai_headers headers = {0};
    oktai_arena arena = {0};
    const char *target = NULL;
    while (fuzz_more(&input)) {
        fuzz_text line = fuzz_line(&input);
        add_header(&headers, line);
        free(line.text);
    }
    oktai_link_result result = oktai_links_next(&headers, &arena, &target);
    FUZZ_CHECK((result == OKTAI_LINK_FOUND) == (target != NULL));
    FUZZ_CHECK(result != OKTAI_LINK_NO_MEMORY);
    if (target != NULL) {
        check_target(&headers, target);
    }
    oktai_arena_clear(&arena);
    oktai_headers_clear(&headers);
    return 0;
}
