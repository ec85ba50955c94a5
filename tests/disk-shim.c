/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disk shim: a library put before libc (LD_PRELOAD) that tells a test what a program does to the
 * disk, so that the test can say what would be left of it after a power cut (tests/power_cut.py),
 * or which files were read.
 *
 * DISK_SHIM_OPENED=FILE: each path that is opened is added to FILE, a line each.
 * DISK_SHIM_UNREADABLE=NAME: of the file of that name only the beginning can be read, as of a disk
 * that fails.
 * DISK_SHIM_SOCKET=PATH: before each change of a name and each sync the process says so on this
 * socket, "OPERATION<tab>PATH<tab>PATH" and a line end, and waits for a byte; what it has told it
 * does before another of its threads tells anything. Only the process that was started, not its
 * children, which write into files that it has made. DISK_SHIM_NO_FORK="DEPTH N": the Nth and later
 * fork(), or clone by its number, of a process fails that is so many forks below the one that was
 * started, as where a user may have no more processes. Signals to everybody and waiting for
 * anybody, which nothing here has a reason for, end the process with 98 instead.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
/* Out of the way of what the program counts on. */
#define SOCKET_FD 300
/* So much of what fails can be read. */
#define READABLE 8192

static pid_t self;
static int ear = -1;
static int depth, forks, barren_depth = -1, barren_from;
static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void
start(void)
{
    const char *path = getenv("DISK_SHIM_SOCKET");
    const char *no_fork = getenv("DISK_SHIM_NO_FORK");
    self = getpid();
    if (no_fork != NULL && sscanf(no_fork, "%d %d", &barren_depth, &barren_from) != 2) {
        _exit(99);
    }
    if (path == NULL) {
        return;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        _exit(99);
    }
    ear = fcntl(fd, F_DUPFD_CLOEXEC, SOCKET_FD);
    close(fd);
}

static void *
next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* Whether done() is to be called after the act. */
static int
tell(const char *operation, const char *path, const char *other)
{
    char line[3 * 4096], answer;
    if (ear < 0 || getpid() != self) {
        return 0;
    }
    int n = snprintf(line, sizeof line, "%s\t%s\t%s\n", operation, path, other);
    pthread_mutex_lock(&telling); /* one after the other, told and done */
    if (write(ear, line, (size_t)n) != n || read(ear, &answer, 1) != 1) {
        _exit(99);
    }
    return 1;
}

static void
done(int told)
{
    if (told) {
        pthread_mutex_unlock(&telling);
    }
}

static int
tell_fd(const char *operation, int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return tell(operation, path, "");
}

EXPORT ssize_t
pread64(int fd, void *to, size_t size, off64_t from)
{
    ssize_t (*real)(int, void *, size_t, off64_t) = next("pread64");
    const char *name = getenv("DISK_SHIM_UNREADABLE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = name != NULL && from >= READABLE ? readlink(link, path, sizeof path - 1) : 0;
    path[n > 0 ? n : 0] = '\0';
    const char *slash = strrchr(path, '/');
    if (name != NULL && slash != NULL && strcmp(slash + 1, name) == 0) {
        errno = EIO;
        return -1;
    }
    return real(fd, to, size, from);
}

static int
note_opened(const char *path, int flags)
{
    const char *log = getenv("DISK_SHIM_OPENED");
    if (log != NULL) {
        int (*real)(const char *, int, ...) = next("open64");
        int fd = real(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (fd >= 0) {
            dprintf(fd, "%s\n", path);
            close(fd);
        }
    }
    return (flags & O_CREAT) != 0 && access(path, F_OK) != 0 ? tell("create", path, "") : 0;
}

/* ---- what is put before libc ---- */

/* The mode is read in any case: where none was given, the system does not look at it either. */
EXPORT int
open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    int (*real)(const char *, int, ...) = next("open");
    int told = note_opened(path, flags);
    int fd = real(path, flags, mode);
    done(told);
    return fd;
}

EXPORT int
open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    int (*real)(const char *, int, ...) = next("open64");
    int told = note_opened(path, flags);
    int fd = real(path, flags, mode);
    done(told);
    return fd;
}

EXPORT FILE *
fopen(const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *) = next("fopen");
    done(note_opened(path, 0));
    return real(path, mode);
}

EXPORT FILE *
fopen64(const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *) = next("fopen64");
    done(note_opened(path, 0));
    return real(path, mode);
}

EXPORT int
rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("rename");
    int told = tell("rename", from, to);
    int result = real(from, to);
    done(told);
    return result;
}

EXPORT int
link(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("link");
    int told = tell("link", from, to);
    int result = real(from, to);
    done(told);
    return result;
}

EXPORT int
unlink(const char *path)
{
    int (*real)(const char *) = next("unlink");
    int told = tell("unlink", path, "");
    int result = real(path);
    done(told);
    return result;
}

EXPORT int
fsync(int fd)
{
    int (*real)(int) = next("fsync");
    int told = tell_fd("fsync", fd);
    int result = real(fd);
    done(told);
    return result;
}

EXPORT int
fdatasync(int fd)
{
    int (*real)(int) = next("fdatasync");
    int told = tell_fd("fsync", fd);
    int result = real(fd);
    done(told);
    return result;
}

EXPORT int
syncfs(int fd)
{
    int (*real)(int) = next("syncfs");
    int told = tell_fd("syncfs", fd);
    int result = real(fd);
    done(told);
    return result;
}

static int
is_barren(void)
{
    return depth == barren_depth && ++forks >= barren_from;
}

static pid_t
forked(pid_t pid)
{
    if (pid == 0) {
        depth++;
        forks = 0;
    }
    return pid;
}

EXPORT pid_t
fork(void)
{
    pid_t (*real)(void) = next("fork");
    if (is_barren()) {
        errno = EAGAIN;
        return -1;
    }
    return forked(real());
}

/* libc's syscall(), with all arguments that there can be, which come to the same place. */
EXPORT long system_call(long number, long a, long b, long c, long d, long e,
                        long f) __asm__("syscall");

long
system_call(long number, long a, long b, long c, long d, long e, long f)
{
    long (*real)(long, ...) = next("syscall");
    if (number == SYS_clone && is_barren()) {
        errno = EAGAIN;
        return -1;
    }
    long result = real(number, a, b, c, d, e, f);
    return number == SYS_clone ? forked((pid_t)result) : result;
}

EXPORT int
kill(pid_t pid, int number)
{
    int (*real)(pid_t, int) = next("kill");
    if (pid == -1 || pid == 1) {
        _exit(98);
    }
    return real(pid, number);
}

EXPORT pid_t
wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    pid_t (*real)(pid_t, int *, int, struct rusage *) = next("wait4");
    if (pid == -1) {
        _exit(98);
    }
    return real(pid, status, options, usage);
}
