/* SPDX-License-Identifier: Apache-2.0 */
#include "command_line.h"

bool options_has(const command_line *options, option_id id)
{
    return options->values[id] != NULL;
}

const char *options_value(const command_line *options, option_id id)
{
    return options->values[id];
}
