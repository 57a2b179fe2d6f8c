/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/full_disk.h"

#include <sqlite3.h>
#include <stddef.h>

/* Behind it is the file of the real disk. */
typedef struct disk_file {
    sqlite3_file file;                            /* the first member */
    _Alignas(sqlite3_int64) unsigned char real[]; /* as SQLite aligns files */
} disk_file;

static sqlite3_vfs *real_disk;
static sqlite3_vfs full_disk;

static unsigned deeds;
static unsigned fails_at;
static full_disk_mode fails_how;

/* What a deed comes to. */
typedef enum fate {
    FATE_GOOD,
    FATE_NOT_DONE,
    FATE_HALF_DONE,
    FATE_DONE_BUT_FAILED,
} fate;

static fate next_fate(void)
{
    deeds++;
    if (fails_at == 0 || deeds < fails_at) {
        return FATE_GOOD;
    }
    if (deeds > fails_at) {
        return fails_how == FULL_DISK_ONCE ? FATE_GOOD : FATE_NOT_DONE;
    }
    return fails_how == FULL_DISK_HALF     ? FATE_HALF_DONE
           : fails_how == FULL_DISK_BEHIND ? FATE_DONE_BUT_FAILED
                                           : FATE_NOT_DONE;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return (sqlite3_file *)(void *)((disk_file *)(void *)file)->real;
}

/* What may fail. */

static int disk_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    sqlite3_file *real = real_of(file);
    switch (next_fate()) {
    case FATE_GOOD:
        return real->pMethods->xWrite(real, bytes, count, at);
    case FATE_HALF_DONE:
        (void)real->pMethods->xWrite(real, bytes, count / 2, at);
        break;
    case FATE_DONE_BUT_FAILED:
        (void)real->pMethods->xWrite(real, bytes, count, at);
        break;
    case FATE_NOT_DONE:
        break;
    }
    return SQLITE_FULL;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    sqlite3_file *real = real_of(file);
    fate its = next_fate();
    int code = its == FATE_GOOD || its == FATE_DONE_BUT_FAILED ? real->pMethods->xTruncate(real, size)
                                                               : SQLITE_IOERR_TRUNCATE;
    return its == FATE_GOOD ? code : SQLITE_IOERR_TRUNCATE;
}

static int disk_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return next_fate() == FATE_GOOD ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int disk_map_shared(sqlite3_file *file, int region, int size, int extends, void volatile **out)
{
    sqlite3_file *real = real_of(file);
    if (extends != 0 && next_fate() != FATE_GOOD) {
        *out = NULL;
        return SQLITE_IOERR_SHMSIZE;
    }
    return real->pMethods->xShmMap(real, region, size, extends, out);
}

/* What does not fail. */

static int disk_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xClose(real);
}

static int disk_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xRead(real, bytes, count, at);
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *out)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xFileSize(real, out);
}

static int disk_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xLock(real, level);
}

static int disk_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xUnlock(real, level);
}

static int disk_is_reserved(sqlite3_file *file, int *out)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xCheckReservedLock(real, out);
}

static int disk_control(sqlite3_file *file, int what, void *argument)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xFileControl(real, what, argument);
}

static int disk_sector(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xSectorSize(real);
}

static int disk_traits(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xDeviceCharacteristics(real);
}

static int disk_lock_shared(sqlite3_file *file, int at, int count, int flags)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xShmLock(real, at, count, flags);
}

static void disk_barrier(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    real->pMethods->xShmBarrier(real);
}

static int disk_unmap_shared(sqlite3_file *file, int deletes)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xShmUnmap(real, deletes);
}

static const sqlite3_io_methods disk_methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_is_reserved,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector,
    .xDeviceCharacteristics = disk_traits,
    .xShmMap = disk_map_shared,
    .xShmLock = disk_lock_shared,
    .xShmBarrier = disk_barrier,
    .xShmUnmap = disk_unmap_shared,
};

static int disk_open(sqlite3_vfs *disk, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
    sqlite3_file *real = real_of(file);
    (void)disk;
    file->pMethods = NULL;
    if (next_fate() != FATE_GOOD) {
        return SQLITE_CANTOPEN;
    }
    int code = real_disk->xOpen(real_disk, name, real, flags, out_flags);
    if (real->pMethods != NULL) {
        file->pMethods = &disk_methods;
    }
    return code;
}

bool full_disk_install(void)
{
    real_disk = sqlite3_vfs_find(NULL);
    if (real_disk == NULL) {
        return false;
    }
    full_disk = *real_disk;
    full_disk.zName = "full-disk";
    full_disk.szOsFile = (int)sizeof(disk_file) + real_disk->szOsFile;
    full_disk.xOpen = disk_open;
    return sqlite3_vfs_register(&full_disk, 1) == SQLITE_OK;
}

void full_disk_fail(unsigned nth, full_disk_mode mode)
{
    deeds = 0;
    fails_at = nth;
    fails_how = mode;
}

unsigned full_disk_mend(void)
{
    fails_at = 0;
    return deeds;
}
