/* SPDX-License-Identifier: Apache-2.0 */
#include "config/option_rows.h"

#include <assert.h>
#include <string.h>

#include "auth/assertion_file.h"
#include "auth/authorization.h"
#include "auth/client_secret.h"
#include "auth/kid.h"
#include "config/org_url.h"
#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

#define WORD_MAX ((size_t)4096)
#define BODY_MAX 1073741824
#define DAY_S    86400

static const char *const modes[] = {"SSWS", "Bearer", "PrivateKey", "ClientSecret", NULL};
static const char *const auth_methods[] = {"client_secret_basic", "client_secret_post", NULL};
static const char *const log_levels[] = {"none", "warn", "info", "debug", NULL};
static const char *const dpop_modes[] = {"auto", "always", "never", NULL};
static const char *const pacing_modes[] = {"on", "off", NULL};
static const char *const switches[] = {"false", "true", NULL};
static const char *const http_versions[] = {"auto", "1.1", NULL};

static okta_error *refuse(const char *reason)
{
    return reason == NULL ? NULL : oktai_error_new(OKTA_E_CONFIG, "%s", reason);
}

static okta_error *check_org_url(const char *text)
{
    static const char name[] = "org_url ";
    oktai_arena arena = {0};
    const char *url = NULL;
    bool plain_http = false;
    okta_error *error = oktai_org_url(text, &arena, &url, &plain_http);
    oktai_arena_clear(&arena);
    const char *message = okta_error_message(error);
    if (error == NULL || strncmp(message, name, sizeof name - 1) != 0) {
        return error;
    }
    okta_error *rest = refuse(message + sizeof name - 1);
    okta_free(error);
    return rest;
}

/* Such as {apiToken}: what the examples of Okta's SDKs have where a value belongs. */
static bool is_placeholder(const char *text)
{
    size_t length = strlen(text);
    return length > 1 && text[0] == '{' && text[length - 1] == '}';
}

static okta_error *check_token(const char *text)
{
    return refuse(is_placeholder(text) ? "is a placeholder: put the token in its place"
                                       : oktai_authorization_refuse(text));
}

/* `first` and what follows it in ASCII, up to '~'. */
static bool is_ascii_from(const char *text, char first)
{
    for (; *text != '\0'; text++) {
        if (*text < first || *text > '~') {
            return false;
        }
    }
    return true;
}

static okta_error *check_word(const char *text)
{
    bool ok = *text != '\0' && is_ascii_from(text, '!') && strnlen(text, WORD_MAX + 1) <= WORD_MAX;
    const char *ends = *text == '\0' ? NULL : oktai_authorization_refuse_ends(text);
    return refuse(ends != NULL ? ends
                  : ok         ? NULL
                               : "must be printable ASCII without spaces, at most 4,096 bytes");
}

static okta_error *check_client_id(const char *text)
{
    return is_placeholder(text) ? refuse("is a placeholder: put the id of your app in its place")
                                : check_word(text);
}

static okta_error *check_kid(const char *text)
{
    bool ok = text[0] == '\0' || oktai_kid_is_good(text);
    return refuse(ok ? NULL : "must be printable ASCII, at most 255 bytes");
}

static okta_error *check_line(const char *text)
{
    if (is_ascii_from(text, ' ')) {
        return NULL;
    }
    const char *ends = oktai_authorization_refuse_ends(text);
    return refuse(ends != NULL ? ends : "must be printable ASCII");
}

/* RFC 6749, appendix A.4: words of %x21 / %x23-5B / %x5D-7E with one space between them. */
static okta_error *check_scopes(const char *text)
{
    bool has_words = *text != '\0' && *text != ' ' && strstr(text, "  ") == NULL &&
                     text[strnlen(text, WORD_MAX + 1) - 1] != ' ';
    bool ok = has_words && is_ascii_from(text, ' ') && strpbrk(text, "\"\\") == NULL &&
              strnlen(text, WORD_MAX + 1) <= WORD_MAX;
    return refuse(ok ? NULL
                     : "must be OAuth scopes with one space between them, of printable ASCII without quotes "
                       "and backslashes, at most 4,096 bytes");
}

static okta_error *check_proxy(const char *text)
{
    return refuse(oktai_proxy_refuse(text));
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return true;
        }
    }
    return false;
}

static okta_error *check_file_name(const char *text)
{
    return refuse(has_control(text) ? "must be the name of a file" : NULL);
}

static okta_error *check_assertion_file(const char *text)
{
    okta_error *error = check_file_name(text);
    return error == NULL ? refuse(oktai_assertion_file_refuse(text)) : error;
}

static okta_error *check_key(const char *text)
{
    return refuse(strnlen(text, WORD_MAX * 16 + 1) > WORD_MAX * 16 ? "is longer than 65,536 bytes" : NULL);
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static okta_error *check_proxy_host(const char *text)
{
    const char *colon = strstr(text, "://");
    const char *host = colon == NULL ? text : colon + 3;
    bool ok = *host != '\0' && host[strspn(host, LETTERS "-._:[]")] == '\0' && strnlen(host, 256) < 256 &&
              (colon == NULL || text + strspn(text, LETTERS) == colon);
    return refuse(ok ? NULL : "must be a host name or address, with or without http:// or another scheme");
}

static okta_error *check_proxy_user(const char *text)
{
    bool ok = !has_control(text) && strchr(text, ':') == NULL;
    return refuse(ok ? NULL : "must not hold a colon or control characters");
}

static okta_error *check_client_secret(const char *text)
{
    return refuse(oktai_client_secret_refuse(text));
}

static okta_error *check_proxy_password(const char *text)
{
    return refuse(has_control(text) ? "must not hold control characters" : NULL);
}

#define VARIABLE(name) .variable = "OKTA_CLIENT_" name
#define PATH(name)     .path = "okta.client." name
#define MEMBER(member) .name = #member, .offset = offsetof(okta_client_options, member)
#define TEXT(member)   MEMBER(member), .type = OKTAI_OPTION_TEXT
#define NUMBER(member, kind, least, most)                                                                    \
    MEMBER(member), .type = OKTAI_OPTION_##kind, .min = (least), .max = (most)
#define SECONDS               .unit = OKTAI_UNIT_SECONDS
#define CHOICE(member, names) MEMBER(member), .type = OKTAI_OPTION_CHOICE, .choices = (names)
#define POINTER(member)       MEMBER(member), .type = OKTAI_OPTION_POINTER
#define CREDENTIAL(kind)      .credential = OKTAI_CREDENTIAL_##kind
#define DIRECTS(kinds)        .directs = (kinds)
#define WEAKENS(kinds)        .weakens = (kinds)
#define SAFE(choice)          .safe = OKTA_##choice
#define TOKEN_MODES           (OKTAI_MODE_BIT(OKTA_AUTHORIZATION_SSWS) | OKTAI_MODE_BIT(OKTA_AUTHORIZATION_BEARER))
#define KEY_MODES             OKTAI_MODE_BIT(OKTA_AUTHORIZATION_PRIVATE_KEY)
#define SECRET_MODES          OKTAI_MODE_BIT(OKTA_AUTHORIZATION_CLIENT_SECRET)
#define ANY_OF_ORG            (OKTAI_CREDENTIAL_SENT | OKTAI_CREDENTIAL_SIGNS)
#define ANY_ON_WAY            (ANY_OF_ORG | OKTAI_CREDENTIAL_KEY_FILE)
#define PART(which)           .name = "proxy", .type = OKTAI_OPTION_PART, .part = OKTAI_PROXY_##which

/* In the order of okta_client_options. */
const oktai_option_row oktai_option_rows[OKTAI_OPTION_ROWS] = {
    {TEXT(org_url), VARIABLE("ORGURL"), PATH("orgUrl"), .view = OKTAI_VIEW_URL, DIRECTS(ANY_OF_ORG),
     .check = check_org_url},
    {CHOICE(authorization_mode, modes), VARIABLE("AUTHORIZATIONMODE"), PATH("authorizationMode"),
     WEAKENS(ANY_ON_WAY), SAFE(AUTHORIZATION_PRIVATE_KEY)},
    {TEXT(token), VARIABLE("TOKEN"), PATH("token"), .view = OKTAI_VIEW_SECRET, CREDENTIAL(SENT),
     .modes = TOKEN_MODES, .check = check_token},
    {TEXT(user_agent), VARIABLE("USERAGENT"), PATH("userAgent"), .check = check_line},
    {TEXT(ca_file), VARIABLE("CAFILE"), PATH("caFile"), DIRECTS(ANY_ON_WAY), .check = check_file_name},
    {TEXT(proxy), .view = OKTAI_VIEW_URL, .check = check_proxy},
    {PART(HOST), VARIABLE("PROXY_HOST"), PATH("proxy.host"), DIRECTS(ANY_ON_WAY | OKTAI_CREDENTIAL_PROXY),
     .check = check_proxy_host},
    {PART(PORT), VARIABLE("PROXY_PORT"), PATH("proxy.port"), DIRECTS(ANY_ON_WAY | OKTAI_CREDENTIAL_PROXY),
     .min = 1, .max = 65535},
    {PART(USERNAME), VARIABLE("PROXY_USERNAME"), PATH("proxy.username"), CREDENTIAL(PROXY),
     .check = check_proxy_user},
    {PART(PASSWORD), VARIABLE("PROXY_PASSWORD"), PATH("proxy.password"), .view = OKTAI_VIEW_SECRET,
     CREDENTIAL(PROXY), .check = check_proxy_password},
    {NUMBER(timeout_ms, INT64, 0, DAY_S), VARIABLE("REQUESTTIMEOUT"), PATH("requestTimeout"), SECONDS,
     .fallback = 60000},
    {NUMBER(connect_timeout_ms, INT64, 0, DAY_S), VARIABLE("CONNECTIONTIMEOUT"), PATH("connectionTimeout"),
     SECONDS, .fallback = 10000},
    {NUMBER(max_retries, OPT_INT, 0, OKTAI_RETRIES_MAX), VARIABLE("RATELIMIT_MAXRETRIES"),
     PATH("rateLimit.maxRetries"), .fallback = 3},
    {NUMBER(max_response_bytes, SIZE, 1, BODY_MAX), VARIABLE("MAXRESPONSEBYTES"), PATH("maxResponseBytes"),
     .unit = OKTAI_UNIT_BYTES, .fallback = 16777216},
    {CHOICE(log_level, log_levels), VARIABLE("LOGLEVEL"), PATH("logLevel")},
    {POINTER(log)},
    {POINTER(log_ctx)},
    {TEXT(client_id), VARIABLE("CLIENTID"), PATH("clientId"), .check = check_client_id},
    {TEXT(scopes), VARIABLE("SCOPES"), PATH("scopes"), .is_list = true, WEAKENS(ANY_ON_WAY),
     .modes = KEY_MODES | SECRET_MODES, .check = check_scopes},
    {POINTER(signer), CREDENTIAL(SIGNS), .modes = KEY_MODES},
    {TEXT(private_key), VARIABLE("PRIVATEKEY"), PATH("privateKey"), .view = OKTAI_VIEW_KEY, CREDENTIAL(SIGNS),
     .modes = KEY_MODES, .check = check_key},
    {TEXT(private_key_id), VARIABLE("PRIVATEKEYID"), PATH("privateKeyId"), .none = "none",
     .check = check_kid},
    {TEXT(private_key_alg), VARIABLE("PRIVATEKEYALG"), PATH("privateKeyAlg"), .check = check_word},
    {TEXT(assertion_audience), VARIABLE("ASSERTION_AUDIENCE"), PATH("assertion.audience"),
     .view = OKTAI_VIEW_URL, DIRECTS(OKTAI_CREDENTIAL_SIGNS | OKTAI_CREDENTIAL_KEY_FILE),
     .check = check_word},
    {TEXT(assertion_type), VARIABLE("ASSERTION_TYPE"), PATH("assertion.type"), WEAKENS(ANY_ON_WAY),
     .modes = KEY_MODES, .check = check_word, .fallback_text = "JWT"},
    {TEXT(client_secret), VARIABLE("CLIENTSECRET"), PATH("clientSecret"), .view = OKTAI_VIEW_SECRET,
     CREDENTIAL(SENT), .modes = SECRET_MODES, .check = check_client_secret},
    {CHOICE(client_auth_method, auth_methods), VARIABLE("CLIENTAUTHMETHOD"), PATH("clientAuthMethod"),
     WEAKENS(ANY_ON_WAY), SAFE(CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC), .modes = SECRET_MODES},
    {CHOICE(dpop, dpop_modes), VARIABLE("DPOP"), PATH("dpop"), WEAKENS(ANY_ON_WAY), SAFE(DPOP_ALWAYS),
     .modes = KEY_MODES | SECRET_MODES},
    {CHOICE(pacing, pacing_modes), VARIABLE("PACING"), PATH("pacing")},
    {NUMBER(rate_limit_percent, UNSIGNED, 1, 100), VARIABLE("RATELIMIT_PERCENT"), PATH("rateLimit.percent"),
     .fallback = 100},
    {NUMBER(rate_limit_reserve, UNSIGNED, 0, 1000000), VARIABLE("RATELIMIT_RESERVE"),
     PATH("rateLimit.reserve")},
    {NUMBER(max_in_flight, UNSIGNED, 1, 75), VARIABLE("MAXINFLIGHT"), PATH("maxInFlight"), .fallback = 10},
    {CHOICE(private_key_readable, switches), VARIABLE("PRIVATEKEYREADABLE"), PATH("privateKeyReadable"),
     WEAKENS(ANY_ON_WAY), SAFE(SWITCH_OFF), .modes = KEY_MODES},
    {CHOICE(admin_host, switches), VARIABLE("ADMINHOST"), PATH("adminHost"), WEAKENS(ANY_ON_WAY),
     SAFE(SWITCH_OFF)},
    {CHOICE(http_version, http_versions), VARIABLE("HTTPVERSION"), PATH("httpVersion")},
    {POINTER(token_source), CREDENTIAL(SENT), .modes = TOKEN_MODES},
    {POINTER(token_source_ctx)},
    {TEXT(assertion_file), VARIABLE("ASSERTION_FILE"), PATH("assertion.file"), .view = OKTAI_VIEW_FILE,
     CREDENTIAL(SENT), .modes = KEY_MODES, .check = check_assertion_file},
};

static_assert(sizeof(okta_authorization_mode) == sizeof(unsigned) &&
                  sizeof(okta_log_level) == sizeof(unsigned) && sizeof(okta_dpop_mode) == sizeof(unsigned) &&
                  sizeof(okta_pacing_mode) == sizeof(unsigned) && sizeof(okta_switch) == sizeof(unsigned) &&
                  sizeof(okta_client_auth_method) == sizeof(unsigned) &&
                  sizeof(okta_http_version) == sizeof(unsigned),
              "an enum is read as an unsigned");

static size_t size_of(const oktai_option_row *row)
{
    switch ((oktai_option_type)row->type) {
    case OKTAI_OPTION_INT64:
        return sizeof(int64_t);
    case OKTAI_OPTION_OPT_INT:
        return sizeof(okta_opt_int);
    case OKTAI_OPTION_SIZE:
        return sizeof(size_t);
    case OKTAI_OPTION_UNSIGNED:
    case OKTAI_OPTION_CHOICE:
        return sizeof(unsigned);
    case OKTAI_OPTION_TEXT:
    case OKTAI_OPTION_POINTER:
        return sizeof(void *);
    case OKTAI_OPTION_PART:
    default:
        return 0;
    }
}

static const char *member(const oktai_option_row *row, const okta_client_options *options)
{
    return (const char *)options + row->offset;
}

bool oktai_option_is_set(const oktai_option_row *row, const okta_client_options *options)
{
    static const char zeros[sizeof(okta_opt_int)];
    if (row->type == OKTAI_OPTION_OPT_INT) {
        okta_opt_int number;
        memcpy(&number, member(row, options), sizeof number);
        return number.has;
    }
    return memcmp(member(row, options), zeros, size_of(row)) != 0;
}

/* okta_opt_int has bytes between its members that nobody sets, and a number that means nothing when absent.
 */
bool oktai_option_is_same(const oktai_option_row *row, const okta_client_options *a,
                          const okta_client_options *b)
{
    if (row->type == OKTAI_OPTION_OPT_INT) {
        bool is_set = oktai_option_is_set(row, a);
        return is_set == oktai_option_is_set(row, b) &&
               (!is_set || oktai_option_number(row, a) == oktai_option_number(row, b));
    }
    return memcmp(member(row, a), member(row, b), size_of(row)) == 0;
}

/* What a program changed in loaded options is its own. */
const char *oktai_option_source(const oktai_option_row *row, const okta_client_options *options)
{
    const struct okta_option_origins *origins = options->origins;
    if (origins != NULL && oktai_option_is_same(row, options, &origins->loaded)) {
        return origins->texts[row - oktai_option_rows];
    }
    return oktai_option_is_set(row, options) ? OKTAI_OPTION_OF_CODE : NULL;
}

const char *oktai_option_place(const okta_client_options *options, const char *name)
{
    const oktai_option_row *row = oktai_option_rows; /* a whole stands in front of its parts */
    while (strcmp(row->name, name) != 0) {
        row++;
    }
    const char *source = oktai_option_source(row, options);
    return source == NULL || strcmp(source, OKTAI_OPTION_OF_CODE) == 0 ? NULL : source;
}

const char *oktai_option_text(const oktai_option_row *row, const okta_client_options *options)
{
    const char *text;
    memcpy(&text, member(row, options), sizeof text);
    return text;
}

int64_t oktai_option_scale(const oktai_option_row *row)
{
    return row->unit == OKTAI_UNIT_SECONDS ? 1000 : 1;
}

int64_t oktai_option_number(const oktai_option_row *row, const okta_client_options *options)
{
    const char *at = member(row, options);
    int64_t number = 0;
    okta_opt_int optional;
    size_t size;
    unsigned small;
    if (row->type == OKTAI_OPTION_INT64) {
        memcpy(&number, at, sizeof number);
    } else if (row->type == OKTAI_OPTION_OPT_INT) {
        memcpy(&optional, at, sizeof optional);
        number = optional.value;
    } else if (row->type == OKTAI_OPTION_SIZE) {
        memcpy(&size, at, sizeof size);
        const uint64_t wide = size;
        number = wide > INT64_MAX ? INT64_MAX : (int64_t)wide;
    } else {
        memcpy(&small, at, sizeof small);
        number = small;
    }
    return number;
}

void oktai_option_set_text(const oktai_option_row *row, okta_client_options *options, const char *text)
{
    memcpy((char *)options + row->offset, &text, sizeof text);
}

void oktai_option_set_number(const oktai_option_row *row, okta_client_options *options, int64_t number)
{
    char *at = (char *)options + row->offset;
    if (row->type == OKTAI_OPTION_INT64) {
        memcpy(at, &number, sizeof number);
    } else if (row->type == OKTAI_OPTION_OPT_INT) {
        const okta_opt_int optional = {true, number};
        memcpy(at, &optional, sizeof optional);
    } else if (row->type == OKTAI_OPTION_SIZE) {
        size_t size = (size_t)number;
        memcpy(at, &size, sizeof size);
    } else {
        unsigned small = (unsigned)number;
        memcpy(at, &small, sizeof small);
    }
}

void oktai_option_copy(const oktai_option_row *row, okta_client_options *to, const okta_client_options *from)
{
    memcpy((char *)to + row->offset, member(row, from), size_of(row));
}

okta_error *oktai_option_refuse_choice(const oktai_option_row *row, const char *subject)
{
    oktai_buffer names = {0};
    for (size_t i = 0; row->choices[i] != NULL; i++) {
        const char *before = i == 0 ? "" : row->choices[i + 1] == NULL ? " or " : ", ";
        oktai_buffer_printf(&names, "%s%s", before, row->choices[i]);
    }
    okta_error *error = names.failed ? oktai_error_nomem()
                                     : oktai_error_new(OKTA_E_CONFIG, "%s must be %s", subject, names.data);
    oktai_buffer_clear(&names);
    return error;
}

okta_error *oktai_option_name_error(const char *subject, okta_error *error)
{
    if (error == NULL || okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    okta_error *named = oktai_error_new(OKTA_E_CONFIG, "%s %s", subject, okta_error_message(error));
    okta_free(error);
    return named;
}
