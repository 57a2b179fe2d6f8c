/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sending.h"

bool oktai_sending_begin(oktai_sending *sending, oktai_arena *arena, size_t count)
{
    if (sending->lines == NULL) {
        sending->lines = oktai_arena_array(arena, count + 1, sizeof *sending->lines);
    }
    return sending->lines != NULL;
}

void oktai_sending_add_line(oktai_sending *sending, const char *line)
{
    sending->lines[sending->line_count++] = line;
    sending->lines[sending->line_count] = NULL;
}

void oktai_sending_clear(oktai_sending *sending)
{
    oktai_buffer_clear(&sending->proof);
    oktai_buffer_clear(&sending->form);
    sending->request = (oktai_request){.method = NULL};
    sending->line_count = 0;
}
