/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "faults/fault_service.h"

/* `form` with ^ and ~ for the two ports. */
static fault_step fill_in(fault_bench *bench, char *out, size_t size, const fault_step *form)
{
    size_t length = 0;
    for (size_t i = 0; i < form->length; i++) {
        char c = form->data[i];
        if (c == '^' || c == '~') {
            unsigned port = fault_server_port(c == '^' ? bench->other : bench->world.server);
            length += (size_t)snprintf(out + length, size - length, "%u", port);
        } else {
            out[length++] = c;
        }
        if (length + 8 > size) {
            abort();
        }
    }
    out[length] = '\0';
    return (fault_step){form->act, out, length, form->times};
}

/* Append steps of the row, as far as they go, to a script, with ports in them. */
static size_t add_steps(fault_bench *bench, const fault_step *steps, fault_step *out, size_t length)
{
    const fault_row *row = bench->row;
    const size_t capacity = sizeof row->script / sizeof *row->script;
    const size_t texts = sizeof bench->texts / sizeof *bench->texts;
    for (size_t i = 0; i < capacity && steps[i].act != FAULT_END; i++) {
        if (length + 1 == FAULT_SCRIPT_MAX) {
            abort();
        }
        out[length] = steps[i];
        if (row->other && steps[i].data != NULL) {
            char *text = bench->texts[bench->text_count++ % texts];
            out[length] = fill_in(bench, text, sizeof bench->texts[0], &steps[i]);
        }
        length++;
    }
    out[length] = (fault_step)END;
    return length;
}

void fault_write_routes(fault_bench *bench)
{
    bench->routes[0] =
        (fault_route){"POST " FAULT_TOKEN_PATH " HTTP/", bench->tokens, fault_service_rest(bench->row)};
    bench->routes[1] = (fault_route){bench->own_start, bench->script, NULL};
    add_steps(bench, bench->row->tokens, bench->tokens, 0);
    add_steps(bench, bench->row->script, bench->script, 0);
}

void fault_write_script(fault_bench *bench, unsigned times)
{
    const fault_row *row = bench->row;
    size_t length = 0;
    const size_t capacity = sizeof row->script / sizeof *row->script;
    for (size_t i = 0; i < capacity && row->script[i].act != FAULT_END; i++) {
        times = row->script[i].act == FAULT_NEXT ? 1 : times;
    }
    /* A creation without a body has a connection, and the script from its start, for each attempt. */
    bool once = row->warm || bench->operation == FAULT_BARE_POST;
    for (unsigned i = 0; i < (once ? 1 : times); i++) {
        length = add_steps(bench, row->script, bench->script, length);
    }
}
