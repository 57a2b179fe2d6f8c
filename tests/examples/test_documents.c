/* SPDX-License-Identifier: Apache-2.0 */
/* The code in the documents is code that is compiled and run: README.md shows examples/list_keys.c to the
 * byte, and each block of C in a guide page stands in an example or in guide_snippets.c, but for its
 * indentation. They are plain Markdown, and their links lead somewhere. The man page names every option that
 * the tool's own help names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run_program.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FENCE_OPEN  "```c\n"
#define FENCE_CLOSE "```\n"

static const char *const guides[] = {
    "README.md",          "CONTRIBUTING.md",     "docs/mainpage.md",       "docs/getting-started.md",
    "docs/ownership.md",  "docs/errors.md",      "docs/keys.md",           "docs/authentication.md",
    "docs/failures.md",   "docs/rate-limits.md", "docs/reference-to-c.md", "docs/custom-attributes.md",
    "docs/system-log.md", "docs/raw-libcurl.md", "docs/event-loops.md",    "docs/batches.md",
    "docs/deadlines.md",  "docs/tokens.md",      "docs/rotation.md",
};

/* Documents without code of their own, or with code of other languages. */
static const char *const other_documents[] = {
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/configuration.md",
    "docs/coverage.md",
    "docs/fuzzing.md",
    "docs/performance.md",
    "docs/reliability.md",
    "docs/security.md",
    "docs/operations.md",
    "docs/replay.md",
    "docs/inside.md",
    "docs/apply.md",
    "docs/rotation-daemon.md",
};

static const char *const compiled[] = {
    "examples/active_keys.c",         "examples/add_key.c",
    "examples/campaigns.c",           "examples/generate_and_activate.c",
    "examples/hsm_signer.c",          "examples/groups.c",
    "examples/list_keys.c",           "examples/loop_glib.c",
    "examples/loop_libevent.c",       "examples/loop_poll.c",
    "examples/loop_sd_event.c",       "examples/loop_uv.c",
    "examples/many_apps.c",           "examples/oidc_service_app.c",
    "examples/policy_rule.c",         "examples/poll_log.c",
    "examples/raw_pages.c",           "examples/reconcile.c",
    "examples/rotate_key.c",          "examples/service_app.c",
    "examples/update_without_loss.c", "examples/users.c",
    "examples/verify_id_token.c",     "src/api/application_sso_public_keys.c",
    "tests/examples/curl_snippets.c", "tests/examples/guide_snippets.c",
    "tests/examples/org_snippets.c",  "tests/examples/service_snippets.c",
};

static char *read_file(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot read %s", path);
    }
    size_t capacity = 1 << 18;
    char *text = malloc(capacity);
    assert_non_null(text);
    size_t length = fread(text, 1, capacity - 1, file);
    assert_true(length < capacity - 1);
    fclose(file);
    text[length] = '\0';
    return text;
}

/* The next block of C from `*at` on, which moves behind it. NULL: there is none. */
static char *next_block(const char **at)
{
    const char *start = strstr(*at, FENCE_OPEN);
    if (start == NULL) {
        return NULL;
    }
    start += strlen(FENCE_OPEN);
    const char *end = strstr(start, FENCE_CLOSE);
    assert_non_null(end);
    *at = end + strlen(FENCE_CLOSE);
    return strndup(start, (size_t)(end - start));
}

/* Drops the white space at the start of each line, in place. */
static char *without_indentation(char *text)
{
    char *out = text;
    bool at_start = true;
    for (const char *in = text; *in != '\0'; in++) {
        if (at_start && (*in == ' ' || *in == '\t')) {
            continue;
        }
        at_start = *in == '\n';
        *out++ = *in;
    }
    *out = '\0';
    return text;
}

/* `block` is made of whole lines, so it must also begin and end with whole lines where it is found. */
static bool has_lines(const char *text, const char *block)
{
    for (const char *at = text; (at = strstr(at, block)) != NULL; at++) {
        if (at == text || at[-1] == '\n') {
            return true;
        }
    }
    return false;
}

static bool is_compiled(const char *block)
{
    bool found = false;
    for (size_t i = 0; !found && i < sizeof compiled / sizeof compiled[0]; i++) {
        char *text = without_indentation(read_file(compiled[i]));
        found = has_lines(text, block);
        free(text);
    }
    return found;
}

static void the_readme_shows_the_first_program_as_it_is(void **state)
{
    (void)state;
    char *readme = read_file("README.md");
    char *program = read_file("examples/list_keys.c");
    const char *at = readme;
    char *block = next_block(&at);
    assert_non_null(block);
    assert_string_equal(block, program);
    free(block);
    free(program);
    free(readme);
}

static void every_block_of_code_is_compiled(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof guides / sizeof guides[0]; i++) {
        char *text = read_file(guides[i]);
        const char *at = text;
        for (char *block; (block = next_block(&at)) != NULL; free(block)) {
            count++;
            if (!is_compiled(without_indentation(block))) {
                fail_msg("%s: no compiled file has this block:\n%s", guides[i], block);
            }
        }
        free(text);
    }
    assert_true(count > 10);
}

/* The anchor of the heading that begins at `text`, as web sites make it: lower case, blanks become `-`, other
 * characters but letters, digits, `-` and `_` are dropped. */
static void anchor_of(const char *text, char *out, size_t size)
{
    size_t length = 0;
    for (; *text != '\n' && *text != '\0' && length + 1 < size; text++) {
        if (isalnum((unsigned char)*text) || *text == '-' || *text == '_') {
            out[length++] = (char)tolower((unsigned char)*text);
        } else if (*text == ' ') {
            out[length++] = '-';
        }
    }
    out[length] = '\0';
}

static bool has_anchor(const char *document, const char *anchor)
{
    char *text = read_file(document);
    bool found = false;
    for (const char *at = text; !found && (at = strstr(at, "\n#")) != NULL;) {
        at += 1 + strspn(at + 1, "#");
        char own[200];
        anchor_of(at + strspn(at, " "), own, sizeof own);
        found = strcmp(own, anchor) == 0;
    }
    free(text);
    return found;
}

/* `target`, which stands in `document`, is a file of the source and, behind `#`, a heading in it. */
static void follow(const char *document, const char *target)
{
    const char *hash = strchr(target, '#');
    size_t length = hash != NULL ? (size_t)(hash - target) : strlen(target);
    const char *slash = strrchr(document, '/');
    char file[300];
    if (length == 0) {
        snprintf(file, sizeof file, "%s", document);
    } else {
        snprintf(file, sizeof file, "%.*s%.*s", slash != NULL ? (int)(slash - document) + 1 : 0, document,
                 (int)length, target);
    }
    char path[1024];
    struct stat found;
    snprintf(path, sizeof path, "%s/%s", SOURCE_DIR, file);
    if (stat(path, &found) != 0) {
        fail_msg("%s: the link to %s leads nowhere", document, target);
    }
    if (hash != NULL && !has_anchor(file, hash + 1)) {
        fail_msg("%s: the link to %s leads to no heading", document, target);
    }
}

static size_t follow_links(const char *document)
{
    size_t count = 0;
    char *text = read_file(document);
    for (const char *at = text; (at = strstr(at, "](")) != NULL;) {
        at += strlen("](");
        char *target = strndup(at, strcspn(at, ")"));
        assert_non_null(target);
        if (strncmp(target, "https://", strlen("https://")) != 0) {
            follow(document, target);
            count++;
        }
        free(target);
    }
    free(text);
    return count;
}

static void links_lead_to_files_and_headings(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof guides / sizeof guides[0]; i++) {
        count += follow_links(guides[i]);
    }
    for (size_t i = 0; i < sizeof other_documents / sizeof other_documents[0]; i++) {
        count += follow_links(other_documents[i]);
    }
    assert_true(count > 50);
}

/* docs/page.awk adds what Doxygen wants. */
static void refuse_doxygen(const char *document)
{
    static const char *const commands[] = {"{#", "[TOC]", "@ref", " ::", "(::", "\n::"};
    char *text = read_file(document);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strstr(text, commands[i]) != NULL) {
            fail_msg("%s has \"%s\", which is Doxygen's; write plain Markdown", document, commands[i]);
        }
    }
    free(text);
}

static void documents_are_plain_markdown(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof guides / sizeof guides[0]; i++) {
        refuse_doxygen(guides[i]);
    }
    for (size_t i = 0; i < sizeof other_documents / sizeof other_documents[0]; i++) {
        refuse_doxygen(other_documents[i]);
    }
}

/* Whether the man page has `Fl -name` for the option `--name`. */
static bool man_page_names(const char *man_page, const char *name, size_t length)
{
    for (const char *at = man_page; (at = strstr(at, "Fl -")) != NULL;) {
        at += strlen("Fl -");
        if (strncmp(at, name, length) == 0 && strchr(" \n", at[length]) != NULL) {
            return true;
        }
    }
    return false;
}

static size_t check_options(const char *name, const char *man_page, const char *help)
{
    size_t count = 0;
    for (const char *at = help; (at = strstr(at, "--")) != NULL;) {
        at += strlen("--");
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
        count += length > 0;
        if (length > 0 && !man_page_names(man_page, at, length)) {
            fail_msg("%s does not name --%.*s", name, (int)length, at);
        }
    }
    return count;
}

static void the_man_pages_name_every_option(void **state)
{
    static const struct {
        const char *man_page;
        const char *words[4];
        size_t least; /* options in the help; that of a command which needs no org has the fewest */
    } topics[] = {
        {"docs/okta-keys.1", {OKTA_KEYS, "help"}, 7},
        {"docs/okta-keys.1", {OKTA_KEYS, "help", "add"}, 7},
        {"docs/okta-keys.1", {OKTA_KEYS, "help", "generate"}, 7},
        {"docs/okta-keys.1", {OKTA_KEYS, "help", "secrets", "create"}, 7},
        {"docs/okta-keys.1", {OKTA_KEYS, "help", "request"}, 7},
        {"docs/okta-keys.1", {OKTA_KEYS, "help", "thumbprint"}, 7},
        {"docs/okta-replay.1", {OKTA_REPLAY, "--help"}, 6},
#ifdef OKTA_ROTATIOND
        {"docs/okta-rotationd.8", {OKTA_ROTATIOND, "--help"}, 5},
#endif
    };
    (void)state;
    run_result *result = calloc(1, sizeof *result);
    assert_non_null(result);
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        const char *arguments[5] = {NULL};
        char *man_page = read_file(topics[i].man_page);
        memcpy(arguments, topics[i].words, sizeof topics[i].words);
        run_program(arguments, (const char *const[]){NULL}, result);
        assert_int_equal(result->exit_code, 0);
        assert_true(check_options(topics[i].man_page, man_page, result->out) >= topics[i].least);
        free(man_page);
    }
    free(result);
}

/* The table of examples has all of them, and the list of documents those that a user reads. */
static void the_readme_names_each_example_and_guide(void **state)
{
    char link[128];
    char *readme = read_file("README.md");
    (void)state;
    for (size_t i = 0; i < sizeof compiled / sizeof compiled[0]; i++) {
        const char *name = strrchr(compiled[i], '/') + 1;
        snprintf(link, sizeof link, "\n| [%s](%s) | ", name, compiled[i]);
        if (strncmp(compiled[i], "examples/", 9) == 0 && strstr(readme, link) == NULL) {
            fail_msg("README.md has no row for %s", compiled[i]);
        }
    }
    for (size_t i = 0; i < sizeof guides / sizeof guides[0]; i++) {
        bool is_index = strcmp(guides[i], "README.md") == 0 || strcmp(guides[i], "docs/mainpage.md") == 0;
        snprintf(link, sizeof link, "](%s)", guides[i]);
        if (!is_index && strstr(readme, link) == NULL) {
            fail_msg("README.md does not lead to %s", guides[i]);
        }
    }
    assert_non_null(strstr(readme, "](docs/many-calls.md)"));
    free(readme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_man_pages_name_every_option),
        cmocka_unit_test(the_readme_shows_the_first_program_as_it_is),
        cmocka_unit_test(the_readme_names_each_example_and_guide),
        cmocka_unit_test(every_block_of_code_is_compiled),
        cmocka_unit_test(links_lead_to_files_and_headings),
        cmocka_unit_test(documents_are_plain_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
