/* SPDX-License-Identifier: Apache-2.0 */
/* list_sockets PORT
 * Prints how many of the sockets that it inherited are connected to this port, and how many descriptors
 * beyond the standard three it inherited at all. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    unsigned connected = 0;
    unsigned inherited = 0;
    if (argc != 2) {
        return 2;
    }
    unsigned long port = strtoul(argv[1], NULL, 10);
    for (int i = 3; i < 1024; i++) {
        struct sockaddr_in peer = {0};
        socklen_t size = sizeof peer;
        inherited += fcntl(i, F_GETFD) >= 0;
        connected += getpeername(i, (struct sockaddr *)&peer, &size) == 0 && peer.sin_family == AF_INET &&
                     ntohs(peer.sin_port) == port;
    }
    printf("%u %u\n", connected, inherited);
    return 0;
}
