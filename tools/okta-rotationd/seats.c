/* SPDX-License-Identifier: Apache-2.0 */
#include "seats.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* How many stay. */
#define MOST            32u
#define MOST_OF_ADDRESS 8u

/* One of IPv4 is at the beginning, behind zeros. */
static struct in6_addr address_of(const struct sockaddr *from)
{
    struct in6_addr out = {0};
    if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, from, sizeof six);
        out = six.sin6_addr;
    } else if (from->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, from, sizeof four);
        memcpy(&out.s6_addr[12], &four.sin_addr, sizeof four.sin_addr);
    }
    return out;
}

/* Who came first of those that stay, of an address or, where it is NULL, of all; and how many they are. */
static seat *first_of(seats *self, const struct in6_addr *address, size_t *out_count)
{
    seat *first = NULL;
    *out_count = 0;
    for (size_t i = 0; i < SEATS; i++) {
        seat *it = &self->all[i];
        bool is_its = address == NULL || memcmp(&it->address, address, sizeof *address) == 0;
        if (it->is_taken && !it->gives_way && is_its) {
            first = first == NULL || it->number < first->number ? it : first;
            ++*out_count;
        }
    }
    return first;
}

/* The server sees the end of the connection, and closes it. */
static void make_room(seats *self, const struct in6_addr *address)
{
    size_t count = 0;
    seat *first = first_of(self, address, &count);
    if (count < MOST_OF_ADDRESS) {
        first = first_of(self, NULL, &count);
        first = count < MOST ? NULL : first;
    }
    if (first != NULL) {
        first->gives_way = true;
        (void)shutdown(first->fd, SHUT_RDWR);
    }
}

seat *seats_take(seats *self, int fd, const struct sockaddr *from)
{
    struct in6_addr address = address_of(from);
    make_room(self, &address);
    for (size_t i = 0; i < SEATS; i++) {
        seat *it = &self->all[i];
        if (!it->is_taken) {
            *it = (seat){.fd = fd, .is_taken = true, .number = self->count++, .address = address};
            return it;
        }
    }
    return NULL;
}

void seats_leave(seat *taken)
{
    if (taken != NULL) {
        taken->is_taken = false;
    }
}
