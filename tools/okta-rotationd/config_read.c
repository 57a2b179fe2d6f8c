/* SPDX-License-Identifier: Apache-2.0 */
#include "config_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/document_read.h"
#include "common/new_error.h"
#include "config_app.h"
#include "config_values.h"

#define FILE_MAX      ((size_t)4 * 1024 * 1024)
#define APPS_MAX      100000u
#define LEASE_S       15
#define LEASE_LEAST_S 2
#define LEASE_MOST_S  3600
#define IN_FLIGHT     8

/* Files. */

static okta_error *read_all(int file, const char *path, char *text, size_t *out_length)
{
    size_t length = 0;
    ssize_t got;
    while ((got = read(file, text + length, FILE_MAX + 1 - length)) != 0) {
        if (got < 0 && errno != EINTR) {
            return report_new_error(OKTA_E_CONFIG, "%s: %s", path, strerror(errno));
        }
        length += got < 0 ? 0 : (size_t)got;
        if (length > FILE_MAX) {
            return report_new_error(OKTA_E_CONFIG, "%s is larger than %zu bytes", path, FILE_MAX);
        }
    }
    *out_length = length;
    return NULL;
}

/* A pipe or a device would be waited for. */
static okta_error *open_regular(const char *path, int *out)
{
    struct stat about;
    *out = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*out < 0 || fstat(*out, &about) != 0) {
        return report_new_error(OKTA_E_CONFIG, "%s: %s", path, strerror(errno));
    }
    return S_ISREG(about.st_mode) ? NULL : report_new_error(OKTA_E_CONFIG, "%s is no regular file", path);
}

static okta_error *read_document(const char *path, document **out)
{
    int file = -1;
    size_t length = 0;
    char *text = malloc(FILE_MAX + 1);
    okta_error *error = text == NULL ? okta_error_new(OKTA_E_NOMEM, NULL) : open_regular(path, &file);
    if (error == NULL) {
        error = read_all(file, path, text, &length);
    }
    if (error == NULL) {
        error = document_read(path, text, length, out);
    }
    if (file >= 0) {
        (void)close(file);
    }
    free(text);
    return error;
}

/* Members. */

/* "HOST:PORT" or "[HOST]:PORT". */
static void read_metrics(config_reader *reader, const document_node *node, config *out)
{
    const char *digits = config_digits(node);
    if (digits != NULL) {
        document_refuse(reader->source, node, "it is an address and a port: write 127.0.0.1:%s", digits);
        return;
    }
    const char *text = document_text(reader->source, node);
    const char *colon = text == NULL ? NULL : strrchr(text, ':');
    char *end = NULL;
    if (text == NULL) {
        return;
    }
    bool has_digits = colon != NULL && colon[1] >= '0' && colon[1] <= '9';
    long port = has_digits ? strtol(colon + 1, &end, 10) : -1;
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);
    bool is_bracketed = length > 2 && text[0] == '[' && text[length - 1] == ']';
    if (port < 0 || port > 65535 || *end != '\0' || length == 0 ||
        (!is_bracketed && memchr(text, ':', length) != NULL)) {
        document_refuse(reader->source, node,
                        "it is an address and a port, such as 127.0.0.1:9464 or [::1]:9464, not '%s'", text);
        return;
    }
    out->metrics_port = (uint16_t)port;
    out->metrics_host = is_bracketed ? strndup(text + 1, length - 2) : strndup(text, length);
    reader->has_memory = reader->has_memory && out->metrics_host != NULL;
    struct in6_addr address;
    if (out->metrics_host != NULL &&
        inet_pton(is_bracketed ? AF_INET6 : AF_INET, out->metrics_host, &address) != 1) {
        document_refuse(reader->source, node, "%s is no numeric address", out->metrics_host);
    }
}

static void read_okta(config_reader *reader, const document_node *node, config *out)
{
    static const char *const names[] = {"org_url",        "token_file", "client_id", "private_key",
                                        "assertion_file", "scopes",     NULL};
    if (node == NULL || !document_mapping(reader->source, node, names)) {
        return;
    }
    out->org_url = config_text(reader, document_member(node, "org_url"));
    out->token_file = config_text(reader, document_member(node, "token_file"));
    out->client_id = config_text(reader, document_member(node, "client_id"));
    out->private_key = config_text(reader, document_member(node, "private_key"));
    out->okta_scopes = config_scopes(reader, document_member(node, "scopes"));
    out->assertion_file = config_text(reader, document_member(node, "assertion_file"));
    if (out->token_file != NULL && (out->private_key != NULL || out->assertion_file != NULL)) {
        document_refuse(reader->source, document_member(node, "token_file"),
                        "it does not go with %s: name one of them",
                        out->private_key != NULL ? "private_key" : "assertion_file");
    } else if (out->private_key != NULL && out->assertion_file != NULL) {
        document_refuse(reader->source, document_member(node, "assertion_file"),
                        "it does not go with private_key: name one of them");
    }
}

static void read_apps(config_reader *reader, const document_node *root, const config_app *usual, config *out)
{
    const document_node *node = document_need(reader->source, root, "apps");
    if (node == NULL || !document_sequence(reader->source, node)) {
        return;
    }
    size_t count = 0;
    for (const document_node *at = document_first(node); at != NULL; at = document_next(at)) {
        count++;
    }
    if (count == 0 || count > APPS_MAX) {
        document_refuse(reader->source, node,
                        count == 0 ? "it is empty: there is nothing to rotate"
                                   : "it has more than 100,000 apps");
        return;
    }
    out->apps = calloc(count, sizeof *out->apps);
    reader->has_memory = reader->has_memory && out->apps != NULL;
    for (const document_node *at = document_first(node); out->apps != NULL && at != NULL;
         at = document_next(at)) {
        config_app_read(reader, at, usual, &out->apps[out->app_count++]);
    }
}

static void read_root(config_reader *reader, config *out)
{
    static const char *const names[] = {"journal", "metrics", "lease",         "every", "jitter", "grace",
                                        "overlap", "okta",    "max_in_flight", "apps",  NULL};
    const document_node *root = document_root(reader->source);
    if (!document_mapping(reader->source, root, names)) {
        return;
    }
    const document_node *journal = document_need(reader->source, root, "journal");
    out->journal = config_text(reader, journal);
    out->journal_line = document_line(journal);
    read_metrics(reader, document_member(root, "metrics"), out);
    out->lease_s = config_duration(reader, document_member(root, "lease"), LEASE_S);
    if (out->lease_s < LEASE_LEAST_S || out->lease_s > LEASE_MOST_S) {
        document_refuse(reader->source, document_member(root, "lease"), "it is from 2s to 1h");
    }
    out->max_in_flight = (unsigned)document_integer(reader->source, document_member(root, "max_in_flight"), 1,
                                                    CONFIG_IN_FLIGHT_MAX, IN_FLIGHT);
    const document_node *okta = document_member(root, "okta");
    out->okta_line = document_line(okta);
    read_okta(reader, okta, out);
    config_app usual;
    config_app_read_usual(reader, root, &usual);
    read_apps(reader, root, &usual, out);
}

okta_error *config_read(const char *path, config **out)
{
    config_reader reader = {.has_memory = true};
    okta_error *error = read_document(path, &reader.source);
    config *made = error == NULL ? calloc(1, sizeof *made) : NULL;
    *out = NULL;
    if (made != NULL) {
        made->holders = 1;
        made->path = strdup(path);
        reader.has_memory = made->path != NULL;
        read_root(&reader, made);
        error = document_error(reader.source);
    }
    if (error == NULL && (made == NULL || !reader.has_memory)) {
        error = okta_error_new(OKTA_E_NOMEM, NULL);
    }
    if (error == NULL) {
        error = config_apps_refuse(path, made);
    }
    document_free(reader.source);
    if (error != NULL) {
        config_drop(made);
        made = NULL;
    }
    *out = made;
    return error;
}
