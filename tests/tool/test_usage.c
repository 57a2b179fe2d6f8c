/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: what is refused before anything is sent, and help. */
#include <stdio.h>

#include "test_groups.h"
#include "tool_world.h"

#define MAX_WORDS 10

typedef struct usage_case {
    const char *words[MAX_WORDS];
    const char *err; /* part of the line */
} usage_case;

static const usage_case refused[] = {
    {{NULL}, "a command is missing; see okta-keys --help"},
    {{"lst", APP}, "there is no command 'lst' (is it meant to be list?); see okta-keys --help"},
    {{"secret", "list", APP},
     "there is no command 'secret' (is it meant to be secrets?); see okta-keys --help"},
    {{"gnerate", APP}, "'gnerate' (is it meant to be generate?)"},
    {{"deactviate", APP, "k"}, "'deactviate' (is it meant to be deactivate?)"},
    {{"hepl"}, "'hepl' (is it meant to be help?)"},
    {{"frobnicate"}, "there is no command 'frobnicate'; see okta-keys --help"},
    {{"x"}, "there is no command 'x'; see okta-keys --help"},
    {{"secrets"}, "secrets needs a command; see okta-keys help secrets"},
    {{"secrets", "lst"}, "'secrets lst' (is it meant to be secrets list?); see okta-keys help secrets"},
    {{"secrets", "thumbprint"}, "there is no command 'secrets thumbprint'; see okta-keys help secrets"},
    {{"list"}, "list needs APP; see okta-keys help list"},
    {{"get", APP}, "get needs KEY"},
    {{"secrets", "get", APP}, "get needs SECRET; see okta-keys help secrets get"},
    {{"request", "GET"}, "request needs PATH"},
    {{"get", APP, "k", "x"}, "get does not know what to do with 'x'"},
    {{"list", APP, "-"}, "list does not know what to do with '-' (is it meant to be --apps-file -?)"},
    {{"deactivate", "-", "k"}, "deactivate does not know what to do with '-'"},
    {{"list", APP, "--apps-file", "f"},
     "list does not know what to do with '" APP "': --apps-file names the apps; see okta-keys help list\n"},
    {{"delete", APP, "kid:k", "--apps-file", "f"}, "what to do with '" APP "': --apps-file names the apps;"},
    {{"secrets", "create", APP, "other"}, "what to do with 'other'; see okta-keys help secrets create"},
    {{"secrets", "create", APP, "s.txt"}, "what to do with 's.txt' (is it meant to be --secret-file s.txt?)"},
    {{"secrets", "create", APP, "--secret-file", "f", "s.txt"}, "what to do with 's.txt'; see"},
    {{"add", APP, "--pem", "f", "key.jwk"}, "what to do with 'key.jwk'; see"},
    {{"key", "generate", "--out", "f", "k.pem"}, "what to do with 'k.pem'; see"},
    {{"delete", "--apps-file", "f"}, "delete needs KEY; see okta-keys help delete"},
    {{"delete", APP}, "delete needs KEY; see okta-keys help delete"},
    {{"get", "--apps-file", "f", "kid:k"}, "get takes no --apps-file; see okta-keys help get"},
    {{"get", APP, "k", "--apps-file", "f"}, "get takes no --apps-file"},
    {{"list", "--apps-file", "-", "--token-file", "-"}, "only one thing at a time"},
    {{"list", APP, "--concurrency", "0"}, "--concurrency is a number from 1 to 75, not '0'"},
    {{"list", APP, "--concurrency", "76"}, "--concurrency is a number from 1 to 75, not '76'"},
    {{"get", APP, "k", "--concurrency", "2"}, "get takes no --concurrency"},
    {{"thumbprint", "x"}, "does not know what to do with 'x' (is it meant to be --pem x?)"},
    {{"add", APP, "service.pem"},
     "'service.pem' (is it meant to be --pem service.pem?); see okta-keys help add"},
    {{"add", APP, "key.jwk"}, "'key.jwk' (is it meant to be --jwk key.jwk?); see okta-keys help add"},
    {{"generate", APP, "f"}, "generate needs --type TYPE"},
    {{"key", "generate", "f"}, "'f' (is it meant to be --out f?)"},
    {{"request", "POST", "/api/v1/x", "b.json"}, "'b.json' (is it meant to be --data b.json?)"},
    {{"list", APP, "--timout", "5"},
     "no option '--timout' (is it meant to be --timeout?); see okta-keys help list"},
    {{"list", APP, "--jsn"}, "no option '--jsn' (is it meant to be --json?); see okta-keys help list"},
    {{"list", APP, "--max-retris=1"}, "no option '--max-retris' (is it meant to be --max-retries?)"},
    {{"list", APP, "--bogus"}, "there is no option '--bogus'"},
    {{"list", APP, "--js"}, "there is no option '--js' (is it meant to be --json?)"},
    {{"--token", "hunter2", "list", APP}, "'--token' (it comes from --token-file FILE or OKTA_CLIENT_TOKEN)"},
    {{"--token=hunter2", "list", APP}, "there is no option '--token'"},
    {{"list", APP, "-v"}, "there is no option '-v'"},
    {{"list", APP, "--json=yes"}, "--json takes no value"},
    {{"list", APP, "--timeout"}, "--timeout needs a value, as in --timeout=SECONDS"},
    {{"list", "--timeout", "--json", APP}, "--timeout needs a value"},
    {{"list", APP, "--org-url="}, "--org-url needs a value"},
    {{"list", APP, "--timeout", "5", "--timeout=6"}, "--timeout is given twice"},
    {{"list", APP, "--kid", "k"}, "list takes no --kid; see okta-keys help list"},
    {{"list", APP, "--all-pages"}, "list takes no --all-pages"},
    {{"--pem", "f", "delete", APP, "k"}, "delete takes no --pem"},
    {{"add", APP}, "add needs one of --pem FILE, --jwk FILE and -"},
    {{"add", APP, "--pem", "a", "--jwk", "b"}, "not several"},
    {{"add", APP, "-", "--jwk", "b"}, "not several"},
    {{"add", APP, "-", "-"}, "does not know what to do with '-'"},
    {{"add", APP, "-", "--token-file", "-"}, "only one thing at a time can come from standard input"},
    {{"request", "POST", "/api/v1/x", "--data", "-", "--token-file=-"}, "only one thing at a time"},
    {{"add", APP, "-", "--use", "SIG"}, "--use is one of sig, enc, not 'SIG'"},
    {{"add", APP, "-", "--status", "active"}, "--status is one of ACTIVE, INACTIVE, not 'active'"},
    {{"generate", APP, "--type", "rsa1024", "--out", "f"}, "--type is one of rsa2048, rsa3072, rsa4096"},
    {{"generate", APP, "--type", "p256"}, "generate needs --out FILE"},
    {{"generate", APP, "--out", "f"}, "generate needs --type TYPE"},
    {{"generate", APP, "--type", "p256", "--out", "-"}, "a private key is not printed"},
    {{"thumbprint"}, "thumbprint needs one of --pem FILE and --jwk FILE"},
    {{"request", "POST", "/api/v1/users", "--all-pages"}, "--all-pages goes with GET"},
    {{"request", "GET", "/api/v1/users", "--all-pages", "--data", "-"}, "--all-pages goes with GET"},
    {{"get", APP, "kid:"}, "there is no kid behind kid:"},
    {{"get", APP, "k", "--", "--json"}, "get does not know what to do with '--json'"},
    {{"key", "generate", "--type", "p257"}, "p521, not 'p257'; see okta-keys help key generate"},
    {{"--status", "inactive", "add", APP, "-"}, "not 'inactive'; see okta-keys help add"},
    {{"--pem", "get", "list", APP, "-x"}, "begin with two dashes; see okta-keys help list"},
    {{"list", APP, "--bogus=get"}, "'--bogus'; see okta-keys help list"},
    {{"--json=yes", "list", APP}, "takes no value; see okta-keys help list"},
    {{"add", APP, "--pem"}, "as in --pem=FILE; see okta-keys help add"},
    {{"list", APP, "--timeout", "0"}, "not '0'; see okta-keys help list"},
    {{"list", APP, "--max-retries", "21"}, "not '21'; see okta-keys help list"},
    {{"list", APP, "--kid", "a", "--kid", "b"}, "--kid is given twice; see okta-keys help list"},
    {{"--bogus"}, "'--bogus'; see okta-keys --help"},
    {{"get", "\x1b[31m\xff", "k", "x"}, "'x'"},
    {{"\x1b[31m\xff"}, "'\\x1b[31m\\xff'"},
};

static void refuses_a_wrong_command_line(void **state)
{
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        world_run(world, refused[i].words);
        assert_exit(world, 2);
        assert_err_has(world, refused[i].err);
        assert_one_line(world);
        assert_out(world, "");
        assert_requests(world, 0);
        assert_lacks(world->err, "hunter2");
    }
}

static void refuses_numbers_out_of_range(void **state)
{
    static const char *const timeouts[] = {
        "0",  "0.0009", "86400.001", "86401", "-1",  "1e3", "1,5",  " 1",
        "5.", ".5",     "1.2.3",     "0x10",  "inf", "5s",  "1.5 ", "99999999999999999999"};
    static const char *const retries[] = {"21", "-1", "1.0", "three", "99999999999999999999", "+1"};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        RUN(world, "list", APP, "--timeout", timeouts[i]);
        assert_exit(world, 2);
        assert_err_has(world, "--timeout is a number of seconds from 0.001 to 86400");
        assert_requests(world, 0);
    }
    for (size_t i = 0; i < sizeof retries / sizeof retries[0]; i++) {
        RUN(world, "list", APP, "--max-retries", retries[i]);
        assert_exit(world, 2);
        assert_err_has(world, "--max-retries is a number from 0 to 20");
        assert_requests(world, 0);
    }
}

static void takes_numbers_in_range(void **state)
{
    static const char *const timeouts[] = {"86400", "86400.000", "60", "12.3456", "30.5"};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        RUN(world, "list", APP, "--timeout", timeouts[i], "--max-retries", i == 0 ? "0" : "20");
        assert_exit(world, 0);
    }
}

static void takes_global_options_anywhere(void **state)
{
    tool_world *world = *state;
    world->org_url = "https://other.example";
    world->token = "wrong";
    const char *url = mock_org_url(world->org);
    const char *token = world_write(world, "token", TOKEN "\nsecond line\n");
    RUN(world, "--org-url", url, "--token-file", token, "list", APP, "--json");
    assert_exit(world, 0);
    assert_out(world, "[]\n");
    RUN(world, "list", "--json", APP, "--token-file", token, "--org-url", url);
    assert_exit(world, 0);
    assert_out(world, "[]\n");
    RUN(world, "--json", "--org-url", url, "--token-file", token, "--", "list", APP);
    assert_exit(world, 0);
    assert_out(world, "[]\n");
}

static void reads_the_token_from_standard_input(void **state)
{
    static const char *const inputs[] = {TOKEN, TOKEN "\n", TOKEN "\r\nmore"};
    tool_world *world = *state;
    world->token = NULL;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        world->input = inputs[i];
        RUN(world, "list", APP, "--token-file", "-");
        assert_exit(world, 0);
        assert_string_equal(mock_request_header(world_request(world, 0), "Authorization"), "SSWS " TOKEN);
    }
}

static void refuses_a_missing_or_bad_configuration(void **state)
{
    static const struct {
        const char *url, *token, *err;
    } cases[] = {
        {NULL, TOKEN,
         "org_url is required (--org-url URL, OKTA_CLIENT_ORGURL, or okta.client.orgUrl in okta.yaml)\n"},
        {"", TOKEN, "org_url is required"},
        {"http://127.0.0.1:1", NULL,
         "token is required (--token-file FILE, OKTA_CLIENT_TOKEN, or okta.client.token in okta.yaml)\n"},
        {"http://127.0.0.1:1", "", "token is required"},
        {"http://example.com", TOKEN, "okta-keys: "},
        {"ftp://127.0.0.1", TOKEN, "okta-keys: "},
        {"https://user@example.com", TOKEN, "okta-keys: "},
        {"http://127.0.0.1:1", "hunter2 with spaces", "okta-keys: OKTA_CLIENT_TOKEN must be printable ASCII"},
        {"http://127.0.0.1:1", "SSWS hunter2", "okta-keys: OKTA_CLIENT_TOKEN begins with its scheme"},
        {"http://127.0.0.1:1", "hunter2\r\nX-Evil: 1", "okta-keys: "},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world->org_url = cases[i].url;
        world->token = cases[i].token;
        RUN(world, "list", APP);
        assert_exit(world, 2);
        assert_err_has(world, cases[i].err);
        assert_one_line(world);
        assert_lacks(world->err, "hunter2");
    }
}

/* What stands in an option is refused by the name of the option, and by its file. */
static void names_the_option_whose_value_is_refused(void **state)
{
    static const struct {
        const char *line, *err;
    } cases[] = {
        {"SSWS hunter2\n", ": token begins with its scheme: leave out \"SSWS\"\n"},
        {"hunter2 \n", ": token ends in a space\n"},
        {" hunter2\n", ": token begins with a space\n"},
        {"hunter2 x\n", ": token must be printable ASCII without spaces\n"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char err[512];
        const char *path = world_write(world, "token", cases[i].line);
        (void)snprintf(err, sizeof err, "okta-keys: --token-file %s%s", path, cases[i].err);
        RUN(world, "list", APP, "--token-file", path);
        assert_exit(world, 2);
        assert_string_equal(world->err, err);
        assert_lacks(world->err, "hunter2");
    }
    RUN(world, "list", APP, "--org-url", "https://exa mple.com");
    assert_exit(world, 2);
    assert_err_has(world, "okta-keys: --org-url: org_url has a character");
    assert_requests(world, 0);
}

static void refuses_a_bad_token_file(void **state)
{
    tool_world *world = *state;
    RUN(world, "list", APP, "--token-file", world_path(world, "none"));
    assert_exit(world, 2);
    assert_err_has(world, "none\": No such file or directory");
    RUN(world, "list", APP, "--token-file", world_write(world, "empty", ""));
    assert_exit(world, 2);
    assert_err_has(world, "empty\" is empty");
    RUN(world, "list", APP, "--token-file", world_write(world, "blank", "\n" TOKEN "\n"));
    assert_exit(world, 2);
    assert_err_has(world, "holds no token");
    RUN(world, "list", APP, "--token-file", world->folder);
    assert_exit(world, 2);
    assert_err_has(world, "is not a regular file");
    assert_requests(world, 0);
}

static const char *const commands[][3] = {
    {"list"},
    {"get"},
    {"add"},
    {"generate"},
    {"activate"},
    {"deactivate"},
    {"delete"},
    {"thumbprint"},
    {"secrets", "list"},
    {"secrets", "get"},
    {"secrets", "create"},
    {"secrets", "activate"},
    {"secrets", "deactivate"},
    {"secrets", "delete"},
    {"request"},
};

static void prints_help_without_an_org(void **state)
{
    tool_world *world = *state;
    world->org_url = world->token = NULL;
    static const char *const askers[] = {"--help", "help"};
    for (size_t i = 0; i < sizeof askers / sizeof askers[0]; i++) {
        RUN(world, askers[i]);
        assert_exit(world, 0);
        assert_err(world, "");
        assert_out_has(world, "Usage: okta-keys [OPTIONS] COMMAND");
        assert_out_has(world, "  add APP (--pem FILE | --jwk FILE | -)");
        assert_out_has(world, "  generate APP... --type TYPE --out FILE");
        assert_out_has(world, "  thumbprint (--pem FILE | --jwk FILE)");
        assert_out_has(world, "\"--\" ends the options: an id that begins with\n\"-\" stands behind it.");
        assert_out_has(world, "There is\nno option for the token itself");
        assert_out_has(world, "OKTA_CLIENT_ORGURL");
        assert_out_has(world, "  7  ");
    }
}

static void prints_help_of_each_command(void **state)
{
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char usage[64];
        (void)snprintf(usage, sizeof usage, "Usage: okta-keys %s%s%s ", commands[i][0],
                       commands[i][1] == NULL ? "" : " ", commands[i][1] == NULL ? "" : commands[i][1]);
        RUN(world, "help", commands[i][0], commands[i][1]);
        assert_exit(world, 0);
        assert_out_has(world, usage);
        const char *second = commands[i][1] == NULL ? "--help" : commands[i][1];
        RUN(world, commands[i][0], second, commands[i][1] == NULL ? NULL : "--help");
        assert_exit(world, 0);
        assert_out_has(world, usage);
    }
    RUN(world, "get", APP, "some-key", "--help");
    assert_exit(world, 0);
    assert_out_has(world, "Usage: okta-keys get APP KEY");
    assert_requests(world, 0);
    RUN(world, "help", "add");
    assert_out_has(world, "--use USE               sig, enc: what it is for; default: that of the JWK,\n"
                          "                          else sig\n");
    assert_out_has(world, "OKTA_KEYS_PASSPHRASE");
    RUN(world, "help", "secrets");
    assert_exit(world, 0);
    assert_out_has(world, "  secrets create APP");
    RUN(world, "help", "bogus");
    assert_exit(world, 2);
    assert_err_has(world, "there is no command 'bogus'");
}

/* An option that several commands take is told as what it is to the one that is asked about. */
static void tells_what_an_option_is_to_a_command(void **state)
{
    static const char resumes[] =
        "  --resume                go on with the rotation that the journal has, and\n"
        "                          begin none\n";
    tool_world *world = *state;
    RUN(world, "help", "rotate");
    assert_out_has(world, resumes);
    assert_out_has(world, "  --out FILE              where to write the private key;");
    assert_out_has(world, "what is replaced: kid:KID, oldest,");
    RUN(world, "help", "secrets", "rotate");
    assert_out_has(world, resumes);
    assert_out_has(world, "  --out FILE              where to write the secret;");
    assert_out_has(world, "what is replaced: the id of a secret, oldest,");
    assert_lacks(world->out, "private key");
    RUN(world, "help", "generate");
    assert_out_has(world, "  --resume                where FILE exists, go on with the private key in it\n");
}

/* Lines wider than a terminal break in the middle of a word. */
static void assert_fits_a_terminal(const char *text)
{
    for (; *text != '\0'; text += strcspn(text, "\n") + 1) {
        size_t length = strcspn(text, "\n");
        if (length > 80) {
            fail_msg("%zu columns: %.*s", length, (int)length, text);
        }
        if (text[length] == '\0') {
            return;
        }
    }
}

static void fits_help_into_80_columns(void **state)
{
    static const char *const more[][3] = {{"key"}, {"key", "generate"}, {"key", "show"}, {"config"}, {NULL}};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        RUN(world, "help", commands[i][0], commands[i][1]);
        assert_exit(world, 0);
        assert_fits_a_terminal(world->out);
    }
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        RUN(world, "help", more[i][0], more[i][1]);
        assert_exit(world, 0);
        assert_fits_a_terminal(world->out);
    }
}

static void tells_of_a_local_command_what_it_uses(void **state)
{
    static const char *const unused[] = {"--org-url", "--token-file", "--timeout",
                                         "--verbose", "is sent",      "Okta sent"};
    static const char *const local[][2] = {{"thumbprint"}, {"key", "show"}, {"key", "generate"}};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        RUN(world, "help", local[i][0], local[i][1]);
        assert_exit(world, 0);
        assert_out_has(world, "  --json ");
        for (size_t u = 0; u < sizeof unused / sizeof unused[0]; u++) {
            assert_lacks(world->out, unused[u]);
        }
    }
    assert_out_has(world, "its key id; default: its thumbprint\n");
    assert_out_has(world, "sig, enc: what it is for; default: sig\n");
    RUN(world, "help", "generate");
    assert_out_has(world, "its key id; default: its thumbprint\n");
    assert_out_has(world, "--org-url");
    RUN(world, "help", "config");
    assert_out_has(world, "--org-url");
}

static void prints_its_version(void **state)
{
    tool_world *world = *state;
    RUN(world, "--version", "list");
    assert_exit(world, 0);
    assert_out_has(world, "okta-keys 0.");
    assert_out_has(world, ", libokta 0.");
    assert_requests(world, 0);
}

/* Each id of the fault catalogue's I01 that fits on a command line. */
static const char *const bad_ids[] = {"../users/x", "..",     ".",    "",     "a/b",       "a?b",
                                      "a#b",        "%2e%2e", "%2f",  "a\rb", "a\r\nb: c", "a b",
                                      "\xc3\xa9",   "a\\b",   "\x01", "\x7f"};

static void refuses_ids_that_rewrite_a_url(void **state)
{
    tool_world *world = *state;
    char long_id[4097];
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    size_t count = sizeof bad_ids / sizeof bad_ids[0];
    for (size_t i = 0; i <= count; i++) {
        const char *id = i < count ? bad_ids[i] : long_id;
        RUN(world, "get", id, "k");
        assert_exit(world, 2);
        assert_one_line(world);
        assert_requests(world, 0);
        RUN(world, "get", APP, id);
        assert_exit(world, 2);
        assert_one_line(world);
        assert_requests(world, 0);
    }
}

/* In the words of the command line, not in those of an operation. */
static void says_what_is_wrong_with_an_id(void **state)
{
    static const struct {
        const char *words[5];
        const char *err;
    } cases[] = {
        {{"list", ""}, "okta-keys: app '': it is empty\n"},
        {{"list", ".."}, "okta-keys: app '..': no id is made of dots\n"},
        {{"list", ".;x"}, "okta-keys: app '.;x': no id is made of dots\n"},
        {{"get", APP, "a b"}, "okta-keys: key 'a b': no id has a space (byte 2)\n"},
        {{"delete", APP, "ab/"}, "okta-keys: key 'ab/': no id has a '/' (byte 3)\n"},
        {{"secrets", "get", APP, "\x7f"}, "okta-keys: secret '\\x7f': no id has a 0x7f (byte 1)\n"},
        {{"list", APP, "0oa two"}, "okta-keys: app '0oa two': no id has a space (byte 4)\n"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world_run(world, cases[i].words);
        assert_exit(world, 2);
        assert_err(world, cases[i].err);
        assert_requests(world, 0);
    }
}

/* What the tool takes for an id the library does, too: each is asked for. A kid is no id. */
static void takes_each_id_that_the_library_takes(void **state)
{
    tool_world *world = *state;
    char text[1024] = "";
    char *end = text;
    size_t count = 0;
    for (int c = '!'; c <= '~'; c++) {
        if (strchr("/?#%\\", c) == NULL) {
            end += snprintf(end, 8, "0oa%c\n", c);
            count++;
        }
    }
    RUN(world, "list", "--apps-file", world_write(world, "apps", text));
    assert_requests(world, count);
    assert_int_equal(world_count(world->err, "HTTP 404"), count);
    RUN(world, "get", APP, "kid:a b");
    assert_exit(world, 3);
    assert_requests(world, 1);
}

static void refuses_bad_ids_in_every_command(void **state)
{
    static const char *const ids[] = {"../users/x", "..", "", "a?b#c"};
    tool_world *world = *state;
    const char *out = world_path(world, "key.pem");
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const char *id = ids[i];
        const char *const cases[][MAX_WORDS] = {
            {"list", id},
            {"activate", APP, id},
            {"activate", id, "k"},
            {"deactivate", APP, id},
            {"delete", APP, id},
            {"delete", id, "k"},
            {"delete", id, "kid:k"},
            {"add", id, "-"},
            {"generate", id, "--type", "p256", "--out", out},
            {"secrets", "list", id},
            {"secrets", "get", APP, id},
            {"secrets", "create", id},
            {"secrets", "activate", APP, id},
            {"secrets", "deactivate", APP, id},
            {"secrets", "delete", APP, id},
            {"secrets", "delete", id, "s"},
        };
        for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
            world->input = EC_JWK;
            world_run(world, cases[c]);
            assert_exit(world, 2);
            assert_one_line(world);
            assert_requests(world, 0);
        }
        assert_null(world_read(out));
    }
}

static void refuses_paths_that_leave_the_api(void **state)
{
    static const char *const paths[] = {
        "api/v1/users", "",           "/api/v1/../users",      "/api/v1/%2e%2e/x", "//evil.example/",
        "/api/v1/a b",  "/api/v1/#x", "https://evil.example/", "/api/v1/\r\nX: y"};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        RUN(world, "request", "GET", paths[i]);
        assert_exit(world, 2);
        assert_requests(world, 0);
        RUN(world, "request", "GET", paths[i], "--all-pages");
        assert_exit(world, 2);
        assert_requests(world, 0);
        assert_out(world, "");
    }
    RUN(world, "request", "FETCH", "/api/v1/users");
    assert_exit(world, 2);
    assert_requests(world, 0);
}

int test_usage_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(refuses_a_wrong_command_line),
        WORLD_TEST(refuses_numbers_out_of_range),
        WORLD_TEST(takes_numbers_in_range),
        WORLD_TEST(takes_global_options_anywhere),
        WORLD_TEST(reads_the_token_from_standard_input),
        WORLD_TEST(refuses_a_missing_or_bad_configuration),
        WORLD_TEST(refuses_a_bad_token_file),
        WORLD_TEST(names_the_option_whose_value_is_refused),
        WORLD_TEST(prints_help_without_an_org),
        WORLD_TEST(prints_help_of_each_command),
        WORLD_TEST(tells_what_an_option_is_to_a_command),
        WORLD_TEST(fits_help_into_80_columns),
        WORLD_TEST(tells_of_a_local_command_what_it_uses),
        WORLD_TEST(prints_its_version),
        WORLD_TEST(refuses_ids_that_rewrite_a_url),
        WORLD_TEST(says_what_is_wrong_with_an_id),
        WORLD_TEST(takes_each_id_that_the_library_takes),
        WORLD_TEST(refuses_bad_ids_in_every_command),
        WORLD_TEST(refuses_paths_that_leave_the_api),
    };
    return cmocka_run_group_tests_name("tool: usage", tests, NULL, NULL);
}
