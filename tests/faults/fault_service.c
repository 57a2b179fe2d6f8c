/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_service.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base64url.h"
#include "faults/fault_script.h"

#define JWT_MAX    2048u
#define JTIS_MAX   32u
#define JTI_SIZE   32u
#define NONCE_SIZE 300u
#define SHOWN_MAX  20u /* a longer nonce is told by its length */

/* What the server heard. */
typedef struct trace {
    char text[512];
    size_t length;
    char jtis[JTIS_MAX][JTI_SIZE];
    size_t jti_count;
    int64_t first_iat; /* of an assertion; 0: none yet */
    const char *problem;
} trace;

static okta_signer *signer;
static okta_signer *derived; /* nobody chose its kid */

void fault_service_begin(void)
{
    okta_key *key = NULL;
    okta_error *error = okta_key_generate(OKTA_KEY_EC_P256, &key);
    if (error == NULL) {
        error = okta_signer_from_key(key, NULL, "first", &signer);
    }
    if (error == NULL) {
        error = okta_signer_from_key(key, NULL, NULL, &derived);
    }
    okta_free(key);
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
        abort();
    }
}

void fault_service_end(void)
{
    okta_free(signer);
    okta_free(derived);
}

void fault_service_set_options(fault_bench *bench)
{
    okta_client_options *options = &bench->options;
    options->token = NULL;
    options->authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options->client_id = "0oa1service";
    options->scopes = "okta.apps.manage";
    options->signer = bench->row->identity == FAULT_SERVICE_DERIVED ? derived : signer;
    options->dpop = bench->row->identity == FAULT_SERVICE_DPOP ? OKTA_DPOP_ALWAYS : OKTA_DPOP_AUTO;
    bench->secrets[2] = FAULT_ISSUED;
    /* Every assertion and proof begins with the base64url of a JSON object. */
    bench->secrets[3] = "eyJ";
}

const fault_step *fault_service_rest(const fault_row *row)
{
    static const fault_step bearer[] = {MEASURE(STATUS TYPE FAULT_MEASURED FAULT_TOKEN_BODY("Bearer", "9")),
                                        END};
    static const fault_step dpop[] = {MEASURE(STATUS TYPE FAULT_MEASURED FAULT_TOKEN_BODY("DPoP", "9")), END};
    return row->identity == FAULT_SERVICE_DPOP ? dpop : bearer;
}

const char *fault_service_scheme(const fault_row *row)
{
    return row->identity == FAULT_SERVICE_DPOP ? "DPoP " FAULT_ISSUED : "Bearer " FAULT_ISSUED;
}

unsigned fault_service_count(const fault_row *row, char letter)
{
    unsigned count = 0;
    for (const char *word = row->trace; *word != '\0';) {
        count += *word == letter;
        word += strcspn(word, " ");
        word += strspn(word, " ");
    }
    return count;
}

static void add(trace *heard, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(trace *heard, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(heard->text + heard->length, sizeof heard->text - heard->length, format, arguments);
    va_end(arguments);
    heard->length += length < 0 ? 0 : (size_t)length;
    if (heard->length >= sizeof heard->text) {
        heard->length = sizeof heard->text - 1;
    }
}

static void object(trace *heard, const char *problem)
{
    heard->problem = heard->problem == NULL ? problem : heard->problem;
}

/* Behind the name of a header field; NULL: there is none. */
static const char *field(const char *request, const char *name)
{
    size_t length = strlen(name);
    const char *line = strchr(request, '\n');
    for (; line != NULL && line[1] != '\r'; line = strchr(line + 1, '\n')) {
        if (strncasecmp(line + 1, name, length) == 0 && strncmp(line + 1 + length, ": ", 2) == 0) {
            return line + 1 + length + 2;
        }
    }
    return NULL;
}

/* The JSON of the claims of a JWT, which ends where no JWT goes on. */
static bool read_claims(const char *jwt, char claims[JWT_MAX])
{
    size_t size = 0;
    const char *start = jwt == NULL ? NULL : strchr(jwt, '.');
    size_t length = start == NULL ? 0 : strcspn(start + 1, ".&\r ");
    if (start == NULL || length >= JWT_MAX ||
        !oktai_base64url_decode(start + 1, length, (unsigned char *)claims, &size)) {
        return false;
    }
    claims[size] = '\0';
    return true;
}

/* `start` is the member up to its value. False: there is none. */
static bool member(const char *claims, const char *start, char *out, size_t size)
{
    const char *value = strstr(claims, start);
    if (value == NULL) {
        return false;
    }
    value += strlen(start);
    snprintf(out, size, "%.*s", (int)strcspn(value, "\","), value);
    return true;
}

static void see_jti(trace *heard, const char *claims)
{
    char *jti = heard->jtis[heard->jti_count];
    if (heard->jti_count + 1 == JTIS_MAX || !member(claims, "\"jti\":\"", jti, JTI_SIZE)) {
        object(heard, "an assertion or a proof has no jti");
        return;
    }
    for (size_t i = 0; i < heard->jti_count; i++) {
        if (strcmp(heard->jtis[i], jti) == 0) {
            object(heard, "an assertion or a proof is used twice");
        }
    }
    heard->jti_count++;
}

static bool has_kid(const char *jwt)
{
    char header[JWT_MAX];
    size_t size = 0;
    size_t length = strcspn(jwt, ".");
    if (length >= JWT_MAX || !oktai_base64url_decode(jwt, length, (unsigned char *)header, &size)) {
        return false;
    }
    header[size] = '\0';
    return strstr(header, "\"kid\":\"") != NULL;
}

static void see_assertion(trace *heard, const fault_row *row, const char *request)
{
    static const char name[] = "&client_assertion=";
    char claims[JWT_MAX];
    char iat[24];
    const char *found = strstr(request, name);
    if (found == NULL || !read_claims(found + strlen(name), claims) ||
        !member(claims, "\"iat\":", iat, sizeof iat)) {
        object(heard, "a request for a token has no assertion");
        return;
    }
    see_jti(heard, claims);
    if (row->identity == FAULT_SERVICE_DERIVED && has_kid(found + strlen(name))) {
        add(heard, "k");
    }
    int64_t date = strtoll(iat, NULL, 10);
    heard->first_iat = heard->first_iat == 0 ? date : heard->first_iat;
    if (row->dated && date != heard->first_iat) {
        add(heard, "@%lld", (long long)(date - heard->first_iat));
    }
}

static void see_token(trace *heard, const char *request)
{
    const char *value = field(request, "Authorization");
    const char *token = value == NULL ? NULL : strstr(value, FAULT_ISSUED);
    bool dpop = value != NULL && strncmp(value, "DPoP ", strlen("DPoP ")) == 0;
    if (token == NULL || token > value + strlen("Bearer ")) {
        object(heard, "a call carries no token");
        return;
    }
    if (dpop != (field(request, "DPoP") != NULL)) {
        object(heard, "a call has a proof and no token that is bound to it, or the reverse");
    }
    add(heard, "%c", token[strlen(FAULT_ISSUED)]);
}

static void see_proof(trace *heard, const char *request)
{
    char claims[JWT_MAX];
    char nonce[NONCE_SIZE] = "";
    const char *proof = field(request, "DPoP");
    if (proof == NULL) {
        return;
    }
    if (!read_claims(proof, claims)) {
        object(heard, "a proof is none");
        return;
    }
    see_jti(heard, claims);
    member(claims, "\"nonce\":\"", nonce, sizeof nonce);
    if (strlen(nonce) > SHOWN_MAX) {
        add(heard, "/%zu", strlen(nonce));
    } else {
        add(heard, "/%s", nonce);
    }
}

static void see(trace *heard, const fault_bench *bench, const fault_request *request)
{
    static const char token_start[] = "POST " FAULT_TOKEN_PATH " HTTP/";
    const char *text = request->text;
    add(heard, "%s", heard->length == 0 ? "" : " ");
    if (strncmp(text, token_start, strlen(token_start)) == 0) {
        add(heard, "T");
        see_assertion(heard, bench->row, text);
        if (field(text, "Authorization") != NULL) {
            object(heard, "a request for a token carries another credential");
        }
    } else {
        bool own = strncmp(text, bench->own_start, strlen(bench->own_start)) == 0;
        add(heard, own ? "C" : "P");
        see_token(heard, text);
    }
    see_proof(heard, text);
}

static void check_time(const fault_bench *bench, fault_seen *seen)
{
    const fault_row *row = bench->row;
    if (seen->passed_ms < row->wait_min_ms || seen->passed_ms > row->wait_max_ms) {
        fault_complain(seen, "%lld ms passed, not %lld to %lld", (long long)seen->passed_ms,
                       (long long)row->wait_min_ms, (long long)row->wait_max_ms);
    }
}

void fault_service_check(const fault_bench *bench, fault_seen *seen)
{
    static trace heard;
    const fault_request *request = NULL;
    heard = (trace){0};
    while ((request = fault_server_request_after(bench->world.server, request)) != NULL) {
        see(&heard, bench, request);
    }
    if (strcmp(heard.text, bench->row->trace) != 0) {
        fault_complain(seen, "the server heard %s, not %s: %s", heard.text, bench->row->trace,
                       seen->outcome.message);
    } else if (heard.problem != NULL) {
        fault_complain(seen, "%s", heard.problem);
    } else if (bench->operation != FAULT_PAGES && seen->outcome.own_attempts != seen->expected_sends) {
        fault_complain(seen, "the call counts %u attempts, not %u", seen->outcome.own_attempts,
                       seen->expected_sends);
    }
    for (size_t i = 0; seen->outcome.status != OKTA_OK && bench->secrets[i] != NULL; i++) {
        if (strstr(seen->outcome.body, bench->secrets[i]) != NULL) {
            fault_complain(seen, "the error keeps an answer with a secret: %s", seen->outcome.body);
        }
    }
    check_time(bench, seen);
}
