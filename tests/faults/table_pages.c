/* SPDX-License-Identifier: Apache-2.0 */
/* P01 to P10: redirects and next links. A second server listens for what must not come: ^ is its port, ~ that
 * of the client's own. */
#include "faults/fault_verdicts.h"

#define MOVES(status, location)                                                                              \
    &fault_unfollowed,                                                                                       \
        .http_status = (status), .other = true,                                                              \
        .script = {READ,                                                                                     \
                   SEND("HTTP/1.1 " #status " x\r\nLocation: " location "\r\nContent-Length: 0\r\n\r\n")}

#define NEXT_PAGE  "/api/v1/things?after=2"
#define AFTER      ">; rel=\"next\""
#define PAGE(body) TYPE "Content-Length: 3\r\n\r\n[" body "]"
#define LINK(link) SEND(STATUS "Link: " link "\r\n" PAGE("1"))
#define LAST_PAGE  SEND(STATUS PAGE("2"))

/* A first page with this link, and what the second request is for. */
#define LEADS_TO(path, link)                                                                                 \
    &fault_listed, .other = true, .pages = 2, .heard = 2, .target = (path),                                  \
                   .script = {READ, LINK(link), READ, LAST_PAGE}
/* ... and no second request. */
#define LEADS_NOWHERE(link) &fault_unlisted, .other = true, .script = {READ, LINK(link)}

static const fault_verdict cut_page = {.of = {[FAULT_PAGES] = {OKTA_E_TRANSPORT, 1, 0, true}}};

static const fault_row rows[] = {
    {"P01", "redirect to the same host", MOVES(301, "/api/v1/elsewhere")},
    {"P01", "redirect to the same host, by a whole URL", MOVES(302, "http://127.0.0.1:~/api/v1/elsewhere")},
    {"P02", "redirect to another port", MOVES(303, "http://127.0.0.1:^/api/v1/things")},
    {"P02", "redirect to a user of another port", MOVES(302, "http://127.0.0.1:~@127.0.0.1:^/api/v1/things")},
    {"P02", "redirect to another name", MOVES(301, "http://localhost:^/api/v1/things")},
    {"P02", "redirect to another host", MOVES(302, "http://evil.example:^/api/v1/things")},
    {"P02", "redirect to another scheme", MOVES(302, "https://127.0.0.1:^/api/v1/things")},
    {"P02", "redirect without a scheme", MOVES(302, "//127.0.0.1:^/api/v1/things")},
    {"P02", "redirect to ftp", MOVES(302, "ftp://127.0.0.1:^/api/v1/things")},
    {"P02", "redirect to gopher", MOVES(302, "gopher://127.0.0.1:^/_x")},
    {"P02", "redirect to a file", MOVES(302, "file:///etc/passwd")},
    {"P02", "redirect to a port alone", MOVES(305, "http:^")},
    {"P02", "300 Multiple Choices", MOVES(300, "http://127.0.0.1:^/api/v1/things")},
    {"P02", "redirect to nowhere", MOVES(302, "")},
    {"P02", "redirect of no known kind", MOVES(399, "http://127.0.0.1:^/api/v1/things")},
    {"P03", "307 to the same host", MOVES(307, "/api/v1/elsewhere")},
    {"P03", "307 to another port", MOVES(307, "http://127.0.0.1:^/api/v1/things")},
    {"P03", "308 to another port", MOVES(308, "http://127.0.0.1:^/api/v1/things")},
    {"P04", "redirect to itself", MOVES(302, "http://127.0.0.1:~/api/v1/things")},

    /* Whatever host a next link names, its path and query are asked of the client's own. */
    {"P05", "next link without a host", LEADS_TO(NEXT_PAGE, "<" NEXT_PAGE AFTER)},
    {"P05", "next link to the same host", LEADS_TO(NEXT_PAGE, "<http://127.0.0.1:~" NEXT_PAGE AFTER)},
    {"P05", "next link to another port", LEADS_TO(NEXT_PAGE, "<http://127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P05", "next link to another scheme", LEADS_TO(NEXT_PAGE, "<https://127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P05", "next link to another host", LEADS_TO(NEXT_PAGE, "<https://evil.example:^" NEXT_PAGE AFTER)},
    {"P05", "next link to a host that looks like it",
     LEADS_TO(NEXT_PAGE, "<http://127.0.0.1.evil.example:^" NEXT_PAGE AFTER)},
    {"P05", "next link without a scheme", LEADS_TO(NEXT_PAGE, "<//127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P05", "next link to a user of another port",
     LEADS_TO(NEXT_PAGE, "<http://127.0.0.1:~@127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P05", "next link to an IPv6 address", LEADS_TO(NEXT_PAGE, "<http://[::1]:^" NEXT_PAGE AFTER)},
    {"P05", "next link to a hexadecimal address",
     LEADS_TO(NEXT_PAGE, "<http://0x7f000001:^" NEXT_PAGE AFTER)},
    {"P05", "next link to a name in another script",
     LEADS_TO(NEXT_PAGE, "<http://xn--kta-5cd.example:^" NEXT_PAGE AFTER)},
    {"P05", "next link with a URL in its query",
     LEADS_TO("/api/v1/things?after=http://127.0.0.1:9/",
              "<http://127.0.0.1:^/api/v1/things?after=http://127.0.0.1:9/" AFTER)},
    {"P05", "next link to another host's other path",
     LEADS_TO("/elsewhere/api/v1/things?after=2",
              "<http://127.0.0.1:^/elsewhere/api/v1/things?after=2" AFTER)},
    {"P05", "next link with backslashes",
     LEADS_NOWHERE("<http:\\\\127.0.0.1:^\\api\\v1\\things?after=2" AFTER)},
    {"P05", "next link with a backslash behind the host",
     LEADS_NOWHERE("<http://127.0.0.1:^\\" NEXT_PAGE AFTER)},
    {"P05", "next link to a file", LEADS_NOWHERE("<file:///api/v1/things" AFTER)},
    {"P05", "next link to ftp", LEADS_NOWHERE("<ftp://127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P05", "next link that is a script", LEADS_NOWHERE("<javascript:alert(1)" AFTER)},
    {"P06", "next link to a bare host", LEADS_NOWHERE("<http://127.0.0.1:^" AFTER)},
    {"P06", "next link to a top folder", LEADS_NOWHERE("<http://127.0.0.1:^/" AFTER)},
    {"P06", "next link outside the API", LEADS_NOWHERE("<http://127.0.0.1:^/admin?after=2" AFTER)},
    {"P06", "next link out of the API by dots",
     LEADS_NOWHERE("<http://127.0.0.1:^/api/v1/../../admin" AFTER)},
    {"P06", "next link out of the API by escaped dots",
     LEADS_NOWHERE("<http://127.0.0.1:^/api/v1/%2e%2e/%2e%2e/admin" AFTER)},
    {"P06", "next link whose path begins like a host",
     LEADS_NOWHERE("<http://127.0.0.1:^//127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P06", "next link with four slashes", LEADS_NOWHERE("<////127.0.0.1:^" NEXT_PAGE AFTER)},
    {"P06", "next link with a relative path", LEADS_NOWHERE("<api/v1/things?after=2" AFTER)},
    {"P06", "next link of a query alone", LEADS_NOWHERE("<?after=2" AFTER)},
    {"P07", "next link to its own page", &fault_unlisted, .pages = 1,
     .script = {READ, LINK("</api/v1/things" AFTER)}},
    {"P07", "next links in a circle of two", &fault_unlisted, .pages = 2, .heard = 2,
     .script = {READ, LINK("<" NEXT_PAGE AFTER), READ, LINK("</api/v1/things" AFTER)}},
    {"P07", "next links in a circle of a thousand", &fault_unlisted, .pages = 1001, .heard = 1001,
     .script = {SERIES(STATUS "Link: </api/v1/things?after=#" AFTER "\r\n" PAGE("1"), 1000), READ,
                LINK("</api/v1/things?after=1" AFTER)}},
    {"P08", "empty pages for ever", &fault_unlisted, .pages = 10000, .heard = 10000,
     .script = {SERIES(STATUS "Link: </api/v1/things?after=#" AFTER "\r\n" TYPE "Content-Length: 2\r\n\r\n[]",
                       10000)}},
    {"P09", "links in a list", LEADS_TO(NEXT_PAGE, "</api/v1/things>; rel=\"self\", <" NEXT_PAGE AFTER)},
    {"P09", "links in two headers",
     LEADS_TO(NEXT_PAGE, "</api/v1/things>; rel=\"self\"\r\nLink: <" NEXT_PAGE AFTER)},
    {"P09", "many relations", LEADS_TO(NEXT_PAGE, "<" NEXT_PAGE ">; rel=\"first next last\"")},
    {"P09", "relation behind other parameters",
     LEADS_TO(NEXT_PAGE, "<" NEXT_PAGE ">; title=\"a, b; c\"; rel=\"next\"")},
    {"P09", "relation in capitals", LEADS_TO(NEXT_PAGE, "<" NEXT_PAGE ">; REL=\"NEXT\"")},
    {"P09", "relation without quotes", LEADS_TO(NEXT_PAGE, "<" NEXT_PAGE ">; rel=next")},
    {"P09", "comma in the URL", LEADS_TO("/api/v1/things?after=2,3", "</api/v1/things?after=2,3" AFTER)},
    {"P09", "link to itself only", &fault_listed, .pages = 1,
     .script = {READ, LINK("</api/v1/things>; rel=\"self\"")}},
    {"P09", "no URL", LEADS_NOWHERE("<" AFTER)},
    {"P09", "URL with a fragment", LEADS_NOWHERE("<" NEXT_PAGE "#there" AFTER)},
    {"P09", "URL with a space", LEADS_NOWHERE("<" NEXT_PAGE " x" AFTER)},
    {"P09", "URL without an end", LEADS_NOWHERE("<" NEXT_PAGE)},
    {"P09", "URL without a beginning", LEADS_NOWHERE(NEXT_PAGE AFTER)},
    {"P09", "two next links", LEADS_NOWHERE("<" NEXT_PAGE AFTER "\r\nLink: </api/v1/things?after=3" AFTER)},
    {"P09", "relation that is not closed", LEADS_NOWHERE("<" NEXT_PAGE ">; rel=\"next")},
    {"P09", "relation on the next line", LEADS_NOWHERE("<" NEXT_PAGE ">;\r\n rel=\"next\"")},
    {"P09", "link of 64 KiB", &fault_listed, .pages = 2, .heard = 2,
     .script = {READ, SEND(STATUS "Link: </api/v1/things?after="),
                SEND_TIMES("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 1024),
                SEND(AFTER "\r\n" PAGE("1")), READ, LAST_PAGE}},
    {"P10", "second page is cut", &cut_page, .pages = 1, .heard = 2, .single = true,
     .script = {READ, LINK("<" NEXT_PAGE AFTER), READ, SEND(STATUS TYPE "Content-Length: 3\r\n\r\n[2"),
                CLOSE}},
};

const fault_group fault_page_rows = {"pages", rows, COUNT(rows)};
