/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/utf8.h"

#define MESSAGE_MAX 1000u

static struct {
    oktai_root root;
    okta_error error;
} out_of_memory = {
    .root = {.magic = OKTAI_ROOT_STATIC},
    .error = {.status = OKTA_E_NOMEM, .retryable = true, .message = "out of memory"},
};

okta_error *oktai_error_nomem(void)
{
    return &out_of_memory.error;
}

/* A cut message must not end inside a UTF-8 sequence. */
static void drop_last_sequence(char *message, size_t length)
{
    while (length > 0 && ((unsigned char)message[length - 1] & 0xc0) == 0x80) {
        length--;
    }
    if (length > 0 && (unsigned char)message[length - 1] >= 0xc0) {
        length--;
    }
    message[length] = '\0';
}

static void release(void *object)
{
    oktai_root_let_go(((okta_error *)object)->owned);
}

/* NULL: out of memory. */
static okta_error *make(const char *message)
{
    okta_error *error = oktai_root_new(sizeof *error, strlen(message) + 1, release);
    if (error != NULL) {
        /* The root was made with room for it. */
        error->message = oktai_arena_strdup(oktai_root_arena(error), message);
    }
    return error;
}

/* NULL: out of memory. */
static okta_error *make_like(const okta_error *other, const char *message)
{
    okta_error *error = make(message);
    if (error != NULL) {
        const char *own = error->message;
        *error = *other;
        error->message = own;
        error->owned = oktai_root_share(other);
    }
    return error;
}

/* False: the format does not fit its arguments. */
static bool write_message(char message[MESSAGE_MAX], const char *format, va_list args)
{
    int length = vsnprintf(message, MESSAGE_MAX, format, args);
    if (length < 0) {
        return false;
    }
    if ((size_t)length >= MESSAGE_MAX) {
        drop_last_sequence(message, MESSAGE_MAX - 1);
    }
    oktai_utf8_flatten(message, strlen(message));
    return true;
}

okta_error *oktai_error_of(const okta_error *shared)
{
    if (shared == NULL) {
        return NULL;
    }
    okta_error *error = make_like(shared, shared->message);
    return error == NULL ? oktai_error_nomem() : error;
}

okta_error *oktai_error_reword(okta_error *cause, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    bool written = write_message(message, format, args);
    va_end(args);
    okta_error *error = written && cause->status != OKTA_E_NOMEM ? make_like(cause, message) : NULL;
    if (error == NULL) {
        return cause;
    }
    okta_free(cause); /* the other one holds it */
    return error;
}

okta_error *oktai_error_vnew(okta_status status, const char *format, va_list args)
{
    char message[MESSAGE_MAX];
    okta_error *error = status != OKTA_E_NOMEM && write_message(message, format, args) ? make(message) : NULL;
    if (error == NULL) {
        return oktai_error_nomem();
    }
    error->status = status;
    return error;
}

okta_error *oktai_error_new(okta_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    okta_error *error = oktai_error_vnew(status, format, args);
    va_end(args);
    return error;
}

okta_error *oktai_error_null(const char *name)
{
    return oktai_error_new(OKTA_E_ARG, "%s must not be NULL", name);
}

okta_error *okta_error_new(okta_status status, const char *message)
{
    bool fails = status > OKTA_OK && status <= OKTA_E_OUTCOME_UNKNOWN;
    status = fails ? status : OKTA_E_ARG;
    return oktai_error_new(status, "%s", message == NULL ? okta_status_name(status) : message);
}

okta_status okta_error_status(const okta_error *error)
{
    return error == NULL ? OKTA_OK : error->status;
}

const char *okta_status_name(okta_status status)
{
    static const char *const names[] = {
        [OKTA_OK] = "OK",
        [OKTA_E_ARG] = "ARG",
        [OKTA_E_CONFIG] = "CONFIG",
        [OKTA_E_NOMEM] = "NOMEM",
        [OKTA_E_TRANSPORT] = "TRANSPORT",
        [OKTA_E_TIMEOUT] = "TIMEOUT",
        [OKTA_E_CANCELED] = "CANCELED",
        [OKTA_E_AUTH] = "AUTH",
        [OKTA_E_FORBIDDEN] = "FORBIDDEN",
        [OKTA_E_NOT_FOUND] = "NOT_FOUND",
        [OKTA_E_CONFLICT] = "CONFLICT",
        [OKTA_E_RATE_LIMITED] = "RATE_LIMITED",
        [OKTA_E_INVALID] = "INVALID",
        [OKTA_E_SERVER] = "SERVER",
        [OKTA_E_PROTOCOL] = "PROTOCOL",
        [OKTA_E_OUTCOME_UNKNOWN] = "OUTCOME_UNKNOWN",
    };
    size_t index = (size_t)status;
    return index < sizeof names / sizeof names[0] ? names[index] : "UNKNOWN";
}

const char *okta_error_message(const okta_error *error)
{
    return error == NULL ? "success" : error->message;
}

unsigned okta_error_attempts(const okta_error *error)
{
    return error == NULL ? 0 : error->attempts;
}

bool okta_error_is_retryable(const okta_error *error)
{
    return error != NULL && error->retryable;
}

size_t okta_error_newcomer_count(const okta_error *error)
{
    return error == NULL ? 0 : error->newcomer_count;
}

const char *okta_error_newcomer_id(const okta_error *error, size_t index)
{
    return index < okta_error_newcomer_count(error) ? error->newcomers[index] : NULL;
}

int64_t okta_error_retry_at(const okta_error *error)
{
    return error == NULL ? 0 : error->retry_at_s;
}

int64_t okta_error_retry_after_ms(const okta_error *error)
{
    return error == NULL ? 0 : error->retry_after_ms;
}
