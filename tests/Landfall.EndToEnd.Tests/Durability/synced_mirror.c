/*
 * Preloaded into a process, this library keeps a record of what a disk would hold of one folder after a power loss, if
 * the disk had lost everything that was not synced:
 *
 *   MIRROR_TO/files/<key>    a file's content at its last fsync or fdatasync;
 *   MIRROR_TO/folders/<key>  a folder's names at its last fsync: one line per name, "<f|d> <key> <name>".
 *
 * A key is an inode and its time of birth, so that a number that is used again is another file. A name is there after
 * the loss only when its folder has been synced since it was given: a rename alone is worth nothing. MIRROR_FOLDER is
 * the folder that is watched, MIRROR_TO an existing folder outside of it with the sub-folders above.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static int is_watched(int fd)
{
    const char *root = getenv("MIRROR_FOLDER");
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = root ? readlink(link, path, sizeof path - 1) : -1;
    if (length < 0)
        return 0;
    path[length] = 0;
    size_t prefix = strlen(root);
    return strncmp(path, root, prefix) == 0 && (path[prefix] == 0 || path[prefix] == '/');
}

static int key_of(int folder, const char *name, char *key, size_t size, int *is_folder)
{
    struct statx s;
    int flags = *name ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH;
    if (statx(folder, name, flags, STATX_INO | STATX_TYPE | STATX_BTIME, &s) != 0)
        return -1;
    *is_folder = S_ISDIR(s.stx_mode);
    snprintf(key, size, "%llu-%lld-%u", (unsigned long long)s.stx_ino,
        s.stx_mask & STATX_BTIME ? (long long)s.stx_btime.tv_sec : 0LL, s.stx_mask & STATX_BTIME ? s.stx_btime.tv_nsec : 0u);
    return 0;
}

/* A descriptor is read in place where it can be: closing a second one would drop the locks that SQLite holds. */
static int write_content(int fd, FILE *to)
{
    static char buffer[1 << 16];
    int from = fd;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        from = open(link, O_RDONLY | O_CLOEXEC);
        if (from < 0)
            return -1;
    }
    off_t at = 0;
    ssize_t got;
    while ((got = pread(from, buffer, sizeof buffer, at)) > 0) {
        fwrite(buffer, 1, (size_t)got, to);
        at += got;
    }
    if (from != fd)
        close(from);
    return got < 0 ? -1 : 0;
}

static int write_names(int fd, FILE *to)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    if (!folder)
        return -1;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        char key[96];
        int is_folder;
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")
            && key_of(fd, entry->d_name, key, sizeof key, &is_folder) == 0)
            fprintf(to, "%c %s %s\n", is_folder ? 'd' : 'f', key, entry->d_name);
    }
    closedir(folder);
    return 0;
}

/* The record is replaced in one rename: whoever kills this process sees the state before or after a sync. */
static void record(int fd)
{
    int error = errno, is_folder;
    const char *to = getenv("MIRROR_TO");
    char key[96], path[PATH_MAX], temporary[PATH_MAX];
    if (to && is_watched(fd) && key_of(fd, "", key, sizeof key, &is_folder) == 0) {
        pthread_mutex_lock(&gate);
        snprintf(path, sizeof path, "%s/%s/%s", to, is_folder ? "folders" : "files", key);
        snprintf(temporary, sizeof temporary, "%s/temporary-%d", to, getpid());
        FILE *out = fopen(temporary, "w");
        int written = out && (is_folder ? write_names(fd, out) : write_content(fd, out)) == 0;
        if (out && fclose(out) == 0 && written)
            rename(temporary, path);
        else
            abort();
        pthread_mutex_unlock(&gate);
    }
    errno = error;
}

int fsync(int fd)
{
    record(fd);
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    record(fd);
    return (int)syscall(SYS_fdatasync, fd);
}

/* .NET looks fsync up in libc itself, past all preloaded libraries: it is given ours. */
void *dlsym(void *restrict handle, const char *restrict name)
{
    static void *(*real)(void *, const char *);
    if (!real) {
        const char *versions[] = { "GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.0" };
        for (size_t i = 0; i < sizeof versions / sizeof *versions && !real; i++)
            *(void **)&real = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
        if (!real)
            abort();
    }
    if (strcmp(name, "fsync") == 0)
        return (void *)fsync;
    if (strcmp(name, "fdatasync") == 0)
        return (void *)fdatasync;
    return real(handle, name);
}
