/* SPDX-License-Identifier: Apache-2.0 */
#include "config/trust.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "config/names.h"
#include "config/option_rows.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/file.h"
#include "keys/key_text.h"

/* The last place that said something about a row. */
static oktai_place place_of(size_t i, const okta_client_options *options)
{
    const oktai_option_row *row = &oktai_option_rows[i];
    const struct okta_option_origins *origins = options->origins;
    if (row->type == OKTAI_OPTION_PART) {
        size_t whole = i;
        while (oktai_option_rows[whole].type == OKTAI_OPTION_PART) {
            whole--;
        }
        bool is_loaded = oktai_option_is_same(&oktai_option_rows[whole], options, &origins->loaded);
        return is_loaded && origins->places[whole] != OKTAI_PLACE_CODE ? origins->places[i]
                                                                       : OKTAI_PLACE_NONE;
    }
    if (oktai_option_is_same(row, options, &origins->loaded)) {
        return origins->places[i];
    }
    return oktai_option_is_set(row, options) ? OKTAI_PLACE_CODE : OKTAI_PLACE_NONE;
}

/* Whether the mode of these options uses the row. */
static bool is_used(const oktai_option_row *row, const okta_client_options *options)
{
    return row->modes == 0 || (row->modes & OKTAI_MODE_BIT(options->authorization_mode)) != 0;
}

/* What kind of credential a row is under these options. A signer comes before a private key. */
static unsigned credential_of(size_t i, const okta_client_options *options, bool key_is_outside)
{
    const oktai_option_row *row = &oktai_option_rows[i];
    bool is_key = row->view == OKTAI_VIEW_KEY;
    oktai_place place = place_of(i, options);
    if (!is_used(row, options) || place == OKTAI_PLACE_NONE || (is_key && options->signer != NULL)) {
        return 0;
    }
    if (place != OKTAI_PLACE_FOLDER) {
        return row->credential;
    }
    return is_key && key_is_outside ? OKTAI_CREDENTIAL_KEY_FILE : 0;
}

/* As a file names it, which tells the parts of a proxy apart. */
static const char *name_of(const oktai_option_row *row)
{
    return row->path == NULL ? row->name : row->path + sizeof OKTAI_PATH_PREFIX - 1;
}

/* The word of the file of the working folder that other places' credentials must not follow. */
typedef struct claim {
    size_t row;
    unsigned kinds;    /* of credentials that it is about */
    const char *about; /* what it says of them */
} claim;

static okta_error *refuse(const claim *said, size_t credential, const okta_client_options *options)
{
    const struct okta_option_origins *origins = options->origins;
    const oktai_option_row *to = &oktai_option_rows[said->row];
    oktai_place place = place_of(credential, options);
    return oktai_error_new(
        OKTA_E_CONFIG,
        "%.300s: %s says %s, but %s %s %.300s: a file of the working folder directs its own credentials "
        "only; "
        "to allow it, set %s, or the option %s",
        origins->texts[said->row], name_of(to), said->about, name_of(&oktai_option_rows[credential]),
        place == OKTAI_PLACE_FOLDER ? "is a file outside that folder, named in" : "comes from",
        place == OKTAI_PLACE_CODE ? "code" : origins->texts[credential], to->variable, to->name);
}

/* Whether a value is what held before the file of the working folder was read, or weakens nothing. */
static bool is_harmless(const oktai_option_row *row, const okta_client_options *options)
{
    const okta_client_options *before = &options->origins->before_folder;
    if (row->type != OKTAI_OPTION_TEXT) {
        int64_t number = oktai_option_number(row, options);
        return number == row->safe || number == oktai_option_number(row, before);
    }
    const char *was = oktai_option_text(row, before);
    was = was == NULL ? row->fallback_text : was;
    return was != NULL && strcmp(was, oktai_option_text(row, options)) == 0;
}

/* What a row of the file of the working folder says of credentials; `kinds` is 0 where it says nothing. A key
 * file is used at the will of the file that also names the org: it signs for nobody else. */
static claim claim_of(size_t i, const okta_client_options *options)
{
    const oktai_option_row *row = &oktai_option_rows[i];
    if (place_of(i, options) != OKTAI_PLACE_FOLDER) {
        return (claim){i, 0, NULL};
    }
    if (row->weakens == 0) {
        return (claim){i, row->directs, "where a credential goes"};
    }
    bool names_org = place_of(OKTAI_OPTION_ORG_URL, options) == OKTAI_PLACE_FOLDER;
    unsigned own = names_org ? OKTAI_CREDENTIAL_KEY_FILE : 0;
    bool counts = is_used(row, options) && !is_harmless(row, options);
    return (claim){i, counts ? row->weakens & ~own : 0, "how safely a credential is used"};
}

/* Whether the private key is a file that is not below the working folder of when the options were loaded.
 * Such a file is no credential of the folder's: what may be replayed must not be signed for it. Links and the
 * working folder may change, so that this is looked at each time. */
static okta_error *judge_key(const char *text, const char *folder, bool *is_outside)
{
    oktai_buffer path = {0};
    oktai_key_shape shape = OKTAI_KEY_SHAPE_NONE;
    *is_outside = false;
    if (text == NULL) {
        return NULL;
    }
    okta_error *error = oktai_key_text_read(text, strlen(text), &path, &shape);
    if (okta_error_status(error) == OKTA_E_CONFIG) {
        okta_free(error); /* the client refuses it, and says where it came from */
        error = NULL;
    } else if (error == NULL && shape == OKTAI_KEY_SHAPE_NONE && path.length > 0) {
        /* where there is no file, the client says so */
        error = oktai_file_is_outside(path.data, folder, is_outside);
    }
    oktai_buffer_clear(&path);
    return error;
}

/* The row of the options with that view. */
static size_t row_of_view(oktai_option_view view)
{
    size_t row = 0;
    while (oktai_option_rows[row].view != view) {
        row++;
    }
    return row;
}

/* An assertion goes out as it is, also where somebody else than the org may use it: a file outside the folder
 * is none that the folder's file may have sent, wherever that goes. */
static okta_error *refuse_assertion(const okta_client_options *options)
{
    const size_t i = row_of_view(OKTAI_VIEW_FILE);
    const oktai_option_row *row = &oktai_option_rows[i];
    const struct okta_option_origins *origins = options->origins;
    bool is_outside = false;
    if (!is_used(row, options) || place_of(i, options) != OKTAI_PLACE_FOLDER) {
        return NULL;
    }
    okta_error *error = oktai_file_is_outside(options->assertion_file, origins->folder, &is_outside);
    return !is_outside ? error
                       : oktai_error_new(OKTA_E_CONFIG,
                                         "%.300s: %s is a file outside that folder: a file of the working "
                                         "folder has its own credentials sent only; to allow it, set %s, or "
                                         "the option %s",
                                         origins->texts[i], name_of(row), row->variable, row->name);
}

okta_error *oktai_options_trust(const okta_client_options *options)
{
    bool key_is_outside = false;
    if (options->origins == NULL) {
        return NULL;
    }
    okta_error *error = judge_key(options->private_key, options->origins->folder, &key_is_outside);
    if (error == NULL) {
        error = refuse_assertion(options);
    }
    if (error != NULL) {
        return error;
    }
    for (size_t d = 0; d < OKTAI_OPTION_ROWS; d++) {
        const claim said = claim_of(d, options);
        for (size_t c = 0; said.kinds != 0 && c < OKTAI_OPTION_ROWS; c++) {
            if ((said.kinds & credential_of(c, options, key_is_outside)) != 0) {
                return refuse(&said, c, options);
            }
        }
    }
    return NULL;
}

okta_error *oktai_trust_key_folder(const okta_client_options *options, const char **out)
{
    bool is_outside = false;
    *out = NULL;
    if (options->origins == NULL || place_of(row_of_view(OKTAI_VIEW_KEY), options) != OKTAI_PLACE_FOLDER) {
        return NULL;
    }
    const char *folder = options->origins->folder;
    okta_error *error = judge_key(options->private_key, folder, &is_outside);
    *out = error == NULL && !is_outside ? folder : NULL;
    return error;
}

const char *oktai_trust_assertion_folder(const okta_client_options *options)
{
    const struct okta_option_origins *origins = options->origins;
    if (origins == NULL || place_of(row_of_view(OKTAI_VIEW_FILE), options) != OKTAI_PLACE_FOLDER) {
        return NULL;
    }
    return origins->folder == NULL ? "" : origins->folder;
}

okta_error *oktai_trust_key_stays(const char *private_key, const char *folder)
{
    bool is_outside = false;
    okta_error *error = folder == NULL ? NULL : judge_key(private_key, folder, &is_outside);
    return error != NULL || !is_outside
               ? error
               : oktai_error_new(OKTA_E_CONFIG,
                                 "private_key: the file is not below the working folder that named it");
}

okta_error *oktai_trust_folder(oktai_arena *arena, const char *folder, const char **out)
{
    char real[PATH_MAX];
    *out = NULL;
    if (folder == NULL || realpath(folder, real) == NULL) {
        return folder != NULL && errno == ENOMEM ? oktai_error_nomem() : NULL;
    }
    *out = oktai_arena_strdup(arena, real);
    return *out == NULL ? oktai_error_nomem() : NULL;
}
