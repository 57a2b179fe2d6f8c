/* SPDX-License-Identifier: Apache-2.0 */
/* The fault table: what goes wrong on the wire, a row each, and what each kind of request comes to. One
 * engine walks all rows. For each row and each kind of request that its verdict knows, it looks at
 *
 * - the status, the attempts, the HTTP status and whether a repetition may help;
 * - how often the server heard the request, and that it heard nothing else but, where the outcome of a
 *   lifecycle call is not known, one look at the object;
 * - that every request carries the credential, once, and asks for no leave to send (`Expect`);
 * - that no message and no log event shows a secret, and that a message is one line without markup;
 * - that a body that did not come whole is not shown;
 * - that the same client succeeds afterwards;
 * - that the call ends before its deadline, by the fake clock;
 * - that no file descriptor is left.
 *
 * Where the verdict says that a request is repeated, it also runs the row with the fault in the first attempt
 * alone: the second must succeed.
 *
 * A file of rows is a fault_group. Rows that need more than the fields
 * here (another credential, requests beside the operation's own) arrange it by `arrange`, `authorization` and
 * `aside`. */
#ifndef OKTA_TESTS_FAULTS_FAULT_TABLE_H
#define OKTA_TESTS_FAULTS_FAULT_TABLE_H

#include "faults/fault_script.h"
#include "faults/fault_tls.h"
#include "faults/fault_world.h"

#define FAULT_RETRIES     2u
#define FAULT_SCRIPT_MAX  64u
#define FAULT_SECRETS_MAX 8u

typedef enum fault_operation {
    FAULT_GET,
    FAULT_POST,      /* with a body */
    FAULT_BARE_POST, /* without one */
    FAULT_PUT,
    FAULT_DELETE,
    FAULT_PAGES,     /* GET until there is no next page */
    FAULT_TYPED_GET, /* of a client secret, and so on: their answers are decoded */
    /* POST; in rows of one attempt, since looks between two would find the fault too. The second counts
     * whatever its answer says of the object: the answers that rows share are about none that was activated.
     */
    FAULT_TYPED_ACTIVATE,
    FAULT_TYPED_ANY_STATE,
    FAULT_TYPED_DELETE,
    FAULT_OPERATIONS,
} fault_operation;

/* Who the client is. */
typedef enum fault_identity {
    FAULT_API_TOKEN,
    FAULT_SERVICE,         /* a service app, with proofs from when the org asks for them */
    FAULT_SERVICE_DERIVED, /* ... whose kid nobody chose */
    FAULT_SERVICE_DPOP,
} fault_identity;

#define FAULT_ONLY(operation) (1u << (operation))

/* What one kind of request comes to. */
typedef struct fault_expected {
    okta_status status;
    unsigned attempts; /* 0: the row says nothing about this kind of request */
    int http_status;   /* FAULT_OF_ROW: the row's */
    bool retryable;
} fault_expected;

#define FAULT_OF_ROW (-1)

typedef struct fault_verdict {
    fault_expected of[FAULT_OPERATIONS];
} fault_verdict;

typedef struct fault_bench fault_bench;

typedef struct fault_row {
    const char *id;               /* in the catalogue */
    const char *name;             /* what happens */
    const fault_verdict *verdict; /* when each attempt finds the fault */

    /* Answers to one attempt; the engine repeats it for each. With `warm` or FAULT_NEXT in it, the whole. */
    fault_step script[10];
    unsigned times;    /* attempts that find the fault; 0: all that are made */
    unsigned only;     /* FAULT_ONLY() of the kinds of request; 0: all of the verdict */
    int http_status;   /* that FAULT_OF_ROW stands for */
    unsigned heard;    /* sendings that the server hears; 0: one an attempt */
    bool unheard;      /* ... none */
    bool racy;         /* the request may not leave in time; then it is timed out, and known not to be sent */
    bool warm;         /* a good request goes before, over the same connection */
    bool await;        /* the server is done with its script before the next request */
    bool alone;        /* the fault in the first attempt alone is another thing: not run */
    bool single;       /* no repetition is allowed */
    unsigned aside;    /* requests that are not the operation's */
    const char *says;  /* a part of the message */
    const char *hides; /* what the message must not have */
    const char *body;  /* that comes of success; NULL: the good one */
    size_t body_bytes; /* at least so many in its place */
    size_t send_bytes; /* size of the request's body */
    unsigned pages;    /* that are delivered; of FAULT_PAGES */
    const char *items; /* the elements of all pages, one behind the other; NULL: any */
    const char *target; /* of the operation's last request */

    /* With a service app, `script` has the answers to the operation's requests, and `tokens` those to
     * requests for a token: one between FAULT_NEXT each, without a FAULT_READ, and good ones follow. */
    fault_identity identity;
    fault_step tokens[10];
    const char *trace; /* of all requests, as fault_service.h tells it; it stands for `heard` and `aside` */
    bool dated;
    int64_t later_ms; /* that pass before the good call afterwards; 0: 2 s */

    int64_t timeout_ms; /* 0: the library's own; of this and the next two */
    int64_t connect_timeout_ms;
    size_t max_response_bytes;
    int64_t step_ms; /* by which each look at the clock moves it on */
    /* Time that passes between two attempts, or that an only one takes. */
    int64_t wait_min_ms;
    int64_t wait_max_ms;
    int64_t told_ms; /* at least so long to wait, says the error */

    const fault_tls_options *tls; /* of the server while it follows the script; NULL: plain HTTP */
    bool no_tls;                  /* the client speaks TLS all the same */
    bool untrusted;               /* the client does not trust the script's certificate */
    const char *host; /* NULL: 127.0.0.1; else a name of fault_resolver.h, with a good certificate */
    bool other;  /* another server listens, and must hear nothing; in what the script sends, ^ is its port and
                    ~  the port of the server itself */
    bool refuse; /* the server takes no connections; after that it does */
    const char *authorization; /* that requests carry; NULL: the token */

    void (*arrange)(fault_bench *bench); /* before the client is made; nullable */
    void (*mend)(fault_bench *bench);    /* before what must succeed; nullable */
    void (*tidy)(fault_bench *bench);    /* at the end, also after a failure; nullable */
} fault_row;

typedef struct fault_group {
    const char *name; /* as in its file's: table_<name>.c */
    const fault_row *rows;
    size_t count;
} fault_group;

extern const fault_group fault_transport_rows;
extern const fault_group fault_answer_rows;
extern const fault_group fault_h2_rows;
extern const fault_group fault_h2_cut_rows;
extern const fault_group fault_tls_rows;
extern const fault_group fault_rate_rows;
extern const fault_group fault_page_rows;
extern const fault_group fault_json_rows;
extern const fault_group fault_auth_rows;

/* What a run of a row has at hand. */
struct fault_bench {
    const fault_row *row;
    fault_operation operation;
    bool heals; /* the first attempt alone finds the fault */
    fault_expected expected;
    fault_world world;
    fault_server *other;
    okta_client_options options; /* that the client is made from */
    const char *ca_file;
    X509 *authorities[2]; /* of the certificates of the script and of the rest */
    fault_step script[FAULT_SCRIPT_MAX];
    fault_step tokens[FAULT_SCRIPT_MAX];
    fault_route routes[3];
    char own_start[48];  /* of the operation's requests */
    char texts[4][1024]; /* what the script sends, with the ports in it */
    unsigned text_count;
    char url[64];
    const char *secrets[FAULT_SECRETS_MAX]; /* that nothing may show; NULL at the end */
    bool secret_logged;
    void *extra; /* of the row */
};

/* What a run showed. */
typedef struct fault_seen {
    fault_expected expected;
    unsigned expected_sends;
    unsigned expected_looks; /* at the object's state, which the server has no good answer for */
    fault_outcome outcome;
    unsigned sends;
    unsigned pages;
    char items[256];
    int64_t passed_ms;
    char probe_complaint[512];
    char complaint[512]; /* "": all is as it should be */
} fault_seen;

void fault_table_begin(void);
void fault_table_end(void);

const char *fault_operation_name(fault_operation operation);
/* The first complaint about a run counts. */
void fault_complain(fault_seen *seen, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the row is about this kind of request, and whether that repeats it. */
bool fault_row_applies(const fault_row *row, fault_operation operation, bool heals);
void fault_row_run(const fault_row *row, fault_operation operation, bool heals, fault_seen *seen);

#endif
