/* SPDX-License-Identifier: Apache-2.0 */
/* L01 to L10: whom the client trusts, what it speaks, and what the environment cannot change. While the
 * server follows a row it has the row's certificate; behind that, a good one, so that the same client finds
 * its way back. That L03 and L04 are refused for what they are, faults_tls shows with a client that is less
 * strict. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults/fault_verdicts.h"

/* The client is given a path where no file is, and the file later. */
static void ca_file_is_missing(fault_bench *bench)
{
    unlink(bench->ca_file);
}

static void ca_file_is_empty(fault_bench *bench)
{
    fault_tls_write(bench->ca_file, NULL, 0);
}

static void ca_file_is_no_certificate(fault_bench *bench)
{
    FILE *file = fopen(bench->ca_file, "w");
    if (file == NULL ||
        fputs("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", file) < 0 ||
        fclose(file) != 0) {
        abort();
    }
}

static void ca_file_is_a_folder(fault_bench *bench)
{
    unlink(bench->ca_file);
    if (mkdir(bench->ca_file, 0700) != 0) {
        abort();
    }
}

/* The superuser may read it all the same: for him it is empty too. */
static void ca_file_is_unreadable(fault_bench *bench)
{
    ca_file_is_empty(bench);
    if (chmod(bench->ca_file, 0) != 0) {
        abort();
    }
}

static void ca_file_is_good(fault_bench *bench)
{
    rmdir(bench->ca_file);
    unlink(bench->ca_file);
    fault_tls_write(bench->ca_file, bench->authorities, 2);
}

static void ca_file_is_of_another(fault_bench *bench)
{
    fault_tls_write(bench->ca_file, &bench->authorities[0], 1);
}

/* The home folder's .netrc has a login for the server. */
static void netrc_has_a_login(fault_bench *bench)
{
    char *home = strdup("/tmp/okta-faults-XXXXXX");
    char path[64];
    if (home == NULL || mkdtemp(home) == NULL) {
        abort();
    }
    snprintf(path, sizeof path, "%s/.netrc", home);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs("machine 127.0.0.1 login evil password evil\n", file) < 0 ||
        fclose(file) != 0) {
        abort();
    }
    bench->extra = home;
    bench->secrets[2] = "evil";
    setenv("OKTA_TEST_HOME", getenv("HOME") == NULL ? "" : getenv("HOME"), 1);
    setenv("HOME", home, 1);
}

static void netrc_is_gone(fault_bench *bench)
{
    char path[64];
    snprintf(path, sizeof path, "%s/.netrc", (const char *)bench->extra);
    unlink(path);
    rmdir(bench->extra);
    free(bench->extra);
    setenv("HOME", getenv("OKTA_TEST_HOME"), 1);
    unsetenv("OKTA_TEST_HOME");
}

/* Files and proxies that the environment names for libcurl's and OpenSSL's own programs. */
static void environment_names_authorities(fault_bench *bench)
{
    bench->options.ca_file = NULL;
    setenv("CURL_CA_BUNDLE", bench->ca_file, 1);
    setenv("SSL_CERT_FILE", bench->ca_file, 1);
}

static void environment_is_clean(fault_bench *bench)
{
    (void)bench;
    unsetenv("CURL_CA_BUNDLE");
    unsetenv("SSL_CERT_FILE");
}

static void client_is_told_the_authority(fault_bench *bench)
{
    environment_is_clean(bench);
    bench->options.ca_file = bench->ca_file;
    fault_world_renew(&bench->world, &bench->options);
}

static const fault_tls_options good = {.rsa = false};
static const fault_tls_options good_rsa = {.rsa = true};
static const fault_tls_options issued = {.issued = true};
static const fault_tls_options other_host = {.address = "127.0.0.2", .host = "elsewhere.test"};
static const fault_tls_options expired = {.valid_from_hours = -48, .valid_to_hours = -24};
static const fault_tls_options not_yet = {.valid_from_hours = 24, .valid_to_hours = 48};
static const fault_tls_options expired_authority = {.issued = true, .authority_to_hours = -24};
static const fault_tls_options rsa1024 = {.rsa = true, .rsa_bits = 1024};
static const fault_tls_options sha1 = {.issued = true, .digest = "SHA1"};
static const fault_tls_options tls13 = {.min_version = TLS1_3_VERSION};
static const fault_tls_options tls12 = {.max_version = TLS1_2_VERSION};
static const fault_tls_options tls11 = {
    .min_version = TLS1_1_VERSION, .max_version = TLS1_1_VERSION, .ciphers = "DEFAULT@SECLEVEL=0"};
static const fault_tls_options tls10 = {
    .min_version = TLS1_VERSION, .max_version = TLS1_VERSION, .ciphers = "DEFAULT@SECLEVEL=0"};
static const fault_tls_options rsa_cbc = {
    .max_version = TLS1_2_VERSION, .ciphers = "AES128-SHA", .rsa = true};
static const fault_tls_options rsa_gcm = {
    .max_version = TLS1_2_VERSION, .ciphers = "AES128-GCM-SHA256", .rsa = true};
static const fault_tls_options ecdhe_cbc = {
    .max_version = TLS1_2_VERSION, .ciphers = "ECDHE-RSA-AES128-SHA256", .rsa = true};
static const fault_tls_options ecdhe_sha = {.max_version = TLS1_2_VERSION,
                                            .ciphers = "ECDHE-ECDSA-AES256-SHA"};

#define REFUSES(options) &fault_barred, .tls = &(options), .unheard = true
#define CANNOT(options)  &fault_unreached, .tls = &(options), .unheard = true

static const fault_row rows[] = {
    {"L01", "good certificate", &fault_whole, .tls = &good},
    {"L01", "good certificate, RSA", &fault_whole, .tls = &good_rsa},
    {"L01", "good certificate of an authority", &fault_whole, .tls = &issued},
    {"L01", "self-signed certificate that is not trusted", REFUSES(good), .untrusted = true,
     .says = "self-signed certificate"},
    {"L01", "authority that is not trusted", REFUSES(issued), .untrusted = true,
     .says = "unable to get local issuer certificate"},
    {"L01", "certificate of another host", REFUSES(other_host), .says = "127.0.0.1"},
    {"L01", "certificate that expired", REFUSES(expired), .says = "certificate has expired"},
    {"L01", "authority that expired", REFUSES(expired_authority), .says = "certificate has expired"},
    {"L01", "certificate that is not valid yet", REFUSES(not_yet), .says = "certificate is not yet valid"},
    {"L02", "RSA key of 1,024 bits", REFUSES(rsa1024), .says = "EE certificate key too weak"},
    {"L02", "signature with SHA-1", REFUSES(sha1), .says = "CA signature digest algorithm too weak"},
    {"L03", "TLS 1.3 only", &fault_whole, .tls = &tls13},
    {"L03", "TLS 1.2 only", &fault_whole, .tls = &tls12},
    {"L03", "TLS 1.1 only", CANNOT(tls11)},
    {"L03", "TLS 1.0 only", CANNOT(tls10)},
    {"L04", "RSA key exchange with CBC", CANNOT(rsa_cbc)},
    {"L04", "RSA key exchange", CANNOT(rsa_gcm)},
    {"L04", "CBC", CANNOT(ecdhe_cbc)},
    {"L04", "CBC and SHA-1", CANNOT(ecdhe_sha)},
    {"L05", "plain HTTP for TLS", &fault_unreached, .no_tls = true, .unheard = true,
     .says = ": the server does not speak TLS",
     .script = {SEND("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), CLOSE}},
    {"L05", "garbage for TLS", &fault_unreached, .no_tls = true, .unheard = true,
     .script = {SEND("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"), CLOSE}},
    {"L05", "SSH for TLS", &fault_unreached, .no_tls = true, .unheard = true,
     .says = ": the server does not speak TLS", .script = {SEND("SSH-2.0-OpenSSH_9.2\r\n"), CLOSE}},
    {"L05", "TLS alert", &fault_unreached, .no_tls = true, .unheard = true, .hides = "does not speak TLS",
     .script = {SEND("\x15\x03\x03\0\x02\x02\x28"), CLOSE}},
    {"L05", "closed in the handshake", &fault_unreached, .no_tls = true, .unheard = true, .script = {CLOSE}},
    {"L05", "reset in the handshake", &fault_unreached, .no_tls = true, .unheard = true, .script = {RESET}},
    {"L05", "stalls in the handshake", &fault_unconnected, .no_tls = true, .unheard = true, .script = {STALL},
     .connect_timeout_ms = 100, .alone = true,
     .says = "no connection was made in time (connect_timeout_ms 100 ms)"},
    {"L06", "no CA file", &fault_misconfigured, .tls = &good, .unheard = true, .arrange = ca_file_is_missing,
     .mend = ca_file_is_good},
    {"L06", "empty CA file", &fault_misconfigured, .tls = &good, .unheard = true, .arrange = ca_file_is_empty,
     .mend = ca_file_is_good},
    {"L06", "CA file without a certificate", &fault_misconfigured, .tls = &good, .unheard = true,
     .arrange = ca_file_is_no_certificate, .mend = ca_file_is_good},
    {"L06", "folder for a CA file", &fault_misconfigured, .tls = &good, .unheard = true,
     .arrange = ca_file_is_a_folder, .mend = ca_file_is_good},
    {"L06", "CA file that cannot be read", &fault_misconfigured, .tls = &good, .unheard = true,
     .arrange = ca_file_is_unreadable, .mend = ca_file_is_good},
    {"L07", "body without length, no close_notify", &fault_lost, .tls = &good,
     .script = {READ, SEND(STATUS TYPE BODY), CLOSE}},
    {"L07", "status line of HTTP/2 over HTTP/1.1, body without length", &fault_lost, .tls = &good,
     .script = {READ, SEND("HTTP/2 200\r\n" TYPE BODY), CLOSE}},
    {"L07", "status line of HTTP/2 over HTTP/1.1, half a body", &fault_lost, .tls = &good,
     .script = {READ, SEND("HTTP/2 200\r\n" TYPE "\r\n{\"id\""), CLOSE}},
    {"L07", "headers without an end, no close_notify", &fault_lost, .tls = &good,
     .script = {READ, SEND(STATUS TYPE LENGTH), CLOSE}},
    {"L07", "half a body, no close_notify", &fault_lost, .tls = &good,
     .script = {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\""), CLOSE}},
    {"L07", "chunks without an end, no close_notify", &fault_lost, .tls = &good,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), CLOSE}},
    {"L07", "reset inside the body", &fault_lost, .tls = &good,
     .script = {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\""), RESET}},
    {"L08", "CA file that changes on disk", REFUSES(good), .arrange = ca_file_is_of_another,
     .mend = ca_file_is_good},
    {"L10", "login in .netrc", &fault_whole, .arrange = netrc_has_a_login, .tidy = netrc_is_gone},
    {"L10", "authority that only the environment names", REFUSES(good),
     .arrange = environment_names_authorities, .mend = client_is_told_the_authority,
     .tidy = environment_is_clean},
};

const fault_group fault_tls_rows = {"tls", rows, COUNT(rows)};
