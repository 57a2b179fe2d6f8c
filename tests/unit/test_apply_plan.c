/* SPDX-License-Identifier: Apache-2.0 */
/* tools/okta-keys/apply_plan.h: which changes, in which order, and what stands against them. Then random
 * files and apps: a model of an app's rules takes each change, and a run that ends anywhere is gone on with.
 *
 * A key is a word: KID/USE/STATUS/MATERIAL. USE is s, e, or - in a file that does not say. STATUS is a, i, or
 * x for absent. MATERIAL is a letter; without it a file names the kid alone, and ? cannot be read. In an app
 * the kid `.` is none. A key of a file is on the line that its place in it gives, from 1 on; the app is on
 * line 100. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "allocations.h"
#include "mutate.h"
#include "okta-keys/apply_plan.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST         64u
#define TEXT_SIZE    4096u

typedef struct key_text {
    char kid[16], id[20], use, status, material[2];
} key_text;

typedef struct world {
    key_text wanted_text[MOST], held_text[MOST];
    apply_wanted wanted[MOST];
    apply_held held[MOST];
    apply_question question;
} world;

static size_t read_words(const char *text, key_text out[MOST])
{
    size_t count = 0;
    while (*text != '\0') {
        key_text *key = &out[count++];
        size_t length = strcspn(text, "/");
        *key = (key_text){.use = text[length + 1], .status = text[length + 3]};
        memcpy(key->kid, text, length);
        (void)snprintf(key->id, sizeof key->id, "id-%s", key->kid);
        text += length + 4;
        if (*text == '/') {
            key->material[0] = text[1];
            text += 2;
        }
        text += *text == ' ';
    }
    return count;
}

static void link_words(world *self, bool prune)
{
    apply_question *question = &self->question;
    for (size_t i = 0; i < question->wanted_count; i++) {
        const key_text *key = &self->wanted_text[i];
        self->wanted[i] = (apply_wanted){
            .kid = key->kid,
            .thumbprint = key->material[0] == '\0' ? NULL : key->material,
            .use = key->use == 's'   ? APPLY_SIG
                   : key->use == 'e' ? APPLY_ENC
                                     : APPLY_ANY_USE,
            .status = key->status == 'a'   ? APPLY_ACTIVE
                      : key->status == 'i' ? APPLY_INACTIVE
                                           : APPLY_ABSENT,
            .line = i + 1,
        };
    }
    for (size_t j = 0; j < question->held_count; j++) {
        const key_text *key = &self->held_text[j];
        self->held[j] = (apply_held){
            .id = key->id,
            .kid = key->kid[0] == '.' ? NULL : key->kid,
            .thumbprint = key->material[0] == '?' ? NULL : key->material,
            .encrypts = key->use == 'e',
            .is_active = key->status == 'a',
        };
    }
    question->wanted = self->wanted;
    question->held = self->held;
    question->line = 100;
    question->prune = prune;
}

static void read_world(world *self, const char *wanted, const char *held, bool prune)
{
    self->question = (apply_question){.wanted_count = read_words(wanted, self->wanted_text),
                                      .held_count = read_words(held, self->held_text)};
    link_words(self, prune);
}

/* "add a, activate a, swap b, delete b; 1", or "!LINE TEXT" for each problem. */
static void print_plan(const world *self, const apply_plan *plan, char out[TEXT_SIZE])
{
    static const char *const names[] = {"add", "activate", "deactivate", "delete"};
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < plan->problem_count; i++) {
        length += (size_t)snprintf(out + length, TEXT_SIZE - length, "%s!%zu %s", i == 0 ? "" : "; ",
                                   plan->problems[i].line, plan->problems[i].text);
    }
    for (size_t i = 0; i < plan->count; i++) {
        const apply_deed *deed = &plan->deeds[i];
        const char *kid =
            deed->held == APPLY_NONE ? self->wanted_text[deed->wanted].kid : self->held_text[deed->held].kid;
        length += (size_t)snprintf(out + length, TEXT_SIZE - length, "%s%s%s %s", i == 0 ? "" : ", ",
                                   deed->is_swap ? "swap" : names[deed->change],
                                   deed->as_inactive ? " inactive" : "", kid);
    }
    if (plan->problem_count == 0) {
        (void)snprintf(out + length, TEXT_SIZE - length, "%s%zu", plan->count == 0 ? "" : "; ",
                       plan->unchanged);
    }
}

typedef struct plan_case {
    const char *wanted, *held, *plan; /* a `*` in front of the file: it prunes */
} plan_case;

#define ANOTHER                                                                                              \
    ": the app has another key with this kid; a key is never replaced: give this one another kid, or "       \
    "delete "                                                                                                \
    "that one first"
#define FIXED(use) ": the app's key with this kid is for " use ", and what a key is for cannot be changed"

static const plan_case cases[] = {
    {"", "", "0"},
    {"a/s/a/A", "", "add a; 0"},
    {"a/s/i/A", "", "add inactive a; 0"},
    {"a/s/a/A", "a/s/a/A", "1"},
    {"a/s/a/A", "a/s/i/A", "activate a; 0"},
    {"a/-/a", "a/s/i/A", "activate a; 0"},
    {"a/-/a", "a/s/a/?", "1"},
    {"a/-/x", "", "1"},
    {"a/s/x/A", "", "1"},
    {"a/-/x", "a/s/i/A", "delete a; 0"},
    /* A new key comes before the old one goes, in whatever order the file has them. */
    {"b/-/x a/s/a/A", "b/s/a/B", "add a, deactivate b, delete b; 0"},
    {"b/-/i a/s/a/A", "b/s/a/B", "add a, deactivate b; 0"},
    {"b/-/x a/-/a", "b/s/a/B a/s/i/A", "activate a, deactivate b, delete b; 0"},
    {"a/s/a/A b/-/x c/-/i d/-/a", "b/s/i/B c/s/i/C d/s/a/D", "add a, delete b; 2"},
    /* What the file does not name is left alone, or pruned. */
    {"a/s/a/A", "b/s/a/B", "add a; 0"},
    {"*a/s/a/A", "b/s/a/B c/s/i/C", "add a, deactivate b, delete b, delete c; 0"},
    {"*a/s/a/A", "a/s/a/A ./s/i/B", "delete .; 1"},
    /* Encryption keys: one is active, and activating another one deactivates it. */
    {"a/e/a/A", "", "add a; 0"},
    {"a/e/a/A", "b/e/i/B", "add a; 0"},
    {"a/e/a/A b/-/i", "b/e/a/B", "add inactive a, activate a, swap b; 0"},
    {"a/e/a/A b/-/x", "b/e/a/B", "add inactive a, activate a, swap b, delete b; 0"},
    {"a/e/a/A b/-/x", "b/e/a/B a/e/i/A", "activate a, swap b, delete b; 0"},
    {"*a/e/a/A", "b/e/a/B", "add inactive a, activate a, swap b, delete b; 0"},
    {"a/e/a/A b/-/x", "b/e/i/B a/e/a/A", "delete b; 1"},
    {"a/e/i/A", "a/e/a/A", "deactivate a; 0"},
    {"a/e/a/A", "s/s/a/S b/e/a/B",
     "!1 a: to activate it deactivates the encryption key b, which the file does not name: name it there as "
     "inactive or absent"},
    {"a/e/a/A b/e/a/B", "", "!2 b: an app has one active encryption key, and that is a"},
    {"a/e/a/A b/-/a", "b/e/a/B", "!2 b: an app has one active encryption key, and that is a"},
    /* A key is what it is. */
    {"a/s/a/A", "a/s/a/B", "!1 a" ANOTHER},
    {"a/s/x/A", "a/s/i/B", "!1 a" ANOTHER},
    {"a/s/a/A", "a/s/a/?",
     "!1 a: the app has a key with this kid whose material cannot be read, so that nothing tells whether it "
     "is "
     "the key in the file"},
    {"a/e/a/A", "a/s/a/A", "!1 a" FIXED("sig")},
    {"a/s/a/A", "a/e/a/A", "!1 a" FIXED("enc")},
    {"a/-/a", "", "!1 a: the app has no key with this kid, and no file is named to add it"},
    {"a/-/i", "b/s/a/B", "!1 a: the app has no key with this kid, and no file is named to add it"},
    {"a/-/x", "a/s/i/A a/s/a/B", "!1 a: 2 keys of the app have this kid: delete one by its id"},
    /* The last key that signs. */
    {"a/-/i", "a/s/a/A", "!1 no active signing key would be left to the app"},
    {"a/-/x", "a/s/a/A b/s/i/B c/e/a/C", "!1 no active signing key would be left to the app"},
    {"*", "a/s/a/A", "!100 no active signing key would be left to the app"},
    {"a/-/i b/s/i/B", "a/s/a/A", "!1 no active signing key would be left to the app"},
    {"a/-/x b/e/a/B", "a/s/a/A", "!1 no active signing key would be left to the app"},
    {"a/-/i", "a/s/a/A b/s/a/B", "deactivate a; 0"},
    {"b/s/a/B", "./s/a/A",
     "!100 the app has a key without a kid, id-., beside which none can be added: delete it first"},
    {"a/s/a/A b/-/i c/-/a", "a/s/a/X",
     "!1 a" ANOTHER "; !2 b: the app has no key with this kid, and no file is named to add it; "
     "!3 c: the app has no key with this kid, and no file is named to add it"},
};

static void plans_what_is_to_be_done(void **state)
{
    static world self;
    char text[TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        apply_plan plan;
        bool prune = cases[i].wanted[0] == '*';
        read_world(&self, cases[i].wanted + (prune ? 1 : 0), cases[i].held, prune);
        assert_true(apply_plan_make(&self.question, &plan));
        print_plan(&self, &plan, text);
        if (strcmp(text, cases[i].plan) != 0) {
            fail_msg("case %zu: '%s' in '%s'\n  is     %s\n  not    %s", i, cases[i].wanted, cases[i].held,
                     text, cases[i].plan);
        }
        apply_plan_clear(&plan);
    }
}

static void an_alg_is_compared_where_both_tell(void **state)
{
    static world self;
    apply_plan plan;
    (void)state;
    read_world(&self, "a/s/a/A", "a/s/a/A", false);
    self.wanted[0].alg = "PS256";
    assert_true(apply_plan_make(&self.question, &plan));
    assert_int_equal(plan.problem_count, 0);
    apply_plan_clear(&plan);
    self.held[0].alg = "RS256";
    assert_true(apply_plan_make(&self.question, &plan));
    assert_int_equal(plan.problem_count, 1);
    assert_string_equal(plan.problems[0].text,
                        "a: the app's key with this kid has another alg, which cannot be changed");
    apply_plan_clear(&plan);
}

/* Keys that go make room for those that come, as far as no login needs them. */
static void room_is_made_before_it_is_needed(void **state)
{
    static world self;
    char held[MOST * 16] = "";
    char text[TEXT_SIZE];
    apply_plan plan;
    (void)state;
    for (unsigned i = 0; i < APPLY_KEYS_MAX; i++) {
        (void)snprintf(held + strlen(held), sizeof held - strlen(held), "%sk%u/s/%c/K", i == 0 ? "" : " ", i,
                       i < 2 ? 'a' : 'i');
    }
    read_world(&self, "n/s/a/N k0/-/x k2/-/x k3/-/x", held, false);
    assert_true(apply_plan_make(&self.question, &plan));
    print_plan(&self, &plan, text);
    assert_string_equal(text, "delete k2, add n, deactivate k0, delete k0, delete k3; 0");
    apply_plan_clear(&plan);
    read_world(&self, "n/s/a/N k0/-/x", held, false);
    assert_true(apply_plan_make(&self.question, &plan));
    print_plan(&self, &plan, text);
    assert_string_equal(text,
                        "!100 the app would have 51 keys for a while, and may have 50: delete some first");
    apply_plan_clear(&plan);
}

static void a_plan_is_the_same_for_the_same_keys(void **state)
{
    static const struct {
        const char *held;
        bool same;
    } rows[] = {{"b/s/a/B c/s/i/C", true},         {"c/s/i/C b/s/a/B", true},
                {"b/s/a/B c/s/a/C", false},        {"b/s/a/B", false},
                {"b/s/i/B c/s/i/C", false},        {"b/s/a/B c/s/i/C a/s/a/A", false},
                {"b/s/a/B c/s/i/C d/s/a/D", true}, {"b/s/a/B c/s/i/C a/s/a/X", false}};
    static world first;
    static world second;
    apply_plan plan;
    (void)state;
    read_world(&first, "a/s/a/A b/-/x c/-/x", "b/s/a/B c/s/i/C", false);
    assert_true(apply_plan_make(&first.question, &plan));
    for (size_t i = 0; i < COUNT(rows); i++) {
        apply_plan other;
        read_world(&second, "a/s/a/A b/-/x c/-/x", rows[i].held, false);
        assert_true(apply_plan_make(&second.question, &other));
        if (apply_plan_is_same(&plan, first.held, &other, second.held) != rows[i].same) {
            fail_msg("row %zu", i);
        }
        apply_plan_clear(&other);
    }
    /* A key that was deleted and made again is another one. */
    apply_plan other;
    read_world(&second, "a/s/a/A b/-/x c/-/x", "b/s/a/B c/s/i/C", false);
    second.held[0].id = "id-other";
    assert_true(apply_plan_make(&second.question, &other));
    assert_false(apply_plan_is_same(&plan, first.held, &other, second.held));
    apply_plan_clear(&other);
    apply_plan_clear(&plan);
}

static void each_allocation_may_fail(void **state)
{
    static world self;
    bool failed = true;
    (void)state;
    read_world(&self, "a/e/a/A b/-/x c/-/x", "b/e/a/B c/s/i/C d/s/a/D", false);
    for (size_t nth = 1; failed; nth++) {
        apply_plan plan;
        allocations_begin(nth, false);
        bool made = apply_plan_make(&self.question, &plan);
        failed = allocations_end();
        assert_int_equal(made, !failed);
        assert_true(made || (plan.count == 0 && plan.problem_count == 0));
        apply_plan_clear(&plan);
    }
}

/* The app by its rules. */

static size_t count_active(const world *self, char use, const key_text *but)
{
    size_t count = 0;
    for (size_t j = 0; j < self->question.held_count; j++) {
        const key_text *key = &self->held_text[j];
        count += key != but && key->use == use && key->status == 'a';
    }
    return count;
}

static key_text *held_by_id(world *self, const char *id)
{
    for (size_t j = 0; j < self->question.held_count; j++) {
        if (strcmp(self->held_text[j].id, id) == 0) {
            return &self->held_text[j];
        }
    }
    fail_msg("there is no key %s", id);
    return NULL;
}

static void add_key(world *self, const key_text *wanted, bool as_inactive)
{
    for (size_t j = 0; j < self->question.held_count; j++) {
        assert_string_not_equal(self->held_text[j].kid, wanted->kid);
    }
    key_text *key = &self->held_text[self->question.held_count++];
    *key = *wanted;
    key->status = as_inactive ? 'i' : 'a';
    assert_true(self->question.held_count <= APPLY_KEYS_MAX);
    assert_true(key->use != 'e' || as_inactive || count_active(self, 'e', key) == 0);
}

/* Do a deed as the org would, whatever the order of its keys. */
static void act(world *self, const apply_deed *deed, const char *id, bool signs)
{
    if (deed->change == APPLY_ADD) {
        add_key(self, &self->wanted_text[deed->wanted], deed->as_inactive);
        return;
    }
    key_text *key = held_by_id(self, id);
    if (deed->is_swap) {
        assert_int_equal(key->status, 'i');
    } else if (deed->change == APPLY_ACTIVATE) {
        for (size_t j = 0; key->use == 'e' && j < self->question.held_count; j++) {
            self->held_text[j].status = self->held_text[j].use == 'e' ? 'i' : self->held_text[j].status;
        }
        key->status = 'a';
    } else if (deed->change == APPLY_DEACTIVATE) {
        assert_int_equal(key->status, 'a');
        key->status = 'i';
    } else {
        assert_int_equal(key->status, 'i');
        *key = self->held_text[--self->question.held_count];
    }
    assert_true(!signs || count_active(self, 's', NULL) > 0);
}

/* Carry out the first `most` deeds of a plan. */
static void carry_out(world *self, const apply_plan *plan, size_t most)
{
    char ids[2 * MOST][20];
    bool signs = count_active(self, 's', NULL) > 0;
    for (size_t i = 0; i < plan->count && i < most; i++) {
        const apply_deed *deed = &plan->deeds[i];
        (void)snprintf(ids[i], sizeof ids[i], "%s",
                       deed->held == APPLY_NONE ? self->wanted_text[deed->wanted].id
                                                : self->held[deed->held].id);
    }
    for (size_t i = 0; i < plan->count && i < most; i++) {
        act(self, &plan->deeds[i], ids[i], signs);
    }
}

static void make_random(world *self, uint64_t *chance)
{
    static const char statuses[] = {'a', 'i', 'x'};
    size_t wanted_count = pick(chance, 6);
    size_t held_count = pick(chance, 6);
    self->question = (apply_question){.wanted_count = wanted_count, .held_count = held_count};
    for (size_t i = 0; i < wanted_count + held_count; i++) {
        bool is_wanted = i < wanted_count;
        size_t first = is_wanted ? 0 : wanted_count;
        key_text *key = is_wanted ? &self->wanted_text[i] : &self->held_text[i - first];
        unsigned letter = (unsigned)(i - first + pick(chance, 3) * (is_wanted ? 0 : 3));
        *key = (key_text){.use = pick(chance, 3) == 0 ? 'e' : 's', .status = statuses[pick(chance, 3)]};
        (void)snprintf(key->kid, sizeof key->kid, "%u", letter);
        (void)snprintf(key->id, sizeof key->id, "id-%u", letter);
        key->material[0] = (char)('A' + letter % 26);
        key->status = !is_wanted && key->status == 'x' ? 'i' : key->status;
    }
    for (size_t j = 0; j < held_count; j++) {
        key_text *key = &self->held_text[j];
        bool is_second = key->use == 'e' && key->status == 'a' && count_active(self, 'e', key) > 0;
        key->status = is_second ? 'i' : key->status;
    }
    link_words(self, pick(chance, 2) == 0);
}

/* Whether the app has what the file wants. */
static void check_end(const world *self)
{
    for (size_t i = 0; i < self->question.wanted_count; i++) {
        const key_text *wanted = &self->wanted_text[i];
        const key_text *found = NULL;
        for (size_t j = 0; j < self->question.held_count; j++) {
            found = strcmp(self->held_text[j].kid, wanted->kid) == 0 ? &self->held_text[j] : found;
        }
        assert_int_equal(found == NULL ? 'x' : found->status, wanted->status);
    }
    for (size_t j = 0; self->question.prune && j < self->question.held_count; j++) {
        size_t i = 0;
        while (i < self->question.wanted_count &&
               strcmp(self->wanted_text[i].kid, self->held_text[j].kid) != 0) {
            i++;
        }
        assert_true(i < self->question.wanted_count);
    }
}

/* Whether two keys of the app have one kid; the tables have such apps. */
static bool has_twins(const world *self)
{
    for (size_t j = 0; j < self->question.held_count; j++) {
        for (size_t k = 0; k < j; k++) {
            if (strcmp(self->held_text[j].kid, self->held_text[k].kid) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void any_plan_ends_well_wherever_it_breaks_off(void **state)
{
    static world self;
    static world begun;
    uint64_t chance = 20261130;
    size_t carried_out = 0;
    (void)state;
    for (size_t i = 0; i < 40000; i++) {
        apply_plan plan;
        make_random(&self, &chance);
        if (has_twins(&self)) {
            continue;
        }
        assert_true(apply_plan_make(&self.question, &plan));
        for (size_t most = 0; plan.problem_count == 0 && most <= plan.count; most++) {
            apply_plan rest;
            begun = self;
            link_words(&begun, self.question.prune);
            carry_out(&begun, &plan, most);
            link_words(&begun, self.question.prune);
            assert_true(apply_plan_make(&begun.question, &rest));
            assert_int_equal(rest.problem_count, 0);
            assert_true(rest.count <= plan.count - most);
            carry_out(&begun, &rest, rest.count);
            check_end(&begun);
            apply_plan_clear(&rest);
            carried_out++;
        }
        apply_plan_clear(&plan);
    }
    assert_true(carried_out > 40000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_what_is_to_be_done),
        cmocka_unit_test(an_alg_is_compared_where_both_tell),
        cmocka_unit_test(room_is_made_before_it_is_needed),
        cmocka_unit_test(a_plan_is_the_same_for_the_same_keys),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(any_plan_ends_well_wherever_it_breaks_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
