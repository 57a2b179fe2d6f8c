/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of rotations, tried in all states that it can come to: the process ends before and behind each
 * thing that it does, requests arrive late, the store forgets. Nothing is sent here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rotation/policy.h"
#include "rotation/record.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NEWS         4u /* 0 is the old one */
#define ENDS         2u
#define STATES_MOST  200000u
#define NOW_S        1000

typedef enum status {
    ABSENT,
    INACTIVE,
    ACTIVE,
} status;

/* What a state is. All bytes count. */
typedef struct world {
    uint8_t kind;
    uint8_t recalls;
    uint8_t phase;
    uint8_t fresh; /* the new one that the journal names; 0: none */
    uint8_t known; /* the journal has its id */
    uint8_t dropped[NEWS];
    uint8_t quiet; /* something may still arrive */
    uint8_t kept;  /* that the store has; 0: none */
    uint8_t org[NEWS];
    uint8_t late[NEWS];
    uint8_t used;
    uint8_t has; /* the process has the new one at hand */
    uint8_t made;
    uint8_t ended;
    uint8_t over;
} world;

static world *seen_states;
static size_t state_count;
static uint32_t *buckets;
#define BUCKETS 524288u

static const char *const names[NEWS] = {"old", "new-1", "new-2", "new-3"};

static uint32_t hash_of(const world *state)
{
    const unsigned char *bytes = (const unsigned char *)state;
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < sizeof *state; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash;
}

/* Remember a state that is not known yet. */
static void reach(const world *state)
{
    uint32_t at = hash_of(state) % BUCKETS;
    while (buckets[at] != 0) {
        if (memcmp(&seen_states[buckets[at] - 1], state, sizeof *state) == 0) {
            return;
        }
        at = (at + 1) % BUCKETS;
    }
    assert_true(state_count < STATES_MOST);
    seen_states[state_count++] = *state;
    buckets[at] = (uint32_t)state_count;
}

/* Another process begins. */
static void restart(world state)
{
    if (state.ended == ENDS) {
        return;
    }
    state.ended++;
    bool shown = state.kind == OKTA_ROTATION_CLIENT_SECRET && state.org[state.fresh] != ABSENT;
    state.has = state.fresh != 0 && (shown || (state.recalls && state.kept == state.fresh));
    reach(&state);
}

/* After something that outlives the process. */
static void lasting(const world *state)
{
    restart(*state);
}

static bool works(const world *state)
{
    if (state->kind != OKTA_ROTATION_ENCRYPTION_KEY) {
        return state->org[state->used] == ACTIVE;
    }
    for (size_t i = 0; i < NEWS; i++) {
        if (state->org[i] == ACTIVE) { /* all that are at the org were stored before */
            return true;
        }
    }
    return false;
}

static void activate(world *state, size_t which)
{
    for (size_t i = 0; state->kind == OKTA_ROTATION_ENCRYPTION_KEY && i < NEWS; i++) {
        state->org[i] = state->org[i] == ACTIVE ? INACTIVE : state->org[i];
    }
    state->org[which] = ACTIVE;
}

static void arrive(world *state, size_t which)
{
    if (state->org[which] == ABSENT) {
        state->org[which] = state->kind == OKTA_ROTATION_ENCRYPTION_KEY ? INACTIVE : ACTIVE;
    }
}

/* The view that a process has of a state. */
typedef struct scene {
    okta_rotation_other others[NEWS];
    okta_rotation_record record;
    oktai_seen_item items[NEWS];
    oktai_seen seen;
    oktai_rotation_view view;
} scene;

static void show(const world *state, scene *out)
{
    *out = (scene){.view = {.now_s = NOW_S}};
    size_t others = 0;
    out->others[others++] =
        (okta_rotation_other){names[0], names[0], OKTA_ROTATION_RETIRES | OKTA_ROTATION_WAS_ACTIVE};
    for (size_t i = 1; i < NEWS; i++) {
        if (state->dropped[i]) {
            out->others[others++] = (okta_rotation_other){names[i], NULL, OKTA_ROTATION_DROPPED};
        }
    }
    for (size_t i = 0; i < NEWS; i++) {
        if (state->org[i] != ABSENT) {
            out->items[out->seen.count++] =
                (oktai_seen_item){.name = names[i], .id = names[i], .active = state->org[i] == ACTIVE};
        }
    }
    out->record = (okta_rotation_record){.app_id = "app",
                                         .kind = (okta_rotation_kind)state->kind,
                                         .phase = (okta_rotation_phase)state->phase,
                                         .revision = 1,
                                         .name = state->fresh == 0 ? NULL : names[state->fresh],
                                         .id = state->known ? names[state->fresh] : NULL,
                                         .others = out->others,
                                         .other_count = others,
                                         .quiet_s = state->quiet ? NOW_S + 1 : 0};
    out->seen.items = out->items;
    out->view.record = &out->record;
    out->view.seen = &out->seen;
    out->view.has_new = state->has;
}

static size_t index_of(const oktai_move *move)
{
    size_t i = 0;
    while (strcmp(names[i], move->item->name) != 0) {
        i++;
    }
    return i;
}

/* The new one is given up. */
static void drop(world *state, const okta_rotation_record *record)
{
    if (state->fresh != 0 && oktai_rotation_may_be_sent(record)) {
        state->dropped[state->fresh] = 1;
        state->quiet = state->quiet || !state->known;
    }
    state->fresh = 0;
    state->known = 0;
}

static void enter_phase(world state, okta_rotation_phase phase)
{
    if (phase != OKTA_ROTATION_PHASE_NONE) {
        state.phase = (uint8_t)phase;
        state.known = state.fresh != 0 && state.org[state.fresh] != ABSENT;
    }
    lasting(&state);
    reach(&state);
}

static void make(world state, const okta_rotation_record *record)
{
    if (state.made == NEWS - 1) {
        return;
    }
    drop(&state, record);
    state.fresh = ++state.made;
    state.phase = OKTA_ROTATION_PHASE_PREPARED;
    lasting(&state);
    state.has = 1;
    reach(&state);
}

static void add(world state, const oktai_move *move)
{
    world lost = state;
    lost.late[state.fresh] = 1;
    restart(lost);
    arrive(&state, state.fresh);
    lasting(&state);
    enter_phase(state, move->phase);
}

static void prove(world state, const scene *it, const oktai_move *move)
{
    enter_phase(state, move->phase);
    drop(&state, &it->record);
    state.phase = OKTA_ROTATION_PHASE_UNDOING;
    state.has = 0;
    lasting(&state);
    reach(&state);
}

static void expect_clean(const world *state)
{
    bool is_undone = state->phase == OKTA_ROTATION_PHASE_UNDOING;
    for (size_t i = 0; i < NEWS; i++) {
        bool stays = is_undone ? i == 0 : i == state->fresh;
        assert_int_equal(state->org[i], stays ? ACTIVE : ABSENT);
    }
    assert_int_equal(state->used, is_undone ? 0 : state->fresh);
}

/* What the process does next, and all that may come of it. */
static void step(world state)
{
    scene its;
    show(&state, &its);
    oktai_move move = oktai_rotation_next(&its.view);
    assert_null(move.problem);
    restart(state); /* before it */
    size_t about = move.item == NULL || move.step == OKTA_ROTATION_STEP_NONE ? 0 : index_of(&move);
    switch (move.step) {
    case OKTA_ROTATION_STEP_NONE:
    case OKTA_ROTATION_STEP_STORE:
    case OKTA_ROTATION_STEP_SWITCH:
        state.kept = move.step == OKTA_ROTATION_STEP_STORE ? state.fresh : state.kept;
        state.used = move.step == OKTA_ROTATION_STEP_SWITCH ? state.fresh : state.used;
        lasting(&state);
        enter_phase(state, move.phase);
        break;
    case OKTA_ROTATION_STEP_MAKE:
        make(state, &its.record);
        break;
    case OKTA_ROTATION_STEP_ADD:
        assert_true(state.has);
        add(state, &move);
        break;
    case OKTA_ROTATION_STEP_PROVE:
        prove(state, &its, &move);
        break;
    case OKTA_ROTATION_STEP_ACTIVATE:
        activate(&state, about);
        enter_phase(state, move.phase);
        break;
    case OKTA_ROTATION_STEP_DEACTIVATE:
        assert_true(about != state.used);
        assert_int_not_equal(state.kind, OKTA_ROTATION_ENCRYPTION_KEY);
        state.org[about] = INACTIVE;
        enter_phase(state, move.phase);
        break;
    case OKTA_ROTATION_STEP_DELETE:
        assert_true(about != state.used);
        assert_int_equal(state.org[about], INACTIVE);
        state.org[about] = ABSENT;
        enter_phase(state, move.phase);
        break;
    case OKTA_ROTATION_STEP_WAIT: /* what was on its way has arrived, or never does */
        memset(state.late, 0, sizeof state.late);
        state.quiet = 0;
        reach(&state);
        break;
    case OKTA_ROTATION_STEP_FINISH:
        state.over = 1;
        reach(&state);
        break;
    }
}

static void explore(okta_rotation_kind kind, bool recalls)
{
    world first = {.kind = (uint8_t)kind,
                   .recalls = recalls,
                   .phase = OKTA_ROTATION_PHASE_PREPARED,
                   .fresh = 1,
                   .has = 1,
                   .made = 1,
                   .org = {ACTIVE}};
    state_count = 0;
    memset(buckets, 0, BUCKETS * sizeof *buckets);
    reach(&first);
    size_t over = 0;
    for (size_t i = 0; i < state_count; i++) {
        world state = seen_states[i];
        assert_true(works(&state));
        for (size_t k = 1; k < NEWS && !state.over; k++) {
            if (state.late[k]) {
                world later = state;
                later.late[k] = 0;
                arrive(&later, k);
                reach(&later);
            }
        }
        if (state.over) {
            expect_clean(&state);
            over++;
        } else {
            step(state);
        }
    }
    assert_true(over > 0);
    printf("%s, the store %s: %zu states, %zu ends\n", okta_rotation_kind_name(kind),
           recalls ? "gives back" : "forgets", state_count, over);
}

static void all_states(void **state)
{
    (void)state;
    seen_states = calloc(STATES_MOST, sizeof *seen_states);
    buckets = calloc(BUCKETS, sizeof *buckets);
    assert_non_null(seen_states);
    assert_non_null(buckets);
    for (int kind = OKTA_ROTATION_SIGNING_KEY; kind <= OKTA_ROTATION_CLIENT_SECRET; kind++) {
        explore((okta_rotation_kind)kind, false);
        explore((okta_rotation_kind)kind, true);
    }
    free(seen_states);
    free(buckets);
}

/* The names in a line of the model that begins like that. */
static void expect_names(const char *model, const char *begin, const char *(*name_of)(int), int count)
{
    const char *at = strstr(model, begin);
    assert_non_null(at);
    at += strlen(begin);
    for (int i = 0; i < count; i++) {
        size_t length = strcspn(at, ", }");
        if (strlen(name_of(i)) != length || strncmp(at, name_of(i), length) != 0) {
            fail_msg("the model has \"%.*s\" where the library has \"%s\"", (int)length, at, name_of(i));
        }
        at += length + strspn(at + length, ", ");
    }
    assert_int_equal(*at, '}');
    assert_string_equal(name_of(count), "unknown");
}

static const char *phase_name(int phase)
{
    return okta_rotation_phase_name((okta_rotation_phase)phase);
}

/* The model has no word for no step. */
static const char *step_name(int step)
{
    return okta_rotation_step_name((okta_rotation_step)(step + 1));
}

static void model_has_the_names_of_the_library(void **state)
{
    static char model[32768];
    (void)state;
    FILE *file = fopen(ROTATION_MODEL, "r");
    assert_non_null(file);
    size_t length = fread(model, 1, sizeof model - 1, file);
    fclose(file);
    model[length] = '\0';
    expect_names(model, "mtype:phase = { ", phase_name, OKTA_ROTATION_PHASE_UNDOING + 1);
    expect_names(model, "mtype:step = { ", step_name, OKTA_ROTATION_STEP_FINISH);
}

/* A phase of a later version is no reason to do anything. */
static void refuses_an_unknown_phase(void **state)
{
    (void)state;
    oktai_seen seen = {.items = NULL};
    okta_rotation_record record = {.app_id = "app",
                                   .kind = OKTA_ROTATION_SIGNING_KEY,
                                   .phase = (okta_rotation_phase)(OKTA_ROTATION_PHASE_UNDOING + 1)};
    const oktai_rotation_view view = {.record = &record, .seen = &seen};
    oktai_move move = oktai_rotation_next(&view);
    assert_non_null(move.problem);
    assert_int_equal(move.step, OKTA_ROTATION_STEP_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_states),
        cmocka_unit_test(model_has_the_names_of_the_library),
        cmocka_unit_test(refuses_an_unknown_phase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
