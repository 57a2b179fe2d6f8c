/* SPDX-License-Identifier: Apache-2.0 */
/* bench_load LIBRARY: prints how many microseconds two things take. First, to write one byte to each page of
 * the library's file that loading changes: what no way to load it goes without. Second, dlopen(), with the
 * libraries that it needs there already: this program is linked with them. */
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* The segment that is read-only once its addresses are filled in. */
static bool find_relocated(int fd, ElfW(Phdr) * found)
{
    ElfW(Ehdr) head;
    bool known = pread(fd, &head, sizeof head, 0) == (ssize_t)sizeof head;
    for (unsigned i = 0; known && i < head.e_phnum; i++) {
        known = pread(fd, found, sizeof *found, (off_t)(head.e_phoff + i * sizeof *found)) ==
                (ssize_t)sizeof *found;
        if (known && found->p_type == PT_GNU_RELRO) {
            return true;
        }
    }
    return false;
}

static bool change_each_page(const char *path)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ElfW(Phdr) relocated;
    bool found = fd >= 0 && find_relocated(fd, &relocated);
    if (found) {
        const size_t before = relocated.p_offset % page;
        const size_t length = before + relocated.p_filesz;
        volatile char *bytes =
            mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, (off_t)(relocated.p_offset - before));
        found = bytes != MAP_FAILED;
        for (size_t i = 0; found && i < length; i += page) {
            bytes[i] = 1;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return found;
}

static long long microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench_load LIBRARY\n");
        return 2;
    }
    const long long begin = microseconds();
    if (!change_each_page(argv[1])) {
        perror(argv[1]);
        return 1;
    }
    const long long between = microseconds();
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    const long long end = microseconds();
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    printf("%lld %lld\n", between - begin, end - between);
    dlclose(library);
    return 0;
}
