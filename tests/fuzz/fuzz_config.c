/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte of the input is 0: the rest is an okta.yaml. Else the rest are lines `NAME=value` of the
 * environment. */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/org_url.h"
#include "core/arena.h"
#include "fuzz/fuzz.h"

#define VARIABLES_MAX 32u

typedef struct environment {
    fuzz_text lines[VARIABLES_MAX];
    size_t count;
} environment;

static const char *variable(void *ctx, size_t i)
{
    const environment *all = ctx;
    return i < all->count ? all->lines[i].text : NULL;
}

static const okta_option_value *find(const okta_option_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++) {
        if (strcmp(values->items[i].name, name) == 0) {
            return &values->items[i];
        }
    }
    FUZZ_CHECK(values == NULL);
    return NULL;
}

/* What is shown has no secret, and a source for all that is set. */
static void check_shown(const okta_client_options *options)
{
    okta_option_values *values = NULL;
    fuzz_expect_success(okta_client_options_describe(options, &values));
    FUZZ_CHECK(values->count > 0 && values->text != NULL);
    for (size_t i = 0; i < values->count; i++) {
        FUZZ_CHECK(values->items[i].name != NULL && values->items[i].source != NULL);
    }
    const char *token = find(values, "token")->value;
    FUZZ_CHECK(options->token == NULL ? token == NULL : strcmp(token, "***") == 0);
    okta_free(values);
}

/* What the rows promise of the values that they take. */
static void check_values(const okta_client_options *options)
{
    FUZZ_CHECK(options->timeout_ms >= 0 && options->timeout_ms <= 86400000);
    FUZZ_CHECK(options->connect_timeout_ms >= 0 && options->connect_timeout_ms <= 86400000);
    FUZZ_CHECK(!options->max_retries.has ||
               (options->max_retries.value >= 0 && options->max_retries.value <= 20));
    FUZZ_CHECK(options->rate_limit_percent <= 100 && options->max_in_flight <= 75);
    FUZZ_CHECK(options->token == NULL || strpbrk(options->token, " \r\n\t") == NULL);
    FUZZ_CHECK(oktai_proxy_refuse(options->proxy) == NULL);
    if (options->org_url != NULL) {
        oktai_arena arena = {0};
        const char *origin;
        bool plain;
        fuzz_expect_success(oktai_org_url(options->org_url, &arena, &origin, &plain));
        oktai_arena_clear(&arena);
    }
    check_shown(options);
}

static void check_yaml(fuzz_text yaml)
{
    okta_client_options *options = oktai_root_new(sizeof *options, 0, NULL);
    FUZZ_CHECK(options != NULL);
    options->struct_size = sizeof *options;
    oktai_config config = {.arena = oktai_root_arena(options), .options = options};
    oktai_file_content content = {false, false};
    char *exact = fuzz_exact(yaml);
    okta_error *error =
        oktai_config_read_text(&config, "okta.yaml", exact == NULL ? "" : exact, yaml.length, &content);
    free(exact);
    FUZZ_CHECK(error == NULL || strncmp(okta_error_message(error), "okta.yaml", 9) == 0);
    okta_status status = fuzz_take(error);
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_CONFIG);
    if (status == OKTA_OK) {
        FUZZ_CHECK(options->token == NULL || content.has_secret);
        status = fuzz_take(oktai_config_join_proxy(&config));
        FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_CONFIG);
    }
    if (status == OKTA_OK) {
        check_values(options);
    }
    okta_free(options);
}

static void check_environment(fuzz_input *input)
{
    static const okta_client_options nothing = OKTA_CLIENT_OPTIONS_INIT;
    environment all = {.count = 0};
    okta_client_options *options = NULL;
    while (fuzz_more(input) && all.count < VARIABLES_MAX) {
        all.lines[all.count++] = fuzz_line(input);
    }
    const oktai_config_places places = {.variable = variable, .ctx = &all};
    okta_status status = fuzz_take(oktai_config_load(&places, &nothing, &options));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_CONFIG);
    FUZZ_CHECK((status == OKTA_OK) == (options != NULL));
    if (options != NULL) {
        check_values(options);
    }
    okta_free(options);
    while (all.count > 0) {
        free(all.lines[--all.count].text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    if (fuzz_choice(&input, 2) == 0) {
        fuzz_text yaml = fuzz_rest(&input);
        check_yaml(yaml);
        free(yaml.text);
    } else {
        check_environment(&input);
    }
    return 0;
}
