/* SPDX-License-Identifier: Apache-2.0 */
/* Options as they are in force, for people: no secret comes through here. */
#include <inttypes.h>
#include <string.h>

#include "auth/assertion_file.h"
#include "config/check.h"
#include "config/config.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/utf8.h"
#include "http/route.h"
#include "keys/key_file.h"

#define GAP 2u

static const char masked[] = "***";

/* Where the user and password of a URL begin, if it has them. The URL may be damaged. */
static const char *behind_scheme(const char *url)
{
    size_t length = strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    return url + (strncmp(url + length, "://", 3) == 0 ? length + 3 : 0);
}

/* A URL without its password, or without its user where there is no password: that may be a token. A password
 * goes on to the last at-sign, whatever it holds. */
static char *mask_url(oktai_arena *arena, const char *url)
{
    const char *begin = behind_scheme(url);
    const char *at_sign = strrchr(begin, '@');
    const char *colon = strchr(begin, ':');
    if (at_sign == NULL) {
        return oktai_arena_strdup(arena, url);
    }
    size_t before = (size_t)((colon == NULL || colon > at_sign ? begin : colon + 1) - url);
    size_t after = strlen(at_sign);
    char *text = oktai_arena_text(arena, before + sizeof masked - 1 + after);
    if (text != NULL) {
        memcpy(text, url, before);
        memcpy(text + before, masked, sizeof masked - 1);
        memcpy(text + before + sizeof masked - 1, at_sign, after + 1);
    }
    return text;
}

static char *show_text(oktai_arena *arena, const oktai_option_row *row, const char *text)
{
    bool hidden = row->view == OKTAI_VIEW_SECRET ||
                  (row->view == OKTAI_VIEW_KEY && !oktai_key_is_shown(text)) ||
                  (row->view == OKTAI_VIEW_FILE && !oktai_assertion_file_is_shown(text));
    char *shown = row->view == OKTAI_VIEW_URL ? mask_url(arena, text)
                                              : oktai_arena_strdup(arena, hidden ? masked : text);
    if (shown != NULL) {
        oktai_utf8_flatten(shown, strlen(shown));
    }
    return shown;
}

static const char *choice_name(const oktai_option_row *row, int64_t number)
{
    for (int64_t i = 0; row->choices[i] != NULL; i++) {
        if (i == number) {
            return row->choices[i];
        }
    }
    return "unknown";
}

static char *show_number(oktai_arena *arena, int64_t number)
{
    oktai_buffer text = {0};
    oktai_buffer_printf(&text, "%" PRId64, number);
    char *copy = text.failed ? NULL : oktai_arena_copy(arena, text.data, text.length);
    oktai_buffer_clear(&text);
    return copy;
}

/* NULL: out of memory. */
static const char *show_value(oktai_arena *arena, const oktai_option_row *row,
                              const okta_client_options *options)
{
    if (row->type == OKTAI_OPTION_TEXT) {
        return show_text(arena, row, oktai_option_text(row, options));
    }
    if (row->type == OKTAI_OPTION_POINTER) {
        return "set";
    }
    int64_t number = oktai_option_number(row, options);
    return row->type == OKTAI_OPTION_CHOICE ? choice_name(row, number) : show_number(arena, number);
}

/* What holds when nothing is set; NULL: nothing, or out of memory. */
static const char *show_fallback(oktai_arena *arena, const oktai_option_row *row)
{
    return row->type == OKTAI_OPTION_CHOICE ? row->choices[0]
           : row->max != 0                  ? show_number(arena, row->fallback)
                                            : row->fallback_text;
}

static bool describe_row(oktai_arena *arena, size_t i, const okta_client_options *options,
                         okta_option_value *out)
{
    const oktai_option_row *row = &oktai_option_rows[i];
    const char *source = oktai_option_source(row, options);
    out->name = row->name;
    out->value = source == NULL ? show_fallback(arena, row) : show_value(arena, row, options);
    out->source = source == NULL ? "default" : oktai_arena_strdup(arena, source);
    return out->source != NULL && (out->value != NULL || (source == NULL && row->max == 0));
}

/* Without the option, the environment's is in force. */
static bool describe_proxy(oktai_arena *arena, const oktai_option_row *row,
                           const okta_client_options *options, okta_option_value *out)
{
    const char *url = NULL;
    const char *variable = NULL;
    if (out->value != NULL) {
        return true;
    }
    if (!oktai_route_look_at_environment(options->org_url, &url, &variable)) {
        return false;
    }
    if (url == NULL) {
        return true;
    }
    out->value = show_text(arena, row, url);
    out->source = variable;
    return out->value != NULL;
}

/* Characters, as a terminal counts most of them. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

static const char *or_dash(const char *text)
{
    return text == NULL ? "-" : *text == '\0' ? "\"\"" : text;
}

static size_t wider(size_t width, const char *text)
{
    return width_of(text) > width ? width_of(text) : width;
}

static void pad(oktai_buffer *text, size_t from, size_t to)
{
    for (size_t i = from; i < to + GAP; i++) {
        oktai_buffer_add_char(text, ' ');
    }
}

static void add_line(oktai_buffer *text, const size_t widths[2], const char *const cells[3])
{
    for (size_t i = 0; i < 2; i++) {
        oktai_buffer_add_text(text, cells[i]);
        pad(text, width_of(cells[i]), widths[i]);
    }
    oktai_buffer_add_text(text, cells[2]);
    oktai_buffer_add_char(text, '\n');
}

static char *make_table(oktai_arena *arena, const okta_option_values *values)
{
    oktai_buffer text = {0};
    size_t widths[2] = {0, 0};
    for (size_t i = 0; i < values->count; i++) {
        widths[0] = wider(widths[0], values->items[i].name);
        widths[1] = wider(widths[1], or_dash(values->items[i].value));
    }
    for (size_t i = 0; i < values->count; i++) {
        const okta_option_value *item = &values->items[i];
        add_line(&text, widths, (const char *const[]){item->name, or_dash(item->value), item->source});
    }
    for (size_t i = 0; i < values->unknown_count; i++) {
        const okta_unknown_option *unknown = &values->unknown[i];
        oktai_buffer_printf(&text, "%s: %s is no option", unknown->source, unknown->name);
        if (unknown->nearest != NULL) {
            oktai_buffer_printf(&text, "; is it meant to be %s?", unknown->nearest);
        }
        oktai_buffer_add_text(&text, unknown->is_foreign ? " of libokta\n" : "\n");
    }
    char *copy = text.failed ? NULL : oktai_arena_copy(arena, text.data, text.length);
    oktai_buffer_clear(&text);
    return copy;
}

/* Copies of what the loaded options remember. */
static bool describe_unknown(const okta_client_options *options, okta_option_values *values)
{
    oktai_arena *arena = oktai_root_arena(values);
    size_t count = options->origins == NULL ? 0 : options->origins->unknown_count;
    okta_unknown_option *items = count == 0 ? NULL : oktai_arena_array(arena, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        const oktai_unknown_name *unknown = &options->origins->unknown[i];
        items[i] = (okta_unknown_option){oktai_arena_strdup(arena, unknown->name),
                                         oktai_arena_strdup(arena, unknown->source), unknown->nearest,
                                         unknown->is_foreign};
        if (items[i].name == NULL || items[i].source == NULL) {
            return false;
        }
    }
    values->unknown = items;
    values->unknown_count = count;
    return count == 0 || items != NULL;
}

static okta_error *describe(const okta_client_options *options, okta_option_values *values)
{
    oktai_arena *arena = oktai_root_arena(values);
    okta_option_value *items = oktai_arena_array(arena, OKTAI_OPTION_ROWS, sizeof *items);
    if (items == NULL) {
        return oktai_error_nomem();
    }
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        if (oktai_option_rows[i].type == OKTAI_OPTION_PART) {
            continue;
        }
        bool ok = describe_row(arena, i, options, &items[values->count]);
        if (ok && strcmp(oktai_option_rows[i].name, "proxy") == 0) {
            ok = describe_proxy(arena, &oktai_option_rows[i], options, &items[values->count]);
        }
        if (!ok) {
            return oktai_error_nomem();
        }
        values->count++;
    }
    values->items = items;
    values->text = describe_unknown(options, values) ? make_table(arena, values) : NULL;
    return values->text == NULL ? oktai_error_nomem() : NULL;
}

okta_error *okta_client_options_describe(const okta_client_options *options, okta_option_values **out)
{
    okta_client_options known;
    if (out != NULL) {
        *out = NULL;
    }
    if (options == NULL || out == NULL) {
        return oktai_error_null(options == NULL ? "options" : "out");
    }
    okta_error *error = oktai_options_known(options, &known);
    if (error != NULL) {
        return error;
    }
    okta_option_values *values = oktai_root_new(sizeof *values, 4096, NULL);
    if (values == NULL) {
        return oktai_error_nomem();
    }
    error = describe(&known, values);
    if (error != NULL) {
        okta_free(values);
        return error;
    }
    *out = values;
    return NULL;
}
