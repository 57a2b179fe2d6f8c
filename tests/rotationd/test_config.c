/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration says, and what is refused of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "config_read.h"
#include "http.h"

static char path[] = "/tmp/okta-rotationd-config-XXXXXX";

static void write_bytes(const char *text, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* The message without the path. "": it is taken. */
static void read_text(const char *text, char *out, size_t size)
{
    config *made = NULL;
    write_bytes(text, strlen(text));
    okta_error *error = config_read(path, &made);
    const char *message = error == NULL ? "" : okta_error_message(error);
    size_t length = strncmp(message, path, strlen(path)) == 0 ? strlen(path) : 0;
    (void)snprintf(out, size, "%s", message + length);
    assert_true((error == NULL) == (made != NULL));
    assert_true(error == NULL || okta_error_status(error) == OKTA_E_CONFIG);
    okta_free(error);
    config_drop(made);
}

#define HEAD "journal: j\n"
#define APP  "apps:\n  - id: a\n    rotate: signing_key\n    sink: {file: k}\n"

static const struct {
    const char *text;
    const char *message; /* its beginning */
} refusals[] = {
    {"", ":"},
    {"[]", ":1: "},
    {APP, ":1: "},
    {HEAD, ":1: "},
    {HEAD "apps: []\n", ":2: apps: it is empty: there is nothing to rotate"},
    {HEAD "apps: {}\n", ":2: apps: "},
    {HEAD "every: 60\n" APP, ":2: every: it is a time with its unit: write 60s for seconds"},
    {HEAD "every: '60'\n" APP, ":2: every: it is a time with its unit: write 60s for seconds"},
    {HEAD "every:\n" APP, ":2: every: there is no value"},
    {HEAD "every: 30x\n" APP, ":2: every: it is a time such as 30s, 5m, 24h or 7d, up to 365d, not '30x'"},
    {HEAD "every: 366d\n" APP, ":2: every: it is a time"},
    {HEAD "every: -1d\n" APP, ":2: every: it is a time"},
    {HEAD "every: 0s\ngrace: 0s\njitter: 0s\noverlap: 0s\n" APP, ":2: every: it is 1s or more"},
    {HEAD "every: 1d\njitter: 2d\n" APP, ":3: jitter: it is longer than every of the app in line 5"},
    {HEAD "grace: 30d\n" APP, ":2: grace: with overlap it is as long as every of the app in line 4"},
    {HEAD APP "    every: 1h\n    jitter: 0s\n", ":"},
    {HEAD "lease: 1s\n" APP, ":2: lease: it is from 2s to 1h"},
    {HEAD "lease: 2h\n" APP, ":2: lease: it is from 2s to 1h"},
    {HEAD "max_in_flight: 0\n" APP, ":2: max_in_flight: "},
    {HEAD "max_in_flight: 65\n" APP, ":2: max_in_flight: "},
    {HEAD "metrics: 9464\n" APP, ":2: metrics: it is an address and a port: write 127.0.0.1:9464"},
    {HEAD "metrics:\n" APP, ":2: metrics: there is no value"},
    {HEAD "metrics: localhost:9464\n" APP, ":2: metrics: localhost is no numeric address"},
    {HEAD "metrics: 127.0.0.1:65536\n" APP, ":2: metrics: it is an address and a port"},
    {HEAD "metrics: 127.0.0.1:1x\n" APP, ":2: metrics: it is an address and a port"},
    {HEAD "metrics: ::1:9464\n" APP, ":2: metrics: it is an address and a port"},
    {HEAD "metrics: '[1.2.3.4]:1'\n" APP, ":2: metrics: 1.2.3.4 is no numeric address"},
    {HEAD "metric: x\n" APP, ":2: metric"},
    {HEAD "okta: {token: x}\n" APP, ":2: "},
    {HEAD "okta: {token_file: t, private_key: k}\n" APP, ":2: token_file: it does not go with private_key"},
    {HEAD "okta: {token_file: t, assertion_file: a}\n" APP,
     ":2: token_file: it does not go with assertion_file"},
    {HEAD "okta: {private_key: k, assertion_file: a}\n" APP,
     ":2: assertion_file: it does not go with private_key"},
    {HEAD "okta: {scopes: [a, b]}\n" APP, ":2: scopes: it is no list, but one text with spaces between"},
    {HEAD APP "    scopes: [a]\n", ":6: scopes: it is no list, but one text with spaces between"},
    {HEAD APP "    scopes: []\n", ":6: scopes: this is to be a text"},
    {HEAD "apps:\n  - rotate: signing_key\n    sink: {file: k}\n", ":3: "},
    {HEAD "apps:\n  - id: a\n    sink: {file: k}\n", ":3: "},
    {HEAD "apps:\n  - id: a\n    rotate: signing_key\n", ":3: "},
    {HEAD "apps:\n  - id: ..\n    rotate: signing_key\n    sink: {file: k}\n", ":3: id: it is no id"},
    {HEAD "apps:\n  - id: a/b\n    rotate: signing_key\n    sink: {file: k}\n",
     ":3: id: it has a character that no id has"},
    {HEAD "apps:\n  - id: ..;x\n    rotate: signing_key\n    sink: {file: k}\n", ":3: id: it is no id"},
    {HEAD "apps:\n  - id: a?b\n    rotate: signing_key\n    sink: {file: k}\n",
     ":3: id: it has a character that no id has"},
    {HEAD "apps:\n  - id: 'a%2fb'\n    rotate: signing_key\n    sink: {file: k}\n",
     ":3: id: it has a character that no id has"},
    {HEAD "apps:\n  - id: \xc3\xa4\n    rotate: signing_key\n    sink: {file: k}\n",
     ":3: id: it has a character that no id has"},
    {HEAD "apps:\n  - id: \"a\\nb\"\n    rotate: signing_key\n    sink: {file: k}\n", ":3: "},
    {HEAD "apps:\n  - id: a\n    rotate: key\n    sink: {file: k}\n",
     ":4: rotate: this is signing_key, encryption_key or client_secret, not 'key'"},
    {HEAD APP "    key_type: rsa1024\n", ":6: key_type: "},
    {HEAD "apps:\n  - {id: a, rotate: encryption_key, key_type: p256, sink: {file: k}}\n",
     ":3: key_type: encryption keys are RSA"},
    {HEAD "apps:\n  - {id: a, rotate: client_secret, key_type: p256, sink: {file: k}}\n",
     ":3: key_type: it does not go with client_secret"},
    {HEAD APP "    retire: none\n", ":6: retire: "},
    {HEAD APP "    sink: {file: k2}\n", ":6: "},
    {HEAD APP "    sinks: {}\n", ":6: "},
    {HEAD "apps:\n  - {id: a, rotate: signing_key, sink: {}}\n", ":3: sink: it has either file or command"},
    {HEAD "apps:\n  - {id: a, rotate: signing_key, sink: {file: a, command: b}}\n",
     ":3: sink: it has either file or command"},
    {HEAD "apps:\n  - {id: a, rotate: signing_key, sink: {file: a/}}\n",
     ":3: file: it is the path of a file, not of a folder"},
    {HEAD "apps:\n  - {id: .a, rotate: signing_key, sink: {file: '%a.pem'}}\n",
     ":3: file: the id of the app: "},
    {HEAD APP "  - {id: a, rotate: signing_key, sink: {file: other}}\n",
     ":6: app a: the same is rotated in line 3"},
    {HEAD APP "  - {id: b, rotate: signing_key, sink: {file: k}}\n",
     ":6: app b: sink.file is that of another one"},
    {HEAD APP "  - {id: b, rotate: signing_key, sink: {file: k.next}}\n",
     ":6: app b: sink.file and what is beside it meet those in line 3"},
    {HEAD "apps:\n  - {id: b, rotate: encryption_key, sink: {file: k.old}}\n"
          "  - {id: a, rotate: encryption_key, sink: {file: k}}\n",
     ":4: app a: sink.file and what is beside it meet those in line 3"},
    {HEAD "apps:\n  - {id: a, rotate: client_secret, sink: {file: k},\n     client_auth_method: none}\n",
     ":4: client_auth_method: "},
    {HEAD APP "    client_auth_method: client_secret_post\n",
     ":6: client_auth_method: it goes with client_secret only"},
    {HEAD "every: &a 1d\njitter: *a\n" APP, ":2: "},
    {HEAD "journal: k\n" APP, ":2: "},
    {HEAD APP "---\n", ":"},
    {HEAD "every: [\n", ":"},
};

static void refuses_what_is_wrong(void **state)
{
    char message[2048];
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        read_text(refusals[i].text, message, sizeof message);
        if (message[0] == '\0' || strncmp(message, refusals[i].message, strlen(refusals[i].message)) != 0) {
            print_error("of\n%sthe message is\n%s\nnot\n%s\n", refusals[i].text, message,
                        refusals[i].message);
            fail();
        }
    }
}

static void reads_all_that_it_knows(void **state)
{
    config *made = NULL;
    static const char text[] =
        "journal: /var/lib/j\nmetrics: '[::1]:9464'\nevery: 7d\njitter: 1h\ngrace: 2h\noverlap: 30s\n"
        "lease: 20s\nmax_in_flight: 3\nokta: {org_url: 'https://example.okta.com', token_file: t}\n"
        "apps:\n"
        "  - id: a\n    rotate: signing_key\n    key_type: p384\n    retire: oldest\n    every: 1d\n"
        "    sink: {file: '/run/%a.pem', switch: reload}\n"
        "  - {id: a, rotate: client_secret, sink: {command: store}, client_id: c, scopes: s,\n"
        "     client_auth_method: client_secret_post}\n"
        "  - {id: b, rotate: encryption_key, sink: {file: '/run/%a.enc'}}\n"
        "  - {id: b, rotate: client-secret, sink: {command: store}}\n";
    (void)state;
    write_bytes(text, strlen(text));
    assert_null(config_read(path, &made));
    assert_string_equal(made->journal, "/var/lib/j");
    assert_string_equal(made->metrics_host, "::1");
    assert_int_equal(made->metrics_port, 9464);
    assert_int_equal(made->lease_s, 20);
    assert_int_equal(made->max_in_flight, 3);
    assert_string_equal(made->org_url, "https://example.okta.com");
    assert_int_equal(made->app_count, 4);
    const config_app *app = &made->apps[0];
    assert_int_equal(app->kind, OKTA_ROTATION_SIGNING_KEY);
    assert_int_equal(app->key_type, OKTA_KEY_EC_P384);
    assert_int_equal(app->retire, OKTA_ROTATION_RETIRE_OLDEST);
    assert_int_equal(app->every_s, 86400);
    assert_int_equal(app->jitter_s, 3600);
    assert_int_equal(app->grace_s, 7200);
    assert_int_equal(app->overlap_s, 30);
    assert_string_equal(app->sink.file, "/run/a.pem");
    assert_string_equal(app->sink.switches, "reload");
    assert_int_equal(made->apps[1].kind, OKTA_ROTATION_CLIENT_SECRET);
    assert_int_equal(made->apps[1].every_s, 7 * 86400);
    assert_string_equal(made->apps[1].sink.command, "store");
    assert_string_equal(made->apps[1].client_id, "c");
    assert_int_equal(made->apps[1].client_auth_method, OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST);
    assert_int_equal(made->apps[2].key_type, OKTA_KEY_RSA_2048);
    assert_int_equal(made->apps[2].retire, OKTA_ROTATION_RETIRE_ACTIVE);
    assert_int_equal(made->apps[3].kind, OKTA_ROTATION_CLIENT_SECRET);
    config_drop(made);
}

static void refuses_what_is_no_text(void **state)
{
    config *made = NULL;
    const size_t large = (size_t)4 * 1024 * 1024 + 1;
    char *text = malloc(large);
    assert_non_null(text);
    memset(text, '#', large);
    (void)state;
    write_bytes("journal: a\0b\n", 13);
    okta_error *error = config_read(path, &made);
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    okta_free(error);
    write_bytes(text, large);
    error = config_read(path, &made);
    assert_non_null(strstr(okta_error_message(error), " is larger than 4194304 bytes"));
    okta_free(error);
    error = config_read("/dev/zero", &made);
    assert_string_equal(okta_error_message(error), "/dev/zero is no regular file");
    okta_free(error);
    error = config_read("/nowhere/x", &made);
    assert_string_equal(okta_error_message(error), "/nowhere/x: No such file or directory");
    okta_free(error);
    free(text);
}

/* Root may write anywhere: the test is another user for a moment. */
static okta_error *check_as_nobody(const config *from)
{
    bool is_root = geteuid() == 0;
    assert_true(!is_root || seteuid(65534) == 0);
    okta_error *error = check_sinks(from);
    assert_true(!is_root || seteuid(0) == 0);
    return error;
}

static void refuses_a_folder_that_it_may_not_write(void **state)
{
    char folder[] = "/tmp/okta-rotationd-sink-XXXXXX";
    char file[64];
    char message[256];
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0555), 0);
    (void)snprintf(file, sizeof file, "%s/key.pem", folder);
    config_app apps[] = {{.sink = {.command = "cat"}}, {.sink = {.file = file, .line = 7}}};
    config from = {.path = "d.yaml", .apps = apps, .app_count = 2};
    okta_error *error = check_as_nobody(&from);
    (void)snprintf(
        message, sizeof message,
        "d.yaml:7: file: the user of this process cannot write into the folder %s: Permission denied",
        folder);
    assert_string_equal(okta_error_message(error), message);
    okta_free(error);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_null(check_as_nobody(&from));
    assert_int_equal(rmdir(folder), 0);
}

static void an_address_is_told_as_it_is_written(void **state)
{
    char out[HTTP_WHERE_SIZE];
    (void)state;
    assert_string_equal(http_where("127.0.0.1", 9464, out), "127.0.0.1:9464");
    assert_string_equal(http_where("::1", 9464, out), "[::1]:9464");
    assert_string_equal(http_where("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 65535, out),
                        "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535");
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_wrong),
        cmocka_unit_test(reads_all_that_it_knows),
        cmocka_unit_test(refuses_what_is_no_text),
        cmocka_unit_test(refuses_a_folder_that_it_may_not_write),
        cmocka_unit_test(an_address_is_told_as_it_is_written),
    };
    int file = mkstemp(path);
    if (file < 0 || close(file) != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, remove_file);
}
