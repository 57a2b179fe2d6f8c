/* SPDX-License-Identifier: Apache-2.0 */
/* Random documents of the model `everything`, and damage to texts. */
#include "unit/json_models.h"
#include "unit/json_oracle.h"

#include <string.h>

#define LEVELS 4

typedef struct generator {
    test_random *random;
    oktai_buffer *document;
    oktai_buffer *redacted;
    unsigned muted; /* inside a secret: the redacted text stands still */
    unsigned names; /* how many unknown names there are so far */
} generator;

static void put(generator *g, const char *text)
{
    assert_true(oktai_buffer_add_text(g->document, text));
    if (g->muted == 0) {
        assert_true(oktai_buffer_add_text(g->redacted, text));
    }
}

static size_t pick(generator *g, size_t below)
{
    return random_below(g->random, below);
}

#define PICK(g, array) ((array)[pick((g), sizeof(array) / sizeof(array)[0])])

static void space(generator *g)
{
    static const char *const spaces[] = {"", "", "", "", " ", "\n", "\t ", "\r\n"};
    put(g, PICK(g, spaces));
}

static void put_string(generator *g)
{
    static const char *const pieces[] = {
        "a",
        "xyz",
        "0",
        "\\\"",
        "\\\\",
        "/",
        "\\/",
        "\\n",
        "\\u001f",
        "{",
        "]",
        ",",
        "\\u00fc",
        "\\u20AC",
        "\xc3\xbc",
        "\xe2\x82\xac",
        "\\ud83d\\ude00",
        ":",
        "\x7f",
        "\\u0001",
        "\xf0\x9f\x98\x80",
        "\xef\xbf\xbf",
        "null",
        "***",
        "\\b\\f\\r\\t",
    };
    put(g, "\"");
    for (size_t left = pick(g, 6); left > 0; left--) {
        put(g, PICK(g, pieces));
    }
    put(g, "\"");
}

static void put_number(generator *g)
{
    static const char *const numbers[] = {
        "0",
        "-1",
        "7",
        "9007199254740993",
        "-9223372036854775808",
        "9223372036854775807",
        "1.0",
        "1e2",
        "1.10",
        "-0.5",
        "9223372036854775808",
        "0.1",
        "2E-3",
        "1e22",
        "123456",
        "-0",
        "-0.0",
        "1.7976931348623157e308",
        "5e-324",
    };
    put(g, PICK(g, numbers));
}

static void put_free(generator *g, unsigned level);

static void put_free_array(generator *g, unsigned level)
{
    put(g, "[");
    space(g);
    for (size_t i = 0, count = pick(g, 4); i < count; i++) {
        put(g, i > 0 ? "," : "");
        put_free(g, level + 1);
    }
    put(g, "]");
}

/* A name that no object has twice. */
static void put_fresh_name(generator *g)
{
    char name[24] = "\"u";
    size_t length = 2;
    for (unsigned n = ++g->names; n > 0; n /= 10) {
        name[length++] = (char)('0' + n % 10);
    }
    memcpy(name + length, "\"", 2);
    put(g, name);
    space(g);
    put(g, ":");
}

static void put_unknown(generator *g, unsigned level)
{
    put_fresh_name(g);
    put_free(g, level);
}

static void put_free_object(generator *g, unsigned level)
{
    put(g, "{");
    space(g);
    for (size_t i = 0, count = pick(g, 4); i < count; i++) {
        put(g, i > 0 ? "," : "");
        space(g);
        put_unknown(g, level + 1);
    }
    put(g, "}");
}

/* Any JSON, without a name that is secret. */
static void put_free(generator *g, unsigned level)
{
    static const char *const literals[] = {"true", "false", "null"};
    space(g);
    switch (pick(g, level < LEVELS ? 5 : 3)) {
    case 0:
        put_string(g);
        break;
    case 1:
        put_number(g);
        break;
    case 2:
        put(g, PICK(g, literals));
        break;
    case 3:
        put_free_array(g, level);
        break;
    default:
        put_free_object(g, level);
        break;
    }
    space(g);
}

static void put_model(generator *g, const okta_descriptor *type, unsigned level);

static void put_color(generator *g)
{
    static const char *const colors[] = {"\"RED\"",  "\"GREEN\"",    "\"light blue\"",
                                         "\"PINK\"", "\"red\"",      "\"light\\u0020blue\"",
                                         "\"\"",     "\"P\\u00fc\"", "\"\\u0052ED\""};
    put(g, PICK(g, colors));
}

static void put_array(generator *g, unsigned level, void (*element)(generator *, unsigned))
{
    put(g, "[");
    for (size_t i = 0, count = pick(g, 4); i < count; i++) {
        put(g, i > 0 ? "," : "");
        space(g);
        element(g, level);
        space(g);
    }
    put(g, "]");
}

static void string_element(generator *g, unsigned level)
{
    if (pick(g, 12) == 0) {
        put_free(g, level);
    } else {
        put_string(g);
    }
}

static void color_element(generator *g, unsigned level)
{
    if (pick(g, 12) == 0) {
        put_free(g, level);
    } else {
        put_color(g);
    }
}

static void object_element(generator *g, unsigned level)
{
    if (pick(g, 6) == 0) {
        put_free(g, level);
    } else {
        put_model(g, &everything_model, level + 1);
    }
}

static void put_map(generator *g, unsigned level, void (*element)(generator *, unsigned))
{
    put(g, "{");
    for (size_t i = 0, count = pick(g, 4); i < count; i++) {
        put(g, i > 0 ? "," : "");
        space(g);
        put_fresh_name(g);
        space(g);
        element(g, level);
        space(g);
    }
    put(g, "}");
}

/* A value of the kind that the row takes. */
static void put_kind(generator *g, const oktai_row *row, unsigned level)
{
    switch ((oktai_kind)row->kind) {
    case OKTAI_KIND_STRING:
        put_string(g);
        break;
    case OKTAI_KIND_JSON:
        put_free(g, level);
        break;
    case OKTAI_KIND_BOOL:
        put(g, pick(g, 2) == 0 ? "true" : "false");
        break;
    case OKTAI_KIND_INT:
    case OKTAI_KIND_DOUBLE:
        put_number(g);
        break;
    case OKTAI_KIND_ENUM:
        put_color(g);
        break;
    case OKTAI_KIND_OBJECT:
        put_model(g, row->of.object, level + 1);
        break;
    case OKTAI_KIND_STRINGS:
        put_array(g, level, string_element);
        break;
    case OKTAI_KIND_ENUMS:
        put_array(g, level, color_element);
        break;
    case OKTAI_KIND_OBJECTS:
        put_array(g, level, object_element);
        break;
    case OKTAI_KIND_MAP_STRINGS:
        put_map(g, level, string_element);
        break;
    case OKTAI_KIND_MAP_OBJECTS:
        put_map(g, level, object_element);
        break;
    }
}

/* One of the rows of a name. */
static const oktai_row *pick_of_name(generator *g, const oktai_row *row)
{
    while (oktai_row_next(row) != NULL && pick(g, 4) != 0) {
        row = oktai_row_next(row);
    }
    return row;
}

static void put_secret(generator *g, const char *name)
{
    static const char *const secrets[] = {
        "\"" ORACLE_SECRET "\"",
        "\"a\\\"" ORACLE_SECRET "\\\\\"",
        "[\"" ORACLE_SECRET "\", \"" ORACLE_SECRET "\"]",
        "[]",
        "{\"text\": \"" ORACLE_SECRET "\",\"u0\":{\"" ORACLE_SECRET "\":1}}",
        "17",
        "true",
    };
    put(g, "\"");
    put(g, name);
    put(g, "\"");
    space(g);
    put(g, ":");
    space(g);
    g->muted++;
    put(g, PICK(g, secrets));
    g->muted--;
    if (g->muted == 0) {
        assert_true(oktai_buffer_add_text(g->redacted, "\"***\""));
    }
}

static void put_row(generator *g, const oktai_row *row, unsigned level)
{
    if ((row->flags & OKTAI_ROW_SECRET) != 0) {
        put_secret(g, row->name);
        return;
    }
    put(g, "\"");
    put(g, row->name);
    put(g, "\"");
    space(g);
    put(g, ":");
    space(g);
    size_t what = pick(g, 10);
    if (what == 0) {
        put(g, "null");
    } else if (what == 1) {
        put_free(g, level);
    } else {
        put_kind(g, pick_of_name(g, row), level);
    }
}

static void put_model(generator *g, const okta_descriptor *type, unsigned level)
{
    if (level > LEVELS) {
        put(g, "{}");
        return;
    }
    const char *comma = "";
    size_t rows = type->row_count;
    size_t first = pick(g, rows);
    put(g, "{");
    for (size_t i = 0; i < rows; i++) {
        size_t number = (first + i) % rows;
        bool repeats = number > 0 && oktai_row_next(&type->rows[number - 1]) != NULL;
        if (repeats || pick(g, 2 + level) != 0) {
            continue;
        }
        put(g, comma);
        comma = ",";
        space(g);
        put_row(g, &type->rows[number], level);
        space(g);
        if (pick(g, 4) == 0) {
            put(g, ",");
            space(g);
            put_unknown(g, level);
        }
    }
    if (pick(g, 5) == 0) {
        put(g, comma);
        put_secret(g, pick(g, 2) == 0 ? "pin" : "hidden");
    }
    put(g, "}");
}

void random_document(test_random *random, oktai_buffer *document, oktai_buffer *redacted)
{
    oktai_buffer_reset(document);
    oktai_buffer_reset(redacted);
    generator g = {.random = random, .document = document, .redacted = redacted};
    space(&g);
    put_model(&g, &everything_model, 0);
    space(&g);
}

void random_damage(test_random *random, oktai_buffer *text)
{
    static const char bytes[] =
        "\"\\{}[],: \t\n0123456789eE+-.truefalsn/bu\x01\x7f\x80\xbf\xc0\xe2\xed\xf0\xff";
    for (size_t times = 1 + random_below(random, 3); times > 0 && text->length > 1; times--) {
        size_t at = random_below(random, text->length);
        char *place = text->data + at;
        switch (random_below(random, 5)) {
        case 0:
            *place = (char)(*place ^ (1 << random_below(random, 8)));
            break;
        case 1:
            memmove(place, place + 1, text->length - at);
            text->length--;
            break;
        case 2:
            *place = text->data[random_below(random, text->length)];
            break;
        case 3:
            text->length = at + 1;
            text->data[text->length] = '\0';
            break;
        default:
            *place = bytes[random_below(random, sizeof bytes)];
            break;
        }
    }
}
