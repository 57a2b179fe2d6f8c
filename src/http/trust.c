/* SPDX-License-Identifier: Apache-2.0 */
#include "http/trust.h"

#include <curl/curl.h>
#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/file.h"
#include "core/openssl.h"

#define GIVEN_FILE  "ca_file"
#define SYSTEM_FILE "the system's CA file"

/* Where the system has its authorities; each may be NULL. */
typedef struct system_paths {
    const char *bundle;
    const char *folder;
} system_paths;

static okta_error *refuse(const char *what, const char *path, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s \"%.400s\" %s", what, path, reason);
}

static okta_error *system_error(const char *what, const char *path, int code)
{
    if (code == ENOMEM) {
        return oktai_error_nomem();
    }
    bool passes = code == EMFILE || code == ENFILE;
    okta_error *error = oktai_file_error(passes ? OKTA_E_TRANSPORT : OKTA_E_CONFIG, what, path, code);
    if (okta_error_status(error) == OKTA_E_TRANSPORT) {
        error->retryable = true;
    }
    return error;
}

/* A certificate in PEM has no password, and nobody is asked for one. */
static int no_password(char *out, int size, int writes, void *context)
{
    (void)out;
    (void)size;
    (void)writes;
    (void)context;
    return -1;
}

static bool is_reason(unsigned long code, int library, int reason)
{
    return ERR_GET_LIB(code) == library && ERR_GET_REASON(code) == reason;
}

/* What ended the reading of certificates behind the first `count`. */
static okta_error *judge_end(const char *what, const char *path, size_t count)
{
    char reason[64];
    unsigned long code = oktai_openssl_latest();
    if (is_reason(code, ERR_LIB_PEM, PEM_R_NO_START_LINE)) {
        return count > 0 ? NULL : refuse(what, path, "has no certificate in PEM");
    }
    if (code == 0 || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) {
        return oktai_error_nomem();
    }
    snprintf(reason, sizeof reason, "is damaged at its certificate %zu", count + 1);
    return refuse(what, path, reason);
}

static okta_error *add_certificates(X509_STORE *store, const char *what, const char *path,
                                    const oktai_buffer *text)
{
    if (text->length == 0) {
        return refuse(what, path, "is empty");
    }
    oktai_openssl stretch;
    okta_error *failure = oktai_openssl_begin(&stretch);
    if (failure != NULL) {
        return failure;
    }
    size_t count = 0;
    bool kept = true;
    BIO *in = BIO_new_mem_buf(text->data, (int)text->length);
    X509 *certificate;
    while (in != NULL && kept && (certificate = PEM_read_bio_X509_AUX(in, NULL, no_password, NULL)) != NULL) {
        kept = X509_STORE_add_cert(store, certificate) == 1;
        X509_free(certificate);
        count += kept;
    }
    okta_error *error = in == NULL || !kept ? oktai_error_nomem() : judge_end(what, path, count);
    BIO_free(in);
    return oktai_openssl_end(stretch, error);
}

static okta_error *add_open_file(X509_STORE *store, const char *what, const char *path, int file)
{
    struct stat about;
    if (fstat(file, &about) != 0) {
        return system_error("read", path, errno);
    }
    if (!S_ISREG(about.st_mode)) {
        return refuse(what, path, "is not a regular file");
    }
    if (about.st_size > (off_t)OKTAI_TRUST_FILE_MAX) {
        return refuse(what, path, "is larger than 2,097,152 bytes");
    }
    oktai_buffer text = {0};
    errno = 0;
    okta_error *error = NULL;
    if (oktai_file_read_most(file, OKTAI_TRUST_FILE_MAX, &text)) {
        error = add_certificates(store, what, path, &text);
    } else if (text.over_limit) {
        error = refuse(what, path, "is larger than 2,097,152 bytes");
    } else {
        error = text.failed ? oktai_error_nomem() : system_error("read", path, errno);
    }
    oktai_buffer_clear(&text);
    return error;
}

static okta_error *add_file(X509_STORE *store, const char *what, const char *path)
{
    char verb[48];
    int file = oktai_file_open(path, 0);
    if (file < 0) {
        snprintf(verb, sizeof verb, "open %s", what);
        return system_error(verb, path, errno);
    }
    okta_error *error = add_open_file(store, what, path, file);
    close(file);
    return error;
}

/* The hash of a name in eight digits, a dot and a number, as `openssl rehash` makes them. */
static bool is_link_of_authority(const char *name)
{
    size_t hash = strspn(name, "0123456789abcdef");
    return hash == 8 && name[8] == '.' && name[9] != '\0' &&
           strspn(name + 9, "0123456789") == strlen(name + 9);
}

static bool has_links(const char *folder)
{
    const struct dirent *entry;
    bool found = false;
    DIR *open = folder == NULL ? NULL : opendir(folder);
    while (open != NULL && !found && (entry = readdir(open)) != NULL) {
        found = is_link_of_authority(entry->d_name);
    }
    if (open != NULL) {
        closedir(open);
    }
    return found;
}

/* Not asked of the environment, which names files for OpenSSL's own programs. */
static system_paths find_system_paths(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    system_paths paths = {.bundle = info->cainfo, .folder = info->capath};
    if (paths.bundle == NULL && paths.folder == NULL) {
        paths = (system_paths){.bundle = X509_get_default_cert_file(), .folder = X509_get_default_cert_dir()};
    }
    return paths;
}

/* Taken before the reading, so that a change during it shows. */
static void watch(oktai_trust *trust, const char *path)
{
    trust->watched = path;
    if (path == NULL || stat(path, &trust->as_found) != 0) {
        trust->as_found = (struct stat){0};
    }
}

static okta_error *add_system(oktai_trust *trust, oktai_trust_reach reach)
{
    system_paths paths = find_system_paths();
    bool folder = has_links(paths.folder);
    bool has_bundle = paths.bundle != NULL && access(paths.bundle, R_OK) == 0;
    watch(trust, folder ? paths.folder : paths.bundle);
    trust->has_more = folder && has_bundle && reach == OKTAI_TRUST_QUICK;
    if (folder && X509_STORE_load_path(trust->store, paths.folder) != 1) {
        return oktai_error_nomem();
    }
    if (folder && (trust->has_more || !has_bundle)) {
        return NULL;
    }
    if (paths.bundle == NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "the system has no CA certificates: name a file in ca_file");
    }
    return add_file(trust->store, SYSTEM_FILE, paths.bundle);
}

static okta_error *add_given(oktai_trust *trust, const char *ca_file)
{
    watch(trust, ca_file);
    return add_file(trust->store, GIVEN_FILE, ca_file);
}

okta_error *oktai_trust_read(const char *ca_file, oktai_trust_reach reach, oktai_trust *out)
{
    oktai_trust trust = {.store = X509_STORE_new()};
    if (trust.store == NULL ||
        X509_STORE_set_flags(trust.store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN) != 1) {
        X509_STORE_free(trust.store);
        return oktai_error_nomem();
    }
    okta_error *error = ca_file != NULL ? add_given(&trust, ca_file) : add_system(&trust, reach);
    if (error != NULL) {
        X509_STORE_free(trust.store);
        return error;
    }
    *out = trust;
    return NULL;
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool oktai_trust_is_outdated(const oktai_trust *trust)
{
    struct stat found;
    const struct stat *before = &trust->as_found;
    return trust->watched == NULL || stat(trust->watched, &found) != 0 || found.st_dev != before->st_dev ||
           found.st_ino != before->st_ino || found.st_size != before->st_size ||
           !same_time(found.st_mtim, before->st_mtim) || !same_time(found.st_ctim, before->st_ctim);
}

void oktai_trust_clear(oktai_trust *trust)
{
    X509_STORE_free(trust->store);
    *trust = (oktai_trust){0};
}

okta_error *oktai_trust_refuse_file(const char *ca_file)
{
    struct stat about;
    if (stat(ca_file, &about) != 0) {
        return system_error("find " GIVEN_FILE, ca_file, errno);
    }
    return S_ISREG(about.st_mode) ? NULL : refuse(GIVEN_FILE, ca_file, "is not a regular file");
}
