/* SPDX-License-Identifier: Apache-2.0 */
#include "http/verdict.h"

#include <string.h>

#include "http/proxy_verdict.h"
#include "json/reader.h"

#define CANCELED "the call was canceled"

/* What goes to a proxy before the request is not part of it, though libcurl counts it. */
static bool request_left(oktai_transfer *t)
{
    long bytes = 0;
    if (t->sends == 0) {
        return false;
    }
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0 || t->left_before;
}

static bool answer_began(oktai_transfer *t)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &microseconds);
    return microseconds > 0;
}

static oktai_attempt failed(okta_status status, bool unsettled, const char *reason)
{
    return (oktai_attempt){.failure = status, .unsettled = unsettled, .reason = reason};
}

static bool is_verification(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
           code == CURLE_SSL_CIPHER || code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CRL_BADFILE ||
           code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ||
           code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
           code == CURLE_COULDNT_RESOLVE_PROXY;
}

/* What OpenSSL says where the other side answers in another protocol, such as plain HTTP. Its words name no
 * cause. */
static bool is_no_tls(const char *problem)
{
    static const char *const words[] = {"wrong version number", "packet length too long", "http request",
                                        "https proxy request"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(problem, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void explain_no_tls(oktai_transfer *t)
{
    static const char why[] = ": the server does not speak TLS";
    size_t length = strnlen(t->problem, sizeof t->problem);
    if (length + sizeof why <= sizeof t->problem) {
        memcpy(t->problem + length, why, sizeof why);
    }
}

/* libcurl's own words, unless they may quote a proxy URL with its password. */
static const char *reason_of(oktai_transfer *t, CURLcode code)
{
    /* What these two mean here is not what they say: the memory that is short is for one line, and what
     * cannot be written is what follows the end of the compressed data. */
    if (code == CURLE_OUT_OF_MEMORY) {
        return "the answer has a header line that is too long";
    }
    if (code == CURLE_WRITE_ERROR) {
        return "the answer's body does not end where its compressed data ends";
    }
    if (code == CURLE_SSL_CONNECT_ERROR && is_no_tls(t->problem)) {
        explain_no_tls(t);
    }
    bool usable =
        t->problem[0] != '\0' && strchr(t->problem, '@') == NULL && strstr(t->problem, "://") == NULL;
    return usable ? t->problem : curl_easy_strerror(code);
}

oktai_limit oktai_verdict_connect_limit(const oktai_transfer *t)
{
    return t->options->connect_timeout_ms < t->give_up_ms - t->began_ms ? OKTAI_LIMIT_CONNECT
                                                                        : OKTAI_LIMIT_REQUEST;
}

static bool is_connected(oktai_transfer *t)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
    return t->sends > 0 || microseconds > 0;
}

/* libcurl's words tell the time that was left when the attempt began, which nobody has set. */
static oktai_attempt too_late(oktai_transfer *t, bool left)
{
    bool connected = is_connected(t);
    const char *what = connected ? "no answer came in time" : "no connection was made in time";
    oktai_attempt attempt =
        failed(OKTA_E_TIMEOUT, left, answer_began(t) ? "the answer did not end in time" : what);
    attempt.limit = connected ? OKTAI_LIMIT_REQUEST : oktai_verdict_connect_limit(t);
    return attempt;
}

/* Names what libcurl reports. Its codes are no proof of anything but the few listed: whether the server may
 * have seen the request is read off the bytes that left. */
static oktai_attempt classify(oktai_transfer *t, const oktai_ending *ending)
{
    bool left = request_left(t);
    oktai_attempt attempt = failed(OKTA_E_TRANSPORT, left, reason_of(t, ending->code));
    if (ending->canceled) {
        return failed(OKTA_E_CANCELED, left, CANCELED);
    }
    if (t->hung_up) {
        return atomic_load(t->canceled) ? failed(OKTA_E_CANCELED, left, CANCELED) : too_late(t, left);
    }
    if (ending->too_slow) {
        return failed(OKTA_E_TIMEOUT, left, "the answer comes too slowly");
    }
    if (t->no_memory || (ending->code == CURLE_OUT_OF_MEMORY && !answer_began(t))) {
        attempt = failed(OKTA_E_NOMEM, left, "out of memory");
        attempt.permanent = true;
        return attempt;
    }
    if (t->tls_error != NULL) {
        attempt = failed(okta_error_status(t->tls_error), left, okta_error_message(t->tls_error));
        attempt.permanent = !okta_error_is_retryable(t->tls_error);
        return attempt;
    }
    if (t->proxy_refusal != NULL) {
        return failed(OKTA_E_TRANSPORT, left, t->proxy_refusal);
    }
    if (t->refusal != NULL) {
        attempt = failed(OKTA_E_PROTOCOL, left, t->refusal);
        attempt.permanent = true;
        return attempt;
    }
    if (t->lost || ending->code == CURLE_SEND_FAIL_REWIND) {
        attempt.reason = "the connection died before an answer came";
    } else if (ending->code == CURLE_OPERATION_TIMEDOUT) {
        attempt = too_late(t, left);
    } else if (ending->code == CURLE_SSL_CACERT_BADFILE) {
        attempt.failure = OKTA_E_CONFIG;
        attempt.permanent = true;
    } else if (ending->code == CURLE_UNSUPPORTED_PROTOCOL || ending->code == CURLE_WEIRD_SERVER_REPLY ||
               ending->code == CURLE_BAD_CONTENT_ENCODING || ending->code == CURLE_WRITE_ERROR ||
               ending->code == CURLE_OUT_OF_MEMORY) {
        attempt.failure = OKTA_E_PROTOCOL;
        attempt.permanent = true;
    } else {
        attempt.permanent = is_verification(ending->code);
    }
    return attempt;
}

/* Whether libcurl calls the transfer good. It takes the end that the client itself made of a connection for
 * the end of an HTTP/2 answer: such an answer is never whole. */
static bool ended_well(const oktai_transfer *t, const oktai_ending *ending)
{
    return ending->code == CURLE_OK && !ending->canceled && !ending->too_slow && !t->hung_up;
}

/* JSON says itself where it ends, unless it is a number: "12" may be the beginning of "123". */
static bool delimits_itself(const oktai_buffer *body)
{
    oktai_reader reader;
    if (body->length == 0) {
        return false;
    }
    oktai_reader_init(&reader, body->data, body->length);
    oktai_json_type type = oktai_reader_peek(&reader);
    return (type == OKTAI_JSON_OBJECT || type == OKTAI_JSON_ARRAY) && oktai_reader_skip(&reader, NULL) &&
           oktai_reader_finish(&reader);
}

bool oktai_verdict_needs_connection(oktai_transfer *t)
{
    int status = t->framing.http_status;
    return oktai_transfer_is_multiplexed(t) && t->framing.content_length == OKTAI_NO_LENGTH &&
           status != 204 && status != 304 && !delimits_itself(&t->response->body);
}

/* A frame of HTTP/2 that breaks its connection ends the answer, too, and libcurl 7.88 reports that as the end
 * of a good one. It never keeps such a connection, nor one whose server has announced to close it. */
static bool shows_its_end(oktai_transfer *t, const oktai_ending *ending)
{
    return ending->is_whole || t->kept != CURL_SOCKET_BAD || !oktai_verdict_needs_connection(t);
}

/* A transfer that libcurl calls good is looked at once more: it takes a cut answer for a whole one in several
 * cases. */
static oktai_attempt accept_answer(oktai_transfer *t, const oktai_ending *ending)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    const char *problem = oktai_framing_problem(&t->framing, oktai_transfer_is_multiplexed(t));
    if (problem != NULL) {
        return failed(OKTA_E_TRANSPORT, true, problem);
    }
    if (!shows_its_end(t, ending)) {
        return failed(OKTA_E_TRANSPORT, true, "the connection ended before the answer did");
    }
    t->response->http_status = (int)status;
    return (oktai_attempt){.failure = OKTA_OK, .http_status = (int)status};
}

oktai_attempt oktai_verdict_of(oktai_transfer *t, const oktai_ending *ending)
{
    long begun = 0;
    bool whole = ended_well(t, ending);
    oktai_attempt attempt = whole ? accept_answer(t, ending) : classify(t, ending);
    if (!whole) {
        oktai_proxy_verdict(t, &attempt);
    }
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &begun);
    attempt.begun_status = (int)begun;
    return attempt;
}

oktai_attempt oktai_verdict_canceled(void)
{
    return failed(OKTA_E_CANCELED, false, CANCELED);
}

oktai_attempt oktai_verdict_no_memory(void)
{
    oktai_attempt attempt = failed(OKTA_E_NOMEM, false, "out of memory");
    attempt.permanent = true;
    return attempt;
}
