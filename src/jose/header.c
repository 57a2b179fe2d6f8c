/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/header.h"

#include <string.h>

#include "core/error.h"
#include "core/growing.h"

#define SHOWN_MAX 32u

/* The name of an algorithm as far as it can stand in a message. */
static void show(const char *name, char out[SHOWN_MAX + 1])
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_.";
    size_t i = 0;
    for (; i < SHOWN_MAX && name[i] != '\0'; i++) {
        out[i] = strchr(good, name[i]) != NULL ? name[i] : '?';
    }
    out[i] = '\0';
}

okta_error *oktai_jose_options_view(const okta_jose_options *options, okta_jose_options *out)
{
    static const okta_jose_options defaults = OKTA_JOSE_OPTIONS_INIT;
    *out = defaults;
    return options == NULL
               ? NULL
               : oktai_growing_copy(options, sizeof *out, out, "options", "OKTA_JOSE_OPTIONS_INIT");
}

okta_error *oktai_jose_choice_check(const oktai_jose_choice *choice)
{
    char shown[SHOWN_MAX + 1];
    for (const char *const *name = choice->allowed; name != NULL && *name != NULL; name++) {
        if (!choice->is_known(*name)) {
            show(*name, shown);
            return oktai_error_new(OKTA_E_ARG, "the options allow \"%s\", which is no %s; there are %s",
                                   shown, choice->what, choice->known);
        }
    }
    return NULL;
}

okta_error *oktai_jose_choice_refuse(const oktai_jose_choice *choice, const char *name)
{
    char shown[SHOWN_MAX + 1];
    if (name == NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the token has no %s", choice->what);
    }
    show(name, shown);
    if (!choice->is_known(name)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "\"%s\" is refused as %s: there are %s", shown, choice->what,
                               choice->known);
    }
    bool allowed = choice->allowed == NULL;
    for (const char *const *one = choice->allowed; !allowed && *one != NULL; one++) {
        allowed = strcmp(*one, name) == 0;
    }
    return allowed ? NULL
                   : oktai_error_new(OKTA_E_PROTOCOL, "\"%s\" is refused as %s: the options do not allow it",
                                     shown, choice->what);
}

/* RFC 7515, section 4.1.11, and RFC 7516, section 4.1.3: there is no extension that is understood here. */
static okta_error *refuse_members(const oktai_jose_object *object, bool is_jwe)
{
    if (oktai_jose_object_find(object, "crit") != NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the token has \"crit\": no extension is understood");
    }
    if (is_jwe && oktai_jose_object_find(object, "zip") != NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the token has \"zip\": compressed content is refused");
    }
    return NULL;
}

static okta_error *fill(const oktai_compact *token, okta_jose *out)
{
    oktai_arena *arena = oktai_root_arena(out);
    oktai_bytes json;
    oktai_jose_object object;
    okta_error *error = oktai_compact_decode(token->parts[0], "the protected header", arena, &json);
    if (error == NULL) {
        out->header = (const char *)json.data;
        error = oktai_jose_object_read(out->header, json.size, "the protected header", arena, &object);
    }
    if (error == NULL) {
        error = refuse_members(&object, token->parts[OKTAI_JWS_PARTS].text != NULL);
    }
    const struct {
        const char *name;
        const char **value;
    } strings[] = {
        {"alg", &out->alg}, {"enc", &out->enc}, {"kid", &out->kid}, {"typ", &out->typ}, {"cty", &out->cty},
    };
    for (size_t i = 0; error == NULL && i < sizeof strings / sizeof strings[0]; i++) {
        error = oktai_jose_object_string(&object, strings[i].name, strings[i].value);
    }
    if (token->parts[OKTAI_JWS_PARTS].text == NULL) {
        out->enc = NULL; /* of a JWS it has no meaning, and must not make it look decrypted */
    }
    return error;
}

okta_error *oktai_jose_header_read(const oktai_compact *token, okta_jose **out)
{
    *out = oktai_root_new(sizeof **out, token->token.length, NULL);
    if (*out == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = fill(token, *out);
    if (error != NULL) {
        okta_free(*out);
        *out = NULL;
    }
    return error;
}
