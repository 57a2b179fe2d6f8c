/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of the elements of a list of enums that are OTHER. The struct has their number and no more; the
 * texts stand in the JSON array that is kept beside it. */
#ifndef OKTA_JSON_OTHERS_H
#define OKTA_JSON_OTHERS_H

#include "okta/model.h"
#include "json/descriptor.h"
#include "json/reader.h"

typedef struct oktai_others {
    oktai_reader reader;
    oktai_arena arena; /* of texts with escapes */
    const oktai_enum_texts *texts;
    size_t count; /* elements of the kept array that are no known text */
    bool first;
    bool single; /* they are all the same */
    bool no_memory;
    okta_text text; /* the latest */
} oktai_others;

/* Open the array that is kept beside a member and stands at this depth. False: memory is out, or it has not
 * the texts of `needed` elements. They are known where so many came, in whatever order they and the known
 * ones are now, and where all that came are the same and no fewer. `others` is zeroed; oktai_others_close()
 * is due in any case. */
bool oktai_others_open(oktai_others *others, const oktai_row *row, const okta_model *model, unsigned depth,
                       size_t needed);

/* The JSON text of the next one. False: memory is out. */
bool oktai_others_next(oktai_others *others, okta_text *out);

void oktai_others_close(oktai_others *others);

#endif
