/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OKTA_KEYS_OPTIONS_H
#define OKTA_KEYS_OPTIONS_H

#include "command_line.h"

/* What options_parse() returns beside exit codes. */
#define OPTIONS_RUN  (-1)
#define OPTIONS_HELP (-2)

/* Read the command line against the rows. Returns OPTIONS_RUN; OPTIONS_HELP when help is asked for, about
 * `out->words`; or an exit code once it has printed the version, or what is wrong. The words of `argv` are
 * borrowed and their order changes. */
int options_parse(int argc, char **argv, command_line *out);

#endif
