/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_authorities.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include "faults/fault_tls.h"

static fault_authorities *current;
static atomic_uint folders;
static atomic_uint files;

curl_version_info_data *__real_curl_version_info(CURLversion stamp);
curl_version_info_data *__wrap_curl_version_info(CURLversion stamp);

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
curl_version_info_data *__wrap_curl_version_info(CURLversion stamp)
{
    static _Thread_local curl_version_info_data info;
    info = *__real_curl_version_info(stamp);
    if (current != NULL) {
        info.cainfo = current->bundle;
        info.capath = current->folder;
    }
    return &info;
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* In the place of OpenSSL's, also for libcurl: the real folder's stand-in is the test's. */
__attribute__((visibility("default"))) int X509_STORE_load_path(X509_STORE *ctx, const char *path)
{
    X509_LOOKUP *lookup = X509_STORE_add_lookup(ctx, X509_LOOKUP_hash_dir());
    const char *real = __real_curl_version_info(CURLVERSION_NOW)->capath;
    bool stands_in = current != NULL && real != NULL && strcmp(path, real) == 0;
    atomic_fetch_add(&folders, 1);
    return lookup != NULL &&
           X509_LOOKUP_add_dir(lookup, stands_in ? current->folder : path, X509_FILETYPE_PEM) == 1;
}

__attribute__((visibility("default"))) int X509_STORE_load_file(X509_STORE *ctx, const char *file)
{
    X509_LOOKUP *lookup = X509_STORE_add_lookup(ctx, X509_LOOKUP_file());
    atomic_fetch_add(&files, 1);
    return lookup != NULL && X509_LOOKUP_load_file(lookup, file, X509_FILETYPE_PEM) == 1;
}

unsigned fault_authorities_folders(void)
{
    return atomic_load(&folders);
}

unsigned fault_authorities_files(void)
{
    return atomic_load(&files);
}

void fault_authorities_start(fault_authorities *self)
{
    snprintf(self->folder, sizeof self->folder, "/tmp/okta-authorities-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    snprintf(self->bundle, sizeof self->bundle, "%s/bundle.crt", self->folder);
    self->folder_file[0] = '\0';
    current = self;
}

void fault_authorities_stop(fault_authorities *self)
{
    if (current == NULL) {
        return;
    }
    current = NULL;
    unlink(self->bundle);
    if (self->folder_file[0] != '\0') {
        unlink(self->folder_file);
    }
    rmdir(self->folder);
}

void fault_authorities_in_folder(fault_authorities *self, X509 *authority)
{
    if (self->folder_file[0] != '\0') {
        unlink(self->folder_file);
    }
    snprintf(self->folder_file, sizeof self->folder_file, "%s/%08lx.0", self->folder,
             X509_NAME_hash_ex(X509_get_subject_name(authority), NULL, NULL, NULL));
    fault_tls_write(self->folder_file, &authority, 1);
}

void fault_authorities_in_bundle(fault_authorities *self, X509 *authority)
{
    fault_tls_write(self->bundle, &authority, 1);
}
