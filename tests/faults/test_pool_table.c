/* SPDX-License-Identifier: Apache-2.0 */
/* test_faults_pool_table [PATTERN]
 * Rows of the fault table, each by a blocking transport and by a pool in an event loop: what becomes of a
 * request is the same, and so is what the server hears. Rows that need more than a server and a script are
 * left to the table's own test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/client.h"
#include "faults/fault_loop.h"
#include "faults/fault_table.h"
#include "http/transport.h"

#define TIMEOUT_MS 10000
#define PROBE_PATH "/api/v1/probe"
#define TRIES      8

static const fault_group *const groups[] = {
    &fault_transport_rows, &fault_answer_rows, &fault_h2_rows, &fault_h2_cut_rows, &fault_tls_rows,
};

static const struct {
    const char *name;
    const char *method;
    const char *body;
    bool may_resend;
    bool fresh;
} kinds[] = {
    [FAULT_GET] = {"GET", "GET", NULL, true, false},
    [FAULT_POST] = {"POST, body", "POST", "{\"client_secret\":\"" FAULT_SECRET "\"}", false, false},
    [FAULT_BARE_POST] = {"POST", "POST", NULL, false, true},
    [FAULT_PUT] = {"PUT", "PUT", "{\"client_secret\":\"" FAULT_SECRET "\"}", false, false},
    [FAULT_DELETE] = {"DELETE", "DELETE", NULL, false, false},
};

/* Who sends. */
typedef struct sender {
    oktai_transport *transport; /* NULL: the loop */
    fault_loop loop;
} sender;

/* What became of a request, and of one behind it. */
typedef struct sight {
    oktai_attempt attempt;
    oktai_attempt after;
    char reason[256];
    char body[256];
    size_t body_length;
    size_t header_count;
    unsigned requests; /* of its own that the server heard */
} sight;

static fault_tls good_tls;

static oktai_attempt ask(sender *by, const oktai_request *asked, fault_trip *trip)
{
    fault_trip_clear(trip);
    *trip = (fault_trip){.request = *asked};
    trip->request.canceled = &trip->canceled;
    if (by->transport != NULL) {
        trip->attempt = oktai_transport_perform(by->transport, &trip->request, &trip->response);
        snprintf(trip->reason, sizeof trip->reason, "%s",
                 trip->attempt.reason == NULL ? "" : trip->attempt.reason);
    } else {
        fault_trip_begin(&by->loop, trip);
        fault_loop_run(&by->loop, trip, 1, 1);
    }
    return trip->attempt;
}

static oktai_request request_of(const fault_row *row, size_t kind, const char *url, oktai_buffer *body)
{
    static const char *const headers[] = {"Accept: application/json",
                                          "Expect:", "Content-Type: application/json", NULL};
    oktai_request request = {.method = kinds[kind].method,
                             .url = url,
                             .headers = headers,
                             .may_resend = kinds[kind].may_resend && !row->single,
                             .fresh = kinds[kind].fresh,
                             .timeout_ms =
                                 row->timeout_ms > 0 && row->step_ms == 0 ? row->timeout_ms : TIMEOUT_MS};
    if (kinds[kind].body != NULL) {
        oktai_buffer_add_text(body, kinds[kind].body);
        while (body->length < row->send_bytes) {
            oktai_buffer_add_text(
                body, "11111111111111111111111111111111111111111111111111111111111111111111111111");
        }
        request.body = body;
    }
    return request;
}

/* Each server has another one. */
static void hide_port(char *reason, unsigned port)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%u", port);
    for (char *at = strstr(reason, text); at != NULL; at = strstr(at, text)) {
        memset(at, '#', (size_t)length);
    }
}

static void look(const fault_row *row, size_t kind, sender *by, fault_server *server, sight *out)
{
    char url[128];
    char probe_url[128];
    fault_trip trip = {0};
    oktai_buffer body = {0};
    const fault_row plain = {0};
    snprintf(url, sizeof url, "%s" FAULT_PATH, fault_server_url(server));
    snprintf(probe_url, sizeof probe_url, "%s" PROBE_PATH, fault_server_url(server));
    const oktai_request good = request_of(&plain, FAULT_GET, probe_url, NULL);
    const oktai_request request = request_of(row, kind, url, &body);
    if (row->warm) {
        ask(by, &good, &trip);
    }
    out->attempt = ask(by, &request, &trip);
    snprintf(out->reason, sizeof out->reason, "%s", trip.reason);
    hide_port(out->reason, fault_server_port(server));
    out->body_length = trip.response.body.length;
    memcpy(out->body, trip.response.body.data == NULL ? "" : trip.response.body.data,
           out->body_length < sizeof out->body ? out->body_length : sizeof out->body - 1);
    out->header_count = trip.response.headers.count;
    if (row->await) {
        fault_server_await_script_ends(server, fault_server_connection_count(server));
    }
    out->after = ask(by, &good, &trip);
    fault_trip_clear(&trip);
    oktai_buffer_clear(&body);
}

static unsigned scripted_connections(const fault_row *row)
{
    unsigned count = 1;
    for (const fault_step *step = row->script; step->act != FAULT_END; step++) {
        count += step->act == FAULT_NEXT;
    }
    return count;
}

static unsigned count_own(const fault_server *server)
{
    unsigned count = 0;
    const fault_request *request = NULL;
    while ((request = fault_server_request_after(server, request)) != NULL) {
        count += strstr(request->text, PROBE_PATH) == NULL;
    }
    return count;
}

static void run(const fault_row *row, size_t kind, bool in_loop, const fault_tls *tls, sight *out)
{
    fault_world world;
    sender by = {0};
    fault_plan plan = {
        .script = row->script, .connections = scripted_connections(row), .refuse = row->refuse};
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    if (tls != NULL) {
        plan.tls = tls->context;
        plan.good_tls = row->tls->h2 ? NULL : good_tls.context;
        options.ca_file = good_tls.ca_file;
        fault_tls_write(good_tls.ca_file,
                        (X509 *const[]){good_tls.authority, row->untrusted ? NULL : tls->authority}, 2);
    }
    options.proxy = "";
    options.connect_timeout_ms = row->connect_timeout_ms;
    options.max_response_bytes = row->max_response_bytes;
    fault_world_start(&world, &plan, &options);
    world.clock.step_ms = row->step_ms;
    if (in_loop) {
        fault_loop_start(&by.loop, &world.client->transport);
    } else {
        by.transport = oktai_transport_new(&world.client->transport);
    }
    look(row, kind, &by, world.server, out);
    oktai_transport_free(by.transport);
    fault_loop_stop(&by.loop);
    fault_world_finish(&world);
    out->requests = count_own(world.server);
    fault_world_stop(&world);
}

/* libcurl's words for the end of a connection are chance: whether it reads or writes first. */
static bool is_about_connection(const char *reason)
{
    static const char *const words[] = {" failure: ", "was not closed cleanly", "the connection ended"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(reason, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* How far the answer came before its connection ended is chance, too. */
static bool has_like_reason(const sight *a, const sight *b)
{
    if (is_about_connection(a->reason) && is_about_connection(b->reason)) {
        return true;
    }
    return a->attempt.begun_status == b->attempt.begun_status && a->header_count == b->header_count &&
           (a->attempt.failure == OKTA_E_TIMEOUT || strcmp(a->reason, b->reason) == 0);
}

static bool is_like(const fault_row *row, const sight *a, const sight *b)
{
    const oktai_attempt *one = &a->attempt;
    const oktai_attempt *other = &b->attempt;
    bool settled = row->racy || (one->unsettled == other->unsettled && a->requests == b->requests);
    return settled && (row->racy || has_like_reason(a, b)) && one->failure == other->failure &&
           one->permanent == other->permanent && one->http_status == other->http_status &&
           one->resent == other->resent && a->after.failure == b->after.failure &&
           a->body_length == b->body_length && memcmp(a->body, b->body, sizeof a->body) == 0;
}

static void describe(const char *by, const sight *seen)
{
    const oktai_attempt *attempt = &seen->attempt;
    printf(
        "    %-9s %s%s%s HTTP %d begun %d resent %u, %zu bytes, %zu headers, heard %u times, then %s: %s\n",
        by, okta_status_name(attempt->failure), attempt->unsettled ? " unsettled" : "",
        attempt->permanent ? " permanent" : "", attempt->http_status, attempt->begun_status, attempt->resent,
        seen->body_length, seen->header_count, seen->requests, okta_status_name(seen->after.failure),
        seen->reason);
}

static void print(const fault_row *row, size_t kind, const char *word)
{
    printf("%-4s %-10s %-62s %s\n", row->id, kinds[kind].name, row->name, word);
    fflush(stdout);
}

/* Which bytes come in one read, and whether a reset overtakes them, is chance: a difference counts when it is
 * there again and again. */
static bool compare(const fault_row *row, size_t kind, const fault_tls *tls)
{
    sight blocking;
    sight loop;
    for (int i = 0; i < TRIES; i++) {
        blocking = (sight){0};
        loop = (sight){0};
        run(row, kind, false, tls, &blocking);
        run(row, kind, true, tls, &loop);
        if (is_like(row, &blocking, &loop)) {
            print(row, kind, "ok");
            return true;
        }
    }
    print(row, kind, "FAILED");
    describe("blocking:", &blocking);
    describe("loop:", &loop);
    return false;
}

static bool is_simple(const fault_row *row)
{
    return row->arrange == NULL && row->host == NULL && !row->other && !row->no_tls &&
           row->identity == FAULT_API_TOKEN && row->pages == 0;
}

typedef struct tally {
    unsigned passed;
    unsigned failed;
} tally;

static void run_row(const fault_row *row, const char *pattern, tally *count)
{
    fault_tls tls = {0};
    if (!is_simple(row) ||
        (pattern != NULL && strstr(row->name, pattern) == NULL && strcmp(row->id, pattern) != 0)) {
        return;
    }
    if (row->tls != NULL) {
        fault_tls_start(&tls, row->tls);
    }
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        if (fault_row_applies(row, (fault_operation)kind, false)) {
            bool like = compare(row, kind, row->tls == NULL ? NULL : &tls);
            count->passed += like;
            count->failed += !like;
        }
    }
    if (row->tls != NULL) {
        fault_tls_stop(&tls);
    }
}

int main(int argc, char **argv)
{
    const fault_tls_options good = {0};
    tally count = {0};
    fault_tls_start(&good_tls, &good);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        for (size_t k = 0; k < groups[i]->count; k++) {
            run_row(&groups[i]->rows[k], argc > 1 ? argv[1] : NULL, &count);
        }
    }
    fault_tls_stop(&good_tls);
    printf("%u passed, %u failed\n", count.passed, count.failed);
    return count.failed == 0 && count.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
