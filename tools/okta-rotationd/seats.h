/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected to the port of the metrics. A client that is slow, or does nothing, gives way to one that
 * comes: first to one of its own address, so that one address does not drive another out. */
#ifndef OKTA_ROTATIOND_SEATS_H
#define OKTA_ROTATIOND_SEATS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Those who gave way have a seat until they are gone. */
#define SEATS 64u

typedef struct seat {
    int fd; /* of a seat that is taken */
    bool is_taken;
    bool gives_way;
    uint64_t number; /* in the order in which they came */
    struct in6_addr address;
} seat;

typedef struct seats {
    seat all[SEATS];
    uint64_t count; /* that ever came */
} seats;

/* Take a seat for a connection that came. NULL: there is none. */
seat *seats_take(seats *self, int fd, const struct sockaddr *from);

/* The connection ended. NULL is allowed. */
void seats_leave(seat *taken);

#endif
