/* SPDX-License-Identifier: Apache-2.0 */
/* One value of a file or of the environment: checked against its row, and taken. */
#include <string.h>

#include "config/config.h"
#include "config/names.h"
#include "config/org_url.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/uri.h"
#include "core/utf8.h"

static const char separators[] = " \t\r\n,";

static size_t index_of(const oktai_option_row *row)
{
    return (size_t)(row - oktai_option_rows);
}

/* Digits without a sign or leading zeros, which some readers of YAML take for octal. */
static bool read_number(const char *text, int64_t max, int64_t *out)
{
    int64_t number = 0;
    if (*text == '\0' || (text[0] == '0' && text[1] != '\0')) {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        number = number * 10 + (*text - '0');
        if (number > max) {
            return false;
        }
    }
    *out = number;
    return true;
}

static okta_error *check_number(const oktai_option_row *row, const char *text, const char *subject,
                                int64_t *out)
{
    static const char *const units[] = {"", " of seconds", " of bytes"};
    if (read_number(text, row->max, out) && *out >= row->min) {
        return NULL;
    }
    return oktai_error_new(OKTA_E_CONFIG, "%s must be a whole number%s from %lld to %lld", subject,
                           units[row->unit], (long long)row->min, (long long)row->max);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether two words differ in the case of ASCII letters only. strcasecmp() depends on the locale: in a
 * Turkish one, I and i are different letters. */
static bool is_same_word(const char *a, const char *b)
{
    for (; *a != '\0' && lower(*a) == lower(*b); a++, b++) {
    }
    return *a == *b;
}

static okta_error *check_choice(const oktai_option_row *row, const char *text, const char *subject,
                                int64_t *out)
{
    for (int64_t i = 0; row->choices[i] != NULL; i++) {
        if (is_same_word(text, row->choices[i])) {
            *out = i;
            return NULL;
        }
    }
    return oktai_option_refuse_choice(row, subject);
}

/* The words of a list with single spaces between them. NULL: out of memory. */
static char *join_words(oktai_arena *arena, const char *text)
{
    char *words = oktai_arena_text(arena, strlen(text));
    char *at = words;
    while (words != NULL && *(text += strspn(text, separators)) != '\0') {
        size_t length = strcspn(text, separators);
        if (at != words) {
            *at++ = ' ';
        }
        memcpy(at, text, length);
        at += length;
        text += length;
    }
    if (words != NULL) {
        *at = '\0';
    }
    return words;
}

static const char *text_of(const oktai_config *config, const oktai_option_row *row)
{
    return row->type == OKTAI_OPTION_PART ? config->parts[row->part]
                                          : oktai_option_text(row, config->options);
}

/* A text that was checked, on its way into the options. */
typedef struct value {
    const char *text; /* NULL: it is the number */
    int64_t number;
} value;

static okta_error *read_value(oktai_config *config, const oktai_option_row *row, const char *text,
                              const char *subject, value *out)
{
    okta_error *error = NULL;
    bool is_text = row->type == OKTAI_OPTION_TEXT || row->type == OKTAI_OPTION_PART;
    if (row->type == OKTAI_OPTION_CHOICE) {
        error = check_choice(row, text, subject, &out->number);
    } else if (row->max != 0) {
        error = check_number(row, text, subject, &out->number);
        out->number *= oktai_option_scale(row);
    }
    if (error != NULL || !is_text) {
        return error;
    }
    bool none = row->none != NULL && is_same_word(text, row->none);
    out->text =
        row->is_list ? join_words(config->arena, text) : oktai_arena_strdup(config->arena, none ? "" : text);
    if (out->text == NULL) {
        return oktai_error_nomem();
    }
    return oktai_option_name_error(subject, row->check == NULL ? NULL : row->check(out->text));
}

static bool is_same_value(const oktai_config *config, const oktai_option_row *row, const value *given)
{
    return given->text == NULL ? oktai_option_number(row, config->options) == given->number
                               : strcmp(text_of(config, row), given->text) == 0;
}

static void set_value(oktai_config *config, const oktai_option_row *row, const value *given)
{
    if (given->text == NULL) {
        oktai_option_set_number(row, config->options, given->number);
    } else if (row->type == OKTAI_OPTION_PART) {
        config->parts[row->part] = given->text;
    } else {
        oktai_option_set_text(row, config->options, given->text);
    }
}

okta_error *oktai_config_take(oktai_config *config, const oktai_option_row *row, const char *text,
                              const char *subject, const char *origin)
{
    size_t i = index_of(row);
    value given = {0};
    if (text[row->is_list ? strspn(text, separators) : 0] == '\0') {
        return NULL;
    }
    okta_error *error = read_value(config, row, text, subject, &given);
    if (error != NULL) {
        return error;
    }
    if (config->subjects[i] != NULL && !is_same_value(config, row, &given)) {
        return oktai_error_new(OKTA_E_CONFIG, "%s and %s are one option, and differ: leave one of them out",
                               config->subjects[i], subject);
    }
    config->subjects[i] = oktai_arena_strdup(config->arena, subject);
    if (config->subjects[i] == NULL) {
        return oktai_error_nomem();
    }
    set_value(config, row, &given);
    /* 0 where 0 means "not set": the default holds, whatever an earlier place said. */
    bool is_default = row->type == OKTAI_OPTION_INT64 && given.number == 0;
    config->origins[i] = is_default ? NULL : origin;
    config->places[i] = is_default ? OKTAI_PLACE_NONE : config->place;
    return NULL;
}

void oktai_config_begin(oktai_config *config, oktai_place place)
{
    config->place = place;
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        config->subjects[i] = NULL;
    }
}

okta_error *oktai_config_unknown(oktai_config *config, const char *name, const char *source)
{
    oktai_name_advice advice = oktai_name_advise(name);
    const oktai_option_row *near = advice.nearest;
    const char *misplaced = source == NULL ? NULL : oktai_path_misplaced(name);
    char *copy = oktai_arena_strdup(config->arena, name);
    oktai_unknown_name *unknown =
        copy == NULL ? NULL : oktai_arena_push(config->arena, &config->unknown, sizeof(oktai_unknown_name));
    if (unknown == NULL) {
        return oktai_error_nomem();
    }
    oktai_utf8_flatten(copy, strlen(copy));
    *unknown =
        (oktai_unknown_name){.name = copy,
                             .source = source == NULL ? copy : source,
                             .nearest = near == NULL     ? misplaced
                                        : source == NULL ? near->variable
                                                         : near->path,
                             .row = near != NULL || misplaced == NULL ? near : oktai_row_of_path(misplaced),
                             .is_foreign = advice.is_foreign};
    return NULL;
}

static const oktai_option_row *row_of_part(oktai_proxy_part part)
{
    const oktai_option_row *row = oktai_option_rows;
    while (row->type != OKTAI_OPTION_PART || row->part != part) {
        row++;
    }
    return row;
}

static void add_user(oktai_buffer *url, const char *user, const char *password)
{
    oktai_uri_encode(url, user);
    if (password != NULL) {
        oktai_buffer_add_char(url, ':');
        oktai_uri_encode(url, password);
    }
    oktai_buffer_add_char(url, '@');
}

static void write_proxy(const oktai_config *config, bool with_user, oktai_buffer *url)
{
    const char *const *parts = config->parts;
    const char *host = parts[OKTAI_PROXY_HOST];
    const char *scheme_end = strstr(host, "://");
    if (scheme_end == NULL) {
        oktai_buffer_add_text(url, "http://");
    } else {
        oktai_buffer_append(url, host, (size_t)(scheme_end + 3 - host));
        host = scheme_end + 3;
    }
    if (with_user && parts[OKTAI_PROXY_USERNAME] != NULL) {
        add_user(url, parts[OKTAI_PROXY_USERNAME], parts[OKTAI_PROXY_PASSWORD]);
    }
    const char *colon = strchr(host, ':');
    bool is_bare_ipv6 = host[0] != '[' && colon != NULL && strchr(colon + 1, ':') != NULL;
    oktai_buffer_printf(url, is_bare_ipv6 ? "[%s]" : "%s", host);
    if (parts[OKTAI_PROXY_PORT] != NULL) {
        oktai_buffer_printf(url, ":%s", parts[OKTAI_PROXY_PORT]);
    }
}

/* The part that is the reason why the others cannot be used; NULL: none is. */
static const oktai_option_row *find_lonely(const oktai_config *config, const char **needs)
{
    const char *const *parts = config->parts;
    for (unsigned part = OKTAI_PROXY_PORT; parts[OKTAI_PROXY_HOST] == NULL && part < OKTAI_PROXY_PARTS;
         part++) {
        if (parts[part] != NULL) {
            *needs = "needs a host of the proxy beside it: OKTA_CLIENT_PROXY_HOST, or proxy.host in a file";
            return row_of_part(part);
        }
    }
    if (parts[OKTAI_PROXY_PASSWORD] != NULL && parts[OKTAI_PROXY_USERNAME] == NULL) {
        *needs =
            "needs a user of the proxy beside it: OKTA_CLIENT_PROXY_USERNAME, or proxy.username in a file";
        return row_of_part(OKTAI_PROXY_PASSWORD);
    }
    return NULL;
}

okta_error *oktai_config_join_proxy(oktai_config *config)
{
    const char *needs = NULL;
    const oktai_option_row *host = row_of_part(OKTAI_PROXY_HOST);
    const oktai_option_row *lonely = find_lonely(config, &needs);
    if (lonely != NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "%s: the proxy %s", config->origins[index_of(lonely)], needs);
    }
    if (config->parts[OKTAI_PROXY_HOST] == NULL) {
        return NULL;
    }
    /* libcurl reads the URL first without user and password: it does not wipe its copies. */
    oktai_buffer url = {0};
    write_proxy(config, false, &url);
    const char *reason = url.failed ? NULL : oktai_proxy_refuse(url.data);
    oktai_buffer_reset(&url);
    write_proxy(config, true, &url);
    const char *copy = url.failed ? NULL : oktai_arena_copy(config->arena, url.data, url.length);
    oktai_buffer_clear(&url);
    if (copy == NULL) {
        return oktai_error_nomem();
    }
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "%s: the proxy %s", config->origins[index_of(host)], reason);
    }
    /* The row of the whole stands before those of its parts. */
    oktai_option_set_text(host - 1, config->options, copy);
    config->origins[index_of(host - 1)] = config->origins[index_of(host)];
    config->places[index_of(host - 1)] = config->places[index_of(host)];
    return NULL;
}
