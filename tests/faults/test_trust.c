/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a client trusts: the file it is told, or the system's folder and bundle, and nobody beside them. */
#include <curl/curl.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_authorities.h"
#include "faults/fault_script.h"
#include "faults/fault_tls.h"
#include "faults/fault_world.h"
#include "http/tls.h"

typedef struct trust_world {
    fault_authorities system;
    fault_tls tls;   /* of the server */
    fault_tls other; /* nobody's */
    fault_world world;
    char place[96]; /* a file of the test's own; "": none */
} trust_world;

static const fault_tls_options issued = {.issued = true};

/* A server whose certificate has an authority of its own, and a system that trusts nobody yet. */
static void start(trust_world *self)
{
    fault_authorities_start(&self->system);
    fault_tls_start(&self->tls, &issued);
    fault_tls_start(&self->other, &issued);
    const fault_plan plan = {.tls = self->tls.context};
    fault_world_begin(&self->world, &plan);
}

static void stop(trust_world *self)
{
    if (self->place[0] != '\0') {
        unlink(self->place);
    }
    fault_world_stop(&self->world);
    fault_tls_stop(&self->tls);
    fault_tls_stop(&self->other);
    fault_authorities_stop(&self->system);
    *self = (trust_world){0};
}

static void make_client(trust_world *self, const char *ca_file)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.ca_file = ca_file;
    options.proxy = "";
    fault_world_renew(&self->world, &options);
}

/* As with a TLS library that is not OpenSSL: libcurl's options are all there is. */
static void make_plain_client(trust_world *self, const char *ca_file)
{
    make_client(self, ca_file);
    oktai_tls_free(self->world.client->transport.tls);
    self->world.client->transport.tls = NULL;
}

/* A POST without a body has a connection of its own. */
static void expect(const char *label, trust_world *self, okta_status status, const char *says)
{
    fault_outcome outcome = fault_request_once(&self->world, "POST", NULL, 2);
    fault_expect_status(label, &outcome, status);
    fault_expect_attempts(label, &outcome, 1);
    if (strstr(outcome.message, says) == NULL) {
        fail_msg("%s: \"%s\" does not say \"%s\"", label, outcome.message, says);
    }
}

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static CURLcode get_by_libcurl(trust_world *self, const char *ca_file)
{
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, fault_server_url(self->world.server));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_cleanup(easy);
    return code;
}

/* libcurl's own CAINFO leaves the system's folder in force: what is refused here is a real danger. */
static void ca_file_stands_in_the_place_of_the_system(void **state)
{
    trust_world *self = *state;
    start(self);
    fault_authorities_in_folder(&self->system, self->tls.authority);
    fault_authorities_in_bundle(&self->system, self->tls.authority);
    if (curl_version_info(CURLVERSION_NOW)->capath != NULL) {
        assert_int_equal(get_by_libcurl(self, self->other.ca_file), CURLE_OK);
    }
    make_client(self, self->other.ca_file);
    expect("other authority", self, OKTA_E_TRANSPORT, "unable to get local issuer certificate");
    make_client(self, self->tls.ca_file);
    expect("right authority", self, OKTA_OK, "");
    make_plain_client(self, self->other.ca_file);
    expect("other authority, plain", self, OKTA_E_TRANSPORT, "unable to get local issuer certificate");
    make_plain_client(self, self->tls.ca_file);
    expect("right authority, plain", self, OKTA_OK, "");
}

static void the_system_is_trusted_without_ca_file(void **state)
{
    static const struct {
        const char *name;
        const char *folder; /* s: the server's authority, o: another, -: none */
        const char *bundle;
        okta_status status;
        const char *says;
    } cases[] = {
        {"folder", "s", "-", OKTA_OK, ""},
        {"bundle", "-", "s", OKTA_OK, ""},
        {"both", "s", "s", OKTA_OK, ""},
        {"folder, and another in the bundle", "s", "o", OKTA_OK, ""},
        {"bundle, and another in the folder", "o", "s", OKTA_OK, ""},
        {"another in both", "o", "o", OKTA_E_TRANSPORT, "unable to get local issuer certificate"},
        {"another in the folder", "o", "-", OKTA_E_TRANSPORT, "unable to get local issuer certificate"},
        {"nothing", "-", "-", OKTA_E_CONFIG, "cannot open the system's CA file"},
    };
    trust_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        start(self);
        X509 *of[128] = {['s'] = self->tls.authority, ['o'] = self->other.authority};
        if (of[(unsigned char)cases[i].folder[0]] != NULL) {
            fault_authorities_in_folder(&self->system, of[(unsigned char)cases[i].folder[0]]);
        }
        if (of[(unsigned char)cases[i].bundle[0]] != NULL) {
            fault_authorities_in_bundle(&self->system, of[(unsigned char)cases[i].bundle[0]]);
        }
        make_client(self, NULL);
        for (int k = 0; k < 2; k++) {
            expect(cases[i].name, self, cases[i].status, cases[i].says);
        }
        stop(self);
    }
}

/* Whatever is in force, OpenSSL is told of no file, and of the folder once for all connections. */
static void libcurl_reads_no_authorities(void **state)
{
    trust_world *self = *state;
    start(self);
    fault_authorities_in_folder(&self->system, self->tls.authority);
    unsigned files = fault_authorities_files();
    unsigned folders = fault_authorities_folders();
    make_client(self, self->tls.ca_file);
    for (int i = 0; i < 3; i++) {
        expect("ca_file", self, OKTA_OK, "");
    }
    assert_int_equal(fault_authorities_folders(), folders);
    make_client(self, NULL);
    for (int i = 0; i < 3; i++) {
        expect("system", self, OKTA_OK, "");
    }
    assert_int_equal(fault_authorities_folders(), folders + 1);
    assert_int_equal(fault_authorities_files(), files);
}

/* A session that could be resumed is no way around it. */
static void a_changed_ca_file_is_read_at_the_next_connection(void **state)
{
    trust_world *self = *state;
    start(self);
    make_client(self, self->tls.ca_file);
    expect("as it was", self, OKTA_OK, "");
    fault_tls_write(self->tls.ca_file, &self->other.authority, 1);
    expect("of another", self, OKTA_E_TRANSPORT, "unable to get local issuer certificate");
    X509 *both[] = {self->other.authority, self->tls.authority};
    fault_tls_write(self->tls.ca_file, both, 2);
    expect("of both", self, OKTA_OK, "");
    assert_int_equal(fault_server_resumption_count(self->world.server), 0);
    expect("once more", self, OKTA_OK, "");
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_resumption_count(self->world.server), 1);
}

/* Somebody is writing it. */
static void a_ca_file_that_cannot_be_read_again_holds_for_ten_minutes(void **state)
{
    trust_world *self = *state;
    start(self);
    make_client(self, self->tls.ca_file);
    expect("as it was", self, OKTA_OK, "");
    fault_tls_write(self->tls.ca_file, NULL, 0);
    expect("empty", self, OKTA_OK, "");
    unlink(self->tls.ca_file);
    self->world.clock.now_ms += 599000;
    expect("gone", self, OKTA_OK, "");
    self->world.clock.now_ms += 1000;
    expect("gone for long", self, OKTA_E_CONFIG, self->tls.ca_file);
    fault_tls_write(self->tls.ca_file, &self->tls.authority, 1);
    expect("there again", self, OKTA_OK, "");
}

/* The folder looks the same when a file in it changes in place. */
static void what_was_read_is_used_for_ten_minutes(void **state)
{
    trust_world *self = *state;
    start(self);
    fault_authorities_in_folder(&self->system, self->tls.authority);
    make_client(self, NULL);
    expect("as it was", self, OKTA_OK, "");
    fault_tls_write(self->system.folder_file, &self->other.authority, 1);
    self->world.clock.now_ms += 599000;
    expect("before the end", self, OKTA_OK, "");
    self->world.clock.now_ms += 1000;
    expect("after it", self, OKTA_E_TRANSPORT, "unable to get local issuer certificate");
}

static void make_text(const char *path, const char *text, size_t times)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (; times > 0; times--) {
        assert_true(fputs(text, file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
}

static void make_fifo(const char *path)
{
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void make_empty(const char *path)
{
    make_text(path, "", 1);
}

static void make_large(const char *path)
{
    make_text(path, "0123456789abcde\n", 2097152 / 16 + 1);
}

static void make_words(const char *path)
{
    make_text(path, "no certificate\n", 1);
}

static void make_nonsense(const char *path)
{
    make_text(path, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", 1);
}

static void make_key(const char *path)
{
    make_text(path, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----\n", 1);
}

/* Each ends at once, without a byte to the server, and the error names option and file. */
static void a_ca_file_that_is_none_is_an_error(void **state)
{
    static const struct {
        void (*make)(const char *path);
        const char *path; /* NULL: one of the test's own */
        const char *says;
    } cases[] = {
        {make_fifo, NULL, "is not a regular file"},
        {NULL, "/dev/zero", "is not a regular file"},
        {NULL, "/dev/tty", "ca_file \"/dev/tty\""},
        {NULL, "/tmp", "is not a regular file"},
        {NULL, "/nonexistent/ca.pem", "cannot open ca_file \"/nonexistent/ca.pem\""},
        {make_empty, NULL, "is empty"},
        {make_words, NULL, "has no certificate in PEM"},
        {make_key, NULL, "has no certificate in PEM"},
        {make_nonsense, NULL, "is damaged at its certificate 1"},
        {make_large, NULL, "is larger than 2,097,152 bytes"},
    };
    trust_world *self = *state;
    start(self);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = cases[i].path;
        if (path == NULL) {
            path = self->place;
            snprintf(self->place, sizeof self->place, "%s.own", self->tls.ca_file);
            cases[i].make(path);
        }
        make_client(self, path);
        expect(cases[i].says, self, OKTA_E_CONFIG, cases[i].says);
        expect(cases[i].says, self, OKTA_E_CONFIG, "ca_file \"");
        expect(cases[i].says, self, OKTA_E_CONFIG, path);
        if (cases[i].make == make_fifo || (i < 4 && cases[i].make == NULL)) {
            make_plain_client(self, path);
            expect("plain options", self, OKTA_E_CONFIG, "ca_file \"");
        }
        unlink(self->place);
        self->place[0] = '\0';
    }
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_handshake_count(self->world.server), 0);
}

/* What a company's inspection of TLS looks like to a program that was not told of it. */
static void an_error_names_host_and_issuer_and_the_way_out(void **state)
{
    char expected[128];
    trust_world *self = *state;
    start(self);
    char *issuer = X509_NAME_oneline(X509_get_subject_name(self->tls.authority), NULL, 0);
    assert_non_null(issuer);
    snprintf(expected, sizeof expected, "(issued by \"%s\")", issuer + 1); /* "/CN=..." */
    OPENSSL_free(issuer);
    make_client(self, self->other.ca_file);
    expect("issuer", self, OKTA_E_TRANSPORT, expected);
    expect("host", self, OKTA_E_TRANSPORT, strstr(fault_server_url(self->world.server), "://") + 3);
    expect("option", self, OKTA_E_TRANSPORT, "the file that ca_file (caFile) names");
}

/* The beginning of a secret would not be found any more in a name that is cut or escaped. */
static void an_issuer_that_spells_the_token_is_not_shown(void **state)
{
#define TOKEN "Canary,0123+4567;89<ab>cd=ef"
    static const struct {
        size_t units;
        const char *says;
    } cases[] = {{1, "OU=***"}, {3, "***"}, {9, "a name of 256 bytes or more"}};
    trust_world *self = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const fault_tls_options named = {
            .issued = true, .authority_unit = TOKEN, .authority_units = cases[i].units};
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        fault_authorities_start(&self->system);
        fault_tls_start(&self->tls, &named);
        fault_tls_start(&self->other, &issued);
        const fault_plan plan = {.tls = self->tls.context};
        fault_world_begin(&self->world, &plan);
        options.ca_file = self->other.ca_file;
        options.proxy = "";
        options.token = TOKEN;
        fault_world_renew(&self->world, &options);
        fault_outcome outcome = fault_request_once(&self->world, "POST", NULL, 2);
        fault_expect_status(cases[i].says, &outcome, OKTA_E_TRANSPORT);
        assert_non_null(strstr(outcome.message, cases[i].says));
        assert_null(strstr(outcome.message, "Canary"));
        assert_non_null(strstr(outcome.message, "the file that ca_file (caFile) names"));
        stop(self);
    }
#undef TOKEN
}

static int begin(void **state)
{
    static trust_world self;
    *state = &self;
    return 0;
}

static int clean_up(void **state)
{
    stop(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ca_file_stands_in_the_place_of_the_system),
        TEST(the_system_is_trusted_without_ca_file),
        TEST(libcurl_reads_no_authorities),
        TEST(a_changed_ca_file_is_read_at_the_next_connection),
        TEST(a_ca_file_that_cannot_be_read_again_holds_for_ten_minutes),
        TEST(what_was_read_is_used_for_ten_minutes),
        TEST(a_ca_file_that_is_none_is_an_error),
        TEST(an_issuer_that_spells_the_token_is_not_shown),
        TEST(an_error_names_host_and_issuer_and_the_way_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
