/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that an org answers leads a credential elsewhere. A second server listens on 127.0.0.1, and where
 * the machine has it on ::1, for whoever follows a hostile answer; every name that ends in .example leads
 * there. Each form is the answer to a read, to a write, to a page of a list and to a request for a token,
 * with each of four credentials. In a form, ^ is the port of the foreign server, ~ that of the org, and $ the
 * length of the body. */
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/client.h"
#include "core/base64url.h"
#include "faults/fault_resolver.h"
#include "faults/fault_script.h"
#include "faults/fault_world.h"

#define LIST_PATH "/api/v1/users"
#define NEXT_PATH "/api/v1/users?after=2"
#define ISSUED    "Canary-issued-token-9"
#define BODY_SENT "{\"client_secret\":\"" FAULT_SECRET "\"}"

/* What an answer is; what comes of it is the same for all credentials. */
typedef enum form_kind {
    FORM_MOVES,  /* a status that points elsewhere: an error for everybody, and one sending */
    FORM_LINKS,  /* a page: the next link, if any, is asked of the org; reads and writes take no notice */
    FORM_REFUSES /* whatever comes, it is an error or the org's own answer */
} form_kind;

typedef struct form {
    const char *name;
    form_kind kind;
    const char *text; /* of FORM_MOVES and FORM_REFUSES: the answer. Of FORM_LINKS: header lines of a page */
    const char *target; /* of FORM_LINKS: what is asked next; "": nothing, and it was the last page; NULL:
                           nothing, and that is an error */
} form;

#define EMPTY "Content-Length: 0\r\n\r\n"

#define MOVED(status, location) "HTTP/1.1 " #status " x\r\nLocation: " location "\r\n" EMPTY
#define NEXT_TO(uri)            "Link: <" uri ">; rel=\"next\"\r\n"
#define WITH(status, lines)     "HTTP/1.1 " #status " x\r\n" lines EMPTY
#define THINGS                  "/api/v1/things"

static const form forms[] = {
    /* Redirects. What the fault table has is not repeated. */
    {"301 to localhost", FORM_MOVES, MOVED(301, "http://localhost:^" THINGS), NULL},
    {"302 to another name", FORM_MOVES, MOVED(302, "http://evil.example:^" THINGS), NULL},
    {"303 to another name", FORM_MOVES, MOVED(303, "http://evil.example:^" THINGS), NULL},
    {"307 to another name", FORM_MOVES, MOVED(307, "http://evil.example:^" THINGS), NULL},
    {"308 to another name", FORM_MOVES, MOVED(308, "http://evil.example:^" THINGS), NULL},
    {"308 to another scheme", FORM_MOVES, MOVED(308, "https://evil.example:^" THINGS), NULL},
    {"302 to a user named as the org", FORM_MOVES, MOVED(302, "http://127.0.0.1:~@evil.example:^" THINGS),
     NULL},
    {"302 to a user with a password", FORM_MOVES, MOVED(302, "http://good:x@127.0.0.1:^" THINGS), NULL},
    {"302 to an escaped user", FORM_MOVES, MOVED(302, "http://127.0.0.1%3a~%40@127.0.0.1:^" THINGS), NULL},
    {"302 to a name that begins as the org", FORM_MOVES, MOVED(302, "http://127.0.0.1.evil.example:^/"),
     NULL},
    {"302 without a scheme, to another name", FORM_MOVES, MOVED(302, "//evil.example:^" THINGS), NULL},
    {"302 with three slashes", FORM_MOVES, MOVED(302, "///evil.example:^" THINGS), NULL},
    {"302 with four slashes", FORM_MOVES, MOVED(302, "////evil.example:^" THINGS), NULL},
    {"302 with one slash behind the scheme", FORM_MOVES, MOVED(302, "http:/evil.example:^" THINGS), NULL},
    {"302 with no slash behind the scheme", FORM_MOVES, MOVED(302, "http:evil.example:^" THINGS), NULL},
    {"302 with backslashes", FORM_MOVES, MOVED(302, "\\\\evil.example:^\\x"), NULL},
    {"302 with mixed slashes", FORM_MOVES, MOVED(302, "/\\evil.example:^/x"), NULL},
    {"302 with backslashes behind the scheme", FORM_MOVES, MOVED(302, "http:\\\\evil.example:^\\x"), NULL},
    {"302 with a backslash and an at sign", FORM_MOVES, MOVED(302, "http://127.0.0.1:~\\@evil.example:^/"),
     NULL},
    {"302 to a decimal address", FORM_MOVES, MOVED(302, "http://2130706433:^" THINGS), NULL},
    {"302 to a hexadecimal address", FORM_MOVES, MOVED(302, "http://0x7f.1:^" THINGS), NULL},
    {"302 to an octal address", FORM_MOVES, MOVED(302, "http://0177.0.0.1:^" THINGS), NULL},
    {"302 to a short address", FORM_MOVES, MOVED(302, "http://127.1:^" THINGS), NULL},
    {"302 to an IPv6 address", FORM_MOVES, MOVED(302, "http://[::1]:^" THINGS), NULL},
    {"302 to a mapped address", FORM_MOVES, MOVED(302, "http://[::ffff:127.0.0.1]:^" THINGS), NULL},
    {"302 to the unspecified address", FORM_MOVES, MOVED(302, "http://0.0.0.0:^" THINGS), NULL},
    {"302 in capitals", FORM_MOVES, MOVED(302, "HTTP://EVIL.EXAMPLE:^" THINGS), NULL},
    {"302 to a name in another script", FORM_MOVES, MOVED(302, "http://xn--kta-5cd.example:^" THINGS), NULL},
    {"302 to a name in UTF-8", FORM_MOVES, MOVED(302, "http://\xce\xbfkta.example:^" THINGS), NULL},
    {"302 to a name with a full-width dot", FORM_MOVES,
     MOVED(302, "http://evil\xef\xbc\x8e"
                "example:^/"),
     NULL},
    {"302 to a name with an end dot", FORM_MOVES, MOVED(302, "http://evil.example.:^" THINGS), NULL},
    {"302 with a fragment", FORM_MOVES, MOVED(302, "http://evil.example:^" THINGS "#@127.0.0.1:~"), NULL},
    {"302 with a query behind the host", FORM_MOVES, MOVED(302, "http://evil.example:^?@127.0.0.1:~/"), NULL},
    {"302 with a tab in front", FORM_MOVES, MOVED(302, "\thttp://evil.example:^" THINGS), NULL},
    {"302 with a tab inside", FORM_MOVES, MOVED(302, "ht\ttp://evil.example:^" THINGS), NULL},
    {"302 with escaped line ends", FORM_MOVES, MOVED(302, "/x%0d%0aLocation:%20http://evil.example:^" THINGS),
     NULL},
    {"302 on a second line", FORM_MOVES, MOVED(302, "/x\r\nLocation: http://evil.example:^" THINGS), NULL},
    {"302 with the org's own first", FORM_MOVES,
     MOVED(302, "http://127.0.0.1:~" THINGS "\r\nLocation: http://127.0.0.1:^" THINGS), NULL},
    {"302 with three targets in a line", FORM_MOVES,
     MOVED(302, THINGS ", http://evil.example:^/, //127.0.0.1:^/"), NULL},
    {"302 on a folded line", FORM_MOVES, MOVED(302, "\r\n http://evil.example:^" THINGS), NULL},
    {"302 to a file of another host", FORM_MOVES, MOVED(302, "file://evil.example:^/etc/passwd"), NULL},
    {"302 to dict", FORM_MOVES, MOVED(302, "dict://127.0.0.1:^/x"), NULL},
    {"302 to a websocket", FORM_MOVES, MOVED(302, "ws://127.0.0.1:^/x"), NULL},
    {"302 to mail", FORM_MOVES, MOVED(302, "smtp://127.0.0.1:^/x"), NULL},
    {"302 to telnet", FORM_MOVES, MOVED(302, "telnet://127.0.0.1:^"), NULL},
    {"302 to a proxied URL", FORM_MOVES, MOVED(302, "http://127.0.0.1:~/http://evil.example:^/"), NULL},
    {"300 with alternatives", FORM_MOVES,
     WITH(300, "Alternates: {\"http://evil.example:^/\" 1.0}\r\nLocation: http://evil.example:^/\r\n"), NULL},
    {"305 to a proxy", FORM_MOVES, MOVED(305, "http://evil.example:^/"), NULL},
    {"306 to a proxy", FORM_MOVES, MOVED(306, "http://evil.example:^/"), NULL},
    {"304 with a target", FORM_MOVES, "HTTP/1.1 304 x\r\nLocation: http://evil.example:^/\r\n\r\n", NULL},
    {"302 with a page that moves on", FORM_MOVES,
     "HTTP/1.1 302 x\r\nLocation: http://evil.example:^/\r\nContent-Type: text/html\r\nContent-Length: $\r\n"
     "\r\n<meta http-equiv=refresh content='0;url=http://evil.example:^'/>",
     NULL},

    /* Next links, and other things in the head of a page. */
    {"next at localhost", FORM_LINKS, NEXT_TO("http://localhost:^" NEXT_PATH), NEXT_PATH},
    {"next at a user named as the org", FORM_LINKS, NEXT_TO("http://127.0.0.1:~@evil.example:^" NEXT_PATH),
     NEXT_PATH},
    {"next at a user named as the org, escaped", FORM_LINKS,
     NEXT_TO("http://127.0.0.1%3A~%2F@evil.example:^" NEXT_PATH), NEXT_PATH},
    {"next at a name that begins as the org", FORM_LINKS,
     NEXT_TO("http://127.0.0.1.evil.example:^" NEXT_PATH), NEXT_PATH},
    {"next at another name without a scheme", FORM_LINKS, NEXT_TO("//evil.example:^" NEXT_PATH), NEXT_PATH},
    {"next in capitals", FORM_LINKS, NEXT_TO("HTTP://EVIL.EXAMPLE:^" NEXT_PATH), NEXT_PATH},
    {"next at a decimal address", FORM_LINKS, NEXT_TO("http://2130706433:^" NEXT_PATH), NEXT_PATH},
    {"next at an octal address", FORM_LINKS, NEXT_TO("http://0177.0.0.1:^" NEXT_PATH), NEXT_PATH},
    {"next at a short address", FORM_LINKS, NEXT_TO("http://127.1:^" NEXT_PATH), NEXT_PATH},
    {"next at a mapped address", FORM_LINKS, NEXT_TO("http://[::ffff:127.0.0.1]:^" NEXT_PATH), NEXT_PATH},
    {"next at an address with a zone", FORM_LINKS, NEXT_TO("http://[::1%25lo]:^" NEXT_PATH), NEXT_PATH},
    {"next with the host in the query", FORM_LINKS,
     NEXT_TO("http://evil.example:^/api/v1/users?after=//evil.example:^/"),
     "/api/v1/users?after=//evil.example:^/"},
    {"next with an at sign in the path", FORM_LINKS,
     NEXT_TO("http://evil.example:^/api/v1/@evil.example?x=2"), "/api/v1/@evil.example?x=2"},
    {"next by an anchor elsewhere", FORM_LINKS,
     "Link: <" NEXT_PATH ">; rel=next; anchor=\"http://evil.example:^/\"\r\n", NEXT_PATH},
    {"next in UTF-8", FORM_LINKS, NEXT_TO("http://\xce\xbfkta.example:^" NEXT_PATH), NULL},
    {"next with backslashes for slashes", FORM_LINKS, NEXT_TO("\\\\evil.example:^" NEXT_PATH), NULL},
    {"next with mixed slashes", FORM_LINKS, NEXT_TO("/\\evil.example:^" NEXT_PATH), NULL},
    {"next with a backslash and an at sign", FORM_LINKS,
     NEXT_TO("http://127.0.0.1:~\\@evil.example:^" NEXT_PATH), NULL},
    {"next with a tab in the scheme", FORM_LINKS, NEXT_TO("ht\ttp://evil.example:^" NEXT_PATH), NULL},
    {"next with a tab in front", FORM_LINKS, NEXT_TO("\thttp://evil.example:^" NEXT_PATH), NULL},
    {"next with a space in front", FORM_LINKS, NEXT_TO(" //evil.example:^" NEXT_PATH), NULL},
    {"next with three slashes", FORM_LINKS, NEXT_TO("///evil.example:^" NEXT_PATH), NULL},
    {"next with one slash behind the scheme", FORM_LINKS, NEXT_TO("http:/evil.example:^" NEXT_PATH), NULL},
    {"next with no slash behind the scheme", FORM_LINKS, NEXT_TO("http:evil.example:^" NEXT_PATH), NULL},
    {"next with an at sign for a path", FORM_LINKS, NEXT_TO("@evil.example:^" NEXT_PATH), NULL},
    {"next with a port for a path", FORM_LINKS, NEXT_TO(":^" NEXT_PATH), NULL},
    {"next with a path of two slashes", FORM_LINKS, NEXT_TO("http://127.0.0.1:~//evil.example:^" NEXT_PATH),
     NULL},
    {"next with escaped slashes", FORM_LINKS, NEXT_TO("/api/v1/%2f%2fevil.example:^" NEXT_PATH), NULL},
    {"next with escaped backslashes", FORM_LINKS, NEXT_TO("/api/v1/%5c%5cevil.example:^" NEXT_PATH), NULL},
    {"next with dots to a host", FORM_LINKS, NEXT_TO("/api/v1/..//evil.example:^" NEXT_PATH), NULL},
    {"next with escaped dots to a host", FORM_LINKS, NEXT_TO("/api/v1/%2e%2e/%2fevil.example:^/x"), NULL},
    {"next with escaped line ends", FORM_LINKS, NEXT_TO("/api/v1/x%0d%0aHost:%20evil.example:^"), NULL},
    {"next with a fragment", FORM_LINKS, NEXT_TO("http://evil.example:^" NEXT_PATH "#@127.0.0.1:~"), NULL},
    {"next to a file", FORM_LINKS, NEXT_TO("file://evil.example:^" NEXT_PATH), NULL},
    {"next to a websocket", FORM_LINKS, NEXT_TO("ws://evil.example:^" NEXT_PATH), NULL},
    {"next to data", FORM_LINKS, NEXT_TO("data:application/json,[1]"), NULL},
    {"two next at two hosts, two paths", FORM_LINKS,
     NEXT_TO("http://127.0.0.1:~" NEXT_PATH) NEXT_TO("http://evil.example:^" LIST_PATH "?after=3"), NULL},
    {"two next at two hosts, one path", FORM_LINKS,
     NEXT_TO("http://127.0.0.1:~" NEXT_PATH) NEXT_TO("http://evil.example:^" NEXT_PATH), NEXT_PATH},
    {"next among relations", FORM_LINKS,
     "Link: <http://evil.example:^" NEXT_PATH ">; rel=\"preload next prefetch\"\r\n", NEXT_PATH},
    {"relations that load things", FORM_LINKS,
     "Link: <http://evil.example:^/x>; rel=preload, <//evil.example:^>; rel=preconnect\r\n"
     "Link: <//evil.example:^>; rel=dns-prefetch, <http://127.0.0.1:^/>; rel=prerender\r\n",
     ""},
    {"relation that is a URL", FORM_LINKS,
     "Link: <http://evil.example:^/>; rel=\"http://evil.example:^/next\"\r\n", ""},
    {"next in another header", FORM_LINKS, "X-Link: <http://evil.example:^" NEXT_PATH ">; rel=next\r\n", ""},
    {"location of a page", FORM_LINKS, "Location: http://evil.example:^/\r\n", ""},
    {"location of the content", FORM_LINKS,
     "Content-Location: http://evil.example:^/\r\nContent-Base: //evil.example:^\r\n", ""},
    {"refresh", FORM_LINKS, "Refresh: 0; url=http://evil.example:^/\r\n", ""},
    {"alternative service", FORM_LINKS,
     "Alt-Svc: http/1.1=\"evil.example:^\"; ma=9\r\nAlt-Used: evil.example:^\r\n", ""},
    {"places for reports", FORM_LINKS,
     "NEL: {\"report_to\":\"x\",\"max_age\":9}\r\nReport-To: "
     "{\"group\":\"x\",\"max_age\":9,\"endpoints\":[{\"url\":"
     "\"http://evil.example:^/\"}]}\r\n",
     ""},
    {"cookie for another host", FORM_LINKS, "Set-Cookie: a=b; Domain=example; Path=/\r\n", ""},
    {"transport security", FORM_LINKS, "Strict-Transport-Security: max-age=99; includeSubDomains\r\n", ""},
    {"nonce that is a URL", FORM_LINKS, "DPoP-Nonce: http://evil.example:^/\r\n", ""},
    {"nonce with a quote", FORM_LINKS, "DPoP-Nonce: \",\"htu\":\"http://evil.example:^/\r\n", ""},

    /* Answers of other kinds that name a place. */
    {"early hints with a next link", FORM_REFUSES,
     "HTTP/1.1 103 x\r\nLink: <http://evil.example:^" NEXT_PATH ">; rel=\"next\"\r\n\r\n"
     "HTTP/1.1 200 OK\r\n" TYPE "Content-Length: 3\r\n\r\n[1]",
     NULL},
    {"early hints with a target", FORM_REFUSES,
     "HTTP/1.1 103 x\r\nLocation: http://evil.example:^/\r\n\r\n"
     "HTTP/1.1 200 OK\r\n" TYPE "Content-Length: 3\r\n\r\n[1]",
     NULL},
    {"201 with a target", FORM_REFUSES, WITH(201, "Location: http://evil.example:^/\r\n"), NULL},
    {"202 with a target", FORM_REFUSES, WITH(202, "Location: http://evil.example:^/\r\nRetry-After: 0\r\n"),
     NULL},
    {"401 with a realm", FORM_REFUSES,
     WITH(401, "WWW-Authenticate: Bearer realm=\"http://evil.example:^/\"\r\n"), NULL},
    {"401 with metadata of the resource", FORM_REFUSES,
     WITH(401, "WWW-Authenticate: DPoP resource_metadata=\"http://evil.example:^/.well-known\", "
               "authorization_uri=\"http://127.0.0.1:^/\"\r\n"),
     NULL},
    {"401 with a nonce that is a URL", FORM_REFUSES,
     WITH(401, "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"\r\nDPoP-Nonce: http://evil.example:^/\r\n"),
     NULL},
    {"401 for Basic and Negotiate", FORM_REFUSES,
     WITH(401, "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm=\"http://evil.example:^/\"\r\n"),
     NULL},
    {"407 of a proxy", FORM_REFUSES,
     WITH(407, "Proxy-Authenticate: Basic realm=\"http://evil.example:^/\"\r\n"), NULL},
    {"503 with a target", FORM_REFUSES, WITH(503, "Location: http://evil.example:^/\r\nRetry-After: 0\r\n"),
     NULL},
    {"429 with a target", FORM_REFUSES, WITH(429, "Location: http://evil.example:^/\r\nRetry-After: 0\r\n"),
     NULL},
    {"426 to another protocol", FORM_REFUSES,
     WITH(426, "Upgrade: h2c, http://evil.example:^/\r\nConnection: Upgrade\r\n"), NULL},
    {"error that links elsewhere", FORM_REFUSES,
     "HTTP/1.1 400 x\r\n" TYPE
     "Content-Length: $\r\n\r\n{\"errorCode\":\"E1\",\"errorLink\":\"http://evil.example:^/x\"}",
     NULL},
    {"page that moves on", FORM_REFUSES,
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: $\r\n\r\n"
     "<meta http-equiv=refresh content='0;url=http://evil.example:^'/>",
     NULL},
    {"token endpoint elsewhere", FORM_REFUSES,
     "HTTP/1.1 400 x\r\n" TYPE
     "Content-Length: $\r\n\r\n{\"error\":\"use_dpop_nonce\",\"error_uri\":\"http://evil.example:^/\"}",
     NULL},
};

typedef enum credential {
    CREDENTIAL_SSWS,
    CREDENTIAL_BEARER,
    CREDENTIAL_KEY,
    CREDENTIAL_DPOP,
    CREDENTIALS,
} credential;

typedef enum operation {
    OPERATION_GET,
    OPERATION_POST,
    OPERATION_PAGES,
    OPERATION_TOKEN, /* a read, and the form is the answer to the request for its token */
    OPERATIONS,
} operation;

#define TOKEN_PATH   "/oauth2/v1/token"
#define TOKEN(type)  "{\"access_token\":\"" ISSUED "\",\"token_type\":\"" type "\",\"expires_in\":3600}"
#define PAGE(number) TYPE "Content-Length: 3\r\n\r\n[" number "]"

typedef struct credential_row {
    const char *name;
    const char *authorization; /* that requests of the API carry */
    const char *token;         /* answer of the token endpoint; NULL: it is not asked */
} credential_row;

static const credential_row credentials[CREDENTIALS] = {
    [CREDENTIAL_SSWS] = {"SSWS", "SSWS " FAULT_TOKEN, NULL},
    [CREDENTIAL_BEARER] = {"Bearer", "Bearer " FAULT_TOKEN, NULL},
    [CREDENTIAL_KEY] = {"private key", "Bearer " ISSUED,
                        STATUS TYPE "Content-Length: $\r\n\r\n" TOKEN("Bearer")},
    [CREDENTIAL_DPOP] = {"DPoP", "DPoP " ISSUED, STATUS TYPE "Content-Length: $\r\n\r\n" TOKEN("DPoP")},
};

static const char *const operations[OPERATIONS] = {"GET", "POST", "list", "token"};

/* Who must not hear anything: the same port of both loopback addresses. */
typedef struct foreign {
    fault_server *server;
    int six; /* -1: the machine has no ::1 */
} foreign;

typedef struct run {
    const form *form;
    credential credential;
    operation operation;
    fault_world world;
    unsigned foreign_port;
    char texts[3][2048];
    fault_step script[8];
    okta_status status;
    unsigned pages;
    char label[160];
    char message[512];
} run;

static okta_signer *signer;

static void foreign_start(foreign *self)
{
    static const fault_step hangs_up[] = {CLOSE, END};
    static const fault_plan plan = {.script = hangs_up};
    int on = 1;
    self->server = fault_server_start(&plan);
    struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                                   .sin6_port = htons((in_port_t)fault_server_port(self->server))};
    self->six = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (self->six >= 0 &&
        (setsockopt(self->six, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0 ||
         fcntl(self->six, F_SETFL, O_NONBLOCK) != 0 ||
         bind(self->six, (struct sockaddr *)&address, sizeof address) != 0 || listen(self->six, 8) != 0)) {
        close(self->six);
        self->six = -1;
    }
}

/* How many connections there were. */
static unsigned foreign_stop(foreign *self)
{
    fault_server_finish(self->server);
    unsigned count = fault_server_connection_count(self->server);
    fault_server_free(self->server);
    int socket;
    while (self->six >= 0 && (socket = accept(self->six, NULL, NULL)) >= 0) {
        close(socket);
        count++;
    }
    if (self->six >= 0) {
        close(self->six);
    }
    return count;
}

/* `text` with the numbers in the places of its marks. */
static const char *fill_in(const run *self, char out[2048], const char *text)
{
    size_t length = 0;
    const char *body = NULL;
    for (const char *at = text; *at != '\0'; at++) {
        body = strncmp(at, "\r\n\r\n", 4) == 0 ? at + 4 : body;
    }
    char filled[2048] = "";
    if (body != NULL && strchr(text, '$') != NULL) {
        (void)fill_in(self, filled, body);
    }
    for (; *text != '\0'; text++) {
        size_t room = 2048 - length;
        assert_true(room > 32);
        if (*text == '^') {
            length += (size_t)snprintf(out + length, room, "%u", self->foreign_port);
        } else if (*text == '~') {
            length += (size_t)snprintf(out + length, room, "%u", fault_server_port(self->world.server));
        } else if (*text == '$') {
            length += (size_t)snprintf(out + length, room, "%zu", strlen(filled));
        } else {
            out[length++] = *text;
        }
    }
    out[length] = '\0';
    return out;
}

static void write_script(run *self)
{
    static const fault_step last_page = SEND(STATUS PAGE("2"));
    static const fault_step read = READ;
    char page[2048];
    const char *token = self->operation == OPERATION_TOKEN ? NULL : credentials[self->credential].token;
    const char *text = self->form->text;
    if (self->form->kind == FORM_LINKS) {
        snprintf(page, sizeof page, STATUS "%s" PAGE("1"), text);
        text = page;
    }
    size_t steps = 0;
    if (token != NULL) {
        (void)fill_in(self, self->texts[0], token);
        self->script[steps++] = read;
        self->script[steps++] = (fault_step){FAULT_SEND, self->texts[0], strlen(self->texts[0]), 1};
    }
    (void)fill_in(self, self->texts[1], text);
    self->script[steps++] = read;
    self->script[steps++] = (fault_step){FAULT_SEND, self->texts[1], strlen(self->texts[1]), 1};
    if (self->operation == OPERATION_PAGES) {
        self->script[steps++] = read;
        self->script[steps++] = last_page;
    }
    self->script[steps] = (fault_step)END;
}

static okta_client_options options_of(const run *self)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = fault_server_url(self->world.server);
    options.proxy = "";
    options.max_retries = okta_int(1);
    if (credentials[self->credential].token == NULL) {
        options.token = FAULT_TOKEN;
        options.authorization_mode =
            self->credential == CREDENTIAL_SSWS ? OKTA_AUTHORIZATION_SSWS : OKTA_AUTHORIZATION_BEARER;
        return options;
    }
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = "0oa1service";
    options.scopes = "okta.users.read";
    options.signer = signer;
    options.dpop = self->credential == CREDENTIAL_DPOP ? OKTA_DPOP_ALWAYS : OKTA_DPOP_AUTO;
    return options;
}

static void walk(run *self)
{
    okta_pages *pages = okta_request_pages(self->world.client, LIST_PATH);
    while (okta_pages_next(pages) != NULL) {
        self->pages++;
    }
    okta_error *error = okta_pages_error(pages);
    self->status = okta_error_status(error);
    snprintf(self->message, sizeof self->message, "%s", okta_error_message(error));
    okta_free(error);
    okta_free(pages);
}

static void call(run *self)
{
    bool post = self->operation == OPERATION_POST;
    fault_outcome outcome = fault_try(
        okta_request_call(self->world.client, post ? "POST" : "GET", LIST_PATH, post ? BODY_SENT : NULL));
    self->status = outcome.status;
    snprintf(self->message, sizeof self->message, "%s", outcome.message);
}

/* The value of a header, which is there once; NULL: it is not. */
static const char *field(const run *self, const fault_request *request, const char *name)
{
    const char *value = NULL;
    size_t length = strlen(name);
    for (const char *line = strchr(request->text, '\n'); line != NULL && line[1] != '\r';
         line = strchr(line + 1, '\n')) {
        if (strncasecmp(line + 1, name, length) == 0 && line[1 + length] == ':') {
            if (value != NULL) {
                fail_msg("%s: two headers %s", self->label, name);
            }
            value = line + 1 + length + 2;
        }
    }
    return value;
}

static bool is_value(const char *value, const char *expected)
{
    size_t length = strlen(expected);
    return value != NULL && strncmp(value, expected, length) == 0 && value[length] == '\r';
}

/* A proof names the org and nothing else. */
static void check_proof(const run *self, const char *proof, bool for_token)
{
    char claims[1024] = "";
    char expected[128];
    size_t size = 0;
    const char *begin = strchr(proof, '.') + 1;
    size_t length = strcspn(begin, ".");
    assert_true(length < sizeof claims);
    assert_true(oktai_base64url_decode(begin, length, (unsigned char *)claims, &size));
    claims[size] = '\0';
    snprintf(expected, sizeof expected, "\"htu\":\"%s%s", fault_server_url(self->world.server),
             for_token ? TOKEN_PATH "\"" : "/api/v1/");
    const char *found = strstr(claims, "\"htu\":");
    if (found == NULL || strncmp(found, expected, strlen(expected)) != 0 ||
        strstr(found + 1, "\"htu\":") != NULL) {
        fail_msg("%s: a proof for elsewhere: %s", self->label, claims);
    }
}

static void check_request(const run *self, const fault_request *request, bool for_token)
{
    const char *authorization = field(self, request, "Authorization");
    const char *proof = field(self, request, "DPoP");
    const char *host = fault_server_url(self->world.server) + strlen("http://");
    bool good = for_token ? authorization == NULL
                          : is_value(authorization, credentials[self->credential].authorization);
    if (!good || !is_value(field(self, request, "Host"), host) || field(self, request, "Cookie") != NULL ||
        field(self, request, "Referer") != NULL) {
        fail_msg("%s: %.400s", self->label, request->text);
    }
    if (self->credential == CREDENTIAL_DPOP || proof != NULL) {
        assert_non_null(proof);
        assert_true(credentials[self->credential].token != NULL);
        check_proof(self, proof, for_token);
    }
}

/* Counts requests of the API; `last` is the last of them. */
static unsigned check_requests(run *self, const fault_request **last)
{
    unsigned count = 0;
    const fault_request *request = NULL;
    while ((request = fault_server_request_after(self->world.server, request)) != NULL) {
        bool for_token = strncmp(request->text, "POST " TOKEN_PATH " ", sizeof "POST " TOKEN_PATH) == 0;
        check_request(self, request, for_token);
        if (!for_token) {
            count++;
            *last = request;
        }
    }
    return count;
}

static void expect_end(const run *self, okta_status status, unsigned sends, unsigned pages, unsigned requests)
{
    if (self->status != status || self->pages != pages || requests != sends) {
        fail_msg("%s: %s, %u requests, %u pages: %s", self->label, okta_status_name(self->status), requests,
                 self->pages, self->message);
    }
}

static void check_links(run *self, unsigned requests, const fault_request *last)
{
    char target[2048];
    const char *form_target = self->form->target;
    if (self->operation != OPERATION_PAGES) {
        expect_end(self, OKTA_OK, 1, 0, requests);
    } else if (form_target == NULL) {
        expect_end(self, OKTA_E_PROTOCOL, 1, 0, requests);
    } else if (form_target[0] == '\0') {
        expect_end(self, OKTA_OK, 1, 1, requests);
    } else {
        size_t length = strlen(fill_in(self, target, form_target));
        expect_end(self, OKTA_OK, 2, 2, requests);
        if (strncmp(last->text, "GET ", 4) != 0 || strncmp(last->text + 4, target, length) != 0 ||
            last->text[4 + length] != ' ') {
            fail_msg("%s: the next page is not %s: %.200s", self->label, target, last->text);
        }
    }
}

static void check(run *self)
{
    const fault_request *last = NULL;
    unsigned requests = check_requests(self, &last);
    if (strstr(self->message, FAULT_TOKEN) != NULL || strstr(self->message, ISSUED) != NULL ||
        strstr(self->message, FAULT_SECRET) != NULL) {
        fail_msg("%s: a secret is shown: %s", self->label, self->message);
    }
    if (self->operation == OPERATION_TOKEN) {
        if (requests != 0 || self->status == OKTA_OK) {
            fail_msg("%s: %s without a token", self->label, okta_status_name(self->status));
        }
        return;
    }
    if (self->form->kind == FORM_LINKS) {
        check_links(self, requests, last);
    } else if (self->form->kind == FORM_MOVES) {
        expect_end(self, OKTA_E_PROTOCOL, 1, 0, requests);
    } else if (requests > 2) {
        fail_msg("%s: %u requests", self->label, requests);
    }
}

static void run_one(const form *one, credential with, operation of, unsigned foreign_port)
{
    run self = {.form = one, .credential = with, .operation = of, .foreign_port = foreign_port};
    snprintf(self.label, sizeof self.label, "%s, %s, %s", one->name, credentials[with].name, operations[of]);
    fault_plan plan = {.script = self.script, .connections = 1};
    fault_world_begin(&self.world, &plan);
    write_script(&self);
    okta_client_options options = options_of(&self);
    okta_error *error = okta_client_new(&options, &self.world.client);
    if (error != NULL) {
        fail_msg("%s: no client: %s", self.label, okta_error_message(error));
    }
    oktai_client_set_clock(self.world.client, &self.world.clock.clock);
    if (of == OPERATION_PAGES) {
        walk(&self);
    } else {
        call(&self);
    }
    fault_world_finish(&self.world);
    check(&self);
    fault_world_stop(&self.world);
}

static void leads_no_credential_elsewhere(void **state)
{
    unsigned heard = 0;
    unsigned runs = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        foreign other;
        foreign_start(&other);
        for (int with = 0; with < CREDENTIALS; with++) {
            for (int of = 0; of < OPERATIONS; of++) {
                if (of != OPERATION_TOKEN || credentials[with].token != NULL) {
                    run_one(&forms[i], (credential)with, (operation)of, fault_server_port(other.server));
                    runs++;
                }
            }
        }
        unsigned connections = foreign_stop(&other);
        if (connections > 0) {
            printf("the foreign listener heard: %s\n", forms[i].name);
        }
        heard += connections;
    }
    printf("%zu forms x %d credentials: %u requests at the foreign listener (%u runs)\n", COUNT(forms),
           CREDENTIALS, heard, runs);
    (void)fflush(stdout);
    assert_true(COUNT(forms) >= 60);
    assert_int_equal(heard, 0);
}

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static void follow_by_libcurl(const char *url)
{
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 3L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 1000L);
    (void)curl_easy_perform(easy);
    curl_easy_cleanup(easy);
}

/* The listener hears whoever follows: libcurl alone walks into most of the redirects. */
static void control_libcurl_follows(void **state)
{
    unsigned moves = 0;
    unsigned followed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (forms[i].kind != FORM_MOVES) {
            continue;
        }
        foreign other;
        foreign_start(&other);
        run self = {.form = &forms[i], .foreign_port = fault_server_port(other.server)};
        fault_plan plan = {.script = self.script, .connections = 1};
        fault_world_begin(&self.world, &plan);
        write_script(&self);
        follow_by_libcurl(fault_server_url(self.world.server));
        fault_world_stop(&self.world);
        moves++;
        followed += foreign_stop(&other) > 0;
    }
    printf("control: libcurl alone follows %u of %u redirects to the foreign listener\n", followed, moves);
    assert_true(followed * 2 > moves);
}

static int begin(void **state)
{
    okta_key *key = NULL;
    (void)state;
    fault_resolver_set("127.0.0.1");
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    assert_null(okta_signer_from_key(key, NULL, "first", &signer));
    okta_free(key);
    return 0;
}

static int end(void **state)
{
    (void)state;
    okta_free(signer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leads_no_credential_elsewhere),
        cmocka_unit_test(control_libcurl_follows),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
