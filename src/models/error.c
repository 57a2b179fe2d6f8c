/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/models/error.h"

#include "models/error.h"

static const oktai_row cause_rows[] = {
    {OKTAI_ROW(okta_error_cause, error_summary, "errorSummary", OKTAI_KIND_STRING, 0)},
};

const okta_descriptor oktai_error_cause_model = {
    .schema = "ErrorCause",
    .size = sizeof(okta_error_cause),
    .rows = cause_rows,
    .row_count = sizeof cause_rows / sizeof cause_rows[0],
};

#define ROW(member, json, kind, flags) OKTAI_ROW(okta_error_body, member, json, kind, flags)

static const oktai_row rows[] = {
    {ROW(error_code, "errorCode", OKTAI_KIND_STRING, 0)},
    {ROW(error_summary, "errorSummary", OKTAI_KIND_STRING, 0)},
    {ROW(error_link, "errorLink", OKTAI_KIND_STRING, 0)},
    {ROW(error_id, "errorId", OKTAI_KIND_STRING, 0)},
    {ROW(error_causes, "errorCauses", OKTAI_KIND_OBJECTS, 0),
     .count_offset = offsetof(okta_error_body, error_causes_count), .of.object = &oktai_error_cause_model},
};

const okta_descriptor oktai_error_body_model = {
    .schema = "Error",
    .size = sizeof(okta_error_body),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
};

const okta_descriptor *okta_error_body_descriptor(void)
{
    return &oktai_error_body_model;
}

const okta_descriptor *okta_error_cause_descriptor(void)
{
    return &oktai_error_cause_model;
}
