/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_hooks.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/utf8.h"
#include "http/tls.h"

/* Of a name; a longer one is not shown: whoever hides secrets in it does not find one that is cut. */
#define ISSUER_MAX 256u

/* What the callbacks of one connection need. It lives as long as the SSL_CTX, which libcurl makes for each.
 */
typedef struct tls_link {
    oktai_tls *tls;
    oktai_transfer *transfer; /* in whose hands the connection is, while that has this serial number */
    uint64_t serial;          /* 0: no transfer has it, or several have it */
} tls_link;

/* Where an SSL_CTX has its link. */
static int link_index = -1;

static void free_link(void *parent, void *made, CRYPTO_EX_DATA *data, int index, long number, void *pointer)
{
    (void)parent;
    (void)data;
    (void)index;
    (void)number;
    (void)pointer;
    free(made);
}

bool oktai_tls_hooks_start(void)
{
    if (link_index < 0) {
        link_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_link);
    }
    return link_index >= 0;
}

static tls_link *link_of(const SSL *ssl)
{
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), link_index);
}

/* The one request that its connection serves; NULL: none, or several. */
static oktai_transfer *transfer_of(const tls_link *link)
{
    return link->serial == link->transfer->serial ? link->transfer : NULL;
}

/* The authorities that a connection is verified with. */
static X509_STORE *store_of(const SSL *ssl)
{
    X509_STORE *store = NULL;
    SSL_CTX_get0_verify_cert_store(SSL_get_SSL_CTX(ssl), &store);
    return store;
}

/* "" for a host that is an address: there is one origin a client, and a proxy may be another host. */
static const char *host_of(const SSL *ssl)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    return name == NULL ? "" : name;
}

/* Called for each step of a handshake, and for alerts. Before the first byte of a first one there is time for
 * a session. Where a connection breaks, the sessions with its server are no longer good (RFC 5246, section
 * 7.2.2). */
static void on_step(const SSL *ssl, int where, int value)
{
    const tls_link *link = link_of(ssl);
    oktai_tls *tls = link->tls;
    if ((where & SSL_CB_ALERT) != 0 && value >> 8 == SSL3_AL_FATAL) {
        oktai_tls_drop_sessions(tls);
    }
    if ((where & SSL_CB_HANDSHAKE_START) == 0 || SSL_get_session(ssl) != NULL) {
        return;
    }
    if (link->transfer->slice != NULL) {
        /* Without memory there are none, and a flood ends with the deadline of its request. */
        link->transfer->slice((SSL *)(uintptr_t)ssl, link->transfer->slice_now);
    }
    SSL_SESSION *session = oktai_tls_take_session(tls, store_of(ssl), host_of(ssl));
    if (session != NULL) {
        /* Without it the handshake is a full one. */
        SSL_set_session((SSL *)(uintptr_t)ssl, session);
        SSL_SESSION_free(session);
    }
}

static int on_session(SSL *ssl, SSL_SESSION *session)
{
    if (SSL_SESSION_is_resumable(session) == 1 && SSL_get_verify_result(ssl) == X509_V_OK) {
        oktai_tls_keep_session(link_of(ssl)->tls, store_of(ssl), host_of(ssl), session);
    }
    return 0;
}

bool oktai_tls_hooks_hang_up(oktai_transfer *t)
{
    if (t->canceled != NULL && (atomic_load(t->canceled) || oktai_clock_system_ms() >= t->give_up_ms)) {
        t->hung_up = true;
    }
    return t->hung_up;
}

/* Called for each record. libcurl reads on for as long as frames without data keep coming, and so does
 * OpenSSL with messages of its own, without a look at the time: to both this is the end of the connection. */
static void on_record(int writes, int version, int type, const void *data, size_t length, SSL *ssl,
                      void *context)
{
    (void)version;
    (void)data;
    (void)length;
    oktai_transfer *t = transfer_of(context);
    if (writes == 0 && type == SSL3_RT_HEADER && t != NULL && oktai_tls_hooks_hang_up(t)) {
        SSL_set_shutdown(ssl, SSL_get_shutdown(ssl) | SSL_RECEIVED_SHUTDOWN);
    }
}

/* Whether more authorities could make the chain a good one. */
static bool lacks_authority(int problem)
{
    return problem == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
           problem == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           problem == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
           problem == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
           problem == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN || problem == X509_V_ERR_CERT_UNTRUSTED;
}

/* As it is: escapes and dumps would keep secrets from being found. */
#define ISSUER_FORM                                                                                          \
    ((unsigned long)XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_FN_SN | ASN1_STRFLGS_UTF8_CONVERT)

/* One line of UTF-8. */
static void write_issuer(const X509 *certificate, char *out, size_t size)
{
    BIO *text = certificate == NULL ? NULL : BIO_new(BIO_s_mem());
    int length = 0;
    if (text != NULL && X509_NAME_print_ex(text, X509_get_issuer_name(certificate), 0, ISSUER_FORM) >= 0) {
        length = BIO_read(text, out, (int)size);
    }
    BIO_free(text);
    if (length < 0) {
        length = 0;
    } else if ((size_t)length >= size) {
        length = snprintf(out, size, "a name of %zu bytes or more", size);
    }
    out[length] = '\0';
    oktai_utf8_flatten(out, strlen(out));
}

/* The host and port of the request's URL. */
static size_t authority_of(const char *url, const char **out)
{
    const char *slashes = url == NULL ? NULL : strstr(url, "://");
    *out = slashes == NULL ? "" : slashes + 3;
    return strcspn(*out, "/?");
}

static void keep_problem(oktai_transfer *t, const SSL *ssl, X509_STORE_CTX *chain)
{
    char issuer[ISSUER_MAX];
    const char *host = host_of(ssl);
    size_t length = host[0] == '\0' ? authority_of(t->url, &host) : strlen(host);
    int problem = X509_STORE_CTX_get_error(chain);
    if (problem == X509_V_ERR_OUT_OF_MEM) {
        t->no_memory = true;
        return;
    }
    write_issuer(X509_STORE_CTX_get_current_cert(chain), issuer, sizeof issuer);
    okta_free(t->tls_error);
    t->tls_error = oktai_error_new(
        OKTA_E_TRANSPORT, "the certificate of %.*s does not verify: %s (issued by \"%s\")%s",
        length < 255 ? (int)length : 255, host, X509_verify_cert_error_string(problem), issuer,
        lacks_authority(problem)
            ? "; an authority of your own belongs into the file that ca_file (caFile) names"
            : "");
}

/* The same chain against more authorities. What it comes to is the chain's. */
static int verify_again(X509_STORE_CTX *chain, X509_STORE *wider)
{
    int good = 0;
    X509_STORE_CTX *again = X509_STORE_CTX_new();
    if (again != NULL &&
        X509_STORE_CTX_init(again, wider, X509_STORE_CTX_get0_cert(chain),
                            X509_STORE_CTX_get0_untrusted(chain)) == 1 &&
        X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(again), X509_STORE_CTX_get0_param(chain)) == 1) {
        good = X509_verify_cert(again);
    }
    if (good == 1) {
        X509_STORE_CTX_set0_verified_chain(chain, X509_STORE_CTX_get1_chain(again));
        X509_STORE_CTX_set_error(chain, X509_V_OK);
    }
    X509_STORE_CTX_free(again);
    return good;
}

/* Called in the place of OpenSSL's verification of a server's chain. */
static int on_chain(X509_STORE_CTX *chain, void *context)
{
    const tls_link *link = context;
    oktai_transfer *t = transfer_of(link);
    const SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    int good = X509_verify_cert(chain);
    if (good != 1 && lacks_authority(X509_STORE_CTX_get_error(chain))) {
        X509_STORE *wider = oktai_tls_widen(link->tls, X509_STORE_CTX_get0_store(chain));
        good = wider == NULL ? good : verify_again(chain, wider);
        X509_STORE_free(wider);
    }
    if (good != 1 && t != NULL) {
        keep_problem(t, ssl, chain);
    }
    return good;
}

/* The connection is in the hands of the transfer that makes it. NULL: out of memory. */
static tls_link *new_link(SSL_CTX *ssl_context, oktai_transfer *t)
{
    tls_link *made = malloc(sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    *made = (tls_link){.tls = t->options->tls, .transfer = t, .serial = t->serial};
    if (SSL_CTX_set_ex_data(ssl_context, link_index, made) != 1) {
        free(made);
        return NULL;
    }
    return made;
}

/* Called for each connection to a server or proxy, before its handshake. */
static CURLcode on_context(CURL *easy, void *made, void *context)
{
    oktai_transfer *t = context;
    const oktai_clock *clock = t->options->clock;
    SSL_CTX *ssl_context = made;
    X509_STORE *store = NULL;
    (void)easy;
    okta_free(t->tls_error);
    t->tls_error = oktai_tls_store(t->options->tls, clock->now_ms(clock), &store);
    if (t->tls_error != NULL) {
        return CURLE_SSL_CACERT_BADFILE;
    }
    tls_link *link = new_link(ssl_context, t);
    if (store == NULL || link == NULL || SSL_CTX_set1_verify_cert_store(ssl_context, store) != 1) {
        X509_STORE_free(store);
        t->no_memory = true;
        return CURLE_OUT_OF_MEMORY;
    }
    X509_STORE_free(store);
    SSL_CTX_set_cert_verify_callback(ssl_context, on_chain, link);
    SSL_CTX_set_msg_callback(ssl_context, on_record);
    SSL_CTX_set_msg_callback_arg(ssl_context, link);
    SSL_CTX_set_info_callback(ssl_context, on_step);
    SSL_CTX_sess_set_new_cb(ssl_context, on_session);
    SSL_CTX_set_session_cache_mode(ssl_context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_clear_options(ssl_context, SSL_OP_NO_TICKET); /* else TLS 1.2 resumes nothing */
    return CURLE_OK;
}

bool oktai_tls_hooks_set(oktai_transfer *t, CURL *easy)
{
    return t->options->tls == NULL ||
           (curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, t) == CURLE_OK);
}

/* Over HTTP/2 a connection that others may use too is in nobody's hands. */
static void hand_over(tls_link *link, oktai_transfer *t)
{
    link->transfer = t;
    link->serial = t->is_h2 && t->connections != NULL ? 0 : t->serial;
}

void oktai_tls_hooks_sending(oktai_transfer *t)
{
    const struct curl_tlssessioninfo *info = NULL;
    const unsigned char *protocol = NULL;
    unsigned length = 0;
    t->ssl = NULL;
    if (t->options->tls != NULL && curl_easy_getinfo(t->easy, CURLINFO_TLS_SSL_PTR, &info) == CURLE_OK &&
        info != NULL && info->backend == CURLSSLBACKEND_OPENSSL) {
        t->ssl = info->internals;
    }
    if (t->ssl != NULL) {
        SSL_get0_alpn_selected(t->ssl, &protocol, &length);
    }
    t->is_h2 = length == 2 && memcmp(protocol, "h2", 2) == 0;
    if (t->ssl != NULL) {
        hand_over(link_of(t->ssl), t);
    }
}

bool oktai_tls_hooks_has_input(const oktai_transfer *t)
{
    return t->options->tls != NULL && (t->ssl == NULL || SSL_has_pending(t->ssl) == 1);
}
