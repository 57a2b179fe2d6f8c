/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a write whose answer is lost: the caller's account and the org's agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base64url.h"
#include "faults/fault_script.h"
#include "faults/fault_world.h"
#include "faults/settle_causes.h"
#include "faults/settle_cell.h"
#include "unit/keys_vectors.h"

#define FATES_AND_LISTS ((unsigned)SETTLE_FATES * (unsigned)SETTLE_LISTS)

static int begin(void **state)
{
    (void)state;
    settle_tls_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    settle_tls_end();
    return 0;
}

static void run_all(const char *name, const settle_cause *causes, size_t causes_count, unsigned strikes)
{
    settle_tally tally = {0};
    for (size_t i = 0; i < causes_count; i++) {
        settle_cells_run(&causes[i], strikes, &tally);
    }
    settle_tally_end(name, &tally, (unsigned)causes_count * FATES_AND_LISTS);
}

static void loses_the_first_answer(void **state)
{
    (void)state;
    assert_int_equal(settle_cause_count * FATES_AND_LISTS, 126);
    run_all("", settle_causes, settle_cause_count, 1);
}

static void loses_every_answer(void **state)
{
    (void)state;
    run_all(", every answer lost", settle_causes, settle_cause_count, SETTLE_ALWAYS);
}

static void loses_the_answer_in_other_ways(void **state)
{
    (void)state;
    run_all(", other ways", settle_variants, settle_variant_count, 1);
}

/* The lost request is processed after so many looks, while the second is on its way, or after all of it. */
static void processes_late_at_every_point(void **state)
{
    static const unsigned points[] = {1, 2, 3, 4, 0, SETTLE_ALWAYS};
    settle_tally tally = {0};
    (void)state;
    for (size_t i = 0; i < settle_cause_count; i++) {
        for (size_t k = 0; k < sizeof points / sizeof *points; k++) {
            for (unsigned strikes = 1; strikes <= 2; strikes++) {
                const settle_plan plan = {.cause = &settle_causes[i],
                                          .fate = SETTLE_LATE,
                                          .late_at = points[k],
                                          .strikes = strikes};
                settle_cell_run(&plan, &tally);
            }
        }
    }
    settle_tally_end(", late at every point", &tally, (unsigned)settle_cause_count * 6 * 2);
}

/* How many requests a call makes in all fates where the list works: POST and look; with four looks and a
 * second POST; and with one more look. Behind an answer of 2xx there is no second POST. */
static unsigned requests_of(const settle_cause *cause)
{
    return cause->said_done ? 2 + 5 + 5 : 2 + 6 + 7;
}

/* At every request where the list works, else at the first looks. */
static void survives_being_killed(void **state)
{
    settle_tally tally = {0};
    unsigned requests = 0;
    (void)state;
    for (size_t i = 0; i < settle_cause_count; i++) {
        requests += requests_of(&settle_causes[i]) + 3 * 2 * 2;
        for (int fate = 0; fate < SETTLE_FATES; fate++) {
            for (int list = 0; list < SETTLE_LISTS; list++) {
                settle_plan plan = {.cause = &settle_causes[i],
                                    .fate = (settle_fate)fate,
                                    .list = (settle_list)list,
                                    .strikes = 1};
                unsigned most = list == SETTLE_LIST_WORKS ? SETTLE_ALWAYS : 2;
                for (plan.kill_at = 1; plan.kill_at <= most && settle_kill_run(&plan, &tally);) {
                    plan.kill_at++;
                }
            }
        }
    }
    settle_tally_end(", killed", &tally, requests);
}

static const settle_cause no_answer = {"no answer", "Empty reply", .act = SETTLE_CLOSE};

static void open_world(settle_world *world, const settle_plan *plan)
{
    settle_world_begin(world, 0);
    world->org = settle_org_start(plan);
    assert_true(settle_world_connect(world, settle_org_url(world->org), plan));
}

static void close_world(settle_world *world)
{
    settle_org_finish(world->org);
    assert_string_equal(settle_org_complaint(world->org), "");
    settle_org_free(world->org);
    settle_world_end(world);
}

#define FOREIGN(n)                                                                                           \
    "{\"id\":\"foreign\",\"kid\":\"" SETTLE_KID "\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" n "\"}"

#define OF_ITS_KID(more) "{\"id\":\"foreign\",\"kid\":\"" SETTLE_KID "\"," more "}"

/* What a call of add and one of reconcile say of a key that has the kid. */
typedef struct verdicts {
    okta_status added;
    okta_status reconciled;
} verdicts;

#define SAME                                                                                                 \
    {                                                                                                        \
        OKTA_OK, OKTA_OK                                                                                     \
    }
#define ANOTHER                                                                                              \
    {                                                                                                        \
        OKTA_E_CONFLICT, OKTA_E_CONFLICT                                                                     \
    }
#define UNCLEAR                                                                                              \
    {                                                                                                        \
        OKTA_E_OUTCOME_UNKNOWN, OKTA_E_PROTOCOL                                                              \
    }

/* One number that differs makes it another key (RFC 7518, sections 6.2.1 and 6.3.1); one that is not there,
 * or cannot be read, tells nothing. */
static void touches_no_foreign_key(void **state)
{
    static const struct {
        const char *json;
        verdicts expected;
    } keys[] = {
        {FOREIGN("1" VECTOR_N), ANOTHER},
        {FOREIGN("!"), UNCLEAR},
        {FOREIGN(""), UNCLEAR},
        {"{\"id\":\"foreign\",\"kid\":\"" SETTLE_KID "\"}", UNCLEAR},
        {OF_ITS_KID("\"kty\":\"RSA\",\"e\":\"Aw\",\"n\":\"" VECTOR_N "\""), ANOTHER},
        {OF_ITS_KID("\"e\":\"Aw\",\"n\":\"" VECTOR_N "\""), ANOTHER},
        {OF_ITS_KID("\"kty\":\"RSA\",\"n\":\"" VECTOR_N "\""), UNCLEAR},
        {OF_ITS_KID("\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":null"), UNCLEAR},
        {OF_ITS_KID("\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":7"), UNCLEAR},
        {OF_ITS_KID("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_Y "\""),
         ANOTHER},
        {OF_ITS_KID("\"kty\":\"EC\""), ANOTHER},
    };
    const settle_plan plan = {.cause = &no_answer, .strikes = SETTLE_ALWAYS};
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        settle_world world;
        settle_end end;
        char id[32];
        open_world(&world, &plan);
        settle_org_put(world.org, keys[i].json);
        char *before = settle_org_dump(world.org);
        settle_world_add(&world, &plan, &end);
        assert_int_equal(end.status, keys[i].expected.added);
        assert_false(end.reconciled);
        assert_string_equal(end.id, "");
        assert_int_equal(settle_world_reconcile(&world, id), keys[i].expected.reconciled);
        assert_string_equal(id, "");
        char *behind = settle_org_dump(world.org);
        assert_string_equal(before, behind);
        assert_int_equal(settle_org_post_count(world.org), 1);
        assert_int_equal(settle_org_look_count(world.org), 2);
        free(before);
        free(behind);
        close_world(&world);
    }
}

/* A kid is compared as it is, and one that only looks like it is another key's. */
static void takes_no_other_kid_for_its_own(void **state)
{
    static const char *const kids[] = {"Rotation-7", "rotation-7 ", "rotation-", "rotation-77"};
    const settle_plan plan = {.cause = &no_answer, .fate = SETTLE_UNSEEN, .strikes = 1};
    (void)state;
    for (size_t i = 0; i < COUNT(kids); i++) {
        char json[1024];
        settle_world world;
        settle_end end;
        open_world(&world, &plan);
        snprintf(json, sizeof json,
                 "{\"id\":\"foreign\",\"kid\":\"%s\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\"}",
                 kids[i]);
        settle_org_put(world.org, json);
        settle_world_add(&world, &plan, &end);
        assert_int_equal(end.status, OKTA_OK);
        assert_string_not_equal(end.id, "foreign");
        assert_int_equal(settle_org_key_count(world.org), 2);
        close_world(&world);
    }
}

/* Adding a key to an org that has one already. */
typedef struct beside {
    char answer[4096];
    settle_cause shows;
    settle_plan plan;
    settle_world world;
    settle_end end;
} beside;

/* The org shows its key in the answer to the addition, or, with `looks`, in its list alone. `sent` is the key
 * that is added; NULL: the world's own. To be closed. */
static void add_beside(beside *self, const char *json, const char *sent, bool looks)
{
    snprintf(self->answer, sizeof self->answer, "HTTP/1.1 201 x\r\n" TYPE "Content-Length: %zu\r\n\r\n%s",
             strlen(json), json);
    self->shows = (settle_cause){"shows it", "HTTP 201", .act = SETTLE_TEXT, .text = self->answer};
    self->plan = (settle_plan){
        .cause = looks ? &no_answer : &self->shows, .fate = SETTLE_UNSEEN, .strikes = SETTLE_ALWAYS};
    open_world(&self->world, &self->plan);
    settle_org_put(self->world.org, json);
    if (sent != NULL) {
        settle_world_set_key(&self->world, sent, strlen(sent));
    }
    settle_world_add(&self->world, &self->plan, &self->end);
}

/* `n` with a zero octet in front. */
static void lead_with_zero(char out[1024])
{
    unsigned char number[600] = {0};
    size_t size = 0;
    assert_true(oktai_base64url_decode(VECTOR_N, strlen(VECTOR_N), number + 1, &size));
    oktai_base64url_encode(number, size + 1, out);
}

static void knows_its_key_in_other_clothes(void **state)
{
    char numbers[3][1024] = {VECTOR_N "==", "", ""};
    (void)state;
    lead_with_zero(numbers[1]);
    lead_with_zero(numbers[2]);
    memcpy(numbers[2] + strlen(numbers[2]), "==", 3);
    for (size_t i = 0; i < 2 * COUNT(numbers); i++) {
        char json[2048];
        beside self;
        bool looks = i % 2 == 0;
        snprintf(json, sizeof json,
                 "{\"id\":\"theirs\",\"kid\":\"" SETTLE_KID
                 "\",\"kty\":\"RSA\",\"e\":\"AQAB==\",\"n\":\"%s\"}",
                 numbers[i / 2]);
        add_beside(&self, json, NULL, looks);
        assert_int_equal(self.end.status, OKTA_OK);
        assert_int_equal(self.end.reconciled, looks);
        assert_string_equal(self.end.id, "theirs");
        assert_int_equal(settle_org_post_count(self.world.org), 1);
        assert_int_equal(settle_org_look_count(self.world.org), looks ? 1 : 0);
        close_world(&self.world);
    }
}

#define KEY(more)        "{\"id\":\"theirs\",\"kid\":\"" SETTLE_KID "\"," more "}"
#define EC_KEY(id, more) "{" id "\"kid\":\"" SETTLE_KID "\",\"kty\":\"EC\"," more "\"y\":\"" VECTOR_Y "\"}"
#define EC_X             "\"x\":\"" VECTOR_X "\","
#define EC_XY            EC_X "\"y\":\"" VECTOR_Y "\""
#define EC_OF(more)      KEY(more EC_XY)

/* Okta shows the keys of clients without their curve, or with null. */
static void knows_an_ec_key_by_its_coordinates(void **state)
{
    static const char sent[] = EC_KEY("", "\"crv\":\"P-256\"," EC_X);
    static const struct {
        const char *json;
        verdicts expected;
    } shapes[] = {
        {EC_OF("\"kty\":\"EC\","), SAME},
        {EC_OF("\"kty\":\"EC\",\"crv\":null,"), SAME},
        {EC_OF("\"kty\":\"EC\",\"alg\":null,\"use\":null,\"crv\":null,"), SAME},
        {EC_OF("\"kty\":\"EC\",\"crv\":\"P-256\","), SAME},
        {EC_OF("\"kty\":\"EC\",\"crv\":\"\","), SAME},
        {EC_OF("\"kty\":\"EC\",\"crv\":\"p-256\","), SAME},
        {EC_OF("\"kty\":\"EC\",\"crv\":\"secp256r1\","), SAME},
        {EC_OF(""), SAME},
        {EC_OF("\"kty\":null,"), SAME},
        {EC_OF("\"kty\":\"ec\",\"crv\":\"P-256\","), SAME},
        {EC_OF("\"kty\":\"RSA\","), ANOTHER},
        {EC_OF("\"kty\":\"EC\",\"crv\":\"P-384\","), ANOTHER},
        {KEY("\"kty\":\"EC\",\"x\":\"" VECTOR_Y "\",\"y\":\"" VECTOR_Y "\""), ANOTHER},
        {KEY("\"kty\":\"EC\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_X "\""), ANOTHER},
        {KEY("\"x\":\"" VECTOR_Y "\""), ANOTHER},
        {KEY("\"kty\":\"EC\",\"y\":\"" VECTOR_Y "\""), UNCLEAR},
        {KEY("\"kty\":\"EC\",\"crv\":\"P-256\"," EC_X "\"y\":null"), UNCLEAR},
        {KEY("\"kty\":\"EC\",\"crv\":\"P-256\""), UNCLEAR},
    };
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(shapes); i++) {
        beside self;
        char id[32];
        const char *json = shapes[i / 2].json;
        const verdicts *expected = &shapes[i / 2].expected;
        bool looks = i % 2 == 0;
        bool same = expected->added == OKTA_OK;
        add_beside(&self, json, sent, looks);
        assert_int_equal(self.end.status, expected->added);
        assert_int_equal(self.end.reconciled, same && looks);
        assert_string_equal(self.end.id, same ? "theirs" : "");
        if (looks) {
            assert_int_equal(settle_world_reconcile(&self.world, id), expected->reconciled);
        }
        assert_int_equal(settle_org_post_count(self.world.org), 1);
        close_world(&self.world);
    }
}

/* The type is told by the numbers, too. */
static void knows_an_rsa_key_by_its_numbers(void **state)
{
    static const char *const types[] = {"", "\"kty\":null,", "\"kty\":\"rsa\",", "\"kty\":\"\","};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(types); i++) {
        char json[1024];
        beside self;
        bool looks = i % 2 == 0;
        snprintf(json, sizeof json, KEY("%s\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\""), types[i / 2]);
        add_beside(&self, json, NULL, looks);
        assert_int_equal(self.end.status, OKTA_OK);
        assert_int_equal(self.end.reconciled, looks);
        assert_string_equal(self.end.id, "theirs");
        assert_int_equal(settle_org_post_count(self.world.org), 1);
        close_world(&self.world);
    }
}

/* A key without an id is of no use, wherever it is shown: the outcome stays open, and nothing is sent again.
 */
static void a_reconciled_key_needs_an_id(void **state)
{
    static const char *const ids[] = {"", "\"id\":null,", "\"id\":\"\",", "\"id\":7,"};
    static const char sent[] = EC_KEY("", "\"crv\":\"P-256\"," EC_X);
    const settle_plan plan = {.cause = &no_answer, .fate = SETTLE_UNSEEN, .strikes = SETTLE_ALWAYS};
    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        char json[1024];
        char id[32];
        settle_world world;
        settle_end end;
        snprintf(json, sizeof json, "{%s%s", ids[i], sent + 1);
        open_world(&world, &plan);
        settle_org_put(world.org, json);
        settle_world_set_key(&world, sent, sizeof sent - 1);
        settle_world_add(&world, &plan, &end);
        assert_int_equal(end.status, OKTA_E_OUTCOME_UNKNOWN);
        assert_false(end.reconciled);
        assert_int_equal(settle_world_reconcile(&world, id), OKTA_E_PROTOCOL);
        assert_int_equal(settle_org_post_count(world.org), 1);
        close_world(&world);
    }
}

/* A 201 says that the key is there, also where it does not say which: it is looked for and never sent again.
 */
static void a_201_is_never_answered_with_a_second_post(void **state)
{
    static const char *const kids[] = {"", "\"kid\":null,", "\"kid\":\"other\",", "\"kid\":7,"};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(kids); i++) {
        char json[1024];
        char answer[2048];
        bool processed = i % 2 == 0;
        snprintf(json, sizeof json,
                 "{\"id\":\"theirs\",%s\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\"}", kids[i / 2]);
        snprintf(answer, sizeof answer, "HTTP/1.1 201 x\r\n" TYPE "Content-Length: %zu\r\n\r\n%s",
                 strlen(json), json);
        const settle_cause shows = {"shows it", "HTTP 201", .act = SETTLE_TEXT, .text = answer};
        const settle_plan plan = {
            .cause = &shows, .fate = processed ? SETTLE_PROCESSED : SETTLE_UNSEEN, .strikes = SETTLE_ALWAYS};
        settle_world world;
        settle_end end;
        open_world(&world, &plan);
        settle_world_add(&world, &plan, &end);
        assert_int_equal(end.status, processed ? OKTA_OK : OKTA_E_OUTCOME_UNKNOWN);
        assert_int_equal(end.reconciled, processed);
        assert_int_equal(settle_org_post_count(world.org), 1);
        assert_int_equal(settle_org_look_count(world.org), processed ? 1 : 4);
        close_world(&world);
    }
}

static void names_a_key_without_kid_by_its_thumbprint(void **state)
{
    static const char json[] = "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" VECTOR_N "\"}";
    (void)state;
    for (int list = 0; list < SETTLE_LISTS; list++) {
        const settle_plan plan = {.cause = &no_answer, .list = (settle_list)list, .strikes = SETTLE_ALWAYS};
        settle_world world;
        settle_end end;
        char id[32];
        char seen[32];
        open_world(&world, &plan);
        settle_world_set_key(&world, json, sizeof json - 1);
        settle_world_add(&world, &plan, &end);
        bool down = list == SETTLE_LIST_DOWN;
        assert_int_equal(end.status, down ? OKTA_E_OUTCOME_UNKNOWN : OKTA_OK);
        assert_true(!down || strstr(end.message, "kid \"" VECTOR_RSA_THUMBPRINT "\"") != NULL);
        assert_int_equal(settle_org_kid_count(world.org, VECTOR_RSA_THUMBPRINT), 1);
        settle_org_id_of(world.org, VECTOR_RSA_THUMBPRINT, id);
        assert_true(down || strcmp(end.id, id) == 0);
        settle_org_recover(world.org);
        assert_int_equal(settle_world_reconcile(&world, seen), OKTA_OK);
        assert_string_equal(seen, id);
        close_world(&world);
    }
}

/* Other writes, by script: what is asked, one letter each, where the first answer to the write is lost. */
typedef enum write_kind {
    WRITE_OWN_SECRET,
    WRITE_SECRET,
    WRITE_ACTIVATE,
    WRITE_DELETE,
    WRITE_PUT,
    WRITE_PATCH,
} write_kind;

typedef struct write_row {
    const char *name;
    write_kind kind;
    fault_step script[24];
    okta_status status;
    bool reconciled;
    const char *asked; /* first letters of the methods; p for PATCH */
    const char *says;
} write_row;

#define OWN            "own-secret-0123456789"
#define JSON(n)        STATUS TYPE "Content-Length: " #n "\r\n\r\n"
#define LOST           READ, CLOSE, NEXT
#define ANSWER(answer) READ, SEND(answer), NEXT
#define NOT_FOUND      READ, SEND("HTTP/1.1 404 x\r\nContent-Length: 18\r\n\r\n{\"errorCode\":\"E1\"}"), NEXT
#define PAGE(status)                                                                                         \
    READ, SEND("HTTP/1.1 " #status " x\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")
#define NONE  ANSWER(JSON(2) "[]")
#define FOUND ANSWER(JSON(53) "[{\"id\":\"s1\",\"client_secret\":\"" OWN "\"}]")

static const write_row write_rows[] = {
    {"own secret, there", WRITE_OWN_SECRET, {LOST, FOUND, END}, OKTA_OK, true, "PG", NULL},
    {"own secret, there at the third look",
     WRITE_OWN_SECRET,
     {LOST, NONE, NONE, FOUND, END},
     OKTA_OK,
     true,
     "PGGG",
     NULL},
    {"own secret, not there",
     WRITE_OWN_SECRET,
     {LOST, NONE, NONE, NONE, NONE, END},
     OKTA_E_OUTCOME_UNKNOWN,
     false,
     "PGGGG",
     "does not show the one that was sent"},
    {"secret of the org's, one is new",
     WRITE_SECRET,
     {NONE, LOST, FOUND, END},
     OKTA_E_OUTCOME_UNKNOWN,
     false,
     "GPG",
     "; 1 is there that was not before"},
    {"secret of the org's, none is new",
     WRITE_SECRET,
     {FOUND, LOST, FOUND, END},
     OKTA_E_OUTCOME_UNKNOWN,
     false,
     "GPG",
     "nothing is there that was not before"},
    {"activate, done",
     WRITE_ACTIVATE,
     {LOST, ANSWER(JSON(29) "{\"id\":\"s1\",\"status\":\"ACTIVE\"}"), END},
     OKTA_OK,
     true,
     "PG",
     NULL},
    {"activate, not done",
     WRITE_ACTIVATE,
     {LOST, READ, SEND(JSON(31) "{\"id\":\"s1\",\"status\":\"INACTIVE\"}"),
      ANSWER(JSON(29) "{\"id\":\"s1\",\"status\":\"ACTIVE\"}"), END},
     OKTA_OK,
     false,
     "PGP",
     NULL},
    {"delete, done", WRITE_DELETE, {LOST, NOT_FOUND, END}, OKTA_OK, false, "DD", NULL},
    {"delete, done behind a page", WRITE_DELETE, {PAGE(502), NOT_FOUND, END}, OKTA_OK, false, "DD", NULL},
    {"delete, gone says a page",
     WRITE_DELETE,
     {PAGE(502), PAGE(404), END},
     OKTA_E_OUTCOME_UNKNOWN,
     false,
     "DD",
     "HTTP 404: an HTML page, not from Okta"},
    {"delete, gone says a page at once",
     WRITE_DELETE,
     {PAGE(410), END},
     OKTA_E_OUTCOME_UNKNOWN,
     false,
     "D",
     "HTTP 410: an HTML page, not from Okta"},
    {"activate, refused by a page, and done",
     WRITE_ACTIVATE,
     {PAGE(400), NEXT, ANSWER(JSON(29) "{\"id\":\"s1\",\"status\":\"ACTIVE\"}"), END},
     OKTA_OK,
     true,
     "PG",
     NULL},
    {"own secret, refused by a page, and there",
     WRITE_OWN_SECRET,
     {PAGE(404), NEXT, FOUND, END},
     OKTA_OK,
     true,
     "PG",
     NULL},
    {"PUT", WRITE_PUT, {LOST, ANSWER(JSON(13) FAULT_GOOD_BODY), END}, OKTA_OK, false, "UU", NULL},
    {"PATCH", WRITE_PATCH, {LOST, END}, OKTA_E_OUTCOME_UNKNOWN, false, "p", NULL},
};

static okta_call *make_write(okta_client *client, write_kind kind)
{
    static const okta_oauth2_client_secret_request_body own = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body), .client_secret = OWN};
    switch (kind) {
    case WRITE_OWN_SECRET:
        return okta_create_oauth2_client_secret_call(client, "app", &own);
    case WRITE_SECRET:
        return okta_create_oauth2_client_secret_call(client, "app", NULL);
    case WRITE_ACTIVATE:
        return okta_activate_oauth2_client_secret_call(client, "app", "s1");
    case WRITE_DELETE:
        return okta_delete_jwk_call(client, "app", "k1");
    case WRITE_PUT:
        return okta_request_call(client, "PUT", FAULT_PATH, "{}");
    case WRITE_PATCH:
        break;
    }
    return okta_request_call(client, "PATCH", FAULT_PATH, "{}");
}

static void read_methods(fault_server *server, char *out, size_t size)
{
    size_t length = 0;
    const fault_request *request = NULL;
    while ((request = fault_server_request_after(server, request)) != NULL && length + 1 < size) {
        char method = request->text[0];
        method = strncmp(request->text, "PUT", 3) == 0 ? 'U' : method;
        out[length++] = strncmp(request->text, "PATCH", 5) == 0 ? 'p' : method;
    }
    out[length] = '\0';
}

static void settles_other_writes(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(write_rows); i++) {
        const write_row *row = &write_rows[i];
        fault_plan plan = {.script = row->script};
        okta_oauth2_client_secret *secret = NULL;
        bool typed = row->kind <= WRITE_ACTIVATE;
        char asked[16];
        fault_world_start(world, &plan, NULL);
        okta_call *call = make_write(world->client, row->kind);
        okta_error *error = okta_call_run(call);
        if (typed) {
            secret = OKTA_TAKE(call, okta_oauth2_client_secret);
        }
        const char *message = okta_error_message(error);
        if (okta_error_status(error) != row->status || okta_call_was_reconciled(call) != row->reconciled ||
            (row->says != NULL && strstr(message, row->says) == NULL) || strstr(message, OWN) != NULL) {
            fail_msg("%s: %s, %s", row->name, okta_status_name(okta_error_status(error)), message);
        }
        assert_int_equal(secret != NULL, typed && error == NULL);
        assert_true(secret == NULL || strcmp(secret->id, "s1") == 0);
        okta_free(secret);
        okta_free(error);
        okta_free(call);
        fault_world_finish(world);
        read_methods(world->server, asked, sizeof asked);
        assert_string_equal(asked, row->asked);
        fault_world_stop(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loses_the_first_answer),
        cmocka_unit_test(loses_every_answer),
        cmocka_unit_test(loses_the_answer_in_other_ways),
        cmocka_unit_test(processes_late_at_every_point),
        cmocka_unit_test(survives_being_killed),
        cmocka_unit_test(touches_no_foreign_key),
        cmocka_unit_test(takes_no_other_kid_for_its_own),
        cmocka_unit_test(knows_its_key_in_other_clothes),
        cmocka_unit_test(knows_an_ec_key_by_its_coordinates),
        cmocka_unit_test(knows_an_rsa_key_by_its_numbers),
        cmocka_unit_test(a_reconciled_key_needs_an_id),
        cmocka_unit_test(a_201_is_never_answered_with_a_second_post),
        cmocka_unit_test(names_a_key_without_kid_by_its_thumbprint),
        FAULT_TEST(settles_other_writes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
