/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets in texts that others wrote: as they are, escaped and in base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "core/redaction.h"
#include "unit/allocations.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define SECRET "pa55/wo+rd=\"x y\""

static void expect_hidden(const char *secret, const char *text, const char *expected)
{
    oktai_redactor redactor = {0};
    assert_true(oktai_redactor_add(&redactor, "another-secret"));
    assert_true(oktai_redactor_add(&redactor, secret));
    const char *hidden = oktai_redactor_hide(&redactor, text);
    if (hidden == NULL || strcmp(hidden, expected) != 0) {
        fail_msg("%s: %s, not %s", text, hidden, expected);
    }
    assert_int_equal(hidden == text, strcmp(text, expected) == 0);
    oktai_redactor_clear(&redactor);
}

static void hides_a_secret_in_every_form(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"", ""},
        {"nothing", "nothing"},
        {SECRET, "***"},
        {"a " SECRET " b " SECRET, "a *** b ***"},
        {SECRET SECRET, "******"},
        {"x another-secret y " SECRET "z", "x *** y ***z"},
        {"pa55/wo+rd=\"x ", "pa55/wo+rd=\"x "},
        /* percent-encoded: all, some, in either case, and as a form */
        {"?p=pa55%2Fwo%2Brd%3D%22x%20y%22&q", "?p=***&q"},
        {"?p=pa55%2fwo%2brd%3d%22x%20y%22&q", "?p=***&q"},
        {"?p=pa55%2Fwo%2Brd%3D%22x+y%22&q", "?p=***&q"},
        {"%70%61%35%35%2f%77%6f%2b%72%64%3d%22%78%20%79%22", "***"},
        {"100% of pa55%", "100% of pa55%"},
        /* JSON */
        {"{\"p\":\"pa55/wo+rd=\\\"x y\\\"\"}", "{\"p\":\"***\"}"},
        {"{\"p\":\"pa55\\/wo\\u002Brd=\\\"x y\\u0022\"}", "{\"p\":\"***\"}"},
        {"\\u0070\\u0061\\u0035\\u0035\\u002f\\u0077\\u006f\\u002b\\u0072\\u0064\\u003d\\u0022\\u0078\\u0020"
         "\\u0079\\u0022",
         "***"},
        {"\\u00", "\\u00"},
        {"a\\", "a\\"},
        /* base64 of it alone, and behind one, two and three bytes */
        {"cGE1NS93bytyZD0ieCB5Ig==", "***"},
        {"Basic eDpwYTU1L3dvK3JkPSJ4IHkiOg== end", "Basic *** end"},
        {"Basic eHg6cGE1NS93bytyZD0ieCB5IjE= end", "Basic *** end"},
        {"Basic eHBhNTUvd28rcmQ9InggeSI=.", "Basic ***."},
        {"token=cGE1NS93bytyZD0ieCB5Ig,", "***,"},
        /* and that escaped */
        {"Basic eDpwYTU1L3dvK3JkPSJ4IHkiOg%3D%3D end", "Basic ***%3D%3D end"},
        {"Basic eDpwYTU1L3dvK3JkPSJ4IHk%69Og%3D%3D end", "Basic *** end"},
        {"\"eDpwYTU1L3dvK3JkPSJ4IHkiOg\\u003d\\u003d\"", "\"***\\u003d\\u003d\""},
        {"\"eDpwYTU1L3dvK3\\u004akPSJ4IHkiOg\\u003d\\u003d\"", "\"***\""},
        /* HTML: names and numbers, with and without a semicolon, in either case */
        {"<title>pa55/wo+rd=&quot;x y&quot; - Error</title>", "<title>*** - Error</title>"},
        {"(pa55/wo+rd=&#34;x y&#34;)", "(***)"},
        {"(pa55&#x2F;wo&#x2b;rd&#x3D;&#x22;x&#32;y&quot;)", "(***)"},
        {"(pa55&#X2F;wo&#X2B;rd&#61&#00034x&#x20y&quot)", "(***)"},
        {"&#112;&#97;&#53;&#53;&#47;&#119;&#111;&#43;&#114;&#100;&#61;&#34;&#120;&#32;&#121;&#34;", "***"},
        {"pa55&#x2F", "pa55&#x2F"},
        {"&", "&"},
        {"&#", "&#"},
        {"&#x;&#;&no;", "&#x;&#;&no;"},
        {"Basic eDpwYTU1L3dvK3JkPSJ4IHkiOg&#61;&#61; end", "Basic ***&#61;&#61; end"},
        {"Basic eDpwYTU1L3dv&#43;3JkPSJ4IHkiOg end", "Basic eDpwYTU1L3dv&#43;3JkPSJ4IHkiOg end"},
        {"Basic eDpwYTU1L3dvK3&#74;kPSJ4IHkiOg&#x3d;&#x3D; end", "Basic *** end"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect_hidden(SECRET, cases[i].text, cases[i].expected);
    }
}

static void short_secrets_and_no_secrets_hide_nothing(void **state)
{
    oktai_redactor redactor = {0};
    oktai_secrets secrets = {0};
    static const char text[] = "seven77 and NULL";
    (void)state;
    assert_true(oktai_secrets_add(&secrets, "seven77", 7));
    assert_int_equal(secrets.texts.count, 0);
    assert_true(oktai_redactor_add(&redactor, "seven77"));
    assert_true(oktai_redactor_add(&redactor, NULL));
    assert_true(oktai_redactor_add_set(&redactor, NULL));
    assert_true(oktai_redactor_add_set(&redactor, &secrets));
    assert_ptr_equal(oktai_redactor_hide(&redactor, text), text);
    oktai_redactor_clear(&redactor);
    oktai_secrets_clear(&secrets);
}

static void the_longest_secret_goes_whole(void **state)
{
    oktai_redactor redactor = {0};
    oktai_secrets secrets = {0};
    (void)state;
    assert_true(oktai_secrets_add(&secrets, "abcdefghij-and-more", 10));
    assert_true(oktai_secrets_add(&secrets, "abcdefghijklmnop", 16));
    assert_true(oktai_secrets_add(&secrets, "abcdefghi", 9));
    assert_true(oktai_redactor_add_set(&redactor, &secrets));
    oktai_secrets_clear(&secrets);
    assert_string_equal(oktai_redactor_hide(&redactor, "-abcdefghijklmnop-abcdefghijk-"), "-***-***k-");
    oktai_redactor_clear(&redactor);
}

/* As pages write what they were sent: what is markup by its name, any other by its number. */
static char *in_html(uint64_t *chance, const char *secret)
{
    static const char *const numbers[] = {"&#%u;", "&#x%x;", "&#X%X;", "&#%03u;"};
    static const char markup[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    char *out = calloc(1, strlen(secret) * 7 + 1);
    for (const char *p = secret; *p != '\0'; p++) {
        char *end = out + strlen(out);
        const char *found = strchr(markup, *p);
        if (found == NULL && pick(chance, 2) == 0) {
            *end = *p;
        } else if (found != NULL && pick(chance, 2) == 0) {
            (void)snprintf(end, 8, "%s", names[found - markup]);
        } else {
            (void)snprintf(end, 8, numbers[pick(chance, 4)], (unsigned)(unsigned char)*p);
        }
    }
    return out;
}

static char *escaped(uint64_t *chance, const char *secret, int how)
{
    char *out = calloc(1, strlen(secret) * 6 + 1);
    for (const char *p = secret; *p != '\0'; p++) {
        char *end = out + strlen(out);
        bool plain = pick(chance, 2) == 0 && strchr("%+\\\"", *p) == NULL;
        const char *format = plain ? "%c" : how == 1 ? (pick(chance, 2) ? "%%%02x" : "%%%02X") : "\\u%04x";
        (void)snprintf(end, 7, format, (unsigned char)*p);
    }
    return out;
}

static char *in_base64(uint64_t *chance, const char *secret, bool url)
{
    char bytes[512];
    char *out = calloc(1, 1024);
    snprintf(bytes, sizeof bytes, "%.*s%s%.*s", (int)pick(chance, 6), "user:x", secret, (int)pick(chance, 4),
             "end!");
    (void)EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)bytes, (int)strlen(bytes));
    for (char *p = out; url && *p != '\0'; p++) {
        *p = *p == '+' ? '-' : *p == '/' ? '_' : *p == '=' ? '\0' : *p;
    }
    return out;
}

/* Texts around a secret stay as they are, whatever the secret is made of. */
static void hides_a_secret_of_markup(void **state)
{
    static const char secret[] = "<a&b>'c'\"d\"";
    (void)state;
    expect_hidden(secret, "(&lt;a&amp;b&gt;&apos;c&apos;&quot;d&quot;)", "(***)");
    expect_hidden(secret, "(&lt;a&amp;b&gt;&#39;c&#39;&#34;d&#34;)", "(***)");
    expect_hidden(secret, "(&lt;a&amp;b>'c&#x27;&#x22;d\")", "(***)");
    expect_hidden(secret, "(&lt;a&amp;b>'c&#x27;&#x22;e\")", "(&lt;a&amp;b>'c&#x27;&#x22;e\")");
    /* A number that is beyond ASCII, or longer than anybody writes, is another letter. */
    expect_hidden(secret, "(&#316;a&amp;b>'c'\"d\")", "(&#316;a&amp;b>'c'\"d\")");
    expect_hidden(secret, "(&#4294967356;a&amp;b>'c'\"d\")", "(&#4294967356;a&amp;b>'c'\"d\")");
}

/* The end of one and the beginning of the other make an escape, as long as the first one is there. */
static void hides_a_secret_behind_one_that_is_hidden_later(void **state)
{
    static const char secret[] = "c\"d secret%5";
    (void)state;
    expect_hidden(secret, "c\\\"d secret%5c%22d%20secret%255", "******");
    expect_hidden(secret, "(c\\\"d secret%5c%22d+secret%255)", "(******)");
}

static void hides_random_secrets_in_random_texts(void **state)
{
    static const char letters[] = "abcXYZ019-_.~!$&()*,;:@ /+=%\\\"'<>{}[]";
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t chance = i + 1;
        char secret[128] = "";
        size_t length = 8 + pick(&chance, 80);
        for (size_t k = 0; k < length; k++) {
            secret[k] = letters[pick(&chance, sizeof letters - 1)];
        }
        int how = (int)pick(&chance, 6);
        char *form = how == 0   ? strdup(secret)
                     : how <= 2 ? escaped(&chance, secret, how)
                     : how == 5 ? in_html(&chance, secret)
                                : in_base64(&chance, secret, how == 4);
        char text[2048];
        char expected[64];
        snprintf(text, sizeof text, "<before> (%s) <behind>", form);
        snprintf(expected, sizeof expected, "<before> (***) <behind>");
        expect_hidden(secret, text, expected);
        free(form);
    }
}

/* A text that begins the secret again and again is not compared for ever. */
static void takes_time_that_is_linear_in_the_text(void **state)
{
    enum { SECRET_LENGTH = 8192, TEXT_LENGTH = 1 << 20 };
    char *secret = calloc(1, SECRET_LENGTH + 1);
    char *text = calloc(1, TEXT_LENGTH + 1);
    oktai_redactor redactor = {0};
    (void)state;
    assert_non_null(secret);
    assert_non_null(text);
    for (size_t i = 0; i < SECRET_LENGTH; i++) {
        secret[i] = i + 1 < SECRET_LENGTH ? 'a' : 'b';
    }
    for (size_t i = 0; i < TEXT_LENGTH; i++) {
        text[i] = 'a';
    }
    assert_true(oktai_redactor_add(&redactor, secret));
    assert_string_equal(oktai_redactor_hide(&redactor, text), "***");
    oktai_redactor_clear(&redactor);
    free(secret);
    free(text);
}

/* A text of `length` bytes, which repeats `part`. Release it with free(). */
static char *repeat(const char *part, size_t length)
{
    size_t part_length = strlen(part);
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        text[i] = part[i % part_length];
    }
    text[length] = '\0';
    return text;
}

/* Each form that a text may have costs a reading, and so does what was hidden: 32 MiB are read at most, in
 * how many texts ever. What is beyond is not shown, also if it holds no secret. */
static void reads_only_so_much(void **state)
{
    enum { MIB = 1 << 20 };
    static const struct {
        const char *part;
        size_t length;
        size_t times;
        bool shown;
    } cases[] = {
        {"innocent ", 15 * MIB, 1, true},
        {"innocent ", 16 * MIB, 1, true}, /* read twice */
        {"innocent ", 17 * MIB, 1, false},
        {"innocent ", MIB, 16, true},
        {"innocent ", MIB, 17, false},
        {"%41 \\u0041 +&amp; ", 3 * MIB, 1, true},
        {"%41 \\u0041 +&amp; ", 4 * MIB, 1, false}, /* nine forms */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = repeat(cases[i].part, cases[i].length);
        oktai_redactor redactor = {0};
        const char *shown = NULL;
        assert_true(oktai_redactor_add(&redactor, "0123456789abcdef"));
        for (size_t k = 0; k < cases[i].times; k++) {
            shown = oktai_redactor_hide(&redactor, text);
        }
        if (cases[i].shown) {
            assert_ptr_equal(shown, text);
        } else {
            assert_string_equal(shown, "***");
        }
        oktai_redactor_clear(&redactor);
        free(text);
    }
}

static void memory_that_ends_shows_nothing(void **state)
{
    bool failed = true;
    (void)state;
    for (size_t nth = 1; failed; nth++) {
        oktai_redactor redactor = {0};
        oktai_secrets secrets = {0};
        const char *hidden = NULL;
        allocations_begin(nth, false);
        bool known = oktai_secrets_add(&secrets, SECRET, strlen(SECRET)) &&
                     oktai_redactor_add_set(&redactor, &secrets);
        if (known) {
            hidden = oktai_redactor_hide(&redactor, "a " SECRET);
        }
        failed = allocations_end();
        assert_true(failed || (hidden != NULL && strcmp(hidden, "a ***") == 0));
        assert_true(hidden == NULL || strstr(hidden, SECRET) == NULL);
        oktai_redactor_clear(&redactor);
        oktai_secrets_clear(&secrets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hides_a_secret_in_every_form),
        cmocka_unit_test(hides_a_secret_of_markup),
        cmocka_unit_test(short_secrets_and_no_secrets_hide_nothing),
        cmocka_unit_test(the_longest_secret_goes_whole),
        cmocka_unit_test(hides_a_secret_behind_one_that_is_hidden_later),
        cmocka_unit_test(hides_random_secrets_in_random_texts),
        cmocka_unit_test(takes_time_that_is_linear_in_the_text),
        cmocka_unit_test(reads_only_so_much),
        cmocka_unit_test(memory_that_ends_shows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
