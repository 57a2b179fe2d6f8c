/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A file that goes to Okta as a part of a multipart/form-data body (RFC 7578), from memory or from a function
 * that reads it.
 */
#ifndef OKTA_UPLOAD_H
#define OKTA_UPLOAD_H

#include <stddef.h>

#include "okta/common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What okta_upload_read_fn returns when it cannot read. */
#define OKTA_UPLOAD_FAILED ((size_t)-1)

/** The most bytes of one file: 64 MiB, far beyond what Okta takes. */
#define OKTA_UPLOAD_MAX ((size_t)64 << 20)

/**
 * Reads the next bytes of a file. It runs in the thread that makes the call, while the call is made and until
 * the file ends, and never again: the library keeps what it read, so that a request that is repeated says the
 * same.
 *
 * @param[in]  ctx    `ctx` of the upload.
 * @param[out] buffer room for `size` bytes.
 * @param[in]  size   at least 1.
 * @return how many bytes were read, at most `size`; 0 at the end; ::OKTA_UPLOAD_FAILED.
 */
typedef size_t okta_upload_read_fn(void *ctx, void *buffer, size_t size);

/** A file. Either `data` or `read` is set. */
typedef struct okta_upload {
    size_t struct_size;     /**< required; OKTA_UPLOAD_INIT */
    const char *file_name;  /**< required; borrowed; UTF-8 without control characters */
    const char *media_type; /**< nullable: application/octet-stream; borrowed; such as "image/png" */
    const void *data;       /**< nullable; borrowed */
    size_t length; /**< bytes of `data`. With `read`, 0: until it returns 0; else the file is an error
                      where it does not have so many */
    okta_upload_read_fn *read; /**< nullable */
    void *ctx;                 /**< nullable; for `read` */
} okta_upload;

/** The initialiser of ::okta_upload. */
#define OKTA_UPLOAD_INIT                                                                                     \
    {                                                                                                        \
        sizeof(okta_upload), NULL, NULL, NULL, 0, NULL, NULL                                                 \
    }

#ifdef __cplusplus
}
#endif
#endif
