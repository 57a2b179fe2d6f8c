/* SPDX-License-Identifier: Apache-2.0 */
/* The input is a file of YAML or JSON for one of the tools. */
#include <stdlib.h>
#include <string.h>

#include "common/document_read.h"
#include "fuzz/fuzz.h"
#include "okta/okta.h"

static const char *const words[] = {"a", "b", NULL};

/* What is refused names the file and a line of it. */
static void check_refused(okta_error *error, size_t lines)
{
    if (error == NULL) {
        return;
    }
    if (okta_error_status(error) == OKTA_E_CONFIG) {
        FUZZ_CHECK(strncmp(okta_error_message(error), "file:", 5) == 0);
        unsigned long line = strtoul(okta_error_message(error) + 5, NULL, 10);
        FUZZ_CHECK(line >= 1 && line <= lines);
    }
    okta_status status = fuzz_take(error);
    FUZZ_CHECK(status == OKTA_E_CONFIG || status == OKTA_E_NOMEM);
}

/* At most one of the types fits, and what fits is no error. */
static void check_types(document *file, const document_node *node, size_t lines)
{
    bool fits[5] = {document_mapping(file, node, words)};
    check_refused(document_error(file), lines);
    fits[1] = document_sequence(file, node);
    check_refused(document_error(file), lines);
    fits[2] = document_text(file, node) != NULL;
    check_refused(document_error(file), lines);
    fits[3] = document_integer(file, node, 0, INT64_MAX, -1) >= 0;
    check_refused(document_error(file), lines);
    fits[4] = document_truth(file, node, true) == document_truth(file, node, false);
    check_refused(document_error(file), lines);
    FUZZ_CHECK(fits[0] + fits[1] + fits[2] + fits[3] + fits[4] <= 1);
}

static void walk(document *file, const document_node *node, size_t lines)
{
    check_types(file, node, lines);
    FUZZ_CHECK(document_line(node) >= 1 && document_line(node) <= lines);
    for (const document_node *child = document_first(node); child != NULL; child = document_next(child)) {
        const char *name = document_member_name(child);
        FUZZ_CHECK(name == NULL || document_member(node, name) == child);
        walk(file, child, lines);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    fuzz_text text = fuzz_rest(&input);
    char *exact = fuzz_exact(text);
    document *file = NULL;
    size_t lines = 2;
    for (size_t i = 0; i < text.length; i++) {
        /* Of a line end of two bytes, and of one that YAML alone knows, there is a byte each. */
        lines += text.text[i] == '\n' || text.text[i] == '\r' || (unsigned char)text.text[i] >= 0x80;
    }
    okta_error *error = document_read("file", exact == NULL ? "" : exact, text.length, &file);
    FUZZ_CHECK((error == NULL) == (file != NULL));
    check_refused(error, lines);
    if (file != NULL) {
        walk(file, document_root(file), lines);
    }
    document_free(file);
    free(exact);
    free(text.text);
    return 0;
}
