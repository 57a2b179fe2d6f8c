/* SPDX-License-Identifier: Apache-2.0 */
/* Two servers that answer every request with a key over TLS, the first in HTTP/1.1 and the
 * second in HTTP/2, under authorities of their own. Prints the URL and the CA file of each, and runs until
 * its standard input ends. */
#include <stdio.h>

#include "bench_key.h"
#include "faults/fault_server.h"
#include "faults/fault_tls.h"

#define SERVERS 2

int main(void)
{
    static const fault_tls_options options[SERVERS] = {{.issued = true}, {.issued = true, .h2 = true}};
    fault_tls tls[SERVERS];
    fault_server *servers[SERVERS];
    for (int i = 0; i < SERVERS; i++) {
        fault_tls_start(&tls[i], &options[i]);
        const fault_plan plan = {.tls = tls[i].context, .body = BENCH_KEY_JSON};
        servers[i] = fault_server_start(&plan);
        printf("%s %s\n", fault_server_url(servers[i]), tls[i].ca_file);
    }
    fflush(stdout);
    while (getchar() != EOF) {
    }
    for (int i = 0; i < SERVERS; i++) {
        fault_server_free(servers[i]);
        fault_tls_stop(&tls[i]);
    }
    return 0;
}
