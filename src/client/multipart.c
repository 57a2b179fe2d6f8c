/* SPDX-License-Identifier: Apache-2.0 */
#include "client/multipart.h"

#include <string.h>

#include "client/values.h"
#include "core/error.h"
#include "core/growing.h"
#include "core/utf8.h"
#include "okta/upload.h"

#define READ_AT_ONCE 16384u

static bool begin_part(oktai_buffer *out, const char *boundary, const char *name)
{
    return oktai_buffer_printf(out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, name);
}

static okta_error *put_text(const oktai_value *value, const char *boundary, oktai_buffer *out)
{
    okta_error *error = oktai_value_refuse_null(value);
    if (error != NULL) {
        return error;
    }
    /* An extra may have any name; a row's needs no escape. */
    if (strpbrk(value->name, "\"\r\n") != NULL) {
        return oktai_error_new(OKTA_E_ARG, "a part has a name with a quote or a line end");
    }
    bool good = begin_part(out, boundary, value->name) && oktai_buffer_add_text(out, "\r\n\r\n") &&
                oktai_buffer_add_text(out, value->text) && oktai_buffer_add_text(out, "\r\n");
    return good ? NULL : oktai_error_nomem();
}

static okta_error *put_texts(oktai_values *values, const char *boundary, oktai_buffer *out)
{
    oktai_value value;
    bool more = false;
    okta_error *error = oktai_values_next(values, &value, &more);
    while (error == NULL && more) {
        error = put_text(&value, boundary, out);
        if (error == NULL) {
            error = oktai_values_next(values, &value, &more);
        }
    }
    return error;
}

/* Why a file name cannot stand in a header, as the rest of a sentence; NULL: it can. */
static const char *refuse_file_name(const char *name)
{
    if (name == NULL || name[0] == '\0') {
        return "has no file_name";
    }
    const char *end = name + strlen(name);
    for (const char *p = name; p < end;) {
        if ((unsigned char)*p < 0x80) {
            if ((unsigned char)*p < ' ' || *p == 0x7f) {
                return "has a file_name with a control character";
            }
            p++;
            continue;
        }
        size_t length = oktai_utf8_sequence(p, end);
        if (length == 0) {
            return "has a file_name that is not UTF-8";
        }
        p += length;
    }
    return NULL;
}

/* Printable ASCII with a slash in it: what it means is for the server to judge. */
static bool is_media_type(const char *type)
{
    for (const char *p = type; *p != '\0'; p++) {
        if (*p < ' ' || *p > '~') {
            return false;
        }
    }
    return strchr(type, '/') != NULL;
}

/* Why an upload is refused, as the rest of a sentence; NULL: it is not. */
static const char *refuse(const okta_upload *upload)
{
    const char *reason = oktai_growing_refuse(upload, sizeof *upload, sizeof *upload);
    if (reason != NULL) {
        return "has no struct_size: begin it with OKTA_UPLOAD_INIT";
    }
    if ((upload->data == NULL) == (upload->read == NULL)) {
        return upload->data == NULL ? "has neither data nor read" : "has both data and read";
    }
    if (upload->media_type != NULL && !is_media_type(upload->media_type)) {
        return "has a media_type that is none";
    }
    if (upload->length > OKTA_UPLOAD_MAX) {
        return "is longer than 64 MiB";
    }
    return refuse_file_name(upload->file_name);
}

/* As browsers do it: a quote is the only character that has to be hidden. */
static bool put_file_name(oktai_buffer *out, const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name == '"' ? !oktai_buffer_add_text(out, "%22") : !oktai_buffer_add_char(out, *name)) {
            return false;
        }
    }
    return true;
}

static okta_error *read_file(const oktai_upload_row *row, const okta_upload *upload, oktai_buffer *out)
{
    size_t begin = out->length;
    for (;;) {
        if (!oktai_buffer_reserve(out, out->length + READ_AT_ONCE)) {
            return oktai_error_nomem();
        }
        size_t count = upload->read(upload->ctx, out->data + out->length, READ_AT_ONCE);
        if (count > READ_AT_ONCE) {
            return oktai_error_new(OKTA_E_ARG, "%s could not be read", row->name);
        }
        out->length += count;
        out->data[out->length] = '\0';
        if (out->length - begin > OKTA_UPLOAD_MAX) {
            return oktai_error_new(OKTA_E_ARG, "%s is longer than 64 MiB", row->name);
        }
        if (count == 0) {
            break;
        }
    }
    return upload->length == 0 || out->length - begin == upload->length
               ? NULL
               : oktai_error_new(OKTA_E_ARG, "%s has %zu bytes, not the %zu of its length", row->name,
                                 out->length - begin, upload->length);
}

static okta_error *put_upload(oktai_buffer *out, const oktai_upload_row *row, const okta_upload *upload,
                              const char *boundary)
{
    const char *reason = refuse(upload);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "%s %s", row->name, reason);
    }
    const char *type = upload->media_type == NULL ? "application/octet-stream" : upload->media_type;
    bool good = begin_part(out, boundary, row->name) && oktai_buffer_add_text(out, "; filename=\"") &&
                put_file_name(out, upload->file_name) &&
                oktai_buffer_printf(out, "\"\r\nContent-Type: %s\r\n\r\n", type);
    okta_error *error = NULL;
    if (good && upload->read != NULL) {
        error = read_file(row, upload, out);
    } else if (good) {
        good = oktai_buffer_append(out, upload->data, upload->length);
    }
    good = good && error == NULL && oktai_buffer_add_text(out, "\r\n");
    return good || error != NULL ? error : oktai_error_nomem();
}

static okta_error *put_uploads(const oktai_wire *wire, const void *model, const char *boundary,
                               oktai_buffer *out)
{
    for (size_t i = 0; wire != NULL && i < wire->upload_count; i++) {
        const oktai_upload_row *row = &wire->uploads[i];
        const okta_upload *upload = NULL;
        if (oktai_growing_has(model, row->offset, sizeof upload)) {
            memcpy(&upload, (const char *)model + row->offset, sizeof upload);
        }
        if (upload == NULL && row->required) {
            return oktai_error_null(row->name);
        }
        okta_error *error = upload == NULL ? NULL : put_upload(out, row, upload, boundary);
        if (error != NULL) {
            return error;
        }
    }
    return NULL;
}

okta_error *oktai_multipart_write(const oktai_operation *operation, const void *model, const char *boundary,
                                  oktai_secrets *secrets, oktai_buffer *out)
{
    oktai_values values = {0};
    okta_error *error = oktai_values_begin(&values, operation->request, model, secrets);
    if (error == NULL) {
        error = put_texts(&values, boundary, out);
    }
    if (error == NULL) {
        error = put_uploads(operation->wire, model, boundary, out);
    }
    oktai_values_clear(&values);
    if (error != NULL) {
        return error;
    }
    return oktai_buffer_printf(out, "--%s--\r\n", boundary) ? NULL : oktai_error_nomem();
}
